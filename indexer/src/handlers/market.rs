//! The market: sell orders, their fills, and what the administrator set.

use assent_events::market::{
    Event, FeeSet, LimitsSet, OrderCancelled, OrderExpired, OrderFilled, OrderPlaced, OrderUpdated,
};
use sqlx::PgConnection;

use super::{Commit, CommitError, Position, bigint, one_row, smallint};

impl Commit for Event {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
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

impl Commit for OrderPlaced {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { order, seller, batch, amount, price, expiry, fee_bps } = *self;
        let done = sqlx::query(
            "insert into market_orders (order_id, seller, batch, status, amount, price, \
             expiry_ms, fee_bps, block_number, event_index) \
             select $1, $2, $3, 'open', $4::text::amount, $5::text::amount, $6::text::u64, $7, \
             number, $9 from blocks where number = $8 and time_ms < $6::text::u64 \
             and $7 = (select fee_bps from market_settings)",
        )
        .bind(bigint(order, "order")?)
        .bind(seller.0)
        .bind(bigint(batch, "batch")?)
        .bind(amount.to_string())
        .bind(price.to_string())
        .bind(expiry.to_string())
        .bind(smallint(fee_bps, "fee_bps")?)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || {
            format!("order {} is over already, or has another fee than the one set", order)
        })
    }
}

impl Commit for OrderUpdated {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { order, seller, amount, price, expiry, fee_bps } = *self;
        let done = sqlx::query(
            "update market_orders o set amount = $3::text::amount, price = $4::text::amount, \
             expiry_ms = $5::text::u64, fee_bps = $6, block_number = $7, event_index = $8 \
             from blocks b where o.order_id = $1 and o.seller = $2 and o.status = 'open' \
             and b.number = $7 and b.time_ms < $5::text::u64 \
             and $6 = (select fee_bps from market_settings)",
        )
        .bind(bigint(order, "order")?)
        .bind(seller.0)
        .bind(amount.to_string())
        .bind(price.to_string())
        .bind(expiry.to_string())
        .bind(smallint(fee_bps, "fee_bps")?)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || {
            format!(
                "order {} is no open one of its seller, is over already, or has another fee than \
                 the one set",
                order
            )
        })
    }
}

impl Commit for OrderCancelled {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { order, seller, released } = *self;
        let done = sqlx::query(
            "update market_orders set status = 'cancelled', amount = 0, released = amount, \
             block_number = $4, event_index = $5 \
             where order_id = $1 and seller = $2 and status = 'open' \
             and amount = $3::text::amount",
        )
        .bind(bigint(order, "order")?)
        .bind(seller.0)
        .bind(released.to_string())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || format!("order {} is no open one with those units", order))
    }
}

impl Commit for OrderExpired {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { order, seller, released, by } = *self;
        let done = sqlx::query(
            "update market_orders o set status = 'expired', amount = 0, released = o.amount, \
             expired_by = $4, block_number = $5, event_index = $6 from blocks b \
             where o.order_id = $1 and o.seller = $2 and o.status = 'open' \
             and o.amount = $3::text::amount and b.number = $5 and o.expiry_ms <= b.time_ms",
        )
        .bind(bigint(order, "order")?)
        .bind(seller.0)
        .bind(released.to_string())
        .bind(by.0)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || {
            format!("order {} is no open one with those units, or not over yet", order)
        })
    }
}

impl Commit for OrderFilled {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { order, seller, buyer, amount, remaining, payment, fee } = *self;
        let order = bigint(order, "order")?;
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
        .bind(seller.0)
        .bind(buyer.0)
        .bind(amount.to_string())
        .bind(remaining.to_string())
        .bind(payment.to_string())
        .bind(fee.to_string())
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
        .bind(remaining.to_string())
        .bind(amount.to_string())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        Ok(())
    }
}

impl Commit for FeeSet {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { fee_bps, collector } = *self;
        sqlx::query(
            "insert into market_settings (fee_bps, collector, block_number, event_index) \
             values ($1, $2, $3, $4) on conflict (singleton) do update set \
             fee_bps = excluded.fee_bps, collector = excluded.collector, \
             block_number = excluded.block_number, event_index = excluded.event_index",
        )
        .bind(smallint(fee_bps, "fee_bps")?)
        .bind(collector.0)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        Ok(())
    }
}

impl Commit for LimitsSet {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { floor, ceiling } = *self;
        let done = sqlx::query(
            "update market_settings set floor = $1::text::amount, ceiling = $2::text::amount, \
             block_number = $3, event_index = $4",
        )
        .bind(floor.to_string())
        .bind(ceiling.to_string())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || "limits of a market that has named no fee".into())
    }
}
