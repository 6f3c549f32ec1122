//! The settlement token. `Transfer` and `Approval` carry the signature topics of PSP22.

use crate::{AccountId, Hash};

events! {
    /// Units moved; `from` is `None` when minted, `to` is `None` when burned.
    #[signature("990df076cb1e9527aa102cd100c1481efe393eeabb5825f9af1f5e58221864de")]
    pub struct Transfer {
        /// Payer.
        #[ink(topic)]
        pub from: Option<AccountId>,
        /// Payee.
        #[ink(topic)]
        pub to: Option<AccountId>,
        /// Token base units.
        pub value: u128,
    }

    /// An owner set what a spender may take.
    #[signature("25cdb6c93882e925abbfc9a8b7c85884b73c038c03a2492f238a5e5ba3fbff8c")]
    pub struct Approval {
        /// Owner.
        #[ink(topic)]
        pub owner: AccountId,
        /// Spender.
        #[ink(topic)]
        pub spender: AccountId,
        /// Token base units; replaces what was there.
        pub amount: u128,
    }

    /// The treasury minted against a bank receipt.
    #[signature("7f82ad9cb52cd31b4bb79f495bc344140e57d80028b21d76ce56066bc8f48fd1")]
    pub struct Minted {
        /// Payee.
        #[ink(topic)]
        pub to: AccountId,
        /// Token base units.
        pub amount: u128,
        /// Keyed commitment to the bank's receipt; each is used once, for minting or for burning.
        #[ink(topic)]
        pub receipt: Hash,
    }

    /// The treasury burned units of its own against the bank's receipt of a payout.
    #[signature("cb449ee6c42c4a95935d909edcce1d71ba02391dd5fc6c666c1a320c08d00bbc")]
    pub struct Burned {
        /// The treasury.
        #[ink(topic)]
        pub from: AccountId,
        /// Token base units.
        pub amount: u128,
        /// Keyed commitment to the bank's receipt; each is used once, for minting or for burning.
        #[ink(topic)]
        pub receipt: Hash,
    }

    /// The administrator named the treasury: another one, or after a handover the one that there is. Replaces what was named and has not taken effect.
    #[signature("1b90e895859b5c9b4d4876e8500db28e78d2705bbe906b680f30a04dfdbfe638")]
    pub struct TreasurySet {
        /// Who mints and burns.
        #[ink(topic)]
        pub treasury: AccountId,
        /// First moment at which it does, ms since 1970.
        pub from: u64,
        /// The administrator.
        #[ink(topic)]
        pub by: AccountId,
    }

    /// Nothing is minted until the administrator, who has taken over, has named the treasury. What was named and had not taken effect is void.
    #[signature("708c3ea36d3822ccb9dffb2f7d96b1b7a50d1c6551ce1e34b2bca74e8c0547f4")]
    pub struct MintingStopped {
        /// Who minted.
        #[ink(topic)]
        pub treasury: AccountId,
        /// The administrator.
        #[ink(topic)]
        pub by: AccountId,
    }

    /// The administrator froze an account: it neither sends nor receives nor spends on an allowance.
    #[signature("d379dea13b1b07964fc68d72081b200c07f892fd7004636ad2a4bf5ac6239f56")]
    pub struct AccountFrozen {
        /// The account.
        #[ink(topic)]
        pub account: AccountId,
        /// Salted commitment to the reason.
        pub reason: Hash,
        /// The administrator.
        #[ink(topic)]
        pub by: AccountId,
    }

    /// The administrator ended the freeze of an account.
    #[signature("49e70463a0b3637834949f158c708b76c3052228cfa1bb07ebc2e2e8f5c7ceab")]
    pub struct AccountUnfrozen {
        /// The account.
        #[ink(topic)]
        pub account: AccountId,
        /// The administrator.
        #[ink(topic)]
        pub by: AccountId,
    }

    /// A key took over all that an account had whose key it replaced: its units, by the transfer before this if
    /// there were any, and whether it is frozen. What is sent to the account from now on goes to the key.
    #[signature("59819f5cb3cc4a16f02f0d15d6a770bb5257a3e9a82c527e252d55ab9ffa0221")]
    pub struct TakenOver {
        /// The account.
        #[ink(topic)]
        pub account: AccountId,
        /// The key.
        #[ink(topic)]
        pub to: AccountId,
    }
}
