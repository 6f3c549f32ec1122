//! Contracts get another code while they are used. The new one does the same: it is the old one with a
//! section that only a reader of the file would notice, and so has another hash.

use super::{
    journal::{Journal, Kind},
    traffic::Traffic,
};
use crate::stack::artifacts;
use anyhow::{Context, Result, ensure};
use assent_client::{
    Hash,
    bundle::{Bundle, blake2_256},
    contract::upload,
};
use assent_model::{Code, Contract, GovernedMessage, SCHEMA_VERSION};
use std::time::{Duration, Instant};
use subxt_signer::sr25519::dev;

/// How long an upgrade may take from its announcement on.
const PATIENCE: Duration = Duration::from_secs(60);
/// The name of the section.
const NAME: &[u8] = b"successor";

/// Upgrades that were begun, and are not applied yet.
#[derive(Debug, Default)]
pub struct Upgrades {
    /// How many there were.
    begun: u32,
    waiting: Vec<(Contract, Hash)>,
}

impl Upgrades {
    /// Stores another code for a contract that waits for none, and has it announced.
    pub async fn begin(&mut self, pick: usize, traffic: &mut Traffic) -> Result<()> {
        let waits = |contract: &Contract| self.waiting.iter().any(|(of, _)| of == contract);
        let free: Vec<Contract> = Contract::ALL.into_iter().filter(|of| !waits(of)).collect();
        let place = pick.checked_rem(free.len()).context("all contracts wait for another code")?;
        let contract = free[place];
        self.begun += 1;
        let path = artifacts().join(format!("{}.contract", contract.name()));
        let bundle = next_version(Bundle::load(path)?, self.begun);
        // Somebody whose nonces nobody else counts.
        upload(traffic.chain(), &dev::bob(), &bundle).await?;
        self.waiting.push((contract, bundle.code_hash));
        let code = Code { of: Some(contract), schema: Some(SCHEMA_VERSION) };
        traffic.world.setup.others.insert(bundle.code_hash.0, code);
        announce(contract, bundle.code_hash, traffic).await
    }

    /// Applies what has waited long enough. What the traffic has cancelled or replaced meanwhile is
    /// announced again.
    pub async fn go_on(&mut self, traffic: &mut Traffic, journal: &mut Journal) -> Result<()> {
        for (contract, code) in std::mem::take(&mut self.waiting) {
            let entry = traffic.manifest().contracts.get(contract.name());
            let address = entry.context("no such contract")?.address;
            let announced = traffic.world.governance(contract).upgrade;
            match announced.filter(|upgrade| upgrade.code_hash == code.0) {
                Some(upgrade) if traffic.now >= upgrade.not_before => {
                    traffic.govern(contract, GovernedMessage::ApplyUpgrade).await?;
                    traffic.settle().await?;
                }
                Some(_) => {}
                None => announce(contract, code, traffic).await?,
            }
            let runs = traffic.chain().contract_info(&address).await?;
            if runs.is_some_and(|runs| runs.code_hash == code) {
                journal.met(Kind::Upgrade, traffic.height, &format!("{contract} runs {code}"));
            } else {
                self.waiting.push((contract, code));
            }
        }
        Ok(())
    }

    /// Waits until all are applied.
    pub async fn finish(&mut self, traffic: &mut Traffic, journal: &mut Journal) -> Result<()> {
        let began = Instant::now();
        while !self.waiting.is_empty() {
            ensure!(began.elapsed() < PATIENCE, "not upgraded: {:?}", self.waiting);
            tokio::time::sleep(Duration::from_millis(200)).await;
            traffic.look().await?;
            self.go_on(traffic, journal).await?;
        }
        Ok(())
    }
}

async fn announce(contract: Contract, code: Hash, traffic: &mut Traffic) -> Result<()> {
    traffic.govern(contract, GovernedMessage::AnnounceUpgrade(code.0)).await?;
    traffic.settle().await
}

/// The same contract under another hash: its module has one more custom section, which changes nothing of
/// what it does.
pub fn next_version(old: Bundle, number: u32) -> Bundle {
    // Lengths below 128 are one byte in LEB128.
    let content = [&[NAME.len() as u8][..], NAME, &number.to_le_bytes()].concat();
    let code = [&old.code[..], &[0, content.len() as u8], &content].concat();
    Bundle { code_hash: Hash(blake2_256(&code)), code, ..old }
}
