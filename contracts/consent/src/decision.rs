//! Decisions on requests for access.

use crate::data::Data;
use crate::denial::{denied, Denial};
use crate::errors::ConsentError;
use crate::grants::{Live, Pair, GRANTEES};
use crate::log::Access;
use assent_events::{
    consent::{AccessDecided, OutsiderRefused},
    power, purpose, role, Decision, DenyReason, Hash, MASK_BITS,
};
use assent_traits::{
    participants::Admission,
    rewards::{Accrual, AccrueError},
    CallFailed,
};
use ink::primitives::AccountId;

/// A request for access.
#[derive(Debug, Clone)]
pub struct Request {
    /// For whom is asked.
    pub requester: AccountId,
    /// Whose data.
    pub owner: AccountId,
    /// Under which grant; `None`: any that covers it.
    pub grant: Option<u64>,
    /// Which record; `None`: none in particular.
    pub record: Option<Hash>,
    /// Index of the purpose.
    pub purpose: u8,
    /// Index of the category.
    pub category: u8,
}

/// Where, when and by which key a request is made.
#[derive(Debug, Clone, Copy)]
pub struct Circumstances {
    /// What the contents of the log begin with.
    pub domain: Hash,
    /// The block's time, in milliseconds.
    pub now: u64,
    /// Whether the contract is paused.
    pub paused: bool,
    /// The key that asks: the requester's or one of its staff's.
    pub by: AccountId,
}

impl Request {
    /// Whether masks have room for what is asked.
    pub fn check(&self) -> Result<(), ConsentError> {
        if self.purpose >= MASK_BITS {
            return Err(ConsentError::UnknownPurpose);
        }
        if self.category >= MASK_BITS {
            return Err(ConsentError::UnknownCategory);
        }
        Ok(())
    }
}

/// What a request comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Permit, or deny with a reason.
    pub decision: Decision,
    /// The grant that was applied: that permits, whose reason it is, or that would have permitted
    /// had somebody paid.
    pub grant: Option<u64>,
    /// The emergency that permitted it without one.
    pub window: Option<u64>,
}

/// What is on record of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The requester was admitted once: an entry in the owner's log.
    Decided(AccessDecided),
    /// The requester was never admitted: a refusal in the contract's own log.
    Refused(OutsiderRefused),
}

/// What the rewards contract answers; the error is that it did not.
pub type Accrued = Result<Result<Accrual, AccrueError>, CallFailed>;

/// Why the grants do not permit, and the one whose reason it is.
type Refusal = (DenyReason, Option<u64>);

/// In which epoch and in which guardianship an owner is; what was given in others does not count.
#[derive(Debug, Clone, Copy)]
struct Epochs {
    own: u32,
    guardianship: u32,
}

impl Data {
    /// Decides a request, logs the decision, and uses the grant once if one permits. Costs the same
    /// however many grants, entries and windows there are. The admission's subject is the owner, the
    /// other is the requester. `accrue` asks the rewards contract about the access of this number,
    /// which a grant permits.
    pub fn request_access(
        &mut self,
        circumstances: Circumstances,
        admission: Admission,
        request: Request,
        accrue: impl FnOnce(u64) -> Accrued,
    ) -> Result<Answer, ConsentError> {
        let Circumstances { domain, now, paused, by } = circumstances;
        request.check()?;
        if !admission.for_other.may(power::ASK) {
            return Err(ConsentError::NotAuthorized);
        }
        // Who was never admitted has no staff: it is his own key.
        if !admission.other.admitted {
            return self.log.refuse(domain, now, &request).map(Answer::Refused);
        }
        let key = (request.owner, request.requester);
        let pair = self.pair(key.0, key.1);
        // Whoever acts by the key, which may not be the first one that he has.
        let acting = admission.acting.unwrap_or(by);
        let askers = [acting, by];
        let verdict = self.weigh(now, paused, askers, admission, &request, pair.as_ref());
        let Verdict { mut decision, grant, window } = verdict;
        let place = self.log.place(request.owner)?;
        // What an emergency permits earns nothing: it waits for no other contract.
        let uses = grant.filter(|_| decision == Decision::Permit);
        if let Some(number) = uses {
            // Before anything is written: re-entry is denied, so that nothing changes meanwhile.
            if is_funded(request.purpose, accrue(place.access))? {
                self.change_live(key, pair, number, Live::use_once);
            } else {
                decision = Decision::Deny(DenyReason::Unfunded);
            }
        }
        let person = admission.for_other.person;
        let access = Access { request, by, person, grant, window, decision, at: now };
        Ok(Answer::Decided(self.log.append(domain, place, access)))
    }

    /// What a request comes to by the requester's own key. An emergency makes up for a grant that does
    /// not permit, also in a pause, in which no grant counts, and for nothing else.
    pub fn decide(
        &self,
        now: u64,
        paused: bool,
        admission: Admission,
        request: &Request,
    ) -> Verdict {
        let pair = self.pair(request.owner, request.requester);
        self.weigh(now, paused, [request.requester; 2], admission, request, pair.as_ref())
    }

    /// As [`decide`](Self::decide), when one acts, by the second of `askers`, which is his key; with the
    /// entry of the two at hand.
    fn weigh(
        &self,
        now: u64,
        paused: bool,
        askers: [AccountId; 2],
        admission: Admission,
        request: &Request,
        pair: Option<&Pair>,
    ) -> Verdict {
        let deny =
            |reason, grant| Verdict { decision: Decision::Deny(reason), grant, window: None };
        if !admission.other.has(GRANTEES) {
            return deny(DenyReason::RequesterNotAdmitted, None);
        }
        if !admission.subject.has(role::DATA_OWNER) {
            return deny(DenyReason::OwnerNotAdmitted, None);
        }
        // To the organisation, to the one of its staff who asks, or to his key, which the log shows.
        let mut denial = self.denial_of(request.requester, request);
        let mut add = |of: AccountId| {
            let more = self.denial_of(of, request);
            denial.categories |= more.categories;
            denial.by_guardians |= more.by_guardians;
        };
        let [by, key] = askers;
        if by != request.requester {
            add(by);
        }
        if key != by && key != request.requester {
            add(key);
        }
        if has(denial.categories, request.category) {
            return deny(DenyReason::Denied, None);
        }
        // The one read of it: it also says whether grants and windows count.
        let own = self.owner(request.owner);
        let restriction = own.choices.against(request);
        if restriction.is_some_and(|restriction| !restriction.by_guardian) {
            return deny(DenyReason::Denied, None);
        }
        // What guardians deny binds no emergency.
        let by_grant = if has(denial.by_guardians, request.category) || restriction.is_some() {
            Err((DenyReason::Denied, None))
        } else if paused {
            Err((DenyReason::Paused, None))
        } else {
            let epochs = Epochs { own: own.epoch, guardianship: admission.guardianship };
            self.by_grant(now, epochs, request, pair)
        };
        let (reason, grant) = match by_grant {
            Ok(number) => {
                let grant = Some(number);
                return Verdict { decision: Decision::Permit, grant, window: None };
            }
            Err(refusal) => refusal,
        };
        let counts = admission.other.has(role::PROVIDER) && !own.choices.refuses_emergencies;
        match counts.then(|| self.emergency(now, request)).flatten() {
            Some(number) => {
                let window = Some(number);
                Verdict { decision: Decision::Permit, grant: None, window }
            }
            None => deny(reason, grant),
        }
    }

    /// The open window that is good for a request of one who is a provider, unless the owner refuses
    /// emergencies.
    fn emergency(&self, now: u64, request: &Request) -> Option<u64> {
        if request.purpose != purpose::TREATMENT || request.check().is_err() {
            return None;
        }
        self.open_window(now, request.requester, request.owner)
    }

    /// What is denied `account` for the purpose of a request.
    fn denial_of(&self, account: AccountId, request: &Request) -> Denial {
        denied(&self.denials(request.owner, account), request.purpose)
    }

    /// The grant that permits a request, in these epochs of the owner's.
    fn by_grant(
        &self,
        now: u64,
        epochs: Epochs,
        request: &Request,
        pair: Option<&Pair>,
    ) -> Result<u64, Refusal> {
        let pair = pair.ok_or((DenyReason::NoGrant, None))?;
        match request.grant {
            Some(number) => self.by_named(now, epochs, request, pair, number),
            None => self.by_any(now, epochs, request, pair),
        }
    }

    /// Whether the grant that a request names permits it, if it is one between these two; or why not.
    fn by_named(
        &self,
        now: u64,
        epochs: Epochs,
        request: &Request,
        pair: &Pair,
        number: u64,
    ) -> Result<u64, Refusal> {
        let owner = request.owner;
        let guardianship = Some(epochs.guardianship);
        let refusal = if let Some(live) = pair.find(number) {
            let end = if pair.epoch == epochs.own {
                self.end(now, owner, live, guardianship)
            } else {
                Some(DenyReason::Revoked)
            };
            match end {
                Some(DenyReason::Revoked | DenyReason::Expired) => end,
                _ => live.refusal(now, request),
            }
        } else {
            let grant = self
                .grants
                .get(number)
                .filter(|grant| grant.owner == owner && grant.grantee == request.requester)
                .ok_or((DenyReason::NoGrant, None))?;
            // What has left the entry is over, which nothing undoes: there is always a reason.
            Some(match self.end_in(epochs.own, now, number, &grant, guardianship) {
                Some(reason @ (DenyReason::Revoked | DenyReason::Expired)) => reason,
                _ => Live::of(number, &grant).refusal(now, request).unwrap_or(DenyReason::Expired),
            })
        };
        refusal.map_or(Ok(number), |reason| Err((reason, Some(number))))
    }

    /// Of the live grants that cover a request the first without a limit, or else the first; or the
    /// reason of the one that came closest, or else of the latest.
    fn by_any(
        &self,
        now: u64,
        epochs: Epochs,
        request: &Request,
        pair: &Pair,
    ) -> Result<u64, Refusal> {
        if pair.epoch != epochs.own {
            return Err((DenyReason::Revoked, Some(pair.latest)));
        }
        let mut limited = None;
        let mut closest: Option<(DenyReason, u64)> = None;
        let mut latest = DenyReason::Revoked;
        for live in &pair.live {
            let end = self.end(now, request.owner, live, Some(epochs.guardianship));
            if let Some(reason) = end {
                if live.number == pair.latest {
                    latest = reason;
                }
                continue;
            }
            match live.refusal(now, request) {
                None if live.max_uses.is_none() => return Ok(live.number),
                None => limited = limited.or(Some(live.number)),
                Some(reason) => {
                    if closest.is_none_or(|(best, _)| progress(reason) > progress(best)) {
                        closest = Some((reason, live.number));
                    }
                }
            }
        }
        let (reason, number) = closest.unwrap_or((latest, pair.latest));
        limited.ok_or((reason, Some(number)))
    }
}

/// Whether a permit for a purpose stands, as far as its reward goes. That for a treatment does
/// whatever the rewards contract refuses: care never waits for money.
fn is_funded(purpose: u8, answer: Accrued) -> Result<bool, ConsentError> {
    let care = purpose == purpose::TREATMENT;
    match answer {
        Ok(Ok(Accrual::Earned(_) | Accrual::Nothing | Accrual::Unfunded)) => Ok(true),
        Ok(Ok(Accrual::Declined)) => Ok(care),
        Ok(Err(_)) if care => Ok(true),
        Ok(Err(_)) | Err(CallFailed) => Err(ConsentError::RewardsFailed),
    }
}

/// How far a live grant got that does not cover a request.
const fn progress(reason: DenyReason) -> u8 {
    match reason {
        DenyReason::RecordNotGranted => 1,
        DenyReason::PurposeNotGranted => 2,
        DenyReason::CategoryNotGranted => 3,
        // Not yet valid: nothing else is left for one that lives.
        _ => 0,
    }
}

/// Whether a mask has a bit. A shift past the mask's width is a bit that no mask has.
pub(crate) fn has(mask: u32, bit: u8) -> bool {
    1u32.checked_shl(u32::from(bit)).is_some_and(|bit| mask & bit != 0)
}
