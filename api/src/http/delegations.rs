//! Who may grant, amend and revoke for an owner, and within which scope.

use axum::{Json, Router, extract::State, routing};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use crate::{
    error::ApiError,
    openapi::ListProblems,
    page::{Keyed, Page, PageParameters, Pair},
    parameters::Parameters,
    provenance::Provenance,
    state::AppState,
    types::{Account, Natural},
    vocabulary::{Categories, Purposes},
};

pub fn router() -> Router<AppState> {
    Router::new().route("/delegations", routing::get(list))
}

/// What `status` may be.
const STATUSES: [&str; 4] = ["active", "expired", "removed", "voided"];

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
    /// At the time of the last indexed block: `removed` by the owner, else `voided` (with all
    /// grants, when the owner began a new epoch), else `expired`, else `active`.
    #[schema(example = "active")]
    status: String,
    /// The last event that changed it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

impl Keyed for Delegation {
    type Key = Pair;

    fn key(&self) -> Pair {
        Pair { owner: self.owner, other: self.delegate }
    }
}

/// Delegations, by owner and delegate.
#[utoipa::path(
    get,
    path = "/v1/delegations",
    tag = "consent",
    params(
        ("owner" = Option<Account>, Query, description = "Only delegations by this data owner"),
        ("delegate" = Option<Account>, Query, description = "Only delegations to this account"),
        ("status" = Option<String>, Query,
            description = "Only active, expired, removed or voided delegations"),
        PageParameters,
    ),
    responses(
        (status = 200, description = "A page of delegations", body = Page<Delegation>),
        ListProblems
    )
)]
pub async fn list(
    State(state): State<AppState>,
    mut parameters: Parameters,
) -> Result<Json<Page<Delegation>>, ApiError> {
    let owner = parameters.account("owner")?;
    let delegate = parameters.account("delegate")?;
    let status = parameters.one_of("status", &STATUSES)?;
    let page = parameters.page::<Pair>()?;
    parameters.finish()?;
    let mut snapshot = state.snapshot().await?;
    let rows = sqlx::query_as(
        "select d.owner, d.delegate, d.purposes, d.categories,
            d.valid_until_ms::text as valid_until_ms, d.epoch, s.status,
            d.block_number, b.hash as block_hash, d.event_index
        from delegations d
        join blocks b on b.number = d.block_number
        cross join lateral (
            select coalesce(
                d.ended, case when $1::bigint >= d.valid_until_ms then 'expired' else 'active' end
            ) as status
        ) s
        where ($2::bytea is null or d.owner = $2)
            and ($3::bytea is null or d.delegate = $3)
            and ($4::text is null or s.status = $4)
            and ($5::bytea is null or (d.owner::bytea, d.delegate::bytea) > ($5, $6::bytea))
        order by d.owner, d.delegate
        limit $7",
    )
    .bind(snapshot.watermark.block_time_ms)
    .bind(owner)
    .bind(delegate)
    .bind(status)
    .bind(page.after.map(|pair| pair.owner))
    .bind(page.after.map(|pair| pair.other))
    .bind(page.rows())
    .fetch_all(snapshot.connection())
    .await?;
    Ok(Json(page.page(rows, snapshot.as_of())))
}
