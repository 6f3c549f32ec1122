//! Values of rewards.

pub use assent_interface::rewards::{Statement, Tariff, Times as RewardsTimes, Totals};

use super::Account;
use parity_scale_codec::{Decode, Encode};

/// What a sponsor pays of the accesses for a purpose.
pub type Pot = assent_interface::rewards::Pot<Account>;

/// What an access comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum Accrual {
    /// Its owner is owed this much.
    Earned(u128),
    /// There is nothing to earn, or not again so soon.
    Nothing,
    /// Nobody pays, and nobody has to.
    Unfunded,
    /// Nobody pays, though somebody has to.
    Declined,
}
