//! `assent-indexer`: see `assent-indexer --help`.

use std::io::IsTerminal;
use std::process::ExitCode;

use anyhow::Context;
use assent_client::setting::one_line;
use assent_indexer::config::{
    AuditConfig, CheckProofConfig, ProveConfig, RebuildConfig, RegisterConfig,
};
use assent_indexer::store::{Registered, rebuild, register};
use assent_indexer::{Cli, Command, Config, NeedError, progress, prove, status};
use assent_mirror::fold::Projection;
use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

/// Blocks come and go on all threads: glibc would keep a heap for each, which grows with the chain.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    let Cli { command } = Cli::parse();
    // The migrator's "already exists, skipping" at every start says nothing.
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("info,sqlx::postgres::notice=warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(progress::stderr)
        .init();
    let done = match command {
        Command::Run(config) => run(config).await,
        Command::Register(config) => register_all(config).await,
        Command::Rebuild(config) => rebuild_all(config).await,
        Command::Audit(config) => audit(config).await,
        Command::Prove(config) => prove_event(config).await,
        Command::CheckProof(config) => check_proof(&config),
        Command::Status(database) => show(&database).await,
    };
    match done {
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

async fn register_all(config: RegisterConfig) -> anyhow::Result<()> {
    let done = register(&config.database.options()?, &config.files).await;
    let (registered, decoded) = done.map_err(|error| NeedError::of(error, &config.database))?;
    for Registered { name, code_hash, is_new } in registered {
        let already = if is_new { "" } else { " already" };
        println!("{name}, code {code_hash}: registered{already}");
    }
    println!("{decoded} stored events were decoded");
    Ok(())
}

async fn rebuild_all(config: RebuildConfig) -> anyhow::Result<()> {
    let options = config.database.options()?;
    let projections = config.projection.map_or(Projection::ALL.to_vec(), |one| vec![one]);
    for projection in projections {
        tracing::info!(projection = projection.name(), "The projection is rebuilt");
        let rebuilt = rebuild(&options, projection).await;
        let rebuilt = rebuilt.map_err(|error| NeedError::of(error, &config.database))?;
        match rebuilt.stopped {
            None => println!("{} rebuilt up to block {}", projection.name(), rebuilt.block),
            Some(contradiction) => {
                let (name, block) = (projection.name(), rebuilt.block);
                println!("{name} rebuilt, and stands still at block {block}: {contradiction}");
            }
        }
    }
    Ok(())
}

async fn audit(config: AuditConfig) -> anyhow::Result<()> {
    let report = assent_indexer::audit::audit(config).await?;
    print!("{report}");
    anyhow::ensure!(report.is_right(), "the mirror is not what the chain says; see the findings");
    Ok(())
}

async fn prove_event(config: ProveConfig) -> anyhow::Result<()> {
    let (at, output) = (config.event, config.output.clone());
    let text = prove::prove(config).await?.text()?;
    match output {
        None => print!("{text}"),
        Some(file) => {
            prove::write_file(&file, &text)?;
            println!("event {at} is proven; the proof is in {}", file.display());
        }
    }
    Ok(())
}

fn check_proof(config: &CheckProofConfig) -> anyhow::Result<()> {
    print!("{}", prove::check_file(config)?);
    Ok(())
}

async fn show(database: &assent_indexer::config::Database) -> anyhow::Result<()> {
    let read = status::read(&database.options()?).await;
    print!("{}", read.map_err(|error| NeedError::of(error, database))?);
    Ok(())
}
