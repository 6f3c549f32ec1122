//! The log of access decisions: one list an owner. Its head after an entry is the hash of the head
//! before and of the entry's content, so that whoever knows one head and the digests of the contents
//! that follow can tell whether a later head continues it. Every content covers the contract and its
//! chain, so that no entry can pass for one of another log.
//!
//! Who was never admitted appends to no owner's log: his refusals are counted and chained in one of
//! the contract, without entries.

use crate::data::next;
use crate::decision::Request;
use crate::errors::ConsentError;
use assent_events::{
    consent::{AccessDecided, OutsiderRefused},
    Decision, Hash,
};
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

/// The end of a log.
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
    /// For whom was asked.
    pub requester: AccountId,
    /// The key that asked: the requester's own, or that of one of its staff.
    pub by: AccountId,
    /// The commitment to the person of the staff who holds the key; `None`: it is the requester's own.
    pub person: Option<Hash>,
    /// Number of the decision over all owners; counts from 1.
    pub access: u64,
    /// Number of the decision in the log of this owner; counts from 1.
    pub sequence: u64,
    /// Index in [`assent_events::purpose`].
    pub purpose: u8,
    /// Index in [`assent_events::category`].
    pub category: u8,
    /// The record that was asked for; `None`: none in particular.
    pub record: Option<Hash>,
    /// The grant that was applied; `None` when there was none.
    pub grant: Option<u64>,
    /// The emergency window that permitted it; `None` when none did.
    pub window: Option<u64>,
    /// Permit, or deny with the reason.
    pub decision: Decision,
    /// Block time, ms since 1970.
    pub at: u64,
}

/// What was decided on a request.
#[derive(Debug, Clone)]
pub struct Access {
    /// The request.
    pub request: Request,
    /// The key that asked.
    pub by: AccountId,
    /// The commitment to the person of the staff who holds it.
    pub person: Option<Hash>,
    /// The grant that was applied.
    pub grant: Option<u64>,
    /// The emergency window that permitted it.
    pub window: Option<u64>,
    /// What was decided.
    pub decision: Decision,
    /// Block time, ms since 1970.
    pub at: u64,
}

/// Where the next entry of an owner's log goes.
#[derive(Debug, Clone)]
pub struct Place {
    /// The number of its decision over all owners.
    pub access: u64,
    /// The end of the log before it.
    pub previous: LogHead,
    /// Its number in the log.
    pub sequence: u64,
}

/// The logs of all owners, and that of the refusals which are in none of them.
#[ink::storage_item]
#[derive(Debug)]
pub struct Log {
    /// Number of the latest decision over all owners.
    last_access: Lazy<u64, ManualKey<0x636f_0401>>,
    heads: Mapping<AccountId, LogHead, ManualKey<0x636f_0402>>,
    entries: Mapping<(AccountId, u64), LogEntry, ManualKey<0x636f_0403>>,
    refusals: Lazy<LogHead, ManualKey<0x636f_0404>>,
}

impl Log {
    /// Without any entry.
    pub fn new() -> Self {
        Self {
            last_access: Lazy::new(),
            heads: Mapping::new(),
            entries: Mapping::new(),
            refusals: Lazy::new(),
        }
    }

    /// Where the next entry of the log of `owner` goes, if there are numbers left for it.
    pub fn place(&self, owner: AccountId) -> Result<Place, ConsentError> {
        let access = next(self.last_access.get_or_default())?;
        let previous = self.head(owner);
        let sequence = next(previous.sequence)?;
        Ok(Place { access, previous, sequence })
    }

    /// Appends an entry to the log of the request's owner, whose next place this is. Costs the same
    /// however long it is.
    pub fn append(&mut self, domain: Hash, place: Place, access: Access) -> AccessDecided {
        let Place { access: number, previous, sequence } = place;
        let Access { request, by, person, grant, window, decision, at } = access;
        let Request { requester, owner, record, purpose, category, .. } = request;
        let entry = LogEntry {
            requester,
            by,
            person,
            access: number,
            sequence,
            purpose,
            category,
            record,
            grant,
            window,
            decision,
            at,
        };
        let content = content(domain, owner, &entry);
        let head = LogHead { sequence, hash: chain(previous.hash, content) };

        self.last_access.set(&number);
        self.heads.insert(owner, &head);
        self.entries.insert((owner, sequence), &entry);
        AccessDecided {
            owner,
            requester,
            by,
            person,
            access: number,
            sequence,
            purpose,
            category,
            record,
            grant,
            window,
            decision,
            at,
            previous: previous.hash,
            content,
            head: head.hash,
        }
    }

    /// Appends a refusal of somebody who was never admitted to the contract's log of them.
    pub fn refuse(
        &mut self,
        domain: Hash,
        now: u64,
        request: &Request,
    ) -> Result<OutsiderRefused, ConsentError> {
        let Request { requester, owner, record, purpose, category, .. } = *request;
        let previous = self.refusals();
        let sequence = next(previous.sequence)?;
        let fields = (domain, requester, owner, sequence, purpose, category, record, now);
        let content = blake2(&fields.encode());
        let head = LogHead { sequence, hash: chain(previous.hash, content) };

        self.refusals.set(&head);
        Ok(OutsiderRefused {
            requester,
            owner,
            sequence,
            purpose,
            category,
            record,
            at: now,
            previous: previous.hash,
            content,
            head: head.hash,
        })
    }

    /// The end of the log of those who were never admitted.
    pub fn refusals(&self) -> LogHead {
        self.refusals.get_or_default()
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
    pub fn digests(
        &self,
        domain: Hash,
        owner: AccountId,
        from_sequence: u64,
        limit: u32,
    ) -> Vec<Hash> {
        self.entries_from(owner, from_sequence, limit.min(MAX_DIGESTS))
            .map(|entry| content(domain, owner, &entry))
            .collect()
    }

    /// Puts the ends of the numbers where a test wants them.
    #[cfg(test)]
    pub(crate) fn set_ends(&mut self, last_access: u64, owner: AccountId, head: &LogHead) {
        self.last_access.set(&last_access);
        self.heads.insert(owner, head);
    }

    /// Puts the end of the refusals where a test wants it.
    #[cfg(test)]
    pub(crate) fn set_refusals(&mut self, head: &LogHead) {
        self.refusals.set(head);
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
pub fn content(domain: Hash, owner: AccountId, entry: &LogEntry) -> Hash {
    let fields = (
        domain,
        owner,
        entry.requester,
        entry.by,
        entry.person,
        entry.access,
        entry.sequence,
        entry.purpose,
        entry.category,
        entry.record,
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
