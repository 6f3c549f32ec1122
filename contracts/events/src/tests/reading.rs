//! What hosts make of bytes: every event from its own bytes and from no others.

use super::MODULES;
use crate::{
    carbon, consent, decode, governance, market, participants, reports, rewards, token, AccountId,
    Contract, Decision, DecodeError, DenyReason, Event, Party,
};
use parity_scale_codec::Encode;

const ALICE: [u8; 32] = [0xa1; 32];
const BOB: [u8; 32] = [0xb0; 32];
const HASH: [u8; 32] = [0x4a; 32];

/// The contract whose events a module holds; any for what is the same in all of them.
fn emitter(module: &str) -> Contract {
    Contract::from_name(module).unwrap_or(Contract::Market)
}

/// Bytes that are 0 or 1, as `seed` has it: each is a valid bool, option and variant.
fn bits(mut seed: u64, length: usize) -> Vec<u8> {
    (0..length)
        .map(|_| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            u8::from(seed >> 63 == 1)
        })
        .collect()
}

#[test]
fn every_event_is_read_from_exactly_its_bytes_and_gives_them_back() {
    let all_alike = [vec![0; 512], vec![1; 512]];
    for bytes in all_alike.into_iter().chain((0..8).map(|seed| bits(seed, 512))) {
        for (module, events) in MODULES {
            for (name, topic) in events {
                let mut read = Vec::new();
                for length in 0..bytes.len() {
                    let data = &bytes[..length];
                    match decode(emitter(module), &[*topic], data) {
                        Ok(event) => {
                            assert_eq!((event.name(), event.topic()), (*name, *topic));
                            assert_eq!(event.data(), data, "{module}::{name}");
                            read.push(length);
                        }
                        // One byte fewer or more than its fields take up.
                        Err(DecodeError::Malformed { event, .. }) => assert_eq!(event, *name),
                        Err(other) => panic!("{module}::{name}: {other}"),
                    }
                }
                assert_eq!(read.len(), 1, "{module}::{name} is read from {read:?} bytes");
            }
        }
    }
}

/// Checks that `event` is what `contract` emits with these fields.
#[track_caller]
fn reads(contract: Contract, event: impl Into<Event>, fields: impl Encode) {
    let event = event.into();
    let topics = [event.topic(), HASH];
    assert_eq!(decode(contract, &topics, &fields.encode()), Ok(event));
}

#[test]
fn fields_are_read_in_the_order_in_which_they_stand() {
    let (alice, bob) = (AccountId(ALICE), AccountId(BOB));
    reads(
        Contract::Reports,
        governance::Event::from(governance::UpgradeAnnounced {
            code_hash: HASH,
            not_before: 7,
            until: 9,
            by: alice,
        }),
        (HASH, 7u64, 9u64, ALICE),
    );
    reads(
        Contract::Participants,
        participants::Event::from(participants::Approved {
            account: alice,
            roles: 0x102,
            profile: [4; 32],
            by: bob,
        }),
        (ALICE, 0x102u16, [4u8; 32], BOB),
    );
    reads(
        Contract::Token,
        token::Event::from(token::Transfer { from: None, to: Some(bob), value: u128::MAX }),
        (None::<[u8; 32]>, Some(BOB), u128::MAX),
    );
    reads(
        Contract::Rewards,
        rewards::Event::from(rewards::Accrued {
            owner: alice,
            requester: bob,
            access: 3,
            purpose: 1,
            amount: 9,
            sponsor: None,
            at: 8,
        }),
        (ALICE, BOB, 3u64, 1u8, 9u128, None::<[u8; 32]>, 8u64),
    );
    reads(
        Contract::Consent,
        consent::Event::from(consent::AccessDecided {
            owner: alice,
            requester: bob,
            by: alice,
            person: Some([7; 32]),
            access: 5,
            sequence: 4,
            purpose: 2,
            category: 1,
            record: Some([9; 32]),
            grant: Some(6),
            window: None,
            decision: Decision::Deny(DenyReason::UsesExhausted),
            at: 8,
            previous: [1; 32],
            content: [2; 32],
            head: [3; 32],
        }),
        (
            (ALICE, BOB, ALICE, Some([7u8; 32]), 5u64, 4u64, 2u8, 1u8),
            (Some([9u8; 32]), Some(6u64), None::<u64>),
            // Deny, and the tenth reason.
            ([1u8, 9u8], 8u64, [1u8; 32], [2u8; 32], [3u8; 32]),
        ),
    );
    reads(
        Contract::Reports,
        reports::Event::from(reports::Countersigned {
            owner: alice,
            series: HASH,
            sequence: 2,
            party: Party::Doctor,
            signer: bob,
            by: alice,
            at: 8,
        }),
        (ALICE, HASH, 2u32, 1u8, BOB, ALICE, 8u64),
    );
    reads(
        Contract::Carbon,
        carbon::Event::from(carbon::BatchCreated {
            batch: 2,
            class: 1,
            project: None,
            serial_start: 1,
            serial_end: 1_000,
            vintage_start: 10,
            vintage_end: 20,
        }),
        (2u64, 1u64, None::<u64>, 1u128, 1_000u128, 10u64, 20u64),
    );
    reads(
        Contract::Market,
        market::Event::from(market::OrderExpired { order: 1, seller: alice, released: 5, by: bob }),
        (1u64, ALICE, 5u128, BOB),
    );
}

#[test]
fn a_contract_has_its_own_events_and_those_of_its_government_only() {
    for contract in Contract::ALL {
        for (module, events) in MODULES {
            let own = module == "governance" || module == contract.name();
            for (name, topic) in events {
                let unknown = Err(DecodeError::UnknownTopic(*topic));
                let foreign = decode(contract, &[*topic], &[]) == unknown;
                assert_eq!(foreign, !own, "{contract} and {module}::{name}");
            }
        }
    }
}

#[test]
fn what_carries_no_topic_or_a_foreign_one_is_told_apart_from_bytes_that_do_not_decode() {
    let paused = governance::Paused { by: AccountId(ALICE) };
    let event = governance::Event::from(paused.clone());
    assert_eq!(decode(Contract::Token, &[], &event.data()), Err(DecodeError::NoTopic));
    let unknown = decode(Contract::Token, &[HASH, event.topic()], &event.data()).unwrap_err();
    assert_eq!(unknown, DecodeError::UnknownTopic(HASH));
    assert!(unknown.to_string().ends_with(&format!("0x{}", "4a".repeat(32))), "{unknown}");

    let trailing = [event.data(), vec![0]].concat();
    for (data, reason) in [
        (&trailing[..], "still data left"),
        (&event.data()[..31], "Paused::by"),
        (&[], "Paused::by"),
    ] {
        let malformed = decode(Contract::Token, &[event.topic()], data).unwrap_err();
        assert!(matches!(malformed, DecodeError::Malformed { event: "Paused", .. }));
        assert!(malformed.to_string().contains(reason), "{malformed}");
    }
}
