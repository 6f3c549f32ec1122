//! How the database of the mirror is named: one reading of its URL for all programs.

use std::net::IpAddr;
use std::str::FromStr as _;

use sqlx::postgres::{PgConnectOptions, PgSslMode};

/// Why a text is not the URL of a database that may be connected to. It never repeats the URL, which may
/// hold a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DatabaseUrlError {
    /// It is no URL of Postgres.
    #[error(
        "{setting} is not a database URL ({reason}); expected for example postgres://user@host:5432/name"
    )]
    Unreadable {
        /// The flag or the variable that it came from.
        setting: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// Password and data might go through a network in clear.
    #[error(
        "{setting} names a server on another machine ({host}) and does not say how to encrypt: add \
         ?sslmode=verify-full (and &sslrootcert=<file> when no authority of this system signed the \
         server's certificate), or, inside a private network, ?sslmode=prefer or ?sslmode=disable"
    )]
    Unencrypted {
        /// The flag or the variable that it came from.
        setting: &'static str,
        /// The server.
        host: String,
    },
}

/// How to connect to the database of this URL, which came from the flag or the variable `setting`.
///
/// A URL without `sslmode` means `prefer`, which sends all in clear, the password too, when the server,
/// or somebody on the way, says that it cannot encrypt. So it stands for a server on this machine
/// only; for any other the URL, or `PGSSLMODE`, has to say what is wanted.
///
/// # Errors
///
/// [`DatabaseUrlError`].
pub fn options(url: &str, setting: &'static str) -> Result<PgConnectOptions, DatabaseUrlError> {
    let in_environment = std::env::var("PGSSLMODE").ok();
    options_among(url, setting, in_environment.as_deref())
}

fn options_among(
    url: &str,
    setting: &'static str,
    in_environment: Option<&str>,
) -> Result<PgConnectOptions, DatabaseUrlError> {
    let unreadable = |reason| DatabaseUrlError::Unreadable { setting, reason };
    // The parser takes any scheme.
    if !["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme)) {
        return Err(unreadable("it does not start with postgres://".to_owned()));
    }
    let options = PgConnectOptions::from_str(url).map_err(|error| unreadable(error.to_string()))?;
    let (_, query) = url.split_once('?').unwrap_or_default();
    let chosen = query.split('&').any(|pair| {
        let (name, _) = pair.split_once('=').unwrap_or((pair, ""));
        ["sslmode", "ssl-mode"].contains(&name)
    });
    // One that is no mode is passed over by the parser.
    let chosen = chosen || in_environment.is_some_and(|mode| mode.parse::<PgSslMode>().is_ok());
    if chosen || is_of_this_machine(&options) {
        return Ok(options);
    }
    let host = options.get_host().to_owned();
    Err(DatabaseUrlError::Unencrypted { setting, host })
}

fn is_of_this_machine(options: &PgConnectOptions) -> bool {
    let host = options.get_host();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    options.get_socket().is_some()
        // The folder of a socket, when nothing names a host.
        || host.starts_with('/')
        || host.eq_ignore_ascii_case("localhost")
        || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str, in_environment: Option<&str>) -> Result<PgConnectOptions, String> {
        options_among(url, "DATABASE_URL", in_environment).map_err(|error| error.to_string())
    }

    #[test]
    fn a_server_on_this_machine_needs_no_encryption() {
        for url in [
            "postgres://assent:hunter2@127.0.0.1:5432/assent",
            "postgresql://assent@localhost/assent",
            "postgres://assent@LOCALHOST/assent",
            "postgres://assent@[::1]:5432/assent",
            "postgres://assent@%2Fvar%2Frun%2Fpostgresql/assent",
            "postgres://assent@db.example/assent?host=/var/run/postgresql",
        ] {
            assert!(read(url, None).is_ok(), "{url}");
        }
    }

    #[test]
    fn a_server_elsewhere_is_refused_until_something_says_how_to_encrypt() {
        for url in [
            "postgres://assent:hunter2@db.example/assent",
            "postgres://assent:hunter2@192.0.2.1:5432/assent?application_name=sslmode",
            "postgres://assent:hunter2@127.0.0.1/assent?host=db.example",
            "postgres://assent:hunter2@[2001:db8::1]/assent",
        ] {
            for nothing in [None, Some("sometimes")] {
                let refusal = read(url, nothing).unwrap_err();
                assert!(refusal.starts_with("DATABASE_URL names a server on"), "{refusal}");
                assert!(refusal.contains("?sslmode=verify-full"), "{refusal}");
                assert!(!refusal.contains("hunter2"), "{refusal}");
            }
            assert!(read(url, Some("require")).is_ok(), "{url}");
        }
        for mode in ["verify-full", "verify-ca", "require", "prefer", "disable"] {
            let options =
                read(&format!("postgres://assent@db.example/assent?sslmode={mode}"), None);
            let asked = mode.parse::<PgSslMode>().unwrap();
            let (asked, read) = (format!("{asked:?}"), options.unwrap().get_ssl_mode());
            assert_eq!(format!("{read:?}"), asked);
        }
    }

    #[test]
    fn what_is_no_url_of_postgres_is_refused_and_not_repeated() {
        for url in ["hunter2", "mysql://assent:hunter2@localhost/assent", ""] {
            let refusal = read(url, None).unwrap_err();
            assert!(refusal.starts_with("DATABASE_URL is not a database URL ("), "{refusal}");
            assert!(!refusal.contains("hunter2"), "{refusal}");
        }
        let mode = read("postgres://localhost/assent?sslmode=perhaps", None).unwrap_err();
        assert!(mode.contains("perhaps"), "{mode}");
    }
}
