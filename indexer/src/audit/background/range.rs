//! A run of blocks and their events, compared with the node's.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use assent_client::Hash;
use sqlx::PgConnection;

use crate::audit::blocks::shown;
use crate::audit::{AuditError, events};
use crate::decode::Decoder;
use crate::source::Source;
use crate::store::StoreError;

/// Compares the blocks of a range, each of which must be there, be the node's, and follow the one below.
/// Gives what differs first, and the last block before that.
pub(super) async fn compare(
    range: RangeInclusive<u64>,
    db: &mut PgConnection,
    source: &Source<'_>,
    decoder: &Arc<Decoder>,
) -> Result<(u64, Option<String>), AuditError> {
    let height = |number: u64| i64::try_from(number).map_err(|_| StoreError::TooLarge(number));
    let (first, last) = (*range.start(), *range.end());
    let rows: Vec<(i64, Vec<u8>)> =
        sqlx::query_as("select number, hash from blocks where number between $1 and $2")
            .bind(height(first)?.saturating_sub(1))
            .bind(height(last)?)
            .fetch_all(&mut *db)
            .await?;
    let stored: BTreeMap<u64, Vec<u8>> =
        rows.into_iter().map(|(number, hash)| (number.unsigned_abs(), hash)).collect();
    // Nothing is below the first block of the mirror.
    let mut below = first.checked_sub(1).and_then(|number| stored.get(&number)).cloned();
    for (block, _) in source.blocks(decoder, range).await? {
        let number = block.number;
        let difference = match stored.get(&number) {
            None => Some(format!("block {number} is missing")),
            Some(hash) if hash != block.hash.as_bytes() => Some(format!(
                "block {number} is {}, but that of the node is {}",
                shown(hash),
                block.hash
            )),
            Some(_) => match &below {
                Some(hash) if hash != block.parent_hash.as_bytes() => {
                    Some(not_the_parent(number, block.parent_hash, hash))
                }
                _ => events::difference(&block, decoder, &mut *db).await?,
            },
        };
        if difference.is_some() {
            return Ok((number.saturating_sub(1), difference));
        }
        below = Some(block.hash.as_bytes().to_vec());
    }
    Ok((last, None))
}

fn not_the_parent(number: u64, parent: Hash, below: &[u8]) -> String {
    let (below_number, below) = (number.saturating_sub(1), shown(below));
    format!("block {number} has the parent {parent}, but block {below_number} is {below}")
}
