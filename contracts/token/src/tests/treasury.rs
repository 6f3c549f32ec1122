//! Who mints and burns, and when another one does.

use super::*;

/// Named by the administrator.
fn named(account: AccountId) -> Treasury {
    Treasury { account, confirmed: true }
}

fn set(data: &mut Data, now: u64, account: AccountId) -> Result<u64, Error> {
    data.set_treasury(ADMIN, now, DELAY, account).map(|event| {
        assert_eq!((event.treasury, event.by), (account, ADMIN));
        event.from
    })
}

/// What a treasury says to whoever mints a unit or burns none at `now`.
fn answers(data: &mut Data, account: AccountId, now: u64) -> [Error; 2] {
    let minted = data.mint(account, now, account, 0, receipt(9)).unwrap_err();
    let burned = data.burn(account, now, 0, receipt(9)).unwrap_err();
    [minted, burned]
}

#[ink::test]
fn another_treasury_takes_over_after_the_delay() {
    let mut data = with_cap(Some(100));
    mint(&mut data, TREASURY, 60, 1);
    assert_eq!(set(&mut data, NOW, ZERO), Err(Error::ZeroAccount));
    assert_eq!(set(&mut data, NOW, TREASURY), Err(Error::AlreadyTreasury));
    assert_eq!(data.treasury(), Scheduled::now(named(TREASURY)), "a refusal writes nothing");

    assert_eq!(set(&mut data, NOW, ALICE), Ok(OVER));
    let next = Some(Next { value: named(ALICE), from: OVER });
    assert_eq!(data.treasury(), Scheduled { value: named(TREASURY), next });
    assert_eq!(data.cap(), Some(100));
    let (may, may_not) = ([Error::ZeroAmount; 2], [Error::NotTreasury; 2]);
    assert_eq!(answers(&mut data, TREASURY, OVER - 1), may);
    assert_eq!(answers(&mut data, ALICE, OVER - 1), may_not);
    assert_eq!(answers(&mut data, TREASURY, OVER), may_not);
    assert_eq!(answers(&mut data, ALICE, OVER), may);
    data.mint(ALICE, OVER, BOB, 1, receipt(2)).unwrap();
    let refused = data.burn(ALICE, OVER, 1, receipt(3));
    assert_eq!(refused, Err(Error::InsufficientBalance), "its own only");
    assert_eq!(data.balance_of(TREASURY), 60);
    assert_eq!(set(&mut data, OVER, ALICE), Err(Error::AlreadyTreasury), "it is, by now");
}

#[ink::test]
fn a_treasury_that_is_to_come_is_taken_back_or_replaced() {
    let mut data = data();
    set(&mut data, NOW, ALICE).unwrap();
    // The one that there is stays.
    assert_eq!(set(&mut data, OVER - 1, TREASURY), Ok(OVER - 1));
    assert_eq!(data.treasury(), Scheduled::now(named(TREASURY)));
    assert_eq!(set(&mut data, OVER - 1, TREASURY), Err(Error::AlreadyTreasury));
    assert_eq!(answers(&mut data, ALICE, OVER), [Error::NotTreasury; 2]);

    // Whoever is named last, and the delay is that of the last time.
    set(&mut data, NOW, ALICE).unwrap();
    assert_eq!(set(&mut data, OVER - 1, BOB), Ok(OVER - 1 + DELAY));
    assert_eq!(set(&mut data, OVER, BOB), Ok(OVER + DELAY));
    let next = Some(Next { value: named(BOB), from: OVER + DELAY });
    assert_eq!(data.treasury(), Scheduled { value: named(TREASURY), next });

    // Once it has taken over, the one before is another one.
    assert_eq!(set(&mut data, OVER + DELAY, TREASURY), Ok(OVER + 2 * DELAY));
    let next = Some(Next { value: named(TREASURY), from: OVER + 2 * DELAY });
    assert_eq!(data.treasury(), Scheduled { value: named(BOB), next });
}

#[ink::test]
fn after_a_handover_only_a_named_treasury_mints() {
    let mut data = data();
    mint(&mut data, TREASURY, 60, 1);
    set(&mut data, NOW, BOB).unwrap();
    let event = data.stop_minting(ALICE, OVER - 1);
    assert_eq!(event, MintingStopped { treasury: TREASURY, by: ALICE });
    let unconfirmed = Treasury { account: TREASURY, confirmed: false };
    assert_eq!(data.treasury(), Scheduled::now(unconfirmed), "and what was to come does not");
    let refused = data.mint(TREASURY, OVER, ZERO, 0, receipt(1));
    assert_eq!(refused, Err(Error::TreasuryUnconfirmed));
    assert_eq!(answers(&mut data, BOB, OVER), [Error::NotTreasury; 2]);
    data.burn(TREASURY, OVER, 10, receipt(2)).unwrap();

    // Another one takes over after the delay, and until then nothing is minted.
    assert_eq!(set(&mut data, OVER, CAROL), Ok(OVER + DELAY));
    let refused = data.mint(TREASURY, OVER + DELAY - 1, BOB, 1, receipt(3));
    assert_eq!(refused, Err(Error::TreasuryUnconfirmed));
    assert_eq!(answers(&mut data, CAROL, OVER + DELAY), [Error::ZeroAmount; 2]);

    // The one that there is is confirmed at once, whatever was to come.
    assert_eq!(set(&mut data, OVER + 1, TREASURY), Ok(OVER + 1));
    assert_eq!(data.treasury(), Scheduled::now(named(TREASURY)));
    data.mint(TREASURY, OVER + 1, BOB, 1, receipt(3)).unwrap();

    // One that has taken over by the handover is stopped itself.
    set(&mut data, OVER + 1, CAROL).unwrap();
    let event = data.stop_minting(ALICE, OVER + 1 + DELAY);
    assert_eq!(event, MintingStopped { treasury: CAROL, by: ALICE });
    let refused = data.mint(CAROL, OVER + 1 + DELAY, BOB, 1, receipt(4));
    assert_eq!(refused, Err(Error::TreasuryUnconfirmed));
}
