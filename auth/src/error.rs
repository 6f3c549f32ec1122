//! Why somebody is not let in, and the one place where that becomes HTTP: RFC 9457 problem documents, as all
//! services of Assent have them.

use std::time::Duration;

use assent_client::setting::one_line;
use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    key::KeyError, nonce::NonceError, scope::Scope, session::RefreshError, shown::CredentialsError,
    signature::SignatureError, token::TokenError,
};

/// Why a request got no answer.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// The body is not what the route takes.
    #[error("the body {0}")]
    Body(String),
    /// The body is longer than any that the route takes.
    #[error("the body has more than {0} bytes, and nothing that belongs in it needs as many")]
    TooLarge(usize),
    /// The nonce counts for nothing.
    #[error(transparent)]
    Nonce(#[from] NonceError),
    /// The signature counts for nothing.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// The refresh token counts for nothing.
    #[error(transparent)]
    Refresh(#[from] RefreshError),
    /// The request shows something that does not say who asks.
    #[error(transparent)]
    Credentials(#[from] CredentialsError),
    /// The access token counts for nothing.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The session of the access token does not go on.
    #[error("the session of the access token ended: sign in again")]
    Ended,
    /// The API key counts for nothing.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Only somebody who is known may ask this.
    #[error(
        "only who is signed in may ask this: send the header `Authorization: Bearer …` with the \
         access token of /sign-in, or with an API key"
    )]
    SignInNeeded,
    /// The API key is for other purposes.
    #[error("the API key lacks the scope `{0}`: ask for a key that has it")]
    ScopeNeeded(Scope),
    /// Too many requests.
    #[error("too many requests: wait for {} s; the header RateLimit-Policy says how many are allowed", .0.as_secs())]
    TooMany(Duration),
    /// The database does not answer.
    #[error("the service cannot reach its database now: try again soon")]
    Unavailable(#[source] sqlx::Error),
    /// A query failed, or a row does not fit.
    #[error("the service failed on this request; its log says why")]
    Database(#[source] sqlx::Error),
    /// The system gives no random numbers.
    #[error("the service failed on this request; its log says why")]
    Random(#[source] getrandom::Error),
    /// No token could be signed.
    #[error("the service failed on this request; its log says why")]
    Signing(#[source] jsonwebtoken::errors::Error),
}

impl AuthError {
    /// The status that it becomes.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Body(_) | Self::Signature(SignatureError::Hex | SignatureError::Form { .. }) => {
                StatusCode::BAD_REQUEST
            }
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Nonce(_)
            | Self::Signature(SignatureError::Mismatch(_))
            | Self::Refresh(_)
            | Self::Credentials(_)
            | Self::Token(_)
            | Self::Ended
            | Self::Key(_)
            | Self::SignInNeeded => StatusCode::UNAUTHORIZED,
            Self::ScopeNeeded(_) => StatusCode::FORBIDDEN,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Database(_) | Self::Random(_) | Self::Signing(_) => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        }
    }

    /// The end of the problem's type, and its title.
    #[must_use]
    pub fn kind(&self) -> (&'static str, &'static str) {
        match self {
            Self::Body(_) => ("invalid-body", "The body is not valid"),
            Self::TooLarge(_) => ("body-too-large", "The body is too large"),
            Self::Nonce(_) => ("nonce", "The nonce does not count"),
            Self::Signature(_) => ("signature", "The signature does not count"),
            Self::Refresh(_) => ("refresh-token", "The refresh token does not count"),
            Self::Credentials(_) => ("credentials", "The request does not say who asks"),
            Self::Token(TokenError::Expired) => ("token-expired", "The access token expired"),
            Self::Token(TokenError::Invalid) => ("token", "The access token does not count"),
            Self::Ended => ("session-ended", "The session ended"),
            Self::Key(_) => ("api-key", "The API key does not count"),
            Self::SignInNeeded => ("sign-in-needed", "Sign in first"),
            Self::ScopeNeeded(_) => ("scope-needed", "The API key is for other purposes"),
            Self::TooMany(_) => ("too-many-requests", "Too many requests"),
            Self::Unavailable(_) => ("not-ready", "Not ready"),
            Self::Database(_) | Self::Random(_) | Self::Signing(_) => {
                ("internal", "Internal error")
            }
        }
    }

    /// What HTTP says of how to be let in: RFC 6750.
    fn challenge(&self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Token(_) | Self::Ended | Self::Key(_) => r#"Bearer error="invalid_token""#,
            Self::Credentials(_) => r#"Bearer error="invalid_request""#,
            Self::ScopeNeeded(_) => r#"Bearer error="insufficient_scope""#,
            _ => "Bearer",
        })
    }
}

impl From<sqlx::Error> for AuthError {
    fn from(error: sqlx::Error) -> Self {
        let code = error.as_database_error().and_then(|error| error.code());
        let is_away = match code.as_deref() {
            // Connection failures, wrong role or database, two that waited for each other, too many connections, a lock
            // that was not had, shutting down.
            // Nor are the tables there yet: no such schema, function or table.
            Some("3F000" | "42883" | "42P01") => true,
            Some(code) => ["08", "28", "3D", "40", "53", "55", "57"]
                .iter()
                .any(|class| code.starts_with(class)),
            None => matches!(
                error,
                sqlx::Error::Io(_)
                    | sqlx::Error::Tls(_)
                    | sqlx::Error::PoolTimedOut
                    | sqlx::Error::PoolClosed
                    | sqlx::Error::WorkerCrashed
            ),
        };
        if is_away { Self::Unavailable(error) } else { Self::Database(error) }
    }
}

/// An error, as RFC 9457 describes it (application/problem+json).
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Kind of the problem.
    #[schema(example = "urn:assent:problem:token-expired")]
    r#type: String,
    /// The kind in words.
    title: &'static str,
    /// The HTTP status again.
    status: u16,
    /// What happened and what to do.
    detail: String,
}

/// A sentence.
fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).chain(['.']).collect()
}

impl IntoResponse for AuthError {
    fn into_response(self) -> Response {
        let status = self.status();
        match &self {
            Self::Database(_) | Self::Random(_) | Self::Signing(_) => {
                tracing::error!(error = %one_line(&self), "A request failed by a fault of the service");
            }
            Self::Unavailable(_) => {
                tracing::warn!(error = %one_line(&self), "A request could not reach the database");
            }
            _ => {}
        }
        let (kind, title) = self.kind();
        let problem = Problem {
            r#type: format!("urn:assent:problem:{kind}"),
            title,
            status: status.as_u16(),
            detail: sentence(&self.to_string()),
        };
        let mut response = (status, Json(problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
            headers.insert(header::WWW_AUTHENTICATE, self.challenge());
        }
        let retry_after = match &self {
            Self::TooMany(wait) => Some(wait.as_secs()),
            Self::Unavailable(_) => Some(5),
            _ => None,
        };
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_of_ours_shows_no_detail_and_a_database_that_is_away_is_503() {
        let fault = AuthError::from(sqlx::Error::ColumnNotFound("secret_column".into()));
        assert!(!fault.to_string().contains("secret_column"));
        assert_eq!(fault.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let away = AuthError::from(sqlx::Error::PoolTimedOut).into_response();
        assert_eq!(away.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(away.headers()["retry-after"], "5");
    }

    #[test]
    fn a_detail_is_a_sentence() {
        assert_eq!(sentence("the nonce: it is used"), "The nonce: it is used.");
        assert_eq!(sentence(""), ".");
    }
}
