//! The log of access decisions: one chain of heads per data owner.

use assent_client::bundle::blake2_256;
use assent_events::Decision;
use assent_events::consent::AccessDecided;
use sqlx::PgConnection;

use crate::handlers::{Commit, CommitError, Position, bigint, one_row};

impl Commit for AccessDecided {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self {
            owner,
            requester,
            access,
            sequence,
            purpose,
            category,
            grant,
            window,
            decision,
            at: at_ms,
            previous,
            content,
            head,
        } = *self;
        check_link(self, &mut *db).await?;
        let (permitted, deny_reason) = match decision {
            Decision::Permit => (true, None),
            Decision::Deny(reason) => (false, Some(reason.as_str())),
        };
        sqlx::query(
            "insert into access_log (access, owner, requester, sequence, purpose, category, \
             grant_id, window_id, permitted, deny_reason, at_ms, previous_head, content, head, \
             block_number, event_index) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        )
        .bind(bigint(access, "access")?)
        .bind(owner.0)
        .bind(requester.0)
        .bind(bigint(sequence, "sequence")?)
        .bind(i16::from(purpose))
        .bind(i16::from(category))
        .bind(grant.map(|grant| bigint(grant, "grant")).transpose()?)
        .bind(window.map(|window| bigint(window, "window")).transpose()?)
        .bind(permitted)
        .bind(deny_reason)
        .bind(bigint(at_ms, "at")?)
        .bind(previous)
        .bind(content)
        .bind(head)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(&mut *db)
        .await?;
        match (permitted, grant, window) {
            (false, ..) => Ok(()),
            (true, _, Some(window)) => count_window_use(self, window, at, db).await,
            (true, grant, None) => count_grant_use(self, grant, at, db).await,
        }
    }
}

/// This entry must name the head of the one before it, and its own head must follow from that
/// head and its content.
async fn check_link(event: &AccessDecided, db: &mut PgConnection) -> Result<(), CommitError> {
    let before: Option<Vec<u8>> =
        sqlx::query_scalar("select head from access_log where owner = $1 and sequence = $2")
            .bind(event.owner.0)
            .bind(bigint(event.sequence, "sequence")?.saturating_sub(1))
            .fetch_optional(db)
            .await?;
    let linked = match before {
        Some(head) => head == event.previous,
        None => event.sequence == 1 && event.previous == [0; 32],
    };
    let head = blake2_256(&[event.previous, event.content].concat());
    let reason = match (linked, head == event.head) {
        (true, true) => return Ok(()),
        (false, _) => "does not follow from the one before it",
        (true, false) => "has a head that is not the hash of the one before it and its content",
    };
    Err(CommitError::Inconsistent(format!(
        "log entry {} of owner 0x{} {reason}",
        event.sequence,
        hex::encode(event.owner.0)
    )))
}

async fn count_grant_use(
    event: &AccessDecided,
    grant: Option<u64>,
    at: Position,
    db: &mut PgConnection,
) -> Result<(), CommitError> {
    let grant = grant.map(|grant| bigint(grant, "grant")).transpose()?;
    let done = sqlx::query(
        "update grants set uses = uses + 1, block_number = $4, event_index = $5 \
         where id = $1 and owner = $2 and grantee = $3 and revoked_at_ms is null",
    )
    .bind(grant)
    .bind(event.owner.0)
    .bind(event.requester.0)
    .bind(at.block_number)
    .bind(at.event_index)
    .execute(db)
    .await?;
    one_row(done, || {
        format!("access {} was permitted without a grant that holds here", event.access)
    })
}

async fn count_window_use(
    event: &AccessDecided,
    window: u64,
    at: Position,
    db: &mut PgConnection,
) -> Result<(), CommitError> {
    let done = sqlx::query(
        "update emergency_windows set uses = uses + 1, block_number = $5, event_index = $6 \
         where id = $1 and patient = $2 and provider = $3 \
         and opened_at_ms <= $4 and coalesce(closed_at_ms, until_ms) > $4",
    )
    .bind(bigint(window, "window")?)
    .bind(event.owner.0)
    .bind(event.requester.0)
    .bind(bigint(event.at, "at")?)
    .bind(at.block_number)
    .bind(at.event_index)
    .execute(db)
    .await?;
    one_row(done, || {
        format!("access {} was permitted without a window that is open here", event.access)
    })
}
