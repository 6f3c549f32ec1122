//! Contracts on chain: dry run first, then submit, then wait until it is final.

mod error;

use parity_scale_codec::{Decode, DecodeAll, Encode};
use subxt::client::OnlineClientAtBlock;
use subxt_signer::sr25519::Keypair;

use self::error::cannot_pay;
pub use self::error::{CallError, CannotPay};
use crate::bundle::{Bundle, DecodeError, DecodedEvent, Metadata, Refusal, blake2_256};
use crate::chain::{self, Chain};
use crate::dry_run::{self, DryRun, Returned};
use crate::submit;
pub use crate::submit::FINALITY_TIMEOUT;
use crate::value::to_json;
use crate::{Account, EmittedEvent, Hash};

/// What a signer needs; a dry run that ends for want of a deposit does not say of how large a one.
const DEPOSIT: &str = "the fee and the deposit for what is stored, which it gets back when that is \
                       cleared: some thousandths of a unit for a call, up to a unit for a \
                       contract's code";

/// A contract at an address.
#[derive(Debug, Clone)]
pub struct Contract {
    /// The node to ask.
    pub chain: Chain,
    /// Where the contract is.
    pub address: Account,
    /// How to speak with it.
    pub metadata: Metadata,
}

/// A call that succeeded and is final.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The block it is in.
    pub block_number: u64,
    /// That block's hash.
    pub block_hash: Hash,
    /// What the dry run returned, without ink!'s outer layer: the message's own type, encoded. The
    /// chain does not keep what a transaction returned; when the state moved in between, the
    /// transaction may have returned another value. `events` is what happened.
    pub ret: Vec<u8>,
    /// What contracts emitted in this transaction, in order.
    pub events: Vec<EmittedEvent>,
}

impl Contract {
    /// A contract at an address.
    #[must_use]
    pub fn new(chain: Chain, address: Account, metadata: Metadata) -> Self {
        Self { chain, address, metadata }
    }

    /// Calls a message: dry run at the finalized block, then a transaction, then finality.
    /// `args` is the tuple of the message's arguments.
    ///
    /// Calls of one signer may run at the same time on clones of one [`Chain`].
    ///
    /// # Errors
    /// [`CallError::Refused`] with the contract's own error when the dry run returns one; nothing
    /// is submitted then. Otherwise as the variants say.
    pub async fn call(
        &self,
        signer: &Keypair,
        label: &str,
        args: impl Encode + Send,
    ) -> Result<Outcome, CallError> {
        let data = self.input(label, &args)?;
        let origin = Account::from(signer);
        let at = self.chain.at_finalized().await?;
        let run = dry_run::call(&self.chain, &at, &origin, &self.address, &data).await?;
        let ret =
            accepted(&self.chain, &self.metadata, label, &origin, &run, Metadata::refusal).await?;
        let done = submit::call(
            &self.chain,
            signer,
            self.address,
            run.gas_required.with_margin(),
            run.deposit_limit(),
            data,
        )
        .await?;
        Ok(Outcome {
            block_number: done.block_number,
            block_hash: done.block_hash,
            ret,
            events: done.events,
        })
    }

    /// Asks a message at the finalized block and submits nothing. `T` is the message's own return
    /// type; for one that returns `Result<V, E>`, `T` is that `Result`.
    ///
    /// # Errors
    /// [`CallError`]; `Decode` when `T` is not the message's type.
    pub async fn view<T: Decode>(
        &self,
        origin: &Account,
        label: &str,
        args: impl Encode + Send,
    ) -> Result<T, CallError> {
        let data = self.input(label, &args)?;
        let at = self.chain.at_finalized().await?;
        let run = dry_run::call(&self.chain, &at, origin, &self.address, &data).await?;
        let returned = returned(&self.chain, &self.metadata, label, origin, &run).await?;
        let inner = without_lang_error(label, &returned.data)?;
        T::decode_all(&mut &inner[..]).map_err(|e| {
            DecodeError::Value { field: label.to_owned(), reason: e.to_string() }.into()
        })
    }

    /// Asks a message as of a block and submits nothing: its answer as JSON, in the forms of
    /// [`crate::value`]. The node must hold the state after that block.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn show_at(
        &self,
        at: &OnlineClientAtBlock<chain::Config>,
        origin: &Account,
        label: &str,
        args: impl Encode + Send,
    ) -> Result<serde_json::Value, CallError> {
        let data = self.input(label, &args)?;
        let run = dry_run::call(&self.chain, at, origin, &self.address, &data).await?;
        let returned = returned(&self.chain, &self.metadata, label, origin, &run).await?;
        let answer = self.metadata.decode_return(label, &returned.data)?;
        to_json(&answer, answer.context, self.metadata.registry()).map_err(|error| {
            DecodeError::Value { field: label.to_owned(), reason: error.to_string() }.into()
        })
    }

    /// Decodes the events of an outcome that this contract emitted.
    ///
    /// # Errors
    /// [`DecodeError`].
    pub fn decode_events(&self, outcome: &Outcome) -> Result<Vec<DecodedEvent>, DecodeError> {
        outcome
            .events
            .iter()
            .filter(|event| event.contract == self.address)
            .map(|event| self.metadata.decode_event(&event.topics, &event.data))
            .collect()
    }

    fn input(&self, label: &str, args: &impl Encode) -> Result<Vec<u8>, DecodeError> {
        let selector = self.metadata.message_selector(label);
        encoded_input(&self.metadata, selector, label, args)
    }
}

/// Input of a constructor: its selector and arguments.
///
/// # Errors
/// [`DecodeError::UnknownLabel`] when there is no such constructor.
pub fn constructor_input(
    metadata: &Metadata,
    label: &str,
    args: &impl Encode,
) -> Result<Vec<u8>, DecodeError> {
    encoded_input(metadata, metadata.constructor_selector(label), label, args)
}

fn encoded_input(
    metadata: &Metadata,
    selector: Option<[u8; 4]>,
    label: &str,
    args: &impl Encode,
) -> Result<Vec<u8>, DecodeError> {
    let selector = selector.ok_or_else(|| DecodeError::UnknownLabel {
        contract: metadata.name().to_owned(),
        label: label.to_owned(),
    })?;
    let mut input = selector.to_vec();
    args.encode_to(&mut input);
    Ok(input)
}

/// The address that a contract gets, as pallet-contracts computes it.
#[must_use]
pub fn contract_address(
    deployer: &Account,
    code_hash: &Hash,
    input: &[u8],
    salt: &[u8],
) -> Account {
    // The prefix is an array and has no length before it; input and salt are slices and have one.
    Account(blake2_256(&(b"contract_addr_v1", deployer, code_hash, input, salt).encode()))
}

/// Stores a bundle's code on chain.
///
/// # Errors
/// [`CallError`]; `Origin` when the chain reserves uploads for others.
pub async fn upload(chain: &Chain, signer: &Keypair, bundle: &Bundle) -> Result<u64, CallError> {
    let origin = Account::from(signer);
    let at = chain.at_finalized().await?;
    let deposit = match dry_run::upload(chain, &at, &origin, &bundle.code).await? {
        Ok(deposit) => deposit,
        Err(error) => {
            return Err(dispatch(chain, &bundle.metadata, "upload_code", &origin, error).await);
        }
    };
    let limit = deposit.saturating_add(deposit / 10);
    let done = submit::upload(chain, signer, bundle.code.clone(), limit).await?;
    tracing::info!(
        contract = bundle.name,
        code_hash = %bundle.code_hash,
        block_number = done.block_number,
        deposit,
        "Stored a contract's code"
    );
    Ok(done.block_number)
}

/// Instantiates code that the chain holds; `input` is from [`constructor_input`].
///
/// # Errors
/// [`CallError`], as for [`Contract::call`].
pub async fn instantiate(
    chain: &Chain,
    signer: &Keypair,
    metadata: &Metadata,
    label: &str,
    input: Vec<u8>,
    salt: Vec<u8>,
) -> Result<(Account, Outcome), CallError> {
    let origin = Account::from(signer);
    let code_hash = metadata.code_hash();
    let address = contract_address(&origin, &code_hash, &input, &salt);
    let at = chain.at_finalized().await?;
    let run = dry_run::instantiate(chain, &at, &origin, &code_hash, &input, &salt).await?;
    let refusal = Metadata::constructor_refusal;
    let ret = accepted(chain, metadata, label, &origin, &run, refusal).await?;
    // The whole plan rests on addresses that are computed in advance.
    if let Ok(Returned { instance: Some(actual), .. }) = run.result
        && actual != address
    {
        return Err(CallError::Address { computed: address, actual });
    }
    let gas = run.gas_required.with_margin();
    let done = submit::instantiate(chain, signer, gas, run.deposit_limit(), code_hash, input, salt)
        .await?;
    let outcome = Outcome {
        block_number: done.block_number,
        block_hash: done.block_hash,
        ret,
        events: done.events,
    };
    tracing::info!(
        contract = metadata.name(),
        %address,
        block_number = outcome.block_number,
        "Instantiated a contract"
    );
    Ok((address, outcome))
}

/// What the code returned, or the reason it did not run.
async fn returned<'a>(
    chain: &Chain,
    metadata: &Metadata,
    label: &str,
    origin: &Account,
    run: &'a DryRun,
) -> Result<&'a Returned, CallError> {
    match &run.result {
        Ok(returned) => Ok(returned),
        Err(error) => Err(dispatch(chain, metadata, label, origin, error.clone()).await),
    }
}

/// [`Metadata::refusal`] or [`Metadata::constructor_refusal`].
type RefusalOf = fn(&Metadata, &str, &[u8]) -> Result<Option<Refusal>, DecodeError>;

/// The message's own value if the contract accepts the call.
async fn accepted(
    chain: &Chain,
    metadata: &Metadata,
    label: &str,
    origin: &Account,
    run: &DryRun,
    refusal: RefusalOf,
) -> Result<Vec<u8>, CallError> {
    let returned = returned(chain, metadata, label, origin, run).await?;
    let refusal = refusal(metadata, label, &returned.data)?;
    if returned.reverted || refusal.is_some() {
        return Err(CallError::Refused {
            contract: metadata.name().to_owned(),
            message: label.to_owned(),
            reason: refusal.map_or_else(|| "reverted".to_owned(), |refusal| refusal.reason),
        });
    }
    Ok(without_lang_error(label, &returned.data)?.to_vec())
}

fn without_lang_error<'a>(label: &str, data: &'a [u8]) -> Result<&'a [u8], DecodeError> {
    match data.split_first() {
        Some((0, inner)) => Ok(inner),
        _ => Err(DecodeError::Lang { label: label.to_owned() }),
    }
}

async fn dispatch(
    chain: &Chain,
    metadata: &Metadata,
    label: &str,
    origin: &Account,
    error: String,
) -> CallError {
    // A dry run has no limit of its own: what is exhausted is the account.
    if cannot_pay(&error) || error.contains("StorageDepositLimitExhausted") {
        return CallError::balance(chain, *origin, DEPOSIT, error).await;
    }
    CallError::Dispatch { contract: metadata.name().to_owned(), message: label.to_owned(), error }
}
