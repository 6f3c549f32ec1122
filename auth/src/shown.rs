//! What a request shows to say who asks, as far as it can be told without the database.

use assent_client::Account;
use axum::{
    extract::{FromRef, FromRequestParts, Request, State},
    http::{HeaderMap, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use secrecy::SecretString;

use crate::{
    Auth,
    error::AuthError,
    key::{self, KeyError},
    secret::{KeyId, SecretHash, SessionId},
    token::Access,
};

/// Longest header that is looked at.
const MAX_LENGTH: usize = 4_096;

/// What a request shows to say who asks. Whether that counts, only the database can say: so it names nobody, and is an
/// argument for the question. As an extractor it takes what [`identify`] read, or reads it itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown(pub(crate) Credentials);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Credentials {
    /// None.
    Nothing,
    /// An access token of this service that has not expired: whose key signed in, and in which session.
    Token { account: Account, session: SessionId },
    /// An API key: which it says to be, and the hash of its secret.
    Key { key: KeyId, secret_hash: SecretHash },
}

impl Shown {
    /// Whether the request shows nothing.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.0 == Credentials::Nothing
    }

    /// The first three arguments of the database's function `auth.caller`; the fourth is the time.
    #[must_use]
    pub fn arguments(&self) -> (Option<SessionId>, Option<KeyId>, Option<SecretHash>) {
        match self.0 {
            Credentials::Nothing => (None, None, None),
            Credentials::Token { session, .. } => (Some(session), None, None),
            Credentials::Key { key, secret_hash } => (None, Some(key), Some(secret_hash)),
        }
    }
}

/// Why a request does not say who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CredentialsError {
    /// Two answers to one question.
    #[error("the header Authorization is given twice: send one")]
    Repeated,
    /// Not how credentials are sent here.
    #[error("the header Authorization is not `Bearer` and an access token or an API key")]
    Form,
}

impl Auth {
    /// What these headers show. Asks nobody.
    ///
    /// # Errors
    /// [`AuthError::Credentials`], [`AuthError::Token`]; [`AuthError::Key`] for what is no key at all.
    pub fn shown(&self, headers: &HeaderMap) -> Result<Shown, AuthError> {
        let Some(credentials) = bearer(headers)? else {
            return Ok(Shown(Credentials::Nothing));
        };
        if key::is_key(&credentials) {
            let (key, secret_hash) = key::read(&credentials).ok_or(KeyError::Unknown)?;
            return Ok(Shown(Credentials::Key { key, secret_hash }));
        }
        let now = self.settings().clock.now();
        let Access { account, session } = self.issuer().verifier().verify(&credentials, now)?;
        Ok(Shown(Credentials::Token { account, session }))
    }
}

/// What follows `Bearer`; `None`: the request shows nothing.
fn bearer(headers: &HeaderMap) -> Result<Option<SecretString>, CredentialsError> {
    let mut given = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = given.next() else { return Ok(None) };
    if given.next().is_some() {
        return Err(CredentialsError::Repeated);
    }
    let text = value.to_str().ok().filter(|text| text.len() <= MAX_LENGTH);
    let (scheme, credentials) =
        text.and_then(|text| text.split_once(' ')).ok_or(CredentialsError::Form)?;
    // RFC 9110: the scheme in either case, and one space or more after it.
    let credentials = credentials.trim_start_matches(' ');
    if !scheme.eq_ignore_ascii_case("bearer") || credentials.is_empty() {
        return Err(CredentialsError::Form);
    }
    Ok(Some(credentials.into()))
}

impl<S> FromRequestParts<S> for Shown
where
    Auth: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = AuthError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AuthError> {
        match parts.extensions.get::<Self>() {
            Some(shown) => Ok(shown.clone()),
            None => Auth::from_ref(state).shown(&parts.headers),
        }
    }
}

/// Reads what a request shows, once for all layers and extractors after it, and refuses what can count for nothing.
/// It asks no database. For [`axum::middleware::from_fn_with_state`].
pub async fn identify(State(auth): State<Auth>, mut request: Request, next: Next) -> Response {
    match auth.shown(request.headers()) {
        Ok(shown) => {
            request.extensions_mut().insert(shown);
            next.run(request).await
        }
        Err(error) => error.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    fn headers(values: &[&[u8]]) -> HeaderMap {
        let value = |value: &&[u8]| (header::AUTHORIZATION, value.to_vec().try_into().unwrap());
        values.iter().map(value).collect()
    }

    #[test]
    fn credentials_are_sent_in_one_way() {
        let found = |values: &[&[u8]]| {
            bearer(&headers(values)).map(|found| found.map(|text| text.expose_secret().to_owned()))
        };
        assert_eq!(found(&[]), Ok(None));
        for text in [&b"Bearer abc"[..], b"bearer abc", b"BEARER   abc"] {
            assert_eq!(found(&[text]), Ok(Some("abc".to_owned())));
        }
        assert_eq!(found(&[b"Bearer a", b"Bearer a"]), Err(CredentialsError::Repeated));
        let long = [b"Bearer ", &[b'a'; MAX_LENGTH][..]].concat();
        for text in [&b""[..], b"Bearer", b"Bearer ", b"Basic abc", b"abc", b"Bearer \xff", &long] {
            assert_eq!(found(&[text]), Err(CredentialsError::Form), "{text:?}");
        }
    }
}
