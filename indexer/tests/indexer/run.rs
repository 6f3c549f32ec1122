//! How the indexer starts and stops when something around it is not as it should be. What needs a
//! node is told by the stories of `e2e/`.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{self, Child, Stdio};
use std::time::Duration;

use assent_client::manifest::Manifest;
use assent_indexer::{Cli, Command, Config, NeedError, RunError, run};
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
    let fixed = ["assent-indexer", "run", "--manifest", manifest];
    let cli = Cli::try_parse_from(fixed.iter().chain(arguments)).expect("the arguments are valid");
    let Command::Run(config) = cli.command else { panic!("it is to run") };
    config
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
    let elsewhere = "postgres://assent:somewhere@db.example/assent";
    let cases: [(Config, &str); 8] = [
        (with_database(&absent, NOBODY, NO_DATABASE), "assent-deploy apply"),
        (with_database(&empty, NOBODY, NO_DATABASE), "names no contract"),
        (with_database(&path, NOBODY, "mysql://somewhere"), "--database-url is not a database URL"),
        (with_database(&path, NOBODY, " \n"), "--database-url is empty"),
        (with_database(&path, NOBODY, elsewhere), "add ?sslmode=verify-full"),
        (with_database(&path, " ", NO_DATABASE), "--node-url is empty"),
        (with_database(&path, "ws://192.0.2.1:9944", NO_DATABASE), "--allow-insecure-node"),
        (with_database(&path, "http://127.0.0.1:9944", NO_DATABASE), "--node-url: the node URL"),
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
    assert!(matches!(error, RunError::Need(NeedError::Manifest(_))), "{error}");
    assert!(error.to_string().contains("contracts.token"), "{error}");
}

#[test]
fn the_help_never_shows_the_database_url() {
    use clap::CommandFactory as _;
    let mut cli = Cli::command();
    let run = cli.find_subcommand_mut("run").expect("it can run");
    let help = run.render_long_help().to_string();
    assert!(help.contains("DATABASE_URL"), "{help}");
    assert!(!help.contains("DATABASE_URL="), "{help}");
}

#[test]
fn an_address_for_metrics_that_is_none_is_named_by_its_setting() {
    for wrong in ["localhost:9616", "127.0.0.1", ":9616", "127.0.0.1:99999"] {
        let arguments =
            ["--database-url", NO_DATABASE, "--manifest", "m", "--metrics-listen", wrong];
        let refusal = Cli::try_parse_from(["assent-indexer", "run"].iter().chain(&arguments));
        let text = refusal.err().expect(wrong).to_string();
        assert!(text.contains("--metrics-listen takes an address and a port"), "{text}");
    }
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("it is bound").to_string();
    let error = complaint(&[
        ("ASSENT_NODE_URL", NOBODY),
        ("DATABASE_URL", NO_DATABASE),
        ("ASSENT_METRICS_LISTEN", &address),
    ]);
    let expected = format!("error: ASSENT_METRICS_LISTEN: cannot listen on {address} (");
    assert!(error.starts_with(&expected), "{error}");
}

#[test]
fn metrics_are_served_from_the_start_and_count_what_is_tried_again() {
    let mut child = start(&[
        ("ASSENT_NODE_URL", NOBODY),
        ("DATABASE_URL", NO_DATABASE),
        ("ASSENT_METRICS_LISTEN", "127.0.0.1:0"),
    ]);
    let lines = BufReader::new(child.stderr.take().expect("it is piped")).lines();
    let mut lines = lines.map_while(Result::ok);
    let served = lines.find(|line| line.contains("Metrics are served at http://"));
    let served = served.expect("it says where");
    let (_, url) = served.split_once("http://").expect("it is a URL");
    let address = url.split_once('/').expect("it has a path").0;
    lines.find(|line| line.contains("is away")).expect("the node is away");
    let get = |path: &str| {
        let mut stream = TcpStream::connect(address).expect("it listens");
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")
            .expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        answer
    };
    let (answer, ready) = (get("/metrics"), get("/readyz"));
    child.kill().expect("it can be killed");
    child.wait().expect("it ends");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("application/openmetrics-text"), "{answer}");
    assert!(answer.contains("assent_indexer_retries_total{cause=\"node\"} "), "{answer}");
    assert!(!answer.contains("cause=\"node\"} 0"), "{answer}");
    assert!(answer.contains("assent_indexer_retries_total{cause=\"database\"} 0"), "{answer}");
    for (phase, is_in) in [("connecting", 1), ("waiting", 0), ("following", 0)] {
        let figure = format!("assent_indexer_phase{{phase=\"{phase}\"}} {is_in}\n");
        assert!(answer.contains(&figure), "no {figure} in {answer}");
    }
    assert!(ready.starts_with("HTTP/1.1 503") && ready.contains("connecting: "), "{ready}");
}

/// Starts the program; what it says is to be read from its standard error.
fn start(variables: &[(&str, &str)]) -> Child {
    // Tests run at the same time, each in a thread of its name.
    let test = std::thread::current().name().unwrap_or("complains").replace(':', "-");
    process::Command::new(env!("CARGO_BIN_EXE_assent-indexer"))
        .arg("run")
        .env("ASSENT_MANIFEST", deployment(&test))
        .env_remove("RUST_LOG")
        .envs(variables.iter().copied())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts")
}

/// Runs the program until it says an error or that it waits, and gives that line.
fn complaint(variables: &[(&str, &str)]) -> String {
    let mut child = start(variables);
    let lines = BufReader::new(child.stderr.take().expect("it is piped")).lines();
    let line = lines
        .map_while(Result::ok)
        .find(|line| line.starts_with("error: ") || line.contains("is away"))
        .expect("it complains");
    child.kill().expect("it can be killed");
    child.wait().expect("it ends");
    line
}

#[test]
fn a_wrong_url_is_named_by_its_variable_and_a_newline_at_its_end_is_none() {
    let both = |node, database| complaint(&[("ASSENT_NODE_URL", node), ("DATABASE_URL", database)]);
    let unusable = both("http://127.0.0.1:1", NO_DATABASE);
    assert!(unusable.starts_with("error: ASSENT_NODE_URL: the node URL `http://127.0.0.1:1`"));
    assert_eq!(unusable.matches("not usable").count(), 1, "{unusable}");
    let away = both("ws://127.0.0.1:1\n", NO_DATABASE);
    assert!(away.contains("ASSENT_NODE_URL: no node answers at ws://127.0.0.1:1 ("), "{away}");
    let other = both(NOBODY, "mysql://somewhere");
    assert!(other.starts_with("error: DATABASE_URL is not a database URL"), "{other}");
    assert!(!other.contains("somewhere"), "{other}");
    let empty = both(NOBODY, "\n");
    assert!(empty.starts_with("error: DATABASE_URL is empty"), "{empty}");
}
