#![doc = include_str!("../README.md")]

pub mod config;
pub mod decode;
pub mod pipeline;
pub mod source;
pub mod store;

pub use config::Config;
pub use pipeline::{RunError, run};
