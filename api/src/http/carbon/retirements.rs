//! Units that left the market for good: retired with a claim, or cancelled without one.

use assent_mirror::fold::Projection;
use axum::{Json, extract::State};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    error::ApiError,
    openapi::ListProblems,
    page::{Page, PageRequest},
    parameters::parameters,
    provenance::Provenance,
    state::AppState,
    types::{Account, Amount, Hash},
};

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_carbon_retirements))
        .routes(routes!(list_carbon_cancellations))
}

/// One retirement.
#[derive(Serialize, FromRow, ToSchema)]
pub struct CarbonRetirement {
    /// The batch.
    batch: i64,
    /// Whose units they were.
    owner: Account,
    /// On whose behalf they were retired.
    beneficiary: Account,
    /// Units.
    amount: Amount,
    /// Salted commitment to what they offset.
    reason: Hash,
    /// Time of the block, ms since 1970.
    at_ms: i64,
    /// The event.
    #[sqlx(flatten)]
    provenance: Provenance,
}

parameters! {
    /// What [`list_carbon_retirements`] takes.
    pub struct ListCarbonRetirements {
        /// Only of units of this account.
        owner: Option<Account>,
        /// Only on behalf of this account.
        beneficiary: Option<Account>,
        /// Only of units of this batch.
        batch: Option<i64>,
        page: PageRequest<(i64, i32)>,
    }
}

/// Retirements, in the order of the chain.
#[utoipa::path(
    get,
    path = "/carbon/retirements",
    tag = "carbon",
    params(ListCarbonRetirements),
    responses(
        (status = 200, description = "A page of retirements", body = Page<CarbonRetirement>),
        ListProblems
    )
)]
pub async fn list_carbon_retirements(
    State(state): State<AppState>,
    ListCarbonRetirements { owner, beneficiary, batch, page }: ListCarbonRetirements,
) -> Result<Json<Page<CarbonRetirement>>, ApiError> {
    let after = page.after.unzip();
    let mut snapshot = state.snapshot_of(Projection::Carbon).await?;
    let rows = sqlx::query_as(
        "select r.batch, r.owner, r.beneficiary, r.amount::text as amount, r.reason,
            b.time_ms as at_ms,
            r.block_number, b.hash as block_hash, r.event_index
        from carbon_retirements r
        join blocks b on b.number = r.block_number
        where ($1::bytea is null or r.owner = $1)
            and ($2::bytea is null or r.beneficiary = $2)
            and ($3::bigint is null or r.batch = $3)
            and ($4::bigint is null or (r.block_number, r.event_index) > ($4, $5))
        order by r.block_number, r.event_index
        limit $6",
    )
    .bind(owner)
    .bind(beneficiary)
    .bind(batch)
    .bind(after.0)
    .bind(after.1)
    .bind(page.rows())
    .fetch_all(snapshot.connection())
    .await?;
    Ok(Json(
        page.page(rows, snapshot.as_of(), |item: &CarbonRetirement| item.provenance.position()),
    ))
}

/// One cancellation.
#[derive(Serialize, FromRow, ToSchema)]
pub struct CarbonCancellation {
    /// The batch.
    batch: i64,
    /// Whose units they were.
    owner: Account,
    /// Units.
    amount: Amount,
    /// Salted commitment to the reason.
    reason: Hash,
    /// Time of the block, ms since 1970.
    at_ms: i64,
    /// The event.
    #[sqlx(flatten)]
    provenance: Provenance,
}

parameters! {
    /// What [`list_carbon_cancellations`] takes.
    pub struct ListCarbonCancellations {
        /// Only of units of this account.
        owner: Option<Account>,
        /// Only of units of this batch.
        batch: Option<i64>,
        page: PageRequest<(i64, i32)>,
    }
}

/// Cancellations, in the order of the chain.
#[utoipa::path(
    get,
    path = "/carbon/cancellations",
    tag = "carbon",
    params(ListCarbonCancellations),
    responses(
        (status = 200, description = "A page of cancellations", body = Page<CarbonCancellation>),
        ListProblems
    )
)]
pub async fn list_carbon_cancellations(
    State(state): State<AppState>,
    ListCarbonCancellations { owner, batch, page }: ListCarbonCancellations,
) -> Result<Json<Page<CarbonCancellation>>, ApiError> {
    let after = page.after.unzip();
    let mut snapshot = state.snapshot_of(Projection::Carbon).await?;
    let rows = sqlx::query_as(
        "select c.batch, c.owner, c.amount::text as amount, c.reason, b.time_ms as at_ms,
            c.block_number, b.hash as block_hash, c.event_index
        from carbon_cancellations c
        join blocks b on b.number = c.block_number
        where ($1::bytea is null or c.owner = $1)
            and ($2::bigint is null or c.batch = $2)
            and ($3::bigint is null or (c.block_number, c.event_index) > ($3, $4))
        order by c.block_number, c.event_index
        limit $5",
    )
    .bind(owner)
    .bind(batch)
    .bind(after.0)
    .bind(after.1)
    .bind(page.rows())
    .fetch_all(snapshot.connection())
    .await?;
    Ok(Json(
        page.page(rows, snapshot.as_of(), |item: &CarbonCancellation| item.provenance.position()),
    ))
}
