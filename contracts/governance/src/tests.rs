//! The rules of government.

use crate::{Governance, GovernanceError as Error, State, MAX_DELAY};
use ink::primitives::AccountId;

const ADMINISTRATOR: AccountId = AccountId([1; 32]);
const SUCCESSOR: AccountId = AccountId([2; 32]);
const STRANGER: AccountId = AccountId([3; 32]);
const CODE: [u8; 32] = [7; 32];
const DELAY: u64 = 1_000;

fn governance() -> Governance {
    Governance::new(ADMINISTRATOR, DELAY).unwrap()
}

#[ink::test]
fn starts_running_under_its_maker() {
    let state = State {
        administrator: ADMINISTRATOR,
        paused: false,
        delay: DELAY,
        handover: None,
        upgrade: None,
    };
    assert_eq!(governance().state(), state);
    assert_eq!(Governance::new(ADMINISTRATOR, MAX_DELAY + 1).err(), Some(Error::DelayTooLong));
    assert!(Governance::new(ADMINISTRATOR, MAX_DELAY).is_ok());
}

#[ink::test]
fn only_the_administrator_pauses() {
    let mut governance = governance();
    assert_eq!(governance.pause(STRANGER), Err(Error::NotAdministrator));
    assert_eq!(governance.unpause(ADMINISTRATOR), Err(Error::NotPaused));
    governance.pause(ADMINISTRATOR).unwrap();
    assert!(governance.is_paused());
    assert_eq!(governance.pause(ADMINISTRATOR), Err(Error::AlreadyPaused));
    assert_eq!(governance.unpause(STRANGER), Err(Error::NotAdministrator));
    governance.unpause(ADMINISTRATOR).unwrap();
    assert!(!governance.is_paused());
}

#[ink::test]
fn a_handover_takes_two_steps_and_the_delay() {
    let mut governance = governance();
    assert_eq!(governance.accept_handover(SUCCESSOR, 0, true), Err(Error::NoHandover));
    for (caller, to, eligible, error) in [
        (STRANGER, SUCCESSOR, true, Error::NotAdministrator),
        (ADMINISTRATOR, ADMINISTRATOR, true, Error::AlreadyAdministrator),
        (ADMINISTRATOR, AccountId([0; 32]), true, Error::NotEligible),
        (ADMINISTRATOR, SUCCESSOR, false, Error::NotEligible),
    ] {
        assert_eq!(governance.propose_handover(caller, 5, to, eligible), Err(error));
    }
    let late = governance.propose_handover(ADMINISTRATOR, u64::MAX, SUCCESSOR, true);
    assert_eq!(late, Err(Error::Overflow));

    let event = governance.propose_handover(ADMINISTRATOR, 5, SUCCESSOR, true).unwrap();
    assert_eq!(event.not_before, 5 + DELAY);
    let over = event.not_before;
    assert_eq!(governance.accept_handover(STRANGER, over, true), Err(Error::NotSuccessor));
    assert_eq!(
        governance.accept_handover(SUCCESSOR, over.saturating_sub(1), true),
        Err(Error::TooEarly)
    );
    assert_eq!(governance.accept_handover(SUCCESSOR, over, false), Err(Error::NotEligible));
    assert!(governance.is_administrator(ADMINISTRATOR), "until it is accepted");

    assert_eq!(governance.cancel_handover(STRANGER), Err(Error::NotAdministrator));
    governance.cancel_handover(ADMINISTRATOR).unwrap();
    assert_eq!(governance.cancel_handover(ADMINISTRATOR), Err(Error::NoHandover));
    assert_eq!(governance.accept_handover(SUCCESSOR, over, true), Err(Error::NoHandover));

    governance.propose_handover(ADMINISTRATOR, 5, SUCCESSOR, true).unwrap();
    governance.accept_handover(SUCCESSOR, over, true).unwrap();
    assert!(governance.is_administrator(SUCCESSOR));
    assert_eq!(governance.pause(ADMINISTRATOR), Err(Error::NotAdministrator));
    assert_eq!(governance.state().handover, None);
}

#[ink::test]
fn a_code_takes_effect_only_after_its_delay() {
    let mut governance = governance();
    assert_eq!(governance.announce_upgrade(STRANGER, 5, CODE), Err(Error::NotAdministrator));
    assert_eq!(governance.announce_upgrade(ADMINISTRATOR, u64::MAX, CODE), Err(Error::Overflow));
    assert_eq!(governance.apply_upgrade(ADMINISTRATOR, 5), Err(Error::NoUpgrade));
    assert_eq!(governance.cancel_upgrade(ADMINISTRATOR), Err(Error::NoUpgrade));

    let over = governance.announce_upgrade(ADMINISTRATOR, 5, CODE).unwrap().not_before;
    assert_eq!(over, 5 + DELAY);
    assert_eq!(governance.apply_upgrade(STRANGER, over), Err(Error::NotAdministrator));
    assert_eq!(
        governance.apply_upgrade(ADMINISTRATOR, over.saturating_sub(1)),
        Err(Error::TooEarly)
    );
    assert_eq!(governance.cancel_upgrade(STRANGER), Err(Error::NotAdministrator));
    governance.cancel_upgrade(ADMINISTRATOR).unwrap();
    assert_eq!(governance.apply_upgrade(ADMINISTRATOR, over), Err(Error::NoUpgrade));

    governance.announce_upgrade(ADMINISTRATOR, 5, CODE).unwrap();
    assert_eq!(governance.apply_upgrade(ADMINISTRATOR, over).unwrap().code_hash, CODE);
    assert_eq!(governance.apply_upgrade(ADMINISTRATOR, over), Err(Error::NoUpgrade), "once");
}
