#![doc = include_str!("../README.md")]

pub mod bundle;
pub mod chain;
pub mod contract;
mod dry_run;
pub mod governance;
pub mod manifest;
mod metadata;
pub mod plan;
mod submit;
pub mod timing;
pub mod value;

/// An account or contract address; prints and parses as SS58 with prefix 42.
pub use subxt::utils::AccountId32;
