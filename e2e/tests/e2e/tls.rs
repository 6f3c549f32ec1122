//! The database over TLS: a server that takes nothing in clear, with a certificate of our own authority.

use anyhow::{Context, Result};
use assent_e2e::{postgres::Postgres, process::program};
use assent_mirror::database;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use sqlx::ConnectOptions;
use std::{path::PathBuf, process::Command};

/// An authority, and its certificate as PEM.
fn authority(name: &str) -> Result<(Issuer<'static, KeyPair>, String)> {
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::new(Vec::new())?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, name);
    let certificate = params.self_signed(&key)?.pem();
    Ok((Issuer::new(params, key), certificate))
}

/// Whether a connection by this URL is encrypted.
async fn is_encrypted(url: &str) -> Result<bool> {
    let mut db = database::options(url, "DATABASE_URL")?.connect().await?;
    let encrypted = sqlx::query_scalar("select ssl from pg_stat_ssl where pid = pg_backend_pid()");
    Ok(encrypted.fetch_one(&mut db).await?)
}

/// What a program of ours says of this database.
fn status(url: &str) -> Result<String> {
    let program = program("assent-indexer")?;
    let output = Command::new(program).arg("status").env("DATABASE_URL", url).output()?;
    Ok(String::from_utf8(output.stderr)?)
}

#[tokio::test]
async fn a_database_over_tls_is_checked_as_far_as_its_url_says() -> Result<()> {
    let (ours, root) = authority("ours")?;
    let (_, other) = authority("another")?;
    let key = KeyPair::generate()?;
    let certificate =
        CertificateParams::new(vec!["127.0.0.1".to_owned()])?.signed_by(&key, &ours)?;
    let server = Postgres::start_encrypted(&certificate.pem(), &key.serialize_pem()).await?;
    let folder = tempfile::tempdir()?;
    let file = |name: &str, pem: &str| -> Result<PathBuf> {
        let path = folder.path().join(name);
        std::fs::write(&path, pem).context("a file in a folder of ours")?;
        Ok(path)
    };
    let (root, other) = (file("root.pem", &root)?, file("other.pem", &other)?);
    let with = |query: &str| format!("{}?{query}", server.url());
    let full = format!("sslmode=verify-full&sslrootcert={}", root.display());

    assert!(is_encrypted(&with("sslmode=require")).await?);
    assert!(is_encrypted(&with("sslmode=prefer")).await?);
    assert!(is_encrypted(&with(&full)).await?);
    let said = status(&with(&full))?;
    assert!(said.starts_with("error: nothing is indexed yet"), "{said}");

    let clear = is_encrypted(&with("sslmode=disable")).await.unwrap_err();
    assert!(clear.to_string().contains("no encryption"), "{clear}");
    let wrong = format!("sslmode=verify-full&sslrootcert={}", other.display());
    for unknown in [&*wrong, "sslmode=verify-full", "sslmode=verify-ca"] {
        let said = status(&with(unknown))?;
        assert!(said.starts_with("error: the database of DATABASE_URL cannot be opened"), "{said}");
        assert!(said.contains("UnknownIssuer") || said.contains("BadSignature"), "{said}");
    }
    // The name in the certificate is the address that was asked for, and no other.
    let by_name = with(&full).replace("127.0.0.1", "localhost");
    let said = status(&by_name)?;
    assert!(said.contains("certificate"), "{said}");
    Ok(())
}
