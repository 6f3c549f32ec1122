//! The rules of government.

use crate::{
    Announced, Governance, GovernanceError as Error, Handover, Next, Scheduled, State, Upgrade,
    GRACE, MAX_DELAY, MIN_DELAY,
};
use assent_events::governance::{HandoverProposed, UpgradeAnnounced};
use ink::primitives::AccountId;

const ADMINISTRATOR: AccountId = AccountId([1; 32]);
const SUCCESSOR: AccountId = AccountId([2; 32]);
const STRANGER: AccountId = AccountId([3; 32]);
/// What the contract has.
const OWN: [u8; 32] = [6; 32];
const CODE: [u8; 32] = [7; 32];
const OTHER_CODE: [u8; 32] = [8; 32];
const DELAY: u64 = 2_000;
const NOW: u64 = 5;
/// First moment at which what is put on record at [`NOW`] may take effect.
const OVER: u64 = NOW + DELAY;
/// First moment at which it no longer may.
const UNTIL: u64 = OVER + GRACE;
/// The version of what the contract stores.
const SCHEMA: u32 = 3;

fn governance() -> Governance {
    Governance::new(ADMINISTRATOR, DELAY).unwrap()
}

/// As the chain does it.
fn announce(
    governance: &mut Governance,
    caller: AccountId,
    now: u64,
    code: [u8; 32],
) -> Result<Announced, Error> {
    governance.announce_upgrade(caller, now, code, || OWN)
}

/// With a code that reads what the contract stores.
fn apply(governance: &mut Governance, caller: AccountId, now: u64) -> Result<[u8; 32], Error> {
    governance.apply_upgrade(caller, now, SCHEMA, |_| Some(SCHEMA)).map(|event| event.code_hash)
}

/// Nothing of the announced code is to be asked.
fn nobody_asks(_code: [u8; 32]) -> Option<u32> {
    panic!("this is refused before the code is asked")
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
    assert_eq!(governance().delay(), DELAY);
    for (delay, error) in [
        (0, Some(Error::InvalidDelay)),
        (MIN_DELAY - 1, Some(Error::InvalidDelay)),
        (MIN_DELAY, None),
        (MAX_DELAY, None),
        (MAX_DELAY + 1, Some(Error::InvalidDelay)),
    ] {
        assert_eq!(Governance::new(ADMINISTRATOR, delay).err(), error, "{delay}");
    }
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
        assert_eq!(governance.propose_handover(caller, NOW, to, eligible), Err(error));
    }

    let event = governance.propose_handover(ADMINISTRATOR, NOW, SUCCESSOR, true).unwrap();
    let proposed =
        HandoverProposed { from: ADMINISTRATOR, to: SUCCESSOR, not_before: OVER, until: UNTIL };
    assert_eq!(event, proposed);
    let handover = Handover { to: SUCCESSOR, not_before: OVER, until: UNTIL };
    assert_eq!(governance.state().handover, Some(handover));
    for (caller, now, eligible, error) in [
        (STRANGER, OVER - 1, false, Error::NotSuccessor),
        (STRANGER, UNTIL, false, Error::NotSuccessor),
        (SUCCESSOR, OVER - 1, false, Error::TooEarly),
        (SUCCESSOR, OVER, false, Error::NotEligible),
        (SUCCESSOR, UNTIL - 1, false, Error::NotEligible),
        (SUCCESSOR, UNTIL, false, Error::Expired),
    ] {
        assert_eq!(governance.accept_handover(caller, now, eligible), Err(error));
    }
    assert!(governance.is_administrator(ADMINISTRATOR), "until it is accepted");

    assert_eq!(governance.cancel_handover(STRANGER), Err(Error::NotAdministrator));
    governance.cancel_handover(ADMINISTRATOR).unwrap();
    assert_eq!(governance.cancel_handover(ADMINISTRATOR), Err(Error::NoHandover));
    assert_eq!(governance.accept_handover(SUCCESSOR, OVER, true), Err(Error::NoHandover));

    governance.propose_handover(ADMINISTRATOR, NOW, SUCCESSOR, true).unwrap();
    governance.accept_handover(SUCCESSOR, OVER, true).unwrap();
    assert!(governance.is_administrator(SUCCESSOR));
    assert_eq!(governance.pause(ADMINISTRATOR), Err(Error::NotAdministrator));
    assert_eq!(governance.state().handover, None);
}

#[ink::test]
fn what_expired_stays_on_record_until_it_is_replaced() {
    let mut governance = governance();
    governance.propose_handover(ADMINISTRATOR, NOW, SUCCESSOR, true).unwrap();
    announce(&mut governance, ADMINISTRATOR, NOW, CODE).unwrap();
    let before = governance.state();
    assert_eq!(governance.accept_handover(SUCCESSOR, UNTIL, true), Err(Error::Expired));
    assert_eq!(apply(&mut governance, ADMINISTRATOR, UNTIL), Err(Error::Expired));
    assert_eq!(governance.state(), before);

    governance.propose_handover(ADMINISTRATOR, UNTIL, SUCCESSOR, true).unwrap();
    announce(&mut governance, ADMINISTRATOR, UNTIL, CODE).unwrap();
    assert_eq!(governance.accept_handover(SUCCESSOR, UNTIL, true), Err(Error::TooEarly));
    assert_eq!(apply(&mut governance, ADMINISTRATOR, UNTIL), Err(Error::TooEarly));
    let last = UNTIL + DELAY + GRACE - 1;
    assert_eq!(apply(&mut governance, ADMINISTRATOR, last), Ok(CODE));
    governance.accept_handover(SUCCESSOR, last, true).unwrap();
}

#[ink::test]
fn nothing_is_put_on_record_that_ends_after_the_end_of_time() {
    let mut governance = governance();
    let latest = u64::MAX - DELAY - GRACE;
    for now in [latest + 1, u64::MAX - DELAY, u64::MAX] {
        let proposed = governance.propose_handover(ADMINISTRATOR, now, SUCCESSOR, true);
        assert_eq!(proposed, Err(Error::Overflow));
        let announced = announce(&mut governance, ADMINISTRATOR, now, CODE);
        assert_eq!(announced, Err(Error::Overflow));
    }
    let event = governance.propose_handover(ADMINISTRATOR, latest, SUCCESSOR, true).unwrap();
    assert_eq!((event.not_before, event.until), (u64::MAX - GRACE, u64::MAX));
    let event = announce(&mut governance, ADMINISTRATOR, latest, CODE).unwrap().event;
    assert_eq!((event.not_before, event.until), (u64::MAX - GRACE, u64::MAX));
}

#[ink::test]
fn a_code_takes_effect_only_after_its_delay() {
    let mut governance = governance();
    assert_eq!(apply(&mut governance, ADMINISTRATOR, NOW), Err(Error::NoUpgrade));
    assert_eq!(governance.cancel_upgrade(ADMINISTRATOR), Err(Error::NoUpgrade));
    for (caller, now, code, error) in [
        (STRANGER, u64::MAX, OWN, Error::NotAdministrator),
        (ADMINISTRATOR, u64::MAX, OWN, Error::SameCode),
        (ADMINISTRATOR, u64::MAX, CODE, Error::Overflow),
    ] {
        assert_eq!(announce(&mut governance, caller, now, code), Err(error));
    }
    assert_eq!(governance.state().upgrade, None, "a refusal writes nothing");

    let announced = announce(&mut governance, ADMINISTRATOR, NOW, CODE).unwrap();
    let event =
        UpgradeAnnounced { code_hash: CODE, not_before: OVER, until: UNTIL, by: ADMINISTRATOR };
    assert_eq!(announced.event, event);
    let upgrade = Upgrade { code_hash: CODE, not_before: OVER, until: UNTIL };
    assert_eq!(governance.state().upgrade, Some(upgrade));
    for (caller, now, error) in [
        (STRANGER, OVER - 1, Error::NotAdministrator),
        (ADMINISTRATOR, OVER - 1, Error::TooEarly),
        (ADMINISTRATOR, UNTIL, Error::Expired),
    ] {
        assert_eq!(governance.apply_upgrade(caller, now, SCHEMA, nobody_asks), Err(error));
    }
    assert_eq!(governance.cancel_upgrade(STRANGER), Err(Error::NotAdministrator));
    assert_eq!(governance.cancel_upgrade(ADMINISTRATOR).unwrap().code_hash, CODE);
    assert_eq!(apply(&mut governance, ADMINISTRATOR, OVER), Err(Error::NoUpgrade));

    announce(&mut governance, ADMINISTRATOR, NOW, CODE).unwrap();
    assert_eq!(apply(&mut governance, ADMINISTRATOR, OVER), Ok(CODE));
    assert_eq!(apply(&mut governance, ADMINISTRATOR, OVER), Err(Error::NoUpgrade), "once");
}

/// A lock that is begun twice or ended twice traps.
#[ink::test]
fn one_code_is_locked_while_it_is_announced() {
    let mut governance = governance();
    let mut locks = |now, code| {
        let Announced { lock, unlock, .. } =
            announce(&mut governance, ADMINISTRATOR, now, code).unwrap();
        (lock, unlock)
    };
    assert_eq!(locks(NOW, CODE), (Some(CODE), None));
    assert_eq!(locks(NOW + 1, CODE), (None, None), "it stays locked");
    assert_eq!(locks(NOW + 2, OTHER_CODE), (Some(OTHER_CODE), Some(CODE)));
    assert_eq!(locks(UNTIL + 2, CODE), (Some(CODE), Some(OTHER_CODE)), "also when it expired");
    assert_eq!(governance.cancel_upgrade(ADMINISTRATOR).unwrap().code_hash, CODE);
    let again = announce(&mut governance, ADMINISTRATOR, NOW, CODE).unwrap();
    assert_eq!((again.lock, again.unlock), (Some(CODE), None));
}

#[ink::test]
fn a_code_has_to_read_what_the_contract_stores() {
    for (schema, answer, fits) in [
        (SCHEMA, None, false),
        (SCHEMA, Some(0), false),
        (SCHEMA, Some(SCHEMA - 1), false),
        (SCHEMA, Some(SCHEMA), true),
        (SCHEMA, Some(SCHEMA + 1), true),
        (SCHEMA, Some(SCHEMA + 2), false),
        (SCHEMA, Some(u32::MAX), false),
        (u32::MAX, Some(u32::MAX), true),
        (u32::MAX, Some(0), false),
    ] {
        let mut governance = governance();
        announce(&mut governance, ADMINISTRATOR, NOW, CODE).unwrap();
        let before = governance.state();
        let applied = governance.apply_upgrade(ADMINISTRATOR, OVER, schema, |code| {
            assert_eq!(code, CODE);
            answer
        });
        if fits {
            assert_eq!(applied.unwrap().code_hash, CODE);
            assert_eq!(governance.state().upgrade, None);
        } else {
            assert_eq!(applied, Err(Error::WrongSchema), "{answer:?}");
            assert_eq!(governance.state(), before);
        }
    }
}

#[test]
fn a_setting_takes_effect_after_its_delay() {
    let mut setting = Scheduled::now('a');
    assert_eq!(setting, Scheduled { value: 'a', next: None });
    assert_eq!((setting.at(0), setting.at(u64::MAX)), ('a', 'a'));

    assert_eq!(setting.set(NOW, DELAY, 'b'), OVER);
    assert_eq!(setting, Scheduled { value: 'a', next: Some(Next { value: 'b', from: OVER }) });
    assert_eq!((setting.at(OVER - 1), setting.at(OVER)), ('a', 'b'));

    // What does not hold yet never will.
    assert_eq!(setting.set(OVER - 1, DELAY, 'c'), OVER - 1 + DELAY);
    assert_eq!(setting.value, 'a');
    assert_eq!((setting.at(OVER), setting.at(OVER - 1 + DELAY)), ('a', 'c'));

    // What holds does so until then.
    assert_eq!(setting.set(UNTIL, DELAY, 'd'), UNTIL + DELAY);
    assert_eq!(setting.value, 'c');
    assert_eq!((setting.at(UNTIL + DELAY - 1), setting.at(UNTIL + DELAY)), ('c', 'd'));

    assert_eq!(setting.set(u64::MAX, DELAY, 'e'), u64::MAX);
    assert_eq!(setting.value, 'd');
    assert_eq!(Scheduled::<Option<u8>>::default(), Scheduled::now(None));
}
