//! `assent-deploy report`: what it prints is what the contract anchors and checks.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use assent_merkle::{CHUNK_LEN, Sha2, chunked, leaf_hash, verify_inclusion};
use serde_json::{Value, json};

type TestResult<T = ()> = Result<T, Box<dyn std::error::Error>>;

fn report(arguments: &[&str]) -> std::io::Result<Output> {
    Command::new(env!("CARGO_BIN_EXE_assent-deploy")).arg("report").args(arguments).output()
}

fn printed(output: &Output) -> TestResult<Value> {
    assert!(output.status.success(), "{output:?}");
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn error(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn text(path: &Path) -> TestResult<&str> {
    Ok(path.to_str().ok_or("the path is not text")?)
}

/// A file whose bytes tell where they stand.
fn file(folder: &Path, length: usize) -> TestResult<(PathBuf, Vec<u8>)> {
    let bytes: Vec<u8> = (0..length).map(|n| (n % 251).to_le_bytes()[0]).collect();
    let path = folder.join(format!("{length}.bin"));
    std::fs::write(&path, &bytes)?;
    Ok((path, bytes))
}

fn hash(value: &Value) -> TestResult<[u8; 32]> {
    let hash: assent_client::Hash = value.as_str().ok_or("a hash")?.parse()?;
    Ok(hash.0)
}

#[test]
fn the_root_is_that_of_the_tree_over_the_files_chunks() -> TestResult {
    let folder = tempfile::tempdir()?;
    for (length, chunk_bytes) in
        [(1, CHUNK_LEN), (CHUNK_LEN, CHUNK_LEN), (2 * CHUNK_LEN + 9, CHUNK_LEN), (1_000, 7)]
    {
        let (path, bytes) = file(folder.path(), length)?;
        let size = chunk_bytes.to_string();
        let shown = printed(&report(&["root", text(&path)?, "--chunk-bytes", &size])?)?;
        let expected = chunked(&bytes[..], chunk_bytes)?;
        let root = assent_client::Hash(expected.root).to_string();
        assert_eq!(
            shown,
            json!({
                "root": root,
                "chunks": length.div_ceil(chunk_bytes),
                "byte_length": length,
                "chunk_bytes": chunk_bytes,
            })
        );
    }
    // A vector of the algorithm: SHA-256 of a zero byte and the only chunk.
    let abc = folder.path().join("abc");
    std::fs::write(&abc, b"abc")?;
    let shown = printed(&report(&["root", text(&abc)?])?)?;
    assert_eq!(shown["chunk_bytes"], 65_536, "the chunks that are anchored by default");
    assert_eq!(hash(&shown["root"])?, leaf_hash::<Sha2>(b"abc"));
    Ok(())
}

#[test]
fn every_chunk_is_proven_and_its_bytes_are_told_from_others() -> TestResult {
    let folder = tempfile::tempdir()?;
    let (path, bytes) = file(folder.path(), 45)?;
    let root = printed(&report(&["root", text(&path)?, "--chunk-bytes", "10"])?)?;
    let (anchored, chunks) = (root["root"].as_str().ok_or("root")?, "5");
    for (number, chunk) in bytes.chunks(10).enumerate() {
        let arguments =
            ["proof", text(&path)?, "--chunk-bytes", "10", "--chunk", &number.to_string()];
        let proof = printed(&report(&arguments)?)?;
        assert_eq!((&proof["root"], &proof["chunk"]), (&root["root"], &json!(number)));
        let leaf = hash(&proof["leaf"])?;
        assert_eq!(leaf, leaf_hash::<Sha2>(chunk));
        let hashes = proof["proof"].as_array().ok_or("a list")?;
        let hashes = hashes.iter().map(hash).collect::<TestResult<Vec<_>>>()?;
        assert!(verify_inclusion::<Sha2>(&hash(&root["root"])?, 5, number as u64, &leaf, &hashes));

        let (saved, part) = (folder.path().join("proof.json"), folder.path().join("part"));
        std::fs::write(&saved, proof.to_string())?;
        std::fs::write(&part, chunk)?;
        let verify = ["verify", text(&saved)?, "--root", anchored, "--chunks", chunks];
        let with_bytes = [&verify[..], &["--chunk-file", text(&part)?]].concat();
        for arguments in [&verify[..], &with_bytes] {
            let said = String::from_utf8(report(arguments)?.stdout)?;
            assert!(said.starts_with("proven: "), "{said}");
        }
        std::fs::write(&part, [chunk, b"!"].concat())?;
        let refused = error(&report(&with_bytes)?);
        assert!(refused.contains("not those of chunk"), "{refused}");
        let elsewhere = assent_client::Hash([1; 32]).to_string();
        for (root, chunks) in [(elsewhere.as_str(), "5"), (anchored, "4"), (anchored, "0")] {
            let verify = ["verify", text(&saved)?, "--root", root, "--chunks", chunks];
            let refused = error(&report(&verify)?);
            assert!(refused.contains("the proof does not hold"), "{refused}");
        }
    }
    Ok(())
}

/// The example of contracts/README.md, which Python's hashlib computed.
#[test]
fn a_challenge_is_drawn_from_nonce_and_block() -> TestResult {
    let rising = "0x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    let falling = "0xfffefdfcfbfaf9f8f7f6f5f4f3f2f1f0efeeedecebeae9e8e7e6e5e4e3e2e1e0";
    let drawn = ["challenge", "--nonce", rising, "--block-hash", falling, "--chunks"];
    let output = report(&[&drawn[..], &["1000", "--count", "6"]].concat())?;
    assert_eq!(String::from_utf8(output.stdout)?, "475\n583\n521\n503\n355\n812\n");
    let output = String::from_utf8(report(&[&drawn[..], &["5"]].concat())?.stdout)?;
    assert_eq!(output.lines().count(), 459);
    for (chunks, count, wrong) in [("0", "1", "--chunks"), ("1", "0", "--count")] {
        let refused = report(&[&drawn[..], &[chunks, "--count", count]].concat())?;
        assert_eq!(refused.status.code(), Some(2));
        assert!(String::from_utf8(refused.stderr)?.contains(wrong));
    }
    Ok(())
}

#[test]
fn what_cannot_be_anchored_or_proven_is_named_with_the_fix() -> TestResult {
    let folder = tempfile::tempdir()?;
    let (path, _) = file(folder.path(), 45)?;
    let empty = folder.path().join("empty");
    std::fs::write(&empty, b"")?;
    let absent = error(&report(&["root", "no/such.file"])?);
    assert!(absent.contains("no/such.file"), "{absent}");
    let nothing = error(&report(&["root", text(&empty)?])?);
    assert!(nothing.contains("is empty"), "{nothing}");
    let beyond = error(&report(&["proof", text(&path)?, "--chunk-bytes", "10", "--chunk", "5"])?);
    assert!(beyond.contains("has 5 chunks") && beyond.contains("--chunk 5"), "{beyond}");
    let other = ["verify", text(&path)?, "--root", &assent_client::Hash([1; 32]).to_string()];
    let other = error(&report(&[&other[..], &["--chunks", "5"]].concat())?);
    assert!(other.contains("is not a proof") && other.contains("report proof"), "{other}");
    for size in ["0", "67108865"] {
        let refused = report(&["root", text(&path)?, "--chunk-bytes", size])?;
        assert_eq!(refused.status.code(), Some(2), "{size}");
        assert!(String::from_utf8(refused.stderr)?.contains("--chunk-bytes"));
    }
    Ok(())
}
