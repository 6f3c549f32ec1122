//! Why a deployment could not be planned, applied or verified.

use std::path::PathBuf;

use assent_client::bundle::{BundleError, DecodeError};
use assent_client::chain::ChainError;
use assent_client::contract::CallError;
use assent_client::manifest::ManifestError;
use assent_client::timing::Timing;
use assent_client::{Account, Hash};

/// Why a deployment could not be planned, applied or verified.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// The folder of the bundles is another one, or was never built.
    #[error(
        "the bundle {path} cannot be read ({reason}): name the folder of the built contracts with \
         --artifacts (ASSENT_ARTIFACTS); in a checkout it is contracts/artifacts, and \
         `make artifacts` builds it anew"
    )]
    NoArtifacts {
        /// The bundle that was looked for first.
        path: PathBuf,
        /// What the system says.
        reason: std::io::Error,
    },
    /// A bundle is unusable.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// A bundle's file name and content differ.
    #[error("{path} holds the contract `{found}`, expected `{expected}`")]
    OtherContract {
        /// The bundle.
        path: PathBuf,
        /// What it holds.
        found: String,
        /// What it should hold.
        expected: &'static str,
    },
    /// The manifest could not be read or written.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// The manifest on disk belongs to another chain.
    #[error(
        "the manifest {path} is of another chain (its genesis is {manifest}, the node's is {node}); \
         nothing was changed: give another --manifest or another --url"
    )]
    OtherChain {
        /// The manifest.
        path: PathBuf,
        /// Genesis hash in the manifest.
        manifest: Hash,
        /// Genesis hash of the node.
        node: Hash,
    },
    /// The manifest on disk belongs to another network name.
    #[error(
        "the manifest {path} is of the network `{manifest}`, not `{network}`; nothing was changed: \
         give another --manifest or --network {manifest}"
    )]
    OtherNetwork {
        /// The manifest.
        path: PathBuf,
        /// Network in the manifest.
        manifest: String,
        /// Network that was asked for.
        network: String,
    },
    /// The manifest on disk belongs to contracts with another timing.
    #[error(
        "the manifest {path} is of contracts with {manifest}, not {timing}; it is fixed when they are \
         instantiated and part of their addresses. Nothing was changed: give the flags of the \
         manifest, or another --manifest for new contracts"
    )]
    OtherTiming {
        /// The manifest.
        path: PathBuf,
        /// Timing in the manifest.
        manifest: Box<Timing>,
        /// Timing that was asked for.
        timing: Box<Timing>,
    },
    /// The deployer has nothing to pay with.
    #[error(
        "the deployer {account} has no balance on this chain: give it some from an account that has, \
         with `assent-deploy fund --to {account} --amount 100`, or use another secret \
         (--suri, ASSENT_DEPLOYER_SURI)"
    )]
    NoBalance {
        /// The deployer.
        account: Account,
    },
    /// A contract at a planned address runs other code: it was upgraded.
    #[error(
        "the contract `{contract}` at {address} runs the code {found}, not that of its bundle; it was \
         upgraded on chain: build the bundles of the upgrade"
    )]
    Upgraded {
        /// The contract.
        contract: &'static str,
        /// Its address.
        address: Account,
        /// Hash of the code that it runs.
        found: Hash,
    },
    /// The rewards contract already answers to another consent contract.
    #[error(
        "the rewards contract {rewards} is wired to the consent contract {found}, not to {expected}; \
         that is set once and for all: deploy under another --network name"
    )]
    Wired {
        /// The rewards contract.
        rewards: Account,
        /// What it is wired to.
        found: Account,
        /// What it should be wired to.
        expected: Account,
    },
    /// A contract should exist by now.
    #[error("the contract `{0}` is not at its address although it was instantiated")]
    Vanished(&'static str),
    /// A call failed.
    #[error(transparent)]
    Call(#[from] CallError),
    /// The node could not be asked.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// A bundle lacks a constructor.
    #[error(transparent)]
    Decode(#[from] DecodeError),
}
