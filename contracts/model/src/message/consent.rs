//! Messages of consent.

use crate::types::*;
use parity_scale_codec::Encode;

/// Messages of consent. The fields are the arguments, in their order.
#[derive(Debug, Clone, PartialEq, Eq, Encode)]
pub enum ConsentMessage {
    /// `grant(terms)`
    Grant(Terms),
    /// `grant_batch(list)`
    GrantBatch(Vec<Terms>),
    /// `amend(grant, version, amendment)`
    Amend(u64, u32, Amendment),
    /// `revoke(grant)`
    Revoke(u64),
    /// `revoke_all(owner)`
    RevokeAll(Account),
    /// `revoke_all_for(owner, grantee)`
    RevokeAllFor(Account, Account),
    /// `deny(owner, requester, purposes, categories)`
    Deny(Account, Account, u32, u32),
    /// `lift_denial(owner, requester, purposes, categories)`
    LiftDenial(Account, Account, u32, u32),
    /// `restrict(owner, purposes, categories, except)`
    Restrict(Account, u32, u32, Vec<Account>),
    /// `lift_restriction(owner)`
    LiftRestriction(Account),
    /// `refuse_emergencies()`
    RefuseEmergencies,
    /// `allow_emergencies(owner)`
    AllowEmergencies(Account),
    /// `set_delegate(delegate, purposes, categories, until)`
    SetDelegate(Account, u32, u32, u64),
    /// `remove_delegate(owner, delegate, revoke_grants)`
    RemoveDelegate(Account, Account, bool),
    /// `erase_link(grant)`
    EraseLink(u64),
    /// `request_access(requester, owner, grant, record, purpose, category)`
    RequestAccess(Account, Account, Option<u64>, Option<Hash>, u8, u8),
    /// `break_glass(provider, patient, justification)`
    BreakGlass(Account, Account, Hash),
    /// `close_break_glass(window)`
    CloseBreakGlass(u64),
    /// `review_break_glass(window, outcome)`
    ReviewBreakGlass(u64, Outcome),
    /// `lift_bar(key)`
    LiftBar(Account),
    /// `sanction_overdue(window)`
    SanctionOverdue(u64),
}

impl ConsentMessage {
    pub(super) fn label(&self) -> &'static str {
        use assent_interface::consent as labels;
        match self {
            Self::Grant(..) => labels::GRANT,
            Self::GrantBatch(..) => labels::GRANT_BATCH,
            Self::Amend(..) => labels::AMEND,
            Self::Revoke(..) => labels::REVOKE,
            Self::RevokeAll(..) => labels::REVOKE_ALL,
            Self::RevokeAllFor(..) => labels::REVOKE_ALL_FOR,
            Self::Deny(..) => labels::DENY,
            Self::LiftDenial(..) => labels::LIFT_DENIAL,
            Self::Restrict(..) => labels::RESTRICT,
            Self::LiftRestriction(..) => labels::LIFT_RESTRICTION,
            Self::RefuseEmergencies => labels::REFUSE_EMERGENCIES,
            Self::AllowEmergencies(..) => labels::ALLOW_EMERGENCIES,
            Self::SetDelegate(..) => labels::SET_DELEGATE,
            Self::RemoveDelegate(..) => labels::REMOVE_DELEGATE,
            Self::EraseLink(..) => labels::ERASE_LINK,
            Self::RequestAccess(..) => labels::REQUEST_ACCESS,
            Self::BreakGlass(..) => labels::BREAK_GLASS,
            Self::CloseBreakGlass(..) => labels::CLOSE_BREAK_GLASS,
            Self::ReviewBreakGlass(..) => labels::REVIEW_BREAK_GLASS,
            Self::LiftBar(..) => labels::LIFT_BAR,
            Self::SanctionOverdue(..) => labels::SANCTION_OVERDUE,
        }
    }
}
