//! The main story, and what the API shows of it.

use anyhow::{Error, Result};
use assent_client::{Account, Record, Records, chain::Chain};
use assent_e2e::{
    agree::agree,
    scene::{
        account, check_provenance, column, hex32, hospital1, hospital2, items, patient,
        second_emitter,
    },
    sealed::Sealed,
    stack::{HEALTH_READ, Stack, deploy},
    story::{self, Story, bundled_report, seal},
};
use assent_interface::{carbon, category::CARDIOLOGY, purpose::TREATMENT};
use serde_json::json;
use std::{collections::BTreeSet, fs::File, io::Read as _, path::Path};
use subxt_signer::sr25519::dev;

#[tokio::test(flavor = "multi_thread")]
async fn the_story_of_consent_access_reward_erasure_and_credits() -> Result<()> {
    let stack = Stack::start("127.0.0.1:0", |_| {}).await?;
    let mut story = Story::new(&stack, Box::new(|_| {}))?;
    let (owner, one, two) = (account(&patient()), account(&hospital1()), account(&hospital2()));

    story.admit().await?;
    story.fund_rewards().await?;
    story.anchor(&bundled_report()).await?;
    story.sign().await?;
    story.verify(&stack, &bundled_report()).await?;
    check_verification(&stack, &story).await?;
    story.employ().await?;
    story.propose().await?;
    story.accept(&stack).await?;
    stack.mirrored(story.height()).await?;

    // Before anybody asks the API says what the contract will decide.
    let check = async |requester: Account| {
        let asked = format!("requester={requester}&purpose={TREATMENT}&category={CARDIOLOGY}");
        let check = stack.ok(&format!("/v1/consents/check?owner={owner}&{asked}")).await?;
        Ok::<_, Error>(["permitted", "deny_reason", "grant_id"].map(|name| check[name].clone()))
    };
    assert_eq!(check(one).await?, [json!(true), json!(null), json!(story.grant)]);
    assert_eq!(check(two).await?, [json!(false), json!("NoGrant"), json!(null)]);
    story.ask_with_grant().await?;
    story.ask_without_grant().await?;
    stack.mirrored(story.height()).await?;

    // The reward was accrued in the block of the decision, by the same transaction.
    let rewards = stack.ok(&format!("/v1/rewards/{owner}")).await?;
    assert_eq!((&rewards["owed"], &rewards["paid"]), (&json!("500000"), &json!("0")));
    let log = stack.ok(&format!("/v1/access-log?owner={owner}")).await?;
    assert_eq!(
        items(&log)?[0]["provenance"]["block_number"],
        rewards["provenance"]["block_number"]
    );
    let grants = stack.ok(&format!("/v1/consents?owner={owner}&status=active")).await?;
    assert_eq!(column(items(&grants)?, "grantee"), [json!(one.to_string())]);

    story.revoke().await?;
    stack.mirrored(story.height()).await?;
    assert_eq!(check(one).await?, [json!(false), json!("Revoked"), json!(story.grant)]);
    story.ask_after_revocation().await?;
    story.withdraw().await?;
    story.ask_for_erasure().await?;
    story.answer_erasure().await?;
    story.admit_traders(&stack).await?;
    story.issue_credits().await?;
    story.set_rules().await?;
    story.sell_credits().await?;
    story.retire_credits().await?;
    stack.mirrored(story.height()).await?;

    let rewards = stack.ok(&format!("/v1/rewards/{owner}")).await?;
    assert_eq!((&rewards["owed"], &rewards["paid"]), (&json!("0"), &json!("500000")));
    let token = stack.ok(&format!("/v1/token/balances/{owner}")).await?;
    assert_eq!(token["balance"], json!("500000"));
    let hospital = stack.ok(&format!("/v1/rewards/{two}")).await;
    assert!(hospital.is_err(), "a refusal earns nothing: {hospital:?}");

    let grant = stack.ok(&format!("/v1/consents/{}", story.grant)).await?;
    assert_eq!(grant["status"], json!("revoked"));
    assert_eq!(grant["uses"], json!(1));
    assert_eq!(grant["purposes"]["names"], json!(["treatment"]));
    assert_eq!(grant["categories"]["names"], json!(["cardiology"]));

    let proposal = stack.ok(&format!("/v1/proposals/{}", story.proposal)).await?;
    assert_eq!((&proposal["status"], &proposal["grant_id"]), (&json!("accepted"), &grant["id"]));
    let erasure = stack.ok(&format!("/v1/erasures/{}", story.erasure)).await?;
    assert_eq!(erasure["status"], json!("erased"));

    let log = stack.ok(&format!("/v1/access-log?owner={owner}")).await?;
    let entries = items(&log)?;
    assert_eq!(column(entries, "sequence"), [json!(1), json!(2), json!(3)]);
    assert_eq!(column(entries, "permitted"), [json!(true), json!(false), json!(false)]);
    assert_eq!(column(entries, "deny_reason"), [json!(null), json!("NoGrant"), json!("Revoked")]);
    assert_eq!(
        column(entries, "requester"),
        [one, two, one].map(|account| json!(account.to_string()))
    );
    // The entries are a chain: each carries the head that the one before left.
    assert_eq!(entries[0]["previous"], json!(hex32([0; 32])));
    assert_eq!(entries[1]["previous"], entries[0]["head"]);
    assert_eq!(entries[2]["previous"], entries[1]["head"]);

    let reports = stack.ok(&format!("/v1/reports/{owner}/{}", hex32(story.series))).await?;
    let sealed = seal(&bundled_report(), &story.key)?;
    let version = &items(&reports)?[0];
    assert_eq!(version["root"], json!(hex32(sealed.root)));
    assert_eq!(version["chunks"], json!(1));
    let plain = std::fs::metadata(bundled_report())?.len();
    assert_eq!(version["byte_length"], json!(plain + 16), "the ciphertext's length");
    assert_eq!(version["status"], json!("valid"));
    for signed in ["patient_signed_at_ms", "doctor_signed_at_ms"] {
        assert!(version[signed].is_u64(), "{version}");
    }

    let batch = stack.ok(&format!("/v1/carbon/batches/{}", story.batch)).await?;
    assert_eq!(
        ["issued", "tradable", "escrowed", "retired"].map(|state| &batch[state]),
        ["5000000", "4150000", "750000", "100000"]
    );
    let balances = stack.ok(&format!("/v1/carbon/balances?batch={}", story.batch)).await?;
    let held = |who: Account| {
        let owner = json!(who.to_string());
        let row = items(&balances).ok()?.iter().find(|row| row["owner"] == owner)?;
        Some([&row["tradable"], &row["escrowed"], &row["retired"]])
    };
    let seller = held(account(&second_emitter()));
    assert_eq!(seller, Some([&json!("4000000"), &json!("750000"), &json!("0")]));
    assert_eq!(held(one), Some([&json!("150000"), &json!("0"), &json!("100000")]));

    // Every kind of answer says where it comes from, and the node agrees.
    for (answer, count) in [
        (&proposal, 1),
        (&grant, 1),
        (&erasure, 1),
        (&log, 3),
        (&reports, 1),
        (&batch, 1),
        (&balances, 2),
        (&rewards, 1),
    ] {
        assert_eq!(check_provenance(&stack, answer).await?, count, "{answer}");
    }
    agree(&stack, &story.scene).await?;
    records_agree(&stack.chain).await?;

    let (code, problem) = stack.get("/v1/consents?owner=nobody").await?;
    assert_eq!((code, &problem["field"]), (400, &json!("owner")), "{problem}");
    Ok(())
}

/// The records of every block are those that subxt reads, which decodes what we skip.
async fn records_agree(chain: &Chain) -> Result<()> {
    let (mut count, mut kinds) = (0, BTreeSet::new());
    for number in 1..=chain.finalized().await?.0 {
        let at = chain.at_number(number).await?;
        let events = at.events().fetch().await?;
        let theirs = events.iter().collect::<Result<Vec<_>, _>>()?;
        let ours = Records::of(at.metadata_ref(), events.bytes()).map_err(Error::msg)?;
        let ours = ours.collect::<Result<Vec<_>, _>>().map_err(Error::msg)?;
        assert_eq!(ours, theirs.iter().map(Record::from).collect::<Vec<_>>(), "block {number}");
        count += ours.len();
        kinds.extend(ours.iter().map(|record| format!("{}.{}", record.pallet, record.name)));
        // What is cut off is an error, wherever that is.
        let whole = events.bytes();
        for end in (1..whole.len()).step_by(17) {
            let cut = Records::of(at.metadata_ref(), &whole[..end]);
            let all = cut.and_then(|records| records.collect::<Result<Vec<_>, _>>());
            assert!(all.is_err(), "{end} bytes of block {number}");
        }
    }
    assert!(count > 100 && kinds.len() > 10, "{count} records: {kinds:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn deploying_again_changes_nothing() -> Result<()> {
    let stack = Stack::start("127.0.0.1:0", |_| {}).await?;
    let path = stack.manifest_path();
    let before = std::fs::read(&path)?;
    let nonce = |chain: Chain| async move {
        let at = chain.at_finalized().await?;
        anyhow::Ok(at.transactions().account_nonce(&account(&dev::alice()).into()).await?)
    };
    let sent = nonce(stack.chain.clone()).await?;
    deploy(&stack.chain, &path).await?;
    assert_eq!(std::fs::read(&path)?, before);

    // Also when the manifest was lost: it is found again on the chain.
    std::fs::remove_file(&path)?;
    deploy(&stack.chain, &path).await?;
    assert_eq!(String::from_utf8(std::fs::read(&path)?)?, String::from_utf8(before)?);
    assert_eq!(nonce(stack.chain.clone()).await?, sent, "no transaction was sent");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_names_its_reason_and_changes_nothing() -> Result<()> {
    let stack = Stack::start("127.0.0.1:0", |_| {}).await?;
    let carbon = stack.contract("carbon")?;
    // Bob is not the regulator.
    let args = (account(&patient()), [1u8; 32]);
    let error = carbon.call(&patient(), carbon::CREATE_CLASS, args).await.expect_err("refused");
    assert_eq!(error.to_string(), "carbon.create_class refuses: NotRegulator");
    let classes = stack.ok("/v1/carbon/classes").await?;
    assert_eq!(column(items(&classes)?, "class"), [json!(1)], "that of allowances");
    let missing = story::check_report(Path::new("no-such-file")).expect_err("missing file");
    assert!(missing.to_string().contains("no-such-file"), "{missing}");
    Ok(())
}

/// Whoever has the encrypted file sees what is anchored of it, also who is no party to the report, and of a file that
/// was changed nothing is.
async fn check_verification(stack: &Stack, story: &Story) -> Result<()> {
    let mut file = Vec::new();
    Sealed::new(File::open(bundled_report())?, &story.key)?.read_to_end(&mut file)?;
    let key = stack.make_api_key(account(&hospital2()), &[HEALTH_READ]).await?;
    let path = "/v1/reports/verify";
    let (status, found) = stack.post_file(&key, path, file.clone()).await?;
    assert_eq!((status, &found["anchored"]), (200, &json!(true)), "{found}");
    assert_eq!(found["byte_length"], file.len());
    assert_eq!(found["versions"][0]["owner"], account(&patient()).to_string());
    assert_eq!(found["versions"][0]["head"], hex32(story.head));
    file[0] ^= 1;
    let (status, found) = stack.post_file(&key, path, file.clone()).await?;
    assert_eq!((status, &found["anchored"], &found["versions"]), (200, &json!(false), &json!([])));
    let (status, refused) = stack.post_file("assent-key-nonsense", path, file).await?;
    assert_eq!((status, &refused["type"]), (401, &json!("urn:assent:problem:api-key")));
    Ok(())
}
