//! The examples on units, one after the other: Eve sells from Rust, Charlie buys from JavaScript, and
//! passes on and retires with cargo-contract.

use super::{api, examples, javascript, opened, run};
use anyhow::{Context, Result};
use assent_e2e::{
    messages::role,
    process::program,
    scene::{Scene, account, emitter, hospital1, hospital2, items, regulator},
    stack::{Stack, artifacts},
    tools::{existing, in_path, tools},
};
use assent_interface::market;
use serde_json::{Value, json};

/// Units of the project's batch; a credit has 1,000.
const ISSUED: u128 = 5_000_000;
/// Token base units for 250 credits at 10 tokens each.
const PAYMENT: u128 = 2_500_000_000;

#[tokio::test(flavor = "multi_thread")]
async fn units_are_sold_bought_and_retired() -> Result<()> {
    let stack = Stack::start("127.0.0.1:0", |_| {}).await?;
    let mut scene = Scene::new(&stack)?;
    for key in [emitter(), hospital1(), hospital2()] {
        scene.admit(&key, role::TRADER).await?;
    }
    scene.issue_credits(&regulator(), &emitter(), ISSUED).await?;
    scene.mint(&hospital1(), PAYMENT + 1).await?;
    sell(&stack, &scene).await?;
    buy(&stack, &scene).await?;
    retire(&stack, &scene).await
}

/// What an account has of batch 1, as the API shows it.
async fn balance(stack: &Stack, of: &str) -> Result<Value> {
    let shown = api(stack, &format!("/v1/carbon/balances?batch=1&owner={of}")).await?;
    Ok(items(&shown)?.first().cloned().unwrap_or_default())
}

async fn sell(stack: &Stack, scene: &Scene) -> Result<()> {
    let example = existing(program("examples/sell")?, "`cargo build --examples`")?;
    let manifest = stack.manifest_path().display().to_string();
    let env = [("ASSENT_MANIFEST", manifest.as_str()), ("AMOUNT", "300000")];
    let done = run(stack, &example, &[], &env).await?;
    assert!(done.success, "{}", done.output);
    let limit: Result<u128, u8> =
        scene.view("market", market::LIMIT_OF, (account(&emitter()),)).await?;
    assert_eq!(done.after("limit_of: ")?, limit.unwrap_or_default().to_string());
    done.assert_says("market.place refuses: SellerLimit");
    assert!(done.after("place: order 1, ")?.starts_with("final in block "));
    let placed: Value = serde_json::from_str(done.after("market OrderPlaced ")?)?;
    let escrowed: Value = serde_json::from_str(done.after("carbon Escrowed ")?)?;
    assert_eq!([&placed["amount"], &escrowed["amount"]], ["300000"; 2]);
    assert_eq!(done.after("escrow_of: ")?, "300000");
    assert!(done.after("order(1): ")?.starts_with("Open, 300000 units of batch 1 of 5"));
    let shown = api(stack, "/v1/market/orders/1").await?;
    assert_eq!([&shown["amount"], &shown["price"]], ["300000", "10000000"]);

    // Who has no units is told so.
    let env = [&env[..], &[("SURI", "//Charlie")]].concat();
    let done = run(stack, &example, &[], &env).await?;
    assert!(!done.success, "{}", done.output);
    done.assert_says("market.place refuses: InsufficientBalance");
    Ok(())
}

async fn buy(stack: &Stack, scene: &Scene) -> Result<()> {
    let node = in_path("node")?;
    let script = javascript(stack, "buy.mjs")?.display().to_string();
    let [market, token] =
        ["market", "token"].map(|name| scene.contract(name).map(|c| c.address.to_string()));
    let (market, token, bundles) = (market?, token?, artifacts().display().to_string());
    let env = [
        ("MARKET", market.as_str()),
        ("TOKEN", token.as_str()),
        ("BUNDLES", bundles.as_str()),
        ("AMOUNT", "250000"),
    ];
    let done = run(stack, &node, &[&script], &env).await?;
    assert!(done.success, "{}", done.output);
    let quote: Value = serde_json::from_str(done.after("quote(1, 250000): ")?)?;
    assert_eq!(quote["payment"], json!(PAYMENT.to_string()));
    let bought = done.after("Bought in block ")?.split_once(": ").context("an event")?.1;
    let bought: Value = serde_json::from_str(bought)?;
    assert_eq!([&bought["amount"], &bought["remaining"]], ["250000", "50000"]);
    let left: Value = serde_json::from_str(done.after("order(1): ")?)?;
    assert_eq!(left["amount"], json!("50000"));
    done.assert_says("market.fill refuses: ExceedsOrder");

    let buyer = account(&hospital1()).to_string();
    assert_eq!(balance(stack, &buyer).await?["tradable"], json!("250000"));
    let fills = api(stack, "/v1/market/fills").await?;
    assert_eq!(items(&fills)?[0]["payment"], quote["payment"]);
    let tokens = api(stack, &format!("/v1/token/balances/{buyer}")).await?;
    assert_eq!(tokens["balance"], json!("1"));

    // Who cannot pay is told so, and gets nothing.
    let env = [&env[..], &[("SURI", "//Dave"), ("AMOUNT", "50000")]].concat();
    let done = run(stack, &node, &[&script], &env).await?;
    assert!(!done.success, "{}", done.output);
    done.assert_says("error: market.fill refuses: TokenFailed");
    Ok(())
}

async fn retire(stack: &Stack, scene: &Scene) -> Result<()> {
    in_path("jq")?;
    let cargo_contract = existing(tools()?.join("bin/cargo-contract"), "scripts/test-tools.sh")?;
    let cargo_contract = cargo_contract.display().to_string();
    let script = examples()?.join("retire.sh");
    let carbon = scene.contract("carbon")?.address.to_string();
    let (holder, to) = (account(&hospital1()).to_string(), account(&hospital2()).to_string());
    let env = [
        ("ASSENT_CARGO_CONTRACT", cargo_contract.as_str()),
        ("CARBON", carbon.as_str()),
        ("HOLDER", holder.as_str()),
        ("TO", to.as_str()),
        ("TRANSFER", "40000"),
        ("RETIRE", "100000"),
        ("REASON", "the conference in Vienna, 2025"),
    ];
    let done = run(stack, &script, &[], &env).await?;
    assert!(done.success, "{}", done.output);
    assert_eq!(done.after("before: ")?, "tradable 250000, retired 0");
    assert_eq!(done.after("after: ")?, "tradable 110000, retired 100000");
    let reason = done.after("retired 100000 units of batch 1, reason ")?;
    done.assert_says("carbon.retire refuses: InsufficientBalance");
    let shown = api(stack, &format!("/v1/carbon/retirements?owner={holder}")).await?;
    let retired = items(&shown)?.first().context("a retirement")?;
    assert_eq!(retired["reason"], json!(reason));
    assert_eq!(opened(stack, &retired["reason"])?, "the conference in Vienna, 2025");
    done.assert_says(&format!("reason {reason} opens: the conference in Vienna, 2025"));
    assert_eq!([&retired["amount"], &retired["beneficiary"]], ["100000", holder.as_str()]);
    assert_eq!(balance(stack, &to).await?["tradable"], json!("40000"));

    // So is the contract's own error.
    let env = [&env[..], &[("TRANSFER", "0")]].concat();
    let done = run(stack, &script, &[], &env).await?;
    assert!(!done.success, "{}", done.output);
    done.assert_says("carbon.transfer refuses: ZeroAmount");
    Ok(())
}
