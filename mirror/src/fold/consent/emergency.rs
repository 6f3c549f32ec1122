//! Emergencies: windows that providers, or their staff, opened without a grant, their reviews, and what
//! follows when there was no emergency or no review.

use assent_events::consent::{
    BarLifted, EmergencyBarred, GlassBroken, GlassClosed, GlassReviewed, SuspensionProposed,
};
use assent_events::{AccountId, Outcome, SanctionReason};

use super::{Bar, Sanction, Window};
use crate::fold::{Stop, bigint, contradiction, hex};
use crate::position::Position;
use crate::rows::Rows;

impl Window {
    /// Whether it is the account's own affair, so that it is not its reviewer.
    fn is_party(&self, account: AccountId) -> bool {
        [self.patient, self.provider, self.opened_by].contains(&account)
    }

    /// Whether what happens at this moment happens in it.
    pub(super) fn is_open(&self, at_ms: i64) -> bool {
        self.opened_at_ms <= at_ms && at_ms < self.closed_at_ms.unwrap_or(self.until_ms)
    }
}

pub(super) fn broken(event: &GlassBroken, at: Position, rows: &mut Rows) -> Result<(), Stop> {
    let GlassBroken {
        window,
        patient,
        provider,
        by,
        person,
        justification,
        at: at_ms,
        until,
        review_by,
    } = *event;
    let row = Window {
        id: bigint(window, "window")?,
        patient,
        provider,
        opened_by: by,
        person,
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
    // Anybody but the two is of the provider's staff or a guardian of the patient, which participants
    // knows, or its reviewer, whose judgement is the next event.
    if before.outcome.is_some() {
        return contradiction(format!("window {window} was closed after its review"));
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
    let at_ms = bigint(at_ms, "at")?;
    if before.is_open(at_ms) {
        return contradiction(format!("window {window} was reviewed while it was open"));
    }
    rows.put(Window {
        outcome: Some(outcome),
        reviewed_at_ms: Some(at_ms),
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

pub(super) fn barred(event: &EmergencyBarred, at: Position, rows: &mut Rows) -> Result<(), Stop> {
    let EmergencyBarred { key, window, at: at_ms } = *event;
    let window_id = bigint(window, "window")?;
    let groundless =
        || format!("window {window} was not opened by {}, or was not found unjustified", hex(key));
    let about: Window = rows.find((window_id,), groundless)?;
    if about.opened_by != key || about.outcome != Some(Outcome::Unjustified) {
        return contradiction(groundless());
    }
    // It takes the place of an earlier one, whether that still holds or not.
    let barred_at_ms = bigint(at_ms, "at")?;
    rows.put(Bar { key, window_id, barred_at_ms, lifted_at_ms: None, lifted_by: None, at })
}

pub(super) fn bar_lifted(event: &BarLifted, rows: &mut Rows) -> Result<(), Stop> {
    let BarLifted { key, by, at: at_ms } = *event;
    let missing = || format!("the key {} is not barred", hex(key));
    let before: Bar = rows.find((key,), missing)?;
    if before.lifted_at_ms.is_some() {
        return contradiction(missing());
    }
    rows.put(Bar { lifted_at_ms: Some(bigint(at_ms, "at")?), lifted_by: Some(by), ..before })
}
