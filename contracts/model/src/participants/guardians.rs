//! Guardians: who acts for a data owner that cannot act for himself.

use crate::{
    ensure,
    governance::running,
    power,
    role::{DATA_OWNER, REGULATOR},
    Account, Answer, Hash, Mandate, Participants, Reply, World,
};
use assent_interface::participants::MAX_GUARDIANSHIP;

impl Participants {
    /// How often a guardian of `ward` lost time that he had.
    pub fn guardianship(&self, ward: &Account) -> u32 {
        self.participants.get(ward).map_or(0, |p| p.guardianship)
    }

    /// Whether `account` is a guardian of `ward`.
    pub(super) fn guards(&self, ward: &Account, account: &Account, now: u64) -> bool {
        ward != account && self.agency(ward, account, now).powers & power::GUARDIAN != 0
    }

    /// Starts the next guardianship of `ward` if a guardian who had until `before` now has until `after`
    /// only.
    pub(super) fn cut_short(&mut self, ward: &Account, before: Option<u64>, after: u64) {
        let shorter = before.is_some_and(|before| after < before);
        if let Some(ward) = self.participants.get_mut(ward).filter(|_| shorter) {
            ward.guardianship += 1;
        }
    }
}

impl World {
    /// `appoint_guardian`
    pub fn appoint_guardian(
        &mut self,
        caller: Account,
        now: u64,
        ward: Account,
        guardian: Account,
        until: u64,
        person: Hash,
    ) -> Reply {
        running(&self.participants.governance)?;
        let caller = self.participants.who(caller)?;
        let p = &mut self.participants;
        ensure(p.has_role(&caller, REGULATOR), "NotRegulator")?;
        let his = p.guards(&ward, &caller, now);
        ensure(caller != ward && caller != guardian && !his, "OwnGuardianship")?;
        ensure(ward != guardian, "OwnMandate")?;
        ensure(p.has_role(&ward, DATA_OWNER), "NotDataOwner")?;
        ensure(until > now && until - now <= MAX_GUARDIANSHIP, "InvalidTerm")?;
        let before = p.mandates.get(&(ward, guardian)).copied();
        ensure(before.is_none_or(|m| m.appointed_by.is_some()), "OtherMandate")?;
        p.cut_short(&ward, before.map(|m| m.until), until);
        let mandate =
            Mandate { powers: power::GUARDIAN, until, person, appointed_by: Some(caller) };
        self.mandate(caller, now, ward, guardian, mandate);
        Ok(Answer::Nothing)
    }
}
