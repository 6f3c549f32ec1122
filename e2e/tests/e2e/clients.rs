//! The examples of a dApp's calls, run as a developer runs them: as programs, which know a node and
//! addresses. What they need is installed by scripts/test-tools.sh, a part of `make test`.

use anyhow::{Context, Result};
use assent_e2e::{
    process::Process,
    stack::{Stack, artifacts},
    tools::node_modules,
};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

mod access;
mod agreements;
mod market;

/// How long an example may take; each is a few calls.
const LIMIT: Duration = Duration::from_secs(120);

fn examples() -> Result<PathBuf> {
    let contracts = artifacts();
    Ok(contracts.parent().context("the contracts' folder")?.join("examples"))
}

/// How an example ended.
struct Run {
    success: bool,
    output: String,
}

impl Run {
    /// What follows a text on the line that starts with it.
    fn after(&self, start: &str) -> Result<&str> {
        let mut lines = self.output.lines();
        lines
            .find_map(|line| line.strip_prefix(start))
            .with_context(|| format!("no line `{start}…` in:\n{}", self.output))
    }

    fn assert_says(&self, text: &str) {
        assert!(self.output.contains(text), "no `{text}` in:\n{}", self.output);
    }
}

/// Runs an example against the stack, with these environment variables.
async fn run(stack: &Stack, program: &Path, args: &[&str], env: &[(&str, &str)]) -> Result<Run> {
    let name = program.file_name().context("a program")?.to_string_lossy().into_owned();
    let log = stack.folder().join(format!("{name}-{}.log", random_name()?));
    let args: Vec<String> = args.iter().map(|&arg| arg.to_owned()).collect();
    let mut all = vec![
        ("ASSENT_NODE_URL", stack.node_url.clone()),
        ("OPENINGS", openings(stack).display().to_string()),
    ];
    all.extend(env.iter().map(|&(key, value)| (key, value.to_owned())));
    let mut process = Process::spawn(&name, program, &args, &all, &log)?;
    let status = process.wait(LIMIT).await?;
    Ok(Run { success: status.success(), output: process.output() })
}

fn random_name() -> Result<String> {
    Ok(hex::encode(assent_e2e::scene::random()?))
}

/// Waits until the mirror shows what is final now, and asks the API.
async fn api(stack: &Stack, path: &str) -> Result<Value> {
    let (height, _) = stack.chain.finalized().await?;
    stack.mirrored(height).await?;
    stack.ok(path).await
}

/// Where the examples that are run against a stack keep the openings of their commitments.
fn openings(stack: &Stack) -> PathBuf {
    stack.folder().join("openings")
}

/// The text behind a commitment that stands on chain, by the opening that an example kept for its
/// user's eyes only.
fn opened(stack: &Stack, commitment: &Value) -> Result<String> {
    let commitment = commitment.as_str().context("a commitment")?;
    let file = openings(stack).join(format!("{commitment}.json"));
    let mode =
        fs::metadata(&file).with_context(|| file.display().to_string())?.permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "{}", file.display());
    let opening: Value = serde_json::from_slice(&fs::read(&file)?)?;
    let text = opening["text"].as_str().context("text")?;
    let salt = opening["salt"].as_str().and_then(|salt| salt.strip_prefix("0x")).context("salt")?;
    let digest = Sha256::new().chain_update(hex::decode(salt)?).chain_update(text).finalize();
    assert_eq!(format!("0x{}", hex::encode(digest)), commitment);
    Ok(text.to_owned())
}

/// A JavaScript example in a copy of its folder beside its packages: Node.js looks for them from the
/// script's folder upwards, and the checkout stays as it is.
fn javascript(stack: &Stack, script: &str) -> Result<PathBuf> {
    let (example, copy) = (examples()?.join("javascript"), stack.folder().join("javascript"));
    if !copy.exists() {
        fs::create_dir(&copy)?;
        std::os::unix::fs::symlink(node_modules(&example)?, copy.join("node_modules"))?;
        for file in fs::read_dir(example)? {
            let file = file?;
            if file.file_type()?.is_file() {
                fs::copy(file.path(), copy.join(file.file_name()))?;
            }
        }
    }
    Ok(copy.join(script))
}
