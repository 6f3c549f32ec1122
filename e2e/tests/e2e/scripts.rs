//! What scripts/lib.sh does with a machine that lacks something: it says what, and takes nothing that
//! was not given.

use anyhow::{Context, Result, ensure};
use assent_e2e::stack::artifacts;
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// A package that no machine has.
const PACKAGE: &str = "assent-has-no-such-package";

/// Runs commands in bash that has sourced scripts/lib.sh, with this folder first in PATH.
fn bash(first: &Path, commands: &str, variables: &[(&str, &str)]) -> Result<Output> {
    let artifacts = artifacts();
    let root = artifacts.ancestors().nth(2).context("the checkout")?;
    let path = std::env::var("PATH").unwrap_or_default();
    Command::new("bash")
        .args(["-euo", "pipefail", "-c", &format!(". scripts/lib.sh\n{commands}")])
        .current_dir(root)
        .env("PATH", format!("{}:{path}", first.display()))
        .env_remove("ASSENT_SUDO")
        .envs(variables.iter().copied())
        .output()
        .context("bash")
}

/// Programs under these names that say that they were called, and with what.
fn programs(folder: &Path, names: &[&str]) -> Result<PathBuf> {
    for name in names {
        let path = folder.join(name);
        fs::write(&path, format!("#!/bin/sh\necho \"{name} $*\" >>\"${{0%/*}}/called\"\n"))?;
        fs::set_permissions(path, fs::Permissions::from_mode(0o755))?;
    }
    // Somebody who is not root.
    let id = folder.join("id");
    fs::write(&id, "#!/bin/sh\necho 1000\n")?;
    fs::set_permissions(id, fs::Permissions::from_mode(0o755))?;
    Ok(folder.join("called"))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_missing_package_is_named_with_the_command_and_no_sudo_is_called() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let called = programs(folder.path(), &["apt-get", "sudo"])?;
    let done = bash(folder.path(), &format!("need_packages 'to try' {PACKAGE}"), &[])?;
    assert_eq!(done.status.code(), Some(1));
    let error = text(&done.stderr);
    assert!(error.contains(&format!("missing to try: {PACKAGE}")), "{error}");
    let command = format!("sudo apt-get install --no-install-recommends {PACKAGE}");
    assert!(error.contains(&command) && error.contains("ASSENT_SUDO=1"), "{error}");
    assert!(!called.exists(), "{}", fs::read_to_string(called)?);
    Ok(())
}

#[test]
fn with_leave_a_missing_package_is_installed_and_a_line_says_so() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let called = programs(folder.path(), &["apt-get", "sudo"])?;
    let need = format!("need_packages 'to try' {PACKAGE}");
    let done = bash(folder.path(), &need, &[("ASSENT_SUDO", "1")])?;
    assert!(done.status.success(), "{}", text(&done.stderr));
    assert_eq!(text(&done.stdout), format!("==> installing to try: {PACKAGE}\n"));
    let called = fs::read_to_string(called)?;
    assert!(called.contains("sudo apt-get update"), "{called}");
    assert!(called.lines().any(|line| line.ends_with(PACKAGE)), "{called}");
    Ok(())
}

#[test]
fn what_is_there_is_not_installed() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let called = programs(folder.path(), &["apt-get", "sudo"])?;
    let done = bash(folder.path(), "need_packages 'to try' bash", &[("ASSENT_SUDO", "1")])?;
    assert!(done.status.success() && done.stdout.is_empty(), "{done:?}");
    assert!(!called.exists());
    Ok(())
}

#[test]
fn a_shared_library_that_is_missing_is_named_with_its_package() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (library, unpacked) = ("libassent_none.so.2.9", folder.path().join("unpacked"));
    fs::create_dir(&unpacked)?;
    fs::write(folder.path().join("library.c"), "int f(void) { return 0; }")?;
    fs::write(folder.path().join("program.c"), "int f(void); int main(void) { return f(); }")?;
    let soname = format!("-Wl,-soname,{library}");
    for args in [
        vec!["-shared", "-o", library, &soname, "library.c"],
        vec!["-o", "unpacked/program", "program.c", library],
    ] {
        let done = Command::new("cc").args(args).current_dir(&folder).output().context("cc")?;
        ensure!(done.status.success(), "{}", text(&done.stderr));
    }
    // What needs no library is no fault.
    programs(&unpacked, &["script"])?;
    let check = format!("check_libraries {}", unpacked.display());
    let done = bash(folder.path(), &check, &[])?;
    assert_eq!(done.status.code(), Some(1));
    let error = text(&done.stderr);
    assert!(error.contains(library), "{error}");
    assert!(error.contains("apt-get install libassent-none2.9"), "{error}");

    // Where LD_LIBRARY_PATH has it, nothing is missing.
    let libraries = folder.path().display().to_string();
    let done = bash(folder.path(), &check, &[("LD_LIBRARY_PATH", &libraries)])?;
    assert!(done.status.success(), "{}", text(&done.stderr));
    Ok(())
}

#[test]
fn the_package_of_a_library_follows_from_its_name() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let libraries =
        "libhttp_parser.so.2.9 libgit2.so.1.5 libLLVM.so.19.1 libpcre.so.3 libssh2.so.1 libz.so.1";
    let done = bash(folder.path(), &format!("for l in {libraries}; do package_of $l; done"), &[])?;
    assert_eq!(
        text(&done.stdout).lines().collect::<Vec<_>>(),
        ["libhttp-parser2.9", "libgit2-1.5", "libllvm19", "libpcre3", "libssh2-1", "zlib1g"]
    );
    Ok(())
}
