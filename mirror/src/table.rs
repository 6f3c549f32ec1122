//! A table and its row type, declared once.

use std::fmt;
use std::hash::Hash;

use crate::column::{Column, NotAColumn, Type, Value};
use crate::position::Position;

/// How rows of a table come and go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A row shows how something stands now. What it said before is in `<table>_history`, with the
    /// block from which on it no longer did.
    Current,
    /// A row says that something happened; it never changes.
    Log,
}

/// What is known of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// How its rows come and go.
    pub kind: Kind,
    /// The columns of its primary key.
    pub key: &'static [&'static str],
    /// All its columns, in the order of [`Row::values`].
    pub columns: &'static [&'static str],
    /// Their types, in the same order.
    pub types: &'static [Type],
}

/// A row of a table that a projection holds.
pub trait Row: fmt::Debug + Clone + PartialEq + Send + Sync + 'static {
    /// Value of the primary key.
    type Key: Key;
    /// The table.
    const TABLE: Table;

    /// Its primary key.
    fn key(&self) -> Self::Key;
    /// The last event that changed it.
    fn at(&self) -> Position;
    /// Sets that event.
    fn set_at(&mut self, at: Position);
    /// Its values, in the order of the columns.
    fn values(&self) -> Vec<Value>;
    /// From its values, in the order of the columns.
    ///
    /// # Errors
    ///
    /// [`NotAColumn`] when they are not those of such a row.
    fn read(values: Vec<Value>) -> Result<Self, NotAColumn>;
}

/// Value of a primary key: one column, or a tuple of them.
pub trait Key: fmt::Debug + Clone + Eq + Ord + Hash + Send + Sync + 'static {
    /// Its values, in the order of [`Table::key`].
    fn values(&self) -> Vec<Value>;
}

impl Key for Position {
    fn values(&self) -> Vec<Value> {
        vec![self.block_number.value(), self.event_index.value()]
    }
}

macro_rules! keys {
    ($(($($part:ident: $index:tt),+))+) => {$(
        impl<$($part),+> Key for ($($part,)+)
        where
            $($part: Column + fmt::Debug + Eq + Ord + Hash + Send + Sync + 'static,)+
        {
            fn values(&self) -> Vec<Value> {
                vec![$(self.$index.value()),+]
            }
        }
    )+};
}

keys!((A: 0)(A: 0, B: 1)(A: 0, B: 1, C: 2));

/// Declares the row types of a projection's tables, each with the position of the last event that
/// changed it, and `TABLES`, the list of them. A key in brackets is the primary key; a log without
/// one is keyed by the position.
macro_rules! tables {
    ($(
        $(#[doc = $doc:literal])*
        $kind:ident $row:ident in $table:literal $([$($key_doc:ident: $key:ty),+])? {
            $($(#[doc = $field_doc:literal])* $field:ident: $type:ty,)*
        }
    )+) => {
        $(
            $(#[doc = $doc])*
            #[derive(Debug, Clone, PartialEq)]
            #[allow(missing_docs, reason = "the columns are described in the migrations")]
            pub struct $row {
                $($(pub $key_doc: $key,)+)?
                $($(#[doc = $field_doc])* pub $field: $type,)*
                /// The last event that changed it.
                pub at: $crate::Position,
            }

            impl $crate::table::Row for $row {
                type Key = $crate::table::tables!(@key $($($key),+)?);
                const TABLE: $crate::table::Table = $crate::table::Table {
                    name: $table,
                    kind: $crate::table::Kind::$kind,
                    key: $crate::table::tables!(@names $($($key_doc),+)?),
                    columns: &[
                        $($(stringify!($key_doc),)+)? $(stringify!($field),)*
                        "block_number", "event_index",
                    ],
                    types: &[
                        $($(<$key as $crate::column::Column>::TYPE,)+)?
                        $(<$type as $crate::column::Column>::TYPE,)*
                        $crate::column::Type::Bigint, $crate::column::Type::Integer,
                    ],
                };

                fn key(&self) -> Self::Key {
                    $crate::table::tables!(@value self $($($key_doc),+)?)
                }

                fn at(&self) -> $crate::Position {
                    self.at
                }

                fn set_at(&mut self, at: $crate::Position) {
                    self.at = at;
                }

                fn values(&self) -> Vec<$crate::column::Value> {
                    use $crate::column::Column as _;
                    vec![
                        $($(self.$key_doc.value(),)+)?
                        $(self.$field.value(),)*
                        self.at.block_number.value(),
                        self.at.event_index.value(),
                    ]
                }

                fn read(
                    values: Vec<$crate::column::Value>,
                ) -> Result<Self, $crate::column::NotAColumn> {
                    use $crate::column::Column as _;
                    let mut values = values.into_iter();
                    let mut next = || values.next().unwrap_or($crate::column::Value::Null);
                    Ok(Self {
                        $($($key_doc: <$key>::read(next())?,)+)?
                        $($field: <$type>::read(next())?,)*
                        at: $crate::Position {
                            block_number: i64::read(next())?,
                            event_index: i32::read(next())?,
                        },
                    })
                }
            }
        )+

        /// The tables of this projection.
        pub(crate) const TABLES: &[$crate::table::Table] =
            &[$(<$row as $crate::table::Row>::TABLE,)+];

        /// No row of them yet.
        pub(crate) fn rows() -> $crate::Rows {
            $crate::Rows::new(vec![$($crate::Rows::table::<$row>(),)+])
        }
    };
    (@key) => { $crate::Position };
    (@key $($key:ty),+) => { ($($key,)+) };
    (@names) => { &["block_number", "event_index"] };
    (@names $($key:ident),+) => { &[$(stringify!($key)),+] };
    (@value $self:ident) => { $self.at };
    (@value $self:ident $($key:ident),+) => { ($($self.$key.clone(),)+) };
}
pub(crate) use tables;
