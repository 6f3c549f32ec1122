//! Runs a command with `DATABASE_URL` of a private Postgres that lives as long as the command.
//!
//! Usage: with-postgres <command> [argument]...

use anyhow::{Context, Result};
use assent_e2e::{interrupt::Interrupts, postgres::Postgres};
use std::process::ExitCode;
use tokio::process::Command;

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let mut args = std::env::args_os().skip(1);
    let program = args.next().context("usage: with-postgres <command> [argument]...")?;
    // Whoever ends this ends the command, and the server's folder goes with it.
    let mut interrupts = Interrupts::listen()?;
    let postgres = Postgres::start().await?;
    let mut child = Command::new(&program)
        .args(args)
        .env("DATABASE_URL", postgres.url())
        .spawn()
        .with_context(|| format!("could not run {}", program.to_string_lossy()))?;
    let status = loop {
        tokio::select! {
            status = child.wait() => break status?,
            signal = interrupts.next() => {
                child.id().into_iter().for_each(|id| signal.hand_on(id));
            }
        }
    };
    let code = status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
    Ok(ExitCode::from(code))
}
