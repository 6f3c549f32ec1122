//! Sell orders of carbon units, delivered against payment: both in one call, or neither.
//!
//! Invariants: per batch and seller, what his open orders offer is what carbon holds in escrow for this
//! contract; fee and proceeds are the payment, and the payment is the amount times the price, rounded
//! up, at least 1; a fill never takes more than the buyer's `max_total`; nobody trades with himself, or
//! on both sides; an order is never larger than its seller's limit when it is placed or updated, a fill
//! never larger than the limits of both parties; a closed order never opens again. Who somebody is does
//! not change with the key that acts for him; a key that was replaced acts for nobody. Nobody trades
//! for another without a mandate of it to trade that is in force; its units, its money, its limit and
//! its rating are what counts.
//!
//! A pause blocks `place`, `update`, `fill`, `set_fee` and `set_limits`; it does not block `cancel`,
//! `prune_expired` and the messages of the government, and it blocks no view. So a seller always
//! gets back what he did not sell.
#![cfg_attr(not(feature = "std"), no_std, no_main)]
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

pub mod data;
pub mod errors;
pub mod orders;
pub mod price;
#[cfg(test)]
mod tests;
pub mod trade;

#[ink::contract]
mod market {
    use crate::data::{Data, Settings, SCHEMA_VERSION};
    use crate::errors::MarketError;
    use crate::orders::{Adjustment, Closed, Filled, Offer, Order};
    use crate::price::{Limits, Quote};
    use crate::trade::{check_sides, Acting};
    use assent_events::Hash as Hash32;
    use assent_governance::{upgrade, Governance, GovernanceError, Governed, State};
    use assent_traits::{
        carbon::{self, EscrowError},
        participants::{self, Admission},
        psp22, CallFailed,
    };
    use ink::prelude::vec::Vec;

    /// The contract's storage; the rules are in [`crate::orders`] and [`crate::data`].
    #[ink(storage)]
    pub struct Market {
        carbon: AccountId,
        participants: AccountId,
        token: AccountId,
        data: Data,
        governance: Governance,
    }

    impl Market {
        /// Starts without orders and without a fee; the caller is the administrator, and the
        /// collector of fees. `carbon` is the contract that holds the units, and that says which one
        /// answers admission checks; `token` a PSP22 contract that they are paid in. A handover of the
        /// office, a replacement of the code and another fee wait for `delay` ms.
        ///
        /// Events: `FeeSet`, `LimitsSet`. Errors, first wins: `InvalidLimits`, `InvalidDelay`,
        /// `CarbonFailed`.
        #[ink(constructor)]
        pub fn new(
            carbon: AccountId,
            token: AccountId,
            limits: Limits,
            delay: u64,
        ) -> Result<Self, MarketError> {
            let (caller, now) = (Self::env().caller(), Self::env().block_timestamp());
            let (data, fee_set, limits_set) = Data::new(now, limits, caller)?;
            let governance =
                Governance::new(caller, delay).map_err(|_| MarketError::InvalidDelay)?;
            let participants = participants_of(carbon)?;
            Self::env().emit_event(fee_set);
            Self::env().emit_event(limits_set);
            Ok(Self { carbon, participants, token, data, governance })
        }

        /// Offers `amount` units of `batch` of `seller` at `price` token base units per credit until
        /// `expiry`, puts them in escrow, and gives the order's number. The seller, who approved this
        /// contract for them in carbon, or one of its staff that may trade.
        ///
        /// Events: `OrderPlaced`, `StaffActed` if it is one of the staff, and those of carbon's
        /// `escrow`. Errors, first wins: `Paused`, `ParticipantsFailed`, `NotAuthorized`, `ZeroAmount`,
        /// `ZeroPrice`, `InvalidExpiry`, `Overflow`, `CarbonFailed`, `SellerLimit`, `TooMany`, then
        /// those of `escrow`: `CarbonPaused`, `NotAdmitted`, `Frozen`, `UnknownBatch`, `NotApproved`,
        /// `InsufficientBalance`.
        #[ink(message)]
        pub fn place(
            &mut self,
            seller: AccountId,
            batch: u64,
            amount: u128,
            price: u128,
            expiry: u64,
        ) -> Result<u64, MarketError> {
            self.check_running()?;
            let acting = self.acting(seller)?;
            let (now, carbon) = (self.now(), self.carbon);
            let offer = Offer { amount, price, expiry };
            let event = self.data.place(seller, now, batch, offer, || rating(carbon, seller))?;
            let number = event.order;
            self.env().emit_event(event);
            self.emit_acted(acting, number);
            settle(carbon::escrow(carbon, seller, batch, amount))?;
            Ok(number)
        }

        /// Replaces what an order still offers, its price and its expiry; from now on it pays the
        /// current fee. What it offers more goes into escrow, what it offers less comes back. Its
        /// seller, or one of its staff that may trade, also when it is past its expiry.
        ///
        /// Events: `OrderUpdated`, `StaffActed` if it is one of the staff, and those of carbon's
        /// `escrow` or `release`. Errors, first wins: `Paused`, `UnknownOrder`, `ParticipantsFailed`,
        /// `NotAuthorized`, `OrderClosed`, `ZeroAmount`, `ZeroPrice`, `InvalidExpiry`, `Overflow`,
        /// `CarbonFailed`, `SellerLimit`, then those of `escrow`, whose batch is known: `CarbonPaused`,
        /// `NotAdmitted`, `Frozen`, `NotApproved`, `InsufficientBalance`.
        #[ink(message)]
        pub fn update(
            &mut self,
            order: u64,
            amount: u128,
            price: u128,
            expiry: u64,
        ) -> Result<(), MarketError> {
            self.check_running()?;
            let seller = self.data.seller_of(order)?;
            let acting = self.acting(seller)?;
            let (now, carbon) = (self.now(), self.carbon);
            let offer = Offer { amount, price, expiry };
            let updated = self.data.update(now, order, offer, || rating(carbon, seller))?;
            self.env().emit_event(updated.event);
            self.emit_acted(acting, order);
            match updated.adjustment {
                Adjustment::Escrow(more) => {
                    settle(carbon::escrow(carbon, seller, updated.batch, more))
                }
                Adjustment::Release(less) => {
                    settle(carbon::release(carbon, seller, updated.batch, less))
                }
                Adjustment::None => Ok(()),
            }
        }

        /// Closes an order and gives its units back. Its seller, also when suspended or frozen,
        /// or one of its staff that may trade. Open in a pause.
        ///
        /// Events: `OrderCancelled`, `StaffActed` if it is one of the staff, and that of carbon's
        /// `release`. Errors, first wins: `UnknownOrder`, `ParticipantsFailed` (never to the seller's
        /// own account), `NotAuthorized`, `OrderClosed`, `CarbonFailed`.
        #[ink(message)]
        pub fn cancel(&mut self, order: u64) -> Result<(), MarketError> {
            let seller = self.data.seller_of(order)?;
            // What gives back waits for no other contract.
            let acting = match self.acting(seller) {
                Err(MarketError::ParticipantsFailed) if self.env().caller() == seller => {
                    Acting { party: seller, by: seller }
                }
                answer => answer?,
            };
            let Closed { event, batch } = self.data.cancel(order)?;
            let released = event.released;
            self.env().emit_event(event);
            self.emit_acted(acting, order);
            settle(carbon::release(self.carbon, seller, batch, released))
        }

        /// Buys `amount` units of an order for `buyer`, for `max_total` token base units at most:
        /// delivers them to it, pays the seller and the collector from what the key that acts for it
        /// now allowed this contract on the token, and gives the payment. Any buyer but the seller, or
        /// one of its staff that may trade, and not for the seller, too.
        ///
        /// Events: `OrderFilled`, `StaffActed` if it is one of the staff, and those of carbon's
        /// `deliver` and of the token. Errors, first wins: `Paused`, `UnknownOrder`,
        /// `ParticipantsFailed`, `NotAuthorized`, `SelfTrade`, `OrderClosed`, `Expired`, `ZeroAmount`,
        /// `ExceedsOrder`, `TooExpensive`, `CarbonFailed`, `SellerLimit`, `BuyerLimit`, then those of
        /// `deliver`: `CarbonPaused`, `NotAdmitted`, `Frozen`; then `TokenFailed`.
        #[ink(message)]
        pub fn fill(
            &mut self,
            buyer: AccountId,
            order: u64,
            amount: u128,
            max_total: u128,
        ) -> Result<u128, MarketError> {
            self.check_running()?;
            let admission = self.admission(buyer, self.data.seller_of(order)?)?;
            let acting = Acting::check(buyer, admission.acting, admission.for_subject)?;
            check_sides(admission.for_other)?;
            let (now, carbon) = (self.now(), self.carbon);
            let ratings = |seller| {
                carbon::ratings(carbon, seller, buyer).map_err(|_| MarketError::CarbonFailed)
            };
            let Filled { event, batch, proceeds, collector } =
                self.data.fill(buyer, now, order, amount, max_total, ratings)?;
            let (seller, payment, fee) = (event.seller, event.payment, event.fee);
            self.env().emit_event(event);
            self.emit_acted(acting, order);
            settle(carbon::deliver(carbon, seller, batch, buyer, amount))?;
            let payer = self.payer(acting)?;
            self.pay(payer, seller, proceeds)?;
            if fee > 0 {
                self.pay(payer, collector, fee)?;
            }
            Ok(payment)
        }

        /// Closes those of 1 to 16 orders that are open and past their expiry, gives their units
        /// back to their sellers, and says how many they were; skips the others. Anyone. Open in a
        /// pause.
        ///
        /// Events: `OrderExpired`, and that of carbon's `release`, for each. Errors, first wins:
        /// `BatchSize`, `CarbonFailed`.
        #[ink(message)]
        pub fn prune_expired(&mut self, orders: Vec<u64>) -> Result<u32, MarketError> {
            let closed = self.data.prune_expired(self.env().caller(), self.now(), &orders)?;
            let mut pruned: u32 = 0;
            for Closed { event, batch } in closed {
                let (seller, released) = (event.seller, event.released);
                self.env().emit_event(event);
                settle(carbon::release(self.carbon, seller, batch, released))?;
                pruned = pruned.saturating_add(1);
            }
            Ok(pruned)
        }

        /// Sets the fee of orders that are placed or updated when the delay is over, in hundredths of
        /// a percent, at most 500, and who gets all fees from then on; replaces what was set and has
        /// not taken effect. Administrator only.
        ///
        /// Events: `FeeSet`. Errors, first wins: `Paused`, `NotAdministrator`, `FeeTooHigh`,
        /// `ZeroAccount`.
        #[ink(message)]
        pub fn set_fee(&mut self, fee_bps: u16, collector: AccountId) -> Result<(), MarketError> {
            self.check_running()?;
            self.check_administrator()?;
            let (now, delay) = (self.now(), self.governance.delay());
            let event = self.data.set_fee(now, delay, fee_bps, collector)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Sets how many units an order may offer and a fill may take, by rating. An open order
        /// stays as large as it is. Administrator only.
        ///
        /// Events: `LimitsSet`. Errors, first wins: `Paused`, `NotAdministrator`, `InvalidLimits`.
        #[ink(message)]
        pub fn set_limits(&mut self, limits: Limits) -> Result<(), MarketError> {
            self.check_running()?;
            self.check_administrator()?;
            let event = self.data.set_limits(limits)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// An order by number. A view, open to all.
        #[ink(message)]
        pub fn order(&self, id: u64) -> Option<Order> {
            self.data.order(id)
        }

        /// How many orders there are, closed ones included. A view, open to all.
        #[ink(message)]
        pub fn order_count(&self) -> u64 {
            self.data.order_count()
        }

        /// At most `limit` orders with their numbers, and never more than 32, from a number on (they
        /// count from 1). A view, open to all.
        #[ink(message)]
        pub fn orders(&self, from: u64, limit: u32) -> Vec<(u64, Order)> {
            self.data.orders(from, limit)
        }

        /// What `amount` units of an order cost; says nothing about whether the caller may buy
        /// them, or whether the order is past its expiry. A view, open to all.
        ///
        /// Errors, first wins: `UnknownOrder`, `OrderClosed`, `ZeroAmount`, `ExceedsOrder`.
        #[ink(message)]
        pub fn quote(&self, order: u64, amount: u128) -> Result<Quote, MarketError> {
            self.data.quote(order, amount)
        }

        /// How many units an order of `account` may offer and a fill with it may take. A view, open
        /// to all.
        ///
        /// Errors: `CarbonFailed`.
        #[ink(message)]
        pub fn limit_of(&self, account: AccountId) -> Result<u128, MarketError> {
            Ok(self.data.settings().limits.at(rating(self.carbon, account)?))
        }

        /// The fee and who gets it, what both will be and from when on, and the limits. A view, open
        /// to all.
        #[ink(message)]
        pub fn settings(&self) -> Settings {
            self.data.settings()
        }

        /// The contract that holds the units. A view, open to all.
        #[ink(message)]
        pub fn carbon(&self) -> AccountId {
            self.carbon
        }

        /// The contract that answers admission checks. A view, open to all.
        #[ink(message)]
        pub fn participants(&self) -> AccountId {
            self.participants
        }

        /// The token that units are paid in. A view, open to all.
        #[ink(message)]
        pub fn token(&self) -> AccountId {
            self.token
        }

        /// The account that pays for a buyer: that of the key that acts for him now.
        fn payer(&self, buyer: Acting) -> Result<AccountId, MarketError> {
            if buyer.by == buyer.party {
                return Ok(self.env().caller());
            }
            let key = participants::key_of(self.participants, buyer.party)
                .map_err(|_| MarketError::ParticipantsFailed)?;
            Ok(key.unwrap_or(buyer.party))
        }

        fn pay(&self, from: AccountId, to: AccountId, amount: u128) -> Result<(), MarketError> {
            match psp22::transfer_from(self.token, from, to, amount) {
                Ok(Ok(())) => Ok(()),
                Ok(Err(_)) | Err(_) => Err(MarketError::TokenFailed),
            }
        }

        /// Who acts for `party`, the caller being it itself or one of its staff.
        fn acting(&self, party: AccountId) -> Result<Acting, MarketError> {
            let admission = self.admission(party, party)?;
            Acting::check(party, admission.acting, admission.for_subject)
        }

        /// How these two stand, and what the caller may do for them.
        fn admission(
            &self,
            subject: AccountId,
            other: AccountId,
        ) -> Result<Admission, MarketError> {
            participants::admission(self.participants, subject, other, self.env().caller())
                .map_err(|_| MarketError::ParticipantsFailed)
        }

        fn emit_acted(&self, acting: Acting, order: u64) {
            if let Some(event) = acting.acted(order) {
                self.env().emit_event(event);
            }
        }

        fn now(&self) -> Timestamp {
            self.env().block_timestamp()
        }

        fn check_running(&self) -> Result<(), MarketError> {
            if self.governance.is_paused() {
                return Err(MarketError::Paused);
            }
            Ok(())
        }

        fn check_administrator(&self) -> Result<(), MarketError> {
            if !self.governance.is_administrator(self.env().caller()) {
                return Err(MarketError::NotAdministrator);
            }
            Ok(())
        }
    }

    /// The contract that answers carbon's admission checks, which are this contract's, too.
    #[cfg(not(test))]
    fn participants_of(carbon: AccountId) -> Result<AccountId, MarketError> {
        carbon::participants(carbon).map_err(|_| MarketError::CarbonFailed)
    }

    /// No test here can call carbon.
    #[cfg(test)]
    fn participants_of(_: AccountId) -> Result<AccountId, MarketError> {
        Ok(crate::tests::PARTICIPANTS)
    }

    fn rating(carbon: AccountId, account: AccountId) -> Result<u16, MarketError> {
        carbon::rating(carbon, account).map_err(|_| MarketError::CarbonFailed)
    }

    /// What carbon made of its part; the error reverts all of it.
    fn settle(answer: Result<Result<(), EscrowError>, CallFailed>) -> Result<(), MarketError> {
        match answer {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(error.into()),
            Err(CallFailed) => Err(MarketError::CarbonFailed),
        }
    }

    // The trait documents events and errors.
    impl Governed for Market {
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
