//! Two emitters trade allowances; one surrenders in full, the other falls short, is penalised, rated
//! down and bounded, pays, and makes up in the next period what it was short of. Meanwhile its credits
//! are bought and retired.

use super::{admit, order, tokens};
use anyhow::Result;
use assent_e2e::{
    agree::agree,
    messages::Limits,
    scene::{
        CREDIT, Scene, TOKEN, account, column, emitter, ensure_from, hex32, hospital1, regulator,
        second_emitter, verifier,
    },
    stack::Stack,
    story::Story,
};
use assent_interface::{carbon, market};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use subxt_signer::sr25519::Keypair;

#[tokio::test(flavor = "multi_thread")]
async fn two_emitters_trade_and_are_settled_and_one_makes_up() -> Result<()> {
    let stack = Stack::start("127.0.0.1:0", |_| {}).await?;
    let mut story = Story::new(&stack, Box::new(|_| {}))?;
    admit(&mut story.scene, &[hospital1()]).await?;
    story.admit_traders(&stack).await?;
    issue(&stack, &mut story).await?;
    trade(&stack, &mut story).await?;
    settle(&stack, &mut story).await?;
    sell_and_retire(&stack, &mut story).await?;
    pay(&stack, &mut story).await?;
    make_up(&stack, &mut story).await?;
    tamper(&stack, &story).await
}

/// Credits, or tonnes, as the API writes their units.
fn credits(count: u128) -> Value {
    json!((count * CREDIT).to_string())
}

/// Tokens as the API writes their base units.
fn money(count: u128) -> Value {
    json!((count * TOKEN).to_string())
}

/// The duty of an account for a period.
async fn duty(stack: &Stack, scene: &Scene, period: u64, of: &Keypair) -> Result<Value> {
    let path = format!("/v1/carbon/duties?period={period}&account={}", account(of));
    scene.item(stack, &path).await
}

/// The rating of an account with what it is made of.
async fn rating(stack: &Stack, scene: &Scene, of: &Keypair) -> Result<(Value, [Value; 4])> {
    let shown = scene.api(stack, &format!("/v1/carbon/ratings/{}", account(of))).await?;
    let parts = ["compliance", "timeliness", "penalties"].map(|part| shown["parts"][part].clone());
    let [compliance, timeliness, penalties] = parts;
    let rating = shown["rating"].clone();
    Ok((shown, [rating, compliance, timeliness, penalties]))
}

/// How large an order of an account may be, units.
async fn limit(scene: &Scene, of: &Keypair) -> Result<u128> {
    let limit: Result<u128, u8> = scene.view("market", market::LIMIT_OF, (account(of),)).await?;
    limit.map_err(|code| anyhow::anyhow!("limit_of: error {code}"))
}

async fn issue(stack: &Stack, story: &mut Story) -> Result<()> {
    let sealed = story.issue_credits().await?;
    let batch = story.scene.api(stack, &format!("/v1/carbon/batches/{}", story.batch)).await?;
    assert_eq!([&batch["issued"], &batch["tradable"]], [&credits(5_000); 2]);
    assert_eq!([&batch["serial_start"], &batch["serial_end"]], ["1", "5000000"]);
    assert_eq!(batch["sealed"], json!(true));
    ensure_from(&batch, &sealed)?;
    story.set_rules().await?;
    let settings = story.scene.api(stack, "/v1/market/settings").await?;
    // It holds, or will with the next block.
    let fee = &settings["fee"];
    let fee = if fee["next"].is_null() { &fee["current"] } else { &fee["next"]["value"] };
    assert_eq!(fee["fee_bps"], json!(50));
    agree(stack, &story.scene).await
}

/// No check in between: what is in time has to be done before the settlement begins.
async fn trade(stack: &Stack, story: &mut Story) -> Result<()> {
    story.open_period(stack).await?;
    let filled = story.trade_allowances().await?;
    let surrendered = story.surrender().await?;
    let reported = story.report(stack).await?;

    let (scene, period) = (&story.scene, story.periods[0]);
    let offer = order(stack, scene, story.allowances_order).await?;
    assert_eq!(offer["status"], json!("open"));
    assert_eq!([&offer["amount"], &offer["filled"]], [&json!("500000"), &credits(1_000)]);
    ensure_from(&offer, &filled)?;
    let fill = scene.item(stack, "/v1/market/fills").await?;
    assert_eq!([&fill["payment"], &fill["fee"]], [&money(80_000), &money(400)]);
    assert_eq!([&fill["proceeds"], &fill["remaining"]], [&money(79_600), &json!("500000")]);
    ensure_from(&fill, &filled)?;
    assert_eq!(tokens(stack, scene, &emitter()).await?, 79_600 * TOKEN);
    assert_eq!(tokens(stack, scene, &second_emitter()).await?, 220_000 * TOKEN);
    assert_eq!(tokens(stack, scene, &regulator()).await?, 400 * TOKEN);

    let station = duty(stack, scene, 1, &emitter()).await?;
    assert_eq!([&station["allocated"], &station["verified"]], [&credits(10_000), &credits(8_500)]);
    assert_eq!(
        [&station["surrendered"], &station["settled_at_ms"]],
        [&credits(8_500), &json!(null)]
    );
    let steel = duty(stack, scene, 1, &second_emitter()).await?;
    assert_eq!([&steel["allocated"], &steel["verified"]], [&credits(6_000), &credits(9_000)]);
    assert_eq!(steel["surrendered"], credits(7_000));
    ensure_from(&steel, &reported)?;
    let held = scene.balance(stack, period.batch, &second_emitter()).await?;
    assert_eq!([&held["tradable"], &held["surrendered"]], [&credits(0), &credits(7_000)]);
    ensure_from(&held, &surrendered)?;
    let (shown, parts) = rating(stack, scene, &second_emitter()).await?;
    assert_eq!(parts, [json!(500), json!(null), json!(null), json!(null)], "no record yet");
    assert_eq!(shown["settled"], json!(0));
    agree(stack, scene).await
}

async fn settle(stack: &Stack, story: &mut Story) -> Result<()> {
    let done = story.settle(stack).await?;
    let scene = &story.scene;
    let station = duty(stack, scene, 1, &emitter()).await?;
    assert_eq!([&station["deficit"], &station["surplus"], &station["penalty"]], ["0"; 3]);
    assert_eq!(station["timely"], json!(true), "{station}");
    let steel = duty(stack, scene, 1, &second_emitter()).await?;
    assert_eq!([&steel["deficit"], &steel["surplus"]], [&credits(2_000), &json!("0")]);
    assert_eq!([&steel["timely"], &steel["paid"]], [&json!(false); 2]);
    ensure_from(&steel, &done)?;
    let penalty = scene.item(stack, "/v1/carbon/penalties").await?;
    assert_eq!(penalty["account"], json!(account(&second_emitter()).to_string()));
    assert_eq!([&penalty["deficit"], &penalty["amount"]], [&credits(2_000), &money(200_000)]);
    ensure_from(&penalty, &done)?;

    let (_, parts) = rating(stack, scene, &emitter()).await?;
    assert_eq!(parts, [1_000, 600, 250, 150].map(Value::from));
    let (shown, parts) = rating(stack, scene, &second_emitter()).await?;
    assert_eq!(parts, [0; 4].map(Value::from));
    ensure_from(&shown, &done)?;
    assert_eq!(limit(scene, &emitter()).await?, 1_000_000 * CREDIT);
    assert_eq!(limit(scene, &second_emitter()).await?, 1_000 * CREDIT);
    bounded_as_a_buyer(story).await?;
    let scene = &story.scene;

    // What is settled is settled.
    let (late, batch) = (second_emitter(), story.periods[0].batch);
    let of = account(&late);
    let refusals = [
        scene.refusal("carbon", &late, carbon::SETTLE_PERIOD, (1u64, of)).await?,
        scene.refusal("carbon", &late, carbon::SURRENDER, (1u64, batch, 1u128)).await?,
        scene
            .refusal("carbon", &verifier(), carbon::REPORT_EMISSIONS, (1u64, of, 1u128, [1u8; 32]))
            .await?,
    ];
    assert_eq!(refusals, ["AlreadySettled"; 3]);
    agree(stack, scene).await
}

/// With a rating of 0 the steelworks buys no more at once than the floor, from whomever.
async fn bounded_as_a_buyer(story: &mut Story) -> Result<()> {
    let (order, scene) = (story.allowances_order, &mut story.scene);
    let limits = |floor: u128| (Limits { floor: floor * CREDIT, ceiling: 1_000_000 * CREDIT },);
    scene.call("market", &regulator(), market::SET_LIMITS, limits(100)).await?;
    let more = (account(&second_emitter()), order, 100 * CREDIT + 1, u128::MAX);
    assert_eq!(scene.refusal("market", &second_emitter(), market::FILL, more).await?, "BuyerLimit");
    scene.call("market", &regulator(), market::SET_LIMITS, limits(1_000)).await?;
    Ok(())
}

async fn sell_and_retire(stack: &Stack, story: &mut Story) -> Result<()> {
    story.offer_too_much().await?;
    let filled = story.sell_credits().await?;
    let retired = story.retire_credits().await?;
    let scene = &story.scene;
    let offer = order(stack, scene, story.credits_order).await?;
    assert_eq!([&offer["amount"], &offer["filled"]], [&credits(750), &credits(250)]);
    ensure_from(&offer, &filled)?;
    assert_eq!(tokens(stack, scene, &hospital1()).await?, 7_000 * TOKEN);
    assert_eq!(tokens(stack, scene, &second_emitter()).await?, 222_985 * TOKEN);
    assert_eq!(tokens(stack, scene, &regulator()).await?, 415 * TOKEN);

    let held = scene.balance(stack, story.batch, &hospital1()).await?;
    assert_eq!([&held["tradable"], &held["retired"]], [&credits(150), &credits(100)]);
    ensure_from(&held, &retired)?;
    let shown = scene.item(stack, "/v1/carbon/retirements").await?;
    let event = scene.event("carbon", &retired, "Retired")?;
    assert_eq!([&shown["reason"], &shown["amount"]], [&event["reason"], &credits(100)]);
    assert_ne!(shown["reason"], json!(hex32([0; 32])));
    let buyer = json!(account(&hospital1()).to_string());
    assert_eq!([&shown["owner"], &shown["beneficiary"]], [&buyer; 2]);
    ensure_from(&shown, &retired)?;
    agree(stack, scene).await
}

async fn pay(stack: &Stack, story: &mut Story) -> Result<()> {
    let (payer, address) = (second_emitter(), account(&second_emitter()));
    // Nothing was allowed to the contract yet.
    let refusal =
        story.scene.refusal("carbon", &payer, carbon::PAY_PENALTY, (1u64, address)).await?;
    assert_eq!(refusal, "TokenFailed");
    // The collector would pay himself.
    let args = (1u64, address);
    let refusal = story.scene.refusal("carbon", &regulator(), carbon::PAY_PENALTY, args).await?;
    assert_eq!(refusal, "SelfPayment");
    let paid = story.pay_penalty().await?;
    let scene = &story.scene;
    let penalty = scene.item(stack, "/v1/carbon/penalties?paid=true").await?;
    assert_eq!(penalty["payer"], json!(address.to_string()));
    assert_eq!(penalty["collector"], json!(account(&regulator()).to_string()));
    ensure_from(&penalty, &paid)?;
    assert_eq!(tokens(stack, scene, &payer).await?, 22_985 * TOKEN);
    assert_eq!(tokens(stack, scene, &regulator()).await?, 200_415 * TOKEN);
    let (shown, parts) = rating(stack, scene, &payer).await?;
    assert_eq!(parts, [150, 0, 0, 150].map(Value::from));
    assert_eq!(shown["deficit"], credits(2_000), "money does not erase it");
    ensure_from(&shown, &paid)?;
    let refusals = [
        scene.refusal("carbon", &payer, carbon::PAY_PENALTY, (1u64, address)).await?,
        scene.refusal("carbon", &payer, carbon::PAY_PENALTY, (1u64, account(&emitter()))).await?,
    ];
    assert_eq!(refusals, ["AlreadyPaid", "NoPenalty"]);
    agree(stack, scene).await
}

async fn make_up(stack: &Stack, story: &mut Story) -> Result<()> {
    let done = story.make_up(stack).await?;
    let (scene, late) = (&story.scene, second_emitter());
    let steel = duty(stack, scene, 2, &late).await?;
    assert_eq!(steel["brought_deficit"], credits(2_000));
    assert_eq!([&steel["verified"], &steel["surrendered"]], [&credits(9_000), &credits(11_000)]);
    assert_eq!([&steel["deficit"], &steel["surplus"], &steel["penalty"]], ["0"; 3]);
    assert_eq!(steel["timely"], json!(true), "{steel}");
    ensure_from(&steel, &done)?;
    let (shown, parts) = rating(stack, scene, &late).await?;
    assert_eq!(parts, [575, 300, 125, 150].map(Value::from));
    assert_eq!([&shown["deficit"], &shown["settled"]], [&json!("0"), &json!(2)]);
    ensure_from(&shown, &done)?;
    assert_eq!(limit(scene, &late).await?, 575_425 * CREDIT);

    // The allowances of each period have serial numbers of their own.
    let batches = scene.items(stack, "/v1/carbon/batches?class=1").await?;
    assert_eq!(column(&batches, "period"), [json!(1), json!(2)]);
    assert_eq!(column(&batches, "serial_start"), [json!("1"), json!("30000001")]);
    assert_eq!(scene.items(stack, "/v1/carbon/penalties").await?.len(), 1);
    agree(stack, scene).await
}

/// Were a number wrong in the mirror, the comparison would say so.
async fn tamper(stack: &Stack, story: &Story) -> Result<()> {
    let mut db = PgConnection::connect(&stack.postgres.url()).await?;
    let numbers = [
        ("carbon_classes", "last_serial"),
        ("carbon_periods", "cap"),
        ("carbon_approvals", "amount"),
        ("carbon_retirements", "amount"),
        ("carbon_duties", "allocated"),
        ("carbon_emission_reports", "emissions"),
        ("carbon_surrenders", "amount"),
        ("carbon_standings", "next"),
        ("market_settings", "next_fee_bps"),
        ("market_orders", "price"),
    ];
    for (table, column) in numbers {
        let add =
            |one: i8| AssertSqlSafe(format!("update {table} set {column} = {column} + {one}"));
        sqlx::query(add(1)).execute(&mut db).await?;
        let noticed = agree(stack, &story.scene).await;
        assert!(noticed.is_err(), "{table}.{column}");
        sqlx::query(add(-1)).execute(&mut db).await?;
    }
    agree(stack, &story.scene).await
}
