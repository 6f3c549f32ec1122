//! The rules of admission against the plain model: random messages, the same answers, events and
//! views, and the invariants after every one.
//!
//! The random numbers start from a fixed seed, so that a failure comes again; set
//! `PROPTEST_RNG_SEED` and `PROPTEST_CASES` to look elsewhere and for longer.

use assent_events::participants::{
    Approved, Left, ProfileUpdated, Registered, Reinstated, RolesSet, Suspended,
};
use assent_governance::Governance;
use assent_model::{
    arbitrary::{self, Mix, Moment, Subject},
    Account, Contract, GovernedMessage, Message, ParticipantsMessage, World,
};
use ink::{
    env::{test::run_test, DefaultEnvironment},
    primitives::AccountId,
    scale::{Decode, Encode},
};
use participants::data::{Data, SCHEMA_VERSION};
use proptest::{prop_assert_eq, test_runner::TestCaseError};
use std::fmt::Debug;

type Sent = Result<Result<Vec<u8>, String>, TestCaseError>;

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

    fn rule(&mut self, caller: AccountId, message: &ParticipantsMessage) -> Sent {
        use ParticipantsMessage as M;
        let open = matches!(message, M::Suspend(..) | M::Leave);
        if self.governance.is_paused() && !open {
            return Ok(Err("Paused".into()));
        }
        let office = self.governance.is_administrator(caller);
        match *message {
            M::Register(profile) => {
                answer(self.data.register(caller, profile), Registered { account: caller, profile })
            }
            M::UpdateProfile(profile) => answer(
                self.data.update_profile(caller, profile),
                ProfileUpdated { account: caller, profile },
            ),
            M::Approve(account, roles) => answer(
                self.data.approve(caller, office, AccountId(account), roles),
                Approved { account: AccountId(account), roles, by: caller },
            ),
            M::SetRoles(account, roles) => answer(
                self.data.set_roles(caller, office, AccountId(account), roles),
                RolesSet { account: AccountId(account), roles, by: caller },
            ),
            M::Suspend(account, reason) => answer(
                self.data.suspend(caller, office, AccountId(account), reason),
                Suspended { account: AccountId(account), reason, by: caller },
            ),
            M::Reinstate(account) => answer(
                self.data.reinstate(caller, office, AccountId(account)),
                Reinstated { account: AccountId(account), by: caller },
            ),
            M::Leave => answer(self.data.leave(caller, office), Left { account: caller }),
        }
    }

    fn governed(&mut self, moment: Moment, message: &GovernedMessage) -> Sent {
        use GovernedMessage as M;
        let (caller, now) = (AccountId(moment.caller), moment.now);
        let governance = &mut self.governance;
        let result = match *message {
            M::Pause => governance.pause(caller).map(|_| ()),
            M::Unpause => governance.unpause(caller).map(|_| ()),
            M::ProposeHandover(to) => {
                let eligible = self.data.is_admitted(AccountId(to));
                governance.propose_handover(caller, now, AccountId(to), eligible).map(|_| ())
            }
            M::CancelHandover => governance.cancel_handover(caller).map(|_| ()),
            M::AcceptHandover => {
                let eligible = self.data.is_admitted(caller);
                match governance.accept_handover(caller, now, eligible) {
                    Err(error) => Err(error),
                    Ok(event) => {
                        let roles = |a: AccountId| moment.after.participants.roles(&a.0);
                        let set = |account| RolesSet { account, roles: roles(account), by: caller };
                        let events = self.data.succeed(event.from, event.to);
                        prop_assert_eq!(events, (set(event.from), set(event.to)));
                        Ok(())
                    }
                }
            }
            M::AnnounceUpgrade(code) => governance.announce_upgrade(caller, now, code).map(|_| ()),
            M::CancelUpgrade => governance.cancel_upgrade(caller).map(|_| ()),
            // The chain knows which code there is, and undoes the rest.
            M::ApplyUpgrade if *moment.reply == Err("UnknownCode") => {
                return Ok(Err("UnknownCode".into()))
            }
            M::ApplyUpgrade => governance.apply_upgrade(caller, now).map(|_| ()),
        };
        Ok(result.map(|()| Vec::new()).map_err(|error| format!("{error:?}")))
    }
}

/// What the shell makes of it, when the event is the one that is due.
fn answer<T: Debug + PartialEq, E: Debug>(result: Result<T, E>, event: T) -> Sent {
    match result {
        Err(error) => Ok(Err(format!("{error:?}"))),
        Ok(emitted) => {
            prop_assert_eq!(emitted, event);
            Ok(Ok(Vec::new()))
        }
    }
}

/// Arguments, decoded.
fn read<T: Decode>(mut arguments: &[u8]) -> T {
    T::decode(&mut arguments).unwrap()
}

impl Subject for Participants {
    fn send(&mut self, moment: Moment, message: &Message) -> Sent {
        match message {
            Message::Participants(message) => self.rule(AccountId(moment.caller), message),
            Message::Governed(_, message) => self.governed(moment, message),
            other => panic!("{other:?} goes elsewhere"),
        }
    }

    fn view(&self, _: &World, _: u64, label: &str, arguments: &[u8]) -> Option<Vec<u8>> {
        let data = &self.data;
        Some(match label {
            "participant" => data.participant(read(arguments)).encode(),
            "status" => data.participant(read(arguments)).map(|p| p.status).encode(),
            "has_role" => {
                let (account, roles) = read(arguments);
                data.has_role(account, roles).encode()
            }
            "is_admitted" => data.is_admitted(read(arguments)).encode(),
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

fn start() -> (Participants, World, Vec<(Account, Message)>) {
    let setup = arbitrary::setup();
    let mut prologue = arbitrary::prologue(&setup, setup.addresses.consent);
    prologue.retain(|(_, message)| message.to() == Contract::Participants);
    let world = World::new(setup).unwrap();
    (Participants::new(&world), world, prologue)
}

#[test]
fn the_rules_do_what_the_model_does() {
    let mix = Mix { participants: 30, governed: 10, ..Mix::NONE };
    arbitrary::agree(Contract::Participants, mix, start, |test| {
        run_test::<DefaultEnvironment, _>(|_| {
            test();
            Ok(())
        })
        .unwrap();
    });
}
