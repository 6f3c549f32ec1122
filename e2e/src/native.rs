//! The chain's own currency, which pays for transactions: accounts to which the genesis of the
//! development chain gives nothing get some.

use crate::{
    scene::{account, regulator},
    stack::Stack,
};
use anyhow::{Context, Result};
use assent_client::contract::FINALITY_TIMEOUT;
use subxt::{
    dynamic,
    utils::{AccountId32, MultiAddress},
};
use subxt_signer::sr25519::Keypair;

/// Base units: 1,000 whole ones. A call costs thousandths of one, fee and deposit together.
const ENOUGH: u128 = 1_000_000_000_000_000;

/// Gives each of these accounts enough for a story, and waits until all have it. Nobody else may
/// send a transaction of the regulator meanwhile.
pub async fn endow(stack: &Stack, keys: &[Keypair]) -> Result<()> {
    for key in keys {
        let to = MultiAddress::<AccountId32, ()>::Id(account(key).into());
        let payload = dynamic::transaction("Balances", "transfer_keep_alive", (to, ENOUGH));
        let at = stack.chain.at_finalized().await?;
        let mut transactions = at.transactions();
        let progress =
            transactions.sign_and_submit_then_watch_default(&payload, &regulator()).await?;
        tokio::time::timeout(FINALITY_TIMEOUT, progress.wait_for_finalized_success())
            .await
            .context("a transfer was not final in time")??;
    }
    Ok(())
}
