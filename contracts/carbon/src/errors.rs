//! Why a message of the carbon contract was refused; `escrow`, `release` and `deliver` have their
//! own errors in [`assent_traits::carbon`], because the market reads them.

use assent_traits::CallFailed;

/// Why a message was refused. Each message documents which one wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum CarbonError {
    /// The contract is paused, and a pause blocks this message.
    Paused,
    /// A time of the constructor is out of its bounds.
    InvalidTimes,
    /// The participants contract gave no answer.
    ParticipantsFailed,
    /// The key of the caller was replaced: it acts for nobody any more.
    Replaced,
    /// The caller is not the administrator.
    NotAdministrator,
    /// The caller is not an active regulator.
    NotRegulator,
    /// A party is not an active participant.
    NotAdmitted,
    /// The caller is not the issuer of the class.
    NotIssuer,
    /// The account is not an active emitter, or never took part.
    NotEmitter,
    /// The caller is not an active verifier.
    NotVerifier,
    /// There is no class of this number.
    UnknownClass,
    /// The class is that of allowances, which has no issuer.
    AllowanceClass,
    /// The account is the issuer already.
    AlreadyIssuer,
    /// There is no project of this number.
    UnknownProject,
    /// The first serial number is zero, or comes after the last one.
    InvalidRange,
    /// The vintage does not end after it starts.
    InvalidVintage,
    /// The serial numbers do not come after those that the class has.
    SerialsTaken,
    /// The class has not that many serial numbers left.
    SerialsExhausted,
    /// There is no batch of this number.
    UnknownBatch,
    /// No more units of the batch are issued.
    BatchSealed,
    /// The batch has not that many serial numbers left.
    RangeExceeded,
    /// The amount is zero.
    ZeroAmount,
    /// The account is the zero account.
    ZeroAccount,
    /// The recipient is the owner.
    SelfTransfer,
    /// Nobody is his own operator.
    SelfApproval,
    /// A list is empty, or longer than it may be.
    BatchSize,
    /// A party is frozen.
    Frozen,
    /// The account is frozen already.
    AlreadyFrozen,
    /// The account is not frozen.
    NotFrozen,
    /// The owner has not approved the caller for that many units of the batch.
    NotApproved,
    /// The owner does not hold that many tradable units of the batch.
    InsufficientBalance,
    /// What a missing unit costs was not set, or that does not hold yet.
    NoTariff,
    /// The period does not end after it starts, starts before the one before it ends, or ends too
    /// late to be settled.
    InvalidPeriod,
    /// There is no period of this number.
    UnknownPeriod,
    /// The period has not that many allowances left.
    CapExceeded,
    /// The period is not over, or may not be settled yet.
    TooEarly,
    /// The period may be settled, so that no more allowances are given.
    TooLate,
    /// Nobody verifies his own emissions.
    OwnReport,
    /// More emissions than one report may say.
    TooLarge,
    /// The period was settled for the account.
    AlreadySettled,
    /// The batch is one of credits.
    NotAllowance,
    /// The allowances are those of a later period.
    FuturePeriod,
    /// Another period is to be settled first, or the account did not take part in this one.
    NotNext,
    /// No verifier has reported on the account.
    NotReported,
    /// The account owes no penalty for the period.
    NoPenalty,
    /// The penalty was paid.
    AlreadyPaid,
    /// The payer is the collector, or a key of his: nothing would be paid.
    SelfPayment,
    /// The token refused the transfer, or gave no answer.
    TokenFailed,
    /// There are no numbers left for what the message counts.
    TooMany,
}

impl From<CallFailed> for CarbonError {
    /// The rules ask only the participants contract.
    fn from(_: CallFailed) -> Self {
        Self::ParticipantsFailed
    }
}
