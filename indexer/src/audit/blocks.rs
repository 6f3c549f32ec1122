//! Was no block left out, and are they the node's?

use super::{AuditError, Check, Snapshot};
use crate::source::Source;

/// Hashes that the node is asked for at once.
const CHUNK: i64 = 1_000;
/// Chunks that are compared unless all are to be: spread evenly, with the first and the last one.
const CHUNKS: i64 = 100;

/// Whether every block from the first one with a contract to the watermark is there, each the parent of
/// the next.
pub(super) async fn complete(snapshot: &mut Snapshot) -> Result<Check, AuditError> {
    type Broken = (i64, i64, Vec<u8>, Vec<u8>);
    let (first, last) = (snapshot.first, snapshot.last);
    let db = &mut snapshot.db;
    let mut findings = Vec::new();
    let deployed: Option<i64> =
        sqlx::query_scalar("select greatest(min(deployment_block), 1) from contracts")
            .fetch_one(&mut *db)
            .await?;
    if let Some(deployed) = deployed
        && first != deployed
    {
        findings.push(format!(
            "the first block is {first}, but the first contract was deployed in block {deployed}"
        ));
    }
    let broken: Option<Broken> = sqlx::query_as(
        "select number, below, parent_hash, below_hash from ( \
             select number, parent_hash::bytea, lag(number) over w as below, \
             (lag(hash) over w)::bytea as below_hash from blocks window w as (order by number)) as b \
         where below <> number - 1 or below_hash <> parent_hash order by number limit 1",
    )
    .fetch_optional(&mut *db)
    .await?;
    if let Some((number, below, parent, below_hash)) = broken {
        findings.push(if below == number - 1 {
            let (parent, below_hash) = (shown(&parent), shown(&below_hash));
            format!("block {number} has the parent {parent}, but block {below} is {below_hash}")
        } else {
            format!("block {} is missing: block {below} is followed by {number}", below + 1)
        });
    }
    let (highest, marked): (i64, bool) = sqlx::query_as(
        "select (select max(number) from blocks), exists(select from watermark w join blocks b \
         on b.number = w.block_number and b.hash = w.block_hash and b.time_ms = w.block_time_ms)",
    )
    .fetch_one(&mut *db)
    .await?;
    if highest != last || !marked {
        findings.push(format!(
            "the watermark is block {last}, and block {highest} the highest one: they differ in \
             number, hash or time"
        ));
    }
    let count: i64 = sqlx::query_scalar("select count(*) from blocks").fetch_one(db).await?;
    let looked_at = format!("{count} from {first} to {last}, each the parent of the next");
    Ok(Check { name: "blocks".to_owned(), looked_at, findings })
}

/// Whether the stored hashes are those of the node.
pub(super) async fn hashes(
    snapshot: &mut Snapshot,
    source: &Source<'_>,
    all: bool,
) -> Result<Check, AuditError> {
    let (first, last) = (snapshot.first, snapshot.last);
    let chunks = (last - first) / CHUNK + 1;
    let asked = if all { chunks } else { chunks.min(CHUNKS) };
    let (mut compared, mut findings) = (0, Vec::new());
    for nth in 0..asked {
        // The first chunk, the last one, and as many as wanted between them.
        let chunk = if asked == 1 { 0 } else { nth * (chunks - 1) / (asked - 1) };
        let from = first + chunk * CHUNK;
        let to = last.min(from + CHUNK - 1);
        let stored: Vec<(i64, Vec<u8>)> = sqlx::query_as(
            "select number, hash from blocks where number between $1 and $2 order by number",
        )
        .bind(from)
        .bind(to)
        .fetch_all(&mut snapshot.db)
        .await?;
        let node = source.hashes(from.unsigned_abs()..=to.unsigned_abs()).await?;
        compared += stored.len();
        let other = stored.iter().find_map(|(number, hash)| {
            let node = node.get(usize::try_from(number - from).ok()?)?;
            (node.as_bytes() != hash).then(|| (*number, shown(hash), *node))
        });
        if let Some((number, hash, node)) = other {
            findings.push(format!("block {number} is {hash}, but that of the node is {node}"));
            break;
        }
    }
    let looked_at = format!("{compared} of {} compared with the node's", last - first + 1);
    Ok(Check { name: "block hashes".to_owned(), looked_at, findings })
}

/// A hash in words.
pub(super) fn shown(bytes: &[u8]) -> String {
    format!("0x{}", const_hex::encode(bytes))
}
