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

labels! {
    /// `create_class(issuer, metadata) -> u64`
    CREATE_CLASS = "create_class";
    /// `set_issuer(class, issuer)`
    SET_ISSUER = "set_issuer";
    /// `create_project(class, owner, metadata) -> u64`
    CREATE_PROJECT = "create_project";
    /// `create_batch(project, serial_start, serial_end, vintage_start, vintage_end) -> u64`
    CREATE_BATCH = "create_batch";
    /// `issue(batch, to, amount)`
    ISSUE = "issue";
    /// `seal_batch(batch)`
    SEAL_BATCH = "seal_batch";
    /// `transfer(batch, to, amount)`
    TRANSFER = "transfer";
    /// `transfer_batch(to, items)`
    TRANSFER_BATCH = "transfer_batch";
    /// `approve(operator, batch, amount)`
    APPROVE = "approve";
    /// `transfer_from(from, batch, to, amount)`
    TRANSFER_FROM = "transfer_from";
    /// `retire(batch, amount, reason, beneficiary)`
    RETIRE = "retire";
    /// `cancel(batch, amount, reason)`
    CANCEL = "cancel";
    /// `escrow(owner, batch, amount)`
    ESCROW = "escrow";
    /// `release(owner, batch, amount)`
    RELEASE = "release";
    /// `deliver(owner, batch, to, amount)`
    DELIVER = "deliver";
    /// `set_penalty(tariff, collector)`
    SET_PENALTY = "set_penalty";
    /// `set_period(start, end, cap) -> u64`
    SET_PERIOD = "set_period";
    /// `allocate(period, account, amount)`
    ALLOCATE = "allocate";
    /// `report_emissions(period, account, emissions, report)`
    REPORT_EMISSIONS = "report_emissions";
    /// `surrender(period, batch, amount)`
    SURRENDER = "surrender";
    /// `settle_period(period, account) -> u128`
    SETTLE_PERIOD = "settle_period";
    /// `pay_penalty(period, account)`
    PAY_PENALTY = "pay_penalty";
    /// `freeze(account, reason)`
    FREEZE = "freeze";
    /// `unfreeze(account)`
    UNFREEZE = "unfreeze";
    /// `class(class) -> Option<Class>`, a view.
    CLASS = "class";
    /// `project(project) -> Option<Project>`, a view.
    PROJECT = "project";
    /// `batch(batch) -> Option<Batch>`, a view.
    BATCH = "batch";
    /// `totals(batch) -> Totals`, a view.
    TOTALS = "totals";
    /// `balance_of(batch, owner) -> Holding`, a view.
    BALANCE_OF = "balance_of";
    /// `approval(owner, operator, batch) -> u128`, a view.
    APPROVAL = "approval";
    /// `escrow_of(operator, owner, batch) -> u128`, a view.
    ESCROW_OF = "escrow_of";
    /// `is_frozen(account) -> bool`, a view.
    IS_FROZEN = "is_frozen";
    /// `penalty() -> Option<Penalty>`, a view.
    PENALTY = "penalty";
    /// `period(period) -> Option<Period>`, a view.
    PERIOD = "period";
    /// `duty(period, account) -> Duty`, a view.
    DUTY = "duty";
    /// `report(period, account, version) -> Option<Report>`, a view.
    REPORT = "report";
    /// `standing(account) -> Standing`, a view.
    STANDING = "standing";
    /// `rating(account) -> u16`, a view.
    RATING = "rating";
    /// `ratings(first, second) -> (u16, u16)`, a view.
    RATINGS = "ratings";
    /// `counts() -> Counts`, a view.
    COUNTS = "counts";
    /// `participants() -> AccountId`, a view.
    PARTICIPANTS = "participants";
    /// `token() -> AccountId`, a view.
    TOKEN = "token";
    /// `times() -> Times`, a view.
    TIMES = "times";
}
