//! Carbon credits and allowances. One unit is one thousandth of a credit, which stands for a tonne of
//! CO2 equivalent.

use crate::{AccountId, Hash};

events! {
    /// A class of units was created. The first one, of allowances, comes with the contract.
    #[signature("b447b822fe53a5dab44d0f6cba6f58f18e3c3fd6b6da046631b783738794fc2b")]
    pub struct ClassCreated {
        /// Its number, from 1.
        #[ink(topic)]
        pub class: u64,
        /// Who may make projects and batches in it and issue; nobody in the class of allowances.
        #[ink(topic)]
        pub issuer: Option<AccountId>,
        /// Commitment to the documents of the standard behind it.
        pub metadata: Hash,
    }

    /// A regulator named another issuer of a class.
    #[signature("3a318418f446324cf1464d45de4ee2597b82b0b3c25298bd7fcacf0f15c62f42")]
    pub struct IssuerSet {
        /// The class.
        #[ink(topic)]
        pub class: u64,
        /// Who may issue from now on.
        #[ink(topic)]
        pub issuer: AccountId,
        /// The regulator.
        pub by: AccountId,
    }

    /// An issuer registered a project.
    #[signature("d415450cf8e7de04afaed4ced76cbf3734ad7c4cd5e39a45513721c01084efb6")]
    pub struct ProjectCreated {
        /// Its number, from 1.
        #[ink(topic)]
        pub project: u64,
        /// The class of its units.
        #[ink(topic)]
        pub class: u64,
        /// Who runs it.
        #[ink(topic)]
        pub owner: AccountId,
        /// Commitment to its documents.
        pub metadata: Hash,
    }

    /// A batch was created: serial numbers that units may be issued under.
    #[signature("55c8b96e836fe2331ad4e08472afdd463e7c2e92ad6ff8d75fe50994bf31b003")]
    pub struct BatchCreated {
        /// Its number, from 1.
        #[ink(topic)]
        pub batch: u64,
        /// Its class.
        #[ink(topic)]
        pub class: u64,
        /// Its project; none for allowances.
        #[ink(topic)]
        pub project: Option<u64>,
        /// First serial number; each unit has one.
        pub serial_start: u128,
        /// Last serial number, inclusive.
        pub serial_end: u128,
        /// Start of the vintage, ms since 1970.
        pub vintage_start: u64,
        /// End of the vintage, ms since 1970, exclusive.
        pub vintage_end: u64,
    }

    /// Units of a batch came into being.
    #[signature("9663f80e7b69817433966c69b77f9a5b7882197b0dea1757427ad89a5c4ebfb0")]
    pub struct Issued {
        /// The batch.
        #[ink(topic)]
        pub batch: u64,
        /// Their first holder.
        #[ink(topic)]
        pub to: AccountId,
        /// Units.
        pub amount: u128,
    }

    /// No more units of a batch will be issued.
    #[signature("84afc8ab856643930fc178355c5c21ef90f73ac482ebc14b4298bf2a31acb5e4")]
    pub struct BatchSealed {
        /// The batch.
        #[ink(topic)]
        pub batch: u64,
    }

    /// Tradable units changed hands.
    #[signature("0e772e95a3c76ebc6442a38380e009ff18c9ce4f7b30e5952c1065d943d87122")]
    pub struct Transferred {
        /// The batch.
        #[ink(topic)]
        pub batch: u64,
        /// Whose they were.
        #[ink(topic)]
        pub from: AccountId,
        /// Whose they are.
        #[ink(topic)]
        pub to: AccountId,
        /// Units.
        pub amount: u128,
        /// Who asked: their owner, or an operator that he approved.
        pub by: AccountId,
    }

    /// How many units of a batch an operator may move for their owner, as the owner said or as is left.
    #[signature("44005c051348800fa47d387df91a99cbea2e224041273b9fb07db395142b1e8c")]
    pub struct OperatorApproved {
        /// The batch.
        #[ink(topic)]
        pub batch: u64,
        /// Whose units.
        #[ink(topic)]
        pub owner: AccountId,
        /// Who may move them.
        #[ink(topic)]
        pub operator: AccountId,
        /// Units that he may still move.
        pub amount: u128,
    }

    /// Tradable units were put in escrow.
    #[signature("b4dcd1edc654abe162ac64d9703c7b63d0787af3d67dd3f5f2c8e14a9e05604f")]
    pub struct Escrowed {
        /// The batch.
        #[ink(topic)]
        pub batch: u64,
        /// Whose they are.
        #[ink(topic)]
        pub owner: AccountId,
        /// Who holds them.
        #[ink(topic)]
        pub operator: AccountId,
        /// Units.
        pub amount: u128,
    }

    /// Units came back from escrow: they are tradable again.
    #[signature("365e6f6399c3aac30b5b6a8023f5bc078488ac0e7be08a3d3f2749dede742d78")]
    pub struct Released {
        /// The batch.
        #[ink(topic)]
        pub batch: u64,
        /// Whose they are.
        #[ink(topic)]
        pub owner: AccountId,
        /// Who held them.
        #[ink(topic)]
        pub operator: AccountId,
        /// Units.
        pub amount: u128,
    }

    /// Units went from escrow to another owner.
    #[signature("0a8fcdf53d32cb27eb58afe28c258c69f2df828edd6d42c9c6efe804ace266a6")]
    pub struct Delivered {
        /// The batch.
        #[ink(topic)]
        pub batch: u64,
        /// Whose they were.
        #[ink(topic)]
        pub from: AccountId,
        /// Whose they are.
        #[ink(topic)]
        pub to: AccountId,
        /// Units.
        pub amount: u128,
        /// Who held them.
        pub operator: AccountId,
    }

    /// Units were retired for good.
    #[signature("4664ff5b7c05ad5c860f22f54ae3476c70e5741550b07a415a63b291158f9193")]
    pub struct Retired {
        /// The batch.
        #[ink(topic)]
        pub batch: u64,
        /// Whose they were.
        #[ink(topic)]
        pub owner: AccountId,
        /// On whose behalf.
        #[ink(topic)]
        pub beneficiary: AccountId,
        /// Units.
        pub amount: u128,
        /// Salted commitment to what they offset.
        pub reason: Hash,
    }

    /// Units were cancelled for good, without a claim.
    #[signature("0e10d35c20d27dabcc69341f2814a606f7561a284424429fd3352a11e11e6143")]
    pub struct Cancelled {
        /// The batch.
        #[ink(topic)]
        pub batch: u64,
        /// Whose they were.
        #[ink(topic)]
        pub owner: AccountId,
        /// Units.
        pub amount: u128,
        /// Salted commitment to the reason.
        pub reason: Hash,
    }

    /// The administrator set what a missing unit costs from a moment on; replaces what was set and has not taken effect.
    #[signature("4119a39c5384e18516058880783a6acae21abe6e70e9b5b8270e9ed99a976f2b")]
    pub struct PenaltySet {
        /// Token base units per credit, of 1,000 units, for periods that are set from then on.
        pub tariff: u128,
        /// Who is paid from then on.
        #[ink(topic)]
        pub collector: AccountId,
        /// First moment at which both hold, ms since 1970.
        pub from: u64,
    }

    /// A regulator opened a compliance period. Its allowances are a batch.
    #[signature("46f084ded9e09c09f7f5d0690ff63a88e7ee5a60d36d9246c1bdc8e9aef82408")]
    pub struct PeriodSet {
        /// Its number, from 1.
        #[ink(topic)]
        pub period: u64,
        /// The batch of its allowances.
        #[ink(topic)]
        pub batch: u64,
        /// First moment, ms since 1970.
        pub start: u64,
        /// First moment after it, ms since 1970.
        pub end: u64,
        /// First moment at which it may be settled, ms since 1970.
        pub settle_from: u64,
        /// Allowances that there may be.
        pub cap: u128,
        /// Penalty in token base units per missing credit, of 1,000 units.
        pub tariff: u128,
    }

    /// An emitter got allowances of a period.
    #[signature("d34bbfbc1416bdec3d95875484f1f0f50c7a8bde63490370c8dd84481985da0d")]
    pub struct Allocated {
        /// The period.
        #[ink(topic)]
        pub period: u64,
        /// The emitter.
        #[ink(topic)]
        pub account: AccountId,
        /// Units.
        pub amount: u128,
        /// The regulator.
        pub by: AccountId,
    }

    /// A verifier reported what an account emitted in a period, or corrected it.
    #[signature("dcc53ffb4b117106cecd6a8b379ad9e7f82d848b36c3a0d2ccb818d72fe6169d")]
    pub struct EmissionsReported {
        /// The period.
        #[ink(topic)]
        pub period: u64,
        /// The emitter.
        #[ink(topic)]
        pub account: AccountId,
        /// Who verified it.
        #[ink(topic)]
        pub verifier: AccountId,
        /// From 1; a higher one corrects the ones before it.
        pub version: u32,
        /// Units emitted in the period.
        pub emissions: u128,
        /// Commitment to the verified report.
        pub report: Hash,
    }

    /// Allowances were surrendered for a period, for good.
    #[signature("36b4496b922404236300029f43b938928fa69feeb76149b927fb96e4c19c1158")]
    pub struct Surrendered {
        /// The period that they count for.
        #[ink(topic)]
        pub period: u64,
        /// The batch of allowances.
        #[ink(topic)]
        pub batch: u64,
        /// Whose they were.
        #[ink(topic)]
        pub account: AccountId,
        /// Units.
        pub amount: u128,
    }

    /// A period was settled for an account.
    #[signature("f919b590f0179bfad6362ec51db51d6611195309d7ef03c37f7bc1f6ed902924")]
    pub struct PeriodSettled {
        /// The period.
        #[ink(topic)]
        pub period: u64,
        /// The emitter.
        #[ink(topic)]
        pub account: AccountId,
        /// Units emitted in the period, as in the latest report.
        pub verified: u128,
        /// Units surrendered for it.
        pub surrendered: u128,
        /// Units missing from the period before.
        pub brought_deficit: u128,
        /// Units left over from the period before.
        pub brought_surplus: u128,
        /// Units missing, which the next period begins with.
        pub deficit: u128,
        /// Units left over, which the next period begins with.
        pub surplus: u128,
        /// Whether it was reported before settlement began, and covered by then.
        pub timely: bool,
        /// The account's rating from now on, 0 to 1,000.
        pub rating: u16,
    }

    /// An account owes a penalty for a deficit. It never erases the deficit.
    #[signature("adb0885aab2c97014d53bd8f45ddae730ccc71eade85a70a5b46ca7d70585cc7")]
    pub struct PenaltyImposed {
        /// The period.
        #[ink(topic)]
        pub period: u64,
        /// The emitter.
        #[ink(topic)]
        pub account: AccountId,
        /// Units missing.
        pub deficit: u128,
        /// Token base units.
        pub amount: u128,
    }

    /// A penalty was paid.
    #[signature("ee83d4e4debe653bb73b0181e641c5ef4d632f51a4947e4a2c8da719792cd259")]
    pub struct PenaltyPaid {
        /// The period.
        #[ink(topic)]
        pub period: u64,
        /// Whose penalty.
        #[ink(topic)]
        pub account: AccountId,
        /// Who paid it.
        #[ink(topic)]
        pub payer: AccountId,
        /// Who was paid.
        pub collector: AccountId,
        /// Token base units.
        pub amount: u128,
        /// The account's rating from now on, 0 to 1,000.
        pub rating: u16,
    }

    /// A regulator froze an account.
    #[signature("a9ccca2791e728d96b817c40f73261ac4a54de9ed706247b2519bec4221d2c0e")]
    pub struct AccountFrozen {
        /// The account.
        #[ink(topic)]
        pub account: AccountId,
        /// Salted commitment to the reason.
        pub reason: Hash,
        /// The regulator.
        #[ink(topic)]
        pub by: AccountId,
    }

    /// A regulator ended a freeze.
    #[signature("61ace000fd0cb1739467f5f2acdcbd0c87c7ed765b0860b1b7115179a2891ca0")]
    pub struct AccountUnfrozen {
        /// The account.
        #[ink(topic)]
        pub account: AccountId,
        /// The regulator.
        #[ink(topic)]
        pub by: AccountId,
    }
}
