//! Signs and submits extrinsics of pallet-contracts, and waits until they are final.

use std::time::Duration;

use subxt::config::DefaultExtrinsicParamsBuilder;
use subxt::dynamic::{self, Value};
use subxt::error::{BackendError, ExtrinsicError, RpcError, TransactionEventsError};
use subxt::ext::scale_encode::EncodeAsFields;
use subxt::ext::scale_value::Composite;
use subxt::rpcs::UserError;
use subxt::utils::{AccountId32, MultiAddress};
use subxt_signer::sr25519::Keypair;

use crate::chain::{Chain, Config};
use crate::contract::CallError;
use crate::dry_run::Weight;
use crate::{Account, EmittedEvent, Hash};

/// How long a submitted transaction may take until it is final.
pub const FINALITY_TIMEOUT: Duration = Duration::from_secs(90);

/// A transaction that succeeded and is final.
#[derive(Debug)]
pub(crate) struct Finalized {
    pub block_number: u64,
    pub block_hash: Hash,
    pub events: Vec<EmittedEvent>,
}

/// `Contracts.call`.
pub(crate) async fn call(
    chain: &Chain,
    signer: &Keypair,
    contract: Account,
    gas: Weight,
    deposit_limit: u128,
    data: Vec<u8>,
) -> Result<Finalized, CallError> {
    let contract = MultiAddress::<AccountId32, ()>::Id(contract.into());
    let arguments = (contract, 0u128, weight(gas), Some(deposit_limit), data);
    submit(chain, signer, "call", arguments).await
}

/// `Contracts.instantiate`.
pub(crate) async fn instantiate(
    chain: &Chain,
    signer: &Keypair,
    gas: Weight,
    deposit_limit: u128,
    code_hash: Hash,
    data: Vec<u8>,
    salt: Vec<u8>,
) -> Result<Finalized, CallError> {
    let arguments = (0u128, weight(gas), Some(deposit_limit), code_hash.0, data, salt);
    submit(chain, signer, "instantiate", arguments).await
}

/// `Contracts.upload_code`.
pub(crate) async fn upload(
    chain: &Chain,
    signer: &Keypair,
    code: Vec<u8>,
    deposit_limit: u128,
) -> Result<Finalized, CallError> {
    let determinism = Value::variant("Enforced", Composite::Unnamed(vec![]));
    submit(chain, signer, "upload_code", (code, Some(deposit_limit), determinism)).await
}

fn weight(gas: Weight) -> Value {
    Value::named_composite([
        ("ref_time", Value::u128(gas.ref_time.into())),
        ("proof_size", Value::u128(gas.proof_size.into())),
    ])
}

async fn submit(
    chain: &Chain,
    signer: &Keypair,
    extrinsic: &'static str,
    arguments: impl EncodeAsFields + Send + Sync,
) -> Result<Finalized, CallError> {
    let account = Account::from(signer);
    let id = account.into();
    let payload = dynamic::transaction("Contracts", extrinsic, arguments);
    let at = chain.at_finalized().await?;
    let mut transactions = at.transactions();
    let progress = {
        // Held until the node has the transaction: two of one account must not take one nonce.
        let mut nonces = chain.nonces().lock().await;
        let finalized = chain.timed("the account's nonce", transactions.account_nonce(&id));
        let finalized = finalized.await?;
        let nonce = nonces.get(&account).map_or(finalized, |next| finalized.max(*next));
        let params = DefaultExtrinsicParamsBuilder::<Config>::new().nonce(nonce).build();
        let submission = async {
            let sent = transactions.sign_and_submit_then_watch(&payload, signer, params).await;
            sent.map_err(|error| with_details(&error))
        };
        match chain.timed("submitting a transaction", submission).await {
            Ok(progress) => {
                nonces.insert(account, nonce.saturating_add(1));
                progress
            }
            Err(error) => {
                nonces.remove(&account);
                return Err(CallError::submission(account, error));
            }
        }
    };
    let finality = tokio::time::timeout(FINALITY_TIMEOUT, progress.wait_for_finalized()).await;
    let included = match finality {
        Ok(Ok(included)) => included,
        unfinished => {
            // Where this transaction ends up is unknown, so the chain's own count is the truth.
            chain.nonces().lock().await.remove(&account);
            return Err(match unfinished {
                Ok(Err(error)) => CallError::NotFinal { reason: error.to_string() },
                _ => CallError::NotFinal {
                    reason: format!("no finality within {} s", FINALITY_TIMEOUT.as_secs()),
                },
            });
        }
    };
    let block_hash = Hash(included.block_hash().0);
    let events = match tokio::time::timeout(FINALITY_TIMEOUT, included.wait_for_success()).await {
        Ok(Ok(events)) => events,
        Ok(Err(TransactionEventsError::ExtrinsicFailed(error))) => {
            return Err(CallError::failed(account, extrinsic, error.to_string()));
        }
        Ok(Err(error)) => return Err(chain.failed("the transaction's events", &error).into()),
        Err(_) => return Err(chain.failed("the transaction's events", &"no answer").into()),
    };
    let block = chain.timed("the transaction's block", included.at()).await?;
    let mut emitted = Vec::new();
    for event in events.iter() {
        let event = event.map_err(|e| chain.failed("the transaction's events", &e))?;
        let event =
            EmittedEvent::of(&event).map_err(|e| chain.failed("the transaction's events", &e))?;
        emitted.extend(event);
    }
    Ok(Finalized { block_number: block.block_number(), block_hash, events: emitted })
}

/// subxt's text leaves out what the node says beyond `Invalid Transaction`.
fn with_details(error: &ExtrinsicError) -> String {
    match error {
        ExtrinsicError::ErrorSubmittingTransaction(BackendError::Rpc(RpcError::ClientError(
            subxt::rpcs::Error::User(UserError { message, data: Some(data), .. }),
        ))) => format!("{message}: {}", data.get()),
        other => other.to_string(),
    }
}
