//! What was sold: units delivered against payment, in one step.

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
    types::{Account, Amount},
};

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_market_fills))
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
    /// Who has them, and paid, by the key that acts for it.
    buyer: Account,
    /// Who bought them: the buyer, or one of its staff.
    filled_by: Account,
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

parameters! {
    /// What [`list_market_fills`] takes.
    pub struct ListMarketFills {
        /// Only fills of this order.
        order: Option<i64>,
        /// Only what this account bought.
        buyer: Option<Account>,
        /// Only what this account sold.
        seller: Option<Account>,
        page: PageRequest<(i64, i32)>,
    }
}

/// Fills, in the order of the chain.
#[utoipa::path(
    get,
    path = "/market/fills",
    tag = "market",
    params(ListMarketFills),
    responses((status = 200, description = "A page of fills", body = Page<MarketFill>), ListProblems)
)]
pub async fn list_market_fills(
    State(state): State<AppState>,
    ListMarketFills { order, buyer, seller, page }: ListMarketFills,
) -> Result<Json<Page<MarketFill>>, ApiError> {
    let after = page.after.unzip();
    let mut snapshot = state.snapshot_of(Projection::Market).await?;
    let rows = sqlx::query_as(
        "select f.order_id, f.batch, f.seller, f.buyer, f.filled_by, f.amount::text as amount,
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
    .bind(after.0)
    .bind(after.1)
    .bind(page.rows())
    .fetch_all(snapshot.connection())
    .await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &MarketFill| item.provenance.position())))
}
