//! `assent-indexer`: see `assent-indexer --help`.

use std::io::IsTerminal;
use std::process::ExitCode;

use anyhow::Context;
use assent_client::setting::one_line;
use assent_indexer::Config;
use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> ExitCode {
    let config = Config::parse();
    // The migrator's "already exists, skipping" at every start says nothing.
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("info,sqlx::postgres::notice=warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
    match run(config).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // One line, also where backtraces are on: the cause and what to do, not where it arose.
            eprintln!("error: {}", one_line(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

async fn run(config: Config) -> anyhow::Result<()> {
    let shutdown = CancellationToken::new();
    let mut terminate =
        signal(SignalKind::terminate()).context("the signal SIGTERM cannot be listened to")?;
    let on_signal = shutdown.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        tracing::info!("The indexer stops after the block in hand");
        on_signal.cancel();
    });
    assent_indexer::run(config, shutdown).await?;
    Ok(())
}
