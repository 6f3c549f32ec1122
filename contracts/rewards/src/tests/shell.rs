//! What the shell does without the token: callers, pauses, events, views, government.

use super::*;
use crate::rewards::Rewards;
use assent_governance::{GovernanceError, Governed, Next, Scheduled, MAX_DELAY, MIN_DELAY};
use assent_traits::rewards::ACCRUE;
use ink::env::test::{recorded_events, set_block_timestamp, set_callee, set_caller};
use ink::env::DefaultEnvironment;
use ink::reflect::DispatchableMessageInfo;
use ink::scale::Decode;
use ink::storage::{traits::ManualKey, Lazy, Mapping};

const TIMES: Times = Times { delay: MIN_DELAY, period: PERIOD };
const TEN: Tariff = Tariff { amount: 10, required: false };

fn calls(account: AccountId) {
    set_caller::<DefaultEnvironment>(account);
}

fn waits_until(now: u64) {
    set_block_timestamp::<DefaultEnvironment>(now);
}

fn emitted() -> usize {
    recorded_events().count()
}

/// The latest event, which has to be one of these.
fn latest<E: Decode>() -> E {
    let event = recorded_events().last().unwrap();
    E::decode(&mut &event.data[..]).unwrap()
}

/// The contract at its beginning.
fn new() -> Rewards {
    set_callee::<DefaultEnvironment>(CONTRACT);
    calls(ADMIN);
    Rewards::new(PARTICIPANTS, TOKEN, TIMES).unwrap()
}

/// The contract at [`NOW`], where an access for treatment earns 10.
fn contract() -> Rewards {
    let mut contract = new();
    contract.set_consent(CONSENT).unwrap();
    contract.set_tariff(TREATMENT, TEN).unwrap();
    waits_until(MIN_DELAY);
    contract
}

/// Books what a transfer that these tests cannot make would have paid for.
fn force_budget(requester: AccountId, amount: u128) {
    Lazy::<Totals, ManualKey<0x7277_0002>>::new().set(&totals(amount, 0, 0, 0));
    Mapping::<AccountId, u128, ManualKey<0x7277_0101>>::new().insert(requester, &amount);
}

#[ink::test]
fn the_constructor_refuses_wrong_times() {
    calls(ADMIN);
    let refused = |delay, period| Rewards::new(PARTICIPANTS, TOKEN, Times { delay, period }).err();
    for delay in [0, MIN_DELAY - 1, MAX_DELAY + 1] {
        assert_eq!(refused(delay, 0), Some(Error::InvalidDelay));
    }
    for period in [0, MAX_PERIOD + 1] {
        assert_eq!(refused(MIN_DELAY, period), Some(Error::InvalidPeriod));
    }
    assert_eq!(emitted(), 0, "a refusal emits nothing");
    assert_eq!((refused(MIN_DELAY, 1), refused(MAX_DELAY, MAX_PERIOD)), (None, None));
}

#[ink::test]
fn the_views_answer_at_the_beginning() {
    let contract = new();
    assert_eq!(contract.governance().administrator, ADMIN);
    assert_eq!(contract.governance().delay, MIN_DELAY);
    assert_eq!(contract.schema_version(), SCHEMA_VERSION);
    assert_eq!((contract.token(), contract.consent()), (TOKEN, None));
    assert_eq!((contract.period(), contract.totals()), (PERIOD, Totals::default()));
    assert_eq!(contract.tariff(TREATMENT), Scheduled::default());
    assert_eq!((contract.pot(TREATMENT), contract.budget(BOB)), (None, 0));
    assert_eq!((contract.owed(ALICE), contract.statement(ALICE)), (0, Statement::default()));
    assert_eq!(contract.earned(ALICE, BOB, TREATMENT), None);
}

#[ink::test]
fn only_the_administrator_sets_things() {
    let mut contract = new();
    calls(ALICE);
    assert_eq!(contract.set_consent(ALICE), Err(Error::NotAdministrator));
    assert_eq!(contract.set_tariff(99, TEN), Err(Error::NotAdministrator));
    assert_eq!(contract.set_sponsor(99, Some(ZERO)), Err(Error::NotAdministrator));
    calls(ADMIN);
    assert_eq!(contract.set_tariff(32, TEN), Err(Error::UnknownPurpose));
    assert_eq!(contract.set_sponsor(32, None), Err(Error::UnknownPurpose));
    assert_eq!(emitted(), 0, "a refusal emits nothing");

    waits_until(NOW);
    contract.set_tariff(31, TEN).unwrap();
    let from = NOW + MIN_DELAY;
    let (amount, required) = (10, false);
    assert_eq!(latest::<TariffSet>(), TariffSet { purpose: 31, amount, required, from });
    let next = Some(Next { value: TEN, from });
    assert_eq!(contract.tariff(31), Scheduled { value: Tariff::default(), next });
    contract.set_sponsor(RESEARCH, Some(SPONSOR)).unwrap();
    assert_eq!(latest::<SponsorSet>().sponsor, Some(SPONSOR));
    assert_eq!(contract.pot(RESEARCH).unwrap().sponsor, SPONSOR);
    contract.set_consent(CONSENT).unwrap();
    assert_eq!(latest::<ConsentSet>(), ConsentSet { consent: CONSENT });
    assert_eq!(contract.set_consent(ALICE), Err(Error::AlreadySet));
    calls(ALICE);
    assert_eq!(contract.set_consent(ALICE), Err(Error::NotAdministrator));
}

#[ink::test]
fn the_shell_takes_the_caller_and_the_time_and_emits() {
    let mut contract = contract();
    force_budget(BOB, 15);
    calls(ALICE);
    assert_eq!(contract.accrue(ALICE, BOB, 0, 1), Err(AccrueError::NotConsent));
    calls(CONSENT);
    assert_eq!(contract.accrue(ALICE, BOB, 0, 1), Ok(Accrual::Earned(10)));
    let paid = latest::<Accrued>();
    assert_eq!((paid.owner, paid.requester, paid.access), (ALICE, BOB, 1));
    assert_eq!((paid.amount, paid.sponsor, paid.at), (10, None, MIN_DELAY));
    assert_eq!(contract.accrue(DAVE, BOB, 0, 2), Ok(Accrual::Unfunded));
    let unfunded = latest::<Unfunded>();
    assert_eq!((unfunded.owner, unfunded.access, unfunded.required), (DAVE, 2, false));
    // ConsentSet, TariffSet and these two; nothing where nothing is earned.
    assert_eq!(contract.accrue(ALICE, BOB, 0, 3), Ok(Accrual::Nothing));
    assert_eq!(contract.accrue(ALICE, BOB, 1, 4), Ok(Accrual::Nothing));
    assert_eq!(emitted(), 4);
    assert_eq!((contract.owed(ALICE), contract.budget(BOB)), (10, 5));
    assert_eq!(contract.earned(ALICE, BOB, 0), Some(MIN_DELAY));
    assert_eq!(contract.totals(), totals(5, 0, 10, 0));
}

#[ink::test]
fn the_shell_hands_on_what_the_rules_refuse() {
    let mut contract = contract();
    force_budget(BOB, 15);
    calls(CAROL);
    // There is nobody to say that he was admitted.
    assert_eq!(contract.fund(BOB, 0), Err(Error::NotAdmitted));
    assert_eq!(contract.withdraw_budget(0), Err(Error::ZeroAmount));
    assert_eq!(contract.withdraw_budget(1), Err(Error::InsufficientBudget));
    assert_eq!(contract.sponsor(RESEARCH, 1, 1), Err(Error::NotSponsor));
    assert_eq!(contract.withdraw_pot(RESEARCH, 1), Err(Error::NotSponsor));
    assert_eq!(contract.withdraw(), Err(Error::NothingOwed));
    for to in [ZERO, CONTRACT] {
        assert_eq!(contract.withdraw_to(to), Err(Error::InvalidRecipient));
    }
    assert_eq!(contract.withdraw_to(ALICE), Err(Error::NothingOwed));
    assert_eq!(emitted(), 2);
}

/// A cap alone moves no money, so that the token is not asked.
#[ink::test]
fn a_sponsor_sets_the_cap_without_the_token() {
    let mut contract = contract();
    contract.set_sponsor(RESEARCH, Some(SPONSOR)).unwrap();
    calls(SPONSOR);
    contract.sponsor(RESEARCH, 0, 25).unwrap();
    let (purpose, sponsor) = (RESEARCH, SPONSOR);
    assert_eq!(latest::<Sponsored>(), Sponsored { purpose, sponsor, amount: 0, cap: 25 });
    assert_eq!(contract.pot(RESEARCH), Some(Pot { sponsor, balance: 0, cap: 25 }));
}

#[ink::test]
fn a_pause_blocks_first_and_leaves_the_way_out_open() {
    let mut contract = contract();
    force_budget(BOB, 15);
    contract.pause().unwrap();

    // Each of these would be refused for another reason, too.
    calls(ALICE);
    assert_eq!(contract.set_tariff(99, TEN), Err(Error::Paused));
    assert_eq!(contract.set_sponsor(99, None), Err(Error::Paused));
    assert_eq!(contract.sponsor(99, 0, 0), Err(Error::Paused));
    assert_eq!(contract.fund(ZERO, 0), Err(Error::Paused));

    // These are not blocked: they are refused for their own reasons, or go on.
    assert_eq!(contract.set_consent(ALICE), Err(Error::NotAdministrator));
    assert_eq!(contract.withdraw_pot(99, 1), Err(Error::NotSponsor));
    assert_eq!(contract.withdraw_budget(1), Err(Error::InsufficientBudget));
    assert_eq!(contract.withdraw(), Err(Error::NothingOwed));
    assert_eq!(contract.withdraw_to(ZERO), Err(Error::InvalidRecipient));
    assert_eq!(contract.accrue(ALICE, BOB, 0, 1), Err(AccrueError::NotConsent));
    calls(CONSENT);
    assert_eq!(contract.accrue(ALICE, BOB, 0, 1), Ok(Accrual::Unfunded));
    assert_eq!(latest::<Unfunded>().access, 1);
    assert_eq!(contract.totals(), totals(15, 0, 0, 0));
    calls(ADMIN);
    contract.unpause().unwrap();
    contract.set_tariff(0, TEN).unwrap();
    calls(CONSENT);
    assert_eq!(contract.accrue(ALICE, BOB, 0, 1), Err(AccrueError::AlreadyPaid));
    assert_eq!(contract.accrue(ALICE, BOB, 0, 2), Ok(Accrual::Earned(10)));
}

#[ink::test]
fn wiring_is_open_in_a_pause() {
    let mut contract = new();
    contract.pause().unwrap();
    contract.set_consent(CONSENT).unwrap();
    assert_eq!(contract.consent(), Some(CONSENT));
}

#[ink::test]
fn the_office_goes_over_with_its_powers() {
    let mut contract = contract();
    waits_until(NOW);
    calls(ALICE);
    assert_eq!(contract.propose_handover(ALICE), Err(GovernanceError::NotAdministrator));
    calls(ADMIN);
    assert_eq!(contract.propose_handover(ZERO), Err(GovernanceError::NotEligible));
    contract.propose_handover(BOB).unwrap();
    contract.cancel_handover().unwrap();
    contract.propose_handover(ALICE).unwrap();
    calls(ALICE);
    assert_eq!(contract.accept_handover(), Err(GovernanceError::TooEarly));
    waits_until(NOW + MIN_DELAY);
    calls(BOB);
    assert_eq!(contract.accept_handover(), Err(GovernanceError::NotSuccessor));
    calls(ALICE);
    contract.accept_handover().unwrap();
    assert_eq!(contract.governance().administrator, ALICE);
    contract.set_tariff(0, TEN).unwrap();
    calls(ADMIN);
    assert_eq!(contract.set_tariff(0, TEN), Err(Error::NotAdministrator));

    assert_eq!(contract.announce_upgrade([4; 32]), Err(GovernanceError::NotAdministrator));
    assert_eq!(contract.cancel_upgrade(), Err(GovernanceError::NotAdministrator));
    assert_eq!(contract.apply_upgrade(), Err(GovernanceError::NotAdministrator));
    calls(ALICE);
    assert_eq!(contract.apply_upgrade(), Err(GovernanceError::NoUpgrade));
    assert_eq!(contract.cancel_upgrade(), Err(GovernanceError::NoUpgrade));
}

#[test]
fn messages_match_what_other_contracts_call() {
    const ID: u32 = ink::selector_id!("accrue");
    let _: <Rewards as DispatchableMessageInfo<ID>>::Input = (ALICE, BOB, 0u8, 1u64);
    assert_eq!(<Rewards as DispatchableMessageInfo<ID>>::SELECTOR, ACCRUE);
}
