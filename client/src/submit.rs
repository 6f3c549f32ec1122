//! Signs and submits extrinsics, and waits until they are final.

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
use crate::native::Amount;
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
    submit(chain, signer, "Contracts.call", arguments, &deposit(deposit_limit)).await
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
    submit(chain, signer, "Contracts.instantiate", arguments, &deposit(deposit_limit)).await
}

/// `Contracts.upload_code`.
pub(crate) async fn upload(
    chain: &Chain,
    signer: &Keypair,
    code: Vec<u8>,
    deposit_limit: u128,
) -> Result<Finalized, CallError> {
    let determinism = Value::variant("Enforced", Composite::Unnamed(vec![]));
    let arguments = (code, Some(deposit_limit), determinism);
    submit(chain, signer, "Contracts.upload_code", arguments, &deposit(deposit_limit)).await
}

/// `Balances.transfer_keep_alive`.
pub(crate) async fn transfer(
    chain: &Chain,
    signer: &Keypair,
    to: Account,
    base_units: u128,
) -> Result<Finalized, CallError> {
    let receiver = MultiAddress::<AccountId32, ()>::Id(to.into());
    let needs =
        format!("the {} units that it gives, and the fee", Amount::from_base_units(base_units));
    let extrinsic = "Balances.transfer_keep_alive";
    submit(chain, signer, extrinsic, (receiver, base_units), &needs).await
}

/// What a signer needs who pays for storage.
fn deposit(limit: u128) -> String {
    let limit = Amount::from_base_units(limit);
    format!("up to {limit} units as deposit for what is stored, and the fee")
}

fn weight(gas: Weight) -> Value {
    Value::named_composite([
        ("ref_time", Value::u128(gas.ref_time.into())),
        ("proof_size", Value::u128(gas.proof_size.into())),
    ])
}

/// `extrinsic` is `Pallet.call`; `needs` says what the signer has to pay.
async fn submit(
    chain: &Chain,
    signer: &Keypair,
    extrinsic: &'static str,
    arguments: impl EncodeAsFields + Send + Sync,
    needs: &str,
) -> Result<Finalized, CallError> {
    let account = Account::from(signer);
    let id = account.into();
    let (pallet, call) = extrinsic.split_once('.').unwrap_or(("", extrinsic));
    let payload = dynamic::transaction(pallet, call, arguments);
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
                return Err(CallError::submission(chain, account, needs, error).await);
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
            let error = error.to_string();
            return Err(CallError::failed(chain, account, extrinsic, needs, error).await);
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
