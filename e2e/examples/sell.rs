//! An emitter's software sells carbon units: how large its order may be, a dry run that is refused,
//! what it lets the market take, the order, and what both contracts hold of it then.
//!
//! It uses `assent-client`, as `subxt.rs` does, which explains more. Amounts are units: a credit, or an
//! allowance of one tonne, has 1,000.
//!
//! | Variable | |
//! |---|---|
//! | `ASSENT_NODE_URL` | the node; default `ws://127.0.0.1:9944` |
//! | `ASSENT_MANIFEST` | the manifest that `assent-deploy apply` wrote; default `manifest.json` |
//! | `SURI` | secret of the seller, an active participant with units; default `//Eve` |
//! | `BATCH`, `AMOUNT` | number of the batch, and how many units of it; default 1 and 1000 |
//! | `PRICE` | token base units for each credit; default 10000000, which is 10 tokens |
//! | `DAYS` | how long the order lasts, at most 366; default 30 |

use anyhow::{Context, Result, bail, ensure};
use assent_client::{
    Account,
    chain::Chain,
    contract::{CallError, Contract},
    manifest::Manifest,
    secret::Secret,
    setting::Setting,
};
use parity_scale_codec::Decode;
use std::{
    str::FromStr,
    time::{SystemTime, UNIX_EPOCH},
};

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

/// `Order` of the metadata.
#[derive(Decode)]
struct Order {
    seller: Account,
    batch: u64,
    amount: u128,
    price: u128,
    expiry: u64,
    fee_bps: u16,
    status: Status,
}

/// `Status` of the metadata.
#[derive(Debug, Decode)]
enum Status {
    Open,
    Filled,
    Cancelled,
    Expired,
}

/// A setting from the environment, without white space around it.
fn setting<T: FromStr<Err: std::error::Error + Send + Sync + 'static>>(
    name: &'static str,
    default: &str,
) -> Result<T> {
    let text = Setting::variable(name).read()?.unwrap_or_else(|| default.into());
    text.parse().with_context(|| format!("{name} cannot be read"))
}

#[tokio::main]
async fn main() -> Result<()> {
    let (url, path): (String, String) = (
        setting("ASSENT_NODE_URL", "ws://127.0.0.1:9944")?,
        setting("ASSENT_MANIFEST", "manifest.json")?,
    );
    // With a newline at its end, a secret would be another key: `read` takes that away.
    let suri: String = setting("SURI", "//Eve")?;
    let seller = Secret::read(Setting::variable("SURI"), &suri)?.keypair;
    let (batch, amount): (u64, u128) = (setting("BATCH", "1")?, setting("AMOUNT", "1000")?);
    let (price, days): (u128, u64) = (setting("PRICE", "10000000")?, setting("DAYS", "30")?);

    let chain = Chain::connect(&url).await?;
    let manifest = Manifest::load(&path)?;
    ensure!(manifest.genesis_hash == chain.genesis_hash(), "{path} is of another chain");
    let mut bundles = manifest.bundles()?;
    let mut contract = |name: &str| {
        let entry = manifest.contracts.get(name).with_context(|| format!("no {name} in {path}"))?;
        let metadata = bundles.remove(name).context("its bundle")?;
        anyhow::Ok(Contract::new(chain.clone(), entry.address, metadata))
    };
    let (carbon, market) = (contract("carbon")?, contract("market")?);

    // The better the rating, the larger an order may be. This view may refuse: a Result in the answer.
    let own = Account::from(&seller);
    let limit: Result<u128, u8> = market.view(&own, "limit_of", (own,)).await?;
    let limit = limit.ok().context("the carbon contract does not answer")?;
    println!("limit_of: {limit}");

    let now = u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis())?;
    let expiry = now + days * DAY_MS;
    // Every call begins with a dry run. When the contract returns an error, that is all: nothing is
    // submitted, and nothing is paid.
    match market.call(&seller, "place", (own, batch, limit + 1, price, expiry)).await {
        Err(error @ CallError::Refused { .. }) => println!("{error}"),
        Err(error) => return Err(error.into()),
        Ok(_) => bail!("an order of {} units was accepted", limit + 1),
    }

    // The market takes into escrow what it is approved for, and no more.
    carbon.call(&seller, "approve", (market.address, batch, amount)).await?;
    let placed = market.call(&seller, "place", (own, batch, amount, price, expiry)).await?;
    let order = Result::<u64, u8>::decode(&mut &placed.ret[..])?;
    let order = order.ok().context("an error would have been refused")?;
    println!("place: order {order}, final in block {}", placed.block_number);
    // Both contracts emit in one call; each decodes its own events.
    for contract in [&market, &carbon] {
        for event in contract.decode_events(&placed)? {
            let fields = event.to_json(&contract.metadata)?;
            println!("{} {} {fields}", contract.metadata.name(), event.name);
        }
    }

    let shown: Option<Order> = market.view(&own, "order", (order,)).await?;
    let Order { seller, batch, amount, price, expiry, fee_bps, status } =
        shown.context("the order that was placed")?;
    println!(
        "order({order}): {status:?}, {amount} units of batch {batch} of {seller} at {price} a credit, \
         {fee_bps} hundredths of a percent of it the fee, until {expiry}"
    );
    let held: u128 = carbon.view(&own, "escrow_of", (market.address, own, batch)).await?;
    println!("escrow_of: {held}");
    Ok(())
}
