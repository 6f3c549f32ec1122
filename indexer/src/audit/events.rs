//! Are the stored events the node's, and named as the contracts' metadata names them?

use std::borrow::Cow;
use std::sync::Arc;

use assent_client::EmittedEvent;
use assent_mirror::Position;
use sqlx::{FromRow, PgConnection};

use super::{AuditError, Check, Snapshot};
use crate::decode::{Content, Decoder};
use crate::source::Source;
use crate::store::{Asked, Block, Codes, StoreError, stored_event};

/// Events that are read at once.
const RUN: i64 = 5_000;
/// Blocks that the node is asked for at once when it is asked for all.
const BLOCKS: u64 = 64;

/// An event as it is stored.
#[derive(FromRow)]
struct Stored {
    block_number: i64,
    event_index: i32,
    extrinsic_index: Option<i32>,
    extrinsic_hash: Option<Vec<u8>>,
    contract: Vec<u8>,
    topics: Vec<Vec<u8>>,
    data: Vec<u8>,
    name: Option<String>,
    fields: Option<String>,
}

/// The text that selects them.
macro_rules! stored_events {
    ($which:literal) => {
        concat!(
            "select block_number, event_index, extrinsic_index, extrinsic_hash::bytea, contract, topics, \
             data, name, fields::text as fields from events ",
            $which
        )
    };
}

impl Stored {
    fn event(&self) -> Result<EmittedEvent, StoreError> {
        let Self { event_index, extrinsic_index, contract, topics, data, .. } = self;
        let (contract, topics, data) = (contract.clone(), topics.clone(), data.clone());
        stored_event(*event_index, *extrinsic_index, contract, topics, data)
    }

    /// How its name or its fields differ from these.
    fn differs_from(&self, content: Result<Content, String>) -> Option<String> {
        let stored = |text: &Option<String>| text.clone().unwrap_or_default();
        let Content { name, fields } = match content {
            Ok(content) => content,
            Err(reason) => return Some(format!("it does not decode: {reason}")),
        };
        if self.name.as_ref() != Some(&name) {
            return Some(format!("it is {name}, not {}", stored(&self.name)));
        }
        let own = stored(&self.fields);
        let value = |text| serde_json::from_str::<serde_json::Value>(text).ok();
        let same = value(&own).is_some() && value(&own) == value(&fields);
        (!same).then(|| format!("its fields are {fields}, not {own}"))
    }
}

/// What events are by their metadata, that of the manifest first, or why they are nothing by it.
async fn contents(
    events: &[&Stored],
    decoder: &Decoder,
    codes: &mut Codes,
    snapshot: &mut Snapshot,
) -> Result<Vec<Result<Content, String>>, AuditError> {
    let emitted = events.iter().map(|stored| {
        let event = stored.event()?;
        let content = decoder.decode(&event).content;
        Ok((event, content))
    });
    let emitted = emitted.collect::<Result<Vec<_>, StoreError>>()?;
    let asked = events.iter().zip(&emitted).map(|(stored, (event, content))| {
        let Stored { block_number, event_index, .. } = **stored;
        let at = Position { block_number, event_index };
        Asked { at, event, by_manifest: content.as_ref() }
    });
    let contents = codes.contents(&asked.collect::<Vec<_>>(), &mut snapshot.db).await?;
    Ok(contents.into_iter().map(|content| content.map(Cow::into_owned)).collect())
}

/// Whether name and fields of each event are what the metadata makes of its bytes. What could not be
/// decoded once may be decoded by a later bundle; it is counted, not refused.
pub(super) async fn decoded(
    snapshot: &mut Snapshot,
    decoder: &Decoder,
) -> Result<Check, AuditError> {
    let (mut count, mut undecoded, mut finding) = (0_u64, 0_u64, None);
    let mut codes = Codes::default();
    let mut after = (0_i64, -1_i32);
    loop {
        let run: Vec<Stored> = sqlx::query_as(stored_events!(
            "where block_number >= $1 and (block_number, event_index) > ($1, $2) \
             and block_number <= $3 order by block_number, event_index limit $4"
        ))
        .bind(after.0)
        .bind(after.1)
        .bind(snapshot.last)
        .bind(RUN)
        .fetch_all(&mut snapshot.db)
        .await?;
        let Some(last) = run.last() else { break };
        after = (last.block_number, last.event_index);
        count += run.len() as u64;
        let named: Vec<&Stored> = run.iter().filter(|stored| stored.name.is_some()).collect();
        undecoded += (run.len() - named.len()) as u64;
        let contents = contents(&named, decoder, &mut codes, snapshot).await?;
        for (stored, content) in named.into_iter().zip(contents) {
            if let Some(difference) = stored.differs_from(content) {
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
            finding = difference(&block, decoder, &mut snapshot.db).await?;
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
pub(super) async fn difference(
    block: &Block,
    decoder: &Decoder,
    db: &mut PgConnection,
) -> Result<Option<String>, AuditError> {
    let number = i64::try_from(block.number).map_err(|_| StoreError::TooLarge(block.number))?;
    let head: Option<(i64, Vec<u8>, i32)> =
        sqlx::query_as("select time_ms, parent_hash, left_out from blocks where number = $1")
            .bind(number)
            .fetch_optional(&mut *db)
            .await?;
    // That one is missing is a finding of the blocks.
    let Some((time_ms, parent_hash, left_out)) = head else { return Ok(None) };
    if time_ms.unsigned_abs() != block.time_ms || parent_hash != block.parent_hash.as_bytes() {
        let time = block.time_ms;
        return Ok(Some(format!(
            "block {number}: the mirror has the time {time_ms}, the node {time}; or another parent, \
             which is {}",
            block.parent_hash
        )));
    }
    if let Some(difference) = codes(block, number, &mut *db).await? {
        return Ok(Some(difference));
    }
    let stored = stored_events!("where block_number = $1 order by event_index");
    let stored: Vec<Stored> = sqlx::query_as(stored).bind(number).fetch_all(db).await?;
    let theirs = kept(block, decoder, left_out);
    let ours = stored.iter().map(Stored::event).collect::<Result<Vec<_>, _>>()?;
    let mut pairs = ours.iter().zip(&stored).zip(&theirs);
    let hash = |event: &EmittedEvent| {
        event.extrinsic.and_then(|index| block.extrinsics.get(&index)).map(|hash| hash.as_bytes())
    };
    if let Some(((ours, _), theirs)) = pairs.find(|((ours, stored), theirs)| {
        ours != *theirs || stored.extrinsic_hash.as_deref() != hash(theirs)
    }) {
        return Ok(Some(if ours.index == theirs.index {
            format!("event {number}-{}: the node has other bytes, or another extrinsic", ours.index)
        } else {
            let index = ours.index.min(theirs.index);
            let who = if ours.index < theirs.index { "mirror" } else { "node" };
            format!("event {number}-{index}: only the {who} has it")
        }));
    }
    Ok(match (ours.get(theirs.len()), theirs.get(ours.len())) {
        (Some(ours), _) => Some(format!("event {number}-{}: only the mirror has it", ours.index)),
        (_, Some(theirs)) => Some(format!("event {number}-{}: only the node has it", theirs.index)),
        (None, None) => None,
    })
}

/// The events of a block without the last ones of contracts outside the manifest, of which so many were left
/// out.
fn kept<'b>(block: &'b Block, decoder: &Decoder, left_out: i32) -> Vec<&'b EmittedEvent> {
    let mut left = left_out.unsigned_abs();
    let mut kept: Vec<_> = block.events.iter().rev().collect();
    kept.retain(|event| {
        let out = left > 0 && !decoder.follows(&event.contract);
        left -= u32::from(out);
        !out
    });
    kept.reverse();
    kept
}

/// What is stored otherwise of the codes that contracts run from this block on.
async fn codes(
    block: &Block,
    number: i64,
    db: &mut PgConnection,
) -> Result<Option<String>, AuditError> {
    let stored: Vec<(i32, Vec<u8>, Vec<u8>)> = sqlx::query_as(
        "select from_index, address::bytea, code_hash::bytea from contract_codes \
         where from_block = $1 order by from_index",
    )
    .bind(number)
    .fetch_all(db)
    .await?;
    let theirs = block.codes.iter().map(|change| {
        let (contract, code) = (change.contract.as_bytes(), change.code_hash.as_bytes());
        (i32::try_from(change.index).unwrap_or(i32::MAX), contract.to_vec(), code.to_vec())
    });
    let same = stored.iter().cloned().eq(theirs);
    Ok((!same).then(|| {
        let (ours, theirs) = (stored.len(), block.codes.len());
        format!("block {number}: {ours} contracts changed their code in the mirror, at the node {theirs}")
    }))
}
