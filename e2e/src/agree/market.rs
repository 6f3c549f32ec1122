//! The market contract.

use super::{Both, key, same, same_count, same_sums, scheduled, sums};
use crate::scene::{amount, number};
use anyhow::{Context, Result, ensure};
use assent_interface::market;
use serde_json::{Value, json};

/// Settings, orders, fills, and that what is offered is in escrow.
pub(super) async fn all(both: &Both<'_>) -> Result<()> {
    let settings = both.scene.api(both.stack, "/v1/market/settings").await?;
    let view = both.view("market", market::SETTINGS, ()).await?;
    scheduled(&settings["fee"], &view["fee"], &["fee_bps", "collector"])?;
    same(&settings["limits"], &view["limits"], &["floor", "ceiling"])?;

    let orders = both.rows("/v1/market/orders").await?;
    same_count(&orders, &both.view("market", market::ORDER_COUNT, ()).await?, "orders")?;
    for row in &orders {
        let view = both.view("market", market::ORDER, (number(&row["order"])?,)).await?;
        same(row, &view, &["seller", "batch", "amount", "price", "expiry_ms", "fee_bps"])?;
        // An order that is over is open in the contract until somebody closes it.
        let open = view["status"] == "Open";
        ensure!(row["closed"] == json!(!open), "the API shows {row}, the contract {view}");
        let status = view["status"].as_str().context("status")?.to_lowercase();
        ensure!(open || row["status"] == json!(status), "the API shows {row}, the contract {view}");
    }

    let fills = both.rows("/v1/market/fills").await?;
    same_sums((&fills, "amount"), (&orders, "filled"), &["order"])?;
    for row in &fills {
        let (payment, fee) = (amount(&row["payment"])?, amount(&row["fee"])?);
        ensure!(payment == fee + amount(&row["proceeds"])?, "the money does not add up: {row}");
        let price = amount(&row["amount"])? * amount(&row["price"])?;
        ensure!(payment == price.div_ceil(1_000), "not the price: {row}");
    }
    escrows(both, &orders).await
}

/// What the open orders of a seller offer of a batch is what carbon holds of it for the market.
async fn escrows(both: &Both<'_>, orders: &[Value]) -> Result<()> {
    let market = json!(both.scene.contract("market")?.address.to_string());
    let offered = sums(orders, &["seller", "batch"], "amount")?;
    let mut held = 0;
    for row in both.rows("/v1/carbon/escrows").await? {
        if row["operator"] == market && amount(&row["amount"])? > 0 {
            let of = offered.get(&key(&row, &["owner", "batch"])).copied();
            ensure!(of == Some(amount(&row["amount"])?), "offered: {offered:?}, but held: {row}");
            held += 1;
        }
    }
    ensure!(held == offered.len(), "offered: {offered:?}, of which {held} are in escrow");
    Ok(())
}
