//! The carbon registry: classes, projects and batches, who holds units, escrow, and compliance.

pub mod compliance;
pub mod escrow;
pub mod freezes;
pub mod holdings;
pub mod registry;
pub mod settlement;

use assent_client::Account;
use serde_json::Value;
use sqlx::PgConnection;

use super::{CommitError, Position, ProcessError, bigint, one_row, typed};
use crate::types::Int;

/// The events of the carbon contract; amounts are units, one thousandth of a credit each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A class of units was created.
    ClassCreated(registry::ClassCreated),
    /// A class got another issuer.
    IssuerSet(registry::IssuerSet),
    /// A project was registered.
    ProjectCreated(registry::ProjectCreated),
    /// A batch was created.
    BatchCreated(registry::BatchCreated),
    /// Units came into being.
    Issued(registry::Issued),
    /// No more units of a batch will be issued.
    BatchSealed(registry::BatchSealed),
    /// Tradable units changed hands.
    Transferred(holdings::Transferred),
    /// An operator may move so many units for their owner.
    OperatorApproved(holdings::OperatorApproved),
    /// Units were retired for good.
    Retired(holdings::Retired),
    /// Units were cancelled for good.
    Cancelled(holdings::Cancelled),
    /// Units were put in escrow.
    Escrowed(escrow::Escrowed),
    /// Units came back from escrow.
    Released(escrow::Released),
    /// Units went from escrow to another owner.
    Delivered(escrow::Delivered),
    /// A regulator froze an account.
    AccountFrozen(freezes::AccountFrozen),
    /// A regulator ended a freeze.
    AccountUnfrozen(freezes::AccountUnfrozen),
    /// The administrator set what a missing credit costs.
    PenaltySet(compliance::PenaltySet),
    /// A compliance period was opened.
    PeriodSet(compliance::PeriodSet),
    /// An emitter got allowances.
    Allocated(compliance::Allocated),
    /// A verifier reported emissions.
    EmissionsReported(compliance::EmissionsReported),
    /// Allowances were surrendered.
    Surrendered(compliance::Surrendered),
    /// A period was settled for an account.
    PeriodSettled(settlement::PeriodSettled),
    /// A penalty is owed.
    PenaltyImposed(settlement::PenaltyImposed),
    /// A penalty was paid.
    PenaltyPaid(settlement::PenaltyPaid),
}

/// Types an event; `None` for one that changes nothing here.
///
/// Errors: [`ProcessError`] names the field.
pub fn process(name: &str, fields: &Value) -> Result<Option<Event>, ProcessError> {
    Ok(Some(match name {
        "ClassCreated" => Event::ClassCreated(typed(name, fields)?),
        "IssuerSet" => Event::IssuerSet(typed(name, fields)?),
        "ProjectCreated" => Event::ProjectCreated(typed(name, fields)?),
        "BatchCreated" => Event::BatchCreated(typed(name, fields)?),
        "Issued" => Event::Issued(typed(name, fields)?),
        "BatchSealed" => Event::BatchSealed(typed(name, fields)?),
        "Transferred" => Event::Transferred(typed(name, fields)?),
        "OperatorApproved" => Event::OperatorApproved(typed(name, fields)?),
        "Retired" => Event::Retired(typed(name, fields)?),
        "Cancelled" => Event::Cancelled(typed(name, fields)?),
        "Escrowed" => Event::Escrowed(typed(name, fields)?),
        "Released" => Event::Released(typed(name, fields)?),
        "Delivered" => Event::Delivered(typed(name, fields)?),
        "AccountFrozen" => Event::AccountFrozen(typed(name, fields)?),
        "AccountUnfrozen" => Event::AccountUnfrozen(typed(name, fields)?),
        "PenaltySet" => Event::PenaltySet(typed(name, fields)?),
        "PeriodSet" => Event::PeriodSet(typed(name, fields)?),
        "Allocated" => Event::Allocated(typed(name, fields)?),
        "EmissionsReported" => Event::EmissionsReported(typed(name, fields)?),
        "Surrendered" => Event::Surrendered(typed(name, fields)?),
        "PeriodSettled" => Event::PeriodSettled(typed(name, fields)?),
        "PenaltyImposed" => Event::PenaltyImposed(typed(name, fields)?),
        "PenaltyPaid" => Event::PenaltyPaid(typed(name, fields)?),
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
    amount: Int<u128>,
}

impl Units {
    fn of(batch: Int<u64>, amount: Int<u128>) -> Result<Self, CommitError> {
        Ok(Self { batch: bigint(batch.0, "batch")?, amount })
    }

    /// Adds them to what an account has.
    async fn give(
        self,
        owner: Account,
        state: State,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        sqlx::query(
            "insert into carbon_balances (batch, owner, block_number, event_index) \
             values ($1, $2, $3, $4) on conflict (batch, owner) do nothing",
        )
        .bind(self.batch)
        .bind(owner.as_bytes())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(&mut *db)
        .await?;
        self.change(owner, state, self.amount.to_string(), at, db).await
    }

    /// Takes them from what an account has; the domain refuses less than nothing.
    async fn take(
        self,
        owner: Account,
        state: State,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        self.change(owner, state, format!("-{}", self.amount), at, db).await
    }

    /// `by` is a number with its sign.
    async fn change(
        self,
        owner: Account,
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
        .bind(owner.as_bytes())
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
        owner: Account,
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
