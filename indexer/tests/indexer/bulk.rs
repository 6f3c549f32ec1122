//! Many events at once go another way into the database than few, and come to the same.

use std::collections::BTreeMap;
use std::time::Duration;

use assent_client::{Account, EmittedEvent};
use assent_indexer::store::{Block, StoreError};
use assent_indexer_testing::participants::registered;
use assent_indexer_testing::{FIRST, Mirror, block, block_hash, token};
use sqlx::{AssertSqlSafe, PgPool};

/// Blocks of one round, and events of each: as many as are copied when they are written at once.
const BLOCKS: u64 = 6;
const EVENTS: usize = 900;

/// A block with events of all that can be told apart: with and without topics, name, extrinsic, contract of
/// the manifest, and data.
fn many(number: u64) -> Block {
    let unknown = EmittedEvent { topics: vec![[0x11; 32]; 4], ..registered(1) };
    let bare = EmittedEvent { topics: vec![], extrinsic: None, data: vec![], ..registered(1) };
    let foreign = EmittedEvent { contract: Account([0x99; 32]), ..registered(1) };
    let kinds = [vec![registered(1), unknown, bare, foreign], token::minted(1, 10, 7).to_vec()];
    let mut block = block(number, kinds.concat().into_iter().cycle().take(EVENTS).collect());
    let hash = block_hash(0);
    block.extrinsics = block.extrinsics.into_keys().map(|index| (index, hash)).collect();
    block
}

#[sqlx::test(migrations = false)]
async fn many_events_at_once_are_stored_as_few_are(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let blocks: Vec<Block> = (FIRST..FIRST + 2 * BLOCKS).map(many).collect();
    let (at_once, one_by_one) = blocks.split_at(BLOCKS as usize);
    let written = mirror.store.write(at_once).await.unwrap();
    let (mut events, mut undecoded, mut foreign) = (0, 0, 0);
    for block in one_by_one {
        let written = mirror.store.write(std::slice::from_ref(block)).await.unwrap();
        events += written.events;
        undecoded += written.undecoded;
        foreign += written.foreign_undecoded;
    }
    let at_once = (written.events, written.undecoded, written.foreign_undecoded);
    assert_eq!(at_once, (events, undecoded, foreign));
    assert!(undecoded > 0 && foreign > 0 && undecoded + foreign < events);

    let mut rounds: BTreeMap<String, Vec<String>> = BTreeMap::new();
    const ROWS: &str = "select concat_ws(' ', (block_number - 5) / 6, (block_number - 5) % 6, \
         to_jsonb(e) - 'block_number' - 'fields', e.fields) \
         from events e order by block_number, event_index";
    for row in mirror.rows(ROWS).await {
        let (round, row) = row.split_once(' ').expect("a round");
        rounds.entry(round.to_owned()).or_default().push(row.to_owned());
    }
    assert_eq!(rounds.len(), 2);
    assert_eq!(rounds["0"].len(), BLOCKS as usize * EVENTS);
    assert!(rounds["0"] == rounds["1"], "{} {}", rounds["0"][0], rounds["1"][0]);
    for part in ["\"name\": \"Registered\"", "\"name\": null", "\"extrinsic_hash\": null"] {
        assert!(rounds["0"].iter().any(|row| row.contains(part)), "{part} in {}", rounds["0"][0]);
    }
}

/// Units go to and fro; of two such blocks the events are as many as are read at once.
fn transfers(number: u64) -> Block {
    let to_and_fro = [token::transfer(Some(1), Some(2), 1), token::transfer(Some(2), Some(1), 1)];
    block(number, to_and_fro.into_iter().cycle().take(5_000).collect())
}

#[sqlx::test(migrations = false)]
async fn projections_that_are_far_behind_are_brought_up_in_several_runs(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let beginning = [vec![registered(1)], token::minted(1, 10, 7).to_vec()].concat();
    // A balance falls below zero, and with events of another projection before and after.
    let below = token::transfer(Some(2), Some(1), 1);
    let mut blocks = vec![block(FIRST, beginning)];
    blocks.extend((FIRST + 1..FIRST + 5).map(transfers));
    blocks.push(block(FIRST + 5, vec![registered(2), below]));
    blocks.push(transfers(FIRST + 6));
    blocks.push(block(FIRST + 7, vec![registered(3)]));
    for block in &blocks {
        mirror.store.write(std::slice::from_ref(block)).await.unwrap();
    }
    let stands = "select concat_ws(' ', name, block_number, stopped_block, stopped_index) \
         from projections order by name";
    let (rows, stood) = (mirror.contents().await, mirror.rows(stands).await);
    assert!(stood.contains(&"token 9 10 2".to_owned()), "{stood:?}");
    assert!(stood.contains(&"participants 12".to_owned()), "{stood:?}");

    // One begins anew; the other is behind by less, and goes on together with it from there.
    sqlx::raw_sql(
        "truncate token_balances, token_balances_history, token_receipts, token_totals, \
             token_totals_history; \
         delete from participants where block_number > 5; \
         update projections set block_number = 4, stopped_block = null, stopped_index = null, \
             stopped_reason = null where name = 'token'; \
         update projections set block_number = 8 where name = 'participants'",
    )
    .execute(&mirror.pool)
    .await
    .unwrap();
    mirror.reopen().await;
    mirror.store.prepare().await.unwrap();
    assert_eq!(mirror.rows(stands).await, stood);
    assert!(mirror.contents().await == rows, "the rows are others");
}

#[sqlx::test(migrations = false)]
async fn what_a_rebuild_replaced_meanwhile_is_not_brought_up_again(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    for number in FIRST..FIRST + 2 {
        let events = [vec![registered(number as u8)], token::minted(1, 10, number as u8).to_vec()];
        mirror.store.write(&[block(number, events.concat())]).await.unwrap();
    }
    let stands = "select concat_ws(' ', name, block_number, stopped_reason) from projections \
         order by name";
    let (rows, stood) = (mirror.contents().await, mirror.rows(stands).await);

    // The indexer begins with a projection that is behind, and a rebuild brings that up.
    let behind = "update projections set block_number = 4 where name = 'token'";
    sqlx::raw_sql(behind).execute(&mirror.pool).await.unwrap();
    mirror.reopen().await;
    let mut rebuild = mirror.pool.begin().await.unwrap();
    let list = "lock table projections in exclusive mode";
    sqlx::raw_sql(list).execute(&mut *rebuild).await.unwrap();
    let pool = mirror.pool.clone();
    let exchange = async {
        let waiting = "select count(*) from pg_locks \
             where relation = 'projections'::regclass and not granted";
        while sqlx::query_scalar::<_, i64>(waiting).fetch_one(&pool).await.unwrap() == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let done = "update projections set block_number = 6, generation = generation + 1 \
             where name = 'token'";
        sqlx::raw_sql(done).execute(&mut *rebuild).await.unwrap();
        rebuild.commit().await.unwrap();
    };
    let both = async { tokio::join!(mirror.store.prepare(), exchange) };
    let (prepared, ()) = tokio::time::timeout(Duration::from_secs(30), both).await.unwrap();
    prepared.unwrap();
    assert_eq!(mirror.rows(stands).await, stood);
    assert!(mirror.contents().await == rows, "the rows are others");
}

#[sqlx::test(migrations = false)]
async fn events_are_not_read_where_some_are_missing(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror.store.write(&[block(FIRST, vec![registered(1)])]).await.unwrap();
    let rows = mirror.contents().await;
    sqlx::raw_sql(
        "truncate participants, participants_history; update projections set block_number = 4; \
         create schema standby; \
         create table standby.watermark as select block_number - 1 as block_number from watermark",
    )
    .execute(&mirror.pool)
    .await
    .unwrap();
    mirror.reopen().await;
    // New sessions see what a standby has that is a block behind.
    let see = async |schemas: &str| {
        let set = format!(
            "do $$ begin execute format('alter database %I set search_path = {schemas}', \
             current_database()); end $$"
        );
        sqlx::raw_sql(AssertSqlSafe(set)).execute(&mirror.pool).await.unwrap();
    };
    see("standby, public").await;
    let error = mirror.store.prepare().await.unwrap_err();
    assert!(matches!(error, StoreError::Behind(5)) && error.is_transient(), "{error}");
    assert!(error.to_string().contains("--database-url"), "{error}");

    see("public").await;
    mirror.store.prepare().await.unwrap();
    assert!(mirror.contents().await == rows, "the rows are others");
}
