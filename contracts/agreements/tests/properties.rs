//! The rules of proposals and of requests for erasure against the plain model: random messages, the
//! same answers, events and views, and the invariants after every one.
//!
//! The random numbers start from a fixed seed, so that a failure comes again; set
//! `PROPTEST_RNG_SEED` and `PROPTEST_CASES` to look elsewhere and for longer.

use agreements::data::{Data, SCHEMA_VERSION};
use agreements::proposals::Terms;
use assent_events::agreements::{
    ErasureAnswered, ErasureRequested, GuardianActed, ProposalAccepted, ProposalDeclined,
    ProposalWithdrawn, Proposed,
};
use assent_governance::Governance;
use assent_model::{
    arbitrary::{self, Mix, Moment, Subject},
    Account, AgreementsMessage, Contract, Ending, Message, World,
};
use assent_traits::{consent::Grant, participants::Admission};
use ink::{primitives::AccountId, scale::Encode};
use subject::{answer_with, read, refuse, Sent};

#[path = "../../governance/tests/subject/mod.rs"]
mod subject;

/// The contract without its shell, which only asks these two and the other two contracts.
struct Agreements {
    data: Data,
    governance: Governance,
    participants: Account,
    consent: Account,
}

impl Agreements {
    fn new(world: &World) -> Self {
        let setup = &world.setup;
        let administrator = AccountId(setup.administrator);
        let governance = Governance::new(administrator, setup.times.delay).unwrap();
        let data = Data::new(read(&setup.agreements_times.encode())).unwrap();
        let (participants, consent) = (setup.addresses.participants, setup.addresses.consent);
        Self { data, governance, participants, consent }
    }

    fn rule(&mut self, moment: Moment, message: &AgreementsMessage) -> Sent {
        use AgreementsMessage as M;
        let stops = matches!(message, M::Propose(..) | M::Accept(..));
        if self.governance.is_paused() && stops {
            return refuse("Paused");
        }
        let (caller, at) = (AccountId(moment.caller), moment.now);
        let after = &moment.after.agreements;
        match message {
            M::Propose(terms, expires) => {
                let admission = admission(moment, terms.owner, terms.grantee);
                let said: Terms = read(&terms.encode());
                let result = self.data.propose(caller, at, admission, said, *expires);
                let proposal = after.proposals.len() as u64;
                answer_with(result, proposal, || {
                    let it = after.proposals[&proposal];
                    Proposed {
                        proposal,
                        owner: AccountId(it.terms.owner),
                        requester: AccountId(it.terms.grantee),
                        by: AccountId(it.by),
                        person: it.person,
                        purposes: it.terms.purposes,
                        categories: it.terms.categories,
                        from: it.terms.from,
                        until: it.terms.until,
                        max_uses: it.terms.max_uses,
                        record: it.terms.record,
                        policy: it.terms.policy,
                        expires: it.expires,
                        at: it.at,
                    }
                })
            }
            M::Withdraw(proposal) => {
                let proposal = *proposal;
                let Some(terms) = self.terms(proposal) else { return refuse("UnknownProposal") };
                let requester = terms.grantee.0;
                let for_requester = admission(moment, requester, requester).for_subject;
                let result = self.data.withdraw(caller, at, for_requester, proposal);
                answer_with(result, (), || {
                    let terms = after.proposals[&proposal].terms;
                    let (owner, requester) = (AccountId(terms.owner), AccountId(terms.grantee));
                    ProposalWithdrawn { proposal, owner, requester, by: caller, at }
                })
            }
            M::Accept(proposal, grant) => {
                let live = |terms: &Terms| Ok(live_grants(moment, terms.owner.0, terms.grantee.0));
                let Some(terms) = self.terms(*proposal) else { return refuse("UnknownProposal") };
                let parties = admission(moment, terms.owner.0, terms.grantee.0);
                let result = self.data.accept(caller, at, parties, live, *proposal, *grant);
                answer_with(result, (), || {
                    let it = after.proposals[proposal];
                    let Some(Ending::Accepted(grant)) = it.ending else {
                        panic!("not accepted: {it:?}")
                    };
                    let (proposal, policy) = (*proposal, it.terms.policy);
                    let owner = AccountId(it.terms.owner);
                    let requester = AccountId(it.terms.grantee);
                    let event = ProposalAccepted { proposal, owner, requester, grant, policy, at };
                    (event, acted(moment, owner))
                })
            }
            M::Decline(proposal, reason) => {
                let (proposal, reason) = (*proposal, *reason);
                let Some(terms) = self.terms(proposal) else { return refuse("UnknownProposal") };
                let parties = admission(moment, terms.owner.0, terms.grantee.0);
                let result = self.data.decline(caller, at, parties, proposal, reason);
                answer_with(result, (), || {
                    let terms = after.proposals[&proposal].terms;
                    let (owner, requester) = (AccountId(terms.owner), AccountId(terms.grantee));
                    let event = ProposalDeclined { proposal, owner, requester, reason, at };
                    (event, acted(moment, owner))
                })
            }
            M::RequestErasure(owner, requester) => {
                let admission = admission(moment, *owner, *requester);
                let granted = || Ok(!live_grants(moment, *owner, *requester).is_empty());
                let (owner, requester) = (AccountId(*owner), AccountId(*requester));
                let result =
                    self.data.request_erasure(caller, at, admission, granted, owner, requester);
                let erasure = after.erasures.len() as u64;
                answer_with(result, erasure, || {
                    let it = after.erasures[&erasure];
                    let (owner, requester) = (AccountId(it.owner), AccountId(it.requester));
                    let event =
                        ErasureRequested { erasure, owner, requester, due: it.due, at: it.at };
                    (event, acted(moment, owner))
                })
            }
            M::AnswerErasure(erasure, until, evidence) => {
                let erasure = *erasure;
                let Some(it) = self.data.erasure(erasure) else { return refuse("UnknownErasure") };
                let parties = admission(moment, it.owner.0, it.requester.0);
                let result =
                    self.data.answer_erasure(caller, at, parties, erasure, *until, *evidence);
                answer_with(result, (), || {
                    let it = after.erasures[&erasure];
                    let answer = it.answer.expect("it is answered");
                    let participants = &moment.before.participants;
                    let agency = participants.agency(&it.requester, &moment.caller, at);
                    ErasureAnswered {
                        erasure,
                        owner: AccountId(it.owner),
                        requester: AccountId(it.requester),
                        retained_until: answer.retained_until,
                        evidence: answer.evidence,
                        by: AccountId(answer.by),
                        person: agency.person,
                        at: answer.at,
                    }
                })
            }
        }
    }

    /// The terms of a proposal, of which the shell knows whose they are.
    fn terms(&self, proposal: u64) -> Option<Terms> {
        self.data.proposal(proposal).map(|proposal| proposal.terms)
    }
}

/// What the model's participants say of them and of who acts.
fn admission(moment: Moment, subject: Account, other: Account) -> Admission {
    let participants = &moment.before.participants;
    read(&participants.admission(moment.now, &subject, &other, &moment.key).encode())
}

/// Whether it was a guardian.
fn acted(moment: Moment, owner: AccountId) -> Option<GuardianActed> {
    let (guardian, at) = (AccountId(moment.caller), moment.now);
    (guardian != owner).then_some(GuardianActed { owner, guardian, at })
}

/// What the model's consent says lives between them.
fn live_grants(moment: Moment, owner: Account, grantee: Account) -> Vec<(u64, Grant)> {
    read(&moment.before.live_grants(&owner, &grantee, moment.now).encode())
}

impl Subject for Agreements {
    fn send(&mut self, moment: Moment, message: &Message) -> Sent {
        match message {
            Message::Agreements(message) => self.rule(moment, message),
            Message::Governed(contract, message) => {
                subject::governed(&mut self.governance, *contract, moment, message, |_| true)
            }
            other => panic!("{other:?} goes elsewhere"),
        }
    }

    fn view(&self, _: &World, _: u64, label: &str, arguments: &[u8]) -> Option<Vec<u8>> {
        let data = &self.data;
        Some(match label {
            "proposal" => data.proposal(read(arguments)).encode(),
            "erasure" => data.erasure(read(arguments)).encode(),
            "latest_erasure" => {
                let (owner, requester) = read(arguments);
                data.latest_erasure(owner, requester).encode()
            }
            "times" => data.times().encode(),
            "participants" => self.participants.encode(),
            "consent" => self.consent.encode(),
            "Governed::governance" => self.governance.state().encode(),
            "Governed::schema_version" => SCHEMA_VERSION.encode(),
            other => panic!("no view {other}"),
        })
    }
}

fn start() -> (Agreements, World, Vec<arbitrary::Sent>) {
    let setup = arbitrary::setup();
    let prologue = arbitrary::prologue(&setup, setup.addresses.consent);
    let world = World::new(setup).unwrap();
    (Agreements::new(&world), world, prologue)
}

#[test]
fn the_rules_do_what_the_model_does() {
    let mix = Mix { agreements: 40, consent: 12, participants: 6, governed: 4, ..Mix::NONE };
    subject::agree(Contract::Agreements, mix, start);
}
