//! Proposals: terms of a grant that a provider or researcher put to a data owner, and what he answered. None
//! of them gives access: the owner, or a guardian for him, gives the grant, and accepting names it.

use assent_mirror::fold::Projection;
use axum::{Json, extract::State};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    error::ApiError,
    openapi::{PrivateItemProblems, PrivateListProblems},
    page::{Page, PageRequest},
    parameters::{Segment, parameters, words::words},
    provenance::{Item, Provenance},
    sight::{Asker, seen},
    state::AppState,
    types::{Account, Hash, Natural},
    vocabulary::{Categories, Purposes},
};

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_proposals)).routes(routes!(get_proposal))
}

words! {
    /// What has become of a proposal by the time of the last indexed block.
    pub enum ProposalStatus {
        /// The owner can accept or decline it, and the requester can take it back.
        Open = "open",
        /// Its time passed without an answer.
        Expired = "expired",
        /// The owner, or a guardian for him, accepted it: a grant that one of them gave carries its terms.
        Accepted = "accepted",
        /// One of them declined it.
        Declined = "declined",
        /// The requester took it back.
        Withdrawn = "withdrawn",
    }
}

/// The terms of a grant that were proposed, and what has become of them.
#[derive(Serialize, FromRow, ToSchema)]
pub struct Proposal {
    /// Number of the proposal.
    id: i64,
    /// The data owner, to whom it was made.
    owner: Account,
    /// Who proposed, and would be the grantee.
    requester: Account,
    /// The key that proposed: the requester's own, or that of one of its staff (/v1/mandates).
    proposed_by: Account,
    /// Salted commitment to the person of the staff who holds the key; null: it is the requester's own.
    person: Option<Hash>,
    /// What the data would be used for.
    #[sqlx(try_from = "i64")]
    purposes: Purposes,
    /// Which data.
    #[sqlx(try_from = "i64")]
    categories: Categories,
    /// First moment at which the grant would be valid, ms since 1970.
    valid_from_ms: Natural,
    /// First moment at which it would no longer be valid, ms since 1970.
    valid_until_ms: Natural,
    /// How many permits it would be good for; null: no limit.
    max_uses: Option<i64>,
    /// Commitment to the record that the grant would be for; null: for all records, or the proposal has ended,
    /// and with it that was forgotten.
    record: Option<Hash>,
    /// Hash of the policy that accepting agrees to.
    policy: Hash,
    /// When it was made, ms since 1970.
    proposed_at_ms: i64,
    /// First moment at which it can no longer be accepted, ms since 1970.
    expires_at_ms: i64,
    /// What has become of it.
    status: ProposalStatus,
    /// When it was accepted, ms since 1970; null: it was not.
    accepted_at_ms: Option<i64>,
    /// Number of the grant that carries its terms (/v1/consents), which says whether it still gives access;
    /// null: it was not accepted.
    grant_id: Option<i64>,
    /// When it was declined, ms since 1970; null: it was not.
    declined_at_ms: Option<i64>,
    /// Salted commitment to why it was declined; null: no reason was given, or it was not.
    decline_reason: Option<Hash>,
    /// Who accepted or declined it: the owner, or a guardian of his; null: neither happened.
    answered_by: Option<Account>,
    /// When it was taken back, ms since 1970; null: it was not.
    withdrawn_at_ms: Option<i64>,
    /// The key that took it back: the requester's own, or that of one of its staff.
    withdrawn_by: Option<Account>,
    /// The last event that changed it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

/// Proposals with their status at `$3`, ms since 1970.
macro_rules! select_proposals {
    ($($rest:tt)*) => {
        concat!(
            "select p.id, p.owner, p.requester, p.proposed_by, p.person, p.purposes, p.categories,
                p.valid_from_ms::text as valid_from_ms, p.valid_until_ms::text as valid_until_ms,
                p.max_uses, p.record, p.policy, p.proposed_at_ms, p.expires_at_ms, s.status,
                p.accepted_at_ms, p.grant_id, p.declined_at_ms, p.decline_reason, p.answered_by,
                p.withdrawn_at_ms, p.withdrawn_by,
                p.block_number, b.hash as block_hash, p.event_index
            from proposals p
            join blocks b on b.number = p.block_number
            cross join lateral (
                select case
                    when p.accepted_at_ms is not null then 'accepted'
                    when p.declined_at_ms is not null then 'declined'
                    when p.withdrawn_at_ms is not null then 'withdrawn'
                    when $3::bigint >= p.expires_at_ms then 'expired'
                    else 'open'
                end as status
            ) s ",
            $($rest)*
        )
    };
}

parameters! {
    /// What [`list_proposals`] takes.
    pub struct ListProposals {
        /// Only proposals to this data owner.
        owner: Option<Account>,
        /// Only proposals of this account.
        requester: Option<Account>,
        /// Only proposals with this status.
        status: Option<ProposalStatus>,
        page: PageRequest<i64>,
    }
}

/// Proposals of grants, by number.
#[utoipa::path(
    get,
    path = "/proposals",
    tag = "agreements",
    params(ListProposals),
    responses(
        (status = 200, description = "A page of proposals", body = Page<Proposal>),
        PrivateListProblems
    )
)]
pub async fn list_proposals(
    State(state): State<AppState>,
    asker: Asker,
    ListProposals { owner, requester, status, page }: ListProposals,
) -> Result<Json<Page<Proposal>>, ApiError> {
    let mut snapshot = state.private(Projection::Agreements, &asker).await?;
    let rows = snapshot
        .select(select_proposals!(
            "where ",
            seen!(proposals),
            " and ($4::bytea is null or p.owner = $4)
            and ($5::bytea is null or p.requester = $5)
            and ($6::text is null or s.status = $6)
            and ($7::bigint is null or p.id > $7)
        order by p.id
        limit $8"
        ))
        .bind(snapshot.as_of().block_time_ms)
        .bind(owner)
        .bind(requester)
        .bind(status)
        .bind(page.after)
        .bind(page.rows())
        .fetch_all(snapshot.connection())
        .await?;
    snapshot.shows(page.shown(&rows).iter().map(|item: &Proposal| item.owner)).await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &Proposal| item.id)))
}

parameters! {
    /// What [`get_proposal`] takes.
    pub struct GetProposal {
        /// Number of the proposal.
        id: Segment<i64>,
    }
}

/// One proposal of a grant.
#[utoipa::path(
    get,
    path = "/proposals/{id}",
    tag = "agreements",
    params(GetProposal),
    responses(
        (status = 200, description = "The proposal", body = Item<Proposal>),
        PrivateItemProblems
    )
)]
pub async fn get_proposal(
    State(state): State<AppState>,
    asker: Asker,
    GetProposal { id: Segment(id) }: GetProposal,
) -> Result<Json<Item<Proposal>>, ApiError> {
    let mut snapshot = state.private(Projection::Agreements, &asker).await?;
    let proposal = snapshot
        .select(select_proposals!("where ", seen!(proposals), " and p.id = $4"))
        .bind(snapshot.as_of().block_time_ms)
        .bind(id)
        .fetch_optional(snapshot.connection())
        .await?;
    snapshot.shows(proposal.iter().map(|item: &Proposal| item.owner)).await?;
    let absent = || ApiError::unseen(format!("There is no proposal {id}"));
    proposal.map(|item| snapshot.item(item)).ok_or_else(absent)
}
