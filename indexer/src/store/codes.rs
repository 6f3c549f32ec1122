//! Which code a contract ran at an event, and what is known of that code.
//!
//! Every contract of the chain has its codes here, from the records of the contracts' pallet; the metadata
//! of a code is known when it is of the manifest, or was registered. What comes before its metadata is kept
//! raw, and decoded when the metadata arrives, without the chain.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::{Arc, LazyLock};

use assent_client::bundle::{Bundle, BundleError, Metadata};
use assent_client::{Account, EmittedEvent, Hash};
use assent_mirror::Position;
use assent_mirror::column::{Column as _, Type, Value};
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection as _, PgConnection};

use super::session::{self, ANSWER, TRANSACTION, within};
use super::sql::Bulk;
use super::{Block, StoreError, beside, height, raw, stored_hash};
use crate::decode::{self, Content};

/// How many events are decoded at once when metadata arrived.
const RUN: i64 = 1_000;

/// How rows of `contract_codes` are written.
static CONTRACT_CODES: LazyLock<Bulk> = LazyLock::new(|| {
    let columns = ["address", "from_block", "from_index", "code_hash"];
    let types = [Type::Bytea, Type::Bigint, Type::Integer, Type::Bytea];
    Bulk::new("contract_codes", &columns, &types)
});

/// That a contract runs a code from a record of a block on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeChange {
    /// Index of the record in System.Events.
    pub index: u32,
    /// The contract.
    pub contract: Account,
    /// Hash of the code.
    pub code_hash: Hash,
}

/// The codes of which the metadata is known, as far as they were needed.
#[derive(Default)]
pub(crate) struct Codes(HashMap<Hash, Arc<Metadata>>);

/// An event of which it is asked what it is.
pub(crate) struct Asked<'a> {
    pub(crate) at: Position,
    pub(crate) event: &'a EmittedEvent,
    /// What it is by the manifest's metadata; `None` where that does not know it, and the code that its
    /// contract ran then is asked for.
    pub(crate) by_manifest: Option<&'a Content>,
}

/// Why an event has no name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Unnamed {
    #[error("which code its contract ran is not known")]
    NoCode,
    #[error("no metadata of its code {0} is registered; `assent-indexer register` takes it")]
    NoMetadata(Hash),
    #[error("{0}")]
    Undecodable(String),
}

impl Codes {
    /// What events are: by the manifest's metadata, else by the codes that their contracts ran then, or why
    /// nothing is known of them; in the same order. `db` is in a transaction: metadata that is not known in
    /// it arrives after it.
    pub(crate) async fn contents<'a>(
        &mut self,
        asked: &[Asked<'a>],
        db: &mut PgConnection,
    ) -> Result<Vec<Result<Cow<'a, Content>, String>>, StoreError> {
        let candidates = candidates(asked, &mut *db).await?;
        let needed: BTreeSet<Hash> = candidates.iter().flatten().copied().collect();
        let missing = needed.into_iter().filter(|code| !self.0.contains_key(code));
        let missing: Vec<[u8; 32]> = missing.map(|code| code.0).collect();
        if !missing.is_empty() {
            let found: Vec<(String,)> =
                sqlx::query_as("select metadata::text from codes where code_hash = any($1)")
                    .bind(&missing)
                    .fetch_all(db)
                    .await?;
            for (text,) in found {
                let metadata =
                    Metadata::parse(text.as_bytes()).map_err(StoreError::StoredMetadata)?;
                self.0.insert(metadata.code_hash(), Arc::new(metadata));
            }
        }
        let each = asked.iter().zip(&candidates).map(|(asked, codes)| match asked.by_manifest {
            Some(content) => Ok(Cow::Borrowed(content)),
            None => self.content(asked.event, codes).map(Cow::Owned),
        });
        Ok(each.collect())
    }

    /// What an event is by the first of these codes that makes sense of it.
    fn content(&self, event: &EmittedEvent, codes: &[Hash]) -> Result<Content, String> {
        let mut reason = None;
        for code in codes {
            let Some(metadata) = self.0.get(code) else {
                reason.get_or_insert(Unnamed::NoMetadata(*code));
                continue;
            };
            match decode::content(metadata, event) {
                Ok(content) => return Ok(content),
                Err(text) => {
                    reason.get_or_insert(Unnamed::Undecodable(text));
                }
            }
        }
        Err(reason.unwrap_or(Unnamed::NoCode).to_string())
    }
}

/// The codes that the contract of each event may have run at it, the likeliest first: the one that its last
/// record says, and those before and after it that it ran in the same block. For what a constructor emits
/// comes before the record of its contract, and what a call emits after it replaced its code is still of the
/// old one. None of an event that the manifest's metadata knows.
async fn candidates(
    asked: &[Asked<'_>],
    db: &mut PgConnection,
) -> Result<Vec<Vec<Hash>>, StoreError> {
    let mut candidates = vec![Vec::new(); asked.len()];
    let places = asked.iter().enumerate().filter(|(_, asked)| asked.by_manifest.is_none());
    let (places, unknown): (Vec<usize>, Vec<&Asked<'_>>) = places.unzip();
    if unknown.is_empty() {
        return Ok(candidates);
    }
    let contracts: Vec<[u8; 32]> = unknown.iter().map(|asked| asked.event.contract.0).collect();
    let blocks: Vec<i64> = unknown.iter().map(|asked| asked.at.block_number).collect();
    let indices: Vec<i32> = unknown.iter().map(|asked| asked.at.event_index).collect();
    let rows: Vec<(i64, i64, Vec<u8>)> = sqlx::query_as(
        "select a.n, c.from_block, c.code_hash \
         from unnest($1::bytea[], $2::bigint[], $3::integer[]) with ordinality \
             as a (contract, block, index, n) \
         cross join lateral ( \
             (select 0 as turn, from_block, from_index, code_hash from contract_codes \
              where address = a.contract and (from_block, from_index) <= (a.block, a.index) \
              order by from_block desc, from_index desc limit 2) \
             union all \
             (select 1, from_block, from_index, code_hash from contract_codes \
              where address = a.contract and from_block = a.block and from_index > a.index \
              order by from_index limit 1)) as c \
         order by a.n, c.turn, c.from_block desc, c.from_index desc",
    )
    .bind(contracts)
    .bind(&blocks)
    .bind(indices)
    .fetch_all(db)
    .await?;
    let mut rows = rows.into_iter().peekable();
    for ((n, place), block) in (1..).zip(&places).zip(&blocks) {
        let mut since: Option<i64> = None;
        while let Some((_, from_block, code_hash)) = rows.next_if(|(of, ..)| *of == n) {
            // The code before the last one counts where both are of this block.
            if since.is_none_or(|since| since == *block) {
                candidates[*place].push(stored_hash(code_hash)?);
            }
            since = Some(from_block);
        }
    }
    Ok(candidates)
}

/// Writes which codes contracts run from these blocks on.
pub(super) async fn write(blocks: &[Block], db: &mut PgConnection) -> Result<(), StoreError> {
    let mut rows = Vec::new();
    for block in blocks {
        for change in &block.codes {
            rows.push(row(block.number, change)?);
        }
    }
    CONTRACT_CODES.write(&rows, db).await?;
    Ok(())
}

/// Writes which codes contracts ran in the block below the first one.
pub(super) async fn write_before(
    first_block: u64,
    contracts: &[(Account, Hash)],
    db: &mut PgConnection,
) -> Result<(), StoreError> {
    let mut tx = db.begin().await?;
    // An earlier start may have come as far and no further.
    sqlx::query("delete from contract_codes").execute(&mut *tx).await?;
    let rows = contracts.iter().map(|(contract, code_hash)| {
        let change = CodeChange { index: 0, contract: *contract, code_hash: *code_hash };
        row(first_block.saturating_sub(1), &change)
    });
    CONTRACT_CODES.write(&rows.collect::<Result<Vec<_>, _>>()?, &mut tx).await?;
    tx.commit().await?;
    Ok(())
}

fn row(block: u64, change: &CodeChange) -> Result<Vec<Value>, StoreError> {
    Ok(vec![
        change.contract.0.value(),
        height(block)?.value(),
        raw::stored_index(change.index)?.value(),
        change.code_hash.0.value(),
    ])
}

/// Keeps the metadata of codes; what is known of a code already stays.
pub(super) async fn keep<'a>(
    codes: impl IntoIterator<Item = &'a Metadata>,
    db: &mut PgConnection,
) -> Result<(), StoreError> {
    for metadata in codes {
        keep_one(metadata, &mut *db).await?;
    }
    Ok(())
}

/// Keeps the metadata of a code; `false`: there was some already.
async fn keep_one(metadata: &Metadata, db: &mut PgConnection) -> Result<bool, StoreError> {
    let kept = sqlx::query(
        "insert into codes (code_hash, name, metadata) values ($1, $2, $3::json) \
         on conflict (code_hash) do nothing",
    )
    .bind(metadata.code_hash().as_bytes())
    .bind(metadata.name())
    .bind(metadata.to_json().to_string())
    .execute(db)
    .await?;
    Ok(kept.rows_affected() > 0)
}

/// What became of metadata that was registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    /// The contract's name in it.
    pub name: String,
    /// The code that it is of.
    pub code_hash: Hash,
    /// Was nothing known of that code before?
    pub is_new: bool,
}

/// Registers the metadata in these files, `.contract` or `.json` of `cargo contract build`, and decodes
/// what is stored of their codes. An indexer may run meanwhile: it decodes what comes by them.
///
/// Errors: [`StoreError`]; a file that cannot be read, or says something else of a code than what is known,
/// changes nothing.
pub async fn register(
    options: &PgConnectOptions,
    files: &[impl AsRef<Path>],
) -> Result<(Vec<Registered>, u64), StoreError> {
    let all = files.iter().map(|file| read(file.as_ref()));
    let all = all.collect::<Result<Vec<_>, _>>().map_err(StoreError::Metadata)?;
    let mut db = session::connect(options).await?;
    let registered = within(ANSWER, async {
        beside::demand_tables(&mut db).await?;
        // The writer holds a lock on the table while it decodes, so what it did not find is stored by now.
        let mut tx = db.begin().await?;
        let mut registered = Vec::new();
        for metadata in &all {
            let code_hash = metadata.code_hash();
            let is_new = keep_one(metadata, &mut tx).await?;
            let known: String =
                sqlx::query_scalar("select metadata::text from codes where code_hash = $1")
                    .bind(code_hash.as_bytes())
                    .fetch_one(&mut *tx)
                    .await?;
            let known: Option<serde_json::Value> = serde_json::from_str(&known).ok();
            if known != Some(metadata.to_json()) {
                return Err(StoreError::OtherMetadata { code_hash });
            }
            registered.push(Registered { name: metadata.name().to_owned(), code_hash, is_new });
        }
        tx.commit().await?;
        Ok(registered)
    })
    .await?;
    let decoded = decode_stored(&mut Codes::default(), &mut db).await?;
    within(ANSWER, async { Ok(db.close().await?) }).await?;
    Ok((registered, decoded))
}

/// The metadata in a file; where its code is there too, it must be of that code.
fn read(file: &Path) -> Result<Metadata, BundleError> {
    match Bundle::load(file) {
        Ok(bundle) => Ok(bundle.metadata),
        Err(BundleError::In { reason, .. }) if matches!(*reason, BundleError::NoCode) => {
            Metadata::load(file)
        }
        Err(error) => Err(error),
    }
}

/// Decodes what was stored before its metadata arrived, some events in a transaction, and says how many.
pub(super) async fn decode_stored(
    codes: &mut Codes,
    db: &mut PgConnection,
) -> Result<u64, StoreError> {
    let (mut after, mut decoded) = (Position { block_number: -1, event_index: 0 }, 0);
    while let Some((last, count)) = within(TRANSACTION, decode_run(codes, after, &mut *db)).await? {
        (after, decoded) = (last, decoded + count);
    }
    Ok(decoded)
}

/// The next of them: up to which one, and how many were decoded.
async fn decode_run(
    codes: &mut Codes,
    after: Position,
    db: &mut PgConnection,
) -> Result<Option<(Position, u64)>, StoreError> {
    type Stored = (i64, i32, Option<i32>, Vec<u8>, Vec<Vec<u8>>, Vec<u8>);
    let mut tx = db.begin().await?;
    let rows: Vec<Stored> = sqlx::query_as(
        "select block_number, event_index, extrinsic_index, contract, topics, data from events \
         where decode_error is not null and (block_number, event_index) > ($1, $2) \
         and contract in (select r.address from contract_codes r join codes c using (code_hash)) \
         order by block_number, event_index limit $3",
    )
    .bind(after.block_number)
    .bind(after.event_index)
    .bind(RUN)
    .fetch_all(&mut *tx)
    .await?;
    let mut events = Vec::with_capacity(rows.len());
    for (block_number, event_index, extrinsic, contract, topics, data) in rows {
        let event = raw::stored_event(event_index, extrinsic, contract, topics, data)?;
        events.push((Position { block_number, event_index }, event));
    }
    let Some((last, _)) = events.last() else { return Ok(None) };
    let last = *last;
    let asked: Vec<_> =
        events.iter().map(|(at, event)| Asked { at: *at, event, by_manifest: None }).collect();
    let contents = codes.contents(&asked, &mut tx).await?;
    let found: Vec<_> = asked
        .iter()
        .zip(&contents)
        .filter_map(|(asked, content)| Some((asked.at, content.as_ref().ok()?)))
        .collect();
    let blocks: Vec<i64> = found.iter().map(|(at, _)| at.block_number).collect();
    let indices: Vec<i32> = found.iter().map(|(at, _)| at.event_index).collect();
    let names: Vec<&str> = found.iter().map(|(_, content)| content.name.as_str()).collect();
    let fields: Vec<&str> = found.iter().map(|(_, content)| content.fields.as_str()).collect();
    sqlx::query(
        "update events e set name = v.name, fields = v.fields::json, decode_error = null \
         from unnest($1::bigint[], $2::integer[], $3::text[], $4::text[]) \
             as v (block_number, event_index, name, fields) \
         where e.block_number = v.block_number and e.event_index = v.event_index",
    )
    .bind(blocks)
    .bind(indices)
    .bind(names)
    .bind(fields)
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(Some((last, found.len() as u64)))
}
