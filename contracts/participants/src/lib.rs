//! Who is admitted to the ledger, and with which roles.
//!
//! Invariants: a suspended or pending participant passes no role check; nobody grants a role to
//! himself or changes his own status, so the regulator that acts always stays and the last one
//! cannot leave.
#![cfg_attr(not(feature = "std"), no_std, no_main)]
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

pub mod data;
pub mod errors;
#[cfg(test)]
mod tests;

#[ink::contract]
mod participants {
    use crate::data::{Data, Participant};
    use crate::errors::ParticipantsError;
    use assent_events::Hash as Hash32;

    /// The contract's storage; the rules are in [`crate::data`].
    #[ink(storage)]
    pub struct Participants {
        data: Data,
    }

    impl Participants {
        /// Makes the caller the first regulator, with an empty profile.
        ///
        /// Events: `Registered`, `Approved`.
        #[ink(constructor)]
        pub fn new() -> Self {
            let (data, registered, approved) = Data::new(Self::env().caller());
            Self::env().emit_event(registered);
            Self::env().emit_event(approved);
            Self { data }
        }

        /// Asks for admission, with a salted commitment to the caller's profile. Anyone may call.
        ///
        /// Events: `Registered`. Errors: `AlreadyRegistered`.
        #[ink(message)]
        pub fn register(&mut self, profile: Hash32) -> Result<(), ParticipantsError> {
            let event = self.data.register(self.env().caller(), profile)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Admits `account` with `roles`, which replace what it held before; a suspended one stays
        /// suspended. Regulators only.
        ///
        /// Events: `Approved`. Errors, first wins: `NotRegulator`, `OwnRoles`, `UnknownRoles`,
        /// `NotRegistered`.
        #[ink(message)]
        pub fn approve(&mut self, account: AccountId, roles: u16) -> Result<(), ParticipantsError> {
            let event = self.data.approve(self.env().caller(), account, roles)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Suspends `account`, also one that was not approved yet. Regulators only.
        ///
        /// Events: `Suspended`. Errors, first wins: `NotRegulator`, `OwnRoles`, `NotRegistered`,
        /// `AlreadySuspended`.
        #[ink(message)]
        pub fn suspend(
            &mut self,
            account: AccountId,
            reason: Hash32,
        ) -> Result<(), ParticipantsError> {
            let event = self.data.suspend(self.env().caller(), account, reason)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Lifts the suspension of `account`: it is active again with its roles, or pending if it
        /// has none. Regulators only.
        ///
        /// Events: `Reinstated`. Errors, first wins: `NotRegulator`, `OwnRoles`, `NotRegistered`,
        /// `NotSuspended`.
        #[ink(message)]
        pub fn reinstate(&mut self, account: AccountId) -> Result<(), ParticipantsError> {
            let event = self.data.reinstate(self.env().caller(), account)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// What is known about `account`. A view, open to all.
        #[ink(message)]
        pub fn participant(&self, account: AccountId) -> Option<Participant> {
            self.data.participant(account)
        }

        /// Whether `account` is active and holds at least one role of the mask. A view, open to all.
        #[ink(message)]
        pub fn has_role(&self, account: AccountId, roles: u16) -> bool {
            self.data.has_role(account, roles)
        }

        /// Whether `account` is active, with any role. A view, open to all.
        #[ink(message)]
        pub fn is_admitted(&self, account: AccountId) -> bool {
            self.data.is_admitted(account)
        }
    }
}
