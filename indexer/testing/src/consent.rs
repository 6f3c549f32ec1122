//! Events of the consent contract; those of emergencies are in [`crate::emergency`].

use assent_client::EmittedEvent;
use assent_client::bundle::blake2_256;
use subxt::ext::codec::{Encode, Output};

use crate::{account, event};

/// Terms of a grant: masks, times, and how often.
#[derive(Clone, Copy)]
#[expect(missing_docs, reason = "the fields are those of the event")]
pub struct Grant {
    pub grant: u64,
    pub owner: u8,
    pub grantee: u8,
    pub purposes: u32,
    pub categories: u32,
    pub from: u64,
    pub until: u64,
    pub max_uses: Option<u32>,
    /// The byte of its commitment; `None`: all records.
    pub record: Option<u8>,
    pub epoch: u32,
    pub by: u8,
}

impl Grant {
    /// For purpose 0 and category 3 from 10 to 20, given by the owner in epoch 0, of the record 0xdd.
    #[must_use]
    pub fn of(grant: u64, owner: u8, grantee: u8) -> Self {
        Self {
            grant,
            owner,
            grantee,
            purposes: 1,
            categories: 8,
            from: 10,
            until: 20,
            max_uses: None,
            record: Some(0xdd),
            epoch: 0,
            by: owner,
        }
    }

    /// It is given, under the policy 0xbb.
    #[must_use]
    pub fn event(&self) -> EmittedEvent {
        let parties = (self.grant, account(self.owner), account(self.grantee));
        let terms = (self.purposes, self.categories, self.from, self.until, self.max_uses);
        let record = self.record.map(|byte| [byte; 32]);
        let rest = (record, [0xbb_u8; 32], self.epoch, account(self.by));
        event("consent", "Granted", (parties, terms, rest))
    }
}

/// A grant of [`Grant::of`].
#[must_use]
pub fn granted(
    grant: u64,
    owner: u8,
    grantee: u8,
    max_uses: Option<u32>,
    epoch: u32,
    by: u8,
) -> EmittedEvent {
    Grant { max_uses, epoch, by, ..Grant::of(grant, owner, grantee) }.event()
}

/// New terms for a grant of owner 1: purposes 0 and 1, categories 0 and 1, from 11 to 30, under the
/// policy 0xb2, at 6,000 ms.
#[must_use]
pub fn amended(grant: u64, version: u32, max_uses: Option<u32>, by: u8) -> EmittedEvent {
    let masks = (3_u32, 3_u32, 11_u64, 30_u64, max_uses);
    let rest = ([0xb2_u8; 32], account(by), 6_000_u64);
    event("consent", "Amended", (grant, account(1), version, masks, rest))
}

/// A grant is revoked, at 7,000 ms.
#[must_use]
pub fn revoked(grant: u64, owner: u8, by: u8) -> EmittedEvent {
    revoked_at(grant, owner, by, 7_000)
}

/// A grant is revoked.
#[must_use]
pub fn revoked_at(grant: u64, owner: u8, by: u8, at: u64) -> EmittedEvent {
    event("consent", "Revoked", (grant, account(owner), account(by), at))
}

/// Everything is revoked, at 8,000 ms.
#[must_use]
pub fn all_revoked(owner: u8, epoch: u32) -> EmittedEvent {
    event("consent", "AllRevoked", (account(owner), epoch, 8_000_u64))
}

/// The link of a grant to its record is forgotten.
#[must_use]
pub fn link_erased(grant: u64, owner: u8) -> EmittedEvent {
    event("consent", "LinkErased", (grant, account(owner)))
}

/// A delegate for purpose 0 and category 1, for ever.
#[must_use]
pub fn delegate_set(owner: u8, delegate: u8, epoch: u32) -> EmittedEvent {
    delegate_set_until(owner, delegate, (1, 2), u64::MAX, epoch)
}

/// A delegate; `scope` is a mask of purposes and one of categories.
#[must_use]
pub fn delegate_set_until(
    owner: u8,
    delegate: u8,
    scope: (u32, u32),
    until: u64,
    epoch: u32,
) -> EmittedEvent {
    event("consent", "DelegateSet", (account(owner), account(delegate), scope, until, epoch))
}

/// A delegation is taken back; what the delegate gave stays.
#[must_use]
pub fn delegate_removed(owner: u8, delegate: u8) -> EmittedEvent {
    let revoked_up_to: Option<u64> = None;
    event("consent", "DelegateRemoved", (account(owner), account(delegate), revoked_up_to))
}

/// A delegation is taken back with the grants that the delegate gave, of those up to a number.
#[must_use]
pub fn delegate_removed_with(owner: u8, delegate: u8, revoked_up_to: u64) -> EmittedEvent {
    event("consent", "DelegateRemoved", (account(owner), account(delegate), Some(revoked_up_to)))
}

/// An owner denies; `scope` is a mask of purposes and one of categories.
#[must_use]
pub fn denied(owner: u8, requester: u8, scope: (u32, u32), at: u64) -> EmittedEvent {
    event("consent", "Denied", (account(owner), account(requester), scope, at))
}

/// A denial ends, as far as the masks of `scope` go.
#[must_use]
pub fn denial_lifted(owner: u8, requester: u8, scope: (u32, u32), at: u64) -> EmittedEvent {
    event("consent", "DenialLifted", (account(owner), account(requester), scope, at))
}

/// Account 8, which was never admitted, asks for data of account 1, at 6,000 ms; the refusal is the one
/// of this number and follows one with the head `previous`. The event and the head after it.
#[must_use]
pub fn outsider_refused(sequence: u64, previous: [u8; 32]) -> (EmittedEvent, [u8; 32]) {
    let content = [0x90 + u8::try_from(sequence).expect("few refusals"); 32];
    let head = blake2_256(&[previous, content].concat());
    let what = (sequence, 0_u8, 3_u8, None::<[u8; 32]>, 6_000_u64);
    let fields = (account(8), account(1), what, previous, content, head);
    (event("consent", "OutsiderRefused", fields), head)
}

/// An access of account 2 for purpose 0 and category 3, refused as `NoGrant` unless something permits
/// it.
#[derive(Clone, Copy)]
#[expect(missing_docs, reason = "the fields are those of the event")]
pub struct Access {
    pub owner: u8,
    pub requester: u8,
    /// The key of the requester's staff that asked, and the byte of the commitment to who holds it; `None`:
    /// the requester's own key asked.
    pub staff: Option<(u8, u8)>,
    /// The key that acts for the requester in place of its own, and asked; `None`: its own is not replaced.
    pub key: Option<u8>,
    pub access: u64,
    pub sequence: u64,
    pub purpose: u8,
    pub category: u8,
    /// The byte of the commitment to the record that was asked for.
    pub record: Option<u8>,
    pub grant: Option<u64>,
    pub window: Option<u64>,
    /// The index of a reason; `None`: permitted.
    pub deny: Option<u8>,
    pub at: u64,
    pub previous: [u8; 32],
    pub content: [u8; 32],
    /// `None`: the right one.
    pub head: Option<[u8; 32]>,
}

impl Access {
    /// The first entry of an owner's log, at 6,000 ms.
    #[must_use]
    pub fn of(owner: u8, access: u64) -> Self {
        let content = [0xa0 + u8::try_from(access).expect("few accesses"); 32];
        Self {
            owner,
            requester: 2,
            staff: None,
            key: None,
            access,
            sequence: 1,
            purpose: 0,
            category: 3,
            record: None,
            grant: None,
            window: None,
            deny: Some(3),
            at: 6_000,
            previous: [0; 32],
            content,
            head: None,
        }
    }

    /// The entry that follows this one.
    #[must_use]
    pub fn next(&self, access: u64) -> Self {
        let next = Self::of(self.owner, access);
        Self { sequence: self.sequence + 1, previous: self.head(), ..next }
    }

    /// Permitted by a grant.
    #[must_use]
    pub fn by_grant(self, grant: u64) -> Self {
        Self { grant: Some(grant), deny: None, ..self }
    }

    /// Refused because nobody pays it: this grant would have permitted it.
    #[must_use]
    pub fn unfunded(self, grant: u64) -> Self {
        Self { grant: Some(grant), deny: Some(12), ..self }
    }

    /// Permitted in a window.
    #[must_use]
    pub fn by_window(self, window: u64) -> Self {
        Self { window: Some(window), deny: None, ..self }
    }

    /// Its head.
    #[must_use]
    pub fn head(&self) -> [u8; 32] {
        self.head.unwrap_or_else(|| blake2_256(&[self.previous, self.content].concat()))
    }

    /// It is decided.
    #[must_use]
    pub fn event(&self) -> EmittedEvent {
        let own = self.key.unwrap_or(self.requester);
        let by = account(self.staff.map_or(own, |(by, _)| by));
        let person = self.staff.map(|(_, person)| [person; 32]);
        let parties = (account(self.owner), account(self.requester), by, person);
        let numbers = (self.access, self.sequence);
        // Permit, or Deny with the index of the reason.
        let decision = self.deny.map_or_else(|| vec![0], |reason| vec![1, reason]);
        let record = self.record.map(|byte| [byte; 32]);
        let what = (self.purpose, self.category, record);
        let mut fields = (parties, numbers, what, self.grant, self.window).encode();
        fields.extend(decision);
        fields.extend((self.at, self.previous, self.content, self.head()).encode());
        event("consent", "AccessDecided", Encoded(fields))
    }
}

/// Bytes that are encoded already.
struct Encoded(Vec<u8>);

impl Encode for Encoded {
    fn encode_to<T: Output + ?Sized>(&self, dest: &mut T) {
        dest.write(&self.0);
    }
}
