//! Programs of others that tests run: what scripts/test-tools.sh installs.

use anyhow::{Context, Result, ensure};
use std::{
    env,
    path::{Path, PathBuf},
};

/// Where scripts/test-tools.sh installs what is no Debian package.
pub fn tools() -> Result<PathBuf> {
    if let Some(folder) = env::var_os("ASSENT_TOOLS") {
        return Ok(folder.into());
    }
    let cache = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let home = || Some(PathBuf::from(env::var_os("HOME")?).join(".cache"));
    Ok(cache.or_else(home).context("neither ASSENT_TOOLS nor HOME is set")?.join("assent/tools"))
}

/// The path, if there is something.
pub fn existing(path: PathBuf, how: &str) -> Result<PathBuf> {
    ensure!(path.exists(), "{} is missing: run {how}", path.display());
    Ok(path)
}

/// A program in PATH.
pub fn in_path(name: &str) -> Result<PathBuf> {
    env::split_paths(&env::var_os("PATH").unwrap_or_default())
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
        .with_context(|| format!("{name} is not in PATH: run scripts/test-tools.sh"))
}

/// The packages that the lock file of the JavaScript example names, as they are installed.
pub fn node_modules(example: &Path) -> Result<PathBuf> {
    installed_modules(example, "javascript", "scripts/test-tools.sh")
}

/// The packages that the lock file in a folder names, as a script installs them in a folder of the tools.
pub fn installed_modules(source: &Path, name: &str, script: &str) -> Result<PathBuf> {
    let installed = tools()?.join(name);
    let modules = existing(installed.join("node_modules"), script)?;
    let lock = |folder: &Path| std::fs::read(folder.join("package-lock.json"));
    ensure!(
        lock(source)? == lock(&installed)?,
        "{} has the packages of another lock file: run {script}",
        installed.display()
    );
    Ok(modules)
}
