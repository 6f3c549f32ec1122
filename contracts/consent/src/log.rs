//! The log of access decisions: one list an owner. Its head after an entry is the hash of the head
//! before and of the entry's content, so that whoever knows one head and the digests of the contents
//! that follow can tell whether a later head continues it.

use crate::data::next;
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
pub const MAX_ENTRIES: u32 = 32;
/// Most digests of a page; they fit into the 16 KiB that a message may return.
pub const MAX_DIGESTS: u32 = 256;

/// The end of an owner's log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct LogHead {
    /// Number of entries, which is the sequence number of the latest.
    pub sequence: u64,
    /// The chain of all of them; zero when there is none.
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
    /// The emergency window that permitted it; `None` when none did.
    pub window: Option<u64>,
    /// Permit, or deny with the reason.
    pub decision: Decision,
    /// Block time, ms since 1970.
    pub at: u64,
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
    /// The emergency window that permitted it.
    pub window: Option<u64>,
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
    last_access: Lazy<u64, ManualKey<0x636f_0401>>,
    heads: Mapping<AccountId, LogHead, ManualKey<0x636f_0402>>,
    entries: Mapping<(AccountId, u64), LogEntry, ManualKey<0x636f_0403>>,
}

impl Log {
    /// Without any entry.
    pub fn new() -> Self {
        Self { last_access: Lazy::new(), heads: Mapping::new(), entries: Mapping::new() }
    }

    /// Appends an entry to the log of the access's owner. Costs the same however long it is.
    pub fn append(&mut self, access: Access) -> Result<AccessDecided, ConsentError> {
        let number = next(self.last_access.get_or_default())?;
        let previous = self.head(access.owner);
        let entry = LogEntry {
            requester: access.requester,
            access: number,
            sequence: next(previous.sequence)?,
            purpose: access.purpose,
            category: access.category,
            grant: access.grant,
            window: access.window,
            decision: access.decision,
            at: access.at,
        };
        let content = content(access.owner, &entry);
        let head = LogHead { sequence: entry.sequence, hash: chain(previous.hash, content) };

        self.last_access.set(&number);
        self.heads.insert(access.owner, &head);
        self.entries.insert((access.owner, entry.sequence), &entry);
        Ok(AccessDecided {
            owner: access.owner,
            requester: entry.requester,
            access: entry.access,
            sequence: entry.sequence,
            purpose: entry.purpose,
            category: entry.category,
            grant: entry.grant,
            window: entry.window,
            decision: entry.decision,
            at: entry.at,
            previous: previous.hash,
            content,
            head: head.hash,
        })
    }

    /// The end of the log of `owner`.
    pub fn head(&self, owner: AccountId) -> LogHead {
        self.heads.get(owner).unwrap_or_default()
    }

    /// At most `limit` entries, and never more than [`MAX_ENTRIES`], from a sequence number on.
    pub fn page(&self, owner: AccountId, from_sequence: u64, limit: u32) -> Vec<LogEntry> {
        self.entries_from(owner, from_sequence, limit.min(MAX_ENTRIES)).collect()
    }

    /// The digests of the contents of at most `limit` entries, and never more than
    /// [`MAX_DIGESTS`], from a sequence number on.
    pub fn digests(&self, owner: AccountId, from_sequence: u64, limit: u32) -> Vec<Hash> {
        self.entries_from(owner, from_sequence, limit.min(MAX_DIGESTS))
            .map(|entry| content(owner, &entry))
            .collect()
    }

    /// Puts the ends of the numbers where a test wants them.
    #[cfg(test)]
    pub(crate) fn set_ends(&mut self, last_access: u64, owner: AccountId, head: &LogHead) {
        self.last_access.set(&last_access);
        self.heads.insert(owner, head);
    }

    fn entries_from(
        &self,
        owner: AccountId,
        from_sequence: u64,
        limit: u32,
    ) -> impl Iterator<Item = LogEntry> + '_ {
        let first = from_sequence.max(1);
        let after = first.saturating_add(u64::from(limit));
        (first..after).map_while(move |sequence| self.entries.get((owner, sequence)))
    }
}

impl Default for Log {
    fn default() -> Self {
        Self::new()
    }
}

/// The digest of an entry in the log of `owner`; the order of the fields is written down with the
/// event.
pub fn content(owner: AccountId, entry: &LogEntry) -> Hash {
    let fields = (
        owner,
        entry.requester,
        entry.access,
        entry.sequence,
        entry.purpose,
        entry.category,
        entry.grant,
        entry.window,
        entry.decision,
        entry.at,
    );
    blake2(&fields.encode())
}

/// The head that follows `previous` when an entry with this content is appended.
pub fn chain(previous: Hash, content: Hash) -> Hash {
    // SCALE puts arrays of a fixed length one after the other, with nothing in between.
    blake2(&(previous, content).encode())
}

fn blake2(bytes: &[u8]) -> Hash {
    let mut hash = [0; 32];
    Blake2x256::hash(bytes, &mut hash);
    hash
}
