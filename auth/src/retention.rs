//! Forgetting: what has ended long enough ago is deleted, a bounded number of rows at once.

use crate::{Auth, error::AuthError};

/// Rows that were deleted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Sessions.
    pub sessions: u64,
    /// API keys.
    pub keys: u64,
    /// Who read what.
    pub reads: u64,
}

impl Pruned {
    /// Whether nothing was left to delete: if not, go on soon.
    #[must_use]
    pub fn is_done(&self, batch: u32) -> bool {
        [self.sessions, self.keys, self.reads].iter().all(|rows| *rows < u64::from(batch))
    }
}

impl Auth {
    /// Deletes at most `batch` rows of each kind that [`crate::Settings`] need not keep. Several services on one
    /// database may do so at the same time.
    ///
    /// # Errors
    /// [`AuthError::Unavailable`], and faults of the service.
    pub async fn prune(&self, batch: u32) -> Result<Pruned, AuthError> {
        let settings = self.settings();
        let now = settings.clock.now();
        let delete = async |statement: &'static str, ended_by| {
            let deleted = sqlx::query(statement)
                .bind(ended_by)
                .bind(i64::from(batch))
                .execute(self.pool())
                .await?;
            Ok::<_, AuthError>(deleted.rows_affected())
        };
        // As long as its nonce counts, a session is what says that it was used.
        let session_retention = settings.session_retention.max(settings.nonce_lifetime);
        let sessions = delete(
            "delete from auth.sessions where id = any(array(
                select id from auth.sessions
                where least(ended_at_ms, expires_at_ms) <= $1
                order by least(ended_at_ms, expires_at_ms)
                limit $2
                for update skip locked
            ))",
            now.before(session_retention),
        )
        .await?;
        let keys = delete(
            "delete from auth.api_keys where id = any(array(
                select id from auth.api_keys
                where least(revoked_at_ms, expires_at_ms) <= $1
                order by least(revoked_at_ms, expires_at_ms)
                limit $2
                for update skip locked
            ))",
            now.before(settings.key_retention),
        )
        .await?;
        let reads = delete(
            "delete from auth.reads where id = any(array(
                select id from auth.reads
                where at_ms <= $1
                order by at_ms
                limit $2
            ))",
            now.before(settings.read_retention),
        )
        .await?;
        Ok(Pruned { sessions, keys, reads })
    }
}
