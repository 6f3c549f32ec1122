//! The rules of the token: balances, allowances, mints and burns, freezes; those of who mints and
//! burns are in [`crate::treasury`]. Amounts are base units. The shell has checked that a pause does
//! not block the message, and that the administrator asks where only he may.

use crate::errors::{frozen, replaced, TokenError};
use crate::treasury::Treasury;
use assent_events::{
    token::{
        AccountFrozen, AccountUnfrozen, Approval, Burned, Minted, TakenOver, Transfer, TreasurySet,
    },
    Hash,
};
use assent_governance::Scheduled;
use assent_traits::psp22::PSP22Error;
use ink::{
    prelude::{string::String, vec, vec::Vec},
    primitives::AccountId,
    storage::{traits::ManualKey, Lazy, Mapping},
};

/// Version of the layout of this contract's storage.
pub const SCHEMA_VERSION: u32 = 1;

/// Longest name and longest symbol, in bytes.
pub const MAX_LABEL_BYTES: usize = 64;

/// The account that nobody has a key for.
pub(crate) const ZERO: AccountId = AccountId([0; 32]);

/// An event that a PSP22 message gives rise to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenEvent {
    /// Units moved.
    Transfer(Transfer),
    /// An allowance was set.
    Approval(Approval),
}

/// What an account has here. Both in one value, so that a transfer reads it once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Holding {
    /// Units that it holds.
    pub balance: u128,
    /// Whether it may neither send nor receive.
    pub frozen: bool,
    /// The key that took it over: it has nothing then, and what is sent to it goes there.
    pub moved_to: Option<AccountId>,
}

/// Who mints, and how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Settings {
    /// Who mints and burns.
    pub treasury: Scheduled<Treasury>,
    /// The greatest supply, if there is a limit; never changes.
    pub cap: Option<u128>,
}

/// What wallets show of the token; never changes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Labels {
    /// Name, if it has one.
    pub name: Option<String>,
    /// Symbol, if it has one.
    pub symbol: Option<String>,
    /// How many decimal places a displayed unit has.
    pub decimals: u8,
}

/// Holdings and allowances. A default is stored as nothing, so that an account that spends all of
/// its units gives the storage deposit back. What a spender uses up stays stored: he would collect a
/// deposit that another paid.
#[ink::storage_item]
#[derive(Debug)]
pub struct Data {
    supply: Lazy<u128, ManualKey<0x746f_0001>>,
    holdings: Mapping<AccountId, Holding, ManualKey<0x746f_0002>>,
    /// What a spender may take, by owner and spender.
    allowances: Mapping<(AccountId, AccountId), u128, ManualKey<0x746f_0003>>,
    /// Receipts that were minted or burned against.
    receipts: Mapping<Hash, (), ManualKey<0x746f_0004>>,
    pub(crate) settings: Lazy<Settings, ManualKey<0x746f_0005>>,
    labels: Lazy<Labels, ManualKey<0x746f_0006>>,
}

impl Data {
    /// Without any units; `by` makes the token, and is its treasury.
    pub fn new(
        by: AccountId,
        now: u64,
        cap: Option<u128>,
        labels: &Labels,
    ) -> Result<(Self, TreasurySet), TokenError> {
        let too_long = |label: &Option<String>| {
            label.as_ref().is_some_and(|label| label.len() > MAX_LABEL_BYTES)
        };
        if too_long(&labels.name) {
            return Err(TokenError::NameTooLong);
        }
        if too_long(&labels.symbol) {
            return Err(TokenError::SymbolTooLong);
        }
        if cap == Some(0) {
            return Err(TokenError::ZeroCap);
        }
        let mut data = Self {
            supply: Lazy::new(),
            holdings: Mapping::new(),
            allowances: Mapping::new(),
            receipts: Mapping::new(),
            settings: Lazy::new(),
            labels: Lazy::new(),
        };
        let treasury = Scheduled::now(Treasury { account: by, confirmed: true });
        data.settings.set(&Settings { treasury, cap });
        data.labels.set(labels);
        Ok((data, TreasurySet { treasury: by, from: now, by }))
    }

    /// Creates units.
    pub fn mint(
        &mut self,
        caller: AccountId,
        now: u64,
        to: AccountId,
        amount: u128,
        receipt: Hash,
    ) -> Result<(Minted, Transfer), TokenError> {
        let settings = self.settings();
        let treasury = settings.treasury.at(now);
        if treasury.account != caller {
            return Err(TokenError::NotTreasury);
        }
        if !treasury.confirmed {
            return Err(TokenError::TreasuryUnconfirmed);
        }
        if amount == 0 {
            return Err(TokenError::ZeroAmount);
        }
        if to == ZERO {
            return Err(TokenError::ZeroAccount);
        }
        let (to, mut holding) = self.resolve(to);
        if holding.frozen {
            return Err(TokenError::Frozen);
        }
        if self.receipt_used(receipt) {
            return Err(TokenError::ReceiptUsed);
        }
        let supply = self.total_supply().checked_add(amount);
        // More than the greatest amount is more than any cap.
        if settings.cap.is_some_and(|cap| supply.is_none_or(|supply| supply > cap)) {
            return Err(TokenError::CapExceeded);
        }
        let supply = supply.ok_or(TokenError::SupplyOverflow)?;
        holding.balance = holding
            .balance
            .checked_add(amount)
            .expect("a balance is part of the supply, which is a u128");

        self.supply.set(&supply);
        self.store(to, &holding);
        self.receipts.insert(receipt, &());
        let minted = Minted { to, amount, receipt };
        let transfer = Transfer { from: None, to: Some(to), value: amount };
        Ok((minted, transfer))
    }

    /// Destroys units of the treasury, which is the `caller`, whether it is confirmed or not: what
    /// was paid out cannot wait for that.
    pub fn burn(
        &mut self,
        caller: AccountId,
        now: u64,
        amount: u128,
        receipt: Hash,
    ) -> Result<(Burned, Transfer), TokenError> {
        if self.treasury().at(now).account != caller {
            return Err(TokenError::NotTreasury);
        }
        if amount == 0 {
            return Err(TokenError::ZeroAmount);
        }
        let mut holding = self.holding(caller);
        if holding.frozen {
            return Err(TokenError::Frozen);
        }
        if self.receipt_used(receipt) {
            return Err(TokenError::ReceiptUsed);
        }
        holding.balance =
            holding.balance.checked_sub(amount).ok_or(TokenError::InsufficientBalance)?;
        let supply =
            self.total_supply().checked_sub(amount).expect("a balance is part of the supply");

        self.supply.set(&supply);
        self.store(caller, &holding);
        self.receipts.insert(receipt, &());
        let burned = Burned { from: caller, amount, receipt };
        let transfer = Transfer { from: Some(caller), to: None, value: amount };
        Ok((burned, transfer))
    }

    /// Freezes an account; `by` is the administrator.
    pub fn freeze(
        &mut self,
        by: AccountId,
        account: AccountId,
        reason: Hash,
    ) -> Result<AccountFrozen, TokenError> {
        if account == ZERO {
            return Err(TokenError::ZeroAccount);
        }
        let (account, holding) = self.resolve(account);
        if holding.frozen {
            return Err(TokenError::AlreadyFrozen);
        }
        self.store(account, &Holding { frozen: true, ..holding });
        Ok(AccountFrozen { account, reason, by })
    }

    /// Ends the freeze of an account; `by` is the administrator.
    pub fn unfreeze(
        &mut self,
        by: AccountId,
        account: AccountId,
    ) -> Result<AccountUnfrozen, TokenError> {
        let (account, holding) = self.resolve(account);
        if !holding.frozen {
            return Err(TokenError::NotFrozen);
        }
        self.store(account, &Holding { frozen: false, ..holding });
        Ok(AccountUnfrozen { account, by })
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
        let (to, before) = self.parties(caller, to)?;
        if caller == to {
            return Ok(vec![]);
        }
        let after = moved(before, value)?;

        Ok(vec![self.store_move(caller, to, value, after)])
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
        let (to, before) = self.parties(from, to)?;
        if caller != to {
            let spender = self.holding(caller);
            check_spends(spender)?;
            if spender.frozen {
                return Err(frozen());
            }
        }
        if from == to {
            return Ok(vec![]);
        }
        let left = self
            .allowance(from, caller)
            .checked_sub(value)
            .ok_or(PSP22Error::InsufficientAllowance)?;
        let after = moved(before, value)?;

        self.allowances.insert((from, caller), &left);
        self.holdings.insert(from, &after.0);
        self.store(to, &after.1);
        let approval = Approval { owner: from, spender: caller, amount: left };
        let transfer = Transfer { from: Some(from), to: Some(to), value };
        Ok(vec![TokenEvent::Approval(approval), TokenEvent::Transfer(transfer)])
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
        check_spends(self.holding(owner))?;
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
        check_spends(self.holding(owner))?;
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
        check_spends(self.holding(owner))?;
        let amount = self
            .allowance(owner, spender)
            .checked_sub(delta)
            .ok_or(PSP22Error::InsufficientAllowance)?;
        Ok(vec![self.store_allowance(owner, spender, amount)])
    }

    /// Units in circulation.
    pub fn total_supply(&self) -> u128 {
        self.supply.get_or_default()
    }

    /// Units that `owner` holds.
    pub fn balance_of(&self, owner: AccountId) -> u128 {
        self.holding(owner).balance
    }

    /// Units that `spender` may take from `owner`.
    pub fn allowance(&self, owner: AccountId, spender: AccountId) -> u128 {
        self.allowances.get((owner, spender)).unwrap_or_default()
    }

    /// Whether `account` is frozen, or the key that took it over.
    pub fn is_frozen(&self, account: AccountId) -> bool {
        self.resolve(account).1.frozen
    }

    /// Moves all that `from` has, and its keys that were taken over to before, to `to`, which the shell knows
    /// to have replaced it. Also what is frozen, which stays so. Each account in its order, with its units.
    pub fn take_over(
        &mut self,
        from: AccountId,
        to: AccountId,
    ) -> Result<Vec<(Option<Transfer>, TakenOver)>, TokenError> {
        if self.holding(from).moved_to == Some(to) {
            return Err(TokenError::AlreadyTakenOver);
        }
        let mut holding = self.holding(to);
        let mut taken = Vec::new();
        let mut next = Some(from);
        while let Some(account) = next.filter(|account| *account != to) {
            let Holding { balance: value, frozen, moved_to } = self.holding(account);
            // It went there before, and whatever it took over itself.
            if moved_to == Some(to) {
                break;
            }
            next = moved_to;
            holding.frozen |= frozen;
            holding.balance = holding
                .balance
                .checked_add(value)
                .expect("two balances add up to no more than the supply, which is a u128");
            let emptied = Holding { balance: 0, frozen: false, moved_to: Some(to) };
            self.holdings.insert(account, &emptied);
            let transfer = Transfer { from: Some(account), to: Some(to), value };
            taken.push(((value > 0).then_some(transfer), TakenOver { account, to }));
        }
        self.store(to, &holding);
        Ok(taken)
    }

    /// Whether units were minted or burned against `receipt`.
    pub fn receipt_used(&self, receipt: Hash) -> bool {
        self.receipts.contains(receipt)
    }

    /// The greatest supply, if there is a limit.
    pub fn cap(&self) -> Option<u128> {
        self.settings().cap
    }

    /// What wallets show.
    pub fn labels(&self) -> Labels {
        self.labels.get().expect("`new` has set them, and nothing removes them")
    }

    pub(crate) fn settings(&self) -> Settings {
        self.settings.get().expect("`new` has set them, and nothing removes them")
    }

    fn holding(&self, account: AccountId) -> Holding {
        self.holdings.get(account).unwrap_or_default()
    }

    /// The account where what is sent to `account` goes, and what it has. Every step is a key that replaced
    /// another and was new then, so that they come to an end.
    fn resolve(&self, mut account: AccountId) -> (AccountId, Holding) {
        loop {
            let holding = self.holding(account);
            match holding.moved_to {
                Some(next) => account = next,
                None => return (account, holding),
            }
        }
    }

    /// Where units go that are to move to `to`, and what that account and `from` have.
    fn parties(
        &self,
        from: AccountId,
        to: AccountId,
    ) -> Result<(AccountId, (Holding, Holding)), PSP22Error> {
        let from = self.holding(from);
        check_spends(from)?;
        let (account, to) = self.resolve(to);
        if from.frozen || to.frozen {
            return Err(frozen());
        }
        Ok((account, (from, to)))
    }

    fn store(&mut self, account: AccountId, holding: &Holding) {
        if *holding == Holding::default() {
            self.holdings.remove(account);
        } else {
            self.holdings.insert(account, holding);
        }
    }

    fn store_move(
        &mut self,
        from: AccountId,
        to: AccountId,
        value: u128,
        after: (Holding, Holding),
    ) -> TokenEvent {
        self.store(from, &after.0);
        self.store(to, &after.1);
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

/// Whether who has this may spend it, and no key took it over.
fn check_spends(holding: Holding) -> Result<(), PSP22Error> {
    if holding.moved_to.is_some() {
        return Err(replaced());
    }
    Ok(())
}

/// What sender and recipient, two different accounts, have after a transfer.
fn moved(
    (mut from, mut to): (Holding, Holding),
    value: u128,
) -> Result<(Holding, Holding), PSP22Error> {
    from.balance = from.balance.checked_sub(value).ok_or(PSP22Error::InsufficientBalance)?;
    to.balance = to
        .balance
        .checked_add(value)
        .expect("two balances add up to no more than the supply, which is a u128");
    Ok((from, to))
}
