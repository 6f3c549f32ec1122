//! Why a message of the agreements contract was refused.

/// Why a message was refused. Each message documents which one wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum AgreementsError {
    /// The contract is paused.
    Paused,
    /// The participants contract gave no answer.
    ParticipantsFailed,
    /// The consent contract gave no answer.
    ConsentFailed,
    /// A time of the constructor is out of its bounds.
    InvalidTimes,
    /// The caller may not act for the requester, or for the owner who asks for erasure; or he is on both
    /// sides, as a guardian of the owner.
    NotAuthorized,
    /// The requester is no active provider or researcher; asked to erase, it never was admitted.
    RequesterNotAdmitted,
    /// The owner is no active data owner; who asks for erasure never was admitted.
    OwnerNotAdmitted,
    /// The requester is the owner, or the key that proposes for it is his.
    SelfProposal,
    /// The mask of purposes or of categories is zero.
    EmptyMask,
    /// The period does not end after it starts, or is over.
    InvalidPeriod,
    /// The grant could never be used.
    ZeroUses,
    /// The proposal would be over at once, be open longer than [`crate::data::MAX_OPEN`], or outlast
    /// what it proposes.
    InvalidExpiry,
    /// There is no proposal of this number.
    UnknownProposal,
    /// The proposal was not made to the caller, nor to a ward of his; or he made it himself.
    NotOwner,
    /// The proposal was answered or withdrawn, or is expired.
    ProposalClosed,
    /// No live grant that the owner himself or a guardian of his gave the requester carries the proposed
    /// terms, or not the one that is named.
    NotGranted,
    /// Nobody asks himself to erase something, also for his ward.
    SelfErasure,
    /// A grant from the owner to the requester lives.
    GrantLive,
    /// The requester has not yet answered the owner's request before.
    AlreadyRequested,
    /// There is no request for erasure of this number.
    UnknownErasure,
    /// The request was answered.
    AlreadyAnswered,
    /// The date has passed, or is further away than [`crate::data::MAX_RETENTION`].
    InvalidRetention,
    /// There are no numbers left.
    TooMany,
}
