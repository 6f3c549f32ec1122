//! Accruals: what an access earns its owner, and who pays it. An owner earns once in a period from
//! the same requester for the same purpose. The purpose's pot pays first, then the requester.

use crate::data::Data;
use crate::pots::{Pot, Sponsorship};
use crate::tariffs::Tariff;
use assent_events::rewards::{Accrued, Unfunded};
use assent_traits::rewards::{Accrual, AccrueError};
use ink::primitives::AccountId;

/// An access that the consent contract is about to permit.
#[derive(Debug, Clone, Copy)]
pub struct Access {
    /// The data owner.
    pub owner: AccountId,
    /// Who asks.
    pub requester: AccountId,
    /// Index in [`assent_events::purpose`].
    pub purpose: u8,
    /// The number of the decision.
    pub number: u64,
}

/// What an access comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Booking {
    /// The owner is owed the tariff.
    Paid(Accrued),
    /// Nobody can pay the tariff, or the contract is paused.
    Unpaid(Unfunded),
    /// It earns nothing.
    Nothing,
}

impl Booking {
    /// What the consent contract is told.
    pub fn answer(&self) -> Accrual {
        match self {
            Self::Paid(event) => Accrual::Earned(event.amount),
            Self::Unpaid(event) if event.required => Accrual::Declined,
            Self::Unpaid(_) => Accrual::Unfunded,
            Self::Nothing => Accrual::Nothing,
        }
    }
}

/// What a requester spent of a pot in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Spending {
    /// Number of the sponsorship whose pot it was.
    pub sponsorship: u64,
    /// When the period began, ms since 1970: with the first access that the pot paid.
    pub since: u64,
    /// Token base units.
    pub spent: u128,
}

/// Who pays, with what is left once he has.
enum Payer {
    Sponsor(Sponsorship, Spending),
    /// What is left of his budget.
    Requester(u128),
}

impl Data {
    /// Books what an access earns. It is used up whatever it comes to: what is paid in later does
    /// not pay for it. While the contract is `paused` it moves no money.
    pub fn accrue(
        &mut self,
        caller: AccountId,
        now: u64,
        paused: bool,
        access: Access,
    ) -> Result<Booking, AccrueError> {
        if self.consent != Some(caller) {
            return Err(AccrueError::NotConsent);
        }
        if access.number <= self.last_access {
            return Err(AccrueError::AlreadyPaid);
        }
        let booking = self.book(now, paused, access)?;
        self.last_access = access.number;
        Ok(booking)
    }

    /// When an access of `requester` for `purpose` earned `owner` something, the latest time.
    pub fn earned(&self, owner: AccountId, requester: AccountId, purpose: u8) -> Option<u64> {
        self.earned.get((owner, requester, purpose))
    }

    fn book(&mut self, now: u64, paused: bool, access: Access) -> Result<Booking, AccrueError> {
        let Access { owner, requester, purpose, number } = access;
        let Tariff { amount, required } = self.tariff(purpose).at(now);
        if amount == 0 {
            return Ok(Booking::Nothing);
        }
        let earned = self.earned(owner, requester, purpose);
        if earned.is_some_and(|since| self.is_running(now, since)) {
            return Ok(Booking::Nothing);
        }
        let payer = if paused { None } else { self.payer(now, requester, purpose, amount) };
        let Some(payer) = payer else {
            let access = number;
            return Ok(Booking::Unpaid(Unfunded {
                owner,
                requester,
                access,
                purpose,
                amount,
                required,
            }));
        };
        let overflow = AccrueError::Overflow;
        let mut totals = self.totals();
        let from = match payer {
            Payer::Sponsor(..) => &mut totals.pots,
            Payer::Requester(_) => &mut totals.budgets,
        };
        *from = from.checked_sub(amount).ok_or(overflow)?;
        totals.owed = totals.owed.checked_add(amount).ok_or(overflow)?;
        let statement = self.statement(owner).owing(amount).ok_or(overflow)?;

        let sponsor = match payer {
            Payer::Sponsor(sponsorship, spending) => {
                self.sponsorships.insert(purpose, &sponsorship);
                self.spending.insert((purpose, requester), &spending);
                Some(sponsorship.pot.sponsor)
            }
            Payer::Requester(left) => {
                self.budgets.insert(requester, &left);
                None
            }
        };
        self.totals.set(&totals);
        self.statements.insert(owner, &statement);
        self.earned.insert((owner, requester, purpose), &now);
        let (access, at) = (number, now);
        Ok(Booking::Paid(Accrued { owner, requester, access, purpose, amount, sponsor, at }))
    }

    /// Who pays `amount` for an access of `requester`, if anybody can.
    fn payer(&self, now: u64, requester: AccountId, purpose: u8, amount: u128) -> Option<Payer> {
        self.sponsored(now, requester, purpose, amount)
            .or_else(|| self.budget(requester).checked_sub(amount).map(Payer::Requester))
    }

    /// The purpose's sponsor, if his pot holds `amount` and its cap leaves room for it.
    fn sponsored(
        &self,
        now: u64,
        requester: AccountId,
        purpose: u8,
        amount: u128,
    ) -> Option<Payer> {
        let Sponsorship { number, pot } = self.sponsorships.get(purpose)?;
        let balance = pot.balance.checked_sub(amount)?;
        let spending = self
            .spending
            .get((purpose, requester))
            .filter(|spending| {
                spending.sponsorship == number && self.is_running(now, spending.since)
            })
            .unwrap_or(Spending { sponsorship: number, since: now, spent: 0 });
        let spent = spending.spent.checked_add(amount).filter(|spent| *spent <= pot.cap)?;
        let sponsorship = Sponsorship { number, pot: Pot { balance, ..pot } };
        Some(Payer::Sponsor(sponsorship, Spending { spent, ..spending }))
    }

    /// Whether a period that began at `since` is not over.
    fn is_running(&self, now: u64, since: u64) -> bool {
        now < since.saturating_add(self.period)
    }
}
