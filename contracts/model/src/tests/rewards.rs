//! Stories of rewards.

use super::{meets, started};
use crate::{
    arbitrary::{self, Mix, HOUR, START, START_BLOCK},
    Account, Accrual, Answer, Decision, DenyReason, Flow, LogEntry, Pot, Reply, Request, Spending,
    Statement, Tariff, Terms, Totals, World, ZERO,
};
use std::collections::BTreeSet;

const DONE: Reply = Ok(Answer::Nothing);
const RESEARCH: u8 = 1;
const PERIOD: u64 = 12 * HOUR;

/// A patient whom the hospital and an institute may ask, as often as they like. The prologue gave
/// them budgets of 500 and 50, and research a pot of 100 by the hospital, of which it pays 60.
struct Story {
    world: World,
    administrator: Account,
    patient: Account,
    hospital: Account,
    institute: Account,
    stranger: Account,
}

impl Story {
    fn start() -> Self {
        let mut world = started();
        let accounts = arbitrary::setup().accounts;
        let [administrator, _, patient, hospital, institute, .., stranger] = accounts[..] else {
            panic!("eight accounts")
        };
        for grantee in [hospital, institute] {
            let terms = Terms {
                owner: patient,
                grantee,
                purposes: 0b11,
                categories: 1,
                from: START,
                until: u64::MAX,
                max_uses: None,
                record: None,
                policy: [2; 32],
            };
            world.grant(patient, START, terms).unwrap();
        }
        Self { world, administrator, patient, hospital, institute, stranger }
    }

    #[track_caller]
    fn ask(&mut self, requester: Account, now: u64, purpose: u8) -> Decision {
        let owner = self.patient;
        let request = Request { requester, owner, grant: None, record: None, purpose, category: 0 };
        let answer = self.world.request_access(requester, now, request);
        self.sound();
        match answer {
            Ok(Answer::Decision(decision)) => decision,
            other => panic!("{other:?}"),
        }
    }

    #[track_caller]
    fn sound(&self) {
        self.world.check_invariants().unwrap();
    }

    fn last(&self) -> Accrual {
        self.world.rewards.accruals.last().unwrap().accrual
    }

    fn owed(&self) -> u128 {
        self.world.rewards.statement(&self.patient).owed
    }

    fn last_entry(&self) -> LogEntry {
        *self.world.consent.logs[&self.patient].last().unwrap()
    }

    fn pot(&self) -> Pot {
        self.world.rewards.pots[&RESEARCH]
    }

    /// Takes all of its budget back.
    fn empty(&mut self, requester: Account) {
        let all = self.world.rewards.budget(&requester);
        assert_eq!(self.world.withdraw_budget(requester, all), DONE);
    }
}

#[test]
fn three_requests_under_one_grant_earn_once_in_the_period_out_of_the_requesters_budget() {
    let mut s = Story::start();
    let budgets = |s: &Story| [s.hospital, s.institute].map(|a| s.world.rewards.budget(&a));
    for _ in 0..3 {
        assert_eq!(s.ask(s.hospital, START, 0), Decision::Permit);
    }
    assert_eq!((s.owed(), s.last(), budgets(&s)), (10, Accrual::Nothing, [490, 50]));
    assert_eq!(s.world.rewards.earned[&(s.patient, s.hospital, 0)], START);
    // Another requester pays for himself.
    assert_eq!(s.ask(s.institute, START, 0), Decision::Permit);
    assert_eq!((s.owed(), budgets(&s)), (20, [490, 40]));

    assert_eq!(s.ask(s.hospital, START + PERIOD - 1, 0), Decision::Permit);
    assert_eq!((s.owed(), s.last()), (20, Accrual::Nothing));
    assert_eq!(s.ask(s.hospital, START + PERIOD, 0), Decision::Permit);
    assert_eq!((s.owed(), s.last(), budgets(&s)), (30, Accrual::Earned(10), [480, 40]));
    assert_eq!(s.world.withdraw(s.patient), Ok(Answer::Amount(30)));
    s.sound();
}

#[test]
fn care_does_not_wait_for_money_and_research_that_has_to_be_paid_is_refused() {
    let mut s = Story::start();
    s.empty(s.hospital);
    assert_eq!(s.world.withdraw_pot(s.hospital, RESEARCH, 100), DONE);
    assert_eq!(s.ask(s.hospital, START, 0), Decision::Permit);
    assert_eq!((s.last(), s.owed()), (Accrual::Unfunded, 0));

    let uses = |s: &Story| s.world.consent.grants[&3].uses;
    let (before, sequence) = (uses(&s), s.last_entry().sequence);
    let refused = Decision::Deny(DenyReason::Unfunded);
    assert_eq!(s.ask(s.hospital, START, RESEARCH), refused);
    let entry = s.last_entry();
    assert_eq!((entry.grant, entry.decision, entry.access), (Some(3), refused, 2));
    assert_eq!((entry.sequence, uses(&s), s.last()), (sequence + 1, before, Accrual::Declined));
    assert!(!s.world.rewards.earned.contains_key(&(s.patient, s.hospital, RESEARCH)));

    // Nor does a typed refusal revert it.
    s.world.rewards.last_access = 9;
    let (requester, owner) = (s.hospital, s.patient);
    let (grant, record, category) = (None, None, 0);
    let request = |purpose| Request { requester, owner, grant, record, purpose, category };
    let permit = Ok(Answer::Decision(Decision::Permit));
    let hospital = s.hospital;
    assert_eq!(s.world.request_access(hospital, START, request(RESEARCH)), Err("RewardsFailed"));
    assert_eq!(s.world.request_access(hospital, START, request(0)), permit);
}

#[test]
fn a_pot_pays_first_and_for_one_requester_in_a_period_no_more_than_its_cap() {
    let mut s = Story::start();
    let budget = |s: &Story| s.world.rewards.budget(&s.institute);
    let mut now = START;
    // Three owners: the same three earn once in the period.
    let mut accrue = |s: &mut Story, owner: Account| {
        now += 1;
        let (consent, access) = (s.world.setup.addresses.consent, s.world.rewards.last_access + 1);
        let accrued = s.world.accrue(consent, now, owner, s.institute, RESEARCH, access);
        assert_eq!(accrued, Ok(Answer::Accrual(s.last())));
    };
    let others: Vec<Account> = (20..23).map(|n| [n; 32]).collect();
    accrue(&mut s, others[0]);
    accrue(&mut s, others[1]);
    assert_eq!((s.pot().balance, budget(&s)), (50, 50));
    accrue(&mut s, others[2]);
    assert_eq!((s.pot().balance, budget(&s), s.last()), (50, 25, Accrual::Earned(25)));
    let spending = s.world.rewards.spent[&(RESEARCH, s.institute)];
    assert_eq!(spending, Spending { since: START + 1, spent: 50 });

    // Another sponsor begins anew, and what is left is owed to the one before.
    let (administrator, hospital) = (s.administrator, s.hospital);
    let set = |s: &mut Story, to| s.world.set_sponsor(administrator, RESEARCH, to);
    assert_eq!(set(&mut s, Some(hospital)), Err("AlreadySponsor"));
    assert_eq!(set(&mut s, Some(ZERO)), Err("ZeroAccount"));
    assert_eq!(set(&mut s, Some(administrator)), DONE);
    assert_eq!(s.world.rewards.statement(&s.hospital), Statement { owed: 50, paid: 0 });
    assert_eq!(s.pot(), Pot { sponsor: s.administrator, balance: 0, cap: 0 });
    assert_eq!(s.world.sponsor(s.hospital, RESEARCH, 0, 9), Err("NotSponsor"));
    assert_eq!(s.world.sponsor(s.administrator, RESEARCH, 100, 25), DONE);
    accrue(&mut s, [23; 32]);
    assert_eq!((s.pot().balance, budget(&s)), (75, 25));
    // The cap alone.
    assert_eq!(s.world.sponsor(s.administrator, RESEARCH, 0, 49), DONE);
    accrue(&mut s, [24; 32]);
    assert_eq!((s.pot().balance, budget(&s)), (75, 0));
    assert_eq!(set(&mut s, None), DONE);
    assert_eq!(set(&mut s, None), Err("AlreadySponsor"));
    assert_eq!(s.world.rewards.statement(&s.administrator).owed, 75);
    assert_eq!(s.world.withdraw_pot(s.administrator, RESEARCH, 1), Err("NotSponsor"));
    let paid = Totals { budgets: 500, pots: 0, owed: 250, paid: 0 };
    assert_eq!(s.world.rewards.totals, paid);
}

#[test]
fn a_paused_contract_pays_nobody_and_keeps_nothing_back() {
    let mut s = Story::start();
    s.world.rewards.governance.paused = true;
    assert_eq!(s.ask(s.hospital, START, 0), Decision::Permit);
    assert_eq!(s.last(), Accrual::Unfunded);
    assert_eq!(s.ask(s.hospital, START, RESEARCH), Decision::Deny(DenyReason::Unfunded));
    let (a, hospital) = (s.administrator, s.hospital);
    assert_eq!(s.world.fund(a, hospital, 1), Err("Paused"));
    assert_eq!(s.world.sponsor(hospital, RESEARCH, 1, 1), Err("Paused"));
    assert_eq!(s.world.set_sponsor(a, RESEARCH, None), Err("Paused"));
    assert_eq!(s.world.set_tariff(a, START, 0, Tariff::default()), Err("Paused"));
    assert_eq!(s.world.withdraw_budget(hospital, 501), Err("InsufficientBudget"));
    assert_eq!(s.world.withdraw_budget(hospital, 500), DONE);
    assert_eq!(s.world.withdraw_pot(hospital, RESEARCH, 101), Err("InsufficientPot"));
    assert_eq!(s.world.withdraw_pot(hospital, RESEARCH, 100), DONE);
    s.world.token.freeze(a, s.institute).unwrap();
    assert_eq!(s.world.withdraw_budget(s.institute, 1), Err("TokenFailed"));
    s.sound();
}

#[test]
fn a_tariff_waits_and_the_one_of_care_is_never_required() {
    let mut s = Story::start();
    let a = s.administrator;
    let required = Tariff { amount: 99, required: true };
    assert_eq!(s.world.set_tariff(a, START, 0, required), Err("RequiredForCare"));
    assert_eq!(s.world.set_tariff(a, START, 32, required), Err("UnknownPurpose"));
    let more = Tariff { amount: 40, required: false };
    assert_eq!(s.world.set_tariff(a, START, 0, more), DONE);
    assert_eq!(s.ask(s.hospital, START + HOUR - 1, 0), Decision::Permit);
    assert_eq!(s.last(), Accrual::Earned(10));
    assert_eq!(s.ask(s.institute, START + HOUR, 0), Decision::Permit);
    assert_eq!(s.last(), Accrual::Earned(40));
    assert_eq!(s.world.fund(a, ZERO, 0), Err("NotAdmitted"));
    assert_eq!(s.world.fund(a, s.stranger, 1), Err("NotAdmitted"));
    assert_eq!(s.world.fund(a, s.hospital, 0), Err("ZeroAmount"));
    assert_eq!(s.world.fund(s.stranger, s.hospital, 1), Err("TokenFailed"));
    assert_eq!(s.world.fund(a, s.hospital, u128::MAX), Err("Overflow"));
}

#[test]
fn broken_books_are_noticed() {
    let mut s = Story::start();
    s.ask(s.hospital, START, 0);
    s.ask(s.institute, START, RESEARCH);
    s.world.set_sponsor(s.administrator, RESEARCH, Some(s.institute)).unwrap();
    s.world.withdraw(s.patient).unwrap();
    s.ask(s.hospital, START + 5, 0);
    s.world.set_tariff(s.administrator, START, 0, Tariff::default()).unwrap();
    let broken = |damage: fn(&mut World)| {
        let mut world = s.world.clone();
        damage(&mut world);
        world.check_invariants().is_err()
    };
    assert!(!broken(|_| ()));
    let damages: [fn(&mut World); 15] = [
        |w| w.rewards.budgets.values_mut().for_each(|held| *held += 1),
        |w| w.rewards.pots.values_mut().for_each(|pot| pot.cap += 1),
        |w| w.rewards.statements.values_mut().for_each(|s| s.owed += 1),
        |w| w.rewards.totals.pots += 1,
        |w| w.rewards.totals.paid -= 1,
        |w| w.rewards.earned.clear(),
        |w| w.rewards.last_access += 1,
        |w| w.rewards.flows.truncate(3),
        |w| w.rewards.accruals.truncate(1),
        |w| w.rewards.set.truncate(1),
        |w| w.rewards.set.iter_mut().for_each(|(_, set)| set.from -= 1),
        |w| w.rewards.tariffs.values_mut().for_each(|tariff| tariff.next = None),
        |w| w.consent.logs.values_mut().for_each(Vec::clear),
        |w| w.rewards.flows.retain(|flow| !matches!(flow, Flow::SponsorSet { .. })),
        |w| w.rewards.period = 1,
    ];
    for (number, damage) in damages.into_iter().enumerate() {
        assert!(broken(damage), "number {number} is not noticed");
    }
    let misbooked = |damage: fn(&mut crate::Accrued)| {
        let mut world = s.world.clone();
        world.rewards.accruals.iter_mut().for_each(damage);
        world.check_invariants().is_err()
    };
    assert!(misbooked(|a| a.accrual = Accrual::Unfunded));
    assert!(misbooked(|a| a.sponsor = None));
    assert!(misbooked(|a| a.known.paused = true));
    assert!(misbooked(|a| a.purpose += 2));
}

/// What rewards may refuse a random message for.
const REFUSALS: [&str; 16] = [
    "Paused",
    "NotAdministrator",
    "UnknownPurpose",
    "RequiredForCare",
    "ZeroAccount",
    "AlreadySponsor",
    "NotSponsor",
    "ZeroAmount",
    "InsufficientPot",
    "InsufficientBudget",
    "NothingOwed",
    "InvalidRecipient",
    "Frozen",
    "AlreadySet",
    "TokenFailed",
    "Overflow",
];

const MIX: Mix =
    Mix { rewards: 30, consent: 20, token: 8, participants: 6, governed: 2, ..Mix::NONE };

#[test]
fn random_steps_meet_every_refusal_of_rewards() {
    meets(MIX, "rewards", &REFUSALS);
}

#[test]
fn random_steps_come_to_everything_that_an_access_may_earn() {
    let mut runner = proptest::test_runner::TestRunner::new(arbitrary::config());
    let met = std::cell::RefCell::new(BTreeSet::new());
    let play = |steps: Vec<arbitrary::Step>| {
        let ((mut world, mut now), mut block) = (arbitrary::started(), START_BLOCK);
        for step in &steps {
            now += step.wait(&world, now);
            block += step.blocks();
            let (caller, message) = step.resolve(&world, now);
            world.apply(caller, now, block, &message).ok();
        }
        let mut met = met.borrow_mut();
        met.extend(world.rewards.accruals.iter().map(|a| match a.accrual {
            Accrual::Earned(_) if a.sponsor.is_some() => "by the pot",
            Accrual::Earned(_) if a.known.pot.is_some() => "by the budget, though there is a pot",
            Accrual::Earned(_) => "by the budget",
            Accrual::Nothing if a.known.tariff.amount == 0 => "no tariff",
            Accrual::Nothing => "so soon",
            Accrual::Unfunded if a.known.paused => "paused",
            Accrual::Unfunded => "unfunded",
            Accrual::Declined => "declined",
        }));
        Ok(())
    };
    runner.run(&arbitrary::steps(MIX), play).unwrap();
    let enough = arbitrary::config().cases >= 256;
    assert!(!enough || met.borrow().len() == 8, "{met:?}");
}
