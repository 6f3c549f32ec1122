//! The demo leaves nothing behind, however it is asked to end.

use anyhow::{Context, Result, ensure};
use assent_e2e::process::{Process, program};
use nix::sys::signal::Signal;
use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    time::Duration,
};

/// Generous: the first blocks compile the runtime and contracts.
const STEP: Duration = Duration::from_secs(120);
const END: Duration = Duration::from_secs(30);

/// The processes whose command line or working folder names a folder.
fn processes_in(folder: &Path) -> Result<Vec<String>> {
    let name = folder.to_string_lossy().into_owned();
    let mut found = Vec::new();
    for process in fs::read_dir("/proc")?.flatten() {
        // Other entries are no processes, and a process can end meanwhile.
        let command = fs::read(process.path().join("cmdline")).unwrap_or_default();
        let command = String::from_utf8_lossy(&command).replace('\0', " ");
        let cwd = fs::read_link(process.path().join("cwd")).unwrap_or_default();
        if command.contains(&name) || cwd.starts_with(folder) {
            found.push(command);
        }
    }
    Ok(found)
}

fn names(folder: &Path) -> Result<Vec<String>> {
    let entries = fs::read_dir(folder)?;
    entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
}

/// A folder for temporary files that no other program uses.
fn temporary_in(folder: &Path) -> Result<PathBuf> {
    let temporary = folder.join("tmp");
    fs::create_dir(&temporary)?;
    // Postgres runs as another user when the test is run by root.
    for folder in [folder, &temporary] {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755))?;
    }
    Ok(temporary)
}

/// Starts the demo, waits for a step, and ends it there.
async fn ends_clean(step: &str, signal: Signal) -> Result<()> {
    let outside = tempfile::tempdir()?;
    let temporary = temporary_in(outside.path())?;
    let env = [("TMPDIR", temporary.to_string_lossy().into_owned())];
    let log = outside.path().join("demo.log");
    let mut demo = Process::spawn("the demo", &program("assent-demo")?, &[], &env, &log)?;
    demo.wait_for_line(step, STEP).await?;
    let made = names(&temporary)?;
    ensure!(made.iter().any(|name| name.starts_with("assent-stack-")), "{made:?}");

    let status = demo.stop(signal, END).await?;
    let output = demo.output();
    assert_eq!(status.code(), Some(128 + signal as i32), "{status}: {output}");
    assert!(output.contains(signal.as_str()), "{output}");
    assert_eq!(names(&temporary)?, Vec::<String>::new(), "folders are left: {output}");
    assert_eq!(processes_in(&temporary)?, Vec::<String>::new(), "processes are left: {output}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_that_is_told_to_end_leaves_no_folder_and_no_process() -> Result<()> {
    // At the first step, in the middle, and at the last.
    ends_clean("==> Starting a private Postgres", Signal::SIGTERM).await.context("SIGTERM")?;
    ends_clean("==> Deploying the contracts", Signal::SIGHUP).await.context("SIGHUP")?;
    ends_clean("==> Starting the API", Signal::SIGINT).await.context("SIGINT")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_for_one_command_goes_with_it_when_it_is_told_to_end() -> Result<()> {
    let outside = tempfile::tempdir()?;
    let temporary = temporary_in(outside.path())?;
    let env = [("TMPDIR", temporary.to_string_lossy().into_owned())];
    let args = ["sh", "-c", "echo started; exec sleep 600"].map(str::to_owned);
    let log = outside.path().join("command.log");
    let mut command = Process::spawn("the command", &program("with-postgres")?, &args, &env, &log)?;
    command.wait_for_line("started", STEP).await?;
    assert_eq!(names(&temporary)?.len(), 1, "the server's folder");
    command.stop(Signal::SIGTERM, END).await?;
    assert_eq!(names(&temporary)?, Vec::<String>::new(), "{}", command.output());
    assert_eq!(processes_in(&temporary)?, Vec::<String>::new());
    Ok(())
}
