//! Random steps for property tests and for the walk on the chain.
//!
//! A [`Step`] is abstract: it names accounts, grants, batches and orders by numbers that
//! [`Step::resolve`] looks up in the model when its turn comes. So most steps are about something
//! that exists, and a sequence still makes sense when proptest shrinks it: 0 always stands for the
//! choice that most probably succeeds. Each message is declared once, in `table/` in the file of its
//! contract: how often it comes, how it is made of numbers, and who is likely to be allowed it.
//!
//! ```
//! use assent_model::{arbitrary, World};
//! use proptest::prelude::*;
//!
//! let config = ProptestConfig { cases: 4, ..arbitrary::config() };
//! proptest!(config, |(steps in arbitrary::steps(arbitrary::Mix::ALL))| {
//!     let (mut world, mut now) = arbitrary::started();
//!     let mut block = arbitrary::START_BLOCK;
//!     for step in &steps {
//!         now += step.wait(&world, now);
//!         block += step.blocks();
//!         let (caller, message) = step.resolve(&world, now);
//!         let answer = world.apply(caller, now, block, &message);
//!         // Here the same goes to what is tested, and the answers are compared.
//!         # let _ = answer;
//!         prop_assert_eq!(world.check_invariants(), Ok(()));
//!     }
//! });
//! ```

mod compare;
mod lookup;
mod picks;
mod prologue;
mod steps;
mod table;

pub use compare::{agree, Moment, Subject};
pub use prologue::{prologue, Sent};
pub use steps::{step, steps, Mix, Step};

use crate::{
    blake2b, role, Account, Addresses, AgreementsTimes, CarbonTimes, Code, Contract, Limits,
    RewardsTimes, Setup, Times, TokenTerms, World, SCHEMA_VERSION,
};
use proptest::test_runner::{Config, RngSeed};

/// One hour, ms.
pub const HOUR: u64 = 3_600_000;
/// When the contracts are deployed, ms since 1970: 2026-01-01. What has to wait before it holds is set
/// at once.
pub const DEPLOYED: u64 = 1_767_225_600_000;
/// When [`started`] starts: what was set holds.
pub const START: u64 = DEPLOYED + HOUR;
/// The number of the block in which [`started`] starts.
pub const START_BLOCK: u32 = 1;

/// How many accounts act.
pub const ACCOUNTS: usize = 8;
/// How many keys there are that are nobody's at first.
pub const KEYS: u8 = 5;
/// The roles that [`prologue`] gives them. The first is the administrator; the last one does not
/// even register.
pub const ROLES: [u16; ACCOUNTS] = [
    role::REGULATOR,
    role::DATA_OWNER | role::EMITTER,
    role::DATA_OWNER | role::PROVIDER | role::EMITTER,
    role::PROVIDER | role::TRADER | role::EMITTER,
    role::PROVIDER | role::RESEARCHER | role::VERIFIER | role::TRADER,
    role::RESEARCHER | role::AUDITOR | role::RESOURCE_HOLDER | role::VERIFIER,
    role::AUDITOR | role::REGULATOR,
    0,
];

/// As many cases as `PROPTEST_CASES` says, else 256; the random numbers start from
/// `PROPTEST_RNG_SEED`, else from a fixed number. A test finds the same on every machine, and
/// another seed looks elsewhere.
pub fn config() -> Config {
    let set = |name| std::env::var_os(name).is_some();
    let mut config = Config::default();
    if !set("PROPTEST_CASES") {
        config.cases = 256;
    }
    if !set("PROPTEST_RNG_SEED") {
        config.rng_seed = RngSeed::Fixed(0x_a55e_2026);
    }
    config.failure_persistence = None;
    config
}

/// Accounts, addresses and codes that are nobody's.
pub fn setup() -> Setup {
    let named = |name: &str| blake2b(name.as_bytes());
    let accounts: Vec<Account> = (1..=ACCOUNTS as u8).map(|n| [n; 32]).collect();
    Setup {
        administrator: accounts[0],
        accounts,
        keys: (1..=KEYS).map(|n| [100 + n; 32]).collect(),
        addresses: Addresses {
            participants: named("participants"),
            consent: named("consent"),
            agreements: named("agreements"),
            rewards: named("rewards"),
            reports: named("reports"),
            token: named("token"),
            carbon: named("carbon"),
            market: named("market"),
        },
        genesis: named("genesis"),
        times: times(),
        agreements_times: agreements_times(),
        token: token(),
        carbon_times: carbon_times(),
        limits: limits(),
        rewards_times: rewards_times(),
        codes: Contract::ALL.into_iter().map(|c| (c, named(&format!("code of {c}")))).collect(),
        others: Contract::ALL
            .into_iter()
            .map(|c| {
                let code = Code { of: Some(c), schema: Some(SCHEMA_VERSION) };
                (named(&format!("other code of {c}")), code)
            })
            .chain([None, Some(0), Some(SCHEMA_VERSION + 2)].map(|schema| {
                (named(&format!("code of schema {schema:?}")), Code { of: None, schema })
            }))
            .collect(),
    }
}

/// A token with a cap that some steps reach; the prologue takes half of it.
pub fn token() -> TokenTerms {
    let (name, symbol) = (Some("Assent Euro".into()), Some("AEUR".into()));
    TokenTerms { name, symbol, decimals: 6, cap: Some(72_000) }
}

/// Delays that steps of minutes and hours get past.
pub fn times() -> Times {
    Times { delay: HOUR, window: 24 * HOUR, review: 48 * HOUR, cooldown: 2 * HOUR }
}

/// Some answers come after they are due.
pub fn agreements_times() -> AgreementsTimes {
    AgreementsTimes { delay: HOUR, answer: 12 * HOUR }
}

/// Settlement begins hours after a period, and some reports and surrenders come later.
pub fn carbon_times() -> CarbonTimes {
    CarbonTimes { delay: HOUR, compliance: 20 * HOUR }
}

/// A period that some accesses come after.
pub fn rewards_times() -> RewardsTimes {
    RewardsTimes { delay: HOUR, period: 12 * HOUR }
}

/// Limits that bind an account of a poor rating.
pub fn limits() -> Limits {
    Limits { floor: 1_000, ceiling: 100_000 }
}

/// A world in which [`prologue`] has been played, and its time.
pub fn started() -> (World, u64) {
    let mut world = World::new(setup()).expect("the delays are in their bounds");
    let consent = world.setup.addresses.consent;
    for (now, caller, message) in prologue(&world.setup, consent) {
        world.apply(caller, now, START_BLOCK, &message).expect("the prologue is sound");
    }
    (world, START)
}
