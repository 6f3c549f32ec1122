//! Carbon credits and allowances: constructor, arguments and labels.

use crate::AccountId;
use parity_scale_codec::{Decode, Encode};

/// How many units a credit has: it stands for a tonne of CO2 equivalent, a unit for a kilogram.
pub const UNITS_PER_CREDIT: u128 = 1_000;
/// The class of allowances; the contract comes with it.
pub const ALLOWANCES: u64 = 1;
/// The best rating; the worst is 0.
pub const MAX_RATING: u16 = 1_000;

/// How long things take, milliseconds. Never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Times {
    /// How long a handover of the administrator and a replacement of the code wait.
    pub delay: u64,
    /// From the end of a period until it may be settled, in which it is reported and surrendered for
    /// in time.
    pub compliance: u64,
}

/// What the constructor takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct New<A = AccountId> {
    /// The contract that answers admission checks.
    pub participants: A,
    /// The token that penalties are paid in.
    pub token: A,
    /// How long things take.
    pub times: Times,
}

/// One of the transfers of `transfer_batch`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Item {
    /// The batch.
    pub batch: u64,
    /// Units.
    pub amount: u128,
}

/// `create_class(issuer, metadata) -> u64`
pub const CREATE_CLASS: &str = "create_class";
/// `set_issuer(class, issuer)`
pub const SET_ISSUER: &str = "set_issuer";
/// `create_project(class, owner, metadata) -> u64`
pub const CREATE_PROJECT: &str = "create_project";
/// `create_batch(project, serial_start, serial_end, vintage_start, vintage_end) -> u64`
pub const CREATE_BATCH: &str = "create_batch";
/// `issue(batch, to, amount)`
pub const ISSUE: &str = "issue";
/// `seal_batch(batch)`
pub const SEAL_BATCH: &str = "seal_batch";
/// `transfer(batch, to, amount)`
pub const TRANSFER: &str = "transfer";
/// `transfer_batch(to, items)`
pub const TRANSFER_BATCH: &str = "transfer_batch";
/// `approve(operator, batch, amount)`
pub const APPROVE: &str = "approve";
/// `transfer_from(from, batch, to, amount)`
pub const TRANSFER_FROM: &str = "transfer_from";
/// `retire(batch, amount, reason, beneficiary)`
pub const RETIRE: &str = "retire";
/// `cancel(batch, amount, reason)`
pub const CANCEL: &str = "cancel";
/// `escrow(owner, batch, amount)`
pub const ESCROW: &str = "escrow";
/// `release(owner, batch, amount)`
pub const RELEASE: &str = "release";
/// `deliver(owner, batch, to, amount)`
pub const DELIVER: &str = "deliver";
/// `set_penalty(tariff, collector)`
pub const SET_PENALTY: &str = "set_penalty";
/// `set_period(start, end, cap) -> u64`
pub const SET_PERIOD: &str = "set_period";
/// `allocate(period, account, amount)`
pub const ALLOCATE: &str = "allocate";
/// `report_emissions(period, account, emissions, report)`
pub const REPORT_EMISSIONS: &str = "report_emissions";
/// `surrender(period, batch, amount)`
pub const SURRENDER: &str = "surrender";
/// `settle_period(period, account)`
pub const SETTLE_PERIOD: &str = "settle_period";
/// `pay_penalty(period, account)`
pub const PAY_PENALTY: &str = "pay_penalty";
/// `freeze(account, reason)`
pub const FREEZE: &str = "freeze";
/// `unfreeze(account)`
pub const UNFREEZE: &str = "unfreeze";
