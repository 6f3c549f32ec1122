//! What the administrator of the market set: its fee, and how large orders may be.

use axum::{Json, Router, extract::State, routing};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use crate::{
    error::ApiError,
    openapi::ItemProblems,
    parameters::Parameters,
    provenance::Provenance,
    state::AppState,
    types::{Account, Amount, Hash},
};

pub fn router() -> Router<AppState> {
    Router::new().route("/market/settings", routing::get(get))
}

/// The settings of the market.
#[derive(Serialize, ToSchema)]
pub struct MarketSettings {
    /// Part of a payment that is the fee of orders placed or updated from now on, in hundredths of
    /// a percent.
    fee_bps: i16,
    /// Who gets the fees, also those of earlier orders.
    collector: Account,
    /// How large orders and fills may be; null until an event names it: the limits are then those of
    /// the deployment, which the contract's `settings` gives.
    limits: Option<MarketLimits>,
    /// The last event that changed them; null when none did since the market was deployed.
    provenance: Option<Provenance>,
}

/// Units of an order or fill; in between, the limit grows evenly with the rating.
#[derive(Serialize, ToSchema)]
pub struct MarketLimits {
    /// For an account with a rating of 0.
    floor: Amount,
    /// For an account with a rating of 1,000.
    ceiling: Amount,
}

/// What events said of the settings.
#[derive(FromRow)]
struct Row {
    fee_bps: i16,
    collector: Option<Account>,
    floor: Option<Amount>,
    ceiling: Option<Amount>,
    block_number: i64,
    block_hash: Hash,
    event_index: i32,
}

/// The settings of the market; 404 when the deployment has none.
#[utoipa::path(
    get,
    path = "/v1/market/settings",
    tag = "market",
    responses((status = 200, description = "The settings", body = MarketSettings), ItemProblems)
)]
pub async fn get(
    State(state): State<AppState>,
    parameters: Parameters,
) -> Result<Json<MarketSettings>, ApiError> {
    parameters.finish()?;
    let mut snapshot = state.snapshot().await?;
    let absent = || ApiError::NotFound("There is no market in this deployment.".into());
    let first_collector = *state.governed().get("market").ok_or_else(absent)?;
    let row: Option<Row> = sqlx::query_as(
        "select s.fee_bps, s.collector, s.floor::text as floor, s.ceiling::text as ceiling,
            s.block_number, b.hash as block_hash, s.event_index
        from market_settings s
        join blocks b on b.number = s.block_number",
    )
    .fetch_optional(snapshot.connection())
    .await?;
    let settings = match row {
        Some(row) => MarketSettings {
            fee_bps: row.fee_bps,
            collector: row.collector.unwrap_or(first_collector),
            limits: row
                .floor
                .zip(row.ceiling)
                .map(|(floor, ceiling)| MarketLimits { floor, ceiling }),
            provenance: Some(Provenance {
                block_number: row.block_number,
                block_hash: row.block_hash,
                event_index: row.event_index,
            }),
        },
        // As it was deployed.
        None => MarketSettings {
            fee_bps: 0,
            collector: first_collector,
            limits: None,
            provenance: None,
        },
    };
    Ok(Json(settings))
}
