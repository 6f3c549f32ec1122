//! Why the constructor or a message of the token's own was refused; the PSP22 messages have the
//! standard's errors.

use assent_traits::psp22::PSP22Error;
use ink::prelude::string::String;

/// Why a message was refused. Each message documents which one wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum TokenError {
    /// The contract is paused, and a pause blocks this message.
    Paused,
    /// The caller is not the administrator.
    NotAdministrator,
    /// The caller is not the treasury.
    NotTreasury,
    /// The administrator has taken over and has not named the treasury yet, by `set_treasury`.
    TreasuryUnconfirmed,
    /// The name has more than [`MAX_LABEL_BYTES`](crate::data::MAX_LABEL_BYTES).
    NameTooLong,
    /// The symbol has more than [`MAX_LABEL_BYTES`](crate::data::MAX_LABEL_BYTES).
    SymbolTooLong,
    /// A cap of zero, below which nothing could be minted.
    ZeroCap,
    /// The delay is shorter than [`assent_governance::MIN_DELAY`] or longer than
    /// [`assent_governance::MAX_DELAY`].
    InvalidDelay,
    /// The amount is zero.
    ZeroAmount,
    /// The zero account, which nobody can spend from.
    ZeroAccount,
    /// The recipient of a mint, or the treasury that burns, is frozen.
    Frozen,
    /// The account is frozen already.
    AlreadyFrozen,
    /// The account is not frozen.
    NotFrozen,
    /// The receipt was minted or burned against before.
    ReceiptUsed,
    /// The supply would exceed the cap.
    CapExceeded,
    /// The supply would exceed the greatest amount there is.
    SupplyOverflow,
    /// The treasury does not hold that many units.
    InsufficientBalance,
    /// The account is the treasury already, confirmed, and no other one is to come.
    AlreadyTreasury,
    /// The participants contract gave no answer.
    ParticipantsFailed,
    /// No other key acts for a participant in place of this account.
    NotReplaced,
    /// All that the account had was taken over before.
    AlreadyTakenOver,
}

/// What a PSP22 message says in a pause.
pub fn paused() -> PSP22Error {
    PSP22Error::Custom(String::from("Paused"))
}

/// What a PSP22 message says when another key acts in place of whoever would spend.
pub fn replaced() -> PSP22Error {
    PSP22Error::Custom(String::from("Replaced"))
}

/// What a PSP22 message says when a party is frozen.
pub fn frozen() -> PSP22Error {
    PSP22Error::Custom(String::from("Frozen"))
}
