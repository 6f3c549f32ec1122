//! Carbon credits: batches with serial ranges, who holds them, what was retired. One unit is one thousandth of a credit.

use crate::types::Hash;
use ink::primitives::AccountId;

/// The registry issued a batch.
#[ink::event(signature_topic = "73a2d76968f820911fc341830c1c3f347f1a57e6daa1d114b4d8103dcdcb705f")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchIssued {
    /// Identifier; counts from 1.
    #[ink(topic)]
    pub batch: u64,
    /// First holder.
    #[ink(topic)]
    pub to: AccountId,
    /// Commitment to the project's documents.
    #[ink(topic)]
    pub project: Hash,
    /// First serial number of the batch.
    pub serial_start: u128,
    /// Last serial number of the batch, inclusive.
    pub serial_end: u128,
    /// Start of the vintage, ms since 1970.
    pub vintage_start: u64,
    /// End of the vintage, ms since 1970.
    pub vintage_end: u64,
    /// Units issued; equals the length of the serial range.
    pub amount: u128,
}

/// Units changed hands.
#[ink::event(signature_topic = "0e772e95a3c76ebc6442a38380e009ff18c9ce4f7b30e5952c1065d943d87122")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transferred {
    /// The batch.
    #[ink(topic)]
    pub batch: u64,
    /// Seller.
    #[ink(topic)]
    pub from: AccountId,
    /// Buyer.
    #[ink(topic)]
    pub to: AccountId,
    /// Units.
    pub amount: u128,
}

/// Units were retired for good.
#[ink::event(signature_topic = "4664ff5b7c05ad5c860f22f54ae3476c70e5741550b07a415a63b291158f9193")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retired {
    /// The batch.
    #[ink(topic)]
    pub batch: u64,
    /// Who retired them.
    #[ink(topic)]
    pub owner: AccountId,
    /// Units.
    pub amount: u128,
    /// Commitment to the reason.
    pub reason: Hash,
}
