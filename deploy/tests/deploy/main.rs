//! What deploy does without a chain.

mod bundles;
mod cli;
mod receipt;
mod report;
