//! `assent-deploy receipt`: it prints what the library computes, and names what is wrong.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

type TestResult<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// Keys and receipts with their commitments, which Python computed.
fn vectors() -> TestResult<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../client/tests/fixtures/receipts.json");
    Ok(serde_json::from_slice(&std::fs::read(path)?)?)
}

fn receipt(keys: &str, entry: [&str; 3]) -> std::io::Result<Output> {
    let [bic, reference, date] = entry;
    Command::new(env!("CARGO_BIN_EXE_assent-deploy"))
        .args(["receipt", "--bic", bic, "--reference", reference, "--date", date])
        .env("ASSENT_RECEIPT_KEYS", keys)
        .env("RUST_LOG", "trace")
        .output()
}

fn error(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn text(value: &Value) -> TestResult<&str> {
    Ok(value.as_str().ok_or("a text")?)
}

#[test]
fn the_commitment_is_the_one_that_others_compute() -> TestResult {
    let vectors = vectors()?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("receipt.keys");
    std::fs::write(&path, text(&vectors["keys"])?)?;
    let keys = path.to_str().ok_or("the path is not text")?;
    for vector in vectors["receipts"].as_array().ok_or("a list")? {
        let [bic, reference, date] =
            [&vector["bic"], &vector["reference"], &vector["value_date"]].map(text);
        let output = receipt(keys, [bic?, reference?, date?])?;
        assert!(output.status.success(), "{output:?}");
        let expected = format!("{}\n", text(&vector["commitment"])?);
        assert_eq!(String::from_utf8(output.stdout)?, expected);
        assert!(output.stderr.is_empty(), "nothing is logged");
    }
    Ok(())
}

#[test]
fn what_is_wrong_is_named_with_the_fix_and_no_key_shown() -> TestResult {
    let vectors = vectors()?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("receipt.keys");
    let keys = path.to_str().ok_or("the path is not text")?;
    let entry = ["COBADEFF", "2026-117", "2026-03-02"];

    let absent = error(&receipt(keys, entry)?);
    assert!(absent.starts_with(&format!("error: --keys {keys}: ")), "{absent}");
    let digits = "0405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f2021";
    std::fs::write(&path, format!("2026-01-01 {digits}\n"))?;
    let short = error(&receipt(keys, entry)?);
    assert!(short.contains(keys) && short.contains("line 1 is no receipt key"), "{short}");
    assert!(!short.contains("0405"), "{short}");

    std::fs::write(&path, text(&vectors["keys"])?)?;
    let early = error(&receipt(keys, ["COBADEFF", "2026-117", "2024-12-31"])?);
    assert!(early.contains("value date 2024-12-31") && early.contains("2025-01-01"), "{early}");
    for (entry, name, fix) in [
        (["COBA", "2026-117", "2026-03-02"], "the BIC `COBA`", "8 or 11"),
        (["COBADEFF", "2026 117", "2026-03-02"], "the reference", "without white space"),
        (["COBADEFF", "2026-117", "2026-02-30"], "the value date `2026-02-30`", "YYYY-MM-DD"),
    ] {
        let refused = error(&receipt(keys, entry)?);
        assert!(refused.starts_with(&format!("error: {name}")), "{refused}");
        assert!(refused.contains(fix), "{refused}");
    }
    Ok(())
}

#[test]
fn the_help_says_what_a_key_file_holds() -> TestResult {
    let output = Command::new(env!("CARGO_BIN_EXE_assent-deploy"))
        .args(["receipt", "--help"])
        .env("ASSENT_RECEIPT_KEYS", "some.keys")
        .output()?;
    let help = String::from_utf8(output.stdout)?;
    for said in ["--keys", "ASSENT_RECEIPT_KEYS", "openssl rand -hex 32", "AcctSvcrRef", "--date"] {
        assert!(help.contains(said), "{said}: {help}");
    }
    Ok(())
}
