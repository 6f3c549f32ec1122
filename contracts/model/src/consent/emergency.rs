//! Broken glasses: opened, closed, reviewed, sanctioned.

use crate::{
    ensure,
    role::{AUDITOR, DATA_OWNER, PROVIDER, REGULATOR},
    Account, Answer, Consent, Hash, Outcome, Refusal, Reply, Window, World,
};

impl Consent {
    /// The window that `provider` has open on `patient`.
    pub fn open_window(&self, provider: &Account, patient: &Account, now: u64) -> Option<u64> {
        let mut windows = self.windows.iter();
        let theirs = |w: &Window| w.provider == *provider && w.patient == *patient;
        windows.find(|(_, w)| theirs(w) && w.is_open(now)).map(|(n, _)| *n)
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
        patient: Account,
        justification: Hash,
    ) -> Reply {
        ensure(self.participants.has_role(&caller, PROVIDER), "NotProvider")?;
        ensure(patient != caller, "OwnData")?;
        ensure(self.participants.has_role(&patient, DATA_OWNER), "PatientNotAdmitted")?;
        let consent = &mut self.consent;
        ensure(consent.open_window(&caller, &patient, now).is_none(), "WindowOpen")?;
        let window = Window {
            provider: caller,
            patient,
            justification,
            opened: now,
            until: now.checked_add(consent.times.window).ok_or("TooMany")?,
            review_by: now.checked_add(consent.times.review).ok_or("TooMany")?,
            closed: None,
            outcome: None,
            sanctioned: false,
        };
        let number = consent.windows.len() as u64 + 1;
        let admission = |account| self.participants.participants.get(account).copied();
        consent.openings.insert(number, (admission(&caller), admission(&patient)));
        consent.windows.insert(number, window);
        Ok(Answer::Number(number))
    }

    /// `close_break_glass`
    pub fn close_break_glass(&mut self, caller: Account, now: u64, number: u64) -> Reply {
        let window = self.consent.window_mut(number)?;
        ensure(caller == window.provider || caller == window.patient, "NotAuthorized")?;
        ensure(window.is_open(now), "WindowClosed")?;
        window.closed = Some(now);
        Ok(Answer::Nothing)
    }

    /// `review_break_glass`
    pub fn review_break_glass(&mut self, caller: Account, number: u64, outcome: Outcome) -> Reply {
        let reviewer = self.participants.has_role(&caller, AUDITOR | REGULATOR);
        let window = self.consent.window_mut(number)?;
        ensure(reviewer, "NotReviewer")?;
        ensure(caller != window.provider && caller != window.patient, "OwnReview")?;
        ensure(window.outcome.is_none(), "AlreadyReviewed")?;
        window.outcome = Some(outcome);
        let proposes = outcome == Outcome::Unjustified && !window.sanctioned;
        window.sanctioned |= proposes;
        self.consent.sanctions.extend(proposes.then_some(number));
        self.consent.reviewers.insert(number, caller);
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
