//! The government of each contract.

use crate::{
    ensure, Account, Answer, Contract, Governance, GovernedMessage, Handover, Hash, Refusal, Reply,
    Upgrade, World, SCHEMA_VERSION, ZERO,
};

/// The shortest delay: a second.
const MIN_DELAY: u64 = 1_000;
/// The longest delay: 90 days.
const MAX_DELAY: u64 = 90 * 24 * 3_600_000;
/// How long a handover may be accepted, and an upgrade applied: 14 days.
const GRACE: u64 = 14 * 24 * 3_600_000;

/// A message on the government of a contract that succeeded. The contracts keep no such list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Governing {
    /// Of which contract.
    pub contract: Contract,
    /// Who sent it.
    pub by: Account,
    /// When.
    pub at: u64,
    /// What.
    pub message: GovernedMessage,
}

/// Under `administrator`.
pub(crate) fn new(administrator: Account, delay: u64) -> Result<Governance, Refusal> {
    ensure((MIN_DELAY..=MAX_DELAY).contains(&delay), "InvalidDelay")?;
    Ok(Governance { administrator, paused: false, delay, handover: None, upgrade: None })
}

/// `Paused` while the contract is.
pub(crate) fn running(governance: &Governance) -> Result<(), Refusal> {
    ensure(!governance.paused, "Paused")
}

/// From when on something that is announced may be done, and from when on no longer.
fn in_time(now: u64, delay: u64) -> Result<(u64, u64), Refusal> {
    let not_before = now.checked_add(delay).ok_or("Overflow")?;
    let until = not_before.checked_add(GRACE).ok_or("Overflow")?;
    Ok((not_before, until))
}

impl World {
    /// How `contract` is governed.
    pub fn governance(&self, contract: Contract) -> &Governance {
        match contract {
            Contract::Participants => &self.participants.governance,
            Contract::Consent => &self.consent.governance,
            Contract::Rewards => &self.rewards.governance,
            Contract::Agreements => &self.agreements.governance,
            Contract::Reports => &self.reports.governance,
            Contract::Token => &self.token.governance,
            Contract::Carbon => &self.carbon.governance,
            Contract::Market => &self.market.governance,
        }
    }

    /// The code that `contract` runs.
    pub fn code(&self, contract: Contract) -> Option<Hash> {
        self.codes.get(&contract).copied()
    }

    /// What a code answers to `schema_version`, if anything; `None` if it is not on the chain.
    pub fn schema_of(&self, code: &Hash) -> Option<Option<u32>> {
        let first = self.setup.codes.values().any(|known| known == code);
        let other = self.setup.others.get(code).map(|other| other.schema);
        if first {
            Some(Some(SCHEMA_VERSION))
        } else {
            other
        }
    }

    /// What `contract` answers to `schema_version`.
    pub fn schema(&self, contract: Contract) -> u32 {
        let answer = self.code(contract).and_then(|code| self.schema_of(&code)).flatten();
        answer.unwrap_or(SCHEMA_VERSION)
    }

    /// Sends a message on the government of `contract`.
    pub fn apply_governed(
        &mut self,
        contract: Contract,
        caller: Account,
        now: u64,
        message: &GovernedMessage,
    ) -> Reply {
        let old = *self.governance(contract);
        let changed = self.decide(contract, caller, now, message)?;
        match contract {
            Contract::Participants => self.participants.governance = changed,
            Contract::Consent => self.consent.governance = changed,
            Contract::Rewards => self.rewards.governance = changed,
            Contract::Agreements => self.agreements.governance = changed,
            Contract::Reports => self.reports.governance = changed,
            Contract::Token => self.token.governance = changed,
            Contract::Carbon => self.carbon.governance = changed,
            Contract::Market => self.market.governance = changed,
        }
        // What is announced is locked, and what is not any more is not.
        self.locks.retain(|(of, _)| *of != contract);
        self.locks.extend(changed.upgrade.map(|upgrade| (contract, upgrade.code_hash)));
        match (contract, message) {
            (_, GovernedMessage::ApplyUpgrade) => {
                self.codes.extend(old.upgrade.map(|upgrade| (contract, upgrade.code_hash)));
            }
            (Contract::Participants, GovernedMessage::AcceptHandover) => {
                self.participants.succeed(old.administrator, caller);
            }
            (Contract::Token, GovernedMessage::AcceptHandover) => self.token.stop_minting(now),
            _ => {}
        }
        let message = message.clone();
        self.governing.push(Governing { contract, by: caller, at: now, message });
        Ok(Answer::Nothing)
    }

    /// What the government of `contract` becomes.
    fn decide(
        &self,
        contract: Contract,
        caller: Account,
        now: u64,
        message: &GovernedMessage,
    ) -> Result<Governance, Refusal> {
        use GovernedMessage as M;

        // Participants is governed by participants only.
        let eligible = |account: &Account| {
            contract != Contract::Participants || self.participants.may_succeed(account)
        };
        let old = self.governance(contract);
        let mut new = *old;
        if *message != M::AcceptHandover {
            ensure(caller == old.administrator, "NotAdministrator")?;
        }
        match message {
            M::Pause => {
                ensure(!old.paused, "AlreadyPaused")?;
                new.paused = true;
            }
            M::Unpause => {
                ensure(old.paused, "NotPaused")?;
                new.paused = false;
            }
            M::ProposeHandover(to) => {
                ensure(*to != old.administrator, "AlreadyAdministrator")?;
                ensure(*to != ZERO && eligible(to), "NotEligible")?;
                let (not_before, until) = in_time(now, old.delay)?;
                new.handover = Some(Handover { to: *to, not_before, until });
            }
            M::CancelHandover => {
                ensure(old.handover.is_some(), "NoHandover")?;
                new.handover = None;
            }
            M::AcceptHandover => {
                let handover = old.handover.ok_or("NoHandover")?;
                ensure(caller == handover.to, "NotSuccessor")?;
                ensure(now >= handover.not_before, "TooEarly")?;
                ensure(now < handover.until, "Expired")?;
                ensure(eligible(&caller), "NotEligible")?;
                new.administrator = caller;
                new.handover = None;
            }
            M::AnnounceUpgrade(code_hash) => {
                ensure(self.code(contract) != Some(*code_hash), "SameCode")?;
                let (not_before, until) = in_time(now, old.delay)?;
                ensure(self.schema_of(code_hash).is_some(), "CodeNotFound")?;
                new.upgrade = Some(Upgrade { code_hash: *code_hash, not_before, until });
            }
            M::CancelUpgrade => {
                ensure(old.upgrade.is_some(), "NoUpgrade")?;
                new.upgrade = None;
            }
            M::ApplyUpgrade => {
                let upgrade = old.upgrade.ok_or("NoUpgrade")?;
                ensure(now >= upgrade.not_before, "TooEarly")?;
                ensure(now < upgrade.until, "Expired")?;
                let own = self.schema(contract);
                let answer = self.schema_of(&upgrade.code_hash).flatten();
                let fits = answer.is_some_and(|a| a == own || own.checked_add(1) == Some(a));
                ensure(fits, "WrongSchema")?;
                new.upgrade = None;
            }
        }
        Ok(new)
    }
}
