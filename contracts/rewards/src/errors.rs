//! Why a message of the rewards contract was refused; `accrue` has its own errors in
//! [`assent_traits::rewards`], because the consent contract reads them.

/// Why a message was refused. Each message documents which one wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum RewardsError {
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
    /// The token refused the transfer, or gave no answer.
    TokenFailed,
    /// A total would exceed its type.
    Overflow,
}
