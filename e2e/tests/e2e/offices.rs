//! An office that two keys hold together, on the real node: neither key does anything alone, and the
//! mirror shows what both signed as done by the office.

use anyhow::{Context, Result, bail, ensure};
use assent_client::{
    Account, Hash,
    bundle::blake2_256,
    chain::Chain,
    contract::{FINALITY_TIMEOUT, Outcome},
    native::{Amount, UNIT, transfer},
};
use assent_e2e::{
    messages::role,
    scene::{
        Scene, account, commitment, ensure_from, hospital1, hospital2, number, patient, regulator,
        until,
    },
    stack::{HEALTH_READ, Stack},
    together::{GAS, named, weight},
};
use assent_interface::{governance, participants};
use parity_scale_codec::{Decode, Encode};
use serde_json::json;
use subxt::dynamic::{self, Value};
use subxt_signer::sr25519::Keypair;

/// Where a call waits for signatures: the block and the extrinsic of the first.
type Since = (u32, u32);

/// `MultisigExecuted`: who signed last, since when the call waited, the office, the call's hash, and the
/// first byte of the result, which is 0 for success.
type Executed = (Account, Since, Account, Hash, u8);

/// An account for which both of two keys have to sign.
struct Office {
    keys: [Keypair; 2],
    address: Account,
}

/// A signature in a final block.
struct Signed {
    /// That block.
    done: Outcome,
    /// Where the call waits whose first signature this is.
    since: Since,
    /// Whether the call succeeded, if it was executed.
    executed: Option<bool>,
}

impl Office {
    fn new(mut keys: [Keypair; 2]) -> Self {
        keys.sort_by_key(account);
        let accounts: Vec<_> = keys.iter().map(account).collect();
        let threshold = 2u16;
        let address = blake2_256(&(b"modlpy/utilisuba", accounts, threshold).encode());
        Self { keys, address: Account(address) }
    }

    /// One of the keys, 0 or 1, signs a call; the second names where it waits since the first.
    async fn sign(
        &self,
        chain: &Chain,
        key: usize,
        call: &Value,
        since: Option<Since>,
    ) -> Result<Signed> {
        let (signer, other) = (&self.keys[key], account(&self.keys[1 - key]));
        let since = since.map_or(Value::unnamed_variant("None", []), |(height, index)| {
            let since = [("height", height), ("index", index)];
            let since = since.map(|(name, number)| (name, Value::u128(number.into())));
            Value::unnamed_variant("Some", [Value::named_composite(since)])
        });
        let arguments = [
            ("threshold", Value::u128(2)),
            ("other_signatories", Value::unnamed_composite([Value::from_bytes(other.0)])),
            ("maybe_timepoint", since),
            ("call", call.clone()),
            // What the pallet itself takes besides is far less than it lets the contract use.
            ("max_weight", weight((2 * GAS.0, 2 * GAS.1))),
        ];
        let signature = dynamic::transaction("Multisig", "as_multi", named(arguments));
        let mut transactions = chain.at_finalized().await?.transactions();
        let progress = transactions.sign_and_submit_then_watch_default(&signature, signer).await?;
        let included =
            tokio::time::timeout(FINALITY_TIMEOUT, progress.wait_for_finalized()).await??;
        let events = included.wait_for_success().await?;
        let block_number = included.at().await?.block_number();
        let mut executed = None;
        for event in events.iter() {
            let event = event?;
            if (event.pallet_name(), event.event_name()) == ("Multisig", "MultisigExecuted") {
                let (_, _, by, _, result) = Executed::decode(&mut event.field_bytes())?;
                ensure!(by == self.address, "{by} is not {}", self.address);
                executed = Some(result == 0);
            }
        }
        let done = Outcome {
            block_number,
            block_hash: Hash(included.block_hash().0),
            ret: Vec::new(),
            events: Vec::new(),
        };
        let since = (u32::try_from(block_number)?, u32::try_from(events.extrinsic_index())?);
        Ok(Signed { done, since, executed })
    }

    /// Both keys sign the call of a message, which succeeds.
    async fn call(
        &self,
        stack: &Stack,
        scene: &mut Scene,
        message: &str,
        args: impl Encode,
    ) -> Result<Outcome> {
        let call = scene.call_of("participants", message, args)?;
        let first = self.sign(&stack.chain, 0, &call, None).await?;
        let second = self.sign(&stack.chain, 1, &call, Some(first.since)).await?;
        scene.height = scene.height.max(second.done.block_number);
        match (first.executed, second.executed) {
            (None, Some(true)) => Ok(second.done),
            other => bail!("{message}: {other:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_office_of_two_keys_is_taken_over_and_acts_with_both() -> Result<()> {
    const PATH: &str = "/v1/governance/participants";
    let stack = Stack::start("127.0.0.1:0", |_| {}).await?;
    let mut scene = Scene::new(&stack)?;
    let office = Office::new([hospital1(), hospital2()]);
    let address = office.address;
    // The keys pay the fees; the deposit for what it stores is the office's own.
    let funds = Amount::from_base_units(10 * UNIT);
    transfer(&stack.chain, &regulator(), address, funds).await?;

    let profile = commitment(b"the office of two keys")?;
    office.call(&stack, &mut scene, participants::REGISTER, (profile,)).await?;
    let admitted = (address, role::AUDITOR, profile);
    scene.call("participants", &regulator(), participants::APPROVE, admitted).await?;
    let to = (address,);
    scene.call("participants", &regulator(), governance::PROPOSE_HANDOVER, to).await?;
    let proposed = scene.api(&stack, PATH).await?;
    assert_eq!(proposed["handover"]["to"], json!(address.to_string()));
    until(&stack, number(&proposed["handover"]["not_before_ms"])?).await?;

    let acceptance = scene.call_of("participants", governance::ACCEPT_HANDOVER, ())?;
    let first = office.sign(&stack.chain, 1, &acceptance, None).await?;
    assert_eq!(first.executed, None);
    let again = office.sign(&stack.chain, 1, &acceptance, Some(first.since)).await;
    let refusal = again.err().context("one key signed for two")?.to_string();
    assert!(refusal.contains("AlreadyApproved"), "{refusal}");
    scene.height = first.done.block_number;
    let waiting = scene.api(&stack, PATH).await?;
    assert_eq!(waiting["administrator"], json!(account(&regulator()).to_string()));

    let second = office.sign(&stack.chain, 0, &acceptance, Some(first.since)).await?;
    assert_eq!(second.executed, Some(true));
    scene.height = second.done.block_number;
    let accepted = scene.api(&stack, PATH).await?;
    assert_eq!(accepted["administrator"], json!(address.to_string()));
    ensure_from(&accepted, &second.done)?;

    // The regulator is the office now; neither he that was it nor a key by itself is.
    let profile = commitment(b"a patient")?;
    scene.call("participants", &patient(), participants::REGISTER, (profile,)).await?;
    let admitted = (account(&patient()), role::DATA_OWNER, profile);
    for nobody in [&regulator(), &hospital1()] {
        let refusal = scene.refusal("participants", nobody, participants::APPROVE, admitted);
        assert_eq!(refusal.await?, "NotRegulator");
    }
    let done = office.call(&stack, &mut scene, participants::APPROVE, admitted).await?;
    // He that was regulator is not shown that somebody is a patient; the office is, by an API key, since two keys
    // do not sign in as one.
    stack.mirrored(scene.height).await?;
    let path = format!("/v1/participants/{}", account(&patient()));
    let (status, problem) = stack.get(&path).await?;
    assert_eq!(status, 404, "{problem}");
    let key = stack.make_api_key(address, &[HEALTH_READ]).await?;
    let (status, patient) = stack.get_as(&key, &path).await?;
    assert_eq!((status, &patient["roles"]["names"]), (200, &json!(["data_owner"])), "{patient}");
    ensure_from(&patient, &done)?;
    let status = stack.ok("/v1/status").await?;
    assert_eq!(status["undecoded"], json!(0), "{status}");
    Ok(())
}
