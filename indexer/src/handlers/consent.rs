//! Consent grants and the log of access decisions.

use serde::Deserialize;
use serde_json::Value;
use sqlx::PgConnection;

use super::{CommitError, Position, ProcessError, bigint, one_row, typed};
use crate::types::{Account, Hash, Int, nullable};

/// The events of the consent contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// An owner granted access.
    Granted(Granted),
    /// An owner revoked a grant.
    Revoked(Revoked),
    /// An access was permitted or refused.
    AccessDecided(AccessDecided),
}

/// Fields of `Granted`; times in ms since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Granted {
    grant: Int<u64>,
    owner: Account,
    grantee: Account,
    purposes: Int<u32>,
    categories: Int<u32>,
    from: Int<u64>,
    until: Int<u64>,
    #[serde(deserialize_with = "nullable")]
    max_uses: Option<Int<u32>>,
    record: Hash,
}

/// Fields of `Revoked`; `at` in ms since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Revoked {
    grant: Int<u64>,
    owner: Account,
    at: Int<u64>,
}

/// Fields of `AccessDecided`; `at` in ms since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AccessDecided {
    owner: Account,
    requester: Account,
    access: Int<u64>,
    sequence: Int<u64>,
    purpose: Int<u8>,
    category: Int<u8>,
    #[serde(deserialize_with = "nullable")]
    grant: Option<Int<u64>>,
    decision: Decision,
    at: Int<u64>,
    previous: Hash,
    entry: Hash,
}

/// What was decided; the reason is the name of the contract's variant.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub enum Decision {
    /// Access is permitted.
    Permit,
    /// Access is refused, with the reason.
    Deny(String),
}

/// Types an event; `None` for one that changes nothing here.
///
/// Errors: [`ProcessError`] names the field.
pub fn process(name: &str, fields: &Value) -> Result<Option<Event>, ProcessError> {
    Ok(Some(match name {
        "Granted" => Event::Granted(typed(name, fields)?),
        "Revoked" => Event::Revoked(typed(name, fields)?),
        "AccessDecided" => Event::AccessDecided(typed(name, fields)?),
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
            Event::Granted(event) => event.commit(at, db).await,
            Event::Revoked(event) => event.commit(at, db).await,
            Event::AccessDecided(event) => event.commit(at, db).await,
        }
    }
}

impl Granted {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        sqlx::query(
            "insert into grants (id, owner, grantee, purposes, categories, valid_from_ms, \
             valid_until_ms, max_uses, uses, record, block_number, event_index) \
             values ($1, $2, $3, $4, $5, $6::text::u64, $7::text::u64, $8, 0, $9, $10, $11)",
        )
        .bind(bigint(self.grant.0, "grant")?)
        .bind(self.owner.as_bytes())
        .bind(self.grantee.as_bytes())
        .bind(i64::from(self.purposes.0))
        .bind(i64::from(self.categories.0))
        .bind(self.from.to_string())
        .bind(self.until.to_string())
        .bind(self.max_uses.map(|uses| i64::from(uses.0)))
        .bind(self.record.as_bytes())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        Ok(())
    }
}

impl Revoked {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let done = sqlx::query(
            "update grants set revoked_at_ms = $3, block_number = $4, event_index = $5 \
             where id = $1 and owner = $2 and revoked_at_ms is null",
        )
        .bind(bigint(self.grant.0, "grant")?)
        .bind(self.owner.as_bytes())
        .bind(bigint(self.at.0, "at")?)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || format!("grant {} is not there, or already revoked", self.grant))
    }
}

impl AccessDecided {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        self.check_link(&mut *db).await?;
        let (permitted, deny_reason) = match &self.decision {
            Decision::Permit => (true, None),
            Decision::Deny(reason) => (false, Some(reason.as_str())),
        };
        sqlx::query(
            "insert into access_log (access, owner, requester, sequence, purpose, category, \
             grant_id, permitted, deny_reason, at_ms, previous_hash, entry_hash, \
             block_number, event_index) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        )
        .bind(bigint(self.access.0, "access")?)
        .bind(self.owner.as_bytes())
        .bind(self.requester.as_bytes())
        .bind(bigint(self.sequence.0, "sequence")?)
        .bind(i16::from(self.purpose.0))
        .bind(i16::from(self.category.0))
        .bind(self.grant.map(|grant| bigint(grant.0, "grant")).transpose()?)
        .bind(permitted)
        .bind(deny_reason)
        .bind(bigint(self.at.0, "at")?)
        .bind(self.previous.as_bytes())
        .bind(self.entry.as_bytes())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(&mut *db)
        .await?;
        if permitted { self.count_use(at, db).await } else { Ok(()) }
    }

    /// The owner's log is a chain of hashes: this entry must name the one before it.
    async fn check_link(&self, db: &mut PgConnection) -> Result<(), CommitError> {
        let before: Option<Vec<u8>> = sqlx::query_scalar(
            "select entry_hash from access_log where owner = $1 and sequence = $2",
        )
        .bind(self.owner.as_bytes())
        .bind(bigint(self.sequence.0, "sequence")?.saturating_sub(1))
        .fetch_optional(db)
        .await?;
        let linked = match before {
            Some(hash) => hash == self.previous.as_bytes(),
            None => self.sequence.0 == 1 && self.previous.is_zero(),
        };
        if linked {
            return Ok(());
        }
        Err(CommitError::Inconsistent(format!(
            "log entry {} of owner 0x{} does not follow from the one before it",
            self.sequence,
            hex::encode(self.owner.0)
        )))
    }

    async fn count_use(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let grant = self.grant.map(|grant| bigint(grant.0, "grant")).transpose()?;
        let done = sqlx::query(
            "update grants set uses = uses + 1, block_number = $4, event_index = $5 \
             where id = $1 and owner = $2 and grantee = $3",
        )
        .bind(grant)
        .bind(self.owner.as_bytes())
        .bind(self.requester.as_bytes())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || {
            format!("access {} was permitted without a grant that is known here", self.access)
        })
    }
}
