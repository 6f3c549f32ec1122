//! Runs a command with `DATABASE_URL` of a private Postgres that lives as long as the command.
//!
//! Usage: with-postgres <command> [argument]...

use anyhow::{Context, Result};
use assent_e2e::postgres::Postgres;
use std::process::{Command, ExitCode};

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let mut args = std::env::args_os().skip(1);
    let program = args.next().context("usage: with-postgres <command> [argument]...")?;
    let postgres = Postgres::start().await?;
    let status = Command::new(&program)
        .args(args)
        .env("DATABASE_URL", postgres.url())
        .status()
        .with_context(|| format!("could not run {}", program.to_string_lossy()))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
    Ok(ExitCode::from(code))
}
