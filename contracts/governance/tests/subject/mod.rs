//! What the property tests of all governed contracts share: each takes it in by its path, since
//! neither the model nor a contract may depend on the other's crates.
#![allow(dead_code, reason = "no contract's test needs all of it")]

use assent_governance::{Governance, Handover, Upgrade};
use assent_model::{
    arbitrary::{self, Mix, Moment, Subject},
    Contract, GovernedMessage, World,
};
use ink::{
    env::{test::run_test, DefaultEnvironment},
    primitives::AccountId,
    scale::{Decode, Encode},
    storage::{traits::ManualKey, Lazy},
};
use proptest::{prop_assert_eq, test_runner::TestCaseError};
use std::fmt::Debug;

/// What a subject answers: inside, the encoded value or the name of the error.
pub type Sent = Result<Result<Vec<u8>, String>, TestCaseError>;

/// Refuses with the error of this name.
pub fn refuse(name: &str) -> Sent {
    Ok(Err(name.into()))
}

/// What the shell makes of it, when the events are those that are due.
pub fn answer<T: Debug + PartialEq, E: Debug>(result: Result<T, E>, events: T) -> Sent {
    answer_with(result, (), || events)
}

/// As [`answer`], of a message that gives a value. The model has the events only if the message
/// succeeded there too, so it is asked last.
pub fn answer_with<T: Debug + PartialEq, E: Debug>(
    result: Result<T, E>,
    value: impl Encode,
    events: impl FnOnce() -> T,
) -> Sent {
    match result {
        Err(error) => refuse(&format!("{error:?}")),
        Ok(emitted) => {
            prop_assert_eq!(emitted, events());
            Ok(Ok(value.encode()))
        }
    }
}

/// The state of a government as it is stored: administrator, delay, what is proposed and announced.
type Office = (AccountId, u64, Option<Handover>, Option<Upgrade>);

/// Governs `contract` as the shell does; `eligible` is what the contract asks of an administrator.
pub fn governed(
    governance: &mut Governance,
    contract: Contract,
    moment: Moment,
    message: &GovernedMessage,
    eligible: impl Fn(AccountId) -> bool,
) -> Sent {
    use GovernedMessage as M;
    let (caller, now) = (AccountId(moment.key), moment.now);
    let result = match *message {
        M::Pause => governance.pause(caller).map(|_| ()),
        M::Unpause => governance.unpause(caller).map(|_| ()),
        M::ProposeHandover(to) => {
            let to = AccountId(to);
            governance.propose_handover(caller, now, to, eligible(to)).map(|_| ())
        }
        M::CancelHandover => governance.cancel_handover(caller).map(|_| ()),
        M::AcceptHandover => governance.accept_handover(caller, now, eligible(caller)).map(|_| ()),
        M::AnnounceUpgrade(code) => {
            let mut office = Lazy::<Office, ManualKey<0x676f_0001>>::new();
            let before = office.get().unwrap();
            let own = || moment.before.code(contract).unwrap();
            let announced = governance.announce_upgrade(caller, now, code, own);
            // The chain knows which code there is, and undoes the rest.
            if announced.is_ok() && *moment.reply == Err("CodeNotFound") {
                office.set(&before);
                return refuse("CodeNotFound");
            }
            if let Ok(announced) = &announced {
                let locked = |world: &World| world.locks.contains(&(contract, code));
                let lock = locked(moment.after) && !locked(moment.before);
                prop_assert_eq!(announced.lock.is_some(), lock, "{:?}", announced);
            }
            announced.map(|_| ())
        }
        M::CancelUpgrade => governance.cancel_upgrade(caller).map(|_| ()),
        M::ApplyUpgrade => {
            let answer = |code| moment.before.schema_of(&code).flatten();
            governance
                .apply_upgrade(caller, now, moment.before.schema(contract), answer)
                .map(|_| ())
        }
    };
    Ok(result.map(|()| Vec::new()).map_err(|error| format!("{error:?}")))
}

/// Arguments, decoded.
pub fn read<T: Decode>(mut arguments: &[u8]) -> T {
    T::decode(&mut arguments).unwrap()
}

/// Plays random steps on the rules and on the model, each case in an environment of its own.
pub fn agree<S: Subject>(
    contract: Contract,
    mix: Mix,
    start: impl Fn() -> (S, World, Vec<arbitrary::Sent>) + Sync,
) {
    arbitrary::agree(contract, mix, start, |test| {
        run_test::<DefaultEnvironment, _>(|_| {
            test();
            Ok(())
        })
        .unwrap();
    });
}
