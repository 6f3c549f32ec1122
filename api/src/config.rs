//! What the program is told on its command line or in its environment.

use std::{fmt, net::SocketAddr, path::PathBuf};

use clap::Parser;

/// Serves the mirrored consents, reports, rewards, tokens, carbon units and orders over HTTP.
///
/// It reads the database that assent-indexer fills and the manifest that assent-deploy wrote; it
/// writes to neither. Its description is at /openapi.json, and readable at /docs.
#[derive(Clone, Parser)]
#[command(name = "assent-api", version)]
pub struct Config {
    /// Address and port to listen on; port 0 takes a free one.
    #[arg(long, env = "ASSENT_API_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,

    /// Database of the indexer, as postgres://user:password@host:port/name.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: String,

    /// Manifest of the deployment, as written by `assent-deploy apply`.
    #[arg(long, env = "ASSENT_MANIFEST")]
    pub manifest: PathBuf,

    /// Not ready when the mirror is behind by more than this, in seconds: its last block is older, or
    /// the indexer was silent for longer.
    #[arg(long, env = "ASSENT_API_MAX_LAG_SECONDS", default_value_t = 30)]
    pub max_lag_seconds: u32,
}

/// Leaves out the database URL: it may hold a password.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("listen", &self.listen)
            .field("manifest", &self.manifest)
            .field("max_lag_seconds", &self.max_lag_seconds)
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
        assert_eq!(config.max_lag_seconds, 30);
        assert_eq!(config.listen.port(), 0);
        assert!(!format!("{config:?}").contains("hunter2"));
    }

    #[test]
    fn refuses_an_address_without_a_port() {
        let refusal = Config::try_parse_from(["assent-api", "--listen", "localhost"]);
        assert!(refusal.unwrap_err().to_string().contains("--listen"));
    }
}
