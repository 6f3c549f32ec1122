//! Who may write, and that blocks are written wholly, in order and once, on a real Postgres.

use std::time::Duration;

use assent_client::setting::one_line;
use assent_client::{Account, EmittedEvent, Hash};
use assent_indexer::status;
use assent_indexer::store::{Block, Store, StoreError, Watermark, Writer, Written, rebuild};
use assent_indexer_testing::participants::{
    approved, registered, reinstated, roles_set, suspended,
};
use assent_indexer_testing::{
    FIRST, GENESIS, Mirror, block, block_hash, decoder, manifest, open, open_for, story, token,
};
use assent_mirror::fold::Projection;
use sqlx::PgPool;
use tokio::sync::mpsc;
use tokio::time::timeout;

/// Reinstates somebody who was never there: decodes, but contradicts the projection.
fn contradiction() -> EmittedEvent {
    reinstated(0x77, 2)
}

async fn watermark_of(pool: &PgPool) -> Option<(i64, Vec<u8>, i64)> {
    sqlx::query_as("select block_number, block_hash, block_time_ms from watermark")
        .fetch_optional(pool)
        .await
        .expect("the table is there")
}

#[sqlx::test(migrations = false)]
async fn the_first_block_is_the_first_deployment(pool: PgPool) {
    let mut store = open(&pool).await.unwrap();
    assert_eq!(store.watermark().await.unwrap(), None);
    assert_eq!(store.next_block(None), FIRST);
    let error = store.write(&[block(FIRST - 1, vec![])]).await.unwrap_err();
    assert!(matches!(error, StoreError::NotNext { expected: FIRST, found: 4 }), "{error}");
    assert_eq!(watermark_of(&pool).await, None);

    store.write(&[block(FIRST, vec![])]).await.unwrap();
    let watermark = store.watermark().await.unwrap();
    assert_eq!(watermark, Some(Watermark { number: FIRST, hash: block_hash(FIRST) }));
    assert_eq!(store.next_block(watermark), FIRST + 1);
}

#[sqlx::test(migrations = false)]
async fn every_block_is_kept_so_that_none_left_out_goes_unseen(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let blocks: Vec<Block> = (FIRST..FIRST + 4)
        .map(|number| block(number, if number == 7 { vec![registered(1)] } else { vec![] }))
        .collect();
    mirror.store.write(&blocks).await.unwrap();
    let expected = (8, block_hash(8).0.to_vec(), 8_000);
    assert_eq!(watermark_of(&mirror.pool).await, Some(expected));
    let kept = mirror.rows("select number::text from blocks order by number").await;
    assert_eq!(kept, ["5", "6", "7", "8"]);
    assert_eq!(mirror.rows("select distinct block_number::text from projections").await, ["8"]);
    assert_eq!(mirror.store.write(&[]).await.unwrap(), Written::default());
}

/// Where each projection that stands still does so, and why.
async fn stopped(mirror: &Mirror) -> Vec<String> {
    mirror
        .rows(
            "select concat_ws(' ', name, block_number, stopped_block, stopped_index, \
             stopped_reason) from projections where stopped_block is not null order by name",
        )
        .await
}

const NO_PARTICIPANT: &str = "is not there or in another state";

#[sqlx::test(migrations = false)]
async fn a_contradiction_stops_its_projection_before_its_block_and_no_other(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let mut contradicted = vec![registered(2), contradiction()];
    contradicted.extend(token::minted(1, 10, 7));
    let later = [vec![registered(3)], token::minted(1, 5, 8).to_vec()].concat();
    let blocks = [
        block(FIRST, vec![registered(1)]),
        block(FIRST + 1, contradicted),
        block(FIRST + 2, later),
    ];
    let written = mirror.store.write(&blocks).await.unwrap();
    assert_eq!(written.events, 8);
    let [(Projection::Participants, reason)] = &written.stopped[..] else {
        panic!("{written:?}");
    };
    assert_eq!((reason.at.block_number, reason.at.event_index), (6, 2));
    let line = stopped(&mirror).await.join("\n");
    assert!(line.starts_with("participants 5 6 2 ") && line.ends_with(NO_PARTICIPANT), "{line}");
    // Of its block it holds nothing, and of the others all that came before.
    assert_eq!(mirror.rows("select block_number::text from participants").await, ["5"]);
    assert_eq!(mirror.rows("select balance::text from token_balances").await, ["15"]);
    assert_eq!(mirror.rows("select count(*)::text from events").await, ["8"]);

    // It says so once, and a restart tries again in vain.
    mirror.next = FIRST + 3;
    assert_eq!(mirror.try_write(vec![registered(4)]).await.unwrap().stopped, []);
    mirror.reopen().await;
    assert_eq!(mirror.try_write(vec![registered(5)]).await.unwrap().stopped, []);
    assert_eq!(stopped(&mirror).await.join("\n"), line);
}

#[sqlx::test(migrations = false)]
async fn what_only_a_constraint_refuses_stops_its_projection_too(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    // A receipt is used twice: no row is read for it, the key refuses it.
    let twice = token::minted(1, 5, 7).to_vec();
    let blocks = [
        block(FIRST, [vec![registered(1)], token::minted(1, 10, 7).to_vec()].concat()),
        block(FIRST + 1, [vec![registered(2)], twice].concat()),
        block(FIRST + 2, vec![registered(3)]),
    ];
    let written = mirror.store.write(&blocks).await.unwrap();
    assert_eq!(written.stopped.len(), 1, "{written:?}");
    let line = stopped(&mirror).await.join("\n");
    assert!(line.starts_with("token 5 6 ") && line.contains("token_receipts_pkey"), "{line}");
    assert_eq!(mirror.rows("select balance::text from token_balances").await, ["10"]);
    assert_eq!(mirror.rows("select count(*)::text from participants").await, ["3"]);
    // The next one too.
    mirror.next = FIRST + 3;
    assert_eq!(mirror.try_write(vec![registered(4)]).await.unwrap().stopped, []);
    assert_eq!(mirror.rows("select count(*)::text from participants").await, ["4"]);
    // And so it does when it is brought up to what is stored: from the beginning, and from where it stands.
    let rows = mirror.contents().await;
    let clear = "update projections set stopped_block = null, stopped_index = null, \
         stopped_reason = null where name = 'token'";
    let empty = "truncate token_balances, token_balances_history, token_receipts, token_totals, \
         token_totals_history; update projections set block_number = 4 where name = 'token'";
    for statements in [[clear, ""], [clear, empty]] {
        for statement in statements {
            sqlx::raw_sql(statement).execute(&mirror.pool).await.unwrap();
        }
        mirror.reopen().await;
        mirror.store.prepare().await.unwrap();
        assert_eq!(stopped(&mirror).await.join("\n"), line);
        assert_eq!(mirror.contents().await, rows);
    }
}

#[sqlx::test(migrations = false)]
async fn a_projection_that_is_behind_is_brought_up_by_the_stored_events(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    for n in 1..=4 {
        mirror.write(vec![registered(n)]).await;
    }
    let before = mirror.contents().await;
    // As when a newer program can go on with what an older one did not know.
    sqlx::raw_sql(
        "delete from participants where block_number > 6; \
         update projections set block_number = 6, stopped_block = 7, stopped_index = 1, \
         stopped_reason = 'unknown' where name = 'participants'",
    )
    .execute(&mirror.pool)
    .await
    .unwrap();
    mirror.reopen().await;
    mirror.write(vec![]).await;
    assert_eq!(mirror.contents().await, before);
    assert_eq!(stopped(&mirror).await, [""; 0]);
}

#[sqlx::test(migrations = false)]
async fn what_a_row_said_before_is_its_history(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror.write(vec![registered(1)]).await;
    // Within a block only the last word counts.
    mirror.write(vec![approved(1, 1), roles_set(1, 3)]).await;
    mirror.write(vec![registered(2)]).await;
    mirror.write(vec![suspended(1, 2)]).await;
    const HISTORY: &str = "select concat_ws(' ', substr(encode(account, 'hex'), 1, 2), roles, suspended, \
        block_number, until_block) from participants_history order by account, block_number";
    assert_eq!(mirror.rows(HISTORY).await, ["01 0 0 5 6", "01 3 0 6 8"]);
}

#[sqlx::test(migrations = false)]
async fn a_block_with_another_parent_is_refused_with_both_hashes(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror.write(vec![registered(1)]).await;
    let other = Hash([0xbd; 32]);
    let fork = Block { parent_hash: other, ..block(FIRST + 1, vec![registered(2)]) };
    let error = mirror.store.write(&[fork]).await.unwrap_err();
    assert!(matches!(error, StoreError::OtherParent { number: 6, .. }), "{error}");
    assert!(!error.is_transient());
    let text = error.to_string();
    assert!(text.contains(&other.to_string()), "{text}");
    assert!(text.contains(&block_hash(FIRST).to_string()), "{text}");

    // Within one transaction too: then none of its blocks is written.
    let fork = Block { parent_hash: other, ..block(FIRST + 2, vec![]) };
    let error =
        mirror.store.write(&[block(FIRST + 1, vec![registered(2)]), fork]).await.unwrap_err();
    assert!(matches!(error, StoreError::OtherParent { number: 7, .. }), "{error}");
    assert_eq!(mirror.store.watermark().await.unwrap().unwrap().number, FIRST);
    assert_eq!(mirror.rows("select count(*)::text from participants").await, ["1"]);
}

#[sqlx::test(migrations = false)]
async fn a_node_that_is_behind_is_compared_by_the_highest_block_that_is_known(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    assert_eq!(mirror.store.known_block(100).await.unwrap(), None);
    let blocks: Vec<Block> = (FIRST..FIRST + 4)
        .map(|number| block(number, if number == 6 { vec![registered(1)] } else { vec![] }))
        .collect();
    mirror.store.write(&blocks).await.unwrap();
    let known = |number| Some(Watermark { number, hash: block_hash(number) });
    for (height, expected) in [(100, known(8)), (8, known(8)), (7, known(7)), (4, None)] {
        assert_eq!(mirror.store.known_block(height).await.unwrap(), expected, "at {height}");
    }
}

#[sqlx::test(migrations = false)]
async fn a_block_is_never_written_twice_nor_left_out(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let minted = || token::minted(1, 10, 7).to_vec();
    mirror.write(minted()).await;
    for number in [FIRST, FIRST + 2] {
        let error = mirror.store.write(&[block(number, minted())]).await.unwrap_err();
        assert!(matches!(error, StoreError::NotNext { expected: 6, .. }), "{error}");
        assert!(!error.is_transient());
    }
    // A range that begins with a block that is there is refused as a whole.
    let overlap = [block(FIRST, minted()), block(FIRST + 1, minted())];
    assert!(mirror.store.write(&overlap).await.is_err());
    assert_eq!(mirror.rows("select balance::text from token_balances").await, ["10"]);
    assert_eq!(mirror.rows("select count(*)::text from events").await, ["2"]);
}

#[sqlx::test(migrations = false)]
async fn a_database_of_another_chain_is_refused_and_left_alone(pool: PgPool) {
    Mirror::new(pool.clone()).await.store.close().await.unwrap();
    let mut other = manifest();
    other.genesis_hash = Hash([0x0f; 32]);
    other.network = "other".to_owned();
    let error = open_for(&pool, &other).await.err().unwrap();
    assert!(matches!(error, StoreError::OtherChain { .. }), "{error}");
    assert!(!error.is_transient());
    let text = error.to_string();
    assert!(text.contains(&GENESIS.to_string()) && text.contains("--database-url"), "{text}");

    let (genesis, name): (Vec<u8>, String) =
        sqlx::query_as("select genesis_hash, name from network").fetch_one(&pool).await.unwrap();
    assert_eq!((genesis.as_slice(), name.as_str()), (GENESIS.as_bytes(), "test"));
}

#[sqlx::test(migrations = false)]
async fn a_database_of_another_deployment_is_refused(pool: PgPool) {
    let mut mirror = Mirror::new(pool.clone()).await;
    mirror.write(vec![registered(1)]).await;
    mirror.store.close().await.unwrap();

    let mut moved = manifest();
    moved.contracts.get_mut("token").unwrap().address = Account([0x99; 32]);
    let mut lacking = manifest();
    lacking.contracts.remove("token");
    let mut late = manifest();
    let mut extra = late.contracts["token"].clone();
    extra.address = Account([0x98; 32]);
    extra.code_hash = Hash([0xcc; 32]);
    late.contracts.insert("archive".to_owned(), extra.clone());
    for (expected, changed) in
        [("another address", moved), ("lacks", lacking), ("indexed without it", late)]
    {
        let error = open_for(&pool, &changed).await.err().unwrap();
        assert!(matches!(error, StoreError::OtherDeployment { .. }), "{error}");
        assert!(error.to_string().contains(expected), "{error}");
    }

    // A contract that is deployed above the watermark joins; upgraded code is recorded.
    let mut grown = manifest();
    extra.deployment_block = FIRST + 1;
    grown.contracts.insert("archive".to_owned(), extra);
    grown.contracts.get_mut("token").unwrap().code_hash = Hash([0xcd; 32]);
    open_for(&pool, &grown).await.unwrap();
    let contracts: Vec<String> = sqlx::query_scalar(
        "select name || ' ' || substr(encode(code_hash, 'hex'), 1, 2) from contracts \
         where name in ('archive', 'token') order by name",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    assert_eq!(contracts, ["archive cc", "token cd"]);
}

#[sqlx::test(migrations = false)]
async fn a_deployment_block_may_be_corrected_before_the_first_block(pool: PgPool) {
    let mut early = manifest();
    early.contracts.values_mut().for_each(|entry| entry.deployment_block = FIRST - 2);
    open_for(&pool, &early).await.unwrap().close().await.unwrap();
    let mut mirror = Mirror::new(pool).await;
    mirror.write(vec![registered(1)]).await;
    assert_eq!(mirror.rows("select distinct deployment_block::text from contracts").await, ["5"]);
}

#[sqlx::test(migrations = false)]
async fn a_database_that_cannot_be_opened_is_said_once(pool: PgPool) {
    let options = pool.connect_options().as_ref().clone();
    let cases = [
        (options.clone().database("no_such_database"), "does not exist", false),
        (options.clone().username("no_such_role"), "does not exist", false),
        // Nobody listens on port 1; it is waited for.
        (options.clone().port(1), "refused", true),
    ];
    for (wrong, reason, is_transient) in cases {
        let opened = Store::open(&wrong, &manifest(), decoder(), &|_| {}).await;
        let error = opened.err().expect("there is nothing to open");
        assert!(matches!(error, StoreError::Connect(_)), "{error}");
        assert_eq!(error.is_transient(), is_transient, "{error}");
        let line = one_line(&error);
        assert!(line.starts_with("the database cannot be opened: "), "{line}");
        assert_eq!(line.matches(reason).count(), 1, "{line}");
    }
}

#[sqlx::test(migrations = false)]
async fn a_second_indexer_says_who_writes_and_takes_over_once_that_is_gone(pool: PgPool) {
    let mut first = Mirror::new(pool.clone()).await;
    let (said, mut heard) = mpsc::unbounded_channel();
    let options = pool.connect_options();
    let second = tokio::spawn(async move {
        let waits = |writer: &Writer| said.send(writer.clone()).expect("it is heard");
        Store::open(&options, &manifest(), decoder(), &waits).await
    });
    let writer = timeout(Duration::from_secs(5), heard.recv()).await.unwrap().unwrap();
    let process: i32 = sqlx::query_scalar(
        "select pid from pg_stat_activity \
         where datname = current_database() and application_name = 'assent-indexer'",
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!(writer.process, process);
    assert_eq!(writer.application.as_deref(), Some("assent-indexer"));
    let options = pool.connect_options();
    let status = status::read(&options).await.unwrap();
    assert_eq!((status.writer.as_ref(), status.waiting), (Some(&writer), 1));
    let text = status.to_string();
    assert!(
        text.contains(&format!("an indexer writes to it: {writer}\n1 more indexer waits")),
        "{text}"
    );
    // The first one does not notice, and no third gets in between.
    first.write(vec![registered(1)]).await;
    assert!(!second.is_finished());

    let ended = sqlx::query_scalar("select pg_terminate_backend($1)").bind(process);
    let ended: bool = ended.fetch_one(&pool).await.unwrap();
    assert!(ended);
    let opened = timeout(Duration::from_secs(2), second).await.expect("it takes over at once");
    let mut second = opened.unwrap().unwrap();
    assert_eq!(second.watermark().await.unwrap().unwrap().number, FIRST);
    // What the first one had in hand is nothing any more.
    assert!(first.try_write(vec![registered(2)]).await.unwrap_err().is_transient());
    second.write(&[block(FIRST + 1, vec![registered(2)])]).await.unwrap();
    let status = status::read(&options).await.unwrap();
    let writes = status.writer.unwrap();
    assert_ne!(writes.process, process);
    assert_eq!((writes.application.as_deref(), status.waiting), (Some("assent-indexer"), 0));
    second.close().await.unwrap();
    let text = status::read(&options).await.unwrap().to_string();
    assert!(text.contains("no indexer writes to it\n"), "{text}");
}

#[sqlx::test(migrations = false)]
async fn one_of_another_chain_or_deployment_does_not_wait_for_what_it_cannot_have(pool: PgPool) {
    let _first = Mirror::new(pool.clone()).await;
    let mut other = manifest();
    other.genesis_hash = Hash([7; 32]);
    let error = open_for(&pool, &other).await.err().unwrap();
    assert!(matches!(error, StoreError::OtherChain { .. }), "{error}");
    let mut moved = manifest();
    moved.contracts.get_mut("token").unwrap().address = Account([7; 32]);
    let error = open_for(&pool, &moved).await.err().unwrap();
    assert!(matches!(error, StoreError::OtherDeployment { .. }), "{error}");
}

#[sqlx::test(migrations = false)]
async fn a_killed_indexer_loses_and_doubles_nothing(pool: PgPool) {
    let mut mirror = Mirror::new(pool.clone()).await;
    mirror.write(vec![registered(1)]).await;
    // Gone without a goodbye, as after kill -9; the server frees the lock by itself.
    drop(mirror.store);
    let mut store = open(&pool).await.unwrap();
    let watermark = store.watermark().await.unwrap();
    assert_eq!(store.next_block(watermark), FIRST + 1);
    store.write(&[block(FIRST + 1, vec![registered(2)])]).await.unwrap();
    let count: i64 =
        sqlx::query_scalar("select count(*) from participants").fetch_one(&pool).await.unwrap();
    assert_eq!(count, 2);
}

#[sqlx::test(migrations = false)]
async fn a_lost_connection_is_transient_and_the_next_one_goes_on(pool: PgPool) {
    let mut mirror = Mirror::new(pool.clone()).await;
    mirror.write(vec![registered(1)]).await;
    // As when the database restarts: the session ends under the indexer's feet.
    sqlx::query(
        "select pg_terminate_backend(pid) from pg_stat_activity \
         where datname = current_database() and application_name = 'assent-indexer'",
    )
    .execute(&pool)
    .await
    .unwrap();
    let error = mirror.try_write(vec![registered(2)]).await.unwrap_err();
    assert!(error.is_transient(), "{error}");

    mirror.store = open(&pool).await.unwrap();
    mirror.write(vec![registered(2)]).await;
    assert_eq!(mirror.rows("select count(*)::text from participants").await, ["2"]);
}

#[sqlx::test(migrations = false)]
async fn an_event_of_ours_that_is_not_known_is_kept_raw_and_stops_its_projection(pool: PgPool) {
    let unknown = EmittedEvent { topics: vec![[0x11; 32]], ..registered(1) };
    let anonymous = EmittedEvent { topics: vec![], ..registered(1) };
    let mut short = registered(1);
    short.data.pop();
    let mut long = registered(1);
    long.data.push(0);
    let mut mirror = Mirror::new(pool).await;
    mirror.write(vec![registered(2)]).await;
    for (expected, event) in [
        ("no event with the signature topic 0x1111", unknown.clone()),
        ("has no topic", anonymous.clone()),
        ("not the fields of Registered", short.clone()),
        ("not the fields of Registered", long.clone()),
    ] {
        let reason = mirror.refusal(vec![event]).await;
        assert!(reason.starts_with("participants: ") && reason.contains(expected), "{reason}");
        assert!(reason.contains("install the indexer"), "{reason}");
    }

    let mut events = vec![unknown, anonymous, short.clone(), long, registered(3)];
    events.extend(token::minted(1, 10, 7));
    let written = mirror.try_write(events).await.unwrap();
    assert_eq!((written.events, written.undecoded, written.stopped.len()), (7, 4, 1));
    let status = status::read(&mirror.pool.connect_options()).await.unwrap();
    assert_eq!((status.undecoded, status.foreign_undecoded), (4, 0));
    const UNDECODED: &str = "select concat_ws(' ', event_index, contract_name, \
         name is null and fields is null, length(decode_error) > 0, octet_length(data)) \
         from events where decode_error is not null order by event_index";
    assert_eq!(
        mirror.rows(UNDECODED).await,
        [
            "1 participants t t 64",
            "2 participants t t 64",
            "3 participants t t 63",
            "4 participants t t 65"
        ]
    );
    let data: Vec<u8> = sqlx::query_scalar("select data from events where event_index = 3")
        .fetch_one(&mirror.pool)
        .await
        .unwrap();
    assert_eq!(data, short.data);
    // The other projections go on, and the watermark moves.
    assert_eq!(mirror.rows("select balance::text from token_balances").await, ["10"]);
    assert_eq!(mirror.store.watermark().await.unwrap().unwrap().number, FIRST + 1);
}

/// Why the store refuses its own database once a statement has changed the list of migrations.
async fn migrated_by_another(pool: &PgPool, statement: &'static str) -> StoreError {
    open(pool).await.expect("an empty database is admitted").close().await.expect("it closes");
    sqlx::query(statement).execute(pool).await.expect(statement);
    open(pool).await.err().expect(statement)
}

#[sqlx::test(migrations = false)]
async fn a_database_of_a_build_that_was_never_released_is_refused_and_the_fix_is_named(
    pool: PgPool,
) {
    let error = migrated_by_another(
        &pool,
        "update _sqlx_migrations set checksum = decode('00', 'hex') where version = 1",
    )
    .await;
    assert!(matches!(error, StoreError::Unreleased(1)), "{error}");
    assert!(!error.is_transient());
    let text = error.to_string();
    assert!(text.contains("never released") && text.contains("drop the database"), "{text}");
}

#[sqlx::test(migrations = false)]
async fn a_database_of_a_newer_indexer_is_refused_and_the_fix_is_named(pool: PgPool) {
    let error = migrated_by_another(
        &pool,
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time) \
         values (9999, 'later', true, '', 0)",
    )
    .await;
    assert!(matches!(error, StoreError::Newer(9999)), "{error}");
    assert!(!error.is_transient());
    assert!(error.to_string().contains("install that indexer"), "{error}");
}

#[sqlx::test(migrations = false)]
async fn a_rebuild_makes_the_same_rows_while_the_indexer_writes(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    for events in story::everything() {
        mirror.write(events).await;
    }
    let before = mirror.contents().await;
    // What the rows say is made again from the events, whatever was done to them.
    sqlx::raw_sql(
        "update token_balances set balance = 7 where moved_to is null; \
         delete from grants_history; delete from grants",
    )
    .execute(&mirror.pool)
    .await
    .unwrap();
    assert_ne!(mirror.contents().await, before);
    let options = mirror.pool.connect_options();
    for projection in Projection::ALL {
        let rebuilt = rebuild(&options, *projection).await.unwrap();
        assert_eq!((rebuilt.block, rebuilt.stopped), (7, None), "{projection:?}");
    }
    assert_eq!(mirror.contents().await, before);
    mirror.check().await;
    // The rows that the writer knew are others now: it notices, and goes on.
    mirror.write(token::minted(1, 5, 0x77).to_vec()).await;
    let schemas = "select nspname::text from pg_namespace where nspname like 'rebuild%'";
    assert_eq!(mirror.rows(schemas).await, [""; 0]);
    // Views, partitions, indexes and constraints are those of the migrations.
    assert_eq!(mirror.rows("select count(*)::text from grants_now").await, ["5"]);
    let names = "select c.conname::text from pg_constraint c join pg_class t on t.oid = c.conrelid \
         where t.relname = 'grants' order by 1";
    assert!(mirror.rows(names).await.contains(&"grants_uses_within_max".to_owned()));
}

#[sqlx::test(migrations = false)]
async fn a_rebuild_stands_still_at_the_same_event(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror.write(vec![registered(1)]).await;
    mirror.try_write(vec![registered(2), contradiction()]).await.unwrap();
    mirror.try_write(vec![registered(3)]).await.unwrap();
    let (before, line) = (mirror.contents().await, stopped(&mirror).await);
    let options = mirror.pool.connect_options();
    let rebuilt = rebuild(&options, Projection::Participants).await.unwrap();
    assert_eq!(rebuilt.block, 5);
    assert_eq!(rebuilt.stopped.unwrap().at.to_string(), "6-2");
    assert_eq!((mirror.contents().await, stopped(&mirror).await), (before, line));
    mirror.try_write(vec![registered(4)]).await.unwrap();
}

#[sqlx::test(migrations = false)]
async fn there_is_nothing_to_rebuild_before_the_first_block(pool: PgPool) {
    let mirror = Mirror::new(pool).await;
    let error = rebuild(&mirror.pool.connect_options(), Projection::Token).await.unwrap_err();
    assert!(matches!(error, StoreError::NothingIndexed), "{error}");
}

#[sqlx::test(migrations = false)]
async fn rows_of_another_version_are_not_written_on(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror.write(vec![registered(1)]).await;
    sqlx::query("update projections set version = 0 where name = 'participants'")
        .execute(&mirror.pool)
        .await
        .unwrap();
    mirror.reopen().await;
    let error = mirror.try_write(vec![registered(2)]).await.unwrap_err();
    assert!(matches!(error, StoreError::Version { stored: 0, .. }), "{error}");
    assert!(error.to_string().contains("rebuild --projection participants"), "{error}");
    rebuild(&mirror.pool.connect_options(), Projection::Participants).await.unwrap();
    mirror.write(vec![registered(2)]).await;
}

#[sqlx::test(migrations = false)]
async fn any_cut_into_batches_and_any_restart_give_the_same_rows(pool: PgPool) {
    let story = story::everything().concat();
    // Twenty blocks, some of them empty.
    let mut blocks: Vec<Block> = Vec::new();
    let mut rest = &story[..];
    for number in FIRST..FIRST + 20 {
        let (now, later) = rest.split_at(rest.len().min([9, 0, 17, 1, 5][number as usize % 5]));
        rest = if number == FIRST + 19 { &[] } else { later };
        let now = if number == FIRST + 19 { [now, later].concat() } else { now.to_vec() };
        blocks.push(block(number, now));
    }
    let mut mirror = Mirror::new(pool).await;
    let mut contents = Vec::new();
    // Sizes of the batches, and whether it is restarted between them.
    for (sizes, restarts) in [(vec![20], false), (vec![1; 20], true), (vec![3, 1, 7, 2, 7], true)] {
        let mut rest = &blocks[..];
        for size in sizes {
            let (now, later) = rest.split_at(size);
            mirror.store.write(now).await.unwrap();
            rest = later;
            if restarts {
                mirror.reopen().await;
            }
        }
        assert!(rest.is_empty());
        contents.push(mirror.contents().await);
        mirror.forget().await;
    }
    assert_eq!(contents[0], contents[1]);
    assert_eq!(contents[0], contents[2]);
    assert!(contents[0].len() > 60, "{} tables", contents[0].len());
}
