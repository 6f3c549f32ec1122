//! What the program is told on its command line or in its environment.

use std::{fmt, net::SocketAddr, path::PathBuf};

use assent_client::setting::Setting;
use axum::http::{HeaderValue, Uri};
use clap::Parser;

/// Where to listen.
pub(crate) const LISTEN: Setting = Setting::new("--listen", "ASSENT_API_LISTEN");
/// Where to serve metrics.
pub(crate) const METRICS_LISTEN: Setting =
    Setting::new("--metrics-listen", "ASSENT_API_METRICS_LISTEN");
/// Where the database is.
pub(crate) const DATABASE_URL: Setting = Setting::new("--database-url", "DATABASE_URL");
/// Where sign-ins, API keys and the record of readings are.
pub(crate) const AUTH_DATABASE_URL: Setting =
    Setting::new("--auth-database-url", "ASSENT_API_AUTH_DATABASE_URL");

/// Serves the mirrored consents, reports, rewards, tokens, carbon units and orders over HTTP.
///
/// It reads the database that assent-indexer fills and the manifest that assent-deploy wrote, and writes to neither.
/// Who signed in, API keys and who read whose data are in a schema of its own, `auth`. Its description is at
/// /openapi.json, and readable at /docs.
#[derive(Clone, Parser)]
#[command(name = "assent-api", version)]
pub struct Config {
    /// Address and port to listen on; port 0 takes a free one.
    #[arg(long, env = "ASSENT_API_LISTEN", default_value = "127.0.0.1:8080", value_parser = listen)]
    pub listen: SocketAddr,

    /// Serve metrics for Prometheus at /metrics of this address and port, for example 127.0.0.1:9617; port 0
    /// takes a free one. They are for those who operate the service: keep them from others.
    #[arg(long, env = "ASSENT_API_METRICS_LISTEN", value_parser = metrics_listen)]
    pub metrics_listen: Option<SocketAddr>,

    /// Database of the indexer, as postgres://user:password@host:port/name; never logged. A server on
    /// another machine needs ?sslmode=verify-full, or the mode that is wanted.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: String,

    /// Database of sign-ins, API keys and the record of who read whose data, in the schema `auth`; never logged. It is
    /// written, so it cannot be a replica. Without it, that of --database-url.
    #[arg(long, env = "ASSENT_API_AUTH_DATABASE_URL", hide_env_values = true)]
    pub auth_database_url: Option<String>,

    /// File with the key that signs access tokens: 64 hexadecimal digits by chance, as `openssl rand -hex 32` makes
    /// them; the same for all services that answer for one address. Without it a key is made up, which is forgotten
    /// when this program ends: then access tokens have to be refreshed.
    #[arg(long, env = "ASSENT_API_SIGNING_KEY_FILE")]
    pub signing_key_file: Option<PathBuf>,

    /// Address at which people reach the API, for example https://api.example: it stands in the messages that wallets
    /// sign. Without it, that of --listen.
    #[arg(long, env = "ASSENT_API_PUBLIC_URL")]
    pub public_url: Option<String>,

    /// Certificate of this service and of the authorities between it and the root, as PEM: with it and --tls-key the
    /// service speaks TLS.
    #[arg(long, env = "ASSENT_API_TLS_CERTIFICATE", requires = "tls_key")]
    pub tls_certificate: Option<PathBuf>,

    /// Private key of the certificate, as PEM.
    #[arg(long, env = "ASSENT_API_TLS_KEY", requires = "tls_certificate")]
    pub tls_key: Option<PathBuf>,

    /// Web page that may ask from a browser, by its origin, for example https://portal.example; may be given more than
    /// once. Without it, only pages that this service serves itself.
    #[arg(long = "allow-origin", env = "ASSENT_API_ALLOW_ORIGINS", value_delimiter = ',', value_parser = origin)]
    pub origins: Vec<HeaderValue>,

    /// Address or network of a proxy before this service, for example 10.0.0.7 or 10.0.0.0/24, whose word counts on
    /// where a request comes from (X-Forwarded-For); may be given more than once.
    #[arg(long = "proxy", env = "ASSENT_API_PROXIES", value_delimiter = ',')]
    pub proxies: Vec<String>,

    /// Requests a minute of one API key or one account that signed in.
    #[arg(long, env = "ASSENT_API_REQUESTS_PER_MINUTE", default_value_t = 1_200)]
    pub requests_per_minute: u32,

    /// Requests a minute of one address, whoever asks from there.
    #[arg(long, env = "ASSENT_API_ADDRESS_REQUESTS_PER_MINUTE", default_value_t = 6_000)]
    pub address_requests_per_minute: u32,

    /// Manifest of the deployment, as written by `assent-deploy apply`.
    #[arg(long, env = "ASSENT_MANIFEST")]
    pub manifest: PathBuf,

    /// Not ready when the mirror is behind by more than this, in seconds: its last block is older, or
    /// the indexer was silent for longer.
    #[arg(long, env = "ASSENT_API_MAX_LAG_SECONDS", default_value_t = 30)]
    pub max_lag_seconds: u32,

    /// Participants, consents, accesses, agreements and reports are not served when the last block of the
    /// mirror is older than this, in seconds: what was permitted then may have been taken back since.
    #[arg(long, env = "ASSENT_API_MAX_STALENESS_SECONDS", default_value_t = 60)]
    pub max_staleness_seconds: u32,

    /// After the signal to stop, /readyz is 503 for so many seconds while requests are still served, so that
    /// a load balancer sends them elsewhere.
    #[arg(long, env = "ASSENT_API_DRAIN_SECONDS", default_value_t = 0)]
    pub drain_seconds: u32,
}

fn listen(text: &str) -> Result<SocketAddr, String> {
    LISTEN.address(text, SocketAddr::from(([127, 0, 0, 1], 8080)))
}

fn metrics_listen(text: &str) -> Result<SocketAddr, String> {
    METRICS_LISTEN.address(text, SocketAddr::from(([127, 0, 0, 1], 9617)))
}

fn origin(text: &str) -> Result<HeaderValue, String> {
    let is_origin = text.parse::<Uri>().is_ok_and(|uri| {
        let scheme = uri.scheme_str().is_some_and(|scheme| ["http", "https"].contains(&scheme));
        // As browsers write it: no path, not even a slash.
        scheme && uri.authority().is_some_and(|authority| text.ends_with(authority.as_str()))
    });
    let value = HeaderValue::from_str(text).ok().filter(|_| is_origin);
    value.ok_or_else(|| "an origin is as https://portal.example, without a path".to_owned())
}

/// Leaves out the database URL: it may hold a password.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("listen", &self.listen)
            .field("metrics_listen", &self.metrics_listen)
            .field("manifest", &self.manifest)
            .field("signing_key_file", &self.signing_key_file)
            .field("public_url", &self.public_url)
            .field("tls_certificate", &self.tls_certificate)
            .field("origins", &self.origins)
            .field("proxies", &self.proxies)
            .field("requests_per_minute", &self.requests_per_minute)
            .field("address_requests_per_minute", &self.address_requests_per_minute)
            .field("max_lag_seconds", &self.max_lag_seconds)
            .field("max_staleness_seconds", &self.max_staleness_seconds)
            .field("drain_seconds", &self.drain_seconds)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_read_from_arguments_and_never_prints_the_password() {
        let config = Config::try_parse_from([
            "assent-api",
            "--listen",
            "127.0.0.1:0",
            "--database-url",
            "postgres://api:hunter2@localhost/assent",
            "--manifest",
            "dev.json",
        ])
        .unwrap();
        assert_eq!((config.max_lag_seconds, config.max_staleness_seconds), (30, 60));
        assert_eq!(config.listen.port(), 0);
        assert!(!format!("{config:?}").contains("hunter2"));
    }

    #[test]
    fn an_origin_has_no_path_and_files_for_tls_come_in_pairs() {
        for right in ["https://portal.example", "http://127.0.0.1:5173"] {
            assert_eq!(origin(right).unwrap(), right);
        }
        for wrong in ["", "*", "portal.example", "https://portal.example/", "ftp://portal.example"]
        {
            assert!(origin(wrong).is_err(), "{wrong}");
        }
        let refusal = Config::try_parse_from([
            "assent-api",
            "--database-url",
            "postgres://localhost/assent",
            "--manifest",
            "dev.json",
            "--tls-certificate",
            "chain.pem",
        ]);
        assert!(refusal.unwrap_err().to_string().contains("--tls-key"));
    }

    #[test]
    fn refuses_what_is_no_address_with_a_port_and_shows_one() {
        for wrong in
            ["localhost", "localhost:8080", "127.0.0.1", ":8080", "8080", "127.0.0.1:99999"]
        {
            let refusal = Config::try_parse_from(["assent-api", "--listen", wrong]);
            let text = refusal.unwrap_err().to_string();
            assert!(text.contains("--listen 127.0.0.1:8080"), "{text}");
            assert!(text.contains(wrong), "{text}");
        }
        assert_eq!(listen(" [::1]:80\n"), Ok("[::1]:80".parse().unwrap()));
        assert!(listen("").unwrap_err().contains("is empty"));
    }
}
