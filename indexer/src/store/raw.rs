//! Blocks and events as they stand on chain: written in bulk, and read again where a projection is
//! behind.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use assent_client::{Account, EmittedEvent};
use assent_events::AccountId;
use assent_mirror::Position;
use assent_mirror::column::bytea;
use assent_mirror::fold::{Contradiction, Happened, Projection};
use sqlx::postgres::{PgConnectOptions, PgRow};
use sqlx::{Connection as _, FromRow as _, PgConnection};

use super::binary::BinaryRows;
use super::codes::{self, Asked, Codes};
use super::session::{self, ANSWER, TRANSACTION, within};
use super::standing::{self, Part, Standing};
use super::{Block, StoreError, UNDONE, error, height, stored_hash};
use crate::decode::{Content, Decoded, Ours, Typed};
use crate::thread::OnThread;

/// From how many events on COPY is faster than one statement. The client of Postgres sends the end of a COPY
/// in a packet of its own, which TCP holds back until the rows before it are acknowledged: 40 ms, in which a
/// statement inserts some thousand rows.
const COPY_FROM: usize = 4_000;
/// How many events are read at once for projections that are behind.
const CATCH_UP: i64 = 10_000;

const INSERT_BLOCKS: &str = "insert into blocks (number, hash, parent_hash, time_ms, left_out) \
    select unnest($1::bigint[]), unnest($2::bytea[]), unnest($3::bytea[]), unnest($4::bigint[]), \
    unnest($5::integer[])";
/// An array of arrays of bytea is none in Postgres: topics go as text.
const INSERT_EVENTS: &str = "insert into events (block_number, event_index, extrinsic_index, \
    extrinsic_hash, contract, contract_name, topics, data, name, fields, decode_error) \
    select v.block_number, v.event_index, v.extrinsic_index, v.extrinsic_hash, v.contract, \
    v.contract_name, v.topics::bytea[], v.data, v.name, v.fields::json, v.decode_error \
    from unnest($1::bigint[], $2::integer[], $3::integer[], $4::bytea[], $5::bytea[], $6::text[], \
    $7::text[], $8::bytea[], $9::text[], $10::text[], $11::text[]) as v (block_number, event_index, \
    extrinsic_index, extrinsic_hash, contract, contract_name, topics, data, name, fields, decode_error)";
const COPY_EVENTS: &str = "copy events (block_number, event_index, extrinsic_index, extrinsic_hash, \
    contract, contract_name, topics, data, name, fields, decode_error) from stdin (format binary)";

/// How many events nobody could decode.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Undecoded {
    /// Of the manifest's contracts.
    pub(super) ours: u64,
    /// Of others.
    pub(super) foreign: u64,
}

/// Writes blocks, which codes their contracts run, and their events, and says how many of these nobody could
/// decode.
pub(super) async fn write(
    blocks: &[Block],
    decoded: &[Vec<Decoded>],
    codes: &mut Codes,
    db: &mut PgConnection,
) -> Result<Undecoded, StoreError> {
    write_blocks(blocks, &mut *db).await?;
    codes::write(blocks, &mut *db).await?;
    let events = || {
        let each = blocks.iter().zip(decoded);
        each.flat_map(|(block, decoded)| {
            let events = block.events.iter().zip(decoded);
            events.map(move |(event, decoded)| (block, event, decoded))
        })
    };
    let asked = events().map(|(block, event, decoded)| {
        let (block_number, event_index) = (height(block.number)?, stored_index(event.index)?);
        let at = Position { block_number, event_index };
        Ok(Asked { at, event, by_manifest: decoded.content.as_ref() })
    });
    let asked = asked.collect::<Result<Vec<_>, StoreError>>()?;
    if asked.iter().any(|asked| asked.by_manifest.is_none()) {
        // Metadata that is registered meanwhile waits for this transaction, and then decodes what it wrote.
        sqlx::raw_sql("lock table codes in share mode").execute(&mut *db).await?;
    }
    let contents = codes.contents(&asked, &mut *db).await?;
    let mut undecoded = Undecoded::default();
    let mut rows = Vec::with_capacity(asked.len());
    for ((block, event, decoded), content) in events().zip(contents) {
        let row = EventRow::of(block, event, decoded, content)?;
        if row.content.is_err() {
            match row.contract_name {
                Some(_) => undecoded.ours += 1,
                None => undecoded.foreign += 1,
            }
        }
        rows.push(row);
    }
    if rows.len() >= COPY_FROM {
        copy_events(&rows, db).await?;
    } else if !rows.is_empty() {
        insert_events(&rows, db).await?;
    }
    Ok(undecoded)
}

async fn write_blocks(blocks: &[Block], db: &mut PgConnection) -> Result<(), StoreError> {
    fn all<'b, T, E>(
        blocks: &'b [Block],
        column: impl Fn(&'b Block) -> Result<T, E>,
    ) -> Result<Vec<T>, E> {
        blocks.iter().map(column).collect()
    }
    sqlx::query(INSERT_BLOCKS)
        .bind(all(blocks, |block| height(block.number))?)
        .bind(blocks.iter().map(|block| block.hash.as_bytes()).collect::<Vec<_>>())
        .bind(blocks.iter().map(|block| block.parent_hash.as_bytes()).collect::<Vec<_>>())
        .bind(all(blocks, |block| height(block.time_ms))?)
        .bind(all(blocks, |block| stored_index(block.left_out))?)
        .execute(db)
        .await?;
    Ok(())
}

/// A row of `events`, which borrows what it can.
struct EventRow<'a> {
    block_number: i64,
    event_index: i32,
    /// Index and hash of the extrinsic.
    extrinsic: Option<(i32, &'a [u8])>,
    contract_name: Option<&'a str>,
    event: &'a EmittedEvent,
    content: Result<Cow<'a, Content>, String>,
}

impl<'a> EventRow<'a> {
    /// The row of an event, which is this.
    fn of(
        block: &'a Block,
        event: &'a EmittedEvent,
        decoded: &'a Decoded,
        content: Result<Cow<'a, Content>, String>,
    ) -> Result<Self, StoreError> {
        // A text of Postgres holds none.
        let content = content.map_err(|reason| reason.replace('\0', "\\0"));
        // Of contracts of others there may be any number.
        if let (Err(reason), Some(contract)) = (&content, &decoded.contract_name) {
            tracing::warn!(
                block_number = block.number,
                event_index = event.index,
                contract,
                reason,
                "An event could not be decoded; it is kept raw"
            );
        }
        let extrinsic = match event.extrinsic.and_then(|n| block.extrinsics.get_key_value(&n)) {
            Some((index, hash)) => Some((stored_index(*index)?, hash.as_bytes())),
            None => None,
        };
        Ok(Self {
            block_number: height(block.number)?,
            event_index: stored_index(event.index)?,
            extrinsic,
            contract_name: decoded.contract_name.as_deref(),
            event,
            content,
        })
    }

    fn name(&self) -> Option<&str> {
        self.content.as_ref().ok().map(|content| content.name.as_str())
    }

    fn fields(&self) -> Option<&str> {
        self.content.as_ref().ok().map(|content| content.fields.as_str())
    }

    fn failure(&self) -> Option<&str> {
        self.content.as_ref().err().map(String::as_str)
    }
}

async fn insert_events(rows: &[EventRow<'_>], db: &mut PgConnection) -> Result<(), sqlx::Error> {
    fn all<'r, T>(rows: &'r [EventRow<'r>], column: impl Fn(&'r EventRow<'r>) -> T) -> Vec<T> {
        rows.iter().map(column).collect()
    }
    sqlx::query(INSERT_EVENTS)
        .bind(all(rows, |row| row.block_number))
        .bind(all(rows, |row| row.event_index))
        .bind(all(rows, |row| row.extrinsic.map(|(index, _)| index)))
        .bind(all(rows, |row| row.extrinsic.map(|(_, hash)| hash)))
        .bind(all(rows, |row| row.event.contract.as_bytes()))
        .bind(all(rows, |row| row.contract_name))
        .bind(all(rows, |row| topics(row.event)))
        .bind(all(rows, |row| row.event.data.as_slice()))
        .bind(all(rows, EventRow::name))
        .bind(all(rows, EventRow::fields))
        .bind(all(rows, EventRow::failure))
        .execute(db)
        .await?;
    Ok(())
}

async fn copy_events(rows: &[EventRow<'_>], db: &mut PgConnection) -> Result<(), sqlx::Error> {
    let mut copied = BinaryRows::new();
    for row in rows {
        let index = row.extrinsic.map(|(index, _)| index.to_be_bytes());
        copied.begin(11);
        copied.value(Some(&row.block_number.to_be_bytes()));
        copied.value(Some(&row.event_index.to_be_bytes()));
        copied.value(index.as_ref().map(|index| &index[..]));
        copied.value(row.extrinsic.map(|(_, hash)| hash));
        copied.value(Some(row.event.contract.as_bytes()));
        copied.value(row.contract_name.map(str::as_bytes));
        copied.list(&row.event.topics);
        copied.value(Some(&row.event.data));
        copied.value(row.name().map(str::as_bytes));
        copied.value(row.fields().map(str::as_bytes));
        copied.value(row.failure().map(str::as_bytes));
    }
    copied.copy(COPY_EVENTS, db).await
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
pub(super) struct Parts(BTreeMap<Projection, Arc<[Part]>>);

impl Parts {
    /// What these blocks mean, by their events, which are taken out of `decoded`.
    pub(super) fn of(blocks: &[Block], decoded: &mut [Vec<Decoded>]) -> Result<Self, StoreError> {
        let mut parts = PartsBuilder::default();
        for (block, decoded) in blocks.iter().zip(decoded) {
            for (event, decoded) in block.events.iter().zip(decoded) {
                if let Some(typed) = decoded.event.take() {
                    let block_number = height(block.number)?;
                    let at = Position { block_number, event_index: stored_index(event.index)? };
                    parts.add(event.contract, typed, at, block.time_ms);
                }
            }
        }
        Ok(parts.build())
    }

    /// What they mean to one projection, if anything.
    pub(super) fn to(&self, projection: Projection) -> Option<&Arc<[Part]>> {
        self.0.get(&projection)
    }
}

/// The same while it is made of one event after the other.
#[derive(Default)]
struct PartsBuilder(BTreeMap<Projection, Vec<Part>>);

impl PartsBuilder {
    fn build(self) -> Parts {
        let each = self.0.into_iter();
        Parts(each.map(|(projection, parts)| (projection, parts.into())).collect())
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

/// Brings projections up to the block `last` by the events that are stored, each run of blocks in a
/// transaction of its own; in the list of projections it only says so if that is `noted`. Those that are
/// equally far go on together: events are read once for all of them, by another connection.
///
/// Errors: [`StoreError`]; [`StoreError::Replaced`] when it is noted, and a rebuild replaced rows meanwhile.
pub(super) async fn catch_up(
    standings: &mut [Standing],
    ours: &Ours,
    last: i64,
    noted: bool,
    options: &PgConnectOptions,
    db: &mut PgConnection,
) -> Result<(), StoreError> {
    let behind = |standing: &Standing| standing.block < last && standing.stopped.is_none();
    if !standings.iter().any(behind) {
        return Ok(());
    }
    let mut reader = session::open(options).await?;
    within(ANSWER, check_has(last, &mut reader)).await?;
    let mut ahead: Option<Ahead> = None;
    loop {
        let blocks = || standings.iter().filter(|standing| behind(standing)).map(|one| one.block);
        let Some(lowest) = blocks().min() else { return Ok(()) };
        let next = blocks().filter(|block| *block > lowest).min().unwrap_or(last);
        let group = standings.iter_mut().filter(|one| behind(one) && one.block == lowest);
        let mut group = group.collect::<Vec<_>>();
        let projections = group.iter().map(|standing| standing.projection).collect::<Vec<_>>();
        let run = match ahead.take() {
            Some(run) if run.is_after(lowest) => run,
            _ => Ahead::read(&projections, ours, (lowest, next), &mut reader).await?,
        };
        let (before, until) = (run.before, run.until);
        let parts = run.parts.end().await?;
        // Postgres writes what the run means while another process of it reads the next one.
        let write = write_run(&mut group, &parts, (before, until), noted, &mut *db);
        let read = async {
            if until == next {
                return Ok(None);
            }
            Ahead::read(&projections, ours, (until, next), &mut reader).await.map(Some)
        };
        ((), ahead) = futures::try_join!(write, read)?;
    }
}

/// Refuses a connection that leads to a standby which has not come to a block that is stored: there, events
/// would be missing.
async fn check_has(last: i64, db: &mut PgConnection) -> Result<(), StoreError> {
    let watermark: Option<i64> =
        sqlx::query_scalar("select block_number from watermark").fetch_optional(db).await?;
    if watermark < Some(last) { Err(StoreError::Behind(last)) } else { Ok(()) }
}

/// A run of stored events, which is decoded on a thread of its own.
struct Ahead {
    /// The block before its first one.
    before: i64,
    /// Its last block.
    until: i64,
    parts: OnThread<Result<Parts, StoreError>>,
}

impl Ahead {
    /// Reads the next run for projections that are at the block `before`, up to `last` at most.
    async fn read(
        projections: &[Projection],
        ours: &Ours,
        (before, last): (i64, i64),
        db: &mut PgConnection,
    ) -> Result<Self, StoreError> {
        let read = async {
            let until = until(before, last, &mut *db).await?;
            Ok((until, read(projections, ours, before, until, &mut *db).await?))
        };
        let (until, rows) = within(TRANSACTION, read).await?;
        let ours = ours.clone();
        let parts = OnThread::begin(move || decode(rows, &ours));
        Ok(Self { before, until, parts })
    }

    /// Does it follow a block? The projections that are there are among those that it was read for, of
    /// which one may have stopped meanwhile.
    fn is_after(&self, block: i64) -> bool {
        self.before == block
    }
}

/// Folds a run of blocks into projections that are at the block `before`, and writes what they change.
async fn write_run(
    group: &mut [&mut Standing],
    parts: &Parts,
    (before, until): (i64, i64),
    noted: bool,
    db: &mut PgConnection,
) -> Result<(), StoreError> {
    let (mut with_care, mut undone) = (false, 0);
    loop {
        let run = async {
            let mut tx = db.begin().await?;
            if noted {
                standing::check_generations(group.iter().map(|standing| &**standing), &mut tx)
                    .await?;
            }
            let mut begun = Vec::new();
            for standing in &mut *group {
                let parts = parts.to(standing.projection);
                let fold = standing.begin(parts, with_care, &mut tx).await?;
                begun.push((standing, fold));
            }
            for (standing, fold) in begun {
                standing.finish(fold, until, &mut tx).await?;
                if noted {
                    standing.note(&mut tx).await?;
                }
            }
            Ok(tx.commit().await?)
        };
        // With care, each block is some answers of its own.
        let limit = if with_care { 10 * TRANSACTION } else { TRANSACTION };
        match within(limit, run).await {
            Ok(()) => {
                group.iter_mut().for_each(|standing| standing.keep());
                return Ok(());
            }
            Err(StoreError::Database(error)) if error::is_refusal(&error) && !with_care => {
                with_care = true;
            }
            Err(StoreError::Database(error)) if error::is_undone(&error) && undone < UNDONE => {
                undone += 1;
            }
            Err(error) => return Err(error),
        }
        group.iter_mut().for_each(|standing| standing.restart(before));
    }
}

/// Folds the stored events after the block that a projection is at up to `until` into it, and writes what
/// they change.
pub(super) async fn fold_up_to(
    until: i64,
    standing: &mut Standing,
    ours: &Ours,
    db: &mut PgConnection,
) -> Result<(), StoreError> {
    let rows = read(&[standing.projection], ours, standing.block, until, &mut *db).await?;
    let parts = decode(rows, ours)?;
    let begun = standing.begin(parts.to(standing.projection), false, &mut *db).await?;
    standing.finish(begun, until, db).await
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

/// Block, index, contract, topics, data, and the time of the block.
type Stored = (i64, i32, Vec<u8>, Vec<Vec<u8>>, Vec<u8>, i64);

/// The stored events of the blocks after `after` up to `until`, as far as one of the projections may be
/// concerned.
async fn read(
    projections: &[Projection],
    ours: &Ours,
    after: i64,
    until: i64,
    db: &mut PgConnection,
) -> Result<Vec<PgRow>, StoreError> {
    let feeding = projections.iter().flat_map(|projection| ours.feeding(*projection));
    let rows = sqlx::query(
        "select e.block_number, e.event_index, e.contract, e.topics, e.data, b.time_ms \
         from events e join blocks b on b.number = e.block_number \
         where e.block_number > $1 and e.block_number <= $2 \
         and b.number > $1 and b.number <= $2 \
         and e.contract = any($3) \
         order by e.block_number, e.event_index",
    )
    .bind(after)
    .bind(until)
    .bind(feeding.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>())
    .fetch_all(db)
    .await?;
    Ok(rows)
}

/// What stored events mean.
fn decode(rows: Vec<PgRow>, ours: &Ours) -> Result<Parts, StoreError> {
    let mut parts = PartsBuilder::default();
    for row in rows {
        let (block_number, event_index, contract, topics, data, time_ms) = Stored::from_row(&row)?;
        let event = stored_event(event_index, None, contract, topics, data)?;
        if let Some(typed) = ours.decode(&event) {
            let at = Position { block_number, event_index };
            parts.add(event.contract, typed, at, time_ms.unsigned_abs());
        }
    }
    Ok(parts.build())
}
