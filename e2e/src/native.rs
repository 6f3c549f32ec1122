//! The chain's own currency, which pays for transactions: accounts to which the genesis of the
//! development chain gives nothing get some.

use crate::{
    scene::{account, regulator},
    stack::Stack,
};
use anyhow::Result;
use assent_client::native::{Amount, UNIT, transfer};
use subxt_signer::sr25519::Keypair;

/// A call costs thousandths of a unit, fee and deposit together.
const ENOUGH: Amount = Amount::from_base_units(1_000 * UNIT);

/// Gives each of these accounts enough for a story, and waits until all have it.
pub async fn endow(stack: &Stack, keys: &[Keypair]) -> Result<()> {
    for key in keys {
        transfer(&stack.chain, &regulator(), account(key), ENOUGH).await?;
    }
    Ok(())
}
