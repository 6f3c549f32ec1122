//! Every row of two mirrors of one chain, compared. Which tables there are, the catalogue says.

use anyhow::{Context, Result, bail, ensure};
use sqlx::{AssertSqlSafe, PgConnection, Row};
use std::collections::BTreeSet;

/// Columns that two right mirrors need not agree on, and why. Beside them no `timestamptz` is compared:
/// it is the clock of the database, while times of the chain are numbers (`…_ms`).
const NOT_COMPARED: [(&str, &str, &str); 2] = [
    ("_sqlx_migrations", "execution_time", "how long the migration took on this machine"),
    ("projections", "generation", "how often the rows were replaced by those of a rebuild"),
];

/// What the audit in the background knows depends on when it ran: none of it is of the chain.
const NOT_OF_THE_CHAIN: &str = "audit";

/// How much was compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Compared {
    /// Tables, those of histories and projections among them.
    pub tables: usize,
    /// Rows of them.
    pub rows: usize,
}

/// A table, and what of it is compared.
#[derive(Debug, PartialEq, Eq)]
struct Table {
    name: String,
    columns: Vec<String>,
    key: Vec<String>,
}

/// Fails with the first row that differs.
pub async fn compare(
    disturbed: &mut PgConnection,
    undisturbed: &mut PgConnection,
) -> Result<Compared> {
    let tables = tables(disturbed).await?;
    let others = self::tables(undisturbed).await?;
    ensure!(tables == others, "the schemas differ: {tables:?} and, undisturbed, {others:?}");
    check_exceptions(&tables)?;
    let mut compared = Compared::default();
    for table in &tables {
        let rows = rows(disturbed, table).await?;
        let others = self::rows(undisturbed, table).await?;
        if let Some(difference) = difference(&rows, &others) {
            bail!("{} differs: {difference}", table.name);
        }
        compared.tables += 1;
        compared.rows += rows.len();
    }
    Ok(compared)
}

/// How many rows of a table a query counts.
pub async fn count(db: &mut PgConnection, sql: &'static str) -> Result<u64> {
    let count: i64 = sqlx::query_scalar(sql).fetch_one(db).await?;
    Ok(count.unsigned_abs())
}

/// The tables of the schema, partitions as the one table that they are.
async fn tables(db: &mut PgConnection) -> Result<Vec<Table>> {
    let found = sqlx::query(
        "select c.relname::text as name,
             array(select a.attname::text from pg_attribute a
                   where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                   and a.atttypid <> 'timestamptz'::regtype order by a.attname) as columns,
             array(select a.attname::text
                   from pg_index i
                   cross join unnest(i.indkey) with ordinality as k(attnum, place)
                   join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
                   where i.indrelid = c.oid and i.indisprimary order by k.place) as key
         from pg_class c
         where c.relkind in ('r', 'p') and not c.relispartition
         and c.relnamespace = 'public'::regnamespace
         and c.relname <> $1
         order by 1",
    )
    .bind(NOT_OF_THE_CHAIN)
    .fetch_all(db)
    .await?;
    found
        .iter()
        .map(|row| {
            let name: String = row.try_get("name")?;
            let mut columns: Vec<String> = row.try_get("columns")?;
            columns.retain(|column| !is_exception(&name, column));
            Ok(Table { name, columns, key: row.try_get("key")? })
        })
        .collect()
}

fn is_exception(table: &str, column: &str) -> bool {
    NOT_COMPARED.iter().any(|(of, name, _)| *of == table && *name == column)
}

/// An exception for what is not there any more would be none that anybody looked at.
fn check_exceptions(tables: &[Table]) -> Result<()> {
    let names: BTreeSet<&str> = tables.iter().map(|table| table.name.as_str()).collect();
    for (table, column, reason) in NOT_COMPARED {
        ensure!(
            names.contains(table),
            "{table}.{column} is not compared ({reason}), but not there"
        );
    }
    Ok(())
}

/// All rows, in the order of their key.
async fn rows(db: &mut PgConnection, table: &Table) -> Result<Vec<String>> {
    let quoted = |names: &[String]| {
        let names = names.iter().map(|name| format!("\"{name}\""));
        names.collect::<Vec<_>>().join(", ")
    };
    ensure!(!table.key.is_empty(), "{} has no primary key to order its rows by", table.name);
    let sql = format!(
        "select to_jsonb(t)::text from (select {} from \"{}\") t order by {}",
        quoted(&table.columns),
        table.name,
        quoted(&table.key)
    );
    let rows = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(db).await;
    rows.with_context(|| format!("the rows of {}", table.name))
}

/// The first row that one of them has and the other has not, or not so.
fn difference(rows: &[String], others: &[String]) -> Option<String> {
    let most = rows.len().max(others.len());
    let place = (0..most).find(|place| rows.get(*place) != others.get(*place))?;
    let told = |rows: &[String]| rows.get(place).map_or("no row".to_owned(), Clone::clone);
    Some(format!(
        "of {} rows, {} undisturbed, the first that differs is number {}: {}; undisturbed it is {}",
        rows.len(),
        others.len(),
        place + 1,
        told(rows),
        told(others)
    ))
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn the_first_row_that_differs_is_named() {
        let rows = |rows: &[&str]| rows.iter().map(|row| row.to_string()).collect::<Vec<_>>();
        assert_eq!(difference(&rows(&["a", "b"]), &rows(&["a", "b"])), None);
        let told = difference(&rows(&["a", "c"]), &rows(&["a", "b", "c"])).unwrap();
        assert!(told.contains("number 2: c; undisturbed it is b"), "{told}");
        let told = difference(&rows(&["a", "b"]), &rows(&["a"])).unwrap();
        assert!(told.contains("number 2: b; undisturbed it is no row"), "{told}");
    }
}
