//! What the mirror says that the consent contract decides, compared with what it does: before each request
//! for access, and for random ones that nobody makes, which the view answers. The view tells no grant and no
//! window: of these the mirror is compared with the model, whose log is compared with the contract's.

use assent_interface::consent;
use assent_mirror::decision::{Because, Standing, Status, Verdict};
use assent_model::{
    Account, ConsentMessage, Decision, DenyReason, Grant, MASK_BITS, Message, Record, Request,
    Ruling, TREATMENT,
};
use assent_sandbox::Outcome;

use super::{Name, Walk, of};

/// After so many messages random requests are compared.
pub(super) const EVERY: usize = 5;
/// So many of them.
pub(super) const REQUESTS: usize = 2;
/// And so many at the end of a walk.
pub(super) const IN_THE_END: usize = 50;

impl Walk {
    /// What the mirror says of a request for access before it is made; nothing of other messages.
    pub(super) fn foretell(
        &self,
        caller: Account,
        message: &Message,
    ) -> Result<Option<Verdict>, String> {
        let Message::Consent(ConsentMessage::RequestAccess(
            requester,
            owner,
            grant,
            record,
            purpose,
            category,
        )) = message
        else {
            return Ok(None);
        };
        let request = Request {
            requester: *requester,
            owner: *owner,
            grant: *grant,
            record: *record,
            purpose: *purpose,
            category: *category,
        };
        self.weigh(caller, request).map(Some)
    }

    /// Compares what the mirror makes of so many requests, which are random, though the same when a walk is
    /// played again.
    pub(super) fn decisions_agree(&mut self, requests: usize) -> Result<(), String> {
        let mut dice = Dice(self.now ^ (self.steps as u64).rotate_left(40));
        for _ in 0..requests {
            let request = self.some_request(&mut dice);
            let everybody = self.everybody();
            self.weigh(everybody[dice.below(everybody.len())], request)?;
            self.as_the_view_says(request)?;
            self.grants_stand(request)?;
        }
        Ok(())
    }

    /// What the mirror says of a request by a key, which the model has to say as well.
    fn weigh(&self, key: Account, request: Request) -> Result<Verdict, String> {
        let verdict = self.mirror.decide(self.now, key, &request)?;
        // A key that was replaced asks for nobody. What it would come to is compared all the same.
        let acting = self.world.participants.identity(&key).unwrap_or(key);
        let ruling = self.world.ruling(self.now, [acting, key], request);
        let Ruling { decision, grant, window } = ruling;
        let number = |number: Option<i64>| number.map(i64::unsigned_abs);
        let says = (verdict.decision, number(verdict.grant), number(verdict.window));
        if says == (decision, grant, window) {
            return Ok(verdict);
        }
        Err(format!("{request:?} by {key:?}: mirror {verdict:?}, model {ruling:?}"))
    }

    /// What the mirror says of a request by the requester's own key, which is what the contract shows.
    fn as_the_view_says(&mut self, request: Request) -> Result<(), String> {
        let Request { requester, owner, grant, record, purpose, category } = request;
        let asked = (requester, owner, grant, record, purpose, category);
        let contract = of(&self.contracts, Name::Consent).clone();
        let shown: Decision = self.sandbox.view(&contract, consent::IS_PERMITTED, &asked);
        let verdict = self.weigh(requester, request)?;
        if verdict.decision == shown {
            return Ok(());
        }
        Err(format!("{request:?}: mirror {verdict:?}, contract {shown:?}"))
    }

    /// Where the grants stand between the parties of a request: the contract shows those that live, and what
    /// is decided on a request that names one follows from its status.
    fn grants_stand(&mut self, request: Request) -> Result<(), String> {
        let contract = of(&self.contracts, Name::Consent).clone();
        let pair = (request.owner, request.requester);
        let live: Vec<(u64, Grant)> = self.sandbox.view(&contract, consent::LIVE_GRANTS, &pair);
        let standings = self.mirror.standings(self.now, &request)?;
        let lives = |status| matches!(status, Status::Active | Status::Blocked | Status::Pending);
        let living = standings.iter().filter(|(_, standing)| lives(standing.status));
        if !living.map(|(number, _)| number).eq(live.iter().map(|(number, _)| number)) {
            return Err(format!("of {pair:?}: mirror {standings:?}, contract {live:?}"));
        }
        for (number, standing) in standings {
            let Some(grant) = self.world.consent.grants.get(&number) else {
                return Err(format!("the model has no grant {number}, the mirror {standing:?}"));
            };
            let record = match grant.record {
                Record::One(record) => Some(record),
                Record::All => None,
                // It is over, and for nothing that can be asked for.
                Record::Erased => continue,
            };
            // The first that it is for, and the last.
            let [purpose, category] = [grant.purposes, grant.categories];
            let first = [purpose, category].map(u32::trailing_zeros);
            let last = [purpose, category].map(|mask| 31 - mask.leading_zeros());
            for [purpose, category] in [first, last].map(|bits| bits.map(|bit| bit as u8)) {
                let named = Request { grant: Some(number), record, purpose, category, ..request };
                let verdict = self.weigh(request.requester, named)?;
                if verdict.window.is_none() && !follows(&standing, verdict.decision) {
                    return Err(format!("{named:?}: {verdict:?} of {standing:?}"));
                }
            }
        }
        Ok(())
    }

    /// Mostly one between two of whom one gave the other something.
    fn some_request(&self, dice: &mut Dice) -> Request {
        let c = &self.world.consent;
        let everybody = self.everybody();
        let (granted, opened) = (dice.below(c.grants.len()), dice.below(c.windows.len()));
        let (granted, window) = (c.grants.iter().nth(granted), c.windows.values().nth(opened));
        let mut anybody = || everybody[dice.below(everybody.len())];
        let (one, other) = (anybody(), anybody());
        let (owner, requester) = match (dice.below(6), granted, window) {
            (0..=2, Some((_, grant)), _) => (grant.owner, grant.grantee),
            (3 | 4, _, Some(window)) => (window.patient, window.provider),
            _ => (one, other),
        };
        let number = granted.map(|(number, _)| *number).filter(|_| dice.below(3) == 0);
        let record = granted.and_then(|(_, grant)| match grant.record {
            Record::One(record) => Some(record),
            Record::All => Some(owner).filter(|_| dice.below(4) == 0),
            Record::Erased => None,
        });
        let record = record.filter(|_| dice.below(4) > 0);
        let purpose = [TREATMENT, TREATMENT, 1, 2, 31, MASK_BITS][dice.below(6)];
        let category = [0, 1, 1, 2, 31, MASK_BITS][dice.below(6)];
        Request { requester, owner, grant: number, record, purpose, category }
    }
}

/// Whether what was decided on a request is what the mirror said. Whether somebody pays it does not know.
pub(super) fn came_true(foretold: Option<Verdict>, outcome: &Outcome) -> Result<(), String> {
    let (Some(verdict), Outcome::Returned(bytes)) = (foretold, outcome) else { return Ok(()) };
    let decision: Decision = assent_sandbox::decode(bytes);
    let unfunded = decision == Decision::Deny(DenyReason::Unfunded)
        && verdict.decision == Decision::Permit
        && verdict.grant.is_some();
    if unfunded || verdict.decision == decision {
        return Ok(());
    }
    Err(format!("mirror {verdict:?}, contract {decision:?}"))
}

/// Whether it follows from where a grant stands that a request for some of what it is for is decided so.
fn follows(standing: &Standing, decision: Decision) -> bool {
    let Decision::Deny(reason) = decision else { return standing.status == Status::Active };
    let end = match standing.status {
        Status::Active | Status::Blocked => {
            let denied = standing.partly_denied && reason == DenyReason::Denied;
            return denied || standing.because.iter().any(|because| because.reason() == reason);
        }
        Status::Revoked => DenyReason::Revoked,
        Status::Expired => DenyReason::Expired,
        Status::Pending => DenyReason::NotYetValid,
        Status::Exhausted => DenyReason::UsesExhausted,
    };
    // What blocks those that are in force is asked before any grant is looked at.
    reason == end || Because::ALL.iter().any(|because| because.reason() == reason)
}

/// Numbers that look random: `SplitMix64`.
struct Dice(u64);

impl Dice {
    /// One below `sides`; 0 if there are none.
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let sides = (sides as u64).max(1);
        usize::try_from((mixed ^ (mixed >> 31)) % sides).unwrap_or_default()
    }
}
