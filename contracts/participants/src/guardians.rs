//! Guardians: who acts for a data owner that cannot act for himself.
//!
//! A guardian has a mandate of his own kind, which regulators give and end, and not the ward. The
//! guardianships of a ward are numbered: a new one starts when one of his guardians is dismissed, or his
//! time is cut short, so that other contracts can void what guardians gave before without being told of
//! each of them.

use crate::data::Data;
use crate::errors::ParticipantsError;
use crate::mandates::Mandate;
use assent_events::{
    participants::{GuardianAppointed, GuardiansChanged},
    power, role, Hash,
};
pub use assent_interface::participants::MAX_GUARDIANSHIP;
use ink::primitives::AccountId;

impl Data {
    /// Has `guardian` act for `ward`, a data owner, in place of a guardian's mandate that he has for him
    /// already. `caller` has to be a regulator, and neither of the two, nor a guardian of the ward's.
    pub fn appoint_guardian(
        &mut self,
        caller: AccountId,
        now: u64,
        ward: AccountId,
        guardian: AccountId,
        until: u64,
        person: Hash,
    ) -> Result<(GuardianAppointed, Option<GuardiansChanged>), ParticipantsError> {
        if !self.has_role(caller, role::REGULATOR) {
            return Err(ParticipantsError::NotRegulator);
        }
        let himself = caller == ward || caller == guardian;
        if himself || self.agency(now, ward, caller).may(power::GUARDIAN) {
            return Err(ParticipantsError::OwnGuardianship);
        }
        if guardian == ward {
            return Err(ParticipantsError::OwnMandate);
        }
        if !self.has_role(ward, role::DATA_OWNER) {
            return Err(ParticipantsError::NotDataOwner);
        }
        if until <= now || until > now.saturating_add(MAX_GUARDIANSHIP) {
            return Err(ParticipantsError::InvalidTerm);
        }
        let before = self.mandate(ward, guardian);
        if before.is_some_and(|before| !before.is_guardians()) {
            return Err(ParticipantsError::OtherMandate);
        }
        // What he gave for longer than he now may has to end; a longer time ends nothing.
        let changed = if before.is_some_and(|before| until < before.until) {
            Some(self.change_guardians(ward)?)
        } else {
            None
        };

        let mandate =
            Mandate { powers: power::GUARDIAN, until, person, appointed_by: Some(caller) };
        self.mandates.insert((ward, guardian), &mandate);
        Ok((GuardianAppointed { ward, guardian, until, person, by: caller }, changed))
    }

    /// Starts the next guardianship of `ward`.
    pub(crate) fn change_guardians(
        &mut self,
        ward: AccountId,
    ) -> Result<GuardiansChanged, ParticipantsError> {
        let mut participant = self.registered(ward)?;
        let guardianship =
            participant.guardianship.checked_add(1).ok_or(ParticipantsError::TooMany)?;
        participant.guardianship = guardianship;
        self.participants.insert(ward, &participant);
        Ok(GuardiansChanged { ward, guardianship })
    }
}
