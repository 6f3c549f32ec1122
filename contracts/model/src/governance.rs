//! The government of each contract.

use crate::{
    ensure, Account, Answer, Contract, Governance, GovernedMessage, Handover, Refusal, Reply,
    Upgrade, World, ZERO,
};

/// The longest delay: 90 days.
const MAX_DELAY: u64 = 90 * 24 * 3_600_000;

/// Under `administrator`.
pub(crate) fn new(administrator: Account, delay: u64) -> Result<Governance, Refusal> {
    ensure(delay <= MAX_DELAY, "DelayTooLong")?;
    Ok(Governance { administrator, paused: false, delay, handover: None, upgrade: None })
}

/// `Paused` while the contract is.
pub(crate) fn running(governance: &Governance) -> Result<(), Refusal> {
    ensure(!governance.paused, "Paused")
}

impl World {
    /// How `contract` is governed.
    pub fn governance(&self, contract: Contract) -> &Governance {
        match contract {
            Contract::Participants => &self.participants.governance,
            Contract::Consent => &self.consent.governance,
            Contract::Rewards => &self.rewards.governance,
            Contract::Reports => &self.reports.governance,
            Contract::Token => &self.token.governance,
            Contract::Carbon => &self.carbon.governance,
            Contract::Market => &self.market.governance,
        }
    }

    /// Sends a message on the government of `contract`.
    pub fn apply_governed(
        &mut self,
        contract: Contract,
        caller: Account,
        now: u64,
        message: &GovernedMessage,
    ) -> Reply {
        // Participants is governed by participants only.
        let eligible = |account: &Account| {
            contract != Contract::Participants || self.participants.may_succeed(account)
        };
        let known = |code: &crate::Hash| self.setup.codes.values().any(|c| c == code);
        let old = self.governance(contract);
        let changed = decide(old, caller, now, message, eligible, known)?;
        let before = old.administrator;

        match contract {
            Contract::Participants => self.participants.governance = changed,
            Contract::Consent => self.consent.governance = changed,
            Contract::Rewards => self.rewards.governance = changed,
            Contract::Reports => self.reports.governance = changed,
            Contract::Token => self.token.governance = changed,
            Contract::Carbon => self.carbon.governance = changed,
            Contract::Market => self.market.governance = changed,
        }
        if contract == Contract::Participants && *message == GovernedMessage::AcceptHandover {
            self.participants.succeed(before, caller);
        }
        Ok(Answer::Nothing)
    }
}

/// What the state becomes.
fn decide(
    old: &Governance,
    caller: Account,
    now: u64,
    message: &GovernedMessage,
    eligible: impl Fn(&Account) -> bool,
    known: impl Fn(&crate::Hash) -> bool,
) -> Result<Governance, Refusal> {
    use GovernedMessage as M;

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
            let not_before = now.checked_add(old.delay).ok_or("Overflow")?;
            new.handover = Some(Handover { to: *to, not_before });
        }
        M::CancelHandover => {
            ensure(old.handover.is_some(), "NoHandover")?;
            new.handover = None;
        }
        M::AcceptHandover => {
            let handover = old.handover.ok_or("NoHandover")?;
            ensure(caller == handover.to, "NotSuccessor")?;
            ensure(now >= handover.not_before, "TooEarly")?;
            ensure(eligible(&caller), "NotEligible")?;
            new.administrator = caller;
            new.handover = None;
        }
        M::AnnounceUpgrade(code_hash) => {
            let not_before = now.checked_add(old.delay).ok_or("Overflow")?;
            new.upgrade = Some(Upgrade { code_hash: *code_hash, not_before });
        }
        M::CancelUpgrade => {
            ensure(old.upgrade.is_some(), "NoUpgrade")?;
            new.upgrade = None;
        }
        M::ApplyUpgrade => {
            let upgrade = old.upgrade.ok_or("NoUpgrade")?;
            ensure(now >= upgrade.not_before, "TooEarly")?;
            ensure(known(&upgrade.code_hash), "UnknownCode")?;
            new.upgrade = None;
        }
    }
    Ok(new)
}
