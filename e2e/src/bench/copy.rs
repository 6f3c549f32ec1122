//! COPY of rows that the indexer wrote into the same tables of a new database: what Postgres could take
//! at best.

use super::database::Database;
use crate::postgres::Postgres;
use anyhow::{Context, Result};
use sqlx::Connection;
use std::time::{Duration, Instant};

/// COPY's formats, from which the faster one counts.
const FORMATS: [&str; 2] = ["text", "binary"];
/// How much is handed over at once, bytes.
const CHUNK: usize = 1024 * 1024;

/// The shortest time in which the rows of these tables were copied in one transaction, of `tries` in each
/// format, and the format.
pub async fn best(
    postgres: &Postgres,
    from: &mut Database,
    tables: &[String],
    block: u64,
    tries: u32,
    name: &str,
) -> Result<(Duration, &'static str)> {
    let mut best: Option<(Duration, &'static str)> = None;
    for format in FORMATS {
        let mut dumps = Vec::new();
        for table in tables {
            if from.has_rows(table).await? {
                dumps.push((table, from.dump(table, format).await?));
            }
        }
        for n in 0..tries {
            let name = format!("copy_{name}_{format}_{n}");
            let mut into = Database::with_schema(postgres, &name, block).await?;
            let began = Instant::now();
            let mut tx = into.db.begin().await?;
            for (table, dump) in &dumps {
                let sql = format!("copy {table} from stdin (format {format})");
                let mut copy = tx.copy_in_raw(&sql).await?;
                for part in dump.chunks(CHUNK) {
                    copy.send(part).await?;
                }
                copy.finish().await?;
            }
            tx.commit().await?;
            let took = began.elapsed();
            if best.is_none_or(|(shortest, _)| took < shortest) {
                best = Some((took, format));
            }
        }
    }
    best.context("no try")
}
