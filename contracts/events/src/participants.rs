//! Admission of accounts to the ledger: who they are (a commitment), which roles they hold, whether they are suspended.

use crate::{AccountId, Hash};

events! {
    /// An account asked for admission.
    #[signature("b09832d90e66684a58ea5d83e6332064a736a406f3e5490f8faf791bdded7062")]
    pub struct Registered {
        /// The account that asks.
        #[ink(topic)]
        pub account: AccountId,
        /// Salted commitment to the profile that the regulator checks off chain.
        pub profile: Hash,
    }

    /// A participant replaced its profile.
    #[signature("0871c188e0c6ed4ef22185db0c1494f391e9dcb42df9af1ef34dfeeb8be6c5c8")]
    pub struct ProfileUpdated {
        /// The participant.
        #[ink(topic)]
        pub account: AccountId,
        /// Salted commitment to the new profile.
        pub profile: Hash,
    }

    /// A regulator admitted a registered account, having checked its profile.
    #[signature("5cec72c3a4eaf94ef4295e5b3735a8f4901af917f7ac5e5e9e0ae67fe7be97e2")]
    pub struct Approved {
        /// The admitted account.
        #[ink(topic)]
        pub account: AccountId,
        /// Bit mask of [`crate::role`].
        pub roles: u16,
        /// The commitment to the profile that was checked.
        pub profile: Hash,
        /// The regulator.
        #[ink(topic)]
        pub by: AccountId,
    }

    /// A regulator checked the profile that a participant has put in place of an earlier one.
    #[signature("57d1f692f3af038ae29ec8667efb18514e09ae6638f27426cbbeca15b3dc515f")]
    pub struct ProfileConfirmed {
        /// The participant.
        #[ink(topic)]
        pub account: AccountId,
        /// The commitment to the profile that was checked.
        pub profile: Hash,
        /// The regulator.
        #[ink(topic)]
        pub by: AccountId,
    }

    /// A participant's roles changed.
    #[signature("245da00452a4820a86118f086a34321ce02586639c93aa66882393c4c6d0e04e")]
    pub struct RolesSet {
        /// The participant.
        #[ink(topic)]
        pub account: AccountId,
        /// Bit mask of [`crate::role`]; replaces what it held before.
        pub roles: u16,
        /// Who changed them: a regulator, or at a handover of the office the one who takes it.
        #[ink(topic)]
        pub by: AccountId,
    }

    /// A regulator suspended roles of an account: they pass no check until they are reinstated,
    /// whether it held them already or not.
    #[signature("9ea826d1b715e31e9cf135e216bb75ef54d5055a8078f28007f042af12d1dafd")]
    pub struct Suspended {
        /// The account.
        #[ink(topic)]
        pub account: AccountId,
        /// Bit mask of [`crate::role`]: what is suspended in addition; never a data owner.
        pub roles: u16,
        /// Salted commitment to the reason.
        pub reason: Hash,
        /// The regulator.
        #[ink(topic)]
        pub by: AccountId,
    }

    /// A regulator lifted a suspension: the roles count again as far as the account holds them.
    #[signature("293b142358eb8bd2c6cb1577cc56e7b10b070b3a0589581b17d421fe9e914e5f")]
    pub struct Reinstated {
        /// The account.
        #[ink(topic)]
        pub account: AccountId,
        /// Bit mask of [`crate::role`]: what is no longer suspended.
        pub roles: u16,
        /// The regulator.
        #[ink(topic)]
        pub by: AccountId,
    }

    /// A participant gave up all its roles; it may be approved again.
    #[signature("9b27a776d9336cc91aed31517bf630fcc15d2c92e03eb422dc6e9eed42ec8bb2")]
    pub struct Left {
        /// The account.
        #[ink(topic)]
        pub account: AccountId,
    }
}
