//! The rules of government. Each method checks everything before it writes, and returns the event.
//! What only the chain knows or can do is in [`crate::upgrade`].

use crate::{GovernanceError, Handover, State, Upgrade, GRACE, MAX_DELAY, MIN_DELAY};
use assent_events::{
    governance::{
        HandoverAccepted, HandoverCancelled, HandoverProposed, Paused, Unpaused, UpgradeAnnounced,
        UpgradeCancelled, Upgraded,
    },
    Hash,
};
use ink::{
    primitives::AccountId,
    storage::{traits::ManualKey, Lazy},
};

/// The administrator's office, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
struct Office {
    administrator: AccountId,
    delay: u64,
    handover: Option<Handover>,
    upgrade: Option<Upgrade>,
}

/// A code was announced: that has to be locked on the chain, and what was announced before is not
/// held there any longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announced {
    /// The event.
    pub event: UpgradeAnnounced,
    /// What to lock, unless it is locked already.
    pub lock: Option<Hash>,
    /// What to unlock, if that is another code.
    pub unlock: Option<Hash>,
}

/// How a contract is governed, as it is stored, and the rules.
#[ink::storage_item]
#[derive(Debug)]
pub struct Governance {
    /// In the root of the contract's storage, which a call reads anyway, since most of them ask.
    paused: bool,
    office: Lazy<Office, ManualKey<0x676f_0001>>,
}

impl Governance {
    /// `administrator` governs; handovers, replacements of the code and whatever moves money wait for
    /// `delay` ms.
    pub fn new(administrator: AccountId, delay: u64) -> Result<Self, GovernanceError> {
        if !(MIN_DELAY..=MAX_DELAY).contains(&delay) {
            return Err(GovernanceError::InvalidDelay);
        }
        let mut governance = Self { paused: false, office: Lazy::new() };
        governance.office.set(&Office { administrator, delay, handover: None, upgrade: None });
        Ok(governance)
    }

    /// How the contract is governed.
    pub fn state(&self) -> State {
        let Office { administrator, delay, handover, upgrade } = self.office();
        State { administrator, paused: self.paused, delay, handover, upgrade }
    }

    /// Whether the contract is paused.
    pub fn is_paused(&self) -> bool {
        self.paused
    }

    /// Whether `caller` is the administrator.
    pub fn is_administrator(&self, caller: AccountId) -> bool {
        self.office().administrator == caller
    }

    /// How long a handover, a replacement of the code and whatever moves money wait, milliseconds.
    pub fn delay(&self) -> u64 {
        self.office().delay
    }

    /// Pauses.
    pub fn pause(&mut self, caller: AccountId) -> Result<Paused, GovernanceError> {
        self.office_of(caller)?;
        if self.paused {
            return Err(GovernanceError::AlreadyPaused);
        }
        self.paused = true;
        Ok(Paused { by: caller })
    }

    /// Ends a pause.
    pub fn unpause(&mut self, caller: AccountId) -> Result<Unpaused, GovernanceError> {
        self.office_of(caller)?;
        if !self.paused {
            return Err(GovernanceError::NotPaused);
        }
        self.paused = false;
        Ok(Unpaused { by: caller })
    }

    /// Proposes `to`; `eligible` is what else the contract asks of a successor.
    pub fn propose_handover(
        &mut self,
        caller: AccountId,
        now: u64,
        to: AccountId,
        eligible: bool,
    ) -> Result<HandoverProposed, GovernanceError> {
        let mut office = self.office_of(caller)?;
        if to == caller {
            return Err(GovernanceError::AlreadyAdministrator);
        }
        if to == AccountId::from([0; 32]) || !eligible {
            return Err(GovernanceError::NotEligible);
        }
        let (not_before, until) = office.times(now)?;
        office.handover = Some(Handover { to, not_before, until });
        self.office.set(&office);
        Ok(HandoverProposed { from: caller, to, not_before, until })
    }

    /// Withdraws a proposal.
    pub fn cancel_handover(
        &mut self,
        caller: AccountId,
    ) -> Result<HandoverCancelled, GovernanceError> {
        let mut office = self.office_of(caller)?;
        let handover = office.handover.take().ok_or(GovernanceError::NoHandover)?;
        self.office.set(&office);
        Ok(HandoverCancelled { from: caller, to: handover.to })
    }

    /// Makes `caller` the administrator; `eligible` is what else the contract asks of him.
    pub fn accept_handover(
        &mut self,
        caller: AccountId,
        now: u64,
        eligible: bool,
    ) -> Result<HandoverAccepted, GovernanceError> {
        let mut office = self.office();
        let handover = office.handover.take().ok_or(GovernanceError::NoHandover)?;
        if handover.to != caller {
            return Err(GovernanceError::NotSuccessor);
        }
        check_time(now, handover.not_before, handover.until)?;
        if !eligible {
            return Err(GovernanceError::NotEligible);
        }
        let from = core::mem::replace(&mut office.administrator, caller);
        self.office.set(&office);
        Ok(HandoverAccepted { from, to: caller })
    }

    /// Announces a code, which has to be locked on the chain; `own_code` is asked for the one that
    /// the contract has.
    pub fn announce_upgrade(
        &mut self,
        caller: AccountId,
        now: u64,
        code_hash: Hash,
        own_code: impl FnOnce() -> Hash,
    ) -> Result<Announced, GovernanceError> {
        let mut office = self.office_of(caller)?;
        if code_hash == own_code() {
            return Err(GovernanceError::SameCode);
        }
        let (not_before, until) = office.times(now)?;
        let before = office.upgrade.replace(Upgrade { code_hash, not_before, until });
        self.office.set(&office);
        let before = before.map(|upgrade| upgrade.code_hash);
        Ok(Announced {
            event: UpgradeAnnounced { code_hash, not_before, until, by: caller },
            lock: (before != Some(code_hash)).then_some(code_hash),
            unlock: before.filter(|before| *before != code_hash),
        })
    }

    /// Withdraws an announcement; its code is not held on the chain any longer.
    pub fn cancel_upgrade(
        &mut self,
        caller: AccountId,
    ) -> Result<UpgradeCancelled, GovernanceError> {
        let mut office = self.office_of(caller)?;
        let upgrade = office.upgrade.take().ok_or(GovernanceError::NoUpgrade)?;
        self.office.set(&office);
        Ok(UpgradeCancelled { code_hash: upgrade.code_hash, by: caller })
    }

    /// Ends an announcement: its code has to become the contract's, and is not held on the chain by a
    /// lock any longer. `schema` is the version of what the contract stores; `answer` is what the
    /// announced code says that it reads, if it says anything.
    pub fn apply_upgrade(
        &mut self,
        caller: AccountId,
        now: u64,
        schema: u32,
        answer: impl FnOnce(Hash) -> Option<u32>,
    ) -> Result<Upgraded, GovernanceError> {
        let mut office = self.office_of(caller)?;
        let Upgrade { code_hash, not_before, until } =
            office.upgrade.take().ok_or(GovernanceError::NoUpgrade)?;
        check_time(now, not_before, until)?;
        let raised = answer(code_hash).and_then(|version| version.checked_sub(schema));
        if raised.is_none_or(|by| by > 1) {
            return Err(GovernanceError::WrongSchema);
        }
        self.office.set(&office);
        Ok(Upgraded { code_hash, by: caller })
    }

    fn office(&self) -> Office {
        self.office.get().expect("`new` has set it, and nothing removes it")
    }

    /// The office, if `caller` holds it.
    fn office_of(&self, caller: AccountId) -> Result<Office, GovernanceError> {
        let office = self.office();
        if office.administrator != caller {
            return Err(GovernanceError::NotAdministrator);
        }
        Ok(office)
    }
}

impl Office {
    /// When what is put on record at `now` may take effect: from the first moment on, until the
    /// second one.
    fn times(&self, now: u64) -> Result<(u64, u64), GovernanceError> {
        let not_before = now.checked_add(self.delay).ok_or(GovernanceError::Overflow)?;
        let until = not_before.checked_add(GRACE).ok_or(GovernanceError::Overflow)?;
        Ok((not_before, until))
    }
}

fn check_time(now: u64, not_before: u64, until: u64) -> Result<(), GovernanceError> {
    if now < not_before {
        return Err(GovernanceError::TooEarly);
    }
    if now >= until {
        return Err(GovernanceError::Expired);
    }
    Ok(())
}
