//! Steps, how they come about and what becomes of them in a world.

use super::{
    lookup::Lookup,
    picks::{Picks, NUMBERS},
    table::{self, Entry},
    ACCOUNTS, HOUR, KEYS,
};
use crate::{Account, Contract, Message, World};
use assent_interface::rewards;
use proptest::{
    array::uniform8,
    collection::vec,
    prelude::*,
    sample::select,
    strategy::{Just, Union},
};
use std::fmt;

/// How often the steps of each kind come, relative to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mix {
    /// Messages to participants.
    pub participants: u32,
    /// Messages to consent.
    pub consent: u32,
    /// Messages to rewards.
    pub rewards: u32,
    /// Messages to agreements.
    pub agreements: u32,
    /// Messages to reports.
    pub reports: u32,
    /// Messages to the token.
    pub token: u32,
    /// Messages to carbon.
    pub carbon: u32,
    /// Messages to the market.
    pub market: u32,
    /// Messages on the government of those of them that get messages.
    pub governed: u32,
}

impl Mix {
    /// Something of everything.
    pub const ALL: Self = Self {
        participants: 8,
        consent: 40,
        rewards: 14,
        agreements: 16,
        reports: 20,
        token: 20,
        carbon: 50,
        market: 30,
        governed: 10,
    };
    /// Nothing.
    pub const NONE: Self = Self {
        participants: 0,
        consent: 0,
        rewards: 0,
        agreements: 0,
        reports: 0,
        token: 0,
        carbon: 0,
        market: 0,
        governed: 0,
    };
    /// Carbon, and what it asks.
    pub const CARBON: Self =
        Self { participants: 4, token: 6, carbon: 50, governed: 3, ..Self::NONE };
    /// The market, and what it asks.
    pub const MARKET: Self =
        Self { participants: 3, token: 10, carbon: 20, market: 40, governed: 3, ..Self::NONE };

    fn of(&self, contract: Contract) -> u32 {
        match contract {
            Contract::Participants => self.participants,
            Contract::Consent => self.consent,
            Contract::Rewards => self.rewards,
            Contract::Agreements => self.agreements,
            Contract::Reports => self.reports,
            Contract::Token => self.token,
            Contract::Carbon => self.carbon,
            Contract::Market => self.market,
        }
    }

    /// Those that get messages.
    pub(super) fn contracts(&self) -> Vec<Contract> {
        Contract::ALL.into_iter().filter(|contract| self.of(*contract) > 0).collect()
    }
}

/// A message in the making: who sends it, how long after the one before, and what is meant.
#[derive(Clone)]
pub struct Step {
    caller: Caller,
    /// How much later than the step before, ms.
    advance: u64,
    /// Rather this many ms before the next moment at which something starts, ends or falls due, if
    /// there is one.
    before_deadline: Option<u64>,
    /// Then before that of these at which something expires that was announced.
    before_expiry: bool,
    /// How many blocks later than the step before.
    blocks: u32,
    mix: Mix,
    /// Where the message is declared.
    to: &'static str,
    entry: &'static Entry,
    /// What the rest of it is chosen by.
    picks: [u16; NUMBERS],
}

/// Who sends a message.
#[derive(Debug, Clone, Copy)]
enum Caller {
    /// One of those who may, if there are any.
    Fitting(u8),
    /// The account of this index, whoever it is.
    Account(u8),
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { caller, advance, before_deadline, before_expiry, blocks, .. } = self;
        let Self { to, entry, picks, .. } = self;
        let what = entry.label;
        write!(f, "{what} to {to} {picks:?} by {caller:?} after {advance} ms, {blocks} blocks")?;
        let which = if *before_expiry { "expiry" } else { "deadline" };
        match before_deadline {
            Some(before) => write!(f, ", or {before} ms before the next {which}"),
            None => Ok(()),
        }
    }
}

impl Step {
    /// How much later than the step before, which was at `now`: often some minutes or hours, and
    /// sometimes until the next deadline. A walk that does without the latter misses some exact
    /// moments, and no more.
    pub fn wait(&self, world: &World, now: u64) -> u64 {
        let waits = |before: u64| {
            let (moments, longest) = if self.before_expiry {
                (world.expiries(), 400 * HOUR)
            } else {
                (world.deadlines(), 100 * HOUR)
            };
            let moments = moments.into_iter().map(move |m| m.saturating_sub(before));
            let next = moments.filter(|moment| *moment > now).min()?;
            // What is due in years, or never, is not waited for.
            Some(next - now).filter(|wait| *wait <= longest)
        };
        self.before_deadline.and_then(waits).unwrap_or(self.advance)
    }

    /// How many blocks later than the step before: mostly it is the next one, sometimes the same.
    pub fn blocks(&self) -> u32 {
        self.blocks
    }

    /// The caller and the message, looked up in `world` at `now`, which is after [`Self::wait`].
    pub fn resolve(&self, world: &World, now: u64) -> (Account, Message) {
        let lookup = Lookup { world, now, mix: self.mix };
        let (message, mut fitting) = (self.entry.make)(&lookup, &mut Picks::new(self.picks));
        let everyone = [&world.setup.accounts[..], &world.setup.keys].concat();
        fitting.retain(|caller| everyone.contains(caller));
        let (among, number) = match self.caller {
            Caller::Fitting(number) if !fitting.is_empty() => (&fitting, number),
            Caller::Fitting(number) | Caller::Account(number) => (&everyone, number),
        };
        let account = among[usize::from(number) % among.len()];
        // Who is meant has his key send it; sometimes one does that was replaced.
        let key = world.participants.key_of(&account);
        let caller = match self.caller {
            Caller::Fitting(0..=2) => key.unwrap_or(account),
            Caller::Fitting(_) | Caller::Account(_) => account,
        };
        (caller, message)
    }
}

/// 200 steps on average.
pub fn steps(mix: Mix) -> impl Strategy<Value = Vec<Step>> {
    vec(step(mix), 1..=400)
}

/// A step of one of the kinds of `mix`.
pub fn step(mix: Mix) -> impl Strategy<Value = Step> {
    let kind = |to: &'static str, entries: Vec<&'static Entry>| {
        let weighted = |entry: &'static Entry| {
            // While there is a consent contract, it accrues, and not an account.
            let vain = mix.consent > 0 && entry.label == rewards::ACCRUE;
            (if vain { 1 } else { entry.weight }, Just((to, entry)))
        };
        Union::new_weighted(entries.into_iter().map(weighted).collect())
    };
    let contracts = mix.contracts().into_iter();
    let mut kinds: Vec<_> = contracts.map(|c| (mix.of(c), kind(c.name(), table::of(c)))).collect();
    if mix.governed > 0 {
        kinds.push((mix.governed, kind("its government", table::governed())));
    }
    let before_deadline = prop::option::weighted(0.15, 0..=1_u64);
    let before_expiry = prop::bool::weighted(0.03);
    let time = (advance(), before_deadline, before_expiry, blocks());
    // Another message is no simpler one.
    let entry = Union::new_weighted(kinds).no_shrink();
    (caller(), time, entry, uniform8(any::<u16>())).prop_map(
        move |(caller, (advance, before_deadline, before_expiry, blocks), (to, entry), picks)| {
            Step { caller, advance, before_deadline, before_expiry, blocks, mix, to, entry, picks }
        },
    )
}

fn caller() -> impl Strategy<Value = Caller> {
    prop_oneof![
        5 => Just(Caller::Fitting(0)),
        3 => (0..4_u8).prop_map(Caller::Fitting),
        1 => (0..ACCOUNTS as u8 + KEYS).prop_map(Caller::Account),
    ]
}

/// Mostly whole minutes and hours, so that it is often exactly the moment at which something starts
/// or ends; a window of a day lasts for some twenty steps.
fn advance() -> impl Strategy<Value = u64> {
    prop_oneof![
        6 => Just(0),
        6 => (1..=3_u64).prop_map(|minutes| minutes * HOUR / 60),
        4 => (1..=2_u64).prop_map(|hours| hours * HOUR),
        2 => 0..=HOUR,
        1 => select(vec![6 * HOUR, 24 * HOUR]),
    ]
}

fn blocks() -> impl Strategy<Value = u32> {
    prop_oneof![6 => Just(1), 3 => Just(0), 1 => 2..=9_u32]
}
