//! Emergencies: a provider, or one of its staff, breaks the glass to a patient's data. The provider
//! answers for it, and the key that did it.

use crate::data::{next, Data};
use crate::errors::ConsentError;
use assent_events::{
    consent::{
        BarLifted, EmergencyBarred, GlassBroken, GlassClosed, GlassReviewed, SuspensionProposed,
    },
    power, role, Hash, Outcome, SanctionReason,
};
use assent_traits::participants::Admission;
use ink::primitives::AccountId;

/// Roles that may review an emergency.
const REVIEWERS: u16 = role::AUDITOR | role::REGULATOR;

/// A broken glass: a time in which a provider needs no grant to treat a patient.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Window {
    /// For whom it was opened.
    pub provider: AccountId,
    /// Whose data.
    pub patient: AccountId,
    /// Who opened it: the provider itself, or one of its staff.
    pub by: AccountId,
    /// The commitment to the person of the staff who holds the key; `None`: it is the provider's own.
    pub person: Option<Hash>,
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
    /// Who closed it: the provider or one of its staff, the patient or a guardian of his, or a reviewer who
    /// found it unjustified.
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

    /// Whether the key that opened it has to wait, since its patient closed it.
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
    /// The key that opened it may not break the glass.
    pub barred: Option<EmergencyBarred>,
    /// The suspension of the provider is proposed.
    pub proposed: Option<SuspensionProposed>,
}

impl Data {
    /// Opens a window for `provider`, for whom `caller` acts. The admission's subject is the patient,
    /// the other is the provider.
    pub fn break_glass(
        &mut self,
        caller: AccountId,
        now: u64,
        admission: Admission,
        provider: AccountId,
        patient: AccountId,
        justification: Hash,
    ) -> Result<GlassBroken, ConsentError> {
        if !admission.for_other.may(power::BREAK_GLASS) {
            return Err(ConsentError::NotAuthorized);
        }
        if !admission.other.has(role::PROVIDER) {
            return Err(ConsentError::NotProvider);
        }
        // Nor to those of his ward: he has grants to give.
        let own = patient == provider || patient == caller;
        if own || admission.for_subject.may(power::GUARDIAN) {
            return Err(ConsentError::OwnData);
        }
        if !admission.subject.has(role::DATA_OWNER) {
            return Err(ConsentError::PatientNotAdmitted);
        }
        if self.choices(patient).refuses_emergencies {
            return Err(ConsentError::EmergencyRefused);
        }
        let times = self.times();
        if self.open_window(now, provider, patient).is_some() {
            return Err(ConsentError::WindowOpen);
        }
        if self.bar(caller).is_some() {
            return Err(ConsentError::Barred);
        }
        let latest = self.latest_of_key.get((caller, patient)).and_then(|own| self.window(own));
        if latest.is_some_and(|window| window.cools_down(now, times.cooldown)) {
            return Err(ConsentError::CoolingDown);
        }
        let number = next(self.last_window.get_or_default())?;
        let until = now.checked_add(times.window).ok_or(ConsentError::TooMany)?;
        let review_by = now.checked_add(times.review).ok_or(ConsentError::TooMany)?;

        self.last_window.set(&number);
        self.latest_window.insert((provider, patient), &number);
        self.latest_of_key.insert((caller, patient), &number);
        let (by, person) = (caller, admission.for_other.person);
        let window = Window {
            provider,
            patient,
            by,
            person,
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
            provider,
            by,
            person,
            justification,
            at: now,
            until,
            review_by,
        })
    }

    /// Closes a window before its time. The admission's subject is its patient, the other is its
    /// provider. After a guardian nobody has to wait, so that a doctor opens the next one at once.
    pub fn close_break_glass(
        &mut self,
        caller: AccountId,
        now: u64,
        admission: Admission,
        number: u64,
    ) -> Result<GlassClosed, ConsentError> {
        let mut window = self.known_window(number)?;
        let Admission { for_subject, for_other, .. } = admission;
        if !for_other.may(power::BREAK_GLASS) && !for_subject.may(power::GUARDIAN) {
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

    /// Records the judgement of `caller`, who has to be an active auditor or regulator. The admission's
    /// subject is the patient, the other is the provider. What was justified is for the whole of a
    /// window to tell; what was not ends it, and bars the key that acted.
    pub fn review_break_glass(
        &mut self,
        caller: AccountId,
        now: u64,
        admission: Admission,
        number: u64,
        outcome: Outcome,
    ) -> Result<Review, ConsentError> {
        let mut window = self.known_window(number)?;
        if !admission.caller.has(REVIEWERS) {
            return Err(ConsentError::NotReviewer);
        }
        let (provider, key) = (window.provider, window.by);
        if caller == key || admission.for_subject.is_some() || admission.for_other.is_some() {
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
            self.bars.insert(key, &number);
        }
        Ok(Review {
            closed: open.then_some(GlassClosed { window: number, by: caller, at: now }),
            reviewed: GlassReviewed { window: number, by: caller, outcome, at: now },
            barred: unjustified.then_some(EmergencyBarred { key, window: number, at: now }),
            proposed: proposes.then_some(SuspensionProposed {
                provider,
                window: number,
                reason: SanctionReason::Unjustified,
                at: now,
            }),
        })
    }

    /// Lets `key` break the glass again; `caller` has to be an active regulator (`regulator`).
    pub fn lift_bar(
        &mut self,
        caller: AccountId,
        now: u64,
        regulator: bool,
        key: AccountId,
    ) -> Result<BarLifted, ConsentError> {
        if !regulator {
            return Err(ConsentError::NotRegulator);
        }
        if self.bar(key).is_none() {
            return Err(ConsentError::NotBarred);
        }
        if caller == key {
            return Err(ConsentError::OwnBar);
        }
        self.bars.remove(key);
        Ok(BarLifted { key, by: caller, at: now })
    }

    /// The window for which `key` may not break the glass; the latest that was judged so.
    pub fn bar(&self, key: AccountId) -> Option<u64> {
        self.bars.get(key)
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
        let number = self.latest_window.get((provider, patient))?;
        self.window(number)?.is_open(now).then_some(number)
    }
}
