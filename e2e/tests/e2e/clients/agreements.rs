//! The example on agreements: JavaScript.

use super::{api, javascript, run};
use anyhow::{Context, Result};
use assent_e2e::{
    messages::role,
    scene::{Scene, account, hospital1, patient, treatment},
    stack::{Stack, artifacts},
    tools::in_path,
};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn javascript_grants_what_is_proposed_and_accepts_it_in_one_transaction() -> Result<()> {
    let node = in_path("node")?;
    let stack = Stack::start("127.0.0.1:0", |_| {}).await?;
    let mut scene = Scene::new(&stack)?;
    scene.admit(&patient(), role::DATA_OWNER).await?;
    scene.admit(&hospital1(), role::PROVIDER).await?;
    let (proposal, _) = scene.propose(&hospital1(), treatment(&hospital1())?).await?;
    let script = javascript(&stack, "accept.mjs")?.display().to_string();
    let address = |name| anyhow::Ok(scene.contract(name)?.address.to_string());
    let (consent, agreements) = (address("consent")?, address("agreements")?);
    let (bundles, number) = (artifacts().display().to_string(), proposal.to_string());
    let env = [
        ("CONSENT", consent.as_str()),
        ("AGREEMENTS", agreements.as_str()),
        ("BUNDLES", bundles.as_str()),
        ("PROPOSAL", number.as_str()),
    ];

    // Whoever it was not made to cannot accept it, and his grant goes with that.
    let done =
        run(&stack, &node, &[&script], &[&env[..], &[("SURI", "//Charlie")]].concat()).await?;
    assert!(!done.success, "{}", done.output);
    done.assert_says("agreements.accept refuses: NotOwner");
    done.assert_says("error: nothing of it happened: ");
    assert_eq!(api(&stack, "/v1/consents").await?["items"], json!([]));

    let done = run(&stack, &node, &[&script], &env).await?;
    assert!(done.success, "{}", done.output);
    let shown: Value = serde_json::from_str(done.after(&format!("proposal({proposal}): "))?)?;
    assert_eq!(shown["terms"]["owner"], json!(account(&patient()).to_string()));
    done.assert_says("agreements.accept refuses: NotGranted");
    let event = |name: &str| -> Result<Value> {
        let told = done.after(&format!("{name} in block "))?;
        Ok(serde_json::from_str(told.split_once(": ").context("an event")?.1)?)
    };
    let (granted, accepted) = (event("Granted")?, event("ProposalAccepted")?);
    assert_eq!(granted["grant"], accepted["grant"]);
    let row = api(&stack, &format!("/v1/proposals/{proposal}")).await?;
    assert_eq!((&row["status"], &row["grant_id"]), (&json!("accepted"), &json!(1)));
    let grant = api(&stack, "/v1/consents/1").await?;
    assert_eq!((&grant["status"], &grant["policy"]), (&json!("active"), &row["policy"]));
    assert_eq!(grant["provenance"]["block_hash"], row["provenance"]["block_hash"]);

    let done = run(&stack, &node, &[&script], &[&env[..], &[("PROPOSAL", "9")]].concat()).await?;
    assert!(!done.success, "{}", done.output);
    done.assert_says("error: there is no proposal 9");
    Ok(())
}
