//! Things that break while the indexer works leave no trace in the mirror.

use anyhow::{Context, Result, ensure};
use assent_e2e::{
    bench::database::Database,
    faults::{self, Settings, ground::FOLLOWS, journal::Kind, tables},
    postgres::Postgres,
    stack::Stack,
    story::{Story, bundled_report},
};
use nix::sys::signal::Signal;
use serde_json::Value;
use std::time::{Duration, Instant};

/// What `make faults` does for longer and with other seeds.
#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_fault_leaves_the_mirror_that_an_undisturbed_indexer_makes() -> Result<()> {
    faults::run(Settings { seed: 11, runs: 1, faults: Kind::ALL.len(), slow: false, tell: true })
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn mirrors_that_differ_in_one_row_of_a_history_are_told_apart() -> Result<()> {
    let postgres = Postgres::start().await?;
    let mut mirrors = Vec::new();
    for name in ["one", "other"] {
        let mut mirror = Database::with_schema(&postgres, name, 1).await?;
        // What no two mirrors have in common.
        mirror
            .execute("update _sqlx_migrations set execution_time = random() * 1e9".into())
            .await?;
        mirrors.push(mirror);
    }
    let [one, other] = &mut mirrors[..] else { unreachable!("two were made") };
    let same = tables::compare(&mut one.db, &mut other.db).await?;
    ensure!(same.tables > 40 && same.rows > 0, "{same:?}");

    for (mirror, balance) in [(&mut *one, 5), (&mut *other, 6)] {
        let row = format!(
            "insert into token_balances_history (account, balance, frozen, block_number, \
             event_index, until_block) \
             values (decode(repeat('07', 32), 'hex'), {balance}, false, 1, 0, 2)"
        );
        mirror.execute(row).await?;
    }
    let found = tables::compare(&mut one.db, &mut other.db).await;
    let found = found.err().context("no difference was found")?.to_string();
    for part in ["token_balances_history differs", "number 1", "\"balance\": 5", "\"balance\": 6"] {
        ensure!(found.contains(part), "no `{part}` in {found}");
    }
    Ok(())
}

/// How long a second indexer may take to say something, and how long to take over.
const PATIENCE: Duration = Duration::from_secs(60);
const AT_ONCE: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread")]
async fn a_second_indexer_says_that_it_waits_and_takes_over_when_the_first_is_killed() -> Result<()>
{
    let mut stack = Stack::start("127.0.0.1:0", |_| {}).await?;
    let mut story = Story::new(&stack, Box::new(|_| {}))?;
    let run = ["run", "--metrics-listen", "127.0.0.1:0"];
    let mut told_to_end = stack.places().spawn(&run, &stack.log("second"))?;
    let mut second = stack.places().spawn(&run, &stack.log("third"))?;
    for waiting in [&mut told_to_end, &mut second] {
        let who =
            waiting.wait_for_line("Another indexer writes to this database (", PATIENCE).await?;
        ensure!(
            who.starts_with("process ") && who.contains("assent-indexer at 127.0.0.1"),
            "{who}"
        );
    }
    let metrics = second.wait_for_line("Metrics are served at ", PATIENCE).await?;
    let readiness = metrics.replace("/metrics", "/readyz");
    let ready = async || -> Result<(u16, String)> {
        let answer = reqwest::get(&readiness).await?;
        Ok((answer.status().as_u16(), answer.text().await?))
    };
    let (status, said) = ready().await?;
    ensure!(
        status == 503 && said.starts_with("waiting: another indexer writes"),
        "{status} {said}"
    );
    let figures = reqwest::get(&metrics).await?.text().await?;
    ensure!(figures.contains("assent_indexer_phase{phase=\"waiting\"} 1\n"), "{figures}");
    let (_, said) = stack.indexer(&["status"]).await?;
    ensure!(said.contains("an indexer writes to it: process "), "{said}");
    ensure!(said.contains("2 more indexers wait for that to end\n"), "{said}");
    let status = told_to_end.stop(Signal::SIGTERM, AT_ONCE).await?;
    ensure!(status.success(), "{status}: {}", told_to_end.output());

    story.admit().await?;
    stack.mirrored(story.height()).await?;
    ensure!(second.is_running() && !second.output().contains(FOLLOWS), "{}", second.output());
    stack.kill_indexer()?;
    second.wait_for_line(FOLLOWS, AT_ONCE).await?;
    let (status, said) = ready().await?;
    ensure!(status == 200 && said.starts_with("following: "), "{status} {said}");
    story.fund_rewards().await?;
    stack.mirrored(story.height()).await?;
    let (status, said) = stack.indexer(&["audit", "--all"]).await?;
    ensure!(status.success(), "{said}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_goes_away_and_comes_back_loses_nothing() -> Result<()> {
    let mut stack = Stack::start("127.0.0.1:0", |_| {}).await?;
    let mut story = Story::new(&stack, Box::new(|_| {}))?;
    story.admit().await?;
    story.fund_rewards().await?;
    story.anchor(&bundled_report()).await?;
    story.sign().await?;
    story.employ().await?;
    story.propose().await?;
    story.accept(&stack).await?;

    stack.postgres.stop().await?;
    let problem = until(&stack, &stack.api_url, "/readyz", 503).await?;
    assert!(problem["detail"].as_str().is_some_and(|text| text.contains("database")), "{problem}");
    story.ask_with_grant().await?;
    story.ask_without_grant().await?;
    stack.postgres.resume().await?;

    story.revoke().await?;
    story.ask_after_revocation().await?;
    story.withdraw().await?;
    story.admit_traders(&stack).await?;
    story.issue_credits().await?;
    story.set_rules().await?;
    story.sell_credits().await?;
    story.retire_credits().await?;
    stack.ready().await?;
    stack.mirrored(story.height()).await?;
    assert!(stack.all_running(), "{}", stack.logs());

    let decisions = stack.ok("/v1/access-log").await?;
    assert_eq!(decisions["items"].as_array().map(Vec::len), Some(3), "{decisions}");
    let fills = stack.ok("/v1/market/fills").await?;
    assert_eq!(fills["items"].as_array().map(Vec::len), Some(1), "{fills}");
    let (status, said) = stack.indexer(&["audit", "--all"]).await?;
    assert!(status.success(), "{said}");
    Ok(())
}

/// Asks an API on the database of a stack, as its regulator, until the answer is this one, for a minute.
async fn until(stack: &Stack, api: &str, path: &str, status: u16) -> Result<Value> {
    let (http, deadline) = (reqwest::Client::new(), Instant::now() + PATIENCE);
    loop {
        let request = http.get(format!("{api}{path}")).bearer_auth(&stack.api_key);
        let answer = request.send().await?;
        let found = answer.status().as_u16();
        let body = answer.json().await?;
        if found == status {
            return Ok(body);
        }
        ensure!(Instant::now() < deadline, "GET {path} answers {found}: {body}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mirror_that_stands_still_soon_says_no_more_who_may_do_what() -> Result<()> {
    let mut stack = Stack::start("127.0.0.1:0", |_| {}).await?;
    let mut story = Story::new(&stack, Box::new(|_| {}))?;
    story.admit().await?;
    stack.mirrored(story.height()).await?;
    let settings =
        ["--listen", "127.0.0.1:0", "--max-staleness-seconds", "4", "--max-lag-seconds", "4"];
    let mut api = stack.places().spawn_api(&settings, &stack.log("strict"))?;
    let url = api.wait_for_line("Listening on ", PATIENCE).await?;
    until(&stack, &url, "/v1/participants", 200).await?;
    until(&stack, &url, "/readyz", 200).await?;

    stack.kill_indexer()?;
    for path in ["/v1/participants", "/v1/consents?status=active", "/v1/access-log"] {
        let problem = until(&stack, &url, path, 503).await?;
        ensure!(problem["reason"] == "stale", "{problem}");
    }
    let problem = until(&stack, &url, "/readyz", 503).await?;
    let reasons = ["indexer-silent", "catching-up"];
    ensure!(reasons.iter().any(|reason| problem["reason"] == *reason), "{problem}");
    // What is not about people says how old it is.
    let batches = until(&stack, &url, "/v1/carbon/batches", 200).await?;
    ensure!(batches["as_of"]["age_seconds"].as_i64() > Some(3), "{batches}");

    stack.start_indexer()?;
    let participants = until(&stack, &url, "/v1/participants", 200).await?;
    ensure!(participants["as_of"]["age_seconds"].as_i64() < Some(5), "{participants}");
    until(&stack, &url, "/readyz", 200).await?;
    Ok(())
}
