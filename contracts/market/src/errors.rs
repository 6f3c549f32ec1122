//! Why a message of the market was refused, also when carbon or the token refused its part of it.

use assent_traits::carbon::EscrowError;

/// Why a message was refused. Each message documents which one wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum MarketError {
    /// The contract is paused, and a pause blocks this message.
    Paused,
    /// The floor is zero or above the ceiling, or the ceiling is above a thousandth of the greatest
    /// amount there is.
    InvalidLimits,
    /// The delay is shorter than [`assent_governance::MIN_DELAY`] or longer than
    /// [`assent_governance::MAX_DELAY`].
    InvalidDelay,
    /// The participants contract gave no answer.
    ParticipantsFailed,
    /// The caller is neither the seller or the buyer nor one of its staff that may trade.
    NotAuthorized,
    /// The caller is not the administrator.
    NotAdministrator,
    /// The fee is higher than [`crate::price::MAX_FEE_BPS`].
    FeeTooHigh,
    /// The zero account, which nobody can spend from.
    ZeroAccount,
    /// The amount is zero.
    ZeroAmount,
    /// The price is zero.
    ZeroPrice,
    /// The expiry is not to come, or further away than [`crate::orders::MAX_ORDER_TIME`].
    InvalidExpiry,
    /// The amount times the price is more than the greatest amount there is.
    Overflow,
    /// There are as many orders as there are numbers.
    TooMany,
    /// There is no order of this number.
    UnknownOrder,
    /// The order was filled, cancelled or closed after its expiry.
    OrderClosed,
    /// The order is past its expiry.
    Expired,
    /// The buyer is the seller, or the caller may trade for both.
    SelfTrade,
    /// The order does not offer that many units.
    ExceedsOrder,
    /// The payment is more than the buyer wants to pay.
    TooExpensive,
    /// More units than the seller's rating allows.
    SellerLimit,
    /// More units than the buyer's rating allows.
    BuyerLimit,
    /// The batch is empty or has more than [`crate::orders::MAX_BATCH`] orders.
    BatchSize,
    /// The carbon contract gave no answer, or refused for a reason that has no name here.
    CarbonFailed,
    /// The carbon contract is paused.
    CarbonPaused,
    /// A party is not an active participant.
    NotAdmitted,
    /// A party is frozen in carbon, or this contract is.
    Frozen,
    /// There is no batch of this number.
    UnknownBatch,
    /// The seller has not approved this contract for that many units of the batch.
    NotApproved,
    /// The seller does not hold that many tradable units of the batch.
    InsufficientBalance,
    /// The token refused a transfer, or gave no answer.
    TokenFailed,
}

impl From<EscrowError> for MarketError {
    fn from(error: EscrowError) -> Self {
        match error {
            EscrowError::Paused => Self::CarbonPaused,
            EscrowError::NotAdmitted => Self::NotAdmitted,
            EscrowError::Frozen => Self::Frozen,
            EscrowError::UnknownBatch => Self::UnknownBatch,
            EscrowError::NotApproved => Self::NotApproved,
            EscrowError::InsufficientBalance => Self::InsufficientBalance,
            // The first one is a failure behind carbon; the others would be one of this contract.
            EscrowError::ParticipantsFailed
            | EscrowError::ZeroAmount
            | EscrowError::SelfTransfer
            | EscrowError::InsufficientEscrow => Self::CarbonFailed,
        }
    }
}
