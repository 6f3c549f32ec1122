//! How the indexer starts and stops when something around it is not as it should be. What needs a
//! node is told by the stories of `e2e/`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use assent_client::manifest::Manifest;
use assent_indexer::{Config, RunError, run};
use assent_indexer_testing::manifest;
use clap::Parser as _;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// Nobody listens on port 1 of this machine.
const NOBODY: &str = "ws://127.0.0.1:1";
const NO_DATABASE: &str = "postgres://nobody@127.0.0.1:1/none";

/// A manifest in a folder of its own.
fn deployment(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let path = folder.join("manifest.json");
    manifest().save(&path).expect("the target folder is writable");
    path
}

fn config(manifest: &Path, arguments: &[&str]) -> Config {
    let manifest = manifest.to_str().expect("a UTF-8 path");
    let fixed = ["assent-indexer", "--manifest", manifest];
    Config::try_parse_from(fixed.iter().chain(arguments)).expect("the arguments are valid")
}

fn with_database(manifest: &Path, node: &str, database: &str) -> Config {
    config(manifest, &["--node-url", node, "--database-url", database])
}

#[tokio::test]
async fn it_waits_for_a_node_that_is_away_until_it_is_told_to_stop() {
    let manifest = deployment("waits");
    let shutdown = CancellationToken::new();
    let running =
        tokio::spawn(run(with_database(&manifest, NOBODY, NO_DATABASE), shutdown.clone()));
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert!(!running.is_finished(), "it must retry, not give up");
    shutdown.cancel();
    let stopped = timeout(Duration::from_secs(5), running).await.expect("it stops at once");
    assert!(stopped.expect("it does not panic").is_ok());
}

#[tokio::test]
async fn it_refuses_what_does_not_heal_and_says_what_to_do() {
    let path = deployment("refuses");
    let absent = path.with_file_name("absent.json");
    let empty = path.with_file_name("empty.json");
    let mut nothing = manifest();
    nothing.contracts.clear();
    nothing.save(&empty).expect("the target folder is writable");
    let cases: [(Config, &str); 5] = [
        (with_database(&absent, NOBODY, NO_DATABASE), "assent-deploy apply"),
        (with_database(&empty, NOBODY, NO_DATABASE), "names no contract"),
        (with_database(&path, NOBODY, "mysql://somewhere"), "--database-url"),
        (with_database(&path, "ws://192.0.2.1:9944", NO_DATABASE), "--allow-insecure-node"),
        (with_database(&path, "http://127.0.0.1:9944", NO_DATABASE), "ws://"),
    ];
    for (config, expected) in cases {
        let stopped = timeout(Duration::from_secs(20), run(config, CancellationToken::new())).await;
        let error = stopped.expect("it does not wait for what does not heal").unwrap_err();
        assert!(error.to_string().contains(expected), "expected {expected}: {error}");
        assert!(!error.to_string().contains("somewhere"), "the database URL is secret: {error}");
    }
}

#[tokio::test]
async fn it_refuses_a_bundle_that_is_not_the_deployed_code() {
    let path = deployment("other-code");
    let mut other: Manifest = manifest();
    other.contracts.get_mut("token").expect("the token is there").code_hash =
        assent_client::Hash([0xcd; 32]);
    other.save(&path).expect("the target folder is writable");
    let error = run(with_database(&path, NOBODY, NO_DATABASE), CancellationToken::new()).await;
    let error = error.unwrap_err();
    assert!(matches!(error, RunError::Manifest(_)), "{error}");
    assert!(error.to_string().contains("contracts.token"), "{error}");
}

#[test]
fn the_help_never_shows_the_database_url() {
    use clap::CommandFactory as _;
    let help = Config::command().render_long_help().to_string();
    assert!(help.contains("DATABASE_URL"), "{help}");
    assert!(!help.contains("DATABASE_URL="), "{help}");
}
