//! What an audit finds in a mirror that was tampered with, on a real Postgres. What it asks of a node is
//! told by a story of `e2e/`.

use std::path::Path;
use std::sync::Arc;

use assent_client::manifest::Manifest;
use assent_client::{Account, Hash};
use assent_indexer::audit::{AuditError, Background, Report, audit};
use assent_indexer::config::AuditConfig;
use assent_indexer::metrics::Metrics;
use assent_indexer::store::StoreError;
use assent_indexer::{Cli, Command, NeedError, status};
use assent_indexer_testing::participants::reinstated;
use assent_indexer_testing::{Mirror, decoder, manifest, story};
use clap::Parser as _;
use sqlx::{ConnectOptions as _, PgPool};

/// A mirror in which everything has happened, and some blocks without events after it.
async fn told(pool: PgPool) -> Mirror {
    let mut mirror = Mirror::new(pool).await;
    for events in story::everything() {
        mirror.write(events).await;
    }
    mirror.advance(9).await;
    mirror
}

/// What is to be audited, without a node; the manifest is in a folder of the test's own.
fn config(pool: &PgPool, test: &str, manifest: &assent_client::manifest::Manifest) -> AuditConfig {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test).join("manifest.json");
    manifest.save(&path).expect("the target folder is writable");
    let database = pool.connect_options().to_url_lossy().to_string();
    let path = path.to_str().expect("a UTF-8 path");
    let arguments =
        ["assent-indexer", "audit", "--offline", "--manifest", path, "--database-url", &database];
    let cli = Cli::try_parse_from(arguments).expect("the arguments are valid");
    let Command::Audit(config) = cli.command else { panic!("it is to audit") };
    config
}

async fn audited(pool: &PgPool, test: &str) -> Report {
    audit(config(pool, test, &manifest())).await.expect("the mirror can be audited")
}

fn findings(report: &Report) -> Vec<String> {
    let checks = report.checks.iter();
    checks
        .flat_map(|check| check.findings.iter().map(|found| format!("{}: {found}", check.name)))
        .collect()
}

#[sqlx::test(migrations = false)]
async fn a_sound_mirror_is_right_and_is_left_as_it_was(pool: PgPool) {
    let mirror = told(pool).await;
    let before = mirror.contents().await;
    let report = audited(&mirror.pool, "sound").await;
    assert!(report.is_right(), "{report}");
    let text = report.to_string();
    assert!(text.contains("blocks: 5 from 5 to 9, each the parent of the next\n"), "{text}");
    assert!(text.contains("fold of token: "), "{text}");
    assert!(text.ends_with("the mirror is right\n"), "{text}");
    assert_eq!(mirror.contents().await, before);
    let schemas = "select nspname::text from pg_namespace where nspname like 'audit%'";
    assert_eq!(mirror.rows(schemas).await, [""; 0]);
    // A writer that goes on, and another audit, are not disturbed.
    let mut mirror = mirror;
    mirror.write(vec![]).await;
    assert!(audited(&mirror.pool, "sound").await.is_right());
}

/// Kinds of damage, each with what a finding must say.
const DAMAGES: &[(&str, &[&str])] = &[
    // A row changed, deleted, made up.
    (
        "update token_balances set balance = balance + 1 where account = decode(repeat('01', 32), 'hex')",
        &[
            "fold of token: token_balances with account \
             0x0101010101010101010101010101010101010101010101010101010101010101: balance is ",
            ", but the events make ",
        ],
    ),
    (
        "delete from participants where account = \
         (select account from participants order by account limit 1)",
        &[
            "fold of participants: participants with account 0x",
            ": the events make this row, but it is not there",
        ],
    ),
    (
        "insert into tariffs (purpose, amount, required, block_number, event_index) \
         select 31, 5, false, block_number, event_index from tariffs limit 1",
        &["fold of rewards: tariffs with purpose 31: no event makes this row"],
    ),
    // Of a log too.
    (
        "update carbon_retirements set amount = amount + 1",
        &["fold of carbon: carbon_retirements with block_number 5, event_index ", ": amount is "],
    ),
    // What a row said before.
    (
        "update market_orders_history set price = price + 1",
        &["fold of market: market_orders_history with order_id 2, block_number 5: price is "],
    ),
    (
        "delete from market_orders_history",
        &["fold of market: market_orders_history with order_id 2, block_number 5: the events make"],
    ),
    // An event's bytes: the lowest byte of its amount, the last field.
    (
        "update events set data = set_byte(data, octet_length(data) - 16, 99) \
         where contract_name = 'token' and name = 'Approval'",
        &["fold of token: token_allowances with owner ", "amount is ", "the events make 99"],
    ),
    (
        "update events set data = set_byte(data, octet_length(data) - 16, 99) \
         where contract_name = 'token' and name = 'Approval'",
        &["events: event 5-", ": its fields are "],
    ),
    // Bytes that are no event any more stop the fold.
    (
        "update events set data = '\\x' where contract_name = 'market' and name = 'FeeSet'",
        &["fold of market: its rows go on to block 9, but event 5-"],
    ),
    // How an event is listed.
    (
        "update events set fields = '{}' where contract_name = 'consent' and name = 'Granted'",
        &["events: event 5-", "not {}"],
    ),
    (
        "update events set name = 'Given' where contract_name = 'consent' and name = 'Granted'",
        &["events: event 5-", ": it is Granted, not Given"],
    ),
    // Blocks.
    (
        "delete from blocks where number in (7, 8)",
        &["blocks: block 7 is missing: block 6 is followed by 9"],
    ),
    (
        "update blocks set parent_hash = sha256('x') where number = 8",
        &["blocks: block 8 has the parent 0x2d711642", "but block 7 is 0x"],
    ),
    (
        "delete from blocks where number = 5",
        &["blocks: the first block is 6, but the first contract was deployed in block 5"],
    ),
    ("delete from blocks where number = 9", &["blocks: the watermark is block 9, and block 8 the"]),
    ("update watermark set block_hash = sha256('x')", &["blocks: the watermark is block 9, "]),
    // What holds between rows.
    ("update grants set uses = uses + 1 where id = 1", &["invariants: grants: "]),
];

#[sqlx::test(migrations = false)]
async fn each_kind_of_damage_is_named(pool: PgPool) {
    let mirror = told(pool).await;
    // The store holds nothing of its own: each damage is undone by a copy of the rows.
    let mut wrong = Vec::new();
    for (statement, expected) in DAMAGES {
        let undo = Saved::of(&mirror, statement).await;
        let done = sqlx::query(*statement).execute(&mirror.pool).await.expect(statement);
        assert!(done.rows_affected() > 0, "{statement} changes nothing");
        let report = audited(&mirror.pool, "damage").await;
        let found = findings(&report);
        let named = found.iter().any(|found| expected.iter().all(|part| found.contains(part)));
        if !named || !report.to_string().contains("the mirror is wrong: ") {
            wrong.push(format!("{statement}: expected {expected:?}, found {found:#?}"));
        }
        undo.restore(&mirror).await;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let report = audited(&mirror.pool, "damage").await;
    assert!(report.is_right(), "all is as it was: {report}");
}

/// A copy of the table that a statement changes.
struct Saved(String);

impl Saved {
    async fn of(mirror: &Mirror, statement: &str) -> Self {
        let mut words = statement.split_whitespace();
        let table = match words.next() {
            Some("update") => words.next(),
            // After `from` or `into`.
            _ => words.nth(1),
        };
        let table = table.expect("a table").to_owned();
        run(mirror, format!("create table saved as table {table}")).await;
        Self(table)
    }

    async fn restore(self, mirror: &Mirror) {
        let Self(table) = self;
        for statement in [
            format!("delete from {table}"),
            format!("insert into {table} select * from saved"),
            "drop table saved".to_owned(),
        ] {
            run(mirror, statement).await;
        }
    }
}

async fn run(mirror: &Mirror, statement: String) {
    let done = sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&mirror.pool).await;
    done.expect("the statement is one");
}

#[sqlx::test(migrations = false)]
async fn a_projection_that_stands_still_is_no_right_one(pool: PgPool) {
    let mut mirror = told(pool).await;
    mirror.try_write(vec![reinstated(0x77, 2)]).await.expect("the block is written");
    let report = audited(&mirror.pool, "stopped").await;
    // The rows are what the events before it make; what they lack is for the invariants to say.
    let mut found = findings(&report);
    found.retain(|found| found.starts_with("fold of "));
    assert_eq!(found.len(), 1, "{found:?}");
    let expected = "fold of participants: it stands still at block 9, because of event 10-1: ";
    assert!(found[0].starts_with(expected), "{found:?}");
}

#[sqlx::test(migrations = false)]
async fn an_audit_and_a_rebuild_wait_for_each_other(pool: PgPool) {
    let mirror = told(pool).await;
    let mut other = mirror.pool.acquire().await.unwrap();
    sqlx::query("select pg_advisory_lock(hashtextextended('rebuild token', 107148485160564))")
        .execute(&mut *other)
        .await
        .unwrap();
    let refused = audit(config(&mirror.pool, "locked", &manifest())).await;
    let error = refused.expect_err("a rebuild would replace the tables");
    assert!(
        matches!(error, AuditError::Need(NeedError::Store(StoreError::Rebuilding(_)))),
        "{error}"
    );
    sqlx::query("select pg_advisory_unlock_all()").execute(&mut *other).await.unwrap();
    assert!(audited(&mirror.pool, "locked").await.is_right());
}

#[sqlx::test(migrations = false)]
async fn a_mirror_of_something_else_is_not_audited(pool: PgPool) {
    let error = audit(config(&pool, "other", &manifest())).await.expect_err("it is empty");
    assert!(
        matches!(error, AuditError::Need(NeedError::Store(StoreError::NothingIndexed))),
        "{error}"
    );

    let mirror = told(pool).await;
    let mut other = manifest();
    other.genesis_hash = Hash([0x11; 32]);
    let error = audit(config(&mirror.pool, "other", &other)).await.expect_err("another chain");
    assert!(
        matches!(error, AuditError::Need(NeedError::Store(StoreError::OtherChain { .. }))),
        "{error}"
    );

    let mut other = manifest();
    let token = other.contracts.get_mut("token").expect("there is a token");
    token.address = Account([0x11; 32]);
    let error = audit(config(&mirror.pool, "other", &other)).await.expect_err("another token");
    assert!(
        matches!(error, AuditError::Need(NeedError::Store(StoreError::OtherDeployment { .. }))),
        "{error}"
    );
}

/// An audit in the background of a database, without a node.
fn background(pool: &PgPool, metrics: &Arc<Metrics>) -> Background {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("background").join("manifest.json");
    manifest().save(&path).expect("the target folder is writable");
    let database = pool.connect_options().to_url_lossy().to_string();
    let text = path.to_str().expect("a UTF-8 path");
    let cli = Cli::try_parse_from([
        "assent-indexer",
        "run",
        "--manifest",
        text,
        "--database-url",
        &database,
        "--node-url",
        "ws://127.0.0.1:1",
        "--audit-interval",
        "1",
    ]);
    let Command::Run(config) = cli.expect("the arguments are valid").command else {
        panic!("it is to run")
    };
    let manifest = Manifest::load(&path).expect("it is one");
    let bundles = manifest.bundles().expect("they are there");
    let every = config.audit_every().expect("it is not off");
    let database = (*pool.connect_options()).clone();
    let what = (manifest, bundles, decoder());
    Background::new(every, &config.mirror, what, database, metrics.clone())
}

#[sqlx::test(migrations = false)]
async fn an_audit_in_the_background_keeps_what_it_finds_until_it_is_right(pool: PgPool) {
    let mut mirror = told(pool).await;
    let options = mirror.pool.connect_options();
    let metrics = Arc::new(Metrics::default());
    let said = status::read(&options).await.expect("the mirror has a status").to_string();
    assert!(said.contains("never audited in the background\n"), "{said}");

    let audit = background(&mirror.pool, &metrics);
    let known = audit.known();
    let audited = audit.once().await.expect("it comes to an end");
    assert!(audited.findings.is_empty(), "{audited:?}");
    // No node was asked, so no block was compared and not all is known to be right.
    assert_eq!((audited.block, audited.passed_ms), (4, None));
    assert_eq!(known.borrow().as_ref(), Some(&audited), "the writer learns of it");

    let damage = "update token_balances set balance = balance + 1 \
        where account = decode(repeat('01', 32), 'hex')";
    run(&mirror, damage.to_owned()).await;
    let audited = audit.once().await.expect("a finding is no failure");
    let finding = &audited.findings["invariant token_sums"];
    assert!(!finding.says.is_empty());
    mirror.store.keep_audit(&audited).await.expect("it is kept");
    let said = status::read(&options).await.expect("the mirror has a status").to_string();
    let expected = format!("WRONG  invariant token_sums: {}\n", finding.says);
    assert!(said.contains(&expected), "{said}");
    assert!(said.contains("blocks up to 4, 3 rows of each table; none came through yet"), "{said}");
    let count = format!("assent_indexer_audit_findings {}\n", audited.findings.len());
    let text = metrics.text().expect("there are figures");
    assert!(text.contains(&count), "{text}");
    assert!(text.contains("assent_indexer_audit_age_seconds "), "{text}");

    // Another start knows what this one found, when the first audit began, and sees that it was mended.
    let metrics = Arc::new(Metrics::default());
    let again = background(&mirror.pool, &metrics);
    let known = again.once().await.expect("it comes to an end");
    assert_eq!((&known.findings, known.began_ms), (&audited.findings, audited.began_ms));
    run(&mirror, damage.replace("+ 1", "- 1")).await;
    let known = again.once().await.expect("it comes to an end");
    assert!(known.findings.is_empty(), "{known:?}");
    mirror.store.keep_audit(&known).await.expect("it is kept");
    let said = status::read(&options).await.expect("the mirror has a status").to_string();
    assert!(!said.contains("WRONG"), "{said}");
    let text = metrics.text().expect("there are figures");
    assert!(text.contains("assent_indexer_audit_findings 0\n"), "{text}");
}

#[sqlx::test(migrations = false)]
async fn a_query_of_the_audit_in_the_background_that_takes_long_is_left_out(pool: PgPool) {
    let mirror = told(pool).await;
    // Who reads this table waits for longer than such a query may.
    run(
        &mirror,
        "alter table token_totals rename to slow; create view token_totals as \
         select s.* from slow s, pg_sleep(11)"
            .to_owned(),
    )
    .await;
    let audit = background(&mirror.pool, &Arc::default());
    let audited = audit.once().await.expect("it goes on with the rest");
    let left_out = &audited.left_out["invariant token_sums"];
    assert!(left_out.contains("longer than the 10 s"), "{left_out}");
    assert!(audited.findings.is_empty(), "{audited:?}");
    assert!(!audited.left_out.contains_key("invariant grants"), "{audited:?}");
}
