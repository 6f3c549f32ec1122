//! The rules of the token: balances, allowances, mints.

use crate::errors::TokenError;
use assent_events::{
    token::{Approval, Minted, Transfer},
    Hash,
};
use assent_traits::psp22::PSP22Error;
use ink::{
    prelude::{vec, vec::Vec},
    primitives::AccountId,
    storage::{traits::ManualKey, Lazy, Mapping},
};

/// The account that nobody has a key for.
const ZERO: AccountId = AccountId([0; 32]);

/// An event that a PSP22 message gives rise to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenEvent {
    /// Units moved.
    Transfer(Transfer),
    /// An allowance was set.
    Approval(Approval),
}

/// Balances and allowances. Zero is stored as nothing, so that an account that spends all of its
/// units gets its storage deposit back.
#[ink::storage_item]
#[derive(Debug)]
pub struct Data {
    supply: Lazy<u128, ManualKey<0x746f_0001>>,
    balances: Mapping<AccountId, u128, ManualKey<0x746f_0002>>,
    allowances: Mapping<(AccountId, AccountId), u128, ManualKey<0x746f_0003>>,
    receipts: Mapping<Hash, (), ManualKey<0x746f_0004>>,
}

impl Data {
    /// Without any units.
    pub fn new() -> Self {
        Self {
            supply: Lazy::new(),
            balances: Mapping::new(),
            allowances: Mapping::new(),
            receipts: Mapping::new(),
        }
    }

    /// Units in circulation.
    pub fn total_supply(&self) -> u128 {
        self.supply.get_or_default()
    }

    /// Units that `owner` holds.
    pub fn balance_of(&self, owner: AccountId) -> u128 {
        self.balances.get(owner).unwrap_or_default()
    }

    /// Units that `spender` may take from `owner`.
    pub fn allowance(&self, owner: AccountId, spender: AccountId) -> u128 {
        self.allowances.get((owner, spender)).unwrap_or_default()
    }

    /// Creates units; the shell has checked that the treasury asks.
    pub fn mint(
        &mut self,
        to: AccountId,
        amount: u128,
        receipt: Hash,
    ) -> Result<(Minted, Transfer), TokenError> {
        if amount == 0 {
            return Err(TokenError::ZeroAmount);
        }
        if to == ZERO {
            return Err(TokenError::ZeroRecipient);
        }
        if self.receipts.contains(receipt) {
            return Err(TokenError::ReceiptUsed);
        }
        let overflow = TokenError::SupplyOverflow;
        let supply = self.total_supply().checked_add(amount).ok_or(overflow)?;
        let balance = self.balance_of(to).checked_add(amount).ok_or(overflow)?;

        self.supply.set(&supply);
        self.balances.insert(to, &balance);
        self.receipts.insert(receipt, &());
        let minted = Minted { to, amount, receipt };
        let transfer = Transfer { from: None, to: Some(to), value: amount };
        Ok((minted, transfer))
    }

    /// Moves units of `caller`.
    pub fn transfer(
        &mut self,
        caller: AccountId,
        to: AccountId,
        value: u128,
    ) -> Result<Vec<TokenEvent>, PSP22Error> {
        if to == ZERO {
            return Err(PSP22Error::ZeroRecipientAddress);
        }
        if caller == to || value == 0 {
            return Ok(vec![]);
        }
        let balances = self.moved(caller, to, value)?;
        Ok(vec![self.store_move(caller, to, value, balances)])
    }

    /// Moves units of `from` on the allowance of `caller`.
    pub fn transfer_from(
        &mut self,
        caller: AccountId,
        from: AccountId,
        to: AccountId,
        value: u128,
    ) -> Result<Vec<TokenEvent>, PSP22Error> {
        if from == ZERO {
            return Err(PSP22Error::ZeroSenderAddress);
        }
        if to == ZERO {
            return Err(PSP22Error::ZeroRecipientAddress);
        }
        if from == to || value == 0 {
            return Ok(vec![]);
        }
        if caller == from {
            return self.transfer(caller, to, value);
        }
        let left = self
            .allowance(from, caller)
            .checked_sub(value)
            .ok_or(PSP22Error::InsufficientAllowance)?;
        let balances = self.moved(from, to, value)?;

        Ok(vec![
            self.store_allowance(from, caller, left),
            self.store_move(from, to, value, balances),
        ])
    }

    /// Sets what `spender` may take from `owner`.
    pub fn approve(
        &mut self,
        owner: AccountId,
        spender: AccountId,
        value: u128,
    ) -> Result<Vec<TokenEvent>, PSP22Error> {
        if spender == ZERO {
            return Err(PSP22Error::ZeroRecipientAddress);
        }
        if owner == spender {
            return Ok(vec![]);
        }
        Ok(vec![self.store_allowance(owner, spender, value)])
    }

    /// Raises what `spender` may take from `owner`.
    pub fn increase_allowance(
        &mut self,
        owner: AccountId,
        spender: AccountId,
        delta: u128,
    ) -> Result<Vec<TokenEvent>, PSP22Error> {
        if spender == ZERO {
            return Err(PSP22Error::ZeroRecipientAddress);
        }
        if owner == spender || delta == 0 {
            return Ok(vec![]);
        }
        // As in the standard's reference: more than the greatest amount is the greatest amount.
        let amount = self.allowance(owner, spender).saturating_add(delta);
        Ok(vec![self.store_allowance(owner, spender, amount)])
    }

    /// Lowers what `spender` may take from `owner`.
    pub fn decrease_allowance(
        &mut self,
        owner: AccountId,
        spender: AccountId,
        delta: u128,
    ) -> Result<Vec<TokenEvent>, PSP22Error> {
        if spender == ZERO {
            return Err(PSP22Error::ZeroRecipientAddress);
        }
        if owner == spender || delta == 0 {
            return Ok(vec![]);
        }
        let amount = self
            .allowance(owner, spender)
            .checked_sub(delta)
            .ok_or(PSP22Error::InsufficientAllowance)?;
        Ok(vec![self.store_allowance(owner, spender, amount)])
    }

    /// What `from` and `to`, two different accounts, hold after a transfer.
    fn moved(
        &self,
        from: AccountId,
        to: AccountId,
        value: u128,
    ) -> Result<(u128, u128), PSP22Error> {
        let from_balance =
            self.balance_of(from).checked_sub(value).ok_or(PSP22Error::InsufficientBalance)?;
        let to_balance = self
            .balance_of(to)
            .checked_add(value)
            .expect("two balances add up to no more than the supply, which is a u128");
        Ok((from_balance, to_balance))
    }

    fn store_move(
        &mut self,
        from: AccountId,
        to: AccountId,
        value: u128,
        (from_balance, to_balance): (u128, u128),
    ) -> TokenEvent {
        if from_balance == 0 {
            self.balances.remove(from);
        } else {
            self.balances.insert(from, &from_balance);
        }
        self.balances.insert(to, &to_balance);
        TokenEvent::Transfer(Transfer { from: Some(from), to: Some(to), value })
    }

    fn store_allowance(
        &mut self,
        owner: AccountId,
        spender: AccountId,
        amount: u128,
    ) -> TokenEvent {
        if amount == 0 {
            self.allowances.remove((owner, spender));
        } else {
            self.allowances.insert((owner, spender), &amount);
        }
        TokenEvent::Approval(Approval { owner, spender, amount })
    }
}

impl Default for Data {
    fn default() -> Self {
        Self::new()
    }
}
