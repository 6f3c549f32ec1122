//! The settlement token: PSP22, minted and burned by a treasury against bank receipts.
//!
//! Invariants: the supply is the sum of all balances, and what was minted less what was burned; it
//! never exceeds the cap, if there is one; a receipt is used once, for minting or for burning; what a
//! frozen account holds does not change but by `take_over`; another treasury takes over only after the
//! delay, and under a new administrator nothing is minted until he has named the treasury.
//!
//! Units of an account whose key was replaced go over to the key that replaced it, all of them, and
//! with them whether it is frozen; so does what is sent to it later, and it spends nothing more. No
//! transfer asks another contract anything.
//!
//! A pause blocks `mint`, `burn`, `unfreeze`, `take_over`, every transfer, and what gives a spender
//! more; it does not block `set_treasury`, `freeze`, `decrease_allowance`, an `approve` of nothing, and
//! the messages of the government; it blocks no view.
#![cfg_attr(not(feature = "std"), no_std, no_main)]
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

pub mod data;
pub mod errors;
#[cfg(test)]
mod tests;
pub mod treasury;

#[ink::contract]
mod token {
    use crate::data::{Data, Labels, TokenEvent, SCHEMA_VERSION};
    use crate::errors::{paused, TokenError};
    use crate::treasury::Treasury;
    use assent_events::Hash as Hash32;
    use assent_governance::{upgrade, Governance, GovernanceError, Governed, Scheduled, State};
    use assent_traits::{
        participants::key_of,
        psp22::{PSP22Error, PSP22Metadata, PSP22},
    };
    use ink::prelude::{string::String, vec::Vec};

    /// The contract's storage; the rules are in [`crate::data`].
    #[ink(storage)]
    pub struct Token {
        participants: AccountId,
        data: Data,
        governance: Governance,
    }

    impl Token {
        /// Starts with no units; the caller is the administrator and the first treasury. `participants`
        /// is the contract that knows which key replaced which, and is asked nothing else. `name` and
        /// `symbol` have at most 64 bytes each; there are never more units than `cap`. A handover of
        /// the office, a replacement of the code and another treasury wait for `delay` ms.
        ///
        /// Events: `TreasurySet`. Errors, first wins: `NameTooLong`, `SymbolTooLong`, `ZeroCap`,
        /// `InvalidDelay`.
        #[ink(constructor)]
        pub fn new(
            participants: AccountId,
            name: Option<String>,
            symbol: Option<String>,
            decimals: u8,
            cap: Option<u128>,
            delay: u64,
        ) -> Result<Self, TokenError> {
            let caller = Self::env().caller();
            let now = Self::env().block_timestamp();
            let labels = Labels { name, symbol, decimals };
            let (data, treasury_set) = Data::new(caller, now, cap, &labels)?;
            let governance =
                Governance::new(caller, delay).map_err(|_| TokenError::InvalidDelay)?;
            Self::env().emit_event(treasury_set);
            Ok(Self { participants, data, governance })
        }

        /// Names the treasury. Another one takes over after the delay, and replaces one that was to
        /// come; the one that there is is confirmed at once, and none is to come then. Administrator
        /// only. Open in a pause.
        ///
        /// Events: `TreasurySet`. Errors, first wins: `NotAdministrator`, `ZeroAccount`,
        /// `AlreadyTreasury` (it is, confirmed, and none is to come).
        #[ink(message)]
        pub fn set_treasury(&mut self, account: AccountId) -> Result<(), TokenError> {
            self.check_administrator()?;
            let (caller, now) = self.caller_and_time();
            let delay = self.governance.delay();
            let event = self.data.set_treasury(caller, now, delay, account)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Mints `amount` units to `to` against a bank's receipt, of which only a commitment is
        /// given. Treasury only.
        ///
        /// Events: `Minted`, `Transfer` from nobody. Errors, first wins: `Paused`, `NotTreasury`,
        /// `TreasuryUnconfirmed`, `ZeroAmount`, `ZeroAccount`, `Frozen` (`to`), `ReceiptUsed`,
        /// `CapExceeded`, `SupplyOverflow`.
        #[ink(message)]
        pub fn mint(
            &mut self,
            to: AccountId,
            amount: u128,
            receipt: Hash32,
        ) -> Result<(), TokenError> {
            self.check_running()?;
            let (caller, now) = self.caller_and_time();
            let (minted, transfer) = self.data.mint(caller, now, to, amount, receipt)?;
            self.env().emit_event(minted);
            self.env().emit_event(transfer);
            Ok(())
        }

        /// Burns `amount` units of the caller against the bank's receipt of a payout, of which only
        /// a commitment is given. Treasury only, also when it is unconfirmed.
        ///
        /// Events: `Burned`, `Transfer` to nobody. Errors, first wins: `Paused`, `NotTreasury`,
        /// `ZeroAmount`, `Frozen` (the treasury), `ReceiptUsed`, `InsufficientBalance`.
        #[ink(message)]
        pub fn burn(&mut self, amount: u128, receipt: Hash32) -> Result<(), TokenError> {
            self.check_running()?;
            let (caller, now) = self.caller_and_time();
            let (burned, transfer) = self.data.burn(caller, now, amount, receipt)?;
            self.env().emit_event(burned);
            self.env().emit_event(transfer);
            Ok(())
        }

        /// Stops `account` from sending, receiving and spending on an allowance; `reason` is a
        /// salted commitment. Administrator only. Open in a pause.
        ///
        /// Events: `AccountFrozen`. Errors, first wins: `NotAdministrator`, `ZeroAccount`,
        /// `AlreadyFrozen`.
        #[ink(message)]
        pub fn freeze(&mut self, account: AccountId, reason: Hash32) -> Result<(), TokenError> {
            self.check_administrator()?;
            let event = self.data.freeze(self.env().caller(), account, reason)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Ends the freeze of `account`. Administrator only.
        ///
        /// Events: `AccountUnfrozen`. Errors, first wins: `Paused`, `NotAdministrator`,
        /// `NotFrozen`.
        #[ink(message)]
        pub fn unfreeze(&mut self, account: AccountId) -> Result<(), TokenError> {
            self.check_running()?;
            self.check_administrator()?;
            let event = self.data.unfreeze(self.env().caller(), account)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Moves all that `from` has to the key that acts now for the participant whose account or key
        /// it was, with what other keys of his had that were taken over to it before, also while it is
        /// frozen: then that key is. From now on what is sent to it goes to that key, and it spends
        /// nothing more; what it allowed others is void. Anyone may call.
        ///
        /// Events: `TakenOver` for each account that goes over, and did not before, after `Transfer` if
        /// it had units. Errors, first wins: `Paused`, `ParticipantsFailed`, `NotReplaced`,
        /// `AlreadyTakenOver`.
        #[ink(message)]
        pub fn take_over(&mut self, from: AccountId) -> Result<(), TokenError> {
            self.check_running()?;
            let to = key_of(self.participants, from)
                .map_err(|_| TokenError::ParticipantsFailed)?
                .ok_or(TokenError::NotReplaced)?;
            for (transfer, taken) in self.data.take_over(from, to)? {
                if let Some(transfer) = transfer {
                    self.env().emit_event(transfer);
                }
                self.env().emit_event(taken);
            }
            Ok(())
        }

        /// The contract that knows which key replaced which. A view, open to all.
        #[ink(message)]
        pub fn participants(&self) -> AccountId {
            self.participants
        }

        /// Who mints and burns, and who will, from when on. A view, open to all.
        #[ink(message)]
        pub fn treasury(&self) -> Scheduled<Treasury> {
            self.data.treasury()
        }

        /// The greatest supply, if there is a limit. A view, open to all.
        #[ink(message)]
        pub fn cap(&self) -> Option<u128> {
            self.data.cap()
        }

        /// Whether `account` is frozen, or the key that took it over. A view, open to all.
        #[ink(message)]
        pub fn is_frozen(&self, account: AccountId) -> bool {
            self.data.is_frozen(account)
        }

        /// Whether units were minted or burned against `receipt`. A view, open to all.
        #[ink(message)]
        pub fn receipt_used(&self, receipt: Hash32) -> bool {
            self.data.receipt_used(receipt)
        }

        fn emit(&self, events: Vec<TokenEvent>) {
            for event in events {
                match event {
                    TokenEvent::Transfer(event) => self.env().emit_event(event),
                    TokenEvent::Approval(event) => self.env().emit_event(event),
                }
            }
        }

        fn caller_and_time(&self) -> (AccountId, Timestamp) {
            (self.env().caller(), self.env().block_timestamp())
        }

        fn check_running(&self) -> Result<(), TokenError> {
            if self.governance.is_paused() {
                return Err(TokenError::Paused);
            }
            Ok(())
        }

        /// The same, for the messages of the standard.
        fn check_standard_running(&self) -> Result<(), PSP22Error> {
            self.check_running().map_err(|_| paused())
        }

        fn check_administrator(&self) -> Result<(), TokenError> {
            if !self.governance.is_administrator(self.env().caller()) {
                return Err(TokenError::NotAdministrator);
            }
            Ok(())
        }
    }

    // The trait documents events, no-ops and errors.
    impl PSP22 for Token {
        #[ink(message)]
        fn total_supply(&self) -> u128 {
            self.data.total_supply()
        }

        #[ink(message)]
        fn balance_of(&self, owner: AccountId) -> u128 {
            self.data.balance_of(owner)
        }

        #[ink(message)]
        fn allowance(&self, owner: AccountId, spender: AccountId) -> u128 {
            self.data.allowance(owner, spender)
        }

        #[ink(message)]
        fn transfer(
            &mut self,
            to: AccountId,
            value: u128,
            _data: Vec<u8>,
        ) -> Result<(), PSP22Error> {
            self.check_standard_running()?;
            let events = self.data.transfer(self.env().caller(), to, value)?;
            self.emit(events);
            Ok(())
        }

        #[ink(message)]
        fn transfer_from(
            &mut self,
            from: AccountId,
            to: AccountId,
            value: u128,
            _data: Vec<u8>,
        ) -> Result<(), PSP22Error> {
            self.check_standard_running()?;
            let caller = self.env().caller();
            let events = self.data.transfer_from(caller, from, to, value)?;
            self.emit(events);
            Ok(())
        }

        #[ink(message)]
        fn approve(&mut self, spender: AccountId, value: u128) -> Result<(), PSP22Error> {
            if value > 0 {
                self.check_standard_running()?;
            }
            let events = self.data.approve(self.env().caller(), spender, value)?;
            self.emit(events);
            Ok(())
        }

        #[ink(message)]
        fn increase_allowance(
            &mut self,
            spender: AccountId,
            delta_value: u128,
        ) -> Result<(), PSP22Error> {
            self.check_standard_running()?;
            let caller = self.env().caller();
            let events = self.data.increase_allowance(caller, spender, delta_value)?;
            self.emit(events);
            Ok(())
        }

        #[ink(message)]
        fn decrease_allowance(
            &mut self,
            spender: AccountId,
            delta_value: u128,
        ) -> Result<(), PSP22Error> {
            let caller = self.env().caller();
            let events = self.data.decrease_allowance(caller, spender, delta_value)?;
            self.emit(events);
            Ok(())
        }
    }

    impl PSP22Metadata for Token {
        #[ink(message)]
        fn token_name(&self) -> Option<String> {
            self.data.labels().name
        }

        #[ink(message)]
        fn token_symbol(&self) -> Option<String> {
            self.data.labels().symbol
        }

        #[ink(message)]
        fn token_decimals(&self) -> u8 {
            self.data.labels().decimals
        }
    }

    // The trait documents events and errors. A handover stops minting until the new administrator
    // names the treasury, so that `accept_handover` has one more event: `MintingStopped`.
    impl Governed for Token {
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
            let (caller, now) = self.caller_and_time();
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
            let (caller, now) = self.caller_and_time();
            let event = self.governance.accept_handover(caller, now, true)?;
            let stopped = self.data.stop_minting(caller, now);
            self.env().emit_event(event);
            self.env().emit_event(stopped);
            Ok(())
        }

        #[ink(message)]
        fn announce_upgrade(&mut self, code_hash: Hash32) -> Result<(), GovernanceError> {
            let (caller, now) = self.caller_and_time();
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
            let (caller, now) = self.caller_and_time();
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
