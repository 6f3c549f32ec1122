//! The rules of rewards, against a plain model where they are about money.

use crate::data::{Accrual, Data, Statement, Totals};
use crate::errors::RewardsError as Error;
use crate::rewards::Rewards;
use assent_traits::rewards::{AccrueError, ACCRUE};
use ink::env::{test::set_caller, DefaultEnvironment};
use ink::primitives::AccountId;
use ink::reflect::DispatchableMessageInfo;

const CONSENT: AccountId = AccountId([8; 32]);
const ADMINISTRATOR: AccountId = AccountId([9; 32]);
const TOKEN: AccountId = AccountId([7; 32]);
const ALICE: AccountId = AccountId([1; 32]);
const BOB: AccountId = AccountId([2; 32]);

fn data() -> Data {
    let mut data = Data::new();
    data.set_consent(CONSENT).unwrap();
    data.set_tariff(0, 10).unwrap();
    data
}

#[ink::test]
fn the_consent_contract_is_named_once() {
    let mut data = Data::new();
    assert_eq!(
        data.accrue(CONSENT, ALICE, 0, 1),
        Err(AccrueError::NotConsent),
        "nobody accrues before it is named"
    );
    data.set_consent(CONSENT).unwrap();
    assert_eq!(data.set_consent(ALICE), Err(Error::AlreadySet));
    assert_eq!(data.consent(), Some(CONSENT));
}

#[ink::test]
fn an_access_pays_once_and_only_from_the_fund() {
    let mut data = data();
    assert_eq!(data.accrue(ALICE, ALICE, 0, 0), Err(AccrueError::NotConsent));
    assert_eq!(data.accrue(CONSENT, ALICE, 0, 0), Err(AccrueError::AlreadyPaid));
    let short = data.accrue(CONSENT, ALICE, 0, 1).unwrap();
    assert!(matches!(short, Accrual::Unfunded(event) if event.amount == 10));
    assert_eq!(data.statement(ALICE).owed, 0);

    assert_eq!(data.fund(BOB, 0), Err(Error::ZeroAmount));
    data.fund(BOB, 25).unwrap();
    assert_eq!(
        data.accrue(CONSENT, ALICE, 0, 1),
        Err(AccrueError::AlreadyPaid),
        "money that arrives later does not pay an access again"
    );
    assert!(matches!(
        data.accrue(CONSENT, ALICE, 0, 2).unwrap(),
        Accrual::Accrued(event) if event.amount == 10 && event.access == 2
    ));
    assert_eq!(data.accrue(CONSENT, ALICE, 0, 2), Err(AccrueError::AlreadyPaid));
    assert_eq!(data.accrue(CONSENT, ALICE, 1, 3), Ok(Accrual::NoTariff));
    assert_eq!(data.accrue(CONSENT, ALICE, 0, 3), Err(AccrueError::AlreadyPaid));
    assert_eq!(data.totals(), Totals { unspent: 15, owed: 10, withdrawn: 0 });
}

#[ink::test]
fn what_is_owed_is_withdrawn_once() {
    let mut data = data();
    assert_eq!(data.withdraw(ALICE), Err(Error::NothingOwed));
    data.fund(BOB, 25).unwrap();
    data.accrue(CONSENT, ALICE, 0, 1).unwrap();
    data.accrue(CONSENT, ALICE, 0, 2).unwrap();
    assert_eq!(data.withdraw(ALICE).unwrap().amount, 20);
    assert_eq!(data.withdraw(ALICE), Err(Error::NothingOwed));
    assert_eq!(data.statement(ALICE), Statement { owed: 0, withdrawn: 20 });
}

#[ink::test]
fn the_fund_cannot_overflow() {
    let mut data = data();
    data.fund(BOB, 10).unwrap();
    data.accrue(CONSENT, ALICE, 0, 1).unwrap();
    assert_eq!(data.fund(BOB, u128::MAX), Err(Error::Overflow));
    assert_eq!(data.totals().unspent, 0, "a refusal writes nothing");
    data.fund(BOB, u128::MAX - 10).unwrap();
    assert_eq!(data.fund(BOB, 1), Err(Error::Overflow));
}

/// A thousand pseudo-random operations: what was paid in is unspent, owed or withdrawn, and the sums
/// are those of the accounts.
#[ink::test]
fn money_in_is_unspent_owed_or_withdrawn() {
    let owners = [ALICE, BOB];
    let mut data = data();
    let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut random = move |bound: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % bound
    };
    let (mut funded, mut paid, mut access) = (0u128, 0u128, 0u64);
    for _ in 0..1_000 {
        let owner = owners[random(2) as usize];
        match random(5) {
            0 => {
                let amount = u128::from(random(60));
                if data.fund(owner, amount).is_ok() {
                    funded += amount;
                }
            }
            1 => {
                if let Ok(event) = data.withdraw(owner) {
                    paid += event.amount;
                }
            }
            2 => drop(data.set_tariff(0, u128::from(random(30)))),
            _ => {
                access += 1;
                data.accrue(CONSENT, owner, 0, access).unwrap();
                assert_eq!(data.accrue(CONSENT, owner, 0, access), Err(AccrueError::AlreadyPaid));
            }
        }
        let totals = data.totals();
        let owed: u128 = owners.iter().map(|o| data.statement(*o).owed).sum();
        assert_eq!(totals.owed, owed);
        assert_eq!(totals.withdrawn, paid);
        assert_eq!(funded, totals.unspent + totals.owed + totals.withdrawn);
    }
    assert!(paid > 0);
}

#[ink::test]
fn only_the_administrator_sets_things() {
    set_caller::<DefaultEnvironment>(ADMINISTRATOR);
    let mut contract = Rewards::new(TOKEN);
    assert_eq!(contract.administrator(), ADMINISTRATOR);
    assert_eq!(contract.token(), TOKEN);
    assert_eq!(contract.consent(), None);
    set_caller::<DefaultEnvironment>(ALICE);
    assert_eq!(contract.set_consent(ALICE), Err(Error::NotAdministrator));
    assert_eq!(contract.set_tariff(99, 1), Err(Error::NotAdministrator));
    assert_eq!(contract.fund(0), Err(Error::ZeroAmount));
    assert_eq!(contract.withdraw(), Err(Error::NothingOwed));
    set_caller::<DefaultEnvironment>(ADMINISTRATOR);
    assert_eq!(contract.set_tariff(32, 1), Err(Error::UnknownPurpose));
    contract.set_tariff(31, 5).unwrap();
    contract.set_consent(CONSENT).unwrap();
    assert_eq!((contract.tariff(31), contract.tariff(32)), (5, 0));

    set_caller::<DefaultEnvironment>(CONSENT);
    assert_eq!(contract.accrue(ALICE, 31, 1), Ok(0));
    assert_eq!(contract.accrue(ALICE, 30, 2), Ok(0));
    assert_eq!(contract.owed(ALICE), 0);
    // TariffSet, ConsentSet, Unfunded.
    assert_eq!(ink::env::test::recorded_events().count(), 3);
}

#[test]
fn messages_match_what_other_contracts_call() {
    const ID: u32 = ink::selector_id!("accrue");
    let _: <Rewards as DispatchableMessageInfo<ID>>::Input = (ALICE, 0u8, 1u64);
    assert_eq!(<Rewards as DispatchableMessageInfo<ID>>::SELECTOR, ACCRUE);
}
