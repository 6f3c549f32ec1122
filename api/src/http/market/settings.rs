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
    provenance::{Item, Provenance},
    scheduled::Scheduled,
    state::AppState,
    types::{Account, Amount, Natural},
};

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get_market_settings))
}

/// The settings of the market.
#[derive(Serialize, ToSchema)]
pub struct MarketSettings {
    /// The fee; another one waits.
    fee: Scheduled<MarketFee>,
    /// How large orders and fills may be.
    limits: MarketLimits,
    /// The last event that changed them.
    provenance: Provenance,
}

/// The fee of the market.
#[derive(Serialize, ToSchema)]
pub struct MarketFee {
    /// Part of a payment that is the fee of orders that are placed or updated while it holds, in
    /// hundredths of a percent.
    fee_bps: i16,
    /// Who gets the fees, also those of earlier orders.
    collector: Account,
}

/// Units of an order or fill; in between, the limit grows evenly with the rating.
#[derive(Serialize, FromRow, ToSchema)]
pub struct MarketLimits {
    /// For an account with a rating of 0.
    floor: Amount,
    /// For an account with a rating of 1,000.
    ceiling: Amount,
}

#[derive(FromRow)]
struct Row {
    fee_bps: i16,
    collector: Account,
    next_fee_bps: Option<i16>,
    next_collector: Option<Account>,
    next_from_ms: Option<Natural>,
    #[sqlx(flatten)]
    limits: MarketLimits,
    #[sqlx(flatten)]
    provenance: Provenance,
}

impl Row {
    fn at(self, now_ms: i64) -> MarketSettings {
        let fee = |(fee_bps, collector)| MarketFee { fee_bps, collector };
        let next = self.next_fee_bps.zip(self.next_collector).map(fee);
        MarketSettings {
            fee: Scheduled::at(
                now_ms,
                Some(fee((self.fee_bps, self.collector))),
                next.zip(self.next_from_ms),
            ),
            limits: self.limits,
            provenance: self.provenance,
        }
    }
}

/// The settings of the market; 404 when the deployment has none.
#[utoipa::path(
    get,
    path = "/market/settings",
    tag = "market",
    responses((status = 200, description = "The settings", body = Item<MarketSettings>), ItemProblems)
)]
pub async fn get_market_settings(
    State(state): State<AppState>,
    _: NoParameters,
) -> Result<Json<Item<MarketSettings>>, ApiError> {
    let mut snapshot = state.snapshot_of(Projection::Market).await?;
    let settings: Option<Row> = sqlx::query_as(
        "select s.fee_bps, s.collector, s.next_fee_bps, s.next_collector,
            s.next_from_ms::text as next_from_ms, s.floor::text as floor,
            s.ceiling::text as ceiling,
            s.block_number, b.hash as block_hash, s.event_index
        from market_settings s
        join blocks b on b.number = s.block_number",
    )
    .fetch_optional(snapshot.connection())
    .await?;
    let now_ms = snapshot.as_of().block_time_ms;
    let absent = || ApiError::NotFound("There is no market in this deployment.".into());
    settings.map(|settings| snapshot.item(settings.at(now_ms))).ok_or_else(absent)
}
