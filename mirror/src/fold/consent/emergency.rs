//! Emergencies: windows that providers opened without a grant, their reviews, and what the contract
//! proposes when there was no emergency or no review.

use assent_events::consent::{GlassBroken, GlassClosed, GlassReviewed, SuspensionProposed};
use assent_events::{AccountId, Outcome, SanctionReason};

use super::{Sanction, Window};
use crate::fold::{Stop, bigint, contradiction, hex};
use crate::position::Position;
use crate::rows::Rows;

impl Window {
    fn is_party(&self, account: AccountId) -> bool {
        account == self.patient || account == self.provider
    }

    /// Whether what happens at this moment happens in it.
    pub(super) fn is_open(&self, at_ms: i64) -> bool {
        self.opened_at_ms <= at_ms && at_ms < self.closed_at_ms.unwrap_or(self.until_ms)
    }
}

pub(super) fn broken(event: &GlassBroken, at: Position, rows: &mut Rows) -> Result<(), Stop> {
    let GlassBroken { window, patient, provider, justification, at: at_ms, until, review_by } =
        *event;
    let row = Window {
        id: bigint(window, "window")?,
        patient,
        provider,
        justification,
        opened_at_ms: bigint(at_ms, "at")?,
        until_ms: bigint(until, "until")?,
        review_by_ms: bigint(review_by, "review_by")?,
        closed_at_ms: None,
        closed_by: None,
        outcome: None,
        reviewed_at_ms: None,
        reviewed_by: None,
        uses: 0,
        at,
    };
    rows.insert(row, || format!("window {window} is there already"))
}

pub(super) fn closed(event: &GlassClosed, rows: &mut Rows) -> Result<(), Stop> {
    let GlassClosed { window, by, at: at_ms } = *event;
    let at_ms = bigint(at_ms, "at")?;
    let missing = || format!("window {window} is not there, or already closed");
    let before: Window = rows.find((bigint(window, "window")?,), missing)?;
    if before.closed_at_ms.is_some() {
        return contradiction(missing());
    }
    if !before.is_open(at_ms) {
        return contradiction(format!("window {window} was closed when it was not open"));
    }
    if !before.is_party(by) {
        return contradiction(format!("{} closed window {window}, but is no party", hex(by)));
    }
    rows.put(Window { closed_at_ms: Some(at_ms), closed_by: Some(by), ..before })
}

pub(super) fn reviewed(event: &GlassReviewed, rows: &mut Rows) -> Result<(), Stop> {
    let GlassReviewed { window, by, outcome, at: at_ms } = *event;
    let missing = || format!("window {window} is not there, or already reviewed");
    let before: Window = rows.find((bigint(window, "window")?,), missing)?;
    if before.outcome.is_some() {
        return contradiction(missing());
    }
    if before.is_party(by) {
        return contradiction(format!("{} reviewed window {window}, but is a party", hex(by)));
    }
    rows.put(Window {
        outcome: Some(outcome),
        reviewed_at_ms: Some(bigint(at_ms, "at")?),
        reviewed_by: Some(by),
        ..before
    })
}

pub(super) fn proposed(
    event: &SuspensionProposed,
    at: Position,
    rows: &mut Rows,
) -> Result<(), Stop> {
    let SuspensionProposed { provider, window, reason, at: at_ms } = *event;
    let window_id = bigint(window, "window")?;
    let proposed_at_ms = bigint(at_ms, "at")?;
    let groundless = || {
        format!(
            "window {window} is not of provider {}, or gives no ground for a suspension",
            hex(provider)
        )
    };
    let about: Window = rows.find((window_id,), groundless)?;
    let grounded = match reason {
        SanctionReason::Unjustified => about.outcome == Some(Outcome::Unjustified),
        SanctionReason::Unreviewed => {
            about.outcome.is_none() && about.review_by_ms <= proposed_at_ms
        }
    };
    if about.provider != provider || !grounded {
        return contradiction(groundless());
    }
    rows.append(Sanction { window_id, provider, reason, proposed_at_ms, at });
    Ok(())
}
