//! The reward fund, what is owed to whom, and what each access earned.

use assent_client::Account;
use serde::Deserialize;
use serde_json::Value;
use sqlx::PgConnection;

use super::{CommitError, Position, ProcessError, bigint, one_row, typed};
use crate::types::Int;

/// The events of the rewards contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The administrator named the consent contract.
    ConsentSet(ConsentSet),
    /// Somebody paid into the fund.
    Funded(Funded),
    /// A funder was credited with what is unspent.
    Refunded(Refunded),
    /// The administrator set a tariff.
    TariffSet(TariffSet),
    /// An access earned its tariff.
    Accrued(Earning),
    /// An access earned nothing: the fund did not hold its tariff, or the contract was paused.
    Unfunded(Earning),
    /// An account withdrew what was owed to it.
    Withdrawn(Withdrawn),
}

/// Fields of `ConsentSet`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ConsentSet {
    consent: Account,
}

/// Fields of `Funded`; the amount in token base units.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Funded {
    from: Account,
    amount: Int<u128>,
}

/// Fields of `Refunded`; the amount in token base units.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Refunded {
    funder: Account,
    amount: Int<u128>,
    by: Account,
}

/// Fields of `TariffSet`; the amount in token base units per permitted access.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TariffSet {
    purpose: Int<u8>,
    amount: Int<u128>,
}

/// Fields of `Accrued` and `Unfunded`; the amount in token base units.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Earning {
    owner: Account,
    access: Int<u64>,
    purpose: Int<u8>,
    amount: Int<u128>,
}

/// Fields of `Withdrawn`; the amount in token base units.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Withdrawn {
    owner: Account,
    to: Account,
    amount: Int<u128>,
}

/// Types an event; `None` for one that changes nothing here.
///
/// Errors: [`ProcessError`] names the field.
pub fn process(name: &str, fields: &Value) -> Result<Option<Event>, ProcessError> {
    Ok(Some(match name {
        "ConsentSet" => Event::ConsentSet(typed(name, fields)?),
        "Funded" => Event::Funded(typed(name, fields)?),
        "Refunded" => Event::Refunded(typed(name, fields)?),
        "TariffSet" => Event::TariffSet(typed(name, fields)?),
        "Accrued" => Event::Accrued(typed(name, fields)?),
        "Unfunded" => Event::Unfunded(typed(name, fields)?),
        "Withdrawn" => Event::Withdrawn(typed(name, fields)?),
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
            Event::ConsentSet(event) => {
                touch_totals(at, &mut *db).await?;
                sqlx::query("update reward_totals set consent = $1")
                    .bind(event.consent.as_bytes())
                    .execute(db)
                    .await?;
                Ok(())
            }
            Event::Funded(event) => event.commit(at, db).await,
            Event::Refunded(event) => event.commit(at, db).await,
            Event::TariffSet(event) => event.commit(at, db).await,
            Event::Accrued(event) => {
                event.record(true, at, &mut *db).await?;
                event.accrue(at, db).await
            }
            Event::Unfunded(event) => event.record(false, at, db).await,
            Event::Withdrawn(event) => event.commit(at, db).await,
        }
    }
}

impl Funded {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        sqlx::query(
            "insert into reward_contributions \
             (funder, funded, refunded, block_number, event_index) \
             values ($1, $2::text::amount, 0, $3, $4) \
             on conflict (funder) do update set \
             funded = reward_contributions.funded + excluded.funded, \
             block_number = excluded.block_number, event_index = excluded.event_index",
        )
        .bind(self.from.as_bytes())
        .bind(self.amount.to_string())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(&mut *db)
        .await?;
        touch_totals(at, &mut *db).await?;
        sqlx::query(
            "update reward_totals set funded = funded + $1::text::amount, \
             unspent = unspent + $1::text::amount",
        )
        .bind(self.amount.to_string())
        .execute(db)
        .await?;
        Ok(())
    }
}

impl Refunded {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let done = sqlx::query(
            "update reward_contributions set refunded = refunded + $2::text::amount, \
             block_number = $3, event_index = $4 where funder = $1",
        )
        .bind(self.funder.as_bytes())
        .bind(self.amount.to_string())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(&mut *db)
        .await?;
        one_row(done, || {
            format!("0x{} was refunded, but never paid in", hex::encode(self.funder.0))
        })?;
        sqlx::query(
            "insert into reward_refunds (block_number, event_index, funder, amount, refunded_by) \
             values ($1, $2, $3, $4::text::amount, $5)",
        )
        .bind(at.block_number)
        .bind(at.event_index)
        .bind(self.funder.as_bytes())
        .bind(self.amount.to_string())
        .bind(self.by.as_bytes())
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
        .bind(self.funder.as_bytes())
        .bind(self.amount.to_string())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(&mut *db)
        .await?;
        touch_totals(at, &mut *db).await?;
        sqlx::query(
            "update reward_totals set unspent = unspent - $1::text::amount, \
             owed = owed + $1::text::amount, refunded = refunded + $1::text::amount",
        )
        .bind(self.amount.to_string())
        .execute(db)
        .await?;
        Ok(())
    }
}

impl TariffSet {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        sqlx::query(
            "insert into tariffs (purpose, amount, block_number, event_index) \
             values ($1, $2::text::amount, $3, $4) \
             on conflict (purpose) do update set amount = excluded.amount, \
             block_number = excluded.block_number, event_index = excluded.event_index",
        )
        .bind(i16::from(self.purpose.0))
        .bind(self.amount.to_string())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        Ok(())
    }
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
        .bind(bigint(self.access.0, "access")?)
        .bind(self.owner.as_bytes())
        .bind(i16::from(self.purpose.0))
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
        .bind(self.owner.as_bytes())
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

impl Withdrawn {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let done = sqlx::query(
            "update rewards set owed = owed - $2::text::amount, \
             withdrawn = withdrawn + $2::text::amount, block_number = $3, event_index = $4 \
             where account = $1",
        )
        .bind(self.owner.as_bytes())
        .bind(self.amount.to_string())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(&mut *db)
        .await?;
        one_row(done, || {
            format!("0x{} withdrew, but nothing was ever owed to it", hex::encode(self.owner.0))
        })?;
        sqlx::query(
            "insert into reward_withdrawals (block_number, event_index, owner, paid_to, amount) \
             values ($1, $2, $3, $4, $5::text::amount)",
        )
        .bind(at.block_number)
        .bind(at.event_index)
        .bind(self.owner.as_bytes())
        .bind(self.to.as_bytes())
        .bind(self.amount.to_string())
        .execute(&mut *db)
        .await?;
        touch_totals(at, &mut *db).await?;
        sqlx::query(
            "update reward_totals set owed = owed - $1::text::amount, \
             withdrawn = withdrawn + $1::text::amount",
        )
        .bind(self.amount.to_string())
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
