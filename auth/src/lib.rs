#![doc = include_str!("../README.md")]

mod caller;
mod error;
mod key;
mod message;
mod moment;
mod nonce;
mod rate;
mod read;
mod retention;
mod routes;
mod scope;
mod secret;
mod session;
mod settings;
mod shown;
mod signature;
mod token;

use std::sync::{Arc, LazyLock};

use sqlx::{PgPool, migrate::Migrator};

pub use caller::Caller;
pub use error::{AuthError, Problem};
pub use key::{ApiKey, ApiKeys, KeyError, MadeKey, NewKey, NewKeyError};
pub use message::{
    Site,
    field::{ChainId, Domain, FieldError, Statement, Uri},
};
pub use moment::{Moment, NoMoment};
pub use nonce::NonceError;
pub use rate::{Limited, NoPolicy, NoProxy, Policy, Proxies, RateLimit};
pub use read::{Read, ReadsQuery, Recorded};
pub use retention::Pruned;
pub use routes::router;
pub use scope::{Scope, ScopeError, Scopes};
pub use secret::{KeyId, NoId, SecretHash, SessionId};
pub use session::{Challenge, RefreshError, Tokens};
pub use settings::{Clock, Settings};
pub use shown::{CredentialsError, Shown, identify};
pub use signature::{Scheme, SignatureError, WalletSignature};
pub use token::{Access, Issuer, NoSigningKey, PublicKey, SigningKey, TokenError, Verifier};

/// Makes and changes the tables, in a schema of their own, `auth`, which also holds what was applied: the
/// migrations of whatever else is in the database do not meet them.
pub static MIGRATOR: LazyLock<Migrator> = LazyLock::new(|| {
    let mut migrator = sqlx::migrate!("./migrations");
    migrator.dangerous_set_table_name("auth._sqlx_migrations");
    migrator.create_schema("auth");
    migrator
});

/// Signs people in, and says who asks; cheap to clone.
#[derive(Debug, Clone)]
pub struct Auth(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    pool: PgPool,
    settings: Settings,
    issuer: Issuer,
}

impl Auth {
    /// On this database, which has to be one that can be written.
    #[must_use]
    pub fn new(pool: PgPool, settings: Settings, issuer: Issuer) -> Self {
        Self(Arc::new(Parts { pool, settings, issuer }))
    }

    /// What the service says of itself.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// Makes and reads access tokens.
    #[must_use]
    pub fn issuer(&self) -> &Issuer {
        &self.0.issuer
    }

    fn pool(&self) -> &PgPool {
        &self.0.pool
    }
}
