//! Why the database refused, and whether to try again.

use assent_client::Hash;
use assent_mirror::column::NotAColumn;
use assent_mirror::fold::Projection;
use sqlx::migrate::MigrateError;

/// Why the database could not be opened or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be connected to.
    #[error("the database cannot be opened: {0}")]
    Connect(sqlx::Error),
    /// The database failed or is away.
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
    /// The database does not answer.
    #[error("the database did not answer within {0} seconds")]
    Timeout(u64),
    /// The schema could not be brought up to date.
    #[error("the database's schema could not be migrated: {0}")]
    Migrate(MigrateError),
    /// The schema has a migration that this indexer has in another form. What a release brought never
    /// changes, so no release made it.
    #[error(
        "the database was made by an earlier build that was never released: its migration {0} is \
         another than this indexer's; drop the database, create an empty one, and the chain is \
         indexed again"
    )]
    Unreleased(i64),
    /// The schema has a migration that this indexer does not have.
    #[error(
        "the database was written by a newer indexer: it has migration {0}; install that indexer"
    )]
    Newer(i64),
    /// Another indexer writes to this database.
    #[error(
        "another indexer holds the writer lock of this database; stop it, or give this one a \
         database of its own (--database-url)"
    )]
    Locked,
    /// Another rebuild of the same projection runs, or an audit.
    #[error(
        "the projection {} is being rebuilt or audited already; wait for that, or stop it",
        .0.name()
    )]
    Rebuilding(Projection),
    /// The rows of a projection were replaced by others while they were known here.
    #[error("the rows of a projection were rebuilt; they are read again")]
    Replaced,
    /// There is nothing to make rows from.
    #[error("nothing is indexed yet; start `assent-indexer run` on this database")]
    NothingIndexed,
    /// The database mirrors another chain.
    #[error(
        "the database mirrors the chain with genesis {stored}, but the manifest is of {manifest}; \
         give this chain a new, empty database (--database-url)"
    )]
    OtherChain {
        /// Genesis hash in the database.
        stored: Hash,
        /// Genesis hash in the manifest.
        manifest: Hash,
    },
    /// The database mirrors other contracts of the same chain.
    #[error(
        "the database mirrors another deployment: {difference}; give this manifest a new, empty \
         database (--database-url)"
    )]
    OtherDeployment {
        /// Which contract differs, and how.
        difference: String,
    },
    /// A block was left out, or is written twice.
    #[error("block {found} was to be written, but the next one is {expected}")]
    NotNext {
        /// The height above the watermark.
        expected: u64,
        /// The height that came.
        found: u64,
    },
    /// The node's chain does not continue the stored one.
    #[error(
        "block {number} of the node has the parent {parent}, but the database holds {stored} for \
         it: the node follows another chain than the one that was indexed; check --node-url"
    )]
    OtherParent {
        /// Height of the block.
        number: u64,
        /// Its parent by the node.
        parent: Hash,
        /// The block below by the database.
        stored: Hash,
    },
    /// A projection's table is not there, or has other columns.
    #[error(
        "the table {table} of the database is not the one that this indexer writes; give it a new, \
         empty database (--database-url), and the chain is indexed again"
    )]
    Schema {
        /// Which table.
        table: &'static str,
    },
    /// A row that was read is not one of its table.
    #[error("a row of {table} cannot be read: {source}")]
    Row {
        /// Which table.
        table: &'static str,
        /// What is wrong.
        source: NotAColumn,
    },
    /// A projection's rows were made by another version of it.
    #[error(
        "the rows of the projection {name} are of its version {stored}, and this indexer makes \
         version {}; make them again with `assent-indexer rebuild --projection {name}`",
        projection.version(),
        name = projection.name()
    )]
    Version {
        /// Which projection.
        projection: Projection,
        /// The version in the database.
        stored: i32,
    },
    /// A height or a time does not fit the database.
    #[error("{0} exceeds what the database can hold")]
    TooLarge(u64),
    /// A value cannot be an argument of the view that it is compared with.
    #[error("the database holds {value} where a contract takes no such value")]
    Argument {
        /// The value.
        value: String,
    },
    /// The schema is not ours.
    #[error("the database holds a block hash of {0} bytes; the schema is not this indexer's")]
    StoredHash(usize),
}

impl From<MigrateError> for StoreError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::VersionMismatch(version) => StoreError::Unreleased(version),
            MigrateError::VersionMissing(version) => StoreError::Newer(version),
            other => StoreError::Migrate(other),
        }
    }
}

impl StoreError {
    /// Does it help to connect again and go on from the watermark?
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            StoreError::Connect(error) | StoreError::Database(error) => is_transient(error),
            StoreError::Timeout(_) => true,
            StoreError::Migrate(
                MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _),
            ) => is_transient(error),
            _ => false,
        }
    }
}

/// Does the database refuse what is written, rather than to write?
pub(super) fn is_refusal(error: &sqlx::Error) -> bool {
    // A value that its column does not take, or a constraint.
    let code = error.as_database_error().and_then(|error| error.code());
    code.is_some_and(|code| code.starts_with("22") || code.starts_with("23"))
}

/// Do others hold what is needed?
pub(super) fn is_contention(error: &sqlx::Error) -> bool {
    // Serialization, deadlock, a lock that is not had in time.
    let code = error.as_database_error().and_then(|error| error.code());
    code.is_some_and(|code| ["40001", "40P01", "55P03"].contains(&&*code))
}

/// Does it help to connect again?
pub(crate) fn is_transient(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| {
            // Connection lost, transaction rolled back, out of resources, lock not available,
            // shutdown or cancelled; and a standby that is not yet the primary.
            ["08", "40", "53", "55", "57"].iter().any(|class| code.starts_with(class))
                || code == "25006"
        }),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_connection_is_retried_and_a_contradiction_is_not() {
        let lost = || sqlx::Error::Io(std::io::ErrorKind::ConnectionRefused.into());
        assert!(StoreError::Database(lost()).is_transient());
        assert!(!StoreError::Locked.is_transient());
    }
}
