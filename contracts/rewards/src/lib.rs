//! What data owners earn on permitted accesses.
//!
//! Invariants: an access pays at most once, and only when the consent contract says so; the token
//! balance of this contract is at least what is owed plus what is unspent (whatever else was sent to
//! it is the remainder); rewards are only pulled by those who earned them.
#![cfg_attr(not(feature = "std"), no_std, no_main)]
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

pub mod data;
pub mod errors;
#[cfg(test)]
mod tests;

#[ink::contract]
mod rewards {
    use crate::data::{Accrual, Data, Statement, Totals};
    use crate::errors::RewardsError;
    use assent_traits::{psp22, rewards::AccrueError};

    /// The contract's storage; the rules are in [`crate::data`].
    #[ink(storage)]
    pub struct Rewards {
        token: AccountId,
        administrator: AccountId,
        data: Data,
    }

    impl Rewards {
        /// Starts with nothing; the caller is the administrator. `token` is a PSP22 contract.
        #[ink(constructor)]
        pub fn new(token: AccountId) -> Self {
            Self { token, administrator: Self::env().caller(), data: Data::new() }
        }

        /// Names the consent contract, the only one that may accrue; once. Administrator only.
        ///
        /// Events: `ConsentSet`. Errors, first wins: `NotAdministrator`, `AlreadySet`.
        #[ink(message)]
        pub fn set_consent(&mut self, consent: AccountId) -> Result<(), RewardsError> {
            self.check_administrator()?;
            let event = self.data.set_consent(consent)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Sets what a permitted access for a purpose earns from now on, in token base units; 0 for
        /// nothing. Administrator only.
        ///
        /// Events: `TariffSet`. Errors, first wins: `NotAdministrator`, `UnknownPurpose`.
        #[ink(message)]
        pub fn set_tariff(&mut self, purpose: u8, amount: u128) -> Result<(), RewardsError> {
            self.check_administrator()?;
            let event = self.data.set_tariff(purpose, amount)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Pays `amount` base units into the fund, from what the caller allowed this contract on
        /// the token. Anyone may call.
        ///
        /// Events: `Funded`, and those of the token. Errors, first wins: `ZeroAmount`, `Overflow`,
        /// `TokenFailed`.
        #[ink(message)]
        pub fn fund(&mut self, amount: u128) -> Result<(), RewardsError> {
            let caller = self.env().caller();
            let event = self.data.fund(caller, amount)?;
            self.env().emit_event(event);
            let contract = self.env().account_id();
            match psp22::transfer_from(self.token, caller, contract, amount) {
                Ok(Ok(())) => Ok(()),
                Ok(Err(_)) | Err(_) => Err(RewardsError::TokenFailed),
            }
        }

        /// Accrues what access number `access` earns its owner and gives the amount: 0 when there
        /// is no tariff, or when the fund does not hold it, since care never waits for money. The
        /// consent contract only.
        ///
        /// Events: `Accrued`; `Unfunded` when the fund is short; none without a tariff. Errors,
        /// first wins: `NotConsent`, `AlreadyPaid`, `Overflow`.
        #[ink(message)]
        pub fn accrue(
            &mut self,
            owner: AccountId,
            purpose: u8,
            access: u64,
        ) -> Result<u128, AccrueError> {
            match self.data.accrue(self.env().caller(), owner, purpose, access)? {
                Accrual::Accrued(event) => {
                    let amount = event.amount;
                    self.env().emit_event(event);
                    Ok(amount)
                }
                Accrual::Unfunded(event) => {
                    self.env().emit_event(event);
                    Ok(0)
                }
                Accrual::NoTariff => Ok(0),
            }
        }

        /// Pays the caller all that is owed to him and gives the amount. Anyone to whom something
        /// is owed may call, also when suspended.
        ///
        /// Events: `Withdrawn`, and those of the token. Errors, first wins: `NothingOwed`,
        /// `TokenFailed`.
        #[ink(message)]
        pub fn withdraw(&mut self) -> Result<u128, RewardsError> {
            let caller = self.env().caller();
            let event = self.data.withdraw(caller)?;
            let amount = event.amount;
            self.env().emit_event(event);
            match psp22::transfer(self.token, caller, amount) {
                Ok(Ok(())) => Ok(amount),
                Ok(Err(_)) | Err(_) => Err(RewardsError::TokenFailed),
            }
        }

        /// What is owed to `account`, in token base units. A view, open to all.
        #[ink(message)]
        pub fn owed(&self, account: AccountId) -> u128 {
            self.data.statement(account).owed
        }

        /// What is owed to `account` and what it withdrew. A view, open to all.
        #[ink(message)]
        pub fn statement(&self, account: AccountId) -> Statement {
            self.data.statement(account)
        }

        /// What a permitted access for a purpose earns; 0 for nothing. A view, open to all.
        #[ink(message)]
        pub fn tariff(&self, purpose: u8) -> u128 {
            self.data.tariff(purpose)
        }

        /// Sums over all accounts. A view, open to all.
        #[ink(message)]
        pub fn totals(&self) -> Totals {
            self.data.totals()
        }

        /// The consent contract, if it was named. A view, open to all.
        #[ink(message)]
        pub fn consent(&self) -> Option<AccountId> {
            self.data.consent()
        }

        /// The account that names the consent contract and sets tariffs. A view, open to all.
        #[ink(message)]
        pub fn administrator(&self) -> AccountId {
            self.administrator
        }

        /// The token that rewards are paid in. A view, open to all.
        #[ink(message)]
        pub fn token(&self) -> AccountId {
            self.token
        }

        fn check_administrator(&self) -> Result<(), RewardsError> {
            if self.env().caller() != self.administrator {
                return Err(RewardsError::NotAdministrator);
            }
            Ok(())
        }
    }
}
