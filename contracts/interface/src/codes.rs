//! Codes that stand in events, in arguments and in what views answer, each with its name.
//!
//! The order of the variants never changes: it is what is encoded, and the log's hashes run over it.
#![allow(
    clippy::cast_possible_truncation,
    reason = "the derived codec casts the index of a variant, of which there are a few"
)]

use core::fmt;
use parity_scale_codec::{Decode, Encode};

/// Declares enums whose variants have names: the ones that databases and answers spell. In the
/// contracts' metadata they are called as here.
macro_rules! codes {
    ($($(#[doc = $doc:literal])* $code:ident {
        $($(#[doc = $variant_doc:literal])* $variant:ident = $name:literal,)+
    })+) => {$(
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
        #[cfg_attr(
            all(feature = "ink", feature = "std"),
            derive(ink::scale_info::TypeInfo, ink::storage::traits::StorageLayout),
            scale_info(crate = ink::scale_info)
        )]
        pub enum $code {
            $($(#[doc = $variant_doc])* $variant,)+
        }

        impl $code {
            /// All of them, in their order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its name.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// The one of this name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.as_str() == name)
            }
        }

        impl fmt::Display for $code {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }
    )+};
}

/// What the consent contract decided on an access.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cfg_attr(
    all(feature = "ink", feature = "std"),
    derive(ink::scale_info::TypeInfo, ink::storage::traits::StorageLayout),
    scale_info(crate = ink::scale_info)
)]
pub enum Decision {
    /// Access is permitted.
    Permit,
    /// Access is refused.
    Deny(DenyReason),
}

codes! {
    /// Why an access was refused. Which of several is given stands with the consent contract's
    /// `request_access`.
    DenyReason {
        /// The requester is not admitted as a provider or researcher, or is suspended as such.
        RequesterNotAdmitted = "RequesterNotAdmitted",
        /// The data owner is not admitted.
        OwnerNotAdmitted = "OwnerNotAdmitted",
        /// The data owner denied this requester this access explicitly.
        Denied = "Denied",
        /// There is no such grant from this owner to this requester.
        NoGrant = "NoGrant",
        /// The grant was revoked, alone or with all others of its epoch.
        Revoked = "Revoked",
        /// The grant is not valid yet.
        NotYetValid = "NotYetValid",
        /// The grant has expired.
        Expired = "Expired",
        /// The purpose is not among those granted.
        PurposeNotGranted = "PurposeNotGranted",
        /// The category is not among those granted.
        CategoryNotGranted = "CategoryNotGranted",
        /// The grant has been used as often as it may be.
        UsesExhausted = "UsesExhausted",
        /// The grant is for another record, or for one and the request is for none in particular.
        RecordNotGranted = "RecordNotGranted",
        /// The contract is paused: only emergencies permit.
        Paused = "Paused",
        /// The purpose has a required tariff, which neither its sponsor nor the requester's budget pays.
        Unfunded = "Unfunded",
    }

    /// What a reviewer made of an emergency access.
    Outcome {
        /// There was an emergency that called for it.
        Justified = "justified",
        /// There was none.
        Unjustified = "unjustified",
    }

    /// Why the suspension of a provider is proposed.
    SanctionReason {
        /// A reviewer found an emergency access unjustified.
        Unjustified = "unjustified",
        /// Nobody reviewed it before its deadline.
        Unreviewed = "unreviewed",
    }

    /// As what an account signs for a report.
    Party {
        /// The report is about this account.
        Patient = "patient",
        /// This account answers for it.
        Doctor = "doctor",
    }

    /// Where a participant stands.
    Status {
        /// Registered, and not approved yet or left: holds no roles.
        Pending = "pending",
        /// Admitted: at least one of its roles counts.
        Active = "active",
        /// Suspended: it holds roles, and none of them counts.
        Suspended = "suspended",
    }

    /// Where an order stands.
    OrderStatus {
        /// It offers units, though nobody buys them after its expiry.
        Open = "open",
        /// All of it was sold.
        Filled = "filled",
        /// Its seller withdrew it.
        Cancelled = "cancelled",
        /// It was closed after its expiry.
        Expired = "expired",
    }
}
