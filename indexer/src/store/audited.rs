//! What the audit in the background knows, kept in the mirror.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use sqlx::{FromRow, PgConnection};

use super::{StoreError, height};

/// What the audit in the background knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audited {
    /// Every block up to this one was compared with the node's, and was right.
    pub block: u64,
    /// How many rows of each table the contracts are asked for, chosen by chance.
    pub sample: u32,
    /// When the first audit of this mirror began, ms since 1970.
    pub began_ms: u64,
    /// When an audit last found nothing wrong, ms since 1970.
    pub passed_ms: Option<u64>,
    /// What is wrong, by check.
    pub findings: BTreeMap<String, Finding>,
    /// What the last audit did not look at, by check, and why.
    pub left_out: BTreeMap<String, String>,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The first row that is wrong, in words.
    pub says: String,
    /// What a contract was asked, to be asked again: its name, and the arguments of the view.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<(String, Vec<String>)>,
}

/// The row of the table.
#[derive(FromRow)]
struct Row {
    block_number: i64,
    sample: i32,
    began_ms: i64,
    passed_ms: Option<i64>,
    findings: Json<BTreeMap<String, Finding>>,
    left_out: Json<BTreeMap<String, String>>,
}

impl Audited {
    /// Reads what is known; `None` before the first audit.
    ///
    /// Errors: [`StoreError::Database`].
    pub(crate) async fn read(db: &mut PgConnection) -> Result<Option<Self>, StoreError> {
        let row: Option<Row> = sqlx::query_as(
            "select block_number, sample, (extract(epoch from began_at) * 1000)::bigint as began_ms, \
             (extract(epoch from passed_at) * 1000)::bigint as passed_ms, findings, left_out \
             from audit",
        )
        .fetch_optional(db)
        .await?;
        Ok(row.map(|row| Self {
            block: row.block_number.unsigned_abs(),
            sample: row.sample.unsigned_abs(),
            began_ms: row.began_ms.unsigned_abs(),
            passed_ms: row.passed_ms.map(i64::unsigned_abs),
            findings: row.findings.0,
            left_out: row.left_out.0,
        }))
    }

    /// Writes what is known, in the place of what was.
    ///
    /// Errors: [`StoreError`].
    pub(super) async fn write(&self, db: &mut PgConnection) -> Result<(), StoreError> {
        sqlx::query(
            "insert into audit (block_number, sample, began_at, passed_at, findings, left_out) \
             values ($1, $2, to_timestamp($3::bigint / 1000.0), to_timestamp($4::bigint / 1000.0), \
             $5, $6) on conflict (singleton) do update set block_number = excluded.block_number, \
             sample = excluded.sample, began_at = excluded.began_at, \
             passed_at = excluded.passed_at, findings = excluded.findings, \
             left_out = excluded.left_out",
        )
        .bind(height(self.block)?)
        .bind(i32::try_from(self.sample).unwrap_or(i32::MAX))
        .bind(height(self.began_ms)?)
        .bind(self.passed_ms.map(height).transpose()?)
        .bind(Json(&self.findings))
        .bind(Json(&self.left_out))
        .execute(db)
        .await?;
        Ok(())
    }
}
