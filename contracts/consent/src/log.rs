//! The log of access decisions: one list an owner, each entry linked to the one before by its hash.

use crate::errors::ConsentError;
use assent_events::{consent::AccessDecided, Decision, Hash};
use ink::{
    env::hash::{Blake2x256, CryptoHash},
    prelude::vec::Vec,
    primitives::AccountId,
    scale::Encode,
    storage::{traits::ManualKey, Lazy, Mapping},
};

/// Most entries of a page; they fit into the 16 KiB that a message may return.
pub const MAX_PAGE: u32 = 32;

/// The end of an owner's log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct LogHead {
    /// Number of entries, which is the sequence number of the latest.
    pub sequence: u64,
    /// Hash of the latest entry; zero when there is none.
    pub hash: Hash,
}

/// A decision on an access to the data of an owner.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct LogEntry {
    /// Who asked.
    pub requester: AccountId,
    /// Number of the decision over all owners; counts from 1.
    pub access: u64,
    /// Number of the decision in the log of this owner; counts from 1.
    pub sequence: u64,
    /// Index in [`assent_events::purpose`].
    pub purpose: u8,
    /// Index in [`assent_events::category`].
    pub category: u8,
    /// The grant that was applied; `None` when there was none.
    pub grant: Option<u64>,
    /// Permit, or deny with the reason.
    pub decision: Decision,
    /// Block time, ms since 1970.
    pub at: u64,
    /// Hash of the entry before; zero for the first.
    pub previous: Hash,
    /// Hash of this entry.
    pub entry: Hash,
}

/// What is to be logged.
#[derive(Debug, Clone)]
pub struct Access {
    /// Whose data.
    pub owner: AccountId,
    /// Who asked.
    pub requester: AccountId,
    /// Index of the purpose.
    pub purpose: u8,
    /// Index of the category.
    pub category: u8,
    /// The grant that was applied.
    pub grant: Option<u64>,
    /// What was decided.
    pub decision: Decision,
    /// Block time, ms since 1970.
    pub at: u64,
}

/// The logs of all owners.
#[ink::storage_item]
#[derive(Debug)]
pub struct Log {
    /// Number of the latest decision over all owners.
    last_access: Lazy<u64, ManualKey<0x636f_0101>>,
    heads: Mapping<AccountId, LogHead, ManualKey<0x636f_0102>>,
    entries: Mapping<(AccountId, u64), LogEntry, ManualKey<0x636f_0103>>,
}

impl Log {
    /// Without any entry.
    pub fn new() -> Self {
        Self { last_access: Lazy::new(), heads: Mapping::new(), entries: Mapping::new() }
    }

    /// Appends an entry to the log of the access's owner. Costs the same however long it is.
    pub fn append(&mut self, access: Access) -> Result<AccessDecided, ConsentError> {
        let next = |number: u64| number.checked_add(1).ok_or(ConsentError::TooMany);
        let number = next(self.last_access.get_or_default())?;
        let head = self.head(access.owner);
        let sequence = next(head.sequence)?;
        let event = AccessDecided {
            owner: access.owner,
            requester: access.requester,
            access: number,
            sequence,
            purpose: access.purpose,
            category: access.category,
            grant: access.grant,
            decision: access.decision,
            at: access.at,
            previous: head.hash,
            entry: [0; 32],
        };
        let event = AccessDecided { entry: entry_hash(&event), ..event };

        self.last_access.set(&number);
        let head = LogHead { sequence, hash: event.entry };
        self.heads.insert(event.owner, &head);
        let entry = LogEntry {
            requester: event.requester,
            access: event.access,
            sequence,
            purpose: event.purpose,
            category: event.category,
            grant: event.grant,
            decision: event.decision,
            at: event.at,
            previous: event.previous,
            entry: event.entry,
        };
        self.entries.insert((event.owner, sequence), &entry);
        Ok(event)
    }

    /// The end of the log of `owner`.
    pub fn head(&self, owner: AccountId) -> LogHead {
        self.heads.get(owner).unwrap_or_default()
    }

    /// At most `limit` entries, and never more than [`MAX_PAGE`], from a sequence number on.
    pub fn page(&self, owner: AccountId, from_sequence: u64, limit: u32) -> Vec<LogEntry> {
        let first = from_sequence.max(1);
        let after = first.saturating_add(u64::from(limit.min(MAX_PAGE)));
        (first..after).map_while(|sequence| self.entries.get((owner, sequence))).collect()
    }
}

impl Default for Log {
    fn default() -> Self {
        Self::new()
    }
}

/// The hash of a log entry, over all that the event holds but the hash itself; the order is written
/// down with the event.
pub fn entry_hash(event: &AccessDecided) -> Hash {
    let fields = (
        event.previous,
        event.owner,
        event.requester,
        event.access,
        event.sequence,
        event.purpose,
        event.category,
        event.grant,
        event.decision,
        event.at,
    );
    let mut hash = [0; 32];
    Blake2x256::hash(&fields.encode(), &mut hash);
    hash
}
