//! Are the stored events the node's, and named as the contracts' metadata names them?

use std::sync::Arc;

use assent_client::EmittedEvent;
use sqlx::FromRow;

use super::{AuditError, Check, Snapshot};
use crate::decode::Decoder;
use crate::source::Source;
use crate::store::{Block, StoreError, stored_event};

/// Events that are read at once.
const RUN: i64 = 5_000;
/// Blocks that the node is asked for at once when it is asked for all.
const BLOCKS: u64 = 64;

/// An event as it is stored.
#[derive(FromRow)]
struct Stored {
    block_number: i64,
    event_index: i32,
    contract: Vec<u8>,
    topics: Vec<Vec<u8>>,
    data: Vec<u8>,
    name: Option<String>,
    fields: Option<String>,
}

impl Stored {
    fn event(&self) -> Result<EmittedEvent, StoreError> {
        let Self { event_index, contract, topics, data, .. } = self;
        stored_event(*event_index, contract.clone(), topics.clone(), data.clone())
    }
}

/// Whether name and fields of each event are what the metadata makes of its bytes. What could not be
/// decoded once may be decoded by a later bundle; it is counted, not refused.
pub(super) async fn decoded(
    snapshot: &mut Snapshot,
    decoder: &Decoder,
) -> Result<Check, AuditError> {
    let (mut count, mut undecoded, mut finding) = (0_u64, 0_u64, None);
    let mut after = (0_i64, -1_i32);
    loop {
        let run: Vec<Stored> = sqlx::query_as(
            "select block_number, event_index, contract, topics, data, name, fields::text as fields \
             from events where block_number >= $1 and (block_number, event_index) > ($1, $2) \
             and block_number <= $3 order by block_number, event_index limit $4",
        )
        .bind(after.0)
        .bind(after.1)
        .bind(snapshot.last)
        .bind(RUN)
        .fetch_all(&mut snapshot.db)
        .await?;
        let Some(last) = run.last() else { break };
        after = (last.block_number, last.event_index);
        for stored in &run {
            count += 1;
            let (Some(name), Some(fields)) = (&stored.name, &stored.fields) else {
                undecoded += 1;
                continue;
            };
            let difference = match decoder.decode(&stored.event()?) {
                None => Some("it is of a contract that the manifest lacks".to_owned()),
                Some(decoded) => match decoded.content {
                    Err(reason) => Some(format!("it does not decode: {reason}")),
                    Ok((own, _)) if own != *name => Some(format!("it is {own}, not {name}")),
                    Ok((_, own)) => {
                        let fields_of = serde_json::from_str::<serde_json::Value>(fields);
                        let same = fields_of.is_ok_and(|stored| own == stored);
                        (!same).then(|| format!("its fields are {own}, not {fields}"))
                    }
                },
            };
            if let Some(difference) = difference {
                let Stored { block_number, event_index, .. } = stored;
                finding.get_or_insert(format!("event {block_number}-{event_index}: {difference}"));
            }
        }
    }
    let looked_at = format!("{count}, {undecoded} of them undecoded, named by their metadata");
    Ok(Check { name: "events".to_owned(), looked_at, findings: finding.into_iter().collect() })
}

/// Whether blocks have the time, the parent and the events that the node says: `most` of them by chance,
/// and as many of those with an event; or all.
pub(super) async fn of_node(
    snapshot: &mut Snapshot,
    source: &Source<'_>,
    decoder: &Arc<Decoder>,
    most: Option<u32>,
) -> Result<Check, AuditError> {
    let (first, last) = (snapshot.first.unsigned_abs(), snapshot.last.unsigned_abs());
    let ranges: Vec<(u64, u64)> = match most {
        None => (first..=last)
            .step_by(usize::try_from(BLOCKS).unwrap_or(1))
            .map(|from| (from, last.min(from + BLOCKS - 1)))
            .collect(),
        Some(most) => {
            let chosen: Vec<i64> = sqlx::query_scalar(
                "(select number from blocks where number <= $2 order by random() limit $1) union \
                 (select block_number from (select distinct block_number from events \
                 where block_number <= $2) as b order by random() limit $1) order by 1",
            )
            .bind(i64::from(most))
            .bind(snapshot.last)
            .fetch_all(&mut snapshot.db)
            .await?;
            chosen.iter().map(|number| (number.unsigned_abs(), number.unsigned_abs())).collect()
        }
    };
    let (mut blocks, mut count, mut finding) = (0_u64, 0_u64, None);
    'all: for (from, to) in ranges {
        for (block, _) in source.blocks(decoder, from..=to).await? {
            blocks += 1;
            count += block.events.len() as u64;
            finding = difference(&block, snapshot).await?;
            if finding.is_some() {
                break 'all;
            }
        }
    }
    let looked_at = format!(
        "{count} in {blocks} of {} blocks, with the blocks' times, compared with the node's",
        last - first + 1
    );
    let name = "events of the node".to_owned();
    Ok(Check { name, looked_at, findings: finding.into_iter().collect() })
}

/// What of a block is stored in another way.
async fn difference(block: &Block, snapshot: &mut Snapshot) -> Result<Option<String>, AuditError> {
    let number = i64::try_from(block.number).map_err(|_| StoreError::TooLarge(block.number))?;
    let head: Option<(i64, Vec<u8>)> =
        sqlx::query_as("select time_ms, parent_hash from blocks where number = $1")
            .bind(number)
            .fetch_optional(&mut snapshot.db)
            .await?;
    // That one is missing is a finding of the blocks.
    let Some((time_ms, parent_hash)) = head else { return Ok(None) };
    if time_ms.unsigned_abs() != block.time_ms || parent_hash != block.parent_hash.as_bytes() {
        let time = block.time_ms;
        return Ok(Some(format!(
            "block {number}: the mirror has the time {time_ms}, the node {time}; or another parent, \
             which is {}",
            block.parent_hash
        )));
    }
    let stored: Vec<Stored> = sqlx::query_as(
        "select block_number, event_index, contract, topics, data, name, fields::text as fields \
         from events where block_number = $1 order by event_index",
    )
    .bind(number)
    .fetch_all(&mut snapshot.db)
    .await?;
    let stored = stored.iter().map(Stored::event).collect::<Result<Vec<_>, _>>()?;
    let mut pairs = stored.iter().zip(&block.events);
    if let Some((ours, theirs)) = pairs.find(|(ours, theirs)| ours != theirs) {
        return Ok(Some(if ours.index == theirs.index {
            format!("event {number}-{}: the node has other bytes", ours.index)
        } else {
            let index = ours.index.min(theirs.index);
            let who = if ours.index < theirs.index { "mirror" } else { "node" };
            format!("event {number}-{index}: only the {who} has it")
        }));
    }
    Ok(match (stored.get(block.events.len()), block.events.get(stored.len())) {
        (Some(ours), _) => Some(format!("event {number}-{}: only the mirror has it", ours.index)),
        (_, Some(theirs)) => Some(format!("event {number}-{}: only the node has it", theirs.index)),
        (None, None) => None,
    })
}
