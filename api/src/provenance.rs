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

/// The last block that the mirror has taken in; everything up to it is part of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, FromRow, ToSchema)]
pub struct AsOf {
    /// Number of the block.
    pub block_number: i64,
    /// Hash of the block.
    pub block_hash: Hash,
}
