//! Periods, allowances, reports, surrenders.

use super::*;
use crate::compliance::MAX_EMISSIONS;

const ALLOCATION: Allocation = Allocation { period: 1, account: ALICE, amount: 100 };
const REPORT: NewReport = NewReport { period: 1, account: ALICE, emissions: 70, report: [6; 32] };

#[ink::test]
fn a_period_has_the_tariff_of_its_time() {
    let mut data = data();
    for (tariff, collector, error) in [
        (0, ZERO, Error::ZeroAmount),
        (0, COLLECTOR, Error::ZeroAmount),
        (1, ZERO, Error::ZeroAccount),
    ] {
        assert_eq!(data.set_penalty(0, tariff, collector), Err(error));
    }
    assert_eq!(data.penalty(), Scheduled::now(None), "a refusal writes nothing");
    let event = data.set_penalty(0, 7, BOB).unwrap();
    assert_eq!(event, PenaltySet { tariff: 7, collector: BOB, from: SET });
    assert_eq!(data.set_period(SET - 1, true, 0, 1, 1), Err(Error::NoTariff), "not yet");
    let (_, first) = data.set_period(SET, true, 0, 1, 1).unwrap();
    data.set_penalty(SET, u128::MAX, COLLECTOR).unwrap();
    let (_, second) = data.set_period(2 * SET - 1, true, 1, 2, 1).unwrap();
    let (_, third) = data.set_period(2 * SET, true, 2, 3, 1).unwrap();
    assert_eq!((first.tariff, second.tariff, third.tariff), (7, 7, u128::MAX));
    assert_eq!(data.period(1).unwrap().tariff, 7);
    let value = Some(Penalty { tariff: 7, collector: BOB });
    let next =
        Next { value: Some(Penalty { tariff: u128::MAX, collector: COLLECTOR }), from: 2 * SET };
    assert_eq!(data.penalty(), Scheduled { value, next: Some(next) });
}

#[ink::test]
fn a_penalty_that_is_to_come_is_replaced() {
    let mut data = data();
    data.set_penalty(0, 7, BOB).unwrap();
    data.set_penalty(SET - 1, 8, COLLECTOR).unwrap();
    assert_eq!(data.set_period(SET, true, 0, 1, 1), Err(Error::NoTariff));
    let (_, set) = data.set_period(2 * SET - 1, true, 0, 1, 1).unwrap();
    assert_eq!(set.tariff, 8);
}

#[ink::test]
fn a_period_comes_with_its_batch() {
    let mut data = periods();
    // After a gap.
    let (created, set) = data.set_period(SET, true, 9_000, 9_500, 7).unwrap();
    let batch = BatchCreated {
        batch: 4,
        class: ALLOWANCES,
        project: None,
        serial_start: 30_001,
        serial_end: 30_007,
        vintage_start: 9_000,
        vintage_end: 9_500,
    };
    assert_eq!(created, batch);
    let event = PeriodSet {
        period: 4,
        batch: 4,
        start: 9_000,
        end: 9_500,
        settle_from: 9_500 + COMPLIANCE,
        cap: 7,
        tariff: TARIFF,
    };
    assert_eq!(set, event);
    let period =
        Period { batch: 4, start: 9_000, end: 9_500, settle_from: 9_600, cap: 7, tariff: TARIFF };
    assert_eq!(data.period(4), Some(period));
    let batch = Batch {
        class: ALLOWANCES,
        project: None,
        period: Some(4),
        serial_start: 30_001,
        serial_end: 30_007,
        vintage_start: 9_000,
        vintage_end: 9_500,
        sealed: false,
    };
    assert_eq!(data.batch(4), Some(batch));
    assert_eq!(data.class(ALLOWANCES).unwrap().last_serial, 30_007);
    assert_eq!(data.counts(), Counts { classes: 1, projects: 0, batches: 4, periods: 4 });

    // The numbers of batches are those of all classes together.
    data.create_class(true, true, ISSUER, [1; 32]).unwrap();
    data.create_project(ISSUER, true, 2, BOB, [1; 32]).unwrap();
    assert_eq!(data.create_batch(ISSUER, true, new_batch(1, 1)).unwrap().batch, 5);
    let (created, set) = data.set_period(SET, true, 9_500, 9_501, 1).unwrap();
    assert_eq!((set.period, set.batch, created.batch), (5, 6, 6));
}

#[ink::test]
fn periods_refuse_in_order() {
    let mut data = data();
    let end = u64::MAX - COMPLIANCE;
    let refused = |data: &mut Data, regulator: bool, start, end, cap, error| {
        assert_eq!(data.set_period(SET, regulator, start, end, cap), Err(error));
    };
    refused(&mut data, false, 5, 5, 0, Error::NotRegulator);
    refused(&mut data, true, 5, 5, 0, Error::NoTariff);
    data.set_penalty(0, TARIFF, COLLECTOR).unwrap();
    refused(&mut data, true, 5, 5, 0, Error::InvalidPeriod);
    refused(&mut data, true, 5, 4, 0, Error::InvalidPeriod);
    refused(&mut data, true, 5, end + 1, 0, Error::InvalidPeriod);
    refused(&mut data, true, 5, end, 0, Error::ZeroAmount);
    data.set_period(SET, true, 5, 6, u128::MAX - 10).unwrap();
    refused(&mut data, true, 5, 7, 0, Error::InvalidPeriod);
    refused(&mut data, true, 6, 7, 0, Error::ZeroAmount);
    refused(&mut data, true, 6, 7, 11, Error::SerialsExhausted);
    let counts = data.counts();
    data.counts.set(&Counts { batches: u64::MAX, ..counts });
    refused(&mut data, true, 6, 7, 10, Error::TooMany);
    data.counts.set(&counts);
    data.set_period(SET, true, 6, 7, 10).unwrap();
    assert_eq!(data.batch(2).unwrap().serial_end, u128::MAX);
    refused(&mut data, true, 7, 8, 1, Error::SerialsExhausted);
    data.counts.set(&Counts { periods: u64::MAX, ..counts });
    refused(&mut data, true, 7, 8, 1, Error::SerialsExhausted);
    data.classes.insert(ALLOWANCES, &Class { last_serial: 0, ..data.class(ALLOWANCES).unwrap() });
    refused(&mut data, true, 7, 8, 1, Error::TooMany);
}

#[ink::test]
fn allowances_are_issued_to_emitters() {
    let mut data = periods();
    let events = data.allocate(REGULATOR, settle_from(1) - 1, true, true, ALLOCATION).unwrap();
    let issued = Issued { batch: 1, to: ALICE, amount: 100 };
    let given = Allocated { period: 1, account: ALICE, amount: 100, by: REGULATOR };
    assert_eq!(events, (issued, given));
    allocated(&mut data, 1, ALICE, 1);
    assert_eq!(data.duty(1, ALICE), Duty { allocated: 101, ..Duty::default() });
    assert_eq!(data.balance_of(1, ALICE), Holding { tradable: 101, ..Holding::default() });
    assert_eq!(data.standing(ALICE), Standing { next: Some(1), ..Standing::default() });
    assert_eq!(data.standing(BOB), Standing::default());
    assert_balanced(&data, 1);
    // They are units as others are.
    data.transfer(ALICE, true, 1, BOB, 1).unwrap();
    assert_eq!(data.duty(1, BOB), Duty::default());
    assert_eq!(data.standing(BOB).next, None, "who buys allowances owes none");
}

#[ink::test]
fn allocations_refuse_in_order() {
    let mut data = periods();
    data.frozen.insert(BOB, &());
    let late = settle_from(1);
    let wrong = Allocation { period: 9, account: BOB, amount: 0 };
    let mut refused = |now, regulator: bool, emitter: bool, new, error| {
        assert_eq!(data.allocate(REGULATOR, now, regulator, emitter, new), Err(error));
    };
    refused(late, false, false, wrong, Error::NotRegulator);
    refused(late, true, false, wrong, Error::NotEmitter);
    refused(late, true, true, wrong, Error::UnknownPeriod);
    refused(late, true, true, Allocation { period: 1, ..wrong }, Error::ZeroAmount);
    let wrong = Allocation { period: 1, amount: 10_001, ..wrong };
    refused(late, true, true, wrong, Error::TooLate);
    refused(0, true, true, wrong, Error::Frozen);
    refused(0, true, true, Allocation { account: ALICE, ..wrong }, Error::CapExceeded);
    allocated(&mut data, 1, ALICE, 10_000);
    let more = data.allocate(REGULATOR, 0, true, true, Allocation { amount: 1, ..ALLOCATION });
    assert_eq!(more, Err(Error::CapExceeded));
    assert_eq!(data.standing(BOB), Standing::default());
}

#[ink::test]
fn a_later_report_corrects_an_earlier_one() {
    let mut data = periods();
    let event = data.report_emissions(VERIFIER, 1_000, true, true, REPORT).unwrap();
    let expected = EmissionsReported {
        period: 1,
        account: ALICE,
        verifier: VERIFIER,
        version: 1,
        emissions: 70,
        report: [6; 32],
    };
    assert_eq!(event, expected);
    let corrected = NewReport { emissions: MAX_EMISSIONS, report: [7; 32], ..REPORT };
    // He takes part now, so that it does not matter whether he is an emitter still.
    let event = data.report_emissions(CAROL, 5_000, true, false, corrected).unwrap();
    assert_eq!((event.version, event.verifier), (2, CAROL));
    let duty =
        Duty { reports: 2, reported_at: Some(1_000), verified: MAX_EMISSIONS, ..Duty::default() };
    assert_eq!(data.duty(1, ALICE), duty);
    let first = Report { emissions: 70, report: [6; 32], verifier: VERIFIER, at: 1_000 };
    assert_eq!(data.report(1, ALICE, 1), Some(first));
    let second = Report { emissions: MAX_EMISSIONS, report: [7; 32], verifier: CAROL, at: 5_000 };
    assert_eq!(data.report(1, ALICE, 2), Some(second));
    for (period, account, version) in [(1, ALICE, 0), (1, ALICE, 3), (2, ALICE, 1), (1, BOB, 1)] {
        assert_eq!(data.report(period, account, version), None);
    }
    let none = NewReport { emissions: 0, ..REPORT };
    data.report_emissions(VERIFIER, 6_000, true, false, none).unwrap();
    assert_eq!(data.duty(1, ALICE).verified, 0);
}

#[ink::test]
fn reports_refuse_in_order() {
    let mut data = periods();
    let wrong = NewReport { period: 9, account: VERIFIER, emissions: MAX_EMISSIONS + 1, ..REPORT };
    let refused = |data: &mut Data, now, verifier: bool, emitter: bool, new: NewReport, error| {
        assert_eq!(data.report_emissions(VERIFIER, now, verifier, emitter, new), Err(error));
    };
    refused(&mut data, 0, false, false, wrong, Error::NotVerifier);
    refused(&mut data, 0, true, false, wrong, Error::OwnReport);
    let wrong = NewReport { account: ALICE, ..wrong };
    refused(&mut data, 0, true, false, wrong, Error::UnknownPeriod);
    let wrong = NewReport { period: 1, ..wrong };
    refused(&mut data, 999, true, false, wrong, Error::TooEarly);
    refused(&mut data, 1_000, true, false, wrong, Error::NotEmitter);
    refused(&mut data, 1_000, true, true, wrong, Error::TooLarge);
    assert_eq!(data.standing(ALICE).next, None, "a refusal writes nothing");

    data.duties.insert((2, ALICE), &Duty { reports: u32::MAX, ..Duty::default() });
    let second = NewReport { period: 2, ..REPORT };
    refused(&mut data, 2_000, true, true, second, Error::TooMany);
    reported(&mut data, 1, ALICE, 0);
    data.settle_period(settle_from(1), 1, ALICE).unwrap();
    refused(&mut data, 5_000, true, false, wrong, Error::AlreadySettled);
}

#[ink::test]
fn allowances_of_the_period_or_earlier_ones_are_surrendered() {
    let mut data = periods();
    allocated(&mut data, 1, ALICE, 50);
    allocated(&mut data, 2, ALICE, 30);
    let event = data.surrender(ALICE, 1_500, false, 2, 1, 20).unwrap();
    assert_eq!(event, Surrendered { period: 2, batch: 1, account: ALICE, amount: 20 });
    data.surrender(ALICE, 1_600, false, 2, 2, 30).unwrap();
    let duty =
        Duty { allocated: 30, surrendered: 50, surrendered_at: Some(1_600), ..Duty::default() };
    assert_eq!(data.duty(2, ALICE), duty);
    assert_eq!(data.duty(1, ALICE), Duty { allocated: 50, ..Duty::default() });
    let holding = Holding { tradable: 30, surrendered: 20, ..Holding::default() };
    assert_eq!(data.balance_of(1, ALICE), holding);
    assert_eq!(data.totals(1), Totals { issued: 50, surrendered: 20, ..Totals::default() });
    assert_balanced(&data, 1);
    assert_balanced(&data, 2);
    let future = data.surrender(ALICE, 1_600, false, 1, 2, 1);
    assert_eq!(future, Err(Error::FuturePeriod));
}

#[ink::test]
fn surrenders_refuse_in_order() {
    let mut data = periods();
    data.create_class(true, true, ISSUER, [1; 32]).unwrap();
    data.create_project(ISSUER, true, 2, CAROL, [2; 32]).unwrap();
    data.create_batch(ISSUER, true, new_batch(1, 1_000)).unwrap();
    data.issue(ISSUER, true, 4, ALICE, 10).unwrap();
    let refused = |data: &mut Data, emitter: bool, period, batch, amount, error| {
        let result = data.surrender(ALICE, 1_500, emitter, period, batch, amount);
        assert_eq!(result, Err(error));
    };
    refused(&mut data, false, 9, 9, 0, Error::ZeroAmount);
    refused(&mut data, false, 9, 9, 1, Error::UnknownPeriod);
    refused(&mut data, false, 1, 9, 1, Error::NotEmitter);
    refused(&mut data, true, 1, 9, 1, Error::UnknownBatch);
    refused(&mut data, true, 1, 4, 1, Error::NotAllowance);
    refused(&mut data, true, 1, 2, 1, Error::FuturePeriod);
    refused(&mut data, true, 1, 1, 1, Error::InsufficientBalance);
    assert_eq!(data.standing(ALICE).next, None, "a refusal writes nothing");
    reported(&mut data, 1, ALICE, 0);
    data.settle_period(settle_from(1), 1, ALICE).unwrap();
    refused(&mut data, false, 1, 9, 1, Error::AlreadySettled);
    refused(&mut data, false, 2, 9, 1, Error::UnknownBatch);
}

#[ink::test]
fn an_emitter_takes_part_from_his_first_period_on() {
    let next = |data: &Data| data.standing(ALICE).next;
    let mut data = periods();
    allocated(&mut data, 3, ALICE, 10);
    assert_eq!(next(&data), Some(3));
    allocated(&mut data, 2, ALICE, 10);
    assert_eq!(next(&data), Some(2));
    allocated(&mut data, 3, ALICE, 10);
    assert_eq!(next(&data), Some(2));
    reported(&mut data, 1, ALICE, 0);
    assert_eq!(next(&data), Some(1), "a report on an earlier period moves it back");
    data.settle_period(settle_from(1), 1, ALICE).unwrap();
    assert_eq!(next(&data), Some(2));

    // One who begins with the second is not asked for the first any more, once it is settled.
    let mut data = periods();
    allocated(&mut data, 1, BOB, 10);
    data.transfer(BOB, true, 1, ALICE, 10).unwrap();
    data.surrender(ALICE, 0, true, 2, 1, 5).unwrap();
    reported(&mut data, 2, ALICE, 5);
    data.settle_period(settle_from(2), 2, ALICE).unwrap();
    let late = NewReport { period: 1, ..REPORT };
    let refused = data.report_emissions(VERIFIER, 5_000, true, false, late);
    assert_eq!(refused, Err(Error::AlreadySettled));
    let refused = data.surrender(ALICE, 5_000, false, 1, 1, 1);
    assert_eq!(refused, Err(Error::AlreadySettled));
    data.surrender(ALICE, 5_000, false, 3, 1, 1).unwrap();
    assert_eq!(next(&data), Some(3));
}
