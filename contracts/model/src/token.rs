//! The settlement token, as far as the rewards need it.

use crate::{ensure, Account, Hash, Refusal, ZERO};
use std::collections::{BTreeMap, BTreeSet};

/// The token contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Who mints.
    pub treasury: Account,
    /// Units in circulation.
    pub supply: u128,
    /// Who holds them.
    pub balances: BTreeMap<Account, u128>,
    /// What (owner, spender) allows.
    pub allowances: BTreeMap<(Account, Account), u128>,
    /// Receipts that were minted against.
    pub receipts: BTreeSet<Hash>,
}

impl Token {
    pub(crate) fn new(treasury: Account) -> Self {
        Self {
            treasury,
            supply: 0,
            balances: BTreeMap::new(),
            allowances: BTreeMap::new(),
            receipts: BTreeSet::new(),
        }
    }

    /// What `owner` holds.
    pub fn balance(&self, owner: &Account) -> u128 {
        self.balances.get(owner).copied().unwrap_or(0)
    }

    /// What `spender` may take from `owner`.
    pub fn allowance(&self, owner: &Account, spender: &Account) -> u128 {
        self.allowances.get(&(*owner, *spender)).copied().unwrap_or(0)
    }

    /// `mint`
    pub fn mint(
        &mut self,
        caller: Account,
        to: Account,
        amount: u128,
        receipt: Hash,
    ) -> Result<(), Refusal> {
        ensure(caller == self.treasury, "NotTreasury")?;
        ensure(amount > 0, "ZeroAmount")?;
        ensure(to != ZERO, "ZeroRecipient")?;
        ensure(!self.receipts.contains(&receipt), "ReceiptUsed")?;
        self.supply = self.supply.checked_add(amount).ok_or("SupplyOverflow")?;
        self.receipts.insert(receipt);
        *self.balances.entry(to).or_default() += amount;
        Ok(())
    }

    /// `PSP22::transfer`
    pub fn transfer(&mut self, caller: Account, to: Account, value: u128) -> Result<(), Refusal> {
        ensure(to != ZERO, "ZeroRecipientAddress")?;
        if to == caller || value == 0 {
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
        ensure(from != ZERO, "ZeroSenderAddress")?;
        ensure(to != ZERO, "ZeroRecipientAddress")?;
        if from == to || value == 0 {
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
        ensure(spender != ZERO, "ZeroRecipientAddress")?;
        if spender != caller {
            self.allowances.insert((caller, spender), value);
        }
        Ok(())
    }

    fn move_units(&mut self, from: Account, to: Account, value: u128) -> Result<(), Refusal> {
        let balance = self.balance(&from);
        ensure(balance >= value, "InsufficientBalance")?;
        self.balances.insert(from, balance - value);
        *self.balances.entry(to).or_default() += value;
        Ok(())
    }
}
