//! The service on a real socket: start, stop, and what can be wrong at the start.

use std::{net::SocketAddr, path::Path};

use assent_api::{Config, ServeError, Server};
use assent_indexer_testing::{Mirror, manifest};
use clap::Parser;
use sqlx::{ConnectOptions, PgPool};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
};

use crate::support::block_age;

/// Nothing listens on port 1.
const NO_DATABASE: &str = "postgres://api:hunter2@127.0.0.1:1/assent";

/// A folder of the test's own, removed at the end.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("assent-api-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        manifest().save(path.join("manifest.json")).unwrap();
        Self(path)
    }

    fn manifest(&self) -> std::path::PathBuf {
        self.0.join("manifest.json")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn config(listen: &str, database_url: &str, manifest: &Path) -> Config {
    let manifest = manifest.to_str().unwrap();
    let arguments = ["--listen", listen, "--database-url", database_url, "--manifest", manifest];
    Config::try_parse_from(std::iter::once("assent-api").chain(arguments)).unwrap()
}

async fn get(address: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).await.unwrap();
    response
}

#[tokio::test]
async fn starts_without_its_database_and_says_so_and_stops_on_the_signal() {
    let folder = Folder::new("start");
    let config = config("127.0.0.1:0", NO_DATABASE, &folder.manifest());
    let server = Server::bind(&config).await.unwrap();
    let address = server.local_addr();
    assert_ne!(address.port(), 0);
    let (stop, stopped) = oneshot::channel::<()>();
    let running = tokio::spawn(server.run(async move {
        let _ = stopped.await;
    }));
    assert!(get(address, "/healthz").await.starts_with("HTTP/1.1 200"));
    let unready = get(address, "/readyz").await;
    assert!(unready.starts_with("HTTP/1.1 503"), "{unready}");
    assert!(unready.contains("database-unavailable") && !unready.contains("hunter2"));
    stop.send(()).unwrap();
    running.await.unwrap().unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn is_not_ready_while_it_stops_and_still_serves_and_counts(pool: PgPool) {
    Mirror::new(pool.clone()).await.advance(100).await;
    block_age(&pool, 1).await;
    let folder = Folder::new("drain");
    let url = pool.connect_options().to_url_lossy().to_string();
    let config = Config {
        drain_seconds: 2,
        metrics_listen: Some("127.0.0.1:0".parse().unwrap()),
        ..config("127.0.0.1:0", &url, &folder.manifest())
    };
    let server = Server::bind(&config).await.unwrap();
    let address = server.local_addr();
    let metrics = server.metrics_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let running = tokio::spawn(server.run(async move {
        let _ = stopped.await;
    }));
    let ready = get(address, "/readyz").await;
    assert!(ready.starts_with("HTTP/1.1 200"), "{ready}");
    stop.send(()).unwrap();
    // The signal is on its way.
    let mut stopping = get(address, "/readyz").await;
    while stopping.starts_with("HTTP/1.1 200") {
        stopping = get(address, "/readyz").await;
    }
    assert!(stopping.starts_with("HTTP/1.1 503") && stopping.contains("stopping"), "{stopping}");
    assert!(get(address, "/v1/carbon/batches").await.starts_with("HTTP/1.1 200"));
    let refused = get(address, "/v1/carbon/batches?limit=0").await;
    assert!(refused.starts_with("HTTP/1.1 400"), "{refused}");
    assert!(get(address, "/nowhere/42").await.starts_with("HTTP/1.1 404"));
    let figures = get(metrics, "/metrics").await;
    for expected in [
        "assent_api_requests_total{route=\"/v1/carbon/batches\",status=\"200\"} 1",
        "assent_api_requests_total{route=\"none\",status=\"404\"} 1",
        "assent_api_request_duration_seconds_count{route=\"/v1/carbon/batches\"} 2",
        "assent_api_refusals_total{reason=\"invalid-parameter\"} 1",
        "assent_api_refusals_total{reason=\"stopping\"} 1",
        "assent_api_connections{state=\"busy\"} ",
        "assent_api_block_age_seconds ",
    ] {
        assert!(figures.contains(expected), "{expected}\n{figures}");
    }
    running.await.unwrap().unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}

/// A service that serves until the test ends.
async fn serve(config: &Config) -> SocketAddr {
    let server = Server::bind(config).await.unwrap();
    let address = server.local_addr();
    tokio::spawn(server.run(std::future::pending()));
    address
}

#[tokio::test]
async fn a_client_that_does_not_finish_its_headers_is_cut_off_and_others_are_not() {
    let folder = Folder::new("slow");
    let address = serve(&config("127.0.0.1:0", NO_DATABASE, &folder.manifest())).await;
    let mut silent = TcpStream::connect(address).await.unwrap();
    let mut slow = TcpStream::connect(address).await.unwrap();
    slow.write_all(b"GET /healthz HTTP/1.1\r\nHost: assent\r\nX-Slow: ").await.unwrap();
    // Each read ends when the service closes the connection.
    let mut answer = Vec::new();
    let _ = silent.read_to_end(&mut answer).await;
    let _ = slow.read_to_end(&mut answer).await;
    assert!(!answer.starts_with(b"HTTP/1.1 200"), "{answer:?}");
    assert!(get(address, "/healthz").await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn speaks_tls_with_a_certificate_and_then_nothing_else() {
    let folder = Folder::new("tls");
    let key = rcgen::KeyPair::generate().unwrap();
    let params = rcgen::CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    let (certificate, key_file) = (folder.0.join("chain.pem"), folder.0.join("key.pem"));
    std::fs::write(&certificate, params.self_signed(&key).unwrap().pem()).unwrap();
    std::fs::write(&key_file, key.serialize_pem()).unwrap();
    let config = Config {
        tls_certificate: Some(certificate.clone()),
        tls_key: Some(key_file),
        ..config("127.0.0.1:0", NO_DATABASE, &folder.manifest())
    };
    let address = serve(&config).await;
    let curl = async |arguments: &[&str]| {
        let output = tokio::process::Command::new("curl").arg("-s").args(arguments).output();
        let output = output.await.unwrap();
        (output.status.success(), String::from_utf8(output.stdout).unwrap())
    };
    let url = format!("https://{address}/healthz");
    let root = certificate.to_str().unwrap();
    let (answered, body) = curl(&["--cacert", root, &url]).await;
    assert!(answered && body.contains("alive"), "{body}");
    assert!(!curl(&[&url]).await.0, "nobody knows who signed this certificate");
    assert!(!curl(&[&url.replace("https", "http")]).await.1.contains("alive"));

    let broken = Config { tls_key: Some(certificate), ..config };
    let error = Server::bind(&broken).await.unwrap_err();
    assert!(error.to_string().contains("chain.pem"), "{error}");
}

#[tokio::test]
async fn a_taken_port_is_named_with_its_flag() {
    let folder = Folder::new("port");
    let other = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let taken = other.local_addr().unwrap();
    let config = config(&taken.to_string(), NO_DATABASE, &folder.manifest());
    let error = Server::bind(&config).await.unwrap_err();
    assert!(matches!(error, ServeError::PortTaken { .. }));
    let text = error.to_string();
    assert!(text.contains(&taken.port().to_string()) && text.contains("--listen"), "{text}");
}

#[tokio::test]
async fn a_missing_manifest_and_a_wrong_database_url_are_named() {
    let folder = Folder::new("settings");
    let absent = folder.0.join("absent.json");
    let error = Server::bind(&config("127.0.0.1:0", NO_DATABASE, &absent)).await.unwrap_err();
    assert!(error.to_string().contains("absent.json"), "{error}");
    let wrong = config("127.0.0.1:0", "hunter2", &folder.manifest());
    let text = Server::bind(&wrong).await.unwrap_err().to_string();
    assert!(text.contains("--database-url") && !text.contains("hunter2"), "{text}");
}

#[tokio::test]
async fn an_address_that_is_not_of_this_machine_is_named_once_with_an_example() {
    let folder = Folder::new("elsewhere");
    // Reserved for documentation: no machine has it.
    let config = config("192.0.2.1:8080", NO_DATABASE, &folder.manifest());
    let error = Server::bind(&config).await.unwrap_err();
    let line = assent_client::setting::one_line(&error);
    assert!(line.starts_with("cannot listen on 192.0.2.1:8080 ("), "{line}");
    assert!(line.ends_with("--listen 127.0.0.1:8080"), "the cause is not said again: {line}");
}

#[test]
fn a_setting_that_cannot_be_read_is_named_by_what_gave_it() {
    let folder = Folder::new("variables");
    let run = |variables: &[(&str, &str)]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_assent-api"))
            .env("ASSENT_MANIFEST", folder.manifest())
            .env("ASSENT_API_LISTEN", "127.0.0.1:0")
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        assert!(!output.status.success(), "{output:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    let listen = run(&[("DATABASE_URL", NO_DATABASE), ("ASSENT_API_LISTEN", "localhost:8080")]);
    assert!(listen.contains("ASSENT_API_LISTEN takes an address and a port"), "{listen}");
    let database = run(&[("DATABASE_URL", "hunter2")]);
    assert!(database.starts_with("error: DATABASE_URL is not a database URL"), "{database}");
    assert!(!database.contains("hunter2"), "{database}");
    let clear = run(&[("DATABASE_URL", "postgres://api:hunter2@db.example/assent")]);
    assert!(clear.starts_with("error: DATABASE_URL names a server on another machine"), "{clear}");
    assert!(clear.contains("sslmode=verify-full") && !clear.contains("hunter2"), "{clear}");
    let empty = run(&[("DATABASE_URL", "\n")]);
    assert!(empty.starts_with("error: DATABASE_URL is empty"), "{empty}");
}
