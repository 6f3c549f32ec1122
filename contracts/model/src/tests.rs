//! Stories, the bytes of messages, and random walks that keep every invariant.

mod carbon;

use crate::{
    arbitrary::{self, Mix, HOUR, START},
    blake2b, role, selector, Answer, CarbonMessage, Contract, Decision, DenyReason, Item, Message,
    ReportsMessage, Terms, World, ZERO,
};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

fn started() -> World {
    arbitrary::started().0
}

#[test]
fn a_patient_is_paid_for_a_permitted_access_and_stops_it() {
    let mut world = started();
    let [_, patient, _, hospital, ..] = arbitrary::setup().accounts[..] else { panic!() };
    let terms = Terms {
        owner: patient,
        grantee: hospital,
        purposes: 1,
        categories: 2,
        from: START,
        until: START + HOUR,
        max_uses: Some(2),
        record: [1; 32],
        policy: [2; 32],
    };
    // The prologue made two.
    assert_eq!(world.grant(patient, START, terms), Ok(Answer::Number(3)));
    let mut ask = |now, category| {
        let answer = world.request_access(hospital, now, patient, None, 0, category);
        world.check_invariants().unwrap();
        answer
    };
    assert_eq!(ask(START, 1), Ok(Answer::Decision(Decision::Permit)));
    let deny = |reason| Ok(Answer::Decision(Decision::Deny(reason)));
    assert_eq!(ask(START + 1, 2), deny(DenyReason::CategoryNotGranted));
    assert_eq!(ask(START + HOUR, 1), deny(DenyReason::Expired));
    assert_eq!(ask(START, 32), Err("UnknownCategory"));
    assert_eq!(ask(START, 1), Ok(Answer::Decision(Decision::Permit)));
    assert_eq!(ask(START, 1), deny(DenyReason::UsesExhausted));

    assert_eq!(world.revoke_grant(hospital, START, 3), Err("NotAuthorized"));
    assert_eq!(world.revoke_grant(patient, START, 3), Ok(Answer::Nothing));
    let again = world.request_access(hospital, START, patient, Some(3), 0, 1);
    assert_eq!(again, deny(DenyReason::Revoked));
    assert_eq!(world.consent.log_head(&patient).sequence, 6);

    assert_eq!(world.withdraw(hospital), Err("NothingOwed"));
    let before = world.token.balance(&patient);
    assert_eq!(world.withdraw(patient), Ok(Answer::Amount(20)));
    assert_eq!(world.token.balance(&patient), before + 20);
    world.check_invariants().unwrap();
}

#[test]
fn an_emergency_permits_treatment_and_waits_for_its_review() {
    let mut world = started();
    let [_, patient, _, hospital, .., auditor, _] = arbitrary::setup().accounts[..] else {
        panic!()
    };
    let deny = |reason| Ok(Answer::Decision(Decision::Deny(reason)));
    assert_eq!(world.break_glass(hospital, START, patient, ZERO), Ok(Answer::Number(1)));
    assert_eq!(world.break_glass(hospital, START, patient, ZERO), Err("WindowOpen"));
    let treat = world.request_access(hospital, START, patient, None, 0, 5);
    assert_eq!(treat, Ok(Answer::Decision(Decision::Permit)));
    let research = world.request_access(hospital, START, patient, None, 1, 5);
    assert_eq!(research, deny(DenyReason::CategoryNotGranted));

    let denial = crate::Denial { purposes: 1, categories: u32::MAX };
    assert_eq!(world.deny(patient, hospital, denial), Ok(Answer::Nothing));
    let denied = world.request_access(hospital, START, patient, None, 0, 5);
    assert_eq!(denied, deny(DenyReason::Denied));

    let due = START + 48 * HOUR;
    assert_eq!(world.sanction_overdue(due - 1, 1), Err("NotOverdue"));
    assert_eq!(world.sanction_overdue(due, 1), Ok(Answer::Nothing));
    assert_eq!(world.sanction_overdue(due, 1), Err("AlreadySanctioned"));
    let outcome = crate::Outcome::Unjustified;
    assert_eq!(world.review_break_glass(hospital, 1, outcome), Err("NotReviewer"));
    assert_eq!(world.review_break_glass(auditor, 1, outcome), Ok(Answer::Nothing));
    assert_eq!(world.sanction_overdue(due, 1), Err("AlreadyReviewed"));
    assert_eq!(world.consent.sanctions, [1]);
    world.check_invariants().unwrap();
}

#[test]
fn a_broken_world_is_noticed() {
    let world = started();
    let broken = |damage: fn(&mut World)| {
        let mut world = world.clone();
        damage(&mut world);
        world.check_invariants().is_err()
    };
    assert!(!broken(|_| ()));
    assert!(broken(|w| w.rewards.totals.unspent += 1));
    assert!(broken(|w| w.token.supply += 1));
    assert!(broken(|w| w.token.cap = None));
    assert!(broken(|w| w.token.settlements.truncate(1)));
    assert!(broken(|w| w.token.settlements[1].receipt = w.token.settlements[0].receipt));
    assert!(broken(|w| w.token.frozen.extend([(w.setup.administrator, 1)])));
    assert!(broken(|w| w.participants.participants.clear()));
    assert!(broken(|w| w.consent.accesses += 1));
    assert!(broken(|w| {
        let administrator = w.setup.administrator;
        w.participants.participants.get_mut(&administrator).unwrap().roles = role::AUDITOR;
    }));
}

#[test]
fn a_message_is_its_selector_and_its_arguments() {
    assert_eq!(selector("has_role"), blake2b(b"has_role")[..4]);
    let message = Message::Reports(ReportsMessage::Revoke([1; 32], 2, [3; 32]));
    assert_eq!((message.contract(), message.label()), ("reports", "revoke"));
    let arguments = [&[1; 32][..], &[2, 0, 0, 0], &[3; 32]].concat();
    assert_eq!(message.input(), [&selector("revoke")[..], &arguments].concat());

    let items = vec![Item { batch: 1, amount: 2 }];
    let message = Message::Carbon(CarbonMessage::TransferBatch([7; 32], items));
    assert_eq!((message.contract(), message.label()), ("carbon", "transfer_batch"));
    let item = [&1_u64.to_le_bytes()[..], &2_u128.to_le_bytes()].concat();
    let arguments = [&[7; 32][..], &[4], &item].concat();
    assert_eq!(message.input(), [&selector("transfer_batch")[..], &arguments].concat());

    let message = Message::Governed(Contract::Consent, crate::GovernedMessage::Pause);
    assert_eq!((message.contract(), message.label()), ("consent", "Governed::pause"));
    assert_eq!(message.input(), selector("Governed::pause"));
    let transfer = crate::TokenMessage::Transfer([7; 32], 1, Vec::new());
    let input = Message::Token(transfer).input();
    assert_eq!((&input[..4], input.len()), (&[0xdb, 0x20, 0xf9, 0xf5][..], 4 + 32 + 16 + 1));
}

/// What random steps came to: how often each message succeeded, and how often each refusal.
type Tally = BTreeMap<(&'static str, &'static str, String), u32>;

fn walk(steps: &[arbitrary::Step], tally: &mut Tally) -> Result<(), TestCaseError> {
    let (mut world, mut now) = arbitrary::started();
    for step in steps {
        now += step.wait(&world, now);
        let (caller, message) = step.resolve(&world, now);
        let before = world.clone();
        let reply = world.apply(caller, now, &message);
        let came_to = match &reply {
            Ok(Answer::Decision(decision)) => format!("{decision:?}"),
            Ok(_) => "ok".to_string(),
            Err(refusal) => refusal.to_string(),
        };
        *tally.entry((message.contract(), message.label(), came_to)).or_default() += 1;
        if reply.is_err() {
            prop_assert_eq!(&world, &before, "a refusal changed something: {:?}", message);
        }
        prop_assert_eq!(world.check_invariants(), Ok(()), "after {:?}", message);
    }
    Ok(())
}

/// Plays random steps, of which most succeed and each message sometimes.
fn play(mix: Mix) -> Tally {
    let mut tally = Tally::new();
    let mut runner = proptest::test_runner::TestRunner::new(arbitrary::config());
    let cell = std::cell::RefCell::new(&mut tally);
    runner.run(&arbitrary::steps(mix), |steps| walk(&steps, &mut cell.borrow_mut())).unwrap();

    let all: u32 = tally.values().sum();
    let succeeded =
        |came_to: &str| ["ok", "Permit"].contains(&came_to) || came_to.starts_with("Deny");
    let good: u32 = tally.iter().filter(|((.., c), _)| succeeded(c)).map(|(_, n)| n).sum();
    for (key, count) in &tally {
        println!("{count:6} {key:?}");
    }
    println!("{good} of {all} steps succeeded");
    assert!(good * 2 > all, "{good} of {all} steps succeeded");
    let messages: BTreeSet<_> = tally.keys().map(|(c, label, _)| (c, label)).collect();
    for (contract, label) in messages {
        // The government is the same in all of them.
        let governed = label.starts_with("Governed::");
        let ever =
            tally.keys().any(|(c, l, k)| (governed || c == contract) && l == label && succeeded(k));
        // The consent contract alone accrues, and it is none of the accounts.
        assert!(ever || *label == "accrue" || *label == "set_consent", "{label} never succeeded");
    }
    tally
}

#[test]
fn random_steps_keep_the_invariants_and_mostly_succeed() {
    let tally = play(Mix::ALL);
    let met: BTreeSet<_> = tally.keys().map(|(contract, ..)| *contract).collect();
    assert_eq!(met, Contract::ALL.map(Contract::name).into());
}

#[test]
fn every_view_has_an_answer() {
    let world = started();
    for contract in Contract::ALL {
        let seen = world.observations(contract, START);
        assert!(seen.iter().all(|o| o.input[..4] == selector(o.label)));
        let inputs: BTreeSet<_> = seen.iter().map(|o| &o.input).collect();
        assert!(inputs.len() > 5, "{contract:?}");
    }
}
