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

    /// The administrator set what an access for a purpose earns from a moment on; replaces what was set and has not taken effect.
    #[signature("c4bd48b842f19a8034bd458d40c8e08b165e637df0b32e28a778fb0ff334df9b")]
    pub struct TariffSet {
        /// Index in [`crate::purpose`].
        #[ink(topic)]
        pub purpose: u8,
        /// Token base units per permitted access; 0 for nothing.
        pub amount: u128,
        /// Whether an access that nobody can pay is refused.
        pub required: bool,
        /// First moment at which it holds, ms since 1970.
        pub from: u64,
    }

    /// The administrator named who may fill the pot of a purpose. What the one before had left in it is owed to him.
    #[signature("af98f522e8fdc4865e97f6a9e5210a932d2f808bd1f6b30a9e01f6ac587b411d")]
    pub struct SponsorSet {
        /// Index in [`crate::purpose`].
        #[ink(topic)]
        pub purpose: u8,
        /// The sponsor; `None`: nobody.
        #[ink(topic)]
        pub sponsor: Option<AccountId>,
        /// The one before.
        #[ink(topic)]
        pub previous: Option<AccountId>,
        /// What is owed to the one before, token base units.
        pub returned: u128,
    }

    /// The sponsor of a purpose paid into its pot, or set its cap.
    #[signature("378171ea8d9d7863824a3484a25866f82677532bdcc01b6de1dd9da6a85047fd")]
    pub struct Sponsored {
        /// Index in [`crate::purpose`].
        #[ink(topic)]
        pub purpose: u8,
        /// Who paid.
        #[ink(topic)]
        pub sponsor: AccountId,
        /// Token base units; 0 when only the cap was set.
        pub amount: u128,
        /// What the pot pays for one requester in one period at most, token base units.
        pub cap: u128,
    }

    /// The sponsor of a purpose took something of its pot back: it was paid to him.
    #[signature("9facc55e215907e7ba9baf1f755db24c0569e31250191ed1e581b89ad7d20a15")]
    pub struct PotWithdrawn {
        /// Index in [`crate::purpose`].
        #[ink(topic)]
        pub purpose: u8,
        /// Who was paid.
        #[ink(topic)]
        pub sponsor: AccountId,
        /// Token base units.
        pub amount: u128,
    }

    /// Somebody paid into the budget that a requester's accesses are paid from.
    #[signature("d6013dee62db7939fa2957fbeca4ab606c7caa20ef43e06719a4ca7143d1e414")]
    pub struct Funded {
        /// Whose budget.
        #[ink(topic)]
        pub requester: AccountId,
        /// Who paid.
        #[ink(topic)]
        pub from: AccountId,
        /// Token base units.
        pub amount: u128,
    }

    /// A requester took something of his budget back: it was paid to him.
    #[signature("9ac7f5fe55e8be0893ee06185b6f6fb43b3b4014da84eb879855f778f692487c")]
    pub struct BudgetWithdrawn {
        /// Whose budget, and who was paid.
        #[ink(topic)]
        pub requester: AccountId,
        /// Token base units.
        pub amount: u128,
    }

    /// A permitted access earned its owner a reward.
    #[signature("0c3c272be7e600972cfa507157200633e0bf9808950e9ece0dd097b6b7310535")]
    pub struct Accrued {
        /// The data owner.
        #[ink(topic)]
        pub owner: AccountId,
        /// Who asked.
        #[ink(topic)]
        pub requester: AccountId,
        /// The decision that earned it.
        #[ink(topic)]
        pub access: u64,
        /// Index in [`crate::purpose`].
        pub purpose: u8,
        /// Token base units.
        pub amount: u128,
        /// Who paid it from the purpose's pot; `None`: the requester from his budget.
        pub sponsor: Option<AccountId>,
        /// Block time, ms since 1970: for a period from then on the same three earn nothing more.
        pub at: u64,
    }

    /// An access earned nothing because neither pot nor budget held its tariff, or the contract was paused.
    #[signature("9a56ff662bc8f2e14157cf36f9db921f47bf380bf921f1818e2e0bef4bdad698")]
    pub struct Unfunded {
        /// The data owner.
        #[ink(topic)]
        pub owner: AccountId,
        /// Who asked.
        #[ink(topic)]
        pub requester: AccountId,
        /// The decision.
        #[ink(topic)]
        pub access: u64,
        /// Index in [`crate::purpose`].
        pub purpose: u8,
        /// The tariff that was missed, token base units.
        pub amount: u128,
        /// Whether the tariff is required, so that the access was refused for it.
        pub required: bool,
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
