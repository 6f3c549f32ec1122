//! The one place where errors become HTTP: RFC 9457 problem documents.

use std::{any::Any, sync::Arc};

use assent_auth::AuthError;
use assent_client::setting::one_line;
use assent_mirror::READER_VERSION;
use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

/// Seconds after which a client should ask again when the service is not ready.
const RETRY_AFTER: &str = "5";

/// Why a request got no answer.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// A parameter is wrong.
    #[error("{field} {detail}")]
    Invalid {
        /// Name of the parameter.
        field: String,
        /// What is wrong with it and what would be right; follows the name.
        detail: String,
    },
    /// Nothing in the mirror has this key.
    #[error("{0}")]
    NotFound(String),
    /// There is no such route.
    #[error("There is no such route; /docs lists those that there are.")]
    NoRoute,
    /// The route exists, but not for this method.
    #[error(
        "The route is there, but not for this method: the header Allow names those that it has."
    )]
    MethodNotAllowed,
    /// Whoever asks is not known, or may not ask this.
    #[error(transparent)]
    Auth(#[from] AuthError),
    /// Only auditors and regulators may ask this.
    #[error("Only auditors and regulators may ask this, as the participants contract knows them.")]
    RoleNeeded,
    /// The mirror cannot answer now.
    #[error(transparent)]
    Unready(#[from] Unready),
    /// Another key has replaced the one that asks.
    #[error(
        "The key that asks was replaced and acts for nobody: sign in with the one that acts now, or have an \
         API key made for that."
    )]
    KeyReplaced,
    /// The request took too long to arrive.
    #[error(
        "The file took too long to arrive: send it without pauses of 10 s, and within an hour."
    )]
    TooSlow,
    /// The answer took too long.
    #[error("The answer took too long; ask for less, for example with a smaller limit.")]
    Timeout,
    /// A fault of ours: logged here, and not shown.
    #[error("The service failed on this request; its log says why.")]
    Internal(#[source] Fault),
}

/// What a client is not told.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// A query failed or a row does not fit.
    #[error("a database query failed")]
    Database(#[source] sqlx::Error),
    /// A handler panicked.
    #[error("a handler panicked: {0}")]
    Panic(String),
}

/// Why the mirror cannot answer now.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Unready {
    /// No connection.
    #[error("The database does not answer: check that it runs and that --database-url is right.")]
    Database(#[source] Arc<sqlx::Error>),
    /// All connections are taken, or a table is locked.
    #[error(
        "The service is busy: its connections to the database are all in use, or somebody holds a lock \
         on what was asked for. Ask again."
    )]
    Busy,
    /// The query met a change of the mirror, twice.
    #[error("The mirror is being changed, for example rebuilt. Ask again.")]
    Changing(#[source] Arc<sqlx::Error>),
    /// The tables are not there.
    #[error("The database has no tables yet: start assent-indexer on it.")]
    NotMigrated,
    /// The indexer has not taken in a block yet.
    #[error("Nothing is indexed yet: wait for assent-indexer, or look at its log.")]
    NothingIndexed,
    /// Database and manifest are of two chains.
    #[error(
        "The database mirrors the chain with genesis {found}, the manifest is of {expected}: \
         give the --manifest and the --database-url of one deployment."
    )]
    OtherChain {
        /// Genesis hash in the manifest.
        expected: String,
        /// Genesis hash in the database.
        found: String,
    },
    /// The tables are of another version.
    #[error(
        "The mirror is of version {found}, and this assent-api reads version {READER_VERSION}: run the \
         one that belongs to the indexer."
    )]
    OtherVersion {
        /// What the database says.
        found: i32,
    },
    /// The rows of a projection are of another version.
    #[error(
        "The rows of {projection} are of version {found}, which this assent-api does not know: run the \
         one that belongs to the indexer, or wait until the indexer has rebuilt them."
    )]
    OtherProjection {
        /// Name of the projection.
        projection: &'static str,
        /// What the database says.
        found: i32,
    },
    /// The indexer is silent.
    #[error(
        "The indexer was last heard of {silent_seconds} s ago, more than {max_lag_seconds} s: \
         look at the log of assent-indexer and at its node."
    )]
    Silent {
        /// Since it last wrote.
        silent_seconds: i64,
        /// What --max-lag-seconds allows.
        max_lag_seconds: u32,
    },
    /// The part of the mirror that was asked for stands still.
    #[error(
        "The indexer met an event that it cannot make sense of: what it makes of {projection} stands \
         still at block {block}, and is not served. assent-indexer status says why; an indexer that belongs to \
         the deployed contracts goes on."
    )]
    Stopped {
        /// Name of the projection.
        projection: &'static str,
        /// The last block that it is of.
        block: i64,
    },
    /// The indexer writes old blocks.
    #[error(
        "The last block in the mirror is {age_seconds} s old, more than {max_lag_seconds} s: \
         wait for assent-indexer to catch up; /v1/status shows how far it is."
    )]
    CatchingUp {
        /// Age of the block.
        age_seconds: i64,
        /// What --max-lag-seconds allows.
        max_lag_seconds: u32,
    },
    /// Nobody should act on what is this old.
    #[error(
        "The last block in the mirror is {age_seconds} s old, more than {max_staleness_seconds} s: what \
         was permitted then may have been taken back since. Ask the contract, or wait for \
         assent-indexer; /v1/status shows how far it is."
    )]
    Stale {
        /// Age of the block.
        age_seconds: i64,
        /// What --max-staleness-seconds allows.
        max_staleness_seconds: u32,
    },
    /// Nobody has looked.
    #[error("How the mirror stands could not be found out; the log of this service says why.")]
    Unknown,
    /// The signal to stop has come.
    #[error("The service is about to end: ask another one.")]
    Stopping,
}

impl Unready {
    /// Whether the same request may well succeed at once.
    fn passes(&self) -> bool {
        matches!(self, Self::Changing(_) | Self::NotMigrated)
    }

    /// Short name for programs.
    fn reason(&self) -> &'static str {
        match self {
            Self::Database(_) => "database-unavailable",
            Self::Busy => "busy",
            Self::Changing(_) => "changing",
            Self::NotMigrated => "database-empty",
            Self::NothingIndexed => "nothing-indexed",
            Self::OtherChain { .. } => "other-chain",
            Self::OtherVersion { .. } | Self::OtherProjection { .. } => "other-version",
            Self::Silent { .. } => "indexer-silent",
            Self::CatchingUp { .. } => "catching-up",
            Self::Stopped { .. } => "projection-stopped",
            Self::Stale { .. } => "stale",
            Self::Unknown => "unknown",
            Self::Stopping => "stopping",
        }
    }
}

impl ApiError {
    /// A parameter is wrong; `detail` follows the name of the field in a sentence.
    pub fn invalid(field: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::Invalid { field: field.into(), detail: detail.into() }
    }

    /// Nothing has this key, or it is not for who asks: what somebody may not see does not exist for him.
    pub fn unseen(what: impl std::fmt::Display) -> Self {
        Self::NotFound(format!("{what}, or it is not yours to see."))
    }

    /// Problem for a handler that panicked, for the layer that catches panics.
    pub fn from_panic(payload: Box<dyn Any + Send>) -> Response {
        let text = payload
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| payload.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "no message".to_owned());
        Self::Internal(Fault::Panic(text)).into_response()
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Invalid { .. } => StatusCode::BAD_REQUEST,
            Self::NotFound(_) | Self::NoRoute => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Auth(error) => error.status(),
            Self::RoleNeeded | Self::KeyReplaced => StatusCode::FORBIDDEN,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Unready(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Timeout => StatusCode::GATEWAY_TIMEOUT,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Type of the problem, and its title.
    fn kind(&self) -> (&'static str, &'static str) {
        match self {
            Self::Invalid { .. } => ("invalid-parameter", "A parameter is not valid"),
            Self::NotFound(_) => ("not-found", "Not found"),
            Self::NoRoute => ("no-route", "No such route"),
            Self::MethodNotAllowed => ("method-not-allowed", "Method not allowed"),
            Self::Auth(error) => error.kind(),
            Self::KeyReplaced => ("key-replaced", "The key was replaced"),
            Self::TooSlow => ("too-slow", "Too slow"),
            Self::RoleNeeded => ("role-needed", "A role is needed"),
            Self::Unready(_) => ("not-ready", "Not ready"),
            Self::Timeout => ("timeout", "Timed out"),
            Self::Internal(_) => ("internal", "Internal error"),
        }
    }
}

impl From<sqlx::Error> for ApiError {
    fn from(error: sqlx::Error) -> Self {
        let code = error.as_database_error().and_then(|error| error.code());
        match code.as_deref() {
            // query_canceled: the statement ran into its time limit.
            Some("57014") => return Self::Timeout,
            // lock_not_available: it ran into that for locks.
            Some("55P03") => return Unready::Busy.into(),
            // undefined_table
            Some("42P01") => return Unready::NotMigrated.into(),
            // serialization_failure; in_failed_sql_transaction; feature_not_supported, which is what a
            // prepared statement meets whose columns have changed.
            Some("40001" | "25P02" | "0A000") => {
                return Unready::Changing(Arc::new(error)).into();
            }
            // Wrong password or role, no such database, connection failures, too many connections
            // and the like, shutting down.
            Some(code)
                if ["08", "28", "3D", "53", "57"].iter().any(|class| code.starts_with(class)) =>
            {
                return Unready::Database(Arc::new(error)).into();
            }
            _ => {}
        }
        match error {
            sqlx::Error::PoolTimedOut => Unready::Busy.into(),
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => Unready::Database(Arc::new(error)).into(),
            _ => Self::Internal(Fault::Database(error)),
        }
    }
}

/// Marks an answer that may well be another one if the same is asked again at once.
#[derive(Debug, Clone, Copy)]
pub struct Passing;

/// An error, as RFC 9457 describes it (application/problem+json).
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Kind of the problem.
    #[schema(example = "urn:assent:problem:invalid-parameter")]
    r#type: String,
    /// The kind in words.
    title: &'static str,
    /// The HTTP status again.
    status: u16,
    /// What happened and what to do.
    detail: String,
    /// The parameter that is wrong, for 400.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    /// Why the service is not ready, for 503.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
}

/// Why an answer is none, in one word.
#[derive(Debug, Clone, Copy)]
pub struct Refusal(pub &'static str);

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        if let Self::Auth(error) = self {
            let (kind, _) = error.kind();
            let mut response = error.into_response();
            response.extensions_mut().insert(Refusal(kind));
            return response;
        }
        let status = self.status();
        match &self {
            Self::Internal(fault) => {
                tracing::error!(error = %one_line(fault), "A request failed by a fault of the service");
            }
            Self::Unready(reason) => {
                tracing::warn!(error = %one_line(reason), "A request found the mirror not ready");
            }
            Self::Timeout => tracing::warn!("A request ran into its time limit"),
            _ => {}
        }
        let passes = matches!(&self, Self::Unready(unready) if unready.passes());
        let (kind, title) = self.kind();
        let reason = match &self {
            Self::Unready(unready) => Some(unready.reason()),
            _ => None,
        };
        let problem = Problem {
            r#type: format!("urn:assent:problem:{kind}"),
            title,
            status: status.as_u16(),
            detail: self.to_string(),
            reason,
            field: match self {
                Self::Invalid { field, .. } => Some(field),
                _ => None,
            },
        };
        let mut response = (status, Json(problem)).into_response();
        response.extensions_mut().insert(Refusal(reason.unwrap_or(kind)));
        if passes {
            response.extensions_mut().insert(Passing);
        }
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_that_is_away_is_503_and_a_row_that_does_not_fit_is_500() {
        let status = |error: sqlx::Error| ApiError::from(error).status();
        let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
        assert_eq!(status(sqlx::Error::Io(refused)), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(status(sqlx::Error::PoolTimedOut), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(
            status(sqlx::Error::ColumnNotFound("owner".into())),
            StatusCode::INTERNAL_SERVER_ERROR
        );
    }

    #[test]
    fn a_fault_of_ours_shows_no_detail() {
        let error = ApiError::from(sqlx::Error::ColumnNotFound("secret_column".into()));
        assert!(!error.to_string().contains("secret_column"));
    }
}
