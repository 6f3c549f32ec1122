//! Messages of carbon.

use crate::{Account, Hash, Item};
use parity_scale_codec::Encode;

/// Messages of carbon.
#[derive(Debug, Clone, PartialEq, Eq, Encode)]
pub enum CarbonMessage {
    /// `create_class(issuer, metadata)`
    CreateClass(Account, Hash),
    /// `set_issuer(class, issuer)`
    SetIssuer(u64, Account),
    /// `create_project(class, owner, metadata)`
    CreateProject(u64, Account, Hash),
    /// `create_batch(project, serial_start, serial_end, vintage_start, vintage_end)`
    CreateBatch(u64, u128, u128, u64, u64),
    /// `issue(batch, to, amount)`
    Issue(u64, Account, u128),
    /// `seal_batch(batch)`
    SealBatch(u64),
    /// `transfer(batch, to, amount)`
    Transfer(u64, Account, u128),
    /// `transfer_batch(to, items)`
    TransferBatch(Account, Vec<Item>),
    /// `approve(operator, batch, amount)`
    Approve(Account, u64, u128),
    /// `transfer_from(from, batch, to, amount)`
    TransferFrom(Account, u64, Account, u128),
    /// `retire(batch, amount, reason, beneficiary)`
    Retire(u64, u128, Hash, Account),
    /// `cancel(batch, amount, reason)`
    Cancel(u64, u128, Hash),
    /// `escrow(owner, batch, amount)`
    Escrow(Account, u64, u128),
    /// `release(owner, batch, amount)`
    Release(Account, u64, u128),
    /// `deliver(owner, batch, to, amount)`
    Deliver(Account, u64, Account, u128),
    /// `set_penalty(tariff, collector)`
    SetPenalty(u128, Account),
    /// `set_period(start, end, cap)`
    SetPeriod(u64, u64, u128),
    /// `allocate(period, account, amount)`
    Allocate(u64, Account, u128),
    /// `report_emissions(period, account, emissions, report)`
    ReportEmissions(u64, Account, u128, Hash),
    /// `surrender(period, batch, amount)`
    Surrender(u64, u64, u128),
    /// `settle_period(period, account)`
    SettlePeriod(u64, Account),
    /// `pay_penalty(period, account)`
    PayPenalty(u64, Account),
    /// `freeze(account, reason)`
    Freeze(Account, Hash),
    /// `unfreeze(account)`
    Unfreeze(Account),
}

impl CarbonMessage {
    pub(super) fn label(&self) -> &'static str {
        use assent_interface::carbon as labels;
        match self {
            Self::CreateClass(..) => labels::CREATE_CLASS,
            Self::SetIssuer(..) => labels::SET_ISSUER,
            Self::CreateProject(..) => labels::CREATE_PROJECT,
            Self::CreateBatch(..) => labels::CREATE_BATCH,
            Self::Issue(..) => labels::ISSUE,
            Self::SealBatch(..) => labels::SEAL_BATCH,
            Self::Transfer(..) => labels::TRANSFER,
            Self::TransferBatch(..) => labels::TRANSFER_BATCH,
            Self::Approve(..) => labels::APPROVE,
            Self::TransferFrom(..) => labels::TRANSFER_FROM,
            Self::Retire(..) => labels::RETIRE,
            Self::Cancel(..) => labels::CANCEL,
            Self::Escrow(..) => labels::ESCROW,
            Self::Release(..) => labels::RELEASE,
            Self::Deliver(..) => labels::DELIVER,
            Self::SetPenalty(..) => labels::SET_PENALTY,
            Self::SetPeriod(..) => labels::SET_PERIOD,
            Self::Allocate(..) => labels::ALLOCATE,
            Self::ReportEmissions(..) => labels::REPORT_EMISSIONS,
            Self::Surrender(..) => labels::SURRENDER,
            Self::SettlePeriod(..) => labels::SETTLE_PERIOD,
            Self::PayPenalty(..) => labels::PAY_PENALTY,
            Self::Freeze(..) => labels::FREEZE,
            Self::Unfreeze(..) => labels::UNFREEZE,
        }
    }
}
