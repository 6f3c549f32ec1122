//! Commands beside serving: the tables of sign-ins, and API keys.

use std::time::Duration;

use assent_auth::{ApiKey, ApiKeys, Clock, KeyId, MadeKey, Moment, NewKey, NewKeyError, Scopes};
use assent_client::{Account, setting::Empty};
use assent_mirror::database::{self, DatabaseUrlError};
use clap::{Args, Subcommand};
use secrecy::ExposeSecret as _;
use sqlx::{migrate::MigrateError, postgres::PgConnectOptions};

use crate::{
    config::{AUTH_DATABASE_URL, DATABASE_URL},
    identity,
    sight::{ACCOUNTS_READ, HEALTH_READ},
};

/// A day in seconds.
const DAY: u64 = 24 * 60 * 60;

/// What assent-api does beside serving.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make the tables of sign-ins, API keys and the record of readings, or bring them up to date. The service does so
    /// itself if its role may.
    Migrate {
        /// Where.
        #[command(flatten)]
        database: Database,
    },
    /// Make, rotate, revoke and list the API keys of services.
    #[command(subcommand)]
    Key(KeyCommand),
}

/// Where sign-ins, API keys and the record of readings are.
#[derive(Debug, Args)]
pub struct Database {
    /// Database of sign-ins, API keys and the record of readings, as postgres://user:password@host:port/name; never
    /// logged.
    #[arg(
        long = "auth-database-url",
        visible_alias = "database-url",
        env = "ASSENT_API_AUTH_DATABASE_URL",
        hide_env_values = true
    )]
    auth_database_url: Option<String>,
}

/// What can be done with API keys.
#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Make a key and print it, alone on standard output. It is shown this once.
    Create {
        /// Where.
        #[command(flatten)]
        database: Database,
        /// On whose behalf the service asks: the account, or a key of the staff, of a participant.
        #[arg(long)]
        account: Account,
        /// What people call it.
        #[arg(long)]
        name: String,
        /// What it is for; more than one may be given.
        #[arg(long = "scope", required = true, value_parser = [HEALTH_READ, ACCOUNTS_READ])]
        scopes: Vec<String>,
        /// For how many days it counts.
        #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u64).range(1..=366))]
        days: u64,
    },
    /// Make the key that follows another, with the same account, name and scopes, and print it. The old one counts on
    /// for a while, so that its user can change over.
    Rotate {
        /// Where.
        #[command(flatten)]
        database: Database,
        /// Id of the old one, as `list` shows it.
        id: KeyId,
        /// For how many days the new one counts.
        #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u64).range(1..=366))]
        days: u64,
        /// For how many hours the old one still counts.
        #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u64).range(0..=720))]
        overlap_hours: u64,
    },
    /// Take a key back. It is felt at once.
    Revoke {
        /// Where.
        #[command(flatten)]
        database: Database,
        /// Id of the key, as `list` shows it.
        id: KeyId,
    },
    /// List the keys of an account, one a line: id, name, scopes, when it was made, when it expires or was revoked.
    List {
        /// Where.
        #[command(flatten)]
        database: Database,
        /// Whose.
        #[arg(long)]
        account: Account,
    },
}

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// No database was named.
    #[error(
        "no database is named: give --auth-database-url, or set ASSENT_API_AUTH_DATABASE_URL or DATABASE_URL"
    )]
    NoDatabase,
    /// A setting is empty.
    #[error(transparent)]
    Empty(#[from] Empty),
    /// The database URL cannot be used.
    #[error(transparent)]
    DatabaseUrl(#[from] DatabaseUrlError),
    /// The tables could not be made.
    #[error("the tables could not be made")]
    Migrate(#[from] MigrateError),
    /// The key could not be made or changed.
    #[error(transparent)]
    Key(#[from] NewKeyError),
}

impl Database {
    fn options(&self) -> Result<PgConnectOptions, CommandError> {
        let (url, source) = match &self.auth_database_url {
            Some(url) => (AUTH_DATABASE_URL.trimmed(url)?, AUTH_DATABASE_URL.source(url)),
            None => {
                let url = DATABASE_URL.read()?.ok_or(CommandError::NoDatabase)?;
                (url, DATABASE_URL.variable)
            }
        };
        Ok(database::options(&url, source)?)
    }

    /// The keys of a database whose tables are there.
    async fn keys(&self) -> Result<ApiKeys, CommandError> {
        let options = self.options()?;
        identity::migrate(options.clone()).await?;
        Ok(ApiKeys::new(identity::pool(options), Clock::default()))
    }
}

impl Command {
    /// Does it. What it gives goes to standard output, what it says to standard error.
    ///
    /// # Errors
    /// [`CommandError`].
    pub async fn run(self) -> Result<(), CommandError> {
        match self {
            Self::Migrate { database } => {
                identity::migrate(database.options()?).await?;
                eprintln!("The tables are there.");
                Ok(())
            }
            Self::Key(command) => command.run().await,
        }
    }
}

impl KeyCommand {
    async fn run(self) -> Result<(), CommandError> {
        let in_days = |days: u64| Moment::now().after(Duration::from_secs(days * DAY));
        match self {
            Self::Create { database, account, name, scopes, days } => {
                let scopes = Scopes::read(scopes.iter().map(String::as_str));
                // One that is none makes no key.
                let scopes = scopes.unwrap_or_default();
                let new = NewKey { account, name, scopes, expires_at: in_days(days) };
                show(&database.keys().await?.create(new).await?);
            }
            Self::Rotate { database, id, days, overlap_hours } => {
                let overlap = Duration::from_secs(overlap_hours * 60 * 60);
                show(&database.keys().await?.rotate(id, in_days(days), overlap).await?);
            }
            Self::Revoke { database, id } => {
                let ApiKey { id, account, .. } = database.keys().await?.revoke(id).await?;
                eprintln!("Key {id} of {account} is revoked.");
            }
            Self::List { database, account } => {
                let keys = database.keys().await?;
                let mut after = None;
                loop {
                    let page =
                        keys.list(account, after, u32::MAX).await.map_err(NewKeyError::from)?;
                    let Some(last) = page.last() else { return Ok(()) };
                    after = Some(last.id);
                    page.iter().for_each(|key| println!("{}", line(key)));
                }
            }
        }
        Ok(())
    }
}

/// The one place where a secret leaves.
fn show(MadeKey { key, secret }: &MadeKey) {
    eprintln!("{}", line(key));
    println!("{}", secret.expose_secret());
}

fn line(key: &ApiKey) -> String {
    let ApiKey { id, name, scopes, created_at_ms, expires_at_ms, revoked_at_ms, .. } = key;
    let scopes: Vec<_> = scopes.iter().map(ToString::to_string).collect();
    let end = match revoked_at_ms {
        Some(at) => format!("revoked {at}"),
        None => format!("expires {expires_at_ms}"),
    };
    format!("{id}  {name}  {}  made {created_at_ms}  {end}", scopes.join(","))
}
