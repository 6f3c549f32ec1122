//! The rules of consent against the plain model: random messages, the same answers, events and
//! views, and the invariants after every one. Above all: no permit without a grant or an emergency
//! that holds, no decision without its entry in the log.
//!
//! The random numbers start from a fixed seed, so that a failure comes again; set
//! `PROPTEST_RNG_SEED` and `PROPTEST_CASES` to look elsewhere and for longer.

use assent_events::{
    consent::{
        AccessDecided, AllRevoked, Amended, DelegateRemoved, DelegateSet, DenialLifted, Denied,
        GlassBroken, GlassClosed, GlassReviewed, Granted, LinkErased, Revoked, SuspensionProposed,
    },
    role, SanctionReason,
};
use assent_governance::Governance;
use assent_model::{
    arbitrary::{self, Mix, Moment, Subject},
    Account, ConsentMessage, Contract, Message, World, ZERO,
};
use consent::{
    data::{Data, Times, SCHEMA_VERSION},
    decision::{Admission, Request},
    delegation::Scope,
    grants::{Parties, MAX_BATCH},
};
use ink::{
    primitives::AccountId,
    scale::{Decode, Encode},
};
use proptest::prop_assert;
use subject::{answer_with, read, refuse, Sent};

#[path = "../../governance/tests/subject/mod.rs"]
mod subject;

/// Who may be granted access and ask for it.
const REQUESTERS: u16 = role::PROVIDER | role::RESEARCHER;

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

    fn admission(&self, world: &World, now: u64, request: &Request) -> Admission {
        let emergency = self.data.emergency(now, request).is_some();
        let has_role = |account: AccountId, roles| world.participants.has_role(&account.0, roles);
        Admission {
            owner: has_role(request.owner, role::DATA_OWNER),
            requester: has_role(request.requester, REQUESTERS),
            provider: emergency && has_role(request.requester, role::PROVIDER),
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
                | M::SetDelegate(..)
                | M::RequestAccess(..)
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
            M::Amend(number, amendment) => {
                let Some(known) = self.data.grant_of(*number) else {
                    return refuse("UnknownGrant");
                };
                let parties = parties(moment, &known.owner.0, &known.grantee.0);
                let new = convert(amendment);
                answer_with(self.data.amend(caller, now, parties, *number, new), (), || {
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
            M::Revoke(number) => answer_with(self.data.revoke(caller, now, *number), (), || {
                let owner = AccountId(model.grants[number].owner);
                Revoked { grant: *number, owner, by: caller, at: now }
            }),
            M::RevokeAll => answer_with(self.data.revoke_all(caller, now), (), || AllRevoked {
                owner: caller,
                epoch: model.epoch(&moment.caller),
                at: now,
            }),
            M::Deny(requester, purposes, categories) => {
                let (purposes, categories) = (*purposes, *categories);
                let requester = AccountId(*requester);
                answer_with(
                    self.data.deny(caller, now, requester, purposes, categories),
                    (),
                    || Denied { owner: caller, requester, purposes, categories, at: now },
                )
            }
            M::LiftDenial(requester) => {
                let requester = AccountId(*requester);
                answer_with(self.data.lift_denial(caller, now, requester), (), || DenialLifted {
                    owner: caller,
                    requester,
                    at: now,
                })
            }
            M::SetDelegate(delegate, purposes, categories, until) => {
                let parties = Parties {
                    owner: participants.has_role(&moment.caller, role::DATA_OWNER),
                    grantee: false,
                    delegate: participants.is_admitted(delegate),
                };
                let (purposes, categories, until) = (*purposes, *categories, *until);
                let scope = Scope { purposes, categories, until };
                let delegate = AccountId(*delegate);
                answer_with(
                    self.data.set_delegate(caller, now, parties, delegate, scope),
                    (),
                    || {
                        let epoch = model.epoch(&moment.caller);
                        DelegateSet { owner: caller, delegate, purposes, categories, until, epoch }
                    },
                )
            }
            M::RemoveDelegate(delegate) => {
                let delegate = AccountId(*delegate);
                answer_with(self.data.remove_delegate(caller, delegate), (), || DelegateRemoved {
                    owner: caller,
                    delegate,
                })
            }
            M::EraseLink(number) => answer_with(self.data.erase_link(caller, *number), (), || {
                LinkErased { grant: *number, owner: caller }
            }),
            M::RequestAccess(owner, grant, purpose, category) => {
                let request = Request {
                    requester: caller,
                    owner: AccountId(*owner),
                    grant: *grant,
                    purpose: *purpose,
                    category: *category,
                };
                self.request_access(moment, request)
            }
            M::BreakGlass(patient, justification) => {
                let provider = participants.has_role(&moment.caller, role::PROVIDER);
                let owner = participants.has_role(patient, role::DATA_OWNER);
                let admission = Admission { owner, requester: provider, provider };
                let patient = AccountId(*patient);
                let number = model.windows.len() as u64;
                let opened = self.data.break_glass(caller, now, admission, patient, *justification);
                answer_with(opened, number, || {
                    let w = model.windows[&number];
                    GlassBroken {
                        window: number,
                        patient: AccountId(w.patient),
                        provider: AccountId(w.provider),
                        justification: w.justification,
                        at: w.opened,
                        until: w.until,
                        review_by: w.review_by,
                    }
                })
            }
            M::CloseBreakGlass(number) => {
                answer_with(self.data.close_break_glass(caller, now, *number), (), || GlassClosed {
                    window: *number,
                    by: caller,
                    at: now,
                })
            }
            M::ReviewBreakGlass(number, outcome) => {
                let reviewers = role::AUDITOR | role::REGULATOR;
                let reviewer = participants.has_role(&moment.caller, reviewers);
                let outcome = convert(outcome);
                let result = self.data.review_break_glass(caller, now, reviewer, *number, outcome);
                answer_with(result, (), || {
                    let reviewed = GlassReviewed { window: *number, by: caller, outcome, at: now };
                    (reviewed, proposed(moment, *number, SanctionReason::Unjustified))
                })
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
        let parties = parties(moment, &terms.owner, &terms.grantee);
        let number = self.data_grants().saturating_add(1);
        answer_with(self.data.grant(caller, moment.now, parties, convert(terms)), number, || {
            let g = moment.after.consent.grants[&number];
            Granted {
                grant: number,
                owner: AccountId(g.owner),
                grantee: AccountId(g.grantee),
                purposes: g.purposes,
                categories: g.categories,
                from: g.from,
                until: g.until,
                max_uses: g.max_uses,
                record: g.record,
                policy: g.policy,
                epoch: g.epoch,
                by: caller,
            }
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
            // The chain undoes those before the one that is refused, so it alone is tried. The
            // checks of one do not depend on another.
            let refused = list.iter().find(|terms| {
                moment.before.clone().grant(moment.caller, moment.now, **terms).is_err()
            });
            return refused.map_or_else(|| refuse("none"), |terms| self.grant(moment, terms));
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
        let admission = self.admission(moment.before, moment.now, &request);
        let decided = self.data.request_access(moment.now, admission, request);
        let decision = decided.as_ref().map(|event| event.decision).encode_ok();
        let answer = answer_with(decided, (), || {
            let c = &moment.after.consent;
            let (log, heads) = (&c.logs[&owner.0], &c.heads[&owner.0]);
            let entry = log.last().unwrap();
            let previous = heads.iter().rev().nth(1).copied().unwrap_or(ZERO);
            AccessDecided {
                owner,
                requester: AccountId(entry.requester),
                access: entry.access,
                sequence: entry.sequence,
                purpose: entry.purpose,
                category: entry.category,
                grant: entry.grant,
                window: entry.window,
                decision: convert(&entry.decision),
                at: entry.at,
                previous,
                content: entry.content(owner.0),
                head: *heads.last().unwrap(),
            }
        })?;
        Ok(answer.map(|_| decision))
    }
}

/// What the model's participants say of them.
fn parties(moment: Moment, owner: &Account, grantee: &Account) -> Parties {
    let Moment { before: World { participants, .. }, caller, .. } = moment;
    Parties {
        owner: participants.has_role(owner, role::DATA_OWNER),
        grantee: participants.has_role(grantee, REQUESTERS),
        delegate: caller != *owner && participants.is_admitted(&caller),
    }
}

/// The proposal that is due: a window has one when it was not sanctioned before and is now.
fn proposed(moment: Moment, number: u64, reason: SanctionReason) -> Option<SuspensionProposed> {
    let sanctioned = |world: &World| world.consent.windows[&number].sanctioned;
    let new = sanctioned(moment.after) && !sanctioned(moment.before);
    let provider = AccountId(moment.after.consent.windows[&number].provider);
    new.then_some(SuspensionProposed { provider, window: number, reason, at: moment.now })
}

trait EncodeOk {
    /// The bytes of what is inside `Ok`, none of an error.
    fn encode_ok(self) -> Vec<u8>;
}

impl<T: Encode, E> EncodeOk for Result<T, E> {
    fn encode_ok(self) -> Vec<u8> {
        self.map_or_else(|_| Vec::new(), |value| value.encode())
    }
}

/// The same in the contract's types.
fn convert<T: Decode>(value: &impl Encode) -> T {
    read(&value.encode())
}

impl Subject for Consent {
    fn send(&mut self, moment: Moment, message: &Message) -> Sent {
        match message {
            Message::Consent(message) => self.rule(moment, message),
            Message::Governed(_, message) => {
                subject::governed(&mut self.governance, moment, message, |_| true)
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
            "latest_grant" => data.latest_grant(pair().0, pair().1).encode(),
            "grants" => {
                let (owner, from, limit) = page();
                data.grants_of(owner, from, limit).encode()
            }
            "grant_count" => data.grant_count(read(arguments)).encode(),
            "epoch" => data.epoch(read(arguments)).encode(),
            "denial" => data.denial(pair().0, pair().1).encode(),
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
                data.log().digests(owner, from, limit).encode()
            }
            "is_permitted" => {
                let (requester, owner, grant, purpose, category) = read(arguments);
                let request = Request { requester, owner, grant, purpose, category };
                data.decide(now, self.admission(world, now, &request), &request).decision.encode()
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

fn start() -> (Consent, World, Vec<(Account, Message)>) {
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
