//! Who asks: nobody in particular, the holder of a key who signed in, or a service with an API key.

use assent_client::Account;
use axum::{
    extract::{FromRef, FromRequestParts},
    http::request::Parts,
};
use sqlx::FromRow;

use crate::{
    Auth,
    error::AuthError,
    key::KeyError,
    moment::Moment,
    scope::{Scope, Scopes},
    secret::{KeyId, SessionId},
    shown::{Credentials, Shown},
};

/// Who asks, as the database says at this moment. As an extractor it reads that, in one statement; a request that shows
/// no credentials is anonymous, and one whose credentials count for nothing is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// Nobody in particular.
    Anonymous,
    /// Somebody whose key signed in.
    Account {
        /// Of that key. For whom it acts is on chain, and for the service to say.
        account: Account,
        /// In which session.
        session: SessionId,
    },
    /// A service with an API key.
    Service {
        /// To which the key is bound.
        account: Account,
        /// Which key.
        key: KeyId,
        /// What it may be used for.
        scopes: Scopes,
    },
}

impl Caller {
    /// Of the key that asks; `None`: nobody in particular.
    #[must_use]
    pub fn account(&self) -> Option<Account> {
        match self {
            Self::Anonymous => None,
            Self::Account { account, .. } | Self::Service { account, .. } => Some(*account),
        }
    }

    /// The API key by which it asks; `None`: it has none.
    #[must_use]
    pub fn api_key(&self) -> Option<KeyId> {
        match self {
            Self::Anonymous | Self::Account { .. } => None,
            Self::Service { key, .. } => Some(*key),
        }
    }

    /// The account, if whoever asks may ask for this purpose: whoever signed in may do what his account may, a
    /// service only what its key is for.
    ///
    /// # Errors
    /// [`AuthError::SignInNeeded`] and [`AuthError::ScopeNeeded`].
    pub fn account_for(&self, scope: &Scope) -> Result<Account, AuthError> {
        match self {
            Self::Anonymous => Err(AuthError::SignInNeeded),
            Self::Account { account, .. } => Ok(*account),
            Self::Service { account, scopes, .. } if scopes.contains(scope) => Ok(*account),
            Self::Service { .. } => Err(AuthError::ScopeNeeded(scope.clone())),
        }
    }
}

/// A row of `auth.caller`.
#[derive(FromRow)]
struct Counts {
    account: Account,
    scopes: Option<Scopes>,
}

/// How a key ended.
#[derive(FromRow)]
struct End {
    expires_at_ms: Moment,
    revoked_at_ms: Option<Moment>,
}

impl Auth {
    /// Who shows this, asked of the database: what was signed out or revoked counts no longer.
    ///
    /// # Errors
    /// [`AuthError::Ended`], [`AuthError::Key`]; [`AuthError::Unavailable`], and faults of the service.
    pub async fn caller(&self, shown: &Shown) -> Result<Caller, AuthError> {
        if shown.is_nothing() {
            return Ok(Caller::Anonymous);
        }
        let (session, key, secret_hash) = shown.arguments();
        let counts: Option<Counts> =
            sqlx::query_as("select account, scopes from auth.caller($1, $2, $3, $4)")
                .bind(session)
                .bind(key)
                .bind(secret_hash)
                .bind(self.settings().clock.now())
                .fetch_optional(self.pool())
                .await?;
        match (&shown.0, counts) {
            (Credentials::Token { session, .. }, Some(Counts { account, scopes: None })) => {
                Ok(Caller::Account { account, session: *session })
            }
            (Credentials::Key { key, .. }, Some(Counts { account, scopes: Some(scopes) })) => {
                Ok(Caller::Service { account, key: *key, scopes })
            }
            _ => Err(self.refusal(shown).await),
        }
    }

    /// Why credentials that do not count for `auth.caller` do not. What became of a key is told to those alone who have
    /// its secret.
    pub async fn refusal(&self, shown: &Shown) -> AuthError {
        let (key, secret_hash) = match &shown.0 {
            Credentials::Nothing => return AuthError::SignInNeeded,
            Credentials::Token { .. } => return AuthError::Ended,
            Credentials::Key { key, secret_hash } => (key, secret_hash),
        };
        let end = sqlx::query_as(
            "select expires_at_ms, revoked_at_ms from auth.api_keys where id = $1 and secret_hash = $2",
        )
        .bind(key)
        .bind(secret_hash)
        .fetch_optional(self.pool())
        .await;
        match end {
            Ok(Some(End { revoked_at_ms: Some(_), .. })) => KeyError::Revoked.into(),
            Ok(Some(End { expires_at_ms, .. })) if expires_at_ms <= self.settings().clock.now() => {
                KeyError::Expired.into()
            }
            Ok(_) => KeyError::Unknown.into(),
            Err(error) => error.into(),
        }
    }
}

impl<S> FromRequestParts<S> for Caller
where
    Auth: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = AuthError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AuthError> {
        let shown = Shown::from_request_parts(parts, state).await?;
        Auth::from_ref(state).caller(&shown).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_may_do_what_its_key_is_for() {
        let scope: Scope = "consent:read".parse().unwrap();
        let other: Scope = "consent:write".parse().unwrap();
        let account = Account([1; 32]);
        let service = Caller::Service {
            account,
            key: KeyId([2; 8]),
            scopes: Scopes::read(["consent:read"]).unwrap(),
        };
        assert_eq!(service.account_for(&scope).unwrap(), account);
        assert!(
            matches!(service.account_for(&other), Err(AuthError::ScopeNeeded(s)) if s == other)
        );
        let person = Caller::Account { account, session: SessionId([3; 16]) };
        assert_eq!(person.account_for(&other).unwrap(), account);
        assert!(matches!(Caller::Anonymous.account_for(&scope), Err(AuthError::SignInNeeded)));
    }
}
