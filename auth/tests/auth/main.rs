//! Signing in, sessions, API keys and limits through a router, on a real Postgres.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, also in its helpers")]

mod keys;
mod limits;
mod reads;
mod retention;
mod sessions;
mod sign_in;
mod support;
