//! The health contracts and the token, deployed and wired as on a chain.

mod setup;
mod values;

use std::sync::Arc;

use parity_scale_codec::Encode;

pub use self::setup::key;
pub use self::values::*;
use crate::{Account, Bundle, Contract, Executed, Outcome, Sandbox};

/// Deploys, administers and is the first regulator and the token's treasury.
pub const REGULATOR: Account = [1; 32];
/// An active data owner.
pub const PATIENT: Account = [2; 32];
/// An active provider.
pub const HOSPITAL: Account = [3; 32];
/// An active researcher.
pub const INSTITUTE: Account = [4; 32];
/// An active auditor.
pub const AUDITOR: Account = [5; 32];
/// Another active data owner.
pub const RELATIVE: Account = [6; 32];
/// Registered, but not approved.
pub const APPLICANT: Account = [7; 32];
/// Not registered.
pub const STRANGER: Account = [8; 32];

/// The contracts of a deployment by name; all of them are governed.
pub const GOVERNED: [&str; 5] = ["participants", "consent", "rewards", "reports", "token"];

/// How long handovers and replacements of code wait, ms.
pub const DELAY: u64 = 10_000;
/// How long an emergency window is open, ms.
pub const WINDOW: u64 = 4_000;
/// How long after its opening the review of a window is overdue, ms.
pub const REVIEW: u64 = 8_000;

/// The contracts of a deployment, on a chain of their own.
pub struct Health {
    /// The chain.
    pub sandbox: Sandbox,
    /// Who is admitted.
    pub participants: Contract,
    /// The settlement token.
    pub token: Contract,
    /// What data owners earn.
    pub rewards: Contract,
    /// Grants and decisions.
    pub consent: Contract,
    /// Anchored reports.
    pub reports: Contract,
}

impl Default for Health {
    fn default() -> Self {
        Self::new()
    }
}

impl Health {
    /// Deploys and wires everything and admits the accounts of this module with their roles.
    ///
    /// # Panics
    /// If anything of it is refused.
    #[must_use]
    pub fn new() -> Self {
        let mut health = Self::bare();
        for (account, roles) in [
            (PATIENT, role::DATA_OWNER),
            (HOSPITAL, role::PROVIDER),
            (INSTITUTE, role::RESEARCHER),
            (AUDITOR, role::AUDITOR),
            (RELATIVE, role::DATA_OWNER),
        ] {
            health.done(account, "participants", "register", &[account[0]; 32]);
            health.done(REGULATOR, "participants", "approve", &(account, roles));
        }
        health.done(APPLICANT, "participants", "register", &[APPLICANT[0]; 32]);
        health
    }

    /// Deploys and wires everything and admits nobody but the regulator.
    ///
    /// # Panics
    /// If anything of it is refused.
    #[must_use]
    pub fn bare() -> Self {
        let mut sandbox = Sandbox::new();
        sandbox.endow(&[
            REGULATOR, PATIENT, HOSPITAL, INSTITUTE, AUDITOR, RELATIVE, APPLICANT, STRANGER,
        ]);
        let mut deploy = |name: &str, arguments: Vec<u8>| {
            let bundle = Arc::new(Bundle::committed(name));
            let deployed = sandbox.instantiate_raw(REGULATOR, &bundle, arguments);
            deployed.unwrap_or_else(|error| panic!("{name}: {error}"))
        };
        let participants = deploy("participants", DELAY.encode());
        let uncapped = None::<u128>;
        let token =
            deploy("token", (Some("Assent Euro"), Some("AEUR"), 6u8, uncapped, DELAY).encode());
        let rewards = deploy("rewards", (token.address, DELAY).encode());
        let times = (DELAY, WINDOW, REVIEW);
        let consent = deploy("consent", (participants.address, rewards.address, times).encode());
        let reports = deploy("reports", (participants.address, DELAY).encode());
        let mut health = Self { sandbox, participants, token, rewards, consent, reports };
        let consent = health.consent.address;
        health.done(REGULATOR, "rewards", "set_consent", &consent);
        health
    }

    /// A contract by name.
    ///
    /// # Panics
    /// If it is none of them.
    #[must_use]
    pub fn contract(&self, name: &str) -> &Contract {
        match name {
            "participants" => &self.participants,
            "token" => &self.token,
            "rewards" => &self.rewards,
            "consent" => &self.consent,
            "reports" => &self.reports,
            other => panic!("there is no contract {other}"),
        }
    }

    /// All of them.
    #[must_use]
    pub fn contracts(&self) -> [&Contract; 5] {
        [&self.participants, &self.token, &self.rewards, &self.consent, &self.reports]
    }

    /// Calls a message.
    pub fn call(
        &mut self,
        caller: Account,
        contract: &str,
        label: &str,
        arguments: &impl Encode,
    ) -> Executed {
        let contract = self.contract(contract).clone();
        self.sandbox.call(caller, &contract, label, arguments)
    }

    /// Calls a message that must succeed.
    ///
    /// # Panics
    /// If it does not.
    #[track_caller]
    pub fn done(
        &mut self,
        caller: Account,
        contract: &str,
        label: &str,
        arguments: &impl Encode,
    ) -> Executed {
        let executed = self.call(caller, contract, label, arguments);
        assert!(
            matches!(executed.outcome, Outcome::Returned(_)),
            "{contract}.{label}: {:?}",
            executed.outcome
        );
        executed
    }

    /// Asks a view.
    ///
    /// # Panics
    /// If it does not return a `T`.
    #[track_caller]
    pub fn view<T: parity_scale_codec::Decode>(
        &mut self,
        contract: &str,
        label: &str,
        arguments: &impl Encode,
    ) -> T {
        let contract = self.contract(contract).clone();
        self.sandbox.view(&contract, label, arguments)
    }

    /// A digest of everything that the contracts store.
    #[must_use]
    pub fn root(&mut self) -> Vec<Vec<u8>> {
        let contracts = self.contracts().map(Clone::clone);
        contracts.iter().map(|contract| self.sandbox.root(contract)).collect()
    }
}
