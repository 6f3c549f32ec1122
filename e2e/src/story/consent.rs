//! The patient's part: a report, three decisions, a reward.

use super::{Story, show};
use crate::{
    messages::{NewVersion, category::CARDIOLOGY, purpose::TREATMENT, role, tariff},
    scene::{
        TOKEN, account, bytes32, commitment, doctor, hex32, hospital1, hospital2, in_effect,
        patient, regulator, returned,
    },
    sealed::Sealed,
    stack::{Stack, TIMING},
};
use anyhow::{Context, Result, ensure};
use assent_interface::{consent, power, reports, rewards, token};
use assent_merkle::{CHUNK_LEN, Summary, chunked};
use serde_json::{Value, json};
use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};
use subxt_signer::sr25519::Keypair;

impl Story {
    /// A patient, a doctor and two hospitals ask for admission; the regulator checks and admits.
    pub async fn admit(&mut self) -> Result<()> {
        self.admit_all([
            ("the patient", patient(), role::DATA_OWNER),
            ("the doctor", doctor(), role::PROVIDER),
            ("hospital 1", hospital1(), role::PROVIDER),
            ("hospital 2", hospital2(), role::PROVIDER),
        ])
        .await
    }

    /// They ask for admission, and the regulator gives them these roles.
    pub(super) async fn admit_all(&mut self, wanted: [(&str, Keypair, u16); 4]) -> Result<()> {
        for (name, key, roles) in wanted {
            let done = self.scene.admit(&key, roles).await?;
            self.say(format!("The regulator admits {name}.  [block {}]", done.block_number));
        }
        Ok(())
    }

    /// The administrator sets what an access earns; hospital 1 gets tokens against a bank's receipt
    /// and pays some of them into the budget that its accesses are paid from.
    pub async fn fund_rewards(&mut self) -> Result<()> {
        let (mint, fund) = (1_000 * TOKEN, 100 * TOKEN);
        let (boss, hospital) = (regulator(), hospital1());
        let rewards = self.scene.contract("rewards")?.address;
        let price = (TREATMENT, tariff(TOKEN / 2));
        let done = self.scene.call("rewards", &boss, rewards::SET_TARIFF, price).await?;
        self.say(format!(
            "The administrator sets 0.5 tokens as the reward for an access for treatment, from {} seconds later on.  [block {}]",
            TIMING.delay_ms / 1_000,
            done.block_number
        ));
        self.scene.mint(&hospital, mint).await?;
        self.scene.call("token", &hospital, token::APPROVE, (rewards, fund)).await?;
        let budget = (account(&hospital), fund);
        let done = self.scene.call("rewards", &hospital, rewards::FUND, budget).await?;
        self.say(format!(
            "The treasury mints 1,000 tokens for hospital 1, which pays 100 into its budget for rewards.  [block {}]",
            done.block_number
        ));
        in_effect().await;
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
            patient: Some(account(&patient())),
            doctor: account(&doctor()),
        };
        let done = self
            .scene
            .call("reports", &patient(), reports::ANCHOR, (account(&patient()), version))
            .await?;
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
            let args = (account(&key), account(&patient()), self.series, 1u32, self.head);
            let done = self.scene.call("reports", &key, reports::COUNTERSIGN, args).await?;
            self.say(format!("The {name} signs for the report.  [block {}]", done.block_number));
        }
        Ok(())
    }

    /// Whoever is given the encrypted file asks the API what is anchored of it.
    pub async fn verify(&mut self, stack: &Stack, file: &Path) -> Result<()> {
        let root = hex32(seal(file, &self.key)?.root);
        let found = self.scene.api(stack, &format!("/v1/reports/verify?root={root}")).await?;
        let version = &found["versions"][0];
        let series = hex32(self.series);
        ensure!(
            version["series"] == series && version["status"] == "valid",
            "expected the valid version of series {series}: {found}"
        );
        let signed = |who: &str| if version[who].is_null() { "not signed" } else { "signed" };
        self.say(format!(
            "Whoever is given the ciphertext finds out at the API that this is version {} of the patient's report, \
             that it is valid, and that the doctor has {} and the patient has {}.",
            version["sequence"],
            signed("doctor_signed_at_ms"),
            signed("patient_signed_at_ms")
        ));
        Ok(())
    }

    /// Hospital 1 has the doctor act for it.
    pub async fn employ(&mut self) -> Result<()> {
        let powers = power::ASK | power::BREAK_GLASS | power::SIGN;
        let done = self.scene.employ(&hospital1(), &doctor(), powers).await?;
        self.say(format!(
            "Hospital 1 has the doctor ask, break the glass and sign for it, for 30 days.  [block {}]",
            done.block_number
        ));
        Ok(())
    }

    /// Whoever holds `key` asks in the name of `who`.
    async fn ask(
        &mut self,
        key: &Keypair,
        who: &Keypair,
        name: &str,
        wanted: &Value,
    ) -> Result<()> {
        let (done, decided) = self.scene.ask_by(key, who, TREATMENT, CARDIOLOGY).await?;
        self.say(format!(
            "{name} asks for the patient's cardiology data for treatment: {}.  [block {}]",
            show::decision(&decided["decision"]),
            done.block_number
        ));
        ensure!(&decided["decision"] == wanted, "{name}: decided {decided}, expected {wanted}");
        Ok(())
    }

    /// Hospital 1 asks, by the doctor, and is permitted.
    pub async fn ask_with_grant(&mut self) -> Result<()> {
        let name = "The doctor, in the name of hospital 1,";
        self.ask(&doctor(), &hospital1(), name, &"Permit".into()).await
    }

    /// Hospital 2 asks and is refused: it has no grant.
    pub async fn ask_without_grant(&mut self) -> Result<()> {
        self.ask(&hospital2(), &hospital2(), "Hospital 2", &json!({"Deny": "NoGrant"})).await
    }

    /// Hospital 1 asks again and is refused: the grant was revoked.
    pub async fn ask_after_revocation(&mut self) -> Result<()> {
        self.ask(&hospital1(), &hospital1(), "Hospital 1", &json!({"Deny": "Revoked"})).await
    }

    /// The patient revokes the grant.
    pub async fn revoke(&mut self) -> Result<()> {
        let done = self.scene.call("consent", &patient(), consent::REVOKE, (self.grant,)).await?;
        self.say(format!(
            "The patient revokes grant {}.  [block {}]",
            self.grant, done.block_number
        ));
        Ok(())
    }

    /// The patient withdraws the reward.
    pub async fn withdraw(&mut self) -> Result<()> {
        let done = self.scene.call("rewards", &patient(), rewards::WITHDRAW, ()).await?;
        self.say(format!(
            "The patient withdraws {} tokens.  [block {}]",
            show::decimal(returned(&done)?, TOKEN),
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
