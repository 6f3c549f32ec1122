//! Which contracts are deployed, in which order and with which wiring, and what of it is done.
//!
//! A contract's address follows from its deployer, code, constructor input and the network's name,
//! so every address is known in advance and the chain's state alone says what is left to do.

mod apply;
mod error;
mod verify;

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

pub use self::apply::{Applied, Options, apply};
pub use self::error::PlanError;
pub use self::verify::verify;
use assent_client::bundle::{Bundle, BundleError};
use assent_client::chain::Chain;
use assent_client::contract::{self, constructor_input, contract_address};
use assent_client::timing::Timing;
use assent_client::{Account, Hash};
use assent_interface::{
    Contract, agreements, carbon, consent, market, participants, reports, rewards, token,
};

/// The names of the contracts, each after those whose addresses its constructor takes.
pub const CONTRACTS: [&str; Contract::ALL.len()] = Contract::NAMES;

/// How large an order on a new market may be when its seller or buyer has a rating of 0: 1,000
/// credits. Units, of which a credit has 1,000. The administrator changes both limits with
/// `set_limits`.
pub const MARKET_FLOOR: u128 = 1_000_000;

/// How large it may be at the best rating: 1,000,000 credits.
pub const MARKET_CEILING: u128 = 1_000_000_000;

/// The built contracts by name: one for each of [`CONTRACTS`].
#[derive(Debug, Clone)]
pub struct Bundles(BTreeMap<String, Bundle>);

/// One thing that a deployment consists of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The contract's name.
    pub contract: &'static str,
    /// What is done with it.
    pub action: Action,
    /// Whether the chain shows it as done.
    pub done: bool,
}

/// What a step does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Store its code on chain.
    Upload {
        /// Hash of the code.
        code_hash: Hash,
    },
    /// Instantiate it.
    Instantiate {
        /// The address that it gets.
        address: Account,
    },
    /// Name the consent contract to the rewards contract, once.
    SetConsent {
        /// Address of the consent contract.
        consent: Account,
    },
}

/// Where a contract belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Its address.
    pub address: Account,
    /// Hash of its code.
    pub code_hash: Hash,
    /// Selector and arguments of its constructor.
    pub input: Vec<u8>,
}

/// A deployment and what of it is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Whose contracts they are.
    pub deployer: Account,
    /// The network's name.
    pub network: String,
    /// The steps in their order.
    pub steps: Vec<Step>,
    /// The contracts by name.
    pub targets: BTreeMap<&'static str, Target>,
}

impl Bundles {
    /// Loads `<name>.contract` for each of [`CONTRACTS`] from a folder.
    ///
    /// # Errors
    /// [`PlanError::NoArtifacts`], [`PlanError::Bundle`] or [`PlanError::OtherContract`], which name
    /// the file.
    pub fn load(folder: impl AsRef<Path>) -> Result<Self, PlanError> {
        CONTRACTS
            .into_iter()
            .map(|expected| {
                let path = folder.as_ref().join(file_name(expected));
                let bundle = Bundle::load(&path).map_err(|error| match error {
                    BundleError::Read { path, reason } => PlanError::NoArtifacts { path, reason },
                    other => other.into(),
                })?;
                if bundle.name != expected {
                    return Err(PlanError::OtherContract { path, found: bundle.name, expected });
                }
                Ok((expected.to_owned(), bundle))
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// The bundle of one of [`CONTRACTS`].
    #[must_use]
    pub fn get(&self, name: &'static str) -> &Bundle {
        self.0.get(name).expect("`load` has put in every contract of CONTRACTS")
    }
}

impl Plan {
    /// Whether nothing is left to do.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.steps.iter().all(|step| step.done)
    }

    fn target(&self, name: &'static str) -> &Target {
        self.targets.get(name).expect("`targets` holds every contract of CONTRACTS")
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = if self.done { "done" } else { "to do" };
        let contract = self.contract;
        match &self.action {
            Action::Upload { code_hash } => {
                write!(f, "{state:<6} upload       {contract:<13} {code_hash}")
            }
            Action::Instantiate { address } => {
                write!(f, "{state:<6} instantiate  {contract:<13} {address}")
            }
            Action::SetConsent { consent } => {
                write!(f, "{state:<6} set_consent  {contract:<13} {consent}")
            }
        }
    }
}

/// Computes where every contract belongs on the chain of this first block. The timing is an input of
/// constructors and so of the addresses.
///
/// # Errors
/// [`PlanError::Decode`] when a bundle has no constructor `new`.
pub fn targets(
    deployer: &Account,
    network: &str,
    genesis: &Hash,
    bundles: &Bundles,
    timing: &Timing,
) -> Result<BTreeMap<&'static str, Target>, PlanError> {
    let Timing {
        delay_ms: delay,
        reward_period_ms: period,
        emergency_window_ms: window,
        review_ms: review,
        cooldown_ms: cooldown,
        answer_ms: answer,
        compliance_ms,
    } = *timing;
    let mut targets = BTreeMap::<&'static str, Target>::new();
    for contract in Contract::ALL {
        let name = contract.name();
        let bundle = bundles.get(name);
        let metadata = &bundle.metadata;
        let at = |contract: Contract| {
            let target = targets.get(contract.name());
            target.expect("ALL lists what a constructor takes first").address
        };
        let input = match contract {
            Contract::Participants => {
                constructor_input(metadata, "new", &participants::New { delay })
            }
            Contract::Token => {
                let (name, symbol) = (Some("Assent Euro"), Some("AEUR"));
                // No cap: how much there may be is between the treasury and its bank.
                let terms = token::Terms { name, symbol, decimals: 6, cap: None };
                let new = token::New { participants: at(Contract::Participants), terms, delay };
                constructor_input(metadata, "new", &new)
            }
            Contract::Rewards => {
                let times = rewards::Times { delay, period };
                let (participants, token) = (at(Contract::Participants), at(Contract::Token));
                let new = rewards::New { participants, token, times };
                constructor_input(metadata, "new", &new)
            }
            Contract::Consent => {
                let times = consent::Times { delay, window, review, cooldown };
                let (participants, rewards) = (at(Contract::Participants), at(Contract::Rewards));
                let new = consent::New { participants, rewards, times, genesis: genesis.0 };
                constructor_input(metadata, "new", &new)
            }
            Contract::Agreements => {
                let times = agreements::Times { delay, answer };
                let (participants, consent) = (at(Contract::Participants), at(Contract::Consent));
                let new = agreements::New { participants, consent, times };
                constructor_input(metadata, "new", &new)
            }
            Contract::Reports => {
                let participants = at(Contract::Participants);
                let new = reports::New { participants, delay, genesis: genesis.0 };
                constructor_input(metadata, "new", &new)
            }
            Contract::Carbon => {
                let times = carbon::Times { delay, compliance: compliance_ms };
                let (participants, token) = (at(Contract::Participants), at(Contract::Token));
                constructor_input(metadata, "new", &carbon::New { participants, token, times })
            }
            Contract::Market => {
                let limits = market::Limits { floor: MARKET_FLOOR, ceiling: MARKET_CEILING };
                let (carbon, token) = (at(Contract::Carbon), at(Contract::Token));
                constructor_input(metadata, "new", &market::New { carbon, token, limits, delay })
            }
        }?;
        let address = contract_address(deployer, &bundle.code_hash, &input, network.as_bytes());
        targets.insert(name, Target { address, code_hash: bundle.code_hash, input });
    }
    Ok(targets)
}

/// Compares the deployment with the chain's finalized state. Changes nothing.
///
/// # Errors
/// [`PlanError`] when the node cannot be asked, or holds something else at a planned address.
pub async fn plan(
    chain: &Chain,
    deployer: &Account,
    network: &str,
    bundles: &Bundles,
    timing: &Timing,
) -> Result<Plan, PlanError> {
    let targets = targets(deployer, network, &chain.genesis_hash(), bundles, timing)?;
    let mut steps = Vec::new();
    for name in CONTRACTS {
        let target = &targets[name];
        let info = chain.contract_info(&target.address).await?;
        if let Some(info) = &info
            && info.code_hash != target.code_hash
        {
            return Err(PlanError::Upgraded {
                contract: name,
                address: target.address,
                found: info.code_hash,
            });
        }
        steps.push(Step {
            contract: name,
            action: Action::Upload { code_hash: target.code_hash },
            done: chain.code_stored(&target.code_hash).await?,
        });
        steps.push(Step {
            contract: name,
            action: Action::Instantiate { address: target.address },
            done: info.is_some(),
        });
    }
    let rewards_exists = steps.iter().any(|step| {
        step.contract == "rewards" && matches!(step.action, Action::Instantiate { .. }) && step.done
    });
    let (rewards, consent) = (targets["rewards"].address, targets["consent"].address);
    let wired = if rewards_exists {
        let metadata = bundles.get("rewards").metadata.clone();
        let contract = contract::Contract::new(chain.clone(), rewards, metadata);
        contract.view::<Option<Account>>(deployer, "consent", ()).await?
    } else {
        None
    };
    if let Some(found) = wired
        && found != consent
    {
        return Err(PlanError::Wired { rewards, found, expected: consent });
    }
    steps.push(Step {
        contract: "rewards",
        action: Action::SetConsent { consent },
        done: wired.is_some(),
    });
    Ok(Plan { deployer: *deployer, network: network.to_owned(), steps, targets })
}

/// A bundle's file name in the artifacts folder.
fn file_name(contract: &str) -> String {
    format!("{contract}.contract")
}
