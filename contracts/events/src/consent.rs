//! Consent: grants, denials, delegates, emergencies, and the log of every access decision.

use crate::{AccountId, Decision, Hash, Outcome, SanctionReason};

events! {
    /// A data owner, or a delegate or a guardian for one, granted access.
    #[signature("edb4d47a65b1e72f8564be7a1266029dee78bd5571dcc084e0b7fff46481a3bb")]
    pub struct Granted {
        /// Number of the grant; counts from 1.
        #[ink(topic)]
        pub grant: u64,
        /// The data owner.
        #[ink(topic)]
        pub owner: AccountId,
        /// Who may ask for access.
        #[ink(topic)]
        pub grantee: AccountId,
        /// Bit mask: bit n is purpose n of [`crate::purpose`].
        pub purposes: u32,
        /// Bit mask: bit n is category n of [`crate::category`].
        pub categories: u32,
        /// First valid moment, ms since 1970.
        pub from: u64,
        /// First moment at which it is no longer valid, ms since 1970.
        pub until: u64,
        /// How many permits it is good for; `None`: no limit.
        pub max_uses: Option<u32>,
        /// Salted commitment to the record (a series of reports) that it is for; `None`: all records.
        pub record: Option<Hash>,
        /// Hash of the policy that both parties agreed to.
        pub policy: Hash,
        /// The owner's epoch in which it was granted; it counts only in that epoch.
        pub epoch: u32,
        /// Who granted it: the owner, a delegate or a guardian.
        pub by: AccountId,
    }

    /// The terms of a grant were replaced by a new version.
    #[signature("af764a80bf8c6d6c7a7cdccb28c19fd98b5501a1c20cfe67e97f3219899858b6")]
    pub struct Amended {
        /// The grant.
        #[ink(topic)]
        pub grant: u64,
        /// The data owner.
        #[ink(topic)]
        pub owner: AccountId,
        /// Number of the version; a new grant has version 1.
        pub version: u32,
        /// Bit mask of purposes.
        pub purposes: u32,
        /// Bit mask of categories.
        pub categories: u32,
        /// First valid moment, ms since 1970.
        pub from: u64,
        /// First moment at which it is no longer valid, ms since 1970.
        pub until: u64,
        /// How many permits it is good for in all its versions; `None`: no limit.
        pub max_uses: Option<u32>,
        /// Hash of the policy that both parties agreed to.
        pub policy: Hash,
        /// Who amended it: the owner, a delegate or a guardian.
        #[ink(topic)]
        pub by: AccountId,
        /// Block time, ms since 1970.
        pub at: u64,
    }

    /// A grant was revoked for good.
    #[signature("f8ef4b26be7a20ef8a41c1f3390ff12a6748460c4c0e6adc0e017b0d5f008797")]
    pub struct Revoked {
        /// The grant.
        #[ink(topic)]
        pub grant: u64,
        /// The data owner.
        #[ink(topic)]
        pub owner: AccountId,
        /// Who revoked it: the owner, a delegate or a guardian.
        #[ink(topic)]
        pub by: AccountId,
        /// Block time, ms since 1970.
        pub at: u64,
    }

    /// A data owner revoked every grant and every delegation given before, by starting a new epoch.
    #[signature("a9410d2da7fbaf17a2f4562204af1db0d2f907a7210b29666823ed25d5ee1e74")]
    pub struct AllRevoked {
        /// The data owner.
        #[ink(topic)]
        pub owner: AccountId,
        /// The epoch that starts; grants and delegations of earlier ones no longer count.
        pub epoch: u32,
        /// Block time, ms since 1970.
        pub at: u64,
    }

    /// A data owner denied access explicitly, which wins over every grant and every emergency; adds to what was denied before.
    #[signature("0a914ded218dad679b7aad153b898e2d84e9cf4c6aff2e3f5680fddfdf436649")]
    pub struct Denied {
        /// The data owner.
        #[ink(topic)]
        pub owner: AccountId,
        /// Who is denied.
        #[ink(topic)]
        pub requester: AccountId,
        /// Bit mask of purposes.
        pub purposes: u32,
        /// Bit mask of categories; an access is denied if both its purpose and its category are in the masks.
        pub categories: u32,
        /// Block time, ms since 1970.
        pub at: u64,
    }

    /// A data owner lifted a denial, or a part of it.
    #[signature("8167d51d9dc6554a26c28cf154c4cbfbd8872749553c0561df76bef42619c9c8")]
    pub struct DenialLifted {
        /// The data owner.
        #[ink(topic)]
        pub owner: AccountId,
        /// Who was denied.
        #[ink(topic)]
        pub requester: AccountId,
        /// Bit mask of purposes.
        pub purposes: u32,
        /// Bit mask of categories; what has its purpose and its category in the masks is no longer denied.
        pub categories: u32,
        /// Block time, ms since 1970.
        pub at: u64,
    }

    /// A data owner let a delegate grant, amend and revoke within a scope; replaces an earlier delegation to the same account.
    #[signature("d5c1ccbb2461080f698e98da25b69f84926c8248aee620f21d1d3fcc032d5909")]
    pub struct DelegateSet {
        /// The data owner.
        #[ink(topic)]
        pub owner: AccountId,
        /// Who may act for the owner.
        #[ink(topic)]
        pub delegate: AccountId,
        /// Bit mask of the purposes in scope.
        pub purposes: u32,
        /// Bit mask of the categories in scope.
        pub categories: u32,
        /// First moment at which the delegation no longer counts, ms since 1970; no grant by the delegate outlasts it.
        pub until: u64,
        /// The owner's epoch in which it was given; it counts only in that epoch.
        pub epoch: u32,
    }

    /// A data owner took a delegation back.
    #[signature("49bfd1bf94a58f7ff3b5943e511b64732264d693c998c58745d505f98c7616d9")]
    pub struct DelegateRemoved {
        /// The data owner.
        #[ink(topic)]
        pub owner: AccountId,
        /// Who may no longer act for the owner.
        #[ink(topic)]
        pub delegate: AccountId,
        /// The grants that the delegate gave for the owner are revoked up to this number; `None`: they stay.
        pub revoked_up_to: Option<u64>,
    }

    /// A data owner had a grant's commitment to the record forgotten.
    #[signature("555459dc233a63d9a8b69db2e730c346279147579eb2b4299abc08cad9bae4b2")]
    pub struct LinkErased {
        /// The grant.
        #[ink(topic)]
        pub grant: u64,
        /// The data owner.
        #[ink(topic)]
        pub owner: AccountId,
    }

    /// A provider opened a patient's data in an emergency, without a grant.
    #[signature("09b908db776e81e965bf6c5dbadb6cf9c9f358afef537af00d52c30d6338771d")]
    pub struct GlassBroken {
        /// Number of the window; counts from 1.
        #[ink(topic)]
        pub window: u64,
        /// Whose data.
        #[ink(topic)]
        pub patient: AccountId,
        /// For whom it was opened.
        #[ink(topic)]
        pub provider: AccountId,
        /// Who opened it: the provider, or one of its staff, whichever key he has.
        pub by: AccountId,
        /// The commitment to the person of the staff who holds the key; `None`: it is the provider's own.
        pub person: Option<Hash>,
        /// Salted commitment to the justification.
        pub justification: Hash,
        /// Block time, ms since 1970.
        pub at: u64,
        /// First moment at which the window is closed, ms since 1970.
        pub until: u64,
        /// First moment at which a missing review is overdue, ms since 1970.
        pub review_by: u64,
    }

    /// A window was closed before its time.
    #[signature("01e87220876c40ebbd35e7ff4e90bc5bf49a76ec826cb311dc5055121098cc79")]
    pub struct GlassClosed {
        /// The window.
        #[ink(topic)]
        pub window: u64,
        /// Who closed it: the provider or one of its staff, the patient or a guardian of his, or a reviewer who found it unjustified.
        #[ink(topic)]
        pub by: AccountId,
        /// Block time, ms since 1970.
        pub at: u64,
    }

    /// A reviewer judged a use of the emergency access.
    #[signature("e58c683df350cc6364389bdd68baa73f434bb9a2cb60fd9d3e87295580f926e2")]
    pub struct GlassReviewed {
        /// The window.
        #[ink(topic)]
        pub window: u64,
        /// The reviewer.
        #[ink(topic)]
        pub by: AccountId,
        /// The judgement.
        pub outcome: Outcome,
        /// Block time, ms since 1970.
        pub at: u64,
    }

    /// Somebody may not break the glass for anybody until a regulator lifts this: a reviewer found unjustified
    /// that he did.
    #[signature("822862a60771cc724f99013e7ac1bd0372b7577d046bab737fa309ba3745d59c")]
    pub struct EmergencyBarred {
        /// Who opened the window: the provider, or one of its staff, whichever key he has.
        #[ink(topic)]
        pub key: AccountId,
        /// The window that it is about; takes the place of an earlier one.
        #[ink(topic)]
        pub window: u64,
        /// Block time, ms since 1970.
        pub at: u64,
    }

    /// A regulator let somebody break the glass again.
    #[signature("3b08815c3ebe0aa27c732f2230f854e533b69e0ecc161fbc0cfac33afc501946")]
    pub struct BarLifted {
        /// Who.
        #[ink(topic)]
        pub key: AccountId,
        /// The regulator.
        #[ink(topic)]
        pub by: AccountId,
        /// Block time, ms since 1970.
        pub at: u64,
    }

    /// A sanction: the contract proposes to the regulator that a provider be suspended.
    #[signature("1f697eae50f7053a3f55d34de297c7c82f89461ef32899e47f2c46bf4bf0f089")]
    pub struct SuspensionProposed {
        /// The provider.
        #[ink(topic)]
        pub provider: AccountId,
        /// The window that it is about.
        #[ink(topic)]
        pub window: u64,
        /// Why.
        pub reason: SanctionReason,
        /// Block time, ms since 1970.
        pub at: u64,
    }

    /// An access was asked for and decided; refusals are logged too.
    #[signature("4cdc94ce7d07e1777d4760eefb32177897d85738597396f20d80c50db487b376")]
    pub struct AccessDecided {
        /// Whose data.
        #[ink(topic)]
        pub owner: AccountId,
        /// For whom was asked.
        #[ink(topic)]
        pub requester: AccountId,
        /// The key that asked: the requester's own, or that of one of its staff.
        pub by: AccountId,
        /// The commitment to the person of the staff who holds the key; `None`: it is the requester's own.
        pub person: Option<Hash>,
        /// Number of the decision over all owners; counts from 1.
        #[ink(topic)]
        pub access: u64,
        /// Number of the decision in the log of this owner; counts from 1.
        pub sequence: u64,
        /// Index in [`crate::purpose`].
        pub purpose: u8,
        /// Index in [`crate::category`].
        pub category: u8,
        /// The record that was asked for; `None`: none in particular.
        pub record: Option<Hash>,
        /// The grant that was applied; `None` when there was none.
        pub grant: Option<u64>,
        /// The emergency window that permitted it; `None` when none did.
        pub window: Option<u64>,
        /// Permit, or deny with the reason.
        pub decision: Decision,
        /// Block time, ms since 1970.
        pub at: u64,
        /// Head of the owner's log before this entry; zero for the first.
        pub previous: Hash,
        /// BLAKE2b-256 over the SCALE tuple (domain, owner, requester, by, person, access, sequence, purpose, category, record, grant, window, decision, at); the domain is BLAKE2b-256(genesis hash, contract), the 64 bytes one after the other.
        pub content: Hash,
        /// Head of the owner's log after this entry: BLAKE2b-256(previous, content), the 64 bytes one after the other.
        pub head: Hash,
    }

    /// An account that was never admitted asked for access and was refused; the owner's log does not show it.
    #[signature("6dcaaceab55cd04e0503b36b39d9b551a374958af6217ded3f330a05a690d760")]
    pub struct OutsiderRefused {
        /// Who asked.
        #[ink(topic)]
        pub requester: AccountId,
        /// Whose data.
        #[ink(topic)]
        pub owner: AccountId,
        /// Number of the refusal in the contract's log of them; counts from 1.
        pub sequence: u64,
        /// Index in [`crate::purpose`].
        pub purpose: u8,
        /// Index in [`crate::category`].
        pub category: u8,
        /// The record that was asked for; `None`: none in particular.
        pub record: Option<Hash>,
        /// Block time, ms since 1970.
        pub at: u64,
        /// Head of that log before this refusal; zero for the first.
        pub previous: Hash,
        /// BLAKE2b-256 over the SCALE tuple (domain, requester, owner, sequence, purpose, category, record, at).
        pub content: Hash,
        /// Head of that log after this refusal: BLAKE2b-256(previous, content), the 64 bytes one after the other.
        pub head: Hash,
    }

    /// A data owner wants no emergency access: no window on him is opened, and none that is open permits anything.
    #[signature("d9103d28b232b577b44f468eaa4853aa07828832b866254b87b2971f75ce6792")]
    pub struct EmergenciesRefused {
        /// Who wants none.
        #[ink(topic)]
        pub owner: AccountId,
        /// Block time, ms since 1970.
        pub at: u64,
    }

    /// A data owner admits emergency access again.
    #[signature("9945c4f97aaa9061e989d917e03e995ac6839202fce8f36b7db5173e7216f617")]
    pub struct EmergenciesAllowed {
        /// Who had refused it.
        #[ink(topic)]
        pub owner: AccountId,
        /// Block time, ms since 1970.
        pub at: u64,
    }

    /// A data owner denies everybody, except those that he names, the accesses whose purpose and category are both in the masks.
    #[signature("d58cd784ab06034a744cabce9a8600bab7505c5914a95c21a9eb28c43102a9d6")]
    pub struct Restricted {
        /// Whose data.
        #[ink(topic)]
        pub owner: AccountId,
        /// Mask of [`crate::purpose`].
        pub purposes: u32,
        /// Mask of [`crate::category`].
        pub categories: u32,
        /// Block time, ms since 1970.
        pub at: u64,
    }

    /// A restriction does not concern an account: stands after it, once for each that its owner named.
    #[signature("4b9b0fd5d2eb77eba7642e105d3c263403149a2ac4a3b64efe9d0c3a52c1260b")]
    pub struct Excepted {
        /// Whose restriction.
        #[ink(topic)]
        pub owner: AccountId,
        /// Whom it does not concern.
        #[ink(topic)]
        pub account: AccountId,
    }

    /// A data owner lifted his restriction.
    #[signature("af01579b813c80bcf65324f0566b283f1ce0a7af1d72d6b75c065935bef9da58")]
    pub struct RestrictionLifted {
        /// Whose data.
        #[ink(topic)]
        pub owner: AccountId,
        /// Block time, ms since 1970.
        pub at: u64,
    }

    /// A grant was given by a guardian for its owner: stands after `Granted`.
    #[signature("b72d55daf7ada5508b4fb718565de1861daa1b8d2743af6e40dc3346c01e680d")]
    pub struct GuardianGranted {
        /// The grant.
        #[ink(topic)]
        pub grant: u64,
        /// The data owner.
        #[ink(topic)]
        pub owner: AccountId,
        /// Number of the owner's guardianship in which it was given; it counts only in that one.
        pub guardianship: u32,
    }

    /// A guardian denied access to his ward's data explicitly, which wins over every grant and over no emergency; adds to what guardians denied before.
    #[signature("b2a15292458e411b2600079e63c9f6ae1ac11274fda780daf0da963cbcfbb8e3")]
    pub struct GuardianDenied {
        /// The data owner.
        #[ink(topic)]
        pub owner: AccountId,
        /// Who is denied.
        #[ink(topic)]
        pub requester: AccountId,
        /// Bit mask of purposes.
        pub purposes: u32,
        /// Bit mask of categories; an access is denied if both its purpose and its category are in the masks.
        pub categories: u32,
        /// The guardian.
        #[ink(topic)]
        pub by: AccountId,
        /// Block time, ms since 1970.
        pub at: u64,
    }

    /// A guardian lifted what guardians of his ward had denied, or a part of it; what the owner denies himself stays.
    #[signature("b27083a04902190dab43b4661c2ddb23e0adea3ffdb398b868c91a09e33533ed")]
    pub struct GuardianDenialLifted {
        /// The data owner.
        #[ink(topic)]
        pub owner: AccountId,
        /// Who was denied.
        #[ink(topic)]
        pub requester: AccountId,
        /// Bit mask of purposes.
        pub purposes: u32,
        /// Bit mask of categories; what has its purpose and its category in the masks is denied by guardians no longer.
        pub categories: u32,
        /// The guardian.
        #[ink(topic)]
        pub by: AccountId,
        /// Block time, ms since 1970.
        pub at: u64,
    }

    /// A guardian denies everybody, except those that he names, the accesses to his ward's data whose purpose and category are both in the masks; it binds no emergency. `Excepted` stands after it as after `Restricted`.
    #[signature("c8339f9b444c6b4fb2d5cbabe2a6a6ec90b547a910d0ed513d849ac54a33a199")]
    pub struct GuardianRestricted {
        /// Whose data.
        #[ink(topic)]
        pub owner: AccountId,
        /// Mask of [`crate::purpose`].
        pub purposes: u32,
        /// Mask of [`crate::category`].
        pub categories: u32,
        /// The guardian.
        #[ink(topic)]
        pub by: AccountId,
        /// Block time, ms since 1970.
        pub at: u64,
    }

    /// A guardian did for his ward what the event before this says, which does not name who did it.
    #[signature("c609e0fc5008c501f384fe96078f52f9b7850baa5172dc240764cf95e173569a")]
    pub struct GuardianActed {
        /// For whom.
        #[ink(topic)]
        pub owner: AccountId,
        /// The guardian.
        #[ink(topic)]
        pub guardian: AccountId,
        /// Block time, ms since 1970.
        pub at: u64,
    }
}
