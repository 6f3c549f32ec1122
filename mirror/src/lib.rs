#![doc = include_str!("../README.md")]

mod invariants;
mod position;

pub use invariants::{INVARIANTS, Invariant, Violation, violations};
pub use position::{ParsePositionError, Position};

/// The schema that the indexer writes and the API reads: one file a domain.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!("./migrations");
