//! What data owners earned on permitted accesses.

use axum::{Json, Router, extract::State, routing};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use crate::{
    error::ApiError,
    openapi::ItemProblems,
    parameters::{Parameters, Segment},
    provenance::Provenance,
    state::AppState,
    types::{Account, Amount},
};

pub fn router() -> Router<AppState> {
    Router::new().route("/rewards/{address}", routing::get(get))
}

/// The rewards of one account; owed = accrued - withdrawn.
#[derive(Serialize, FromRow, ToSchema)]
pub struct Rewards {
    /// The data owner.
    account: Account,
    /// What may be withdrawn now, token base units.
    owed: Amount,
    /// All that was ever earned, token base units.
    accrued: Amount,
    /// All that was ever withdrawn, token base units.
    withdrawn: Amount,
    /// The last event that changed it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

/// The rewards of one account; 404 until it earns its first.
#[utoipa::path(
    get,
    path = "/v1/rewards/{address}",
    tag = "money",
    params(("address" = Account, Path, description = "The data owner")),
    responses((status = 200, description = "Its rewards", body = Rewards), ItemProblems)
)]
pub async fn get(
    State(state): State<AppState>,
    segment: Segment,
    parameters: Parameters,
) -> Result<Json<Rewards>, ApiError> {
    let account = segment.account("address")?;
    parameters.finish()?;
    let mut snapshot = state.snapshot().await?;
    let rewards = sqlx::query_as(
        "select r.account, r.owed::text as owed, r.accrued::text as accrued,
            r.withdrawn::text as withdrawn,
            r.block_number, b.hash as block_hash, r.event_index
        from rewards r
        join blocks b on b.number = r.block_number
        where r.account = $1",
    )
    .bind(account)
    .fetch_optional(snapshot.connection())
    .await?;
    let absent = || ApiError::NotFound(format!("{account} has not earned a reward yet."));
    rewards.map(Json).ok_or_else(absent)
}
