//! Carbon credits and allowances: a registry of batches with serial numbers, what accounts hold of
//! them, and what emitters owe for what they emitted.
//!
//! One credit stands for a tonne of CO2 equivalent and has 1,000 units; each unit has one serial
//! number of its class. Allowances are the units of class 1, whose batches belong to compliance
//! periods; credits are the units of the other classes, whose batches belong to projects.
//!
//! Invariants: what was issued of a batch is tradable, in escrow, retired, surrendered or cancelled,
//! in all and as the sum of its accounts, and is no more than the batch has serial numbers; serial
//! ranges of a class never overlap, each starts after the last serial number of the class; what is
//! retired, surrendered or cancelled stays so; an operator moves no more of an owner's units than
//! that owner approved; what is in escrow leaves only back to its owner or by delivery, by the
//! operator that holds it; a penalty never erases a deficit: what an account lacks or has left over
//! is always all that it surrendered less all that was verified, over the periods that were settled;
//! a rating follows from recorded history alone.
//!
//! Whose units, duties and rating they are is who was admitted, whichever key acts for him now; a key that was
//! replaced acts for nobody, but gives back what it holds in escrow, and takes back an approval while the
//! participants contract gives no answer. No member of a staff and no guardian moves, retires or
//! surrenders units: there is no power to do so.
//!
//! A pause blocks all but what takes something out of the market or gives it back: `seal_batch`,
//! `retire`, `cancel`, `release`, `surrender`, `pay_penalty`, `freeze`, an `approve` of nothing, and
//! the messages of the government; it blocks no view.
#![cfg_attr(not(feature = "std"), no_std, no_main)]
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

pub mod compliance;
pub mod data;
pub mod errors;
pub mod escrow;
pub mod freezes;
pub mod holdings;
pub mod rating;
pub mod registry;
#[cfg(test)]
mod tests;
pub mod types;

#[ink::contract]
mod carbon {
    use crate::compliance::{Allocation, NewReport};
    use crate::data::{Data, SCHEMA_VERSION};
    use crate::errors::CarbonError;
    use crate::registry::NewBatch;
    use crate::types::{
        Batch, Class, Counts, Duty, Holding, Item, Penalty, Period, Project, Report,
        Standing as EmitterStanding, Times, Totals,
    };
    use assent_events::{role, Hash as Hash32};
    use assent_governance::{upgrade, Governance, GovernanceError, Governed, Scheduled, State};
    use assent_traits::{
        carbon::EscrowError,
        participants::{self, Admission, Standing},
        psp22,
    };
    use ink::prelude::vec::Vec;

    /// The contract's storage; the rules are in [`crate::data`] and in the modules that it names.
    #[ink(storage)]
    pub struct Carbon {
        participants: AccountId,
        token: AccountId,
        data: Data,
        governance: Governance,
    }

    impl Carbon {
        /// Starts with the class of allowances and the caller as administrator. `participants` is the
        /// contract that answers admission checks, `token` the PSP22 contract that penalties are
        /// paid in.
        ///
        /// Events: `ClassCreated`. Errors: `InvalidTimes`.
        #[ink(constructor)]
        pub fn new(
            participants: AccountId,
            token: AccountId,
            times: Times,
        ) -> Result<Self, CarbonError> {
            let governance = Governance::new(Self::env().caller(), times.delay)
                .map_err(|_| CarbonError::InvalidTimes)?;
            let (data, created) = Data::new(times)?;
            Self::env().emit_event(created);
            Ok(Self { participants, token, data, governance })
        }

        /// Creates a class of credits, in which `issuer`, an active participant, makes projects and
        /// batches and issues; gives its number. `metadata` commits to the documents of the standard
        /// behind it. Active regulators only.
        ///
        /// Events: `ClassCreated`. Errors, first wins: `Paused`, `ParticipantsFailed`, `Replaced`,
        /// `NotRegulator`, `NotAdmitted`, `TooMany`.
        #[ink(message)]
        pub fn create_class(
            &mut self,
            issuer: AccountId,
            metadata: Hash32,
        ) -> Result<u64, CarbonError> {
            self.check_running()?;
            let (_, by, of) = self.asked(issuer)?;
            let (regulator, admitted) = (by.has(role::REGULATOR), of.has(role::ALL));
            let event = self.data.create_class(regulator, admitted, issuer, metadata)?;
            let number = event.class;
            self.env().emit_event(event);
            Ok(number)
        }

        /// Names another issuer of a class of credits, an active participant. Active regulators only.
        ///
        /// Events: `IssuerSet`. Errors, first wins: `Paused`, `ParticipantsFailed`, `Replaced`,
        /// `NotRegulator`, `UnknownClass`, `AllowanceClass`, `AlreadyIssuer`, `NotAdmitted`.
        #[ink(message)]
        pub fn set_issuer(&mut self, class: u64, issuer: AccountId) -> Result<(), CarbonError> {
            self.check_running()?;
            let (caller, by, of) = self.asked(issuer)?;
            let (regulator, admitted) = (by.has(role::REGULATOR), of.has(role::ALL));
            let event = self.data.set_issuer(caller, regulator, admitted, class, issuer)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Registers a project of a class, which `owner`, an active participant, runs; gives its
        /// number. `metadata` commits to its documents. The issuer of the class, while he is active.
        ///
        /// Events: `ProjectCreated`. Errors, first wins: `Paused`, `ParticipantsFailed`, `Replaced`,
        /// `UnknownClass`, `NotIssuer` (also for the class of allowances), `NotAdmitted` (the issuer or the
        /// owner), `TooMany`.
        #[ink(message)]
        pub fn create_project(
            &mut self,
            class: u64,
            owner: AccountId,
            metadata: Hash32,
        ) -> Result<u64, CarbonError> {
            self.check_running()?;
            let (caller, by, of) = self.asked(owner)?;
            let admitted = are_admitted(by, of);
            let event = self.data.create_project(caller, admitted, class, owner, metadata)?;
            let number = event.project;
            self.env().emit_event(event);
            Ok(number)
        }

        /// Creates a batch of a project, without units; gives its number. Its serial numbers, both
        /// ends included, come after all that the class has; its vintage is in ms since 1970, the end
        /// excluded. The issuer of the project's class, while he is active.
        ///
        /// Events: `BatchCreated`. Errors, first wins: `Paused`, `ParticipantsFailed`, `Replaced`,
        /// `UnknownProject`, `NotIssuer`, `NotAdmitted`, `InvalidRange`, `InvalidVintage`, `SerialsTaken`,
        /// `TooMany`.
        #[ink(message)]
        pub fn create_batch(
            &mut self,
            project: u64,
            serial_start: u128,
            serial_end: u128,
            vintage_start: u64,
            vintage_end: u64,
        ) -> Result<u64, CarbonError> {
            self.check_running()?;
            let (caller, by) = self.asking()?;
            let new = NewBatch { project, serial_start, serial_end, vintage_start, vintage_end };
            let event = self.data.create_batch(caller, are_admitted(by, by), new)?;
            let number = event.batch;
            self.env().emit_event(event);
            Ok(number)
        }

        /// Issues `amount` units of a batch to `to`, an active participant. The issuer of the batch's
        /// class, while he is active.
        ///
        /// Events: `Issued`. Errors, first wins: `Paused`, `ParticipantsFailed`, `Replaced`,
        /// `UnknownBatch`, `NotIssuer` (also for allowances), `NotAdmitted` (the issuer or `to`),
        /// `ZeroAmount`, `BatchSealed`, `Frozen` (`to`), `RangeExceeded`.
        #[ink(message)]
        pub fn issue(
            &mut self,
            batch: u64,
            to: AccountId,
            amount: u128,
        ) -> Result<(), CarbonError> {
            self.check_running()?;
            let (caller, by, of) = self.asked(to)?;
            let admitted = are_admitted(by, of);
            let event = self.data.issue(caller, admitted, batch, to, amount)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Ends the issuing of a batch for good. The issuer of the batch's class, while he is active.
        /// Open in a pause.
        ///
        /// Events: `BatchSealed`. Errors, first wins: `ParticipantsFailed`, `Replaced`, `UnknownBatch`,
        /// `NotIssuer`, `NotAdmitted`, `BatchSealed`.
        #[ink(message)]
        pub fn seal_batch(&mut self, batch: u64) -> Result<(), CarbonError> {
            let (caller, by) = self.asking()?;
            let event = self.data.seal_batch(caller, are_admitted(by, by), batch)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Moves `amount` tradable units of the caller to `to`; both are active participants.
        ///
        /// Events: `Transferred`. Errors, first wins: `Paused`, `ParticipantsFailed`, `Replaced`,
        /// `NotAdmitted` (either), `ZeroAmount`, `SelfTransfer`, `Frozen` (either), `UnknownBatch`,
        /// `InsufficientBalance`.
        #[ink(message)]
        pub fn transfer(
            &mut self,
            batch: u64,
            to: AccountId,
            amount: u128,
        ) -> Result<(), CarbonError> {
            self.check_running()?;
            let (caller, by, of) = self.asked(to)?;
            let admitted = are_admitted(by, of);
            let event = self.data.transfer(caller, admitted, batch, to, amount)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// As `transfer` for each of 1 to 16 items, in order, all of them or none.
        ///
        /// Events: `Transferred` for each. Errors, first wins: `Paused`, `ParticipantsFailed`, `Replaced`,
        /// `BatchSize`, `NotAdmitted` (either); then for the first item that has one `ZeroAmount`,
        /// `SelfTransfer`, `Frozen` (either), `UnknownBatch`, `InsufficientBalance`.
        #[ink(message)]
        pub fn transfer_batch(
            &mut self,
            to: AccountId,
            items: Vec<Item>,
        ) -> Result<(), CarbonError> {
            self.check_running()?;
            let (caller, by, of) = self.asked(to)?;
            let admitted = are_admitted(by, of);
            for event in self.data.transfer_batch(caller, admitted, to, &items)? {
                self.env().emit_event(event);
            }
            Ok(())
        }

        /// Lets `operator` move `amount` units of a batch for the caller, wherever to; replaces what
        /// he may still move. Anyone, for himself. With an amount of 0, open in a pause.
        ///
        /// Events: `OperatorApproved`. Errors, first wins: `Paused`, `ParticipantsFailed` (not with an
        /// amount of 0), `Replaced`, `SelfApproval`, `UnknownBatch`.
        #[ink(message)]
        pub fn approve(
            &mut self,
            operator: AccountId,
            batch: u64,
            amount: u128,
        ) -> Result<(), CarbonError> {
            if amount > 0 {
                self.check_running()?;
            }
            let caller = self.env().caller();
            let owner = match self.acting() {
                // What takes back waits for no other contract.
                Err(CarbonError::ParticipantsFailed) if amount == 0 => caller,
                answer => answer?,
            };
            let event = self.data.approve(owner, operator, batch, amount)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Moves `amount` tradable units of `from` to `to`; both are active participants. An operator
        /// that `from` approved for so many, whether a participant or not.
        ///
        /// Events: `OperatorApproved` with what he may still move, `Transferred`. Errors, first wins:
        /// `Paused`, `ParticipantsFailed`, `Replaced`, `NotAdmitted` (`from` or `to`), `ZeroAmount`,
        /// `SelfTransfer`, `Frozen` (`from`, `to` or the operator), `UnknownBatch`, `NotApproved`,
        /// `InsufficientBalance`.
        #[ink(message)]
        pub fn transfer_from(
            &mut self,
            from: AccountId,
            batch: u64,
            to: AccountId,
            amount: u128,
        ) -> Result<(), CarbonError> {
            self.check_running()?;
            let admission = self.admission(from, to)?;
            let caller = admission.acting.ok_or(CarbonError::Replaced)?;
            let admitted = are_admitted(admission.subject, admission.other);
            let (approved, transferred) =
                self.data.transfer_from(caller, admitted, from, batch, to, amount)?;
            self.env().emit_event(approved);
            self.env().emit_event(transferred);
            Ok(())
        }

        /// Retires tradable units of the caller for good, for a claim of `beneficiary`; `reason` is a
        /// salted commitment to what they offset. Any holder, also when suspended. Open in a pause.
        ///
        /// Events: `Retired`. Errors, first wins: `ParticipantsFailed`, `Replaced`, `ZeroAmount`, `Frozen`,
        /// `UnknownBatch`, `InsufficientBalance`.
        #[ink(message)]
        pub fn retire(
            &mut self,
            batch: u64,
            amount: u128,
            reason: Hash32,
            beneficiary: AccountId,
        ) -> Result<(), CarbonError> {
            let caller = self.acting()?;
            let event = self.data.retire(caller, batch, amount, reason, beneficiary)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Takes tradable units of the caller out for good, for no claim; `reason` is a salted
        /// commitment. Any holder, also when suspended. Open in a pause.
        ///
        /// Events: `Cancelled`. Errors, first wins: `ParticipantsFailed`, `Replaced`, `ZeroAmount`,
        /// `Frozen`, `UnknownBatch`, `InsufficientBalance`.
        #[ink(message)]
        pub fn cancel(
            &mut self,
            batch: u64,
            amount: u128,
            reason: Hash32,
        ) -> Result<(), CarbonError> {
            let event = self.data.cancel(self.acting()?, batch, amount, reason)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Puts `amount` tradable units of `owner`, an active participant, in escrow, where the
        /// caller holds them. An operator that `owner` approved for so many, whether a participant or
        /// not.
        ///
        /// Events: `OperatorApproved` with what he may still move, `Escrowed`. Errors, first wins:
        /// `Paused`, `ParticipantsFailed`, `NotApproved` (the operator's key was replaced), `NotAdmitted`,
        /// `ZeroAmount`, `Frozen` (the owner or the operator), `UnknownBatch`, `NotApproved`,
        /// `InsufficientBalance`.
        #[ink(message)]
        pub fn escrow(
            &mut self,
            owner: AccountId,
            batch: u64,
            amount: u128,
        ) -> Result<(), EscrowError> {
            self.check_escrow_running()?;
            let asked = self.admission(owner, owner);
            let admission = asked.map_err(|_| EscrowError::ParticipantsFailed)?;
            // A key that was replaced is nobody's, and nobody is approved for anything.
            let caller = admission.acting.ok_or(EscrowError::NotApproved)?;
            let admitted = are_admitted(admission.subject, admission.subject);
            let (approved, escrowed) = self.data.escrow(caller, admitted, owner, batch, amount)?;
            self.env().emit_event(approved);
            self.env().emit_event(escrowed);
            Ok(())
        }

        /// Gives units back to `owner` that the caller holds in escrow; they are tradable again,
        /// whoever is frozen or suspended. The operator that holds them. Open in a pause.
        ///
        /// Events: `Released`. Errors, first wins: `ZeroAmount`, `InsufficientEscrow`.
        #[ink(message)]
        pub fn release(
            &mut self,
            owner: AccountId,
            batch: u64,
            amount: u128,
        ) -> Result<(), EscrowError> {
            // A contract is asked nothing: what it holds it holds as itself.
            let mut caller = self.env().caller();
            if self.data.escrow_of(caller, owner, batch) < amount {
                caller = self.acting().unwrap_or(caller);
            }
            let event = self.data.release(caller, owner, batch, amount)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Makes units of `owner` that the caller holds in escrow tradable units of `to`; both are
        /// active participants. The operator that holds them.
        ///
        /// Events: `Delivered`. Errors, first wins: `Paused`, `ParticipantsFailed`, `InsufficientEscrow`
        /// (the operator's key was replaced), `NotAdmitted` (the owner or `to`), `ZeroAmount`,
        /// `SelfTransfer`, `Frozen` (the owner, `to` or the operator), `InsufficientEscrow`.
        #[ink(message)]
        pub fn deliver(
            &mut self,
            owner: AccountId,
            batch: u64,
            to: AccountId,
            amount: u128,
        ) -> Result<(), EscrowError> {
            self.check_escrow_running()?;
            let asked = self.admission(owner, to);
            let admission = asked.map_err(|_| EscrowError::ParticipantsFailed)?;
            let caller = admission.acting.ok_or(EscrowError::InsufficientEscrow)?;
            let admitted = are_admitted(admission.subject, admission.other);
            let event = self.data.deliver(caller, admitted, owner, batch, to, amount)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Sets what a missing credit, of 1,000 units, costs in token base units, for periods that
        /// are set when the delay is over, and who is paid, from then on; replaces what was set and
        /// has not taken effect. Administrator only.
        ///
        /// Events: `PenaltySet`. Errors, first wins: `Paused`, `NotAdministrator`, `ZeroAmount` (the
        /// tariff), `ZeroAccount` (the collector).
        #[ink(message)]
        pub fn set_penalty(
            &mut self,
            tariff: u128,
            collector: AccountId,
        ) -> Result<(), CarbonError> {
            self.check_running()?;
            let (caller, now) = (self.env().caller(), self.now());
            if !self.governance.is_administrator(caller) {
                return Err(CarbonError::NotAdministrator);
            }
            let event = self.data.set_penalty(now, tariff, collector)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Opens the next compliance period, which ends before the moment `end`, both in ms since
        /// 1970, with a batch of at most `cap` allowances; gives its number. It may be settled
        /// `compliance` ms after its end. Active regulators only.
        ///
        /// Events: `BatchCreated`, `PeriodSet`. Errors, first wins: `Paused`, `ParticipantsFailed`,
        /// `Replaced`, `NotRegulator`, `NoTariff`, `InvalidPeriod`, `ZeroAmount` (the cap),
        /// `SerialsExhausted`, `TooMany`.
        #[ink(message)]
        pub fn set_period(&mut self, start: u64, end: u64, cap: u128) -> Result<u64, CarbonError> {
            self.check_running()?;
            let (_, by) = self.asking()?;
            let (now, regulator) = (self.now(), by.has(role::REGULATOR));
            let (created, set) = self.data.set_period(now, regulator, start, end, cap)?;
            let number = set.period;
            self.env().emit_event(created);
            self.env().emit_event(set);
            Ok(number)
        }

        /// Issues `amount` allowances of a period to `account`, an active emitter, who takes part
        /// from this period on, if he does not already. Active regulators only.
        ///
        /// Events: `Issued`, `Allocated`. Errors, first wins: `Paused`, `ParticipantsFailed`, `Replaced`,
        /// `NotRegulator`, `NotEmitter`, `UnknownPeriod`, `ZeroAmount`, `TooLate`, `Frozen`, `CapExceeded`.
        #[ink(message)]
        pub fn allocate(
            &mut self,
            period: u64,
            account: AccountId,
            amount: u128,
        ) -> Result<(), CarbonError> {
            self.check_running()?;
            let (caller, by, of) = self.asked(account)?;
            let now = self.now();
            let regulator = by.has(role::REGULATOR);
            let emitter = of.has(role::EMITTER);
            let new = Allocation { period, account, amount };
            let (issued, allocated) = self.data.allocate(caller, now, regulator, emitter, new)?;
            self.env().emit_event(issued);
            self.env().emit_event(allocated);
            Ok(())
        }

        /// Puts on record what `account`, an emitter who is active or took part before, emitted in a
        /// period, in units; a later version corrects the ones before. `report` commits to the
        /// verified report. Active verifiers only, on others.
        ///
        /// Events: `EmissionsReported`. Errors, first wins: `Paused`, `ParticipantsFailed`, `Replaced`,
        /// `NotVerifier`, `OwnReport`, `UnknownPeriod`, `TooEarly` (the period is not over), `NotEmitter`,
        /// `AlreadySettled`, `TooLarge` (2^64 or more), `TooMany`.
        #[ink(message)]
        pub fn report_emissions(
            &mut self,
            period: u64,
            account: AccountId,
            emissions: u128,
            report: Hash32,
        ) -> Result<(), CarbonError> {
            self.check_running()?;
            let (caller, by, of) = self.asked(account)?;
            let now = self.now();
            let verifier = by.has(role::VERIFIER);
            let emitter = of.has(role::EMITTER);
            let new = NewReport { period, account, emissions, report };
            let event = self.data.report_emissions(caller, now, verifier, emitter, new)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Uses tradable allowances of the caller, of this period or an earlier one, to cover what he
        /// emitted in a period, for good. An emitter who is active or took part before, also when he
        /// is suspended or frozen. Open in a pause.
        ///
        /// Events: `Surrendered`. Errors, first wins: `ParticipantsFailed`, `Replaced`, `ZeroAmount`,
        /// `UnknownPeriod`, `NotEmitter`, `AlreadySettled`, `UnknownBatch`, `NotAllowance`, `FuturePeriod`,
        /// `InsufficientBalance`.
        #[ink(message)]
        pub fn surrender(
            &mut self,
            period: u64,
            batch: u64,
            amount: u128,
        ) -> Result<(), CarbonError> {
            let (caller, by) = self.asking()?;
            let (now, emitter) = (self.now(), by.has(role::EMITTER));
            let event = self.data.surrender(caller, now, emitter, period, batch, amount)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Settles a period for an account, its next one, and gives the deficit in units. What is
        /// missing or left over goes on into the period after it; what is missing costs the period's
        /// tariff, and stays missing when that is paid. Anyone may call.
        ///
        /// Events: `PeriodSettled`, and with a deficit `PenaltyImposed`. Errors, first wins: `Paused`,
        /// `UnknownPeriod`, `NotEmitter` (it never took part), `AlreadySettled`, `NotNext`,
        /// `TooEarly`, `NotReported`.
        #[ink(message)]
        pub fn settle_period(
            &mut self,
            period: u64,
            account: AccountId,
        ) -> Result<u128, CarbonError> {
            self.check_running()?;
            let now = self.env().block_timestamp();
            let (settled, imposed) = self.data.settle_period(now, period, account)?;
            let deficit = settled.deficit;
            self.env().emit_event(settled);
            if let Some(imposed) = imposed {
                self.env().emit_event(imposed);
            }
            Ok(deficit)
        }

        /// Pays the penalty of an account for a period to the collector, all of it, from what the
        /// caller allowed this contract on the token. Anyone but the collector and his keys. Open in a pause.
        ///
        /// Events: `PenaltyPaid`, and those of the token. Errors, first wins: `NoPenalty`,
        /// `AlreadyPaid`, `ParticipantsFailed`, `SelfPayment`, `TokenFailed`.
        #[ink(message)]
        pub fn pay_penalty(&mut self, period: u64, account: AccountId) -> Result<(), CarbonError> {
            let (caller, now) = (self.env().caller(), self.now());
            let participants = self.participants;
            let key = |account| {
                participants::key_of(participants, account).map(|key| key.unwrap_or(account))
            };
            let is_his = |collector| Ok(key(caller)? == key(collector)?);
            let event = self.data.pay_penalty(caller, now, period, account, is_his)?;
            let (collector, amount) = (event.collector, event.amount);
            self.env().emit_event(event);
            match psp22::transfer_from(self.token, caller, collector, amount) {
                Ok(Ok(())) => Ok(()),
                Ok(Err(_)) | Err(_) => Err(CarbonError::TokenFailed),
            }
        }

        /// Stops `account` from moving, receiving, retiring and cancelling units and from acting as an
        /// operator; it may still surrender. `reason` is a salted commitment. Active regulators only.
        /// Open in a pause.
        ///
        /// Events: `AccountFrozen`. Errors, first wins: `ParticipantsFailed`, `Replaced`, `NotRegulator`,
        /// `ZeroAccount`, `AlreadyFrozen`.
        #[ink(message)]
        pub fn freeze(&mut self, account: AccountId, reason: Hash32) -> Result<(), CarbonError> {
            let (caller, by) = self.asking()?;
            let regulator = by.has(role::REGULATOR);
            let event = self.data.freeze(caller, regulator, account, reason)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Ends the freeze of `account`. Active regulators only.
        ///
        /// Events: `AccountUnfrozen`. Errors, first wins: `Paused`, `ParticipantsFailed`, `Replaced`,
        /// `NotRegulator`, `NotFrozen`.
        #[ink(message)]
        pub fn unfreeze(&mut self, account: AccountId) -> Result<(), CarbonError> {
            self.check_running()?;
            let (caller, by) = self.asking()?;
            let regulator = by.has(role::REGULATOR);
            let event = self.data.unfreeze(caller, regulator, account)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// A class by number. A view, open to all.
        #[ink(message)]
        pub fn class(&self, class: u64) -> Option<Class> {
            self.data.class(class)
        }

        /// A project by number. A view, open to all.
        #[ink(message)]
        pub fn project(&self, project: u64) -> Option<Project> {
            self.data.project(project)
        }

        /// A batch by number. A view, open to all.
        #[ink(message)]
        pub fn batch(&self, batch: u64) -> Option<Batch> {
            self.data.batch(batch)
        }

        /// What was issued of a batch and became of it. A view, open to all.
        #[ink(message)]
        pub fn totals(&self, batch: u64) -> Totals {
            self.data.totals(batch)
        }

        /// What `owner` has of a batch. A view, open to all.
        #[ink(message)]
        pub fn balance_of(&self, batch: u64, owner: AccountId) -> Holding {
            self.data.balance_of(batch, owner)
        }

        /// How many units of a batch `operator` may still move for `owner`. A view, open to all.
        #[ink(message)]
        pub fn approval(&self, owner: AccountId, operator: AccountId, batch: u64) -> u128 {
            self.data.approval(owner, operator, batch)
        }

        /// How many units of a batch `operator` holds in escrow for `owner`. A view, open to all.
        #[ink(message)]
        pub fn escrow_of(&self, operator: AccountId, owner: AccountId, batch: u64) -> u128 {
            self.data.escrow_of(operator, owner, batch)
        }

        /// Whether `account` is frozen. A view, open to all.
        #[ink(message)]
        pub fn is_frozen(&self, account: AccountId) -> bool {
            self.data.is_frozen(account)
        }

        /// What missing units cost, if that was said. A view, open to all.
        #[ink(message)]
        pub fn penalty(&self) -> Scheduled<Option<Penalty>> {
            self.data.penalty()
        }

        /// A compliance period by number. A view, open to all.
        #[ink(message)]
        pub fn period(&self, period: u64) -> Option<Period> {
            self.data.period(period)
        }

        /// What an account has to do for a period, and did. A view, open to all.
        #[ink(message)]
        pub fn duty(&self, period: u64, account: AccountId) -> Duty {
            self.data.duty(period, account)
        }

        /// A version, from 1, of the report on what an account emitted in a period. A view, open to
        /// all.
        #[ink(message)]
        pub fn report(&self, period: u64, account: AccountId, version: u32) -> Option<Report> {
            self.data.report(period, account, version)
        }

        /// Where an emitter stands. A view, open to all.
        #[ink(message)]
        pub fn standing(&self, account: AccountId) -> EmitterStanding {
            self.data.standing(account)
        }

        /// The rating of an account, 0 to 1,000: 500 when nothing was settled for it; else 600 times
        /// the share of its settled periods that were covered, 250 times the share of those that were
        /// reported and covered in time, and 150 times the share of its penalties that it paid (150
        /// when it had none), each rounded down. A view, open to all.
        #[ink(message)]
        pub fn rating(&self, account: AccountId) -> u16 {
            self.data.rating(account)
        }

        /// The ratings of two accounts. A view, open to all.
        #[ink(message)]
        pub fn ratings(&self, first: AccountId, second: AccountId) -> (u16, u16) {
            (self.data.rating(first), self.data.rating(second))
        }

        /// How many classes, projects, batches and periods there are. A view, open to all.
        #[ink(message)]
        pub fn counts(&self) -> Counts {
            self.data.counts()
        }

        /// The contract that answers admission checks. A view, open to all.
        #[ink(message)]
        pub fn participants(&self) -> AccountId {
            self.participants
        }

        /// The token that penalties are paid in. A view, open to all.
        #[ink(message)]
        pub fn token(&self) -> AccountId {
            self.token
        }

        /// How long things take. A view, open to all.
        #[ink(message)]
        pub fn times(&self) -> Times {
            self.data.times()
        }

        fn now(&self) -> Timestamp {
            self.env().block_timestamp()
        }

        fn check_running(&self) -> Result<(), CarbonError> {
            if self.governance.is_paused() {
                return Err(CarbonError::Paused);
            }
            Ok(())
        }

        /// The same, for the messages that the market calls.
        fn check_escrow_running(&self) -> Result<(), EscrowError> {
            self.check_running().map_err(|_| EscrowError::Paused)
        }

        /// As whom the caller acts, and how he and `other` stand.
        fn asked(&self, other: AccountId) -> Result<(AccountId, Standing, Standing), CarbonError> {
            let admission = self.admission(other, other)?;
            let acting = admission.acting.ok_or(CarbonError::Replaced)?;
            Ok((acting, admission.caller, admission.other))
        }

        /// As whom the caller acts, and how he stands.
        fn asking(&self) -> Result<(AccountId, Standing), CarbonError> {
            let (acting, stands, _) = self.asked(self.env().caller())?;
            Ok((acting, stands))
        }

        /// As whom the caller acts, however he stands.
        fn acting(&self) -> Result<AccountId, CarbonError> {
            participants::subject_of(self.participants, self.env().caller())?
                .ok_or(CarbonError::Replaced)
        }

        /// How these two and the caller stand.
        fn admission(
            &self,
            subject: AccountId,
            other: AccountId,
        ) -> Result<Admission, CarbonError> {
            let caller = self.env().caller();
            Ok(participants::admission(self.participants, subject, other, caller)?)
        }
    }

    /// Whether both are active.
    fn are_admitted(one: Standing, other: Standing) -> bool {
        one.has(role::ALL) && other.has(role::ALL)
    }

    // The trait documents events and errors.
    impl Governed for Carbon {
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
            let (caller, now) = (self.env().caller(), self.now());
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
            let (caller, now) = (self.env().caller(), self.now());
            let event = self.governance.accept_handover(caller, now, true)?;
            self.env().emit_event(event);
            Ok(())
        }

        #[ink(message)]
        fn announce_upgrade(&mut self, code_hash: Hash32) -> Result<(), GovernanceError> {
            let (caller, now) = (self.env().caller(), self.now());
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
            let (caller, now) = (self.env().caller(), self.now());
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
