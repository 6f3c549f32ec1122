//! Binds the address, serves until it is told to stop, and lets running requests finish.

use std::{future::Future, io, net::SocketAddr, path::PathBuf, time::Duration};

use assent_auth::Auth;
use assent_client::{
    manifest::{Manifest, ManifestError},
    setting::{Empty, Setting},
};
use assent_mirror::database::{self, DatabaseUrlError};
use axum::Router;
use axum_server::{Handle, tls_rustls::RustlsConfig};
use sqlx::PgPool;
use tokio::{net::TcpListener, time::MissedTickBehavior};

use crate::{
    config::{AUTH_DATABASE_URL, Config, DATABASE_URL, LISTEN, METRICS_LISTEN},
    identity::{self, IdentityError, Rates},
    metrics,
    state::{self, AppState, Deployment, Limits},
    watch,
};

/// How long a client may take to send the headers of a request, and to ask at all.
const HEADERS_TIMEOUT: Duration = Duration::from_secs(10);
/// How long open connections may take to end after the signal to stop.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(15);

/// Why the service could not start, or stopped.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The manifest is absent or malformed.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// A setting is empty.
    #[error(transparent)]
    Empty(#[from] Empty),
    /// The database URL cannot be used.
    #[error(transparent)]
    DatabaseUrl(#[from] DatabaseUrlError),
    /// What signs people in cannot be set up.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The certificate or its key cannot be used.
    #[error("TLS cannot be set up with {} and {} ({reason})", .certificate.display(), .key.display())]
    Tls {
        /// The file of --tls-certificate.
        certificate: PathBuf,
        /// The file of --tls-key.
        key: PathBuf,
        /// What is wrong with one of them.
        reason: io::Error,
    },
    /// Another program listens there.
    #[error(
        "port {} of {} is taken: stop the program that listens there, or choose another one with \
         {flag} (port 0 takes a free one)", .address.port(), .address.ip()
    )]
    PortTaken {
        /// The address.
        address: SocketAddr,
        /// The flag that gives it.
        flag: &'static str,
    },
    /// The address cannot be listened on.
    #[error(
        "cannot listen on {address} ({reason}): choose another address, for example \
         {flag} 127.0.0.1:8080"
    )]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The flag that gives it.
        flag: &'static str,
        /// What the system says.
        reason: io::Error,
    },
    /// The listener failed later.
    #[error("the HTTP server failed: {0}")]
    Serve(io::Error),
}

/// The service, bound to its address but not serving yet.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    router: Router,
    pool: PgPool,
    auth: Auth,
    auth_pool: PgPool,
    state: AppState,
    metrics: Option<TcpListener>,
    tls: Option<RustlsConfig>,
    drain: Duration,
}

impl Server {
    /// Reads the manifest and binds the address. The database may still be away: `/readyz` tells.
    ///
    /// # Errors
    /// [`ServeError`], each naming the setting and the fix.
    pub async fn bind(config: &Config) -> Result<Self, ServeError> {
        let manifest = Manifest::load(&config.manifest)?;
        let url = DATABASE_URL.trimmed(&config.database_url)?;
        let options = database::options(&url, DATABASE_URL.source(&url))?;
        let pool = state::pool(options.clone());
        let &Config { max_lag_seconds, max_staleness_seconds, .. } = config;
        let limits = Limits { max_lag_seconds, max_staleness_seconds };
        let (listener, address) = bind(config.listen, LISTEN).await?;
        let auth_options = match &config.auth_database_url {
            None => options,
            Some(url) => {
                let url = AUTH_DATABASE_URL.trimmed(url)?;
                database::options(&url, AUTH_DATABASE_URL.source(&url))?
            }
        };
        let auth_pool = identity::pool(auth_options);
        let tls = match config.tls_certificate.clone().zip(config.tls_key.clone()) {
            None => None,
            Some((certificate, key)) => {
                // One that was set before is as good.
                let _ = rustls::crypto::ring::default_provider().install_default();
                let tls = RustlsConfig::from_pem_file(&certificate, &key).await;
                Some(tls.map_err(|reason| ServeError::Tls { certificate, key, reason })?)
            }
        };
        let scheme = if tls.is_some() { "https" } else { "http" };
        let public_url = match &config.public_url {
            None => format!("{scheme}://{address}"),
            Some(url) => url.clone(),
        };
        if config.signing_key_file.is_none() {
            tracing::warn!(
                "No --signing-key-file: the key that signs access tokens is made up. When this program \
                 restarts, tokens have to be refreshed, and no other one takes them"
            );
        }
        if !address.ip().is_loopback() && config.proxies.is_empty() && tls.is_none() {
            tracing::warn!(
                "Tokens, API keys and answers go through the network in clear: give a certificate with \
                 --tls-certificate, or put a proxy with TLS before this service and name it with --proxy"
            );
        }
        let signing_key = config.signing_key_file.as_ref();
        let genesis_hash = manifest.genesis_hash;
        let auth = identity::auth(auth_pool.clone(), &public_url, genesis_hash, signing_key)?;
        let deployment = Deployment::from(&manifest);
        let state = AppState::new(pool.clone(), auth.clone(), deployment, limits);
        let rates = Rates::new(
            config.address_requests_per_minute,
            config.requests_per_minute,
            &config.proxies,
        )?;
        let metrics = match config.metrics_listen {
            None => None,
            Some(address) => {
                let (listener, address) = bind(address, METRICS_LISTEN).await?;
                tracing::info!("Metrics are served at http://{address}/metrics");
                Some(listener)
            }
        };
        let router = crate::router(state.clone(), rates, config.origins.clone());
        let drain = Duration::from_secs(config.drain_seconds.into());
        Ok(Self { listener, address, router, pool, auth, auth_pool, state, metrics, tls, drain })
    }

    /// Where it is, with the actual port: what comes before a path.
    #[must_use]
    pub fn url(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// The address it is bound to, with the actual port.
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// The address of the metrics, with the actual port; `None`: they are not served.
    #[must_use]
    pub fn metrics_addr(&self) -> Option<SocketAddr> {
        self.metrics.as_ref().and_then(|listener| listener.local_addr().ok())
    }

    /// Serves until `shutdown` resolves; then is not ready, serves on for as long as it shall drain, and
    /// finishes running requests, for 15 s at most.
    ///
    /// # Errors
    /// [`ServeError::Serve`] when the listener fails.
    pub async fn run(
        self,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), ServeError> {
        let (handle, state, drain) = (Handle::new(), self.state.clone(), self.drain);
        let stop = handle.clone();
        let stopping = async move {
            shutdown.await;
            state.stop();
            tokio::time::sleep(drain).await;
            tracing::info!("Stopping: no new connections, running requests finish");
            stop.graceful_shutdown(Some(DRAIN_TIMEOUT));
            std::future::pending::<()>().await;
        };
        let router = self.router.into_make_service_with_connect_info::<SocketAddr>();
        let (listener, tls) = (self.listener.into_std().map_err(ServeError::Serve)?, self.tls);
        let serving = async move {
            match tls {
                None => bounded(axum_server::from_tcp(listener)?, handle).serve(router).await,
                Some(tls) => {
                    let server = axum_server::from_tcp_rustls(listener, tls)?;
                    bounded(server, handle).serve(router).await
                }
            }
        };
        let state = self.state.clone();
        let looking = async move {
            let mut interval = tokio::time::interval(watch::INTERVAL);
            interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                interval.tick().await;
                state.look().await;
            }
        };
        let auth_options = (*self.auth_pool.connect_options()).clone();
        let keeping = identity::keep(self.auth, auth_options);
        let figures = metrics::router(self.state);
        let showing = async move {
            match self.metrics {
                Some(listener) => axum::serve(listener, figures).await,
                None => std::future::pending().await,
            }
        };
        let result = tokio::select! {
            () = looking => Ok(()),
            () = keeping => Ok(()),
            result = showing => result.map_err(ServeError::Serve),
            result = serving => result.map_err(ServeError::Serve),
            () = stopping => Ok(()),
        };
        self.pool.close().await;
        self.auth_pool.close().await;
        result
    }
}

/// A server that does not wait for ever for a client, and ends when it is told.
fn bounded<A>(
    mut server: axum_server::Server<SocketAddr, A>,
    handle: Handle<SocketAddr>,
) -> axum_server::Server<SocketAddr, A> {
    server.http_builder().http1().header_read_timeout(HEADERS_TIMEOUT);
    server.http_builder().http2().keep_alive_interval(HEADERS_TIMEOUT);
    server.handle(handle).first_request_timeout(HEADERS_TIMEOUT)
}

/// Listens there, with the actual port.
async fn bind(
    address: SocketAddr,
    setting: Setting,
) -> Result<(TcpListener, SocketAddr), ServeError> {
    let flag = setting.flag;
    let refused = |reason: io::Error| match reason.kind() {
        io::ErrorKind::AddrInUse => ServeError::PortTaken { address, flag },
        _ => ServeError::Listen { address, flag, reason },
    };
    let listener = TcpListener::bind(address).await.map_err(refused)?;
    let address = listener.local_addr().map_err(refused)?;
    Ok((listener, address))
}

/// Binds, prints `Listening on http://…`, or https, to standard output, and serves until `shutdown` resolves.
///
/// # Errors
/// As [`Server::bind`] and [`Server::run`].
pub async fn serve(
    config: Config,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    let server = Server::bind(&config).await?;
    println!("Listening on {}", server.url());
    server.run(shutdown).await
}
