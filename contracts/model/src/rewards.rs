//! What permitted accesses earn.

use crate::{
    ensure, governance::running, Account, Answer, Governance, Refusal, Reply, Statement, Totals,
    World, MASK_BITS, ZERO,
};
use std::collections::BTreeMap;

/// The rewards contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewards {
    /// How it is governed.
    pub governance: Governance,
    /// Who may accrue.
    pub consent: Option<Account>,
    /// What an access earns, by purpose.
    pub tariffs: BTreeMap<u8, u128>,
    /// What each funder paid in and did not get back.
    pub contributions: BTreeMap<Account, u128>,
    /// What each account is owed and was paid.
    pub statements: BTreeMap<Account, Statement>,
    /// The sums.
    pub totals: Totals,
    /// The greatest access that was accrued, also with nothing.
    pub last_access: u64,
    /// Every accrual, also of nothing.
    pub accruals: Vec<Accrual>,
    /// All that was ever paid in.
    pub funded: u128,
    /// All that was ever credited back to funders.
    pub refunded: u128,
}

/// What an access earned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accrual {
    /// Which access.
    pub access: u64,
    /// Who told: the consent contract.
    pub by: Account,
    /// Whose data.
    pub owner: Account,
    /// For what.
    pub purpose: u8,
    /// Token base units; 0 without a tariff, without funds and in a pause.
    pub amount: u128,
    /// The tariff at that moment.
    pub tariff: u128,
}

impl Rewards {
    pub(crate) fn new(governance: Governance) -> Self {
        Self {
            governance,
            consent: None,
            tariffs: BTreeMap::new(),
            contributions: BTreeMap::new(),
            statements: BTreeMap::new(),
            totals: Totals::default(),
            last_access: 0,
            accruals: Vec::new(),
            funded: 0,
            refunded: 0,
        }
    }

    /// What `account` is owed and was paid.
    pub fn statement(&self, account: &Account) -> Statement {
        self.statements.get(account).copied().unwrap_or_default()
    }

    /// What `funder` paid in and did not get back.
    pub fn contribution(&self, funder: &Account) -> u128 {
        self.contributions.get(funder).copied().unwrap_or(0)
    }

    /// What an access for `purpose` earns.
    pub fn tariff(&self, purpose: u8) -> u128 {
        self.tariffs.get(&purpose).copied().unwrap_or(0)
    }

    fn administered(&self, caller: Account) -> Result<(), Refusal> {
        ensure(caller == self.governance.administrator, "NotAdministrator")
    }

    /// What an accrual would come to, without booking it.
    pub(crate) fn accrual(
        &self,
        by: Account,
        owner: Account,
        purpose: u8,
        access: u64,
    ) -> Result<Accrual, Refusal> {
        ensure(self.consent == Some(by), "NotConsent")?;
        ensure(access > self.last_access, "AlreadyPaid")?;
        let tariff = self.tariff(purpose);
        let pays = !self.governance.paused && tariff <= self.totals.unspent;
        let amount = if pays { tariff } else { 0 };
        self.statement(&owner).owed.checked_add(amount).ok_or("Overflow")?;
        self.totals.owed.checked_add(amount).ok_or("Overflow")?;
        Ok(Accrual { access, by, owner, purpose, amount, tariff })
    }

    pub(crate) fn book(&mut self, accrual: Accrual) {
        self.last_access = accrual.access;
        self.totals.unspent -= accrual.amount;
        self.totals.owed += accrual.amount;
        self.statements.entry(accrual.owner).or_default().owed += accrual.amount;
        self.accruals.push(accrual);
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
    pub fn set_tariff(&mut self, caller: Account, purpose: u8, amount: u128) -> Reply {
        let r = &mut self.rewards;
        running(&r.governance)?;
        r.administered(caller)?;
        ensure(purpose < MASK_BITS, "UnknownPurpose")?;
        r.tariffs.insert(purpose, amount);
        Ok(Answer::Nothing)
    }

    /// `fund`
    pub fn fund(&mut self, caller: Account, amount: u128) -> Reply {
        let address = self.setup.addresses.rewards;
        let r = &mut self.rewards;
        running(&r.governance)?;
        ensure(amount > 0, "ZeroAmount")?;
        let contribution = r.contribution(&caller).checked_add(amount).ok_or("Overflow")?;
        let unspent = r.totals.unspent.checked_add(amount).ok_or("Overflow")?;
        // What the contract has to hold is a total too.
        unspent.checked_add(r.totals.owed).ok_or("Overflow")?;
        let paid = self.token.transfer_from(address, caller, address, amount);
        paid.map_err(|_| "TokenFailed")?;
        r.contributions.insert(caller, contribution);
        r.totals.unspent = unspent;
        r.funded = r.funded.saturating_add(amount);
        Ok(Answer::Nothing)
    }

    /// `accrue`
    pub fn accrue(&mut self, caller: Account, owner: Account, purpose: u8, access: u64) -> Reply {
        let accrual = self.rewards.accrual(caller, owner, purpose, access)?;
        self.rewards.book(accrual);
        Ok(Answer::Amount(accrual.amount))
    }

    /// `withdraw`
    pub fn withdraw(&mut self, caller: Account) -> Reply {
        self.pay_out(caller, caller)
    }

    /// `withdraw_to`
    pub fn withdraw_to(&mut self, caller: Account, to: Account) -> Reply {
        ensure(to != ZERO && to != self.setup.addresses.rewards, "InvalidRecipient")?;
        ensure(self.rewards.statement(&caller).owed > 0, "NothingOwed")?;
        ensure(!self.token.is_frozen(&caller), "Frozen")?;
        self.pay_out(caller, to)
    }

    fn pay_out(&mut self, caller: Account, to: Account) -> Reply {
        let r = &mut self.rewards;
        let Statement { owed, paid } = r.statement(&caller);
        ensure(owed > 0, "NothingOwed")?;
        let transferred = self.token.transfer(self.setup.addresses.rewards, to, owed);
        transferred.map_err(|_| "TokenFailed")?;
        r.statements.insert(caller, Statement { owed: 0, paid: paid.saturating_add(owed) });
        r.totals.owed -= owed;
        r.totals.paid = r.totals.paid.saturating_add(owed);
        Ok(Answer::Amount(owed))
    }

    /// `refund_unused`
    pub fn refund_unused(&mut self, caller: Account, funder: Account, amount: u128) -> Reply {
        let r = &mut self.rewards;
        r.administered(caller)?;
        ensure(amount > 0, "ZeroAmount")?;
        let contribution = r.contribution(&funder);
        ensure(amount <= contribution, "ExceedsContribution")?;
        ensure(amount <= r.totals.unspent, "ExceedsUnspent")?;
        let statement = r.statement(&funder);
        let owed = statement.owed.checked_add(amount).ok_or("Overflow")?;
        let total = r.totals.owed.checked_add(amount).ok_or("Overflow")?;
        r.contributions.insert(funder, contribution - amount);
        r.statements.insert(funder, Statement { owed, ..statement });
        r.totals.unspent -= amount;
        r.totals.owed = total;
        r.refunded = r.refunded.saturating_add(amount);
        Ok(Answer::Nothing)
    }
}
