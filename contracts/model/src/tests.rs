//! Stories, the bytes of messages, and random walks that keep every invariant.

mod agreements;
mod carbon;
mod consent;
mod governance;
mod participants;
mod reports;
mod rewards;
mod succession;

use crate::{
    arbitrary::{self, Mix, START, START_BLOCK},
    blake2b, power, role, selector, Account, Answer, CarbonMessage, Contract, Deed, Denial, Ending,
    Grant, Item, Message, ReportsMessage, World,
};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

fn started() -> World {
    arbitrary::started().0
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
    assert!(broken(|w| w.rewards.totals.budgets += 1));
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
    let message = Message::Reports(ReportsMessage::Revoke([9; 32], [1; 32], 2, [3; 32]));
    assert_eq!((message.contract(), message.label()), ("reports", "revoke"));
    let arguments = [&[9; 32][..], &[1; 32], &[2, 0, 0, 0], &[3; 32]].concat();
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
    let mut block = START_BLOCK;
    for step in steps {
        now += step.wait(&world, now);
        block += step.blocks();
        let (caller, message) = step.resolve(&world, now);
        let before = world.clone();
        let reply = world.apply(caller, now, block, &message);
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

/// Plays random steps of which each of these refusals comes.
fn meets(mix: Mix, contract: &str, refusals: &[&str]) {
    let tally = play(mix);
    let met: BTreeSet<_> =
        tally.keys().filter(|(to, ..)| *to == contract).map(|(.., came_to)| &came_to[..]).collect();
    let missed: Vec<_> = refusals.iter().filter(|refusal| !met.contains(*refusal)).collect();
    let enough = arbitrary::config().cases >= 256;
    assert!(!enough || missed.is_empty(), "never met: {missed:?}");
}

#[test]
fn random_steps_keep_the_invariants_and_mostly_succeed() {
    let tally = play(Mix::ALL);
    let met: BTreeSet<_> = tally.keys().map(|(contract, ..)| *contract).collect();
    assert_eq!(met, Contract::ALL.map(Contract::name).into());
}

/// A step that was taken.
struct Taken<'a> {
    caller: Account,
    now: u64,
    message: &'a Message,
    succeeded: bool,
}

/// Takes random steps and shows the world after each.
fn roam(mix: Mix, after: impl FnMut(&World, Taken)) {
    let after = std::cell::RefCell::new(after);
    let mut runner = proptest::test_runner::TestRunner::new(arbitrary::config());
    let walked = runner.run(&arbitrary::steps(mix), |steps| {
        let (mut world, mut now) = arbitrary::started();
        for step in &steps {
            now += step.wait(&world, now);
            let (caller, message) = step.resolve(&world, now);
            let succeeded = world.apply(caller, now, START_BLOCK, &message).is_ok();
            (after.borrow_mut())(&world, Taken { caller, now, message: &message, succeeded });
        }
        Ok(())
    });
    walked.unwrap();
}

#[test]
fn random_steps_are_also_done_by_staff() {
    let mut done = BTreeSet::new();
    let mix = Mix { participants: 6, consent: 40, agreements: 30, reports: 20, ..Mix::NONE };
    roam(mix, |world, _| {
        let (c, r, a) = (&world.consent, &world.reports, &world.agreements);
        let withdrawn = a.ended.iter().filter(|end| end.ending == Ending::Withdrawn);
        let opened = c.openings.values().map(|opening| &opening.broken);
        let deeds = (c.asked.values().map(|deed| ("asked", deed)))
            .chain(opened.map(|deed| ("broken", deed)))
            .chain(c.closings.values().map(|deed| ("closed", deed)))
            .chain(r.anchored_by.values().map(|deed| ("anchored", deed)))
            .chain(r.revoked_by.values().map(|deed| ("revoked", deed)))
            .chain(r.signed_by.values().map(|deed| ("signed", deed)))
            .chain(a.proposed.values().map(|proposed| ("proposed", &proposed.deed)))
            .chain(withdrawn.map(|end| ("withdrawn", &end.deed)))
            .chain(a.answered.iter().map(|answered| ("answered", &answered.deed)));
        let staff = |deed: &Deed| deed.by != deed.subject && deed.power != power::GUARDIAN;
        done.extend(deeds.filter(|(_, deed)| staff(deed)).map(|(what, _)| what));
    });
    let all = [
        "anchored",
        "answered",
        "asked",
        "broken",
        "closed",
        "proposed",
        "revoked",
        "signed",
        "withdrawn",
    ];
    let enough = arbitrary::config().cases >= 256;
    assert!(!enough || done.iter().eq(&all), "done for another was only {done:?}");
}

#[test]
fn random_steps_are_also_done_by_guardians() {
    let mut done = BTreeSet::new();
    let mix = Mix { participants: 8, consent: 40, agreements: 20, reports: 12, ..Mix::NONE };
    roam(mix, |world, Taken { caller, now, message, succeeded }| {
        let label = message.label();
        let acted = |deed: Option<&Deed>| {
            succeeded && deed.is_some_and(|d| d.by != d.subject && d.power == power::GUARDIAN)
        };
        let (c, r, a) = (&world.consent, &world.reports, &world.agreements);
        let latest = match label {
            "grant" | "amend" | "revoke" if message.to() == Contract::Consent => {
                c.guarded.last().map(|act| &act.deed).filter(|deed| deed.by == caller)
            }
            "deny" | "lift_denial" => c.denied.last().map(|change| &change.deed),
            "restrict" | "lift_restriction" | "allow_emergencies" => {
                c.chosen.last().map(|chosen| &chosen.deed)
            }
            "revoke_all" | "revoke_all_for" | "erase_link" | "remove_delegate" => {
                c.deeds.last().filter(|deed| (deed.by, deed.at) == (caller, now))
            }
            "close_break_glass" => c.closings.values().last(),
            "accept" | "decline" => a.ended.last().map(|end| &end.deed),
            "request_erasure" => a.asked.values().last().map(|asked| &asked.deed),
            "anchor" => r.anchored_by.values().find(|d| (d.by, d.at) == (caller, now)),
            "countersign" => r.signed_by.values().find(|d| (d.by, d.at) == (caller, now)),
            _ => None,
        };
        if acted(latest) {
            done.insert(label);
        }
        let permit = c.permits.last().filter(|permit| permit.at == now);
        let guardians = |grant: &Grant| grant.guardianship.is_some();
        if permit.is_some_and(|permit| permit.grant.is_some_and(|(_, g)| guardians(&g))) {
            done.insert("permitted by a guardian's grant");
        }
        if c.last.as_ref().is_some_and(|last| {
            let unlocked = last.ruling.window.is_some();
            let category = last.request.category;
            let denied = |d: &Denial| {
                d.purpose == last.request.purpose && d.by_guardians >> category & 1 == 1
            };
            unlocked && last.denials.iter().any(denied)
        }) {
            done.insert("permitted by a window that a guardian denies");
        }
        let over = world.participants.participants.values().any(|p| p.guardianship > 0);
        if over && c.grants.values().any(|grant| !world.counts(grant)) {
            done.insert("over with a guardianship");
        }
    });
    let all = [
        "accept",
        "allow_emergencies",
        "amend",
        "anchor",
        "close_break_glass",
        "countersign",
        "decline",
        "deny",
        "erase_link",
        "grant",
        "lift_denial",
        "lift_restriction",
        "over with a guardianship",
        "permitted by a guardian's grant",
        "permitted by a window that a guardian denies",
        "remove_delegate",
        "request_erasure",
        "restrict",
        "revoke",
        "revoke_all",
        "revoke_all_for",
    ];
    let missed: Vec<_> = all.iter().filter(|what| !done.contains(*what)).collect();
    let enough = arbitrary::config().cases >= 256;
    println!("missed by guardians: {missed:?}");
    assert!(!enough || missed.is_empty(), "guardians never did {missed:?}");
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
