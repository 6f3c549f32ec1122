//! The rules of rewards, against a plain model where they are about money, and their shell.

use crate::data::{Accrual, Data, Statement, Totals, SCHEMA_VERSION};
use crate::errors::RewardsError as Error;
use crate::rewards::Rewards;
use assent_events::rewards::{
    Accrued, ConsentSet, Funded, Refunded, TariffSet, Unfunded, Withdrawn,
};
use assent_governance::{GovernanceError, Governed, MAX_DELAY};
use assent_traits::rewards::{AccrueError, ACCRUE};
use ink::env::test::{recorded_events, set_block_timestamp, set_callee, set_caller};
use ink::env::DefaultEnvironment;
use ink::primitives::AccountId;
use ink::reflect::DispatchableMessageInfo;
use ink::scale::Decode;
use ink::storage::{traits::ManualKey, Lazy, Mapping};
use std::collections::BTreeMap;

const CONSENT: AccountId = AccountId([8; 32]);
const ADMIN: AccountId = AccountId([9; 32]);
const TOKEN: AccountId = AccountId([7; 32]);
/// This contract.
const CONTRACT: AccountId = AccountId([6; 32]);
const ALICE: AccountId = AccountId([1; 32]);
const BOB: AccountId = AccountId([2; 32]);
const CAROL: AccountId = AccountId([3; 32]);
const ZERO: AccountId = AccountId([0; 32]);
const DELAY: u64 = 1_000;

/// An access for treatment earns 10; the fund is empty.
fn data() -> Data {
    let mut data = Data::new();
    data.set_consent(CONSENT).unwrap();
    data.set_tariff(0, 10).unwrap();
    data
}

fn accrue(data: &mut Data, owner: AccountId, access: u64) -> Result<Accrual, AccrueError> {
    data.accrue(CONSENT, false, owner, 0, access)
}

/// Puts totals into the storage that no messages lead to.
fn force_totals(totals: &Totals) {
    Lazy::<Totals, ManualKey<0x7277_0002>>::new().set(totals);
}

/// Puts a contribution into the storage that no messages lead to.
fn force_contribution(funder: AccountId, amount: u128) {
    Mapping::<AccountId, u128, ManualKey<0x7277_0006>>::new().insert(funder, &amount);
}

#[ink::test]
fn the_consent_contract_is_named_once() {
    let mut data = Data::new();
    assert_eq!(data.consent(), None);
    assert_eq!(
        accrue(&mut data, ALICE, 1),
        Err(AccrueError::NotConsent),
        "nobody accrues before it is named"
    );
    assert_eq!(data.set_consent(CONSENT), Ok(ConsentSet { consent: CONSENT }));
    assert_eq!(data.set_consent(ALICE), Err(Error::AlreadySet));
    assert_eq!(data.set_consent(CONSENT), Err(Error::AlreadySet));
    assert_eq!(data.consent(), Some(CONSENT));
}

#[ink::test]
fn a_tariff_is_for_a_purpose() {
    let mut data = Data::new();
    assert_eq!(data.set_tariff(32, 5), Err(Error::UnknownPurpose));
    assert_eq!(data.set_tariff(31, 5), Ok(TariffSet { purpose: 31, amount: 5 }));
    assert_eq!((data.tariff(31), data.tariff(32), data.tariff(0)), (5, 0, 0));
    data.set_tariff(31, 0).unwrap();
    assert_eq!(data.tariff(31), 0);
}

#[ink::test]
fn the_fund_books_who_paid_in() {
    let mut data = Data::new();
    assert_eq!(data.fund(BOB, 0), Err(Error::ZeroAmount));
    assert_eq!(data.fund(BOB, 25), Ok(Funded { from: BOB, amount: 25 }));
    data.fund(BOB, 5).unwrap();
    data.fund(ALICE, 1).unwrap();
    assert_eq!((data.contribution(BOB), data.contribution(ALICE)), (30, 1));
    assert_eq!(data.totals(), Totals { unspent: 31, owed: 0, paid: 0 });
    assert_eq!(data.statement(BOB), Statement::default(), "nothing is owed for it");
}

#[ink::test]
fn the_fund_cannot_overflow() {
    let mut data = data();
    data.fund(BOB, 10).unwrap();
    accrue(&mut data, ALICE, 1).unwrap();
    assert_eq!(data.fund(ALICE, u128::MAX), Err(Error::Overflow), "owed and unspent together");
    assert_eq!(data.totals().unspent, 0, "a refusal writes nothing");
    assert_eq!(data.contribution(ALICE), 0);
    data.fund(ALICE, u128::MAX - 10).unwrap();
    assert_eq!(data.fund(CAROL, 1), Err(Error::Overflow));

    // One who pays in what he withdrew, over and over.
    force_totals(&Totals::default());
    force_contribution(BOB, u128::MAX);
    assert_eq!(data.fund(BOB, 1), Err(Error::Overflow));
    data.fund(CAROL, 1).unwrap();
}

#[ink::test]
fn an_access_pays_once_and_only_from_the_fund() {
    let mut data = data();
    assert_eq!(data.accrue(ALICE, false, ALICE, 0, 0), Err(AccrueError::NotConsent));
    assert_eq!(accrue(&mut data, ALICE, 0), Err(AccrueError::AlreadyPaid));
    assert_eq!(
        accrue(&mut data, ALICE, 1),
        Ok(Accrual::Unfunded(Unfunded { owner: ALICE, access: 1, purpose: 0, amount: 10 }))
    );
    assert_eq!(data.statement(ALICE).owed, 0);

    data.fund(BOB, 25).unwrap();
    assert_eq!(
        accrue(&mut data, ALICE, 1),
        Err(AccrueError::AlreadyPaid),
        "money that arrives later does not pay an access again"
    );
    assert_eq!(
        accrue(&mut data, ALICE, 2),
        Ok(Accrual::Accrued(Accrued { owner: ALICE, access: 2, purpose: 0, amount: 10 }))
    );
    assert_eq!(accrue(&mut data, ALICE, 2), Err(AccrueError::AlreadyPaid));
    assert_eq!(data.accrue(CONSENT, false, ALICE, 1, 3), Ok(Accrual::NoTariff));
    assert_eq!(accrue(&mut data, ALICE, 3), Err(AccrueError::AlreadyPaid));
    assert_eq!(data.totals(), Totals { unspent: 15, owed: 10, paid: 0 });
    assert_eq!(data.statement(ALICE), Statement { owed: 10, paid: 0 });
    assert_eq!(data.contribution(BOB), 25, "spending is nobody's in particular");
    accrue(&mut data, BOB, 9).unwrap();
    assert!(matches!(accrue(&mut data, BOB, 10), Ok(Accrual::Unfunded(_))), "5 are not 10");
    assert_eq!(data.totals(), Totals { unspent: 5, owed: 20, paid: 0 });
}

#[ink::test]
fn a_pause_books_no_money_and_stops_no_access() {
    let mut data = data();
    data.fund(BOB, 25).unwrap();
    assert_eq!(data.accrue(ALICE, true, ALICE, 0, 1), Err(AccrueError::NotConsent));
    assert_eq!(
        data.accrue(CONSENT, true, ALICE, 0, 1),
        Ok(Accrual::Unfunded(Unfunded { owner: ALICE, access: 1, purpose: 0, amount: 10 }))
    );
    assert_eq!(data.accrue(CONSENT, true, ALICE, 0, 1), Err(AccrueError::AlreadyPaid));
    assert_eq!(data.accrue(CONSENT, true, ALICE, 1, 2), Ok(Accrual::NoTariff));
    assert_eq!(accrue(&mut data, ALICE, 2), Err(AccrueError::AlreadyPaid), "also afterwards");
    assert_eq!(data.totals(), Totals { unspent: 25, owed: 0, paid: 0 });
    assert_eq!(data.statement(ALICE), Statement::default());
}

#[ink::test]
fn an_accrual_that_would_overflow_writes_nothing() {
    let mut data = data();
    let full = Totals { unspent: 10, owed: u128::MAX - 9, paid: 0 };
    force_totals(&full);
    assert_eq!(accrue(&mut data, ALICE, 1), Err(AccrueError::Overflow));
    assert_eq!(data.totals(), full);
    assert_eq!(data.statement(ALICE), Statement::default());
    force_totals(&Totals { unspent: 10, owed: 0, paid: 0 });
    assert!(matches!(accrue(&mut data, ALICE, 1), Ok(Accrual::Accrued(_))));
}

#[ink::test]
fn what_is_owed_is_withdrawn_once() {
    let mut data = data();
    assert_eq!(data.withdraw(ALICE), Err(Error::NothingOwed));
    data.fund(BOB, 25).unwrap();
    accrue(&mut data, ALICE, 1).unwrap();
    accrue(&mut data, ALICE, 2).unwrap();
    let event = data.withdraw(ALICE).unwrap();
    assert_eq!(event, Withdrawn { owner: ALICE, to: ALICE, amount: 20 });
    assert_eq!(data.withdraw(ALICE), Err(Error::NothingOwed));
    assert_eq!(data.statement(ALICE), Statement { owed: 0, paid: 20 });
    assert_eq!(data.totals(), Totals { unspent: 5, owed: 0, paid: 20 });
}

#[ink::test]
fn what_is_owed_may_go_to_another_account() {
    let mut data = data();
    data.fund(BOB, 25).unwrap();
    for to in [ZERO, CONTRACT] {
        let refused = data.withdraw_to(ALICE, CONTRACT, to);
        assert_eq!(refused, Err(Error::InvalidRecipient), "also when nothing is owed");
    }
    assert_eq!(data.withdraw_to(ALICE, CONTRACT, CAROL), Err(Error::NothingOwed));
    accrue(&mut data, ALICE, 1).unwrap();
    assert_eq!(data.withdraw_to(CAROL, CONTRACT, CAROL), Err(Error::NothingOwed));
    let event = data.withdraw_to(ALICE, CONTRACT, CAROL).unwrap();
    assert_eq!(event, Withdrawn { owner: ALICE, to: CAROL, amount: 10 });
    assert_eq!(data.statement(ALICE), Statement { owed: 0, paid: 10 });
    assert_eq!(data.statement(CAROL), Statement::default());
    assert_eq!(data.totals(), Totals { unspent: 15, owed: 0, paid: 10 });
}

#[ink::test]
fn a_funder_gets_back_at_most_what_he_paid_in() {
    let mut data = data();
    data.fund(BOB, 25).unwrap();
    data.fund(CAROL, 10).unwrap();
    accrue(&mut data, ALICE, 1).unwrap();
    accrue(&mut data, ALICE, 2).unwrap();
    assert_eq!(data.totals().unspent, 15);
    for (funder, amount, error) in [
        (ALICE, 0, Error::ZeroAmount),
        (ALICE, 1, Error::ExceedsContribution),
        (CAROL, 16, Error::ExceedsContribution),
        (BOB, 26, Error::ExceedsContribution),
        (BOB, 16, Error::ExceedsUnspent),
    ] {
        assert_eq!(data.refund_unused(ADMIN, funder, amount), Err(error));
    }
    let event = data.refund_unused(ADMIN, BOB, 12).unwrap();
    assert_eq!(event, Refunded { funder: BOB, amount: 12, by: ADMIN });
    assert_eq!(data.contribution(BOB), 13);
    assert_eq!(data.statement(BOB), Statement { owed: 12, paid: 0 });
    assert_eq!(data.totals(), Totals { unspent: 3, owed: 32, paid: 0 });
    data.refund_unused(ADMIN, CAROL, 3).unwrap();
    assert_eq!(data.refund_unused(ADMIN, CAROL, 7), Err(Error::ExceedsUnspent));
    assert_eq!(data.withdraw(BOB).unwrap().amount, 12);

    // What he paid in and got back is not his to claim again.
    data.fund(ALICE, 50).unwrap();
    data.refund_unused(ADMIN, BOB, 13).unwrap();
    assert_eq!(data.contribution(BOB), 0);
    assert_eq!(data.refund_unused(ADMIN, BOB, 1), Err(Error::ExceedsContribution));
}

#[ink::test]
fn a_refund_that_would_overflow_writes_nothing() {
    let mut data = Data::new();
    data.fund(BOB, 10).unwrap();
    let full = Totals { unspent: 10, owed: u128::MAX - 9, paid: 0 };
    force_totals(&full);
    assert_eq!(data.refund_unused(ADMIN, BOB, 11), Err(Error::ExceedsContribution));
    assert_eq!(data.refund_unused(ADMIN, BOB, 10), Err(Error::Overflow));
    assert_eq!(data.totals(), full);
    assert_eq!((data.contribution(BOB), data.statement(BOB).owed), (10, 0));
}

#[ink::test]
fn what_was_sent_past_the_fund_is_the_remainder() {
    let mut data = data();
    assert_eq!(data.remainder(7), Ok(7));
    data.fund(BOB, 25).unwrap();
    accrue(&mut data, ALICE, 1).unwrap();
    assert_eq!((data.remainder(25), data.remainder(32)), (Ok(0), Ok(7)));
    assert_eq!(data.remainder(24), Err(Error::TokenFailed), "the token lost something");
    data.withdraw(ALICE).unwrap();
    assert_eq!(data.remainder(15), Ok(0));
}

/// Two thousand pseudo-random operations, half of the accruals in a pause: what was paid in is
/// unspent, owed or paid out, the sums are those of the accounts, and contributions are what was
/// paid in less what was refunded.
#[ink::test]
fn money_in_is_unspent_owed_or_paid() {
    let accounts = [ALICE, BOB, CAROL];
    let mut data = data();
    let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut random = move |bound: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % bound
    };
    let (mut funded, mut paid, mut refunds, mut access) = (0u128, 0u128, 0u32, 0u64);
    let mut contributions: BTreeMap<AccountId, u128> = BTreeMap::new();
    for _ in 0..2_000 {
        let account = accounts[random(3) as usize];
        match random(8) {
            0 => {
                let amount = u128::from(random(60));
                if data.fund(account, amount).is_ok() {
                    funded += amount;
                    *contributions.entry(account).or_default() += amount;
                }
            }
            1 => {
                if let Ok(event) = data.withdraw(account) {
                    paid += event.amount;
                }
            }
            2 => {
                if let Ok(event) = data.withdraw_to(account, CONTRACT, ADMIN) {
                    paid += event.amount;
                }
            }
            3 => drop(data.set_tariff(0, u128::from(random(30)))),
            4 => {
                let amount = u128::from(random(20));
                if data.refund_unused(ADMIN, account, amount).is_ok() {
                    refunds += 1;
                    *contributions.get_mut(&account).unwrap() -= amount;
                }
            }
            _ => {
                access += 1;
                let before = data.totals();
                let paused = random(2) == 0;
                data.accrue(CONSENT, paused, account, 0, access).unwrap();
                assert_eq!(accrue(&mut data, account, access), Err(AccrueError::AlreadyPaid));
                assert!(!paused || data.totals() == before);
            }
        }
        let totals = data.totals();
        let owed: u128 = accounts.iter().map(|a| data.statement(*a).owed).sum();
        let paid_to: u128 = accounts.iter().map(|a| data.statement(*a).paid).sum();
        assert_eq!((totals.owed, totals.paid, paid_to), (owed, paid, paid));
        assert_eq!(funded, totals.unspent + totals.owed + totals.paid);
        assert_eq!(data.remainder(funded - paid), Ok(0));
        for account in accounts {
            let expected = contributions.get(&account).copied().unwrap_or_default();
            assert_eq!(data.contribution(account), expected);
        }
    }
    assert!(paid > 0 && refunds > 0);
}

fn calls(account: AccountId) {
    set_caller::<DefaultEnvironment>(account);
}

fn emitted() -> usize {
    recorded_events().count()
}

/// The latest event, which has to be one of these.
fn latest<E: Decode>() -> E {
    let event = recorded_events().last().unwrap();
    E::decode(&mut &event.data[..]).unwrap()
}

/// The contract, where an access for treatment earns 10.
fn contract() -> Rewards {
    set_callee::<DefaultEnvironment>(CONTRACT);
    calls(ADMIN);
    let mut contract = Rewards::new(TOKEN, DELAY).unwrap();
    contract.set_consent(CONSENT).unwrap();
    contract.set_tariff(0, 10).unwrap();
    contract
}

/// Books what a transfer that these tests cannot make would have paid for.
fn force_fund(funder: AccountId, amount: u128) {
    force_totals(&Totals { unspent: amount, owed: 0, paid: 0 });
    force_contribution(funder, amount);
}

#[ink::test]
fn only_the_administrator_sets_things() {
    calls(ADMIN);
    assert_eq!(Rewards::new(TOKEN, MAX_DELAY + 1).err(), Some(GovernanceError::DelayTooLong));
    let mut contract = Rewards::new(TOKEN, DELAY).unwrap();
    assert_eq!(contract.governance().administrator, ADMIN);
    assert_eq!(contract.schema_version(), SCHEMA_VERSION);
    assert_eq!(contract.token(), TOKEN);
    assert_eq!(contract.consent(), None);
    calls(ALICE);
    assert_eq!(contract.set_consent(ALICE), Err(Error::NotAdministrator));
    assert_eq!(contract.set_tariff(99, 1), Err(Error::NotAdministrator));
    assert_eq!(contract.refund_unused(ALICE, 0), Err(Error::NotAdministrator));
    calls(ADMIN);
    assert_eq!(contract.set_tariff(32, 1), Err(Error::UnknownPurpose));
    assert_eq!(contract.refund_unused(ALICE, 0), Err(Error::ZeroAmount));
    assert_eq!(emitted(), 0, "a refusal emits nothing");
    contract.set_tariff(31, 5).unwrap();
    assert_eq!(latest::<TariffSet>(), TariffSet { purpose: 31, amount: 5 });
    contract.set_consent(CONSENT).unwrap();
    assert_eq!(latest::<ConsentSet>(), ConsentSet { consent: CONSENT });
    assert_eq!((contract.tariff(31), contract.tariff(32)), (5, 0));
    assert_eq!(contract.consent(), Some(CONSENT));
    calls(ALICE);
    assert_eq!(contract.set_consent(ALICE), Err(Error::NotAdministrator));
    calls(ADMIN);
    assert_eq!(contract.set_consent(ALICE), Err(Error::AlreadySet));
}

#[ink::test]
fn the_shell_takes_the_caller_and_emits() {
    let mut contract = contract();
    force_fund(BOB, 15);
    calls(ALICE);
    assert_eq!(contract.accrue(ALICE, 0, 1), Err(AccrueError::NotConsent));
    calls(CONSENT);
    assert_eq!(contract.accrue(ALICE, 0, 1), Ok(10));
    let accrued = Accrued { owner: ALICE, access: 1, purpose: 0, amount: 10 };
    assert_eq!(latest::<Accrued>(), accrued);
    assert_eq!(contract.accrue(ALICE, 0, 2), Ok(0));
    let unfunded = Unfunded { owner: ALICE, access: 2, purpose: 0, amount: 10 };
    assert_eq!(latest::<Unfunded>(), unfunded);
    // ConsentSet, TariffSet and these two; nothing where there is no tariff.
    assert_eq!(contract.accrue(ALICE, 1, 3), Ok(0));
    assert_eq!(emitted(), 4);
    assert_eq!(contract.owed(ALICE), 10);
    assert_eq!(contract.statement(ALICE), Statement { owed: 10, paid: 0 });

    calls(ADMIN);
    contract.refund_unused(BOB, 5).unwrap();
    assert_eq!(latest::<Refunded>(), Refunded { funder: BOB, amount: 5, by: ADMIN });
    assert_eq!((contract.owed(BOB), contract.contribution(BOB)), (5, 10));
    assert_eq!(contract.totals(), Totals { unspent: 0, owed: 15, paid: 0 });

    calls(CAROL);
    assert_eq!(contract.fund(0), Err(Error::ZeroAmount));
    assert_eq!(contract.fund(u128::MAX), Err(Error::Overflow));
    assert_eq!(contract.withdraw(), Err(Error::NothingOwed));
    assert_eq!(contract.withdraw_to(ZERO), Err(Error::InvalidRecipient));
    assert_eq!(contract.withdraw_to(CONTRACT), Err(Error::InvalidRecipient));
    assert_eq!(contract.withdraw_to(ALICE), Err(Error::NothingOwed));
    assert_eq!(emitted(), 5);
}

#[ink::test]
fn a_pause_blocks_first_and_leaves_the_way_out_open() {
    let mut contract = contract();
    force_fund(BOB, 15);
    calls(ALICE);
    assert_eq!(contract.pause(), Err(GovernanceError::NotAdministrator));
    calls(ADMIN);
    contract.pause().unwrap();
    assert!(contract.governance().paused);

    // Each of these would be refused for another reason, too.
    calls(ALICE);
    assert_eq!(contract.set_tariff(99, 1), Err(Error::Paused));
    assert_eq!(contract.fund(0), Err(Error::Paused));

    // These are not blocked: they are refused for their own reasons, or go on.
    assert_eq!(contract.set_consent(ALICE), Err(Error::NotAdministrator));
    assert_eq!(contract.withdraw(), Err(Error::NothingOwed));
    assert_eq!(contract.withdraw_to(ZERO), Err(Error::InvalidRecipient));
    assert_eq!(contract.accrue(ALICE, 0, 1), Err(AccrueError::NotConsent));
    calls(CONSENT);
    assert_eq!(contract.accrue(ALICE, 0, 1), Ok(0));
    let unfunded = Unfunded { owner: ALICE, access: 1, purpose: 0, amount: 10 };
    assert_eq!(latest::<Unfunded>(), unfunded);
    assert_eq!(contract.totals(), Totals { unspent: 15, owed: 0, paid: 0 });
    calls(ADMIN);
    contract.refund_unused(BOB, 5).unwrap();
    contract.unpause().unwrap();
    contract.set_tariff(0, 1).unwrap();
    calls(CONSENT);
    assert_eq!(contract.accrue(ALICE, 0, 1), Err(AccrueError::AlreadyPaid));
    assert_eq!(contract.accrue(ALICE, 0, 2), Ok(1));
}

#[ink::test]
fn wiring_is_open_in_a_pause() {
    calls(ADMIN);
    let mut contract = Rewards::new(TOKEN, DELAY).unwrap();
    contract.pause().unwrap();
    contract.set_consent(CONSENT).unwrap();
    assert_eq!(contract.consent(), Some(CONSENT));
}

#[ink::test]
fn the_office_goes_over_with_its_powers() {
    let mut contract = contract();
    set_block_timestamp::<DefaultEnvironment>(5);
    calls(ALICE);
    assert_eq!(contract.propose_handover(ALICE), Err(GovernanceError::NotAdministrator));
    calls(ADMIN);
    assert_eq!(contract.propose_handover(ZERO), Err(GovernanceError::NotEligible));
    contract.propose_handover(BOB).unwrap();
    contract.cancel_handover().unwrap();
    contract.propose_handover(ALICE).unwrap();
    calls(ALICE);
    assert_eq!(contract.accept_handover(), Err(GovernanceError::TooEarly));
    set_block_timestamp::<DefaultEnvironment>(5 + DELAY);
    calls(BOB);
    assert_eq!(contract.accept_handover(), Err(GovernanceError::NotSuccessor));
    calls(ALICE);
    contract.accept_handover().unwrap();
    assert_eq!(contract.governance().administrator, ALICE);
    contract.set_tariff(0, 3).unwrap();
    calls(ADMIN);
    assert_eq!(contract.set_tariff(0, 4), Err(Error::NotAdministrator));

    assert_eq!(contract.announce_upgrade([4; 32]), Err(GovernanceError::NotAdministrator));
    calls(ALICE);
    assert_eq!(contract.apply_upgrade(), Err(GovernanceError::NoUpgrade));
    contract.announce_upgrade([4; 32]).unwrap();
    assert_eq!(contract.governance().upgrade.unwrap().code_hash, [4; 32]);
    assert_eq!(contract.apply_upgrade(), Err(GovernanceError::TooEarly));
    contract.cancel_upgrade().unwrap();
    assert_eq!(contract.cancel_upgrade(), Err(GovernanceError::NoUpgrade));
}

#[test]
fn messages_match_what_other_contracts_call() {
    const ID: u32 = ink::selector_id!("accrue");
    let _: <Rewards as DispatchableMessageInfo<ID>>::Input = (ALICE, 0u8, 1u64);
    assert_eq!(<Rewards as DispatchableMessageInfo<ID>>::SELECTOR, ACCRUE);
}
