//! Are the rows of the projections what the stored events make, those of their histories too?
//!
//! The events are folded again into tables of their own. Tables are compared by a sum over their rows,
//! and row by row only where it differs.

use assent_mirror::fold::Projection;
use assent_mirror::table::{Kind, Table};
use futures::TryStreamExt as _;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, FromRow, PgConnection};

use super::{AuditError, Check, Snapshot};
use crate::store::Beside;

/// How far a projection is.
#[derive(FromRow)]
struct Stand {
    version: i32,
    block_number: i64,
    /// The event at which it stands still, and why.
    stopped: Option<String>,
}

/// Folds the events of all projections again and compares. Also gives the projections that are not at the
/// watermark, of which the contracts may say something else.
pub(super) async fn all(
    snapshot: &mut Snapshot,
    options: &PgConnectOptions,
    work: &mut PgConnection,
) -> Result<(Vec<Check>, Vec<Projection>), AuditError> {
    let (mut checks, mut behind) = (Vec::new(), Vec::new());
    for projection in Projection::ALL {
        let name = projection.name();
        let stand: Option<Stand> = sqlx::query_as(
            "select version, block_number, \
             stopped_block || '-' || stopped_index || ': ' || stopped_reason as stopped \
             from projections where name = $1",
        )
        .bind(name)
        .fetch_optional(&mut snapshot.db)
        .await?;
        let check = |looked_at: String, findings| Check {
            name: format!("fold of {name}"),
            looked_at,
            findings,
        };
        let Some(stand) = stand else {
            behind.push(*projection);
            let finding = "it is new: `assent-indexer run` makes its rows".to_owned();
            checks.push(check("not looked at".to_owned(), vec![finding]));
            continue;
        };
        if stand.version != projection.version() {
            behind.push(*projection);
            let finding = format!(
                "its rows are of version {}, and this program makes version {}; make them again with \
                 `assent-indexer rebuild --projection {name}`",
                stand.version,
                projection.version()
            );
            checks.push(check("not looked at".to_owned(), vec![finding]));
            continue;
        }
        if stand.block_number != snapshot.last {
            behind.push(*projection);
        }
        let (looked_at, findings) = one(*projection, stand, snapshot, options, work).await?;
        checks.push(check(looked_at, findings));
    }
    Ok((checks, behind))
}

/// Folds the events of one projection up to the block that its rows are of, and compares.
async fn one(
    projection: Projection,
    stand: Stand,
    snapshot: &mut Snapshot,
    options: &PgConnectOptions,
    work: &mut PgConnection,
) -> Result<(String, Vec<String>), AuditError> {
    let (schema, last) = (format!("audit_{}", projection.name()), stand.block_number);
    let blocks = (snapshot.first, last);
    let beside = Beside::fold(projection, schema, blocks, options, &mut *work).await?;
    let mut findings = Vec::new();
    if let Some(stopped) = &stand.stopped {
        findings.push(format!("it stands still at block {last}, because of event {stopped}"));
    }
    if let Some(stopped) = beside.stopped() {
        // What came after it has no rows to be compared with.
        findings.push(format!("its rows go on to block {last}, but {stopped}"));
        beside.drop(work).await?;
        return Ok(("not compared".to_owned(), findings));
    }
    let (mut tables, mut rows) = (0, 0);
    for shape in projection.tables().iter().flat_map(Shape::of) {
        tables += 1;
        let (count, live) = shape.sum(&mut snapshot.db).await?;
        rows += count;
        if (count, live) != shape.sum(&mut *work).await? {
            findings.extend(shape.first_difference(&mut snapshot.db, &mut *work).await?);
        }
    }
    beside.drop(work).await?;
    let looked_at = format!("{rows} rows of {tables} tables, as of block {last}");
    Ok((looked_at, findings))
}

/// A table of a projection, or its history.
struct Shape {
    name: String,
    key: Vec<&'static str>,
    columns: Vec<&'static str>,
}

/// Values of a row, as text.
type Texts = Vec<Option<String>>;

impl Shape {
    /// The table, and its history if it has one.
    fn of(table: &Table) -> Vec<Self> {
        let of = |name: &str, key: &[&'static str], columns: &[&'static str]| Self {
            name: name.to_owned(),
            key: key.to_vec(),
            columns: columns.to_vec(),
        };
        let mut shapes = vec![of(table.name, table.key, table.columns)];
        if table.kind == Kind::Current {
            let history = format!("{}_history", table.name);
            let key = [table.key, &["block_number"]].concat();
            shapes.push(of(&history, &key, &[table.columns, &["until_block"]].concat()));
        }
        shapes
    }

    /// How many rows there are, and a sum over them that does not depend on their order.
    async fn sum(&self, db: &mut PgConnection) -> Result<(i64, String), sqlx::Error> {
        let sql = format!(
            "select count(*), coalesce(sum(hashtextextended(row({})::text, 0)::numeric), 0)::text \
             from {}",
            self.columns.join(", "),
            self.name
        );
        sqlx::query_as(AssertSqlSafe(sql)).fetch_one(db).await
    }

    /// The first row, by key, that is not the same on both sides.
    async fn first_difference(
        &self,
        live: &mut PgConnection,
        folded: &mut PgConnection,
    ) -> Result<Option<String>, sqlx::Error> {
        let values: Vec<String> =
            self.columns.iter().map(|column| format!("{column}::text")).collect();
        let (values, key) = (values.join(", "), self.key.join(", "));
        let sql = format!("select array[{values}] from {} order by {key}", self.name);
        let list = || sqlx::query_scalar::<sqlx::Postgres, Texts>(AssertSqlSafe(sql.clone()));
        let found = {
            let (mut live, mut folded) = (list().fetch(live), list().fetch(&mut *folded));
            loop {
                match (live.try_next().await?, folded.try_next().await?) {
                    (None, None) => return Ok(None),
                    (live, folded) if live == folded => {}
                    found => break found,
                }
            }
        };
        Ok(Some(match found {
            (Some(live), Some(made)) if self.key_of(&live) == self.key_of(&made) => {
                self.differing(&live, &made)
            }
            (Some(live), Some(made)) if self.is_there(&live, folded).await? => self.lacking(&made),
            (Some(live), _) => format!("{}: no event makes this row", self.named(&live)),
            (None, Some(made)) => self.lacking(&made),
            (None, None) => return Ok(None),
        }))
    }

    /// Whether there is a row of the same key.
    async fn is_there(&self, row: &Texts, db: &mut PgConnection) -> Result<bool, sqlx::Error> {
        let same: Vec<String> = self
            .key
            .iter()
            .zip(1..)
            .map(|(column, index)| format!("{column}::text = ${index}"))
            .collect();
        let sql = format!("select exists(select from {} where {})", self.name, same.join(" and "));
        let query = sqlx::query_scalar::<sqlx::Postgres, bool>(AssertSqlSafe(sql));
        let query =
            self.key_of(row).into_iter().fold(query, |query, value| query.bind(value.clone()));
        query.fetch_one(db).await
    }

    fn key_of<'r>(&self, row: &'r Texts) -> Vec<&'r Option<String>> {
        let keyed = self.columns.iter().zip(row).filter(|(column, _)| self.key.contains(column));
        keyed.map(|(_, value)| value).collect()
    }

    /// The table and the key of a row.
    fn named(&self, row: &Texts) -> String {
        let keyed = self.columns.iter().zip(row).filter(|(column, _)| self.key.contains(column));
        let keyed: Vec<String> =
            keyed.map(|(column, value)| format!("{column} {}", shown(value))).collect();
        format!("{} with {}", self.name, keyed.join(", "))
    }

    fn lacking(&self, made: &Texts) -> String {
        format!("{}: the events make this row, but it is not there", self.named(made))
    }

    fn differing(&self, live: &Texts, made: &Texts) -> String {
        let differing = self.columns.iter().zip(live.iter().zip(made));
        let differing: Vec<String> = differing
            .filter(|(_, (live, made))| live != made)
            .map(|(column, (live, made))| {
                format!("{column} is {}, but the events make {}", shown(live), shown(made))
            })
            .collect();
        format!("{}: {}", self.named(live), differing.join("; "))
    }
}

/// A value in words; bytes as everywhere else.
fn shown(value: &Option<String>) -> String {
    match value {
        None => "nothing".to_owned(),
        Some(value) => match value.strip_prefix("\\x") {
            Some(digits) => format!("0x{digits}"),
            None => value.clone(),
        },
    }
}
