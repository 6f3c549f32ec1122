//! The log of access decisions: one chain of heads per data owner.

use assent_client::bundle::blake2_256;
use serde::Deserialize;
use sqlx::PgConnection;

use crate::handlers::{CommitError, Position, bigint, one_row};
use assent_client::{Account, Hash};

use crate::types::{Int, nullable};

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
    #[serde(deserialize_with = "nullable")]
    window: Option<Int<u64>>,
    decision: Decision,
    at: Int<u64>,
    previous: Hash,
    content: Hash,
    head: Hash,
}

/// What was decided; the reason is the name of the contract's variant.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub enum Decision {
    /// Access is permitted.
    Permit,
    /// Access is refused, with the reason.
    Deny(String),
}

impl AccessDecided {
    pub(super) async fn commit(
        &self,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        self.check_link(&mut *db).await?;
        let (permitted, deny_reason) = match &self.decision {
            Decision::Permit => (true, None),
            Decision::Deny(reason) => (false, Some(reason.as_str())),
        };
        sqlx::query(
            "insert into access_log (access, owner, requester, sequence, purpose, category, \
             grant_id, window_id, permitted, deny_reason, at_ms, previous_head, content, head, \
             block_number, event_index) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        )
        .bind(bigint(self.access.0, "access")?)
        .bind(self.owner.as_bytes())
        .bind(self.requester.as_bytes())
        .bind(bigint(self.sequence.0, "sequence")?)
        .bind(i16::from(self.purpose.0))
        .bind(i16::from(self.category.0))
        .bind(self.grant.map(|grant| bigint(grant.0, "grant")).transpose()?)
        .bind(self.window.map(|window| bigint(window.0, "window")).transpose()?)
        .bind(permitted)
        .bind(deny_reason)
        .bind(bigint(self.at.0, "at")?)
        .bind(self.previous.as_bytes())
        .bind(self.content.as_bytes())
        .bind(self.head.as_bytes())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(&mut *db)
        .await?;
        match (permitted, self.grant, self.window) {
            (false, ..) => Ok(()),
            (true, _, Some(window)) => self.count_window_use(window, at, db).await,
            (true, grant, None) => self.count_grant_use(grant, at, db).await,
        }
    }

    /// This entry must name the head of the one before it, and its own head must follow from that
    /// head and its content.
    async fn check_link(&self, db: &mut PgConnection) -> Result<(), CommitError> {
        let before: Option<Vec<u8>> =
            sqlx::query_scalar("select head from access_log where owner = $1 and sequence = $2")
                .bind(self.owner.as_bytes())
                .bind(bigint(self.sequence.0, "sequence")?.saturating_sub(1))
                .fetch_optional(db)
                .await?;
        let linked = match before {
            Some(head) => head == self.previous.as_bytes(),
            None => self.sequence.0 == 1 && self.previous.is_zero(),
        };
        let head = blake2_256(&[self.previous.0, self.content.0].concat());
        let reason = match (linked, head == self.head.0) {
            (true, true) => return Ok(()),
            (false, _) => "does not follow from the one before it",
            (true, false) => "has a head that is not the hash of the one before it and its content",
        };
        Err(CommitError::Inconsistent(format!(
            "log entry {} of owner 0x{} {reason}",
            self.sequence,
            hex::encode(self.owner.0)
        )))
    }

    async fn count_grant_use(
        &self,
        grant: Option<Int<u64>>,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        let grant = grant.map(|grant| bigint(grant.0, "grant")).transpose()?;
        let done = sqlx::query(
            "update grants set uses = uses + 1, block_number = $4, event_index = $5 \
             where id = $1 and owner = $2 and grantee = $3 and revoked_at_ms is null",
        )
        .bind(grant)
        .bind(self.owner.as_bytes())
        .bind(self.requester.as_bytes())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || {
            format!("access {} was permitted without a grant that holds here", self.access)
        })
    }

    async fn count_window_use(
        &self,
        window: Int<u64>,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        let done = sqlx::query(
            "update emergency_windows set uses = uses + 1, block_number = $5, event_index = $6 \
             where id = $1 and patient = $2 and provider = $3 \
             and opened_at_ms <= $4 and coalesce(closed_at_ms, until_ms) > $4",
        )
        .bind(bigint(window.0, "window")?)
        .bind(self.owner.as_bytes())
        .bind(self.requester.as_bytes())
        .bind(bigint(self.at.0, "at")?)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || {
            format!("access {} was permitted without a window that is open here", self.access)
        })
    }
}
