//! What goes wrong at the start is said clearly, and leaves nothing half-written.

use anyhow::{Context, Result};
use assent_client::manifest::Manifest;
use assent_e2e::{
    indexer::Places,
    process::{Process, program},
    stack::{Stack, artifacts},
};
use sqlx::{Connection, PgConnection};
use std::{net::TcpListener, path::Path, time::Duration};

/// How long a program may take to refuse. Generous: a node compiles the runtime before it opens a port.
const LIMIT: Duration = Duration::from_secs(180);

/// Runs a program that must refuse to work: its output.
async fn refused(name: &str, args: &[&str], env: &[(&str, String)]) -> Result<String> {
    let folder = tempfile::tempdir()?;
    let args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
    let mut process =
        Process::spawn(name, &program(name)?, &args, env, &folder.path().join("log"))?;
    let status = process.wait(LIMIT).await?;
    assert!(!status.success(), "{name} must not succeed:\n{}", process.output());
    Ok(process.output())
}

#[tokio::test]
async fn a_taken_port_is_named() -> Result<()> {
    let taken = TcpListener::bind("127.0.0.1:0")?;
    let port = taken.local_addr()?.port().to_string();

    let args = ["--dev", "--tmp", "--port", "0", "--no-prometheus", "--rpc-port", &port];
    let output = refused("assent-node", &args, &[]).await?;
    assert!(output.contains(&format!("port {port} is taken")), "{output}");
    assert!(output.contains("--rpc-port"), "{output}");

    let stack = Stack::start("127.0.0.1:0", |_| {}).await?;
    let env = [
        ("DATABASE_URL", stack.postgres.url()),
        ("ASSENT_MANIFEST", stack.manifest_path().display().to_string()),
    ];
    let output = refused("assent-api", &["--listen", &format!("127.0.0.1:{port}")], &env).await?;
    assert!(output.contains(&port) && output.contains("--listen"), "{output}");
    Ok(())
}

#[tokio::test]
async fn a_node_that_is_not_there_is_named_and_no_manifest_is_written() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let manifest = folder.path().join("manifest.json");
    let args = [
        "apply",
        "--url",
        "ws://127.0.0.1:9",
        "--artifacts",
        &artifacts().display().to_string(),
        "--manifest",
        &manifest.display().to_string(),
    ];
    let output = refused("assent-deploy", &args, &[]).await?;
    assert!(output.contains("ws://127.0.0.1:9"), "{output}");
    assert_eq!(std::fs::read_dir(folder.path())?.count(), 0);
    Ok(())
}

#[tokio::test]
async fn a_report_that_does_not_exist_is_named_before_anything_starts() -> Result<()> {
    let output = refused("assent-demo", &["--report", "/no/such/report"], &[]).await?;
    assert!(output.contains("/no/such/report") && output.contains("--report"), "{output}");
    assert!(!output.contains("Starting"), "{output}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manifest_of_another_chain_is_refused_by_all_who_read_it() -> Result<()> {
    let stack = Stack::start("127.0.0.1:0", |_| {}).await?;
    let text = std::fs::read_to_string(stack.manifest_path())?;
    let genesis = stack.chain.genesis_hash().to_string();
    assert!(text.contains(&genesis));
    let foreign = stack.folder().join("foreign.json");
    std::fs::write(&foreign, text.replace(&genesis, &format!("0x{}", "11".repeat(32))))?;
    let foreign_path = foreign.display().to_string();

    let server = stack.postgres.url();
    let mut db = PgConnection::connect(&server).await?;
    sqlx::query("create database empty").execute(&mut db).await?;
    let (host, _) = server.rsplit_once('/').context("database URL")?;
    let empty = format!("{host}/empty");
    let places = Places { manifest: foreign.clone(), ..stack.places().with_database(&empty) };
    let output = refused("assent-indexer", &["run"], &places.variables()).await?;
    assert!(output.contains("genesis") && output.contains(&genesis), "{output}");
    let mut db = PgConnection::connect(&empty).await?;
    let tables: i64 = sqlx::query_scalar(
        "select count(*) from information_schema.tables where table_schema = 'public'",
    )
    .fetch_one(&mut db)
    .await?;
    assert_eq!(tables, 0, "nothing was written");

    // A deployment block that is not one would give a mirror that looks complete and lacks events.
    let moved = stack.folder().join("moved.json");
    for (by, expected) in [(1, "was there before block"), (-1, "is not at")] {
        let mut manifest = Manifest::load(stack.manifest_path())?;
        let token = manifest.contracts.get_mut("token").context("no token")?;
        token.deployment_block = token.deployment_block.saturating_add_signed(by);
        let block = token.deployment_block.to_string();
        manifest.save(&moved)?;
        let places = Places { manifest: moved.clone(), ..places.clone() };
        let output = refused("assent-indexer", &["run"], &places.variables()).await?;
        assert!(output.contains("`token`") && output.contains(expected), "{output}");
        assert!(output.contains(&block), "{block}: {output}");
        let blocks: i64 =
            sqlx::query_scalar("select count(*) from blocks").fetch_one(&mut db).await?;
        assert_eq!(blocks, 0, "nothing was written");
    }

    let before = std::fs::read(&foreign)?;
    let url = stack.node_url.as_str();
    let artifacts = artifacts().display().to_string();
    let apply = ["apply", "--url", url, "--artifacts", &artifacts, "--manifest", &foreign_path];
    let verify = ["verify", "--url", url, "--manifest", &foreign_path];
    for args in [&apply[..], &verify[..]] {
        let output = refused("assent-deploy", args, &[]).await?;
        assert!(output.contains("genesis"), "{args:?}: {output}");
    }
    assert_eq!(std::fs::read(Path::new(&foreign_path))?, before, "the manifest is as it was");

    // How long things wait in the contracts is fixed, too: a stack is not of a production network.
    let own = stack.manifest_path();
    let (before, own_path) = (std::fs::read(&own)?, own.display().to_string());
    let apply = ["apply", "--url", url, "--artifacts", &artifacts, "--manifest", &own_path];
    let output = refused("assent-deploy", &apply, &[]).await?;
    for flag in ["--delay-ms", "--review-ms", "--answer-ms", "--compliance-ms"] {
        assert!(output.contains(flag), "{output}");
    }
    assert_eq!(std::fs::read(&own)?, before, "the manifest is as it was");

    // A database that is not there is named by the variable that names it, and that it is not there is
    // said once.
    let missing = stack.places().with_database(&format!("{host}/missing\n"));
    let output = refused("assent-indexer", &["run"], &missing.variables()).await?;
    assert!(output.contains("error: the database of DATABASE_URL cannot be opened: "), "{output}");
    assert_eq!(output.matches("does not exist").count(), 1, "{output}");
    Ok(())
}
