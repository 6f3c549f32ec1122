//! The manifest file: what is written is what is read, and errors name the file and the fix.

use std::collections::BTreeMap;

use assent_client::manifest::{ContractEntry, Manifest, ManifestError};
use assent_client::timing::Timing;
use assent_client::{Account, Hash};

type TestResult = Result<(), Box<dyn std::error::Error>>;

const SAMPLE: &str = include_str!("../fixtures/sample.json");

fn manifest(folder: &std::path::Path) -> Manifest {
    let entry = |seed: u8, deployment_block| ContractEntry {
        address: Account([seed; 32]),
        code_hash: Hash([0; 32]),
        deployment_block,
        deployer: Account([9; 32]),
        administrator: Account([8; 32]),
        metadata: "sample.json".into(),
    };
    let contracts =
        BTreeMap::from([("consent".into(), entry(1, 12)), ("carbon".into(), entry(2, 5))]);
    Manifest::new("dev".into(), Hash([3; 32]), Timing::default(), contracts, folder.into())
}

#[test]
fn is_read_as_it_was_written_and_replaced_as_a_whole() -> TestResult {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("deep/manifest.json");
    let written = manifest(&folder.path().join("deep"));
    written.save(&path)?;
    assert_eq!(Manifest::load(&path)?, written);
    let bytes = std::fs::read(&path)?;
    written.save(&path)?;
    assert_eq!(std::fs::read(&path)?, bytes, "equal manifests have equal bytes");
    let names: Vec<_> = std::fs::read_dir(folder.path().join("deep"))?.collect();
    assert_eq!(names.len(), 1, "no temporary file is left behind");
    let text = String::from_utf8(bytes)?;
    assert!(text.contains("\"address\": \"5"), "addresses are SS58: {text}");
    assert!(text.contains("\"genesis_hash\": \"0x0303"), "hashes are hexadecimal: {text}");
    assert!(text.contains("\"emergency_window_ms\": 14400000"), "{text}");
    assert!(text.contains("\"answer_ms\": 2592000000"), "{text}");
    assert!(text.contains("\"compliance_ms\": 10368000000"), "{text}");
    Ok(())
}

#[test]
fn knows_its_first_block_its_contracts_and_their_metadata() -> TestResult {
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("sample.json"), SAMPLE)?;
    let path = folder.path().join("manifest.json");
    manifest(folder.path()).save(&path)?;
    let manifest = Manifest::load(&path)?;
    assert_eq!(manifest.first_block(), 5);
    assert_eq!(manifest.contract_at(&Account([2; 32])).map(|(name, _)| name), Some("carbon"));
    assert!(manifest.contract_at(&Account([9; 32])).is_none());
    assert_eq!(manifest.bundles()?["consent"].name(), "sample");
    Ok(())
}

#[test]
fn refuses_a_bundle_of_other_code() -> TestResult {
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("sample.json"), SAMPLE.replace("0x00", "0x01"))?;
    let error = manifest(folder.path()).bundles().expect_err("the hashes differ");
    assert!(matches!(error, ManifestError::OtherCode { .. }), "{error}");
    std::fs::remove_file(folder.path().join("sample.json"))?;
    let error = manifest(folder.path()).bundles().expect_err("the bundle is gone");
    assert!(error.to_string().contains("contracts.carbon.metadata"), "{error}");
    Ok(())
}

#[test]
fn an_absent_or_broken_file_is_named_with_the_fix() -> TestResult {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("manifest.json");
    let error = Manifest::load(&path).expect_err("there is none").to_string();
    assert!(error.contains("manifest.json") && error.contains("assent-deploy apply"), "{error}");
    std::fs::write(&path, r#"{"network":"dev","genesis_hash":"0x12","contracts":{}}"#)?;
    let error = Manifest::load(&path).expect_err("the hash is short");
    assert!(matches!(error, ManifestError::Malformed { .. }));
    assert!(error.to_string().contains("64 hex digits"), "{error}");
    Ok(())
}
