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
    with_variables(arguments, &[])
}

fn with_variables(arguments: &[&str], variables: &[(&str, &str)]) -> std::io::Result<Output> {
    Command::new(env!("CARGO_BIN_EXE_assent-deploy"))
        .args(arguments)
        .env_remove("ASSENT_NODE_URL")
        .env_remove("ASSENT_DEPLOYER_SURI")
        .env_remove("ASSENT_ARTIFACTS")
        .env_remove("ASSENT_MANIFEST")
        .env_remove("ASSENT_DELAY_MS")
        .env_remove("ASSENT_EMERGENCY_WINDOW_MS")
        .env_remove("ASSENT_REVIEW_MS")
        .env_remove("ASSENT_ANSWER_MS")
        .env_remove("ASSENT_COMPLIANCE_MS")
        .env("RUST_LOG", "trace")
        .envs(variables.iter().copied())
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
fn absent_artifacts_name_the_file_and_first_of_all_the_flag() -> TestResult {
    let folder = tempfile::tempdir()?;
    let artifacts = folder.path().to_str().ok_or("the path is not text")?;
    for arguments in [
        vec!["plan", "--artifacts", artifacts, "--url", NOWHERE],
        vec!["apply", "--artifacts", artifacts, "--url", NOWHERE, "--manifest", "unused.json"],
    ] {
        let error = error(&assent_deploy(&arguments)?);
        assert!(error.contains("participants.contract"), "{error}");
        assert!(error.contains("ASSENT_ARTIFACTS"), "{error}");
        let (flag, build) = (error.find("--artifacts"), error.find("make artifacts"));
        assert!(flag.is_some() && flag < build, "the flag is mostly all it takes: {error}");
    }
    assert!(!Path::new("unused.json").exists());
    Ok(())
}

#[test]
fn a_node_url_that_leads_nowhere_is_named_by_what_gave_it() -> TestResult {
    let folder = tempfile::tempdir()?;
    let manifest = empty_manifest(folder.path())?;
    let verify = ["verify", "--manifest", &manifest];
    let of_the_flag = error(&assent_deploy(&[&verify[..], &["--url", NOWHERE]].concat())?);
    assert!(of_the_flag.starts_with("error: --url: no node answers at"), "{of_the_flag}");
    assert!(of_the_flag.contains(NOWHERE), "{of_the_flag}");
    for (url, expected) in [
        (NOWHERE, "error: ASSENT_NODE_URL: no node answers at ws://127.0.0.1:1 ("),
        ("ws://127.0.0.1:1\n", "error: ASSENT_NODE_URL: no node answers at ws://127.0.0.1:1 ("),
        ("http://127.0.0.1:1", "error: ASSENT_NODE_URL: the node URL `http://127.0.0.1:1`"),
        ("  ", "error: ASSENT_NODE_URL is empty"),
    ] {
        let error = error(&with_variables(&verify, &[("ASSENT_NODE_URL", url)])?);
        assert!(error.starts_with(expected), "{error}");
        assert_eq!(error.matches("127.0.0.1:1").count(), usize::from(!url.trim().is_empty()));
    }
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
fn a_secret_that_is_none_is_named_by_what_gave_it_and_never_shown() -> TestResult {
    const SECRET: &str = "correct horse battery staple";
    let artifacts = concat!(env!("CARGO_MANIFEST_DIR"), "/../contracts/artifacts");
    let plan = ["plan", "--artifacts", artifacts, "--url", NOWHERE];
    for (output, name) in [
        (assent_deploy(&[&plan[..], &["--suri", SECRET]].concat())?, "--suri"),
        (with_variables(&plan, &[("ASSENT_DEPLOYER_SURI", SECRET)])?, "ASSENT_DEPLOYER_SURI"),
    ] {
        let shown = format!("{output:?}");
        assert!(!shown.contains("horse"), "{shown}");
        let error = error(&output);
        assert!(error.starts_with(&format!("error: {name} is not a secret phrase")), "{error}");
    }
    let empty = error(&with_variables(&plan, &[("ASSENT_DEPLOYER_SURI", "\n")])?);
    assert!(empty.starts_with("error: ASSENT_DEPLOYER_SURI is empty"), "{empty}");
    let help = with_variables(&["plan", "--help"], &[("ASSENT_DEPLOYER_SURI", SECRET)])?;
    assert!(help.status.success());
    assert!(!format!("{help:?}").contains("horse"));
    Ok(())
}

#[test]
fn fund_says_why_and_takes_only_accounts_and_amounts() -> TestResult {
    const BOB: &str = "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty";
    let help = String::from_utf8(assent_deploy(&["fund", "--help"])?.stdout)?;
    for expected in ["StorageDepositLimitExhausted", "deposit", "--to <ADDRESS>", "[default: 10]"] {
        assert!(help.contains(expected), "{expected}: {help}");
    }
    for (arguments, expected) in [
        (&["--to", "5Grw"][..], "SS58"),
        (&["--to", BOB, "--amount", "1,5"], "such as 10 or 0.25"),
        (&["--to", BOB, "--amount", "0"], "nothing would be given"),
        (&["--to", BOB, "--amount", "0.0000000000001"], "12 decimals"),
        (&["--to", BOB, "--amount", "340282366920938463463374608"], "more than the chain can hold"),
        (&[], "--to <ADDRESS>"),
    ] {
        let output = assent_deploy(&[&["fund", "--url", NOWHERE], arguments].concat())?;
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let text = String::from_utf8(output.stderr)?;
        assert!(text.contains(expected), "{expected}: {text}");
    }
    let known = error(&assent_deploy(&["fund", "--to", BOB, "--url", NOWHERE])?);
    assert!(known.contains("no node answers"), "a sound command asks the node: {known}");
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
        "--cooldown-ms <MS>",
        "--reward-period-ms <MS>",
        "in milliseconds",
        "[default: 72 hours]",
        "--answer-ms <MS>",
        "ASSENT_ANSWER_MS",
        "at least 1, at most 92",
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
