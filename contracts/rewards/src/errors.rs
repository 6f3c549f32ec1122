//! Why a message of the rewards contract was refused; `accrue` has its own errors in
//! [`assent_traits::rewards`], because the consent contract reads them.

/// Why a message was refused. Each message documents which one wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum RewardsError {
    /// The contract is paused, and a pause blocks this message.
    Paused,
    /// The caller is not the administrator.
    NotAdministrator,
    /// The consent contract was named before.
    AlreadySet,
    /// The purpose is not within the mask's bits.
    UnknownPurpose,
    /// The amount is zero.
    ZeroAmount,
    /// Nothing is owed to the caller.
    NothingOwed,
    /// The caller is frozen in the token: what is owed to him stays where it is.
    Frozen,
    /// The recipient is the zero account, or this contract.
    InvalidRecipient,
    /// The amount is more than the funder paid in and was not refunded.
    ExceedsContribution,
    /// The amount is more than is unspent.
    ExceedsUnspent,
    /// A total would exceed its type.
    Overflow,
    /// The token refused the transfer, gave no answer, or holds less for this contract than was
    /// paid in.
    TokenFailed,
}
