//! The command line of `assent-deploy` against a node: who signs, who pays, and what can be moved.

use anyhow::{Context, Result, ensure};
use assent_client::{Account, bundle::Metadata, chain::Chain, contract, manifest::Manifest};
use assent_deploy::plan::{Bundles, Options, apply, verify};
use assent_e2e::{
    node::Node,
    process::program,
    scene::{account, regulator},
    stack::{TIMING, artifacts, deploy},
};
use assent_interface::{Contract, participants};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    str::FromStr,
};
use subxt_signer::{SecretUri, sr25519::Keypair};

/// A phrase that stands in documentation, and that no development chain knows.
const PHRASE: &str = "legal winner thank year wave sausage worth useful legal winner thank yellow";

/// Runs `assent-deploy` in the root folder, where nothing of a checkout lies.
fn assent_deploy(node: &Node, suri: Option<&str>, arguments: &[&str]) -> Result<Output> {
    let mut command = Command::new(program("assent-deploy")?);
    command.current_dir("/").args(arguments).env("ASSENT_NODE_URL", &node.url);
    for variable in ["ASSENT_DEPLOYER_SURI", "ASSENT_ARTIFACTS", "ASSENT_MANIFEST"] {
        command.env_remove(variable);
    }
    if let Some(suri) = suri {
        command.env("ASSENT_DEPLOYER_SURI", suri);
    }
    Ok(command.env("RUST_LOG", "warn").output()?)
}

fn said(output: &Output) -> Result<String> {
    ensure!(output.status.success(), "{output:?}");
    Ok(String::from_utf8(output.stdout.clone())?)
}

fn refusal(output: &Output) -> Result<String> {
    ensure!(output.status.code() == Some(1), "{output:?}");
    let text = String::from_utf8(output.stderr.clone())?;
    let line = text.lines().find(|line| line.starts_with("error: ")).context("an error")?;
    Ok(line.to_owned())
}

fn key(suri: &str) -> Result<Keypair> {
    Ok(Keypair::from_uri(&SecretUri::from_str(suri)?)?)
}

fn text(path: &Path) -> Result<&str> {
    path.to_str().context("a path of text")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_learns_what_is_missing_and_gets_it() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let node = Node::start(folder.path(), &[]).await?;
    let chain = Chain::connect(&node.url).await?;
    let manifest = deploy(&chain, &folder.path().join("manifest.json")).await?;
    let entry = &manifest.contracts["participants"];
    let metadata = Metadata::load(manifest.metadata_path(entry))?;
    let participants = contract::Contract::new(chain.clone(), entry.address, metadata);
    let newcomer = key("//Newcomer")?;
    let address = account(&newcomer);
    let register = || participants.call(&newcomer, participants::REGISTER, ([1u8; 32],));

    let error = register().await.expect_err("it has nothing").to_string();
    let command = format!("assent-deploy fund --to {address} --url {}", node.url);
    for expected in ["it has 0 units", "StorageDeposit", "deposit for what is stored", &command] {
        assert!(error.contains(expected), "no `{expected}` in: {error}");
    }
    // The command that the error names, word for word.
    let words: Vec<&str> = command.split(' ').skip(1).collect();
    let given = said(&assent_deploy(&node, None, &words)?)?;
    assert!(given.contains(&format!("{address} got 10 units in block ")), "{given}");
    assert!(given.trim_end().ends_with("and has 10"), "{given}");
    register().await?;

    // Several at once, in parts of a unit; the balance grows.
    let other = account(&key("//Other")?);
    let (to, and) = (address.to_string(), other.to_string());
    let before = chain.free_balance(&address).await?;
    let both = ["fund", "--to", &to, "--to", &and, "--amount", "0.25"];
    let given = said(&assent_deploy(&node, Some(" //Alice\n"), &both)?)?;
    assert_eq!(given.lines().count(), 2, "{given}");
    assert_eq!(chain.free_balance(&address).await?, before + 250_000_000_000);
    assert_eq!(chain.free_balance(&other).await?, 250_000_000_000);

    // Too little to exist, and more than the signer has.
    let third = account(&key("//Third")?).to_string();
    let tiny =
        refusal(&assent_deploy(&node, None, &["fund", "--to", &third, "--amount", "0.0001"])?)?;
    assert!(tiny.contains("does not exist yet") && tiny.contains("at least 0.001"), "{tiny}");
    let dear = ["fund", "--to", &third, "--amount", "50"];
    let dear = refusal(&assent_deploy(&node, Some("//Newcomer"), &dear)?)?;
    assert!(dear.contains(&to) && dear.contains("needs the 50 units that it gives"), "{dear}");
    assert_eq!(chain.free_balance(&third.parse::<Account>()?).await?, 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newline_behind_the_secret_is_no_part_of_it() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let node = Node::start(folder.path(), &[]).await?;
    let artifacts = artifacts();
    let plan = |suri: Option<&str>| {
        assent_deploy(&node, suri, &["plan", "--artifacts", text(&artifacts)?])
    };
    let alice = format!("as {}", account(&regulator()));
    for suri in [None, Some("//Alice"), Some("//Alice\n"), Some(" //Alice\r\n")] {
        let planned = said(&plan(suri)?)?;
        assert!(planned.trim_end().ends_with(&alice), "{suri:?}: {planned}");
    }
    let phrase = format!("{PHRASE}\n");
    let own = said(&plan(Some(&phrase))?)?;
    assert!(own.trim_end().ends_with(&format!("as {}", account(&key(PHRASE)?))), "{own}");
    let empty = refusal(&plan(Some("\n"))?)?;
    assert!(empty.starts_with("error: ASSENT_DEPLOYER_SURI is empty"), "{empty}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keys_that_everybody_has_sign_on_a_development_chain_only() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let spec = Command::new(program("assent-node")?)
        .args(["export-chain-spec", "--chain", "dev"])
        .output()?;
    let mut spec: Value = serde_json::from_slice(&spec.stdout).context("the chain spec")?;
    let artifacts = artifacts();
    for kind in ["Live", "Local"] {
        spec["chainType"] = kind.into();
        let folder = folder.path().join(kind);
        fs::create_dir(&folder)?;
        let path = folder.join("spec.json");
        fs::write(&path, spec.to_string())?;
        let node = Node::start(&folder, &["--chain", text(&path)?]).await?;
        let plan = |suri: Option<&str>| {
            assent_deploy(&node, suri, &["plan", "--artifacts", text(&artifacts)?])
        };
        let none = refusal(&plan(None)?)?;
        for expected in [node.url.as_str(), kind, "of type", "ASSENT_DEPLOYER_SURI"] {
            assert!(none.contains(expected), "no `{expected}` in: {none}");
        }
        let public = refusal(&plan(Some("//Alice"))?)?;
        for expected in [kind, "everybody has", "assent-node key generate"] {
            assert!(public.contains(expected), "no `{expected}` in: {public}");
        }
        let planned = said(&plan(Some(PHRASE))?)?;
        assert!(planned.contains("steps to do as"), "{planned}");
        let manifest = folder.join("manifest.json");
        let apply = ["apply", "--artifacts", text(&artifacts)?, "--manifest", text(&manifest)?];
        let poor = refusal(&assent_deploy(&node, Some(PHRASE), &apply)?)?;
        let deployer = account(&key(PHRASE)?);
        assert!(poor.contains(&format!("assent-deploy fund --to {deployer}")), "{poor}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checkout_can_be_moved_together_with_its_manifest() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let node = Node::start(folder.path(), &[]).await?;
    let checkout = folder.path().join("checkout");
    let bundles = checkout.join("contracts/artifacts");
    fs::create_dir_all(&bundles)?;
    for entry in fs::read_dir(artifacts())?.flatten() {
        if entry.path().extension().is_some_and(|extension| extension == "contract") {
            fs::copy(entry.path(), bundles.join(entry.file_name()))?;
        }
    }
    let manifest: PathBuf = checkout.join("run/manifest.json");
    let apply = ["apply", "--artifacts", text(&bundles)?, "--manifest", text(&manifest)?];
    said(&assent_deploy(&node, None, &apply)?)?;
    for entry in Manifest::load(&manifest)?.contracts.values() {
        assert!(entry.metadata.starts_with("../contracts/artifacts/"), "{}", entry.metadata);
    }

    let elsewhere = folder.path().join("deeper/elsewhere");
    fs::create_dir_all(folder.path().join("deeper"))?;
    fs::rename(&checkout, &elsewhere)?;
    let moved = elsewhere.join("run/manifest.json");
    assert_eq!(Manifest::load(&moved)?.bundles()?.len(), Contract::ALL.len());
    let verify = ["verify", "--manifest", text(&moved)?];
    assert!(said(&assent_deploy(&node, None, &verify)?)?.contains("agrees with the chain"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_and_an_address_that_are_not_those_of_agreements_are_named() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let node = Node::start(folder.path(), &[]).await?;
    let chain = Chain::connect(&node.url).await?;
    let manifest = deploy(&chain, &folder.path().join("manifest.json")).await?;
    assert_eq!(verify(&chain, &manifest).await?, Vec::<String>::new());

    let mut late = manifest.clone();
    late.timing.answer_ms += 1;
    let (is, says) = (TIMING.answer_ms, late.timing.answer_ms);
    let expected = format!(
        "agreements.times: a request for erasure is overdue after {is} ms, the manifest says {says}"
    );
    assert_eq!(verify(&chain, &late).await?, [expected]);

    // Those of another network on the same chain are not what this one asks.
    let options = Options {
        network: "other".into(),
        artifacts: artifacts(),
        manifest: folder.path().join("other.json"),
        timing: TIMING,
    };
    let bundles = Bundles::load(&options.artifacts)?;
    let other = apply(&chain, &regulator(), &bundles, &options).await?.manifest;
    for name in ["participants", "consent"] {
        let (is, says) = (manifest.contracts[name].address, other.contracts[name].address);
        let mut mixed = manifest.clone();
        mixed.contracts.insert(name.into(), other.contracts[name].clone());
        let differences = verify(&chain, &mixed).await?;
        let expected =
            format!("agreements.{name}: the contract holds {is}, the manifest says {says}");
        assert!(differences.contains(&expected), "no `{expected}` in {differences:#?}");
    }
    Ok(())
}
