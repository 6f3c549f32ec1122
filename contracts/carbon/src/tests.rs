//! The rules of carbon, and what of the shell needs no other contract.

mod compliance;
mod escrow;
mod freezes;
mod holdings;
mod rating;
mod registry;
mod settlement;
mod shell;

use crate::compliance::{Allocation, NewReport};
use crate::data::{Answer, Data, ALLOWANCES, ZERO};
use crate::errors::CarbonError as Error;
use crate::registry::NewBatch;
use crate::types::*;
use assent_events::carbon::*;
use assent_governance::{Next, Scheduled};
use assent_traits::CallFailed;
use ink::primitives::AccountId;
use ink::scale::Encode;

const REGULATOR: AccountId = AccountId([1; 32]);
const ISSUER: AccountId = AccountId([2; 32]);
const VERIFIER: AccountId = AccountId([3; 32]);
const ALICE: AccountId = AccountId([4; 32]);
const BOB: AccountId = AccountId([5; 32]);
const CAROL: AccountId = AccountId([6; 32]);
const OPERATOR: AccountId = AccountId([7; 32]);
const COLLECTOR: AccountId = AccountId([8; 32]);
const REASON: [u8; 32] = [9; 32];
/// Milliseconds; so is all that is a time.
const COMPLIANCE: u64 = 100;
const TIMES: Times = Times { delay: 1_000, compliance: COMPLIANCE };
/// First moment at which a penalty holds that is set at 0.
const SET: u64 = TIMES.delay;
/// Token base units per credit.
const TARIFF: u128 = 500;

/// Who pays is another than the collector.
fn another(_: AccountId) -> Answer {
    Ok(false)
}

/// Who pays is the collector, or has a key of his.
fn his(collector: AccountId) -> Answer {
    assert_eq!(collector, COLLECTOR);
    Ok(true)
}

fn data() -> Data {
    Data::new(TIMES).unwrap().0
}

/// Project 1 of class 2, of [`ISSUER`].
fn project() -> Data {
    let mut data = data();
    data.create_class(true, true, ISSUER, [1; 32]).unwrap();
    data.create_project(ISSUER, true, 2, CAROL, [2; 32]).unwrap();
    data
}

fn new_batch(serial_start: u128, serial_end: u128) -> NewBatch {
    NewBatch { project: 1, serial_start, serial_end, vintage_start: 10, vintage_end: 20 }
}

/// Batches 1 and 2 of 1,000 units each, of which [`ALICE`] has 100 and 10.
fn credits() -> Data {
    let mut data = project();
    data.create_batch(ISSUER, true, new_batch(1, 1_000)).unwrap();
    data.create_batch(ISSUER, true, new_batch(1_001, 2_000)).unwrap();
    data.issue(ISSUER, true, 1, ALICE, 100).unwrap();
    data.issue(ISSUER, true, 2, ALICE, 10).unwrap();
    data
}

/// Periods 1 to 3 of 1,000 ms each, with batches of 10,000 allowances that have their numbers.
fn periods() -> Data {
    let mut data = data();
    data.set_penalty(0, TARIFF, COLLECTOR).unwrap();
    for start in [0, 1_000, 2_000] {
        data.set_period(SET, true, start, start + 1_000, 10_000).unwrap();
    }
    data
}

/// [`TARIFF`], as [`periods`] sets it.
fn penalty() -> Scheduled<Option<Penalty>> {
    let value = Some(Penalty { tariff: TARIFF, collector: COLLECTOR });
    Scheduled { value: None, next: Some(Next { value, from: SET }) }
}

/// First moment at which a period of [`periods`] may be settled.
fn settle_from(period: u64) -> u64 {
    period * 1_000 + COMPLIANCE
}

fn allocated(data: &mut Data, period: u64, account: AccountId, amount: u128) {
    let new = Allocation { period, account, amount };
    data.allocate(REGULATOR, 0, true, true, new).unwrap();
}

/// Reports at the end of the period.
fn reported(data: &mut Data, period: u64, account: AccountId, emissions: u128) {
    let new = NewReport { period, account, emissions, report: [6; 32] };
    data.report_emissions(VERIFIER, period * 1_000, true, true, new).unwrap();
}

fn tradable(data: &Data, batch: u64) -> [u128; 3] {
    [ALICE, BOB, CAROL].map(|owner| data.balance_of(batch, owner).tradable)
}

/// The totals of a batch are the sums of its accounts, and nothing is left over.
fn assert_balanced(data: &Data, batch: u64) {
    let accounts = [REGULATOR, ISSUER, VERIFIER, ALICE, BOB, CAROL, OPERATOR, COLLECTOR];
    let holdings = accounts.map(|account| data.balance_of(batch, account));
    let sum = |part: fn(&Holding) -> u128| holdings.iter().map(part).sum::<u128>();
    let totals = Totals {
        issued: sum(|h| h.tradable + h.escrowed + h.retired + h.surrendered + h.cancelled),
        escrowed: sum(|h| h.escrowed),
        retired: sum(|h| h.retired),
        surrendered: sum(|h| h.surrendered),
        cancelled: sum(|h| h.cancelled),
    };
    assert_eq!(data.totals(batch), totals);
}

/// A value is read and written with its key through a buffer of 16 KiB, and a list is read from it.
#[ink::test]
fn values_and_lists_are_small() {
    let most = u128::MAX;
    let settlement = Settlement { penalty: most, paid: true, ..Settlement::default() };
    let duty = Duty {
        reported_at: Some(1),
        surrendered_at: Some(1),
        settlement: Some(settlement),
        ..Duty::default()
    };
    let batch = Batch {
        class: 1,
        project: Some(1),
        period: Some(1),
        serial_start: 1,
        serial_end: most,
        vintage_start: 0,
        vintage_end: 1,
        sealed: true,
    };
    let period = Period { batch: 1, start: 0, end: 1, settle_from: 2, cap: most, tariff: most };
    let report = Report { emissions: most, report: REASON, verifier: ALICE, at: 1 };
    let class = Class { issuer: Some(ISSUER), metadata: REASON, last_serial: most };
    for size in [
        class.encoded_size(),
        Project { class: 1, owner: ALICE, metadata: REASON }.encoded_size(),
        batch.encoded_size(),
        Totals::default().encoded_size(),
        Holding::default().encoded_size(),
        Scheduled { value: penalty().at(SET), ..penalty() }.encoded_size(),
        period.encoded_size(),
        report.encoded_size(),
        duty.encoded_size(),
        Standing { next: Some(1), ..Standing::default() }.encoded_size(),
        Counts::default().encoded_size(),
        TIMES.encoded_size(),
        (ALICE, BOB, 1_u64).encoded_size(),
    ] {
        assert!((1..1_024).contains(&size), "{size}");
    }
    let items = vec![Item { batch: u64::MAX, amount: most }; crate::holdings::MAX_BATCH];
    // After the selector.
    assert!((ALICE, items).encoded_size() < 16 * 1_024 - 4);
}
