//! A node by itself: what deploys to it and asks it needs nothing else of a stack.

use crate::process::{Process, program};
use anyhow::{Context, Result};
use nix::sys::signal::Signal;
use std::{path::Path, time::Duration};

/// How long it may take to start. Generous: the first one compiles the runtime, which takes 10 s of
/// processor time, and others may need the processors, too.
const START: Duration = Duration::from_secs(300);

/// A running node on free ports, killed on drop.
pub struct Node {
    /// JSON-RPC of the node.
    pub url: String,
    /// The program.
    pub process: Process,
}

impl Node {
    /// Starts a chain that seals by itself, with an empty block every second: a story that waits for a
    /// time does not wait for much more. The chain is kept in `folder`: with --tmp, a node that is
    /// killed leaves a folder behind.
    pub async fn start(folder: &Path, more: &[&str]) -> Result<Self> {
        Self::start_with(folder, Duration::from_secs(1), more).await
    }

    /// The same with an empty block only after `idle`, and one at the start. A chain that is in `folder`
    /// goes on. What it compiles lies beside the program, for the nodes after it.
    pub async fn start_with(folder: &Path, idle: Duration, more: &[&str]) -> Result<Self> {
        let program = program("assent-node")?;
        let mut args = vec![
            "--dev".to_owned(),
            format!("--dev-block-seconds={}", idle.as_secs()),
            format!("--base-path={}", folder.join("chain").display()),
            "--rpc-port=0".to_owned(),
            "--port=0".to_owned(),
            "--no-prometheus".to_owned(),
            format!("--runtime-cache={}", program.with_file_name("runtime-cache").display()),
        ];
        args.extend(more.iter().map(|&arg| arg.to_owned()));
        let log = folder.join("node.log");
        let mut process = Process::spawn("the node", &program, &args, &[], &log)?;
        let url = process.wait_for_line("JSON-RPC is ready at ", START).await?;
        Ok(Self { url, process })
    }

    /// The port of its JSON-RPC, on the loopback interface.
    pub fn port(&self) -> Result<u16> {
        let port = self.url.rsplit_once(':').and_then(|(_, port)| port.parse().ok());
        port.with_context(|| format!("no port in {}", self.url))
    }

    /// Stops it as an operator would, so that all of the chain is on the disk. Were it killed, it could
    /// lose blocks that it called final.
    pub async fn stop(&mut self) -> Result<()> {
        self.process.stop(Signal::SIGINT, Duration::from_secs(60)).await?;
        Ok(())
    }
}
