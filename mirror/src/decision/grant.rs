//! What a decision needs of a grant.

use assent_events::DenyReason;

use super::{Facts, Record, Request, has};

/// A grant from the owner to the requester.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GrantFacts {
    /// Its number.
    pub number: i64,
    /// Bit mask of [purposes](assent_events::purpose).
    pub purposes: u32,
    /// Bit mask of [categories](assent_events::category).
    pub categories: u32,
    /// First valid moment, ms since 1970.
    pub from: u64,
    /// First moment at which it is no longer valid, ms since 1970.
    pub until: u64,
    /// How many permits it is good for; `None`: no limit.
    pub max_uses: Option<i64>,
    /// How many it gave.
    pub uses: i64,
    /// The record that it is for.
    pub record: Record,
    /// The owner's epoch in which it was given.
    pub epoch: u32,
    /// The owner's guardianship in which a guardian gave it; `None`: no guardian did.
    pub guardianship: Option<u32>,
    /// Whether it was revoked alone, or with all that the delegate gave who gave it. With its epoch is another
    /// matter: that follows from [`Self::epoch`].
    pub revoked: bool,
}

impl GrantFacts {
    /// Why it is over, if it is: the first that holds.
    pub(super) fn end(&self, facts: &Facts) -> Option<DenyReason> {
        let guardian_gone =
            self.guardianship.is_some_and(|given_in| given_in != facts.guardianship);
        if self.revoked || self.epoch != facts.epoch {
            Some(DenyReason::Revoked)
        } else if facts.now >= self.until || guardian_gone {
            Some(DenyReason::Expired)
        } else if self.is_used_up() {
            Some(DenyReason::UsesExhausted)
        } else {
            None
        }
    }

    /// Why it does not cover a request, if it does not; whether it was revoked, or went with a guardian, is
    /// another question.
    pub(super) fn refusal(&self, now: u64, request: &Request) -> Option<DenyReason> {
        let Request { record, purpose, category, .. } = *request;
        if now < self.from {
            Some(DenyReason::NotYetValid)
        } else if now >= self.until {
            Some(DenyReason::Expired)
        } else if !self.is_for(record) {
            Some(DenyReason::RecordNotGranted)
        } else if !has(self.purposes, purpose) {
            Some(DenyReason::PurposeNotGranted)
        } else if !has(self.categories, category) {
            Some(DenyReason::CategoryNotGranted)
        } else if self.is_used_up() {
            Some(DenyReason::UsesExhausted)
        } else {
            None
        }
    }

    /// A request for none in particular may see any record, so that it needs them all.
    fn is_for(&self, asked: Option<[u8; 32]>) -> bool {
        match self.record {
            Record::All => true,
            Record::One(record) => asked == Some(record),
            Record::Erased => false,
        }
    }

    fn is_used_up(&self) -> bool {
        self.max_uses.is_some_and(|max| self.uses >= max)
    }
}
