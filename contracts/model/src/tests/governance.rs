//! Stories of the government, and of what waits for the delay.

use super::{meets, started};
use crate::{
    arbitrary::{self, Mix, DEPLOYED, HOUR, START},
    Account, Answer, Code, Contract, Fee, GovernedMessage as M, Hash, InTime as _, Penalty, Reply,
    World,
};

const DONE: Reply = Ok(Answer::Nothing);
const GRACE: u64 = 14 * 24 * HOUR;

fn accounts() -> [Account; 8] {
    arbitrary::setup().accounts.try_into().unwrap()
}

/// Of the consent contract.
#[track_caller]
fn govern(world: &mut World, by: Account, now: u64, message: M) -> Reply {
    let reply = world.apply_governed(Contract::Consent, by, now, &message);
    world.check_invariants().unwrap();
    reply
}

/// Puts code on the chain that answers this to `schema_version`.
fn upload(world: &mut World, name: u8, schema: Option<u32>) -> Hash {
    world.setup.others.insert([name; 32], Code { of: Some(Contract::Consent), schema });
    [name; 32]
}

#[test]
fn a_delay_is_a_second_at_least_and_ninety_days_at_most() {
    let with = |delay| {
        let mut setup = arbitrary::setup();
        setup.times.delay = delay;
        setup.carbon_times.delay = delay;
        setup.rewards_times.delay = delay;
        World::new(setup).map(drop)
    };
    let most = 90 * 24 * HOUR;
    assert_eq!([0, 999, 1_000].map(with), [Err("InvalidDelay"), Err("InvalidDelay"), Ok(())]);
    assert_eq!([most, most + 1].map(with), [Ok(()), Err("InvalidDelay")]);

    let with = |period| {
        let mut setup = arbitrary::setup();
        setup.rewards_times.period = period;
        World::new(setup).map(drop)
    };
    let most = 366 * 24 * HOUR;
    assert_eq!([0, most + 1].map(with), [Err("InvalidPeriod"); 2]);
    assert_eq!([1, most].map(with), [Ok(()); 2]);
}

#[test]
fn a_handover_is_accepted_after_the_delay_and_within_the_grace() {
    let mut w = started();
    let [a, b, c, ..] = accounts();
    assert_eq!(govern(&mut w, b, START, M::AcceptHandover), Err("NoHandover"));
    assert_eq!(govern(&mut w, a, START, M::ProposeHandover(b)), DONE);
    let due = START + HOUR;
    assert_eq!(govern(&mut w, c, due, M::AcceptHandover), Err("NotSuccessor"));
    assert_eq!(govern(&mut w, b, due - 1, M::AcceptHandover), Err("TooEarly"));
    assert_eq!(govern(&mut w, b, due + GRACE, M::AcceptHandover), Err("Expired"));
    // It is on record until it is replaced or cancelled.
    assert!(w.consent.governance.handover.is_some());
    assert_eq!(govern(&mut w, b, due + GRACE - 1, M::AcceptHandover), DONE);
    assert_eq!(govern(&mut w, a, due + GRACE, M::Pause), Err("NotAdministrator"));
    let late = u64::MAX - GRACE;
    assert_eq!(govern(&mut w, b, late, M::ProposeHandover(c)), Err("Overflow"));
    assert_eq!(govern(&mut w, b, late, M::AnnounceUpgrade([9; 32])), Err("Overflow"));
}

#[test]
fn an_upgrade_is_of_code_that_is_there_that_is_locked_and_that_fits() {
    let mut w = started();
    let [a, b, ..] = accounts();
    let announce = |w: &mut World, code| govern(w, a, START, M::AnnounceUpgrade(code));
    let apply = |w: &mut World, now| govern(w, a, now, M::ApplyUpgrade);
    let (due, own) = (START + HOUR, w.code(Contract::Consent).unwrap());
    let other = govern(&mut w, b, START, M::AnnounceUpgrade(own));
    assert_eq!(other, Err("NotAdministrator"));
    assert_eq!(announce(&mut w, own), Err("SameCode"));
    assert_eq!(announce(&mut w, [1; 32]), Err("CodeNotFound"));
    assert_eq!(apply(&mut w, due), Err("NoUpgrade"));

    for (name, schema) in [(2, None), (3, Some(0)), (4, Some(3))] {
        let code = upload(&mut w, name, schema);
        assert_eq!(announce(&mut w, code), DONE);
        // The one before is not locked any more.
        assert_eq!(w.locks.iter().copied().collect::<Vec<_>>(), [(Contract::Consent, code)]);
        assert_eq!(apply(&mut w, due), Err("WrongSchema"));
    }
    let next = upload(&mut w, 5, Some(2));
    assert_eq!(announce(&mut w, next), DONE);
    assert_eq!(announce(&mut w, next), DONE);
    assert_eq!(apply(&mut w, due - 1), Err("TooEarly"));
    assert_eq!(apply(&mut w, due + GRACE), Err("Expired"));
    assert_eq!(apply(&mut w, due + GRACE - 1), DONE);
    assert_eq!((w.code(Contract::Consent), w.schema(Contract::Consent)), (Some(next), 2));
    assert!(w.locks.is_empty());

    // There is no way back to a version that is left.
    assert_eq!(announce(&mut w, own), DONE);
    assert_eq!(apply(&mut w, due), Err("WrongSchema"));
    assert_eq!(govern(&mut w, a, due, M::CancelUpgrade), DONE);
    assert!(w.locks.is_empty());
}

#[test]
fn another_treasury_waits_and_what_is_pending_is_taken_back_at_once() {
    let mut w = started();
    let [a, b, c, ..] = accounts();
    let set = |w: &mut World, now, account| {
        let set = w.token.set_treasury(a, now, account);
        w.check_invariants().unwrap();
        set
    };
    let mint = |w: &mut World, by, now, receipt| w.token.mint(by, now, c, 1, [receipt; 32]);
    assert_eq!(set(&mut w, START, a), Err("AlreadyTreasury"));
    assert_eq!(set(&mut w, START, b), Ok(()));
    let due = START + HOUR;
    assert_eq!(mint(&mut w, b, due - 1, 1), Err("NotTreasury"));
    assert_eq!(mint(&mut w, a, due - 1, 2), Ok(()));
    let mut taken_back = w.clone();
    assert_eq!(set(&mut taken_back, due - 1, a), Ok(()));
    assert_eq!(mint(&mut taken_back, a, due, 3), Ok(()));
    assert_eq!(set(&mut taken_back, due, a), Err("AlreadyTreasury"));

    assert_eq!(mint(&mut w, a, due, 4), Err("NotTreasury"));
    assert_eq!(mint(&mut w, b, due, 5), Ok(()));
    assert_eq!(set(&mut w, due, b), Err("AlreadyTreasury"));
    // The one that is due is the one that another replaces.
    assert_eq!(set(&mut w, due, c), Ok(()));
    assert_eq!(mint(&mut w, b, due, 6), Ok(()));
    assert_eq!(set(&mut w, due + HOUR - 1, a), Ok(()));
    assert_eq!(mint(&mut w, b, due + 2 * HOUR - 2, 7), Ok(()));
    assert_eq!(mint(&mut w, a, due + 2 * HOUR - 1, 8), Ok(()));
    w.check_invariants().unwrap();
}

#[test]
fn after_a_handover_nothing_is_minted_until_the_treasury_is_named() {
    let mut w = started();
    let [a, b, c, ..] = accounts();
    w.token.set_treasury(a, START, c).unwrap();
    let (token, now) = (Contract::Token, START + HOUR - 1);
    w.apply_governed(token, a, START - 1, &M::ProposeHandover(b)).unwrap();
    w.apply_governed(token, b, now, &M::AcceptHandover).unwrap();
    w.check_invariants().unwrap();
    let mint = |w: &mut World, by, now, receipt| w.token.mint(by, now, c, 1, [receipt; 32]);
    // What was pending is void.
    assert_eq!(mint(&mut w, c, now + HOUR, 1), Err("NotTreasury"));
    assert_eq!(mint(&mut w, a, now + HOUR, 1), Err("TreasuryUnconfirmed"));
    assert_eq!(w.token.burn(a, now, 1, [2; 32]), Ok(()));

    let mut confirmed = w.clone();
    assert_eq!(confirmed.token.set_treasury(a, now, a), Err("NotAdministrator"));
    assert_eq!(confirmed.token.set_treasury(b, now, a), Ok(()));
    assert_eq!(mint(&mut confirmed, a, now, 3), Ok(()));
    confirmed.check_invariants().unwrap();

    assert_eq!(w.token.set_treasury(b, now, c), Ok(()));
    assert_eq!(mint(&mut w, a, now + HOUR - 1, 4), Err("TreasuryUnconfirmed"));
    assert_eq!(mint(&mut w, c, now + HOUR, 4), Ok(()));
    w.check_invariants().unwrap();
}

#[test]
fn a_fee_and_a_penalty_wait() {
    let mut w = World::new(arbitrary::setup()).unwrap();
    let [a, .., collector] = accounts();
    let period = |w: &mut World, now| w.set_period(a, now, (START, START + HOUR), 100);
    let (fee, due) = (Fee { fee_bps: 30, collector }, DEPLOYED + HOUR);
    assert_eq!(w.set_penalty(a, DEPLOYED, Penalty { tariff: 40, collector }), DONE);
    assert_eq!(period(&mut w, due - 1), Err("NoTariff"));
    assert_eq!(period(&mut w, due), Ok(Answer::Number(1)));
    assert_eq!(w.set_fee(a, DEPLOYED, fee), DONE);
    let stored = w.market.settings.fee;
    let first = Fee { fee_bps: 0, collector: a };
    assert_eq!((stored.at(due - 1), stored.at(due)), (first, fee));
    w.check_invariants().unwrap();
}

#[test]
fn a_broken_government_is_noticed() {
    let mut w = started();
    let [a, b, c, ..] = accounts();
    let code = upload(&mut w, 5, Some(2));
    govern(&mut w, a, START, M::AnnounceUpgrade(code)).unwrap();
    govern(&mut w, a, START, M::ProposeHandover(b)).unwrap();
    w.token.set_treasury(a, START, b).unwrap();
    w.token.mint(a, START, c, 5, [1; 32]).unwrap();
    w.token.mint(b, START + HOUR, c, 5, [2; 32]).unwrap();
    w.apply_governed(Contract::Token, a, START, &M::ProposeHandover(b)).unwrap();
    w.apply_governed(Contract::Token, b, START + HOUR, &M::AcceptHandover).unwrap();
    w.set_fee(a, START, Fee { fee_bps: 1, collector: b }).unwrap();
    w.check_invariants().unwrap();
    let broken = |damage: fn(&mut World)| {
        let mut world = w.clone();
        damage(&mut world);
        world.check_invariants().is_err()
    };
    let damages: [fn(&mut World); 14] = [
        |w| w.locks.clear(),
        |w| w.codes.clear(),
        |w| w.governing.clear(),
        |w| w.consent.governance.upgrade.as_mut().unwrap().until += 1,
        |w| w.consent.governance.handover.as_mut().unwrap().not_before -= 1,
        |w| w.consent.governance.administrator = w.setup.accounts[1],
        |w| w.governing.iter_mut().for_each(|g| g.at = START + 20),
        |w| w.setup.others.clear(),
        |w| w.token.treasury.value.confirmed = true,
        |w| w.token.treasuries.truncate(1),
        |w| w.token.treasuries[0].from -= 1,
        |w| w.token.settlements.last_mut().unwrap().by = w.setup.administrator,
        |w| w.token.settlements.last_mut().unwrap().named = 2,
        |w| w.market.fees[0].from -= 1,
    ];
    for (number, damage) in damages.into_iter().enumerate() {
        assert!(broken(damage), "number {number} is not noticed");
    }
}

/// What the government of a contract may refuse a random message for.
const REFUSALS: [&str; 14] = [
    "NotAdministrator",
    "AlreadyPaused",
    "NotPaused",
    "AlreadyAdministrator",
    "NotEligible",
    "NoHandover",
    "NotSuccessor",
    "TooEarly",
    "Expired",
    "SameCode",
    "CodeNotFound",
    "NoUpgrade",
    "WrongSchema",
    "ok",
];

#[test]
fn random_steps_meet_every_refusal_of_the_government() {
    let mix = Mix { participants: 30, governed: 30, ..Mix::NONE };
    meets(mix, "participants", &REFUSALS);
}

/// What the token may refuse a random message for.
const TOKEN: [&str; 20] = [
    "Paused",
    "NotAdministrator",
    "ZeroAccount",
    "AlreadyTreasury",
    "NotTreasury",
    "TreasuryUnconfirmed",
    "ZeroAmount",
    "Frozen",
    "ReceiptUsed",
    "CapExceeded",
    "InsufficientBalance",
    "AlreadyFrozen",
    "NotFrozen",
    "ZeroRecipientAddress",
    "ZeroSenderAddress",
    "InsufficientAllowance",
    "Custom(\"Paused\")",
    "Custom(\"Frozen\")",
    "TooEarly",
    "ok",
];

#[test]
fn random_steps_meet_every_refusal_of_the_token() {
    meets(Mix { token: 40, participants: 8, governed: 6, ..Mix::NONE }, "token", &TOKEN);
}
