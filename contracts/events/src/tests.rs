//! Each signature topic is the hash that its event's documentation promises.

use crate::{carbon, consent, participants, reports, rewards, token};
use ink::env::{
    hash::{Blake2x256, CryptoHash},
    Event,
};

/// Checks that the signature topic of `E` is BLAKE2b-256 of `preimage`.
fn topic<E: Event>(preimage: &str) {
    let mut expected = [0; 32];
    Blake2x256::hash(preimage.as_bytes(), &mut expected);
    assert_eq!(E::SIGNATURE_TOPIC, Some(expected), "{preimage}");
}

#[test]
fn signature_topics_hash_contract_and_event() {
    topic::<participants::Registered>("assent::participants::Registered");
    topic::<participants::Approved>("assent::participants::Approved");
    topic::<participants::Suspended>("assent::participants::Suspended");
    topic::<participants::Reinstated>("assent::participants::Reinstated");
    topic::<consent::Granted>("assent::consent::Granted");
    topic::<consent::Revoked>("assent::consent::Revoked");
    topic::<consent::AccessDecided>("assent::consent::AccessDecided");
    topic::<reports::Anchored>("assent::reports::Anchored");
    topic::<rewards::ConsentSet>("assent::rewards::ConsentSet");
    topic::<rewards::Funded>("assent::rewards::Funded");
    topic::<rewards::TariffSet>("assent::rewards::TariffSet");
    topic::<rewards::Accrued>("assent::rewards::Accrued");
    topic::<rewards::Unfunded>("assent::rewards::Unfunded");
    topic::<rewards::Withdrawn>("assent::rewards::Withdrawn");
    topic::<token::Minted>("assent::token::Minted");
    topic::<carbon::BatchIssued>("assent::carbon::BatchIssued");
    topic::<carbon::Transferred>("assent::carbon::Transferred");
    topic::<carbon::Retired>("assent::carbon::Retired");
}

#[test]
fn token_topics_are_those_of_psp22() {
    topic::<token::Transfer>("Transfer(Option<AccountId>,Option<AccountId>,u128)");
    topic::<token::Approval>("Approval(AccountId,AccountId,u128)");
}
