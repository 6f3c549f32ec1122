//! Messages of rewards.

use crate::{Account, Tariff};
use parity_scale_codec::Encode;

/// Messages of rewards.
#[derive(Debug, Clone, PartialEq, Eq, Encode)]
pub enum RewardsMessage {
    /// `set_consent(consent)`
    SetConsent(Account),
    /// `set_tariff(purpose, tariff)`
    SetTariff(u8, Tariff),
    /// `set_sponsor(purpose, sponsor)`
    SetSponsor(u8, Option<Account>),
    /// `sponsor(purpose, amount, cap)`
    Sponsor(u8, u128, u128),
    /// `withdraw_pot(purpose, amount)`
    WithdrawPot(u8, u128),
    /// `fund(requester, amount)`
    Fund(Account, u128),
    /// `withdraw_budget(amount)`
    WithdrawBudget(u128),
    /// `accrue(owner, requester, purpose, access)`
    Accrue(Account, Account, u8, u64),
    /// `withdraw()`
    Withdraw,
    /// `withdraw_to(to)`
    WithdrawTo(Account),
}

impl RewardsMessage {
    pub(super) fn label(&self) -> &'static str {
        use assent_interface::rewards as labels;
        match self {
            Self::SetConsent(..) => labels::SET_CONSENT,
            Self::SetTariff(..) => labels::SET_TARIFF,
            Self::SetSponsor(..) => labels::SET_SPONSOR,
            Self::Sponsor(..) => labels::SPONSOR,
            Self::WithdrawPot(..) => labels::WITHDRAW_POT,
            Self::Fund(..) => labels::FUND,
            Self::WithdrawBudget(..) => labels::WITHDRAW_BUDGET,
            Self::Accrue(..) => labels::ACCRUE,
            Self::Withdraw => labels::WITHDRAW,
            Self::WithdrawTo(..) => labels::WITHDRAW_TO,
        }
    }
}
