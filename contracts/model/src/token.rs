//! The settlement token; [`treasury`] has who mints and burns.

mod treasury;

use crate::{
    ensure, governance::running, Account, Governance, Hash, Refusal, Scheduled, Setting,
    TokenTerms, Treasury, ZERO,
};
use std::collections::{BTreeMap, BTreeSet};

/// How a message of PSP22 refuses in a pause.
const PAUSED: Refusal = "Custom(\"Paused\")";
/// How a message of PSP22 refuses an account that is frozen.
const FROZEN: Refusal = "Custom(\"Frozen\")";
/// How a message of PSP22 refuses an account that a key took over.
const REPLACED: Refusal = "Custom(\"Replaced\")";
/// The longest name and symbol, in bytes.
const MAX_LABEL: usize = 64;

/// The token contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// How it is governed.
    pub governance: Governance,
    /// Who mints and burns.
    pub treasury: Scheduled<Treasury>,
    /// The greatest supply.
    pub cap: Option<u128>,
    /// Units in circulation.
    pub supply: u128,
    /// Who holds them.
    pub balances: BTreeMap<Account, u128>,
    /// What (owner, spender) allows.
    pub allowances: BTreeMap<(Account, Account), u128>,
    /// The key that took each account over; what is sent to it goes there.
    pub moved: BTreeMap<Account, Account>,
    /// Every time that one was.
    pub takeovers: Vec<TakeOver>,
    /// Who is frozen, with what he held when he was.
    pub frozen: BTreeMap<Account, u128>,
    /// Receipts that were minted or burned against.
    pub receipts: BTreeSet<Hash>,
    /// Every mint and every burn.
    pub settlements: Vec<Booking>,
    /// Every naming of the treasury after the first, and every handover, which takes it back.
    pub treasuries: Vec<Setting<Treasury>>,
}

/// An account that a key took over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakeOver {
    /// The account.
    pub from: Account,
    /// The key.
    pub to: Account,
    /// Whether one of the two was frozen.
    pub frozen: bool,
    /// Whether what is of it is frozen afterwards.
    pub stays: bool,
}

/// A mint or a burn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Booking {
    /// The bank's receipt.
    pub receipt: Hash,
    /// Units created.
    pub minted: u128,
    /// Units destroyed.
    pub burned: u128,
    /// Who did it.
    pub by: Account,
    /// When.
    pub at: u64,
    /// How many of [`Token::treasuries`] there were.
    pub named: usize,
}

impl Token {
    pub(crate) fn new(
        treasury: Account,
        governance: Governance,
        terms: &TokenTerms,
    ) -> Result<Self, Refusal> {
        let fits = |label: &Option<String>| label.as_ref().is_none_or(|l| l.len() <= MAX_LABEL);
        ensure(fits(&terms.name), "NameTooLong")?;
        ensure(fits(&terms.symbol), "SymbolTooLong")?;
        ensure(terms.cap != Some(0), "ZeroCap")?;
        let treasury = Treasury { account: treasury, confirmed: true };
        Ok(Self {
            governance,
            treasury: Scheduled { value: treasury, next: None },
            cap: terms.cap,
            supply: 0,
            balances: BTreeMap::new(),
            allowances: BTreeMap::new(),
            moved: BTreeMap::new(),
            takeovers: Vec::new(),
            frozen: BTreeMap::new(),
            receipts: BTreeSet::new(),
            settlements: Vec::new(),
            treasuries: Vec::new(),
        })
    }

    /// What `owner` holds.
    pub fn balance(&self, owner: &Account) -> u128 {
        self.balances.get(owner).copied().unwrap_or(0)
    }

    /// What `spender` may take from `owner`.
    pub fn allowance(&self, owner: &Account, spender: &Account) -> u128 {
        self.allowances.get(&(*owner, *spender)).copied().unwrap_or(0)
    }

    /// Whether `account` may neither send nor receive.
    pub fn is_frozen(&self, account: &Account) -> bool {
        self.frozen.contains_key(&self.holder(account))
    }

    /// Where what is sent to `account` goes.
    pub fn holder(&self, account: &Account) -> Account {
        self.moved.get(account).map_or(*account, |next| self.holder(next))
    }

    /// That `account` spends for itself.
    fn spends(&self, account: &Account) -> Result<(), Refusal> {
        ensure(!self.moved.contains_key(account), REPLACED)
    }

    /// `take_over`, by the key that acts in place of `from`
    pub(crate) fn take_over(&mut self, from: Account, key: Account) -> Result<(), Refusal> {
        ensure(self.moved.get(&from) != Some(&key), "AlreadyTakenOver")?;
        let before = self.is_frozen(&from) || self.is_frozen(&key);
        // Whatever took it over before, and so on, is that no more.
        let mut old = vec![from];
        while let Some(next) = old.last().and_then(|last| self.moved.get(last)) {
            if *next == key {
                break;
            }
            old.push(*next);
        }
        let mut frozen = self.frozen.contains_key(&key);
        for account in old {
            frozen |= self.frozen.remove(&account).is_some();
            let balance = self.balances.remove(&account).unwrap_or(0);
            *self.balances.entry(key).or_default() += balance;
            self.moved.insert(account, key);
        }
        if frozen {
            self.frozen.insert(key, self.balance(&key));
        }
        let stays = self.is_frozen(&from);
        self.takeovers.push(TakeOver { from, to: key, frozen: before, stays });
        Ok(())
    }

    fn administered(&self, caller: Account) -> Result<(), Refusal> {
        ensure(caller == self.governance.administrator, "NotAdministrator")
    }

    /// As [`running`], in the words of PSP22.
    fn open_for_all(&self) -> Result<(), Refusal> {
        running(&self.governance).map_err(|_| PAUSED)
    }

    /// `mint`
    pub fn mint(
        &mut self,
        caller: Account,
        now: u64,
        to: Account,
        amount: u128,
        receipt: Hash,
    ) -> Result<(), Refusal> {
        running(&self.governance)?;
        let treasury = self.treasury_at(caller, now)?;
        ensure(treasury.confirmed, "TreasuryUnconfirmed")?;
        ensure(amount > 0, "ZeroAmount")?;
        ensure(to != ZERO, "ZeroAccount")?;
        let to = self.holder(&to);
        ensure(!self.is_frozen(&to), "Frozen")?;
        ensure(!self.receipts.contains(&receipt), "ReceiptUsed")?;
        if let Some(cap) = self.cap {
            // The supply never exceeds the cap.
            ensure(amount <= cap - self.supply, "CapExceeded")?;
        }
        self.supply = self.supply.checked_add(amount).ok_or("SupplyOverflow")?;
        *self.balances.entry(to).or_default() += amount;
        self.settle(caller, now, receipt, (amount, 0));
        Ok(())
    }

    /// `burn`
    pub fn burn(
        &mut self,
        caller: Account,
        now: u64,
        amount: u128,
        receipt: Hash,
    ) -> Result<(), Refusal> {
        running(&self.governance)?;
        self.treasury_at(caller, now)?;
        ensure(amount > 0, "ZeroAmount")?;
        ensure(!self.frozen.contains_key(&caller), "Frozen")?;
        ensure(!self.receipts.contains(&receipt), "ReceiptUsed")?;
        let balance = self.balance(&caller);
        ensure(balance >= amount, "InsufficientBalance")?;
        self.balances.insert(caller, balance - amount);
        self.supply -= amount;
        self.settle(caller, now, receipt, (0, amount));
        Ok(())
    }

    fn settle(&mut self, by: Account, at: u64, receipt: Hash, (minted, burned): (u128, u128)) {
        self.receipts.insert(receipt);
        let named = self.treasuries.len();
        self.settlements.push(Booking { receipt, minted, burned, by, at, named });
    }

    /// `freeze`
    pub fn freeze(&mut self, caller: Account, account: Account) -> Result<(), Refusal> {
        self.administered(caller)?;
        ensure(account != ZERO, "ZeroAccount")?;
        ensure(!self.is_frozen(&account), "AlreadyFrozen")?;
        let account = self.holder(&account);
        self.frozen.insert(account, self.balance(&account));
        Ok(())
    }

    /// `unfreeze`
    pub fn unfreeze(&mut self, caller: Account, account: Account) -> Result<(), Refusal> {
        running(&self.governance)?;
        self.administered(caller)?;
        ensure(self.is_frozen(&account), "NotFrozen")?;
        self.frozen.remove(&self.holder(&account));
        Ok(())
    }

    /// `PSP22::transfer`
    pub fn transfer(&mut self, caller: Account, to: Account, value: u128) -> Result<(), Refusal> {
        self.open_for_all()?;
        ensure(to != ZERO, "ZeroRecipientAddress")?;
        if to == caller || value == 0 {
            return Ok(());
        }
        self.spends(&caller)?;
        let to = self.holder(&to);
        self.none_frozen([caller, to, caller])?;
        if to == caller {
            return Ok(());
        }
        self.move_units(caller, to, value)
    }

    /// `PSP22::transfer_from`
    pub fn transfer_from(
        &mut self,
        caller: Account,
        from: Account,
        to: Account,
        value: u128,
    ) -> Result<(), Refusal> {
        self.open_for_all()?;
        ensure(from != ZERO, "ZeroSenderAddress")?;
        ensure(to != ZERO, "ZeroRecipientAddress")?;
        if from == to || value == 0 {
            return Ok(());
        }
        self.spends(&from)?;
        let to = self.holder(&to);
        self.none_frozen([from, to, from])?;
        self.spends(&caller)?;
        self.none_frozen([caller; 3])?;
        if from == to {
            return Ok(());
        }
        if caller == from {
            return self.move_units(from, to, value);
        }
        let allowed = self.allowance(&from, &caller);
        ensure(allowed >= value, "InsufficientAllowance")?;
        self.move_units(from, to, value)?;
        self.allowances.insert((from, caller), allowed - value);
        Ok(())
    }

    /// `PSP22::approve`
    pub fn approve(
        &mut self,
        caller: Account,
        spender: Account,
        value: u128,
    ) -> Result<(), Refusal> {
        if value > 0 {
            self.open_for_all()?;
        }
        ensure(spender != ZERO, "ZeroRecipientAddress")?;
        if spender != caller {
            self.spends(&caller)?;
            self.allowances.insert((caller, spender), value);
        }
        Ok(())
    }

    /// `PSP22::increase_allowance`
    pub fn increase_allowance(
        &mut self,
        caller: Account,
        spender: Account,
        delta: u128,
    ) -> Result<(), Refusal> {
        self.open_for_all()?;
        ensure(spender != ZERO, "ZeroRecipientAddress")?;
        if spender != caller && delta > 0 {
            self.spends(&caller)?;
            let value = self.allowance(&caller, &spender).saturating_add(delta);
            self.allowances.insert((caller, spender), value);
        }
        Ok(())
    }

    /// `PSP22::decrease_allowance`
    pub fn decrease_allowance(
        &mut self,
        caller: Account,
        spender: Account,
        delta: u128,
    ) -> Result<(), Refusal> {
        ensure(spender != ZERO, "ZeroRecipientAddress")?;
        if spender != caller && delta > 0 {
            self.spends(&caller)?;
            let allowed = self.allowance(&caller, &spender);
            ensure(allowed >= delta, "InsufficientAllowance")?;
            self.allowances.insert((caller, spender), allowed - delta);
        }
        Ok(())
    }

    fn none_frozen(&self, parties: [Account; 3]) -> Result<(), Refusal> {
        ensure(!parties.iter().any(|account| self.is_frozen(account)), FROZEN)
    }

    fn move_units(&mut self, from: Account, to: Account, value: u128) -> Result<(), Refusal> {
        let balance = self.balance(&from);
        ensure(balance >= value, "InsufficientBalance")?;
        self.balances.insert(from, balance - value);
        *self.balances.entry(to).or_default() += value;
        Ok(())
    }
}
