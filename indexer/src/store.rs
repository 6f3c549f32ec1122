//! The database side: who may write, how far it got, and one transaction for everything that a run
//! of blocks changes.

mod admission;
mod error;

use assent_client::EmittedEvent;
use std::sync::Arc;
use std::time::Duration;

use assent_client::manifest::Manifest;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};

use crate::decode::Decoder;
use crate::handlers;
use assent_client::Hash;
use assent_mirror::Position;

pub(crate) use error::is_transient;
pub use error::{EventError, StoreError};

/// A finalized block, reduced to what is stored of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Height.
    pub number: u64,
    /// Its hash.
    pub hash: Hash,
    /// Hash of the block below.
    pub parent_hash: Hash,
    /// Timestamp.Now after the block, ms since 1970.
    pub time_ms: u64,
    /// Events of the followed contracts, in the order of System.Events.
    pub events: Vec<EmittedEvent>,
}

/// A block that was indexed; mostly the last one, up to which all events are in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Watermark {
    /// Height.
    pub number: u64,
    /// Its hash.
    pub hash: Hash,
}

/// What a write added.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    /// Events stored, decoded or not.
    pub events: u64,
    /// Those among them that could not be decoded.
    pub undecoded: u64,
    /// Those that were decoded but that no projection follows.
    pub unprojected: u64,
}

/// The one connection that writes. It holds the database's writer lock as long as it lives.
pub struct Store {
    db: PgConnection,
    decoder: Arc<Decoder>,
    first_block: u64,
}

impl Store {
    /// Connects, takes the writer lock (waiting up to `lock_patience` for a dying predecessor),
    /// checks that the database belongs to the manifest's chain and deployment, and brings the
    /// schema up to date.
    ///
    /// Errors: [`StoreError`]; nothing was changed when it is `Locked` or `OtherChain`.
    pub async fn open(
        options: &PgConnectOptions,
        manifest: &Manifest,
        decoder: Arc<Decoder>,
        lock_patience: Duration,
    ) -> Result<Self, StoreError> {
        let mut db = admission::connect(options).await?;
        admission::lock(&mut db, lock_patience).await?;
        admission::check_chain(&mut db, manifest).await?;
        admission::migrate(&mut db).await?;
        admission::admit(&mut db, manifest).await?;
        Ok(Self { db, decoder, first_block: manifest.first_block().max(1) })
    }

    /// How far the database got; `None` before the first block.
    ///
    /// Errors: [`StoreError::Database`].
    pub async fn watermark(&mut self) -> Result<Option<Watermark>, StoreError> {
        read_watermark(&mut self.db).await
    }

    /// The highest block at or below a height whose hash is known: the watermark, or a block with
    /// events.
    ///
    /// Errors: [`StoreError::Database`].
    pub async fn known_block(&mut self, at_most: u64) -> Result<Option<Watermark>, StoreError> {
        if let Some(watermark) = self.watermark().await?
            && watermark.number <= at_most
        {
            return Ok(Some(watermark));
        }
        let row: Option<(i64, Vec<u8>)> = sqlx::query_as(
            "select number, hash from blocks where number <= $1 order by number desc limit 1",
        )
        .bind(height(at_most)?)
        .fetch_optional(&mut self.db)
        .await?;
        row.map(watermark_of).transpose()
    }

    /// The block that comes next: above the watermark, or the first one with a contract.
    #[must_use]
    pub fn next_block(&self, watermark: Option<Watermark>) -> u64 {
        watermark.map_or(self.first_block, |watermark| watermark.number.saturating_add(1))
    }

    /// Writes consecutive blocks, what their events mean, and the watermark: all or nothing.
    ///
    /// Errors: [`StoreError::NotNext`] and [`StoreError::OtherParent`] when the blocks do not
    /// continue the stored ones, [`StoreError::Event`] when an event cannot be applied.
    pub async fn write(&mut self, blocks: &[Block]) -> Result<Written, StoreError> {
        let Some(last) = blocks.last() else {
            return Ok(Written::default());
        };
        let mut tx = self.db.begin().await?;
        let mut before = read_watermark(&mut tx).await?;
        let mut written = Written::default();
        for block in blocks {
            check_continues(before, self.first_block, block)?;
            write_block(&mut tx, &self.decoder, block, &mut written).await?;
            before = Some(Watermark { number: block.number, hash: block.hash });
        }
        sqlx::query(
            "insert into watermark (block_number, block_hash, block_time_ms, updated_at) \
             values ($1, $2, $3, now()) on conflict (singleton) do update set \
             block_number = excluded.block_number, block_hash = excluded.block_hash, \
             block_time_ms = excluded.block_time_ms, updated_at = excluded.updated_at",
        )
        .bind(height(last.number)?)
        .bind(last.hash.as_bytes())
        .bind(height(last.time_ms)?)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(written)
    }

    /// Closes the connection, which frees the writer lock at once.
    ///
    /// Errors: [`StoreError::Database`]; the lock is freed all the same.
    pub async fn close(self) -> Result<(), StoreError> {
        Ok(self.db.close().await?)
    }
}

async fn read_watermark(db: &mut PgConnection) -> Result<Option<Watermark>, StoreError> {
    let row: Option<(i64, Vec<u8>)> =
        sqlx::query_as("select block_number, block_hash from watermark for update")
            .fetch_optional(db)
            .await?;
    row.map(watermark_of).transpose()
}

fn watermark_of((number, hash): (i64, Vec<u8>)) -> Result<Watermark, StoreError> {
    // The schema admits no negative heights.
    Ok(Watermark { number: number.unsigned_abs(), hash: stored_hash(hash)? })
}

fn check_continues(
    before: Option<Watermark>,
    first_block: u64,
    block: &Block,
) -> Result<(), StoreError> {
    let expected = before.map_or(first_block, |before| before.number.saturating_add(1));
    if block.number != expected {
        return Err(StoreError::NotNext { expected, found: block.number });
    }
    match before {
        Some(before) if before.hash != block.parent_hash => Err(StoreError::OtherParent {
            number: block.number,
            parent: block.parent_hash,
            stored: before.hash,
        }),
        _ => Ok(()),
    }
}

async fn write_block(
    db: &mut PgConnection,
    decoder: &Decoder,
    block: &Block,
    written: &mut Written,
) -> Result<(), StoreError> {
    // A block may hold events only of contracts that are not followed.
    if !block.events.iter().any(|event| decoder.follows(&event.contract)) {
        return Ok(());
    }
    let number = height(block.number)?;
    sqlx::query("insert into blocks (number, hash, parent_hash, time_ms) values ($1, $2, $3, $4)")
        .bind(number)
        .bind(block.hash.as_bytes())
        .bind(block.parent_hash.as_bytes())
        .bind(height(block.time_ms)?)
        .execute(&mut *db)
        .await?;
    for event in &block.events {
        write_event(db, decoder, number, event, written).await.map_err(|source| {
            StoreError::Event {
                block_number: block.number,
                event_index: event.index,
                source: Box::new(source),
            }
        })?;
    }
    Ok(())
}

async fn write_event(
    db: &mut PgConnection,
    decoder: &Decoder,
    block_number: i64,
    event: &EmittedEvent,
    written: &mut Written,
) -> Result<(), EventError> {
    let Some(decoded) = decoder.decode(event) else {
        return Ok(());
    };
    let event_index = i32::try_from(event.index).map_err(|_| EventError::Index)?;
    let (name, fields, decode_error) = match &decoded.content {
        Ok((name, fields)) => (Some(name), Some(fields), None),
        Err(reason) => (None, None, Some(reason)),
    };
    sqlx::query(
        "insert into events (block_number, event_index, contract, contract_name, topics, data, \
         name, fields, decode_error) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(block_number)
    .bind(event_index)
    .bind(event.contract.as_bytes())
    .bind(&decoded.contract_name)
    .bind(event.topics.iter().map(|topic| topic.to_vec()).collect::<Vec<_>>())
    .bind(&event.data)
    .bind(name)
    .bind(fields)
    .bind(decode_error)
    .execute(&mut *db)
    .await?;
    written.events += 1;

    if let Err(reason) = &decoded.content {
        written.undecoded += 1;
        tracing::warn!(
            block_number,
            event_index,
            contract = decoded.contract_name,
            reason,
            "An event could not be decoded; it is kept raw"
        );
        return Ok(());
    }
    match &decoded.event? {
        Some((contract, event)) => {
            let at = Position { block_number, event_index };
            handlers::commit(*contract, event, at, db).await?;
        }
        None => {
            written.unprojected += 1;
            tracing::warn!(
                block_number,
                event_index,
                contract = decoded.contract_name,
                event = name,
                "No projection follows this event; it is only kept in the list of events"
            );
        }
    }
    Ok(())
}

/// A height or a time of the chain as bigint.
fn height(value: u64) -> Result<i64, StoreError> {
    i64::try_from(value).map_err(|_| StoreError::TooLarge(value))
}

fn stored_hash(bytes: Vec<u8>) -> Result<Hash, StoreError> {
    // The domain hash256 admits no other length, so this is a foreign schema.
    bytes.try_into().map(Hash).map_err(|bytes: Vec<u8>| StoreError::StoredHash(bytes.len()))
}
