//! Ratings.

use super::*;
use crate::rating::NO_RECORD;

fn rating(settled: u32, compliant: u32, timely: u32, penalties: u32, paid: u32) -> u16 {
    Standing { settled, compliant, timely, penalties, paid, ..Standing::default() }.rating()
}

/// The first period covered in time, the second short: first with the penalty owed, then paid.
#[ink::test]
fn the_worked_example() {
    let mut data = periods();
    allocated(&mut data, 1, ALICE, 1_000);
    assert_eq!(data.rating(ALICE), NO_RECORD, "nothing is settled");
    data.surrender(ALICE, 500, false, 1, 1, 1_000).unwrap();
    reported(&mut data, 1, ALICE, 1_000);
    let (settled, _) = data.settle_period(settle_from(1), 1, ALICE).unwrap();
    assert_eq!((settled.rating, data.rating(ALICE)), (1_000, 1_000));

    reported(&mut data, 2, ALICE, 1_000);
    let (settled, _) = data.settle_period(settle_from(2), 2, ALICE).unwrap();
    assert_eq!((settled.rating, data.rating(ALICE)), (425, 425), "300 + 125 + 0");
    let paid = data.pay_penalty(ALICE, SET, 2, ALICE, another).unwrap();
    assert_eq!((paid.rating, data.rating(ALICE)), (575, 575), "300 + 125 + 150");
    assert_eq!(data.rating(BOB), NO_RECORD);
}

#[ink::test]
fn a_rating_is_made_of_three_shares() {
    assert_eq!(rating(0, 0, 0, 0, 0), 500);
    assert_eq!(rating(1, 1, 1, 0, 0), 1_000);
    assert_eq!(rating(1, 1, 0, 0, 0), 750);
    assert_eq!(rating(1, 0, 0, 1, 0), 0);
    assert_eq!(rating(1, 0, 0, 1, 1), 150);
    // 600 * 2 / 3, 250 / 3, 150 * 0 / 1.
    assert_eq!(rating(3, 2, 1, 1, 0), 400 + 83);
    // Each share is rounded down by itself: 85 + 35 + 21, of 142.9.
    assert_eq!(rating(7, 1, 1, 7, 1), 85 + 35 + 21);
    let most = u32::MAX;
    assert_eq!(rating(most, most, most, most, most), 1_000);
    assert_eq!(rating(most, 1, 1, most, 1), 0);
}

#[ink::test]
fn counters_stop_at_the_greatest_number() {
    let mut data = periods();
    let full = Standing {
        next: Some(1),
        settled: u32::MAX,
        compliant: u32::MAX,
        timely: u32::MAX,
        penalties: u32::MAX,
        paid: u32::MAX,
        ..Standing::default()
    };
    data.standings.insert(ALICE, &full);
    reported(&mut data, 1, ALICE, 0);
    data.settle_period(settle_from(1), 1, ALICE).unwrap();
    assert_eq!(data.standing(ALICE), Standing { next: Some(2), ..full });
    reported(&mut data, 2, ALICE, 1);
    data.settle_period(settle_from(2), 2, ALICE).unwrap();
    data.pay_penalty(ALICE, SET, 2, ALICE, another).unwrap();
    let standing = data.standing(ALICE);
    assert_eq!(standing, Standing { next: Some(3), deficit: 1, ..full });
    assert_eq!(standing.rating(), 1_000);
}

#[ink::test]
fn what_was_settled_is_not_begun_again() {
    let mut standing = Standing { next: Some(3), ..Standing::default() };
    assert!(!standing.has_settled(1), "he may have to begin earlier");
    assert!(!standing.touch(3) && !standing.touch(4));
    assert!(standing.touch(2));
    assert_eq!(standing.next, Some(2));
    standing.settled = 1;
    assert!(standing.has_settled(1) && !standing.has_settled(2));
    assert!(!standing.touch(1));
    assert_eq!(standing.next, Some(2));
}
