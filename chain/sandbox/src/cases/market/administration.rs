//! The fee and the limits.

use assent_interface::market;

use super::super::{Case, call};
use super::{ZERO, case};
use crate::ledger::{COLLECTOR, Limits, REGULATOR, TRADER};

/// The greatest limit: the greatest rating times this fits.
const MOST: u128 = u128::MAX / 1_000;

pub(super) fn cases() -> Vec<Case> {
    [set_fee(), set_limits()].concat()
}

fn set_fee() -> Vec<Case> {
    let case = |error, prepare| case(market::SET_FEE, error, prepare);
    vec![
        case(None, |_, _| call(REGULATOR, (100u16, COLLECTOR))),
        // The most that there may be, and nothing.
        case(None, |_, _| call(REGULATOR, (500u16, COLLECTOR))),
        case(None, |_, _| call(REGULATOR, (0u16, TRADER))),
        case(Some("Paused"), |ledger, contract| {
            ledger.pause(contract);
            call(REGULATOR, (100u16, COLLECTOR))
        }),
        case(Some("Paused"), |ledger, contract| {
            ledger.pause(contract);
            call(TRADER, (501u16, ZERO))
        }),
        case(Some("NotAdministrator"), |_, _| call(TRADER, (100u16, TRADER))),
        case(Some("NotAdministrator"), |_, _| call(COLLECTOR, (501u16, ZERO))),
        case(Some("FeeTooHigh"), |_, _| call(REGULATOR, (501u16, COLLECTOR))),
        case(Some("FeeTooHigh"), |_, _| call(REGULATOR, (u16::MAX, ZERO))),
        case(Some("ZeroAccount"), |_, _| call(REGULATOR, (100u16, ZERO))),
        // Also where there is nothing to collect.
        case(Some("ZeroAccount"), |_, _| call(REGULATOR, (0u16, ZERO))),
    ]
}

fn set_limits() -> Vec<Case> {
    let case = |error, prepare| case(market::SET_LIMITS, error, prepare);
    vec![
        case(None, |_, _| call(REGULATOR, Limits { floor: 5, ceiling: 50 })),
        case(None, |_, _| call(REGULATOR, Limits { floor: 1, ceiling: MOST })),
        // The same for all.
        case(None, |_, _| call(REGULATOR, Limits { floor: MOST, ceiling: MOST })),
        case(Some("Paused"), |ledger, contract| {
            ledger.pause(contract);
            call(REGULATOR, Limits { floor: 5, ceiling: 50 })
        }),
        case(Some("Paused"), |ledger, contract| {
            ledger.pause(contract);
            call(TRADER, Limits { floor: 0, ceiling: 0 })
        }),
        case(Some("NotAdministrator"), |_, _| call(TRADER, Limits { floor: 5, ceiling: 50 })),
        case(Some("NotAdministrator"), |_, _| call(TRADER, Limits { floor: 0, ceiling: 0 })),
        case(Some("InvalidLimits"), |_, _| call(REGULATOR, Limits { floor: 0, ceiling: 50 })),
        case(Some("InvalidLimits"), |_, _| call(REGULATOR, Limits { floor: 51, ceiling: 50 })),
        case(Some("InvalidLimits"), |_, _| call(REGULATOR, Limits { floor: 1, ceiling: MOST + 1 })),
    ]
}
