//! Every message of the contracts once with success, and once refused for
//! each of the errors that its documentation lists. The tests run all of them; the benchmark
//! measures the successes.

mod agreements;
mod carbon;
mod consent;
mod governance;
mod market;
mod participants;
mod reports;
mod rewards;
mod succession;
mod token;

use parity_scale_codec::Encode;

use crate::ledger::{GOVERNED, Ledger};
use crate::{Account, Executed};

/// Brings a fresh deployment into a state and says how the message is called then; it is told the
/// name of the contract.
pub type Prepare = fn(&mut Ledger, &'static str) -> Call;

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

/// `caller` calls for himself; for whom is acted comes first of the arguments.
pub fn own(caller: Account, arguments: impl Encode) -> Call {
    call(caller, (caller, arguments))
}

impl Case {
    /// Brings a fresh deployment into the state and gives the digest of it, and what calling the
    /// message did.
    #[must_use]
    pub fn run(&self) -> (Ledger, Vec<Vec<u8>>, Executed) {
        self.run_after(|_| ())
    }

    /// As [`Case::run`], with something else done to the deployment before the call.
    #[must_use]
    pub fn run_after(&self, change: impl FnOnce(&mut Ledger)) -> (Ledger, Vec<Vec<u8>>, Executed) {
        let mut ledger = Ledger::new();
        let Call { caller, arguments } = (self.prepare)(&mut ledger, self.contract);
        change(&mut ledger);
        let before = ledger.root();
        let contract = ledger.contract(self.contract).clone();
        let selector = contract.bundle.message(self.message).selector;
        let input = [&selector[..], &arguments].concat();
        let executed = ledger.sandbox.call_raw(caller, &contract, self.message, input);
        (ledger, before, executed)
    }
}

/// All cases, contract by contract.
#[must_use]
pub fn all() -> Vec<Case> {
    let of_keys = succession::cases();
    let mut cases = Vec::new();
    for of_contract in [
        participants::cases(),
        consent::cases(),
        agreements::cases(),
        rewards::cases(),
        reports::cases(),
        token::cases(),
        carbon::cases(),
        market::cases(),
    ] {
        let contract = of_contract.first().map(|case| case.contract);
        cases.extend(of_contract);
        cases.extend(of_keys.iter().filter(|case| Some(case.contract) == contract));
    }
    for contract in GOVERNED {
        cases.extend(governance::cases(contract));
    }
    cases
}
