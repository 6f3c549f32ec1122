//! What data owners earn on permitted accesses, and who pays it: who asks, from a budget that was
//! paid in advance, or before him the sponsor of the purpose, from a pot and up to a cap.
//!
//! Invariants: an access pays at most once, and only when the consent contract says so; of one
//! owner, requester and purpose at most one access in a period earns anything; a pot pays for one
//! requester in one period at most its cap; the token balance of this contract is what is in budgets
//! and in pots, plus what is owed, plus the remainder (sent to it past `fund` and `sponsor`); each
//! total is the sum over the accounts; money is only pulled, by those to whom it belongs. A budget
//! falls only by what its requester takes back and by what his own accesses cost, a pot only by
//! what its sponsor takes back or is owed when another one is named, and by accesses for its purpose.
//!
//! Whose money it is never changes with the key that acts for him: what is taken out goes to the key
//! that asks for it, out of what belongs to who that is; a key that was replaced takes out nothing.
//!
//! A pause blocks `set_tariff`, `set_sponsor`, `sponsor` and `fund`; `accrue` goes on and books no
//! money, and no pause stops a withdrawal.
#![cfg_attr(not(feature = "std"), no_std, no_main)]
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

pub mod accounts;
pub mod accrual;
pub mod budgets;
pub mod data;
pub mod errors;
pub mod pots;
pub mod tariffs;
#[cfg(test)]
mod tests;

#[ink::contract]
mod rewards {
    use crate::accounts::Statement;
    use crate::accrual::{Access, Booking};
    use crate::data::{Data, Times, Totals, SCHEMA_VERSION};
    use crate::errors::RewardsError;
    use crate::pots::Pot;
    use crate::tariffs::Tariff;
    use assent_events::Hash as Hash32;
    use assent_governance::{upgrade, Governance, GovernanceError, Governed, Scheduled, State};
    use assent_traits::{
        participants::{admission, subject_of},
        psp22::{self, PSP22Error},
        rewards::{Accrual, AccrueError},
        CallFailed,
    };

    /// The contract's storage; the rules are in [`crate::data`] and in the modules that it names.
    #[ink(storage)]
    pub struct Rewards {
        participants: AccountId,
        token: AccountId,
        data: Data,
        governance: Governance,
    }

    impl Rewards {
        /// Starts with nothing; the caller is the administrator. `participants` is the contract that
        /// knows whose key a caller's is, `token` a PSP22 contract.
        ///
        /// Errors, first wins: `InvalidDelay`, `InvalidPeriod`.
        #[ink(constructor)]
        pub fn new(
            participants: AccountId,
            token: AccountId,
            times: Times,
        ) -> Result<Self, RewardsError> {
            let governance = Governance::new(Self::env().caller(), times.delay)
                .map_err(|_| RewardsError::InvalidDelay)?;
            Ok(Self { participants, token, data: Data::new(times.period)?, governance })
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

        /// Sets what a permitted access for a purpose earns once the delay is over, and whether it
        /// is refused when nobody can pay that; replaces what was set and has not taken effect. Not
        /// for treatment: care never waits for money. Administrator only.
        ///
        /// Events: `TariffSet`. Errors, first wins: `Paused`, `NotAdministrator`, `UnknownPurpose`,
        /// `RequiredForCare`.
        #[ink(message)]
        pub fn set_tariff(&mut self, purpose: u8, tariff: Tariff) -> Result<(), RewardsError> {
            self.check_running()?;
            self.check_administrator()?;
            let (now, delay) = (self.env().block_timestamp(), self.governance.delay());
            let event = self.data.set_tariff(now, delay, purpose, tariff)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Names who may fill the pot of a purpose, or nobody. What the sponsor before has left in
        /// it is owed to him, who withdraws it like a reward. A new pot is empty, its cap 0, and
        /// nothing was spent of it. Administrator only.
        ///
        /// Events: `SponsorSet`. Errors, first wins: `Paused`, `NotAdministrator`, `UnknownPurpose`,
        /// `ZeroAccount`, `AlreadySponsor` (the same as now, also nobody), `Overflow`.
        #[ink(message)]
        pub fn set_sponsor(
            &mut self,
            purpose: u8,
            sponsor: Option<AccountId>,
        ) -> Result<(), RewardsError> {
            self.check_running()?;
            self.check_administrator()?;
            let event = self.data.set_sponsor(purpose, sponsor)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Pays `amount` base units into the pot of a purpose, from what the caller allowed this
        /// contract on the token, and sets what the pot pays for one requester in one period at
        /// most; with an amount of 0 only that. The purpose's sponsor only.
        ///
        /// Events: `Sponsored`, then those of the token. Errors, first wins: `Paused`,
        /// `ParticipantsFailed`, `Replaced`, `NotSponsor` (also of an unknown purpose), `Overflow`,
        /// `TokenFailed`.
        #[ink(message)]
        pub fn sponsor(
            &mut self,
            purpose: u8,
            amount: u128,
            cap: u128,
        ) -> Result<(), RewardsError> {
            self.check_running()?;
            let event = self.data.sponsor(self.acting()?, purpose, amount, cap)?;
            self.env().emit_event(event);
            if amount == 0 {
                return Ok(());
            }
            self.collect(amount)
        }

        /// Pays the caller `amount` base units of the pot of a purpose. The purpose's sponsor only.
        /// Open in a pause.
        ///
        /// Events: `PotWithdrawn`, then those of the token. Errors, first wins:
        /// `ParticipantsFailed`, `Replaced`, `NotSponsor` (also of an unknown purpose), `ZeroAmount`,
        /// `InsufficientPot`, `Frozen`, `TokenFailed`.
        #[ink(message)]
        pub fn withdraw_pot(&mut self, purpose: u8, amount: u128) -> Result<(), RewardsError> {
            let sponsor = self.acting()?;
            let event = self.data.withdraw_pot(sponsor, purpose, amount)?;
            self.env().emit_event(event);
            self.pay_caller(sponsor, amount)
        }

        /// Pays `amount` base units into the budget of `requester`, from what the caller allowed this
        /// contract on the token. Anyone may call, for anyone who was admitted, and for no key that
        /// acts for one: what is paid in is the requester's.
        ///
        /// Events: `Funded`, then those of the token. Errors, first wins: `Paused`,
        /// `ParticipantsFailed`, `NotAdmitted` (never), `ZeroAmount`, `Overflow`, `TokenFailed`.
        #[ink(message)]
        pub fn fund(&mut self, requester: AccountId, amount: u128) -> Result<(), RewardsError> {
            self.check_running()?;
            let caller = self.env().caller();
            let asked = admission(self.participants, requester, requester, caller);
            if !asked.map_err(|_| RewardsError::ParticipantsFailed)?.subject.admitted {
                return Err(RewardsError::NotAdmitted);
            }
            let event = self.data.fund(caller, requester, amount)?;
            self.env().emit_event(event);
            self.collect(amount)
        }

        /// Pays the caller `amount` base units of his budget. Anyone who has one, also when
        /// suspended. Open in a pause.
        ///
        /// Events: `BudgetWithdrawn`, then those of the token. Errors, first wins:
        /// `ParticipantsFailed`, `Replaced`, `ZeroAmount`, `InsufficientBudget`, `Frozen` (his account,
        /// when another key acts for him), `TokenFailed` (also when the token has frozen the caller).
        #[ink(message)]
        pub fn withdraw_budget(&mut self, amount: u128) -> Result<(), RewardsError> {
            let requester = self.acting()?;
            let event = self.data.withdraw_budget(requester, amount)?;
            self.env().emit_event(event);
            self.pay_caller(requester, amount)
        }

        /// Accrues what access number `access` of `requester` for a purpose earns its owner, if it
        /// is permitted; the number and all before it are used up whatever it comes to:
        /// - `Nothing`, when the purpose has no tariff, or the owner earned from this requester for
        ///   this purpose less than a period ago;
        /// - `Earned`: the purpose's pot pays, if it holds the tariff and what the requester spent of
        ///   it in the period leaves room for that below the cap; or else the requester's budget;
        /// - when neither holds it, or in a pause, `Declined` if the tariff is required, and
        ///   `Unfunded` if it is not.
        ///
        /// The consent contract only. Open in a pause.
        ///
        /// Events: `Accrued` when it is earned; `Unfunded` when it is unfunded or declined. Errors,
        /// first wins: `NotConsent`, `AlreadyPaid`, `Overflow`.
        #[ink(message)]
        pub fn accrue(
            &mut self,
            owner: AccountId,
            requester: AccountId,
            purpose: u8,
            access: u64,
        ) -> Result<Accrual, AccrueError> {
            let (caller, now) = (self.env().caller(), self.env().block_timestamp());
            let access = Access { owner, requester, purpose, number: access };
            let booking = self.data.accrue(caller, now, self.governance.is_paused(), access)?;
            let answer = booking.answer();
            match booking {
                Booking::Paid(event) => self.env().emit_event(event),
                Booking::Unpaid(event) => self.env().emit_event(event),
                Booking::Nothing => {}
            }
            Ok(answer)
        }

        /// Pays the caller all that is owed to him and gives the amount. Anyone to whom something
        /// is owed may call, also when suspended. Open in a pause.
        ///
        /// Events: `Withdrawn`, then those of the token. Errors, first wins: `ParticipantsFailed`,
        /// `Replaced`, `NothingOwed`, `Frozen` (his account, when another key acts for him),
        /// `TokenFailed`.
        #[ink(message)]
        pub fn withdraw(&mut self) -> Result<u128, RewardsError> {
            let owner = self.acting()?;
            let event = self.data.withdraw(owner, self.env().caller())?;
            let amount = event.amount;
            self.env().emit_event(event);
            self.pay_caller(owner, amount)?;
            Ok(amount)
        }

        /// Pays `to` all that is owed to the caller and gives the amount. Anyone to whom something
        /// is owed may call, also when suspended, unless the token has frozen him. Open in a pause.
        ///
        /// Events: `Withdrawn`, then those of the token. Errors, first wins: `ParticipantsFailed`,
        /// `Replaced`, `InvalidRecipient`, `NothingOwed`, `Frozen` (he, or the key that acts for him),
        /// `TokenFailed` (also when it does not say whether he is frozen).
        #[ink(message)]
        pub fn withdraw_to(&mut self, to: AccountId) -> Result<u128, RewardsError> {
            let (owner, contract) = (self.acting()?, self.env().account_id());
            let event = self.data.withdraw_to(owner, contract, to)?;
            self.check_frozen(owner)?;
            let caller = self.env().caller();
            if caller != owner {
                self.check_frozen(caller)?;
            }
            let amount = event.amount;
            self.env().emit_event(event);
            self.pay(to, amount)?;
            Ok(amount)
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

        /// What is in the budget of `requester`, in token base units. A view, open to all.
        #[ink(message)]
        pub fn budget(&self, requester: AccountId) -> u128 {
            self.data.budget(requester)
        }

        /// The pot of a purpose, if it has a sponsor. A view, open to all.
        #[ink(message)]
        pub fn pot(&self, purpose: u8) -> Option<Pot> {
            self.data.pot(purpose)
        }

        /// When an access of `requester` for a purpose earned `owner` something, the latest time, ms
        /// since 1970. A view, open to all.
        #[ink(message)]
        pub fn earned(&self, owner: AccountId, requester: AccountId, purpose: u8) -> Option<u64> {
            self.data.earned(owner, requester, purpose)
        }

        /// For how long an owner earns nothing more from the same requester for the same purpose,
        /// and a pot's cap counts, in ms. A view, open to all.
        #[ink(message)]
        pub fn period(&self) -> u64 {
            self.data.period()
        }

        /// What a permitted access for a purpose earns, and what it will earn and from when. A view,
        /// open to all.
        #[ink(message)]
        pub fn tariff(&self, purpose: u8) -> Scheduled<Tariff> {
            self.data.tariff(purpose)
        }

        /// Sums over all accounts. A view, open to all.
        #[ink(message)]
        pub fn totals(&self) -> Totals {
            self.data.totals()
        }

        /// What this contract holds of the token beyond what is in budgets and pots and owed,
        /// because it was sent past `fund` and `sponsor`. A view, open to all.
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

        /// The contract that knows whose key a caller's is. A view, open to all.
        #[ink(message)]
        pub fn participants(&self) -> AccountId {
            self.participants
        }

        /// The token that rewards are paid in. A view, open to all.
        #[ink(message)]
        pub fn token(&self) -> AccountId {
            self.token
        }

        /// Takes what is booked as paid in from the caller; the error reverts the booking.
        fn collect(&self, amount: u128) -> Result<(), RewardsError> {
            let (caller, contract) = (self.env().caller(), self.env().account_id());
            moved(psp22::transfer_from(self.token, caller, contract, amount))
        }

        /// Pays what is booked as taken out; the error reverts the booking.
        fn pay(&self, to: AccountId, amount: u128) -> Result<(), RewardsError> {
            moved(psp22::transfer(self.token, to, amount))
        }

        /// Pays the caller what was `owner`'s, whose key he has; the error reverts the booking. The
        /// token knows who is frozen: of the caller it finds out itself.
        fn pay_caller(&self, owner: AccountId, amount: u128) -> Result<(), RewardsError> {
            let caller = self.env().caller();
            if caller != owner {
                self.check_frozen(owner)?;
            }
            self.pay(caller, amount)
        }

        fn check_frozen(&self, account: AccountId) -> Result<(), RewardsError> {
            if psp22::is_frozen(self.token, account).map_err(|_| RewardsError::TokenFailed)? {
                return Err(RewardsError::Frozen);
            }
            Ok(())
        }

        /// As whom the caller acts.
        fn acting(&self) -> Result<AccountId, RewardsError> {
            subject_of(self.participants, self.env().caller())
                .map_err(|_| RewardsError::ParticipantsFailed)?
                .ok_or(RewardsError::Replaced)
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

    /// Whether the token moved what it was asked to.
    fn moved(answer: Result<Result<(), PSP22Error>, CallFailed>) -> Result<(), RewardsError> {
        match answer {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(CallFailed) => Err(RewardsError::TokenFailed),
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
            let event = upgrade::announce(&mut self.governance, caller, now, code_hash)?;
            self.env().emit_event(event);
            Ok(())
        }

        #[ink(message)]
        fn cancel_upgrade(&mut self) -> Result<(), GovernanceError> {
            let caller = self.env().caller();
            let event = upgrade::cancel(&mut self.governance, caller)?;
            self.env().emit_event(event);
            Ok(())
        }

        #[ink(message)]
        fn apply_upgrade(&mut self) -> Result<(), GovernanceError> {
            let (caller, now) = (self.env().caller(), self.env().block_timestamp());
            let event = upgrade::apply(&mut self.governance, caller, now, SCHEMA_VERSION)?;
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
