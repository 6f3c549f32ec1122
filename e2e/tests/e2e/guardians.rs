//! A guardian on the real node: a regulator appoints a parent for a child until it comes of age. He grants,
//! accepts, denies and restricts for it, no emergency is bound by that, and what he granted ends when he is
//! dismissed.

use anyhow::{Context, Result, ensure};
use assent_client::contract::Outcome;
use assent_e2e::{
    agree::agree,
    messages::{Terms, category::CARDIOLOGY, only, purpose::TREATMENT, role},
    scene::{
        DAY_MS, Scene, account, column, commitment, doctor, emitter, ensure_from, hospital1,
        hospital2, now_ms, number, patient, regulator, returned, treatment,
    },
    stack::Stack,
};
use assent_interface::{agreements, consent, participants};
use serde_json::{Value, json};
use subxt_signer::sr25519::Keypair;

/// How long it takes the child to come of age, ms.
const MINORITY: u64 = 10 * 366 * DAY_MS;

/// The data owner.
fn child() -> Keypair {
    patient()
}

/// Who acts for it; his key is no participant.
fn parent() -> Keypair {
    emitter()
}

/// Who does not, and would.
fn outsider() -> Keypair {
    doctor()
}

/// What all of this is about.
fn masks() -> (u32, u32) {
    (only(TREATMENT), only(CARDIOLOGY))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guardian_acts_for_a_child() -> Result<()> {
    let stack = Stack::start("127.0.0.1:0", |_| {}).await?;
    let mut scene = Scene::new(&stack)?;
    for (key, roles) in
        [(child(), role::DATA_OWNER), (hospital1(), role::PROVIDER), (hospital2(), role::PROVIDER)]
    {
        scene.admit(&key, roles).await?;
    }
    let of_age = a_regulator_appoints_him(&stack, &mut scene).await?;
    let grant = he_grants(&stack, &mut scene, of_age).await?;
    let accepted = he_grants_what_is_proposed(&stack, &mut scene).await?;
    he_denies_and_binds_no_emergency(&stack, &mut scene).await?;
    he_restricts(&stack, &mut scene).await?;
    an_outsider_may_nothing(&scene).await?;
    he_is_dismissed(&stack, &mut scene, [grant, accepted]).await?;
    the_child_asks_for_erasure(&stack, &mut scene).await?;
    everything_agrees(&stack, &scene).await
}

/// Asserts what was decided on the last access: its entry in the API's log.
async fn logged(
    stack: &Stack,
    scene: &Scene,
    (done, decided): (Outcome, Value),
    decision: Value,
) -> Result<Value> {
    assert_eq!(decided["decision"], decision, "{decided}");
    let after = number(&decided["access"])? - 1;
    let entry = scene.item(stack, &format!("/v1/access-log?after={after}")).await?;
    assert_eq!(entry["permitted"], json!(decision == "Permit"));
    assert_eq!(entry["deny_reason"], decision["Deny"]);
    ensure_from(&entry, &done)?;
    Ok(entry)
}

/// Until when.
async fn a_regulator_appoints_him(stack: &Stack, scene: &mut Scene) -> Result<u64> {
    let (ward, guardian, boss) = (account(&child()), account(&parent()), account(&regulator()));
    let of_age = now_ms()? + MINORITY;
    let too_late = now_ms()? + participants::MAX_GUARDIANSHIP + DAY_MS;
    let person = commitment(b"the mother of patient 000815")?;
    let hospital = account(&hospital1());
    for (key, ward, guardian, until, expected) in [
        (hospital1(), ward, hospital, of_age, "NotRegulator"),
        (child(), ward, guardian, of_age, "NotRegulator"),
        (regulator(), ward, boss, of_age, "OwnGuardianship"),
        (regulator(), ward, ward, of_age, "OwnMandate"),
        // Nobody is the guardian of one who is no data owner.
        (regulator(), hospital, guardian, of_age, "NotDataOwner"),
        (regulator(), ward, guardian, too_late, "InvalidTerm"),
    ] {
        let args = (ward, guardian, until, person);
        let refusal =
            scene.refusal("participants", &key, participants::APPOINT_GUARDIAN, args).await?;
        assert_eq!(refusal, expected);
    }
    let early = (treatment(&hospital1())?,);
    let refusal = scene.refusal("consent", &parent(), consent::GRANT, early).await?;
    assert_eq!(refusal, "NotAuthorized", "nobody appointed him yet");

    let done = scene.appoint(&child(), &parent(), of_age).await?;
    let mandate = scene.item(stack, &format!("/v1/mandates?subject={ward}")).await?;
    assert_eq!(mandate["agent"], json!(guardian.to_string()));
    assert_eq!(mandate["powers"]["names"], json!(["guardian"]));
    assert_eq!(mandate["appointed_by"], json!(boss.to_string()));
    assert_eq!(
        (&mandate["status"], &mandate["valid_until_ms"]),
        (&json!("active"), &json!(of_age))
    );
    ensure_from(&mandate, &done)?;
    Ok(of_age)
}

async fn he_grants(stack: &Stack, scene: &mut Scene, of_age: u64) -> Result<u64> {
    let terms = treatment(&hospital1())?;
    for beyond in [
        // Nothing to himself, nor for longer than he may act.
        Terms { grantee: account(&parent()), ..terms },
        Terms { until: of_age + 1, ..terms },
    ] {
        let refusal = scene.refusal("consent", &parent(), consent::GRANT, (beyond,)).await?;
        assert_eq!(refusal, "OutOfScope");
    }
    let done = scene.call("consent", &parent(), consent::GRANT, (terms,)).await?;
    let grant: u64 = returned(&done)?;
    let shown = scene.api(stack, &format!("/v1/consents/{grant}")).await?;
    assert_eq!(shown["owner"], json!(account(&child()).to_string()));
    assert_eq!(shown["granted_by"], json!(account(&parent()).to_string()));
    assert_eq!((&shown["status"], &shown["guardianship"]), (&json!("active"), &json!(0)));
    ensure_from(&shown, &done)?;
    // The log is the child's.
    let asked = scene.ask(&hospital1(), None, TREATMENT, CARDIOLOGY).await?;
    let entry = logged(stack, scene, asked, json!("Permit")).await?;
    assert_eq!((&entry["owner"], &entry["grant_id"]), (&shown["owner"], &json!(grant)));
    Ok(grant)
}

async fn he_grants_what_is_proposed(stack: &Stack, scene: &mut Scene) -> Result<u64> {
    let (proposal, _) = scene.propose(&hospital1(), treatment(&hospital1())?).await?;
    let done = scene.grant_and_accept(&stack.chain, &parent(), proposal).await?;
    let accepted = scene.event("agreements", &done, "ProposalAccepted")?;
    let block = done.block_number;
    let events = scene.items(stack, &format!("/v1/events?from={block}")).await?;
    let said = ["Granted", "GuardianGranted", "ProposalAccepted", "GuardianActed"];
    assert_eq!(column(&events, "name"), said.map(|name| json!(name)));
    let shown = scene.api(stack, &format!("/v1/proposals/{proposal}")).await?;
    assert_eq!(shown["status"], json!("accepted"));
    assert_eq!(shown["owner"], json!(account(&child()).to_string()));
    assert_eq!(shown["answered_by"], json!(account(&parent()).to_string()));
    ensure_from(&shown, &done)?;
    number(&accepted["grant"])
}

/// What the child gave hospital 2 itself does not count any more, but in an emergency the hospital sees all the
/// same.
async fn he_denies_and_binds_no_emergency(stack: &Stack, scene: &mut Scene) -> Result<()> {
    let (ward, provider) = (account(&child()), hospital2());
    let own = (treatment(&provider)?,);
    scene.call("consent", &child(), consent::GRANT, own).await?;
    let (purposes, categories) = masks();
    let denied = (ward, account(&provider), purposes, categories);
    let done = scene.call("consent", &parent(), consent::DENY, denied).await?;
    let path = format!("/v1/denials?owner={ward}");
    let denial = scene.item(stack, &path).await?;
    assert_eq!(denial["status"], json!("in_force"));
    assert_eq!(denial["categories"]["mask"], json!(0), "the child denies nothing");
    assert_eq!(denial["by_guardians"]["names"], json!(["cardiology"]));
    ensure_from(&denial, &done)?;
    let asked = scene.ask(&provider, None, TREATMENT, CARDIOLOGY).await?;
    logged(stack, scene, asked, json!({"Deny": "Denied"})).await?;

    // When he refuses emergencies he does so for himself, and not for the child.
    scene.call("consent", &parent(), consent::REFUSE_EMERGENCIES, ()).await?;
    let glass = (account(&provider), ward, commitment(b"unconscious")?);
    let done = scene.call("consent", &provider, consent::BREAK_GLASS, glass).await?;
    let window: u64 = returned(&done)?;
    let asked = scene.ask(&provider, None, TREATMENT, CARDIOLOGY).await?;
    let entry = logged(stack, scene, asked, json!("Permit")).await?;
    assert_eq!((&entry["window_id"], &entry["grant_id"]), (&json!(window), &json!(null)));
    // He may close it, and then the denial holds again.
    let done = scene.call("consent", &parent(), consent::CLOSE_BREAK_GLASS, (window,)).await?;
    let closed = scene.api(stack, &format!("/v1/emergency-windows/{window}")).await?;
    assert_eq!(closed["closed_by"], json!(account(&parent()).to_string()));
    ensure_from(&closed, &done)?;
    let asked = scene.ask(&provider, None, TREATMENT, CARDIOLOGY).await?;
    logged(stack, scene, asked, json!({"Deny": "Denied"})).await?;

    let done = scene.call("consent", &parent(), consent::LIFT_DENIAL, denied).await?;
    let lifted = scene.item(stack, &path).await?;
    assert_eq!(lifted["status"], json!("lifted"));
    ensure_from(&lifted, &done)?;
    let asked = scene.ask(&provider, None, TREATMENT, CARDIOLOGY).await?;
    logged(stack, scene, asked, json!("Permit")).await?;
    Ok(())
}

/// Nobody but hospital 1.
async fn he_restricts(stack: &Stack, scene: &mut Scene) -> Result<()> {
    let (ward, named, other) = (account(&child()), hospital1(), hospital2());
    let (purposes, categories) = masks();
    let restriction = (ward, purposes, categories, vec![account(&named)]);
    let done = scene.call("consent", &parent(), consent::RESTRICT, restriction).await?;
    let path = format!("/v1/patient-choices/{ward}");
    let chosen = scene.api(stack, &path).await?;
    let by = json!(account(&parent()).to_string());
    assert_eq!(chosen["restriction"]["restricted_by"], by);
    assert_eq!(chosen["restriction"]["except"], json!([account(&named).to_string()]));
    assert_eq!(chosen["emergency_refusal"], json!(null));
    ensure_from(&chosen["restriction"], &done)?;
    let asked = scene.ask(&other, None, TREATMENT, CARDIOLOGY).await?;
    logged(stack, scene, asked, json!({"Deny": "Denied"})).await?;
    let asked = scene.ask(&named, None, TREATMENT, CARDIOLOGY).await?;
    logged(stack, scene, asked, json!("Permit")).await?;

    let done = scene.call("consent", &parent(), consent::LIFT_RESTRICTION, (ward,)).await?;
    let lifted = &scene.api(stack, &path).await?["restriction"];
    assert_eq!((&lifted["status"], &lifted["lifted_by"]), (&json!("lifted"), &by));
    ensure_from(lifted, &done)
}

async fn an_outsider_may_nothing(scene: &Scene) -> Result<()> {
    let (ward, hospital, other) = (account(&child()), account(&hospital1()), outsider());
    let (purposes, categories) = masks();
    let denied = (ward, hospital, purposes, categories);
    let (nobody, erasure) = (vec![hospital], (ward, hospital));
    let restriction = (ward, purposes, categories, nobody);
    let refusals = [
        scene.refusal("consent", &other, consent::GRANT, (treatment(&hospital1())?,)).await?,
        scene.refusal("consent", &other, consent::DENY, denied).await?,
        scene.refusal("consent", &other, consent::RESTRICT, restriction).await?,
        scene.refusal("consent", &other, consent::REVOKE_ALL, (ward,)).await?,
        scene.refusal("consent", &other, consent::ALLOW_EMERGENCIES, (ward,)).await?,
        scene.refusal("agreements", &other, agreements::REQUEST_ERASURE, erasure).await?,
    ];
    assert_eq!(refusals, ["NotAuthorized"; 6]);
    // Nor does the child rid itself of its guardian, or an outsider of another's.
    let mandate = (ward, account(&parent()));
    for key in [child(), other] {
        let refusal =
            scene.refusal("participants", &key, participants::END_MANDATE, mandate).await?;
        assert_eq!(refusal, "NotAuthorized");
    }
    Ok(())
}

async fn he_is_dismissed(stack: &Stack, scene: &mut Scene, grants: [u64; 2]) -> Result<()> {
    let (ward, guardian, boss) = (account(&child()), account(&parent()), regulator());
    let mandate = (ward, guardian);
    let done = scene.call("participants", &boss, participants::END_MANDATE, mandate).await?;
    let ended = scene.item(stack, &format!("/v1/mandates?agent={guardian}")).await?;
    assert_eq!(ended["status"], json!("ended"));
    assert_eq!(ended["ended_by"], json!(account(&boss).to_string()));
    ensure_from(&ended, &done)?;
    let participant = scene.api(stack, &format!("/v1/participants/{ward}")).await?;
    assert_eq!(participant["guardianship"], json!(1));
    ensure_from(&participant, &done)?;
    // What he granted ends in that block; what the child gave itself does not.
    for grant in grants {
        let over = scene.api(stack, &format!("/v1/consents/{grant}")).await?;
        assert_eq!(over["status"], json!("expired"));
        assert!(over["guardianship_ended_at_ms"].is_u64(), "{over}");
        ensure_from(&over, &done)?;
    }
    let asked = scene.ask(&hospital1(), None, TREATMENT, CARDIOLOGY).await?;
    logged(stack, scene, asked, json!({"Deny": "Expired"})).await?;
    let asked = scene.ask(&hospital2(), None, TREATMENT, CARDIOLOGY).await?;
    logged(stack, scene, asked, json!("Permit")).await?;

    let again = (treatment(&hospital1())?,);
    let refusal = scene.refusal("consent", &parent(), consent::GRANT, again).await?;
    assert_eq!(refusal, "NotAuthorized");
    let refusal = scene.refusal("consent", &parent(), consent::REVOKE_ALL, (ward,)).await?;
    assert_eq!(refusal, "NotAuthorized");
    Ok(())
}

/// No grant to hospital 1 lives any more, though nobody revoked one.
async fn the_child_asks_for_erasure(stack: &Stack, scene: &mut Scene) -> Result<()> {
    let asking = (account(&child()), account(&hospital1()));
    let done = scene.call("agreements", &child(), agreements::REQUEST_ERASURE, asking).await?;
    let erasure: u64 = returned(&done)?;
    let shown = scene.api(stack, &format!("/v1/erasures/{erasure}")).await?;
    assert_eq!(shown["requested_by"], json!(account(&child()).to_string()));
    ensure_from(&shown, &done)
}

/// All rows beside the contracts' views, and the audit of the mirror.
async fn everything_agrees(stack: &Stack, scene: &Scene) -> Result<()> {
    let status = stack.ok("/v1/status").await?;
    assert_eq!(status["undecoded"], json!(0), "{status}");
    agree(stack, scene).await?;
    let (status, said) = stack.indexer(&["audit", "--all"]).await.context("the audit")?;
    ensure!(status.success() && said.contains("the mirror is right"), "{said}");
    Ok(())
}
