//! What holds in every world, stated without the rules that lead there: on the state, and on what
//! the history says was known when something was done.

/// Fails with the text unless the condition holds.
macro_rules! hold {
    ($condition:expr, $($text:tt)+) => {
        if !$condition {
            return Err(format!($($text)+));
        }
    };
}

mod agreements;
mod carbon;
mod choices;
mod compliance;
mod consent;
mod decisions;
mod emergencies;
mod governance;
mod guardians;
mod mandates;
mod market;
mod participants;
mod reports;
mod rewards;
mod settings;
mod succession;
mod token;

use crate::{Participant, World};

impl World {
    /// Every invariant, over the whole state and history.
    ///
    /// # Errors
    ///
    /// The first invariant that does not hold, in words.
    pub fn check_invariants(&self) -> Result<(), String> {
        self.governance_holds()?;
        self.participants_hold()?;
        self.mandates_hold()?;
        self.guardians_hold()?;
        self.keys_hold()?;
        self.log_holds()?;
        self.outsiders_hold()?;
        self.permits_hold()?;
        self.last_decision_holds()?;
        self.grants_hold()?;
        self.denials_hold()?;
        self.choices_hold()?;
        self.emergencies_hold()?;
        self.proposals_hold()?;
        self.erasures_hold()?;
        self.token_holds()?;
        self.rewards_hold()?;
        self.reports_hold()?;
        self.registry_holds()?;
        self.units_hold()?;
        self.movements_hold()?;
        self.duties_hold()?;
        self.settlements_hold()?;
        self.orders_hold()?;
        self.fills_hold()
    }
}

/// All of them together, if that is an amount.
fn sum(mut amounts: impl Iterator<Item = u128>) -> Option<u128> {
    amounts.try_fold(0_u128, u128::checked_add)
}

/// Whether one of `roles` counts that a participant holds.
fn active(participant: Option<Participant>, roles: u16) -> bool {
    participant.is_some_and(|p| p.roles & roles & !p.suspended != 0)
}

/// The product of two amounts: its upper and its lower half.
fn product(one: u128, other: u128) -> (u128, u128) {
    let halves = |n: u128| (n >> 64, n & u128::from(u64::MAX));
    let ((a, b), (c, d)) = (halves(one), halves(other));
    let ((carried, lowest), (e, f), (g, h)) = (halves(b * d), halves(a * d), halves(b * c));
    let (more, middle) = halves(carried + f + h);
    (a * c + e + g + more, (middle << 64) | lowest)
}

/// Whether `amount` is a thousandth of the product of units and price, rounded up.
fn is_price(amount: u128, units_times_price: (u128, u128)) -> bool {
    let below = amount.checked_sub(1).is_none_or(|less| product(less, 1_000) < units_times_price);
    below && units_times_price <= product(amount, 1_000)
}
