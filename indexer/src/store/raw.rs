//! Blocks and events as they stand on chain: written in bulk, and read again where a projection is
//! behind.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use assent_client::{Account, EmittedEvent};
use assent_events::AccountId;
use assent_mirror::Position;
use assent_mirror::column::{Column as _, bytea};
use assent_mirror::fold::{Contradiction, Happened, Projection};
use sqlx::{Connection as _, PgConnection};

use super::codes::{self, Asked, Codes};
use super::session::{TRANSACTION, within};
use super::sql::Bulk;
use super::standing::{Part, Standing};
use super::{Block, StoreError, UNDONE, error, height, stored_hash};
use crate::decode::{Content, Decoded, Ours, Typed};

/// How many events are read at once for a projection that is behind.
const CATCH_UP: i64 = 5_000;

/// How rows of `blocks` are written.
static BLOCKS: LazyLock<Bulk> = LazyLock::new(|| {
    let columns = [
        ("number", "bigint"),
        ("hash", "bytea"),
        ("parent_hash", "bytea"),
        ("time_ms", "bigint"),
        ("left_out", "integer"),
    ];
    Bulk::new("blocks", &columns)
});
/// How rows of `events` are written.
static EVENTS: LazyLock<Bulk> = LazyLock::new(|| {
    let columns = [
        ("block_number", "bigint"),
        ("event_index", "integer"),
        ("extrinsic_index", "integer"),
        ("extrinsic_hash", "bytea"),
        ("contract", "bytea"),
        ("contract_name", "text"),
        ("topics", "bytea[]"),
        ("data", "bytea"),
        ("name", "text"),
        ("fields", "json"),
        ("decode_error", "text"),
    ];
    Bulk::new("events", &columns)
});

/// Writes blocks, which codes their contracts run, and their events, and says how many of these nobody could
/// decode.
pub(super) async fn write(
    blocks: &[Block],
    decoded: &[Vec<Decoded>],
    codes: &mut Codes,
    db: &mut PgConnection,
) -> Result<u64, StoreError> {
    let mut block_rows = Vec::with_capacity(blocks.len());
    for block in blocks {
        block_rows.push(vec![
            height(block.number)?.text(),
            Some(bytea(block.hash.as_bytes())),
            Some(bytea(block.parent_hash.as_bytes())),
            height(block.time_ms)?.text(),
            stored_index(block.left_out)?.text(),
        ]);
    }
    BLOCKS.write(&block_rows, &mut *db).await?;
    codes::write(blocks, &mut *db).await?;
    let mut late = late(blocks, decoded, codes, &mut *db).await?.into_iter();
    let (mut event_rows, mut undecoded) = (Vec::new(), 0);
    for (block, decoded) in blocks.iter().zip(decoded) {
        for (event, decoded) in block.events.iter().zip(decoded) {
            let content = match &decoded.content {
                Some(content) => Ok(content.clone()),
                // As many as there are without one.
                None => late.next().unwrap_or_else(|| Err("it was not asked for".to_owned())),
            };
            let (content, failure) = match content {
                Ok(content) => (Some(content), None),
                Err(reason) => (None, Some(reason.replace('\0', "\\0"))),
            };
            if let Some(reason) = &failure {
                undecoded += 1;
                // Of others there may be any number.
                if let Some(contract) = &decoded.contract_name {
                    tracing::warn!(
                        block_number = block.number,
                        event_index = event.index,
                        contract,
                        reason,
                        "An event could not be decoded; it is kept raw"
                    );
                }
            }
            let extrinsic =
                event.extrinsic.and_then(|index| Some((index, block.extrinsics.get(&index)?)));
            let (name, fields) = content.map(|Content { name, fields }| (name, fields)).unzip();
            event_rows.push(vec![
                height(block.number)?.text(),
                stored_index(event.index)?.text(),
                extrinsic.map(|(index, _)| stored_index(index)).transpose()?.text(),
                extrinsic.map(|(_, hash)| bytea(hash.as_bytes())),
                Some(bytea(event.contract.as_bytes())),
                decoded.contract_name.clone(),
                Some(topics(event)),
                Some(bytea(&event.data)),
                name,
                fields,
                failure,
            ]);
        }
    }
    EVENTS.write(&event_rows, db).await?;
    Ok(undecoded)
}

/// What the events are that the manifest's metadata does not know.
async fn late(
    blocks: &[Block],
    decoded: &[Vec<Decoded>],
    codes: &mut Codes,
    db: &mut PgConnection,
) -> Result<Vec<Result<Content, String>>, StoreError> {
    let mut asked = Vec::new();
    for (block, decoded) in blocks.iter().zip(decoded) {
        let block_number = height(block.number)?;
        let unknown = block.events.iter().zip(decoded).filter(|(_, of)| of.content.is_none());
        for (event, _) in unknown {
            let at = Position { block_number, event_index: stored_index(event.index)? };
            asked.push(Asked { at, event });
        }
    }
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    // Metadata that is registered meanwhile waits for this transaction, and then decodes what it wrote.
    sqlx::raw_sql("lock table codes in share mode").execute(&mut *db).await?;
    codes.contents(&asked, db).await
}

/// The topics as an array of bytea: its own notation doubles the backslash.
fn topics(event: &EmittedEvent) -> String {
    let quoted = event.topics.iter().map(|topic| format!("\"\\{}\"", bytea(topic)));
    format!("{{{}}}", quoted.collect::<Vec<_>>().join(","))
}

/// An index of the chain, or a count of events, as integer.
pub(super) fn stored_index(index: u32) -> Result<i32, StoreError> {
    i32::try_from(index).map_err(|_| StoreError::TooLarge(index.into()))
}

/// What blocks mean to each projection.
#[derive(Default)]
pub(super) struct Parts(BTreeMap<Projection, Vec<Part>>);

impl Parts {
    /// What these blocks mean.
    pub(super) fn of(blocks: &[Block], decoded: &[Vec<Decoded>]) -> Result<Self, StoreError> {
        let mut parts = Self::default();
        for (block, decoded) in blocks.iter().zip(decoded) {
            for (event, decoded) in block.events.iter().zip(decoded) {
                if let Some(typed) = decoded.event.clone() {
                    let block_number = height(block.number)?;
                    let at = Position { block_number, event_index: stored_index(event.index)? };
                    parts.add(event.contract, typed, at, block.time_ms);
                }
            }
        }
        Ok(parts)
    }

    /// What they mean to one projection.
    pub(super) fn to(&self, projection: Projection) -> &[Part] {
        self.0.get(&projection).map_or(&[], Vec::as_slice)
    }

    /// Adds the next event.
    fn add(&mut self, address: Account, (contract, event): Typed, at: Position, time_ms: u64) {
        let projection = match &event {
            Ok(event) => Projection::of(event),
            Err(_) => Projection::of_contract(contract),
        };
        let parts = self.0.entry(projection).or_default();
        if parts.last().is_none_or(|part| part.block != at.block_number) {
            parts.push(Part { block: at.block_number, events: Vec::new(), unknown: None });
        }
        let Some(part) = parts.last_mut() else { return };
        match event {
            Ok(event) => {
                let address = AccountId(address.0);
                part.events.push(Happened { contract, address, event, at, time_ms });
            }
            Err(error) => {
                let reason =
                    format!("{error}; install the indexer that belongs to the deployed contracts");
                part.unknown.get_or_insert(Contradiction { at, reason });
            }
        }
    }
}

/// Brings a projection up to the block `last` by the events that are stored, each run of blocks in a
/// transaction of its own; in the list of projections it only says so if that is `noted`.
pub(super) async fn catch_up(
    standing: &mut Standing,
    ours: &Ours,
    last: i64,
    noted: bool,
    db: &mut PgConnection,
) -> Result<(), StoreError> {
    let (mut with_care, mut undone) = (false, 0);
    while standing.block < last && standing.stopped.is_none() {
        let before = standing.block;
        let run = catch_up_run(standing, ours, last, (noted, with_care), &mut *db);
        match within(TRANSACTION, run).await {
            Ok(()) => {
                standing.keep();
                (with_care, undone) = (false, 0);
                continue;
            }
            Err(StoreError::Database(error)) if error::is_refusal(&error) && !with_care => {
                with_care = true;
            }
            Err(StoreError::Database(error)) if error::is_undone(&error) && undone < UNDONE => {
                undone += 1;
            }
            Err(error) => return Err(error),
        }
        standing.restart(before);
    }
    Ok(())
}

/// The next run of blocks, in a transaction of its own.
async fn catch_up_run(
    standing: &mut Standing,
    ours: &Ours,
    last: i64,
    (noted, with_care): (bool, bool),
    db: &mut PgConnection,
) -> Result<(), StoreError> {
    let until = until(standing.block, last, &mut *db).await?;
    let mut tx = db.begin().await?;
    fold_run(standing, ours, until, with_care, &mut tx).await?;
    if noted {
        standing.note(&mut tx).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Folds the stored events after the projection's block up to `until`, and writes what they change.
pub(super) async fn fold_run(
    standing: &mut Standing,
    ours: &Ours,
    until: i64,
    with_care: bool,
    db: &mut PgConnection,
) -> Result<(), StoreError> {
    let projection = standing.projection;
    let parts = read_parts(projection, ours, standing.block, until, &mut *db).await?;
    standing.advance(parts.to(projection), until, with_care, db).await
}

/// The block at which the next run of events after the block `before` ends.
async fn until(before: i64, last: i64, db: &mut PgConnection) -> Result<i64, StoreError> {
    let (count, highest): (i64, Option<i64>) = sqlx::query_as(
        "select count(*), max(block_number) from (select block_number from events \
         where block_number > $1 and block_number <= $2 \
         order by block_number, event_index limit $3) as run",
    )
    .bind(before)
    .bind(last)
    .bind(CATCH_UP)
    .fetch_one(db)
    .await?;
    Ok(highest.filter(|_| count == CATCH_UP).unwrap_or(last))
}

/// An event from the columns of `events`.
///
/// Errors: [`StoreError::StoredHash`] when the schema is not ours.
pub(crate) fn stored_event(
    index: i32,
    extrinsic: Option<i32>,
    contract: Vec<u8>,
    topics: Vec<Vec<u8>>,
    data: Vec<u8>,
) -> Result<EmittedEvent, StoreError> {
    let topics = topics.into_iter().map(|topic| stored_hash(topic).map(|hash| hash.0));
    Ok(EmittedEvent {
        index: index.unsigned_abs(),
        extrinsic: extrinsic.map(i32::unsigned_abs),
        contract: Account(stored_hash(contract)?.0),
        topics: topics.collect::<Result<_, _>>()?,
        data,
    })
}

/// What the stored events of the blocks after `after` up to `until` mean, as far as `projection` may be
/// concerned.
async fn read_parts(
    projection: Projection,
    ours: &Ours,
    after: i64,
    until: i64,
    db: &mut PgConnection,
) -> Result<Parts, StoreError> {
    type Stored = (i64, i32, Vec<u8>, Vec<Vec<u8>>, Vec<u8>, i64);
    let rows: Vec<Stored> = sqlx::query_as(
        "select e.block_number, e.event_index, e.contract, e.topics, e.data, b.time_ms \
         from events e join blocks b on b.number = e.block_number \
         where e.block_number > $1 and e.block_number <= $2 \
         and b.number > $1 and b.number <= $2 \
         and e.contract = any($3) \
         order by e.block_number, e.event_index",
    )
    .bind(after)
    .bind(until)
    .bind(ours.feeding(projection))
    .fetch_all(db)
    .await?;
    let mut parts = Parts::default();
    for (block_number, event_index, contract, topics, data, time_ms) in rows {
        let event = stored_event(event_index, None, contract, topics, data)?;
        if let Some(typed) = ours.decode(&event) {
            let at = Position { block_number, event_index };
            parts.add(event.contract, typed, at, time_ms.unsigned_abs());
        }
    }
    Ok(parts)
}
