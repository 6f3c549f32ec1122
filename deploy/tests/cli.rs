//! The command says in one line what is wrong, exits with 1, and never shows the secret.

use std::path::Path;
use std::process::{Command, Output};

use assent_client::Hash;
use assent_client::manifest::Manifest;
use assent_client::timing::Timing;

type TestResult = Result<(), Box<dyn std::error::Error>>;

/// Nothing listens on port 1.
const NOWHERE: &str = "ws://127.0.0.1:1";

fn assent_deploy(arguments: &[&str]) -> std::io::Result<Output> {
    Command::new(env!("CARGO_BIN_EXE_assent-deploy"))
        .args(arguments)
        .env_remove("ASSENT_NODE_URL")
        .env_remove("ASSENT_DEPLOYER_SURI")
        .env_remove("ASSENT_ARTIFACTS")
        .env_remove("ASSENT_MANIFEST")
        .env_remove("ASSENT_DELAY_MS")
        .env_remove("ASSENT_EMERGENCY_WINDOW_MS")
        .env_remove("ASSENT_REVIEW_MS")
        .env_remove("ASSENT_COMPLIANCE_MS")
        .env("RUST_LOG", "trace")
        .output()
}

/// The last line of what went wrong; everything before it is the log.
fn error(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let text = String::from_utf8_lossy(&output.stderr);
    let errors: Vec<_> = text.lines().filter(|line| line.starts_with("error: ")).collect();
    assert_eq!(errors.len(), 1, "{text}");
    errors[0].to_owned()
}

fn empty_manifest(folder: &Path) -> Result<String, Box<dyn std::error::Error>> {
    let path = folder.join("manifest.json");
    let contracts = Default::default();
    let manifest =
        Manifest::new("dev".into(), Hash([3; 32]), Timing::default(), contracts, folder.into());
    manifest.save(&path)?;
    Ok(path.to_str().ok_or("the path is not text")?.to_owned())
}

#[test]
fn an_absent_manifest_names_the_file_and_the_fix() -> TestResult {
    let output = assent_deploy(&["verify", "--manifest", "no/such.json", "--url", NOWHERE])?;
    let error = error(&output);
    assert!(error.contains("no/such.json") && error.contains("assent-deploy apply"), "{error}");
    Ok(())
}

#[test]
fn absent_artifacts_name_the_file_and_the_fix() -> TestResult {
    let folder = tempfile::tempdir()?;
    let artifacts = folder.path().to_str().ok_or("the path is not text")?;
    for arguments in [
        vec!["plan", "--artifacts", artifacts, "--url", NOWHERE],
        vec!["apply", "--artifacts", artifacts, "--url", NOWHERE, "--manifest", "unused.json"],
    ] {
        let error = error(&assent_deploy(&arguments)?);
        assert!(error.contains("participants.contract"), "{error}");
        assert!(error.contains("make artifacts"), "{error}");
    }
    assert!(!Path::new("unused.json").exists());
    Ok(())
}

#[test]
fn an_unreachable_node_is_named_with_the_flag() -> TestResult {
    let folder = tempfile::tempdir()?;
    let manifest = empty_manifest(folder.path())?;
    let error = error(&assent_deploy(&["verify", "--manifest", &manifest, "--url", NOWHERE])?);
    assert!(error.contains(NOWHERE) && error.contains("--url"), "{error}");
    Ok(())
}

#[test]
fn unencrypted_connections_to_other_machines_need_the_flag() -> TestResult {
    let folder = tempfile::tempdir()?;
    let manifest = empty_manifest(folder.path())?;
    let verify = |url| assent_deploy(&["verify", "--manifest", &manifest, "--url", url]);
    // An address that is reserved for documentation, so that nothing would ever be reached.
    let refused = error(&verify("ws://192.0.2.1:9944")?);
    assert!(refused.contains("--allow-insecure-node"), "{refused}");
    let no_url = error(&verify("http://127.0.0.1:9944")?);
    assert!(no_url.contains("ws://"), "{no_url}");
    Ok(())
}

#[test]
fn the_secret_is_never_shown() -> TestResult {
    const SECRET: &str = "correct horse battery staple";
    let artifacts = concat!(env!("CARGO_MANIFEST_DIR"), "/../contracts/artifacts");
    let output =
        assent_deploy(&["plan", "--suri", SECRET, "--artifacts", artifacts, "--url", NOWHERE])?;
    let shown = format!("{output:?}");
    assert!(!shown.contains("horse"), "{shown}");
    let error = error(&output);
    assert!(error.contains("ASSENT_DEPLOYER_SURI"), "{error}");
    let help = assent_deploy(&["plan", "--help"])?;
    assert!(help.status.success());
    Ok(())
}

#[test]
fn only_the_dev_network_has_a_deployer_by_default() -> TestResult {
    let artifacts = concat!(env!("CARGO_MANIFEST_DIR"), "/../contracts/artifacts");
    let output =
        assent_deploy(&["plan", "--network", "trial", "--artifacts", artifacts, "--url", NOWHERE])?;
    let error = error(&output);
    assert!(error.contains("trial") && error.contains("--suri"), "{error}");
    Ok(())
}

#[test]
fn the_timing_is_documented_with_its_units_and_must_be_a_number() -> TestResult {
    let help = assent_deploy(&["apply", "--help"])?;
    let text = String::from_utf8(help.stdout)?;
    for expected in [
        "--delay-ms <MS>",
        "ASSENT_EMERGENCY_WINDOW_MS",
        "--review-ms <MS>",
        "in milliseconds",
        "[default: 72 hours]",
        "--compliance-ms <MS>",
        "ASSENT_COMPLIANCE_MS",
        "At least 1, at most 366 days [default: 120 days]",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    let output = assent_deploy(&["plan", "--delay-ms", "2d", "--url", NOWHERE])?;
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr)?.contains("--delay-ms"));
    Ok(())
}
