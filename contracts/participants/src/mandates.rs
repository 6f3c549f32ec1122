//! Who acts for whom: the keys that an organisation's staff holds.
//!
//! A mandate says what a key may do for its organisation; whether the organisation may do it itself
//! is asked of its roles as ever, so that suspending it stops its staff, too.

use crate::data::Data;
use crate::errors::ParticipantsError;
use assent_events::{
    participants::{MandateEnded, MemberAdmitted},
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
}

impl Data {
    /// Has the key `agent` act for `caller`, in place of a mandate that it has from him already.
    pub fn admit_member(
        &mut self,
        caller: AccountId,
        now: u64,
        agent: AccountId,
        mandate: Mandate,
    ) -> Result<MemberAdmitted, ParticipantsError> {
        let Mandate { powers, until, person } = mandate;
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
        self.mandates.insert((caller, agent), &mandate);
        Ok(MemberAdmitted { organisation: caller, agent, powers, until, person })
    }

    /// Ends the mandate of `agent` for `subject`, also one that no longer counts; `caller` has to be
    /// either of them.
    pub fn end_mandate(
        &mut self,
        caller: AccountId,
        subject: AccountId,
        agent: AccountId,
    ) -> Result<MandateEnded, ParticipantsError> {
        if caller != subject && caller != agent {
            return Err(ParticipantsError::NotAuthorized);
        }
        if !self.mandates.contains((subject, agent)) {
            return Err(ParticipantsError::NoMandate);
        }
        self.mandates.remove((subject, agent));
        Ok(MandateEnded { subject, agent, by: caller })
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
            person: Some(mandate.person),
        })
    }
}
