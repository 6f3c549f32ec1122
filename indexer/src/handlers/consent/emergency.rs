//! Emergencies: windows that providers opened without a grant, their reviews, and what the contract
//! proposes when there was no emergency or no review.

use assent_client::{Account, Hash};
use serde::Deserialize;
use sqlx::PgConnection;

use crate::handlers::{CommitError, Position, bigint, one_row};
use crate::types::Int;

/// Fields of `GlassBroken`; times in ms since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct GlassBroken {
    window: Int<u64>,
    patient: Account,
    provider: Account,
    justification: Hash,
    at: Int<u64>,
    until: Int<u64>,
    review_by: Int<u64>,
}

/// Fields of `GlassClosed`; `at` in ms since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct GlassClosed {
    window: Int<u64>,
    by: Account,
    at: Int<u64>,
}

/// Fields of `GlassReviewed`; `at` in ms since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct GlassReviewed {
    window: Int<u64>,
    by: Account,
    outcome: Outcome,
    at: Int<u64>,
}

/// Fields of `SuspensionProposed`; `at` in ms since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SuspensionProposed {
    provider: Account,
    window: Int<u64>,
    reason: Reason,
    at: Int<u64>,
}

/// What a reviewer made of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Outcome {
    /// There was an emergency that called for it.
    Justified,
    /// There was none.
    Unjustified,
}

/// Why a suspension is proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Reason {
    /// A reviewer found the access unjustified.
    Unjustified,
    /// Nobody reviewed it before its deadline.
    Unreviewed,
}

impl GlassBroken {
    pub(super) async fn commit(
        &self,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        self.check_none_open(&mut *db).await?;
        sqlx::query(
            "insert into emergency_windows (id, patient, provider, justification, opened_at_ms, \
             until_ms, review_by_ms, uses, block_number, event_index) \
             values ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9)",
        )
        .bind(bigint(self.window.0, "window")?)
        .bind(self.patient.as_bytes())
        .bind(self.provider.as_bytes())
        .bind(self.justification.as_bytes())
        .bind(bigint(self.at.0, "at")?)
        .bind(bigint(self.until.0, "until")?)
        .bind(bigint(self.review_by.0, "review_by")?)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        Ok(())
    }

    /// A provider has at most one open window on a patient, so that each is reviewed by itself.
    async fn check_none_open(&self, db: &mut PgConnection) -> Result<(), CommitError> {
        let open: Option<i64> = sqlx::query_scalar(
            "select id from emergency_windows where patient = $1 and provider = $2 \
             and coalesce(closed_at_ms, until_ms) > $3 limit 1",
        )
        .bind(self.patient.as_bytes())
        .bind(self.provider.as_bytes())
        .bind(bigint(self.at.0, "at")?)
        .fetch_optional(db)
        .await?;
        match open {
            None => Ok(()),
            Some(open) => Err(CommitError::Inconsistent(format!(
                "window {} was opened while window {open} of the same two was open",
                self.window
            ))),
        }
    }
}

impl GlassClosed {
    pub(super) async fn commit(
        &self,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        let done = sqlx::query(
            "update emergency_windows set closed_at_ms = $2, closed_by = $3, \
             block_number = $4, event_index = $5 where id = $1 and closed_at_ms is null",
        )
        .bind(bigint(self.window.0, "window")?)
        .bind(bigint(self.at.0, "at")?)
        .bind(self.by.as_bytes())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || format!("window {} is not there, or already closed", self.window))
    }
}

impl GlassReviewed {
    pub(super) async fn commit(
        &self,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        let outcome = match self.outcome {
            Outcome::Justified => "justified",
            Outcome::Unjustified => "unjustified",
        };
        let done = sqlx::query(
            "update emergency_windows set outcome = $2, reviewed_at_ms = $3, reviewed_by = $4, \
             block_number = $5, event_index = $6 where id = $1 and outcome is null",
        )
        .bind(bigint(self.window.0, "window")?)
        .bind(outcome)
        .bind(bigint(self.at.0, "at")?)
        .bind(self.by.as_bytes())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || format!("window {} is not there, or already reviewed", self.window))
    }
}

impl SuspensionProposed {
    pub(super) async fn commit(
        &self,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        let reason = match self.reason {
            Reason::Unjustified => "unjustified",
            Reason::Unreviewed => "unreviewed",
        };
        let done = sqlx::query(
            "insert into sanctions (window_id, provider, reason, proposed_at_ms, \
             block_number, event_index) select id, provider, $3, $4, $5, $6 \
             from emergency_windows where id = $1 and provider = $2 and case $3 \
             when 'unjustified' then coalesce(outcome = 'unjustified', false) \
             else outcome is null and review_by_ms <= $4 end",
        )
        .bind(bigint(self.window.0, "window")?)
        .bind(self.provider.as_bytes())
        .bind(reason)
        .bind(bigint(self.at.0, "at")?)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || {
            format!(
                "window {} is not of provider 0x{}, or gives no ground for a suspension",
                self.window,
                hex::encode(self.provider.0)
            )
        })
    }
}
