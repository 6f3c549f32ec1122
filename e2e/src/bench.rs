//! What the indexer is measured with: chains that are built once and kept, the indexer on them, and
//! beside it the limits of what it could do at best.
//!
//! Everything that is compared is measured in one run, on one machine, with the same node and the same
//! Postgres, several times each; the fastest time counts, because everything else that runs on the
//! machine only makes it longer.

pub mod bare;
pub mod compare;
pub mod copy;
pub mod database;
pub mod dense;
pub mod indexer;
pub mod kept;
pub mod latency;
pub mod npm;
pub mod rebuild;
pub mod report;
pub mod sealer;
pub mod usage;
pub mod whole;
