//! Whether a grant gives access now, and why not.

use assent_events::{DenyReason, MASK_BITS};

use super::{Facts, GrantFacts, has};

/// Declares one of few words.
macro_rules! words {
    ($(#[doc = $doc:literal])* $name:ident {
        $($(#[doc = $word_doc:literal])* $variant:ident = $word:literal,)+
    }) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[doc = $word_doc])* $variant,)+
        }

        impl $name {
            /// All of them, in their order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }
    };
}

words! {
    /// What has become of a grant.
    Status {
        /// It gives access: to all that it is for, or to some of it.
        Active = "active",
        /// It is in force, and yet the contract would refuse all that it is for.
        Blocked = "blocked",
        /// It is used up.
        Exhausted = "exhausted",
        /// It is not valid yet.
        Pending = "pending",
        /// It is no longer valid: its time is over, or the guardianship has ended in which a guardian gave it.
        Expired = "expired",
        /// It was revoked: alone, with all others of its epoch, or with all that its delegate gave.
        Revoked = "revoked",
    }
}

words! {
    /// Why a grant is blocked, in the order in which the contract asks.
    Because {
        /// The grantee is no active provider or researcher.
        RequesterNotAdmitted = "requester_not_admitted",
        /// The owner is no active data owner.
        OwnerNotAdmitted = "owner_not_admitted",
        /// The owner, or a guardian for him, denied the grantee.
        Denied = "denied",
        /// The owner, or a guardian for him, denied everybody but those whom he excepted.
        Restricted = "restricted",
        /// The consent contract is paused.
        Paused = "paused",
    }
}

impl Because {
    /// The reason that the contract gives for it.
    #[must_use]
    pub const fn reason(self) -> DenyReason {
        match self {
            Self::RequesterNotAdmitted => DenyReason::RequesterNotAdmitted,
            Self::OwnerNotAdmitted => DenyReason::OwnerNotAdmitted,
            Self::Denied | Self::Restricted => DenyReason::Denied,
            Self::Paused => DenyReason::Paused,
        }
    }
}

/// Where a grant stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// What has become of it.
    pub status: Status,
    /// Why it is blocked; empty if it is not. Each of them refuses all that the grant is for, but for denials
    /// and the restriction, which may do so together.
    pub because: Vec<Because>,
    /// Whether denials and the restriction refuse some of what it is for, and leave some. Never of one that is
    /// neither active nor blocked: it gives no access anyhow.
    pub partly_denied: bool,
}

/// Where a grant stands. Nobody's emergency counts: it needs no grant. When one of the staff or a successor key
/// asks, what is denied to that one is among the denials if the [`Facts`] are of it.
#[must_use]
pub fn standing(facts: &Facts, grant: &GrantFacts) -> Standing {
    let status = match grant.end(facts) {
        None if facts.now >= grant.from => return in_force(facts, grant),
        Some(DenyReason::Revoked) => Status::Revoked,
        Some(DenyReason::Expired) => Status::Expired,
        _ if facts.now < grant.from => Status::Pending,
        _ => Status::Exhausted,
    };
    Standing { status, because: Vec::new(), partly_denied: false }
}

fn in_force(facts: &Facts, grant: &GrantFacts) -> Standing {
    let (mut denied, mut restricted, mut left) = (0, 0, 0);
    for purpose in (0..MASK_BITS).filter(|purpose| has(grant.purposes, *purpose)) {
        let denial = facts.denial(purpose);
        let by_name = grant.categories & (denial.categories | denial.by_guardians);
        let to_all = facts.restricts(purpose).map_or(0, |restriction| restriction.categories);
        denied |= by_name;
        restricted |= grant.categories & to_all;
        left |= grant.categories & !by_name & !to_all;
    }
    let because: Vec<Because> = [
        (!facts.admits_requester(), Because::RequesterNotAdmitted),
        (!facts.admits_owner(), Because::OwnerNotAdmitted),
        (left == 0 && denied != 0, Because::Denied),
        (left == 0 && restricted != 0, Because::Restricted),
        (facts.paused, Because::Paused),
    ]
    .into_iter()
    .filter_map(|(holds, because)| holds.then_some(because))
    .collect();
    let status = if because.is_empty() { Status::Active } else { Status::Blocked };
    Standing { status, because, partly_denied: left != 0 && (denied | restricted) != 0 }
}
