//! The rules of admission against the plain model: random messages, the same answers, events and
//! views, and the invariants after every one.
//!
//! The random numbers start from a fixed seed, so that a failure comes again; set
//! `PROPTEST_RNG_SEED` and `PROPTEST_CASES` to look elsewhere and for longer.

use assent_events::participants::{
    Approved, GuardianAppointed, GuardiansChanged, KeyReplaced, Left, MandateEnded, MemberAdmitted,
    ProfileConfirmed, ProfileUpdated, Registered, Reinstated, ReplacementConfirmed,
    ReplacementObjected, ReplacementProposed, ReplacementRejected, RolesSet, SuccessionCancelled,
    SuccessorNamed, Suspended,
};
use assent_governance::Governance;
use assent_model::{
    arbitrary::{self, Mix, Moment, Subject},
    Contract, GovernedMessage, Message, ParticipantsMessage, World,
};
use ink::{primitives::AccountId, scale::Encode};
use participants::data::{Data, SCHEMA_VERSION};
use participants::succession::{Cancelled, Ruling, Waiting};
use proptest::prop_assert_eq;
use subject::{answer, read, Sent};

#[path = "../../governance/tests/subject/mod.rs"]
mod subject;

/// The contract without its shell, which only asks these two.
struct Participants {
    data: Data,
    governance: Governance,
}

impl Participants {
    fn new(world: &World) -> Self {
        let administrator = AccountId(world.setup.administrator);
        let governance = Governance::new(administrator, world.setup.times.delay).unwrap();
        let (data, registered, approved) = Data::new(administrator);
        assert_eq!(registered.account, administrator);
        assert_eq!((approved.account, approved.by), (administrator, administrator));
        Self { data, governance }
    }

    fn rule(&mut self, moment: Moment, message: &ParticipantsMessage) -> Sent {
        let (caller, now) = (AccountId(moment.caller), moment.now);
        use ParticipantsMessage as M;
        let open = matches!(
            message,
            M::Suspend(..)
                | M::Leave
                | M::EndMandate(..)
                | M::CancelSuccession
                | M::DecideReplacement(..)
        );
        if self.governance.is_paused() && !open {
            return Ok(Err("Paused".into()));
        }
        let office = self.governance.is_administrator(caller);
        let waiting = Waiting { now, delay: moment.before.setup.times.delay };
        match *message {
            M::Register(profile) => {
                answer(self.data.register(caller, profile), Registered { account: caller, profile })
            }
            M::UpdateProfile(profile) => answer(
                self.data.update_profile(caller, profile),
                ProfileUpdated { account: caller, profile },
            ),
            M::Approve(account, roles, profile) => answer(
                self.data.approve(caller, office, AccountId(account), roles, profile),
                Approved { account: AccountId(account), roles, profile, by: caller },
            ),
            M::ConfirmProfile(account, profile) => answer(
                self.data.confirm_profile(caller, AccountId(account), profile),
                ProfileConfirmed { account: AccountId(account), profile, by: caller },
            ),
            M::SetRoles(account, roles) => answer(
                self.data.set_roles(caller, office, AccountId(account), roles),
                RolesSet { account: AccountId(account), roles, by: caller },
            ),
            M::Suspend(account, roles, reason) => answer(
                self.data.suspend(caller, office, AccountId(account), roles, reason),
                Suspended { account: AccountId(account), roles, reason, by: caller },
            ),
            M::Reinstate(account, roles) => answer(
                self.data.reinstate(caller, office, AccountId(account), roles),
                Reinstated { account: AccountId(account), roles, by: caller },
            ),
            M::Leave => answer(self.data.leave(caller, office), Left { account: caller }),
            M::AdmitMember(agent, powers, until, person) => {
                let agent = AccountId(agent);
                answer(
                    self.data.admit_member(caller, now, agent, powers, until, person),
                    MemberAdmitted { organisation: caller, agent, powers, until, person },
                )
            }
            M::EndMandate(subject, agent) => {
                let (subject, agent) = (AccountId(subject), AccountId(agent));
                answer(
                    self.data.end_mandate(caller, now, subject, agent),
                    (MandateEnded { subject, agent, by: caller }, changed(moment, subject)),
                )
            }
            M::NameSuccessor(to) => {
                let (subject, to) = (caller, AccountId(to));
                let (not_before, until) = waits(moment, subject);
                answer(
                    self.data.name_successor(caller, office, waiting, to),
                    SuccessorNamed { subject, to, not_before, until },
                )
            }
            M::ReplaceKey(subject, to, evidence) => {
                let (subject, to) = (AccountId(subject), AccountId(to));
                let (not_before, until) = waits(moment, subject);
                let offices = (office, self.governance.is_administrator(subject));
                answer(
                    self.data.replace_key(caller, offices, waiting, subject, to, evidence),
                    ReplacementProposed { subject, to, evidence, not_before, until, by: caller },
                )
            }
            M::CancelSuccession => {
                let subject = caller;
                let before = moment.before.participants.successions.get(&subject.0);
                let to = before.map_or(AccountId([0; 32]), |before| AccountId(before.to));
                let event = if before.is_some_and(|before| before.by.is_some()) {
                    Cancelled::Objected(ReplacementObjected { subject, to })
                } else {
                    Cancelled::Own(SuccessionCancelled { subject, to })
                };
                answer(self.data.cancel_succession(caller, now), event)
            }
            M::DecideReplacement(subject, to, confirmed) => {
                let (subject, to, by) = (AccountId(subject), AccountId(to), caller);
                let event = if confirmed {
                    Ruling::Confirmed(ReplacementConfirmed { subject, to, by })
                } else {
                    Ruling::Rejected(ReplacementRejected { subject, to, by })
                };
                answer(self.data.decide_replacement(caller, now, subject, to, confirmed), event)
            }
            M::AcceptSuccession(subject) => {
                let key = moment.before.participants.key_of(&subject).unwrap_or(subject);
                let (subject, to) = (AccountId(subject), AccountId(moment.key));
                let office = self.governance.is_administrator(subject);
                answer(
                    self.data.accept_succession(to, office, now, subject),
                    KeyReplaced { subject, from: AccountId(key), to },
                )
            }
            M::AppointGuardian(ward, guardian, until, person) => {
                let (ward, guardian) = (AccountId(ward), AccountId(guardian));
                let appointed = GuardianAppointed { ward, guardian, until, person, by: caller };
                answer(
                    self.data.appoint_guardian(caller, now, ward, guardian, until, person),
                    (appointed, changed(moment, ward)),
                )
            }
        }
    }

    fn governed(&mut self, moment: Moment, message: &GovernedMessage) -> Sent {
        let from = self.governance.state().administrator;
        let eligible = |account| self.data.is_eligible(account);
        let sent = subject::governed(
            &mut self.governance,
            Contract::Participants,
            moment,
            message,
            eligible,
        )?;
        if sent.is_ok() && *message == GovernedMessage::AcceptHandover {
            let caller = AccountId(moment.key);
            let roles = |a: AccountId| moment.after.participants.roles(&a.0);
            let set = |account| RolesSet { account, roles: roles(account), by: caller };
            let events = self.data.succeed(from, caller);
            prop_assert_eq!(events, (set(from), set(caller)));
        }
        Ok(sent)
    }
}

impl Subject for Participants {
    fn send(&mut self, moment: Moment, message: &Message) -> Sent {
        match message {
            Message::Participants(message) => self.rule(moment, message),
            Message::Governed(_, message) => self.governed(moment, message),
            other => panic!("{other:?} goes elsewhere"),
        }
    }

    fn view(&self, _: &World, now: u64, label: &str, arguments: &[u8]) -> Option<Vec<u8>> {
        let data = &self.data;
        Some(match label {
            "participant" => data.participant(read(arguments)).encode(),
            "status" => data.participant(read(arguments)).map(|p| p.status()).encode(),
            "has_role" => {
                let (account, roles) = read(arguments);
                data.has_role(account, roles).encode()
            }
            "is_admitted" => data.is_admitted(read(arguments)).encode(),
            "admission" => {
                let (subject, other, caller) = read(arguments);
                data.admission(now, subject, other, caller).encode()
            }
            "mandate" => {
                let (subject, agent) = read(arguments);
                data.mandate(subject, agent).encode()
            }
            "succession" => data.succession(read(arguments)).encode(),
            "subject_of" => data.subject_of(read(arguments)).encode(),
            "key_of" => data.key_of(read(arguments)).encode(),
            "count" => data.count().encode(),
            "list" => {
                let (from, limit) = read(arguments);
                data.list(from, limit).encode()
            }
            "Governed::governance" => self.governance.state().encode(),
            "Governed::schema_version" => SCHEMA_VERSION.encode(),
            other => panic!("no view {other}"),
        })
    }
}

/// From when on, and until when, what was said of a key may be accepted.
fn waits(moment: Moment, subject: AccountId) -> (u64, u64) {
    let waits = moment.after.participants.successions.get(&subject.0);
    waits.map_or((0, 0), |waits| (waits.not_before, waits.until))
}

/// The guardianship that starts, if one does.
fn changed(moment: Moment, ward: AccountId) -> Option<GuardiansChanged> {
    let number = |world: &World| world.participants.guardianship(&ward.0);
    let guardianship = number(moment.after);
    (guardianship != number(moment.before)).then_some(GuardiansChanged { ward, guardianship })
}

fn start() -> (Participants, World, Vec<arbitrary::Sent>) {
    let setup = arbitrary::setup();
    let mut prologue = arbitrary::prologue(&setup, setup.addresses.consent);
    prologue.retain(|(_, _, message)| message.to() == Contract::Participants);
    let world = World::new(setup).unwrap();
    (Participants::new(&world), world, prologue)
}

#[test]
fn the_rules_do_what_the_model_does() {
    let mix = Mix { participants: 30, governed: 10, ..Mix::NONE };
    subject::agree(Contract::Participants, mix, start);
}
