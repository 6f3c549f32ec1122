//! The story that ties the contracts together: consent, access, reward, and carbon.
//!
//! Each step is a method, so that a test can break something between two of them. Every step is
//! told through the narrator in a sentence that a person would want to read.

use crate::stack::Stack;
use anyhow::{Context, Result, ensure};
use assent_deploy::{AccountId32, contract::Contract, contract::Outcome};
use parity_scale_codec::{Decode, Encode};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::{
    io::Read,
    path::{Path, PathBuf},
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use subxt_signer::sr25519::{Keypair, dev};

mod show;

/// Roles, as in `assent_events::role`.
mod role {
    pub const DATA_OWNER: u16 = 1;
    pub const PROVIDER: u16 = 1 << 1;
    pub const EMITTER: u16 = 1 << 4;
}
/// Purpose and category of the story, as in `assent_events`.
const TREATMENT: u8 = 0;
const CARDIOLOGY: u8 = 1;
/// One unit of the settlement token, which has 6 decimals.
const TOKEN: u128 = 1_000_000;
/// One carbon credit: units are thousandths.
const CREDIT: u128 = 1_000;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Told a sentence at every step.
pub type Narrator = Box<dyn Fn(&str) + Send + Sync>;

/// The story as far as it has been played.
pub struct Story {
    participants: Contract,
    consent: Contract,
    rewards: Contract,
    token: Contract,
    reports: Contract,
    carbon: Contract,
    say: Narrator,
    /// Block of the last step: what the mirror must reach to show it.
    pub height: u64,
    /// The patient's report series.
    pub series: [u8; 32],
    /// SHA-256 of the anchored file.
    pub digest: [u8; 32],
    /// The grant to hospital 1.
    pub grant: u64,
    /// The carbon batch.
    pub batch: u64,
}

/// The regulator; on a development chain also registry, treasury and administrator of rewards.
pub fn regulator() -> Keypair {
    dev::alice()
}
/// The data owner.
pub fn patient() -> Keypair {
    dev::bob()
}
/// The hospital that has a grant.
pub fn hospital1() -> Keypair {
    dev::charlie()
}
/// The hospital that has none.
pub fn hospital2() -> Keypair {
    dev::dave()
}
/// Holds carbon credits.
pub fn emitter() -> Keypair {
    dev::eve()
}

/// The account of a key.
pub fn account(key: &Keypair) -> AccountId32 {
    AccountId32(key.public_key().0)
}

impl Story {
    /// Nothing has happened yet.
    pub fn new(stack: &Stack, say: Narrator) -> Result<Self> {
        Ok(Self {
            participants: stack.contract("participants")?,
            consent: stack.contract("consent")?,
            rewards: stack.contract("rewards")?,
            token: stack.contract("token")?,
            reports: stack.contract("reports")?,
            carbon: stack.contract("carbon")?,
            say,
            height: 0,
            series: [0; 32],
            digest: [0; 32],
            grant: 0,
            batch: 0,
        })
    }

    /// Plays the whole story, with what the API shows in between and at the end.
    pub async fn play(&mut self, stack: &Stack, report: &Path) -> Result<()> {
        self.admit().await?;
        self.fund_rewards().await?;
        self.anchor(report).await?;
        self.grant().await?;
        self.ask_with_grant().await?;
        self.ask_without_grant().await?;
        self.show_reward(stack).await?;
        self.revoke().await?;
        self.ask_after_revocation().await?;
        self.withdraw().await?;
        self.show_reward(stack).await?;
        self.issue_credits().await?;
        self.transfer_credits().await?;
        self.retire_credits().await?;
        self.show_everything(stack).await
    }

    fn say(&self, text: impl AsRef<str>) {
        (self.say)(text.as_ref());
    }

    async fn call<A: Encode + Send>(
        &mut self,
        contract: fn(&Self) -> &Contract,
        signer: &Keypair,
        message: &str,
        args: A,
    ) -> Result<Outcome> {
        let outcome = contract(self).call(signer, message, args).await?;
        self.height = self.height.max(outcome.block_number);
        Ok(outcome)
    }

    /// A patient, two hospitals and an emitter ask for admission; the regulator checks and admits.
    pub async fn admit(&mut self) -> Result<()> {
        let wanted = [
            ("the patient", patient(), role::DATA_OWNER),
            ("hospital 1", hospital1(), role::PROVIDER),
            ("hospital 2", hospital2(), role::PROVIDER),
            ("the emitter", emitter(), role::EMITTER),
        ];
        for (name, key, roles) in wanted {
            let profile = commitment(name.as_bytes())?;
            self.call(|s| &s.participants, &key, "register", (profile,)).await?;
            let done = self
                .call(|s| &s.participants, &regulator(), "approve", (account(&key), roles))
                .await?;
            self.say(format!("The regulator admits {name}.  [block {}]", done.block_number));
        }
        Ok(())
    }

    /// The treasury mints against a bank receipt and pays into the reward fund.
    pub async fn fund_rewards(&mut self) -> Result<()> {
        let (mint, fund) = (1_000 * TOKEN, 100 * TOKEN);
        let receipt = commitment(b"bank receipt")?;
        let rewards = self.rewards.address;
        let boss = regulator();
        self.call(|s| &s.token, &boss, "mint", (account(&boss), mint, receipt)).await?;
        self.call(|s| &s.token, &boss, "PSP22::approve", (rewards, fund)).await?;
        self.call(|s| &s.rewards, &boss, "set_tariff", (TREATMENT, TOKEN / 2)).await?;
        let done = self.call(|s| &s.rewards, &boss, "fund", (fund,)).await?;
        self.say(format!(
            "The treasury mints 1,000 tokens, pays 100 into the reward fund, and sets 0.5 as the reward for an access for treatment.  [block {}]",
            done.block_number
        ));
        Ok(())
    }

    /// The patient anchors a file's SHA-256.
    pub async fn anchor(&mut self, file: &Path) -> Result<()> {
        let (digest, length) = sha256_of(file)?;
        self.series = commitment(b"report series")?;
        self.digest = digest;
        let args = (self.series, 1u32, [0u8; 32], digest, length);
        let done = self.call(|s| &s.reports, &patient(), "anchor", args).await?;
        self.say(format!(
            "The patient anchors {}: SHA-256 {}, {length} bytes.  [block {}]",
            file.file_name().unwrap_or_default().to_string_lossy(),
            hex::encode(digest),
            done.block_number
        ));
        Ok(())
    }

    /// The patient grants hospital 1 treatment on cardiology for 30 days.
    pub async fn grant(&mut self) -> Result<()> {
        let now = u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis())?;
        let until = now + u64::try_from((30 * DAY).as_millis())?;
        let args = (
            account(&hospital1()),
            1u32 << TREATMENT,
            1u32 << CARDIOLOGY,
            0u64,
            until,
            None::<u32>,
            self.digest,
        );
        let done = self.call(|s| &s.consent, &patient(), "grant", args).await?;
        self.grant = Result::<u64, u8>::decode(&mut &done.ret[..])?.ok().context("a grant id")?;
        self.say(format!(
            "The patient grants hospital 1, not hospital 2, treatment on cardiology for 30 days: grant {}.  [block {}]",
            self.grant, done.block_number
        ));
        Ok(())
    }

    async fn ask(&mut self, who: &Keypair, name: &str, wanted: &Value) -> Result<()> {
        let args = (account(&patient()), None::<u64>, TREATMENT, CARDIOLOGY);
        let done = self.call(|s| &s.consent, who, "request_access", args).await?;
        let events = self.consent.decode_events(&done)?;
        let decided = events
            .iter()
            .find(|event| event.name == "AccessDecided")
            .context("no AccessDecided in the transaction")?
            .to_json(&self.consent.metadata)?;
        self.say(format!(
            "{name} asks for the patient's cardiology data for treatment: {}.  [block {}]",
            show::decision(&decided["decision"]),
            done.block_number
        ));
        ensure!(&decided["decision"] == wanted, "{name}: decided {decided}, expected {wanted}");
        Ok(())
    }

    /// Hospital 1 asks and is permitted.
    pub async fn ask_with_grant(&mut self) -> Result<()> {
        self.ask(&hospital1(), "Hospital 1", &"Permit".into()).await
    }

    /// Hospital 2 asks and is refused: it has no grant.
    pub async fn ask_without_grant(&mut self) -> Result<()> {
        self.ask(&hospital2(), "Hospital 2", &serde_json::json!({"Deny": "NoGrant"})).await
    }

    /// Hospital 1 asks again and is refused: the grant was revoked.
    pub async fn ask_after_revocation(&mut self) -> Result<()> {
        self.ask(&hospital1(), "Hospital 1", &serde_json::json!({"Deny": "Revoked"})).await
    }

    /// The patient revokes the grant.
    pub async fn revoke(&mut self) -> Result<()> {
        let args = (self.grant,);
        let done = self.call(|s| &s.consent, &patient(), "revoke", args).await?;
        self.say(format!(
            "The patient revokes grant {}.  [block {}]",
            self.grant, done.block_number
        ));
        Ok(())
    }

    /// The patient withdraws the reward.
    pub async fn withdraw(&mut self) -> Result<()> {
        let done = self.call(|s| &s.rewards, &patient(), "withdraw", ()).await?;
        let amount = Result::<u128, u8>::decode(&mut &done.ret[..])?.ok().context("an amount")?;
        self.say(format!(
            "The patient withdraws {} tokens.  [block {}]",
            show::decimal(amount, TOKEN),
            done.block_number
        ));
        Ok(())
    }

    /// The registry issues 1,000.000 credits to the emitter.
    pub async fn issue_credits(&mut self) -> Result<()> {
        let project = commitment(b"project documents")?;
        // The vintage: the year 2025, UTC.
        let args = (
            account(&emitter()),
            project,
            1_735_689_600_000u64,
            1_767_225_600_000u64,
            1_000 * CREDIT,
        );
        let done = self.call(|s| &s.carbon, &regulator(), "issue_batch", args).await?;
        self.batch = Result::<u64, u8>::decode(&mut &done.ret[..])?.ok().context("a batch id")?;
        self.say(format!(
            "The registry issues batch {}: 1,000.000 credits to the emitter.  [block {}]",
            self.batch, done.block_number
        ));
        Ok(())
    }

    /// The emitter transfers 250.000 credits to hospital 1.
    pub async fn transfer_credits(&mut self) -> Result<()> {
        let args = (self.batch, account(&hospital1()), 250 * CREDIT);
        let done = self.call(|s| &s.carbon, &emitter(), "transfer", args).await?;
        self.say(format!(
            "The emitter transfers 250.000 credits to hospital 1.  [block {}]",
            done.block_number
        ));
        Ok(())
    }

    /// The emitter retires 100.000 credits.
    pub async fn retire_credits(&mut self) -> Result<()> {
        let reason = commitment(b"business travel of the year 2025")?;
        let args = (self.batch, 100 * CREDIT, reason);
        let done = self.call(|s| &s.carbon, &emitter(), "retire", args).await?;
        self.say(format!(
            "The emitter retires 100.000 credits; the commitment to the reason is {}.  [block {}]",
            hex::encode(reason),
            done.block_number
        ));
        Ok(())
    }
}

/// The report of the repository: what the patient anchors when no other file is named.
pub fn bundled_report() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("stories/report.txt")
}

/// Refuses a report that cannot be read, before anything is started or sent.
pub fn check_report(file: &Path) -> Result<()> {
    sha256_of(file).map(drop)
}

/// SHA-256 and length in bytes of a file, read piece by piece.
fn sha256_of(file: &Path) -> Result<([u8; 32], u64)> {
    let hint = || {
        format!("cannot read the report {}: name an existing file with --report", file.display())
    };
    let mut hasher = Sha256::new();
    let mut input = std::fs::File::open(file).with_context(hint)?;
    let length = std::io::copy(&mut input, &mut hasher).with_context(hint)?;
    ensure!(length > 0, "the report {} is empty: there is nothing to anchor", file.display());
    Ok((hasher.finalize().into(), length))
}

/// A commitment that reveals nothing: SHA-256 over a fresh random salt and the text. A real
/// application keeps the salt, so that it can open the commitment later.
fn commitment(text: &[u8]) -> Result<[u8; 32]> {
    let mut salt = [0u8; 32];
    std::fs::File::open("/dev/urandom")?.read_exact(&mut salt)?;
    Ok(Sha256::new().chain_update(salt).chain_update(text).finalize().into())
}
