#![doc = include_str!("../README.md")]

mod address;
pub mod bundle;
#[cfg(feature = "online")]
pub mod chain;
#[cfg(feature = "online")]
pub mod contract;
#[cfg(feature = "online")]
mod dry_run;
mod emitted;
pub mod governance;
pub mod manifest;
mod metadata;
pub mod native;
pub mod receipt;
#[cfg(feature = "online")]
pub mod secret;
pub mod setting;
#[cfg(feature = "online")]
mod submit;
pub mod timing;
pub mod value;

pub use address::{Account, Hash, ParseError};
pub use emitted::{CodeRecord, EmittedEvent};
#[cfg(feature = "online")]
pub use emitted::{Record, Records};
