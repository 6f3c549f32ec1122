//! Pots and their sponsors.

use super::*;

#[ink::test]
fn a_sponsor_is_named_for_a_purpose() {
    let mut data = data();
    for purpose in [32, u8::MAX] {
        assert_eq!(data.set_sponsor(purpose, Some(ZERO)), Err(Error::UnknownPurpose));
    }
    assert_eq!(data.set_sponsor(RESEARCH, Some(ZERO)), Err(Error::ZeroAccount));
    assert_eq!(data.set_sponsor(RESEARCH, None), Err(Error::AlreadySponsor), "there is none");
    let (purpose, sponsor) = (RESEARCH, Some(SPONSOR));
    let event = data.set_sponsor(purpose, sponsor).unwrap();
    assert_eq!(event, SponsorSet { purpose, sponsor, previous: None, returned: 0 });
    assert_eq!(data.set_sponsor(purpose, sponsor), Err(Error::AlreadySponsor));
    assert_eq!(data.pot(purpose), Some(Pot { sponsor: SPONSOR, balance: 0, cap: 0 }));
    assert_eq!((data.pot(TREATMENT), data.pot(32)), (None, None));
    assert_eq!(data.statement(SPONSOR), Statement::default());
}

#[ink::test]
fn what_a_sponsor_left_is_owed_to_him_when_another_is_named() {
    let mut data = sponsored();
    let (purpose, previous) = (RESEARCH, Some(SPONSOR));
    let event = data.set_sponsor(purpose, Some(CAROL)).unwrap();
    assert_eq!(event, SponsorSet { purpose, sponsor: Some(CAROL), previous, returned: 100 });
    assert_eq!(data.pot(purpose), Some(Pot { sponsor: CAROL, balance: 0, cap: 0 }));
    assert_eq!(data.statement(SPONSOR), Statement { owed: 100, paid: 0 });
    assert_eq!(data.totals(), totals(0, 0, 100, 0));
    assert_eq!(data.sponsor(SPONSOR, purpose, 1, 1), Err(Error::NotSponsor));

    data.sponsor(CAROL, purpose, 30, 30).unwrap();
    let event = data.set_sponsor(purpose, None).unwrap();
    assert_eq!(event, SponsorSet { purpose, sponsor: None, previous: Some(CAROL), returned: 30 });
    assert_eq!(data.pot(purpose), None);
    assert_eq!(data.totals(), totals(0, 0, 130, 0));
    assert_eq!(data.withdraw(SPONSOR, SPONSOR).unwrap().amount, 100);
    assert_eq!(data.withdraw(CAROL, CAROL).unwrap().amount, 30);
}

#[ink::test]
fn only_its_sponsor_fills_and_empties_a_pot() {
    let mut data = sponsored();
    for (caller, purpose) in
        [(BOB, RESEARCH), (ADMIN, RESEARCH), (SPONSOR, TREATMENT), (SPONSOR, 32)]
    {
        assert_eq!(data.sponsor(caller, purpose, 0, 0), Err(Error::NotSponsor));
        assert_eq!(data.withdraw_pot(caller, purpose, 0), Err(Error::NotSponsor));
    }
    assert_eq!(data.totals(), totals(0, 100, 0, 0));
}

#[ink::test]
fn a_sponsor_pays_in_or_sets_the_cap() {
    let mut data = sponsored();
    let (purpose, sponsor) = (RESEARCH, SPONSOR);
    let event = data.sponsor(SPONSOR, RESEARCH, 7, 40).unwrap();
    assert_eq!(event, Sponsored { purpose, sponsor, amount: 7, cap: 40 });
    let event = data.sponsor(SPONSOR, RESEARCH, 0, 3).unwrap();
    assert_eq!(event, Sponsored { purpose, sponsor, amount: 0, cap: 3 });
    assert_eq!(data.pot(RESEARCH), Some(Pot { sponsor, balance: 107, cap: 3 }));
    assert_eq!(data.totals(), totals(0, 107, 0, 0));
}

#[ink::test]
fn a_sponsor_takes_back_what_the_pot_holds() {
    let mut data = sponsored();
    let (purpose, sponsor) = (RESEARCH, SPONSOR);
    assert_eq!(data.withdraw_pot(SPONSOR, RESEARCH, 0), Err(Error::ZeroAmount));
    assert_eq!(data.withdraw_pot(SPONSOR, RESEARCH, 101), Err(Error::InsufficientPot));
    let event = data.withdraw_pot(SPONSOR, RESEARCH, 60).unwrap();
    assert_eq!(event, PotWithdrawn { purpose, sponsor, amount: 60 });
    assert_eq!(data.pot(RESEARCH), Some(Pot { sponsor, balance: 40, cap: 25 }));
    assert_eq!(data.totals(), totals(0, 40, 0, 0));
    data.withdraw_pot(SPONSOR, RESEARCH, 40).unwrap();
    assert_eq!(data.withdraw_pot(SPONSOR, RESEARCH, 1), Err(Error::InsufficientPot));
    assert_eq!(data.statement(SPONSOR), Statement::default(), "it is paid to him at once");
}

#[ink::test]
fn a_pot_pays_each_requester_up_to_its_cap_in_a_period() {
    let mut data = sponsored();
    let asks = |data: &mut Data, now, requester, number| {
        // Another owner each time, who has not earned yet.
        let owner = AccountId([100 + number as u8; 32]);
        accrued(data, now, Access { owner, requester, ..access(number) })
    };
    assert_eq!(asks(&mut data, NOW, BOB, 1), Accrual::Earned(10));
    assert_eq!(asks(&mut data, NOW + 99, BOB, 2), Accrual::Earned(10));
    assert_eq!(asks(&mut data, NOW + 99, BOB, 3), Accrual::Declined, "5 are not 10");
    assert_eq!(asks(&mut data, NOW + 99, CAROL, 4), Accrual::Earned(10), "each has his own");
    assert_eq!(asks(&mut data, NOW + 100, BOB, 5), Accrual::Earned(10), "a new period");
    assert_eq!(asks(&mut data, NOW + 199, BOB, 6), Accrual::Earned(10));
    assert_eq!(asks(&mut data, NOW + 199, BOB, 7), Accrual::Declined);
    assert_eq!(pot(&data), 50);

    // The cap is what it is at that moment, and may be met exactly.
    data.sponsor(SPONSOR, RESEARCH, 0, 30).unwrap();
    assert_eq!(asks(&mut data, NOW + 199, BOB, 8), Accrual::Earned(10));
    data.sponsor(SPONSOR, RESEARCH, 0, 39).unwrap();
    assert_eq!(asks(&mut data, NOW + 199, BOB, 9), Accrual::Declined);
}

#[ink::test]
fn what_was_spent_of_one_pot_does_not_count_for_the_next() {
    let mut data = sponsored();
    for number in 1..=2 {
        let owner = AccountId([100 + number as u8; 32]);
        accrued(&mut data, NOW, Access { owner, ..access(number) });
    }
    assert_eq!(accrued(&mut data, NOW, access(3)), Accrual::Declined);
    // The same sponsor, named again: his new pot is another one.
    data.set_sponsor(RESEARCH, None).unwrap();
    data.set_sponsor(RESEARCH, Some(SPONSOR)).unwrap();
    data.sponsor(SPONSOR, RESEARCH, 100, 10).unwrap();
    assert_eq!(accrued(&mut data, NOW, access(4)), Accrual::Earned(10));
    let other = Access { owner: DAVE, ..access(5) };
    assert_eq!(accrued(&mut data, NOW, other), Accrual::Declined);
}

/// Two purposes of one sponsor are two pots, with a cap each.
#[ink::test]
fn a_pot_is_for_one_purpose() {
    let mut data = sponsored();
    data.set_sponsor(TREATMENT, Some(SPONSOR)).unwrap();
    let treatment = |number| Access { purpose: TREATMENT, ..access(number) };
    assert_eq!(accrued(&mut data, NOW, treatment(1)), Accrual::Unfunded, "research is no care");
    data.sponsor(SPONSOR, TREATMENT, 10, 10).unwrap();
    assert_eq!(accrued(&mut data, NOW, access(2)), Accrual::Earned(10));
    assert_eq!(accrued(&mut data, NOW, treatment(3)), Accrual::Earned(10));
    assert_eq!((pot(&data), data.pot(TREATMENT).unwrap().balance), (90, 0));
}

#[ink::test]
fn a_pot_cannot_overflow() {
    let mut data = sponsored();
    data.fund(BOB, BOB, 5).unwrap();
    let before = data.pot(RESEARCH);
    for amount in [u128::MAX, u128::MAX - 99, u128::MAX - 104] {
        assert_eq!(data.sponsor(SPONSOR, RESEARCH, amount, 1), Err(Error::Overflow));
    }
    assert_eq!((data.pot(RESEARCH), data.totals()), (before, totals(5, 100, 0, 0)));
    data.sponsor(SPONSOR, RESEARCH, u128::MAX - 105, 1).unwrap();
    assert_eq!(data.fund(BOB, BOB, 1), Err(Error::Overflow), "budgets and pots together");
}

#[ink::test]
fn numbers_of_sponsorships_end() {
    let mut data = data();
    data.last_sponsorship.set(&u64::MAX);
    assert_eq!(data.set_sponsor(RESEARCH, Some(SPONSOR)), Err(Error::Overflow));
    assert_eq!(data.pot(RESEARCH), None);
    data.last_sponsorship.set(&(u64::MAX - 1));
    data.set_sponsor(RESEARCH, Some(SPONSOR)).unwrap();
}
