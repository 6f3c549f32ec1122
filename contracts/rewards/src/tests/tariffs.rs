//! Tariffs.

use super::*;
use assent_governance::{Next, Scheduled};

const NONE: Tariff = Tariff { amount: 0, required: false };
const FIVE: Tariff = Tariff { amount: 5, required: true };
const SIX: Tariff = Tariff { amount: 6, required: false };

#[ink::test]
fn a_tariff_is_for_a_purpose() {
    let mut data = Data::new(PERIOD).unwrap();
    for purpose in [32, u8::MAX] {
        assert_eq!(data.set_tariff(NOW, 10, purpose, FIVE), Err(Error::UnknownPurpose));
    }
    let event = data.set_tariff(NOW, 10, 31, FIVE).unwrap();
    let (amount, required) = (5, true);
    assert_eq!(event, TariffSet { purpose: 31, amount, required, from: NOW + 10 });
    assert_eq!(data.tariff(31).at(NOW + 10), FIVE);
    for purpose in [TREATMENT, RESEARCH, 32] {
        assert_eq!(data.tariff(purpose), Scheduled::default());
        assert_eq!(data.tariff(purpose).at(u64::MAX), NONE);
    }
}

#[ink::test]
fn a_tariff_waits_for_the_delay() {
    let mut data = Data::new(PERIOD).unwrap();
    data.set_tariff(NOW, 10, RESEARCH, FIVE).unwrap();
    let next = Some(Next { value: FIVE, from: NOW + 10 });
    assert_eq!(data.tariff(RESEARCH), Scheduled { value: NONE, next });
    assert_eq!(data.tariff(RESEARCH).at(NOW + 9), NONE);

    // What has not taken effect is replaced, and waits anew.
    data.set_tariff(NOW + 9, 10, RESEARCH, SIX).unwrap();
    let next = Some(Next { value: SIX, from: NOW + 19 });
    assert_eq!(data.tariff(RESEARCH), Scheduled { value: NONE, next });

    // What has taken effect holds until the next one does.
    data.set_tariff(NOW + 19, 10, RESEARCH, FIVE).unwrap();
    let next = Some(Next { value: FIVE, from: NOW + 29 });
    assert_eq!(data.tariff(RESEARCH), Scheduled { value: SIX, next });
    assert_eq!(data.tariff(RESEARCH).at(NOW + 28), SIX);
    assert_eq!(data.tariff(RESEARCH).at(NOW + 29), FIVE);
}

#[ink::test]
fn an_access_earns_what_the_tariff_is_at_that_moment() {
    let mut data = funded();
    data.set_tariff(NOW, 10, RESEARCH, SIX).unwrap();
    assert_eq!(accrued(&mut data, NOW + 9, access(1)), Accrual::Earned(10));
    let other = Access { owner: DAVE, ..access(2) };
    assert_eq!(accrued(&mut data, NOW + 10, other), Accrual::Earned(6));
}

#[ink::test]
fn care_never_waits_for_money() {
    let mut data = Data::new(PERIOD).unwrap();
    let refused = data.set_tariff(NOW, 10, TREATMENT, FIVE);
    assert_eq!(refused, Err(Error::RequiredForCare));
    let free = Tariff { amount: 0, required: true };
    assert_eq!(data.set_tariff(NOW, 10, TREATMENT, free), Err(Error::RequiredForCare));
    assert_eq!(data.tariff(TREATMENT), Scheduled::default());
    data.set_tariff(NOW, 10, TREATMENT, SIX).unwrap();
}
