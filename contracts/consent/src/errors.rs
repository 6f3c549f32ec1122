//! Why a message of the consent contract failed. A refused access is no error: it is a decision, on
//! record, and an error would leave none.

/// Why a message was refused. Each message documents which one wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum ConsentError {
    /// The participants contract gave no answer.
    ParticipantsFailed,
    /// The caller is not an active data owner.
    NotDataOwner,
    /// The grantee is not an active provider or researcher.
    GranteeNotAdmitted,
    /// The grantee is the owner.
    SelfGrant,
    /// The mask of purposes or of categories is zero.
    EmptyMask,
    /// The period does not end after it starts, or is over.
    InvalidPeriod,
    /// The grant could never be used.
    ZeroUses,
    /// There is no grant of this number.
    UnknownGrant,
    /// The caller is not the owner of the grant.
    NotOwner,
    /// The grant was revoked before.
    AlreadyRevoked,
    /// The purpose is not below 32.
    UnknownPurpose,
    /// The category is not below 32.
    UnknownCategory,
    /// The rewards contract refused to accrue, or gave no answer.
    RewardsFailed,
    /// There are no numbers left for another grant or decision.
    TooMany,
}
