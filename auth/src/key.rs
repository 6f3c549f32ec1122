//! API keys: what services show instead of signing in. Each is bound to an account on chain, for some purposes, and
//! for some time.

mod list;

use std::fmt;

use assent_client::Account;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;
use zeroize::Zeroizing;

use crate::{
    error::AuthError,
    moment::Moment,
    scope::Scopes,
    secret::{self, KeyId, SecretHash},
};

pub use self::list::ApiKeys;

/// What keys begin with.
const WORD: &str = "assent-key-";
/// Keys that an account may have, also those that have ended and are not forgotten yet.
const MOST: i64 = 1_000;

/// Why an API key counts for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// No key, or one that nobody made, or not its secret.
    #[error("the API key is none of this service: send it whole, as it was given")]
    Unknown,
    /// Its time is over.
    #[error("the API key expired: rotate keys before they do; ask for a new one")]
    Expired,
    /// It was taken back.
    #[error("the API key was revoked: ask for a new one")]
    Revoked,
}

/// Why no such key is made.
#[derive(Debug, thiserror::Error)]
pub enum NewKeyError {
    /// Nobody could tell it from others.
    #[error("the name of a key has 1 to 64 characters, none of them a control character")]
    Name,
    /// A key without scopes may do nothing.
    #[error("a key needs at least one scope")]
    NoScope,
    /// It would never count, or for too long.
    #[error("a key counts until a time that is still to come, within 366 days")]
    Expiry,
    /// Somebody makes keys without end.
    #[error(
        "the account has {most} keys, with those that ended and are not forgotten yet: rotate keys \
         less often, and use those that there are",
        most = MOST
    )]
    TooMany,
    /// There is no key of this name that goes on.
    #[error("there is no key {0} that goes on")]
    NoSuchKey(KeyId),
    /// The service or its database failed.
    #[error(transparent)]
    Failed(#[from] AuthError),
}

/// What a new key is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewKey {
    /// On whose behalf the service asks.
    pub account: Account,
    /// What people call it.
    pub name: String,
    /// What it may be used for.
    pub scopes: Scopes,
    /// From when on it counts no longer.
    pub expires_at: Moment,
}

/// A key as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromRow, ToSchema)]
pub struct ApiKey {
    /// The part of the key that is no secret.
    pub id: KeyId,
    /// On whose behalf the service asks.
    pub account: Account,
    /// What people call it.
    pub name: String,
    /// What it may be used for.
    pub scopes: Scopes,
    /// When it was made.
    pub created_at_ms: Moment,
    /// From when on it counts no longer.
    pub expires_at_ms: Moment,
    /// When it was taken back; null: it was not.
    pub revoked_at_ms: Option<Moment>,
}

/// A key that was just made. Its secret is shown this once: nobody can read it again.
pub struct MadeKey {
    /// What is known of it.
    pub key: ApiKey,
    /// What the service sends.
    pub secret: SecretString,
}

impl fmt::Debug for MadeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MadeKey").field("key", &self.key).finish_non_exhaustive()
    }
}

/// A key's name and secret.
struct Parts {
    id: KeyId,
    secret: Zeroizing<[u8; 32]>,
}

impl Parts {
    fn random() -> Result<Self, AuthError> {
        Ok(Self { id: KeyId(*secret::random()?), secret: secret::random()? })
    }

    fn write(&self) -> SecretString {
        let mut bytes = Zeroizing::new([0; 40]);
        bytes[..8].copy_from_slice(&self.id.0);
        bytes[8..].copy_from_slice(&*self.secret);
        secret::write(WORD, &*bytes)
    }
}

impl From<sqlx::Error> for NewKeyError {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// Whether these credentials are meant as a key.
pub(crate) fn is_key(text: &SecretString) -> bool {
    text.expose_secret().starts_with(WORD)
}

/// The name of a key, and the hash of its secret.
pub(crate) fn read(text: &SecretString) -> Option<(KeyId, SecretHash)> {
    let bytes = secret::read::<40>(WORD, text)?;
    let mut id = KeyId([0; 8]);
    id.0.copy_from_slice(&bytes[..8]);
    Some((id, SecretHash::of(&bytes[8..])))
}
