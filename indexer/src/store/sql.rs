//! The statements for the tables of projections: read by keys, written in bulk. Values go and come in the
//! types of their columns, see [`assent_mirror::column`]; whole numbers of any size go as text.

use std::collections::HashMap;

use assent_mirror::column::{Type, Value};
use assent_mirror::table::Table;
use assent_mirror::{Changes, Values};
use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, PgConnection, Row as _, SqlSafeStr as _, SqlStr};

use super::StoreError;

/// Values of rows, a row after the other.
pub(super) type Rows = [Vec<Value>];

/// The types of the columns of all tables, by table and column. A domain is named by the type below it,
/// and the column checks what the domain demands.
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

    /// Does a table stand there with its columns, and with no other?
    fn agree_with(&self, table: &Table) -> bool {
        let Some(found) = self.0.get(table.name) else { return false };
        let is_there = |(column, of_type): (&&str, &Type)| {
            found.get(*column).is_some_and(|found| found == of_type.name())
        };
        found.len() == table.columns.len() && table.columns.iter().zip(table.types).all(is_there)
    }
}

/// The statements for one table.
pub(super) struct TableSql {
    table: Table,
    load: SqlStr,
    /// The types of the key's columns.
    key: Vec<Type>,
    add: Bulk,
    change: SqlStr,
    history: Bulk,
}

/// New rows of a table, which conflict with none.
pub(super) struct Bulk {
    types: Vec<Type>,
    insert: SqlStr,
}

impl Bulk {
    /// The columns with their types.
    pub(super) fn new(table: &str, columns: &[&str], types: &[Type]) -> Self {
        let insert =
            format!("insert into {table} ({}) {}", columns.join(", "), given(columns, types));
        Self { types: types.to_vec(), insert: safe(insert) }
    }

    /// Writes rows.
    pub(super) async fn write(
        &self,
        rows: &Rows,
        db: &mut PgConnection,
    ) -> Result<(), sqlx::Error> {
        if let Some(statement) = self.statement(rows) {
            statement.execute(db).await?;
        }
        Ok(())
    }

    /// What writes rows, if there are any.
    fn statement(&self, rows: &Rows) -> Option<Statement> {
        statement(&self.insert, rows, &self.types)
    }
}

/// The rows that are given in one array a column. Side by side in the list of what is selected, since
/// Postgres keeps the rows of a function in `from` before it goes on.
fn given(columns: &[&str], types: &[Type]) -> String {
    let column = |(n, (column, of_type)): (usize, (&&str, &Type))| match of_type {
        Type::Numeric => format!("unnest(${n}::text[])::numeric as {column}"),
        other => format!("unnest(${n}::{}[]) as {column}", other.name()),
    };
    let columns: Vec<String> = (1..).zip(columns.iter().zip(types)).map(column).collect();
    format!("select {}", columns.join(", "))
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
        if !types.agree_with(&table) {
            return Err(StoreError::Schema { table: table.name });
        }
        let Table { name, key, columns, types, .. } = table;
        let type_of = |part: &&str| columns.iter().zip(types).find(|(column, _)| *column == part);
        let key_types = key.iter().filter_map(type_of).map(|(_, of_type)| *of_type);
        let key_types: Vec<Type> = key_types.collect();
        let shown = columns.iter().zip(types).map(|(column, of_type)| match of_type {
            Type::Numeric => format!("t.{column}::text"),
            _ => format!("t.{column}"),
        });
        let shown = shown.collect::<Vec<_>>().join(", ");
        let rest = columns.iter().filter(|column| !key.contains(column));
        let set: Vec<String> = rest.map(|column| format!("{column} = excluded.{column}")).collect();
        let history = Bulk::new(
            &format!("{name}_history"),
            &[columns, &["until_block"]].concat(),
            &[types, &[Type::Bigint]].concat(),
        );
        let keys = key.join(", ");
        Ok(Self {
            table,
            load: safe(format!(
                "select {shown} from ({}) as k join {name} t using ({keys})",
                given(key, &key_types)
            )),
            key: key_types,
            add: Bulk::new(name, columns, types),
            change: safe(format!(
                "insert into {name} ({}) {} on conflict ({keys}) do update set {}",
                columns.join(", "),
                given(columns, types),
                set.join(", ")
            )),
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
    ) -> Result<Values, StoreError> {
        let found = bound(self.load.clone(), keys, &self.key).fetch_all(db).await?;
        let values = |row: &PgRow| {
            let types = self.table.types.iter().enumerate();
            types.map(|(index, of_type)| value(row, index, *of_type, self.table.name)).collect()
        };
        let rows = found.iter().map(values).collect::<Result<_, _>>()?;
        Ok(Values { table: self.table, rows })
    }

    /// What writes these changes.
    pub(super) fn statements(&self, changes: &Changes) -> impl Iterator<Item = Statement> {
        let Changes { table: _, added, changed, closed } = changes;
        let changed = statement(&self.change, changed, self.table.types);
        [self.add.statement(added), changed, self.history.statement(closed)].into_iter().flatten()
    }
}

/// A statement with its parameters, ready to be sent.
pub(super) struct Statement(Query);

impl Statement {
    /// Runs it.
    pub(super) async fn execute(self, db: &mut PgConnection) -> Result<(), sqlx::Error> {
        self.0.execute(db).await?;
        Ok(())
    }
}

/// One for these rows, if there are any.
fn statement(sql: &SqlStr, rows: &Rows, types: &[Type]) -> Option<Statement> {
    (!rows.is_empty()).then(|| Statement(bound(sql.clone(), rows, types)))
}

type Query = sqlx::query::Query<'static, sqlx::Postgres, sqlx::postgres::PgArguments>;

/// A query whose parameters are the columns of these rows, an array each.
fn bound(sql: SqlStr, rows: &Rows, types: &[Type]) -> Query {
    /// What `each` takes out of the values of a column; the rest is null.
    fn column<'r, T>(
        rows: &'r Rows,
        index: usize,
        each: impl Fn(&'r Value) -> Option<T>,
    ) -> Vec<Option<T>> {
        rows.iter().map(|row| row.get(index).and_then(&each)).collect()
    }
    macro_rules! array {
        ($query:ident, $index:ident, $pattern:pat => $value:expr) => {
            $query.bind(column(rows, $index, |value| match value {
                $pattern => Some($value),
                other => {
                    debug_assert_eq!(*other, Value::Null, "a column has one type");
                    None
                }
            }))
        };
    }
    types.iter().enumerate().fold(sqlx::query(sql), |query, (n, of_type)| match of_type {
        Type::Boolean => array!(query, n, Value::Boolean(value) => *value),
        Type::Smallint => array!(query, n, Value::Smallint(value) => *value),
        Type::Integer => array!(query, n, Value::Integer(value) => *value),
        Type::Bigint => array!(query, n, Value::Bigint(value) => *value),
        Type::Numeric => array!(query, n, value @ Value::Numeric(_) => value.to_string()),
        Type::Bytea => array!(query, n, Value::Bytea(bytes) => bytes.as_slice()),
        Type::Text => array!(query, n, Value::Text(text) => text.as_ref()),
    })
}

/// What stands in a column of a row that was read.
fn value(
    row: &PgRow,
    index: usize,
    of_type: Type,
    table: &'static str,
) -> Result<Value, StoreError> {
    let value = match of_type {
        Type::Boolean => row.try_get::<Option<_>, _>(index)?.map(Value::Boolean),
        Type::Smallint => row.try_get::<Option<_>, _>(index)?.map(Value::Smallint),
        Type::Integer => row.try_get::<Option<_>, _>(index)?.map(Value::Integer),
        Type::Bigint => row.try_get::<Option<_>, _>(index)?.map(Value::Bigint),
        Type::Numeric => {
            let number = row.try_get::<Option<&str>, _>(index)?.map(Value::number).transpose();
            number.map_err(|source| StoreError::Row { table, source })?
        }
        Type::Bytea => row.try_get::<Option<_>, _>(index)?.map(Value::Bytea),
        Type::Text => {
            let text = row.try_get::<Option<String>, _>(index)?;
            text.map(|text| Value::Text(text.into()))
        }
    };
    Ok(value.unwrap_or(Value::Null))
}
