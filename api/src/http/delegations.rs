//! Who may grant, amend and revoke for an owner, and within which scope.

use assent_mirror::fold::Projection;
use axum::{Json, extract::State};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    error::ApiError,
    openapi::PrivateListProblems,
    page::{Page, PageRequest},
    parameters::{parameters, words::words},
    provenance::Provenance,
    sight::{Asker, seen},
    state::AppState,
    types::{Account, Natural},
    vocabulary::{Categories, Purposes},
};

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_delegations))
}

words! {
    /// What has become of a delegation by the time of the last indexed block: the first that holds.
    pub enum DelegationStatus {
        /// The owner, or a guardian for him, removed the delegate.
        Removed = "removed",
        /// It ended with all grants, when a new epoch of the owner began.
        Voided = "voided",
        /// Its time is over.
        Expired = "expired",
        /// The delegate may act.
        Active = "active",
    }
}

/// The last delegation of one owner to one delegate.
#[derive(Serialize, FromRow, ToSchema)]
pub struct Delegation {
    /// The data owner.
    owner: Account,
    /// Who may act for the owner, for as long as it is admitted.
    delegate: Account,
    /// Purposes in scope.
    #[sqlx(try_from = "i64")]
    purposes: Purposes,
    /// Categories of data in scope.
    #[sqlx(try_from = "i64")]
    categories: Categories,
    /// First moment at which it no longer counts, ms since 1970; no grant by the delegate outlasts
    /// it.
    valid_until_ms: Natural,
    /// The owner's epoch in which it was given.
    epoch: i64,
    /// What has become of it.
    status: DelegationStatus,
    /// The last event that changed it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

parameters! {
    /// What [`list_delegations`] takes.
    pub struct ListDelegations {
        /// Only delegations by this data owner.
        owner: Option<Account>,
        /// Only delegations to this account.
        delegate: Option<Account>,
        /// Only delegations with this status.
        status: Option<DelegationStatus>,
        page: PageRequest<(Account, Account)>,
    }
}

/// Delegations, by owner and delegate.
#[utoipa::path(
    get,
    path = "/delegations",
    tag = "consent",
    params(ListDelegations),
    responses(
        (status = 200, description = "A page of delegations", body = Page<Delegation>),
        PrivateListProblems
    )
)]
pub async fn list_delegations(
    State(state): State<AppState>,
    asker: Asker,
    ListDelegations { owner, delegate, status, page }: ListDelegations,
) -> Result<Json<Page<Delegation>>, ApiError> {
    let after = page.after.unzip();
    let mut snapshot = state.private(Projection::Consent, &asker).await?;
    let rows = snapshot
        .select(concat!(
            "select d.owner, d.delegate, d.purposes, d.categories,
            d.valid_until_ms::text as valid_until_ms, d.epoch, s.status,
            d.block_number, b.hash as block_hash, d.event_index
        from delegations_now d
        join blocks b on b.number = d.block_number
        cross join lateral (
            select coalesce(
                d.ended, case when $3::bigint >= d.valid_until_ms then 'expired' else 'active' end
            ) as status
        ) s
        where ",
            seen!(delegations),
            " and ($4::bytea is null or d.owner = $4)
            and ($5::bytea is null or d.delegate = $5)
            and ($6::text is null or s.status = $6)
            and ($7::bytea is null or (d.owner::bytea, d.delegate::bytea) > ($7, $8::bytea))
        order by d.owner, d.delegate
        limit $9"
        ))
        .bind(snapshot.as_of().block_time_ms)
        .bind(owner)
        .bind(delegate)
        .bind(status)
        .bind(after.0)
        .bind(after.1)
        .bind(page.rows())
        .fetch_all(snapshot.connection())
        .await?;
    snapshot.shows(page.shown(&rows).iter().map(|item: &Delegation| item.owner)).await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &Delegation| (item.owner, item.delegate))))
}
