//! What the administrator of the market set: its fee, and how large orders may be.

use assent_mirror::fold::Projection;
use axum::{Json, extract::State};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    error::ApiError,
    openapi::ItemProblems,
    parameters::NoParameters,
    provenance::Provenance,
    state::AppState,
    types::{Account, Amount},
};

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get_market_settings))
}

/// The settings of the market.
#[derive(Serialize, FromRow, ToSchema)]
pub struct MarketSettings {
    /// Part of a payment that is the fee of orders placed or updated from now on, in hundredths of
    /// a percent.
    fee_bps: i16,
    /// Who gets the fees, also those of earlier orders.
    collector: Account,
    /// How large orders and fills may be.
    #[sqlx(flatten)]
    limits: MarketLimits,
    /// The last event that changed them.
    #[sqlx(flatten)]
    provenance: Provenance,
}

/// Units of an order or fill; in between, the limit grows evenly with the rating.
#[derive(Serialize, FromRow, ToSchema)]
pub struct MarketLimits {
    /// For an account with a rating of 0.
    floor: Amount,
    /// For an account with a rating of 1,000.
    ceiling: Amount,
}

/// The settings of the market; 404 when the deployment has none.
#[utoipa::path(
    get,
    path = "/market/settings",
    tag = "market",
    responses((status = 200, description = "The settings", body = MarketSettings), ItemProblems)
)]
pub async fn get_market_settings(
    State(state): State<AppState>,
    _: NoParameters,
) -> Result<Json<MarketSettings>, ApiError> {
    let mut snapshot = state.snapshot_of(Projection::Market).await?;
    let settings = sqlx::query_as(
        "select s.fee_bps, s.collector, s.floor::text as floor, s.ceiling::text as ceiling,
            s.block_number, b.hash as block_hash, s.event_index
        from market_settings s
        join blocks b on b.number = s.block_number",
    )
    .fetch_optional(snapshot.connection())
    .await?;
    let absent = || ApiError::NotFound("There is no market in this deployment.".into());
    settings.map(Json).ok_or_else(absent)
}
