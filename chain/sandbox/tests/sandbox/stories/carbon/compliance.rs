//! Emitters over several periods: what is missing or left over goes on, what is missing costs money,
//! and both make the rating.

use assent_interface::governance::Scheduled;
use assent_interface::{carbon, market};
use assent_sandbox::Account;
use assent_sandbox::ledger::{
    AUDITOR, COLLECTOR, Duty, EMITTER, FACTORY, LIMITS, Ledger, Penalty, Period, Report, STRANGER,
    Settlement, Standing, TARIFF, VERIFIER,
};

use super::{money, totals, tradable};

/// The rating of an account, after a look whether it follows from where the account stands.
#[track_caller]
pub fn rating(ledger: &mut Ledger, account: Account) -> u16 {
    let rating: u16 = ledger.view("carbon", carbon::RATING, &account);
    let Standing { settled, compliant, timely, penalties, paid, .. } =
        ledger.view("carbon", carbon::STANDING, &account);
    let expected = match (settled, penalties) {
        (0, _) => 500,
        (_, 0) => 600 * compliant / settled + 250 * timely / settled + 150,
        _ => 600 * compliant / settled + 250 * timely / settled + 150 * paid / penalties,
    };
    assert_eq!(u32::from(rating), expected);
    let both: (u16, u16) = ledger.view("carbon", carbon::RATINGS, &(account, STRANGER));
    assert_eq!(both, (rating, 500));
    rating
}

/// What an account emits in a period and does about it.
struct Year {
    allocated: u128,
    verified: u128,
    surrendered: u128,
    /// Whether the report comes after the time for it.
    late: bool,
}

impl Year {
    /// A new period with all that comes before its settlement.
    #[track_caller]
    fn pass(&self, ledger: &mut Ledger, account: Account) -> u64 {
        let period = ledger.period();
        if self.allocated > 0 {
            ledger.allocate(period, account, self.allocated);
        }
        ledger.end_period();
        if self.surrendered > 0 {
            ledger.surrender(period, account, self.surrendered);
        }
        if self.late {
            ledger.settle_time();
        }
        ledger.report(period, account, self.verified);
        ledger.settle_time();
        period
    }
}

/// Settles a period and gives how, after a look whether what is missing or left over is all that was
/// surrendered less all that was verified.
#[track_caller]
pub fn settle(ledger: &mut Ledger, period: u64, account: Account) -> Settlement {
    let settled = ledger.done(STRANGER, "carbon", carbon::SETTLE_PERIOD, &(period, account));
    let duty: Duty = ledger.view("carbon", carbon::DUTY, &(period, account));
    let settlement = duty.settlement.expect("it is settled");
    assert_eq!(settled.value::<u128>(), settlement.deficit);
    let fined = settlement.deficit > 0;
    let events: &[&str] =
        if fined { &["PeriodSettled", "PenaltyImposed"] } else { &["PeriodSettled"] };
    assert_eq!(ledger.event_names(&settled), events);
    let (mut verified, mut surrendered) = (0, 0);
    for period in 1..=period {
        let duty: Duty = ledger.view("carbon", carbon::DUTY, &(period, account));
        verified += duty.verified;
        surrendered += duty.surrendered;
    }
    let standing: Standing = ledger.view("carbon", carbon::STANDING, &account);
    assert_eq!(standing.surplus + verified, standing.deficit + surrendered);
    assert!(standing.deficit == 0 || standing.surplus == 0);
    assert_eq!(standing.next, Some(period + 1));
    settlement
}

/// The emitter pays for a period, and the collector gets it.
#[track_caller]
fn pay(ledger: &mut Ledger, period: u64, amount: u128) {
    let penalty: Scheduled<Option<Penalty>> = ledger.view("carbon", carbon::PENALTY, &());
    let due = penalty.next.filter(|next| next.from <= ledger.sandbox.now());
    let penalty = due.map_or(penalty.value, |next| next.value);
    let collector = penalty.expect("it is set").collector;
    let carbon = ledger.carbon.address;
    let before = money(ledger, collector);
    ledger.money(EMITTER, amount, carbon);
    let standing: Standing = ledger.view("carbon", carbon::STANDING, &EMITTER);
    let paid = ledger.done(EMITTER, "carbon", carbon::PAY_PENALTY, &(period, EMITTER));
    assert_eq!(ledger.event_names(&paid), ["PenaltyPaid", "Approval", "Transfer"]);
    assert_eq!((money(ledger, EMITTER), money(ledger, collector)), (0, before + amount));
    // It makes up for nothing.
    let after: Standing = ledger.view("carbon", carbon::STANDING, &EMITTER);
    assert_eq!(after, Standing { paid: standing.paid + 1, ..standing });
    let again = (period, EMITTER);
    ledger.refused(EMITTER, "carbon", carbon::PAY_PENALTY, &again, "AlreadyPaid");
}

/// How large an order of an account may be.
fn limit(ledger: &mut Ledger, account: Account) -> u128 {
    ledger.view("market", market::LIMIT_OF, &account)
}

#[test]
fn a_deficit_goes_on_from_period_to_period_until_it_is_covered() {
    let mut ledger = Ledger::new();
    assert_eq!(rating(&mut ledger, EMITTER), 500);
    assert_eq!(limit(&mut ledger, EMITTER), 550_000);

    // 500 short, which costs a base unit each.
    let year = Year { allocated: 1_000, verified: 1_500, surrendered: 1_000, late: false };
    let first = year.pass(&mut ledger, EMITTER);
    let settlement = settle(&mut ledger, first, EMITTER);
    let short = Settlement {
        brought_deficit: 0,
        brought_surplus: 0,
        deficit: 500,
        surplus: 0,
        timely: false,
        penalty: 500,
        paid: false,
    };
    assert_eq!(settlement, short);
    assert_eq!(rating(&mut ledger, EMITTER), 0);
    assert_eq!(limit(&mut ledger, EMITTER), LIMITS.floor);
    pay(&mut ledger, first, 500);
    assert_eq!(rating(&mut ledger, EMITTER), 150);
    assert_eq!(limit(&mut ledger, EMITTER), LIMITS.floor + 135_000);

    // The tariff of a period is that of the day when it was set, the collector that of today.
    let second = ledger.period();
    ledger.penalty(2_500u128, AUDITOR);
    ledger.allocate(second, EMITTER, 1_000);
    ledger.end_period();
    ledger.surrender(second, EMITTER, 1_000);
    ledger.report(second, EMITTER, 1_201);
    ledger.settle_time();
    let of: Option<Period> = ledger.view("carbon", carbon::PERIOD, &second);
    assert_eq!(of.map(|period| period.tariff), Some(TARIFF));
    let settlement = settle(&mut ledger, second, EMITTER);
    let shorter = Settlement { brought_deficit: 500, deficit: 701, penalty: 701, ..short };
    assert_eq!(settlement, shorter);
    assert_eq!(rating(&mut ledger, EMITTER), 75);

    // 703 units at 2.5 each, rounded up; what was paid for before is paid for again.
    let year = Year { allocated: 1_000, verified: 1_002, surrendered: 1_000, late: false };
    let third = year.pass(&mut ledger, EMITTER);
    let settlement = settle(&mut ledger, third, EMITTER);
    let shortest = Settlement { brought_deficit: 701, deficit: 703, penalty: 1_758, ..short };
    assert_eq!(settlement, shortest);
    assert_eq!(rating(&mut ledger, EMITTER), 50);

    // All of it is covered, and 299 are left.
    let year = Year { allocated: 3_000, verified: 998, surrendered: 2_000, late: false };
    let fourth = year.pass(&mut ledger, EMITTER);
    let settlement = settle(&mut ledger, fourth, EMITTER);
    let covered = Settlement {
        brought_deficit: 703,
        deficit: 0,
        surplus: 299,
        timely: true,
        penalty: 0,
        ..short
    };
    assert_eq!(settlement, covered);
    assert_eq!(rating(&mut ledger, EMITTER), 150 + 62 + 50);
    pay(&mut ledger, second, 701);
    assert_eq!(rating(&mut ledger, EMITTER), 150 + 62 + 100);
    assert_eq!((money(&mut ledger, COLLECTOR), money(&mut ledger, AUDITOR)), (500, 701));

    // What is left covers the next one without anything surrendered, in time.
    let year = Year { allocated: 0, verified: 299, surrendered: 0, late: false };
    let fifth = year.pass(&mut ledger, EMITTER);
    let settlement = settle(&mut ledger, fifth, EMITTER);
    let balanced =
        Settlement { brought_surplus: 299, timely: true, deficit: 0, penalty: 0, ..short };
    assert_eq!(settlement, balanced);
    // 600 * 2 / 5, 250 * 2 / 5, 150 * 2 / 3.
    assert_eq!(rating(&mut ledger, EMITTER), 240 + 100 + 100);
    pay(&mut ledger, third, 1_758);
    assert_eq!(rating(&mut ledger, EMITTER), 240 + 100 + 150);
    assert_eq!(limit(&mut ledger, EMITTER), LIMITS.floor + 441_000);
    for period in [fourth, fifth, fifth + 1] {
        ledger.refused(EMITTER, "carbon", carbon::PAY_PENALTY, &(period, EMITTER), "NoPenalty");
    }
    // The 1,000 that he did not surrender are his to sell.
    let allowances = ledger.allowances(fourth);
    assert_eq!(tradable(&mut ledger, allowances, EMITTER), 1_000);
    for period in first..=fifth {
        let batch = ledger.allowances(period);
        totals(&mut ledger, batch);
    }
}

#[test]
fn who_covers_late_is_rated_lower_than_who_does_in_time() {
    let mut ledger = Ledger::new();
    let in_time = Year { allocated: 100, verified: 100, surrendered: 100, late: false };
    let late = Year { late: true, ..in_time };

    let period = in_time.pass(&mut ledger, EMITTER);
    assert!(settle(&mut ledger, period, EMITTER).timely);
    assert_eq!(rating(&mut ledger, EMITTER), 1_000);
    assert_eq!(limit(&mut ledger, EMITTER), LIMITS.ceiling);
    let period = late.pass(&mut ledger, EMITTER);
    assert!(!settle(&mut ledger, period, EMITTER).timely);
    assert_eq!(rating(&mut ledger, EMITTER), 600 + 125 + 150);

    // A report that is corrected late was still in time; what is surrendered late was not.
    let period = ledger.period();
    for account in [EMITTER, FACTORY] {
        ledger.allocate(period, account, 100);
    }
    ledger.end_period();
    ledger.surrender(period, EMITTER, 100);
    for account in [EMITTER, FACTORY] {
        ledger.report(period, account, 70);
    }
    ledger.settle_time();
    for account in [EMITTER, FACTORY] {
        ledger.report(period, account, 100);
    }
    ledger.surrender(period, FACTORY, 100);
    assert!(settle(&mut ledger, period, EMITTER).timely);
    assert_eq!(rating(&mut ledger, EMITTER), 600 + 166 + 150);
    let settlement = settle(&mut ledger, period, FACTORY);
    assert_eq!((settlement.deficit, settlement.timely), (0, false));
    assert_eq!(rating(&mut ledger, FACTORY), 600 + 150);
    for (version, emissions) in [(1u32, 70), (2, 100)] {
        let report: Option<Report> =
            ledger.view("carbon", carbon::REPORT, &(period, FACTORY, version));
        let report = report.expect("each version is kept");
        assert_eq!((report.emissions, report.verifier), (emissions, VERIFIER));
    }
    // The second period was none of his, and he may not go back to it.
    let standing: Standing = ledger.view("carbon", carbon::STANDING, &FACTORY);
    assert_eq!((standing.settled, standing.next), (1, Some(period + 1)));
    let before = (period - 1, FACTORY);
    ledger.refused(STRANGER, "carbon", carbon::SETTLE_PERIOD, &before, "NotNext");
}
