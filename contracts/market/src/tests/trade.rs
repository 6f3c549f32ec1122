//! Who acts for a seller or a buyer.

use super::*;
use crate::trade::{check_sides, Acting};
use assent_events::{market::StaffActed, power};
use assent_traits::participants::Agency;

/// What a mandate with these powers lets one do.
fn with(powers: u16) -> Agency {
    Agency { powers, until: NOW + 1, person: Some([1; 32]) }
}

#[test]
fn one_trades_for_himself_or_by_a_mandate_to_trade() {
    let own = Acting::check(SELLER, Some(SELLER), Agency::OWN).unwrap();
    assert_eq!(own.acted(1), None, "the event names him");
    let staff = Acting::check(SELLER, Some(OTHER), with(power::TRADE)).unwrap();
    assert_eq!(staff.acted(7), Some(StaffActed { party: SELLER, by: OTHER, order: 7 }));
    assert!(Acting::check(SELLER, Some(OTHER), with(power::ALL)).is_ok());

    for powers in [0, power::ALL & !power::TRADE, power::GUARDIAN] {
        let refused = Acting::check(SELLER, Some(OTHER), with(powers));
        assert_eq!(refused, Err(Error::NotAuthorized), "{powers}");
    }
    let replaced = Acting::check(SELLER, None, with(power::TRADE));
    assert_eq!(replaced, Err(Error::NotAuthorized), "whose key was replaced is nobody");
}

#[test]
fn nobody_buys_of_one_for_whom_he_may_trade() {
    assert_eq!(check_sides(Agency::OWN), Err(Error::SelfTrade));
    assert_eq!(check_sides(with(power::TRADE)), Err(Error::SelfTrade));
    assert_eq!(check_sides(with(power::ALL & !power::TRADE | power::GUARDIAN)), Ok(()));
    assert_eq!(check_sides(Agency::default()), Ok(()));
}
