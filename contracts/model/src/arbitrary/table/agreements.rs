//! Messages of agreements.

use super::{message, Call, Entry, Lookup, Picks};
use crate::{
    arbitrary::{
        lookup::{choose, last_of, named},
        picks::UNKNOWN,
        HOUR,
    },
    power,
    role::{DATA_OWNER, PROVIDER, RESEARCHER},
    Account, AgreementsMessage as M, ConsentMessage, Grant,
    Message::{Agreements, Consent},
    Proposal, Record, Terms,
};
use assent_interface::agreements::{self as labels, MAX_OPEN, MAX_RETENTION};

pub(super) const TABLE: &[Entry] = &[
    message(labels::PROPOSE, 6, |l, p| l.propose_terms(p)),
    // Or a proposal, where none is open; so it is below.
    message(labels::WITHDRAW, 2, |l, p| {
        if !l.any_open() && p.yes(80) {
            return l.propose_terms(p);
        }
        l.on_proposal(p, |l, p, number, it| {
            (Agreements(M::Withdraw(number)), l.agents(it.terms.grantee, power::SIGN, p))
        })
    }),
    // Or the grant that is accepted then, where it was not given.
    message(labels::ACCEPT, 6, |l, p| {
        if !l.any_open() && p.yes(80) {
            return l.propose_terms(p);
        }
        l.on_proposal(p, |l, p, number, it| {
            let granted = l.world.accepted(&it.terms, None, l.now);
            if granted.is_none() && it.is_open(l.now) && p.yes(60) {
                return l.grant_like(it.terms, p);
            }
            let live = l.world.live_grants(&it.terms.owner, &it.terms.grantee, l.now);
            let [oldest, newest] =
                [live.first(), live.last()].map(|grant| grant.map_or(1, |(number, _)| *number));
            let none = l.world.consent.grants.len() as u64 + 1;
            let grant = p.sound(2, [None, Some(newest), Some(oldest), Some(none)]);
            let callers = l.agents(it.terms.owner, power::GUARDIAN, p);
            (Agreements(M::Accept(number, grant)), callers)
        })
    }),
    message(labels::DECLINE, 2, |l, p| {
        if !l.any_open() && p.yes(80) {
            return l.propose_terms(p);
        }
        l.on_proposal(p, |l, p, number, it| {
            let reason = p.yes(50).then(|| named("reason", 0));
            let callers = l.agents(it.terms.owner, power::GUARDIAN, p);
            (Agreements(M::Decline(number, reason)), callers)
        })
    }),
    message(labels::REQUEST_ERASURE, 4, |l, p| l.request_erasure(p)),
    // Or a request, where none waits.
    message(labels::ANSWER_ERASURE, 5, |l, p| {
        let erasures = &l.world.agreements.erasures;
        if erasures.values().all(|erasure| erasure.answer.is_some()) && p.yes(80) {
            return l.request_erasure(p);
        }
        let number = p.known();
        let chosen = last_of(erasures, |_, erasure| erasure.answer.is_none(), number);
        let after = |time| Some(l.now.saturating_add(time));
        let too_long = after(MAX_RETENTION + 1);
        let until = p.sound(4, [None, after(HOUR), after(20 * HOUR), None, Some(l.now), too_long]);
        match chosen.filter(|_| number != UNKNOWN) {
            Some((number, erasure)) => {
                let answer = M::AnswerErasure(number, until, named("evidence", 0));
                (Agreements(answer), l.agents(erasure.requester, power::SIGN, p))
            }
            None => {
                let none = erasures.len() as u64 + 1;
                (Agreements(M::AnswerErasure(none, until, named("evidence", 0))), Vec::new())
            }
        }
    }),
];

impl Lookup<'_> {
    fn any_open(&self) -> bool {
        self.world.agreements.proposals.values().any(|proposal| proposal.is_open(self.now))
    }

    /// What is made of a proposal, those first that are open, or of none.
    fn on_proposal(
        &self,
        p: &mut Picks,
        make: impl Fn(&Self, &mut Picks, u64, Proposal) -> Call,
    ) -> Call {
        let number = p.known();
        let proposals = &self.world.agreements.proposals;
        let chosen = last_of(proposals, |_, it| it.is_open(self.now), number);
        let unknown = number == UNKNOWN;
        match chosen {
            Some((number, it)) => {
                make(self, p, if unknown { proposals.len() as u64 + 1 } else { number }, it)
            }
            None => self.propose_terms(p),
        }
    }

    /// Any terms, or those of a grant that lives; rarely open too long or not at all.
    fn propose_terms(&self, p: &mut Picks) -> Call {
        let terms = match self.own_grant(p.pick()).filter(|_| !p.yes(70)) {
            Some(grant) => terms_of(&grant),
            None => self.terms(p),
        };
        let after = |time: u64| self.now.saturating_add(time);
        let [short, long] = [6, 40].map(|hours| after(hours * HOUR).min(terms.until));
        let faults = [self.now, after(MAX_OPEN + 1), terms.until.saturating_add(1)];
        let [over, too_long, outlasts] = faults;
        let expires = p.sound(2, [long, short, over, too_long, outlasts]);
        let message = Agreements(M::Propose(terms, expires));
        (message, self.agents(terms.grantee, power::SIGN, p))
    }

    /// A grant that lives and that the owner gave himself, if there is one.
    fn own_grant(&self, number: u8) -> Option<Grant> {
        let c = &self.world.consent;
        let own = |n: &u64, g: &Grant| {
            g.by == g.owner && g.record != Record::Erased && c.lives(*n, g, self.now)
        };
        last_of(&c.grants, own, number).map(|(_, grant)| grant)
    }

    /// The grant that a proposal asks for, if one is open for which none was given.
    pub(super) fn give_proposed(&self, p: &mut Picks) -> Option<Call> {
        let waits = |it: &Proposal| {
            it.is_open(self.now) && self.world.accepted(&it.terms, None, self.now).is_none()
        };
        let proposals = self.world.agreements.proposals.values().rev();
        let waiting: Vec<Proposal> = proposals.copied().filter(waits).collect();
        let chosen = choose(waiting.into_iter(), |_| true, p.pick())?;
        Some(self.grant_like(chosen.terms, p))
    }

    /// A grant on these terms, or rarely on others; by the owner, or rarely by a delegate.
    fn grant_like(&self, mut terms: Terms, p: &mut Picks) -> Call {
        match p.mostly_0(5, 7) {
            0 => {}
            1 => terms.purposes ^= 0b100,
            2 => terms.categories ^= 0b100,
            3 => terms.from = terms.from.saturating_sub(1),
            4 => terms.until = terms.until.saturating_add(1),
            5 => terms.max_uses = terms.max_uses.map_or(Some(9), |_| None),
            6 => terms.record = terms.record.map_or(Some(named("record", 3)), |_| None),
            _ => terms.policy = named("other policy", 0),
        }
        let delegates = &self.world.consent.delegations;
        let of_owner = delegates.keys().filter(|(owner, _)| *owner == terms.owner);
        let delegate = of_owner.map(|(_, delegate)| *delegate).next().filter(|_| !p.yes(90));
        let mut granters: Vec<Account> = delegate.into_iter().chain([terms.owner]).collect();
        granters.extend(self.guardians(terms.owner, self.now));
        (Consent(ConsentMessage::Grant(terms)), granters)
    }

    /// Between two of whom it may be asked, rarely between any two.
    fn request_erasure(&self, p: &mut Picks) -> Call {
        let (a, c) = (&self.world.agreements, &self.world.consent);
        let accounts = &self.world.setup.accounts;
        let owners = self.having(DATA_OWNER);
        let all = owners.iter().flat_map(|owner| accounts.iter().map(|other| (*owner, *other)));
        let all: Vec<(Account, Account)> = all.collect();
        let may = |(owner, requester): &(Account, Account)| {
            let latest = a.latest_erasure(owner, requester).and_then(|n| a.erasures.get(&n));
            let answered = latest.is_none_or(|erasure| erasure.answer.is_some());
            let asked = self.world.participants.has_role(requester, PROVIDER | RESEARCHER);
            let granted = !c.revocable(owner, requester, self.now).is_empty();
            owner != requester && asked && answered && !granted
        };
        let chosen = if p.yes(75) {
            choose(all.into_iter(), may, p.favourite())
        } else {
            let number = usize::from(p.below(u8::MAX));
            number.checked_rem(all.len()).and_then(|number| all.get(number).copied())
        };
        let (owner, requester) = chosen.unwrap_or((accounts[0], accounts[0]));
        let callers = self.agents(owner, power::GUARDIAN, p);
        (Agreements(M::RequestErasure(owner, requester)), callers)
    }
}

/// What was handed in for a grant.
fn terms_of(grant: &Grant) -> Terms {
    let Grant { owner, grantee, purposes, categories, from, until, max_uses, policy, .. } = *grant;
    let record = match grant.record {
        Record::One(record) => Some(record),
        Record::All | Record::Erased => None,
    };
    Terms { owner, grantee, purposes, categories, from, until, max_uses, record, policy }
}
