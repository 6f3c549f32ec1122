//! Do the events stand in the blocks that the mirror says, proven against the state roots of their headers?

use assent_client::chain::Chain;
use assent_mirror::Position;

use super::{AuditError, Check, Snapshot};
use crate::prove::{ProveError, Prover, of_mirror};

/// Events whose places are read at once.
const RUN: i64 = 5_000;

/// Proves events: `most` of them by chance, or all. What a header hashes to is compared with the mirror's
/// hash of the block.
pub(super) async fn hold(
    snapshot: &mut Snapshot,
    chain: &Chain,
    most: Option<u32>,
) -> Result<Check, AuditError> {
    let last = snapshot.last;
    let count: i64 = sqlx::query_scalar("select count(*) from events where block_number <= $1")
        .bind(last)
        .fetch_one(&mut snapshot.db)
        .await?;
    let mut prover = Prover::new(chain);
    let (mut proven, mut finding) = (0_u64, None);
    let mut after = Position { block_number: 0, event_index: -1 };
    'all: loop {
        let run = match most {
            Some(most) => by_chance(snapshot, most).await?,
            None => next(snapshot, after).await?,
        };
        for at in &run {
            let (hash, event) = match of_mirror(*at, &mut snapshot.db).await {
                Ok(found) => found,
                // That its block is missing is a finding of the blocks.
                Err(ProveError::NoEvent { .. }) => continue,
                Err(error) => return Err(unmade(error)),
            };
            match prover.compare(*at, hash, &event).await {
                Ok(()) => proven += 1,
                Err(
                    error @ (ProveError::Node { .. }
                    | ProveError::OtherEvent { .. }
                    | ProveError::NoBlock { .. }),
                ) => {
                    finding = Some(error.to_string());
                    break 'all;
                }
                Err(error) => return Err(unmade(error)),
            }
        }
        match run.last() {
            Some(last) if most.is_none() => after = *last,
            _ => break,
        }
    }
    let looked_at =
        format!("{proven} of {count} events proven against the state roots of their headers");
    let name = "proofs".to_owned();
    Ok(Check { name, looked_at, findings: finding.into_iter().collect() })
}

/// Some places, in order, so that those of one block come together.
async fn by_chance(snapshot: &mut Snapshot, most: u32) -> Result<Vec<Position>, AuditError> {
    let rows: Vec<(i64, i32)> = sqlx::query_as(
        "select block_number, event_index from (select block_number, event_index from events \
         where block_number <= $1 order by random() limit $2) as e order by 1, 2",
    )
    .bind(snapshot.last)
    .bind(i64::from(most))
    .fetch_all(&mut snapshot.db)
    .await?;
    Ok(positions(rows))
}

/// The places that come next.
async fn next(snapshot: &mut Snapshot, after: Position) -> Result<Vec<Position>, AuditError> {
    let rows: Vec<(i64, i32)> = sqlx::query_as(
        "select block_number, event_index from events where block_number >= $1 \
         and (block_number, event_index) > ($1, $2) and block_number <= $3 \
         order by block_number, event_index limit $4",
    )
    .bind(after.block_number)
    .bind(after.event_index)
    .bind(snapshot.last)
    .bind(RUN)
    .fetch_all(&mut snapshot.db)
    .await?;
    Ok(positions(rows))
}

fn positions(rows: Vec<(i64, i32)>) -> Vec<Position> {
    let rows = rows.into_iter();
    rows.map(|(block_number, event_index)| Position { block_number, event_index }).collect()
}

/// Why nothing can be said.
fn unmade(error: ProveError) -> AuditError {
    match error {
        ProveError::Need(error) => AuditError::Need(error),
        other => AuditError::Proof(other),
    }
}
