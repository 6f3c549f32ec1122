//! Things that break in the middle of the story leave no trace in the mirror.

use anyhow::{Context, Result};
use assent_e2e::{
    stack::Stack,
    story::{Story, bundled_report},
};
use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};
use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

/// Every row of every table up to a block, except how far the mirror is, which goes on with each empty
/// block.
async fn rows(url: &str, height: u64) -> Result<BTreeMap<String, Vec<Value>>> {
    let mut db = PgConnection::connect(url).await?;
    let tables: Vec<String> = sqlx::query_scalar(
        "select relname::text from pg_class
         where relkind in ('r', 'p') and not relispartition
         and relnamespace = 'public'::regnamespace
         and relname not in ('_sqlx_migrations', 'watermark', 'projections')",
    )
    .fetch_all(&mut db)
    .await?;
    let mut all = BTreeMap::new();
    for table in tables {
        let up_to =
            if table == "blocks" { format!("where number <= {height}") } else { String::new() };
        let sql =
            format!("select to_jsonb(t) from \"{table}\" t {up_to} order by to_jsonb(t)::text");
        let found = sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut db).await?;
        let values = found.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
        all.insert(table, values);
    }
    Ok(all)
}

/// The rows of an indexer that nothing disturbs, on the same chain up to `height`.
async fn undisturbed_rows(stack: &Stack, height: u64) -> Result<BTreeMap<String, Vec<Value>>> {
    let url = stack.postgres.url();
    let mut db = PgConnection::connect(&url).await?;
    sqlx::query("create database undisturbed").execute(&mut db).await?;
    let (server, _) = url.rsplit_once('/').context("database URL")?;
    let url = format!("{server}/undisturbed");
    let mut indexer = stack.second_indexer(&url)?;
    let deadline = Instant::now() + Duration::from_secs(60);
    let mut db = PgConnection::connect(&url).await?;
    loop {
        let reached: Result<Option<i64>, _> =
            sqlx::query_scalar("select block_number from watermark").fetch_optional(&mut db).await;
        if let Ok(Some(reached)) = reached
            && u64::try_from(reached)? >= height
        {
            break;
        }
        anyhow::ensure!(Instant::now() < deadline, "no progress:\n{}", indexer.output());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    indexer.kill()?;
    rows(&url, height).await
}

async fn assert_same_as_undisturbed(stack: &Stack, height: u64) -> Result<()> {
    stack.mirrored(height).await?;
    let disturbed = rows(&stack.postgres.url(), height).await?;
    let undisturbed = undisturbed_rows(stack, height).await?;
    assert_eq!(disturbed, undisturbed);
    assert_eq!(disturbed["access_log"].len(), 3, "the story has three decisions");
    assert_eq!(disturbed["market_fills"].len(), 1, "and one fill");
    assert!(disturbed["events"].len() > 20, "{} events", disturbed["events"].len());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_indexer_killed_in_the_middle_resumes_without_loss_or_doubles() -> Result<()> {
    let mut stack = Stack::start("127.0.0.1:0", |_| {}).await?;
    let mut story = Story::new(&stack, Box::new(|_| {}))?;
    story.admit().await?;
    // Right after a transaction is final, the indexer is likely in the middle of its block.
    stack.kill_indexer()?;
    story.fund_rewards().await?;
    stack.start_indexer()?;
    story.anchor(&bundled_report()).await?;
    story.sign().await?;
    story.grant().await?;
    stack.kill_indexer()?;
    stack.start_indexer()?;
    // Again while it catches up, without waiting for it.
    story.ask_with_grant().await?;
    stack.kill_indexer()?;
    story.ask_without_grant().await?;
    story.revoke().await?;
    stack.start_indexer()?;
    story.ask_after_revocation().await?;
    story.withdraw().await?;
    story.admit_traders(&stack).await?;
    story.issue_credits().await?;
    stack.kill_indexer()?;
    story.set_rules().await?;
    story.sell_credits().await?;
    stack.start_indexer()?;
    story.retire_credits().await?;
    stack.mirrored(story.height()).await?;

    // A polite end is clean, too.
    let status = stack.stop_indexer().await?;
    assert!(status.success(), "{status}\n{}", stack.logs());
    stack.start_indexer()?;
    assert_same_as_undisturbed(&stack, story.height()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_goes_away_and_comes_back_loses_nothing() -> Result<()> {
    let mut stack = Stack::start("127.0.0.1:0", |_| {}).await?;
    let mut story = Story::new(&stack, Box::new(|_| {}))?;
    story.admit().await?;
    story.fund_rewards().await?;
    story.anchor(&bundled_report()).await?;
    story.sign().await?;
    story.grant().await?;

    stack.postgres.stop().await?;
    let (status, problem) = stack.get("/readyz").await?;
    assert_eq!(status, 503, "{problem}");
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
    assert!(stack.all_running(), "{}", stack.logs());
    assert_same_as_undisturbed(&stack, story.height()).await
}
