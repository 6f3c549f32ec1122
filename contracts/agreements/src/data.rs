//! What the agreements contract keeps. The rules stand in [`crate::proposals`] and [`crate::erasures`].

use crate::erasures::Erasure;
use crate::errors::AgreementsError;
use crate::proposals::Proposal;
use assent_events::agreements::GuardianActed;
use ink::{
    primitives::AccountId,
    storage::{traits::ManualKey, Lazy, Mapping},
};

pub use assent_interface::agreements::{MAX_OPEN, MAX_RETENTION};

/// Version of the layout of the storage.
pub const SCHEMA_VERSION: u32 = 1;

/// How long things take, milliseconds. Never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Times {
    /// How long a handover of the administrator and a replacement of the code wait.
    pub delay: u64,
    /// From a request for erasure until its answer is overdue: from 1 to [`MAX_OPEN`].
    pub answer: u64,
}

/// All but the government of the contract.
#[ink::storage_item]
#[derive(Debug)]
pub struct Data {
    pub(crate) times: Lazy<Times, ManualKey<0x6167_0001>>,

    /// Number of the latest proposal; the first is 1.
    pub(crate) last_proposal: Lazy<u64, ManualKey<0x6167_0101>>,
    pub(crate) proposals: Mapping<u64, Proposal, ManualKey<0x6167_0102>>,

    /// Number of the latest request for erasure; the first is 1.
    pub(crate) last_erasure: Lazy<u64, ManualKey<0x6167_0201>>,
    pub(crate) erasures: Mapping<u64, Erasure, ManualKey<0x6167_0202>>,
    /// From an owner to a requester: the number of the latest.
    pub(crate) latest_erasure: Mapping<(AccountId, AccountId), u64, ManualKey<0x6167_0203>>,
}

impl Data {
    /// Without any proposal or request. Who governs checks the delay.
    pub fn new(times: Times) -> Result<Self, AgreementsError> {
        if times.answer == 0 || times.answer > MAX_OPEN {
            return Err(AgreementsError::InvalidTimes);
        }
        let mut data = Self {
            times: Lazy::new(),
            last_proposal: Lazy::new(),
            proposals: Mapping::new(),
            last_erasure: Lazy::new(),
            erasures: Mapping::new(),
            latest_erasure: Mapping::new(),
        };
        data.times.set(&times);
        Ok(data)
    }

    /// How long things take.
    pub fn times(&self) -> Times {
        self.times.get().expect("`new` has set it, and nothing removes it")
    }
}

/// Says that `caller` did it as a guardian of `owner`, if he did.
pub(crate) fn acted(caller: AccountId, owner: AccountId, now: u64) -> Option<GuardianActed> {
    (caller != owner).then_some(GuardianActed { owner, guardian: caller, at: now })
}

/// The number after `number`.
pub(crate) fn next(number: u64) -> Result<u64, AgreementsError> {
    number.checked_add(1).ok_or(AgreementsError::TooMany)
}
