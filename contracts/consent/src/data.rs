//! What the consent contract keeps, and what its rules share. The rules stand by feature:
//! [`crate::grants`], [`crate::delegation`], [`crate::denial`], [`crate::choices`],
//! [`crate::emergency`], [`crate::decision`], [`crate::log`]; [`crate::guardians`] says who acts for an
//! owner.

use crate::choices::Owner;
use crate::delegation::Delegation;
use crate::denial::Denial;
use crate::emergency::Window;
use crate::errors::ConsentError;
use crate::grants::{Grant, Pair};
use crate::guardians::Acting;
use crate::log::Log;
use assent_events::consent::AllRevoked;
use ink::{
    prelude::vec::Vec,
    primitives::AccountId,
    storage::{traits::ManualKey, Lazy, Mapping},
};

/// Version of the layout of the storage.
pub const SCHEMA_VERSION: u32 = 1;
/// The longest time that a broken glass stays open, milliseconds: 7 days.
pub const MAX_WINDOW: u64 = 7 * DAY;
/// The longest time for a review, milliseconds: 90 days.
pub const MAX_REVIEW: u64 = 90 * DAY;
/// The longest time that a key waits after a patient closed its window, milliseconds: 24 hours.
pub const MAX_COOLDOWN: u64 = DAY;

const DAY: u64 = 24 * 60 * 60 * 1_000;

/// How long things take, milliseconds. Never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Times {
    /// How long a handover of the administrator and a replacement of the code wait.
    pub delay: u64,
    /// How long a broken glass stays open: from 1 to [`MAX_WINDOW`].
    pub window: u64,
    /// From the opening until the review is overdue: from `window` to [`MAX_REVIEW`].
    pub review: u64,
    /// How long a key waits to break the glass again after the patient closed its window: from
    /// 0 to [`MAX_COOLDOWN`].
    pub cooldown: u64,
}

/// From one account to another: the owner comes first.
pub(crate) type Between = (AccountId, AccountId);

/// All but the government of the contract.
#[ink::storage_item]
#[derive(Debug)]
pub struct Data {
    pub(crate) times: Lazy<Times, ManualKey<0x636f_0001>>,
    /// What deciding needs of an owner, whoever asks; there is none that says nothing.
    pub(crate) owners: Mapping<AccountId, Owner, ManualKey<0x636f_0002>>,

    /// Number of the latest grant; the first is 1.
    pub(crate) last_grant: Lazy<u64, ManualKey<0x636f_0101>>,
    pub(crate) grants: Mapping<u64, Grant, ManualKey<0x636f_0102>>,
    /// From an owner to a grantee: what deciding needs.
    pub(crate) pairs: Mapping<Between, Pair, ManualKey<0x636f_0103>>,
    /// How many grants an owner gave.
    pub(crate) counts: Mapping<AccountId, u64, ManualKey<0x636f_0104>>,
    /// Number of an owner's nth grant, from 0.
    pub(crate) index: Mapping<(AccountId, u64), u64, ManualKey<0x636f_0105>>,

    /// From an owner to a delegate.
    pub(crate) delegations: Mapping<Between, Delegation, ManualKey<0x636f_0201>>,
    /// From an owner to a requester, by purpose, his own and his guardians'; there is no empty list.
    pub(crate) denials: Mapping<Between, Vec<Denial>, ManualKey<0x636f_0202>>,
    /// Up to which number the grants are revoked that a delegate gave for an owner.
    pub(crate) marks: Mapping<Between, u64, ManualKey<0x636f_0203>>,

    /// Number of the latest window; the first is 1.
    pub(crate) last_window: Lazy<u64, ManualKey<0x636f_0301>>,
    pub(crate) windows: Mapping<u64, Window, ManualKey<0x636f_0302>>,
    /// Number of the latest window of a provider on a patient.
    pub(crate) latest_window: Mapping<(AccountId, AccountId), u64, ManualKey<0x636f_0303>>,
    /// The window for which a key may not break the glass.
    pub(crate) bars: Mapping<AccountId, u64, ManualKey<0x636f_0304>>,
    /// Number of the latest window that a key opened on a patient, for whichever provider.
    pub(crate) latest_of_key: Mapping<(AccountId, AccountId), u64, ManualKey<0x636f_0305>>,

    pub(crate) log: Log,
}

impl Data {
    /// Without any grant. Who governs checks the delay.
    pub fn new(times: Times) -> Result<Self, ConsentError> {
        let window = 1..=MAX_WINDOW;
        let review = times.window..=MAX_REVIEW;
        if !window.contains(&times.window)
            || !review.contains(&times.review)
            || times.cooldown > MAX_COOLDOWN
        {
            return Err(ConsentError::InvalidTimes);
        }
        let mut data = Self {
            times: Lazy::new(),
            owners: Mapping::new(),
            last_grant: Lazy::new(),
            grants: Mapping::new(),
            pairs: Mapping::new(),
            counts: Mapping::new(),
            index: Mapping::new(),
            delegations: Mapping::new(),
            denials: Mapping::new(),
            marks: Mapping::new(),
            last_window: Lazy::new(),
            windows: Mapping::new(),
            latest_window: Mapping::new(),
            bars: Mapping::new(),
            latest_of_key: Mapping::new(),
            log: Log::new(),
        };
        data.times.set(&times);
        Ok(data)
    }

    /// Voids every grant and every delegation of the owner, whoever he is; what he denies and chose
    /// stays.
    pub fn revoke_all(&mut self, acting: Acting, now: u64) -> Result<AllRevoked, ConsentError> {
        let owner = acting.owner;
        let mut own = self.owner(owner);
        let epoch = own.epoch.checked_add(1).ok_or(ConsentError::TooMany)?;
        own.epoch = epoch;
        self.set_owner(owner, &own);
        Ok(AllRevoked { owner, epoch, at: now })
    }

    /// The epoch of `owner`.
    pub fn epoch(&self, owner: AccountId) -> u32 {
        self.owner(owner).epoch
    }

    /// How long things take.
    pub fn times(&self) -> Times {
        self.times.get().expect("`new` has set it, and nothing removes it")
    }

    /// The log of decisions.
    pub fn log(&self) -> &Log {
        &self.log
    }
}

/// Whether two masks hold something.
pub(crate) fn check_masks(purposes: u32, categories: u32) -> Result<(), ConsentError> {
    if purposes == 0 || categories == 0 {
        return Err(ConsentError::EmptyMask);
    }
    Ok(())
}

/// The number after `number`.
pub(crate) fn next(number: u64) -> Result<u64, ConsentError> {
    number.checked_add(1).ok_or(ConsentError::TooMany)
}
