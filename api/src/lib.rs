#![doc = include_str!("../README.md")]

mod command;
mod config;
mod cursor;
mod error;
mod http;
mod identity;
mod metrics;
mod openapi;
mod page;
mod parameters;
mod provenance;
mod scheduled;
mod server;
mod sight;
mod state;
mod types;
mod vocabulary;
mod watch;

pub use command::{Command, CommandError, Database, KeyCommand};
pub use config::Config;
pub use http::router;
pub use identity::{IdentityError, Rates, auth};
pub use server::{ServeError, Server, serve};
pub use state::{AppState, Deployment, Limits, pool};
