//! Child processes that do not outlive whoever started them.

use anyhow::{Context, Result, bail};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use std::{
    fs::File,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

/// A running program whose output goes to a log file. Killed on drop.
pub struct Process {
    name: String,
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts `command`, with its output appended to `log`.
    ///
    /// `setpriv` asks the kernel to kill it when this process dies, even by SIGKILL.
    pub fn spawn(
        name: &str,
        program: &Path,
        args: &[String],
        env: &[(&str, String)],
        log: &Path,
    ) -> Result<Self> {
        Self::spawn_as(None, name, program, args, env, log)
    }

    /// The same as another user of the system; only root may.
    pub fn spawn_as(
        user: Option<&str>,
        name: &str,
        program: &Path,
        args: &[String],
        env: &[(&str, String)],
        log: &Path,
    ) -> Result<Self> {
        ensure_built(program)?;
        let output = File::options().create(true).append(true).open(log)?;
        let child = setpriv(user)
            .args(["--pdeathsig", "KILL", "--"])
            .arg(program)
            .args(args)
            .envs(env.iter().map(|(key, value)| (key, value)))
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .spawn()
            .with_context(|| {
                format!("could not start {name} through setpriv (package util-linux)")
            })?;
        Ok(Self { name: name.into(), child, log: log.into() })
    }

    /// What it has printed so far.
    pub fn output(&self) -> String {
        let bytes = std::fs::read(&self.log).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Waits until a line holds `marker` and gives the rest of that line.
    pub async fn wait_for_line(&mut self, marker: &str, within: Duration) -> Result<String> {
        let deadline = Instant::now() + within;
        loop {
            let output = self.output();
            if let Some((_, rest)) = output.split_once(marker)
                && let Some((line, _)) = rest.split_once('\n')
            {
                return Ok(line.trim().to_owned());
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("{} ended with {status} before it was ready:\n{}", self.name, tail(&output));
            }
            if Instant::now() > deadline {
                bail!(
                    "{} did not print `{marker}` within {within:?}:\n{}",
                    self.name,
                    tail(&output)
                );
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Its number in the system.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends SIGKILL and waits until it is gone.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Sends `signal`.
    pub fn signal(&self, signal: Signal) -> Result<()> {
        let pid = i32::try_from(self.child.id()).context("process id")?;
        Ok(kill(Pid::from_raw(pid), signal)?)
    }

    /// Sends `signal` and waits for the end.
    pub async fn stop(&mut self, signal: Signal, within: Duration) -> Result<ExitStatus> {
        self.signal(signal)?;
        self.wait(within).await
    }

    /// Waits for the program to end by itself.
    pub async fn wait(&mut self, within: Duration) -> Result<ExitStatus> {
        let deadline = Instant::now() + within;
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            if Instant::now() > deadline {
                bail!("{} did not end within {within:?}:\n{}", self.name, tail(&self.output()));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Sends `signal` and gives it `within` to end, without a runtime: for a drop. What does not end
    /// is killed when this is dropped.
    pub fn ask_to_end(&mut self, signal: Signal, within: Duration) {
        let pid = i32::try_from(self.child.id()).map(Pid::from_raw);
        let deadline = Instant::now() + within;
        if pid.is_ok_and(|pid| kill(pid, signal).is_ok()) {
            while self.is_running() && Instant::now() < deadline {
                std::thread::sleep(Duration::from_millis(10));
            }
        }
    }

    /// Whether it runs still.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Errors mean that it is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs a program to its end, which must be a good one: what it wrote to standard output. That may be a secret, so it
/// goes into no log and into no error; what the program said on standard error is told if it fails.
pub async fn output(
    name: &str,
    program: &Path,
    args: &[&str],
    env: &[(&str, String)],
    within: Duration,
) -> Result<String> {
    ensure_built(program)?;
    let mut command = tokio::process::Command::from(setpriv(None));
    command
        .args(["--pdeathsig", "KILL", "--"])
        .arg(program)
        .args(args)
        .envs(env.iter().map(|(key, value)| (key, value)))
        .stdin(Stdio::null())
        .kill_on_drop(true);
    let ended = tokio::time::timeout(within, command.output())
        .await
        .with_context(|| format!("{name} did not end within {within:?}"))?;
    let ended = ended
        .with_context(|| format!("could not start {name} through setpriv (package util-linux)"))?;
    if !ended.status.success() {
        let said = String::from_utf8_lossy(&ended.stderr);
        bail!("{name} ended with {}:\n{}", ended.status, tail(&said));
    }
    String::from_utf8(ended.stdout).with_context(|| format!("{name} wrote no text"))
}

/// Refuses a program that is not there.
fn ensure_built(program: &Path) -> Result<()> {
    if !program.exists() {
        bail!("{} is missing: build it first (`make build`)", program.display());
    }
    Ok(())
}

/// A command that runs the program after `--`, as `user` of the system if one is named.
pub(crate) fn setpriv(user: Option<&str>) -> Command {
    let mut command = Command::new("setpriv");
    if let Some(user) = user {
        let (uid, gid) = (format!("--reuid={user}"), format!("--regid={user}"));
        command.args([&uid, &gid, "--clear-groups"]);
    }
    command
}

/// The end of a log, for error messages.
fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(30)..].join("\n")
}

/// A TCP port of the loopback interface that was free a moment ago.
pub fn free_port() -> Result<u16> {
    Ok(std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// The folder that cargo put the programs of this workspace into.
pub fn program(name: &str) -> Result<PathBuf> {
    let own = std::env::current_exe()?;
    let folder = own.parent().context("the folder of this program")?;
    let folder = if folder.ends_with("deps") {
        folder.parent().context("the target folder")?
    } else {
        folder
    };
    Ok(folder.join(name))
}
