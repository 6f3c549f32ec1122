//! Binds the address, serves until it is told to stop, and lets running requests finish.

use std::{future::Future, io, net::SocketAddr, time::Duration};

use assent_client::{
    manifest::{Manifest, ManifestError},
    setting::Empty,
};
use assent_mirror::database::{self, DatabaseUrlError};
use axum::Router;
use sqlx::PgPool;
use tokio::{net::TcpListener, sync::oneshot};

use crate::{
    config::{Config, DATABASE_URL},
    state::{self, AppState, Deployment},
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
         --listen (port 0 takes a free one)", .0.port(), .0.ip()
    )]
    PortTaken(SocketAddr),
    /// The address cannot be listened on.
    #[error(
        "cannot listen on {address} ({reason}): choose another address, for example \
         --listen 127.0.0.1:8080"
    )]
    Listen {
        /// The address of --listen.
        address: SocketAddr,
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
        let state =
            AppState::new(pool.clone(), Deployment::from(&manifest), config.max_lag_seconds);
        let refused = |reason: io::Error| match reason.kind() {
            io::ErrorKind::AddrInUse => ServeError::PortTaken(config.listen),
            _ => ServeError::Listen { address: config.listen, reason },
        };
        let listener = TcpListener::bind(config.listen).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        Ok(Self { listener, address, router: crate::router(state), pool })
    }

    /// The address it is bound to, with the actual port.
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `shutdown` resolves; then finishes running requests, for 15 s at most.
    ///
    /// # Errors
    /// [`ServeError::Serve`] when the listener fails.
    pub async fn run(
        self,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), ServeError> {
        let (stopping, stopped) = oneshot::channel();
        let signal = async move {
            shutdown.await;
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
        let result = tokio::select! {
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
