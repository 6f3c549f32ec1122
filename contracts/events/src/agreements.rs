//! Proposals of grants and requests for erasure: what no decision reads.

use crate::{AccountId, Hash};

events! {
    /// A provider or researcher proposed the terms of a grant to a data owner.
    #[signature("85e94a72586f4c742b38629da918592c93d9391b856b37cdca9b3acc3773ca62")]
    pub struct Proposed {
        /// Number of the proposal; counts from 1.
        #[ink(topic)]
        pub proposal: u64,
        /// To whom: the data owner.
        #[ink(topic)]
        pub owner: AccountId,
        /// Who proposes, and would be the grantee.
        #[ink(topic)]
        pub requester: AccountId,
        /// Who proposed: the requester, or one of its staff, whichever key he has.
        pub by: AccountId,
        /// The commitment to the person of the staff who holds the key; `None`: it is the requester's own.
        pub person: Option<Hash>,
        /// Bit mask of purposes.
        pub purposes: u32,
        /// Bit mask of categories.
        pub categories: u32,
        /// First moment at which the grant would be valid, ms since 1970.
        pub from: u64,
        /// First moment at which it would be valid no longer, ms since 1970.
        pub until: u64,
        /// How many permits it would be good for; `None`: no limit.
        pub max_uses: Option<u32>,
        /// Salted commitment to the record (a series of reports) that it would be for; `None`: all records.
        pub record: Option<Hash>,
        /// Hash of the policy that accepting agrees to.
        pub policy: Hash,
        /// First moment at which it can be accepted no longer, ms since 1970.
        pub expires: u64,
        /// Block time, ms since 1970.
        pub at: u64,
    }

    /// The requester took a proposal back before it was answered.
    #[signature("612dd18de51fe4a8e03c6d0568a58e45996fac6ad9fc6d8ef61034c17e547127")]
    pub struct ProposalWithdrawn {
        /// The proposal.
        #[ink(topic)]
        pub proposal: u64,
        /// To whom it was made.
        #[ink(topic)]
        pub owner: AccountId,
        /// Who had proposed.
        #[ink(topic)]
        pub requester: AccountId,
        /// Who withdrew it: the requester, or one of its staff, whichever key he has.
        pub by: AccountId,
        /// Block time, ms since 1970.
        pub at: u64,
    }

    /// The owner accepted a proposal: a live grant of his carries its terms, and both agreed to the policy.
    #[signature("237cb1b206e0d4a16e42c44ed71c1e4903c6d2acbadf08079852998be649f137")]
    pub struct ProposalAccepted {
        /// The proposal.
        #[ink(topic)]
        pub proposal: u64,
        /// Who accepted.
        #[ink(topic)]
        pub owner: AccountId,
        /// Who proposed.
        #[ink(topic)]
        pub requester: AccountId,
        /// The grant, by its number in the consent contract.
        pub grant: u64,
        /// Hash of the policy that both agreed to.
        pub policy: Hash,
        /// Block time, ms since 1970.
        pub at: u64,
    }

    /// The owner declined a proposal.
    #[signature("4366441dc5fb2ffbc3898b97828d11c04c19882ff24fef3ff84b9fbd6ed62770")]
    pub struct ProposalDeclined {
        /// The proposal.
        #[ink(topic)]
        pub proposal: u64,
        /// Who declined.
        #[ink(topic)]
        pub owner: AccountId,
        /// Who proposed.
        #[ink(topic)]
        pub requester: AccountId,
        /// Salted commitment to the reason, if one was given.
        pub reason: Option<Hash>,
        /// Block time, ms since 1970.
        pub at: u64,
    }

    /// An owner asked a requester, who has no live grant of his, to erase what it holds of him.
    #[signature("ba8a9a5540703d1951d65f2f272eb225a43320b25219e6dee65caa88922e1fd8")]
    pub struct ErasureRequested {
        /// Number of the request; counts from 1.
        #[ink(topic)]
        pub erasure: u64,
        /// Who asks.
        #[ink(topic)]
        pub owner: AccountId,
        /// Who shall erase.
        #[ink(topic)]
        pub requester: AccountId,
        /// First moment at which an answer is overdue, ms since 1970.
        pub due: u64,
        /// Block time, ms since 1970.
        pub at: u64,
    }

    /// The requester answered: it erased the data, or has to retain them by law.
    #[signature("b79b81c35f4c2aa0765b57a296ac13068b15be6ac87af9168725fde6dff1d4cb")]
    pub struct ErasureAnswered {
        /// The request.
        #[ink(topic)]
        pub erasure: u64,
        /// Who asked.
        #[ink(topic)]
        pub owner: AccountId,
        /// Who answers.
        #[ink(topic)]
        pub requester: AccountId,
        /// First moment at which the law no longer has it retain the data, ms since 1970; `None`: they are erased.
        pub retained_until: Option<u64>,
        /// Salted commitment to the evidence.
        pub evidence: Hash,
        /// Who answered: the requester, or one of its staff, whichever key he has.
        pub by: AccountId,
        /// The commitment to the person of the staff who holds the key; `None`: it is the requester's own.
        pub person: Option<Hash>,
        /// Block time, ms since 1970.
        pub at: u64,
    }

    /// A guardian did for his ward what the event before this says, which does not name who did it.
    #[signature("6486a1a357480b0a7993b1a1067b629c7cbc6d8b651967be50ae6e66d245f266")]
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
