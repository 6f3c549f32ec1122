//! What data owners earn on permitted accesses.

use crate::AccountId;

events! {
    /// The administrator named the consent contract, the only one that may accrue.
    #[signature("4f9c969ca26010bbc00c20bfc85596aefb50bec3650fa7600de3f1e6c2ac7b7b")]
    pub struct ConsentSet {
        /// Its address.
        #[ink(topic)]
        pub consent: AccountId,
    }

    /// Somebody paid into the fund that rewards are paid from.
    #[signature("d6013dee62db7939fa2957fbeca4ab606c7caa20ef43e06719a4ca7143d1e414")]
    pub struct Funded {
        /// Who paid.
        #[ink(topic)]
        pub from: AccountId,
        /// Token base units.
        pub amount: u128,
    }

    /// The administrator credited a funder with what is unspent: it is owed to the funder, who withdraws it.
    #[signature("f45462b827eb3514264f6a3178e311029cf1a2372c7ffed29200f1e64e8de352")]
    pub struct Refunded {
        /// Who had paid in.
        #[ink(topic)]
        pub funder: AccountId,
        /// Token base units.
        pub amount: u128,
        /// The administrator.
        #[ink(topic)]
        pub by: AccountId,
    }

    /// The administrator set what an access for a purpose earns.
    #[signature("c4bd48b842f19a8034bd458d40c8e08b165e637df0b32e28a778fb0ff334df9b")]
    pub struct TariffSet {
        /// Index in [`crate::purpose`].
        #[ink(topic)]
        pub purpose: u8,
        /// Token base units per permitted access.
        pub amount: u128,
    }

    /// A permitted access earned its owner a reward.
    #[signature("0c3c272be7e600972cfa507157200633e0bf9808950e9ece0dd097b6b7310535")]
    pub struct Accrued {
        /// The data owner.
        #[ink(topic)]
        pub owner: AccountId,
        /// The decision that earned it.
        #[ink(topic)]
        pub access: u64,
        /// Index in [`crate::purpose`].
        pub purpose: u8,
        /// Token base units.
        pub amount: u128,
    }

    /// A permitted access earned nothing because the fund did not hold its tariff, or the contract was paused.
    #[signature("9a56ff662bc8f2e14157cf36f9db921f47bf380bf921f1818e2e0bef4bdad698")]
    pub struct Unfunded {
        /// The data owner.
        #[ink(topic)]
        pub owner: AccountId,
        /// The decision.
        #[ink(topic)]
        pub access: u64,
        /// Index in [`crate::purpose`].
        pub purpose: u8,
        /// The tariff that was missed, token base units.
        pub amount: u128,
    }

    /// An account withdrew what was owed to it.
    #[signature("3122ecfc25efab8596f777ce54d89e35fcfd2a2d5d86fb520a07e1a8800ba1ea")]
    pub struct Withdrawn {
        /// To whom it was owed.
        #[ink(topic)]
        pub owner: AccountId,
        /// Who was paid.
        #[ink(topic)]
        pub to: AccountId,
        /// Token base units.
        pub amount: u128,
    }
}
