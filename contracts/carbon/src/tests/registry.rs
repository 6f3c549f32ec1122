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
    let event = data.create_class(yes, yes, ISSUER, [1; 32]).unwrap();
    assert_eq!(event, ClassCreated { class: 2, issuer: Some(ISSUER), metadata: [1; 32] });
    assert_eq!(data.create_class(yes, yes, ISSUER, [1; 32]).unwrap().class, 3);
    let event = data.set_issuer(REGULATOR, yes, yes, 2, BOB).unwrap();
    assert_eq!(event, IssuerSet { class: 2, issuer: BOB, by: REGULATOR });
    let class = Class { issuer: Some(BOB), metadata: [1; 32], last_serial: 0 };
    assert_eq!(data.class(2), Some(class));
    assert_eq!(data.class(3), Some(Class { issuer: Some(ISSUER), ..class }));
    assert_eq!(data.create_project(ISSUER, unasked, 2, BOB, [2; 32]), Err(Error::NotIssuer));
    assert_eq!(data.create_project(BOB, yes, 2, BOB, [2; 32]).unwrap().project, 1);
}

#[ink::test]
fn classes_refuse_in_order() {
    let mut data = data();
    let create = |data: &mut Data, regulator: fn() -> Answer, admitted: fn() -> Answer| {
        data.create_class(regulator, admitted, ISSUER, [1; 32])
    };
    data.counts.set(&Counts { classes: u64::MAX, ..Counts::default() });
    assert_eq!(create(&mut data, silent, unasked), Err(Error::ParticipantsFailed));
    assert_eq!(create(&mut data, no, unasked), Err(Error::NotRegulator));
    assert_eq!(create(&mut data, yes, silent), Err(Error::ParticipantsFailed));
    assert_eq!(create(&mut data, yes, no), Err(Error::NotAdmitted));
    assert_eq!(create(&mut data, yes, yes), Err(Error::TooMany));
    data.counts.set(&Counts { classes: 1, ..Counts::default() });
    assert!(create(&mut data, yes, yes).is_ok());

    let mut set = |regulator: fn() -> Answer, admitted: fn() -> Answer, class, issuer, error| {
        assert_eq!(data.set_issuer(REGULATOR, regulator, admitted, class, issuer), Err(error));
    };
    set(silent, unasked, 9, ISSUER, Error::ParticipantsFailed);
    set(no, unasked, 9, ISSUER, Error::NotRegulator);
    set(yes, unasked, 9, ISSUER, Error::UnknownClass);
    set(yes, unasked, 1, ISSUER, Error::AllowanceClass);
    set(yes, unasked, 2, ISSUER, Error::AlreadyIssuer);
    set(yes, no, 2, BOB, Error::NotAdmitted);
    set(yes, silent, 2, BOB, Error::ParticipantsFailed);
}

#[ink::test]
fn a_project_belongs_to_a_class() {
    let mut data = project();
    let project = Project { class: 2, owner: CAROL, metadata: [2; 32] };
    assert_eq!(data.project(1), Some(project));
    let event = data.create_project(ISSUER, yes, 2, BOB, [3; 32]).unwrap();
    let expected = ProjectCreated { project: 2, class: 2, owner: BOB, metadata: [3; 32] };
    assert_eq!(event, expected);
    assert_eq!(data.counts(), Counts { classes: 2, projects: 2, ..Counts::default() });
}

#[ink::test]
fn projects_refuse_in_order() {
    let mut data = project();
    data.counts.set(&Counts { projects: u64::MAX, ..data.counts() });
    let mut create = |caller, admitted: fn() -> Answer, class, error| {
        assert_eq!(data.create_project(caller, admitted, class, CAROL, [2; 32]), Err(error));
    };
    create(BOB, unasked, 9, Error::UnknownClass);
    create(BOB, unasked, 2, Error::NotIssuer);
    create(ISSUER, unasked, ALLOWANCES, Error::NotIssuer);
    create(ISSUER, silent, 2, Error::ParticipantsFailed);
    create(ISSUER, no, 2, Error::NotAdmitted);
    create(ISSUER, yes, 2, Error::TooMany);
}

#[ink::test]
fn serial_ranges_of_a_class_never_overlap() {
    let mut data = project();
    let event = data.create_batch(ISSUER, yes, new_batch(5, 7)).unwrap();
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
        let refused = data.create_batch(ISSUER, yes, new_batch(start, end));
        assert_eq!(refused, Err(Error::SerialsTaken), "{start} to {end}");
    }
    // Right behind, and after a gap; also in another project of the class.
    data.create_batch(ISSUER, yes, new_batch(8, 8)).unwrap();
    data.create_project(ISSUER, yes, 2, BOB, [3; 32]).unwrap();
    let other = NewBatch { project: 2, ..new_batch(8, 20) };
    assert_eq!(data.create_batch(ISSUER, yes, other), Err(Error::SerialsTaken));
    let other = NewBatch { project: 2, ..new_batch(100, u128::MAX) };
    assert_eq!(data.create_batch(ISSUER, yes, other).unwrap().batch, 3);
    let full = data.create_batch(ISSUER, yes, new_batch(u128::MAX, u128::MAX));
    assert_eq!(full, Err(Error::SerialsTaken), "there is no number left");

    // Another class has numbers of its own.
    data.create_class(yes, yes, ISSUER, [1; 32]).unwrap();
    data.create_project(ISSUER, yes, 3, BOB, [3; 32]).unwrap();
    let whole = NewBatch { project: 3, ..new_batch(1, u128::MAX) };
    assert_eq!(data.create_batch(ISSUER, yes, whole).unwrap().batch, 4);
    assert_eq!(data.batch(4).unwrap().serials(), u128::MAX);
    assert_eq!(data.counts(), Counts { classes: 3, projects: 3, batches: 4, periods: 0 });
}

#[ink::test]
fn batches_refuse_in_order() {
    let mut data = credits();
    let wrong = NewBatch { project: 9, vintage_start: 20, ..new_batch(0, 9) };
    let mut create = |caller, admitted: fn() -> Answer, new, error| {
        assert_eq!(data.create_batch(caller, admitted, new), Err(error));
    };
    create(BOB, unasked, wrong, Error::UnknownProject);
    let wrong = NewBatch { project: 1, ..wrong };
    create(BOB, unasked, wrong, Error::NotIssuer);
    create(ISSUER, silent, wrong, Error::ParticipantsFailed);
    create(ISSUER, no, wrong, Error::NotAdmitted);
    create(ISSUER, yes, wrong, Error::InvalidRange);
    create(ISSUER, yes, NewBatch { serial_start: 10, ..wrong }, Error::InvalidRange);
    let wrong = NewBatch { serial_start: 2_000, serial_end: 2_000, ..wrong };
    create(ISSUER, yes, wrong, Error::InvalidVintage);
    create(ISSUER, yes, NewBatch { vintage_end: 19, ..wrong }, Error::InvalidVintage);
    create(ISSUER, yes, NewBatch { vintage_end: 21, ..wrong }, Error::SerialsTaken);
    data.counts.set(&Counts { batches: u64::MAX, ..data.counts() });
    let refused = data.create_batch(ISSUER, yes, new_batch(2_001, 2_001));
    assert_eq!(refused, Err(Error::TooMany));
    assert_eq!(data.class(2).unwrap().last_serial, 2_000, "nothing was written");
}

#[ink::test]
fn units_are_issued_within_the_range_and_until_the_seal() {
    let mut data = credits();
    let event = data.issue(ISSUER, yes, 1, BOB, 899).unwrap();
    assert_eq!(event, Issued { batch: 1, to: BOB, amount: 899 });
    assert_eq!(data.totals(1), Totals { issued: 999, ..Totals::default() });
    assert_eq!(tradable(&data, 1), [100, 899, 0]);
    for amount in [2, u128::MAX] {
        assert_eq!(data.issue(ISSUER, yes, 1, BOB, amount), Err(Error::RangeExceeded));
    }
    data.issue(ISSUER, yes, 1, ALICE, 1).unwrap();
    assert_eq!(tradable(&data, 1), [101, 899, 0]);
    assert_eq!(data.issue(ISSUER, yes, 1, ALICE, 1), Err(Error::RangeExceeded));
    assert_balanced(&data, 1);

    let event = data.seal_batch(ISSUER, yes, 2).unwrap();
    assert_eq!(event, BatchSealed { batch: 2 });
    assert!(data.batch(2).unwrap().sealed);
    assert_eq!(data.issue(ISSUER, yes, 2, ALICE, 1), Err(Error::BatchSealed));
    assert_eq!(data.totals(2).issued, 10);
    data.transfer(ALICE, yes, 2, BOB, 10).unwrap();
}

#[ink::test]
fn issuing_refuses_in_order() {
    let mut data = credits();
    data.seal_batch(ISSUER, yes, 1).unwrap();
    data.frozen.insert(ALICE, &());
    let mut issue = |caller, admitted: fn() -> Answer, batch, amount, error| {
        assert_eq!(data.issue(caller, admitted, batch, ALICE, amount), Err(error));
    };
    issue(BOB, unasked, 9, 0, Error::UnknownBatch);
    issue(BOB, unasked, 1, 0, Error::NotIssuer);
    issue(ISSUER, silent, 1, 0, Error::ParticipantsFailed);
    issue(ISSUER, no, 1, 0, Error::NotAdmitted);
    issue(ISSUER, yes, 1, 0, Error::ZeroAmount);
    issue(ISSUER, yes, 1, u128::MAX, Error::BatchSealed);
    issue(ISSUER, yes, 2, u128::MAX, Error::Frozen);

    let mut seal = |caller, admitted: fn() -> Answer, batch, error| {
        assert_eq!(data.seal_batch(caller, admitted, batch), Err(error));
    };
    seal(BOB, unasked, 9, Error::UnknownBatch);
    seal(BOB, unasked, 1, Error::NotIssuer);
    seal(ISSUER, silent, 1, Error::ParticipantsFailed);
    seal(ISSUER, no, 1, Error::NotAdmitted);
    seal(ISSUER, yes, 1, Error::BatchSealed);
}

#[ink::test]
fn nobody_issues_allowances_past_the_cap() {
    let mut data = periods();
    for caller in [REGULATOR, ISSUER, ZERO] {
        assert_eq!(data.issue(caller, unasked, 1, caller, 1), Err(Error::NotIssuer));
        assert_eq!(data.seal_batch(caller, unasked, 1), Err(Error::NotIssuer));
    }
}
