//! Types and codes that events and messages share.
#![allow(
    clippy::cast_possible_truncation,
    reason = "the derived codec casts the index of a variant, of which there are a few"
)]

/// A 32-byte hash or commitment.
pub type Hash = [u8; 32];

/// Roles of a participant, as bits of one mask.
pub mod role {
    /// May grant and revoke consent, anchor reports and earn rewards.
    pub const DATA_OWNER: u16 = 1;
    /// Provides care: may ask for access.
    pub const PROVIDER: u16 = 1 << 1;
    /// Does research: may ask for access.
    pub const RESEARCHER: u16 = 1 << 2;
    /// Holds records on behalf of data owners.
    pub const RESOURCE_HOLDER: u16 = 1 << 3;
    /// Emits greenhouse gases and holds credits to cover it.
    pub const EMITTER: u16 = 1 << 4;
    /// Verifies emissions reports.
    pub const VERIFIER: u16 = 1 << 5;
    /// Trades credits.
    pub const TRADER: u16 = 1 << 6;
    /// Reads and audits.
    pub const AUDITOR: u16 = 1 << 7;
    /// Admits and suspends participants.
    pub const REGULATOR: u16 = 1 << 8;
    /// Every role there is.
    pub const ALL: u16 = (1 << 9) - 1;
}

/// Purposes of an access, as indices (0 to 31) into a purpose mask.
pub mod purpose {
    /// Care of the patient.
    pub const TREATMENT: u8 = 0;
    /// Research under an ethics approval.
    pub const RESEARCH: u8 = 1;
    /// Public health reporting.
    pub const PUBLIC_HEALTH: u8 = 2;
    /// Billing and insurance.
    pub const PAYMENT: u8 = 3;
}

/// Categories of data, as indices (0 to 31) into a category mask.
pub mod category {
    /// Whatever has no category of its own.
    pub const GENERAL: u8 = 0;
    /// Heart and circulation.
    pub const CARDIOLOGY: u8 = 1;
    /// Imaging.
    pub const RADIOLOGY: u8 = 2;
    /// Laboratory results.
    pub const LABORATORY: u8 = 3;
    /// Medication.
    pub const MEDICATION: u8 = 4;
    /// Mental health.
    pub const MENTAL_HEALTH: u8 = 5;
    /// Genomic data.
    pub const GENOMICS: u8 = 6;
}

/// How many purposes and how many categories a mask has room for.
pub const MASK_BITS: u8 = 32;

/// What the consent contract decided on an access.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub enum Decision {
    /// Access is permitted.
    Permit,
    /// Access is refused.
    Deny(DenyReason),
}

/// Why an access was refused. When several hold, the first in this order is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub enum DenyReason {
    /// The requester is not admitted as a provider or researcher, or is suspended.
    RequesterNotAdmitted,
    /// The data owner is not admitted, or is suspended.
    OwnerNotAdmitted,
    /// The data owner denied this requester this access explicitly.
    Denied,
    /// There is no grant from this owner to this requester.
    NoGrant,
    /// The grant was revoked, alone or with all others of its epoch.
    Revoked,
    /// The grant is not valid yet.
    NotYetValid,
    /// The grant has expired.
    Expired,
    /// The purpose is not among those granted.
    PurposeNotGranted,
    /// The category is not among those granted.
    CategoryNotGranted,
    /// The grant has been used as often as it may be.
    UsesExhausted,
}

/// What a reviewer made of an emergency access.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub enum Outcome {
    /// There was an emergency that called for it.
    Justified,
    /// There was none.
    Unjustified,
}

/// Why the suspension of a provider is proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub enum SanctionReason {
    /// A reviewer found an emergency access unjustified.
    Unjustified,
    /// Nobody reviewed it before its deadline.
    Unreviewed,
}

/// As what an account signs for a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub enum Party {
    /// The report is about this account.
    Patient,
    /// This account answers for it.
    Doctor,
}
