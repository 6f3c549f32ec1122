//! A shell that is told command after command, as from a terminal.

use anyhow::{Context, Result, bail};
use assent_e2e::{process::program, tools::tools};
use std::{
    env,
    fs::{self, File},
    io::Write,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    time::{Duration, Instant},
};

/// How long a command may take, and how long a server may take to start.
const LIMIT: Duration = Duration::from_secs(120);

/// What the READMEs take from PATH besides the system's programs. A server goes when the shell goes,
/// even by SIGKILL. Of cargo there is what a test can run: the examples that its own build has made, and
/// cargo-contract, which looks for a node at port 9944 unless it is told another.
const PROGRAMS: [(&str, &str); 4] = [
    (
        "assent-node",
        // Its other ports are free ones, too: tests run beside each other.
        r#"#!/bin/bash
case " $* " in *" --dev "*) set -- "$@" --port 0 --no-prometheus ;; esac
exec setpriv --pdeathsig KILL -- "$BUILT/assent-node" "$@"
"#,
    ),
    ("assent-indexer", SERVER),
    ("assent-api", SERVER),
    (
        "cargo",
        r#"#!/bin/bash
case "$1 $2" in
"run --example") exec "$BUILT/examples/$3" "${@:4}" ;;
"contract "*) exec cargo-contract "$@" --url "$ASSENT_NODE_URL" ;;
*) echo "error: no test runs cargo $*" >&2; exit 1 ;;
esac
"#,
    ),
];
const SERVER: &str = r#"#!/bin/bash
exec setpriv --pdeathsig KILL -- "$BUILT/${0##*/}" "$@"
"#;

/// How a command ended.
pub struct Done {
    /// Whether its exit code was 0.
    pub success: bool,
    /// What it has printed, errors too.
    pub output: String,
}

/// A running bash. It and all that it started is gone on drop.
pub struct Shell {
    child: Child,
    stdin: ChildStdin,
    /// Where the output of each command goes.
    outputs: PathBuf,
    commands: usize,
}

impl Shell {
    /// Starts bash in a folder, with the programs of this build in PATH and these variables. `outputs` is
    /// a folder for what this needs itself.
    pub fn start(folder: &Path, outputs: &Path, variables: &[(&str, &str)]) -> Result<Self> {
        let programs = outputs.join("programs");
        fs::create_dir_all(&programs)?;
        for (name, text) in PROGRAMS {
            let path = programs.join(name);
            fs::write(&path, text)?;
            fs::set_permissions(path, fs::Permissions::from_mode(0o755))?;
        }
        let built = program("")?;
        let system = env::var_os("PATH").unwrap_or_default();
        let path = [programs, built.clone(), tools()?.join("bin")];
        let path = env::join_paths(path.into_iter().chain(env::split_paths(&system)))?;
        let log = File::create(outputs.join("shell.log"))?;
        let mut child = Command::new("setpriv")
            .args(["--pdeathsig", "KILL", "--", "bash", "--norc"])
            .current_dir(folder)
            // Nothing that whoever runs the tests has set changes what the READMEs do.
            .env_clear()
            .envs(
                ["HOME", "LANG", "TMPDIR"]
                    .iter()
                    .filter_map(|name| Some((name, env::var_os(name)?))),
            )
            .env("PATH", path)
            .env("BUILT", built)
            .envs(variables.iter().copied())
            .stdin(Stdio::piped())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("could not start bash through setpriv (package util-linux)")?;
        let stdin = child.stdin.take().context("bash's input")?;
        let mut shell = Self { child, stdin, outputs: outputs.into(), commands: 0 };
        // The first command that fails in a pipeline counts, and a variable that nothing has set.
        shell.tell("set -o pipefail -o nounset")?;
        Ok(shell)
    }

    /// Runs a command, and waits until it has ended.
    pub async fn run(&mut self, command: &str) -> Result<Done> {
        let (output, code) = self.next();
        self.tell(&format!(
            "{{ {command}\n}} </dev/null >{0} 2>&1; echo $? >{1}.part; mv {1}.part {1}",
            output.display(),
            code.display()
        ))?;
        self.wait(command, &output, || code.exists()).await?;
        let success = fs::read_to_string(code)?.trim() == "0";
        Ok(Done { success, output: read(&output) })
    }

    /// Starts a command that stays up, in a shell of its own, and waits until it prints `ready`.
    pub async fn background(&mut self, command: &str, ready: &str) -> Result<()> {
        let (output, _) = self.next();
        let script = output.with_extension("sh");
        fs::write(&script, command)?;
        self.tell(&format!(
            "setpriv --pdeathsig KILL -- bash {} </dev/null >{} 2>&1 &",
            script.display(),
            output.display()
        ))?;
        self.wait(command, &output, || read(&output).contains(ready)).await
    }

    /// Where the next command prints, and where its exit code is written when it has ended.
    fn next(&mut self) -> (PathBuf, PathBuf) {
        self.commands += 1;
        let name = |ending| self.outputs.join(format!("{}.{ending}", self.commands));
        (name("out"), name("code"))
    }

    fn tell(&mut self, line: &str) -> Result<()> {
        Ok(writeln!(self.stdin, "{line}")?)
    }

    async fn wait(&mut self, what: &str, output: &Path, done: impl Fn() -> bool) -> Result<()> {
        let deadline = Instant::now() + LIMIT;
        while !done() {
            if let Some(status) = self.child.try_wait()? {
                let log = read(&self.outputs.join("shell.log"));
                bail!("bash ended with {status} at `{what}`:\n{log}{}", read(output));
            }
            if Instant::now() > deadline {
                bail!("`{what}` took longer than {LIMIT:?}:\n{}", read(output));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        // Errors mean that it is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(path: &Path) -> String {
    String::from_utf8_lossy(&fs::read(path).unwrap_or_default()).into_owned()
}
