//! A random walk over the contracts, wired together: the real bundles and the
//! model get the same messages, and after each of them the answers have to be equal, the events have
//! to be there or not, the model's invariants have to hold, and what the contracts show has to be
//! what the model shows. The events are folded as the indexer does, and the rows have to say what the
//! model holds, and what the contract decides.
//!
//! `WALK_CALLS` says how many messages (default 20,000), `WALK_SEED` where the random numbers start.
//! A walk that fails is shrunk to a short one and printed as the messages that it consists of;
//! the same seed and number of calls walk the same way again.

mod decisions;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use assent_interface::{
    agreements, carbon, consent, market, participants, reports, rewards, token,
};
use assent_model::arbitrary::{self, DEPLOYED, Mix, START_BLOCK, Step};
use assent_model::{
    Account, Addresses, Batch, BatchTotals, Code, Contract as Name, Counts, Holding, Message,
    Observation, Order, OrderStatus, SCHEMA_VERSION, Scheduled, Setup, Treasury, World, role,
};
use assent_sandbox::mirrored::Mirrored;
use assent_sandbox::{Bundle, Contract, GENESIS, Outcome, Sandbox};
use parity_scale_codec::{Decode, Encode};
use proptest::collection::vec;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

/// Messages of one walk; then the next starts from a fresh deployment.
const LENGTH: usize = 500;
/// At the end of a walk every so many-th of the views is compared, beginning with another in each;
/// after each message one is.
const STRIDE: usize = 10;

struct Walk {
    sandbox: Sandbox,
    world: World,
    contracts: Vec<(Name, Contract)>,
    mirror: Mirrored,
    now: u64,
    block: u32,
    steps: usize,
}

/// The bundles, read once.
struct Bundles {
    /// What the contracts are made of.
    contracts: Vec<(Name, Arc<Bundle>)>,
    /// Code that they can be given: which of them does the same, if any.
    others: Vec<(Option<Name>, Bundle)>,
}

impl Bundles {
    fn committed() -> Self {
        let committed = |name: Name| Bundle::committed(name.name());
        let contracts = Name::ALL.map(|name| (name, Arc::new(committed(name)))).to_vec();
        let twins = Name::ALL.map(|name| (Some(name), committed(name).twin()));
        let unfit = (None, Bundle::committed("fixtures/twin"));
        Self { contracts, others: twins.into_iter().chain([unfit]).collect() }
    }
}

impl Walk {
    /// Deploys everything on a fresh chain and plays the model's prologue on both.
    fn start(bundles: &Bundles) -> Result<Self, String> {
        assert_eq!(GENESIS, DEPLOYED, "chain and model start at the same time");
        let Setup {
            administrator,
            accounts,
            keys,
            genesis,
            times,
            agreements_times,
            token,
            carbon_times,
            rewards_times,
            limits,
            ..
        } = arbitrary::setup();
        let mut sandbox = Sandbox::new();
        sandbox.endow(&accounts);
        sandbox.endow(&keys);
        let mut contracts: Vec<(Name, Contract)> = Vec::new();
        let mut mirror = Mirrored::default();
        for (name, bundle) in &bundles.contracts {
            let address = |name| of(&contracts, name).address;
            let delay = times.delay;
            let arguments = match name {
                Name::Participants => participants::New { delay }.encode(),
                Name::Token => {
                    let participants = address(Name::Participants);
                    token::New { participants, terms: token.clone(), delay }.encode()
                }
                Name::Rewards => {
                    let (participants, token) = (address(Name::Participants), address(Name::Token));
                    rewards::New { participants, token, times: rewards_times }.encode()
                }
                Name::Consent => {
                    let participants = address(Name::Participants);
                    let rewards = address(Name::Rewards);
                    consent::New { participants, rewards, times, genesis }.encode()
                }
                Name::Agreements => {
                    let participants = address(Name::Participants);
                    let consent = address(Name::Consent);
                    agreements::New { participants, consent, times: agreements_times }.encode()
                }
                Name::Reports => {
                    let participants = address(Name::Participants);
                    reports::New { participants, delay, genesis }.encode()
                }
                Name::Carbon => {
                    let (participants, token) = (address(Name::Participants), address(Name::Token));
                    carbon::New { participants, token, times: carbon_times }.encode()
                }
                Name::Market => {
                    let (carbon, token) = (address(Name::Carbon), address(Name::Token));
                    market::New { carbon, token, limits, delay }.encode()
                }
            };
            let (contract, events) = sandbox.deploy(administrator, bundle, arguments)?;
            mirror.follow(*name, contract.address);
            mirror.fold(DEPLOYED, &events)?;
            contracts.push((*name, contract));
        }
        let codes =
            contracts.iter().map(|(name, contract)| (*name, sandbox.code_hash(contract))).collect();
        let mut others = BTreeMap::new();
        for (of, bundle) in &bundles.others {
            let schema = of.map(|_| SCHEMA_VERSION);
            let code = sandbox.upload(administrator, bundle);
            others.insert(code, Code { of: *of, schema });
        }
        let address = |name| of(&contracts, name).address;
        let addresses = Addresses {
            participants: address(Name::Participants),
            consent: address(Name::Consent),
            agreements: address(Name::Agreements),
            rewards: address(Name::Rewards),
            reports: address(Name::Reports),
            token: address(Name::Token),
            carbon: address(Name::Carbon),
            market: address(Name::Market),
        };
        let setup = Setup {
            administrator,
            accounts,
            keys,
            addresses,
            genesis,
            times,
            agreements_times,
            token,
            carbon_times,
            rewards_times,
            limits,
            codes,
            others,
        };
        let world = World::new(setup)?;
        mirror.agree(&world)?;
        let (now, block) = (DEPLOYED, START_BLOCK);
        let mut walk = Self { sandbox, world, contracts, mirror, now, block, steps: 0 };
        for (at, caller, message) in arbitrary::prologue(&walk.world.setup, addresses.consent) {
            walk.pass(at.saturating_sub(walk.now), 0);
            walk.send(caller, &message)?;
        }
        Ok(walk)
    }

    fn step(&mut self, step: &Step) -> Result<(Account, Message), String> {
        self.pass(step.wait(&self.world, self.now), step.blocks());
        let (caller, message) = step.resolve(&self.world, self.now);
        self.send(caller, &message)?;
        Ok((caller, message))
    }

    /// So much time passes, and so many blocks.
    fn pass(&mut self, ms: u64, blocks: u32) {
        self.now = self.now.saturating_add(ms);
        self.sandbox.advance(ms);
        for _ in 0..blocks {
            self.block += 1;
            self.sandbox.next_block();
        }
    }

    /// Sends a message to both and compares what they make of it.
    fn send(&mut self, caller: Account, message: &Message) -> Result<(), String> {
        let contract = of(&self.contracts, message.to()).clone();
        let foretold = self.foretell(caller, message)?;
        let executed = self.sandbox.call_raw(caller, &contract, message.label(), message.input());
        let expected = self.world.apply(caller, self.now, self.block, message);
        match (&executed.outcome, &expected) {
            (Outcome::Returned(value), Ok(answer)) if *value == answer.encode() => {}
            (Outcome::Refused(error), Err(refusal)) if error == refusal => {
                if !executed.events.is_empty() {
                    return Err(format!("refused {message:?} left {:?}", executed.events));
                }
            }
            // The pallet itself refuses to lock a code that is not there.
            (Outcome::Failed(error), Err(refusal @ "CodeNotFound")) if error == refusal => {}
            (outcome, _) => {
                return Err(format!("{message:?}: contract {outcome:?}, model {expected:?}"));
            }
        }
        decisions::came_true(foretold, &executed.outcome)
            .map_err(|error| format!("{message:?}: {error}"))?;
        self.world.check_invariants()?;
        let folded = self.mirror.fold(self.now, &executed.events);
        folded
            .and_then(|()| self.mirror.agree_on_changes(&self.world))
            .map_err(|error| format!("after {message:?}: {error}"))?;
        self.storage_adds_up()?;
        // Nothing else can change what these two keep.
        if matches!(message.to(), Name::Carbon | Name::Market) {
            self.batches_add_up()?;
        }
        self.steps += 1;
        if self.steps.is_multiple_of(decisions::EVERY) {
            self.decisions_agree(decisions::REQUESTS)?;
        }
        let seen = self.world.observations(message.to(), self.now);
        self.compare(&seen[self.steps.wrapping_mul(31) % seen.len()])
    }

    /// The invariants that the chain's own storage can show, without asking the contracts.
    fn storage_adds_up(&mut self) -> Result<(), String> {
        let accounts = self.everybody();
        let rewards = of(&self.contracts, Name::Rewards).address;

        let [budgets, pots, owed, _paid]: [u128; 4] = self.stored(Name::Rewards, 0x7277_0002, ());
        let mut owed_to_all = 0u128;
        let mut held = 0u128;
        let mut decided = 0u64;
        for account in &accounts {
            let [owed, _paid]: [u128; 2] = self.stored(Name::Rewards, 0x7277_0005, account);
            owed_to_all = owed_to_all.saturating_add(owed);
            held = held.saturating_add(self.units(account));
            let (sequence, _): (u64, [u8; 32]) = self.stored(Name::Consent, 0x636f_0402, account);
            decided = decided.saturating_add(sequence);
        }
        hold(owed == owed_to_all, "rewards owe in all what they owe to each")?;
        let balance = self.units(&rewards);
        let booked = [budgets, pots, owed].into_iter().fold(0, u128::saturating_add);
        hold(balance >= booked, "rewards hold what they owe, and what is in budgets and pots")?;
        // Tokens can be sent to any contract.
        for contract in
            self.contracts.iter().map(|(_, contract)| contract.address).collect::<Vec<_>>()
        {
            held = held.saturating_add(self.units(&contract));
        }
        let supply: u128 = self.stored(Name::Token, 0x746f_0001, ());
        hold(supply == held, "balances add up to the supply")?;
        type Settings = (Scheduled<Treasury>, Option<u128>);
        let settings: Option<Settings> = self.find(Name::Token, 0x746f_0005, ());
        let (_treasury, cap) = settings.ok_or("the token has no settings")?;
        hold(cap.is_none_or(|cap| supply <= cap), "the supply does not exceed the cap")?;
        let accesses: u64 = self.stored(Name::Consent, 0x636f_0401, ());
        hold(accesses == decided, "every decision is in exactly one log")?;

        // The administrator comes first in what the government of a contract is stored as.
        let participants = of(&self.contracts, Name::Participants).clone();
        let government = self.sandbox.storage(&participants, &0x676f_0001_u32.encode());
        let administrator: Account = government
            .and_then(|bytes| bytes.get(..32)?.try_into().ok())
            .ok_or("participants have no government")?;
        type Stored = (u16, u16, [u8; 32], Option<[u8; 32]>, u32, Option<Account>);
        let (roles, suspended, ..): Stored =
            self.stored(Name::Participants, 0x7061_0001, administrator);
        let counts = roles & !suspended & role::REGULATOR != 0;
        hold(counts, "the administrator is a regulator")
    }

    /// Those of the units of every batch, whose they are and who holds them in escrow.
    fn batches_add_up(&mut self) -> Result<(), String> {
        let mut offered = self.offered()?;
        let accounts = self.everybody();
        let market = of(&self.contracts, Name::Market).address;
        let counts: Counts = self.stored(Name::Carbon, 0x6361_0001, ());
        for number in 1..=counts.batches {
            let batch: Batch =
                self.find(Name::Carbon, 0x6361_0004, number).ok_or("a batch is missing")?;
            let totals: BatchTotals = self.stored(Name::Carbon, 0x6361_0005, number);
            // No contract is a participant: what one of them held would be missing here.
            let mut held = Holding::default();
            for account in &accounts {
                let holding: Holding = self.stored(Name::Carbon, 0x6361_0006, (number, account));
                held.tradable = held.tradable.saturating_add(holding.tradable);
                held.escrowed = held.escrowed.saturating_add(holding.escrowed);
                held.retired = held.retired.saturating_add(holding.retired);
                held.surrendered = held.surrendered.saturating_add(holding.surrendered);
                held.cancelled = held.cancelled.saturating_add(holding.cancelled);
                let escrow: u128 =
                    self.stored(Name::Carbon, 0x6361_0008, (market, account, number));
                let on_offer = offered.remove(&(*account, number)).unwrap_or_default();
                hold(escrow == on_offer, "the market holds in escrow what is on offer")?;
                hold(escrow <= holding.escrowed, "what is in escrow is in an account")?;
            }
            let Holding { tradable, escrowed, retired, surrendered, cancelled } = held;
            let issued = [tradable, escrowed, retired, surrendered, cancelled]
                .into_iter()
                .fold(0u128, u128::saturating_add);
            let states = BatchTotals { issued, escrowed, retired, surrendered, cancelled };
            hold(totals == states, "accounts hold in each state what there is of a batch")?;
            let serials = (batch.serial_end - batch.serial_start).saturating_add(1);
            hold(issued <= serials, "no more units of a batch than serial numbers")?;
        }
        hold(offered.is_empty(), "nobody else offers anything")
    }

    /// What the open orders offer, by seller and batch.
    fn offered(&mut self) -> Result<BTreeMap<(Account, u64), u128>, String> {
        let mut offered = BTreeMap::new();
        let last: u64 = self.stored(Name::Market, 0x6d61_0001, ());
        for number in 1..=last {
            let order: Order =
                self.find(Name::Market, 0x6d61_0002, number).ok_or("an order is missing")?;
            let open = order.status == OrderStatus::Open;
            hold(open == (order.amount > 0), "an order is open as long as it offers something")?;
            if open {
                let sum: &mut u128 = offered.entry((order.seller, order.batch)).or_default();
                *sum = sum.saturating_add(order.amount);
            }
        }
        Ok(offered)
    }

    /// What the token stores of an account: its units, whether it is frozen, and the key that took it over.
    fn units(&mut self, account: &Account) -> u128 {
        type Stored = (u128, bool, Option<Account>);
        let (units, _frozen, _moved_to): Stored = self.stored(Name::Token, 0x746f_0002, account);
        units
    }

    /// Who acts, and keys that are nobody's at first, and may register as well.
    fn everybody(&self) -> Vec<Account> {
        let Setup { accounts, keys, .. } = &self.world.setup;
        accounts.iter().chain(keys).copied().collect()
    }

    /// A stored value, or what stands for none.
    fn stored<T: Decode + Default>(&mut self, name: Name, key: u32, of_key: impl Encode) -> T {
        self.find(name, key, of_key).unwrap_or_default()
    }

    /// A stored value, if there is one.
    fn find<T: Decode>(&mut self, name: Name, key: u32, of_key: impl Encode) -> Option<T> {
        let contract = of(&self.contracts, name);
        let bytes = self.sandbox.storage(contract, &(key, of_key).encode())?;
        Some(assent_sandbox::decode(&bytes))
    }

    fn compare(&mut self, observation: &Observation) -> Result<(), String> {
        let contract = of(&self.contracts, observation.contract).clone();
        let outcome =
            self.sandbox.view_raw(&contract, observation.label, observation.input.clone());
        // Of a `Result` the sandbox gives what is inside.
        let result = contract.bundle.message(observation.label).errors.is_some();
        let expected = observation.output[usize::from(result)..].to_vec();
        if outcome != Outcome::Returned(expected) {
            return Err(format!("contract shows {outcome:?}, model {observation:?}"));
        }
        Ok(())
    }

    /// Compares what the contracts show, and all rows.
    fn finish(&mut self) -> Result<(), String> {
        let contracts: Vec<Name> = self.contracts.iter().map(|(name, _)| *name).collect();
        let now = self.now;
        let start = usize::try_from(now % STRIDE as u64).unwrap_or_default();
        let seen = contracts.into_iter().flat_map(|name| self.world.observations(name, now));
        for observation in seen.skip(start).step_by(STRIDE).collect::<Vec<_>>() {
            self.compare(&observation)?;
        }
        self.decisions_agree(decisions::IN_THE_END)?;
        self.mirror.agree(&self.world)
    }
}

fn hold(holds: bool, invariant: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(format!("does not hold in storage: {invariant}")) }
}

fn of(contracts: &[(Name, Contract)], name: Name) -> &Contract {
    let found = contracts.iter().find(|(of, _)| *of == name);
    &found.expect("each contract is deployed before it is needed").1
}

/// Plays steps until one fails: the messages, and how many steps were played if one did.
fn replay(bundles: &Bundles, steps: &[Step]) -> (Vec<String>, Option<usize>) {
    let mut walk = Walk::start(bundles).expect("it started before");
    let mut lines = Vec::new();
    for (played, step) in (1..).zip(steps) {
        match walk.step(step) {
            Ok((caller, message)) => {
                lines.push(format!("at {}, account {}: {message:?}", walk.now, caller[0]));
            }
            Err(error) => {
                lines.push(format!("at {}: {error}", walk.now));
                return (lines, Some(played));
            }
        }
    }
    let failed = walk.finish().err().map(|error| lines.push(format!("at the end: {error}")));
    (lines, failed.map(|()| steps.len()))
}

/// Leaves out ever smaller runs of steps as long as the rest fails, too. (proptest would begin
/// with the steps after the one that failed, and replay a whole walk for each of them.)
fn shrink(bundles: &Bundles, mut steps: Vec<Step>) -> Vec<Step> {
    let mut run = steps.len();
    while run > 0 {
        let mut from = 0;
        while from < steps.len() {
            let mut fewer = steps.clone();
            fewer.drain(from..steps.len().min(from + run));
            match replay(bundles, &fewer).1 {
                Some(played) => {
                    fewer.truncate(played);
                    steps = fewer;
                }
                None => from += run,
            }
        }
        run /= 2;
    }
    steps
}

fn number(name: &str, default: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")),
        Err(_) => default,
    }
}

/// Says at every tenth of all walks how far they are.
struct Progress {
    walks: u64,
    done: AtomicU64,
    started: Instant,
}

impl Progress {
    fn walked(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if done * 10 / self.walks > (done - 1) * 10 / self.walks {
            let (messages, all) = (done * LENGTH as u64, self.walks * LENGTH as u64);
            let seconds = self.started.elapsed().as_secs();
            eprintln!("==> {messages} of {all} messages after {seconds} s");
        }
    }
}

/// One thread's share of the walks.
fn walks(bundles: &Bundles, seed: u64, walks: u32, progress: &Progress) -> Result<(), String> {
    let config = Config {
        cases: walks,
        failure_persistence: None,
        max_shrink_iters: 0,
        ..Config::default()
    };
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let strategy = vec(arbitrary::step(Mix::ALL), LENGTH);
    let result = TestRunner::new_with_rng(config, rng).run(&strategy, |steps| {
        let fail = |error: String| TestCaseError::fail(error);
        let mut walk = Walk::start(bundles).map_err(fail)?;
        for step in &steps {
            walk.step(step).map_err(fail)?;
        }
        walk.finish().map_err(fail)?;
        progress.walked();
        Ok(())
    });
    match result {
        Ok(()) => Ok(()),
        Err(TestError::Fail(reason, steps)) => {
            eprintln!("seed {seed}: {reason}; shrinking");
            let played = replay(bundles, &steps).1.unwrap_or(steps.len());
            let steps = shrink(bundles, steps[..played].to_vec());
            let transcript = replay(bundles, &steps).0.join("\n");
            Err(format!("seed {seed}: {reason}\nshrunk to {} steps:\n{transcript}", steps.len()))
        }
        Err(TestError::Abort(reason)) => Err(format!("seed {seed}: aborted: {reason}")),
    }
}

#[test]
fn contracts_and_model_agree_after_every_message() {
    let calls = number("WALK_CALLS", 20_000);
    let seed = number("WALK_SEED", 2026);
    let threads = std::thread::available_parallelism().map_or(1, |threads| threads.get() as u64);
    let share = calls.div_ceil(LENGTH as u64).div_ceil(threads);
    let share = u32::try_from(share).expect("WALK_CALLS is below 10^12");
    let bundles = Bundles::committed();
    let started = Instant::now();
    let progress = Progress { walks: u64::from(share) * threads, done: AtomicU64::new(0), started };
    let failures: Vec<String> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads)
            .map(|thread| {
                scope.spawn({
                    let (bundles, progress) = (&bundles, &progress);
                    let seed = seed.wrapping_mul(1_000).wrapping_add(thread);
                    move || walks(bundles, seed, share, progress)
                })
            })
            .collect();
        running
            .into_iter()
            .filter_map(|thread| thread.join().expect("a walk does not panic").err())
            .collect()
    });
    let seconds = started.elapsed().as_secs_f64();
    let calls = u64::from(share) * threads * LENGTH as u64;
    println!(
        "{calls} messages in {seconds:.0} s on {threads} threads: {:.0} a second, with views and \
         invariants (WALK_SEED={seed})",
        calls as f64 / seconds
    );
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}
