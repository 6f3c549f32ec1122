//! Orders: changed, bought in parts, withdrawn in a pause and by a frozen seller, closed by a stranger
//! once they are over, bounded by the limits.

use super::{admit, order, tokens};
use anyhow::Result;
use assent_e2e::{
    agree::agree,
    messages::Limits,
    scene::{
        CREDIT, Scene, TOKEN, account, chain_ms, check_provenance, column, commitment, doctor,
        emitter, ensure_from, from_ms, hospital1, in_a_month, patient, regulator, returned, until,
    },
    stack::Stack,
};
use assent_interface::{carbon, governance, market, token};
use serde_json::{Value, json};
use subxt_signer::sr25519::Keypair;

/// Token base units for a credit: not a multiple of 1,000, so that single units are rounded.
const PRICE: u128 = 10_000_001;
/// How long a short order lasts, ms.
const SHORT: u64 = 6_000;

#[tokio::test(flavor = "multi_thread")]
async fn orders_are_changed_filled_cancelled_and_pruned() -> Result<()> {
    let stack = Stack::start("127.0.0.1:0", |_| {}).await?;
    let mut scene = Scene::new(&stack)?;
    admit(&mut scene, &[emitter(), hospital1()]).await?;
    let (batch, _) = scene.issue_credits(&regulator(), &emitter(), 2_000 * CREDIT).await?;
    scene.mint(&hospital1(), 10_000 * TOKEN).await?;
    let allowance = (scene.contract("market")?.address, 10_000 * TOKEN);
    scene.call("token", &hospital1(), token::APPROVE, allowance).await?;

    update(&stack, &mut scene, batch).await?;
    fill(&stack, &mut scene).await?;
    pause(&stack, &mut scene, batch).await?;
    freeze(&stack, &mut scene, batch).await?;
    prune(&stack, &mut scene, batch).await?;
    limits(&stack, &mut scene, batch).await
}

fn seller() -> Keypair {
    emitter()
}

fn buyer() -> Keypair {
    hospital1()
}

/// Why somebody may not buy units of an order for so many token base units.
async fn refused(
    scene: &Scene,
    buyer: &Keypair,
    order: u64,
    units: u128,
    most: u128,
) -> Result<String> {
    scene.refusal("market", buyer, market::FILL, (account(buyer), order, units, most)).await
}

/// What the seller has of the batch, tradable and in escrow, in credits.
async fn held(stack: &Stack, scene: &Scene, batch: u64) -> Result<[Value; 2]> {
    let held = scene.balance(stack, batch, &seller()).await?;
    Ok(["tradable", "escrowed"].map(|state| held[state].clone()))
}

/// Credits as the API writes their units.
fn credits<const N: usize>(counts: [u128; N]) -> [Value; N] {
    counts.map(|count| json!((count * CREDIT).to_string()))
}

async fn update(stack: &Stack, scene: &mut Scene, batch: u64) -> Result<()> {
    let fee = (100u16, account(&doctor()));
    let refusal = scene.refusal("market", &seller(), market::SET_FEE, fee).await?;
    assert_eq!(refusal, "NotAdministrator");
    // As it was deployed.
    let settings = scene.api(stack, "/v1/market/settings").await?;
    assert_eq!(settings["fee"]["current"]["fee_bps"], json!(0));
    let collector = &settings["fee"]["current"]["collector"];
    assert_eq!(collector, &json!(account(&regulator()).to_string()));
    assert_eq!(settings["limits"], json!({"floor": "1000000", "ceiling": "1000000000"}));
    assert_eq!(check_provenance(stack, &settings).await?, 1, "{settings}");
    let (first, placed) = scene.offer(&seller(), batch, 300 * CREDIT, PRICE, in_a_month()?).await?;
    let shown = order(stack, scene, first).await?;
    assert_eq!((&shown["status"], &shown["fee_bps"]), (&json!("open"), &json!(0)));
    ensure_from(&shown, &placed)?;
    let set = scene.call("market", &regulator(), market::SET_FEE, fee).await?;
    let settings = scene.api(stack, "/v1/market/settings").await?;
    assert_eq!(settings["fee"]["current"]["fee_bps"], json!(0), "it waits");
    let value = json!({"fee_bps": 100, "collector": account(&doctor()).to_string()});
    assert_eq!(settings["fee"]["next"]["value"], value);
    ensure_from(&settings, &set)?;
    until(stack, from_ms(&settings["fee"]["next"])?).await?;
    let settings = scene.api(stack, "/v1/market/settings").await?;
    assert_eq!(settings["fee"], json!({"current": value, "next": null}));
    assert_eq!(order(stack, scene, first).await?["fee_bps"], json!(0), "as it was placed");

    // More than the market may take needs another approval; less comes back at once.
    let more = (first, 400 * CREDIT, PRICE, in_a_month()?);
    assert_eq!(scene.refusal("market", &seller(), market::UPDATE, more).await?, "NotApproved");
    assert_eq!(scene.refusal("market", &buyer(), market::UPDATE, more).await?, "NotAuthorized");
    let approval = (scene.contract("market")?.address, batch, 100 * CREDIT);
    scene.call("carbon", &seller(), carbon::APPROVE, approval).await?;
    scene.call("market", &seller(), market::UPDATE, more).await?;
    assert_eq!(held(stack, scene, batch).await?, credits([1_600, 400]));
    let less = (first, 350 * CREDIT, PRICE, in_a_month()?);
    let done = scene.call("market", &seller(), market::UPDATE, less).await?;
    assert_eq!(held(stack, scene, batch).await?, credits([1_650, 350]));
    let shown = order(stack, scene, first).await?;
    assert_eq!((&shown["amount"], &shown["fee_bps"]), (&json!("350000"), &json!(100)));
    ensure_from(&shown, &done)?;
    agree(stack, scene).await
}

/// Order 1, of 350 credits, is bought in three parts.
async fn fill(stack: &Stack, scene: &mut Scene) -> Result<()> {
    let (whole, part) = (350 * CREDIT * PRICE / CREDIT, 100 * CREDIT);
    for (key, order, units, most, expected) in [
        (buyer(), 2u64, part, whole, "UnknownOrder"),
        (seller(), 1, part, whole, "SelfTrade"),
        (buyer(), 1, 351 * CREDIT, whole, "ExceedsOrder"),
        (buyer(), 1, part, 100 * PRICE - 1, "TooExpensive"),
        (patient(), 1, part, whole, "NotAdmitted"),
    ] {
        assert_eq!(refused(scene, &key, order, units, most).await?, expected);
    }
    // Nobody buys for another.
    let for_another = (account(&buyer()), 1u64, part, whole);
    let refusal = scene.refusal("market", &patient(), market::FILL, for_another).await?;
    assert_eq!(refusal, "NotAuthorized");

    // A hundred credits; a single unit, for which the buyer pays rounded up; the rest. One percent of
    // each is the fee, rounded down.
    let parts = [
        (part, 100 * PRICE, 10_000_001),
        (1, 10_001, 100),
        (250 * CREDIT - 1, 2_499_990_250, 24_999_902),
    ];
    let (mut paid, mut fees, mut left) = (0, 0, 350 * CREDIT);
    for (units, payment, fee) in parts {
        let args = (account(&buyer()), 1u64, units, payment);
        let done = scene.call("market", &buyer(), market::FILL, args).await?;
        assert_eq!(returned::<u128>(&done)?, payment);
        (paid, fees, left) = (paid + payment, fees + fee, left - units);
        let fills = scene.items(stack, "/v1/market/fills?order=1").await?;
        let last = fills.last().cloned().unwrap_or_default();
        assert_eq!(
            ["amount", "payment", "fee", "remaining"].map(|field| last[field].clone()),
            [units, payment, fee, left].map(|amount| json!(amount.to_string()))
        );
        ensure_from(&last, &done)?;
        assert_eq!(tokens(stack, scene, &buyer()).await?, 10_000 * TOKEN - paid);
        assert_eq!(tokens(stack, scene, &seller()).await?, paid - fees);
        assert_eq!(tokens(stack, scene, &doctor()).await?, fees);
        agree(stack, scene).await?;
    }
    let shown = order(stack, scene, 1).await?;
    assert_eq!((&shown["status"], &shown["closed"]), (&json!("filled"), &json!(true)));
    let refusals = [
        refused(scene, &buyer(), 1, 1, whole).await?,
        scene.refusal("market", &seller(), market::CANCEL, (1u64,)).await?,
    ];
    assert_eq!(refusals, ["OrderClosed"; 2]);
    Ok(())
}

/// In a pause of the market, and in one of carbon, a seller gets back what he offers.
async fn pause(stack: &Stack, scene: &mut Scene, batch: u64) -> Result<()> {
    let boss = regulator();
    let (second, _) = scene.offer(&seller(), batch, 200 * CREDIT, PRICE, in_a_month()?).await?;
    let (third, _) = scene.offer(&seller(), batch, 100 * CREDIT, PRICE, in_a_month()?).await?;
    let paused = scene.call("market", &boss, governance::PAUSE, ()).await?;
    let governance = scene.api(stack, "/v1/governance/market").await?;
    assert_eq!(governance["paused"], json!(true));
    ensure_from(&governance, &paused)?;
    let changed = (second, CREDIT, PRICE, in_a_month()?);
    let offered = (account(&seller()), batch, CREDIT, PRICE, in_a_month()?);
    let refusals = [
        scene.refusal("market", &seller(), market::PLACE, offered).await?,
        scene.refusal("market", &seller(), market::UPDATE, changed).await?,
        refused(scene, &buyer(), second, CREDIT, PRICE).await?,
    ];
    assert_eq!(refusals, ["Paused"; 3]);
    assert_eq!(
        scene.refusal("market", &buyer(), market::CANCEL, (second,)).await?,
        "NotAuthorized"
    );
    let done = scene.call("market", &seller(), market::CANCEL, (second,)).await?;
    let shown = order(stack, scene, second).await?;
    assert_eq!((&shown["status"], &shown["amount"]), (&json!("cancelled"), &json!("0")));
    assert_eq!(shown["released"], json!("200000"));
    ensure_from(&shown, &done)?;
    assert_eq!(held(stack, scene, batch).await?, credits([1_550, 100]));
    scene.call("market", &boss, governance::UNPAUSE, ()).await?;

    scene.call("carbon", &boss, governance::PAUSE, ()).await?;
    let refusal = refused(scene, &buyer(), third, CREDIT, PRICE).await?;
    assert_eq!(refusal, "CarbonPaused");
    scene.call("market", &seller(), market::CANCEL, (third,)).await?;
    assert_eq!(held(stack, scene, batch).await?, credits([1_650, 0]));
    scene.call("carbon", &boss, governance::UNPAUSE, ()).await?;
    agree(stack, scene).await
}

/// A frozen seller sells nothing, and gets back what he offers.
async fn freeze(stack: &Stack, scene: &mut Scene, batch: u64) -> Result<()> {
    let (boss, frozen) = (regulator(), account(&seller()));
    let (fourth, _) = scene.offer(&seller(), batch, 100 * CREDIT, PRICE, in_a_month()?).await?;
    let reason = commitment(b"an order of the court")?;
    scene.call("carbon", &boss, carbon::FREEZE, (frozen, reason)).await?;
    let refusal = refused(scene, &buyer(), fourth, CREDIT, PRICE).await?;
    assert_eq!(refusal, "Frozen");
    scene.call("market", &seller(), market::CANCEL, (fourth,)).await?;
    assert_eq!(held(stack, scene, batch).await?, credits([1_650, 0]));
    agree(stack, scene).await?;
    scene.call("carbon", &boss, carbon::UNFREEZE, (frozen,)).await?;
    Ok(())
}

/// Anybody closes orders that are over, and only those.
async fn prune(stack: &Stack, scene: &mut Scene, batch: u64) -> Result<()> {
    let expiry = chain_ms(stack).await? + SHORT;
    let (over, _) = scene.offer(&seller(), batch, 50 * CREDIT, PRICE, expiry).await?;
    let (goes_on, _) = scene.offer(&seller(), batch, 30 * CREDIT, PRICE, in_a_month()?).await?;
    until(stack, expiry).await?;
    let shown = order(stack, scene, over).await?;
    assert_eq!((&shown["status"], &shown["closed"]), (&json!("expired"), &json!(false)));
    let refusal = refused(scene, &buyer(), over, CREDIT, PRICE).await?;
    assert_eq!(refusal, "Expired");
    agree(stack, scene).await?;

    let stranger = patient();
    let nothing = (Vec::<u64>::new(),);
    assert_eq!(
        scene.refusal("market", &stranger, market::PRUNE_EXPIRED, nothing).await?,
        "BatchSize"
    );
    let named = (vec![over, goes_on, 1, 99, over],);
    let done = scene.call("market", &stranger, market::PRUNE_EXPIRED, named).await?;
    assert_eq!(returned::<u32>(&done)?, 1);
    let shown = order(stack, scene, over).await?;
    assert_eq!((&shown["closed"], &shown["released"]), (&json!(true), &json!("50000")));
    assert_eq!(shown["expired_by"], json!(account(&stranger).to_string()));
    ensure_from(&shown, &done)?;
    assert_eq!(held(stack, scene, batch).await?, credits([1_620, 30]));
    let expired = scene.items(stack, "/v1/market/orders?status=expired").await?;
    assert_eq!(column(&expired, "order"), [json!(over)]);
    agree(stack, scene).await
}

/// Nobody's order or fill is larger than his rating allows: 500 for those without a record.
async fn limits(stack: &Stack, scene: &mut Scene, batch: u64) -> Result<()> {
    let (goes_on, bought) = (6u64, 16 * CREDIT);
    let narrow = (Limits { floor: 10 * CREDIT, ceiling: 20 * CREDIT },);
    let refusal = scene.refusal("market", &seller(), market::SET_LIMITS, narrow).await?;
    assert_eq!(refusal, "NotAdministrator");
    let set = scene.call("market", &regulator(), market::SET_LIMITS, narrow).await?;
    let settings = scene.api(stack, "/v1/market/settings").await?;
    assert_eq!(settings["limits"], json!({"floor": "10000", "ceiling": "20000"}));
    ensure_from(&settings, &set)?;
    let limit: Result<u128, u8> =
        scene.view("market", market::LIMIT_OF, (account(&seller()),)).await?;
    assert_eq!(limit, Ok(15 * CREDIT));
    let offered = (account(&seller()), batch, bought, PRICE, in_a_month()?);
    let refusals = [
        scene.refusal("market", &seller(), market::PLACE, offered).await?,
        refused(scene, &buyer(), goes_on, bought, 16 * PRICE).await?,
    ];
    assert_eq!(refusals, ["SellerLimit"; 2]);
    let args = (account(&buyer()), goes_on, 15 * CREDIT, 15 * PRICE);
    scene.call("market", &buyer(), market::FILL, args).await?;
    agree(stack, scene).await
}
