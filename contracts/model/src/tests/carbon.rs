//! Stories of carbon and of the market, worlds that are broken there, and what random steps meet.

use super::{meets, started};
use crate::{
    arbitrary::{self, Mix, HOUR, START},
    Account, Answer, Change, OrderStatus, World,
};

const END: u64 = START + 50 * HOUR;
const DUE: u64 = START + 70 * HOUR;

fn accounts() -> [Account; 8] {
    arbitrary::setup().accounts.try_into().unwrap()
}

fn money<const N: usize>(world: &World, accounts: [Account; N]) -> [u128; N] {
    accounts.map(|account| world.token.balance(&account))
}

#[test]
fn a_sale_pays_the_seller_and_the_collector_and_delivers() {
    let mut world = started();
    let [_, seller, buyer, .., collector] = accounts();
    let parties = [seller, buyer, collector];
    let [before, paid, fees] = money(&world, parties);

    assert_eq!(world.fill(seller, START, seller, 1, 5_000, 100), Err("SelfTrade"));
    assert_eq!(world.fill(buyer, START, buyer, 1, 5_000, 99), Err("TooExpensive"));
    assert_eq!(world.fill(buyer, START, buyer, 1, 5_001, 200), Err("ExceedsOrder"));
    assert_eq!(world.fill(buyer, START + 30 * HOUR, buyer, 1, 1, 1), Err("Expired"));
    // A unit costs 0.02, rounded up.
    assert_eq!(world.fill(buyer, START, buyer, 1, 1, 1), Ok(Answer::Amount(1)));
    assert_eq!(world.fill(buyer, START, buyer, 1, 4_999, 100), Ok(Answer::Amount(100)));
    world.check_invariants().unwrap();
    assert_eq!(money(&world, parties), [before + 1 + 98, paid - 101, fees + 2]);
    assert_eq!(world.carbon.holding(1, &buyer).tradable, 5_000);
    assert_eq!(world.carbon.holding(1, &seller).escrowed, 0);
    assert_eq!(world.market.orders[&1].status, OrderStatus::Filled);
    assert_eq!(world.fill(buyer, START, buyer, 1, 1, 1), Err("OrderClosed"));
    assert_eq!(world.update_order(seller, START, 1, 1, 1, END), Err("OrderClosed"));
}

#[test]
fn a_refused_payment_delivers_nothing() {
    let mut world = started();
    let [administrator, _, buyer, ..] = accounts();
    world.token.freeze(administrator, buyer).unwrap();
    let before = world.clone();
    assert_eq!(world.fill(buyer, START, buyer, 2, 1_000, 50), Err("TokenFailed"));
    assert_eq!(world, before);
    world.freeze_account(administrator, buyer).unwrap();
    assert_eq!(world.fill(buyer, START, buyer, 2, 1_000, 50), Err("Frozen"));
    world.carbon.governance.paused = true;
    assert_eq!(world.fill(buyer, START, buyer, 2, 1_000, 50), Err("CarbonPaused"));
}

#[test]
fn orders_that_are_over_give_their_units_back() {
    let mut world = started();
    let [_, seller, _, other, ..] = accounts();
    let tradable = world.carbon.holding(1, &seller).tradable;
    let over = START + 30 * HOUR;
    assert_eq!(world.prune_expired(over - 1, &[1, 2]), Ok(Answer::Count(0)));
    assert_eq!(world.prune_expired(over, &[1, 1, 2, 7]), Ok(Answer::Count(1)));
    assert_eq!(world.prune_expired(over, &[1; 17]), Err("BatchSize"));
    assert_eq!(world.carbon.holding(1, &seller).tradable, tradable + 5_000);
    assert_eq!(world.market.orders[&1].status, OrderStatus::Expired);

    // More, less and as much; the fee is that of the moment.
    let later = over + HOUR;
    for amount in [20_500, 300, 300] {
        assert_eq!(world.update_order(other, over, 2, amount, 7, later), Ok(Answer::Nothing));
        assert_eq!(world.carbon.holding(1, &other).escrowed, amount);
        world.check_invariants().unwrap();
    }
    assert_eq!(world.update_order(other, over, 2, 50_501, 7, later), Err("SellerLimit"));
    assert_eq!(world.cancel_order(seller, over, 2), Err("NotAuthorized"));
    assert_eq!(world.cancel_order(other, later, 2), Ok(Answer::Nothing));
    assert_eq!(world.market.orders[&2].amount, 0);
    world.check_invariants().unwrap();
}

#[test]
fn a_deficit_costs_a_penalty_and_stays() {
    let mut world = started();
    let [_, emitter, _, _, verifier, .., collector] = accounts();
    let early = world.report_emissions(verifier, END - 1, 1, emitter, 9_000, [1; 32]);
    assert_eq!(early, Err("TooEarly"));
    let report = world.report_emissions(verifier, END, 1, emitter, 9_000, [1; 32]);
    assert_eq!(report, Ok(Answer::Nothing));
    assert_eq!(world.surrender(emitter, END, 1, 3, 1), Err("FuturePeriod"));
    assert_eq!(world.surrender(emitter, END, 1, 1, 1), Err("NotAllowance"));
    assert_eq!(world.surrender(emitter, DUE - 1, 1, 2, 9_000), Ok(Answer::Nothing));
    assert_eq!(world.settle_period(DUE - 1, 1, emitter), Err("TooEarly"));
    assert_eq!(world.carbon.rating(&emitter), 500);
    assert_eq!(world.settle_period(DUE, 1, emitter), Ok(Answer::Amount(0)));
    assert_eq!(world.carbon.rating(&emitter), 1_000);
    assert_eq!(world.settle_period(DUE, 1, emitter), Err("AlreadySettled"));
    assert_eq!(world.surrender(emitter, DUE, 1, 2, 1), Err("AlreadySettled"));
    assert_eq!(world.pay_penalty(emitter, DUE, 1, emitter), Err("NoPenalty"));

    let due = DUE + 50 * HOUR;
    assert_eq!(world.settle_period(due, 2, emitter), Err("NotReported"));
    world.report_emissions(verifier, due, 2, emitter, 20_001, [2; 32]).unwrap();
    assert_eq!(world.settle_period(due, 2, emitter), Ok(Answer::Amount(20_001)));
    assert_eq!(world.carbon.rating(&emitter), 425);
    world.check_invariants().unwrap();

    let [before, collected] = money(&world, [emitter, collector]);
    assert_eq!(world.pay_penalty(emitter, due, 2, emitter), Ok(Answer::Nothing));
    assert_eq!(money(&world, [emitter, collector]), [before - 801, collected + 801]);
    assert_eq!(world.pay_penalty(emitter, due, 2, emitter), Err("AlreadyPaid"));
    assert_eq!(world.carbon.rating(&emitter), 575);
    assert_eq!(world.carbon.standing(&emitter).deficit, 20_001);
    world.check_invariants().unwrap();
}

#[test]
fn a_broken_registry_or_market_is_noticed() {
    let mut world = started();
    let [_, one, emitter, _, verifier, ..] = accounts();
    world.fill(emitter, START, emitter, 1, 2_000, 40).unwrap();
    world.cancel_order(one, START, 1).unwrap();
    world.report_emissions(verifier, END, 1, one, 500, [1; 32]).unwrap();
    world.surrender(one, END, 1, 2, 400).unwrap();
    world.settle_period(DUE, 1, one).unwrap();
    world.pay_penalty(emitter, DUE, 1, one).unwrap();
    world.seal_batch(verifier, 1).unwrap();
    let broken = |damage: fn(&mut World)| {
        let mut world = world.clone();
        damage(&mut world);
        world.check_invariants().is_err()
    };
    assert!(!broken(|_| ()));
    let damages: [fn(&mut World); 30] = [
        |w| w.carbon.totals.get_mut(&1).unwrap().retired += 1,
        |w| w.carbon.totals.get_mut(&1).unwrap().issued -= 1,
        |w| w.carbon.batches.get_mut(&1).unwrap().serial_end = 300_000,
        |w| w.carbon.batches.get_mut(&1).unwrap().sealed = false,
        |w| w.carbon.classes.get_mut(&1).unwrap().last_serial += 1,
        |w| w.carbon.created[2].serial_start -= 1,
        |w| w.carbon.approvals.values_mut().for_each(|left| *left += 1),
        |w| w.carbon.escrows.values_mut().for_each(|held| *held += 1),
        |w| w.carbon.journal.truncate(3),
        |w| w.carbon.journal.last_mut().unwrap().movement.change = Change::Retired,
        |w| w.carbon.journal[0].to_is = None,
        |w| w.carbon.journal.iter_mut().for_each(|entry| entry.frozen = [true; 3]),
        |w| w.carbon.periods.get_mut(&1).unwrap().tariff += 1,
        |w| w.carbon.reports.values_mut().for_each(|report| report.emissions -= 1),
        |w| w.carbon.verified[0].report.verifier = w.setup.accounts[1],
        |w| w.carbon.duties.values_mut().for_each(|duty| duty.verified += 1),
        |w| w.carbon.duties.values_mut().for_each(|duty| duty.settlement = None),
        |w| w.carbon.settled[0].surrendered -= 1,
        |w| w.carbon.settled[0].at = END,
        |w| w.carbon.paid.clear(),
        |w| w.carbon.paid[0].after[1] -= 1,
        |w| w.carbon.standings.values_mut().for_each(|standing| standing.deficit = 0),
        |w| w.carbon.standings.values_mut().for_each(|standing| standing.compliant += 1),
        |w| w.market.orders.get_mut(&2).unwrap().amount -= 1,
        |w| w.market.orders.get_mut(&1).unwrap().status = OrderStatus::Open,
        |w| w.market.orders.get_mut(&2).unwrap().price += 1,
        |w| w.market.fills.clear(),
        |w| w.market.fills[0].quote.payment += 1,
        |w| w.market.fills[0].quote.fee += 1,
        |w| w.market.settings.fee.value.fee_bps = 501,
    ];
    for (number, damage) in damages.into_iter().enumerate() {
        assert!(broken(damage), "number {number} is not noticed");
    }
}

/// What the rules of carbon may refuse a random message for.
const CARBON: [&str; 44] = [
    "Paused",
    "NotAdministrator",
    "NotRegulator",
    "NotAdmitted",
    "NotIssuer",
    "NotEmitter",
    "NotVerifier",
    "UnknownClass",
    "AllowanceClass",
    "AlreadyIssuer",
    "UnknownProject",
    "InvalidRange",
    "InvalidVintage",
    "SerialsTaken",
    "SerialsExhausted",
    "UnknownBatch",
    "BatchSealed",
    "RangeExceeded",
    "ZeroAmount",
    "ZeroAccount",
    "SelfTransfer",
    "SelfApproval",
    "BatchSize",
    "Frozen",
    "AlreadyFrozen",
    "NotFrozen",
    "NotApproved",
    "InsufficientBalance",
    "InvalidPeriod",
    "UnknownPeriod",
    "CapExceeded",
    "TooEarly",
    "TooLate",
    "OwnReport",
    "TooLarge",
    "AlreadySettled",
    "NotAllowance",
    "FuturePeriod",
    "NotNext",
    "NotReported",
    "NoPenalty",
    "AlreadyPaid",
    "TokenFailed",
    "InsufficientEscrow",
];

/// What the market may refuse a random message for.
const MARKET: [&str; 25] = [
    "Paused",
    "InvalidLimits",
    "NotAdministrator",
    "FeeTooHigh",
    "ZeroAccount",
    "ZeroAmount",
    "ZeroPrice",
    "InvalidExpiry",
    "Overflow",
    "UnknownOrder",
    "NotAuthorized",
    "OrderClosed",
    "Expired",
    "SelfTrade",
    "ExceedsOrder",
    "TooExpensive",
    "SellerLimit",
    "BuyerLimit",
    "BatchSize",
    "CarbonPaused",
    "NotAdmitted",
    "Frozen",
    "NotApproved",
    "InsufficientBalance",
    "TokenFailed",
];

#[test]
fn random_steps_meet_every_refusal_of_carbon() {
    meets(Mix::CARBON, "carbon", &CARBON);
}

#[test]
fn random_steps_meet_every_refusal_of_the_market() {
    meets(Mix::MARKET, "market", &MARKET);
}

/// Account 7 is of the staff of account 3, which sells, with every power; account 4 buys nothing for it.
#[test]
fn the_staff_trades_for_its_organisation_and_not_on_both_sides() {
    let mut world = started();
    let [_, seller, _, organisation, buyer, _, stranger, staff] = accounts();
    let later = START + 50 * HOUR;
    for caller in [seller, stranger] {
        let refused = world.update_order(caller, START, 2, 20_000, 7, later);
        assert_eq!(refused, Err("NotAuthorized"));
        assert_eq!(world.cancel_order(caller, START, 2), Err("NotAuthorized"));
        let refused = world.fill(caller, START, organisation, 1, 1, 1);
        assert_eq!(refused, Err("NotAuthorized"));
    }
    assert_eq!(world.update_order(staff, START, 2, 20_000, 7, later), Ok(Answer::Nothing));
    assert_eq!(world.market.orders[&2].seller, organisation);
    // What he sells for his organisation he does not buy, for himself or for it.
    for party in [staff, organisation] {
        assert_eq!(world.fill(staff, START, party, 2, 1, 1), Err("SelfTrade"));
    }
    let person = Some([1; 32]);
    let trade = crate::power::TRADE;
    let admit = world.admit_member(buyer, START, stranger, trade, later, [1; 32]);
    assert_eq!(admit, Ok(Answer::Nothing));
    let agency = world.participants.agency(&buyer, &stranger, START);
    assert_eq!((agency.powers, agency.person), (trade, person));
    let [before, own] = money(&world, [buyer, stranger]);
    let bought = world.fill(stranger, START, buyer, 2, 1_000, 7);
    if before >= 7 && world.token.allowance(&buyer, &world.setup.addresses.market) >= 7 {
        assert_eq!(bought, Ok(Answer::Amount(7)), "with the money of whom he acts for");
        assert_eq!(money(&world, [buyer, stranger]), [before - 7, own]);
        assert_eq!(world.carbon.holding(1, &buyer).tradable, 1_000);
    }
    assert_eq!(world.fill(stranger, later, buyer, 2, 1, 1), Err("NotAuthorized"));
    assert_eq!(world.cancel_order(staff, START, 2), Ok(Answer::Nothing));
    world.check_invariants().unwrap();
}
