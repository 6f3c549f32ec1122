//! Admission of accounts to the ledger: who they are (a commitment), which roles they hold, whether they are suspended, and who acts for them.

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

    /// An organisation had a key act for it, as one of its staff: with these powers, until then.
    #[signature("4fe43bb1021c35046d80d107dc5a9f50edc7ddd25ef3e0027ec0f26e0c18ee1c")]
    pub struct MemberAdmitted {
        /// The organisation; it stays the party to whatever its staff does for it.
        #[ink(topic)]
        pub organisation: AccountId,
        /// The key.
        #[ink(topic)]
        pub agent: AccountId,
        /// Bit mask of [`crate::power`]; replaces what it had from this organisation before.
        pub powers: u16,
        /// First moment at which the mandate no longer counts, ms since 1970.
        pub until: u64,
        /// Salted commitment to the person who holds the key.
        pub person: Hash,
    }

    /// A regulator appointed a guardian for somebody who cannot act for himself: until then he does what the ward may as a data owner.
    #[signature("75e79717f454c73f2087740eca8da15583eb75288c16302069a30db7558ad967")]
    pub struct GuardianAppointed {
        /// Who is acted for; he stays the party to whatever his guardian does for him.
        #[ink(topic)]
        pub ward: AccountId,
        /// The guardian's key; replaces what it had for this ward before.
        #[ink(topic)]
        pub guardian: AccountId,
        /// First moment at which the mandate no longer counts, ms since 1970.
        pub until: u64,
        /// Salted commitment to the person who holds the key.
        pub person: Hash,
        /// The regulator.
        #[ink(topic)]
        pub by: AccountId,
    }

    /// A guardian was dismissed before his time, or his time was cut short: what guardians of this ward granted before counts no longer.
    #[signature("ba1ea0e85de0dc2b310331e01ce7fac60838878a8aef26d8a60768bae8d4b326")]
    pub struct GuardiansChanged {
        /// Whose guardians.
        #[ink(topic)]
        pub ward: AccountId,
        /// Number of the guardianship that starts, from 0: what guardians grant counts only in the one in which they did.
        pub guardianship: u32,
    }

    /// A mandate was ended before its time: a member's by either of the two, a guardian's by himself or a regulator.
    #[signature("d59c75e7dce7ac89f4d85b9aa984d2b2b2b1e892e7fcdbddc3d8556e01625c4d")]
    pub struct MandateEnded {
        /// Who had somebody act for him.
        #[ink(topic)]
        pub subject: AccountId,
        /// Who acts for him no more.
        #[ink(topic)]
        pub agent: AccountId,
        /// Who ended it.
        pub by: AccountId,
    }

    /// A participant named the key that shall act for it; replaces what it named before.
    #[signature("d7d57d744bbfbd1efae7b3b37a470259027c2e3c74002890207b79ede40ac37d")]
    pub struct SuccessorNamed {
        /// The participant.
        #[ink(topic)]
        pub subject: AccountId,
        /// The key.
        #[ink(topic)]
        pub to: AccountId,
        /// First moment at which the key may accept, ms since 1970.
        pub not_before: u64,
        /// First moment at which it no longer may, ms since 1970.
        pub until: u64,
    }

    /// A regulator named the key that shall act for a participant whose key was lost or stolen; replaces what
    /// that key named.
    #[signature("9f2124af7ad5b0358bfd40612d4485a4b2659e4a9d0cccd8241f6235f35d70bb")]
    pub struct ReplacementProposed {
        /// The participant.
        #[ink(topic)]
        pub subject: AccountId,
        /// The key.
        #[ink(topic)]
        pub to: AccountId,
        /// Salted commitment to what shows it.
        pub evidence: Hash,
        /// First moment at which the key may accept, ms since 1970.
        pub not_before: u64,
        /// First moment at which it no longer may, ms since 1970.
        pub until: u64,
        /// The regulator.
        #[ink(topic)]
        pub by: AccountId,
    }

    /// A participant took back the key that it had named.
    #[signature("8127cebd5c5a94d8238c0b51b013c3cc3f13c773acc150e7229cb4f353b80775")]
    pub struct SuccessionCancelled {
        /// The participant.
        #[ink(topic)]
        pub subject: AccountId,
        /// The key.
        #[ink(topic)]
        pub to: AccountId,
    }

    /// The key of a participant objects to what a regulator would put in its place: a second one has to
    /// confirm it.
    #[signature("a88bc4393d37202e5e18d8059c8a1fd7858a4c08e7f9afdddd434c067003a9ed")]
    pub struct ReplacementObjected {
        /// The participant.
        #[ink(topic)]
        pub subject: AccountId,
        /// The key.
        #[ink(topic)]
        pub to: AccountId,
    }

    /// A second regulator confirmed a replacement to which the key objects.
    #[signature("4255f19f77fcaf3b63e16444c258328be3337e470355bdf3f3992f5019fac024")]
    pub struct ReplacementConfirmed {
        /// The participant.
        #[ink(topic)]
        pub subject: AccountId,
        /// The key.
        #[ink(topic)]
        pub to: AccountId,
        /// The second regulator.
        #[ink(topic)]
        pub by: AccountId,
    }

    /// A replacement ended: who had proposed it took it back, or another regulator ended it.
    #[signature("e9ed95283e43ee596708c73a45f69f7d4ecedbc00276ae2e48872524897f704d")]
    pub struct ReplacementRejected {
        /// The participant.
        #[ink(topic)]
        pub subject: AccountId,
        /// The key.
        #[ink(topic)]
        pub to: AccountId,
        /// The regulator.
        #[ink(topic)]
        pub by: AccountId,
    }

    /// Another key acts for a participant from now on, and the one before it for nobody.
    #[signature("1b2df034b5734a40aee8023d737220d47d87d062f007edeff5bc0ad4f7615e28")]
    pub struct KeyReplaced {
        /// The participant.
        #[ink(topic)]
        pub subject: AccountId,
        /// The key before: the participant's own account, or an earlier successor.
        #[ink(topic)]
        pub from: AccountId,
        /// The key.
        #[ink(topic)]
        pub to: AccountId,
    }
}
