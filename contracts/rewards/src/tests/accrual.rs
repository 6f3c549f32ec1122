//! What an access earns, and who pays it.

use super::*;

#[ink::test]
fn only_the_consent_contract_accrues_and_each_access_once() {
    let mut data = funded();
    for (caller, number) in [(ALICE, 0), (ADMIN, 1), (BOB, 1)] {
        let refused = data.accrue(caller, NOW, false, access(number));
        assert_eq!(refused, Err(AccrueError::NotConsent));
    }
    let again = |data: &mut Data, number| data.accrue(CONSENT, NOW, false, access(number));
    assert_eq!(again(&mut data, 0), Err(AccrueError::AlreadyPaid));
    assert_eq!(accrued(&mut data, NOW, access(5)), Accrual::Earned(10));
    for number in [1, 4, 5] {
        assert_eq!(again(&mut data, number), Err(AccrueError::AlreadyPaid));
    }
    assert_eq!(accrued(&mut data, NOW, access(6)), Accrual::Nothing);
    assert_eq!(again(&mut data, 6), Err(AccrueError::AlreadyPaid), "also what earned nothing");
}

#[ink::test]
fn who_asks_pays() {
    let mut data = funded();
    data.fund(CAROL, CAROL, 100).unwrap();
    let booking = data.accrue(CONSENT, NOW, false, access(1)).unwrap();
    let paid = Accrued {
        owner: ALICE,
        requester: BOB,
        access: 1,
        purpose: RESEARCH,
        amount: 10,
        sponsor: None,
        at: NOW,
    };
    assert_eq!(booking, Booking::Paid(paid));
    assert_eq!((data.budget(BOB), data.budget(CAROL)), (90, 100));
    assert_eq!(data.statement(ALICE), Statement { owed: 10, paid: 0 });
    assert_eq!(data.totals(), totals(190, 0, 10, 0));
}

#[ink::test]
fn the_sponsor_pays_first() {
    let mut data = sponsored();
    data.fund(BOB, BOB, 10).unwrap();
    let sponsor_of = |data: &mut Data, owner, number| match data
        .accrue(CONSENT, NOW, false, Access { owner, ..access(number) })
        .unwrap()
    {
        Booking::Paid(event) => event.sponsor,
        other => panic!("{other:?}"),
    };
    assert_eq!(sponsor_of(&mut data, ALICE, 1), Some(SPONSOR));
    assert_eq!(sponsor_of(&mut data, DAVE, 2), Some(SPONSOR));
    assert_eq!((pot(&data), data.budget(BOB)), (80, 10));
    assert_eq!(sponsor_of(&mut data, CAROL, 3), None, "25 are spent with the next");
    assert_eq!((pot(&data), data.budget(BOB)), (80, 0));
    let nobody = Access { owner: ADMIN, ..access(4) };
    assert_eq!(accrued(&mut data, NOW, nobody), Accrual::Declined);
    assert_eq!(data.totals(), totals(0, 80, 30, 0));
}

#[ink::test]
fn a_pot_that_does_not_hold_it_is_left_alone() {
    let mut data = data();
    data.set_sponsor(RESEARCH, Some(SPONSOR)).unwrap();
    data.sponsor(SPONSOR, RESEARCH, 9, u128::MAX).unwrap();
    assert_eq!(accrued(&mut data, NOW, access(1)), Accrual::Declined);
    data.fund(BOB, BOB, 10).unwrap();
    assert_eq!(accrued(&mut data, NOW, access(2)), Accrual::Earned(10));
    assert_eq!((pot(&data), data.budget(BOB)), (9, 0));
}

#[ink::test]
fn an_owner_earns_once_in_a_period_from_the_same_requester_for_the_same_purpose() {
    let mut data = funded();
    data.fund(CAROL, CAROL, 100).unwrap();
    assert_eq!(data.earned(ALICE, BOB, RESEARCH), None);
    assert_eq!(accrued(&mut data, NOW, access(1)), Accrual::Earned(10));
    assert_eq!(data.earned(ALICE, BOB, RESEARCH), Some(NOW));
    assert_eq!(accrued(&mut data, NOW, access(2)), Accrual::Nothing);
    assert_eq!(accrued(&mut data, NOW + PERIOD - 1, access(3)), Accrual::Nothing);
    assert_eq!(data.earned(ALICE, BOB, RESEARCH), Some(NOW), "what earns nothing starts nothing");
    for (number, other) in [
        (4, Access { owner: DAVE, ..access(4) }),
        (5, Access { requester: CAROL, ..access(5) }),
        (6, Access { purpose: TREATMENT, ..access(6) }),
    ] {
        assert_eq!(accrued(&mut data, NOW, other), Accrual::Earned(10), "{number}");
    }
    assert_eq!(accrued(&mut data, NOW + PERIOD, access(7)), Accrual::Earned(10));
    assert_eq!(data.earned(ALICE, BOB, RESEARCH), Some(NOW + PERIOD));
    assert_eq!(accrued(&mut data, NOW + PERIOD, access(8)), Accrual::Nothing);
}

/// Case: one permit a second drained what hospitals had paid in.
#[ink::test]
fn asking_over_and_over_drains_nothing() {
    let mut data = funded();
    for number in 1..=1_000 {
        accrued(&mut data, NOW, access(number));
    }
    assert_eq!((data.budget(BOB), data.statement(ALICE).owed), (90, 10));
}

#[ink::test]
fn a_period_at_the_end_of_time_does_not_end() {
    let mut data = funded();
    let late = u64::MAX - 1;
    assert_eq!(accrued(&mut data, late, access(1)), Accrual::Earned(10));
    assert_eq!(accrued(&mut data, late, access(2)), Accrual::Nothing);
}

#[ink::test]
fn without_a_tariff_nothing_is_earned() {
    let mut data = funded();
    let other = Access { purpose: purpose::PAYMENT, ..access(1) };
    assert_eq!(data.accrue(CONSENT, NOW, false, other).unwrap(), Booking::Nothing);
    // Also one that is required: nothing is paid by anybody.
    data.set_tariff(NOW, 0, purpose::PAYMENT, Tariff { amount: 0, required: true }).unwrap();
    let other = Access { number: 2, ..other };
    assert_eq!(data.accrue(CONSENT, NOW, false, other).unwrap(), Booking::Nothing);
    assert_eq!(data.earned(ALICE, BOB, purpose::PAYMENT), None);
    assert_eq!(data.accrue(CONSENT, NOW, false, other), Err(AccrueError::AlreadyPaid));
}

#[ink::test]
fn what_nobody_pays_is_declined_only_if_the_tariff_is_required() {
    let mut data = data();
    data.fund(CAROL, CAROL, 100).unwrap();
    data.fund(BOB, BOB, 9).unwrap();
    for (purpose, number, answer, required) in
        [(TREATMENT, 1, Accrual::Unfunded, false), (RESEARCH, 2, Accrual::Declined, true)]
    {
        let asked = Access { purpose, ..access(number) };
        let booking = data.accrue(CONSENT, NOW, false, asked).unwrap();
        let unfunded = Unfunded {
            owner: ALICE,
            requester: BOB,
            access: number,
            purpose,
            amount: 10,
            required,
        };
        assert_eq!(booking.answer(), answer);
        assert_eq!(booking, Booking::Unpaid(unfunded));
        let again = data.accrue(CONSENT, NOW, false, asked);
        assert_eq!(again, Err(AccrueError::AlreadyPaid), "the access is used up");
        assert_eq!(data.earned(ALICE, BOB, purpose), None);
    }
    assert_eq!(data.totals(), totals(109, 0, 0, 0));
    // What is paid in later pays for later accesses.
    data.fund(BOB, BOB, 1).unwrap();
    assert_eq!(accrued(&mut data, NOW, access(3)), Accrual::Earned(10));
}

#[ink::test]
fn a_pause_books_no_money_and_stops_no_care() {
    let mut data = sponsored();
    data.fund(BOB, BOB, 100).unwrap();
    let before = data.totals();
    let paused = |data: &mut Data, access| data.accrue(CONSENT, NOW, true, access);
    assert_eq!(data.accrue(BOB, NOW, true, access(1)), Err(AccrueError::NotConsent));
    let care = Access { purpose: TREATMENT, ..access(1) };
    assert_eq!(paused(&mut data, care).unwrap().answer(), Accrual::Unfunded);
    assert_eq!(paused(&mut data, care), Err(AccrueError::AlreadyPaid));
    assert_eq!(paused(&mut data, access(2)).unwrap().answer(), Accrual::Declined);
    let free = Access { purpose: purpose::PAYMENT, ..access(3) };
    assert_eq!(paused(&mut data, free).unwrap().answer(), Accrual::Nothing);
    assert_eq!((data.totals(), data.statement(ALICE)), (before, Statement::default()));
    // What was earned before is not missed.
    assert_eq!(accrued(&mut data, NOW, access(4)), Accrual::Earned(10));
    assert_eq!(paused(&mut data, access(5)).unwrap().answer(), Accrual::Nothing);
}

#[ink::test]
fn an_accrual_that_would_overflow_writes_nothing() {
    let mut data = funded();
    let full = totals(100, 0, u128::MAX - 9, 0);
    data.totals.set(&full);
    let refused = data.accrue(CONSENT, NOW, false, access(1));
    assert_eq!(refused, Err(AccrueError::Overflow), "owed to all");
    assert_eq!((data.totals(), data.budget(BOB)), (full, 100));
    data.totals.set(&totals(100, 0, 0, 0));
    let statement = Statement { owed: u128::MAX - 9, paid: 0 };
    data.statements.insert(ALICE, &statement);
    let refused = data.accrue(CONSENT, NOW, false, access(1));
    assert_eq!(refused, Err(AccrueError::Overflow), "owed to one");
    assert_eq!((data.statement(ALICE), data.earned(ALICE, BOB, RESEARCH)), (statement, None));
    let other = Access { owner: DAVE, ..access(1) };
    assert_eq!(accrued(&mut data, NOW, other), Accrual::Earned(10));
}
