//! Disturbs the indexer in every way that a machine room knows, and shows that nothing of it is left in
//! the mirror.
//!
//! A run is random traffic of all contracts on a real node, and an indexer whose connections to the node
//! and to Postgres go through proxies. By a plan that follows from the seed alone, the indexer is killed,
//! connections are cut, servers are stopped, statements fail in the middle of a transaction, a second
//! indexer is started beside the first, contracts get another code ([`journal::Kind`]). Then every table
//! of the disturbed mirror has to equal that of an indexer that nothing disturbed and that began from
//! nothing, and the audit of the disturbed mirror has to be right.
//!
//! The seed says which steps the traffic takes and what is done in which order. When exactly each of it
//! meets the indexer, and which block a message gets into, the machine says: the same seed does the same
//! things again, and may hit another moment.

pub mod ground;
pub mod journal;
pub mod people;
pub mod plan;
pub mod statements;
pub mod tables;
pub mod traffic;
pub mod upgrades;

use crate::{bench::kept::NEVER, indexer::watermark, proxy::Proxy, stack::deploy};
use anyhow::{Context, Result, bail, ensure};
use assent_client::{chain::Chain, manifest::Manifest};
use ground::{DISTURBED, FOLLOWS, Ground, PATIENCE, UNDISTURBED, follows, last_lines};
use journal::{Journal, Kind, in_words};
use nix::sys::signal::Signal;
use plan::{Burst, Episode, Plan};
use statements::Interruption;
use std::{
    collections::BTreeMap,
    slice,
    time::{Duration, Instant},
};
use tables::{compare, count};
use traffic::Traffic;
use upgrades::Upgrades;

/// An empty block after this time without one.
const IDLE: Duration = Duration::from_secs(1);
/// What the indexer says of a node that does not answer, and of one that finalizes nothing.
const SILENT: &str = "The node or the database is away";
const STALLED: &str = "The node has not finalized a new block for 30 seconds";

/// What is to be done.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Where the random numbers of the first run start; each further run has the next number.
    pub seed: u64,
    /// How many runs.
    pub runs: u64,
    /// How many faults a run has.
    pub faults: usize,
    /// Whether each run also has the slow ones.
    pub slow: bool,
    /// Whether to print of each run what was done, and when; of one that fails it is always printed.
    pub tell: bool,
}

/// Makes the runs, and prints a line of each; ends at the first that fails, which tells what was done.
pub async fn run(settings: Settings) -> Result<()> {
    let Settings { seed, runs, faults, slow, tell } = settings;
    ensure!(faults > 0 && runs > 0, "there is nothing to do without runs and faults");
    let mut all = BTreeMap::new();
    let began = Instant::now();
    for (number, seed) in (1..=runs).zip(seed..) {
        let mut journal = Journal::new();
        let said = match one(&Plan::of(seed, faults, slow), &mut journal).await {
            Ok(said) => said,
            Err(error) => {
                println!("run {number} of {runs}, seed {seed}: FAILED after this:\n{journal}");
                println!("Again: make faults SEED={seed} RUNS=1");
                return Err(error.context(format!("with seed {seed}")));
            }
        };
        let counts = journal.counts();
        for (kind, count) in counts {
            *all.entry(*kind).or_default() += count;
        }
        let seconds = journal.elapsed().as_secs();
        println!("run {number} of {runs}, seed {seed}: {}; {said}; {seconds} s", in_words(counts));
        if tell {
            print!("{journal}");
        }
    }
    let (faults, seconds) = (all.values().sum::<u32>(), began.elapsed().as_secs());
    println!(
        "{runs} runs, {faults} faults, all tables the same, in {seconds} s: {}",
        in_words(&all)
    );
    Ok(())
}

/// A run: what there was of it.
async fn one(plan: &Plan, journal: &mut Journal) -> Result<String> {
    let mut ground = Ground::start(async |node, manifest| {
        deploy(&Chain::connect(node).await?, manifest).await?;
        Ok(())
    })
    .await?;
    let manifest = Manifest::load(ground.manifest())?;
    let traffic = Traffic::set_up(Chain::connect(&ground.node.url).await?, manifest).await?;
    journal.note(traffic.height, "the contracts are deployed, and in use");
    let mut run = Run { traffic, upgrades: Upgrades::default(), journal };
    follows(&mut ground.indexer).await?;
    for episode in &plan.episodes {
        run.play(&mut ground, episode).await?;
    }
    run.traffic_of(&mut ground, &plan.after).await?;
    run.upgrades.finish(&mut run.traffic, run.journal).await?;
    let Run { mut traffic, journal, .. } = run;
    for kind in plan.episodes.iter().map(|episode| episode.kind) {
        ensure!(journal.counts().contains_key(&kind), "this was planned, but not met: {kind}");
    }

    // The chain stands still from here on, so that two mirrors of it can be equal.
    ground.restart_node(NEVER).await?;
    traffic.reconnect(Chain::connect(&ground.node.url).await?).await?;
    let before = traffic.height;
    let began = Instant::now();
    while traffic.height == before {
        ensure!(began.elapsed() < PATIENCE, "the node did not seal its first block");
        tokio::time::sleep(Duration::from_millis(50)).await;
        traffic.look().await?;
    }
    let height = traffic.height;
    let mut db = ground.control(DISTURBED).await?;
    let last = format!("the last block, {height}");
    ground.until(&last, async |_| Ok(watermark(&mut db).await? == Some(height))).await?;
    journal.note(height, "the disturbed mirror is complete");
    ground.fill_undisturbed(height).await?;
    journal.note(height, "the undisturbed mirror is complete");
    let ended = ground.end().await?;
    let mut others = ended.control(UNDISTURBED).await?;
    let compared = compare(&mut db, &mut others).await?;
    ended.audit().await?;
    journal.note(height, "the tables are the same, and the audit is right");
    let events = count(&mut db, "select count(*) from events").await?;
    let distinct = "select count(*) from (select distinct contract_name, name from events) kinds";
    let (kinds, sent) = (count(&mut db, distinct).await?, traffic.sent);
    ensure!(events > 0, "there was no traffic");
    Ok(format!(
        "{} messages ({} refused) in {} blocks ({} empty, up to {} in one), {events} events of {kinds} \
         kinds; {} tables with {} rows the same, audit right",
        sent.messages,
        sent.refused,
        sent.blocks,
        sent.empty,
        sent.most,
        compared.tables,
        compared.rows
    ))
}

/// What goes on in a run.
struct Run<'j> {
    traffic: Traffic,
    upgrades: Upgrades,
    journal: &'j mut Journal,
}

impl Run<'_> {
    async fn play(&mut self, ground: &mut Ground, episode: &Episode) -> Result<()> {
        self.traffic_of(ground, &episode.before).await?;
        if matches!(episode.kind, Kind::TakeOver | Kind::SecondWaits) {
            // The lock may still be that of a session whose program was killed, or is losing the node.
            self.goes_on(ground, &episode.meanwhile).await?;
        }
        self.traffic.send_all(&episode.meanwhile).await?;
        tokio::time::sleep(Duration::from_millis(episode.after_ms)).await;
        let what = self.disturb(ground, episode).await?;
        if let Some(what) = what {
            self.journal.met(episode.kind, self.traffic.height, &what);
        }
        ground.check()
    }

    /// Does what the episode says: what it was, unless it goes on in the next ones.
    async fn disturb(&mut self, ground: &mut Ground, episode: &Episode) -> Result<Option<String>> {
        let during = &episode.during;
        let what = match episode.kind {
            Kind::Kill => {
                ground.kill()?;
                self.traffic_without(during).await?;
                ground.indexer = ground.spawn_beside()?;
                String::new()
            }
            Kind::StopPostgres | Kind::CrashPostgres => {
                if episode.kind == Kind::StopPostgres {
                    ground.postgres.stop().await?;
                } else {
                    ground.postgres.crash().await?;
                }
                self.traffic_of(ground, during).await?;
                ground.postgres.resume().await?;
                format!("for {} bursts", during.len())
            }
            Kind::CutNode => {
                let broken = ground.cut(|g| &g.to_node).await?;
                self.traffic_of(ground, during).await?;
                ground.to_node.iter().for_each(Proxy::mend);
                format!("{broken} connections, for {} bursts", during.len())
            }
            Kind::CutDatabase => {
                let broken = ground.cut(|g| slice::from_ref(&g.to_postgres)).await?;
                self.traffic_of(ground, during).await?;
                ground.to_postgres.mend();
                format!("{broken} connections, for {} bursts", during.len())
            }
            Kind::FailOver => self.fail_over(ground, during).await?,
            Kind::RestartNode => {
                // What waits in its pool would be lost with it.
                self.traffic.settle().await?;
                ground.restart_node(IDLE).await?;
                self.traffic.reconnect(Chain::connect(&ground.node.url).await?).await?;
                String::new()
            }
            Kind::CancelStatement => statements::interrupt(ground, Interruption::Cancel).await?,
            Kind::EndSession => statements::interrupt(ground, Interruption::End).await?,
            Kind::FailStatement => statements::fail_once(ground, episode.pick).await?,
            Kind::TakeOver => self.take_over(ground).await?,
            Kind::SecondWaits => self.second_waits(ground).await?,
            Kind::Freeze => {
                // What is on its way to the node is answered when it goes on.
                ground.node.process.signal(Signal::SIGSTOP)?;
                let began = Instant::now();
                // The request on its way is given up, and then the connection that is tried instead.
                let said = ground.until_said(SILENT).await;
                let again = ground.until_said(SILENT).await;
                ground.node.process.signal(Signal::SIGCONT)?;
                said.and(again)?;
                let frozen = began.elapsed().as_secs();
                self.traffic_of(ground, during).await?;
                self.goes_on(ground, &episode.meanwhile).await?;
                format!("for {frozen} s")
            }
            Kind::Stall => {
                self.traffic.settle().await?;
                ground.restart_node(NEVER).await?;
                let began = Instant::now();
                ground.until_said(STALLED).await?;
                let stalled = began.elapsed().as_secs();
                self.traffic.reconnect(Chain::connect(&ground.node.url).await?).await?;
                self.traffic_of(ground, during).await?;
                self.goes_on(ground, &episode.meanwhile).await?;
                ground.restart_node(IDLE).await?;
                self.traffic.reconnect(Chain::connect(&ground.node.url).await?).await?;
                format!("for {stalled} s")
            }
            Kind::Upgrade => {
                self.traffic.settle().await?;
                self.upgrades.begin(episode.pick, &mut self.traffic).await?;
                return Ok(None);
            }
        };
        Ok(Some(what))
    }

    /// Sends more messages, and waits until the mirror has what they did: by the connection that the
    /// indexer made anew.
    async fn goes_on(&mut self, ground: &mut Ground, burst: &Burst) -> Result<()> {
        self.traffic_of(ground, slice::from_ref(burst)).await?;
        let (height, mut db) = (self.traffic.height, ground.control(DISTURBED).await?);
        let there = async |_: &Ground| Ok(watermark(&mut db).await? >= Some(height));
        ground.until("what came after it", there).await
    }

    /// The way to the node that is in use breaks for good, until the other one is in use.
    async fn fail_over(&mut self, ground: &mut Ground, during: &[Burst]) -> Result<String> {
        let (used, broken) = loop {
            let connected = async |g: &Ground| Ok(g.to_node.iter().any(Proxy::is_in_use));
            ground.until("the node's socket", connected).await?;
            let Some(used) = ground.to_node.iter().position(Proxy::is_in_use) else { continue };
            match ground.to_node[used].cut() {
                // It was lost by itself since then.
                0 => ground.to_node[used].mend(),
                broken => break (used, broken),
            }
        };
        self.traffic_of(ground, during).await?;
        let other = 1 - used;
        let served = async |g: &Ground| Ok(g.to_node[other].is_in_use());
        ground.until("the other way to the node", served).await?;
        ground.to_node[used].mend();
        Ok(format!("{broken} connections, from way {used} to {other}"))
    }

    /// A second indexer waits for the lock of the first, and writes once that is killed.
    async fn take_over(&mut self, ground: &mut Ground) -> Result<String> {
        let mut second = ground.spawn_beside()?;
        ground.until_waits(&mut second).await?;
        ground.kill()?;
        let killed = Instant::now();
        follows(&mut second).await?;
        ground.indexer = second;
        Ok(format!("after {} ms", killed.elapsed().as_millis()))
    }

    /// A second indexer says that there is another one, writes nothing, and ends when it is told to.
    async fn second_waits(&mut self, ground: &mut Ground) -> Result<String> {
        let mut second = ground.spawn_beside()?;
        let began = Instant::now();
        ground.until_waits(&mut second).await?;
        let waited = began.elapsed();
        let status = second.stop(Signal::SIGTERM, PATIENCE).await?;
        ensure!(status.success(), "the second indexer: {status}:\n{}", last_lines(&second));
        if second.output().contains(FOLLOWS) {
            bail!("two indexers write to one database:\n{}", last_lines(&second));
        }
        Ok(format!("after {} ms", waited.as_millis()))
    }

    /// Sends bursts, each of which is waited for, and applies upgrades that have waited.
    async fn traffic_of(&mut self, ground: &mut Ground, bursts: &[Burst]) -> Result<()> {
        ground.check()?;
        self.traffic_without(bursts).await
    }

    async fn traffic_without(&mut self, bursts: &[Burst]) -> Result<()> {
        for burst in bursts {
            self.traffic.send_all(burst).await?;
            self.traffic.settle().await?;
            let gone = self.upgrades.go_on(&mut self.traffic, self.journal).await;
            gone.context("an upgrade")?;
        }
        Ok(())
    }
}
