//! The API in-process, on the indexer's real tables.

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
