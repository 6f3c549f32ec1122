//! Contracts of others on the same chain, and contracts whose code is replaced: what they emit is kept,
//! decoded by the code that ran then, and indexed again from nothing it gives the same rows.

use anyhow::{Context, Result, ensure};
use assent_client::{
    Account,
    bundle::Bundle,
    contract::{Contract, Outcome, constructor_input, instantiate, upload},
};
use assent_e2e::{
    faults::upgrades::next_version,
    indexer::written,
    scene::{Scene, account, doctor, hospital1, patient, regulator, until},
    stack::{Stack, artifacts},
};
use assent_interface::{governance, participants};
use nix::sys::signal::Signal;
use serde_json::{Value, json};
use sqlx::{Connection, PgConnection};
use std::time::Duration;

/// How long an indexer may take to write what is there, and to end.
const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
async fn contracts_of_others_and_replaced_codes_are_decoded_by_the_code_that_ran_then() -> Result<()>
{
    let stack = Stack::start("127.0.0.1:0", |_| {}).await?;
    let mut scene = Scene::new(&stack)?;
    let twin = foreign(&stack, &mut scene).await?;
    register(&stack, &mut scene, &twin).await?;
    upgrade(&stack, &mut scene).await?;
    again_from_nothing(&stack, &scene).await
}

/// What the API lists of a contract.
async fn events_of(stack: &Stack, scene: &Scene, contract: &Account) -> Result<Vec<Value>> {
    scene.items(stack, &format!("/v1/events?contract={contract}")).await
}

async fn transfer(twin: &Contract, scene: &mut Scene, value: u128) -> Result<Outcome> {
    let arguments = (account(&patient()), value, Vec::<u8>::new());
    let done = twin.call(&doctor(), "PSP22::transfer", arguments).await?;
    scene.height = scene.height.max(done.block_number);
    Ok(done)
}

/// Somebody makes a token of their own, which no manifest names.
async fn foreign(stack: &Stack, scene: &mut Scene) -> Result<Contract> {
    let bundle = Bundle::load(artifacts().join("fixtures/twin.contract"))?;
    upload(&stack.chain, &doctor(), &bundle).await?;
    let input = constructor_input(&bundle.metadata, "new", &1_000_u128)?;
    let salt = b"ours".to_vec();
    let (address, made) =
        instantiate(&stack.chain, &doctor(), &bundle.metadata, "new", input, salt).await?;
    scene.height = scene.height.max(made.block_number);
    let twin = Contract::new(stack.chain.clone(), address, bundle.metadata);
    let done = transfer(&twin, scene, 10).await?;

    let events = events_of(stack, scene, &address).await?;
    ensure!(events.len() == 2, "what its constructor emitted, and the transfer: {events:?}");
    let expected = format!("no metadata of its code {} is registered", bundle.code_hash);
    for event in &events {
        ensure!(event["contract"] == json!(address) && event["contract_name"] == Value::Null);
        ensure!(event["name"] == Value::Null, "{event}");
        let reason = event["decode_error"].as_str().unwrap_or_default();
        ensure!(reason.starts_with(&expected), "{event}");
    }
    // The extrinsic is the one of the block's body.
    let block = stack.chain.at_number(done.block_number).await?;
    let extrinsics = block.extrinsics().fetch().await?;
    let index = events[1]["extrinsic_index"].as_u64().context("an index")?;
    let found = extrinsics.iter().nth(usize::try_from(index)?).context("the extrinsic")??;
    ensure!(events[1]["extrinsic_hash"] == json!(format!("{:?}", found.hash())), "{}", events[1]);
    let ours = scene.items(stack, "/v1/events?contract=token").await?;
    ensure!(ours.iter().all(|event| event["contract_name"] == json!("token")), "{ours:?}");
    Ok(twin)
}

/// An operator brings the metadata, while the indexer runs.
async fn register(stack: &Stack, scene: &mut Scene, twin: &Contract) -> Result<()> {
    let file = artifacts().join("fixtures/twin.contract").display().to_string();
    let said = indexer(stack, &["register", &file], &stack.postgres.url()).await?;
    let code = twin.metadata.code_hash();
    ensure!(said.contains(&format!("twin, code {code}: registered\n")), "{said}");
    ensure!(said.contains("2 stored events were decoded\n"), "{said}");
    transfer(twin, scene, 20).await?;
    let events = events_of(stack, scene, &twin.address).await?;
    let values: Vec<&Value> = events.iter().map(|event| &event["fields"]["value"]).collect();
    ensure!(values == [&json!("1000"), &json!("10"), &json!("20")], "{events:?}");
    ensure!(events.iter().all(|event| event["name"] == json!("Transfer")), "{events:?}");
    ensure!(events[2]["fields"]["to"] == json!(account(&patient())), "{}", events[2]);
    Ok(())
}

/// A contract of the deployment gets another code, with events before and after.
async fn upgrade(stack: &Stack, scene: &mut Scene) -> Result<()> {
    let boss = regulator();
    let hospital = hospital1();
    scene.call("participants", &hospital, participants::REGISTER, ([1u8; 32],)).await?;
    let next = next_version(Bundle::load(artifacts().join("participants.contract"))?, 1);
    upload(&stack.chain, &boss, &next).await?;
    let hash = (next.code_hash,);
    scene.call("participants", &boss, governance::ANNOUNCE_UPGRADE, hash).await?;
    let announced = scene.api(stack, "/v1/governance/participants").await?;
    until(stack, announced["upgrade"]["not_before_ms"].as_u64().unwrap_or_default()).await?;
    scene.call("participants", &boss, governance::APPLY_UPGRADE, ()).await?;
    scene.call("participants", &boss, governance::PAUSE, ()).await?;

    let events = scene.items(stack, "/v1/events?contract=participants").await?;
    let names: Vec<&str> = events.iter().filter_map(|event| event["name"].as_str()).collect();
    ensure!(names.len() == events.len(), "all are decoded: {events:?}");
    ensure!(
        names.ends_with(&["Registered", "UpgradeAnnounced", "Upgraded", "Paused"]),
        "{names:?}"
    );
    let shown = scene.api(stack, "/v1/governance/participants").await?;
    ensure!(
        shown["code_hash"] == json!(next.code_hash) && shown["paused"] == json!(true),
        "{shown}"
    );
    Ok(())
}

/// Another indexer, from the first block on and with the same metadata, makes the same of the chain; and one
/// that is to keep nothing of others counts what it left out, and has the same rows of ours.
async fn again_from_nothing(stack: &Stack, scene: &Scene) -> Result<()> {
    let url = stack.postgres.url();
    let (server, _) = url.rsplit_once('/').context("a URL with a database")?;
    let mut first = PgConnection::connect(&url).await?;
    for name in ["again", "ours"] {
        let sql = sqlx::AssertSqlSafe(format!("create database {name}"));
        sqlx::query(sql).execute(&mut first).await?;
    }
    let again = format!("{server}/again");
    let mut second = follow(stack, scene, &again, 1_000).await?;
    let file = artifacts().join("fixtures/twin.contract").display().to_string();
    let said = indexer(stack, &["register", &file], &again).await?;
    ensure!(said.contains("3 stored events were decoded\n"), "{said}");
    for sql in [EVENTS, CODES, GOVERNANCE] {
        let one = rows(&mut first, sql, scene.height).await?;
        let other = rows(&mut second, sql, scene.height).await?;
        ensure!(one == other && !one.is_empty(), "{sql}: {one:?}, again {other:?}");
    }
    let said = indexer(stack, &["audit", "--all", "--offline"], &again).await?;
    ensure!(said.contains("the mirror is right\n"), "{said}");

    let mut sparing = follow(stack, scene, &format!("{server}/ours"), 0).await?;
    let (left_out, others): (i64, i64) = sqlx::query_as(
        "select (select sum(left_out) from blocks)::bigint, \
         (select count(*) from events where contract_name is null)",
    )
    .fetch_one(&mut sparing)
    .await?;
    ensure!((left_out, others) == (3, 0), "{left_out} left out, {others} kept");
    let one = rows(&mut first, GOVERNANCE, scene.height).await?;
    ensure!(one == rows(&mut sparing, GOVERNANCE, scene.height).await?, "{one:?}");
    Ok(())
}

const EVENTS: &str = "select to_jsonb(e)::text from events e where block_number <= $1 order by block_number, event_index";
const CODES: &str = "select to_jsonb(c)::text from contract_codes c where from_block <= $1 \
    order by address, from_block, from_index";
const GOVERNANCE: &str = "select to_jsonb(g)::text from contract_governance g where block_number <= $1 \
    order by contract";

async fn rows(db: &mut PgConnection, sql: &'static str, height: u64) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar(sql).bind(i64::try_from(height)?).fetch_all(db).await?)
}

/// Runs a command of the indexer to its end, which must be a good one: what it said.
async fn indexer(stack: &Stack, arguments: &[&str], database: &str) -> Result<String> {
    let places = stack.places().with_database(database);
    let (status, said) = places.run(arguments, &stack.log(arguments[0])).await?;
    ensure!(status.success(), "{arguments:?}: {said}");
    Ok(said)
}

/// Lets an indexer fill an empty database up to where the story is, and ends it.
async fn follow(
    stack: &Stack,
    scene: &Scene,
    database: &str,
    foreign: u32,
) -> Result<PgConnection> {
    let places = stack.places().with_database(database);
    let run = ["run", "--foreign-events", &foreign.to_string()];
    let mut indexer = places.spawn(&run, &stack.log(&format!("follow-{foreign}")))?;
    let mut db = PgConnection::connect(database).await?;
    written(&mut indexer, &mut db, scene.height, PATIENCE).await?;
    let status = indexer.stop(Signal::SIGTERM, PATIENCE).await?;
    ensure!(status.success(), "{}", indexer.output());
    Ok(db)
}
