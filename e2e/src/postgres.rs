//! A private Postgres: made from the installed server programs in a temporary folder.

use crate::process::{Process, free_port, setpriv};
use anyhow::{Context, Result, bail};
use nix::{sys::signal::Signal, unistd::geteuid};
use std::{
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

/// A Postgres server of our own. It and its data are gone on drop.
pub struct Postgres {
    data: PathBuf,
    bin: PathBuf,
    user: Option<String>,
    port: u16,
    log: PathBuf,
    server: Option<Process>,
    // Last: the folder goes after the server.
    folder: tempfile::TempDir,
}

impl Postgres {
    /// Makes a cluster and starts it on a free port of the loopback interface.
    ///
    /// `initdb` refuses root: then the server runs as the system's user `postgres`.
    pub async fn start() -> Result<Self> {
        Self::start_with(None).await
    }

    /// The same with this certificate and its key, both as PEM: by TCP it takes encrypted connections only.
    pub async fn start_encrypted(certificate: &str, key: &str) -> Result<Self> {
        Self::start_with(Some((certificate, key))).await
    }

    async fn start_with(encrypted: Option<(&str, &str)>) -> Result<Self> {
        let bin = server_programs()?;
        let folder = tempfile::Builder::new().prefix("assent-postgres-").tempdir()?;
        let user = geteuid().is_root().then(|| "postgres".to_owned());
        let data = folder.path().join("data");
        if let Some(user) = &user {
            chown(folder.path(), user)?;
        }
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755))?;
        let output = setpriv(user.as_deref())
            .arg("--")
            .arg(bin.join("initdb"))
            .args([
                "--username=postgres",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
                "-D",
            ])
            .arg(&data)
            .output()
            .context("could not run initdb")?;
        if !output.status.success() {
            bail!("initdb failed:\n{}", String::from_utf8_lossy(&output.stderr));
        }
        if let Some((certificate, key)) = encrypted {
            encrypt(&data, certificate, key, user.as_deref())?;
        }
        let log = folder.path().join("server.log");
        let mut postgres = Self { data, bin, user, port: 0, log, server: None, folder };
        // Another program can take a port between the look and the use: then another port is tried.
        let mut last = None;
        for _ in 0..5 {
            postgres.port = free_port()?;
            match postgres.resume().await {
                Ok(()) => return Ok(postgres),
                Err(error) => last = Some(error),
            }
        }
        Err(last.context("no port was tried")?)
    }

    /// The URL of database `postgres`, for its superuser.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// The same server by its socket: without what TCP adds.
    pub fn socket_url(&self) -> String {
        let folder = self.folder.path().display();
        format!("postgres://postgres@localhost:{}/postgres?host={folder}", self.port)
    }

    /// The server's number in the system.
    pub fn id(&self) -> Result<u32> {
        Ok(self.server.as_ref().context("the server is stopped")?.id())
    }

    /// Stops the server as an operator would (fast shutdown); the data stay.
    pub async fn stop(&mut self) -> Result<()> {
        if let Some(mut server) = self.server.take() {
            server.stop(Signal::SIGINT, Duration::from_secs(30)).await?;
        }
        Ok(())
    }

    /// Stops the server at once (immediate shutdown): what it has not written is lost, as when the machine
    /// fails, and the next start recovers the rest.
    pub async fn crash(&mut self) -> Result<()> {
        if let Some(mut server) = self.server.take() {
            server.stop(Signal::SIGQUIT, Duration::from_secs(30)).await?;
        }
        Ok(())
    }

    /// The port of the loopback interface on which it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Starts the server on the data and the port that it had.
    pub async fn resume(&mut self) -> Result<()> {
        let args = [
            "-D",
            &self.data.to_string_lossy(),
            "-p",
            &self.port.to_string(),
            "-k",
            &self.folder.path().to_string_lossy(),
            "-c",
            "listen_addresses=127.0.0.1",
        ]
        .map(str::to_owned);
        let program = self.bin.join("postgres");
        let mut server =
            Process::spawn_as(self.user.as_deref(), "Postgres", &program, &args, &[], &self.log)?;
        let deadline = Instant::now() + Duration::from_secs(30);
        while !self.accepts() {
            if !server.is_running() || Instant::now() > deadline {
                bail!("Postgres did not start on port {}:\n{}", self.port, server.output());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        self.server = Some(server);
        Ok(())
    }

    /// Asked through the socket in the private folder, which no other server can have: on the TCP
    /// port another one may have been faster. Ours ends when it cannot have that port.
    fn accepts(&self) -> bool {
        Command::new(self.bin.join("pg_isready"))
            .args(["-q", "-p", &self.port.to_string(), "-h"])
            .arg(self.folder.path())
            .status()
            .is_ok_and(|status| status.success())
    }
}

impl Drop for Postgres {
    /// SIGQUIT, an immediate shutdown, ends the server with all its processes. Were it killed, these
    /// would outlive it for a moment and write into the folder that is being removed.
    fn drop(&mut self) {
        if let Some(mut server) = self.server.take() {
            server.ask_to_end(Signal::SIGQUIT, Duration::from_secs(5));
        }
    }
}

/// Where `initdb` and `postgres` lie; Debian keeps them out of PATH.
fn server_programs() -> Result<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin")))
        })
        .filter(|(_, bin)| bin.join("initdb").exists())
        .collect();
    found.sort();
    if let Some((_, bin)) = found.pop() {
        return Ok(bin);
    }
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths)
        .find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
        .context("no Postgres server programs found: run `apt-get install postgresql` (only its programs are used)")
}

/// Has a cluster serve with this certificate, and take no other connection by TCP.
fn encrypt(data: &Path, certificate: &str, key: &str, user: Option<&str>) -> Result<()> {
    for (name, pem) in [("server.crt", certificate), ("server.key", key)] {
        let path = data.join(name);
        std::fs::write(&path, pem)?;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
        if let Some(user) = user {
            chown(&path, user)?;
        }
    }
    let rules = data.join("pg_hba.conf");
    let only_encrypted = std::fs::read_to_string(&rules)?.replace("\nhost ", "\nhostssl ");
    std::fs::write(rules, only_encrypted)?;
    let settings = data.join("postgresql.conf");
    let encrypted = std::fs::read_to_string(&settings)? + "\nssl = on\n";
    Ok(std::fs::write(settings, encrypted)?)
}

fn chown(path: &Path, user: &str) -> Result<()> {
    let user = nix::unistd::User::from_name(user)?.with_context(|| {
        format!("there is no system user {user}: install Debian's postgresql package")
    })?;
    Ok(nix::unistd::chown(path, Some(user.uid), Some(user.gid))?)
}
