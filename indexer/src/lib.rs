#![doc = include_str!("../README.md")]

pub mod audit;
pub mod config;
pub mod decode;
pub mod metrics;
mod need;
pub mod pipeline;
pub mod progress;
pub mod prove;
pub mod source;
pub mod status;
pub mod store;
mod thread;

pub use config::{Cli, Command, Config};
pub use need::NeedError;
pub use pipeline::{RunError, run};
