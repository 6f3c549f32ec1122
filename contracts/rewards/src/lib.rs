//! What data owners earn on permitted accesses.
//!
//! Invariants: an access pays at most once, and only when the consent contract says so; the token
//! balance of this contract is what is owed, plus what is unspent, plus the remainder (sent to it
//! past `fund`); what is owed to all accounts adds up to the total; a funder is refunded at most
//! what he paid in; money is only pulled, by those to whom it is owed.
//!
//! A pause blocks `set_tariff` and `fund`; `accrue` goes on and books no money.
#![cfg_attr(not(feature = "std"), no_std, no_main)]
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

pub mod data;
pub mod errors;
#[cfg(test)]
mod tests;

#[ink::contract]
mod rewards {
    use crate::data::{Accrual, Data, Statement, Totals, SCHEMA_VERSION};
    use crate::errors::RewardsError;
    use assent_events::{rewards::Withdrawn, Hash as Hash32};
    use assent_governance::{Governance, GovernanceError, Governed, State};
    use assent_traits::{psp22, rewards::AccrueError};

    /// The contract's storage; the rules are in [`crate::data`].
    #[ink(storage)]
    pub struct Rewards {
        token: AccountId,
        data: Data,
        governance: Governance,
    }

    impl Rewards {
        /// Starts with nothing; the caller is the administrator. `token` is a PSP22 contract. A
        /// handover of the office and a replacement of the code wait for `delay` ms.
        ///
        /// Errors: `DelayTooLong`.
        #[ink(constructor)]
        pub fn new(token: AccountId, delay: u64) -> Result<Self, GovernanceError> {
            let governance = Governance::new(Self::env().caller(), delay)?;
            Ok(Self { token, data: Data::new(), governance })
        }

        /// Names the consent contract, the only one that may accrue; once. Administrator only. Open
        /// in a pause.
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
        /// Events: `TariffSet`. Errors, first wins: `Paused`, `NotAdministrator`, `UnknownPurpose`.
        #[ink(message)]
        pub fn set_tariff(&mut self, purpose: u8, amount: u128) -> Result<(), RewardsError> {
            self.check_running()?;
            self.check_administrator()?;
            let event = self.data.set_tariff(purpose, amount)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Pays `amount` base units into the fund, from what the caller allowed this contract on
        /// the token. Anyone may call.
        ///
        /// Events: `Funded`, and those of the token. Errors, first wins: `Paused`, `ZeroAmount`,
        /// `Overflow`, `TokenFailed`.
        #[ink(message)]
        pub fn fund(&mut self, amount: u128) -> Result<(), RewardsError> {
            self.check_running()?;
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
        /// is no tariff, when the fund does not hold it, or in a pause, since care never waits for
        /// money. The consent contract only. Open in a pause.
        ///
        /// Events: `Accrued`; `Unfunded` when the fund is short or in a pause; none without a
        /// tariff. Errors, first wins: `NotConsent`, `AlreadyPaid`, `Overflow`.
        #[ink(message)]
        pub fn accrue(
            &mut self,
            owner: AccountId,
            purpose: u8,
            access: u64,
        ) -> Result<u128, AccrueError> {
            let paused = self.governance.is_paused();
            match self.data.accrue(self.env().caller(), paused, owner, purpose, access)? {
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
        /// is owed may call, also when suspended. Open in a pause.
        ///
        /// Events: `Withdrawn`, and those of the token. Errors, first wins: `NothingOwed`,
        /// `TokenFailed`.
        #[ink(message)]
        pub fn withdraw(&mut self) -> Result<u128, RewardsError> {
            let event = self.data.withdraw(self.env().caller())?;
            self.pay(event)
        }

        /// Pays `to` all that is owed to the caller and gives the amount. Anyone to whom something
        /// is owed may call, also when suspended, unless the token has frozen him. Open in a pause.
        ///
        /// Events: `Withdrawn`, and those of the token. Errors, first wins: `InvalidRecipient`,
        /// `NothingOwed`, `Frozen`, `TokenFailed` (also when it does not say whether he is frozen).
        #[ink(message)]
        pub fn withdraw_to(&mut self, to: AccountId) -> Result<u128, RewardsError> {
            let (caller, contract) = (self.env().caller(), self.env().account_id());
            let event = self.data.withdraw_to(caller, contract, to)?;
            if psp22::is_frozen(self.token, caller).map_err(|_| RewardsError::TokenFailed)? {
                return Err(RewardsError::Frozen);
            }
            self.pay(event)
        }

        /// Credits `funder` with `amount` of what is unspent, at most what he paid in; he withdraws
        /// it like a reward. Administrator only. Open in a pause.
        ///
        /// Events: `Refunded`. Errors, first wins: `NotAdministrator`, `ZeroAmount`,
        /// `ExceedsContribution`, `ExceedsUnspent`, `Overflow`.
        #[ink(message)]
        pub fn refund_unused(
            &mut self,
            funder: AccountId,
            amount: u128,
        ) -> Result<(), RewardsError> {
            self.check_administrator()?;
            let event = self.data.refund_unused(self.env().caller(), funder, amount)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// What is owed to `account`, in token base units. A view, open to all.
        #[ink(message)]
        pub fn owed(&self, account: AccountId) -> u128 {
            self.data.statement(account).owed
        }

        /// What is owed to `account` and what it was paid. A view, open to all.
        #[ink(message)]
        pub fn statement(&self, account: AccountId) -> Statement {
            self.data.statement(account)
        }

        /// What `account` paid into the fund and was not refunded. A view, open to all.
        #[ink(message)]
        pub fn contribution(&self, account: AccountId) -> u128 {
            self.data.contribution(account)
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

        /// What this contract holds of the token beyond what is owed and unspent, because it was
        /// sent past `fund`. A view, open to all.
        ///
        /// Errors: `TokenFailed`.
        #[ink(message)]
        pub fn remainder(&self) -> Result<u128, RewardsError> {
            let balance = psp22::balance_of(self.token, self.env().account_id())
                .map_err(|_| RewardsError::TokenFailed)?;
            self.data.remainder(balance)
        }

        /// The consent contract, if it was named. A view, open to all.
        #[ink(message)]
        pub fn consent(&self) -> Option<AccountId> {
            self.data.consent()
        }

        /// The token that rewards are paid in. A view, open to all.
        #[ink(message)]
        pub fn token(&self) -> AccountId {
            self.token
        }

        /// Pays out what is booked as withdrawn; the error reverts the booking.
        fn pay(&self, event: Withdrawn) -> Result<u128, RewardsError> {
            let (to, amount) = (event.to, event.amount);
            self.env().emit_event(event);
            match psp22::transfer(self.token, to, amount) {
                Ok(Ok(())) => Ok(amount),
                Ok(Err(_)) | Err(_) => Err(RewardsError::TokenFailed),
            }
        }

        fn check_running(&self) -> Result<(), RewardsError> {
            if self.governance.is_paused() {
                return Err(RewardsError::Paused);
            }
            Ok(())
        }

        fn check_administrator(&self) -> Result<(), RewardsError> {
            if !self.governance.is_administrator(self.env().caller()) {
                return Err(RewardsError::NotAdministrator);
            }
            Ok(())
        }
    }

    // The trait documents events and errors.
    impl Governed for Rewards {
        #[ink(message)]
        fn pause(&mut self) -> Result<(), GovernanceError> {
            let event = self.governance.pause(self.env().caller())?;
            self.env().emit_event(event);
            Ok(())
        }

        #[ink(message)]
        fn unpause(&mut self) -> Result<(), GovernanceError> {
            let event = self.governance.unpause(self.env().caller())?;
            self.env().emit_event(event);
            Ok(())
        }

        #[ink(message)]
        fn propose_handover(&mut self, to: AccountId) -> Result<(), GovernanceError> {
            let (caller, now) = (self.env().caller(), self.env().block_timestamp());
            let event = self.governance.propose_handover(caller, now, to, true)?;
            self.env().emit_event(event);
            Ok(())
        }

        #[ink(message)]
        fn cancel_handover(&mut self) -> Result<(), GovernanceError> {
            let event = self.governance.cancel_handover(self.env().caller())?;
            self.env().emit_event(event);
            Ok(())
        }

        #[ink(message)]
        fn accept_handover(&mut self) -> Result<(), GovernanceError> {
            let (caller, now) = (self.env().caller(), self.env().block_timestamp());
            let event = self.governance.accept_handover(caller, now, true)?;
            self.env().emit_event(event);
            Ok(())
        }

        #[ink(message)]
        fn announce_upgrade(&mut self, code_hash: Hash32) -> Result<(), GovernanceError> {
            let (caller, now) = (self.env().caller(), self.env().block_timestamp());
            let event = self.governance.announce_upgrade(caller, now, code_hash)?;
            self.env().emit_event(event);
            Ok(())
        }

        #[ink(message)]
        fn cancel_upgrade(&mut self) -> Result<(), GovernanceError> {
            let event = self.governance.cancel_upgrade(self.env().caller())?;
            self.env().emit_event(event);
            Ok(())
        }

        #[ink(message)]
        fn apply_upgrade(&mut self) -> Result<(), GovernanceError> {
            let (caller, now) = (self.env().caller(), self.env().block_timestamp());
            let event = self.governance.apply_upgrade(caller, now)?;
            self.env()
                .set_code_hash(&event.code_hash.into())
                .map_err(|_| GovernanceError::UnknownCode)?;
            self.env().emit_event(event);
            Ok(())
        }

        #[ink(message)]
        fn governance(&self) -> State {
            self.governance.state()
        }

        #[ink(message)]
        fn schema_version(&self) -> u32 {
            SCHEMA_VERSION
        }
    }
}
