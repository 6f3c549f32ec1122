//! Settlements and penalties.

use super::*;

/// Alice emitted 1,500 in the first period and surrendered 1,000, both in time.
fn short() -> Data {
    let mut data = periods();
    allocated(&mut data, 1, ALICE, 3_000);
    data.surrender(ALICE, 500, false, 1, 1, 1_000).unwrap();
    reported(&mut data, 1, ALICE, 1_500);
    data
}

fn settle(data: &mut Data, period: u64) -> (PeriodSettled, Option<PenaltyImposed>) {
    data.settle_period(settle_from(period), period, ALICE).unwrap()
}

#[ink::test]
fn a_deficit_costs_a_penalty_and_goes_on() {
    let mut data = short();
    let (settled, imposed) = settle(&mut data, 1);
    let expected = PeriodSettled {
        period: 1,
        account: ALICE,
        verified: 1_500,
        surrendered: 1_000,
        brought_deficit: 0,
        brought_surplus: 0,
        deficit: 500,
        surplus: 0,
        timely: false,
        rating: 0,
    };
    assert_eq!(settled, expected);
    // Half a credit.
    let expected = PenaltyImposed { period: 1, account: ALICE, deficit: 500, amount: 250 };
    assert_eq!(imposed, Some(expected));
    let settlement = Settlement { deficit: 500, penalty: 250, ..Settlement::default() };
    assert_eq!(data.duty(1, ALICE).settlement, Some(settlement));
    let standing =
        Standing { next: Some(2), settled: 1, penalties: 1, deficit: 500, ..Standing::default() };
    assert_eq!(data.standing(ALICE), standing);

    assert_eq!(data.pay_penalty(COLLECTOR, SET, 1, ALICE, his), Err(Error::SelfPayment));
    let asks = |of| {
        assert_eq!(of, COLLECTOR);
        Err(CallFailed)
    };
    assert_eq!(data.pay_penalty(BOB, SET, 1, ALICE, asks), Err(Error::ParticipantsFailed));
    assert_eq!(data.duty(1, ALICE).settlement, Some(settlement), "a refusal changes nothing");
    let event = data.pay_penalty(BOB, SET, 1, ALICE, another).unwrap();
    let expected = PenaltyPaid {
        period: 1,
        account: ALICE,
        payer: BOB,
        collector: COLLECTOR,
        amount: 250,
        rating: 150,
    };
    assert_eq!(event, expected);
    assert_eq!(data.standing(ALICE), Standing { paid: 1, ..standing }, "the deficit stays");
    let paid = Settlement { paid: true, ..settlement };
    assert_eq!(data.duty(1, ALICE).settlement, Some(paid));
    for payer in [BOB, COLLECTOR] {
        assert_eq!(data.pay_penalty(payer, SET, 1, ALICE, another), Err(Error::AlreadyPaid));
    }

    // The second period has to make up for it.
    data.surrender(ALICE, 1_500, false, 2, 1, 700).unwrap();
    reported(&mut data, 2, ALICE, 200);
    let (settled, imposed) = settle(&mut data, 2);
    assert_eq!((settled.brought_deficit, settled.deficit, settled.surplus), (500, 0, 0));
    assert_eq!((settled.timely, imposed), (true, None));
    assert_eq!(data.standing(ALICE).deficit, 0);
}

#[ink::test]
fn a_surplus_goes_on_too() {
    let mut data = short();
    data.surrender(ALICE, 600, false, 1, 1, 800).unwrap();
    let (settled, imposed) = settle(&mut data, 1);
    assert_eq!((settled.deficit, settled.surplus, settled.rating), (0, 300, 1_000));
    assert_eq!(imposed, None);
    assert_eq!(data.pay_penalty(ALICE, SET, 1, ALICE, another), Err(Error::NoPenalty));

    reported(&mut data, 2, ALICE, 100);
    let (settled, _) = settle(&mut data, 2);
    assert_eq!((settled.brought_surplus, settled.deficit, settled.surplus), (300, 0, 200));
    assert!(settled.timely, "there was nothing to surrender");
    reported(&mut data, 3, ALICE, 201);
    let (settled, imposed) = settle(&mut data, 3);
    assert_eq!((settled.brought_surplus, settled.deficit, settled.surplus), (200, 1, 0));
    // One unit of a thousand at 500, rounded up.
    assert_eq!(imposed.unwrap().amount, 1);
}

#[ink::test]
fn what_is_late_is_not_timely() {
    let mut data = periods();
    let last = settle_from(1) - 1;
    let mut timely = |account, reported_at, surrendered_at: &[u64]| {
        allocated(&mut data, 1, account, 100);
        for at in surrendered_at {
            data.surrender(account, *at, false, 1, 1, 10).unwrap();
        }
        let emissions = 10 * surrendered_at.len() as u128;
        let new = NewReport { period: 1, account, emissions, report: [6; 32] };
        data.report_emissions(VERIFIER, reported_at, true, true, new).unwrap();
        // A correction may be late.
        data.report_emissions(VERIFIER, 9_000, true, true, new).unwrap();
        let (settled, _) = data.settle_period(9_000, 1, account).unwrap();
        assert_eq!(settled.deficit, 0);
        assert_eq!(data.standing(account).timely, u32::from(settled.timely));
        assert_eq!(settled.rating, if settled.timely { 1_000 } else { 750 });
        settled.timely
    };
    assert!(timely(ALICE, last, &[last]));
    assert!(timely(BOB, last, &[]));
    assert!(timely(CAROL, 1_000, &[0, last]));
    assert!(!timely(OPERATOR, last + 1, &[last]));
    assert!(!timely(ISSUER, last, &[last + 1]));
    assert!(!timely(COLLECTOR, last, &[0, last + 1]));
}

#[ink::test]
fn settlements_refuse_in_order() {
    let mut data = short();
    let refused = |data: &mut Data, now, period, account, error| {
        assert_eq!(data.settle_period(now, period, account), Err(error));
    };
    refused(&mut data, 0, 9, BOB, Error::UnknownPeriod);
    refused(&mut data, 0, 1, BOB, Error::NotEmitter);
    refused(&mut data, 0, 2, ALICE, Error::NotNext);
    refused(&mut data, settle_from(1) - 1, 1, ALICE, Error::TooEarly);
    settle(&mut data, 1);
    refused(&mut data, 0, 1, ALICE, Error::AlreadySettled);
    refused(&mut data, 0, 3, ALICE, Error::NotNext);
    refused(&mut data, 0, 2, ALICE, Error::TooEarly);
    refused(&mut data, settle_from(2), 2, ALICE, Error::NotReported);
    // A surrender is no report.
    data.surrender(ALICE, 500, false, 2, 1, 1_000).unwrap();
    refused(&mut data, settle_from(2), 2, ALICE, Error::NotReported);

    // A period before the first that he takes part in is not next either.
    allocated(&mut data, 3, BOB, 10);
    refused(&mut data, 0, 1, BOB, Error::NotNext);
}

#[ink::test]
fn penalties_refuse_in_order() {
    let mut data = short();
    assert_eq!(data.pay_penalty(BOB, SET, 9, ALICE, another), Err(Error::NoPenalty));
    assert_eq!(data.pay_penalty(BOB, SET, 1, ALICE, another), Err(Error::NoPenalty), "not settled");
    settle(&mut data, 1);
    assert_eq!(data.pay_penalty(BOB, SET, 1, BOB, another), Err(Error::NoPenalty));
    assert_eq!(data.pay_penalty(BOB, SET, 2, ALICE, another), Err(Error::NoPenalty));
    // To whoever collects now.
    data.set_penalty(SET, 9, CAROL).unwrap();
    let mut pay =
        |payer, now| data.pay_penalty(payer, now, 1, ALICE, |collector| Ok(collector == payer));
    assert_eq!(pay(COLLECTOR, 2 * SET - 1), Err(Error::SelfPayment));
    assert_eq!(pay(CAROL, 2 * SET), Err(Error::SelfPayment));
    let event = pay(BOB, 2 * SET).unwrap();
    assert_eq!((event.collector, event.amount), (CAROL, 250));
}

#[ink::test]
fn a_penalty_is_rounded_up_and_stops_at_the_greatest_amount() {
    let amount = |account, tariff, emissions| {
        let mut data = data();
        data.set_penalty(0, tariff, COLLECTOR).unwrap();
        data.set_period(SET, true, 0, 1_000, 1).unwrap();
        reported(&mut data, 1, account, emissions);
        let (_, imposed) = data.settle_period(settle_from(1), 1, account).unwrap();
        imposed.unwrap().amount
    };
    assert_eq!(amount(ALICE, 1, 1), 1);
    assert_eq!(amount(BOB, 1, 1_000), 1);
    assert_eq!(amount(CAROL, 1, 1_001), 2);
    assert_eq!(amount(OPERATOR, u128::MAX, 1), u128::MAX / 1_000 + 1);
    assert_eq!(amount(ISSUER, u128::MAX, u128::from(u64::MAX)), u128::MAX / 1_000 + 1);
}

/// What an account lacks or has left over is all that it surrendered less all that was verified.
#[ink::test]
fn a_deficit_is_never_erased() {
    let mut data = periods();
    allocated(&mut data, 1, ALICE, 10_000);
    let (mut surrendered, mut verified) = (0, 0);
    for (period, cover, emissions) in [(1, 10, 700), (2, 3_000, 900), (3, 1, 2_000)] {
        data.surrender(ALICE, 0, false, period, 1, cover).unwrap();
        reported(&mut data, period, ALICE, emissions);
        let (settled, imposed) = settle(&mut data, period);
        if imposed.is_some() {
            data.pay_penalty(ALICE, SET, period, ALICE, another).unwrap();
        }
        surrendered += cover;
        verified += emissions;
        let standing = data.standing(ALICE);
        assert_eq!(standing.deficit, verified.saturating_sub(surrendered));
        assert_eq!(standing.surplus, surrendered.saturating_sub(verified));
        assert_eq!((settled.deficit, settled.surplus), (standing.deficit, standing.surplus));
    }
    assert_eq!(data.standing(ALICE).deficit, 589);
}
