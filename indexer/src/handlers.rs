//! From an event to its projections: one module per contract and one for what all contracts say of
//! their government. The events and their fields are those of `assent_events`; each is taken apart
//! field by field, so that one more event or one more field does not compile until it is handled.
//!
//! `commit()` runs inside the transaction of its block, so it need not be idempotent: the block is
//! written wholly and once, or not at all.

pub mod carbon;
pub mod consent;
pub mod governance;
pub mod market;
pub mod participants;
pub mod reports;
pub mod rewards;
pub mod token;

use assent_events::{Contract, Event};
use assent_mirror::Position;
use sqlx::PgConnection;
use sqlx::postgres::PgQueryResult;

/// Why an event's effects could not be written.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// The database failed, or one of its constraints refused the row.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// The projections do not hold what this event builds on.
    #[error("the projections contradict the event: {0}")]
    Inconsistent(String),
}

/// An event that a projection follows.
trait Commit {
    /// Writes what the event means; `at` becomes the provenance of every row that it touches.
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError>;
}

/// Writes what an event of `contract` means; `at` becomes the provenance of every row that it
/// touches.
///
/// Errors: [`CommitError`]; the caller rolls the whole block back.
pub async fn commit(
    contract: Contract,
    event: &Event,
    at: Position,
    db: &mut PgConnection,
) -> Result<(), CommitError> {
    match event {
        Event::Governance(event) => governance::commit(contract, event, at, db).await,
        Event::Participants(event) => event.commit(at, db).await,
        Event::Consent(event) => event.commit(at, db).await,
        Event::Reports(event) => event.commit(at, db).await,
        Event::Rewards(event) => event.commit(at, db).await,
        Event::Token(event) => event.commit(at, db).await,
        Event::Carbon(event) => event.commit(at, db).await,
        Event::Market(event) => event.commit(at, db).await,
    }
}

/// A counter of the chain as bigint. It counts single events, so it stays below 2^63.
fn bigint(value: u64, field: &str) -> Result<i64, CommitError> {
    i64::try_from(value)
        .map_err(|_| CommitError::Inconsistent(format!("{field} = {value} exceeds a bigint")))
}

/// A small number of the chain as smallint: fees in basis points and ratings stay below 2^15.
fn smallint(value: u16, field: &str) -> Result<i16, CommitError> {
    i16::try_from(value)
        .map_err(|_| CommitError::Inconsistent(format!("{field} = {value} exceeds a smallint")))
}

/// Refuses a change that did not find the one row that it must change.
fn one_row(done: PgQueryResult, what: impl FnOnce() -> String) -> Result<(), CommitError> {
    match done.rows_affected() {
        1 => Ok(()),
        _ => Err(CommitError::Inconsistent(what())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_beyond_bigint_are_refused() {
        assert_eq!(bigint(7, "grant").ok(), Some(7));
        let error = bigint(u64::MAX, "grant").unwrap_err().to_string();
        assert!(error.contains("grant = 18446744073709551615"), "{error}");
        assert_eq!(smallint(1_000, "rating").ok(), Some(1_000));
        let error = smallint(u16::MAX, "rating").unwrap_err().to_string();
        assert!(error.contains("rating = 65535"), "{error}");
    }
}
