//! What clients read and make without a chain.

mod manifest;
mod metadata;
mod receipt;
mod text;
