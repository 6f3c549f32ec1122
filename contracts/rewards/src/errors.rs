//! Why a message of the rewards contract was refused; `accrue` has its own errors in
//! [`assent_traits::rewards`], because the consent contract reads them.

/// Why a message was refused. Each message documents which one wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum RewardsError {
    /// The delay is shorter or longer than the government's may be.
    InvalidDelay,
    /// The period is zero, or longer than 366 days.
    InvalidPeriod,
    /// The contract is paused, and a pause blocks this message.
    Paused,
    /// The participants contract gave no answer.
    ParticipantsFailed,
    /// The key of the caller was replaced: it acts for nobody any more.
    Replaced,
    /// The account was never admitted: no access of it would be paid.
    NotAdmitted,
    /// The caller is not the administrator.
    NotAdministrator,
    /// The consent contract was named before.
    AlreadySet,
    /// The purpose is not within the mask's bits.
    UnknownPurpose,
    /// A tariff for treatment cannot be required: care never waits for money.
    RequiredForCare,
    /// The account is the zero account.
    ZeroAccount,
    /// The purpose has this sponsor already, or none already.
    AlreadySponsor,
    /// The caller is not the purpose's sponsor.
    NotSponsor,
    /// The amount is zero.
    ZeroAmount,
    /// The pot holds less.
    InsufficientPot,
    /// The caller's budget holds less.
    InsufficientBudget,
    /// Nothing is owed to the caller.
    NothingOwed,
    /// Whose money it is, or his key, is frozen in the token: it stays where it is.
    Frozen,
    /// The recipient is the zero account, or this contract.
    InvalidRecipient,
    /// A total would exceed its type, or there are no numbers left.
    Overflow,
    /// The token refused the transfer, gave no answer, or holds less for this contract than was
    /// paid in.
    TokenFailed,
}
