//! The examples on access: cargo-contract, JavaScript, Rust.

use super::{api, examples, javascript, opened, openings, run};
use anyhow::{Context, Result, bail};
use assent_client::{Account, bundle::hex_string};
use assent_e2e::{
    messages::{category::CARDIOLOGY, purpose::TREATMENT, role, tariff},
    process::program,
    scene::{
        Scene, account, doctor, emitter, hospital1, hospital2, in_effect, items, patient,
        regulator, treatment,
    },
    stack::{Stack, artifacts},
    tools::{existing, in_path, tools},
};
use assent_interface::{consent, rewards, token};
use assent_merkle::{Sha2, leaf_hash};
use serde_json::{Value, json};
use std::{fs, path::Path};

/// What a permitted treatment earns.
const TARIFF: u128 = 500_000;

/// A stack on which the patient and the first hospital are admitted.
async fn admitted() -> Result<(Stack, Scene)> {
    let stack = Stack::start("127.0.0.1:0", |_| {}).await?;
    let mut scene = Scene::new(&stack)?;
    scene.admit(&patient(), role::DATA_OWNER).await?;
    scene.admit(&hospital1(), role::PROVIDER).await?;
    Ok((stack, scene))
}

#[tokio::test(flavor = "multi_thread")]
async fn cargo_contract_anchors_a_report_and_checks_a_log() -> Result<()> {
    let cargo_contract = tools()?.join("bin/cargo-contract");
    let cargo_contract = existing(cargo_contract, "scripts/test-tools.sh")?;
    in_path("jq")?;
    let (stack, mut scene) = admitted().await?;
    // The auditor notes the head after the first decision; two more follow.
    let (_, first) = scene.ask(&hospital1(), None, TREATMENT, CARDIOLOGY).await?;
    let known = first["head"].as_str().context("head")?;
    for _ in 0..2 {
        scene.ask(&hospital1(), None, TREATMENT, CARDIOLOGY).await?;
    }

    let file = stack.folder().join("report.encrypted");
    let bytes = assent_e2e::scene::random()?;
    fs::write(&file, bytes)?;
    let script = examples()?.join("cargo-contract.sh");
    let addresses = ["reports", "consent"].map(|name| scene.contract(name).map(|c| c.address));
    let [reports, consent] = addresses;
    let (reports, consent) = (reports?.to_string(), consent?.to_string());
    let (owner, answers) = (account(&patient()).to_string(), account(&doctor()).to_string());
    let (cargo_contract, file) = (cargo_contract.display().to_string(), file.display().to_string());
    let anchors = account(&hospital1()).to_string();
    let env: [(&str, &str); 7] = [
        ("ASSENT_CARGO_CONTRACT", &cargo_contract),
        ("OWNER", &anchors),
        ("REPORTS", &reports),
        ("CONSENT", &consent),
        ("PATIENT", &owner),
        ("DOCTOR", &answers),
        ("FILE", &file),
    ];

    let log = [("SURI", "//Charlie"), ("KNOWN_SEQUENCE", "1"), ("KNOWN_HEAD", known)];
    let done = run(&stack, &script, &[], &[&env[..], &log[..]].concat()).await?;
    assert!(done.success, "{}", done.output);
    let anchored = done.after("anchored series ")?;
    let (series, root) = anchored.split_once(" with root ").context("series and root")?;
    assert_eq!(root, hex_string(&leaf_hash::<Sha2>(&bytes)), "a tree with one leaf");
    let head = done.after("version 1 has head ")?;
    assert_eq!(done.after("verify_link: ")?, "true");
    assert_eq!(done.after("verify_chunk: ")?, "true");
    done.assert_says("reports.anchor refuses: WrongSequence");
    done.assert_says(&format!("the log of {owner}, 3 entries, continues the one of 1: head 0x"));
    let shown = api(&stack, &format!("/v1/reports/{anchors}/{series}")).await?;
    let [version] = &items(&shown)?[..] else { bail!("one version: {shown}") };
    assert_eq!([&version["root"], &version["head"]], [&json!(root), &json!(head)]);
    assert_eq!(version["doctor"], json!(answers));
    assert_eq!(opened(&stack, &version["metadata"])?, "report.encrypted");
    let metadata = version["metadata"].as_str().context("metadata")?;
    done.assert_says(&format!("metadata {metadata} opens: report.encrypted"));

    // A log that does not continue what the auditor knows is named.
    let other = hex_string(&[7; 32]);
    let log = [("SURI", "//Charlie"), ("KNOWN_SEQUENCE", "1"), ("KNOWN_HEAD", other.as_str())];
    let done = run(&stack, &script, &[], &[&env[..], &log[..]].concat()).await?;
    assert!(!done.success, "{}", done.output);
    done.assert_says("does not continue the one of 1");

    // So is the contract's own error: of who acts for another, and of who may not for himself.
    let done = run(&stack, &script, &[], &[&env[..], &[("SURI", "//Eve")]].concat()).await?;
    assert!(!done.success, "{}", done.output);
    done.assert_says("reports.anchor refuses: NotAuthorized");
    let eve = account(&emitter()).to_string();
    let himself = [("SURI", "//Eve"), ("OWNER", eve.as_str())];
    let done = run(&stack, &script, &[], &[&env[..], &himself].concat()).await?;
    assert!(!done.success, "{}", done.output);
    done.assert_says("reports.anchor refuses: NotAdmitted");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn javascript_grants_and_asks_for_access() -> Result<()> {
    let node = in_path("node")?;
    let (stack, mut scene) = admitted().await?;
    scene.admit(&hospital2(), role::PROVIDER).await?;
    let script = javascript(&stack, "grant.mjs")?.display().to_string();
    let consent = scene.contract("consent")?.address.to_string();
    let bundle = artifacts().join("consent.contract").display().to_string();
    let (owner, grantee) = (account(&patient()), account(&hospital1()));
    let hospital = grantee.to_string();
    let env: [(&str, &str); 3] =
        [("CONSENT", &consent), ("CONSENT_BUNDLE", &bundle), ("GRANTEE", &hospital)];

    let own = [("SURI", "//Bob"), ("RECORD", "the record")];
    let done = run(&stack, &node, &[&script], &[&env[..], &own[..]].concat()).await?;
    assert!(done.success, "{}", done.output);
    let granted = done.after("Granted in block ")?.split_once(": ").context("an event")?.1;
    let granted: Value = serde_json::from_str(granted)?;
    assert_eq!(granted["grant"], json!("1"));
    let latest: Option<u64> =
        scene.view("consent", consent::LATEST_GRANT, (owner, grantee)).await?;
    assert_eq!(latest, Some(1));
    let read: Value = serde_json::from_str(done.after("grant_of(1): ")?)?;
    assert_eq!([&read["uses"], &read["max_uses"]], [&json!(0), &json!(10)]);
    done.assert_says(&format!("log_head({owner}): {{\"sequence\":\"0\""));
    done.assert_says("consent.revoke refuses: UnknownGrant");
    let shown = api(&stack, "/v1/consents/1").await?;
    assert_eq!(shown["status"], json!("active"));
    assert_eq!([&shown["owner"], &shown["grantee"]], [&granted["owner"], &granted["grantee"]]);
    assert_eq!(read["record"], json!({"type": "One", "value": granted["record"]}));
    assert_eq!(shown["record"], granted["record"]);
    assert_eq!(opened(&stack, &shown["record"])?, "the record");
    done.assert_says(" opens the record: the record");

    // Who is not admitted is told so, before anything is submitted.
    let done = run(&stack, &node, &[&script], &[&env[..], &[("SURI", "//Eve")]].concat()).await?;
    assert!(!done.success, "{}", done.output);
    done.assert_says("error: consent.grant refuses: NotDataOwner");
    let record = shown["record"].as_str().context("record")?;
    ask_for_access(&stack, (&node, &owner), (&consent, &bundle), record).await
}

/// The hospital that was granted access asks, and one that was not; a record that was handed over is
/// compared with the commitment on chain.
async fn ask_for_access(
    stack: &Stack,
    (node, owner): (&Path, &Account),
    (consent, bundle): (&str, &str),
    record: &str,
) -> Result<()> {
    let script = javascript(stack, "access.mjs")?.display().to_string();
    let (patient, folder) = (owner.to_string(), openings(stack));
    let opening = folder.join(format!("{record}.json")).display().to_string();
    let env = [
        ("CONSENT", consent),
        ("CONSENT_BUNDLE", bundle),
        ("PATIENT", &patient),
        ("OPENING", &opening),
    ];
    let done = run(stack, node, &[&script], &env).await?;
    assert!(done.success, "{}", done.output);
    assert_eq!(done.after("is_permitted: ")?, r#"{"type":"Permit"}"#);
    done.assert_says("consent.request_access refuses: UnknownPurpose");
    let decided = done.after("Decided in block ")?.split_once(": ").context("an event")?.1;
    let decided: Value = serde_json::from_str(decided)?;
    assert_eq!(decided["decision"]["type"], json!("Permit"));
    assert_eq!([&decided["grant"], &decided["record"]], [&json!("1"), &json!(record)]);
    let head: Value = serde_json::from_str(done.after(&format!("log_head({owner}): "))?)?;
    assert_eq!([&head["sequence"], &head["hash"]], [&json!("1"), &decided["head"]]);
    assert_eq!(done.after("Grant 1 is about: ")?, "the record");
    let log = api(stack, &format!("/v1/access-log?owner={owner}")).await?;
    assert_eq!(items(&log)?[0]["head"], decided["head"]);

    // A hospital without a grant is refused on record: no error, but a decision.
    let done = run(stack, node, &[&script], &[&env[..], &[("SURI", "//Dave")]].concat()).await?;
    assert!(done.success, "{}", done.output);
    let denied = r#"{"type":"Deny","value":{"type":"NoGrant"}}"#;
    assert_eq!(done.after("is_permitted: ")?, denied);
    let log = api(stack, &format!("/v1/access-log?owner={owner}")).await?;
    assert_eq!(items(&log)?[1]["deny_reason"], json!("NoGrant"));

    // An opening of something else opens nothing: it is not what was granted.
    let other = folder.join("other.json");
    fs::write(&other, json!({"salt": hex_string(&[7; 32]), "text": "another record"}).to_string())?;
    let other = other.display().to_string();
    let done = run(stack, node, &[&script], &[&env[..], &[("OPENING", &other)]].concat()).await?;
    assert!(done.success, "{}", done.output);
    let denied = r#"{"type":"Deny","value":{"type":"RecordNotGranted"}}"#;
    assert_eq!(done.after("is_permitted: ")?, denied);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn subxt_asks_for_access() -> Result<()> {
    let example = existing(program("examples/subxt")?, "`cargo build --examples`")?;
    let (stack, mut scene) = admitted().await?;
    scene.admit(&hospital2(), role::PROVIDER).await?;
    let (boss, rewards) = (regulator(), scene.contract("rewards")?.address);
    scene.call("rewards", &boss, rewards::SET_TARIFF, (TREATMENT, tariff(TARIFF))).await?;
    scene.mint(&boss, TARIFF).await?;
    scene.call("token", &boss, token::APPROVE, (rewards, TARIFF)).await?;
    scene.call("rewards", &boss, rewards::FUND, (account(&hospital1()), TARIFF)).await?;
    in_effect().await;
    scene.call("consent", &patient(), consent::GRANT, (treatment(&hospital1())?,)).await?;
    let (owner, manifest) = (account(&patient()), stack.manifest_path().display().to_string());
    let name = owner.to_string();
    let env: [(&str, &str); 2] = [("ASSENT_MANIFEST", &manifest), ("PATIENT", &name)];

    let done = run(&stack, &example, &[], &[&env[..], &[("SURI", "//Charlie")]].concat()).await?;
    assert!(done.success, "{}", done.output);
    assert_eq!(done.after("is_permitted: ")?, "Permit");
    done.assert_says("consent.request_access refuses: UnknownPurpose");
    assert!(done.after("request_access: ")?.starts_with("Permit, final in block "));
    let decided: Value = serde_json::from_str(done.after("consent AccessDecided ")?)?;
    let accrued: Value = serde_json::from_str(done.after("rewards Accrued ")?)?;
    assert_eq!(accrued["amount"], json!(TARIFF.to_string()));
    assert_eq!(accrued["access"], decided["access"]);
    let head = decided["head"].as_str().context("head")?;
    assert_eq!(done.after("the log goes on from entry 0 to 1: head ")?, head);
    let on_chain: (u64, [u8; 32]) = scene.view("consent", consent::LOG_HEAD, (owner,)).await?;
    assert_eq!((on_chain.0, hex_string(&on_chain.1)), (1, head.to_owned()));
    let owed: u128 = scene.view("rewards", rewards::OWED, (owner,)).await?;
    assert_eq!(owed, TARIFF);

    // A hospital without a grant is refused on record: no error, but a decision.
    let done = run(&stack, &example, &[], &[&env[..], &[("SURI", "//Dave")]].concat()).await?;
    assert!(done.success, "{}", done.output);
    let decided: Value = serde_json::from_str(done.after("consent AccessDecided ")?)?;
    assert_eq!(decided["decision"], json!({"Deny": "NoGrant"}));
    done.after("the log goes on from entry 1 to 2: head ")?;
    let log = api(&stack, &format!("/v1/access-log?owner={owner}")).await?;
    assert_eq!(items(&log)?.len(), 2);
    Ok(())
}
