//! Grants: who may use whose data, for what, when and how often.

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

pub mod check;

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_consents))
        .routes(routes!(get_consent))
        .merge(check::router())
}

words! {
    /// What has become of a grant by the time of the last indexed block: the first that holds.
    pub enum ConsentStatus {
        /// The owner, a guardian of his or a delegate revoked it.
        Revoked = "revoked",
        /// It is no longer valid: its time is over, or the guardianship in which a guardian gave it has ended.
        Expired = "expired",
        /// It is not valid yet.
        Pending = "pending",
        /// It is used up.
        Exhausted = "exhausted",
        /// It gives access.
        Active = "active",
    }
}

/// A grant and what has become of it.
#[derive(Serialize, FromRow, ToSchema)]
pub struct Consent {
    /// Number of the grant.
    id: i64,
    /// The data owner.
    owner: Account,
    /// Who may ask for access.
    grantee: Account,
    /// What the data may be used for.
    #[sqlx(try_from = "i64")]
    purposes: Purposes,
    /// Which data.
    #[sqlx(try_from = "i64")]
    categories: Categories,
    /// First valid moment, ms since 1970.
    valid_from_ms: Natural,
    /// First moment at which it is no longer valid, ms since 1970.
    valid_until_ms: Natural,
    /// How many permits it is good for; null: no limit.
    max_uses: Option<i64>,
    /// Permits given so far.
    uses: i64,
    /// Commitment to the record that it is for; null: it is for all records, unless `link_erased`.
    record: Option<Hash>,
    /// It was for one record, and the owner had that link forgotten once the grant was over.
    link_erased: bool,
    /// Hash of the policy that both parties agreed to.
    policy: Hash,
    /// Number of the terms that are shown: 1, and one more with each amendment.
    version: i64,
    /// The owner's epoch in which it was granted.
    epoch: i64,
    /// Who granted it: the owner, a guardian of his or a delegate.
    granted_by: Account,
    /// The owner's guardianship in which a guardian granted it, and with which it ends; null: no guardian did.
    guardianship: Option<i64>,
    /// When that guardianship ended, ms since 1970: a guardian of the owner was dismissed, left, or had his
    /// time cut short; null: it has not.
    guardianship_ended_at_ms: Option<i64>,
    /// When it was last amended, ms since 1970; null: it was not.
    amended_at_ms: Option<i64>,
    /// Who last amended it: the owner, a guardian of his or a delegate.
    amended_by: Option<Account>,
    /// When it was revoked, ms since 1970; null: it was not.
    revoked_at_ms: Option<i64>,
    /// Who revoked it: the owner, a guardian of his or a delegate.
    revoked_by: Option<Account>,
    /// Whether it was revoked with all other grants of the owner, by starting a new epoch.
    revoked_with_all: bool,
    /// Whether it was revoked with all that the delegate had given who granted it, by removing the delegate.
    revoked_with_delegate: bool,
    /// What has become of it.
    status: ConsentStatus,
    /// The last event that changed it: also the one that ended its guardianship, which is of the participants
    /// contract.
    #[sqlx(flatten)]
    provenance: Provenance,
}

/// Grants with their status at `$3`, ms since 1970. The order of the cases is the order in which the
/// contract gives its reasons.
macro_rules! select_grants {
    ($($rest:tt)*) => {
        concat!(
            "select g.id, g.owner, g.grantee, g.purposes, g.categories,
                g.valid_from_ms::text as valid_from_ms, g.valid_until_ms::text as valid_until_ms,
                g.max_uses, g.uses, g.record, g.link_erased, g.policy, g.version, g.epoch,
                g.granted_by, g.guardianship, e.began_at_ms as guardianship_ended_at_ms,
                g.amended_at_ms, g.amended_by, g.revoked_at_ms, g.revoked_by,
                g.revoked_with_all, g.revoked_with_delegate, s.status,
                p.block_number, b.hash as block_hash, p.event_index
            from grants_now g
            -- It ends when the next one begins.
            left join guardianships e
                on e.ward = g.owner and e.guardianship = g.guardianship + 1
            cross join lateral (
                select changed.block_number, changed.event_index
                from (
                    values
                        (g.block_number, g.event_index),
                        -- What was revoked ends no more.
                        (case when g.revoked_at_ms is null then e.block_number end, e.event_index)
                ) as changed (block_number, event_index)
                where changed.block_number is not null
                order by changed.block_number desc, changed.event_index desc
                limit 1
            ) p
            join blocks b on b.number = p.block_number
            cross join lateral (
                select case
                    when g.revoked_at_ms is not null then 'revoked'
                    when e.ward is not null or $3::bigint >= g.valid_until_ms then 'expired'
                    when $3::bigint < g.valid_from_ms then 'pending'
                    when g.uses >= g.max_uses then 'exhausted'
                    else 'active'
                end as status
            ) s ",
            $($rest)*
        )
    };
}

parameters! {
    /// What [`list_consents`] takes.
    pub struct ListConsents {
        /// Only grants of this data owner.
        owner: Option<Account>,
        /// Only grants to this account.
        grantee: Option<Account>,
        /// Only grants with this status.
        status: Option<ConsentStatus>,
        page: PageRequest<i64>,
    }
}

/// Grants, by number.
#[utoipa::path(
    get,
    path = "/consents",
    tag = "consent",
    params(ListConsents),
    responses(
        (status = 200, description = "A page of grants", body = Page<Consent>),
        PrivateListProblems
    )
)]
pub async fn list_consents(
    State(state): State<AppState>,
    asker: Asker,
    ListConsents { owner, grantee, status, page }: ListConsents,
) -> Result<Json<Page<Consent>>, ApiError> {
    let mut snapshot = state.private(Projection::Consent, &asker).await?;
    let rows = snapshot
        .select(select_grants!(
            "where ",
            seen!(grants),
            " and ($4::bytea is null or g.owner = $4)
            and ($5::bytea is null or g.grantee = $5)
            and ($6::text is null or s.status = $6)
            and ($7::bigint is null or g.id > $7)
        order by g.id
        limit $8"
        ))
        .bind(snapshot.as_of().block_time_ms)
        .bind(owner)
        .bind(grantee)
        .bind(status)
        .bind(page.after)
        .bind(page.rows())
        .fetch_all(snapshot.connection())
        .await?;
    snapshot.shows(page.shown(&rows).iter().map(|item: &Consent| item.owner)).await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &Consent| item.id)))
}

parameters! {
    /// What [`get_consent`] takes.
    pub struct GetConsent {
        /// Number of the grant.
        id: Segment<i64>,
    }
}

/// One grant.
#[utoipa::path(
    get,
    path = "/consents/{id}",
    tag = "consent",
    params(GetConsent),
    responses((status = 200, description = "The grant", body = Item<Consent>), PrivateItemProblems)
)]
pub async fn get_consent(
    State(state): State<AppState>,
    asker: Asker,
    GetConsent { id: Segment(id) }: GetConsent,
) -> Result<Json<Item<Consent>>, ApiError> {
    let mut snapshot = state.private(Projection::Consent, &asker).await?;
    let consent = snapshot
        .select(select_grants!("where ", seen!(grants), " and g.id = $4"))
        .bind(snapshot.as_of().block_time_ms)
        .bind(id)
        .fetch_optional(snapshot.connection())
        .await?;
    snapshot.shows(consent.iter().map(|item: &Consent| item.owner)).await?;
    let absent = || ApiError::unseen(format!("There is no grant {id}"));
    consent.map(|item| snapshot.item(item)).ok_or_else(absent)
}
