//! Why the database refused, and whether to try again.

use std::borrow::Cow;

use assent_client::Hash;
use assent_client::bundle::BundleError;
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
    Database(sqlx::Error),
    /// The connection does not lead to one session of the server.
    #[error(
        "the connection to the database is not one session of the server ({reason}): a pool in \
         transaction mode stands between, behind which the writer lock protects nothing; connect to \
         the server itself, or to a pool in session mode (--database-url)"
    )]
    NoSession {
        /// What shows it.
        reason: String,
    },
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
    /// Another rebuild of the same projection runs, or an audit.
    #[error(
        "the projection {} is being rebuilt or audited already; wait for that, or stop it",
        .0.name()
    )]
    Rebuilding(Projection),
    /// The rows of a projection were replaced by others while they were known here.
    #[error("the rows of a projection were rebuilt; they are read again")]
    Replaced,
    /// A second connection leads to another server than the first.
    #[error(
        "a second connection to the database does not find block {0}, which the first one has: it leads to \
         a standby that is behind; let --database-url lead to the primary alone"
    )]
    Behind(i64),
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
    /// A projection's table is not there, or has other columns, or of other types.
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
    /// A file of metadata cannot be used.
    #[error(transparent)]
    Metadata(BundleError),
    /// Metadata that was stored cannot be read.
    #[error("the metadata of a code in the database cannot be read: {0}")]
    StoredMetadata(BundleError),
    /// Metadata says something else of a code than what is known of it.
    #[error(
        "other metadata of the code {code_hash} is registered already, and events were decoded by it; \
         give the file that was built with that code"
    )]
    OtherMetadata {
        /// The code.
        code_hash: Hash,
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

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self::unless_of_a_pool(error, StoreError::Database)
    }
}

impl From<MigrateError> for StoreError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Execute(error) => error.into(),
            MigrateError::VersionMismatch(version) => StoreError::Unreleased(version),
            MigrateError::VersionMissing(version) => StoreError::Newer(version),
            other => StoreError::Migrate(other),
        }
    }
}

impl StoreError {
    /// That the database cannot be connected to.
    pub(super) fn connect(error: sqlx::Error) -> Self {
        Self::unless_of_a_pool(error, StoreError::Connect)
    }

    fn unless_of_a_pool(error: sqlx::Error, other: fn(sqlx::Error) -> Self) -> Self {
        if remedy(&error) == Remedy::Session {
            StoreError::NoSession { reason: error.to_string() }
        } else {
            other(error)
        }
    }

    /// Does it help to connect again and go on from the watermark?
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            StoreError::Connect(error) | StoreError::Database(error) => is_transient(error),
            StoreError::Timeout(_) | StoreError::Behind(_) => true,
            StoreError::Migrate(MigrateError::ExecuteMigration(error, _)) => is_transient(error),
            _ => false,
        }
    }

    /// Was too much asked for in one transaction?
    pub(crate) fn took_too_long(&self) -> bool {
        match self {
            StoreError::Timeout(_) => true,
            StoreError::Database(error) => code(error).is_some_and(|code| code == "57014"),
            _ => false,
        }
    }
}

/// What helps against a failure of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Remedy {
    /// The same transaction again, at once and on the same connection.
    Again,
    /// A new connection, after a pause.
    Reconnect,
    /// Another connection: this one is not one session of the server.
    Session,
    /// None that a program knows.
    Nothing,
}

fn remedy(error: &sqlx::Error) -> Remedy {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed => {
            Remedy::Reconnect
        }
        sqlx::Error::Database(_) => code(error).map_or(Remedy::Nothing, |code| remedy_of(&code)),
        _ => Remedy::Nothing,
    }
}

/// What helps against a failure with this SQLSTATE.
fn remedy_of(code: &str) -> Remedy {
    match code {
        // Serialization and deadlock: the server has undone the transaction in favour of another one,
        // and nothing else is wrong.
        "40001" | "40P01" => Remedy::Again,
        // What a pool says of parameters, prepared statements and messages that it does not hand on, and
        // a server of statements that another session prepared.
        "08P01" | "26000" | "42P05" => Remedy::Session,
        // The transaction failed before, which was lost on the way to here: in a new session there is
        // none. And the server has ended a session in whose transaction nothing was asked for 60 s.
        "25P02" | "25P03" => Remedy::Reconnect,
        // A standby that is not yet the primary.
        "25006" => Remedy::Reconnect,
        // A statement took longer than the server gives it, or somebody cancelled it. At once would only
        // burden the server more: after a pause, and fewer blocks at a time.
        "57014" => Remedy::Reconnect,
        // The database was dropped.
        "57P04" => Remedy::Nothing,
        // Connection lost, transaction rolled back, out of resources, lock not available, shutdown.
        _ if ["08", "40", "53", "55", "57"].iter().any(|class| code.starts_with(class)) => {
            Remedy::Reconnect
        }
        _ => Remedy::Nothing,
    }
}

fn code(error: &sqlx::Error) -> Option<Cow<'_, str>> {
    error.as_database_error().and_then(|error| error.code())
}

/// Does the database refuse what is written, rather than to write?
pub(super) fn is_refusal(error: &sqlx::Error) -> bool {
    // A value that its column does not take, or a constraint.
    code(error).is_some_and(|code| code.starts_with("22") || code.starts_with("23"))
}

/// Does the same transaction pass if it is tried again at once?
pub(super) fn is_undone(error: &sqlx::Error) -> bool {
    remedy(error) == Remedy::Again
}

/// Do others hold what is needed?
pub(super) fn is_contention(error: &sqlx::Error) -> bool {
    // Or a lock that is not had in time.
    is_undone(error) || code(error).is_some_and(|code| code == "55P03")
}

/// Does it help to connect again?
pub(crate) fn is_transient(error: &sqlx::Error) -> bool {
    matches!(remedy(error), Remedy::Again | Remedy::Reconnect)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_connection_is_retried_and_a_contradiction_is_not() {
        let lost = || sqlx::Error::Io(std::io::ErrorKind::ConnectionRefused.into());
        assert!(StoreError::from(lost()).is_transient());
        assert!(StoreError::connect(lost()).is_transient());
        assert!(!StoreError::NothingIndexed.is_transient());
        assert!(StoreError::Timeout(1).is_transient() && StoreError::Timeout(1).took_too_long());
    }

    #[test]
    fn each_failure_of_the_server_has_its_remedy() {
        let cases = [
            ("serialization_failure", "40001", Remedy::Again),
            ("deadlock_detected", "40P01", Remedy::Again),
            ("statement_completion_unknown", "40003", Remedy::Reconnect),
            ("protocol_violation", "08P01", Remedy::Session),
            ("invalid_sql_statement_name", "26000", Remedy::Session),
            ("duplicate_prepared_statement", "42P05", Remedy::Session),
            ("connection_failure", "08006", Remedy::Reconnect),
            ("in_failed_sql_transaction", "25P02", Remedy::Reconnect),
            ("idle_in_transaction_session_timeout", "25P03", Remedy::Reconnect),
            ("read_only_sql_transaction", "25006", Remedy::Reconnect),
            ("query_canceled", "57014", Remedy::Reconnect),
            ("admin_shutdown", "57P01", Remedy::Reconnect),
            ("cannot_connect_now", "57P03", Remedy::Reconnect),
            ("database_dropped", "57P04", Remedy::Nothing),
            ("disk_full", "53100", Remedy::Reconnect),
            ("too_many_connections", "53300", Remedy::Reconnect),
            ("lock_not_available", "55P03", Remedy::Reconnect),
            ("unique_violation", "23505", Remedy::Nothing),
            ("insufficient_privilege", "42501", Remedy::Nothing),
            ("invalid_password", "28P01", Remedy::Nothing),
        ];
        for (name, code, remedy) in cases {
            assert_eq!(remedy_of(code), remedy, "{name}");
        }
    }
}
