//! Values of consent.

use super::{blake2b, Account, Hash, Terms};
use assent_interface::{consent::Record, Decision, Outcome};
use parity_scale_codec::{Decode, Encode};

/// A grant on record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Grant {
    /// Whose data.
    pub owner: Account,
    /// Who may ask.
    pub grantee: Account,
    /// Mask.
    pub purposes: u32,
    /// Mask.
    pub categories: u32,
    /// First valid moment.
    pub from: u64,
    /// First moment at which it is over.
    pub until: u64,
    /// How many permits, `None`: no limit.
    pub max_uses: Option<u32>,
    /// The record that it is for.
    pub record: Record,
    /// Hash of the policy.
    pub policy: Hash,
    /// From 1.
    pub version: u32,
    /// The owner's epoch in which it was granted.
    pub epoch: u32,
    /// Permits so far.
    pub uses: u32,
    /// Whether it was revoked by itself.
    pub revoked: bool,
    /// Who gave it: the owner, a guardian or a delegate.
    pub by: Account,
    /// The owner's guardianship in which a guardian gave it, if one did.
    pub guardianship: Option<u32>,
}

impl Grant {
    /// Whether a delegate gave it.
    pub fn is_delegates(&self) -> bool {
        self.by != self.owner && self.guardianship.is_none()
    }
}

/// As the owner grants it in his first epoch.
impl From<Terms> for Grant {
    fn from(terms: Terms) -> Self {
        let Terms { owner, grantee, purposes, categories, from, until, max_uses, record, policy } =
            terms;
        Self {
            owner,
            grantee,
            purposes,
            categories,
            from,
            until,
            max_uses,
            record: record.map_or(Record::All, Record::One),
            policy,
            version: 1,
            epoch: 0,
            uses: 0,
            revoked: false,
            by: owner,
            guardianship: None,
        }
    }
}

/// What a delegate may do for an owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Delegation {
    /// Mask.
    pub purposes: u32,
    /// Mask.
    pub categories: u32,
    /// First moment at which it is over.
    pub until: u64,
    /// The owner's epoch in which it was given.
    pub epoch: u32,
}

/// What an owner denies everybody whom he does not except.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Restriction {
    /// Mask.
    pub purposes: u32,
    /// Mask.
    pub categories: u32,
    /// Whom it does not concern.
    pub except: Vec<Account>,
    /// Whether a guardian made it, so that no broken glass minds it.
    pub by_guardian: bool,
}

/// What an owner chose that concerns more than one requester.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
pub struct Choices {
    /// Whether no broken glass counts.
    pub refuses_emergencies: bool,
    /// What he denies everybody, with exceptions.
    pub restriction: Option<Restriction>,
}

/// A broken glass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Window {
    /// For whom it was broken.
    pub provider: Account,
    /// Whose data.
    pub patient: Account,
    /// The key that broke it: the provider's own, or that of one of his staff.
    pub by: Account,
    /// Commitment to who of the staff holds it.
    pub person: Option<Hash>,
    /// Commitment to why.
    pub justification: Hash,
    /// When.
    pub opened: u64,
    /// First moment at which it is over.
    pub until: u64,
    /// First moment at which a missing review is overdue.
    pub review_by: u64,
    /// When it was closed before its time.
    pub closed: Option<u64>,
    /// Who closed it then.
    pub closed_by: Option<Account>,
    /// The review.
    pub outcome: Option<Outcome>,
    /// Whether the provider's suspension was proposed.
    pub sanctioned: bool,
}

impl Window {
    /// Whether it is open.
    pub fn is_open(&self, now: u64) -> bool {
        self.closed.is_none() && self.opened <= now && now < self.until
    }
}

/// An access that somebody asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request {
    /// For whom is asked.
    pub requester: Account,
    /// Whose data.
    pub owner: Account,
    /// The grant that is named.
    pub grant: Option<u64>,
    /// The record that is meant; `None`: none in particular.
    pub record: Option<Hash>,
    /// For what.
    pub purpose: u8,
    /// Which data.
    pub category: u8,
}

/// An entry in an owner's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct LogEntry {
    /// For whom was asked.
    pub requester: Account,
    /// The key that asked: his own, or that of one of his staff.
    pub by: Account,
    /// Commitment to who of the staff holds it.
    pub person: Option<Hash>,
    /// Number over all owners, from 1.
    pub access: u64,
    /// Number in this log, from 1.
    pub sequence: u64,
    /// For what.
    pub purpose: u8,
    /// Which data.
    pub category: u8,
    /// Which record.
    pub record: Option<Hash>,
    /// The grant that was looked at.
    pub grant: Option<u64>,
    /// The broken glass that permitted it.
    pub window: Option<u64>,
    /// Yes or no.
    pub decision: Decision,
    /// When.
    pub at: u64,
}

impl LogEntry {
    /// What the chain of hashes runs over.
    pub fn content(&self, domain: Hash, owner: Account) -> Hash {
        // The entry's fields are what follows the owner in the hashed tuple.
        blake2b(&(domain, owner, self).encode())
    }
}

/// What an account asked for that was never admitted. The contract keeps no more of it than a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct OutsiderEntry {
    /// Who asked.
    pub requester: Account,
    /// Whose data.
    pub owner: Account,
    /// Number among these, from 1.
    pub sequence: u64,
    /// For what.
    pub purpose: u8,
    /// Which data.
    pub category: u8,
    /// Which record.
    pub record: Option<Hash>,
    /// When.
    pub at: u64,
}

impl OutsiderEntry {
    /// What the chain of hashes runs over.
    pub fn content(&self, domain: Hash) -> Hash {
        // The fields are what follows the domain in the hashed tuple.
        blake2b(&(domain, self).encode())
    }
}
