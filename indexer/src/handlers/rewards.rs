//! The reward fund, what is owed to whom, and what each access earned.

use assent_events::AccountId;
use assent_events::rewards::{
    Accrued, ConsentSet, Event, Funded, Refunded, TariffSet, Unfunded, Withdrawn,
};
use sqlx::PgConnection;

use super::{Commit, CommitError, Position, bigint, one_row};

impl Commit for Event {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        match self {
            Event::ConsentSet(event) => event.commit(at, db).await,
            Event::Funded(event) => event.commit(at, db).await,
            Event::Refunded(event) => event.commit(at, db).await,
            Event::TariffSet(event) => event.commit(at, db).await,
            Event::Accrued(event) => event.commit(at, db).await,
            Event::Unfunded(event) => event.commit(at, db).await,
            Event::Withdrawn(event) => event.commit(at, db).await,
        }
    }
}

impl Commit for ConsentSet {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { consent } = *self;
        touch_totals(at, &mut *db).await?;
        sqlx::query("update reward_totals set consent = $1").bind(consent.0).execute(db).await?;
        Ok(())
    }
}

impl Commit for Funded {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { from, amount } = *self;
        sqlx::query(
            "insert into reward_contributions \
             (funder, funded, refunded, block_number, event_index) \
             values ($1, $2::text::amount, 0, $3, $4) \
             on conflict (funder) do update set \
             funded = reward_contributions.funded + excluded.funded, \
             block_number = excluded.block_number, event_index = excluded.event_index",
        )
        .bind(from.0)
        .bind(amount.to_string())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(&mut *db)
        .await?;
        touch_totals(at, &mut *db).await?;
        sqlx::query(
            "update reward_totals set funded = funded + $1::text::amount, \
             unspent = unspent + $1::text::amount",
        )
        .bind(amount.to_string())
        .execute(db)
        .await?;
        Ok(())
    }
}

impl Commit for Refunded {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { funder, amount, by } = *self;
        let done = sqlx::query(
            "update reward_contributions set refunded = refunded + $2::text::amount, \
             block_number = $3, event_index = $4 where funder = $1",
        )
        .bind(funder.0)
        .bind(amount.to_string())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(&mut *db)
        .await?;
        one_row(done, || format!("0x{} was refunded, but never paid in", hex::encode(funder.0)))?;
        sqlx::query(
            "insert into reward_refunds (block_number, event_index, funder, amount, refunded_by) \
             values ($1, $2, $3, $4::text::amount, $5)",
        )
        .bind(at.block_number)
        .bind(at.event_index)
        .bind(funder.0)
        .bind(amount.to_string())
        .bind(by.0)
        .execute(&mut *db)
        .await?;
        sqlx::query(
            "insert into rewards \
             (account, owed, accrued, refunded, withdrawn, block_number, event_index) \
             values ($1, $2::text::amount, 0, $2::text::amount, 0, $3, $4) \
             on conflict (account) do update set owed = rewards.owed + excluded.owed, \
             refunded = rewards.refunded + excluded.refunded, \
             block_number = excluded.block_number, event_index = excluded.event_index",
        )
        .bind(funder.0)
        .bind(amount.to_string())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(&mut *db)
        .await?;
        touch_totals(at, &mut *db).await?;
        sqlx::query(
            "update reward_totals set unspent = unspent - $1::text::amount, \
             owed = owed + $1::text::amount, refunded = refunded + $1::text::amount",
        )
        .bind(amount.to_string())
        .execute(db)
        .await?;
        Ok(())
    }
}

impl Commit for TariffSet {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { purpose, amount } = *self;
        sqlx::query(
            "insert into tariffs (purpose, amount, block_number, event_index) \
             values ($1, $2::text::amount, $3, $4) \
             on conflict (purpose) do update set amount = excluded.amount, \
             block_number = excluded.block_number, event_index = excluded.event_index",
        )
        .bind(i16::from(purpose))
        .bind(amount.to_string())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        Ok(())
    }
}

impl Commit for Accrued {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { owner, access, purpose, amount } = *self;
        let earning = Earning { owner, access, purpose, amount };
        earning.record(true, at, &mut *db).await?;
        earning.accrue(at, db).await
    }
}

impl Commit for Unfunded {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { owner, access, purpose, amount } = *self;
        Earning { owner, access, purpose, amount }.record(false, at, db).await
    }
}

/// What an access earns, or would have earned; the amount in token base units.
struct Earning {
    owner: AccountId,
    access: u64,
    purpose: u8,
    amount: u128,
}

impl Earning {
    /// The row of the access: its key is what lets an access pay at most once.
    async fn record(
        &self,
        funded: bool,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        sqlx::query(
            "insert into reward_accruals \
             (access, owner, purpose, amount, funded, block_number, event_index) \
             values ($1, $2, $3, $4::text::amount, $5, $6, $7)",
        )
        .bind(bigint(self.access, "access")?)
        .bind(self.owner.0)
        .bind(i16::from(self.purpose))
        .bind(self.amount.to_string())
        .bind(funded)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        Ok(())
    }

    async fn accrue(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        sqlx::query(
            "insert into rewards \
             (account, owed, accrued, refunded, withdrawn, block_number, event_index) \
             values ($1, $2::text::amount, $2::text::amount, 0, 0, $3, $4) \
             on conflict (account) do update set owed = rewards.owed + excluded.owed, \
             accrued = rewards.accrued + excluded.accrued, \
             block_number = excluded.block_number, event_index = excluded.event_index",
        )
        .bind(self.owner.0)
        .bind(self.amount.to_string())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(&mut *db)
        .await?;
        touch_totals(at, &mut *db).await?;
        sqlx::query(
            "update reward_totals set unspent = unspent - $1::text::amount, \
             owed = owed + $1::text::amount, accrued = accrued + $1::text::amount",
        )
        .bind(self.amount.to_string())
        .execute(db)
        .await?;
        Ok(())
    }
}

impl Commit for Withdrawn {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { owner, to, amount } = *self;
        let done = sqlx::query(
            "update rewards set owed = owed - $2::text::amount, \
             withdrawn = withdrawn + $2::text::amount, block_number = $3, event_index = $4 \
             where account = $1",
        )
        .bind(owner.0)
        .bind(amount.to_string())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(&mut *db)
        .await?;
        one_row(done, || {
            format!("0x{} withdrew, but nothing was ever owed to it", hex::encode(owner.0))
        })?;
        sqlx::query(
            "insert into reward_withdrawals (block_number, event_index, owner, paid_to, amount) \
             values ($1, $2, $3, $4, $5::text::amount)",
        )
        .bind(at.block_number)
        .bind(at.event_index)
        .bind(owner.0)
        .bind(to.0)
        .bind(amount.to_string())
        .execute(&mut *db)
        .await?;
        touch_totals(at, &mut *db).await?;
        sqlx::query(
            "update reward_totals set owed = owed - $1::text::amount, \
             withdrawn = withdrawn + $1::text::amount",
        )
        .bind(amount.to_string())
        .execute(db)
        .await?;
        Ok(())
    }
}

/// Makes sure that the row of the totals is there, and moves its position.
async fn touch_totals(at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
    sqlx::query(
        "insert into reward_totals (block_number, event_index) values ($1, $2) \
         on conflict (singleton) do update set \
         block_number = excluded.block_number, event_index = excluded.event_index",
    )
    .bind(at.block_number)
    .bind(at.event_index)
    .execute(db)
    .await?;
    Ok(())
}
