//! Emergencies: a provider breaks the glass to a patient's data, and answers for it.

use crate::data::{next, Data};
use crate::errors::ConsentError;
use assent_events::{
    consent::{
        BarLifted, EmergencyBarred, GlassBroken, GlassClosed, GlassReviewed, SuspensionProposed,
    },
    role, Hash, Outcome, SanctionReason,
};
use assent_traits::participants::Admission;
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
    /// Who closed it: the provider, the patient, or a reviewer who found it unjustified.
    pub closed_by: Option<AccountId>,
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

    /// Whether its provider has to wait, since its patient closed it.
    fn cools_down(&self, now: u64, cooldown: u64) -> bool {
        let by_patient = self.closed.filter(|_| self.closed_by == Some(self.patient));
        by_patient.is_some_and(|closed| now < closed.saturating_add(cooldown))
    }
}

/// What a review comes to; the events in the order in which they happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// An open window ended.
    pub closed: Option<GlassClosed>,
    /// The judgement.
    pub reviewed: GlassReviewed,
    /// The provider's key may not break the glass.
    pub barred: Option<EmergencyBarred>,
    /// The suspension of the provider is proposed.
    pub proposed: Option<SuspensionProposed>,
}

impl Data {
    /// Opens a window for `caller`. The admission's subject is the patient, the other is the caller.
    pub fn break_glass(
        &mut self,
        caller: AccountId,
        now: u64,
        admission: Admission,
        patient: AccountId,
        justification: Hash,
    ) -> Result<GlassBroken, ConsentError> {
        if !admission.other.has(role::PROVIDER) {
            return Err(ConsentError::NotProvider);
        }
        if patient == caller {
            return Err(ConsentError::OwnData);
        }
        if !admission.subject.has(role::DATA_OWNER) {
            return Err(ConsentError::PatientNotAdmitted);
        }
        if self.choices(patient).refuses_emergencies {
            return Err(ConsentError::EmergencyRefused);
        }
        let times = self.times();
        let latest = self.latest_window(caller, patient);
        if latest.as_ref().is_some_and(|(_, window)| window.is_open(now)) {
            return Err(ConsentError::WindowOpen);
        }
        if self.bar(caller).is_some() {
            return Err(ConsentError::Barred);
        }
        if latest.is_some_and(|(_, window)| window.cools_down(now, times.cooldown)) {
            return Err(ConsentError::CoolingDown);
        }
        let number = next(self.last_window.get_or_default())?;
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
            closed_by: None,
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
        window.closed_by = Some(caller);
        self.windows.insert(number, &window);
        Ok(GlassClosed { window: number, by: caller, at: now })
    }

    /// Records the judgement of `caller`, who has to be an active auditor or regulator (`reviewer`).
    /// What was justified is for the whole of a window to tell; what was not ends it, and bars the
    /// key that acted.
    pub fn review_break_glass(
        &mut self,
        caller: AccountId,
        now: u64,
        reviewer: bool,
        number: u64,
        outcome: Outcome,
    ) -> Result<Review, ConsentError> {
        let mut window = self.known_window(number)?;
        if !reviewer {
            return Err(ConsentError::NotReviewer);
        }
        let provider = window.provider;
        if caller == provider || caller == window.patient {
            return Err(ConsentError::OwnReview);
        }
        if window.outcome.is_some() {
            return Err(ConsentError::AlreadyReviewed);
        }
        let open = window.is_open(now);
        let unjustified = match outcome {
            Outcome::Justified if open => return Err(ConsentError::WindowOpen),
            Outcome::Justified => false,
            Outcome::Unjustified => true,
        };
        // A window is good for one proposal, whichever reason comes first.
        let proposes = unjustified && !window.sanctioned;

        if open {
            window.closed = Some(now);
            window.closed_by = Some(caller);
        }
        window.outcome = Some(outcome);
        window.sanctioned |= proposes;
        self.windows.insert(number, &window);
        if unjustified {
            self.bars.insert(provider, &number);
        }
        Ok(Review {
            closed: open.then_some(GlassClosed { window: number, by: caller, at: now }),
            reviewed: GlassReviewed { window: number, by: caller, outcome, at: now },
            barred: unjustified.then_some(EmergencyBarred { provider, window: number, at: now }),
            proposed: proposes.then_some(SuspensionProposed {
                provider,
                window: number,
                reason: SanctionReason::Unjustified,
                at: now,
            }),
        })
    }

    /// Lets `provider` break the glass again; `caller` has to be an active regulator (`regulator`).
    pub fn lift_bar(
        &mut self,
        caller: AccountId,
        now: u64,
        regulator: bool,
        provider: AccountId,
    ) -> Result<BarLifted, ConsentError> {
        if !regulator {
            return Err(ConsentError::NotRegulator);
        }
        if self.bar(provider).is_none() {
            return Err(ConsentError::NotBarred);
        }
        if caller == provider {
            return Err(ConsentError::OwnBar);
        }
        self.bars.remove(provider);
        Ok(BarLifted { provider, by: caller, at: now })
    }

    /// The window for which `provider` may not break the glass; the latest that was judged so.
    pub fn bar(&self, provider: AccountId) -> Option<u64> {
        self.bars.get(provider)
    }

    /// Proposes the suspension of a provider whose window nobody reviewed in time. It bars nobody:
    /// an idle reviewer must not lock a hospital out.
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

    /// Number of the window of `provider` on `patient` that is open. It permits nothing while the
    /// patient refuses emergencies.
    pub fn open_window(&self, now: u64, provider: AccountId, patient: AccountId) -> Option<u64> {
        // Only the latest can be open: there is no second one before it ends.
        let (number, window) = self.latest_window(provider, patient)?;
        window.is_open(now).then_some(number)
    }

    fn latest_window(&self, provider: AccountId, patient: AccountId) -> Option<(u64, Window)> {
        let number = self.latest_window.get((provider, patient))?;
        Some((number, self.window(number)?))
    }
}
