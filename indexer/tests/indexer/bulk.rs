//! Many events at once go another way into the database than few, and come to the same.

use std::collections::BTreeMap;

use assent_client::{Account, EmittedEvent};
use assent_indexer::store::Block;
use assent_indexer_testing::participants::registered;
use assent_indexer_testing::{FIRST, Mirror, block, block_hash, token};
use sqlx::PgPool;

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
