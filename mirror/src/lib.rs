#![doc = include_str!("../README.md")]

pub mod column;
pub mod database;
pub mod decision;
pub mod fold;
mod invariants;
mod memory;
mod position;
mod rows;
pub mod table;

pub use invariants::{INVARIANTS, Invariant, Violation, violations};
pub use memory::{Memory, Repeated};
pub use position::{ParsePositionError, Position};
pub use rows::{Changes, Rows, Values};

/// The schema that the indexer writes and the API reads: one file a domain.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!("./migrations");

/// The version of the schema that readers rely on, as in `network.reader_version`. A migration that takes away
/// or changes what a reader reads raises both; one that only adds leaves them.
pub const READER_VERSION: i32 = 1;
