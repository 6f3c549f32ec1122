//! What every command needs first: a manifest, settings that say where things are, the database, the node.

use assent_client::manifest::ManifestError;
use assent_client::setting::Empty;

use crate::config::{Database, DatabaseError};
use crate::source::SourceError;
use crate::store::{self, StoreError};

/// Why a command lacks what every command needs.
#[derive(Debug, thiserror::Error)]
pub enum NeedError {
    /// The manifest or a bundle that it names is not usable.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// A URL is empty.
    #[error(transparent)]
    Empty(#[from] Empty),
    /// The database URL is not one, or the database that it names cannot be opened.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The node cannot be used.
    #[error(transparent)]
    Source(#[from] SourceError),
}

impl NeedError {
    /// Why the database cannot be used, by the setting that names it.
    #[must_use]
    pub fn of(error: StoreError, database: &Database) -> Self {
        match error {
            StoreError::Connect(reason) => {
                DatabaseError::Open { setting: database.setting(), reason }.into()
            }
            other => other.into(),
        }
    }

    /// Does it help to try again?
    pub(crate) fn is_transient(&self) -> bool {
        match self {
            NeedError::Source(error) => error.is_transient(),
            NeedError::Database(DatabaseError::Open { reason, .. }) => store::is_transient(reason),
            NeedError::Store(error) => error.is_transient(),
            NeedError::Manifest(_) | NeedError::Empty(_) | NeedError::Database(_) => false,
        }
    }
}

impl From<sqlx::Error> for NeedError {
    fn from(error: sqlx::Error) -> Self {
        NeedError::Store(error.into())
    }
}

/// Has `?` make the error of a command of what it needs: by its case `Need`.
macro_rules! needs {
    ($error:ty) => {
        $crate::need::needs!($error: assent_client::manifest::ManifestError,
            assent_client::setting::Empty, $crate::config::DatabaseError,
            $crate::store::StoreError, $crate::source::SourceError, sqlx::Error);
    };
    ($error:ty: $($cause:ty),+) => {$(
        impl From<$cause> for $error {
            fn from(cause: $cause) -> Self {
                Self::Need(cause.into())
            }
        }
    )+};
}
pub(crate) use needs;
