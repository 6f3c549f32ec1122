//! Binds the address, serves until it is told to stop, and lets running requests finish.

use std::{future::Future, io, net::SocketAddr, time::Duration};

use assent_client::{
    manifest::{Manifest, ManifestError},
    setting::{Empty, Setting},
};
use assent_mirror::database::{self, DatabaseUrlError};
use axum::Router;
use sqlx::PgPool;
use tokio::{net::TcpListener, sync::oneshot, time::MissedTickBehavior};

use crate::{
    config::{Config, DATABASE_URL, LISTEN, METRICS_LISTEN},
    metrics,
    state::{self, AppState, Deployment, Limits},
    watch,
};

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
    state: AppState,
    metrics: Option<TcpListener>,
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
        let pool = state::pool(database::options(&url, DATABASE_URL.source(&url))?);
        let &Config { max_lag_seconds, max_staleness_seconds, .. } = config;
        let limits = Limits { max_lag_seconds, max_staleness_seconds };
        let state = AppState::new(pool.clone(), Deployment::from(&manifest), limits);
        let (listener, address) = bind(config.listen, LISTEN).await?;
        let metrics = match config.metrics_listen {
            None => None,
            Some(address) => {
                let (listener, address) = bind(address, METRICS_LISTEN).await?;
                tracing::info!("Metrics are served at http://{address}/metrics");
                Some(listener)
            }
        };
        let router = crate::router(state.clone());
        let drain = Duration::from_secs(config.drain_seconds.into());
        Ok(Self { listener, address, router, pool, state, metrics, drain })
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
        let (stopping, stopped) = oneshot::channel();
        let (state, drain) = (self.state.clone(), self.drain);
        let signal = async move {
            shutdown.await;
            state.stop();
            tokio::time::sleep(drain).await;
            tracing::info!("Stopping: no new connections, running requests finish");
            // The receiver is gone only when the server has ended already.
            let _ = stopping.send(());
        };
        let server = axum::serve(self.listener, self.router).with_graceful_shutdown(signal);
        let deadline = async move {
            match stopped.await {
                Ok(()) => tokio::time::sleep(DRAIN_TIMEOUT).await,
                Err(_) => std::future::pending().await,
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
        let figures = metrics::router(self.state);
        let showing = async move {
            match self.metrics {
                Some(listener) => axum::serve(listener, figures).await,
                None => std::future::pending().await,
            }
        };
        let result = tokio::select! {
            () = looking => Ok(()),
            result = showing => result.map_err(ServeError::Serve),
            result = server => result.map_err(ServeError::Serve),
            () = deadline => {
                tracing::warn!(seconds = DRAIN_TIMEOUT.as_secs(), "Connections were still open and are cut");
                Ok(())
            }
        };
        self.pool.close().await;
        result
    }
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

/// Binds, prints `Listening on http://…` to standard output, and serves until `shutdown` resolves.
///
/// # Errors
/// As [`Server::bind`] and [`Server::run`].
pub async fn serve(
    config: Config,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    let server = Server::bind(&config).await?;
    println!("Listening on http://{}", server.local_addr());
    server.run(shutdown).await
}
