//! Calls of messages that somebody signs together: all of them happen, or none. One key signs several as
//! one transaction; several keys sign one in the name of an office.

use crate::scene::Scene;
use anyhow::{Context, Result};
use assent_client::{
    EmittedEvent, Hash,
    chain::Chain,
    contract::{FINALITY_TIMEOUT, Outcome},
};
use parity_scale_codec::Encode;
use subxt::dynamic::{self, Value};
use subxt::ext::scale_value::Composite;
use subxt_signer::sr25519::Keypair;

/// What the call of one message may use; none here needs a tenth of it.
pub const GAS: (u128, u128) = (100_000_000_000, 4_000_000);

impl Scene {
    /// The call of a message, to be signed with others or by several.
    pub fn call_of(&self, contract: &str, message: &str, args: impl Encode) -> Result<Value> {
        let contract = self.contract(contract)?;
        let selector = contract.metadata.message_selector(message).context("no such message")?;
        let arguments = [
            ("dest", Value::unnamed_variant("Id", [Value::from_bytes(contract.address.0)])),
            ("value", Value::u128(0)),
            ("gas_limit", weight(GAS)),
            ("storage_deposit_limit", Value::unnamed_variant("None", [])),
            ("data", Value::from_bytes([&selector[..], &args.encode()].concat())),
        ];
        Ok(dynamic::transaction("Contracts", "call", named(arguments)).into_value())
    }

    /// Signs calls as one transaction and waits until it is final: what all of them emitted. No dry run
    /// tells why one fails, since it may build on those before it: then the chain says no more than that
    /// a contract reverted, and nothing of the others stands, either.
    pub async fn together(
        &mut self,
        chain: &Chain,
        signer: &Keypair,
        calls: Vec<Value>,
    ) -> Result<Outcome> {
        let calls = named([("calls", Value::unnamed_composite(calls))]);
        let batch = dynamic::transaction("Utility", "batch_all", calls);
        let mut transactions = chain.at_finalized().await?.transactions();
        let progress = transactions.sign_and_submit_then_watch_default(&batch, signer).await?;
        let included =
            tokio::time::timeout(FINALITY_TIMEOUT, progress.wait_for_finalized()).await??;
        let block_number = included.at().await?.block_number();
        self.height = self.height.max(block_number);
        let events = included.wait_for_success().await?;
        let mut emitted = Vec::new();
        for event in events.iter() {
            emitted.extend(EmittedEvent::of(&event?).map_err(anyhow::Error::msg)?);
        }
        let block_hash = Hash(included.block_hash().0);
        Ok(Outcome { block_number, block_hash, ret: Vec::new(), events: emitted })
    }
}

/// The fields of a call by their names.
pub fn named<const N: usize>(fields: [(&str, Value); N]) -> Composite<()> {
    Composite::named(fields)
}

/// How long something may compute, ps, and how much a proof of what it reads may have, bytes.
pub fn weight((ref_time, proof_size): (u128, u128)) -> Value {
    let parts = [("ref_time", ref_time), ("proof_size", proof_size)];
    Value::named_composite(parts.map(|(name, part)| (name, Value::u128(part))))
}
