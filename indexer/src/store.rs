//! The database side: who may write, how far it got, and one transaction for everything that a run
//! of blocks changes.

mod admission;
mod audited;
mod beside;
mod binary;
mod codes;
mod error;
mod folding;
mod raw;
mod rebuild;
mod session;
mod sql;
mod standing;
mod state;
mod writer;

use std::collections::BTreeMap;
use std::sync::Arc;

use assent_client::manifest::Manifest;
use assent_client::{Account, EmittedEvent, Hash};
use assent_mirror::fold::{Contradiction, Projection};
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};

use crate::decode::{Decoded, Decoder};
use session::{ANSWER, TRANSACTION};
use state::State;

pub(crate) use admission::{check_chain, check_deployment, lock_rebuild};
pub use audited::{Audited, Finding};
pub(crate) use beside::{Beside, demand_tables, extent};
pub(crate) use codes::{Asked, Codes};
pub use codes::{CodeChange, Registered, register};
pub use error::StoreError;
pub(crate) use error::is_transient;
pub(crate) use raw::stored_event;
pub use rebuild::{Rebuilt, rebuild};
pub(crate) use session::{connect, open as connect_to_read, within};
pub use state::{Stand, Stands};
pub use writer::Writer;

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
    /// What contracts emitted, in the order of System.Events.
    pub events: Vec<EmittedEvent>,
    /// Hashes of the extrinsics that these belong to, by their index in the block.
    pub extrinsics: BTreeMap<u32, Hash>,
    /// Which codes contracts run from records of this block on, in their order.
    pub codes: Vec<CodeChange>,
    /// Events of contracts outside the manifest above the limit, which are not among `events`.
    pub left_out: u32,
}

impl Block {
    /// A block in which no contract did anything.
    #[must_use]
    pub fn without_events(number: u64, hash: Hash, parent_hash: Hash, time_ms: u64) -> Self {
        let (events, extrinsics, codes) = (Vec::new(), BTreeMap::new(), Vec::new());
        Self { number, hash, parent_hash, time_ms, events, extrinsics, codes, left_out: 0 }
    }
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
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// Events stored, decoded or not.
    pub events: u64,
    /// Those among them of the manifest's contracts that could not be decoded.
    pub undecoded: u64,
    /// And those of others, whose metadata mostly nobody has.
    pub foreign_undecoded: u64,
    /// Events of contracts outside the manifest that were left out because of the limit.
    pub left_out: u64,
    /// Projections that an event of these blocks stopped, and that event.
    pub stopped: Vec<(Projection, Contradiction)>,
}

/// The one connection that writes. It holds the database's writer lock as long as it lives.
pub struct Store {
    db: PgConnection,
    options: PgConnectOptions,
    decoder: Arc<Decoder>,
    first_block: u64,
    /// What the database holds. Read again after a write that failed, or of which nobody knows whether
    /// it did.
    state: Option<State>,
    /// What is known of codes, which never changes.
    codes: Codes,
}

/// How many blocks a partition holds; `add_partitions` of the schema makes them.
const PARTITION_BLOCKS: usize = 10_000_000;
/// How often a transaction that the server undid in favour of another one is tried again at once.
const UNDONE: usize = 5;

impl Store {
    /// Connects, checks that the database belongs to the manifest's chain and deployment, takes the
    /// writer lock, and brings the schema up to date. While another indexer holds the lock it is waited
    /// for, for as long as it takes, and `waits` is called with who it is, at once and from time to time.
    ///
    /// Errors: [`StoreError`]; nothing was changed when it is `OtherChain`.
    pub async fn open(
        options: &PgConnectOptions,
        manifest: &Manifest,
        decoder: Arc<Decoder>,
        waits: &(dyn Fn(&Writer) + Sync),
    ) -> Result<Self, StoreError> {
        let mut db = session::connect(options).await?;
        within(ANSWER, admission::check(&mut db, manifest)).await?;
        writer::lock(&mut db, waits).await?;
        // Whoever held it may have made the database that of another chain.
        within(ANSWER, admission::check_chain(&mut db, manifest)).await?;
        admission::migrate(&mut db).await?;
        let first_block = manifest.first_block().max(1);
        within(TRANSACTION, async {
            admission::admit(&mut db, manifest).await?;
            codes::keep(decoder.metadata(), &mut db).await?;
            admission::add_projections(&mut db, height(first_block)?).await
        })
        .await?;
        let options = options.clone();
        Ok(Self { db, options, decoder, first_block, state: None, codes: Codes::default() })
    }

    /// How far the database got; `None` before the first block.
    ///
    /// Errors: [`StoreError::Database`].
    pub async fn watermark(&mut self) -> Result<Option<Watermark>, StoreError> {
        within(ANSWER, read_watermark(&mut self.db)).await
    }

    /// Keeps which codes the contracts ran that the chain had before the first block of which there will be
    /// events, that is, in the block below [`Self::next_block`] of none.
    ///
    /// Errors: [`StoreError`].
    pub async fn write_codes_before(
        &mut self,
        contracts: &[(Account, Hash)],
    ) -> Result<(), StoreError> {
        let written = codes::write_before(self.first_block, contracts, &mut self.db);
        within(TRANSACTION, written).await
    }

    /// Reads what is there to go on from, which the first write would do otherwise, decodes what came before
    /// the metadata of its code, and says how far everything is.
    ///
    /// Errors: [`StoreError`].
    pub async fn prepare(&mut self) -> Result<Stands, StoreError> {
        let decoded = codes::decode_stored(&mut self.codes, &mut self.db).await?;
        if decoded > 0 {
            tracing::info!(decoded, "Events were decoded whose metadata came after them");
        }
        if self.state.is_none() {
            self.state = Some(State::read(&self.decoder, &self.options, &mut self.db).await?);
        }
        Ok(self.stands())
    }

    /// How far everything is; nothing is known before [`Self::prepare`], or after a write that failed.
    #[must_use]
    pub fn stands(&self) -> Stands {
        self.state.as_ref().map(State::stands).unwrap_or_default()
    }

    /// The highest block at or below a height whose hash is known.
    ///
    /// Errors: [`StoreError::Database`].
    pub async fn known_block(&mut self, at_most: u64) -> Result<Option<Watermark>, StoreError> {
        let query = sqlx::query_as(
            "select number, hash from blocks where number <= $1 order by number desc limit 1",
        );
        let query = query.bind(height(at_most)?);
        let row: Option<(i64, Vec<u8>)> = state::answer(query.fetch_optional(&mut self.db)).await?;
        row.map(watermark_of).transpose()
    }

    /// The block that comes next: above the watermark, or the first one with a contract.
    #[must_use]
    pub fn next_block(&self, watermark: Option<Watermark>) -> u64 {
        watermark.map_or(self.first_block, |watermark| watermark.number.saturating_add(1))
    }

    /// Writes consecutive blocks, what their events mean, and the watermark: all or nothing. An event
    /// that its projection cannot make sense of stops that projection before the event's block, and no
    /// other.
    ///
    /// Errors: [`StoreError::NotNext`] and [`StoreError::OtherParent`] when the blocks do not
    /// continue the stored ones; others when the database fails.
    pub async fn write(&mut self, blocks: &[Block]) -> Result<Written, StoreError> {
        let decoded = blocks.iter().map(|block| self.decoder.decode_all(block)).collect();
        self.write_decoded(blocks, decoded).await
    }

    /// The same with events that are decoded already, block by block.
    ///
    /// Errors: as [`Self::write`].
    pub async fn write_decoded(
        &mut self,
        blocks: &[Block],
        mut decoded: Vec<Vec<Decoded>>,
    ) -> Result<Written, StoreError> {
        let (Some(first), Some(last)) = (blocks.first(), blocks.last()) else {
            return Ok(Written::default());
        };
        // What is in hand is not what the database holds until the write has succeeded.
        let mut state = match self.state.take() {
            Some(state) => state,
            None => State::read(&self.decoder, &self.options, &mut self.db).await?,
        };
        let mut before = state.watermark;
        for block in blocks {
            check_continues(before, self.first_block, block)?;
            before = Some(Watermark { number: block.number, hash: block.hash });
        }
        let parts = raw::Parts::of(blocks, &mut decoded)?;
        let mut written = Written::default();
        let mut with_care = false;
        let mut undone = 0;
        loop {
            let tried =
                self.try_write(&mut state, (first, last), (blocks, &decoded), &parts, with_care);
            match within(TRANSACTION, tried).await {
                Ok(undecoded) => {
                    written.undecoded = undecoded.ours;
                    written.foreign_undecoded = undecoded.foreign;
                    break;
                }
                // A constraint says of which table, but not of which block.
                Err(StoreError::Database(error)) if error::is_refusal(&error) && !with_care => {
                    with_care = true;
                }
                Err(StoreError::Database(error)) if error::is_undone(&error) && undone < UNDONE => {
                    undone += 1;
                    tracing::info!(%error, "The transaction gave way to another one; it is tried again");
                }
                Err(StoreError::Replaced) => {}
                Err(error) => return Err(error),
            }
            state = State::read(&self.decoder, &self.options, &mut self.db).await?;
        }
        state.watermark = before;
        state.time_ms = Some(last.time_ms);
        for block in blocks {
            written.events += block.events.len() as u64;
            written.left_out += u64::from(block.left_out);
        }
        let first = height(first.number)?;
        for standing in &mut state.standings {
            standing.keep();
            let stopped =
                standing.stopped.iter().filter(|stopped| stopped.at.block_number >= first);
            written.stopped.extend(stopped.map(|stopped| (standing.projection, stopped.clone())));
        }
        self.state = Some(state);
        Ok(written)
    }

    async fn try_write(
        &mut self,
        state: &mut State,
        (first, last): (&Block, &Block),
        (blocks, decoded): (&[Block], &[Vec<Decoded>]),
        parts: &raw::Parts,
        with_care: bool,
    ) -> Result<raw::Undecoded, StoreError> {
        let mut tx = self.db.begin().await?;
        standing::check_generations(state.standings.iter(), &mut tx).await?;
        let number = height(last.number)?;
        let partition = last.number / PARTITION_BLOCKS as u64;
        if state.partition != Some(partition) {
            // Also where the blocks of this write lie on both sides of a boundary.
            for partition in first.number / PARTITION_BLOCKS as u64..=partition {
                sqlx::query("select add_partitions($1)")
                    .bind(height(partition * PARTITION_BLOCKS as u64)?)
                    .execute(&mut *tx)
                    .await?;
            }
        }
        // Folds go on while the server takes what is raw.
        let mut begun = Vec::new();
        for standing in state.standings.iter_mut().filter(|standing| standing.stopped.is_none()) {
            let parts = parts.to(standing.projection);
            let fold = standing.begin(parts, with_care, &mut tx).await?;
            begun.push((standing, fold));
        }
        let undecoded = raw::write(blocks, decoded, &mut self.codes, &mut tx).await?;
        for (standing, fold) in begun {
            standing.finish(fold, number, &mut tx).await?;
            if standing.stopped.is_some() {
                standing.note(&mut tx).await?;
            }
        }
        sqlx::query(
            "with advanced as ( \
             update projections set block_number = $1 where stopped_block is null) \
             insert into watermark (block_number, block_hash, block_time_ms, updated_at) \
             values ($1, $2, $3, now()) on conflict (singleton) do update set \
             block_number = excluded.block_number, block_hash = excluded.block_hash, \
             block_time_ms = excluded.block_time_ms, updated_at = excluded.updated_at",
        )
        .bind(number)
        .bind(last.hash.as_bytes())
        .bind(height(last.time_ms)?)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        state.partition = Some(partition);
        Ok(undecoded)
    }

    /// Keeps what the audit in the background knows: it reads by a connection of its own, but only this one
    /// writes.
    ///
    /// Errors: [`StoreError`].
    pub async fn keep_audit(&mut self, audited: &Audited) -> Result<(), StoreError> {
        within(ANSWER, audited.write(&mut self.db)).await
    }

    /// Closes the connection, which frees the writer lock at once.
    ///
    /// Errors: [`StoreError::Database`]; the lock is freed all the same.
    pub async fn close(self) -> Result<(), StoreError> {
        state::answer(self.db.close()).await
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

/// A height or a time of the chain as bigint.
fn height(value: u64) -> Result<i64, StoreError> {
    i64::try_from(value).map_err(|_| StoreError::TooLarge(value))
}

pub(crate) fn stored_hash(bytes: Vec<u8>) -> Result<Hash, StoreError> {
    // The domain hash256 admits no other length, so this is a foreign schema.
    bytes.try_into().map(Hash).map_err(|bytes: Vec<u8>| StoreError::StoredHash(bytes.len()))
}
