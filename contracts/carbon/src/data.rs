//! The rules of carbon batches.

use crate::errors::CarbonError;
use assent_events::{
    carbon::{BatchIssued, Retired, Transferred},
    Hash,
};
use ink::{
    primitives::AccountId,
    storage::{traits::ManualKey, Lazy, Mapping},
};

/// A batch of credits. Units equal serial numbers: each unit has one.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Batch {
    /// Commitment to the project's documents.
    pub project: Hash,
    /// First serial number.
    pub serial_start: u128,
    /// Last serial number, inclusive.
    pub serial_end: u128,
    /// Start of the vintage, ms since 1970.
    pub vintage_start: u64,
    /// End of the vintage, ms since 1970.
    pub vintage_end: u64,
    /// Units issued.
    pub issued: u128,
    /// Units of it that were retired.
    pub retired: u128,
}

/// What an account holds of a batch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Holding {
    /// Units that it may transfer or retire.
    pub tradable: u128,
    /// Units that it retired.
    pub retired: u128,
}

/// What the registry wants to issue.
#[derive(Debug, Clone)]
pub struct NewBatch {
    /// First holder.
    pub to: AccountId,
    /// Commitment to the project's documents.
    pub project: Hash,
    /// Start of the vintage, ms since 1970.
    pub vintage_start: u64,
    /// End of the vintage, ms since 1970.
    pub vintage_end: u64,
    /// Units.
    pub amount: u128,
}

impl NewBatch {
    /// Whether the input makes sense by itself.
    pub fn check(&self) -> Result<(), CarbonError> {
        if self.vintage_end <= self.vintage_start {
            return Err(CarbonError::InvalidVintage);
        }
        if self.amount == 0 {
            return Err(CarbonError::ZeroAmount);
        }
        Ok(())
    }
}

/// Batches and holdings.
#[ink::storage_item]
#[derive(Debug)]
pub struct Data {
    /// Number of the latest batch; the first is 1.
    last_batch: Lazy<u64, ManualKey<0x6361_0001>>,
    /// Latest serial number in use; the first is 1.
    last_serial: Lazy<u128, ManualKey<0x6361_0002>>,
    batches: Mapping<u64, Batch, ManualKey<0x6361_0003>>,
    holdings: Mapping<(u64, AccountId), Holding, ManualKey<0x6361_0004>>,
}

impl Data {
    /// Without any batch.
    pub fn new() -> Self {
        Self {
            last_batch: Lazy::new(),
            last_serial: Lazy::new(),
            batches: Mapping::new(),
            holdings: Mapping::new(),
        }
    }

    /// Issues a batch; the shell has checked that the registry asks. `admitted` is what the
    /// participants contract says of the recipient.
    pub fn issue(&mut self, admitted: bool, new: NewBatch) -> Result<BatchIssued, CarbonError> {
        new.check()?;
        if !admitted {
            return Err(CarbonError::NotAdmitted);
        }
        let exhausted = CarbonError::SerialsExhausted;
        let last_serial = self.last_serial.get_or_default();
        let serial_end = last_serial.checked_add(new.amount).ok_or(exhausted)?;
        let serial_start = last_serial.checked_add(1).ok_or(exhausted)?;
        let number = self.last_batch.get_or_default().checked_add(1).ok_or(exhausted)?;

        self.last_batch.set(&number);
        self.last_serial.set(&serial_end);
        let batch = Batch {
            project: new.project,
            serial_start,
            serial_end,
            vintage_start: new.vintage_start,
            vintage_end: new.vintage_end,
            issued: new.amount,
            retired: 0,
        };
        self.batches.insert(number, &batch);
        let holding = Holding { tradable: new.amount, retired: 0 };
        self.holdings.insert((number, new.to), &holding);
        Ok(BatchIssued {
            batch: number,
            to: new.to,
            project: new.project,
            serial_start,
            serial_end,
            vintage_start: new.vintage_start,
            vintage_end: new.vintage_end,
            amount: new.amount,
        })
    }

    /// Moves units of `caller`; `admitted` is what the participants contract says of both sides.
    pub fn transfer(
        &mut self,
        caller: AccountId,
        admitted: bool,
        batch: u64,
        to: AccountId,
        amount: u128,
    ) -> Result<Transferred, CarbonError> {
        if !admitted {
            return Err(CarbonError::NotAdmitted);
        }
        if amount == 0 {
            return Err(CarbonError::ZeroAmount);
        }
        if caller == to {
            return Err(CarbonError::SelfTransfer);
        }
        if !self.batches.contains(batch) {
            return Err(CarbonError::UnknownBatch);
        }
        let mut seller = self.balance_of(batch, caller);
        let mut buyer = self.balance_of(batch, to);
        seller.tradable =
            seller.tradable.checked_sub(amount).ok_or(CarbonError::InsufficientBalance)?;
        buyer.tradable = buyer
            .tradable
            .checked_add(amount)
            .expect("holdings of a batch add up to what was issued, which is a u128");

        self.holdings.insert((batch, caller), &seller);
        self.holdings.insert((batch, to), &buyer);
        Ok(Transferred { batch, from: caller, to, amount })
    }

    /// Retires units of `caller`.
    pub fn retire(
        &mut self,
        caller: AccountId,
        id: u64,
        amount: u128,
        reason: Hash,
    ) -> Result<Retired, CarbonError> {
        if amount == 0 {
            return Err(CarbonError::ZeroAmount);
        }
        let mut batch = self.batches.get(id).ok_or(CarbonError::UnknownBatch)?;
        let mut holding = self.balance_of(id, caller);
        holding.tradable =
            holding.tradable.checked_sub(amount).ok_or(CarbonError::InsufficientBalance)?;
        let retired_of = |retired: u128| {
            retired
                .checked_add(amount)
                .expect("retired units of a batch are part of those issued, which are a u128")
        };
        holding.retired = retired_of(holding.retired);
        batch.retired = retired_of(batch.retired);

        self.batches.insert(id, &batch);
        self.holdings.insert((id, caller), &holding);
        Ok(Retired { batch: id, owner: caller, amount, reason })
    }

    /// A batch by number.
    pub fn batch(&self, id: u64) -> Option<Batch> {
        self.batches.get(id)
    }

    /// What `owner` holds of a batch.
    pub fn balance_of(&self, batch: u64, owner: AccountId) -> Holding {
        self.holdings.get((batch, owner)).unwrap_or_default()
    }
}

impl Default for Data {
    fn default() -> Self {
        Self::new()
    }
}
