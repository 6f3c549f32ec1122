#![doc = include_str!("../README.md")]

mod config;
mod cursor;
mod error;
mod http;
mod metrics;
mod openapi;
mod page;
mod parameters;
mod provenance;
mod scheduled;
mod server;
mod state;
mod types;
mod vocabulary;
mod watch;

pub use config::Config;
pub use http::router;
pub use server::{ServeError, Server, serve};
pub use state::{AppState, Deployment, Limits, pool};
