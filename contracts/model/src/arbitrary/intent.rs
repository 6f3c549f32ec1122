//! What a step is meant to do, in small numbers.

mod carbon;
mod market;

pub use carbon::{CarbonIntent, Units};
pub use market::MarketIntent;

use super::resolve::Lookup;
use crate::{Contract, Message, World};

/// What is meant by an amount of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amounts {
    /// This many.
    Few(u16),
    /// More than there are.
    Max,
}

/// What a grant is meant to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GrantPick {
    /// Whose data: data owners come first.
    pub owner: u8,
    /// For whom: providers and researchers come first.
    pub grantee: u8,
    /// Which masks.
    pub masks: u8,
    /// 0: an hour ago; 1: now; 2: in an hour; else in five.
    pub from: u8,
    /// 0: three days; 1: two hours; 2: a minute; 3: for ever; 4: nothing after `from`; else over.
    pub until: u8,
    /// 0: no limit; 1: once; 2: three times; else never.
    pub uses: u8,
    /// Record and policy; 0: none.
    pub record: u8,
}

/// What a version of a report is meant to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VersionPick {
    /// One of four series.
    pub series: u8,
    /// 0: the right one; 1: the latest again; else one too far.
    pub sequence: u8,
    /// 0: the right one; 1: zero; else another.
    pub previous: u8,
    /// Seed of the root.
    pub root: u8,
    /// 0: four; 1: as many as bytes; 2: none; else more than bytes.
    pub chunks: u8,
    /// 0: a thousand; else none.
    pub byte_length: u8,
    /// Which account.
    pub patient: u8,
    /// Which account, counted from after the patient.
    pub doctor: u8,
}

/// What a step is meant to do. The numbers choose, most promising first, among what there is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the variants are the messages, the fields their arguments")]
pub enum Intent {
    Register {
        profile: u8,
    },
    UpdateProfile {
        profile: u8,
    },
    Approve {
        account: u8,
        roles: u8,
    },
    SetRoles {
        account: u8,
        roles: u8,
    },
    Suspend {
        account: u8,
    },
    Reinstate {
        account: u8,
    },
    Leave,

    Grant(GrantPick),
    GrantBatch(Vec<GrantPick>),
    Amend {
        grant: u8,
        new: GrantPick,
    },
    Revoke {
        grant: u8,
    },
    RevokeAll,
    Deny {
        requester: u8,
        masks: u8,
    },
    LiftDenial {
        denial: u8,
    },
    SetDelegate {
        delegate: u8,
        masks: u8,
        until: u8,
    },
    RemoveDelegate {
        delegation: u8,
    },
    EraseLink {
        grant: u8,
    },
    RequestAccess {
        grant: u8,
        named: bool,
        purpose: u8,
        category: u8,
    },
    RequestStrange {
        owner: u8,
        grant: Option<u8>,
        purpose: u8,
        category: u8,
    },
    RequestEmergency {
        window: u8,
        purpose: u8,
    },
    BreakGlass {
        patient: u8,
    },
    CloseBreakGlass {
        window: u8,
    },
    ReviewBreakGlass {
        window: u8,
        justified: bool,
    },
    SanctionOverdue {
        window: u8,
    },

    SetConsent {
        right: bool,
    },
    SetTariff {
        purpose: u8,
        amount: Amounts,
    },
    Fund {
        amount: Amounts,
    },
    Accrue {
        owner: u8,
        purpose: u8,
        access: u8,
    },
    Withdraw,
    WithdrawTo {
        to: u8,
    },
    RefundUnused {
        funder: u8,
        amount: Amounts,
    },

    Anchor(VersionPick),
    AnchorBatch(Vec<VersionPick>),
    Supersede(VersionPick),
    RevokeVersion {
        series: u8,
        version: u8,
    },
    Countersign {
        series: u8,
        version: u8,
        right: bool,
    },

    SetTreasury {
        account: u8,
    },
    Mint {
        to: u8,
        amount: Amounts,
        used: bool,
    },
    Burn {
        amount: Amounts,
        used: bool,
    },
    Freeze {
        account: u8,
    },
    Unfreeze {
        account: u8,
    },
    Transfer {
        to: u8,
        amount: Amounts,
    },
    TransferFrom {
        from: u8,
        to: u8,
        amount: Amounts,
    },
    ApproveSpender {
        spender: u8,
        amount: Amounts,
    },
    IncreaseAllowance {
        spender: u8,
        amount: Amounts,
    },
    DecreaseAllowance {
        allowance: u8,
        amount: Amounts,
    },

    Carbon(CarbonIntent),
    Market(MarketIntent),

    Pause(Contract),
    Unpause(Contract),
    ProposeHandover(Contract, u8),
    CancelHandover(Contract),
    /// Or a proposal to this one, if there is none yet.
    AcceptHandover(Contract, Option<u8>),
    AnnounceUpgrade(Contract, bool),
    CancelUpgrade(Contract),
    /// Or an announcement, if that is meant and there is none yet.
    ApplyUpgrade(Contract, bool),
}

impl Intent {
    /// The message, looked up in `world` at `now`.
    pub fn resolve(&self, world: &World, now: u64) -> Message {
        let lookup = Lookup::new(world, now);
        match self {
            Self::Carbon(intent) => return Message::Carbon(lookup.carbon(intent)),
            Self::Market(intent) => return Message::Market(lookup.market(intent)),
            _ => {}
        }
        if let Some(message) = lookup.participants(self) {
            return Message::Participants(message);
        }
        if let Some(message) = lookup.consent(self) {
            return Message::Consent(message);
        }
        if let Some(message) = lookup.rewards(self) {
            return Message::Rewards(message);
        }
        if let Some(message) = lookup.reports(self) {
            return Message::Reports(message);
        }
        if let Some(message) = lookup.token(self) {
            return Message::Token(message);
        }
        let (contract, message) = lookup.governed(self);
        Message::Governed(contract, message)
    }
}
