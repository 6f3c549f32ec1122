//! Does what a plan leaves to do, and writes the manifest.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use subxt::ext::futures::future::try_join_all;
use subxt_signer::sr25519::Keypair;

use super::{Action, Bundles, CONTRACTS, Plan, PlanError, Step, Target, file_name, plan};
use assent_client::Account;
use assent_client::chain::Chain;
use assent_client::contract::{self, Contract};
use assent_client::manifest::{ContractEntry, Manifest, ManifestError};
use assent_client::timing::Timing;

/// What [`apply`] needs besides the chain and the bundles.
#[derive(Debug, Clone)]
pub struct Options {
    /// The network's name.
    pub network: String,
    /// How long things wait in the contracts.
    pub timing: Timing,
    /// The manifest to write.
    pub manifest: PathBuf,
    /// The folder that the bundles were loaded from.
    pub artifacts: PathBuf,
}

/// What [`apply`] did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// The manifest as it is on disk now.
    pub manifest: Manifest,
    /// How many steps were to do.
    pub steps: usize,
}

/// Does all steps that are not done, waits until they are final, and writes the manifest. Running it
/// again changes nothing, neither on chain nor in the file.
///
/// # Errors
/// [`PlanError`]. A manifest of another chain, network or timing is never overwritten, and nothing
/// is submitted then. After any other error, run it again: what was done is found and kept.
pub async fn apply(
    chain: &Chain,
    signer: &Keypair,
    bundles: &Bundles,
    options: &Options,
) -> Result<Applied, PlanError> {
    let on_disk = load_existing(chain, options)?;
    let deployer = Account::from(signer);
    let plan = plan(chain, &deployer, &options.network, bundles, &options.timing).await?;
    let steps = plan.steps.iter().filter(|step| !step.done).count();
    if steps > 0 && chain.free_balance(&deployer).await? == 0 {
        return Err(PlanError::NoBalance { account: deployer });
    }
    let new_blocks = execute(chain, signer, bundles, &plan).await?;
    let mut contracts = BTreeMap::new();
    for name in CONTRACTS {
        let target = plan.target(name);
        let known = on_disk.as_ref().and_then(|manifest| manifest.contracts.get(name));
        if known.is_some_and(|entry| entry.address != target.address) {
            tracing::warn!(
                contract = name,
                address = %target.address,
                "The contract has another address than before: what the old one holds stays there"
            );
        }
        let deployment_block = match new_blocks.get(name) {
            Some(block) => *block,
            None => deployment_block(chain, name, target, &deployer, known).await?,
        };
        // Every contract begins with its deployer. A handover is the operators' decision: they put
        // the new administrator into the manifest, and it is kept.
        let kept = known.filter(|entry| entry.address == target.address);
        let administrator = kept.map_or(deployer, |entry| entry.administrator);
        contracts.insert(
            name.to_owned(),
            ContractEntry {
                address: target.address,
                code_hash: target.code_hash,
                deployment_block,
                deployer,
                administrator,
                metadata: metadata_path(name, options)?,
            },
        );
    }
    let folder = folder_of(&options.manifest)?;
    let (network, genesis) = (options.network.clone(), chain.genesis_hash());
    let manifest = Manifest::new(network, genesis, options.timing, contracts, folder);
    if on_disk.is_none_or(|old| old.to_bytes() != manifest.to_bytes()) {
        manifest.save(&options.manifest)?;
    }
    Ok(Applied { manifest, steps })
}

/// The manifest on disk, if it is of this chain, network and timing.
fn load_existing(chain: &Chain, options: &Options) -> Result<Option<Manifest>, PlanError> {
    let path = &options.manifest;
    let manifest = match Manifest::load(path) {
        Ok(manifest) => manifest,
        Err(ManifestError::Read { reason, .. })
            if reason.kind() == std::io::ErrorKind::NotFound =>
        {
            return Ok(None);
        }
        Err(error) => return Err(error.into()),
    };
    if manifest.genesis_hash != chain.genesis_hash() {
        return Err(PlanError::OtherChain {
            path: path.clone(),
            manifest: manifest.genesis_hash,
            node: chain.genesis_hash(),
        });
    }
    if manifest.network != options.network {
        return Err(PlanError::OtherNetwork {
            path: path.clone(),
            manifest: manifest.network,
            network: options.network.clone(),
        });
    }
    if manifest.timing != options.timing {
        return Err(PlanError::OtherTiming {
            path: path.clone(),
            manifest: Box::new(manifest.timing),
            timing: Box::new(options.timing),
        });
    }
    Ok(Some(manifest))
}

/// Contracts whose constructor asks another one, which has to be there by then: also for the dry run, which
/// sees what is final.
const ASKING: [&str; 1] = ["market"];

/// Submits in four waves, so that a chain with slow finality is waited for four times and not seventeen
/// times. Gives the blocks of what was instantiated.
async fn execute(
    chain: &Chain,
    signer: &Keypair,
    bundles: &Bundles,
    plan: &Plan,
) -> Result<BTreeMap<&'static str, u64>, PlanError> {
    let left = |wanted: fn(&Action) -> bool| {
        plan.steps.iter().filter(move |step| !step.done && wanted(&step.action))
    };
    let uploads = left(|action| matches!(action, Action::Upload { .. }))
        .map(|step| contract::upload(chain, signer, bundles.get(step.contract)));
    try_join_all(uploads).await?;
    let mut blocks = BTreeMap::new();
    for asking in [false, true] {
        let instances = left(|action| matches!(action, Action::Instantiate { .. }))
            .filter(|step| ASKING.contains(&step.contract) == asking)
            .map(|step| instantiate(chain, signer, bundles, plan, step));
        blocks.extend(try_join_all(instances).await?);
    }
    for step in left(|action| matches!(action, Action::SetConsent { .. })) {
        if let Action::SetConsent { consent } = step.action {
            let metadata = bundles.get("rewards").metadata.clone();
            let address = plan.target("rewards").address;
            let rewards = Contract::new(chain.clone(), address, metadata);
            let outcome = rewards.call(signer, "set_consent", consent).await?;
            tracing::info!(
                %consent,
                block_number = outcome.block_number,
                "The rewards contract answers to the consent contract"
            );
        }
    }
    Ok(blocks)
}

async fn instantiate(
    chain: &Chain,
    signer: &Keypair,
    bundles: &Bundles,
    plan: &Plan,
    step: &Step,
) -> Result<(&'static str, u64), PlanError> {
    let name = step.contract;
    let metadata = &bundles.get(name).metadata;
    let input = plan.target(name).input.clone();
    let salt = plan.network.clone().into_bytes();
    let (_, outcome) = contract::instantiate(chain, signer, metadata, "new", input, salt).await?;
    Ok((name, outcome.block_number))
}

/// The first block that has the contract: as the manifest says if the chain agrees, else searched.
async fn deployment_block(
    chain: &Chain,
    name: &'static str,
    target: &Target,
    deployer: &Account,
    known: Option<&ContractEntry>,
) -> Result<u64, PlanError> {
    let (finalized, _) = chain.finalized().await?;
    if let Some(entry) = known
        && entry.address == target.address
        && entry.deployer == *deployer
        && (1..=finalized).contains(&entry.deployment_block)
        && exists(chain, target, entry.deployment_block).await?
        && !exists(chain, target, entry.deployment_block - 1).await?
    {
        return Ok(entry.deployment_block);
    }
    if !exists(chain, target, finalized).await? {
        return Err(PlanError::Vanished(name));
    }
    // Absent at `low`, present at `high`; a chain's genesis holds no contracts.
    let (mut low, mut high) = (0, finalized);
    while high - low > 1 {
        let middle = low.midpoint(high);
        if exists(chain, target, middle).await? {
            high = middle;
        } else {
            low = middle;
        }
    }
    Ok(high)
}

async fn exists(chain: &Chain, target: &Target, block: u64) -> Result<bool, PlanError> {
    let at = chain.at_number(block).await?;
    Ok(chain.contract_info_at(&at, &target.address).await?.is_some())
}

/// The bundle's path as the manifest gives it: relative, so that both can be moved together, unless
/// they have no folder in common.
fn metadata_path(name: &str, options: &Options) -> Result<String, PlanError> {
    let file = options.artifacts.join(file_name(name));
    let write = |reason| ManifestError::Write { path: options.manifest.clone(), reason };
    let file = file.canonicalize().map_err(write)?;
    let folder = folder_of(&options.manifest)?;
    let path = relative(&folder, &file).unwrap_or(file);
    Ok(path.to_string_lossy().into_owned())
}

/// The way from a folder to a file, both absolute and without links; `None` when only the root of the
/// file system holds both: nobody moves that.
fn relative(folder: &Path, file: &Path) -> Option<PathBuf> {
    let common = folder.components().zip(file.components()).take_while(|(a, b)| a == b).count();
    // The first component is the root.
    if common < 2 {
        return None;
    }
    let up = folder.components().skip(common).map(|_| Component::ParentDir);
    Some(up.chain(file.components().skip(common)).collect())
}

/// The manifest's folder, absolute; made when it is not there.
fn folder_of(manifest: &Path) -> Result<PathBuf, PlanError> {
    let folder = match manifest.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    std::fs::create_dir_all(folder)
        .and_then(|()| folder.canonicalize())
        .map_err(|reason| ManifestError::Write { path: manifest.into(), reason }.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bundle_is_named_relative_to_the_manifest_unless_only_the_root_holds_both() {
        let way = |folder, file| relative(Path::new(folder), Path::new(file));
        let some = |path: &str| Some(PathBuf::from(path));
        assert_eq!(way("/srv/assent", "/srv/assent/a/token.contract"), some("a/token.contract"));
        assert_eq!(way("/srv/assent/run", "/srv/assent/a/t.contract"), some("../a/t.contract"));
        assert_eq!(way("/srv/one/deep", "/srv/two/t.contract"), some("../../two/t.contract"));
        assert_eq!(way("/srv/assent2", "/srv/assent/t.contract"), some("../assent/t.contract"));
        assert_eq!(way("/tmp/run", "/srv/assent/t.contract"), None);
    }
}
