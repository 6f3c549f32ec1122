//! What all stories have: the contracts, the people who call them, and how an answer of the API is
//! held against the chain.

use crate::{
    messages::{Hash, Terms, category, only, purpose},
    stack::{Stack, TIMING},
};
use anyhow::{Context, Result, bail, ensure};
use assent_client::{
    contract::{CallError, Contract, Outcome},
    value::to_json,
};
use assent_interface::{consent, participants};
use parity_scale_codec::{Decode, Encode, Input};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    io::Read,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};
use subxt_signer::sr25519::Keypair;

mod agreements;
mod people;
mod succession;
mod units;

pub(crate) use self::people::derived;
pub use self::{
    people::{
        account, child, doctor, emitter, hospital1, hospital2, mother, newcomers, patient,
        registry, regulator, second_emitter, spare, verifier,
    },
    units::{CREDIT, TOKEN, YEAR_2025},
};

/// A day in milliseconds.
pub const DAY_MS: u64 = 24 * 60 * 60 * 1_000;
/// How long the chain may take to reach a time after the clock has.
const BLOCK_AFTER: Duration = Duration::from_secs(30);
/// Longer than a development chain stands still when nobody sends anything.
const IDLE: Duration = Duration::from_secs(4);

/// The contracts of a stack, and how far the chain has to be mirrored to show what was called.
pub struct Scene {
    contracts: BTreeMap<String, Contract>,
    /// Block of the last call.
    pub height: u64,
}

impl Scene {
    /// Nothing was called yet.
    pub fn new(stack: &Stack) -> Result<Self> {
        let contracts = stack
            .manifest
            .contracts
            .keys()
            .map(|name| Ok((name.clone(), stack.contract(name)?)))
            .collect::<Result<_>>()?;
        Ok(Self { contracts, height: 0 })
    }

    /// A contract by its name in the manifest.
    pub fn contract(&self, name: &str) -> Result<&Contract> {
        self.contracts.get(name).with_context(|| format!("no contract {name}"))
    }

    /// Calls a message and waits until it is final.
    pub async fn call(
        &mut self,
        contract: &str,
        signer: &Keypair,
        message: &str,
        args: impl Encode + Send,
    ) -> Result<Outcome> {
        let outcome = self.contract(contract)?.call(signer, message, args).await?;
        self.height = self.height.max(outcome.block_number);
        Ok(outcome)
    }

    /// The error with which the contract refuses a call, by its name.
    pub async fn refusal(
        &self,
        contract: &str,
        signer: &Keypair,
        message: &str,
        args: impl Encode + Send,
    ) -> Result<String> {
        match self.contract(contract)?.call(signer, message, args).await {
            Err(CallError::Refused { reason, .. }) => Ok(reason),
            Err(other) => Err(other.into()),
            Ok(done) => bail!("{contract}.{message} was accepted in block {}", done.block_number),
        }
    }

    /// Asks a view at the finalized block.
    pub async fn view<T: Decode>(
        &self,
        contract: &str,
        message: &str,
        args: impl Encode + Send,
    ) -> Result<T> {
        Ok(self.contract(contract)?.view(&account(&regulator()), message, args).await?)
    }

    /// Asks a view at the finalized block: its answer as JSON, in the forms of
    /// [`assent_client::value`].
    pub async fn show(
        &self,
        contract: &str,
        message: &str,
        args: impl Encode + Send,
    ) -> Result<Value> {
        let contract = self.contract(contract)?;
        let answer: Bytes = contract.view(&account(&regulator()), message, args).await?;
        // With ink!'s own layer, which was taken off: 0 is Ok.
        let answer = [&[0][..], &answer.0].concat();
        let answer = contract.metadata.decode_return(message, &answer)?;
        Ok(to_json(&answer, answer.context, contract.metadata.registry())?)
    }

    /// The fields of the first event of this name that the contract emitted in a call.
    pub fn event(&self, contract: &str, outcome: &Outcome, name: &str) -> Result<Value> {
        let contract = self.contract(contract)?;
        let events = contract.decode_events(outcome)?;
        let event = events.iter().find(|event| event.name == name);
        Ok(event.with_context(|| format!("no {name} in the call"))?.to_json(&contract.metadata)?)
    }

    /// `key` asks for admission, and the regulator gives it these roles.
    pub async fn admit(&mut self, key: &Keypair, roles: u16) -> Result<Outcome> {
        let profile = commitment(b"profile")?;
        self.call("participants", key, participants::REGISTER, (profile,)).await?;
        let approval = (account(key), roles, profile);
        self.call("participants", &regulator(), participants::APPROVE, approval).await
    }

    /// `who` asks for the patient's data and for no record in particular, under any grant if none is
    /// named: the call, and the fields of `AccessDecided`.
    pub async fn ask(
        &mut self,
        who: &Keypair,
        grant: Option<u64>,
        purpose: u8,
        category: u8,
    ) -> Result<(Outcome, Value)> {
        self.ask_for(who, grant, None, purpose, category).await
    }

    /// As [`Scene::ask`], by one of the staff, in the name of `requester`.
    pub async fn ask_by(
        &mut self,
        staff: &Keypair,
        requester: &Keypair,
        purpose: u8,
        category: u8,
    ) -> Result<(Outcome, Value)> {
        self.request(staff, requester, None, None, (purpose, category)).await
    }

    /// As [`Scene::ask`], for one record.
    pub async fn ask_for(
        &mut self,
        who: &Keypair,
        grant: Option<u64>,
        record: Option<Hash>,
        purpose: u8,
        category: u8,
    ) -> Result<(Outcome, Value)> {
        self.request(who, who, grant, record, (purpose, category)).await
    }

    async fn request(
        &mut self,
        key: &Keypair,
        requester: &Keypair,
        grant: Option<u64>,
        record: Option<Hash>,
        wanted: (u8, u8),
    ) -> Result<(Outcome, Value)> {
        let args = (account(requester), account(&patient()), grant, record, wanted);
        let done = self.call("consent", key, consent::REQUEST_ACCESS, args).await?;
        let decided = self.event("consent", &done, "AccessDecided")?;
        Ok((done, decided))
    }

    /// `organisation` has the key of one of its staff act for it, with these powers, for 30 days.
    pub async fn employ(
        &mut self,
        organisation: &Keypair,
        staff: &Keypair,
        powers: u16,
    ) -> Result<Outcome> {
        let person = commitment(b"who holds the key")?;
        let member = (account(staff), powers, in_a_month()?, person);
        self.call("participants", organisation, participants::ADMIT_MEMBER, member).await
    }

    /// The regulator has `guardian` act for `ward` until then, ms since 1970.
    pub async fn appoint(
        &mut self,
        ward: &Keypair,
        guardian: &Keypair,
        until: u64,
    ) -> Result<Outcome> {
        let person = commitment(b"who holds the key")?;
        let appointment = (account(ward), account(guardian), until, person);
        self.call("participants", &regulator(), participants::APPOINT_GUARDIAN, appointment).await
    }

    /// What the API answers, once the mirror shows all that was called.
    pub async fn api(&self, stack: &Stack, path: &str) -> Result<Value> {
        stack.mirrored(self.height).await?;
        stack.ok(path).await
    }

    /// An item of the API as a list shows it, which says once of which block all its items are.
    pub async fn listed(&self, stack: &Stack, path: &str) -> Result<Value> {
        let mut item = self.api(stack, path).await?;
        let fields = item.as_object_mut().context("no item")?;
        fields.remove("as_of").context("it does not say of which block it is")?;
        Ok(item)
    }

    /// The items of a list of the API that fits one page.
    pub async fn items(&self, stack: &Stack, path: &str) -> Result<Vec<Value>> {
        items(&self.api(stack, path).await?).cloned()
    }

    /// The only item of a list of the API.
    pub async fn item(&self, stack: &Stack, path: &str) -> Result<Value> {
        let mut items = self.items(stack, path).await?;
        ensure!(items.len() == 1, "{path}: {items:?}");
        items.pop().context("an item")
    }
}

/// The bytes of a value of any type.
struct Bytes(Vec<u8>);

impl Decode for Bytes {
    fn decode<I: Input>(input: &mut I) -> Result<Self, parity_scale_codec::Error> {
        let mut bytes = vec![0; input.remaining_len()?.unwrap_or_default()];
        input.read(&mut bytes)?;
        Ok(Self(bytes))
    }
}

/// The items of a list of the API.
pub fn items(answer: &Value) -> Result<&Vec<Value>> {
    answer["items"].as_array().with_context(|| format!("no items in {answer}"))
}

/// One field of every item.
pub fn column(items: &[Value], name: &str) -> Vec<Value> {
    items.iter().map(|item| item[name].clone()).collect()
}

/// An amount as the API writes it.
pub fn amount(value: &Value) -> Result<u128> {
    value.as_str().with_context(|| format!("no amount: {value}"))?.parse().context("amount")
}

/// A number, which the API writes as such and an event in JSON as a string.
pub fn number(value: &Value) -> Result<u64> {
    let number = value.as_u64().or_else(|| value.as_str()?.parse().ok());
    number.with_context(|| format!("no number: {value}"))
}

/// What a message returned, from within its `Result`.
pub fn returned<T: Decode>(outcome: &Outcome) -> Result<T> {
    let value = Result::<T, u8>::decode(&mut &outcome.ret[..])?;
    value.ok().context("the message returned an error")
}

/// Whether an item of the API comes from a block of this call.
pub fn ensure_from(item: &Value, outcome: &Outcome) -> Result<()> {
    let from = &item["provenance"];
    let hash = outcome.block_hash.to_string();
    ensure!(
        from["block_number"] == outcome.block_number && from["block_hash"] == hash,
        "expected block {} {hash} behind {item}",
        outcome.block_number
    );
    Ok(())
}

/// How many objects of an answer have a provenance. Each names a block that the node has under that
/// hash.
pub async fn check_provenance(stack: &Stack, answer: &Value) -> Result<usize> {
    let mut seen = 0;
    let mut open = vec![answer];
    while let Some(value) = open.pop() {
        if let Some(from) = value.get("provenance") {
            let number = from["block_number"].as_u64().context("block_number")?;
            let at = stack.chain.at_number(number).await?;
            let hash = format!("0x{}", hex::encode(at.block_hash().0));
            ensure!(from["block_hash"] == hash, "block {number} is {hash}, not as in {value}");
            ensure!(from["event_index"].is_u64(), "no event in {from}");
            seen += 1;
        }
        match value {
            Value::Array(values) => open.extend(values),
            Value::Object(values) => open.extend(values.values()),
            _ => {}
        }
    }
    Ok(seen)
}

/// Waits until the last mirrored block, and so the chain's last final one, is at this time or later.
pub async fn until(stack: &Stack, at_ms: u64) -> Result<()> {
    let deadline = Instant::now()
        + Duration::from_millis(at_ms.saturating_sub(now_ms()?)).saturating_add(BLOCK_AFTER);
    loop {
        let status = stack.ok("/v1/status").await?;
        if status["watermark"]["block_time_ms"].as_u64() >= Some(at_ms) {
            return Ok(());
        }
        ensure!(Instant::now() < deadline, "the chain did not reach {at_ms}: {status}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// From when on a setting holds that the API shows as the next one, ms since 1970.
pub fn from_ms(next: &Value) -> Result<u64> {
    next["from_ms"].as_u64().with_context(|| format!("nothing waits: {next}"))
}

/// Waits until what was set for a later time, of what moves money, is in effect.
pub async fn in_effect() {
    pass(TIMING.delay_ms).await;
}

/// Lets so much time pass on the chain: a block of after that is final, which a dry run sees.
pub async fn pass(ms: u64) {
    tokio::time::sleep(Duration::from_millis(ms) + IDLE).await;
}

/// The chain's time: that of the last mirrored block, ms since 1970.
pub async fn chain_ms(stack: &Stack) -> Result<u64> {
    let status = stack.ok("/v1/status").await?;
    number(&status["watermark"]["block_time_ms"])
}

/// The time, ms since 1970.
pub fn now_ms() -> Result<u64> {
    Ok(u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis())?)
}

/// In 30 days, ms since 1970: when what nobody waits for is over.
pub fn in_a_month() -> Result<u64> {
    Ok(now_ms()? + 30 * DAY_MS)
}

/// A grant by the patient of treatment on cardiology, all records, from now on for 30 days.
pub fn treatment(grantee: &Keypair) -> Result<Terms> {
    Ok(Terms {
        owner: account(&patient()),
        grantee: account(grantee),
        purposes: only(purpose::TREATMENT),
        categories: only(category::CARDIOLOGY),
        from: 0,
        until: in_a_month()?,
        max_uses: None,
        record: None,
        policy: Sha256::digest(b"The policy of the story, version 1").into(),
    })
}

/// A commitment that reveals nothing: SHA-256 over a fresh random salt and the text. A real
/// application keeps the salt, so that it can open the commitment later.
pub fn commitment(text: &[u8]) -> Result<Hash> {
    let salt = random()?;
    Ok(Sha256::new().chain_update(salt).chain_update(text).finalize().into())
}

/// 32 random bytes.
pub fn random() -> Result<[u8; 32]> {
    let mut bytes = [0; 32];
    std::fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// 32 bytes as the API writes them.
pub fn hex32(bytes: Hash) -> String {
    format!("0x{}", hex::encode(bytes))
}

/// 32 bytes that the API, or an event in JSON, writes.
pub fn bytes32(value: &Value) -> Result<Hash> {
    let text = value.as_str().and_then(|text| text.strip_prefix("0x"));
    let bytes = hex::decode(text.with_context(|| format!("not 32 bytes: {value}"))?)?;
    <[u8; 32]>::try_from(bytes).ok().with_context(|| format!("not 32 bytes: {value}"))
}
