//! What hashes begin with that stand for a contract on its chain, so that nothing that was hashed for
//! one passes for something of another.

use ink::{
    env::hash::{Blake2x256, CryptoHash},
    primitives::AccountId,
    scale::Encode,
};

/// The domain of `contract` on the chain whose first block has the hash `genesis`: BLAKE2b-256 of
/// both.
pub fn domain(genesis: [u8; 32], contract: AccountId) -> [u8; 32] {
    let mut hash = [0; 32];
    Blake2x256::hash(&(genesis, contract).encode(), &mut hash);
    hash
}
