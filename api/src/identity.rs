//! What signs people in: the part of `assent-auth` that this service mounts, made from its settings.

use std::{fs, io, path::PathBuf, time::Duration};

use assent_auth::{
    Auth, AuthError, ChainId, FieldError, Issuer, MIGRATOR, NoPolicy, NoProxy, NoSigningKey,
    Policy, Proxies, Settings, SigningKey, Site,
};
use assent_client::{Hash, setting::one_line};
use sqlx::{
    PgPool,
    migrate::MigrateError,
    postgres::{PgConnectOptions, PgPoolOptions},
};

/// How long an access token counts: whoever signs out is out at once, so that it may be some minutes.
const ACCESS_LIFETIME: Duration = Duration::from_secs(15 * 60);
/// For whom tokens are.
const AUDIENCE: &str = "assent";
/// What signing in means.
const STATEMENT: &str = "Sign in to Assent. This sends no transaction and costs nothing.";
/// Connections to the database at most: what is asked there takes a moment.
const MAX_CONNECTIONS: u32 = 10;
/// How long a request waits for one.
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(3);
/// How often what has ended is forgotten.
const TIDY_EVERY: Duration = Duration::from_secs(60);
/// How long to wait for a database that does not answer.
const TRY_EVERY: Duration = Duration::from_secs(5);
/// Rows that are forgotten at once.
const BATCH: u32 = 1_000;

/// A setting of the identity that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The key that signs tokens cannot be read.
    #[error("cannot read {path}, the file of --signing-key-file: {reason}", path = .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: io::Error,
    },
    /// The file holds no key.
    #[error("{path}, the file of --signing-key-file, {reason}", path = .path.display())]
    SigningKey {
        /// The file.
        path: PathBuf,
        /// What it is not.
        reason: NoSigningKey,
    },
    /// The address that people see is none.
    #[error("--public-url cannot be used ({0}): give for example https://api.example")]
    PublicUrl(#[from] FieldError),
    /// A proxy is no address.
    #[error("--proxy cannot be used: {0}")]
    Proxy(#[from] NoProxy),
    /// A limit of nothing.
    #[error("--requests-per-minute and --address-requests-per-minute take a number from 1 on: {0}")]
    Limit(#[from] NoPolicy),
    /// The system gives no random numbers.
    #[error(transparent)]
    Random(#[from] AuthError),
}

/// Of the requests of an address, one in so many may be about signing in: each of these may leave a row.
const SIGN_INS: u32 = 100;

/// How often one may ask, and who says where requests come from.
#[derive(Debug, Clone)]
pub struct Rates {
    /// For each address.
    pub address: Policy,
    /// For each address, about signing in.
    pub sign_in: Policy,
    /// For each account or API key.
    pub caller: Policy,
    /// Whose word counts on where a request comes from.
    pub proxies: Proxies,
}

impl Rates {
    /// So many requests a minute of an address, a hundredth of them to sign in, and so many of an account or API key.
    ///
    /// # Errors
    /// [`IdentityError::Limit`], [`IdentityError::Proxy`].
    pub fn new(address: u32, caller: u32, proxies: &[String]) -> Result<Self, IdentityError> {
        Ok(Self {
            address: Policy::new(address, 60)?,
            sign_in: Policy::new(address.div_ceil(SIGN_INS), 60)?,
            caller: Policy::new(caller, 60)?,
            proxies: Proxies::read(proxies.iter().map(String::as_str))?,
        })
    }
}

/// The connections to the primary database, which is written. The first is made when it is first used.
pub fn pool(options: PgConnectOptions) -> PgPool {
    let options = options.application_name("assent-api").options([
        ("statement_timeout", "5s"),
        ("lock_timeout", "1s"),
        ("idle_in_transaction_session_timeout", "15s"),
        // As in the mirror: optional filters need a plan for their values.
        ("plan_cache_mode", "force_custom_plan"),
    ]);
    PgPoolOptions::new()
        .max_connections(MAX_CONNECTIONS)
        .acquire_timeout(CONNECTION_TIMEOUT)
        .connect_lazy_with(options)
}

/// Signs in to `public_url` with accounts of the chain of this genesis block. Without a file a key is made up, which
/// is forgotten with the process.
///
/// # Errors
/// [`IdentityError`].
pub fn auth(
    pool: PgPool,
    public_url: &str,
    genesis_hash: Hash,
    signing_key_file: Option<&PathBuf>,
) -> Result<Auth, IdentityError> {
    let domain = public_url.split_once("://").map_or(public_url, |(_, rest)| rest);
    let site = Site {
        domain: domain.split('/').next().unwrap_or(domain).parse()?,
        uri: public_url.parse()?,
        statement: STATEMENT.parse()?,
        chain: ChainId::of(genesis_hash),
    };
    let key = match signing_key_file {
        None => SigningKey::generate()?,
        Some(path) => {
            let text = fs::read_to_string(path)
                .map_err(|reason| IdentityError::Unreadable { path: path.clone(), reason })?;
            SigningKey::read(&text.into())
                .map_err(|reason| IdentityError::SigningKey { path: path.clone(), reason })?
        }
    };
    let issuer = Issuer::new(public_url, AUDIENCE, ACCESS_LIFETIME, key, &[]);
    Ok(Auth::new(pool, Settings::new(site), issuer))
}

/// Makes the tables, or brings them up to date. A role that may not do so is no obstacle where that was done.
///
/// # Errors
/// [`MigrateError`].
pub async fn migrate(options: PgConnectOptions) -> Result<(), MigrateError> {
    // Whoever else makes them just now may take a while.
    let options = options.options([("statement_timeout", "0"), ("lock_timeout", "0")]);
    let pool = PgPoolOptions::new().max_connections(1).connect_with(options).await?;
    let last = MIGRATOR.iter().map(|migration| migration.version).max();
    let there: bool = sqlx::query_scalar("select to_regclass('auth._sqlx_migrations') is not null")
        .fetch_one(&pool)
        .await?;
    if there {
        let applied: Option<i64> =
            sqlx::query_scalar("select max(version) from auth._sqlx_migrations where success")
                .fetch_one(&pool)
                .await?;
        if applied >= last {
            return Ok(());
        }
    }
    MIGRATOR.run(&pool).await
}

/// Makes the tables as soon as the database answers; from then on forgets what has ended.
pub async fn keep(auth: Auth, options: PgConnectOptions) {
    let mut told = false;
    while let Err(error) = migrate(options.clone()).await {
        if !told {
            tracing::warn!(
                error = %one_line(&error),
                "The tables of sign-ins and API keys are not there yet, so that nobody can sign in; \
                 `assent-api migrate` makes them with a role that may"
            );
            told = true;
        }
        tokio::time::sleep(TRY_EVERY).await;
    }
    loop {
        match auth.prune(BATCH).await {
            Ok(pruned) if !pruned.is_done(BATCH) => continue,
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(error = %one_line(&error), "What has ended could not be forgotten");
            }
        }
        tokio::time::sleep(TIDY_EVERY).await;
    }
}
