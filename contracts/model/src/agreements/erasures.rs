//! Requests for erasure, and what was answered.

use crate::{
    ensure, power, Account, Answer, Deed, Erasure, ErasureAnswer, ErasureRequest, Hash,
    Participant, Reply, World,
};
use assent_interface::agreements::MAX_RETENTION;

/// What was known when erasure was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The owner's admission.
    pub owner_is: Option<Participant>,
    /// The requester's admission.
    pub requester_is: Option<Participant>,
    /// Who asked, for whom.
    pub deed: Deed,
    /// The grants between the two, by number.
    pub between: Vec<(u64, Erasure)>,
    /// How many grants there were in all.
    pub grants: usize,
}

/// An answer to such a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answered {
    /// To which.
    pub erasure: u64,
    /// What.
    pub answer: ErasureAnswer,
    /// Who gave it, for whom.
    pub deed: Deed,
}

impl World {
    /// `request_erasure`
    pub fn request_erasure(
        &mut self,
        caller: Account,
        now: u64,
        owner: Account,
        requester: Account,
    ) -> Reply {
        let caller = self.by(caller)?;
        ensure(owner != requester && caller != requester, "SelfErasure")?;
        self.participants.acting(&owner, &caller, power::GUARDIAN, now)?;
        ensure(self.participants.was_admitted(&owner), "OwnerNotAdmitted")?;
        ensure(self.participants.was_admitted(&requester), "RequesterNotAdmitted")?;
        let a = &self.agreements;
        let latest = a.latest_erasure(&owner, &requester).and_then(|n| a.erasures.get(&n));
        ensure(latest.is_none_or(|latest| latest.answer.is_some()), "AlreadyRequested")?;
        let live = self.live_grants(&owner, &requester, now);
        ensure(live.is_empty(), "GrantLive")?;

        let between = self.consent.between(&owner, &requester).into_iter();
        let asked = Asked {
            owner_is: self.participant(&owner),
            deed: self.participants.deed(owner, caller, power::GUARDIAN, now),
            requester_is: self.participant(&requester),
            between: between.map(|(number, grant)| self.known(number, grant, now)).collect(),
            grants: self.consent.grants.len(),
        };
        let a = &mut self.agreements;
        let number = a.erasures.len() as u64 + 1;
        let due = now.saturating_add(a.times.answer);
        let erasure = ErasureRequest { owner, requester, at: now, due, answer: None };
        a.erasures.insert(number, erasure);
        a.asked.insert(number, asked);
        Ok(Answer::Number(number))
    }

    /// `answer_erasure`
    pub fn answer_erasure(
        &mut self,
        caller: Account,
        now: u64,
        number: u64,
        retained_until: Option<u64>,
        evidence: Hash,
    ) -> Reply {
        ensure(self.agreements.erasures.contains_key(&number), "UnknownErasure")?;
        let caller = self.by(caller)?;
        let a = &mut self.agreements;
        let erasure = a.erasures.get_mut(&number).ok_or("UnknownErasure")?;
        let requester = erasure.requester;
        self.participants.acting(&requester, &caller, power::SIGN, now)?;
        // Whoever asks may not answer; of the requester's own key that is not asked.
        let guards = self.participants.agency(&erasure.owner, &caller, now).powers;
        let asks = caller != requester && guards & power::GUARDIAN != 0;
        ensure(!asks, "NotAuthorized")?;
        ensure(erasure.answer.is_none(), "AlreadyAnswered")?;
        let in_time = |until| now < until && until - now <= MAX_RETENTION;
        ensure(retained_until.is_none_or(in_time), "InvalidRetention")?;
        let answer = ErasureAnswer { retained_until, evidence, by: caller, at: now };
        erasure.answer = Some(answer);
        let deed = self.participants.deed(requester, caller, power::SIGN, now);
        a.answered.push(Answered { erasure: number, answer, deed });
        Ok(Answer::Nothing)
    }
}
