//! The API in-process, on the indexer's real tables.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, also in its helpers")]

mod carbon;
mod consents;
mod events;
mod health;
mod money;
mod participants;
mod reports;
mod routes;
mod server;
mod support;
