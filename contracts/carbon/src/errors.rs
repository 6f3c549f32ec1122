//! Why a message of the carbon contract was refused.

/// Why a message was refused. Each message documents which one wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum CarbonError {
    /// The caller is not the registry.
    NotRegistry,
    /// The participants contract gave no answer.
    ParticipantsFailed,
    /// A party is not an active participant.
    NotAdmitted,
    /// The vintage does not end after it starts.
    InvalidVintage,
    /// The amount is zero.
    ZeroAmount,
    /// The recipient is the sender.
    SelfTransfer,
    /// There is no batch of this number.
    UnknownBatch,
    /// The owner does not hold that many tradable units of the batch.
    InsufficientBalance,
    /// There are not that many serial numbers, or batch numbers, left.
    SerialsExhausted,
}
