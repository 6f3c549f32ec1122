//! What every event does to its projection, on a real Postgres.
//!
//! Tables are compared as text, as [`Mirror::table`] prints them: a row a line, accounts and hashes by
//! their first byte, positions as block-index; blocks count from 5. `UPDATE_EXPECT=1` writes what is
//! found into these files, to be read before it is committed.

mod agreements;
mod carbon;
mod choices;
mod compliance;
mod consent;
mod emergency;
mod governance;
mod market;
mod participants;
mod reports;
mod rewards;
mod settlement;
mod token;

use assent_client::EmittedEvent;
use assent_indexer_testing::story::everything;
use assent_indexer_testing::{CONTRACTS, FIRST, Mirror, block_hash, metadata};
use sqlx::PgPool;

/// Each event, in a block of its own, must stop its projection for the reason that is given with it, and
/// change nothing.
async fn refuses(mirror: &mut Mirror, events: Vec<(&str, EmittedEvent)>) {
    let mut others = Vec::new();
    for (expected, event) in events {
        let reason = mirror.refusal(vec![event]).await;
        if !reason.contains(expected) {
            others.push(format!("expected {expected}: {reason}"));
        }
    }
    assert!(others.is_empty(), "{}", others.join("\n"));
}

/// The story of the design, one event of every kind: the raw events, their JSON and their order.
#[sqlx::test(migrations = false)]
async fn every_event_of_the_contracts_decodes_and_has_a_projection(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let story = everything();
    let mut raw: Vec<(i64, i32, EmittedEvent)> = Vec::new();
    for (number, events) in (5..).zip(&story) {
        raw.extend(events.iter().cloned().zip(1..).map(|(event, index)| (number, index, event)));
    }
    for events in story {
        mirror.write(events).await;
    }

    let mut defined: Vec<String> = CONTRACTS
        .iter()
        .flat_map(|contract| {
            let events = metadata(contract).events().to_vec();
            events.into_iter().map(move |event| format!("{contract} {}", event.name))
        })
        .collect();
    defined.sort();
    let stored = mirror.rows("select distinct contract_name || ' ' || name from events");
    let mut stored = stored.await;
    stored.sort();
    assert_eq!(stored, defined, "the story must contain every event that is defined");

    type Kept = (i64, i32, Vec<u8>, Vec<Vec<u8>>, Vec<u8>);
    let kept: Vec<Kept> = sqlx::query_as(
        "select block_number, event_index, contract, topics, data from events \
         order by block_number, event_index",
    )
    .fetch_all(&mirror.pool)
    .await
    .unwrap();
    assert_eq!(kept.len(), raw.len());
    for (row, (block, index, raw)) in kept.iter().zip(&raw) {
        assert_eq!((row.0, row.1), (*block, *index));
        assert_eq!(row.2, raw.contract.as_bytes());
        assert_eq!(row.3, raw.topics.iter().map(|topic| topic.to_vec()).collect::<Vec<_>>());
        assert_eq!(row.4, raw.data);
    }

    let fields: serde_json::Value = sqlx::query_scalar(
        "select fields from events where name = 'AccessDecided' order by event_index limit 1",
    )
    .fetch_one(&mirror.pool)
    .await
    .unwrap();
    assert_eq!(fields["decision"], "Permit");
    assert_eq!(fields["access"], "1");
    assert_eq!(fields["purpose"], 0);
    assert_eq!(fields["previous"], format!("0x{}", "00".repeat(32)));
    assert!(fields["owner"].as_str().unwrap().starts_with('5'), "{fields}");

    let (number, hash, parent, time): (i64, Vec<u8>, Vec<u8>, i64) =
        sqlx::query_as("select number, hash, parent_hash, time_ms from blocks where number = 5")
            .fetch_one(&mirror.pool)
            .await
            .unwrap();
    assert_eq!((number, time), (5, 5_000));
    assert_eq!(hash, block_hash(FIRST).0);
    assert_eq!(parent, block_hash(FIRST - 1).0);
}
