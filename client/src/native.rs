//! The chain's own currency: what pays for transactions, and for what contracts store.
//!
//! Amounts are written in whole units, of which each has 10^12 base units; the chain counts in base
//! units.

use std::fmt;
use std::str::FromStr;

/// Decimals of a unit.
const DECIMALS: usize = 12;

/// Base units in a unit.
pub const UNIT: u128 = 1_000_000_000_000;

/// What an account must have to exist: a thousandth of a unit. The chain refuses to give a new
/// account less.
pub const EXISTENTIAL_DEPOSIT: u128 = UNIT / 1_000;

/// An amount of the chain's own currency; read and written in units, such as `10` or `0.25`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount {
    base_units: u128,
}

/// Why a text is not an amount; reads as "the amount …".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// Not digits with at most one point.
    #[error("the amount is not a number of units: give digits, such as 10 or 0.25")]
    Form,
    /// More decimals than the currency has.
    #[error("the amount has more than 12 decimals: a unit has 10^12 base units")]
    Decimals,
    /// More than the chain can count.
    #[error(
        "the amount is more than the chain can hold: at most 340282366920938463463374607 units"
    )]
    TooLarge,
}

impl Amount {
    /// An amount in base units.
    #[must_use]
    pub const fn from_base_units(base_units: u128) -> Self {
        Self { base_units }
    }

    /// The amount in base units, as the chain counts.
    #[must_use]
    pub const fn base_units(self) -> u128 {
        self.base_units
    }
}

impl FromStr for Amount {
    type Err = AmountError;

    fn from_str(text: &str) -> Result<Self, AmountError> {
        let (whole, decimals) = match text.split_once('.') {
            // `1.` and `.5` are more likely slips than amounts.
            Some((whole, decimals)) if !decimals.is_empty() => (whole, decimals),
            Some(_) => return Err(AmountError::Form),
            None => (text, ""),
        };
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(decimals) {
            return Err(AmountError::Form);
        }
        if decimals.len() > DECIMALS {
            return Err(AmountError::Decimals);
        }
        // All are digits, so that the only error is that there are too many.
        let number = |text: &str| text.parse::<u128>().map_err(|_| AmountError::TooLarge);
        let whole = number(whole)?.checked_mul(UNIT).ok_or(AmountError::TooLarge)?;
        let decimals = number(&format!("{decimals:0<DECIMALS$}"))?;
        whole.checked_add(decimals).map(Self::from_base_units).ok_or(AmountError::TooLarge)
    }
}

/// Without zeros at the end: what is printed can be given again.
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, decimals) = (self.base_units / UNIT, self.base_units % UNIT);
        let text = format!("{whole}.{decimals:0DECIMALS$}");
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

#[cfg(feature = "online")]
pub use self::online::transfer;

#[cfg(feature = "online")]
mod online {
    use subxt_signer::sr25519::Keypair;

    use super::Amount;
    use crate::Account;
    use crate::chain::Chain;
    use crate::contract::CallError;
    use crate::submit;

    /// Gives an account some of the signer's balance and waits until it is final; gives the block.
    /// The signer's account is never emptied by it.
    ///
    /// Transfers of one signer may run at the same time on clones of one [`Chain`].
    ///
    /// # Errors
    /// [`CallError::Balance`] when the signer has too little, [`CallError::TooSmall`] when a new
    /// account would get less than it needs to exist; otherwise as the variants say.
    pub async fn transfer(
        chain: &Chain,
        signer: &Keypair,
        to: Account,
        amount: Amount,
    ) -> Result<u64, CallError> {
        let base_units = amount.base_units();
        if base_units < super::EXISTENTIAL_DEPOSIT && chain.free_balance(&to).await? == 0 {
            return Err(CallError::TooSmall { to, amount });
        }
        let done = submit::transfer(chain, signer, to, base_units).await?;
        tracing::info!(%to, %amount, block_number = done.block_number, "Gave an account funds");
        Ok(done.block_number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_read_in_units_and_printed_as_it_can_be_given_again() {
        for (text, base_units) in [
            ("10", 10 * UNIT),
            ("0.25", UNIT / 4),
            ("0", 0),
            ("0.000000000001", 1),
            ("007.5", 7 * UNIT + UNIT / 2),
            ("340282366920938463463374607.431768211455", u128::MAX),
        ] {
            let amount: Amount = text.parse().unwrap();
            assert_eq!(amount.base_units(), base_units, "{text}");
            assert_eq!(amount.to_string().parse(), Ok(amount), "{text}");
        }
        let printed = |base_units| Amount::from_base_units(base_units).to_string();
        assert_eq!(printed(0), "0");
        assert_eq!(printed(10 * UNIT), "10");
        assert_eq!(printed(EXISTENTIAL_DEPOSIT), "0.001");
        assert_eq!(printed(100 * UNIT + 1), "100.000000000001");
    }

    #[test]
    fn what_is_no_amount_is_refused_with_its_form() {
        for text in
            ["", ".", "1.", ".5", "1,5", "-1", "+1", "1e3", "0x10", " 1", "1_000", "1.2.3", "١"]
        {
            assert_eq!(text.parse::<Amount>(), Err(AmountError::Form), "{text}");
        }
        assert_eq!("0.0000000000001".parse::<Amount>(), Err(AmountError::Decimals));
        for text in [
            "340282366920938463463374607.431768211456",
            "340282366920938463463374608",
            "999999999999999999999999999999999999999999",
        ] {
            assert_eq!(text.parse::<Amount>(), Err(AmountError::TooLarge), "{text}");
        }
    }
}
