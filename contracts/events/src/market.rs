//! The market: sell orders with escrow, and their fills.

use crate::AccountId;

events! {
    /// A seller offers units, which are in escrow from now on.
    #[signature("8a13c986e27ebeee79e6f3e225e8653a1d887cae4122a9e06a4e88794112fa56")]
    pub struct OrderPlaced {
        /// Its number, from 1.
        #[ink(topic)]
        pub order: u64,
        /// Whose units.
        #[ink(topic)]
        pub seller: AccountId,
        /// Of which batch.
        #[ink(topic)]
        pub batch: u64,
        /// Units.
        pub amount: u128,
        /// Token base units per credit, of 1,000 units.
        pub price: u128,
        /// First moment at which it is over, ms since 1970.
        pub expiry: u64,
        /// Part of a payment that is the fee, in hundredths of a percent.
        pub fee_bps: u16,
    }

    /// A seller changed an open order.
    #[signature("bdd15b03567661e95d69feb63258d38039f62052b12127dd01976117989b9043")]
    pub struct OrderUpdated {
        /// The order.
        #[ink(topic)]
        pub order: u64,
        /// Whose units.
        #[ink(topic)]
        pub seller: AccountId,
        /// Units offered from now on.
        pub amount: u128,
        /// Token base units per credit, of 1,000 units.
        pub price: u128,
        /// First moment at which it is over, ms since 1970.
        pub expiry: u64,
        /// Part of a payment that is the fee, in hundredths of a percent.
        pub fee_bps: u16,
    }

    /// A seller withdrew an order.
    #[signature("9dc2c6384b6ebfa87ec0d072deebff4b14ae6fb8dbdc6e256f4293702adf1816")]
    pub struct OrderCancelled {
        /// The order.
        #[ink(topic)]
        pub order: u64,
        /// Whose units.
        #[ink(topic)]
        pub seller: AccountId,
        /// Units that came back from escrow.
        pub released: u128,
    }

    /// An order that is over was closed.
    #[signature("6b4919d047426f1b67de60bf835932318a1551d842eee0ab7f0e2c4ff265e02c")]
    pub struct OrderExpired {
        /// The order.
        #[ink(topic)]
        pub order: u64,
        /// Whose units.
        #[ink(topic)]
        pub seller: AccountId,
        /// Units that came back from escrow.
        pub released: u128,
        /// Who closed it.
        pub by: AccountId,
    }

    /// Units were delivered against payment.
    #[signature("fba0717e1ce0f5da7989ac73c443a551a54fe6d88cadb1e9a4ffdeb0aa54925b")]
    pub struct OrderFilled {
        /// The order.
        #[ink(topic)]
        pub order: u64,
        /// Whose units.
        #[ink(topic)]
        pub seller: AccountId,
        /// Who paid.
        #[ink(topic)]
        pub buyer: AccountId,
        /// Units delivered.
        pub amount: u128,
        /// Units that the order still offers; 0 closes it.
        pub remaining: u128,
        /// What the buyer paid, token base units: the seller's proceeds and the fee.
        pub payment: u128,
        /// What of it the collector got, token base units.
        pub fee: u128,
    }

    /// The administrator set the fee of orders that are placed or updated from a moment on; replaces what was set and has not taken effect.
    #[signature("3a970795b2234635c9b321a37fd448231cfec0c879eccbd8d1e80cdfee30d65f")]
    pub struct FeeSet {
        /// Part of a payment that is the fee, in hundredths of a percent.
        pub fee_bps: u16,
        /// Who gets the fees, also those of older orders.
        #[ink(topic)]
        pub collector: AccountId,
        /// First moment at which both hold, ms since 1970.
        pub from: u64,
    }

    /// The administrator set how large an order may be.
    #[signature("0332eb51f55ecc936092faee8cf4baa9991aba1f886296a14e7e24089cda1637")]
    pub struct LimitsSet {
        /// Units at a rating of 0.
        pub floor: u128,
        /// Units at a rating of 1,000.
        pub ceiling: u128,
    }

    /// One of the staff of a seller or a buyer did for it what the event before this says, which does not name
    /// who did it: placed, updated, cancelled or filled an order.
    #[signature("f66895977e25f1e52f3742a3f0aef3f992bc607f0ed5121a3099bb89f7f96d80")]
    pub struct StaffActed {
        /// For whom: the seller, or of a fill the buyer.
        #[ink(topic)]
        pub party: AccountId,
        /// Who did it.
        #[ink(topic)]
        pub by: AccountId,
        /// The order.
        #[ink(topic)]
        pub order: u64,
    }
}
