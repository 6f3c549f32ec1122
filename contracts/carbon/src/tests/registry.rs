//! Classes, projects, batches, and what is issued under them.

use super::*;
use crate::data::MAX_COMPLIANCE;

#[ink::test]
fn it_starts_with_the_class_of_allowances() {
    let (data, created) = Data::new(TIMES).unwrap();
    assert_eq!(created, ClassCreated { class: 1, issuer: None, metadata: [0; 32] });
    let class = Class { issuer: None, metadata: [0; 32], last_serial: 0 };
    assert_eq!(data.class(ALLOWANCES), Some(class));
    assert_eq!(data.counts(), Counts { classes: 1, ..Counts::default() });
    assert_eq!((data.class(0), data.class(2), data.project(1)), (None, None, None));
    assert_eq!((data.batch(1), data.period(1)), (None, None));
    assert_eq!(data.penalty(), Scheduled::now(None));
    assert_eq!(data.totals(1), Totals::default());
}

#[ink::test]
fn times_have_bounds() {
    for compliance in [0, MAX_COMPLIANCE + 1, u64::MAX] {
        let times = Times { delay: 0, compliance };
        assert_eq!(Data::new(times).err(), Some(Error::InvalidTimes), "{compliance}");
    }
    for compliance in [1, MAX_COMPLIANCE] {
        let times = Times { delay: 7, compliance };
        assert_eq!(Data::new(times).unwrap().0.times(), times);
    }
}

#[ink::test]
fn a_class_has_an_issuer_who_may_be_replaced() {
    let mut data = data();
    let event = data.create_class(true, true, ISSUER, [1; 32]).unwrap();
    assert_eq!(event, ClassCreated { class: 2, issuer: Some(ISSUER), metadata: [1; 32] });
    assert_eq!(data.create_class(true, true, ISSUER, [1; 32]).unwrap().class, 3);
    let event = data.set_issuer(REGULATOR, true, true, 2, BOB).unwrap();
    assert_eq!(event, IssuerSet { class: 2, issuer: BOB, by: REGULATOR });
    let class = Class { issuer: Some(BOB), metadata: [1; 32], last_serial: 0 };
    assert_eq!(data.class(2), Some(class));
    assert_eq!(data.class(3), Some(Class { issuer: Some(ISSUER), ..class }));
    assert_eq!(data.create_project(ISSUER, false, 2, BOB, [2; 32]), Err(Error::NotIssuer));
    assert_eq!(data.create_project(BOB, true, 2, BOB, [2; 32]).unwrap().project, 1);
}

#[ink::test]
fn classes_refuse_in_order() {
    let mut data = data();
    let create = |data: &mut Data, regulator: bool, admitted: bool| {
        data.create_class(regulator, admitted, ISSUER, [1; 32])
    };
    data.counts.set(&Counts { classes: u64::MAX, ..Counts::default() });
    assert_eq!(create(&mut data, false, false), Err(Error::NotRegulator));
    assert_eq!(create(&mut data, true, false), Err(Error::NotAdmitted));
    assert_eq!(create(&mut data, true, true), Err(Error::TooMany));
    data.counts.set(&Counts { classes: 1, ..Counts::default() });
    assert!(create(&mut data, true, true).is_ok());

    let mut set = |regulator: bool, admitted: bool, class, issuer, error| {
        assert_eq!(data.set_issuer(REGULATOR, regulator, admitted, class, issuer), Err(error));
    };
    set(false, false, 9, ISSUER, Error::NotRegulator);
    set(true, false, 9, ISSUER, Error::UnknownClass);
    set(true, false, 1, ISSUER, Error::AllowanceClass);
    set(true, false, 2, ISSUER, Error::AlreadyIssuer);
    set(true, false, 2, BOB, Error::NotAdmitted);
}

#[ink::test]
fn a_project_belongs_to_a_class() {
    let mut data = project();
    let project = Project { class: 2, owner: CAROL, metadata: [2; 32] };
    assert_eq!(data.project(1), Some(project));
    let event = data.create_project(ISSUER, true, 2, BOB, [3; 32]).unwrap();
    let expected = ProjectCreated { project: 2, class: 2, owner: BOB, metadata: [3; 32] };
    assert_eq!(event, expected);
    assert_eq!(data.counts(), Counts { classes: 2, projects: 2, ..Counts::default() });
}

#[ink::test]
fn projects_refuse_in_order() {
    let mut data = project();
    data.counts.set(&Counts { projects: u64::MAX, ..data.counts() });
    let mut create = |caller, admitted: bool, class, error| {
        assert_eq!(data.create_project(caller, admitted, class, CAROL, [2; 32]), Err(error));
    };
    create(BOB, false, 9, Error::UnknownClass);
    create(BOB, false, 2, Error::NotIssuer);
    create(ISSUER, false, ALLOWANCES, Error::NotIssuer);
    create(ISSUER, false, 2, Error::NotAdmitted);
    create(ISSUER, true, 2, Error::TooMany);
}

#[ink::test]
fn serial_ranges_of_a_class_never_overlap() {
    let mut data = project();
    let event = data.create_batch(ISSUER, true, new_batch(5, 7)).unwrap();
    let expected = BatchCreated {
        batch: 1,
        class: 2,
        project: Some(1),
        serial_start: 5,
        serial_end: 7,
        vintage_start: 10,
        vintage_end: 20,
    };
    assert_eq!(event, expected);
    let stored = Batch {
        class: 2,
        project: Some(1),
        period: None,
        serial_start: 5,
        serial_end: 7,
        vintage_start: 10,
        vintage_end: 20,
        sealed: false,
    };
    assert_eq!(data.batch(1), Some(stored));
    assert_eq!(stored.serials(), 3);
    assert_eq!(data.class(2).unwrap().last_serial, 7);
    for (start, end) in [(1, 4), (4, 5), (5, 7), (6, 6), (7, 9), (1, u128::MAX)] {
        let refused = data.create_batch(ISSUER, true, new_batch(start, end));
        assert_eq!(refused, Err(Error::SerialsTaken), "{start} to {end}");
    }
    // Right behind, and after a gap; also in another project of the class.
    data.create_batch(ISSUER, true, new_batch(8, 8)).unwrap();
    data.create_project(ISSUER, true, 2, BOB, [3; 32]).unwrap();
    let other = NewBatch { project: 2, ..new_batch(8, 20) };
    assert_eq!(data.create_batch(ISSUER, true, other), Err(Error::SerialsTaken));
    let other = NewBatch { project: 2, ..new_batch(100, u128::MAX) };
    assert_eq!(data.create_batch(ISSUER, true, other).unwrap().batch, 3);
    let full = data.create_batch(ISSUER, true, new_batch(u128::MAX, u128::MAX));
    assert_eq!(full, Err(Error::SerialsTaken), "there is no number left");

    // Another class has numbers of its own.
    data.create_class(true, true, ISSUER, [1; 32]).unwrap();
    data.create_project(ISSUER, true, 3, BOB, [3; 32]).unwrap();
    let whole = NewBatch { project: 3, ..new_batch(1, u128::MAX) };
    assert_eq!(data.create_batch(ISSUER, true, whole).unwrap().batch, 4);
    assert_eq!(data.batch(4).unwrap().serials(), u128::MAX);
    assert_eq!(data.counts(), Counts { classes: 3, projects: 3, batches: 4, periods: 0 });
}

#[ink::test]
fn batches_refuse_in_order() {
    let mut data = credits();
    let wrong = NewBatch { project: 9, vintage_start: 20, ..new_batch(0, 9) };
    let mut create = |caller, admitted: bool, new, error| {
        assert_eq!(data.create_batch(caller, admitted, new), Err(error));
    };
    create(BOB, false, wrong, Error::UnknownProject);
    let wrong = NewBatch { project: 1, ..wrong };
    create(BOB, false, wrong, Error::NotIssuer);
    create(ISSUER, false, wrong, Error::NotAdmitted);
    create(ISSUER, true, wrong, Error::InvalidRange);
    create(ISSUER, true, NewBatch { serial_start: 10, ..wrong }, Error::InvalidRange);
    let wrong = NewBatch { serial_start: 2_000, serial_end: 2_000, ..wrong };
    create(ISSUER, true, wrong, Error::InvalidVintage);
    create(ISSUER, true, NewBatch { vintage_end: 19, ..wrong }, Error::InvalidVintage);
    create(ISSUER, true, NewBatch { vintage_end: 21, ..wrong }, Error::SerialsTaken);
    data.counts.set(&Counts { batches: u64::MAX, ..data.counts() });
    let refused = data.create_batch(ISSUER, true, new_batch(2_001, 2_001));
    assert_eq!(refused, Err(Error::TooMany));
    assert_eq!(data.class(2).unwrap().last_serial, 2_000, "nothing was written");
}

#[ink::test]
fn units_are_issued_within_the_range_and_until_the_seal() {
    let mut data = credits();
    let event = data.issue(ISSUER, true, 1, BOB, 899).unwrap();
    assert_eq!(event, Issued { batch: 1, to: BOB, amount: 899 });
    assert_eq!(data.totals(1), Totals { issued: 999, ..Totals::default() });
    assert_eq!(tradable(&data, 1), [100, 899, 0]);
    for amount in [2, u128::MAX] {
        assert_eq!(data.issue(ISSUER, true, 1, BOB, amount), Err(Error::RangeExceeded));
    }
    data.issue(ISSUER, true, 1, ALICE, 1).unwrap();
    assert_eq!(tradable(&data, 1), [101, 899, 0]);
    assert_eq!(data.issue(ISSUER, true, 1, ALICE, 1), Err(Error::RangeExceeded));
    assert_balanced(&data, 1);

    let event = data.seal_batch(ISSUER, true, 2).unwrap();
    assert_eq!(event, BatchSealed { batch: 2 });
    assert!(data.batch(2).unwrap().sealed);
    assert_eq!(data.issue(ISSUER, true, 2, ALICE, 1), Err(Error::BatchSealed));
    assert_eq!(data.totals(2).issued, 10);
    data.transfer(ALICE, true, 2, BOB, 10).unwrap();
}

#[ink::test]
fn issuing_refuses_in_order() {
    let mut data = credits();
    data.seal_batch(ISSUER, true, 1).unwrap();
    data.frozen.insert(ALICE, &());
    let mut issue = |caller, admitted: bool, batch, amount, error| {
        assert_eq!(data.issue(caller, admitted, batch, ALICE, amount), Err(error));
    };
    issue(BOB, false, 9, 0, Error::UnknownBatch);
    issue(BOB, false, 1, 0, Error::NotIssuer);
    issue(ISSUER, false, 1, 0, Error::NotAdmitted);
    issue(ISSUER, true, 1, 0, Error::ZeroAmount);
    issue(ISSUER, true, 1, u128::MAX, Error::BatchSealed);
    issue(ISSUER, true, 2, u128::MAX, Error::Frozen);

    let mut seal = |caller, admitted: bool, batch, error| {
        assert_eq!(data.seal_batch(caller, admitted, batch), Err(error));
    };
    seal(BOB, false, 9, Error::UnknownBatch);
    seal(BOB, false, 1, Error::NotIssuer);
    seal(ISSUER, false, 1, Error::NotAdmitted);
    seal(ISSUER, true, 1, Error::BatchSealed);
}

#[ink::test]
fn nobody_issues_allowances_past_the_cap() {
    let mut data = periods();
    for caller in [REGULATOR, ISSUER, ZERO] {
        assert_eq!(data.issue(caller, false, 1, caller, 1), Err(Error::NotIssuer));
        assert_eq!(data.seal_batch(caller, false, 1), Err(Error::NotIssuer));
    }
}
