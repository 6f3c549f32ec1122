//! That a mirror which is wrong is told so.

use assent_events::{AccountId, Contract, Event, participants, token};
use assent_model::{World, arbitrary};

use super::Mirrored;
use crate::Emitted;

fn emitted(world: &World, contract: Contract, event: impl Into<Event>) -> Emitted {
    let event = event.into();
    let address = match contract {
        Contract::Token => world.setup.addresses.token,
        _ => world.setup.addresses.participants,
    };
    Emitted { contract: address, topic: event.topic(), data: event.data() }
}

/// Somebody of the world registers, with this profile.
fn registered(world: &World, profile: [u8; 32]) -> Emitted {
    let account = AccountId(world.setup.accounts[1]);
    let event = participants::Event::from(participants::Registered { account, profile });
    emitted(world, Contract::Participants, event)
}

fn following(world: &World) -> Mirrored {
    let mut mirror = Mirrored::default();
    mirror.follow(Contract::Participants, world.setup.addresses.participants);
    mirror.follow(Contract::Token, world.setup.addresses.token);
    mirror
}

#[test]
fn a_row_that_differs_is_named_with_both_values() {
    let (world, now) = arbitrary::started();
    let mut mirror = following(&world);
    assert_eq!(mirror.fold(now, &[registered(&world, [7; 32])]), Ok(()));
    let difference = mirror.agree_on_changes(&world).unwrap_err();
    let key = format!("participants \\x{}:", "02".repeat(32));
    assert!(difference.starts_with(&key), "{difference}");
    let profile = format!("profile is \\x{}, in the model \\x", "07".repeat(32));
    assert!(difference.contains(&profile), "{difference}");
    assert!(difference.contains("confirmed is null, in the model \\x"), "{difference}");
    assert!(difference.contains("roles is 0, in the model 17"), "{difference}");
    assert_eq!(mirror.agree(&world).unwrap_err(), difference);
    // What does not change afterwards is compared in the end only.
    assert_eq!(mirror.fold(now, &[]), Ok(()));
    assert_eq!(mirror.agree_on_changes(&world), Ok(()));
}

#[test]
fn a_row_that_is_missing_is_named() {
    let (world, _) = arbitrary::started();
    let missing = following(&world).agree(&world).unwrap_err();
    let expected = format!("participants has no row \\x{}, the model has", "01".repeat(32));
    assert_eq!(missing, expected);
}

#[test]
fn an_event_that_contradicts_the_rows_or_is_no_event_is_an_error() {
    let (world, now) = arbitrary::started();
    let mut mirror = following(&world);
    let burned = token::Burned { from: AccountId([1; 32]), amount: 5, receipt: [2; 32] };
    let burned = emitted(&world, Contract::Token, token::Event::from(burned));
    let error = mirror.fold(now, std::slice::from_ref(&burned)).unwrap_err();
    assert!(error.starts_with("token: event 1-1 contradicts the projection"), "{error}");
    let cut_off = Emitted { data: burned.data[1..].to_vec(), ..burned.clone() };
    assert!(mirror.fold(now, &[cut_off]).unwrap_err().contains("Burned"));
    let elsewhere = Emitted { contract: [9; 32], ..burned };
    assert!(mirror.fold(now, &[elsewhere]).unwrap_err().contains("not followed"));
}
