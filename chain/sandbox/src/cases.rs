//! Every message of the health contracts and of the token once with success, and once refused for
//! each of the errors that its documentation lists. The tests run all of them; the benchmark
//! measures the successes.

mod consent;
mod governance;
mod participants;
mod reports;
mod rewards;
mod token;

use parity_scale_codec::Encode;

use crate::health::{GOVERNED, Health};
use crate::{Account, Executed};

/// Brings a fresh deployment into a state and says how the message is called then; it is told the
/// name of the contract.
pub type Prepare = fn(&mut Health, &'static str) -> Call;

/// A message in a state that decides how it ends.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// Name of the contract.
    pub contract: &'static str,
    /// Label of the message.
    pub message: &'static str,
    /// Error with which it ends, as [`Outcome::Refused`](crate::Outcome::Refused) names it; `None`
    /// when it succeeds.
    pub error: Option<&'static str>,
    /// Brings a fresh deployment into that state and says how the message is called then.
    pub prepare: Prepare,
}

/// Who calls a message, with what.
#[derive(Debug, Clone)]
pub struct Call {
    caller: Account,
    arguments: Vec<u8>,
}

/// `caller` calls with `arguments`.
pub fn call(caller: Account, arguments: impl Encode) -> Call {
    Call { caller, arguments: arguments.encode() }
}

impl Case {
    /// Brings a fresh deployment into the state and gives the digest of it, and what calling the
    /// message did.
    #[must_use]
    pub fn run(&self) -> (Health, Vec<Vec<u8>>, Executed) {
        self.run_after(|_| ())
    }

    /// As [`Case::run`], with something else done to the deployment before the call.
    #[must_use]
    pub fn run_after(&self, change: impl FnOnce(&mut Health)) -> (Health, Vec<Vec<u8>>, Executed) {
        let mut health = Health::new();
        let Call { caller, arguments } = (self.prepare)(&mut health, self.contract);
        change(&mut health);
        let before = health.root();
        let contract = health.contract(self.contract).clone();
        let selector = contract.bundle.message(self.message).selector;
        let input = [&selector[..], &arguments].concat();
        let executed = health.sandbox.call_raw(caller, &contract, self.message, input);
        (health, before, executed)
    }
}

/// All cases, contract by contract.
#[must_use]
pub fn all() -> Vec<Case> {
    let mut cases = Vec::new();
    cases.extend(participants::cases());
    cases.extend(consent::cases());
    cases.extend(rewards::cases());
    cases.extend(reports::cases());
    cases.extend(token::cases());
    for contract in GOVERNED {
        cases.extend(governance::cases(contract));
    }
    cases
}
