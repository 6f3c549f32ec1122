//! What contracts may be instantiated with.

use std::sync::Arc;

use assent_interface::{carbon, governance::Scheduled, market};
use assent_sandbox::ledger::{Class, Counts, Fee, LIMITS, Ledger, REGULATOR, Settings};
use assent_sandbox::{Bundle, Sandbox};
use parity_scale_codec::Encode;

const DAY: u64 = 24 * 60 * 60 * 1_000;
/// The shortest delay of a handover and of a replacement of the code.
const MIN_DELAY: u64 = 1_000;
/// The longest one.
const MAX_DELAY: u64 = 90 * DAY;
/// The longest that a broken glass stays open.
const MAX_WINDOW: u64 = 7 * DAY;
/// The longest until a review is overdue.
const MAX_REVIEW: u64 = 90 * DAY;
/// The longest that a provider waits after a patient closed his window.
const MAX_COOLDOWN: u64 = DAY;
/// The longest that a requester has to answer a request for erasure.
const MAX_ANSWER: u64 = 92 * DAY;
/// The longest period in which an owner earns once.
const MAX_PERIOD: u64 = 366 * DAY;
/// The longest from the end of a compliance period until it may be settled.
const MAX_COMPLIANCE: u64 = 366 * DAY;

const SOME: [u8; 32] = [9; 32];

/// Instantiates a contract on a chain of its own; gives the error that it was refused with.
fn refusal(name: &str, arguments: &impl Encode) -> Option<String> {
    let mut sandbox = Sandbox::new();
    sandbox.endow(&[REGULATOR]);
    let bundle = Arc::new(Bundle::committed(name));
    sandbox.instantiate(REGULATOR, &bundle, arguments).err()
}

fn refused(error: &str) -> Option<String> {
    Some(format!("Refused({error:?})"))
}

#[test]
fn a_delay_is_at_least_a_second_and_at_most_90_days() {
    for (delay, error) in [
        (0, refused("InvalidDelay")),
        (MIN_DELAY - 1, refused("InvalidDelay")),
        (MIN_DELAY, None),
        (MAX_DELAY, None),
        (MAX_DELAY + 1, refused("InvalidDelay")),
        (u64::MAX, refused("InvalidDelay")),
    ] {
        assert_eq!(refusal("participants", &delay), error, "participants, {delay} ms");
        assert_eq!(refusal("rewards", &(SOME, SOME, delay, 1u64)), error, "rewards, {delay} ms");
        assert_eq!(refusal("reports", &(SOME, delay, SOME)), error, "reports, {delay} ms");
        let token = (SOME, None::<String>, None::<String>, 6u8, None::<u128>, delay);
        assert_eq!(refusal("token", &token), error, "token, {delay} ms");
    }
}

#[test]
fn the_period_in_which_an_owner_earns_once_has_bounds() {
    for (period, error) in [
        (0, refused("InvalidPeriod")),
        (1, None),
        (MAX_PERIOD, None),
        (MAX_PERIOD + 1, refused("InvalidPeriod")),
        (u64::MAX, refused("InvalidPeriod")),
    ] {
        assert_eq!(refusal("rewards", &(SOME, SOME, MIN_DELAY, period)), error, "{period} ms");
    }
    let both = (SOME, SOME, 0u64, 0u64);
    assert_eq!(refusal("rewards", &both), refused("InvalidDelay"));
}

#[test]
fn the_times_of_an_emergency_have_bounds() {
    let out_of_bounds = refused("InvalidTimes");
    for (delay, window, review, error) in [
        // The delay is that of the government.
        (MIN_DELAY, 1, 1, None),
        (MIN_DELAY - 1, 1, 1, out_of_bounds.clone()),
        (MAX_DELAY, 1, 1, None),
        (MAX_DELAY + 1, 1, 1, out_of_bounds.clone()),
        (u64::MAX, 1, 1, out_of_bounds.clone()),
        // The window is at least a moment and at most 7 days.
        (MIN_DELAY, 0, 1, out_of_bounds.clone()),
        (MIN_DELAY, 0, 0, out_of_bounds.clone()),
        (MIN_DELAY, MAX_WINDOW, MAX_WINDOW, None),
        (MIN_DELAY, MAX_WINDOW + 1, MAX_REVIEW, out_of_bounds.clone()),
        (MIN_DELAY, u64::MAX, u64::MAX, out_of_bounds.clone()),
        // The review is due when the window is over, or later, and after at most 90 days.
        (MIN_DELAY, 2, 1, out_of_bounds.clone()),
        (MIN_DELAY, MAX_WINDOW, MAX_WINDOW - 1, out_of_bounds.clone()),
        (MIN_DELAY, 1, MAX_REVIEW, None),
        (MIN_DELAY, MAX_WINDOW, MAX_REVIEW, None),
        (MIN_DELAY, 1, MAX_REVIEW + 1, out_of_bounds.clone()),
        (MIN_DELAY, 1, u64::MAX, out_of_bounds),
    ] {
        let times = (delay, window, review, 0u64);
        assert_eq!(refusal("consent", &(SOME, SOME, times, SOME)), error, "{times:?}");
    }
    for (cooldown, error) in [
        (MAX_COOLDOWN, None),
        (MAX_COOLDOWN + 1, refused("InvalidTimes")),
        (u64::MAX, refused("InvalidTimes")),
    ] {
        let times = (MIN_DELAY, 1u64, 1u64, cooldown);
        assert_eq!(refusal("consent", &(SOME, SOME, times, SOME)), error, "{times:?}");
    }
}

#[test]
fn the_time_to_answer_a_request_for_erasure_has_bounds() {
    let out_of_bounds = refused("InvalidTimes");
    for (delay, answer, error) in [
        // The delay is that of the government.
        (MIN_DELAY, 1, None),
        (MIN_DELAY - 1, 1, out_of_bounds.clone()),
        (MAX_DELAY, MAX_ANSWER, None),
        (MAX_DELAY + 1, 1, out_of_bounds.clone()),
        (u64::MAX, 1, out_of_bounds.clone()),
        // The answer is due a moment after the request, or later, and after at most 92 days.
        (MIN_DELAY, 0, out_of_bounds.clone()),
        (MIN_DELAY, MAX_ANSWER, None),
        (MIN_DELAY, MAX_ANSWER + 1, out_of_bounds.clone()),
        (MIN_DELAY, u64::MAX, out_of_bounds),
    ] {
        let times = (delay, answer);
        assert_eq!(refusal("agreements", &(SOME, SOME, times)), error, "{times:?}");
    }
}

#[test]
fn the_labels_of_a_token_have_bounds_and_so_has_its_cap() {
    let label = |length: usize| Some("x".repeat(length));
    let too_late = MAX_DELAY + 1;
    for (name, symbol, cap, delay, error) in [
        (None, None, None, MIN_DELAY, None),
        (label(64), label(64), Some(1), MIN_DELAY, None),
        (label(0), label(0), Some(u128::MAX), MIN_DELAY, None),
        (label(65), label(65), Some(0), too_late, refused("NameTooLong")),
        (label(64), label(65), Some(0), too_late, refused("SymbolTooLong")),
        (label(64), label(64), Some(0), too_late, refused("ZeroCap")),
        (label(64), label(64), Some(1), too_late, refused("InvalidDelay")),
    ] {
        assert_eq!(refusal("token", &(SOME, name, symbol, 6u8, cap, delay)), error);
    }
}

#[test]
fn the_times_of_a_carbon_contract_have_bounds() {
    let out_of_bounds = refused("InvalidTimes");
    for (delay, compliance, error) in [
        // The delay is that of the government.
        (MIN_DELAY, 1, None),
        (MIN_DELAY - 1, 1, out_of_bounds.clone()),
        (MAX_DELAY, MAX_COMPLIANCE, None),
        (MAX_DELAY + 1, 1, out_of_bounds.clone()),
        (u64::MAX, 1, out_of_bounds.clone()),
        // The time for reports and surrenders is at least a moment and at most 366 days.
        (MIN_DELAY, 0, out_of_bounds.clone()),
        (MIN_DELAY, MAX_COMPLIANCE, None),
        (MIN_DELAY, MAX_COMPLIANCE + 1, out_of_bounds.clone()),
        (MIN_DELAY, u64::MAX, out_of_bounds),
    ] {
        let times = (delay, compliance);
        assert_eq!(refusal("carbon", &(SOME, SOME, times)), error, "{times:?}");
    }
}

#[test]
fn the_limits_of_a_market_have_bounds() {
    const MOST: u128 = u128::MAX / 1_000;
    let out_of_bounds = refused("InvalidLimits");
    for (floor, ceiling, delay, error) in [
        // What is at that address holds no units, and is asked last.
        (1, 1, MIN_DELAY, refused("CarbonFailed")),
        (1, MOST, MAX_DELAY, refused("CarbonFailed")),
        (MOST, MOST, MIN_DELAY, refused("CarbonFailed")),
        (0, 1, MIN_DELAY, out_of_bounds.clone()),
        (0, 0, MIN_DELAY, out_of_bounds.clone()),
        (2, 1, MIN_DELAY, out_of_bounds.clone()),
        (1, MOST + 1, MIN_DELAY, out_of_bounds.clone()),
        (u128::MAX, u128::MAX, MIN_DELAY, out_of_bounds.clone()),
        (1, 1, MIN_DELAY - 1, refused("InvalidDelay")),
        (1, 1, MAX_DELAY + 1, refused("InvalidDelay")),
        (1, 1, u64::MAX, refused("InvalidDelay")),
        (0, 1, u64::MAX, out_of_bounds),
    ] {
        let limits = (floor, ceiling);
        assert_eq!(refusal("market", &(SOME, SOME, limits, delay)), error, "{limits:?}, {delay}");
    }
}

#[test]
fn a_carbon_contract_begins_with_the_class_of_allowances() {
    let mut ledger = Ledger::bare();
    let counts: Counts = ledger.view("carbon", carbon::COUNTS, &());
    assert_eq!(counts, Counts { classes: 1, projects: 0, batches: 0, periods: 0 });
    let class: Option<Class> = ledger.view("carbon", carbon::CLASS, &1u64);
    assert_eq!(class, Some(Class { issuer: None, metadata: [0; 32], last_serial: 0 }));
}

#[test]
fn a_market_begins_without_orders_and_without_a_fee() {
    let mut ledger = Ledger::bare();
    assert_eq!(ledger.view::<u64>("market", market::ORDER_COUNT, &()), 0);
    let settings: Settings = ledger.view("market", market::SETTINGS, &());
    let fee = Scheduled { value: Fee { fee_bps: 0, collector: REGULATOR }, next: None };
    assert_eq!(settings, Settings { fee, limits: LIMITS });
}

#[test]
fn contracts_are_made_of_sound_arguments_only() {
    // Times or limits cut short: the constructor cannot read them.
    for name in ["consent", "agreements", "carbon", "market"] {
        let error = refusal(name, &(SOME, SOME, 1u64)).expect("it is refused");
        assert!(!error.starts_with("Refused"), "{name}: {error}");
    }
}
