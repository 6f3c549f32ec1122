//! What every contract says of its own government: pauses, handovers of the administrator, replacements of its code.

use crate::{AccountId, Hash};

events! {
    /// The administrator paused the contract: only what its documentation excepts goes on.
    #[signature("77d7656cb10acd6ce5cb9fca902b7597084d9205dbc45e1456551fec1fd7aa53")]
    pub struct Paused {
        /// The administrator.
        #[ink(topic)]
        pub by: AccountId,
    }

    /// The administrator ended the pause.
    #[signature("728d80cbfbdb6f3d8fb5c52dad3030ed1eaa1dc7d34c25ab2946c8778f1f6e89")]
    pub struct Unpaused {
        /// The administrator.
        #[ink(topic)]
        pub by: AccountId,
    }

    /// The administrator proposed a successor; replaces an earlier proposal.
    #[signature("ea95ddca1035edede6b41f8c19184f64da0e50d6ac21c9f79822b7fd27dca8b4")]
    pub struct HandoverProposed {
        /// The administrator.
        #[ink(topic)]
        pub from: AccountId,
        /// The proposed successor.
        #[ink(topic)]
        pub to: AccountId,
        /// First moment at which the successor may accept, ms since 1970.
        pub not_before: u64,
        /// First moment at which he no longer may, ms since 1970.
        pub until: u64,
    }

    /// The administrator withdrew the proposal.
    #[signature("f51c73d01451f030cd7c7d112e2877f6c71ae4b09bc76dbfb565a3a5a6bbaf43")]
    pub struct HandoverCancelled {
        /// The administrator.
        #[ink(topic)]
        pub from: AccountId,
        /// Who is no longer proposed.
        #[ink(topic)]
        pub to: AccountId,
    }

    /// The successor accepted and is the administrator now.
    #[signature("225947dace8b8f4255b575abb44f9f6405fa7501fecdabd462aa164b28128e07")]
    pub struct HandoverAccepted {
        /// Who was the administrator.
        #[ink(topic)]
        pub from: AccountId,
        /// The administrator.
        #[ink(topic)]
        pub to: AccountId,
    }

    /// The administrator announced another code for this contract, which is locked on the chain from now on; replaces an earlier announcement.
    #[signature("72d66885e182c79b5ecc8e2be3c5591891b0504070fa9002aec607c4fae54f24")]
    pub struct UpgradeAnnounced {
        /// BLAKE2b-256 of the announced Wasm.
        #[ink(topic)]
        pub code_hash: Hash,
        /// First moment at which it may take effect, ms since 1970.
        pub not_before: u64,
        /// First moment at which it no longer may, ms since 1970.
        pub until: u64,
        /// The administrator.
        #[ink(topic)]
        pub by: AccountId,
    }

    /// The administrator withdrew the announcement.
    #[signature("82c4afcc3f9dcebe520fab1249e208255a802196432c6e35350666a321cd2685")]
    pub struct UpgradeCancelled {
        /// The code that was announced.
        #[ink(topic)]
        pub code_hash: Hash,
        /// The administrator.
        #[ink(topic)]
        pub by: AccountId,
    }

    /// The announced code is this contract's code from the next call on.
    #[signature("a697f408988a6a3c43ad7784472cedcab2938d42934a88a44bf878866bbea0ce")]
    pub struct Upgraded {
        /// BLAKE2b-256 of the Wasm.
        #[ink(topic)]
        pub code_hash: Hash,
        /// The administrator.
        #[ink(topic)]
        pub by: AccountId,
    }
}
