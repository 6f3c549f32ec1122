//! What permitted accesses earn, and who pays it: [`accruals`] has who earns, [`money`] what is paid in
//! and out.

mod accruals;
mod money;

pub use accruals::{Accrued, Known};
pub use money::Flow;

use crate::{
    ensure, governance::running, Account, Answer, Governance, InTime as _, Pot, Refusal, Reply,
    RewardsTimes, Scheduled, Setting, Statement, Tariff, Totals, World, MASK_BITS, TREATMENT, ZERO,
};
use std::collections::BTreeMap;

/// The longest period: 366 days.
const MAX_PERIOD: u64 = 366 * 24 * 3_600_000;

/// The rewards contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewards {
    /// How it is governed.
    pub governance: Governance,
    /// For how long nothing more is earned of the same three, and a cap counts.
    pub period: u64,
    /// Who may accrue.
    pub consent: Option<Account>,
    /// What an access earns, by purpose.
    pub tariffs: BTreeMap<u8, Scheduled<Tariff>>,
    /// The pots, by purpose.
    pub pots: BTreeMap<u8, Pot>,
    /// What a purpose's pot paid of the accesses of a requester.
    pub spent: BTreeMap<(u8, Account), Spending>,
    /// What each requester has left to pay accesses with.
    pub budgets: BTreeMap<Account, u128>,
    /// What each account is owed and was paid.
    pub statements: BTreeMap<Account, Statement>,
    /// When an owner last earned from a requester for a purpose.
    pub earned: BTreeMap<(Account, Account, u8), u64>,
    /// The sums.
    pub totals: Totals,
    /// The greatest access that was accrued, also with nothing.
    pub last_access: u64,
    /// Every accrual, also of nothing.
    pub accruals: Vec<Accrued>,
    /// Everything that moved money, and the accruals among it.
    pub flows: Vec<Flow>,
    /// Every tariff that was set, with its purpose.
    pub set: Vec<(u8, Setting<Tariff>)>,
}

/// What a pot paid for a requester.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spending {
    /// When the running period began.
    pub since: u64,
    /// How much, in it.
    pub spent: u128,
}

impl Rewards {
    pub(crate) fn new(governance: Governance, times: RewardsTimes) -> Result<Self, Refusal> {
        ensure(times.delay == governance.delay, "InvalidDelay")?;
        ensure((1..=MAX_PERIOD).contains(&times.period), "InvalidPeriod")?;
        Ok(Self {
            governance,
            period: times.period,
            consent: None,
            tariffs: BTreeMap::new(),
            pots: BTreeMap::new(),
            spent: BTreeMap::new(),
            budgets: BTreeMap::new(),
            statements: BTreeMap::new(),
            earned: BTreeMap::new(),
            totals: Totals::default(),
            last_access: 0,
            accruals: Vec::new(),
            flows: Vec::new(),
            set: Vec::new(),
        })
    }

    /// What `account` is owed and was paid.
    pub fn statement(&self, account: &Account) -> Statement {
        self.statements.get(account).copied().unwrap_or_default()
    }

    /// What `requester` has left to pay accesses with.
    pub fn budget(&self, requester: &Account) -> u128 {
        self.budgets.get(requester).copied().unwrap_or(0)
    }

    /// What an access for `purpose` earns, and what it will.
    pub fn tariff(&self, purpose: u8) -> Scheduled<Tariff> {
        self.tariffs.get(&purpose).copied().unwrap_or_default()
    }

    fn administered(&self, caller: Account) -> Result<(), Refusal> {
        ensure(caller == self.governance.administrator, "NotAdministrator")
    }
}

impl World {
    /// `set_consent`
    pub fn set_consent(&mut self, caller: Account, consent: Account) -> Reply {
        let r = &mut self.rewards;
        r.administered(caller)?;
        ensure(r.consent.is_none(), "AlreadySet")?;
        r.consent = Some(consent);
        Ok(Answer::Nothing)
    }

    /// `set_tariff`
    pub fn set_tariff(&mut self, caller: Account, now: u64, purpose: u8, tariff: Tariff) -> Reply {
        let r = &mut self.rewards;
        running(&r.governance)?;
        r.administered(caller)?;
        ensure(purpose < MASK_BITS, "UnknownPurpose")?;
        ensure(!(tariff.required && purpose == TREATMENT), "RequiredForCare")?;
        let delay = r.governance.delay;
        let set = r.tariffs.entry(purpose).or_default().set(now, delay, tariff);
        r.set.push((purpose, set));
        Ok(Answer::Nothing)
    }

    /// `set_sponsor`
    pub fn set_sponsor(&mut self, caller: Account, purpose: u8, sponsor: Option<Account>) -> Reply {
        let r = &mut self.rewards;
        running(&r.governance)?;
        r.administered(caller)?;
        ensure(purpose < MASK_BITS, "UnknownPurpose")?;
        ensure(sponsor != Some(ZERO), "ZeroAccount")?;
        let old = r.pots.get(&purpose).copied();
        let previous = old.map(|pot| pot.sponsor);
        ensure(sponsor != previous, "AlreadySponsor")?;

        let returned = old.map_or(0, |pot| pot.balance);
        if let Some(previous) = previous {
            r.owe(previous, returned)?;
        }
        r.totals.pots -= returned;
        r.pots.remove(&purpose);
        if let Some(sponsor) = sponsor {
            r.pots.insert(purpose, Pot { sponsor, balance: 0, cap: 0 });
        }
        r.spent.retain(|(of, _), _| *of != purpose);
        r.flows.push(Flow::SponsorSet { purpose, sponsor, previous, returned });
        Ok(Answer::Nothing)
    }
}
