//! The statements for the tables of projections: read by keys, written in bulk. All values go and come
//! as text, see [`assent_mirror::column`].

use std::collections::HashMap;

use assent_mirror::table::{Kind, Table};
use assent_mirror::{Changes, Texts};
use sqlx::{AssertSqlSafe, PgConnection, Row as _, SqlSafeStr as _, SqlStr};

use super::StoreError;

/// Values of rows, a row after the other.
pub(super) type Rows = [Vec<Option<String>>];

/// From how many rows on COPY is faster than one statement. The client of Postgres sends the end of a COPY
/// in a packet of its own, which TCP holds back until the rows before it are acknowledged: 40 ms, in which a
/// statement inserts some thousand rows.
pub(super) const COPY_FROM: usize = 4_000;

/// The types of the columns of all tables, by table and column. They are the server's to tell: a domain
/// is named by the type below it, and the column checks what the domain demands.
pub(super) struct ColumnTypes(HashMap<String, HashMap<String, String>>);

impl ColumnTypes {
    pub(super) async fn read(db: &mut PgConnection) -> Result<Self, sqlx::Error> {
        let found: Vec<(String, String, String)> = sqlx::query_as(
            "select c.relname::text, a.attname::text, \
             format_type(coalesce(nullif(t.typbasetype, 0), t.oid), null) \
             from pg_class c join pg_attribute a on a.attrelid = c.oid \
             join pg_type t on t.oid = a.atttypid \
             where c.relkind in ('r', 'p') and not c.relispartition \
             and c.relnamespace = current_schema()::regnamespace \
             and a.attnum > 0 and not a.attisdropped",
        )
        .fetch_all(db)
        .await?;
        let mut types: HashMap<String, HashMap<String, String>> = HashMap::new();
        for (table, column, of_type) in found {
            types.entry(table).or_default().insert(column, of_type);
        }
        Ok(Self(types))
    }
}

/// The statements for one table.
pub(super) struct TableSql {
    table: Table,
    load: SqlStr,
    put: SqlStr,
    log: Bulk,
    history: Bulk,
}

/// New rows of a table, which conflict with none.
pub(super) struct Bulk {
    columns: usize,
    insert: SqlStr,
    copy: SqlStr,
}

impl Bulk {
    /// The columns with their types.
    pub(super) fn new(table: &str, columns: &[(&str, &str)]) -> Self {
        let list = |each: &dyn Fn(&(&str, &str)) -> String| {
            columns.iter().map(each).collect::<Vec<_>>().join(", ")
        };
        let names = list(&|(name, _)| (*name).to_owned());
        let values = list(&|(name, of_type)| format!("v.{name}::{of_type}"));
        let arrays = arrays(columns.len());
        let insert = format!(
            "insert into {table} ({names}) select {values} from unnest({arrays}) as v ({names})"
        );
        let copy = format!("copy {table} ({names}) from stdin");
        Self { columns: columns.len(), insert: safe(insert), copy: safe(copy) }
    }

    /// Writes rows.
    pub(super) async fn write(
        &self,
        rows: &Rows,
        db: &mut PgConnection,
    ) -> Result<(), sqlx::Error> {
        if rows.len() >= COPY_FROM {
            return copy(self.copy.clone(), rows, db).await;
        }
        if !rows.is_empty() {
            bound(self.insert.clone(), rows, self.columns).execute(db).await?;
        }
        Ok(())
    }
}

/// So many parameters, arrays of text.
fn arrays(columns: usize) -> String {
    (1..=columns).map(|n| format!("${n}::text[]")).collect::<Vec<_>>().join(", ")
}

/// A statement that is made of names of the schema alone.
fn safe(text: String) -> SqlStr {
    AssertSqlSafe(text).into_sql_str()
}

impl TableSql {
    /// Writes the statements. The table must stand in the schema with these columns and no other.
    ///
    /// Errors: [`StoreError::Schema`] when it does not.
    pub(super) fn new(table: Table, types: &ColumnTypes) -> Result<Self, StoreError> {
        let found = types.0.get(table.name);
        let type_of = |column: &str| found.and_then(|found| found.get(column)).map(String::as_str);
        if found.map(HashMap::len) != Some(table.columns.len())
            || table.columns.iter().any(|column| type_of(column).is_none())
        {
            return Err(StoreError::Schema { table: table.name });
        }
        let typed = |alias: &str, column: &str| {
            format!("{alias}.{column}::{}", type_of(column).unwrap_or("text"))
        };
        let list = |columns: &[&str], each: &dyn Fn(&str) -> String, between: &str| {
            columns.iter().map(|column| each(column)).collect::<Vec<_>>().join(between)
        };
        let Table { name, key, columns, .. } = table;
        let names = columns.join(", ");
        let by_key = list(key, &|column| format!("t.{column} = {}", typed("k", column)), " and ");
        let keys = format!("unnest({}) as k ({})", arrays(key.len()), key.join(", "));
        let shown = list(columns, &|column| format!("t.{column}::text"), ", ");
        let values = list(columns, &|column| typed("v", column), ", ");
        let rest: Vec<&str> = columns.iter().copied().filter(|c| !key.contains(c)).collect();
        let set = list(&rest, &|column| format!("{column} = excluded.{column}"), ", ");
        let mut types: Vec<(&str, &str)> =
            columns.iter().map(|column| (*column, type_of(column).unwrap_or("text"))).collect();
        let log = Bulk::new(name, &types);
        types.push(("until_block", "bigint"));
        let history = Bulk::new(&format!("{name}_history"), &types);
        Ok(Self {
            table,
            load: safe(format!("select {shown} from {keys} join {name} t on {by_key}")),
            put: safe(format!(
                "insert into {name} ({names}) select {values} from unnest({}) as v ({names}) \
                 on conflict ({}) do update set {set}",
                arrays(columns.len()),
                key.join(", ")
            )),
            log,
            history,
        })
    }

    /// The table.
    pub(super) fn table(&self) -> Table {
        self.table
    }

    /// The rows of these keys that there are.
    pub(super) async fn load(
        &self,
        keys: &Rows,
        db: &mut PgConnection,
    ) -> Result<Texts, sqlx::Error> {
        let columns = self.table.columns.len();
        let found = bound(self.load.clone(), keys, self.table.key.len()).fetch_all(db).await?;
        let rows = found
            .iter()
            .map(|row| (0..columns).map(|index| row.try_get(index)).collect())
            .collect::<Result<_, _>>()?;
        Ok(Texts { table: self.table, rows })
    }

    /// Writes what changed.
    pub(super) async fn write(
        &self,
        changes: &Changes,
        db: &mut PgConnection,
    ) -> Result<(), sqlx::Error> {
        let Changes { table: _, put, closed } = changes;
        match self.table.kind {
            _ if put.is_empty() => {}
            Kind::Current => {
                let put = bound(self.put.clone(), put, self.table.columns.len());
                put.execute(&mut *db).await?;
            }
            Kind::Log => self.log.write(put, &mut *db).await?,
        }
        self.history.write(closed, db).await
    }
}

type Query<'q> = sqlx::query::Query<'q, sqlx::Postgres, sqlx::postgres::PgArguments>;

/// A query whose parameters are the columns of these rows, an array each.
fn bound(sql: SqlStr, rows: &Rows, columns: usize) -> Query<'_> {
    let column = |index: usize| -> Vec<Option<&str>> {
        rows.iter().map(|row| row.get(index).and_then(Option::as_deref)).collect()
    };
    (0..columns).fold(sqlx::query(sql), |query, index| query.bind(column(index)))
}

/// Copies rows into a table.
async fn copy(sql: SqlStr, rows: &Rows, db: &mut PgConnection) -> Result<(), sqlx::Error> {
    let mut text = String::new();
    for row in rows {
        for (index, value) in row.iter().enumerate() {
            if index > 0 {
                text.push('\t');
            }
            match value {
                Some(value) => escape(value, &mut text),
                None => text.push_str("\\N"),
            }
        }
        text.push('\n');
    }
    let mut copy = db.copy_in_raw(sql.as_str()).await?;
    copy.send(text.into_bytes()).await?;
    copy.finish().await?;
    Ok(())
}

/// What COPY reads as this value.
fn escape(value: &str, text: &mut String) {
    if !value.contains(['\\', '\t', '\n', '\r']) {
        text.push_str(value);
        return;
    }
    for character in value.chars() {
        match character {
            '\\' => text.push_str("\\\\"),
            '\t' => text.push_str("\\t"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            other => text.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_separates_values_in_copy_is_escaped() {
        let mut text = String::new();
        escape("a\\x\tb\nc\rd", &mut text);
        assert_eq!(text, "a\\\\x\\tb\\nc\\rd");
    }
}
