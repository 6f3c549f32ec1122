//! Broken glasses: opened, closed, reviewed, sanctioned; and the keys that may break none.

use crate::{
    ensure, power,
    role::{AUDITOR, DATA_OWNER, PROVIDER, REGULATOR},
    Account, Agency, Answer, Consent, Deed, Hash, Outcome, Participant, Refusal, Reply, Window,
    World,
};

/// What was known when the glass was broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    /// Who broke it.
    pub broken: Deed,
    /// The provider's admission.
    pub provider_is: Option<Participant>,
    /// The patient's admission.
    pub patient_is: Option<Participant>,
    /// How many of [`Consent::bars`] there were.
    pub bars: usize,
    /// How many of [`Consent::chosen`] there were.
    pub chosen: usize,
}

/// A review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Review {
    /// Whose.
    pub by: Account,
    /// When.
    pub at: u64,
    /// How many of [`Participants::mandated`](crate::Participants::mandated) there were.
    pub mandates: usize,
}

/// A key that may no longer break the glass, or may again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bar {
    /// Which.
    pub key: Account,
    /// The window on whose account; `None`: it is lifted.
    pub window: Option<u64>,
    /// Who decided so.
    pub by: Account,
    /// His admission then.
    pub by_is: Option<Participant>,
}

impl Consent {
    /// The window that `provider` has open on `patient`.
    pub fn open_window(&self, provider: &Account, patient: &Account, now: u64) -> Option<u64> {
        self.windows_on(provider, patient).find(|(_, w)| w.is_open(now)).map(|(n, _)| n)
    }

    /// The windows of `provider` on `patient`, the latest first.
    pub(crate) fn windows_on<'a>(
        &'a self,
        provider: &'a Account,
        patient: &'a Account,
    ) -> impl Iterator<Item = (u64, Window)> + 'a {
        let windows = self.windows.iter().rev().map(|(number, window)| (*number, *window));
        windows.filter(|(_, w)| w.provider == *provider && w.patient == *patient)
    }

    /// The window on whose account `key` may break no glass.
    pub fn bar(&self, key: &Account) -> Option<u64> {
        self.bars.iter().rev().find(|bar| bar.key == *key)?.window
    }

    /// Until when `key` has to wait after `patient` closed the window that it opened on him last,
    /// for whomever.
    pub fn cooling_until(&self, key: &Account, patient: &Account) -> Option<u64> {
        let last = self.windows.values().rev().find(|w| w.by == *key && w.patient == *patient)?;
        let closed = last.closed.filter(|_| last.closed_by == Some(*patient))?;
        Some(closed.saturating_add(self.times.cooldown))
    }

    fn window_mut(&mut self, number: u64) -> Result<&mut Window, Refusal> {
        self.windows.get_mut(&number).ok_or("UnknownWindow")
    }
}

impl World {
    /// `break_glass`
    pub fn break_glass(
        &mut self,
        caller: Account,
        now: u64,
        provider: Account,
        patient: Account,
        justification: Hash,
    ) -> Reply {
        let caller = self.by(caller)?;
        let power = power::BREAK_GLASS;
        let Agency { person, .. } = self.participants.acting(&provider, &caller, power, now)?;
        ensure(self.participants.has_role(&provider, PROVIDER), "NotProvider")?;
        let ward = self.guardian_until(caller, now, patient).is_some();
        ensure(patient != provider && patient != caller && !ward, "OwnData")?;
        ensure(self.participants.has_role(&patient, DATA_OWNER), "PatientNotAdmitted")?;
        let consent = &self.consent;
        ensure(!consent.refuses_emergencies(&patient), "EmergencyRefused")?;
        ensure(consent.open_window(&provider, &patient, now).is_none(), "WindowOpen")?;
        ensure(consent.bar(&caller).is_none(), "Barred")?;
        let cooling = consent.cooling_until(&caller, &patient);
        ensure(cooling.is_none_or(|until| until <= now), "CoolingDown")?;
        let window = Window {
            provider,
            patient,
            by: caller,
            person,
            justification,
            opened: now,
            until: now.checked_add(consent.times.window).ok_or("TooMany")?,
            review_by: now.checked_add(consent.times.review).ok_or("TooMany")?,
            closed: None,
            closed_by: None,
            outcome: None,
            sanctioned: false,
        };
        let number = consent.windows.len() as u64 + 1;
        let opening = Opening {
            broken: self.participants.deed(provider, caller, power, now),
            provider_is: self.participant(&provider),
            patient_is: self.participant(&patient),
            bars: consent.bars.len(),
            chosen: consent.chosen.len(),
        };
        self.consent.openings.insert(number, opening);
        self.consent.windows.insert(number, window);
        Ok(Answer::Number(number))
    }

    /// `close_break_glass`
    pub fn close_break_glass(&mut self, caller: Account, now: u64, number: u64) -> Reply {
        self.consent.window_mut(number)?;
        let caller = self.by(caller)?;
        let participants = &self.participants;
        let window = self.consent.window_mut(number)?;
        // The patient does it for himself, or his guardian for him.
        let (patients, providers) = (power::GUARDIAN, power::BREAK_GLASS);
        let sides = [(window.patient, patients), (window.provider, providers)];
        let may = |(side, power): &(Account, u16)| {
            participants.acting(side, &caller, *power, now).is_ok()
        };
        let (subject, power) = sides.into_iter().find(may).ok_or("NotAuthorized")?;
        ensure(window.is_open(now), "WindowClosed")?;
        (window.closed, window.closed_by) = (Some(now), Some(caller));
        let closed = participants.deed(subject, caller, power, now);
        self.consent.closings.insert(number, closed);
        Ok(Answer::Nothing)
    }

    /// `review_break_glass`
    pub fn review_break_glass(
        &mut self,
        caller: Account,
        now: u64,
        number: u64,
        outcome: Outcome,
    ) -> Reply {
        self.consent.window_mut(number)?;
        let caller = self.by(caller)?;
        let reviewer = self.participants.has_role(&caller, AUDITOR | REGULATOR);
        let by_is = self.participant(&caller);
        let participants = &self.participants;
        let window = self.consent.window_mut(number)?;
        ensure(reviewer, "NotReviewer")?;
        let involved = [window.provider, window.patient]
            .iter()
            .any(|party| participants.agency(party, &caller, now) != Agency::NONE);
        ensure(!involved && caller != window.by, "OwnReview")?;
        ensure(window.outcome.is_none(), "AlreadyReviewed")?;
        let (open, unjustified) = (window.is_open(now), outcome == Outcome::Unjustified);
        ensure(unjustified || !open, "WindowOpen")?;
        if open {
            (window.closed, window.closed_by) = (Some(now), Some(caller));
        }
        window.outcome = Some(outcome);
        let key = window.by;
        let proposes = unjustified && !window.sanctioned;
        window.sanctioned |= proposes;
        self.consent.sanctions.extend(proposes.then_some(number));
        let bar = Bar { key, window: Some(number), by: caller, by_is };
        self.consent.bars.extend(unjustified.then_some(bar));
        let mandates = participants.mandated.len();
        self.consent.reviews.insert(number, Review { by: caller, at: now, mandates });
        Ok(Answer::Nothing)
    }

    /// `lift_bar`
    pub fn lift_bar(&mut self, caller: Account, key: Account) -> Reply {
        let caller = self.by(caller)?;
        ensure(self.participants.has_role(&caller, REGULATOR), "NotRegulator")?;
        ensure(self.consent.bar(&key).is_some(), "NotBarred")?;
        ensure(caller != key, "OwnBar")?;
        let by_is = self.participant(&caller);
        self.consent.bars.push(Bar { key, window: None, by: caller, by_is });
        Ok(Answer::Nothing)
    }

    /// `sanction_overdue`
    pub fn sanction_overdue(&mut self, now: u64, number: u64) -> Reply {
        let window = self.consent.window_mut(number)?;
        ensure(window.outcome.is_none(), "AlreadyReviewed")?;
        ensure(now >= window.review_by, "NotOverdue")?;
        ensure(!window.sanctioned, "AlreadySanctioned")?;
        window.sanctioned = true;
        self.consent.sanctions.push(number);
        Ok(Answer::Nothing)
    }
}
