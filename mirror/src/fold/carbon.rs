//! The carbon registry: classes, projects and batches, who holds units, escrow, and compliance.

mod compliance;
mod escrow;
mod freezes;
mod holdings;
mod registry;
mod settlement;
#[cfg(test)]
mod tests;
mod units;

use assent_events::carbon::Event;
use assent_events::{AccountId, Hash};

use super::{Moment, Stop};
use crate::column::Singleton;
use crate::rows::Rows;
use crate::table::tables;

/// The class of the allowances: its batches belong to periods, those of others to projects.
const ALLOWANCES: i64 = 1;

tables! {
    /// A class of units.
    Current Class in "carbon_classes" [class: i64] {
        issuer: Option<AccountId>,
        metadata: Hash,
        last_serial: u128,
    }

    /// A project, which makes credits of one class.
    Log Project in "carbon_projects" [project: i64] {
        class: i64,
        owner: AccountId,
        metadata: Hash,
    }

    /// A batch with the sums over its holders.
    Current Batch in "carbon_batches" [batch: i64] {
        class: i64,
        project: Option<i64>,
        period: Option<i64>,
        serial_start: u128,
        serial_end: u128,
        vintage_start_ms: u64,
        vintage_end_ms: u64,
        sealed: bool,
        issued: u128,
        tradable: u128,
        escrowed: u128,
        retired: u128,
        surrendered: u128,
        cancelled: u128,
    }

    /// What became of the units of a batch that came to an account.
    Current Balance in "carbon_balances" [batch: i64, owner: AccountId] {
        tradable: u128,
        escrowed: u128,
        retired: u128,
        surrendered: u128,
        cancelled: u128,
    }

    /// How many units of a batch an operator may still move for their owner.
    Current Approval in "carbon_approvals" [owner: AccountId, operator: AccountId, batch: i64] {
        amount: u128,
    }

    /// How many units of an owner an operator holds in escrow.
    Current Escrow in "carbon_escrows" [operator: AccountId, owner: AccountId, batch: i64] {
        amount: u128,
    }

    /// Units that were retired.
    Log Retirement in "carbon_retirements" {
        batch: i64,
        owner: AccountId,
        beneficiary: AccountId,
        amount: u128,
        reason: Hash,
    }

    /// Units that were cancelled.
    Log Cancellation in "carbon_cancellations" {
        batch: i64,
        owner: AccountId,
        amount: u128,
        reason: Hash,
    }

    /// An account that a regulator ever froze.
    Current Account in "carbon_accounts" [account: AccountId] {
        frozen: bool,
        freeze_reason: Option<Hash>,
        frozen_by: Option<AccountId>,
    }

    /// A compliance period.
    Log Period in "carbon_periods" [period: i64] {
        batch: i64,
        start_ms: u64,
        end_ms: u64,
        settle_from_ms: u64,
        cap: u128,
        tariff: u128,
    }

    /// What a missing credit costs in periods as they are set, and who is paid.
    Current Penalty in "carbon_penalty" [singleton: Singleton] {
        tariff: Option<u128>,
        collector: Option<AccountId>,
        next_tariff: Option<u128>,
        next_collector: Option<AccountId>,
        next_from_ms: Option<u64>,
    }

    /// What an account owes for a period, and how that was settled.
    Current Duty in "carbon_duties" [period: i64, account: AccountId] {
        allocated: u128,
        reports: i64,
        reported_at_ms: Option<i64>,
        verified: u128,
        surrendered: u128,
        surrendered_at_ms: Option<i64>,
        settled_at_ms: Option<i64>,
        brought_deficit: Option<u128>,
        brought_surplus: Option<u128>,
        deficit: Option<u128>,
        surplus: Option<u128>,
        timely: Option<bool>,
        penalty: Option<u128>,
        paid_at_ms: Option<i64>,
        payer: Option<AccountId>,
        collector: Option<AccountId>,
    }

    /// A version of a report on emissions.
    Log EmissionReport in "carbon_emission_reports" [period: i64, account: AccountId, version: i64] {
        emissions: u128,
        report: Hash,
        verifier: AccountId,
    }

    /// Allowances that were surrendered.
    Log Surrender in "carbon_surrenders" {
        period: i64,
        batch: i64,
        account: AccountId,
        amount: u128,
    }

    /// What an account's settled periods say of it.
    Current Standing in "carbon_standings" [account: AccountId] {
        next: i64,
        settled: i64,
        compliant: i64,
        timely: i64,
        penalties: i64,
        paid: i64,
        deficit: u128,
        surplus: u128,
        rating: i16,
    }
}

/// An event of the registry.
trait Fold {
    /// Names the rows that it will read.
    fn want(&self, rows: &mut Rows);

    /// Writes what it means.
    fn apply(&self, moment: Moment, rows: &mut Rows) -> Result<(), Stop>;
}

pub(super) fn want(event: &Event, rows: &mut Rows) {
    fold(event).want(rows);
}

pub(super) fn apply(event: &Event, moment: Moment, rows: &mut Rows) -> Result<(), Stop> {
    fold(event).apply(moment, rows)
}

fn fold(event: &Event) -> &dyn Fold {
    match event {
        Event::ClassCreated(event) => event,
        Event::IssuerSet(event) => event,
        Event::ProjectCreated(event) => event,
        Event::BatchCreated(event) => event,
        Event::Issued(event) => event,
        Event::BatchSealed(event) => event,
        Event::Transferred(event) => event,
        Event::OperatorApproved(event) => event,
        Event::Retired(event) => event,
        Event::Cancelled(event) => event,
        Event::Escrowed(event) => event,
        Event::Released(event) => event,
        Event::Delivered(event) => event,
        Event::AccountFrozen(event) => event,
        Event::AccountUnfrozen(event) => event,
        Event::PenaltySet(event) => event,
        Event::PeriodSet(event) => event,
        Event::Allocated(event) => event,
        Event::EmissionsReported(event) => event,
        Event::Surrendered(event) => event,
        Event::PeriodSettled(event) => event,
        Event::PenaltyImposed(event) => event,
        Event::PenaltyPaid(event) => event,
    }
}
