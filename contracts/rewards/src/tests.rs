//! The rules of rewards, and what of the shell needs no other contract.

mod accounts;
mod accrual;
mod budgets;
mod money;
mod pots;
mod shell;
mod tariffs;

use crate::accounts::Statement;
use crate::accrual::{Access, Booking};
use crate::data::{Data, Times, Totals, MAX_PERIOD, SCHEMA_VERSION};
use crate::errors::RewardsError as Error;
use crate::pots::Pot;
use crate::tariffs::Tariff;
use assent_events::{purpose, rewards::*};
use assent_traits::rewards::{Accrual, AccrueError};
use ink::primitives::AccountId;

const CONSENT: AccountId = AccountId([8; 32]);
const ADMIN: AccountId = AccountId([9; 32]);
const TOKEN: AccountId = AccountId([7; 32]);
const PARTICIPANTS: AccountId = AccountId([10; 32]);
/// This contract.
const CONTRACT: AccountId = AccountId([6; 32]);
/// Data owners.
const ALICE: AccountId = AccountId([1; 32]);
const DAVE: AccountId = AccountId([4; 32]);
/// Requesters.
const BOB: AccountId = AccountId([2; 32]);
const CAROL: AccountId = AccountId([3; 32]);
/// A sponsor.
const SPONSOR: AccountId = AccountId([5; 32]);
const ZERO: AccountId = AccountId([0; 32]);
const PERIOD: u64 = 100;
/// Later than whatever is set at the beginning.
const NOW: u64 = 1_000;
const TREATMENT: u8 = purpose::TREATMENT;
const RESEARCH: u8 = purpose::RESEARCH;

/// An access for treatment earns 10, one for research 10, without which it is refused.
fn data() -> Data {
    let mut data = Data::new(PERIOD).unwrap();
    data.set_consent(CONSENT).unwrap();
    for (purpose, required) in [(TREATMENT, false), (RESEARCH, true)] {
        data.set_tariff(0, 0, purpose, Tariff { amount: 10, required }).unwrap();
    }
    data
}

/// As [`data`], with 100 in the budget of [`BOB`].
fn funded() -> Data {
    let mut data = data();
    data.fund(BOB, BOB, 100).unwrap();
    data
}

/// As [`data`], with 100 in the pot of research, 25 a requester.
fn sponsored() -> Data {
    let mut data = data();
    data.set_sponsor(RESEARCH, Some(SPONSOR)).unwrap();
    data.sponsor(SPONSOR, RESEARCH, 100, 25).unwrap();
    data
}

/// An access of [`BOB`] to data of [`ALICE`] for research.
fn access(number: u64) -> Access {
    Access { owner: ALICE, requester: BOB, purpose: RESEARCH, number }
}

/// What the consent contract is told of an access.
#[track_caller]
fn accrued(data: &mut Data, now: u64, access: Access) -> Accrual {
    data.accrue(CONSENT, now, false, access).unwrap().answer()
}

/// What the pot of research holds.
fn pot(data: &Data) -> u128 {
    data.pot(RESEARCH).unwrap().balance
}

fn totals(budgets: u128, pots: u128, owed: u128, paid: u128) -> Totals {
    Totals { budgets, pots, owed, paid }
}

#[ink::test]
fn the_period_has_bounds() {
    for period in [0, MAX_PERIOD + 1, u64::MAX] {
        assert_eq!(Data::new(period).err(), Some(Error::InvalidPeriod));
    }
    for period in [1, MAX_PERIOD] {
        assert_eq!(Data::new(period).unwrap().period(), period);
    }
    assert_eq!(MAX_PERIOD, 31_622_400_000);
}

#[ink::test]
fn the_consent_contract_is_named_once() {
    let mut data = Data::new(PERIOD).unwrap();
    assert_eq!(data.consent(), None);
    let early = data.accrue(CONSENT, NOW, false, access(1));
    assert_eq!(early, Err(AccrueError::NotConsent), "nobody accrues before it is named");
    assert_eq!(data.set_consent(CONSENT), Ok(ConsentSet { consent: CONSENT }));
    assert_eq!(data.set_consent(ALICE), Err(Error::AlreadySet));
    assert_eq!(data.set_consent(CONSENT), Err(Error::AlreadySet));
    assert_eq!(data.consent(), Some(CONSENT));
}
