//! Dry runs through the runtime's `ContractsApi`: what a call would return, and what it would cost.

use parity_scale_codec::{Compact, Decode, Encode};
use subxt::client::OnlineClientAtBlock;
use subxt::error::DispatchError;

use crate::chain::{Chain, ChainError, Config};
use crate::{Account, Hash};

/// Computation and proof size that a call may use at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weight {
    /// Picoseconds of computation.
    pub ref_time: u64,
    /// Bytes of proof.
    pub proof_size: u64,
}

/// What a dry run says.
#[derive(Debug)]
pub struct DryRun {
    /// What the call needs as its gas limit.
    pub gas_required: Weight,
    /// Deposit that the signer would pay for storage; 0 when some would be refunded.
    pub deposit: u128,
    /// What the code returned, or why it did not get that far.
    pub result: Result<Returned, String>,
}

/// What contract code returned.
#[derive(Debug)]
pub struct Returned {
    /// Whether it asked for all changes to be undone.
    pub reverted: bool,
    /// The returned bytes: ink!'s `Result<T, LangError>`.
    pub data: Vec<u8>,
    /// The address of what was instantiated; `None` for a call.
    pub instance: Option<Account>,
}

impl Weight {
    /// A tenth more, so that a state that moved a little since the dry run does not fail the call.
    #[must_use]
    pub fn with_margin(self) -> Self {
        let add = |n: u64| n.saturating_add(n / 10);
        Self { ref_time: add(self.ref_time), proof_size: add(self.proof_size) }
    }
}

impl DryRun {
    /// The deposit limit to submit with.
    #[must_use]
    pub fn deposit_limit(&self) -> u128 {
        self.deposit.saturating_add(self.deposit / 10)
    }
}

/// `ContractsApi_call`.
pub(crate) async fn call(
    chain: &Chain,
    at: &OnlineClientAtBlock<Config>,
    origin: &Account,
    contract: &Account,
    data: &[u8],
) -> Result<DryRun, ChainError> {
    let arguments = (origin, contract, 0u128, NO_LIMIT, NO_LIMIT, data).encode();
    chain.runtime_api(at, "ContractsApi_call", &arguments, |bytes| decode(bytes, at, false)).await
}

/// `ContractsApi_instantiate` with code that the chain holds.
pub(crate) async fn instantiate(
    chain: &Chain,
    at: &OnlineClientAtBlock<Config>,
    origin: &Account,
    code_hash: &Hash,
    data: &[u8],
    salt: &[u8],
) -> Result<DryRun, ChainError> {
    // Variant 1 of pallet_contracts' `Code` is `Existing(hash)`.
    let code = (1u8, code_hash);
    let arguments = (origin, 0u128, NO_LIMIT, NO_LIMIT, code, data, salt).encode();
    chain
        .runtime_api(at, "ContractsApi_instantiate", &arguments, |bytes| decode(bytes, at, true))
        .await
}

/// `ContractsApi_upload_code`: the deposit, or why the code is not accepted. Who may upload is not
/// checked by the runtime here.
pub(crate) async fn upload(
    chain: &Chain,
    at: &OnlineClientAtBlock<Config>,
    origin: &Account,
    code: &[u8],
) -> Result<Result<u128, String>, ChainError> {
    // Variant 0 of `Determinism` is `Enforced`.
    let arguments = (origin, code, NO_LIMIT, 0u8).encode();
    chain
        .runtime_api(at, "ContractsApi_upload_code", &arguments, |bytes| {
            Ok(match u8::decode(bytes)? {
                0 => Ok(<(Hash, u128)>::decode(bytes)?.1),
                _ => Err(dispatch_error(bytes, at)),
            })
        })
        .await
}

/// The absent option: no gas limit, no deposit limit.
const NO_LIMIT: Option<u128> = None;

/// Decodes `ContractResult` up to `result`; newer runtimes may append to it.
fn decode(
    bytes: &mut &[u8],
    at: &OnlineClientAtBlock<Config>,
    instantiates: bool,
) -> Result<DryRun, parity_scale_codec::Error> {
    let _gas_consumed = <(Compact<u64>, Compact<u64>)>::decode(bytes)?;
    let (ref_time, proof_size) = <(Compact<u64>, Compact<u64>)>::decode(bytes)?;
    // `StorageDeposit`: 0 is Refund, 1 is Charge.
    let deposit = match <(u8, u128)>::decode(bytes)? {
        (1, charge) => charge,
        _ => 0,
    };
    let _debug_message = Vec::<u8>::decode(bytes)?;
    let result = match u8::decode(bytes)? {
        0 => {
            let (flags, data) = <(u32, Vec<u8>)>::decode(bytes)?;
            let instance = instantiates.then(|| Account::decode(bytes)).transpose()?;
            Ok(Returned { reverted: flags & 1 == 1, data, instance })
        }
        _ => Err(dispatch_error(bytes, at)),
    };
    let gas_required = Weight { ref_time: ref_time.0, proof_size: proof_size.0 };
    Ok(DryRun { gas_required, deposit, result })
}

/// The error's text, for example `Contracts::ContractTrapped`.
fn dispatch_error(bytes: &[u8], at: &OnlineClientAtBlock<Config>) -> String {
    // subxt wants a module error (variant 3) to end with its bytes; more may follow here.
    let own = match bytes.first() {
        Some(3) => bytes.get(..6).unwrap_or(bytes),
        _ => bytes,
    };
    DispatchError::decode_from(own, at.metadata())
        .map_or_else(|e| format!("an error that does not decode: {e}"), |e| e.to_string())
}
