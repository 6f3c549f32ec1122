//! Tariffs: what a permitted access earns, by purpose.

use crate::data::Data;
use crate::errors::RewardsError;
use assent_events::{purpose, rewards::TariffSet, MASK_BITS};
use assent_governance::Scheduled;

/// What a permitted access for a purpose earns.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Tariff {
    /// Token base units; 0 for nothing.
    pub amount: u128,
    /// Whether an access that nobody can pay is refused.
    pub required: bool,
}

impl Data {
    /// Sets a tariff that holds from `delay` ms after `now` on; the shell has checked that the
    /// administrator asks.
    pub fn set_tariff(
        &mut self,
        now: u64,
        delay: u64,
        purpose: u8,
        tariff: Tariff,
    ) -> Result<TariffSet, RewardsError> {
        check_purpose(purpose)?;
        let Tariff { amount, required } = tariff;
        if required && purpose == purpose::TREATMENT {
            return Err(RewardsError::RequiredForCare);
        }
        let mut scheduled = self.tariff(purpose);
        let from = scheduled.set(now, delay, tariff);
        self.tariffs.insert(purpose, &scheduled);
        Ok(TariffSet { purpose, amount, required, from })
    }

    /// What a permitted access for `purpose` earns, and what it will earn.
    pub fn tariff(&self, purpose: u8) -> Scheduled<Tariff> {
        self.tariffs.get(purpose).unwrap_or_default()
    }
}

/// Whether masks have room for a purpose.
pub(crate) fn check_purpose(purpose: u8) -> Result<(), RewardsError> {
    if purpose >= MASK_BITS {
        return Err(RewardsError::UnknownPurpose);
    }
    Ok(())
}
