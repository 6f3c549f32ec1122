//! The market for carbon units: sell orders, and what its administrator set.

use assent_mirror::fold::Projection;
use axum::{Json, extract::State};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    error::ApiError,
    openapi::{ItemProblems, ListProblems},
    page::{Page, PageRequest},
    parameters::{Segment, parameters, words::words},
    provenance::{Item, Provenance},
    state::AppState,
    types::{Account, Amount, Natural},
};

pub mod fills;
pub mod settings;

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_market_orders))
        .routes(routes!(get_market_order))
        .merge(fills::router())
        .merge(settings::router())
}

words! {
    /// What has become of an order by the time of the last indexed block.
    pub enum OrderStatus {
        /// It can be filled.
        Open = "open",
        /// All that it offered is sold.
        Filled = "filled",
        /// Its seller took it back.
        Cancelled = "cancelled",
        /// Its time is over, whether or not somebody has closed it.
        Expired = "expired",
    }
}

/// A sell order; the units that it offers are in escrow until it is closed.
#[derive(Serialize, FromRow, ToSchema)]
pub struct MarketOrder {
    /// Number of the order.
    #[sqlx(rename = "order_id")]
    order: i64,
    /// Whose units.
    seller: Account,
    /// Of which batch.
    batch: i64,
    /// Units that it still offers, and that are in escrow for it; 0 once it is closed.
    amount: Amount,
    /// Units delivered so far.
    filled: Amount,
    /// Units that came back from escrow when it was cancelled or closed as expired.
    released: Amount,
    /// Token base units for each credit, of 1,000 units.
    price: Amount,
    /// First moment at which it is over, ms since 1970.
    expiry_ms: Natural,
    /// Part of a payment that is the fee, in hundredths of a percent.
    fee_bps: i16,
    /// What has become of it.
    status: OrderStatus,
    /// Whether it is closed for good. An expired order that is not closed still holds its units in
    /// escrow: its seller can update or cancel it, and anybody can close it with `prune_expired`.
    closed: bool,
    /// Who placed it: the seller, or one of its staff.
    placed_by: Account,
    /// Who updated or cancelled it last: the seller, or one of its staff; null: nobody did.
    changed_by: Option<Account>,
    /// Who closed it once it was over; null: nobody.
    expired_by: Option<Account>,
    /// The last event that changed it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

/// Orders with their status at `$1`, ms since 1970.
macro_rules! select_orders {
    ($rest:literal) => {
        concat!(
            "select o.order_id, o.seller, o.batch, o.amount::text as amount,
                o.filled::text as filled, o.released::text as released, o.price::text as price,
                o.expiry_ms::text as expiry_ms, o.fee_bps, s.status, o.status <> 'open' as closed,
                o.placed_by, o.changed_by, o.expired_by,
                o.block_number, b.hash as block_hash, o.event_index
            from market_orders o
            join blocks b on b.number = o.block_number
            cross join lateral (
                select case
                    when o.status = 'open' and $1::bigint >= o.expiry_ms then 'expired'
                    else o.status
                end as status
            ) s ",
            $rest
        )
    };
}

parameters! {
    /// What [`list_market_orders`] takes.
    pub struct ListMarketOrders {
        /// Only orders of this account.
        seller: Option<Account>,
        /// Only orders of this batch.
        batch: Option<i64>,
        /// Only orders with this status.
        status: Option<OrderStatus>,
        /// true: only orders that are closed; false: only those with units in escrow.
        closed: Option<bool>,
        page: PageRequest<i64>,
    }
}

/// Orders, by number.
#[utoipa::path(
    get,
    path = "/market/orders",
    tag = "market",
    params(ListMarketOrders),
    responses((status = 200, description = "A page of orders", body = Page<MarketOrder>), ListProblems)
)]
pub async fn list_market_orders(
    State(state): State<AppState>,
    ListMarketOrders { seller, batch, status, closed, page }: ListMarketOrders,
) -> Result<Json<Page<MarketOrder>>, ApiError> {
    let mut snapshot = state.snapshot_of(Projection::Market).await?;
    // What is shown with a status is stored with it or as open: the second condition on it says no
    // more than the first, but there is an index for it.
    let rows = sqlx::query_as(select_orders!(
        "where ($2::bytea is null or o.seller = $2)
            and ($3::bigint is null or o.batch = $3)
            and ($4::text is null or s.status = $4)
            and ($4::text is null or o.status in ($4, 'open'))
            and ($5::boolean is null or (o.status <> 'open') = $5)
            and ($6::bigint is null or o.order_id > $6)
        order by o.order_id
        limit $7"
    ))
    .bind(snapshot.as_of().block_time_ms)
    .bind(seller)
    .bind(batch)
    .bind(status)
    .bind(closed)
    .bind(page.after)
    .bind(page.rows())
    .fetch_all(snapshot.connection())
    .await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &MarketOrder| item.order)))
}

parameters! {
    /// What [`get_market_order`] takes.
    pub struct GetMarketOrder {
        /// Number of the order.
        id: Segment<i64>,
    }
}

/// One order.
#[utoipa::path(
    get,
    path = "/market/orders/{id}",
    tag = "market",
    params(GetMarketOrder),
    responses((status = 200, description = "The order", body = Item<MarketOrder>), ItemProblems)
)]
pub async fn get_market_order(
    State(state): State<AppState>,
    GetMarketOrder { id: Segment(id) }: GetMarketOrder,
) -> Result<Json<Item<MarketOrder>>, ApiError> {
    let mut snapshot = state.snapshot_of(Projection::Market).await?;
    let order = sqlx::query_as(select_orders!("where o.order_id = $2"))
        .bind(snapshot.as_of().block_time_ms)
        .bind(id)
        .fetch_optional(snapshot.connection())
        .await?;
    let absent = || ApiError::NotFound(format!("There is no order {id}."));
    order.map(|item| snapshot.item(item)).ok_or_else(absent)
}
