//! Emergencies: windows that providers opened without a grant, their reviews, and what the contract
//! proposes when there was no emergency or no review.

use assent_events::consent::{GlassBroken, GlassClosed, GlassReviewed, SuspensionProposed};
use sqlx::PgConnection;

use crate::handlers::{Commit, CommitError, Position, bigint, one_row};

impl Commit for GlassBroken {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { window, patient, provider, justification, at: at_ms, until, review_by } = *self;
        check_none_open(self, &mut *db).await?;
        sqlx::query(
            "insert into emergency_windows (id, patient, provider, justification, opened_at_ms, \
             until_ms, review_by_ms, uses, block_number, event_index) \
             values ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9)",
        )
        .bind(bigint(window, "window")?)
        .bind(patient.0)
        .bind(provider.0)
        .bind(justification)
        .bind(bigint(at_ms, "at")?)
        .bind(bigint(until, "until")?)
        .bind(bigint(review_by, "review_by")?)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        Ok(())
    }
}

/// A provider has at most one open window on a patient, so that each is reviewed by itself.
async fn check_none_open(event: &GlassBroken, db: &mut PgConnection) -> Result<(), CommitError> {
    let open: Option<i64> = sqlx::query_scalar(
        "select id from emergency_windows where patient = $1 and provider = $2 \
         and coalesce(closed_at_ms, until_ms) > $3 limit 1",
    )
    .bind(event.patient.0)
    .bind(event.provider.0)
    .bind(bigint(event.at, "at")?)
    .fetch_optional(db)
    .await?;
    match open {
        None => Ok(()),
        Some(open) => Err(CommitError::Inconsistent(format!(
            "window {} was opened while window {open} of the same two was open",
            event.window
        ))),
    }
}

impl Commit for GlassClosed {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { window, by, at: at_ms } = *self;
        let done = sqlx::query(
            "update emergency_windows set closed_at_ms = $2, closed_by = $3, \
             block_number = $4, event_index = $5 where id = $1 and closed_at_ms is null",
        )
        .bind(bigint(window, "window")?)
        .bind(bigint(at_ms, "at")?)
        .bind(by.0)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || format!("window {} is not there, or already closed", window))
    }
}

impl Commit for GlassReviewed {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { window, by, outcome, at: at_ms } = *self;
        let done = sqlx::query(
            "update emergency_windows set outcome = $2, reviewed_at_ms = $3, reviewed_by = $4, \
             block_number = $5, event_index = $6 where id = $1 and outcome is null",
        )
        .bind(bigint(window, "window")?)
        .bind(outcome.as_str())
        .bind(bigint(at_ms, "at")?)
        .bind(by.0)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || format!("window {} is not there, or already reviewed", window))
    }
}

impl Commit for SuspensionProposed {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { provider, window, reason, at: at_ms } = *self;
        let done = sqlx::query(
            "insert into sanctions (window_id, provider, reason, proposed_at_ms, \
             block_number, event_index) select id, provider, $3, $4, $5, $6 \
             from emergency_windows where id = $1 and provider = $2 and case $3 \
             when 'unjustified' then coalesce(outcome = 'unjustified', false) \
             else outcome is null and review_by_ms <= $4 end",
        )
        .bind(bigint(window, "window")?)
        .bind(provider.0)
        .bind(reason.as_str())
        .bind(bigint(at_ms, "at")?)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || {
            format!(
                "window {} is not of provider 0x{}, or gives no ground for a suspension",
                window,
                hex::encode(provider.0)
            )
        })
    }
}
