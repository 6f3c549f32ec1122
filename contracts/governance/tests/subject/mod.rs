//! What the property tests of all governed contracts share: each takes it in by its path, since
//! neither the model nor a contract may depend on the other's crates.
#![allow(dead_code, reason = "no contract's test needs all of it")]

use assent_governance::Governance;
use assent_model::{
    arbitrary::{self, Mix, Moment, Subject},
    Account, Contract, GovernedMessage, Message, World,
};
use ink::{
    env::{test::run_test, DefaultEnvironment},
    primitives::AccountId,
    scale::{Decode, Encode},
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

/// Governs as the shell does; `eligible` is what the contract asks of an administrator.
pub fn governed(
    governance: &mut Governance,
    moment: Moment,
    message: &GovernedMessage,
    eligible: impl Fn(AccountId) -> bool,
) -> Sent {
    use GovernedMessage as M;
    let (caller, now) = (AccountId(moment.caller), moment.now);
    let result = match *message {
        M::Pause => governance.pause(caller).map(|_| ()),
        M::Unpause => governance.unpause(caller).map(|_| ()),
        M::ProposeHandover(to) => {
            let to = AccountId(to);
            governance.propose_handover(caller, now, to, eligible(to)).map(|_| ())
        }
        M::CancelHandover => governance.cancel_handover(caller).map(|_| ()),
        M::AcceptHandover => governance.accept_handover(caller, now, eligible(caller)).map(|_| ()),
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

/// Arguments, decoded.
pub fn read<T: Decode>(mut arguments: &[u8]) -> T {
    T::decode(&mut arguments).unwrap()
}

/// Plays random steps on the rules and on the model, each case in an environment of its own.
pub fn agree<S: Subject>(
    contract: Contract,
    mix: Mix,
    start: impl Fn() -> (S, World, Vec<(Account, Message)>),
) {
    arbitrary::agree(contract, mix, start, |test| {
        run_test::<DefaultEnvironment, _>(|_| {
            test();
            Ok(())
        })
        .unwrap();
    });
}
