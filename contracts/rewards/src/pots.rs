//! Pots: a purpose may have a sponsor, who pays its accesses before the requesters do, for each of
//! them up to a cap.

use crate::data::{Data, ZERO};
use crate::errors::RewardsError;
use crate::tariffs::check_purpose;
use assent_events::rewards::{PotWithdrawn, SponsorSet, Sponsored};
use ink::primitives::AccountId;

/// What a sponsor pays of the accesses for a purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Pot {
    /// Who fills it.
    pub sponsor: AccountId,
    /// What it holds.
    pub balance: u128,
    /// What it pays for one requester in one period at most.
    pub cap: u128,
}

/// A purpose's pot, from when its sponsor was named until another one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Sponsorship {
    /// Its number, from 1: what was spent under another one does not count.
    pub number: u64,
    /// Its pot.
    pub pot: Pot,
}

impl Data {
    /// Names who may fill the pot of a purpose, or nobody; what the one before has left in it is
    /// owed to him. The shell has checked that the administrator asks.
    pub fn set_sponsor(
        &mut self,
        purpose: u8,
        sponsor: Option<AccountId>,
    ) -> Result<SponsorSet, RewardsError> {
        check_purpose(purpose)?;
        if sponsor == Some(ZERO) {
            return Err(RewardsError::ZeroAccount);
        }
        let before = self.pot(purpose);
        let previous = before.map(|pot| pot.sponsor);
        if sponsor == previous {
            return Err(RewardsError::AlreadySponsor);
        }
        let overflow = RewardsError::Overflow;
        let latest = self.last_sponsorship.get_or_default();
        let number = latest.checked_add(1).ok_or(overflow)?;
        let left = before.filter(|pot| pot.balance > 0);
        if let Some(Pot { sponsor, balance, .. }) = left {
            let mut totals = self.totals();
            totals.pots = totals.pots.checked_sub(balance).ok_or(overflow)?;
            totals.owed = totals.owed.checked_add(balance).ok_or(overflow)?;
            let statement = self.statement(sponsor).owing(balance).ok_or(overflow)?;
            self.totals.set(&totals);
            self.statements.insert(sponsor, &statement);
        }
        match sponsor {
            Some(sponsor) => {
                let pot = Pot { sponsor, balance: 0, cap: 0 };
                self.last_sponsorship.set(&number);
                self.sponsorships.insert(purpose, &Sponsorship { number, pot });
            }
            None => self.sponsorships.remove(purpose),
        }
        let returned = left.map_or(0, |pot| pot.balance);
        Ok(SponsorSet { purpose, sponsor, previous, returned })
    }

    /// Books what `caller`, the sponsor, pays in, and sets the cap.
    pub fn sponsor(
        &mut self,
        caller: AccountId,
        purpose: u8,
        amount: u128,
        cap: u128,
    ) -> Result<Sponsored, RewardsError> {
        let Sponsorship { number, pot } = self.sponsorship_of(caller, purpose)?;
        let overflow = RewardsError::Overflow;
        let balance = pot.balance.checked_add(amount).ok_or(overflow)?;
        if amount > 0 {
            let mut totals = self.totals();
            totals.pots = totals.pots.checked_add(amount).ok_or(overflow)?;
            // Together they are part of the token's supply, so that nothing can overflow later.
            totals.booked().ok_or(overflow)?;
            self.totals.set(&totals);
        }
        let pot = Pot { balance, cap, ..pot };
        self.sponsorships.insert(purpose, &Sponsorship { number, pot });
        Ok(Sponsored { purpose, sponsor: caller, amount, cap })
    }

    /// Books that `caller`, the sponsor, takes `amount` back.
    pub fn withdraw_pot(
        &mut self,
        caller: AccountId,
        purpose: u8,
        amount: u128,
    ) -> Result<PotWithdrawn, RewardsError> {
        let Sponsorship { number, pot } = self.sponsorship_of(caller, purpose)?;
        if amount == 0 {
            return Err(RewardsError::ZeroAmount);
        }
        let balance = pot.balance.checked_sub(amount).ok_or(RewardsError::InsufficientPot)?;
        let mut totals = self.totals();
        totals.pots =
            totals.pots.checked_sub(amount).expect("what is in one pot is part of what is in all");

        self.totals.set(&totals);
        let pot = Pot { balance, ..pot };
        self.sponsorships.insert(purpose, &Sponsorship { number, pot });
        Ok(PotWithdrawn { purpose, sponsor: caller, amount })
    }

    /// The pot of a purpose, if it has a sponsor.
    pub fn pot(&self, purpose: u8) -> Option<Pot> {
        self.sponsorships.get(purpose).map(|sponsorship| sponsorship.pot)
    }

    /// The sponsorship of a purpose, if `caller` is its sponsor.
    fn sponsorship_of(&self, caller: AccountId, purpose: u8) -> Result<Sponsorship, RewardsError> {
        self.sponsorships
            .get(purpose)
            .filter(|sponsorship| sponsorship.pot.sponsor == caller)
            .ok_or(RewardsError::NotSponsor)
    }
}
