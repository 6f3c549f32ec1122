//! Emissions and the market on the real node: allowances, trades, settlements, orders. What the
//! contracts say is what the API shows at every step.

use anyhow::Result;
use assent_e2e::{
    messages::role,
    scene::{Scene, account, amount},
    stack::Stack,
};
use assent_interface::token;
use serde_json::Value;
use subxt_signer::sr25519::Keypair;

mod orders;
mod story;

/// The tokens of an account, as the API and the contract agree; an account that never had any is not
/// in the API.
async fn tokens(stack: &Stack, scene: &Scene, of: &Keypair) -> Result<u128> {
    let address = account(of);
    let shown = scene.api(stack, &format!("/v1/token/balances/{address}")).await?;
    let balance: u128 = scene.view("token", token::BALANCE_OF, (address,)).await?;
    assert_eq!(amount(&shown["balance"])?, balance, "{shown}");
    Ok(balance)
}

/// One order, as the API shows it.
async fn order(stack: &Stack, scene: &Scene, number: u64) -> Result<Value> {
    scene.api(stack, &format!("/v1/market/orders/{number}")).await
}

/// Makes an active participant.
async fn admit(scene: &mut Scene, keys: &[Keypair]) -> Result<()> {
    for key in keys {
        scene.admit(key, role::TRADER).await?;
    }
    Ok(())
}
