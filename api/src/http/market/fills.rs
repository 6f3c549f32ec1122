//! What was sold: units delivered against payment, in one step.

use axum::{Json, Router, extract::State, routing};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use crate::{
    error::ApiError,
    openapi::ListProblems,
    page::{Keyed, Page, PageParameters, Position},
    parameters::Parameters,
    provenance::Provenance,
    state::AppState,
    types::{Account, Amount},
};

pub fn router() -> Router<AppState> {
    Router::new().route("/market/fills", routing::get(list))
}

/// One fill; payment = amount × price / 1,000, rounded up, and payment = fee + proceeds.
#[derive(Serialize, FromRow, ToSchema)]
pub struct MarketFill {
    /// The order.
    #[sqlx(rename = "order_id")]
    order: i64,
    /// The batch of the units.
    batch: i64,
    /// Whose they were.
    seller: Account,
    /// Who paid, and has them.
    buyer: Account,
    /// Units delivered.
    amount: Amount,
    /// Units that the order still offered; 0 closed it.
    remaining: Amount,
    /// The order's price then, token base units for each credit, of 1,000 units.
    price: Amount,
    /// What the buyer paid, token base units.
    payment: Amount,
    /// What of it the collector of the fees got, token base units.
    fee: Amount,
    /// What of it the seller got, token base units.
    proceeds: Amount,
    /// Time of the block, ms since 1970.
    at_ms: i64,
    /// The event.
    #[sqlx(flatten)]
    provenance: Provenance,
}

impl Keyed for MarketFill {
    type Key = Position;

    fn key(&self) -> Position {
        self.provenance.position()
    }
}

/// Fills, in the order of the chain.
#[utoipa::path(
    get,
    path = "/v1/market/fills",
    tag = "market",
    params(
        ("order" = Option<i64>, Query, description = "Only fills of this order"),
        ("buyer" = Option<Account>, Query, description = "Only what this account bought"),
        ("seller" = Option<Account>, Query, description = "Only what this account sold"),
        PageParameters,
    ),
    responses((status = 200, description = "A page of fills", body = Page<MarketFill>), ListProblems)
)]
pub async fn list(
    State(state): State<AppState>,
    mut parameters: Parameters,
) -> Result<Json<Page<MarketFill>>, ApiError> {
    let order = parameters.number("order")?;
    let buyer = parameters.account("buyer")?;
    let seller = parameters.account("seller")?;
    let page = parameters.page::<Position>()?;
    parameters.finish()?;
    let mut snapshot = state.snapshot().await?;
    let rows = sqlx::query_as(
        "select f.order_id, f.batch, f.seller, f.buyer, f.amount::text as amount,
            f.remaining::text as remaining, f.price::text as price, f.payment::text as payment,
            f.fee::text as fee, f.proceeds::text as proceeds, b.time_ms as at_ms,
            f.block_number, b.hash as block_hash, f.event_index
        from market_fills f
        join blocks b on b.number = f.block_number
        where ($1::bigint is null or f.order_id = $1)
            and ($2::bytea is null or f.buyer = $2)
            and ($3::bytea is null or f.seller = $3)
            and ($4::bigint is null or (f.block_number, f.event_index) > ($4, $5))
        order by f.block_number, f.event_index
        limit $6",
    )
    .bind(order)
    .bind(buyer)
    .bind(seller)
    .bind(page.after.map(|position| position.block_number))
    .bind(page.after.map(|position| position.event_index))
    .bind(page.rows())
    .fetch_all(snapshot.connection())
    .await?;
    Ok(Json(page.page(rows, snapshot.as_of())))
}
