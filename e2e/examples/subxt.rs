//! A hospital's software asks for access to a patient's data: a view, a dry run that is refused, a
//! transaction with what it returned and emitted, and whether the patient's log goes on from where
//! it was before.
//!
//! It uses `assent-client`, a thin layer over subxt that takes selectors and types from the
//! contracts' bundles; arguments are tuples of SCALE values in the order of the metadata, a struct
//! being a type that derives `Encode`.
//!
//! | Variable | |
//! |---|---|
//! | `ASSENT_NODE_URL` | the node; default `ws://127.0.0.1:9944` |
//! | `ASSENT_MANIFEST` | the manifest that `assent-deploy apply` wrote; default `manifest.json` |
//! | `SURI` | secret of the hospital; default `//Charlie` |
//! | `PATIENT` | address of the patient |

use anyhow::{Context, Result, bail, ensure};
use assent_client::{
    Account,
    bundle::{blake2_256, hex_string},
    chain::Chain,
    contract::{CallError, Contract},
    manifest::Manifest,
    secret::Secret,
    setting::Setting,
};
use parity_scale_codec::{Decode, Encode};

/// Indices of a purpose and of a category, and one that no purpose has.
const TREATMENT: u8 = 0;
const CARDIOLOGY: u8 = 1;
const NO_PURPOSE: u8 = 32;

/// `Decision` of the metadata. Of the reason only the number is wanted: the event has its name.
#[derive(Debug, Decode)]
enum Decision {
    Permit,
    #[allow(dead_code, reason = "only printed")]
    Deny(u8),
}

/// `LogHead` of the metadata.
#[derive(Debug, Decode)]
struct LogHead {
    sequence: u64,
    hash: [u8; 32],
}

#[tokio::main]
async fn main() -> Result<()> {
    // White space around a value goes: with a newline at its end, a secret would be another key.
    let setting = |name| Setting::variable(name).read();
    let url = setting("ASSENT_NODE_URL")?.unwrap_or_else(|| "ws://127.0.0.1:9944".into());
    let path = setting("ASSENT_MANIFEST")?.unwrap_or_else(|| "manifest.json".into());
    let suri = setting("SURI")?.unwrap_or_else(|| "//Charlie".into());
    let hospital = Secret::read(Setting::variable("SURI"), &suri)?.keypair;
    let patient = setting("PATIENT")?.context("set PATIENT to an address")?;
    let patient = patient.parse::<Account>().context("PATIENT")?;

    let chain = Chain::connect(&url).await?;
    let manifest = Manifest::load(&path)?;
    ensure!(manifest.genesis_hash == chain.genesis_hash(), "{path} is of another chain");
    let mut bundles = manifest.bundles()?;
    let mut contract = |name: &str| {
        let entry = manifest.contracts.get(name).with_context(|| format!("no {name} in {path}"))?;
        let metadata = bundles.remove(name).context("its bundle")?;
        anyhow::Ok(Contract::new(chain.clone(), entry.address, metadata))
    };
    let (consent, rewards) = (contract("consent")?, contract("rewards")?);

    // A view is a dry run of a message that changes nothing, at the finalized block.
    let own = Account::from(&hospital);
    let unnamed = (None::<u64>, None::<[u8; 32]>); // any grant, no record in particular
    let asked = (own, patient, unnamed, TREATMENT, CARDIOLOGY);
    let expected: Decision = consent.view(&own, "is_permitted", asked).await?;
    println!("is_permitted: {expected:?}");
    let before: LogHead = consent.view(&own, "log_head", (patient,)).await?;

    // Every call begins with a dry run. When the contract returns an error, that is all: nothing is
    // submitted, and nothing is paid.
    let nonsense = (own, patient, unnamed, NO_PURPOSE, CARDIOLOGY);
    match consent.call(&hospital, "request_access", nonsense).await {
        Err(error @ CallError::Refused { .. }) => println!("{error}"),
        Err(error) => return Err(error.into()),
        Ok(_) => bail!("there is no purpose {NO_PURPOSE}"),
    }

    // Dry run, transaction with the gas and the deposit that it needed and a tenth more, finality.
    let wanted = (own, patient, unnamed, TREATMENT, CARDIOLOGY);
    let outcome = consent.call(&hospital, "request_access", wanted).await?;
    let decision = Result::<Decision, u8>::decode(&mut &outcome.ret[..])?.ok();
    let decision = decision.context("an error would have been refused")?;
    println!("request_access: {decision:?}, final in block {}", outcome.block_number);

    // `ret` is what the dry run returned. What happened is what the contracts emitted: each decodes
    // its own events.
    let mut decided = None;
    for contract in [&consent, &rewards] {
        for event in contract.decode_events(&outcome)? {
            let fields = event.to_json(&contract.metadata)?;
            println!("{} {} {fields}", contract.metadata.name(), event.name);
            if event.name == "AccessDecided" {
                decided = Some(fields);
            }
        }
    }

    // The log goes on from the head of before: each head is the hash of the one before and of the
    // digest of an entry. Nobody has to be trusted for the entries in between.
    let decided = decided.context("the decision was not logged")?;
    let sequence: u64 = decided["sequence"].as_str().context("a sequence number")?.parse()?;
    let head = decided["head"].as_str().context("a head")?;
    let mut at = before.sequence;
    let mut folded = before.hash;
    while at < sequence {
        // At most 256 at once.
        let limit = u32::try_from(sequence - at).unwrap_or(u32::MAX);
        let page: Vec<[u8; 32]> =
            consent.view(&own, "log_digests", (patient, at + 1, limit)).await?;
        ensure!(!page.is_empty(), "the log ends after {at} entries instead of {sequence}");
        for digest in page {
            folded = blake2_256(&(folded, digest).encode());
            at += 1;
        }
    }
    ensure!(head == hex_string(&folded), "the log was rewritten after entry {}", before.sequence);
    println!("the log goes on from entry {} to {sequence}: head {head}", before.sequence);
    Ok(())
}
