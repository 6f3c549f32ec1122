//! `assent-api`: the REST API over the mirror.

use std::{io::IsTerminal, process::ExitCode};

use assent_api::{Command, Config};
use assent_client::setting::one_line;
use clap::{CommandFactory as _, FromArgMatches as _, Subcommand as _};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

/// What the program is told.
enum Told {
    /// To serve, with all that this needs.
    Serve(Config),
    /// Something else, which needs none of that.
    Do(Command),
}

impl Told {
    fn read() -> Result<Self, clap::Error> {
        let all = Command::augment_subcommands(Config::command())
            .args_conflicts_with_subcommands(true)
            .subcommand_negates_reqs(true);
        let given = all.try_get_matches()?;
        match given.subcommand_name() {
            None => Config::from_arg_matches(&given).map(Self::Serve),
            Some(_) => Command::from_arg_matches(&given).map(Self::Do),
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let told = Told::read().unwrap_or_else(|error| error.exit());
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
    let result = match told {
        Told::Serve(config) => run(config).await,
        Told::Do(command) => command.run().await.map_err(anyhow::Error::from),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", one_line(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

async fn run(config: Config) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let shutdown = async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    Ok(assent_api::serve(config, shutdown).await?)
}
