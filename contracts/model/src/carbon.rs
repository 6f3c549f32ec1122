//! Carbon credits and allowances: [`registry`] has classes, projects and batches, [`units`] what
//! becomes of units, [`compliance`] periods, duties and penalties, [`history`] what the contract
//! does not keep.

mod compliance;
mod history;
mod registry;
mod units;

pub use history::{Change, Entry, Movement, Paid, Settled, Verified};

use crate::{
    ensure, role::REGULATOR, Account, Batch, BatchTotals, CarbonMessage, CarbonTimes, Class, Duty,
    Governance, Holding, Penalty, Period, Project, Refusal, Reply, Report, Scheduled, Setting,
    Standing, World, ALLOWANCES, ZERO,
};
use std::collections::{BTreeMap, BTreeSet};

/// The longest time from the end of a period until it may be settled: 366 days.
const MAX_COMPLIANCE: u64 = 366 * 24 * 3_600_000;

/// The carbon contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carbon {
    /// How it is governed.
    pub governance: Governance,
    /// Its delays.
    pub times: CarbonTimes,
    /// Classes by number, from 1, which is that of allowances.
    pub classes: BTreeMap<u64, Class>,
    /// Projects by number, from 1.
    pub projects: BTreeMap<u64, Project>,
    /// Batches by number, from 1.
    pub batches: BTreeMap<u64, Batch>,
    /// The units of each batch.
    pub totals: BTreeMap<u64, BatchTotals>,
    /// The units of each (batch, owner).
    pub holdings: BTreeMap<(u64, Account), Holding>,
    /// What (owner, operator, batch) lets the operator still move.
    pub approvals: BTreeMap<(Account, Account, u64), u128>,
    /// What (operator, owner, batch) has in escrow.
    pub escrows: BTreeMap<(Account, Account, u64), u128>,
    /// Who is frozen.
    pub frozen: BTreeSet<Account>,
    /// What a missing credit costs; nothing before the first one takes effect.
    pub penalty: Scheduled<Option<Penalty>>,
    /// Compliance periods by number, from 1.
    pub periods: BTreeMap<u64, Period>,
    /// What (period, account) has to do.
    pub duties: BTreeMap<(u64, Account), Duty>,
    /// Versions of reports, by period, account and version, from 1.
    pub reports: BTreeMap<(u64, Account, u32), Report>,
    /// Where each account stands that ever took part.
    pub standings: BTreeMap<Account, Standing>,
    /// Everything that happened to units, and every approval.
    pub journal: Vec<Entry>,
    /// The batches as they were created.
    pub created: Vec<Batch>,
    /// What was issued of a batch when it was sealed.
    pub sealed: BTreeMap<u64, u128>,
    /// The periods as they were set, and when.
    pub opened: Vec<(u64, Period)>,
    /// Every penalty that was set.
    pub penalties: Vec<Setting<Option<Penalty>>>,
    /// Every report of emissions.
    pub verified: Vec<Verified>,
    /// Every settlement.
    pub settled: Vec<Settled>,
    /// Every payment of a penalty.
    pub paid: Vec<Paid>,
}

impl Carbon {
    pub(crate) fn new(governance: Governance, times: CarbonTimes) -> Result<Self, Refusal> {
        let delay = times.delay == governance.delay;
        ensure(delay && (1..=MAX_COMPLIANCE).contains(&times.compliance), "InvalidTimes")?;
        let allowances = Class { issuer: None, metadata: ZERO, last_serial: 0 };
        Ok(Self {
            governance,
            times,
            classes: BTreeMap::from([(ALLOWANCES, allowances)]),
            projects: BTreeMap::new(),
            batches: BTreeMap::new(),
            totals: BTreeMap::new(),
            holdings: BTreeMap::new(),
            approvals: BTreeMap::new(),
            escrows: BTreeMap::new(),
            frozen: BTreeSet::new(),
            penalty: Scheduled::default(),
            periods: BTreeMap::new(),
            duties: BTreeMap::new(),
            reports: BTreeMap::new(),
            standings: BTreeMap::new(),
            journal: Vec::new(),
            created: Vec::new(),
            sealed: BTreeMap::new(),
            opened: Vec::new(),
            penalties: Vec::new(),
            verified: Vec::new(),
            settled: Vec::new(),
            paid: Vec::new(),
        })
    }

    /// The units of a batch that `owner` has.
    pub fn holding(&self, batch: u64, owner: &Account) -> Holding {
        self.holdings.get(&(batch, *owner)).copied().unwrap_or_default()
    }

    /// The units of a batch.
    pub fn total(&self, batch: u64) -> BatchTotals {
        self.totals.get(&batch).copied().unwrap_or_default()
    }

    /// What `operator` may still move of the owner's units.
    pub fn approval(&self, owner: &Account, operator: &Account, batch: u64) -> u128 {
        self.approvals.get(&(*owner, *operator, batch)).copied().unwrap_or(0)
    }

    /// What `operator` holds in escrow of the owner's units.
    pub fn escrow_of(&self, operator: &Account, owner: &Account, batch: u64) -> u128 {
        self.escrows.get(&(*operator, *owner, batch)).copied().unwrap_or(0)
    }

    /// Whether `account` is frozen.
    pub fn is_frozen(&self, account: &Account) -> bool {
        self.frozen.contains(account)
    }

    /// What `account` has to do with a period.
    pub fn duty(&self, period: u64, account: &Account) -> Duty {
        self.duties.get(&(period, *account)).copied().unwrap_or_default()
    }

    /// Where `account` stands.
    pub fn standing(&self, account: &Account) -> Standing {
        self.standings.get(account).copied().unwrap_or_default()
    }

    /// The rating of `account`, 0 to 1,000.
    pub fn rating(&self, account: &Account) -> u16 {
        let Standing { settled, compliant, timely, penalties, paid, .. } = self.standing(account);
        if settled == 0 {
            return 500;
        }
        let share =
            |points: u64, part: u32, whole: u32| points * u64::from(part) / u64::from(whole);
        let paid = if penalties == 0 { 150 } else { share(150, paid, penalties) };
        let rating = share(600, compliant, settled) + share(250, timely, settled) + paid;
        u16::try_from(rating).expect("at most 1,000")
    }

    fn none_frozen(&self, parties: &[Account]) -> Result<(), Refusal> {
        ensure(!parties.iter().any(|account| self.is_frozen(account)), "Frozen")
    }
}

impl World {
    pub(crate) fn apply_carbon(
        &mut self,
        caller: Account,
        now: u64,
        message: &CarbonMessage,
    ) -> Reply {
        use CarbonMessage as M;
        match *message {
            M::CreateClass(issuer, metadata) => self.create_class(caller, issuer, metadata),
            M::SetIssuer(class, issuer) => self.set_issuer(caller, class, issuer),
            M::CreateProject(class, owner, metadata) => {
                self.create_project(caller, class, owner, metadata)
            }
            M::CreateBatch(project, serial_start, serial_end, vintage_start, vintage_end) => {
                let (serials, vintage) = ((serial_start, serial_end), (vintage_start, vintage_end));
                self.create_batch(caller, project, serials, vintage)
            }
            M::Issue(batch, to, amount) => self.issue(caller, now, batch, to, amount),
            M::SealBatch(batch) => self.seal_batch(caller, batch),
            M::Transfer(batch, to, amount) => self.transfer_units(caller, now, batch, to, amount),
            M::TransferBatch(to, ref items) => self.transfer_batch(caller, now, to, items),
            M::Approve(operator, batch, amount) => {
                self.approve_operator(caller, now, operator, batch, amount)
            }
            M::TransferFrom(from, batch, to, amount) => {
                self.transfer_units_from(caller, now, from, batch, to, amount)
            }
            M::Retire(batch, amount, _reason, _beneficiary) => {
                self.retire(caller, now, batch, amount)
            }
            M::Cancel(batch, amount, _reason) => self.cancel_units(caller, now, batch, amount),
            M::Escrow(owner, batch, amount) => self.escrow(caller, now, owner, batch, amount),
            M::Release(owner, batch, amount) => self.release(caller, now, owner, batch, amount),
            M::Deliver(owner, batch, to, amount) => {
                self.deliver(caller, now, owner, batch, to, amount)
            }
            M::SetPenalty(tariff, collector) => {
                self.set_penalty(caller, now, Penalty { tariff, collector })
            }
            M::SetPeriod(start, end, cap) => self.set_period(caller, now, (start, end), cap),
            M::Allocate(period, account, amount) => {
                self.allocate(caller, now, period, account, amount)
            }
            M::ReportEmissions(period, account, emissions, report) => {
                self.report_emissions(caller, now, period, account, emissions, report)
            }
            M::Surrender(period, batch, amount) => {
                self.surrender(caller, now, period, batch, amount)
            }
            M::SettlePeriod(period, account) => self.settle_period(now, period, account),
            M::PayPenalty(period, account) => self.pay_penalty(caller, now, period, account),
            M::Freeze(account, _reason) => self.freeze_account(caller, account),
            M::Unfreeze(account) => self.unfreeze_account(caller, account),
        }
    }

    fn regulates(&self, caller: Account) -> Result<(), Refusal> {
        ensure(self.participants.has_role(&caller, REGULATOR), "NotRegulator")
    }

    fn all_admitted(&self, parties: &[Account]) -> Result<(), Refusal> {
        ensure(parties.iter().all(|party| self.participants.is_admitted(party)), "NotAdmitted")
    }
}
