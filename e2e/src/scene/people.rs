//! Who plays in the stories.

use assent_client::Account;
use std::str::FromStr;
use subxt_signer::{
    SecretUri,
    sr25519::{Keypair, dev},
};

/// The regulator; on a development chain also treasury and administrator of everything.
pub fn regulator() -> Keypair {
    dev::alice()
}
/// The data owner.
pub fn patient() -> Keypair {
    dev::bob()
}
/// The hospital that has a grant; it also buys carbon credits.
pub fn hospital1() -> Keypair {
    dev::charlie()
}
/// The hospital that has none.
pub fn hospital2() -> Keypair {
    dev::dave()
}
/// The power station: it emits less than its allowances.
pub fn emitter() -> Keypair {
    dev::eve()
}
/// Answers for the patient's report.
pub fn doctor() -> Keypair {
    dev::ferdie()
}
/// The steelworks: it emits more than its allowances, and has credits of a project.
pub fn second_emitter() -> Keypair {
    derived("//Steelworks")
}
/// Registers projects and issues their credits.
pub fn registry() -> Keypair {
    derived("//Registry")
}
/// Verifies what the emitters report.
pub fn verifier() -> Keypair {
    derived("//Verifier")
}

/// A child, who cannot act for itself.
pub fn child() -> Keypair {
    derived("//Child")
}
/// Acts for the child; her key is no participant.
pub fn mother() -> Keypair {
    derived("//Mother")
}

/// A key that is nobody's at first; it may replace one that is lost. The genesis of the development chain gives
/// it nothing.
pub fn spare(n: u8) -> Keypair {
    derived(&format!("//Spare//{n}"))
}

/// Of those who trade, those whom the genesis of the development chain gives nothing.
pub fn newcomers() -> [Keypair; 3] {
    [second_emitter(), registry(), verifier()]
}

/// The account of a key.
pub fn account(key: &Keypair) -> Account {
    Account(key.public_key().0)
}

/// A key from the phrase of the development chains.
pub(crate) fn derived(path: &str) -> Keypair {
    let uri = SecretUri::from_str(path).expect("a path of names is well-formed");
    Keypair::from_uri(&uri).expect("any path gives a key")
}
