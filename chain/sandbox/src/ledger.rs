//! The contracts, deployed and wired as on a chain.

mod setup;
mod values;

use std::sync::{Arc, LazyLock};

use assent_interface::{
    Contract as Name, agreements, carbon, consent, market, participants, reports, rewards, token,
};
use parity_scale_codec::Encode;

pub use self::setup::{SUSPENDED, key};
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
/// An active emitter.
pub const EMITTER: Account = [9; 32];
/// Another active emitter.
pub const FACTORY: Account = [10; 32];
/// An active verifier.
pub const VERIFIER: Account = [11; 32];
/// An active trader, who issues carbon credits.
pub const ISSUER: Account = [12; 32];
/// An active trader.
pub const TRADER: Account = [13; 32];
/// Collects penalties and fees; not registered.
pub const COLLECTOR: Account = [14; 32];
/// A key that is nobody's, and may take the place of another.
pub const KEY: Account = [15; 32];
/// Another such key.
pub const NEXT_KEY: Account = [16; 32];

/// The contracts of a deployment by name; all of them are governed.
pub const GOVERNED: [&str; Name::ALL.len()] = Name::NAMES;

/// How long handovers, replacements of code and whatever moves money wait, ms.
pub const DELAY: u64 = 10_000;
/// How long after their waiting handovers and replacements of code are over, ms.
pub const GRACE: u64 = 14 * 24 * 60 * 60 * 1_000;
/// For how long an owner earns nothing more from the same requester for the same purpose, ms.
pub const EARNING: u64 = 5_000;
/// How long an emergency window is open, ms.
pub const WINDOW: u64 = 4_000;
/// How long after its opening the review of a window is overdue, ms.
pub const REVIEW: u64 = 8_000;
/// How long a provider waits to break the glass again after his patient closed a window, ms.
pub const COOLDOWN: u64 = 2_000;
/// How long after its end a compliance period may be settled, ms.
pub const COMPLIANCE: u64 = 6_000;
/// The delays of the consent contract.
const TIMES: consent::Times =
    consent::Times { delay: DELAY, window: WINDOW, review: REVIEW, cooldown: COOLDOWN };
/// How long a requester has to answer a request for erasure, ms.
pub const ANSWER: u64 = 7_000;
/// The delays of the agreements contract.
const AGREEMENTS_TIMES: agreements::Times = agreements::Times { delay: DELAY, answer: ANSWER };
/// What the consent contract takes for the hash of the chain's first block.
pub const CHAIN: Hash = [0xc0; 32];
/// The delays of the rewards contract.
const REWARD_TIMES: rewards::Times = rewards::Times { delay: DELAY, period: EARNING };
/// The delays of the carbon contract.
const CARBON_TIMES: carbon::Times = carbon::Times { delay: DELAY, compliance: COMPLIANCE };
/// How large an order may be; 550,000 units for an account that was never rated.
pub const LIMITS: Limits = Limits { floor: 100_000, ceiling: 1_000_000 };

/// The bundles, in the order of [`GOVERNED`]: thousands of deployments read them once.
static BUNDLES: LazyLock<[Arc<Bundle>; GOVERNED.len()]> =
    LazyLock::new(|| GOVERNED.map(|name| Arc::new(Bundle::committed(name))));

/// The contracts of a deployment, on a chain of their own.
pub struct Ledger {
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
    /// Proposals of grants, and requests for erasure.
    pub agreements: Contract,
    /// Anchored reports.
    pub reports: Contract,
    /// Carbon credits and allowances.
    pub carbon: Contract,
    /// Sell orders.
    pub market: Contract,
}

impl Default for Ledger {
    fn default() -> Self {
        Self::new()
    }
}

impl Ledger {
    /// Deploys and wires everything and admits the accounts of this module with their roles.
    ///
    /// # Panics
    /// If anything of it is refused.
    #[must_use]
    pub fn new() -> Self {
        let mut ledger = Self::bare();
        for (account, roles) in [
            (PATIENT, role::DATA_OWNER),
            (HOSPITAL, role::PROVIDER),
            (INSTITUTE, role::RESEARCHER),
            (AUDITOR, role::AUDITOR),
            (RELATIVE, role::DATA_OWNER),
            (EMITTER, role::EMITTER),
            (FACTORY, role::EMITTER),
            (VERIFIER, role::VERIFIER),
            (ISSUER, role::TRADER),
            (TRADER, role::TRADER),
        ] {
            ledger.admit(account, roles);
        }
        ledger.done(APPLICANT, "participants", participants::REGISTER, &[APPLICANT[0]; 32]);
        ledger
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
            EMITTER, FACTORY, VERIFIER, ISSUER, TRADER, COLLECTOR, KEY, NEXT_KEY,
        ]);
        let mut deploy = |name: &str, arguments: Vec<u8>| {
            let bundle = BUNDLES.iter().find(|bundle| bundle.name == name);
            let bundle = bundle.unwrap_or_else(|| panic!("there is no bundle {name}"));
            let deployed = sandbox.instantiate_raw(REGULATOR, bundle, arguments);
            deployed.unwrap_or_else(|error| panic!("{name}: {error}"))
        };
        let delay = DELAY;
        let participants = deploy("participants", participants::New { delay }.encode());
        let (name, symbol) = (Some("Assent Euro"), Some("AEUR"));
        let terms = token::Terms { name, symbol, decimals: 6, cap: None };
        let asked = participants.address;
        let token = token::New { participants: asked, terms, delay };
        let token = deploy("token", token.encode());
        let rewards =
            rewards::New { participants: asked, token: token.address, times: REWARD_TIMES };
        let rewards = deploy("rewards", rewards.encode());
        let consent = consent::New {
            participants: participants.address,
            rewards: rewards.address,
            times: TIMES,
            genesis: CHAIN,
        };
        let consent = deploy("consent", consent.encode());
        let agreements = agreements::New {
            participants: participants.address,
            consent: consent.address,
            times: AGREEMENTS_TIMES,
        };
        let agreements = deploy("agreements", agreements.encode());
        let reports = reports::New { participants: participants.address, delay, genesis: CHAIN };
        let reports = deploy("reports", reports.encode());
        let carbon = carbon::New {
            participants: participants.address,
            token: token.address,
            times: CARBON_TIMES,
        };
        let carbon = deploy("carbon", carbon.encode());
        let market =
            market::New { carbon: carbon.address, token: token.address, limits: LIMITS, delay };
        let market = deploy("market", market.encode());
        let mut ledger = Self {
            sandbox,
            participants,
            token,
            rewards,
            consent,
            agreements,
            reports,
            carbon,
            market,
        };
        let consent = ledger.consent.address;
        ledger.done(REGULATOR, "rewards", rewards::SET_CONSENT, &consent);
        ledger
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
            "agreements" => &self.agreements,
            "reports" => &self.reports,
            "carbon" => &self.carbon,
            "market" => &self.market,
            other => panic!("there is no contract {other}"),
        }
    }

    /// All of them.
    #[must_use]
    pub fn contracts(&self) -> [&Contract; GOVERNED.len()] {
        [
            &self.participants,
            &self.token,
            &self.rewards,
            &self.consent,
            &self.agreements,
            &self.reports,
            &self.carbon,
            &self.market,
        ]
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
