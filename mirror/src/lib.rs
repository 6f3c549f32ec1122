#![doc = include_str!("../README.md")]

mod position;

pub use position::{ParsePositionError, Position};

/// The schema that the indexer writes and the API reads: one file a domain.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!("./migrations");
