//! Agreements on the real node: a grant that a hospital's doctor proposes and the patient gives and accepts
//! in one transaction, and the erasure that he asks for when it is over.

use anyhow::{Context, Result, ensure};
use assent_e2e::{
    agree::agree,
    messages::{
        Hash, Terms,
        category::{CARDIOLOGY, LABORATORY, RADIOLOGY},
        only,
        purpose::TREATMENT,
        role,
    },
    scene::{
        DAY_MS, Scene, account, column, commitment, doctor, ensure_from, hex32, hospital1,
        hospital2, in_a_month, now_ms, number, patient, returned, treatment, until,
    },
    stack::{Stack, TIMING},
};
use assent_interface::{agreements, consent, power};
use serde_json::{Value, json};

/// How long a proposal is open that nobody answers: time to make it, on a slow machine.
const UNANSWERED: u64 = 10_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_proposed_grant_is_accepted_in_one_transaction_and_what_was_read_is_erased() -> Result<()>
{
    let stack = Stack::start("127.0.0.1:0", |_| {}).await?;
    let mut scene = Scene::new(&stack)?;
    for (key, roles) in [
        (patient(), role::DATA_OWNER),
        (hospital1(), role::PROVIDER),
        (hospital2(), role::PROVIDER),
    ] {
        scene.admit(&key, roles).await?;
    }
    let unanswered = a_proposal_that_nobody_answers(&mut scene).await?;
    let proposal = a_doctor_proposes(&stack, &mut scene).await?;
    other_terms_change_nothing(&stack, &mut scene, proposal).await?;
    let grant = the_patient_grants_and_accepts(&stack, &mut scene, proposal).await?;
    the_doctor_reads(&stack, &mut scene, grant).await?;
    proposals_are_declined_and_withdrawn(&stack, &mut scene).await?;
    let erasure = the_patient_asks_for_erasure(&stack, &mut scene, grant).await?;
    another_hospital_retains(&stack, &mut scene).await?;
    an_answer_comes_late(&stack, &mut scene, erasure).await?;
    its_time_is_over(&stack, &mut scene, unanswered).await?;
    everything_agrees(&stack, &scene).await
}

/// What hospital 2 proposes with its own key.
async fn a_proposal_that_nobody_answers(scene: &mut Scene) -> Result<u64> {
    let args = (treatment(&hospital2())?, now_ms()? + UNANSWERED);
    let done = scene.call("agreements", &hospital2(), agreements::PROPOSE, args).await?;
    returned(&done)
}

async fn a_doctor_proposes(stack: &Stack, scene: &mut Scene) -> Result<u64> {
    let (owner, hospital) = (account(&patient()), account(&hospital1()));
    let terms = Terms { max_uses: Some(3), ..treatment(&hospital1())? };
    let expires = now_ms()? + DAY_MS;
    let own = Terms { grantee: owner, ..terms };
    for (terms, expires, expected) in [
        (terms, expires, "NotAuthorized"),
        (own, expires, "SelfProposal"),
        (Terms { categories: 0, ..terms }, expires, "EmptyMask"),
        (terms, terms.until + 1, "InvalidExpiry"),
    ] {
        let args = (terms, expires);
        let refusal = scene.refusal("agreements", &doctor(), agreements::PROPOSE, args).await?;
        assert_eq!(refusal, expected);
    }
    scene.employ(&hospital1(), &doctor(), power::ASK).await?;
    let args = (terms, expires);
    let refusal = scene.refusal("agreements", &doctor(), agreements::PROPOSE, args).await?;
    assert_eq!(refusal, "NotAuthorized", "who may ask may not sign");

    scene.employ(&hospital1(), &doctor(), power::ASK | power::SIGN).await?;
    let (proposal, done) = scene.propose(&doctor(), terms).await?;
    let shown = scene.api(stack, &format!("/v1/proposals/{proposal}")).await?;
    assert_eq!(shown["status"], json!("open"));
    assert_eq!(shown["owner"], json!(owner.to_string()));
    assert_eq!(shown["requester"], json!(hospital.to_string()));
    assert_eq!(shown["proposed_by"], json!(account(&doctor()).to_string()));
    let mandate = scene.item(stack, &format!("/v1/mandates?subject={hospital}")).await?;
    assert_eq!(shown["person"], mandate["person"]);
    assert_eq!(shown["purposes"]["names"], json!(["treatment"]));
    assert_eq!(shown["categories"]["names"], json!(["cardiology"]));
    assert_eq!((&shown["max_uses"], &shown["policy"]), (&json!(3), &json!(hex32(terms.policy))));
    ensure_from(&shown, &done)?;
    Ok(proposal)
}

/// The patient grants more than was proposed, and would accept with that.
async fn other_terms_change_nothing(stack: &Stack, scene: &mut Scene, proposal: u64) -> Result<()> {
    let owner = patient();
    let accept = (proposal, None::<u64>);
    let refusal = scene.refusal("agreements", &owner, agreements::ACCEPT, accept).await?;
    assert_eq!(refusal, "NotGranted");
    let mut other = scene.proposal(proposal).await?.terms;
    other.categories |= only(RADIOLOGY);
    let calls = vec![
        scene.call_of("consent", consent::GRANT, (other,))?,
        scene.call_of("agreements", agreements::ACCEPT, accept)?,
    ];
    let before = scene.height;
    let refused = scene.together(&stack.chain, &owner, calls).await;
    let refused = refused.err().context("other terms were accepted")?.to_string();
    assert!(refused.contains("ContractReverted"), "{refused}");
    ensure!(scene.height > before, "it was in a block");
    let owner = account(&owner);
    let granted = scene.items(stack, &format!("/v1/consents?owner={owner}")).await?;
    assert_eq!(granted, Vec::<Value>::new());
    let shown = scene.api(stack, &format!("/v1/proposals/{proposal}")).await?;
    assert_eq!(shown["status"], json!("open"));
    Ok(())
}

async fn the_patient_grants_and_accepts(
    stack: &Stack,
    scene: &mut Scene,
    proposal: u64,
) -> Result<u64> {
    let owner = patient();
    let done = scene.grant_and_accept(&stack.chain, &owner, proposal).await?;
    let accepted = scene.event("agreements", &done, "ProposalAccepted")?;
    let grant = number(&accepted["grant"])?;
    let shown = scene.api(stack, &format!("/v1/proposals/{proposal}")).await?;
    let granted = scene.api(stack, &format!("/v1/consents/{grant}")).await?;
    assert_eq!((&shown["status"], &shown["grant_id"]), (&json!("accepted"), &json!(grant)));
    assert_eq!(granted["granted_by"], json!(account(&owner).to_string()));
    for field in ["owner", "purposes", "categories", "valid_until_ms", "max_uses", "policy"] {
        assert_eq!(shown[field], granted[field], "{field}");
    }
    for item in [&shown, &granted] {
        ensure_from(item, &done)?;
    }
    // Both were said in one extrinsic, which one key signed.
    let block = done.block_number;
    let events = scene.items(stack, &format!("/v1/events?from={block}")).await?;
    assert_eq!(column(&events, "name"), [json!("Granted"), json!("ProposalAccepted")]);
    assert_eq!(events[0]["extrinsic_hash"], events[1]["extrinsic_hash"]);
    let again = (proposal, Some(grant));
    let refusal = scene.refusal("agreements", &owner, agreements::ACCEPT, again).await?;
    assert_eq!(refusal, "ProposalClosed");
    Ok(grant)
}

async fn the_doctor_reads(stack: &Stack, scene: &mut Scene, grant: u64) -> Result<()> {
    let (done, decided) = scene.ask_by(&doctor(), &hospital1(), TREATMENT, CARDIOLOGY).await?;
    assert_eq!(decided["decision"], json!("Permit"), "{decided}");
    let entry = scene.item(stack, "/v1/access-log").await?;
    assert_eq!((&entry["permitted"], &entry["grant_id"]), (&json!(true), &json!(grant)));
    ensure_from(&entry, &done)
}

async fn proposals_are_declined_and_withdrawn(stack: &Stack, scene: &mut Scene) -> Result<()> {
    let owner = patient();
    let record = commitment(b"a report of the laboratory")?;
    let (categories, record) = (only(LABORATORY), Some(record));
    let more = Terms { categories, record, ..treatment(&hospital1())? };
    let (declined, _) = scene.propose(&doctor(), more).await?;
    let shown = scene.api(stack, &format!("/v1/proposals/{declined}")).await?;
    assert_eq!(shown["record"], json!(record.map(hex32)));
    let reason = commitment(b"what for?")?;
    let args = (declined, Some(reason));
    let refusal = scene.refusal("agreements", &hospital1(), agreements::DECLINE, args).await?;
    assert_eq!(refusal, "NotOwner");
    let done = scene.call("agreements", &owner, agreements::DECLINE, args).await?;
    let shown = scene.api(stack, &format!("/v1/proposals/{declined}")).await?;
    assert_eq!(shown["status"], json!("declined"));
    assert_eq!(shown["decline_reason"], json!(hex32(reason)));
    assert_eq!(shown["record"], json!(null), "what it was for is forgotten with its end");
    ensure_from(&shown, &done)?;

    let (withdrawn, _) = scene.propose(&hospital1(), more).await?;
    let shown = scene.api(stack, &format!("/v1/proposals/{withdrawn}")).await?;
    assert_eq!(shown["person"], json!(null), "the hospital's own key proposed it");
    let args = (withdrawn,);
    let refusal = scene.refusal("agreements", &hospital2(), agreements::WITHDRAW, args).await?;
    assert_eq!(refusal, "NotAuthorized");
    let done = scene.call("agreements", &doctor(), agreements::WITHDRAW, args).await?;
    let shown = scene.api(stack, &format!("/v1/proposals/{withdrawn}")).await?;
    assert_eq!(shown["status"], json!("withdrawn"));
    assert_eq!(shown["withdrawn_by"], json!(account(&doctor()).to_string()));
    ensure_from(&shown, &done)
}

async fn the_patient_asks_for_erasure(stack: &Stack, scene: &mut Scene, grant: u64) -> Result<u64> {
    let (owner, hospital) = (patient(), account(&hospital1()));
    let of = (account(&owner), hospital);
    let early = scene.refusal("agreements", &owner, agreements::REQUEST_ERASURE, of).await?;
    assert_eq!(early, "GrantLive");
    // Nothing of him is left to the hospital, and what it read shall go: both or neither.
    let calls = vec![
        scene.call_of("consent", consent::REVOKE_ALL_FOR, of)?,
        scene.call_of("agreements", agreements::REQUEST_ERASURE, of)?,
    ];
    let done = scene.together(&stack.chain, &owner, calls).await?;
    let erasure = number(&scene.event("agreements", &done, "ErasureRequested")?["erasure"])?;
    let revoked = scene.api(stack, &format!("/v1/consents/{grant}")).await?;
    assert_eq!(revoked["status"], json!("revoked"));
    ensure_from(&revoked, &done)?;
    let shown = scene.api(stack, &format!("/v1/erasures/{erasure}")).await?;
    assert_eq!(shown["status"], json!("open"));
    assert_eq!(shown["owner"], json!(account(&owner).to_string()));
    assert_eq!(shown["requester"], json!(hospital.to_string()));
    let due = number(&shown["requested_at_ms"])? + TIMING.answer_ms;
    assert_eq!(shown["due_ms"], json!(due));
    ensure_from(&shown, &done)?;
    let again = scene.refusal("agreements", &owner, agreements::REQUEST_ERASURE, of).await?;
    assert_eq!(again, "AlreadyRequested");
    let latest: Option<u64> = scene.view("agreements", agreements::LATEST_ERASURE, of).await?;
    assert_eq!(latest, Some(erasure));
    Ok(erasure)
}

/// Hospital 2 holds something from before, which the law has it retain.
async fn another_hospital_retains(stack: &Stack, scene: &mut Scene) -> Result<()> {
    let (owner, of) = (patient(), (account(&patient()), account(&hospital2())));
    let done = scene.call("agreements", &owner, agreements::REQUEST_ERASURE, of).await?;
    let erasure: u64 = returned(&done)?;
    let (retained, evidence) = (in_a_month()?, commitment(b"the law that says so")?);
    let past = (erasure, Some(1u64), evidence);
    let refusal =
        scene.refusal("agreements", &hospital2(), agreements::ANSWER_ERASURE, past).await?;
    assert_eq!(refusal, "InvalidRetention");
    let answer = (erasure, Some(retained), evidence);
    let done = scene.call("agreements", &hospital2(), agreements::ANSWER_ERASURE, answer).await?;
    let shown = scene.api(stack, &format!("/v1/erasures/{erasure}")).await?;
    assert_eq!(shown["status"], json!("retained"));
    assert_eq!(shown["retained_until_ms"], json!(retained));
    assert_eq!(shown["person"], json!(null), "the hospital's own key answered");
    ensure_from(&shown, &done)?;
    // The answer stands. What changes it is the answer to another request.
    let done = scene.call("agreements", &owner, agreements::REQUEST_ERASURE, of).await?;
    let again: u64 = returned(&done)?;
    let answer = (again, None::<u64>, commitment(b"the protocol of the erasure")?);
    scene.call("agreements", &hospital2(), agreements::ANSWER_ERASURE, answer).await?;
    for (number, status) in [(erasure, "retained"), (again, "erased")] {
        let shown = scene.api(stack, &format!("/v1/erasures/{number}")).await?;
        assert_eq!(shown["status"], json!(status));
    }
    Ok(())
}

/// The hospital lets the time pass; the doctor answers nevertheless.
async fn an_answer_comes_late(stack: &Stack, scene: &mut Scene, erasure: u64) -> Result<()> {
    let path = format!("/v1/erasures/{erasure}");
    let due = number(&scene.api(stack, &path).await?["due_ms"])?;
    until(stack, due).await?;
    let overdue = scene.item(stack, "/v1/erasures?status=overdue").await?;
    assert_eq!(overdue["id"], json!(erasure));
    let evidence = commitment(b"the protocol of the erasure")?;
    let args = (erasure, None::<u64>, evidence);
    let other = scene.refusal("agreements", &hospital2(), agreements::ANSWER_ERASURE, args).await?;
    assert_eq!(other, "NotAuthorized");
    let done = scene.call("agreements", &doctor(), agreements::ANSWER_ERASURE, args).await?;
    let shown = scene.api(stack, &path).await?;
    assert_eq!(shown["status"], json!("erased"));
    assert_eq!(shown["answered_by"], json!(account(&doctor()).to_string()));
    let hospital = account(&hospital1());
    let mandate = scene.item(stack, &format!("/v1/mandates?subject={hospital}")).await?;
    assert_eq!(shown["person"], mandate["person"]);
    assert_eq!(shown["evidence"], json!(hex32(evidence)));
    assert_eq!(shown["retained_until_ms"], json!(null));
    ensure!(number(&shown["answered_at_ms"])? >= due, "it was late: {shown}");
    ensure_from(&shown, &done)?;
    let overdue = scene.items(stack, "/v1/erasures?status=overdue").await?;
    assert_eq!(overdue, Vec::<Value>::new());
    let again = scene.refusal("agreements", &doctor(), agreements::ANSWER_ERASURE, args).await?;
    assert_eq!(again, "AlreadyAnswered");
    Ok(())
}

async fn its_time_is_over(stack: &Stack, scene: &mut Scene, proposal: u64) -> Result<()> {
    let path = format!("/v1/proposals/{proposal}");
    let expires = number(&scene.api(stack, &path).await?["expires_at_ms"])?;
    until(stack, expires).await?;
    assert_eq!(scene.api(stack, &path).await?["status"], json!("expired"));
    let none = (proposal, None::<Hash>);
    let refusal = scene.refusal("agreements", &patient(), agreements::DECLINE, none).await?;
    assert_eq!(refusal, "ProposalClosed");
    Ok(())
}

/// The lists of the owner, all rows beside the contract's views, and the audit of the mirror.
async fn everything_agrees(stack: &Stack, scene: &Scene) -> Result<()> {
    let owner = account(&patient());
    let proposals = scene.items(stack, &format!("/v1/proposals?owner={owner}")).await?;
    let ended = ["expired", "accepted", "declined", "withdrawn"];
    assert_eq!(column(&proposals, "status"), ended.map(|status| json!(status)));
    let accepted = scene.item(stack, "/v1/proposals?status=accepted").await?;
    assert_eq!(accepted, proposals[1]);
    let erasures = scene.items(stack, &format!("/v1/erasures?owner={owner}")).await?;
    assert_eq!(column(&erasures, "status"), ["erased", "retained", "erased"].map(|s| json!(s)));
    let status = stack.ok("/v1/status").await?;
    assert_eq!(status["undecoded"], json!(0), "{status}");
    agree(stack, scene).await?;
    let (status, said) = stack.indexer(&["audit", "--all"]).await?;
    ensure!(status.success() && said.contains("the mirror is right"), "{said}");
    Ok(())
}
