//! What the database holds, as the writer knows it.

use std::future::Future;

use assent_mirror::fold::Projection;
use sqlx::PgConnection;
use sqlx::postgres::PgConnectOptions;

use super::session::{ANSWER, within};
use super::sql::ColumnTypes;
use super::standing::Standing;
use super::{StoreError, Watermark, height, raw, read_watermark};
use crate::decode::Decoder;

/// What the database holds.
pub(super) struct State {
    pub(super) watermark: Option<Watermark>,
    /// The time of the watermark's block, ms since 1970.
    pub(super) time_ms: Option<u64>,
    pub(super) standings: Vec<Standing>,
    /// The last range of blocks for which there are partitions.
    pub(super) partition: Option<u64>,
}

/// How far everything is that the writer writes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stands {
    /// The last block, and its time in ms since 1970.
    pub block: Option<(u64, u64)>,
    /// Each projection.
    pub projections: Vec<Stand>,
}

/// How far a projection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stand {
    /// Which one.
    pub projection: Projection,
    /// The last block that is folded into its rows.
    pub block: u64,
    /// Does it stand still there?
    pub stopped: bool,
}

impl State {
    /// Reads what the database holds, and brings projections that are behind up to the watermark: those
    /// that are new, and those that an earlier program could not go on with.
    pub(super) async fn read(
        decoder: &Decoder,
        options: &PgConnectOptions,
        db: &mut PgConnection,
    ) -> Result<Self, StoreError> {
        loop {
            match Self::try_read(decoder, options, &mut *db).await {
                Err(StoreError::Replaced) => {}
                read => return read,
            }
        }
    }

    async fn try_read(
        decoder: &Decoder,
        options: &PgConnectOptions,
        db: &mut PgConnection,
    ) -> Result<Self, StoreError> {
        type Row = (String, i32, i64, i64);
        let (watermark, time_ms, rows, types) = within(ANSWER, async {
            let watermark = read_watermark(&mut *db).await?;
            let time: Option<i64> = sqlx::query_scalar("select block_time_ms from watermark")
                .fetch_optional(&mut *db)
                .await?;
            let rows: Vec<Row> =
                sqlx::query_as("select name, version, generation, block_number from projections")
                    .fetch_all(&mut *db)
                    .await?;
            let types = ColumnTypes::read(&mut *db).await?;
            Ok((watermark, time.map(i64::unsigned_abs), rows, types))
        })
        .await?;
        let mut standings = Vec::new();
        for projection in Projection::ALL {
            let row = rows.iter().find(|(name, ..)| name == projection.name());
            let Some(&(_, version, generation, block)) = row else {
                return Err(StoreError::Schema { table: "projections" });
            };
            if version != projection.version() {
                return Err(StoreError::Version { projection: *projection, stored: version });
            }
            standings.push(Standing::new(*projection, generation, block, &types)?);
        }
        if let Some(watermark) = watermark {
            let before: Vec<i64> = standings.iter().map(|standing| standing.block).collect();
            let last = height(watermark.number)?;
            if let Some(lowest) = before.iter().filter(|block| **block < last).min() {
                tracing::info!(
                    from_block = lowest,
                    to_block = last,
                    "Projections are behind what is stored: the events since then are folded into them"
                );
            }
            raw::catch_up(&mut standings, decoder.ours(), last, true, options, &mut *db).await?;
            for (standing, block) in standings.iter().zip(before) {
                if standing.block > block {
                    tracing::info!(
                        projection = standing.projection.name(),
                        from_block = block,
                        to_block = standing.block,
                        "A projection that was behind was brought up to what is stored"
                    );
                }
            }
        }
        Ok(Self { watermark, time_ms, standings, partition: None })
    }

    /// How far everything is.
    pub(super) fn stands(&self) -> Stands {
        let block = self.watermark.map(|watermark| watermark.number).zip(self.time_ms);
        let projections = self.standings.iter().map(|standing| Stand {
            projection: standing.projection,
            block: standing.block.unsigned_abs(),
            stopped: standing.stopped.is_some(),
        });
        Stands { block, projections: projections.collect() }
    }
}

/// The answer to one query.
pub(super) async fn answer<T>(
    query: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, StoreError> {
    within(ANSWER, async { Ok(query.await?) }).await
}
