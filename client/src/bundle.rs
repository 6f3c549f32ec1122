//! Reads what `cargo contract build` writes: a contract's code together with its metadata.

use std::path::{Path, PathBuf};

use blake2::{Blake2b, Digest as _, digest::consts::U32};
use serde::Deserialize;

use crate::Hash;
pub use crate::metadata::{DecodeError, DecodedEvent, EventArg, EventSpec, Metadata, Refusal};

/// A built contract, as in `contracts/artifacts/<name>.contract`.
#[derive(Debug, Clone)]
pub struct Bundle {
    /// The contract's crate name, for example `consent`.
    pub name: String,
    /// BLAKE2b-256 of `code`; what the chain stores the code under.
    pub code_hash: Hash,
    /// The Wasm code.
    pub code: Vec<u8>,
    /// What it takes to call the contract and to decode what it emits and returns.
    pub metadata: Metadata,
}

/// Why a bundle or its metadata could not be used.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// The file is absent or unreadable.
    #[error(
        "the bundle {path} cannot be read ({reason}); build the contracts with `make artifacts`"
    )]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: std::io::Error,
    },
    /// The file is not what `cargo contract build` writes.
    #[error("the bundle {path} cannot be used: {reason}; rebuild it with `make artifacts`")]
    In {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: Box<BundleError>,
    },
    /// Not JSON, or a field of the metadata is missing or has another form.
    #[error("not ink! metadata of version 5: {0}")]
    Json(serde_json::Error),
    /// The metadata has another version.
    #[error("`version` is {0}, expected 5")]
    Version(u64),
    /// A hexadecimal field is malformed.
    #[error("`{field}` is not {expected} in 0x-prefixed hexadecimal")]
    Hex {
        /// The field.
        field: &'static str,
        /// What it should hold.
        expected: &'static str,
    },
    /// The bundle holds metadata only.
    #[error("`source.wasm` is missing: this is a .json of metadata, not a .contract bundle")]
    NoCode,
    /// The code is not the code that the metadata speaks of.
    #[error("`source.hash` is {stated}, but `source.wasm` hashes to {actual}")]
    CodeHash {
        /// Hash in the file.
        stated: Hash,
        /// Hash of the code in the file.
        actual: Hash,
    },
    /// The contract or an event is named by what is no name.
    #[error("`{field}` holds the character NUL, which is in no name")]
    Name {
        /// The field.
        field: &'static str,
    },
    /// A type is referred to that the registry does not hold.
    #[error("`types` lacks type {0}")]
    UnknownType(u32),
}

impl Bundle {
    /// Reads and checks a `.contract` file.
    ///
    /// # Errors
    /// [`BundleError`], which names the file.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, BundleError> {
        let path = path.as_ref();
        let bytes = std::fs::read(path)
            .map_err(|reason| BundleError::Read { path: path.into(), reason })?;
        Self::parse(&bytes)
            .map_err(|error| BundleError::In { path: path.into(), reason: Box::new(error) })
    }

    /// Checks the bytes of a `.contract` file.
    ///
    /// # Errors
    /// [`BundleError`]; among others when the code does not hash to the stated hash.
    pub fn parse(bytes: &[u8]) -> Result<Self, BundleError> {
        #[derive(Deserialize)]
        struct Json {
            source: Source,
        }
        #[derive(Deserialize)]
        struct Source {
            wasm: Option<String>,
        }
        let metadata = Metadata::parse(bytes)?;
        let json: Json = serde_json::from_slice(bytes).map_err(BundleError::Json)?;
        let wasm = json.source.wasm.ok_or(BundleError::NoCode)?;
        let code = unhex(&wasm)
            .ok_or(BundleError::Hex { field: "source.wasm", expected: "the contract's code" })?;
        let actual = Hash(blake2_256(&code));
        if actual != metadata.code_hash() {
            return Err(BundleError::CodeHash { stated: metadata.code_hash(), actual });
        }
        Ok(Self { name: metadata.name().to_owned(), code_hash: actual, code, metadata })
    }
}

/// BLAKE2b-256, the hash of code, blocks, addresses and log entries on this chain.
#[must_use]
pub fn blake2_256(bytes: &[u8]) -> [u8; 32] {
    Blake2b::<U32>::digest(bytes).into()
}

/// 0x-prefixed lowercase hexadecimal.
#[must_use]
pub fn hex_string(bytes: &[u8]) -> String {
    format!("0x{}", hex::encode(bytes))
}

/// Appends bytes in lowercase hexadecimal.
pub(crate) fn push_hex(bytes: &[u8], text: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    text.reserve(bytes.len() * 2);
    for byte in bytes {
        let digits = [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]];
        text.extend_from_slice(&digits);
    }
}

/// Bytes of 0x-prefixed hexadecimal.
pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    hex::decode(text.strip_prefix("0x")?).ok()
}
