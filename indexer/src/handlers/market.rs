//! The market: sell orders, their fills, and what the administrator set.

use assent_client::Account;
use serde::Deserialize;
use serde_json::Value;
use sqlx::PgConnection;

use super::{CommitError, Position, ProcessError, bigint, one_row, typed};
use crate::types::Int;

/// The events of the market contract; amounts in units, prices in token base units per credit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A seller offers units.
    OrderPlaced(OrderPlaced),
    /// A seller changed an open order.
    OrderUpdated(OrderUpdated),
    /// A seller withdrew an order.
    OrderCancelled(OrderCancelled),
    /// An order that is over was closed.
    OrderExpired(OrderExpired),
    /// Units were delivered against payment.
    OrderFilled(OrderFilled),
    /// The administrator set the fee.
    FeeSet(FeeSet),
    /// The administrator set how large an order may be.
    LimitsSet(LimitsSet),
}

/// Fields of `OrderPlaced`; `expiry` in ms since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct OrderPlaced {
    order: Int<u64>,
    seller: Account,
    batch: Int<u64>,
    amount: Int<u128>,
    price: Int<u128>,
    expiry: Int<u64>,
    fee_bps: Int<u16>,
}

/// Fields of `OrderUpdated`; `expiry` in ms since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct OrderUpdated {
    order: Int<u64>,
    seller: Account,
    amount: Int<u128>,
    price: Int<u128>,
    expiry: Int<u64>,
    fee_bps: Int<u16>,
}

/// Fields of `OrderCancelled`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct OrderCancelled {
    order: Int<u64>,
    seller: Account,
    released: Int<u128>,
}

/// Fields of `OrderExpired`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct OrderExpired {
    order: Int<u64>,
    seller: Account,
    released: Int<u128>,
    by: Account,
}

/// Fields of `OrderFilled`; payment and fee in token base units.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct OrderFilled {
    order: Int<u64>,
    seller: Account,
    buyer: Account,
    amount: Int<u128>,
    remaining: Int<u128>,
    payment: Int<u128>,
    fee: Int<u128>,
}

/// Fields of `FeeSet`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct FeeSet {
    fee_bps: Int<u16>,
    collector: Account,
}

/// Fields of `LimitsSet`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct LimitsSet {
    floor: Int<u128>,
    ceiling: Int<u128>,
}

/// Types an event; `None` for one that changes nothing here.
///
/// Errors: [`ProcessError`] names the field.
pub fn process(name: &str, fields: &Value) -> Result<Option<Event>, ProcessError> {
    Ok(Some(match name {
        "OrderPlaced" => Event::OrderPlaced(typed(name, fields)?),
        "OrderUpdated" => Event::OrderUpdated(typed(name, fields)?),
        "OrderCancelled" => Event::OrderCancelled(typed(name, fields)?),
        "OrderExpired" => Event::OrderExpired(typed(name, fields)?),
        "OrderFilled" => Event::OrderFilled(typed(name, fields)?),
        "FeeSet" => Event::FeeSet(typed(name, fields)?),
        "LimitsSet" => Event::LimitsSet(typed(name, fields)?),
        _ => return Ok(None),
    }))
}

impl Event {
    /// Writes what the event means.
    pub(super) async fn commit(
        &self,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        match self {
            Event::OrderPlaced(event) => event.commit(at, db).await,
            Event::OrderUpdated(event) => event.commit(at, db).await,
            Event::OrderCancelled(event) => event.commit(at, db).await,
            Event::OrderExpired(event) => event.commit(at, db).await,
            Event::OrderFilled(event) => event.commit(at, db).await,
            Event::FeeSet(event) => event.commit(at, db).await,
            Event::LimitsSet(event) => event.commit(at, db).await,
        }
    }
}

impl OrderPlaced {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let done = sqlx::query(
            "insert into market_orders (order_id, seller, batch, status, amount, price, \
             expiry_ms, fee_bps, block_number, event_index) \
             select $1, $2, $3, 'open', $4::text::amount, $5::text::amount, $6::text::u64, $7, \
             number, $9 from blocks where number = $8 and time_ms < $6::text::u64 \
             and $7 = (select fee_bps from market_settings)",
        )
        .bind(bigint(self.order.0, "order")?)
        .bind(self.seller.as_bytes())
        .bind(bigint(self.batch.0, "batch")?)
        .bind(self.amount.to_string())
        .bind(self.price.to_string())
        .bind(self.expiry.to_string())
        .bind(fee_bps(self.fee_bps)?)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || {
            format!("order {} is over already, or has another fee than the one set", self.order)
        })
    }
}

impl OrderUpdated {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let done = sqlx::query(
            "update market_orders o set amount = $3::text::amount, price = $4::text::amount, \
             expiry_ms = $5::text::u64, fee_bps = $6, block_number = $7, event_index = $8 \
             from blocks b where o.order_id = $1 and o.seller = $2 and o.status = 'open' \
             and b.number = $7 and b.time_ms < $5::text::u64 \
             and $6 = (select fee_bps from market_settings)",
        )
        .bind(bigint(self.order.0, "order")?)
        .bind(self.seller.as_bytes())
        .bind(self.amount.to_string())
        .bind(self.price.to_string())
        .bind(self.expiry.to_string())
        .bind(fee_bps(self.fee_bps)?)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || {
            format!(
                "order {} is no open one of its seller, is over already, or has another fee than \
                 the one set",
                self.order
            )
        })
    }
}

impl OrderCancelled {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let done = sqlx::query(
            "update market_orders set status = 'cancelled', amount = 0, released = amount, \
             block_number = $4, event_index = $5 \
             where order_id = $1 and seller = $2 and status = 'open' \
             and amount = $3::text::amount",
        )
        .bind(bigint(self.order.0, "order")?)
        .bind(self.seller.as_bytes())
        .bind(self.released.to_string())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || format!("order {} is no open one with those units", self.order))
    }
}

impl OrderExpired {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let done = sqlx::query(
            "update market_orders o set status = 'expired', amount = 0, released = o.amount, \
             expired_by = $4, block_number = $5, event_index = $6 from blocks b \
             where o.order_id = $1 and o.seller = $2 and o.status = 'open' \
             and o.amount = $3::text::amount and b.number = $5 and o.expiry_ms <= b.time_ms",
        )
        .bind(bigint(self.order.0, "order")?)
        .bind(self.seller.as_bytes())
        .bind(self.released.to_string())
        .bind(self.by.as_bytes())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || {
            format!("order {} is no open one with those units, or not over yet", self.order)
        })
    }
}

impl OrderFilled {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let order = bigint(self.order.0, "order")?;
        // Before the update, so that the row shows the order that was filled. The price that is paid
        // is checked by the table, since it is a matter of the fill alone.
        let done = sqlx::query(
            "insert into market_fills (block_number, event_index, order_id, batch, seller, buyer, \
             amount, remaining, price, payment, fee, proceeds) \
             select b.number, $2, o.order_id, o.batch, o.seller, $5, $6::text::amount, \
             $7::text::amount, o.price, $8::text::amount, $9::text::amount, \
             $8::text::amount - $9::text::amount from market_orders o, blocks b \
             where b.number = $1 and o.order_id = $3 and o.seller = $4 and o.status = 'open' \
             and o.amount = $6::text::amount + $7::text::amount and o.expiry_ms > b.time_ms \
             and $9::text::amount = div($8::text::amount * o.fee_bps, 10000)",
        )
        .bind(at.block_number)
        .bind(at.event_index)
        .bind(order)
        .bind(self.seller.as_bytes())
        .bind(self.buyer.as_bytes())
        .bind(self.amount.to_string())
        .bind(self.remaining.to_string())
        .bind(self.payment.to_string())
        .bind(self.fee.to_string())
        .execute(&mut *db)
        .await?;
        one_row(done, || {
            format!("order {order} is no open one with those units, is over, or has another fee")
        })?;
        sqlx::query(
            "update market_orders set amount = $2::text::amount, \
             filled = filled + $3::text::amount, \
             status = case when $2::text::amount = 0 then 'filled' else 'open' end, \
             block_number = $4, event_index = $5 where order_id = $1",
        )
        .bind(order)
        .bind(self.remaining.to_string())
        .bind(self.amount.to_string())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        Ok(())
    }
}

impl FeeSet {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        sqlx::query(
            "insert into market_settings (fee_bps, collector, block_number, event_index) \
             values ($1, $2, $3, $4) on conflict (singleton) do update set \
             fee_bps = excluded.fee_bps, collector = excluded.collector, \
             block_number = excluded.block_number, event_index = excluded.event_index",
        )
        .bind(fee_bps(self.fee_bps)?)
        .bind(self.collector.as_bytes())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        Ok(())
    }
}

impl LimitsSet {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let done = sqlx::query(
            "update market_settings set floor = $1::text::amount, ceiling = $2::text::amount, \
             block_number = $3, event_index = $4",
        )
        .bind(self.floor.to_string())
        .bind(self.ceiling.to_string())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || "limits of a market that has named no fee".into())
    }
}

/// A fee as smallint; it is at most 5 percent.
fn fee_bps(fee_bps: Int<u16>) -> Result<i16, CommitError> {
    i16::try_from(fee_bps.0)
        .map_err(|_| CommitError::Inconsistent(format!("fee_bps = {fee_bps} exceeds a smallint")))
}
