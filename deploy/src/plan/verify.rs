//! Compares a manifest with the chain.

use std::collections::BTreeMap;

use super::{CONTRACTS, PlanError};
use assent_client::bundle::{Metadata, blake2_256};
use assent_client::chain::Chain;
use assent_client::contract::{CallError, Contract};
use assent_client::governance::{self, State};
use assent_client::manifest::{ContractEntry, Manifest};
use assent_client::{Account, Hash};
use assent_interface::{agreements, consent, market, rewards, token};

/// Who holds whose address, and the message that gives it.
const WIRING: [(&str, &str, &str); 14] = [
    ("token", token::PARTICIPANTS, "participants"),
    ("rewards", rewards::PARTICIPANTS, "participants"),
    ("rewards", "token", "token"),
    ("rewards", "consent", "consent"),
    ("consent", "participants", "participants"),
    ("consent", "rewards", "rewards"),
    ("agreements", agreements::PARTICIPANTS, "participants"),
    ("agreements", agreements::CONSENT, "consent"),
    ("reports", "participants", "participants"),
    ("carbon", "participants", "participants"),
    ("carbon", "token", "token"),
    ("market", "carbon", "carbon"),
    ("market", "token", "token"),
    // As it stood in carbon.
    ("market", market::PARTICIPANTS, "participants"),
];

/// The differences between a manifest and the chain's finalized state, one sentence each; none when
/// they agree. Checks the genesis, that each contract exists with its code, that its bundle is of that
/// code, that the contracts hold each other's addresses, who governs them with which timing, and on which
/// chain the access log says that it is.
///
/// # Errors
/// [`PlanError`] when the node cannot be asked.
pub async fn verify(chain: &Chain, manifest: &Manifest) -> Result<Vec<String>, PlanError> {
    if manifest.genesis_hash != chain.genesis_hash() {
        // On another chain nothing else can agree.
        return Ok(vec![format!(
            "genesis_hash: the manifest says {}, the node {}",
            manifest.genesis_hash,
            chain.genesis_hash()
        )]);
    }
    let mut differences = Vec::new();
    for name in CONTRACTS {
        match manifest.contracts.get(name) {
            Some(entry) => differences.extend(existence(chain, name, entry).await?),
            None => differences.push(format!("contracts.{name}: missing from the manifest")),
        }
    }
    if !differences.is_empty() {
        return Ok(differences);
    }
    match manifest.bundles() {
        Ok(bundles) => {
            let mut differences = wiring(chain, manifest, &bundles).await?;
            differences.extend(government(chain, manifest, &bundles).await?);
            differences.extend(times(chain, manifest, &bundles).await?);
            for name in ["consent", "reports"] {
                differences.extend(domain(chain, manifest, &bundles, name).await?);
            }
            Ok(differences)
        }
        Err(error) => Ok(vec![error.to_string()]),
    }
}

async fn existence(
    chain: &Chain,
    name: &str,
    entry: &ContractEntry,
) -> Result<Option<String>, PlanError> {
    let address = entry.address;
    Ok(match chain.contract_info(&address).await? {
        None => Some(format!("contracts.{name}: there is no contract at {address}")),
        Some(info) if info.code_hash != entry.code_hash => Some(format!(
            "contracts.{name}.code_hash: the manifest says {}, the chain {}; after an upgrade that was \
             meant, enter it, and as contracts.{name}.metadata the bundle of that code",
            entry.code_hash, info.code_hash
        )),
        Some(_) => None,
    })
}

async fn wiring(
    chain: &Chain,
    manifest: &Manifest,
    bundles: &BTreeMap<String, Metadata>,
) -> Result<Vec<String>, PlanError> {
    let mut differences = Vec::new();
    for (name, message, target) in WIRING {
        let entry = &manifest.contracts[name];
        let metadata = bundles[name].clone();
        let contract = Contract::new(chain.clone(), entry.address, metadata);
        let expected = manifest.contracts[target].address;
        let found = if (name, message) == ("rewards", "consent") {
            contract.view::<Option<Account>>(&entry.deployer, message, ()).await
        } else {
            contract.view::<Account>(&entry.deployer, message, ()).await.map(Some)
        };
        match found {
            Ok(Some(found)) if found == expected => {}
            Ok(Some(found)) => differences.push(format!(
                "{name}.{message}: the contract holds {found}, the manifest says {expected}"
            )),
            Ok(None) => {
                differences.push(format!("{name}.{message}: not set; run `assent-deploy apply`"))
            }
            Err(CallError::Chain(error)) => return Err(error.into()),
            Err(error) => differences.push(format!("{name}.{message}: {error}")),
        }
    }
    Ok(differences)
}

/// Who governs each contract, and how long a handover and a replacement of its code wait.
async fn government(
    chain: &Chain,
    manifest: &Manifest,
    bundles: &BTreeMap<String, Metadata>,
) -> Result<Vec<String>, PlanError> {
    let mut differences = Vec::new();
    for (name, entry) in &manifest.contracts {
        let metadata = bundles[name].clone();
        let contract = Contract::new(chain.clone(), entry.address, metadata);
        let state = match contract.view::<State>(&entry.deployer, governance::VIEW, ()).await {
            Ok(state) => state,
            Err(CallError::Chain(error)) => return Err(error.into()),
            Err(error) => {
                differences.push(format!("{name}.governance: {error}"));
                continue;
            }
        };
        let expected = entry.administrator;
        if state.administrator != expected {
            differences.push(format!(
                "{name}.administrator: the contract names {}, the manifest {expected}; after a \
                 handover that was meant, enter it as contracts.{name}.administrator",
                state.administrator
            ));
        }
        if state.delay != manifest.timing.delay_ms {
            differences.push(format!(
                "{name}.delay: the contract waits {} ms, the manifest says {}",
                state.delay, manifest.timing.delay_ms
            ));
        }
    }
    Ok(differences)
}

/// How long emergencies last and wait for their review, and a request for erasure for its answer, in
/// which period an owner earns once, and how long after its end a compliance period is settled.
async fn times(
    chain: &Chain,
    manifest: &Manifest,
    bundles: &BTreeMap<String, Metadata>,
) -> Result<Vec<String>, PlanError> {
    let mut differences = Vec::new();
    let contract = |name: &str| {
        Contract::new(chain.clone(), manifest.contracts[name].address, bundles[name].clone())
    };
    let timing = &manifest.timing;
    let deployer = manifest.contracts["consent"].deployer;
    match contract("consent").view::<consent::Times>(&deployer, "times", ()).await {
        Ok(consent::Times { window, review, cooldown, .. }) => {
            let expected = (timing.emergency_window_ms, timing.review_ms, timing.cooldown_ms);
            if (window, review, cooldown) != expected {
                let (until, by, again) = expected;
                differences.push(format!(
                    "consent.times: the contract keeps emergencies open for {window} ms and their \
                     review for {review} ms, and the next one waits {cooldown} ms when the patient \
                     closed one; the manifest says {until}, {by} and {again}"
                ));
            }
        }
        Err(CallError::Chain(error)) => return Err(error.into()),
        Err(error) => differences.push(format!("consent.times: {error}")),
    }
    let deployer = manifest.contracts["agreements"].deployer;
    let agreements = contract("agreements");
    match agreements.view::<agreements::Times>(&deployer, agreements::TIMES, ()).await {
        Ok(agreements::Times { answer, .. }) if answer == timing.answer_ms => {}
        Ok(agreements::Times { answer, .. }) => differences.push(format!(
            "agreements.times: a request for erasure is overdue after {answer} ms, the manifest says {}",
            timing.answer_ms
        )),
        Err(CallError::Chain(error)) => return Err(error.into()),
        Err(error) => differences.push(format!("agreements.times: {error}")),
    }
    let deployer = manifest.contracts["rewards"].deployer;
    match contract("rewards").view::<u64>(&deployer, rewards::PERIOD, ()).await {
        Ok(period) if period == timing.reward_period_ms => {}
        Ok(period) => differences.push(format!(
            "rewards.period: an owner earns once in {period} ms, the manifest says {}",
            timing.reward_period_ms
        )),
        Err(CallError::Chain(error)) => return Err(error.into()),
        Err(error) => differences.push(format!("rewards.period: {error}")),
    }
    // Here: delay, compliance.
    let deployer = manifest.contracts["carbon"].deployer;
    match contract("carbon").view::<(u64, u64)>(&deployer, "times", ()).await {
        Ok((_, compliance)) if compliance == timing.compliance_ms => {}
        Ok((_, compliance)) => differences.push(format!(
            "carbon.times: the contract settles a period {compliance} ms after its end, the \
             manifest says {}",
            timing.compliance_ms
        )),
        Err(CallError::Chain(error)) => return Err(error.into()),
        Err(error) => differences.push(format!("carbon.times: {error}")),
    }
    Ok(differences)
}

/// What the hashes of the access log and of reports run over: this chain, and the contract on it.
async fn domain(
    chain: &Chain,
    manifest: &Manifest,
    bundles: &BTreeMap<String, Metadata>,
    name: &str,
) -> Result<Option<String>, PlanError> {
    let entry = &manifest.contracts[name];
    let contract = Contract::new(chain.clone(), entry.address, bundles[name].clone());
    let expected = blake2_256(&[manifest.genesis_hash.0, entry.address.0].concat());
    match contract.view::<[u8; 32]>(&entry.deployer, "domain", ()).await {
        Ok(found) if found == expected => Ok(None),
        Ok(found) => Ok(Some(format!(
            "{name}.domain: the contract's is {}, that of this chain and this contract is {}: it was \
             instantiated with the hash of another first block",
            Hash(found),
            Hash(expected)
        ))),
        Err(CallError::Chain(error)) => Err(error.into()),
        Err(error) => Ok(Some(format!("{name}.domain: {error}"))),
    }
}
