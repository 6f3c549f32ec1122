//! The story that ties the contracts together: consent, access, reward, and carbon.
//!
//! Each step is a method, so that a test can break something between two of them. Every step is
//! told through the narrator in a sentence that a person would want to read.

use crate::{
    messages::{Hash, NewVersion, category::CARDIOLOGY, purpose::TREATMENT, role},
    scene::{
        Scene, account, bytes32, commitment, doctor, emitter, hospital1, hospital2, patient,
        random, regulator, returned, treatment,
    },
    sealed::Sealed,
    stack::Stack,
};
use anyhow::{Context, Result, ensure};
use assent_merkle::{CHUNK_LEN, Summary, chunked};
use serde_json::{Value, json};
use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};
use subxt_signer::sr25519::Keypair;

mod show;

/// One unit of the settlement token, which has 6 decimals.
const TOKEN: u128 = 1_000_000;
/// One carbon credit: units are thousandths.
const CREDIT: u128 = 1_000;

/// Told a sentence at every step.
pub type Narrator = Box<dyn Fn(&str) + Send + Sync>;

/// The story as far as it has been played.
pub struct Story {
    scene: Scene,
    say: Narrator,
    /// The patient's report series.
    pub series: Hash,
    /// What the patient encrypted the file with.
    pub key: [u8; 32],
    /// Head of the anchored version: what its parties sign for.
    pub head: Hash,
    /// The grant to hospital 1.
    pub grant: u64,
    /// The carbon batch.
    pub batch: u64,
}

impl Story {
    /// Nothing has happened yet.
    pub fn new(stack: &Stack, say: Narrator) -> Result<Self> {
        Ok(Self {
            scene: Scene::new(stack)?,
            say,
            series: [0; 32],
            key: random()?,
            head: [0; 32],
            grant: 0,
            batch: 0,
        })
    }

    /// Block of the last step: what the mirror must reach to show it.
    pub fn height(&self) -> u64 {
        self.scene.height
    }

    /// Plays the whole story, with what the API shows in between and at the end.
    pub async fn play(&mut self, stack: &Stack, report: &Path) -> Result<()> {
        self.admit().await?;
        self.fund_rewards().await?;
        self.anchor(report).await?;
        self.sign().await?;
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

    /// A patient, a doctor, two hospitals and an emitter ask for admission; the regulator checks and
    /// admits.
    pub async fn admit(&mut self) -> Result<()> {
        let wanted = [
            ("the patient", patient(), role::DATA_OWNER),
            ("the doctor", doctor(), role::PROVIDER),
            ("hospital 1", hospital1(), role::PROVIDER),
            ("hospital 2", hospital2(), role::PROVIDER),
            ("the emitter", emitter(), role::EMITTER),
        ];
        for (name, key, roles) in wanted {
            let done = self.scene.admit(&key, roles).await?;
            self.say(format!("The regulator admits {name}.  [block {}]", done.block_number));
        }
        Ok(())
    }

    /// The treasury mints against a bank receipt and pays into the reward fund.
    pub async fn fund_rewards(&mut self) -> Result<()> {
        let (mint, fund) = (1_000 * TOKEN, 100 * TOKEN);
        let receipt = commitment(b"bank receipt")?;
        let rewards = self.scene.contract("rewards")?.address;
        let boss = regulator();
        self.scene.call("token", &boss, "mint", (account(&boss), mint, receipt)).await?;
        self.scene.call("token", &boss, "PSP22::approve", (rewards, fund)).await?;
        self.scene.call("rewards", &boss, "set_tariff", (TREATMENT, TOKEN / 2)).await?;
        let done = self.scene.call("rewards", &boss, "fund", (fund,)).await?;
        self.say(format!(
            "The treasury mints 1,000 tokens, pays 100 into the reward fund, and sets 0.5 as the reward for an access for treatment.  [block {}]",
            done.block_number
        ));
        Ok(())
    }

    /// The patient encrypts a file and anchors the root of the tree over its chunks.
    pub async fn anchor(&mut self, file: &Path) -> Result<()> {
        let sealed = seal(file, &self.key)?;
        self.series = commitment(b"report series")?;
        let version = NewVersion {
            series: self.series,
            sequence: 1,
            previous: [0; 32],
            root: sealed.root,
            chunks: sealed.chunks,
            byte_length: sealed.byte_length,
            metadata: commitment(b"a cardiology report")?,
            patient: account(&patient()),
            doctor: account(&doctor()),
        };
        let done = self.scene.call("reports", &patient(), "anchor", (version,)).await?;
        self.head = bytes32(&self.scene.event("reports", &done, "Anchored")?["head"])?;
        self.say(format!(
            "The patient encrypts {} and anchors the Merkle root {} over {} of ciphertext, {} bytes.  [block {}]",
            file.file_name().unwrap_or_default().to_string_lossy(),
            hex::encode(sealed.root),
            show::chunks(sealed.chunks),
            sealed.byte_length,
            done.block_number
        ));
        Ok(())
    }

    /// The doctor and the patient sign for the report.
    pub async fn sign(&mut self) -> Result<()> {
        for (name, key) in [("doctor", doctor()), ("patient", patient())] {
            let args = (self.series, 1u32, self.head);
            let done = self.scene.call("reports", &key, "countersign", args).await?;
            self.say(format!("The {name} signs for the report.  [block {}]", done.block_number));
        }
        Ok(())
    }

    /// The patient grants hospital 1 treatment on cardiology for 30 days.
    pub async fn grant(&mut self) -> Result<()> {
        let terms = treatment(&hospital1())?;
        let done = self.scene.call("consent", &patient(), "grant", (terms,)).await?;
        self.grant = returned(&done)?;
        self.say(format!(
            "The patient grants hospital 1, not hospital 2, treatment on cardiology for 30 days: grant {}.  [block {}]",
            self.grant, done.block_number
        ));
        Ok(())
    }

    async fn ask(&mut self, who: &Keypair, name: &str, wanted: &Value) -> Result<()> {
        let (done, decided) = self.scene.ask(who, None, TREATMENT, CARDIOLOGY).await?;
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
        self.ask(&hospital2(), "Hospital 2", &json!({"Deny": "NoGrant"})).await
    }

    /// Hospital 1 asks again and is refused: the grant was revoked.
    pub async fn ask_after_revocation(&mut self) -> Result<()> {
        self.ask(&hospital1(), "Hospital 1", &json!({"Deny": "Revoked"})).await
    }

    /// The patient revokes the grant.
    pub async fn revoke(&mut self) -> Result<()> {
        let done = self.scene.call("consent", &patient(), "revoke", (self.grant,)).await?;
        self.say(format!(
            "The patient revokes grant {}.  [block {}]",
            self.grant, done.block_number
        ));
        Ok(())
    }

    /// The patient withdraws the reward.
    pub async fn withdraw(&mut self) -> Result<()> {
        let done = self.scene.call("rewards", &patient(), "withdraw", ()).await?;
        self.say(format!(
            "The patient withdraws {} tokens.  [block {}]",
            show::decimal(returned(&done)?, TOKEN),
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
        let done = self.scene.call("carbon", &regulator(), "issue_batch", args).await?;
        self.batch = returned(&done)?;
        self.say(format!(
            "The registry issues batch {}: 1,000.000 credits to the emitter.  [block {}]",
            self.batch, done.block_number
        ));
        Ok(())
    }

    /// The emitter transfers 250.000 credits to hospital 1.
    pub async fn transfer_credits(&mut self) -> Result<()> {
        let args = (self.batch, account(&hospital1()), 250 * CREDIT);
        let done = self.scene.call("carbon", &emitter(), "transfer", args).await?;
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
        let done = self.scene.call("carbon", &emitter(), "retire", args).await?;
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
    let hint = || unreadable(file);
    let read = File::open(file).with_context(hint)?.read(&mut [0]).with_context(hint)?;
    ensure!(read > 0, "the report {} is empty: there is nothing to anchor", file.display());
    Ok(())
}

/// What there is to anchor of a file that is encrypted with this key; read piece by piece.
pub fn seal(file: &Path, key: &[u8; 32]) -> Result<Summary> {
    let hint = || unreadable(file);
    let sealed = Sealed::new(File::open(file).with_context(hint)?, key).with_context(hint)?;
    chunked(sealed, CHUNK_LEN).with_context(hint)
}

fn unreadable(file: &Path) -> String {
    format!("cannot read the report {}: name an existing file with --report", file.display())
}
