//! Makes blocks as fast as a development node seals them, of transactions that are signed in advance, with a
//! nonce that is counted here and no dry run.

use crate::scene::account;
use anyhow::{Context, Result, ensure};
use assent_client::{
    Account,
    chain::{Chain, Config},
    manifest::Manifest,
};
use jsonrpsee::{
    core::client::ClientT,
    rpc_params,
    ws_client::{WsClient, WsClientBuilder},
};
use parity_scale_codec::Encode;
use std::{
    collections::{BTreeMap, HashMap},
    time::{Duration, Instant},
};
use subxt::{
    client::OnlineClientAtBlock,
    config::DefaultExtrinsicParamsBuilder,
    dynamic::{self, Value},
    ext::scale_encode::EncodeAsFields,
    utils::{AccountId32, MultiAddress},
};
use subxt_signer::sr25519::Keypair;

/// What a call may use: far more than any of ours does, and less than a block has room for.
const GAS: (u128, u128) = (300_000_000_000, 4_000_000);
/// How long a block may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A message to one of our contracts.
pub struct Call {
    /// Who signs.
    pub signer: Keypair,
    /// Name of the contract in the manifest.
    pub contract: &'static str,
    /// Label of the message.
    pub message: &'static str,
    /// Its arguments, encoded.
    pub args: Vec<u8>,
}

impl Call {
    /// A message with the tuple of its arguments.
    pub fn new(
        signer: &Keypair,
        contract: &'static str,
        message: &'static str,
        args: impl Encode,
    ) -> Self {
        Self { signer: signer.clone(), contract, message, args: args.encode() }
    }
}

/// Signs and submits. Nobody else may send anything to its node.
pub struct Sealer {
    rpc: WsClient,
    at: OnlineClientAtBlock<Config>,
    contracts: BTreeMap<String, (Account, assent_client::bundle::Metadata)>,
    nonces: HashMap<Account, u64>,
    /// The last block.
    pub height: u64,
}

impl Sealer {
    /// A sealer on the node of `chain`.
    pub async fn connect(chain: &Chain, manifest: &Manifest) -> Result<Self> {
        let rpc = WsClientBuilder::new().build(chain.url()).await?;
        let at = chain.at_finalized().await?;
        let mut metadata = manifest.bundles()?;
        let contracts = manifest
            .contracts
            .iter()
            .filter_map(|(name, entry)| {
                Some((name.clone(), (entry.address, metadata.remove(name)?)))
            })
            .collect();
        let height = at.block_number();
        Ok(Self { rpc, at, contracts, nonces: HashMap::new(), height })
    }

    /// The address of a contract.
    pub fn address(&self, contract: &str) -> Result<Account> {
        Ok(self.contracts.get(contract).with_context(|| format!("no contract {contract}"))?.0)
    }

    /// A signed transaction that calls a contract.
    pub async fn call(&mut self, call: &Call) -> Result<String> {
        let Call { signer, contract, message, args } = call;
        let (address, metadata) =
            self.contracts.get(*contract).with_context(|| format!("no contract {contract}"))?;
        let selector = metadata.message_selector(message);
        let mut input = selector.with_context(|| format!("no {contract}.{message}"))?.to_vec();
        input.extend(args);
        let address = *address;
        self.call_other(signer, address, GAS, input).await
    }

    /// A signed transaction that gives an account some of the chain's own currency.
    pub async fn transfer(&mut self, from: &Keypair, to: Account, amount: u128) -> Result<String> {
        let to = MultiAddress::<AccountId32, ()>::Id(to.into());
        self.sign(from, "Balances", "transfer_keep_alive", (to, amount)).await
    }

    /// A signed transaction that stores code which is none of ours, and makes a contract of it whose
    /// constructor takes nothing.
    pub async fn instantiate(&mut self, signer: &Keypair, code: Vec<u8>) -> Result<String> {
        let (data, salt) = (Vec::<u8>::new(), Vec::<u8>::new());
        let arguments = (0u128, weight(GAS), None::<u128>, code, data, salt);
        self.sign(signer, "Contracts", "instantiate_with_code", arguments).await
    }

    /// A signed transaction that calls such a contract with this input, and may use so much.
    pub async fn call_other(
        &mut self,
        signer: &Keypair,
        address: Account,
        gas: (u128, u128),
        input: Vec<u8>,
    ) -> Result<String> {
        let address = MultiAddress::<AccountId32, ()>::Id(address.into());
        let arguments = (address, 0u128, weight(gas), None::<u128>, input);
        self.sign(signer, "Contracts", "call", arguments).await
    }

    /// A signed transaction without any contract in it.
    pub async fn remark(&mut self, signer: &Keypair) -> Result<String> {
        self.sign(signer, "System", "remark", (Vec::from(b"nothing for us"),)).await
    }

    async fn sign(
        &mut self,
        signer: &Keypair,
        pallet: &'static str,
        call: &'static str,
        arguments: impl EncodeAsFields + Send + Sync,
    ) -> Result<String> {
        let transactions = self.at.transactions();
        let nonce = match self.nonces.get(&account(signer)) {
            Some(nonce) => *nonce,
            None => transactions.account_nonce(&account(signer).into()).await?,
        };
        let params = DefaultExtrinsicParamsBuilder::<Config>::new().immortal().nonce(nonce).build();
        let payload = dynamic::transaction(pallet, call, arguments);
        let mut signable = transactions.create_signable_offline(&payload, params)?;
        let signed = signable.sign(signer)?;
        self.nonces.insert(account(signer), nonce + 1);
        Ok(format!("0x{}", hex::encode(signed.encoded())))
    }

    /// Hands a signed transaction to the node, which seals a block with it.
    pub async fn submit(&mut self, signed: &str) -> Result<()> {
        let sent: Result<String, _> =
            self.rpc.request("author_submitExtrinsic", rpc_params![signed]).await;
        sent.context("the node does not take a transaction")?;
        Ok(())
    }

    /// Waits for the next block. It asks again and again: the node's news would wait for the
    /// acknowledgement of those before.
    pub async fn sealed(&mut self) -> Result<u64> {
        let began = Instant::now();
        let next = self.height + 1;
        loop {
            if self.hash(next).await?.is_some() {
                self.height = next;
                return Ok(next);
            }
            ensure!(began.elapsed() < PATIENCE, "block {next} was not sealed");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// Waits until all that was handed to the node is in blocks: one more at least.
    pub async fn all_sealed(&mut self) -> Result<()> {
        self.sealed().await?;
        let began = Instant::now();
        while !self.pending().await?.is_empty() {
            ensure!(began.elapsed() < PATIENCE, "transactions were not sealed");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        while self.hash(self.height + 1).await?.is_some() {
            self.height += 1;
        }
        Ok(())
    }

    /// Sees that no transaction was lost: then all that its signer sent after it never came into a block.
    pub async fn check_nonces(&self, chain: &Chain) -> Result<()> {
        let transactions = chain.at_finalized().await?.transactions();
        for (account, expected) in &self.nonces {
            let nonce = transactions.account_nonce(&(*account).into()).await?;
            ensure!(nonce == *expected, "{expected} transactions are signed, {nonce} in blocks");
        }
        Ok(())
    }

    async fn pending(&self) -> Result<Vec<String>> {
        Ok(self.rpc.request("author_pendingExtrinsics", rpc_params![]).await?)
    }

    async fn hash(&self, number: u64) -> Result<Option<String>> {
        Ok(self.rpc.request("chain_getBlockHash", rpc_params![number]).await?)
    }

    /// Calls a contract, in a block of its own.
    pub async fn seal(&mut self, call: &Call) -> Result<u64> {
        let signed = self.call(call).await?;
        self.submit(&signed).await?;
        self.sealed().await
    }
}

fn weight((ref_time, proof_size): (u128, u128)) -> Value {
    Value::named_composite([
        ("ref_time", Value::u128(ref_time)),
        ("proof_size", Value::u128(proof_size)),
    ])
}
