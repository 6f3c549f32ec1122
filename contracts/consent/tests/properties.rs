//! The rules of consent against the plain model: random messages, the same answers, events and
//! views, and the invariants after every one. Above all: no permit without a grant or an emergency
//! that holds, no decision without its entry in the log.
//!
//! The random numbers start from a fixed seed, so that a failure comes again; set
//! `PROPTEST_RNG_SEED` and `PROPTEST_CASES` to look elsewhere and for longer.

use assent_events::{
    consent::{
        AccessDecided, AllRevoked, Amended, BarLifted, DelegateRemoved, DelegateSet, DenialLifted,
        Denied, EmergenciesAllowed, EmergenciesRefused, EmergencyBarred, Excepted, GlassBroken,
        GlassClosed, GlassReviewed, Granted, GuardianDenialLifted, GuardianDenied, GuardianGranted,
        GuardianRestricted, LinkErased, OutsiderRefused, Restricted, RestrictionLifted, Revoked,
        SuspensionProposed,
    },
    role, Decision, DenyReason, Outcome, SanctionReason,
};
use assent_governance::Governance;
use assent_model::{
    arbitrary::{self, Mix, Moment, Subject},
    ConsentMessage, Contract, Message, World, ZERO,
};
use assent_traits::{
    domain,
    participants::{Admission, Agency},
    rewards::AccrueError,
};
use consent::{
    data::{Data, Times, SCHEMA_VERSION},
    decision::{Answer, Circumstances, Request},
    delegation::Scope,
    emergency::Review,
    errors::ConsentError,
    grants::{Grant, MAX_BATCH},
    guardians::{Acting, Said},
};
use ink::{
    primitives::AccountId,
    scale::{Decode, Encode},
};
use proptest::prop_assert;
use subject::{answer_with, read, refuse, Sent};

#[path = "../../governance/tests/subject/mod.rs"]
mod subject;

/// The contract without its shell, which only asks these two and the other contracts.
struct Consent {
    data: Data,
    governance: Governance,
    addresses: assent_model::Addresses,
}

impl Consent {
    fn new(world: &World) -> Self {
        let setup = &world.setup;
        let governance = Governance::new(AccountId(setup.administrator), setup.times.delay);
        let times: Times = convert(&setup.times);
        Self {
            data: Data::new(times).unwrap(),
            governance: governance.unwrap(),
            addresses: setup.addresses,
        }
    }

    fn rule(&mut self, moment: Moment, message: &ConsentMessage) -> Sent {
        use ConsentMessage as M;
        let gives = matches!(
            message,
            M::Grant(..)
                | M::GrantBatch(..)
                | M::Amend(..)
                | M::LiftDenial(..)
                | M::LiftRestriction(..)
                | M::AllowEmergencies(..)
                | M::SetDelegate(..)
        );
        if self.governance.is_paused() && gives {
            return refuse("Paused");
        }
        let (caller, now) = (AccountId(moment.caller), moment.now);
        let model = &moment.after.consent;
        let participants = &moment.before.participants;
        match message {
            M::Grant(terms) => self.grant(moment, terms),
            M::GrantBatch(list) => self.grant_batch(moment, list),
            M::Amend(number, version, amendment) => {
                let Some(known) = self.data.grant_of(*number) else {
                    return refuse("UnknownGrant");
                };
                let parties = admission(moment, known.owner, known.grantee, caller);
                let new = convert(amendment);
                let amended = self.data.amend(caller, now, parties, *number, *version, new);
                answer_with(amended, (), || {
                    let g = model.grants[number];
                    Amended {
                        grant: *number,
                        owner: AccountId(g.owner),
                        version: g.version,
                        purposes: g.purposes,
                        categories: g.categories,
                        from: g.from,
                        until: g.until,
                        max_uses: g.max_uses,
                        policy: g.policy,
                        by: caller,
                        at: now,
                    }
                })
            }
            M::Revoke(number) => {
                let Some(Grant { owner, .. }) = self.data.grant_of(*number) else {
                    return refuse("UnknownGrant");
                };
                let result = self.data.revoke(caller, now, for_owner(moment, owner), *number);
                let (grant, by, at) = (*number, caller, now);
                answer_with(result, (), || Revoked { grant, owner, by, at })
            }
            M::RevokeAll(owner) => {
                let acting = |acting| self.data.revoke_all(acting, now);
                answer_with(acting_for(moment, owner).and_then(acting), (), || AllRevoked {
                    owner: AccountId(*owner),
                    epoch: model.epoch(owner),
                    at: now,
                })
            }
            M::RevokeAllFor(owner, grantee) => {
                // Those of which the model says that they are revoked now and were not before.
                let before = &moment.before.consent.grants;
                let revoked = model.grants.iter().filter(|(number, grant)| {
                    grant.revoked && before.get(number).is_some_and(|grant| !grant.revoked)
                });
                let (by, at) = (caller, now);
                let events: Vec<_> = revoked
                    .map(|(grant, _)| Revoked { grant: *grant, owner: AccountId(*owner), by, at })
                    .collect();
                let acting = |acting| self.data.revoke_all_for(acting, now, AccountId(*grantee));
                let result = acting_for(moment, owner).and_then(acting);
                answer_with(result, events.len() as u32, || events)
            }
            M::Deny(owner, requester, purposes, categories) => {
                let (purposes, categories) = (*purposes, *categories);
                let requester = AccountId(*requester);
                let acting = |acting| self.data.deny(acting, now, requester, purposes, categories);
                let result = acting_for(moment, owner).and_then(acting);
                let (owner, by, at) = (AccountId(*owner), caller, now);
                answer_with(result, (), || {
                    if by == owner {
                        Said::Owner(Denied { owner, requester, purposes, categories, at })
                    } else {
                        let event =
                            GuardianDenied { owner, requester, purposes, categories, by, at };
                        Said::Guardian(event)
                    }
                })
            }
            M::LiftDenial(owner, requester, purposes, categories) => {
                let (purposes, categories) = (*purposes, *categories);
                let left = model.denials(owner, requester);
                let requester = AccountId(*requester);
                let acting =
                    |acting| self.data.lift_denial(acting, now, requester, purposes, categories);
                let lifted = acting_for(moment, owner).and_then(acting);
                let (owner, by, at) = (AccountId(*owner), caller, now);
                answer_with(lifted, left.clone(), || {
                    let event = if by == owner {
                        Said::Owner(DenialLifted { owner, requester, purposes, categories, at })
                    } else {
                        let event =
                            GuardianDenialLifted { owner, requester, purposes, categories, by, at };
                        Said::Guardian(event)
                    };
                    (event, convert(&left))
                })
            }
            M::Restrict(owner, purposes, categories, except) => {
                let (purposes, categories) = (*purposes, *categories);
                let except: Vec<_> = except.iter().copied().map(AccountId).collect();
                let acting =
                    |acting| self.data.restrict(acting, now, purposes, categories, except.clone());
                let result = acting_for(moment, owner).and_then(acting);
                let (owner, by, at) = (AccountId(*owner), caller, now);
                answer_with(result, (), || {
                    let excepted = |account: &AccountId| Excepted { owner, account: *account };
                    let restricted = if by == owner {
                        Said::Owner(Restricted { owner, purposes, categories, at })
                    } else {
                        Said::Guardian(GuardianRestricted { owner, purposes, categories, by, at })
                    };
                    (restricted, except.iter().map(excepted).collect())
                })
            }
            M::LiftRestriction(owner) => {
                let event = || RestrictionLifted { owner: AccountId(*owner), at: now };
                let acting = |acting| self.data.lift_restriction(acting, now);
                answer_with(acting_for(moment, owner).and_then(acting), (), event)
            }
            M::RefuseEmergencies => {
                let event = || EmergenciesRefused { owner: caller, at: now };
                answer_with(self.data.refuse_emergencies(caller, now), (), event)
            }
            M::AllowEmergencies(owner) => {
                let event = || EmergenciesAllowed { owner: AccountId(*owner), at: now };
                let acting = |acting| self.data.allow_emergencies(acting, now);
                answer_with(acting_for(moment, owner).and_then(acting), (), event)
            }
            M::SetDelegate(delegate, purposes, categories, until) => {
                let (purposes, categories, until) = (*purposes, *categories, *until);
                let scope = Scope { purposes, categories, until };
                let delegate = AccountId(*delegate);
                let parties = admission(moment, delegate, delegate, caller);
                answer_with(
                    self.data.set_delegate(caller, now, parties, delegate, scope),
                    (),
                    || {
                        let epoch = model.epoch(&moment.caller);
                        DelegateSet { owner: caller, delegate, purposes, categories, until, epoch }
                    },
                )
            }
            M::RemoveDelegate(owner, delegate, revoke_grants) => {
                let mark = model.revoked_up_to(owner, delegate);
                let delegate = AccountId(*delegate);
                let acting = |acting| self.data.remove_delegate(acting, delegate, *revoke_grants);
                answer_with(acting_for(moment, owner).and_then(acting), (), || DelegateRemoved {
                    owner: AccountId(*owner),
                    delegate,
                    revoked_up_to: revoke_grants.then_some(mark),
                })
            }
            M::EraseLink(number) => {
                let Some(Grant { owner, .. }) = self.data.grant_of(*number) else {
                    return refuse("UnknownGrant");
                };
                let result = self.data.erase_link(caller, now, for_owner(moment, owner), *number);
                answer_with(result, (), || {
                    (LinkErased { grant: *number, owner }, Acting { owner, by: caller })
                })
            }
            M::RequestAccess(requester, owner, grant, record, purpose, category) => {
                let request = Request {
                    requester: AccountId(*requester),
                    owner: AccountId(*owner),
                    grant: *grant,
                    record: *record,
                    purpose: *purpose,
                    category: *category,
                };
                self.request_access(moment, request)
            }
            M::BreakGlass(provider, patient, justification) => {
                let (provider, patient) = (AccountId(*provider), AccountId(*patient));
                let known = admission(moment, patient, provider, caller);
                let (number, why) = (model.windows.len() as u64, *justification);
                let opened = self.data.break_glass(caller, now, known, provider, patient, why);
                answer_with(opened, number, || {
                    let w = model.windows[&number];
                    GlassBroken {
                        window: number,
                        patient: AccountId(w.patient),
                        provider: AccountId(w.provider),
                        by: AccountId(w.by),
                        person: w.person,
                        justification: w.justification,
                        at: w.opened,
                        until: w.until,
                        review_by: w.review_by,
                    }
                })
            }
            M::CloseBreakGlass(number) => {
                let Some(known) = self.data.window(*number) else {
                    return refuse("UnknownWindow");
                };
                let known = admission(moment, known.patient, known.provider, caller);
                let closed = self.data.close_break_glass(caller, now, known, *number);
                answer_with(closed, (), || GlassClosed { window: *number, by: caller, at: now })
            }
            M::ReviewBreakGlass(number, outcome) => {
                let Some(known) = self.data.window(*number) else {
                    return refuse("UnknownWindow");
                };
                let known = admission(moment, known.patient, known.provider, caller);
                let outcome = convert(outcome);
                let result = self.data.review_break_glass(caller, now, known, *number, outcome);
                answer_with(result, (), || {
                    let window = *number;
                    let key = AccountId(model.windows[number].by);
                    let was_closed = moment.before.consent.windows[number].closed.is_some();
                    let closed = model.windows[number].closed.is_some() && !was_closed;
                    let barred = outcome == Outcome::Unjustified;
                    Review {
                        closed: closed.then_some(GlassClosed { window, by: caller, at: now }),
                        reviewed: GlassReviewed { window, by: caller, outcome, at: now },
                        barred: barred.then_some(EmergencyBarred { key, window, at: now }),
                        proposed: proposed(moment, window, SanctionReason::Unjustified),
                    }
                })
            }
            M::LiftBar(key) => {
                let regulator = participants.has_role(&moment.caller, role::REGULATOR);
                let key = AccountId(*key);
                let lifted = self.data.lift_bar(caller, now, regulator, key);
                answer_with(lifted, (), || BarLifted { key, by: caller, at: now })
            }
            M::SanctionOverdue(number) => {
                answer_with(self.data.sanction_overdue(now, *number).map(Some), (), || {
                    proposed(moment, *number, SanctionReason::Unreviewed)
                })
            }
        }
    }

    fn grant(&mut self, moment: Moment, terms: &assent_model::Terms) -> Sent {
        let caller = AccountId(moment.caller);
        let parties = admission(moment, AccountId(terms.owner), AccountId(terms.grantee), caller);
        let number = self.data_grants().saturating_add(1);
        answer_with(self.data.grant(caller, moment.now, parties, convert(terms)), number, || {
            let g = moment.after.consent.grants[&number];
            let owner = AccountId(g.owner);
            let by_guardian = g.guardianship.map(|guardianship| GuardianGranted {
                grant: number,
                owner,
                guardianship,
            });
            let granted = Granted {
                grant: number,
                owner: AccountId(g.owner),
                grantee: AccountId(g.grantee),
                purposes: g.purposes,
                categories: g.categories,
                from: g.from,
                until: g.until,
                max_uses: g.max_uses,
                record: terms.record,
                policy: g.policy,
                epoch: g.epoch,
                by: caller,
            };
            (granted, by_guardian)
        })
    }

    /// How many grants there are: they have no gaps.
    fn data_grants(&self) -> u64 {
        (0..).take_while(|number| self.data.grant_of(number + 1).is_some()).count() as u64
    }

    fn grant_batch(&mut self, moment: Moment, list: &[assent_model::Terms]) -> Sent {
        if list.is_empty() || list.len() > MAX_BATCH {
            return refuse("BatchSize");
        }
        if moment.reply.is_err() {
            // The chain undoes those before the one that is refused, so it alone is tried; unless it
            // is those before that leave it no room, which the real pallet is asked about.
            let (caller, now) = (moment.key, moment.now);
            let mut world = moment.before.clone();
            let refused = list.iter().find(|terms| world.grant(caller, now, **terms).is_err());
            let alone = |terms: &&_| moment.before.clone().grant(caller, now, **terms).is_err();
            return match refused.filter(alone) {
                Some(terms) => self.grant(moment, terms),
                None => refuse("TooManyGrants"),
            };
        }
        let first = self.data_grants().saturating_add(1);
        for terms in list {
            if let Err(error) = self.grant(moment, terms)? {
                return Ok(Err(error));
            }
        }
        let numbers: Vec<u64> = (first..).take(list.len()).collect();
        Ok(Ok(numbers.encode()))
    }

    fn request_access(&mut self, moment: Moment, request: Request) -> Sent {
        let owner = request.owner;
        if let Err(error) = request.check() {
            return refuse(&format!("{error:?}"));
        }
        prop_assert!(*moment.reply != Err("RewardsFailed"), "the consent contract is named");
        let by = AccountId(moment.key);
        let known = admission(moment, owner, request.requester, AccountId(moment.caller));
        let (domain, paused) = (moment.before.setup.domain(), self.governance.is_paused());
        let circumstances = Circumstances { domain, now: moment.now, paused, by };
        let outsider = !known.other.admitted;
        // What the model's rewards answer it.
        let last = moment.after.consent.last.as_ref().and_then(|last| last.accrual);
        let accrue =
            |_| Ok(last.map_or(Err(AccrueError::NotConsent), |accrual| Ok(convert(&accrual))));
        let decided = self.data.request_access(circumstances, known, request, accrue);
        let decision = match &decided {
            Ok(Answer::Decided(event)) => event.decision,
            _ => Decision::Deny(DenyReason::RequesterNotAdmitted),
        };
        let answer = answer_with(decided, (), || {
            let c = &moment.after.consent;
            if outsider {
                let entry = c.outsiders.last().unwrap();
                let previous = c.outsider_heads.iter().rev().nth(1).copied().unwrap_or(ZERO);
                return Answer::Refused(OutsiderRefused {
                    requester: AccountId(entry.requester),
                    owner,
                    sequence: entry.sequence,
                    purpose: entry.purpose,
                    category: entry.category,
                    record: entry.record,
                    at: entry.at,
                    previous,
                    content: entry.content(domain),
                    head: *c.outsider_heads.last().unwrap(),
                });
            }
            let (log, heads) = (&c.logs[&owner.0], &c.heads[&owner.0]);
            let entry = log.last().unwrap();
            let previous = heads.iter().rev().nth(1).copied().unwrap_or(ZERO);
            Answer::Decided(AccessDecided {
                owner,
                requester: AccountId(entry.requester),
                by: AccountId(entry.by),
                person: entry.person,
                access: entry.access,
                sequence: entry.sequence,
                purpose: entry.purpose,
                category: entry.category,
                record: entry.record,
                grant: entry.grant,
                window: entry.window,
                decision: convert(&entry.decision),
                at: entry.at,
                previous,
                content: entry.content(domain, owner.0),
                head: *heads.last().unwrap(),
            })
        })?;
        Ok(answer.map(|_| decision.encode()))
    }
}

/// What the model's participants say of them.
fn admission(moment: Moment, subject: AccountId, other: AccountId, caller: AccountId) -> Admission {
    let participants = &moment.before.participants;
    assert_eq!(caller.0, moment.caller, "nobody else is asked about");
    convert(&participants.admission(moment.now, &subject.0, &other.0, &moment.key))
}

/// What the caller may do for `owner`.
fn for_owner(moment: Moment, owner: AccountId) -> Agency {
    admission(moment, owner, owner, AccountId(moment.caller)).for_subject
}

/// The caller, if he may act for `owner`.
fn acting_for(moment: Moment, owner: &assent_model::Account) -> Result<Acting, ConsentError> {
    let (owner, caller) = (AccountId(*owner), AccountId(moment.caller));
    Acting::check(owner, caller, for_owner(moment, owner))
}

/// The proposal that is due: a window has one when it was not sanctioned before and is now.
fn proposed(moment: Moment, number: u64, reason: SanctionReason) -> Option<SuspensionProposed> {
    let sanctioned = |world: &World| world.consent.windows[&number].sanctioned;
    let new = sanctioned(moment.after) && !sanctioned(moment.before);
    let provider = AccountId(moment.after.consent.windows[&number].provider);
    new.then_some(SuspensionProposed { provider, window: number, reason, at: moment.now })
}

/// The same in the contract's types.
fn convert<T: Decode>(value: &impl Encode) -> T {
    read(&value.encode())
}

impl Subject for Consent {
    fn send(&mut self, moment: Moment, message: &Message) -> Sent {
        match message {
            Message::Consent(message) => self.rule(moment, message),
            Message::Governed(contract, message) => {
                subject::governed(&mut self.governance, *contract, moment, message, |_| true)
            }
            other => panic!("{other:?} goes elsewhere"),
        }
    }

    fn view(&self, world: &World, now: u64, label: &str, arguments: &[u8]) -> Option<Vec<u8>> {
        let data = &self.data;
        let pair = || read::<(AccountId, AccountId)>(arguments);
        let page = || read::<(AccountId, u64, u32)>(arguments);
        Some(match label {
            "grant_of" => data.grant_of(read(arguments)).encode(),
            "live_grants" => {
                let (owner, grantee) = pair();
                let guardianship = || Some(world.participants.guardianship(&owner.0));
                data.live_grants(now, owner, grantee, guardianship).encode()
            }
            "latest_grant" => data.latest_grant(pair().0, pair().1).encode(),
            "grants" => {
                let (owner, from, limit) = page();
                data.grants_of(owner, from, limit).encode()
            }
            "grant_count" => data.grant_count(read(arguments)).encode(),
            "epoch" => data.epoch(read(arguments)).encode(),
            "choices" => data.choices(read(arguments)).encode(),
            "denials" => data.denials(pair().0, pair().1).encode(),
            "revoked_up_to" => data.revoked_up_to(pair().0, pair().1).encode(),
            "bar" => data.bar(read(arguments)).encode(),
            "refusals" => data.log().refusals().encode(),
            "domain" => domain(world.setup.genesis, AccountId(self.addresses.consent)).encode(),
            "delegation" => data.delegation(pair().0, pair().1).encode(),
            "window" => data.window(read(arguments)).encode(),
            "open_window" => data.open_window(now, pair().0, pair().1).encode(),
            "log_head" => data.log().head(read(arguments)).encode(),
            "log" => {
                let (owner, from, limit) = page();
                data.log().page(owner, from, limit).encode()
            }
            "log_digests" => {
                let (owner, from, limit) = page();
                data.log().digests(world.setup.domain(), owner, from, limit).encode()
            }
            "is_permitted" => {
                let (requester, owner, grant, record, purpose, category) = read(arguments);
                let request = Request { requester, owner, grant, record, purpose, category };
                let (requester, owner): (AccountId, AccountId) = (requester, owner);
                let asked = (&owner.0, &requester.0, &requester.0);
                let parties = world.participants.admission(now, asked.0, asked.1, asked.2);
                let paused = self.governance.is_paused();
                data.decide(now, paused, convert(&parties), &request).decision.encode()
            }
            "participants" => self.addresses.participants.encode(),
            "rewards" => self.addresses.rewards.encode(),
            "times" => data.times().encode(),
            "Governed::governance" => self.governance.state().encode(),
            "Governed::schema_version" => SCHEMA_VERSION.encode(),
            other => panic!("no view {other}"),
        })
    }
}

fn start() -> (Consent, World, Vec<arbitrary::Sent>) {
    let setup = arbitrary::setup();
    let prologue = arbitrary::prologue(&setup, setup.addresses.consent);
    let world = World::new(setup).unwrap();
    (Consent::new(&world), world, prologue)
}

#[test]
fn the_rules_do_what_the_model_does() {
    let mix = Mix { consent: 40, participants: 6, governed: 4, ..Mix::NONE };
    subject::agree(Contract::Consent, mix, start);
}
