//! The carbon registry: classes, projects and batches, who holds units, escrow, and compliance.

pub mod compliance;
pub mod escrow;
pub mod freezes;
pub mod holdings;
pub mod registry;
pub mod settlement;

use assent_events::AccountId;
use assent_events::carbon::Event;
use sqlx::PgConnection;

use super::{Commit, CommitError, Position, bigint, one_row};

impl Commit for Event {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        match self {
            Event::ClassCreated(event) => event.commit(at, db).await,
            Event::IssuerSet(event) => event.commit(at, db).await,
            Event::ProjectCreated(event) => event.commit(at, db).await,
            Event::BatchCreated(event) => event.commit(at, db).await,
            Event::Issued(event) => event.commit(at, db).await,
            Event::BatchSealed(event) => event.commit(at, db).await,
            Event::Transferred(event) => event.commit(at, db).await,
            Event::OperatorApproved(event) => event.commit(at, db).await,
            Event::Retired(event) => event.commit(at, db).await,
            Event::Cancelled(event) => event.commit(at, db).await,
            Event::Escrowed(event) => event.commit(at, db).await,
            Event::Released(event) => event.commit(at, db).await,
            Event::Delivered(event) => event.commit(at, db).await,
            Event::AccountFrozen(event) => event.commit(at, db).await,
            Event::AccountUnfrozen(event) => event.commit(at, db).await,
            Event::PenaltySet(event) => event.commit(at, db).await,
            Event::PeriodSet(event) => event.commit(at, db).await,
            Event::Allocated(event) => event.commit(at, db).await,
            Event::EmissionsReported(event) => event.commit(at, db).await,
            Event::Surrendered(event) => event.commit(at, db).await,
            Event::PeriodSettled(event) => event.commit(at, db).await,
            Event::PenaltyImposed(event) => event.commit(at, db).await,
            Event::PenaltyPaid(event) => event.commit(at, db).await,
        }
    }
}

/// Where units are: the columns of an account's balance and of its batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Tradable,
    Escrowed,
    Retired,
    Surrendered,
    Cancelled,
}

impl State {
    /// Name of the column.
    fn column(self) -> &'static str {
        match self {
            State::Tradable => "tradable",
            State::Escrowed => "escrowed",
            State::Retired => "retired",
            State::Surrendered => "surrendered",
            State::Cancelled => "cancelled",
        }
    }
}

/// Some units of a batch, on their way from one state or account to another.
#[derive(Debug, Clone, Copy)]
struct Units {
    batch: i64,
    amount: u128,
}

impl Units {
    fn of(batch: u64, amount: u128) -> Result<Self, CommitError> {
        Ok(Self { batch: bigint(batch, "batch")?, amount })
    }

    /// Adds them to what an account has.
    async fn give(
        self,
        owner: AccountId,
        state: State,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        sqlx::query(
            "insert into carbon_balances (batch, owner, block_number, event_index) \
             values ($1, $2, $3, $4) on conflict (batch, owner) do nothing",
        )
        .bind(self.batch)
        .bind(owner.0)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(&mut *db)
        .await?;
        self.change(owner, state, self.amount.to_string(), at, db).await
    }

    /// Takes them from what an account has; the domain refuses less than nothing.
    async fn take(
        self,
        owner: AccountId,
        state: State,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        self.change(owner, state, format!("-{}", self.amount), at, db).await
    }

    /// `by` is a number with its sign.
    async fn change(
        self,
        owner: AccountId,
        state: State,
        by: String,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        let done = sqlx::query(
            "update carbon_balances set \
             tradable = tradable + case $3 when 'tradable' then $4::text::numeric else 0 end, \
             escrowed = escrowed + case $3 when 'escrowed' then $4::text::numeric else 0 end, \
             retired = retired + case $3 when 'retired' then $4::text::numeric else 0 end, \
             surrendered = surrendered \
             + case $3 when 'surrendered' then $4::text::numeric else 0 end, \
             cancelled = cancelled + case $3 when 'cancelled' then $4::text::numeric else 0 end, \
             block_number = $5, event_index = $6 where batch = $1 and owner = $2",
        )
        .bind(self.batch)
        .bind(owner.0)
        .bind(state.column())
        .bind(by)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || {
            format!("0x{} holds no units of carbon batch {}", hex::encode(owner.0), self.batch)
        })
    }

    /// Counts them in another column of the batch than before.
    async fn count(
        self,
        from: State,
        to: State,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        let done = sqlx::query(
            "update carbon_batches set \
             tradable = tradable + $4::text::amount \
             * (($3 = 'tradable')::integer - ($2 = 'tradable')::integer), \
             escrowed = escrowed + $4::text::amount \
             * (($3 = 'escrowed')::integer - ($2 = 'escrowed')::integer), \
             retired = retired + $4::text::amount * ($3 = 'retired')::integer, \
             surrendered = surrendered + $4::text::amount * ($3 = 'surrendered')::integer, \
             cancelled = cancelled + $4::text::amount * ($3 = 'cancelled')::integer, \
             block_number = $5, event_index = $6 where batch = $1",
        )
        .bind(self.batch)
        .bind(from.column())
        .bind(to.column())
        .bind(self.amount.to_string())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || format!("carbon batch {} is not there", self.batch))
    }

    /// Turns them from one state into another, with the same account.
    async fn turn(
        self,
        owner: AccountId,
        from: State,
        to: State,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        self.take(owner, from, at, &mut *db).await?;
        self.give(owner, to, at, &mut *db).await?;
        self.count(from, to, at, db).await
    }
}
