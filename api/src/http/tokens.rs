//! Balances of the settlement token.

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
    Router::new().route("/tokens/{address}", routing::get(get))
}

/// What one account holds.
#[derive(Serialize, FromRow, ToSchema)]
pub struct TokenBalance {
    /// The account.
    account: Account,
    /// Token base units.
    balance: Amount,
    /// The last event that changed it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

/// The token balance of one account; 404 until it takes part in its first transfer.
#[utoipa::path(
    get,
    path = "/v1/tokens/{address}",
    tag = "money",
    params(("address" = Account, Path, description = "The account")),
    responses((status = 200, description = "Its balance", body = TokenBalance), ItemProblems)
)]
pub async fn get(
    State(state): State<AppState>,
    segment: Segment,
    parameters: Parameters,
) -> Result<Json<TokenBalance>, ApiError> {
    let account = segment.account("address")?;
    parameters.finish()?;
    let mut snapshot = state.snapshot().await?;
    let balance = sqlx::query_as(
        "select t.account, t.balance::text as balance,
            t.block_number, b.hash as block_hash, t.event_index
        from token_balances t
        join blocks b on b.number = t.block_number
        where t.account = $1",
    )
    .bind(account)
    .fetch_optional(snapshot.connection())
    .await?;
    let absent = || ApiError::NotFound(format!("{account} never held the token."));
    balance.map(Json).ok_or_else(absent)
}
