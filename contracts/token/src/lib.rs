//! The settlement token: PSP22, minted by a treasury against bank receipts.
//!
//! Invariants: the supply is the sum of all balances and of all mints; a receipt mints once.
#![cfg_attr(not(feature = "std"), no_std, no_main)]
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

pub mod data;
pub mod errors;
#[cfg(test)]
mod tests;

#[ink::contract]
mod token {
    use crate::data::{Data, TokenEvent};
    use crate::errors::{check_labels, TokenError};
    use assent_events::Hash as Hash32;
    use assent_traits::psp22::{PSP22Error, PSP22Metadata, PSP22};
    use ink::prelude::{string::String, vec::Vec};

    /// The contract's storage; the rules are in [`crate::data`].
    #[ink(storage)]
    pub struct Token {
        treasury: AccountId,
        name: Option<String>,
        symbol: Option<String>,
        decimals: u8,
        data: Data,
    }

    impl Token {
        /// Starts with no units; the caller is the treasury. `name` and `symbol` have at most 64
        /// bytes each.
        ///
        /// Errors, first wins: `NameTooLong`, `SymbolTooLong`.
        #[ink(constructor)]
        pub fn new(
            name: Option<String>,
            symbol: Option<String>,
            decimals: u8,
        ) -> Result<Self, TokenError> {
            check_labels(name.as_deref(), symbol.as_deref())?;
            Ok(Self { treasury: Self::env().caller(), name, symbol, decimals, data: Data::new() })
        }

        /// Mints `amount` units to `to` against a bank's receipt, of which only a commitment is
        /// given. Treasury only.
        ///
        /// Events: `Minted`, `Transfer` from nobody. Errors, first wins: `NotTreasury`,
        /// `ZeroAmount`, `ZeroRecipient`, `ReceiptUsed`, `SupplyOverflow`.
        #[ink(message)]
        pub fn mint(
            &mut self,
            to: AccountId,
            amount: u128,
            receipt: Hash32,
        ) -> Result<(), TokenError> {
            if self.env().caller() != self.treasury {
                return Err(TokenError::NotTreasury);
            }
            let (minted, transfer) = self.data.mint(to, amount, receipt)?;
            self.env().emit_event(minted);
            self.env().emit_event(transfer);
            Ok(())
        }

        /// The account that mints. A view, open to all.
        #[ink(message)]
        pub fn treasury(&self) -> AccountId {
            self.treasury
        }

        fn emit(&self, events: Vec<TokenEvent>) {
            for event in events {
                match event {
                    TokenEvent::Transfer(event) => self.env().emit_event(event),
                    TokenEvent::Approval(event) => self.env().emit_event(event),
                }
            }
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
            let caller = self.env().caller();
            let events = self.data.transfer_from(caller, from, to, value)?;
            self.emit(events);
            Ok(())
        }

        #[ink(message)]
        fn approve(&mut self, spender: AccountId, value: u128) -> Result<(), PSP22Error> {
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
            self.name.clone()
        }

        #[ink(message)]
        fn token_symbol(&self) -> Option<String> {
            self.symbol.clone()
        }

        #[ink(message)]
        fn token_decimals(&self) -> u8 {
            self.decimals
        }
    }
}
