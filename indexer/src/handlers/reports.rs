//! Anchored report versions.

use serde::Deserialize;
use serde_json::Value;
use sqlx::PgConnection;

use super::{CommitError, Position, ProcessError, typed};
use crate::types::{Account, Hash, Int};

/// The events of the reports contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A version of a report was anchored.
    Anchored(Anchored),
}

/// Fields of `Anchored`; `at` in ms since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Anchored {
    series: Hash,
    owner: Account,
    sequence: Int<u32>,
    previous: Hash,
    digest: Hash,
    byte_length: Int<u64>,
    at: Int<u64>,
}

/// Types an event; `None` for one that changes nothing here.
///
/// Errors: [`ProcessError`] names the field.
pub fn process(name: &str, fields: &Value) -> Result<Option<Event>, ProcessError> {
    Ok(match name {
        "Anchored" => Some(Event::Anchored(typed(name, fields)?)),
        _ => None,
    })
}

impl Event {
    /// Writes what the event means.
    pub(super) async fn commit(
        &self,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        let Event::Anchored(event) = self;
        event.check_link(&mut *db).await?;
        sqlx::query(
            "insert into reports (series, sequence, owner, previous, digest, byte_length, at_ms, \
             block_number, event_index) values ($1, $2, $3, $4, $5, $6::text::u64, $7, $8, $9)",
        )
        .bind(event.series.as_bytes())
        .bind(i64::from(event.sequence.0))
        .bind(event.owner.as_bytes())
        .bind(event.previous.as_bytes())
        .bind(event.digest.as_bytes())
        .bind(event.byte_length.to_string())
        .bind(super::bigint(event.at.0, "at")?)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        Ok(())
    }
}

impl Anchored {
    /// A version names the digest of the one before it, and only the series' owner continues it.
    async fn check_link(&self, db: &mut PgConnection) -> Result<(), CommitError> {
        let before: Option<(Vec<u8>, Vec<u8>)> =
            sqlx::query_as("select owner, digest from reports where series = $1 and sequence = $2")
                .bind(self.series.as_bytes())
                .bind(i64::from(self.sequence.0).saturating_sub(1))
                .fetch_optional(db)
                .await?;
        let linked = match before {
            Some((owner, digest)) => {
                owner == self.owner.as_bytes() && digest == self.previous.as_bytes()
            }
            None => self.sequence.0 == 1 && self.previous.is_zero(),
        };
        if linked {
            return Ok(());
        }
        Err(CommitError::Inconsistent(format!(
            "version {} of report {} does not follow from the one before it",
            self.sequence, self.series
        )))
    }
}
