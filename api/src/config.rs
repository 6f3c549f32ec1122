//! What the program is told on its command line or in its environment.

use std::{fmt, net::SocketAddr, path::PathBuf};

use assent_client::setting::Setting;
use clap::Parser;

/// Where to listen.
pub(crate) const LISTEN: Setting = Setting::new("--listen", "ASSENT_API_LISTEN");
/// Where to serve metrics.
pub(crate) const METRICS_LISTEN: Setting =
    Setting::new("--metrics-listen", "ASSENT_API_METRICS_LISTEN");
/// Where the database is.
pub(crate) const DATABASE_URL: Setting = Setting::new("--database-url", "DATABASE_URL");

/// Serves the mirrored consents, reports, rewards, tokens, carbon units and orders over HTTP.
///
/// It reads the database that assent-indexer fills and the manifest that assent-deploy wrote; it
/// writes to neither. Its description is at /openapi.json, and readable at /docs.
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

/// Leaves out the database URL: it may hold a password.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("listen", &self.listen)
            .field("metrics_listen", &self.metrics_listen)
            .field("manifest", &self.manifest)
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
