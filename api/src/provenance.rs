//! Where an answer comes from: the event behind an item, and the block behind a whole answer.

use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use crate::types::Hash;

/// The last event that changed this item, by its place on the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromRow, ToSchema)]
pub struct Provenance {
    /// Number of the block.
    pub block_number: i64,
    /// Hash of the block.
    pub block_hash: Hash,
    /// Index of the event in System.Events of the block.
    pub event_index: i32,
}

impl Provenance {
    /// Key of the event in a list in the order of the chain.
    pub fn position(&self) -> (i64, i32) {
        (self.block_number, self.event_index)
    }
}

/// The last block that the mirror has taken in; everything up to it is part of the answer, and nothing later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, FromRow, ToSchema)]
pub struct AsOf {
    /// Number of the block.
    pub block_number: i64,
    /// Hash of the block.
    pub block_hash: Hash,
    /// Time of the block, ms since 1970.
    pub block_time_ms: i64,
    /// How old the block was when this was answered, in seconds, by the database's clock.
    pub age_seconds: i64,
}

/// One item, and the block that it is of.
#[derive(Debug, Serialize, ToSchema)]
pub struct Item<T> {
    /// The item.
    #[serde(flatten)]
    pub item: T,
    /// The block that it is of.
    pub as_of: AsOf,
}
