//! The mirror without a database.

mod changes;
mod released;
