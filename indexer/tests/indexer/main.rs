//! The indexer against the real Postgres, most of it without a node.

mod audit;
mod bulk;
mod codes;
mod invariants;
mod operation;
mod projections;
mod run;
mod store;
