//! The manifest: which contracts stand where on which chain. The indexer and the API read it.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::bundle::{BundleError, Metadata};
use crate::timing::Timing;
use crate::{Account, Hash};

/// What was deployed on one chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Name of the network, for example `dev`; also the salt of the contracts' addresses.
    pub network: String,
    /// Hash of block 0.
    pub genesis_hash: Hash,
    /// How long things wait in the contracts; part of what their addresses are computed from.
    pub timing: Timing,
    /// The contracts by name: those of [`assent_interface::Contract`].
    pub contracts: BTreeMap<String, ContractEntry>,
    /// Folder of the file that it was read from; relative `metadata` paths start here.
    #[serde(skip)]
    folder: PathBuf,
}

/// One contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContractEntry {
    /// Its address; SS58 in the file.
    pub address: Account,
    /// Hash of its code.
    pub code_hash: Hash,
    /// First block in which it exists.
    pub deployment_block: u64,
    /// Who instantiated it; SS58 in the file.
    pub deployer: Account,
    /// Who governs it: the deployer, until operators enter the successor after a handover.
    pub administrator: Account,
    /// Its bundle: a path relative to the manifest's folder, so that both can be moved together, or
    /// absolute.
    pub metadata: String,
}

/// Why a manifest could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// The file is absent or unreadable.
    #[error("the manifest {path} cannot be read ({reason}); deploy with `assent-deploy apply`")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: std::io::Error,
    },
    /// The file is not a manifest.
    #[error("{path} is not a manifest ({reason}); write it anew with `assent-deploy apply`")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong, with line and column.
        reason: serde_json::Error,
    },
    /// The file could not be written.
    #[error("the manifest {path} cannot be written: {reason}")]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: std::io::Error,
    },
    /// A contract's bundle cannot be used.
    #[error("`contracts.{name}.metadata` of the manifest: {reason}")]
    Metadata {
        /// The contract.
        name: String,
        /// What is wrong with the bundle.
        reason: BundleError,
    },
    /// A bundle was rebuilt after the deployment.
    #[error(
        "`contracts.{name}`: the chain runs code {deployed}, but the bundle {path} holds {bundle}; \
         bring back the bundle of the deployment or deploy again with `assent-deploy apply`"
    )]
    OtherCode {
        /// The contract.
        name: String,
        /// The bundle.
        path: PathBuf,
        /// Code hash in the manifest.
        deployed: Hash,
        /// Code hash in the bundle.
        bundle: Hash,
    },
}

impl Manifest {
    /// A manifest that is to be saved in `folder`.
    #[must_use]
    pub fn new(
        network: String,
        genesis_hash: Hash,
        timing: Timing,
        contracts: BTreeMap<String, ContractEntry>,
        folder: PathBuf,
    ) -> Self {
        Self { network, genesis_hash, timing, contracts, folder }
    }

    /// Reads a manifest.
    ///
    /// # Errors
    /// [`ManifestError::Read`] and [`ManifestError::Malformed`] name the file and the fix.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, ManifestError> {
        let path = path.as_ref();
        let bytes = std::fs::read(path)
            .map_err(|reason| ManifestError::Read { path: path.into(), reason })?;
        let mut manifest: Self = serde_json::from_slice(&bytes)
            .map_err(|reason| ManifestError::Malformed { path: path.into(), reason })?;
        manifest.folder = folder_of(path);
        Ok(manifest)
    }

    /// Writes the manifest so that a reader sees the old file or the new one, never a part.
    ///
    /// # Errors
    /// [`ManifestError::Write`].
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), ManifestError> {
        let path = path.as_ref();
        self.write(path).map_err(|reason| ManifestError::Write { path: path.into(), reason })
    }

    fn write(&self, path: &Path) -> std::io::Result<()> {
        let folder = folder_of(path);
        std::fs::create_dir_all(&folder)?;
        let mut file = tempfile::NamedTempFile::new_in(&folder)?;
        file.write_all(&self.to_bytes())?;
        file.as_file().sync_all()?;
        // A temporary file is private; the manifest is read by services of other users.
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644))?;
        }
        file.persist(path).map_err(|error| error.error)?;
        std::fs::File::open(&folder)?.sync_all()
    }

    /// The file's content; the same for equal manifests.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self)
            .expect("strings, integers and a map with string keys always have a JSON form");
        bytes.push(b'\n');
        bytes
    }

    /// The first block in which any of the contracts exists; 0 when there are none.
    #[must_use]
    pub fn first_block(&self) -> u64 {
        self.contracts.values().map(|entry| entry.deployment_block).min().unwrap_or(0)
    }

    /// Name and entry of the contract at an address.
    #[must_use]
    pub fn contract_at(&self, address: &Account) -> Option<(&str, &ContractEntry)> {
        self.contracts
            .iter()
            .find(|(_, entry)| entry.address == *address)
            .map(|(name, entry)| (name.as_str(), entry))
    }

    /// Where a contract's bundle lies.
    #[must_use]
    pub fn metadata_path(&self, entry: &ContractEntry) -> PathBuf {
        // `join` keeps an absolute path as it is.
        self.folder.join(&entry.metadata)
    }

    /// Loads the metadata of every contract, by name.
    ///
    /// # Errors
    /// [`ManifestError`] when a bundle is missing or is not of the deployed code.
    pub fn bundles(&self) -> Result<BTreeMap<String, Metadata>, ManifestError> {
        self.contracts
            .iter()
            .map(|(name, entry)| {
                let path = self.metadata_path(entry);
                let metadata = Metadata::load(&path)
                    .map_err(|reason| ManifestError::Metadata { name: name.clone(), reason })?;
                if metadata.code_hash() != entry.code_hash {
                    return Err(ManifestError::OtherCode {
                        name: name.clone(),
                        path,
                        deployed: entry.code_hash,
                        bundle: metadata.code_hash(),
                    });
                }
                Ok((name.clone(), metadata))
            })
            .collect()
    }
}

fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.into(),
        _ => PathBuf::from("."),
    }
}
