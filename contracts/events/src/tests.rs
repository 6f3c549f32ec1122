//! What holds for every event, whatever its fields are.

#[cfg(all(feature = "ink", feature = "std"))]
mod layouts;
mod reading;

use crate::{
    agreements, carbon, consent, governance, market, participants, reports, rewards, token,
};
use blake2::digest::{consts::U32, Digest};

/// A module with the names and the signature topics of its events.
type Module = (&'static str, &'static [(&'static str, [u8; 32])]);

const MODULES: [Module; 9] = [
    ("governance", governance::Event::ALL),
    ("participants", participants::Event::ALL),
    ("token", token::Event::ALL),
    ("rewards", rewards::Event::ALL),
    ("consent", consent::Event::ALL),
    ("agreements", agreements::Event::ALL),
    ("reports", reports::Event::ALL),
    ("carbon", carbon::Event::ALL),
    ("market", market::Event::ALL),
];

#[test]
fn signature_topics_hash_contract_and_event() {
    for (module, events) in MODULES {
        for (name, topic) in events {
            let preimage = match (module, *name) {
                ("token", "Transfer") => {
                    "Transfer(Option<AccountId>,Option<AccountId>,u128)".into()
                }
                ("token", "Approval") => "Approval(AccountId,AccountId,u128)".into(),
                _ => format!("assent::{module}::{name}"),
            };
            let hash: [u8; 32] = blake2::Blake2b::<U32>::digest(preimage.as_bytes()).into();
            assert_eq!(*topic, hash, "{preimage}");
        }
    }
}
