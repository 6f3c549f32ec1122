//! Emergencies: a provider breaks the glass to a patient's data, and answers for it.

use crate::data::{next, Data};
use crate::decision::Admission;
use crate::errors::ConsentError;
use assent_events::{
    consent::{GlassBroken, GlassClosed, GlassReviewed, SuspensionProposed},
    Hash, Outcome, SanctionReason,
};
use ink::primitives::AccountId;

/// A broken glass: a time in which a provider needs no grant to treat a patient.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Window {
    /// Who opened it.
    pub provider: AccountId,
    /// Whose data.
    pub patient: AccountId,
    /// Salted commitment to the justification.
    pub justification: Hash,
    /// When it was opened, ms since 1970.
    pub opened: u64,
    /// First moment at which it is no longer open, ms since 1970.
    pub until: u64,
    /// First moment at which a missing review is overdue, ms since 1970.
    pub review_by: u64,
    /// When it was closed before its time, ms since 1970.
    pub closed: Option<u64>,
    /// What a reviewer made of it.
    pub outcome: Option<Outcome>,
    /// Whether the suspension of the provider was proposed.
    pub sanctioned: bool,
}

impl Window {
    /// Whether it is open.
    pub fn is_open(&self, now: u64) -> bool {
        self.closed.is_none() && self.opened <= now && now < self.until
    }
}

impl Data {
    /// Opens a window for `caller`; of the admission, `provider` is about him.
    pub fn break_glass(
        &mut self,
        caller: AccountId,
        now: u64,
        admission: Admission,
        patient: AccountId,
        justification: Hash,
    ) -> Result<GlassBroken, ConsentError> {
        if !admission.provider {
            return Err(ConsentError::NotProvider);
        }
        if patient == caller {
            return Err(ConsentError::OwnData);
        }
        if !admission.owner {
            return Err(ConsentError::PatientNotAdmitted);
        }
        if self.open_window(now, caller, patient).is_some() {
            return Err(ConsentError::WindowOpen);
        }
        let number = next(self.last_window.get_or_default())?;
        let times = self.times();
        let until = now.checked_add(times.window).ok_or(ConsentError::TooMany)?;
        let review_by = now.checked_add(times.review).ok_or(ConsentError::TooMany)?;

        self.last_window.set(&number);
        self.latest_window.insert((caller, patient), &number);
        let window = Window {
            provider: caller,
            patient,
            justification,
            opened: now,
            until,
            review_by,
            closed: None,
            outcome: None,
            sanctioned: false,
        };
        self.windows.insert(number, &window);
        Ok(GlassBroken {
            window: number,
            patient,
            provider: caller,
            justification,
            at: now,
            until,
            review_by,
        })
    }

    /// Closes a window before its time.
    pub fn close_break_glass(
        &mut self,
        caller: AccountId,
        now: u64,
        number: u64,
    ) -> Result<GlassClosed, ConsentError> {
        let mut window = self.known_window(number)?;
        if caller != window.provider && caller != window.patient {
            return Err(ConsentError::NotAuthorized);
        }
        if window.closed.is_some() || now >= window.until {
            return Err(ConsentError::WindowClosed);
        }
        window.closed = Some(now);
        self.windows.insert(number, &window);
        Ok(GlassClosed { window: number, by: caller, at: now })
    }

    /// Records the judgement of `caller`, who has to be an active auditor or regulator (`reviewer`).
    pub fn review_break_glass(
        &mut self,
        caller: AccountId,
        now: u64,
        reviewer: bool,
        number: u64,
        outcome: Outcome,
    ) -> Result<(GlassReviewed, Option<SuspensionProposed>), ConsentError> {
        let mut window = self.known_window(number)?;
        if !reviewer {
            return Err(ConsentError::NotReviewer);
        }
        if caller == window.provider || caller == window.patient {
            return Err(ConsentError::OwnReview);
        }
        if window.outcome.is_some() {
            return Err(ConsentError::AlreadyReviewed);
        }
        let reviewed = GlassReviewed { window: number, by: caller, outcome, at: now };
        // A window is good for one proposal, whichever reason comes first.
        let proposes = outcome == Outcome::Unjustified && !window.sanctioned;
        let sanction = proposes.then_some(SuspensionProposed {
            provider: window.provider,
            window: number,
            reason: SanctionReason::Unjustified,
            at: now,
        });

        window.outcome = Some(outcome);
        window.sanctioned |= proposes;
        self.windows.insert(number, &window);
        Ok((reviewed, sanction))
    }

    /// Proposes the suspension of a provider whose window nobody reviewed in time.
    pub fn sanction_overdue(
        &mut self,
        now: u64,
        number: u64,
    ) -> Result<SuspensionProposed, ConsentError> {
        let mut window = self.known_window(number)?;
        if window.outcome.is_some() {
            return Err(ConsentError::AlreadyReviewed);
        }
        if now < window.review_by {
            return Err(ConsentError::NotOverdue);
        }
        if window.sanctioned {
            return Err(ConsentError::AlreadySanctioned);
        }
        window.sanctioned = true;
        self.windows.insert(number, &window);
        Ok(SuspensionProposed {
            provider: window.provider,
            window: number,
            reason: SanctionReason::Unreviewed,
            at: now,
        })
    }

    /// A window by number.
    pub fn window(&self, number: u64) -> Option<Window> {
        self.windows.get(number)
    }

    /// A window by number, which there has to be.
    pub fn known_window(&self, number: u64) -> Result<Window, ConsentError> {
        self.window(number).ok_or(ConsentError::UnknownWindow)
    }

    /// Number of the window of `provider` on `patient` that is open.
    pub fn open_window(&self, now: u64, provider: AccountId, patient: AccountId) -> Option<u64> {
        // Only the latest can be open: there is no second one before it ends.
        let number = self.latest_window.get((provider, patient))?;
        self.window(number)?.is_open(now).then_some(number)
    }
}
