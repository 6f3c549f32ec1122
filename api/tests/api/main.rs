//! The API in-process, on mirrors that the indexer's writer filled.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, also in its helpers")]

mod access_log;
mod carbon;
mod consent_check;
mod consents;
mod delegates;
mod emergencies;
mod erasures;
mod events;
mod governance;
mod health;
mod mandates;
mod market;
mod openapi;
mod participants;
mod patient_choices;
mod proposals;
mod reads;
mod reports;
mod rewards;
mod routes;
mod server;
mod sight;
mod sign_in;
mod successions;
mod support;
mod tokens;
