//! Who acts for whom: the keys that an organisation's staff holds. Those of guardians are in
//! [`crate::guardians`].
//!
//! A mandate says what a key may do for its organisation; whether the organisation may do it itself
//! is asked of its roles as ever, so that suspending it stops its staff, too.

use crate::data::Data;
use crate::errors::ParticipantsError;
use assent_events::{
    participants::{GuardiansChanged, MandateEnded, MemberAdmitted},
    power, role, Hash,
};
pub use assent_interface::participants::MAX_TERM;
use assent_traits::participants::Agency;
use ink::primitives::AccountId;

/// Roles whose holders have staff: all but a data owner's, who acts himself.
const ORGANISATIONS: u16 = role::ALL & !role::DATA_OWNER;

/// What lets one account act for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Mandate {
    /// Bit mask of [`assent_events::power`].
    pub powers: u16,
    /// First moment at which it no longer counts, ms since 1970.
    pub until: u64,
    /// Salted commitment to the person who holds the key.
    pub person: Hash,
    /// The regulator who appointed the agent as a guardian; `None`: it is a member of the subject's staff.
    pub appointed_by: Option<AccountId>,
}

impl Mandate {
    /// Whether it is a guardian's, which the subject neither gives nor ends.
    pub const fn is_guardians(&self) -> bool {
        self.appointed_by.is_some()
    }
}

impl Data {
    /// Has the key `agent` act for `caller`, in place of a mandate that it has from him already.
    pub fn admit_member(
        &mut self,
        caller: AccountId,
        now: u64,
        agent: AccountId,
        powers: u16,
        until: u64,
        person: Hash,
    ) -> Result<MemberAdmitted, ParticipantsError> {
        if !self.has_role(caller, ORGANISATIONS) {
            return Err(ParticipantsError::NotOrganisation);
        }
        if agent == caller {
            return Err(ParticipantsError::OwnMandate);
        }
        if powers == 0 || powers & !power::ALL != 0 {
            return Err(ParticipantsError::UnknownPowers);
        }
        if until <= now || until > now.saturating_add(MAX_TERM) {
            return Err(ParticipantsError::InvalidTerm);
        }
        if self.mandate(caller, agent).is_some_and(|before| before.is_guardians()) {
            return Err(ParticipantsError::OtherMandate);
        }
        let mandate = Mandate { powers, until, person, appointed_by: None };
        self.mandates.insert((caller, agent), &mandate);
        Ok(MemberAdmitted { organisation: caller, agent, powers, until, person })
    }

    /// Ends the mandate of `agent` for `subject`, also one that no longer counts. `caller` has to be
    /// either of them; of a guardian's the agent or a regulator, but neither the subject nor another
    /// guardian of his. A guardian who is dismissed before his time starts the next guardianship.
    pub fn end_mandate(
        &mut self,
        caller: AccountId,
        now: u64,
        subject: AccountId,
        agent: AccountId,
    ) -> Result<(MandateEnded, Option<GuardiansChanged>), ParticipantsError> {
        let mandate = self.mandate(subject, agent);
        let guardians = mandate.is_some_and(|mandate| mandate.is_guardians());
        let other_may = if guardians {
            // A ward who is a regulator does not rid himself of his guardian, nor a guardian of another.
            caller != subject
                && self.has_role(caller, role::REGULATOR)
                && !self.agency(now, subject, caller).may(power::GUARDIAN)
        } else {
            caller == subject
        };
        if caller != agent && !other_may {
            return Err(ParticipantsError::NotAuthorized);
        }
        let mandate = mandate.ok_or(ParticipantsError::NoMandate)?;
        let changed = if guardians && now < mandate.until {
            Some(self.change_guardians(subject)?)
        } else {
            None
        };

        self.mandates.remove((subject, agent));
        Ok((MandateEnded { subject, agent, by: caller }, changed))
    }

    /// The mandate of `agent` for `subject`, also when it no longer counts.
    pub fn mandate(&self, subject: AccountId, agent: AccountId) -> Option<Mandate> {
        self.mandates.get((subject, agent))
    }

    /// What `caller` may do for `subject` now.
    pub(crate) fn agency(&self, now: u64, subject: AccountId, caller: AccountId) -> Agency {
        if caller == subject {
            return Agency::OWN;
        }
        let mandate = self.mandate(subject, caller).filter(|mandate| now < mandate.until);
        mandate.map_or_else(Agency::default, |mandate| Agency {
            powers: mandate.powers,
            until: mandate.until,
            person: Some(mandate.person),
        })
    }
}
