//! Consent on the real node: grants in batches and by delegates, amendments, denials, emergencies
//! with their reviews and sanctions, the revocation of everything at once, and a log that a client
//! verifies by itself.

use anyhow::{Context, Result};
use assent_client::{bundle::blake2_256, contract::Outcome};
use assent_e2e::{
    messages::{
        Amendment, Hash, Terms,
        category::{CARDIOLOGY, LABORATORY, RADIOLOGY},
        only,
        purpose::{RESEARCH, TREATMENT},
        role,
    },
    scene::{
        DAY_MS, Scene, account, bytes32, check_provenance, column, commitment, doctor, emitter,
        ensure_from, hex32, hospital1, hospital2, now_ms, patient, regulator, returned, treatment,
        until,
    },
    stack::{Stack, TIMING},
};
use assent_interface::{
    consent::{self, Denial},
    governance, participants, power,
};
use serde_json::{Value, json};
use subxt_signer::sr25519::Keypair;

/// What a reviewer makes of an emergency.
const JUSTIFIED: u8 = 0;
const UNJUSTIFIED: u8 = 1;

/// Grants for the patient, who trusts it.
fn relative() -> Keypair {
    emitter()
}

/// Judges emergencies.
fn auditor() -> Keypair {
    doctor()
}

#[tokio::test(flavor = "multi_thread")]
async fn grants_delegates_denials_emergencies_and_their_log() -> Result<()> {
    let stack = Stack::start("127.0.0.1:0", |_| {}).await?;
    let mut scene = Scene::new(&stack)?;
    for (key, roles) in [
        (patient(), role::DATA_OWNER),
        (hospital1(), role::PROVIDER),
        (hospital2(), role::PROVIDER),
        (relative(), role::DATA_OWNER),
        (auditor(), role::AUDITOR),
    ] {
        scene.admit(&key, roles).await?;
    }
    // Nobody reviews this one, and its deadline passes while the rest goes on.
    let forgotten = an_emergency_without_a_grant(&stack, &mut scene).await?;
    let grants = a_batch_is_all_or_nothing(&stack, &mut scene).await?;
    a_delegate_stays_within_its_scope(&stack, &mut scene).await?;
    new_terms_replace_the_old(&stack, &mut scene, grants[0]).await?;
    a_denial_wins(&stack, &mut scene, grants[0]).await?;
    everything_is_revoked_at_once(&stack, &mut scene, &grants).await?;
    a_closed_emergency_is_justified(&stack, &mut scene).await?;
    an_unjustified_emergency_ends(&stack, &mut scene).await?;
    a_missing_review_has_consequences(&stack, &mut scene, forgotten).await?;
    the_log_verifies(&stack, &scene).await?;
    a_patient_chooses_for_himself(&stack, &mut scene).await?;
    one_of_the_staff_acts(&stack, &mut scene).await?;
    let status = stack.ok("/v1/status").await?;
    assert_eq!(status["undecoded"], json!(0), "{status}");
    Ok(())
}

/// No emergency opens him, and nobody but hospital 1 may so much as be granted cardiology.
async fn a_patient_chooses_for_himself(stack: &Stack, scene: &mut Scene) -> Result<()> {
    let (owner, named, other) = (patient(), hospital1(), hospital2());
    let lifted = (account(&other), role::PROVIDER);
    scene.call("participants", &regulator(), participants::REINSTATE, lifted).await?;
    let path = format!("/v1/patient-choices/{}", account(&owner));
    let done = scene.call("consent", &owner, consent::REFUSE_EMERGENCIES, ()).await?;
    let glass = (account(&other), account(&owner), commitment(b"unconscious")?);
    let refusal = scene.refusal("consent", &other, consent::BREAK_GLASS, glass).await?;
    assert_eq!(refusal, "EmergencyRefused");
    let chosen = scene.api(stack, &path).await?;
    assert_eq!(chosen["emergency_refusal"]["status"], json!("in_force"));
    ensure_from(&chosen["emergency_refusal"], &done)?;

    for key in [&named, &other] {
        scene.call("consent", &owner, consent::GRANT, (treatment(key)?,)).await?;
    }
    let masks = (only(TREATMENT), only(CARDIOLOGY));
    let restriction = (account(&owner), masks.0, masks.1, vec![account(&named)]);
    let done = scene.call("consent", &owner, consent::RESTRICT, restriction.clone()).await?;
    let refusal = scene.refusal("consent", &owner, consent::RESTRICT, restriction).await?;
    assert_eq!(refusal, "AlreadyRestricted");
    let asked = scene.ask(&other, None, TREATMENT, CARDIOLOGY).await?;
    assert_logged(stack, scene, asked, json!({"Deny": "Denied"})).await?;
    let asked = scene.ask(&named, None, TREATMENT, CARDIOLOGY).await?;
    assert_logged(stack, scene, asked, json!("Permit")).await?;
    let chosen = scene.api(stack, &path).await?;
    assert_eq!(chosen["restriction"]["except"], json!([account(&named).to_string()]));
    ensure_from(&chosen["restriction"], &done)?;

    scene.call("consent", &owner, consent::LIFT_RESTRICTION, (account(&owner),)).await?;
    let asked = scene.ask(&other, None, TREATMENT, CARDIOLOGY).await?;
    assert_logged(stack, scene, asked, json!("Permit")).await?;
    scene.call("consent", &owner, consent::ALLOW_EMERGENCIES, (account(&owner),)).await?;
    let chosen = scene.api(stack, &path).await?;
    for choice in ["restriction", "emergency_refusal"] {
        assert_eq!(chosen[choice]["status"], json!("lifted"), "{chosen}");
    }
    Ok(())
}

/// A nurse asks and breaks the glass for her hospital; what she did without need bars her key alone.
async fn one_of_the_staff_acts(stack: &Stack, scene: &mut Scene) -> Result<()> {
    let (hospital, nurse, owner) = (hospital2(), relative(), account(&patient()));
    let (provider, key) = (account(&hospital), account(&nurse));
    let wanted = (provider, owner, None::<u64>, None::<Hash>, TREATMENT, CARDIOLOGY);
    let refusal = scene.refusal("consent", &nurse, consent::REQUEST_ACCESS, wanted).await?;
    assert_eq!(refusal, "NotAuthorized");
    let done = scene.employ(&hospital, &nurse, power::ASK | power::BREAK_GLASS).await?;
    let mandates = format!("/v1/mandates?subject={provider}");
    let mandate = scene.item(stack, &mandates).await?;
    assert_eq!(mandate["agent"], json!(key.to_string()));
    assert_eq!(mandate["powers"]["names"], json!(["ask", "break_glass"]));
    ensure_from(&mandate, &done)?;

    let asked = scene.ask_by(&nurse, &hospital, TREATMENT, CARDIOLOGY).await?;
    let entry = assert_logged(stack, scene, asked, json!("Permit")).await?;
    assert_eq!(entry["requester"], json!(provider.to_string()));
    assert_eq!(
        (&entry["asked_by"], &entry["person"]),
        (&json!(key.to_string()), &mandate["person"])
    );

    // Without need: it ends, and her key opens no other. Her hospital's own key does.
    let glass = (provider, owner, commitment(b"curiosity")?);
    let done = scene.call("consent", &nurse, consent::BREAK_GLASS, glass).await?;
    let window: u64 = returned(&done)?;
    let opened = scene.api(stack, &format!("/v1/emergency-windows/{window}")).await?;
    assert_eq!(opened["provider"], json!(provider.to_string()));
    assert_eq!(
        (&opened["opened_by"], &opened["person"]),
        (&json!(key.to_string()), &mandate["person"])
    );
    let review = (window, UNJUSTIFIED);
    let done = scene.call("consent", &auditor(), consent::REVIEW_BREAK_GLASS, review).await?;
    let refusal = scene.refusal("consent", &nurse, consent::BREAK_GLASS, glass).await?;
    assert_eq!(refusal, "Barred");
    let bar = scene.item(stack, &format!("/v1/emergency-bars?key={key}")).await?;
    assert_eq!(bar["window_id"], json!(window));
    ensure_from(&bar, &done)?;
    let done = scene.call("consent", &hospital, consent::BREAK_GLASS, glass).await?;
    let window: u64 = returned(&done)?;
    scene.call("consent", &nurse, consent::CLOSE_BREAK_GLASS, (window,)).await?;

    // When the hospital lets her go she acts for it no more.
    let ended = (provider, key);
    let done = scene.call("participants", &hospital, participants::END_MANDATE, ended).await?;
    let refusal = scene.refusal("consent", &nurse, consent::REQUEST_ACCESS, wanted).await?;
    assert_eq!(refusal, "NotAuthorized");
    let mandate = scene.item(stack, &mandates).await?;
    assert_eq!(mandate["status"], json!("ended"));
    ensure_from(&mandate, &done)
}

/// Asserts what was decided on the last access, and that the API tells it with its block.
async fn assert_logged(
    stack: &Stack,
    scene: &Scene,
    (done, decided): (Outcome, Value),
    decision: Value,
) -> Result<Value> {
    assert_eq!(decided["decision"], decision, "{decided}");
    let access: i64 = decided["access"].as_str().unwrap_or_default().parse()?;
    let after = access - 1;
    let entry = scene.item(stack, &format!("/v1/access-log?after={after}")).await?;
    assert_eq!(entry["permitted"], json!(decision == "Permit"));
    assert_eq!(entry["deny_reason"], decision["Deny"]);
    assert_eq!(entry["head"], decided["head"]);
    ensure_from(&entry, &done)?;
    Ok(entry)
}

async fn an_emergency_without_a_grant(stack: &Stack, scene: &mut Scene) -> Result<u64> {
    let (owner, provider) = (account(&patient()), hospital2());
    let justification = commitment(b"unconscious on arrival")?;
    let none = (account(&relative()), owner, justification);
    let refusal = scene.refusal("consent", &relative(), consent::BREAK_GLASS, none).await?;
    assert_eq!(refusal, "NotProvider");
    let args = (account(&provider), owner, justification);
    let refusal = scene.refusal("consent", &relative(), consent::BREAK_GLASS, args).await?;
    assert_eq!(refusal, "NotAuthorized", "it is not of the hospital's staff");
    let done = scene.call("consent", &provider, consent::BREAK_GLASS, args).await?;
    let window: u64 = returned(&done)?;
    let path = format!("/v1/emergency-windows/{window}");
    let opened = scene.api(stack, &path).await?;
    assert_eq!((&opened["status"], &opened["open"]), (&json!("open"), &json!(true)));
    assert_eq!(opened["patient"], json!(owner.to_string()));
    assert_eq!(opened["provider"], json!(account(&provider).to_string()));
    assert_eq!(opened["justification"], json!(hex32(justification)));
    ensure_from(&opened, &done)?;
    assert_eq!(
        scene.refusal("consent", &provider, consent::BREAK_GLASS, args).await?,
        "WindowOpen"
    );
    let early = scene.refusal("consent", &auditor(), consent::SANCTION_OVERDUE, (window,)).await?;
    assert_eq!(early, "NotOverdue");

    let asked = scene.ask(&provider, None, TREATMENT, CARDIOLOGY).await?;
    let entry = assert_logged(stack, scene, asked, json!("Permit")).await?;
    assert_eq!((&entry["window_id"], &entry["grant_id"]), (&json!(window), &json!(null)));
    // An emergency is for treatment, and the patient's own word stands above it.
    let asked = scene.ask(&provider, None, RESEARCH, CARDIOLOGY).await?;
    assert_logged(stack, scene, asked, json!({"Deny": "NoGrant"})).await?;
    let denied = (owner, account(&provider), only(TREATMENT), only(CARDIOLOGY));
    scene.call("consent", &patient(), consent::DENY, denied).await?;
    let asked = scene.ask(&provider, None, TREATMENT, CARDIOLOGY).await?;
    assert_logged(stack, scene, asked, json!({"Deny": "Denied"})).await?;
    scene.call("consent", &patient(), consent::LIFT_DENIAL, denied).await?;
    let used = scene.items(stack, &format!("/v1/access-log?window_id={window}")).await?;
    assert_eq!(column(&used, "permitted"), [json!(true)]);
    assert_eq!(scene.api(stack, &path).await?["uses"], json!(1));
    Ok(window)
}

async fn a_batch_is_all_or_nothing(stack: &Stack, scene: &mut Scene) -> Result<Vec<u64>> {
    let cardiology = treatment(&hospital1())?;
    let record = commitment(b"a report of the laboratory")?;
    let laboratory =
        Terms { categories: only(LABORATORY), record: Some(record), ..treatment(&hospital1())? };
    let nothing = Terms { categories: 0, ..cardiology };
    let bad = (vec![cardiology, nothing],);
    assert_eq!(scene.refusal("consent", &patient(), consent::GRANT_BATCH, bad).await?, "EmptyMask");
    let none = (Vec::<Terms>::new(),);
    assert_eq!(
        scene.refusal("consent", &patient(), consent::GRANT_BATCH, none).await?,
        "BatchSize"
    );

    let batch = (vec![cardiology, laboratory],);
    let done = scene.call("consent", &patient(), consent::GRANT_BATCH, batch).await?;
    let numbers: Vec<u64> = returned(&done)?;
    let owner = account(&patient());
    let shown = scene.items(stack, &format!("/v1/consents?owner={owner}&status=active")).await?;
    assert_eq!(column(&shown, "id"), numbers.iter().map(|n| json!(n)).collect::<Vec<_>>());
    for item in &shown {
        assert_eq!((&item["version"], &item["epoch"]), (&json!(1), &json!(0)));
        assert_eq!(item["granted_by"], json!(owner.to_string()));
        ensure_from(item, &done)?;
    }
    assert_eq!(shown[0]["policy"], json!(hex32(cardiology.policy)));
    assert_eq!(column(&shown, "record"), [json!(null), json!(hex32(record))]);
    // The second is for one record, and the request has to name it.
    let asked = scene.ask(&hospital1(), Some(numbers[1]), TREATMENT, LABORATORY).await?;
    assert_logged(stack, scene, asked, json!({"Deny": "RecordNotGranted"})).await?;
    let asked = scene.ask_for(&hospital1(), None, Some(record), TREATMENT, LABORATORY).await?;
    let entry = assert_logged(stack, scene, asked, json!("Permit")).await?;
    assert_eq!((&entry["grant_id"], &entry["record"]), (&json!(numbers[1]), &json!(hex32(record))));
    let asked = scene.ask(&hospital1(), Some(numbers[0]), TREATMENT, CARDIOLOGY).await?;
    let entry = assert_logged(stack, scene, asked, json!("Permit")).await?;
    assert_eq!(entry["grant_id"], json!(numbers[0]));
    Ok(numbers)
}

async fn a_delegate_stays_within_its_scope(stack: &Stack, scene: &mut Scene) -> Result<()> {
    let (owner, delegate) = (account(&patient()), account(&relative()));
    let terms = Terms { categories: only(RADIOLOGY), ..treatment(&hospital1())? };
    let refusal = scene.refusal("consent", &relative(), consent::GRANT, (terms,)).await?;
    assert_eq!(refusal, "NotAuthorized");

    let end = now_ms()? + 31 * DAY_MS;
    let scope = (delegate, only(TREATMENT), only(CARDIOLOGY) | only(RADIOLOGY), end);
    let done = scene.call("consent", &patient(), consent::SET_DELEGATE, scope).await?;
    let path = format!("/v1/delegations?owner={owner}&delegate={delegate}");
    let delegation = scene.item(stack, &path).await?;
    assert_eq!(delegation["status"], json!("active"));
    assert_eq!(delegation["categories"]["names"], json!(["cardiology", "radiology"]));
    assert_eq!(delegation["valid_until_ms"], json!(end));
    ensure_from(&delegation, &done)?;

    for beyond in [
        Terms { categories: only(LABORATORY), ..terms },
        Terms { purposes: only(RESEARCH), ..terms },
        Terms { until: end + 1, ..terms },
        Terms { grantee: delegate, ..terms },
    ] {
        let refusal = scene.refusal("consent", &relative(), consent::GRANT, (beyond,)).await?;
        assert_eq!(refusal, "OutOfScope");
    }
    let done = scene.call("consent", &relative(), consent::GRANT, (terms,)).await?;
    let grant: u64 = returned(&done)?;
    let shown = scene.api(stack, &format!("/v1/consents/{grant}")).await?;
    assert_eq!(shown["granted_by"], json!(delegate.to_string()));
    assert_eq!(shown["owner"], json!(owner.to_string()));
    ensure_from(&shown, &done)?;
    // Any grant that covers it counts when none is named.
    let asked = scene.ask(&hospital1(), None, TREATMENT, RADIOLOGY).await?;
    let entry = assert_logged(stack, scene, asked, json!("Permit")).await?;
    assert_eq!(entry["grant_id"], json!(grant));
    Ok(())
}

async fn new_terms_replace_the_old(stack: &Stack, scene: &mut Scene, grant: u64) -> Result<()> {
    let asked = scene.ask(&hospital1(), Some(grant), RESEARCH, CARDIOLOGY).await?;
    assert_logged(stack, scene, asked, json!({"Deny": "PurposeNotGranted"})).await?;
    let amendment = Amendment {
        purposes: only(TREATMENT) | only(RESEARCH),
        categories: only(CARDIOLOGY),
        from: 0,
        until: now_ms()? + DAY_MS,
        max_uses: Some(2),
        policy: commitment(b"policy, version 2")?,
    };
    // It was used once already.
    let used_up = Amendment { max_uses: Some(1), ..amendment };
    assert_eq!(
        scene.refusal("consent", &patient(), consent::AMEND, (grant, 1u32, used_up)).await?,
        "ZeroUses"
    );
    let args = (grant, 1u32, amendment);
    let done = scene.call("consent", &patient(), consent::AMEND, args).await?;
    // Whoever has not seen this version changes nothing.
    let refusal = scene.refusal("consent", &patient(), consent::AMEND, args).await?;
    assert_eq!(refusal, "VersionChanged");
    let path = format!("/v1/consents/{grant}");
    let shown = scene.api(stack, &path).await?;
    assert_eq!((&shown["version"], &shown["uses"]), (&json!(2), &json!(1)));
    assert_eq!(shown["purposes"]["names"], json!(["treatment", "research"]));
    assert_eq!(shown["policy"], json!(hex32(amendment.policy)));
    assert_eq!(shown["amended_by"], json!(account(&patient()).to_string()));
    ensure_from(&shown, &done)?;

    let asked = scene.ask(&hospital1(), Some(grant), RESEARCH, CARDIOLOGY).await?;
    assert_logged(stack, scene, asked, json!("Permit")).await?;
    let asked = scene.ask(&hospital1(), Some(grant), RESEARCH, CARDIOLOGY).await?;
    assert_logged(stack, scene, asked, json!({"Deny": "UsesExhausted"})).await?;
    assert_eq!(scene.api(stack, &path).await?["status"], json!("exhausted"));
    let again = (grant, 2u32, amendment);
    let refusal = scene.refusal("consent", &patient(), consent::AMEND, again).await?;
    assert_eq!(refusal, "GrantOver");
    Ok(())
}

async fn a_denial_wins(stack: &Stack, scene: &mut Scene, grant: u64) -> Result<()> {
    let (owner, requester) = (account(&patient()), account(&hospital1()));
    let denied = (owner, requester, only(TREATMENT) | only(RESEARCH), u32::MAX);
    let done = scene.call("consent", &patient(), consent::DENY, denied).await?;
    let path = format!("/v1/denials?requester={requester}");
    let denials = scene.items(stack, &path).await?;
    let names: Vec<Value> =
        denials.iter().map(|denial| denial["purpose"]["name"].clone()).collect();
    assert_eq!(names, ["treatment", "research"]);
    for denial in &denials {
        assert_eq!(denial["status"], json!("in_force"));
        assert_eq!(denial["categories"]["mask"], json!(u32::MAX));
        ensure_from(denial, &done)?;
    }
    // It comes before every reason that the grant itself would give.
    for named in [None, Some(grant)] {
        let asked = scene.ask(&hospital1(), named, TREATMENT, RADIOLOGY).await?;
        assert_logged(stack, scene, asked, json!({"Deny": "Denied"})).await?;
    }
    // Lifting it in part says what is left.
    let treatment = (owner, requester, only(TREATMENT), u32::MAX);
    let done = scene.call("consent", &patient(), consent::LIFT_DENIAL, treatment).await?;
    let left: Vec<Denial> = returned(&done)?;
    assert_eq!(left, [Denial { purpose: RESEARCH, categories: u32::MAX, by_guardians: 0 }]);
    let denials = scene.items(stack, &path).await?;
    assert_eq!(column(&denials, "status"), [json!("lifted"), json!("in_force")]);
    ensure_from(&denials[0], &done)?;
    let asked = scene.ask(&hospital1(), None, TREATMENT, RADIOLOGY).await?;
    assert_logged(stack, scene, asked, json!("Permit")).await?;
    let refusal = scene.refusal("consent", &patient(), consent::LIFT_DENIAL, treatment).await?;
    assert_eq!(refusal, "NoDenial");
    let rest = (owner, requester, u32::MAX, u32::MAX);
    scene.call("consent", &patient(), consent::LIFT_DENIAL, rest).await?;
    Ok(())
}

async fn everything_is_revoked_at_once(
    stack: &Stack,
    scene: &mut Scene,
    grants: &[u64],
) -> Result<()> {
    let owner = account(&patient());
    // While a grant lives, its link is what decides.
    let linked = (grants[1],);
    let refusal = scene.refusal("consent", &patient(), consent::ERASE_LINK, linked).await?;
    assert_eq!(refusal, "GrantLive");
    // One by itself, before.
    let done = scene.call("consent", &patient(), consent::REVOKE, (grants[1],)).await?;
    let alone = scene.api(stack, &format!("/v1/consents/{}", grants[1])).await?;
    assert_eq!(alone["revoked_with_all"], json!(false));
    ensure_from(&alone, &done)?;

    let done = scene.call("consent", &patient(), consent::REVOKE_ALL, (owner,)).await?;
    let epoch: u32 = scene.view("consent", consent::EPOCH, (owner,)).await?;
    assert_eq!(epoch, 1);
    let shown = scene.items(stack, &format!("/v1/consents?owner={owner}")).await?;
    assert_eq!(shown.len(), 3);
    for item in &shown {
        assert_eq!(item["status"], json!("revoked"));
        assert_eq!(item["revoked_by"], json!(owner.to_string()));
        let with_all = item["id"] != json!(grants[1]);
        assert_eq!(item["revoked_with_all"], json!(with_all));
        if with_all {
            ensure_from(item, &done)?;
        }
    }
    let delegation = scene.item(stack, &format!("/v1/delegations?owner={owner}")).await?;
    assert_eq!(delegation["status"], json!("voided"));
    ensure_from(&delegation, &done)?;
    let asked = scene.ask(&hospital1(), None, TREATMENT, RADIOLOGY).await?;
    assert_logged(stack, scene, asked, json!({"Deny": "Revoked"})).await?;
    let terms = Terms { categories: only(RADIOLOGY), ..treatment(&hospital1())? };
    let refusal = scene.refusal("consent", &relative(), consent::GRANT, (terms,)).await?;
    assert_eq!(refusal, "NotAuthorized", "the delegation is of the epoch before");

    // What the grant was about is forgotten on request; that there was one is not.
    let linked = (grants[1],);
    let refusal = scene.refusal("consent", &hospital1(), consent::ERASE_LINK, linked).await?;
    assert_eq!(refusal, "NotAuthorized");
    let done = scene.call("consent", &patient(), consent::ERASE_LINK, linked).await?;
    let erased = scene.api(stack, &format!("/v1/consents/{}", grants[1])).await?;
    assert_eq!((&erased["record"], &erased["link_erased"]), (&json!(null), &json!(true)));
    ensure_from(&erased, &done)?;
    let refusal = scene.refusal("consent", &patient(), consent::ERASE_LINK, linked).await?;
    assert_eq!(refusal, "AlreadyErased");
    Ok(())
}

/// The provider breaks the glass, also in a pause, and reads.
async fn an_emergency(stack: &Stack, scene: &mut Scene, provider: &Keypair) -> Result<u64> {
    let args = (account(provider), account(&patient()), commitment(b"cardiac arrest")?);
    let done = scene.call("consent", provider, consent::BREAK_GLASS, args).await?;
    let window: u64 = returned(&done)?;
    let asked = scene.ask(provider, None, TREATMENT, CARDIOLOGY).await?;
    let entry = assert_logged(stack, scene, asked, json!("Permit")).await?;
    assert_eq!(entry["window_id"], json!(window));
    Ok(window)
}

async fn a_closed_emergency_is_justified(stack: &Stack, scene: &mut Scene) -> Result<()> {
    let (provider, reviewer) = (hospital1(), auditor());
    // An emergency waits for no administrator.
    scene.call("consent", &regulator(), governance::PAUSE, ()).await?;
    let window = an_emergency(stack, scene, &provider).await?;
    scene.call("consent", &regulator(), governance::UNPAUSE, ()).await?;
    let justified = (window, JUSTIFIED);
    let refusal =
        scene.refusal("consent", &reviewer, consent::REVIEW_BREAK_GLASS, justified).await?;
    assert_eq!(refusal, "WindowOpen", "a review covers all its accesses");
    let refusal =
        scene.refusal("consent", &reviewer, consent::CLOSE_BREAK_GLASS, (window,)).await?;
    assert_eq!(refusal, "NotAuthorized");
    let done = scene.call("consent", &patient(), consent::CLOSE_BREAK_GLASS, (window,)).await?;
    let path = format!("/v1/emergency-windows/{window}");
    let closed = scene.api(stack, &path).await?;
    assert_eq!((&closed["status"], &closed["open"]), (&json!("closed"), &json!(false)));
    assert_eq!(closed["closed_by"], json!(account(&patient()).to_string()));
    ensure_from(&closed, &done)?;
    let asked = scene.ask(&provider, None, TREATMENT, CARDIOLOGY).await?;
    assert_logged(stack, scene, asked, json!({"Deny": "Revoked"})).await?;

    let refusal =
        scene.refusal("consent", &provider, consent::REVIEW_BREAK_GLASS, justified).await?;
    assert_eq!(refusal, "NotReviewer");
    let done = scene.call("consent", &reviewer, consent::REVIEW_BREAK_GLASS, justified).await?;
    let reviewed = scene.api(stack, &path).await?;
    assert_eq!(reviewed["status"], json!("reviewed"));
    assert_eq!((&reviewed["outcome"], &reviewed["sanction"]), (&json!("justified"), &json!(null)));
    assert_eq!(reviewed["reviewed_by"], json!(account(&reviewer).to_string()));
    ensure_from(&reviewed, &done)?;
    let again = scene.refusal("consent", &reviewer, consent::REVIEW_BREAK_GLASS, justified).await?;
    assert_eq!(again, "AlreadyReviewed");
    assert_eq!(scene.items(stack, "/v1/sanctions").await?, Vec::<Value>::new());

    // The patient closed it: the next one waits.
    let args = (account(&provider), account(&patient()), commitment(b"again")?);
    let refusal = scene.refusal("consent", &provider, consent::BREAK_GLASS, args).await?;
    assert_eq!(refusal, "CoolingDown");
    let closed_at = closed["closed_at_ms"].as_u64().context("closed_at_ms")?;
    until(stack, closed_at + TIMING.cooldown_ms).await
}

async fn an_unjustified_emergency_ends(stack: &Stack, scene: &mut Scene) -> Result<()> {
    let (provider, reviewer) = (hospital1(), auditor());
    let address = account(&provider);
    let window = an_emergency(stack, scene, &provider).await?;
    let review = (window, UNJUSTIFIED);
    let done = scene.call("consent", &reviewer, consent::REVIEW_BREAK_GLASS, review).await?;
    let reviewed = scene.api(stack, &format!("/v1/emergency-windows/{window}")).await?;
    assert_eq!((&reviewed["status"], &reviewed["open"]), (&json!("reviewed"), &json!(false)));
    assert_eq!(reviewed["closed_by"], json!(account(&reviewer).to_string()));
    assert_eq!(reviewed["outcome"], json!("unjustified"));
    assert_eq!(reviewed["sanction"], json!("unjustified"));
    ensure_from(&reviewed, &done)?;
    let asked = scene.ask(&provider, None, TREATMENT, CARDIOLOGY).await?;
    assert_logged(stack, scene, asked, json!({"Deny": "Revoked"})).await?;
    let sanctions = scene.items(stack, "/v1/sanctions").await?;
    assert_eq!(column(&sanctions, "window_id"), [json!(window)]);
    assert_eq!(column(&sanctions, "reason"), [json!("unjustified")]);
    ensure_from(&sanctions[0], &done)?;

    // The key that acted opens no other, on nobody, until a regulator lets it.
    let bar = scene.item(stack, &format!("/v1/emergency-bars?key={address}")).await?;
    assert_eq!(bar["window_id"], json!(window));
    ensure_from(&bar, &done)?;
    let args = (address, account(&relative()), commitment(b"another patient")?);
    let refusal = scene.refusal("consent", &provider, consent::BREAK_GLASS, args).await?;
    assert_eq!(refusal, "Barred");
    let refusal = scene.refusal("consent", &reviewer, consent::LIFT_BAR, (address,)).await?;
    assert_eq!(refusal, "NotRegulator");
    scene.call("consent", &regulator(), consent::LIFT_BAR, (address,)).await?;
    let done = scene.call("consent", &provider, consent::BREAK_GLASS, args).await?;
    let window: u64 = returned(&done)?;
    scene.call("consent", &provider, consent::CLOSE_BREAK_GLASS, (window,)).await?;
    scene.call("consent", &reviewer, consent::REVIEW_BREAK_GLASS, (window, JUSTIFIED)).await?;
    let lifted = scene.item(stack, &format!("/v1/emergency-bars?key={address}")).await?;
    assert_eq!(lifted["status"], json!("lifted"));
    Ok(())
}

async fn a_missing_review_has_consequences(
    stack: &Stack,
    scene: &mut Scene,
    window: u64,
) -> Result<()> {
    let unreviewed = scene.item(stack, "/v1/emergency-windows?unreviewed=true").await?;
    assert_eq!(unreviewed["id"], json!(window));
    let review_by = unreviewed["review_by_ms"].as_u64().context("review_by_ms")?;
    until(stack, review_by).await?;
    let overdue = scene.item(stack, "/v1/emergency-windows?status=overdue").await?;
    assert_eq!((&overdue["id"], &overdue["sanction"]), (&json!(window), &json!(null)));

    // Anyone may put it on record, once.
    let done = scene.call("consent", &relative(), consent::SANCTION_OVERDUE, (window,)).await?;
    let again = scene.refusal("consent", &relative(), consent::SANCTION_OVERDUE, (window,)).await?;
    assert_eq!(again, "AlreadySanctioned");
    let provider = account(&hospital2());
    let sanction = scene.item(stack, &format!("/v1/sanctions?provider={provider}")).await?;
    assert_eq!(sanction["window_id"], json!(window));
    assert_eq!(sanction["reason"], json!("unreviewed"));
    ensure_from(&sanction, &done)?;
    let overdue = scene.api(stack, &format!("/v1/emergency-windows/{window}")).await?;
    assert_eq!(
        (&overdue["status"], &overdue["sanction"]),
        (&json!("overdue"), &sanction["reason"])
    );

    // The regulator decides on the proposal.
    let suspended = (provider, role::PROVIDER, commitment(b"no review")?);
    scene.call("participants", &regulator(), participants::SUSPEND, suspended).await?;
    let asked = scene.ask(&hospital2(), None, TREATMENT, CARDIOLOGY).await?;
    assert_logged(stack, scene, asked, json!({"Deny": "RequesterNotAdmitted"})).await?;
    Ok(())
}

/// A client that trusts the contract's head alone checks every entry that the API shows.
async fn the_log_verifies(stack: &Stack, scene: &Scene) -> Result<()> {
    let owner = account(&patient());
    let log = scene.api(stack, &format!("/v1/access-log?owner={owner}")).await?;
    let entries = log["items"].as_array().context("items")?;
    let (length, head): (u64, Hash) = scene.view("consent", consent::LOG_HEAD, (owner,)).await?;
    assert_eq!(u64::try_from(entries.len())?, length);
    let digests: Vec<Hash> =
        scene.view("consent", consent::LOG_DIGESTS, (owner, 1u64, 256u32)).await?;

    let mut folded: Hash = [0; 32];
    for ((sequence, entry), digest) in (1u64..).zip(entries).zip(&digests) {
        assert_eq!(entry["sequence"], json!(sequence));
        assert_eq!(bytes32(&entry["previous"])?, folded);
        let preimage = entry["preimage"].as_str().context("preimage")?.trim_start_matches("0x");
        let content = blake2_256(&hex::decode(preimage)?);
        assert_eq!(bytes32(&entry["content"])?, content, "{entry}");
        assert_eq!(*digest, content);
        folded = blake2_256(&[folded, content].concat());
        assert_eq!(bytes32(&entry["head"])?, folded);
    }
    assert_eq!(folded, head);
    let shown = scene.api(stack, &format!("/v1/access-log/{owner}/head")).await?;
    assert_eq!((&shown["sequence"], &shown["head"]), (&json!(length), &json!(hex32(head))));
    assert_eq!(check_provenance(stack, &log).await?, entries.len());
    Ok(())
}
