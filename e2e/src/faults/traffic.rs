//! Random traffic on a real chain: the steps of the sandbox's random walk, looked up in the model, which
//! is told what the blocks hold.

use super::people::{here, keys, model_account, prologue, setup, spare_keys};
use crate::{
    bench::sealer::{Call, Sealer},
    scene::{account, in_effect, regulator},
};
use anyhow::{Context, Result, ensure};
use assent_client::{chain::Chain, manifest::Manifest, native::UNIT};
use assent_model::{
    Account, Contract, GovernedMessage, Message, RewardsMessage, World, arbitrary::Step,
};
use std::{
    collections::{BTreeMap, HashMap},
    time::{Duration, Instant},
};
use subxt::dynamic;
use subxt_signer::sr25519::Keypair;

/// How long what was sent may take until it is in a block.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often the chain is looked at meanwhile.
const LOOK: Duration = Duration::from_millis(2);

/// What was sent, and what came of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sent {
    /// Messages, those of the prologue among them.
    pub messages: u64,
    /// Those among them that the contracts refuse, by the model.
    pub refused: u64,
    /// Blocks since the contracts were deployed.
    pub blocks: u64,
    /// Those among them without a message.
    pub empty: u64,
    /// Messages of the block that has most.
    pub most: u64,
}

/// Sends messages, and follows the chain.
pub struct Traffic {
    chain: Chain,
    manifest: Manifest,
    sealer: Sealer,
    keys: BTreeMap<Account, Keypair>,
    /// What the contracts hold, by the model. It leads the traffic to messages that make sense; whether
    /// the chain agrees with it is what the random walk of the sandbox shows.
    pub world: World,
    /// Signed messages that are in no block yet.
    in_flight: HashMap<Vec<u8>, (Account, Message)>,
    /// The last block that was looked at.
    pub height: u64,
    /// Its time, ms since 1970.
    pub now: u64,
    /// What the model refused, and why.
    refusals: Vec<String>,
    /// How much it was.
    pub sent: Sent,
}

impl Traffic {
    /// Gives the accounts what they need, and plays the prologue.
    pub async fn set_up(chain: Chain, manifest: Manifest) -> Result<Self> {
        let mut sealer = Sealer::connect(&chain, &manifest).await?;
        let everyone = keys().into_iter().chain(spare_keys());
        let keys: BTreeMap<_, _> = everyone.map(|key| (model_account(&key), key)).collect();
        for key in keys.values().filter(|key| account(key) != account(&regulator())) {
            let gift = sealer.transfer(&regulator(), account(key), 50_000 * UNIT).await?;
            sealer.submit(&gift).await?;
        }
        let world = World::new(setup(&manifest)?).map_err(anyhow::Error::msg)?;
        let (height, _) = chain.finalized().await?;
        let mut traffic = Self {
            chain,
            manifest,
            sealer,
            keys,
            world,
            in_flight: HashMap::new(),
            // So that the first look finds a block, and its time.
            height: height.saturating_sub(1),
            now: 0,
            refusals: Vec::new(),
            sent: Sent::default(),
        };
        // Until the gifts are there: what pays for nothing is not taken.
        let poorest = traffic.keys.keys().next_back().copied().context("nobody acts")?;
        let began = Instant::now();
        while traffic.chain.free_balance(&assent_client::Account(poorest)).await? == 0 {
            ensure!(began.elapsed() < PATIENCE, "the accounts got nothing");
            tokio::time::sleep(LOOK).await;
        }
        traffic.look().await?;
        traffic.play_prologue().await?;
        Ok(traffic)
    }

    async fn play_prologue(&mut self) -> Result<()> {
        let (first, rest) = prologue(&self.world.setup);
        for (caller, message) in first {
            self.send(caller, message).await?;
            self.settle().await?;
        }
        in_effect().await;
        self.look().await?;
        // In this order, since one builds on the other: each in a block of its own.
        let now = self.now;
        for (caller, message) in rest {
            let message = here(message, now);
            if matches!(message, Message::Rewards(RewardsMessage::SetConsent(_))) {
                // The deployment has done that.
                let block = u32::try_from(self.height)?;
                let applied = self.world.apply(caller, self.now, block, &message);
                applied.map_err(anyhow::Error::msg)?;
                continue;
            }
            self.send(caller, message).await?;
            self.settle().await?;
        }
        ensure!(self.refusals.is_empty(), "refused of the prologue: {:#?}", self.refusals);
        Ok(())
    }

    /// Goes on with a node that was started again. All that was sent is in blocks.
    pub async fn reconnect(&mut self, chain: Chain) -> Result<()> {
        self.sealer = Sealer::connect(&chain, &self.manifest).await?;
        self.chain = chain;
        Ok(())
    }

    /// Sends messages without waiting for them: they are looked up in the world as it is now.
    pub async fn send_all(&mut self, steps: &[Step]) -> Result<()> {
        for step in steps {
            let (caller, message) = step.resolve(&self.world, self.now);
            self.send(caller, message).await?;
        }
        Ok(())
    }

    /// Sends a message on the government of a contract, as its administrator.
    pub async fn govern(&mut self, contract: Contract, message: GovernedMessage) -> Result<()> {
        let administrator = self.world.governance(contract).administrator;
        self.send(administrator, Message::Governed(contract, message)).await
    }

    async fn send(&mut self, caller: Account, message: Message) -> Result<()> {
        let signer = self.keys.get(&caller).context("a caller has no key")?.clone();
        let args = message.input().split_off(4);
        let call = Call { signer, contract: message.to().name(), message: message.label(), args };
        let signed = self.sealer.call(&call).await?;
        let bytes = hex::decode(signed.trim_start_matches("0x"))?;
        self.in_flight.insert(bytes, (caller, message));
        self.sent.messages += 1;
        self.sealer.submit(&signed).await
    }

    /// Waits until all that was sent is in blocks.
    pub async fn settle(&mut self) -> Result<()> {
        let began = Instant::now();
        self.look().await?;
        while !self.in_flight.is_empty() {
            ensure!(began.elapsed() < PATIENCE, "{} messages got lost", self.in_flight.len());
            tokio::time::sleep(LOOK).await;
            self.look().await?;
        }
        Ok(())
    }

    /// Tells the model what the new blocks hold, in the order in which they hold it.
    pub async fn look(&mut self) -> Result<()> {
        let (head, _) = self.chain.finalized().await?;
        while self.height < head {
            let at = self.chain.at_number(self.height + 1).await?;
            let now = dynamic::storage::<(), u64>("Timestamp", "Now");
            let now = self.chain.timed("the block's time", at.storage().try_fetch(now, ())).await?;
            self.now = now.context("a block has no time")?.decode()?;
            let block = self.chain.rpc().chain_get_block(Some(at.block_hash()));
            let block = self.chain.timed("a block", block).await?.context("no block")?;
            let number = u32::try_from(self.height + 1)?;
            let mut here = 0;
            for extrinsic in block.block.extrinsics {
                if let Some((caller, message)) = self.in_flight.remove(&extrinsic.0) {
                    if let Err(refusal) = self.world.apply(caller, self.now, number, &message) {
                        self.sent.refused += 1;
                        self.refusals.push(format!("{message:?}: {refusal}"));
                    }
                    here += 1;
                }
            }
            self.height += 1;
            self.sent.blocks += 1;
            self.sent.empty += u64::from(here == 0);
            self.sent.most = self.sent.most.max(here);
        }
        Ok(())
    }

    /// The chain, as it is reached without any fault.
    pub fn chain(&self) -> &Chain {
        &self.chain
    }

    /// The deployment.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }
}
