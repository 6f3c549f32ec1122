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
    stack::Stack,
};
use assent_interface::{consent, participants};
use serde_json::{Value, json};
use subxt_signer::sr25519::Keypair;

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
    emergencies_are_closed_and_judged(&stack, &mut scene).await?;
    a_missing_review_has_consequences(&stack, &mut scene, forgotten).await?;
    the_log_verifies(&stack, &scene).await?;
    let status = stack.ok("/v1/status").await?;
    assert_eq!(status["undecoded"], json!(0), "{status}");
    Ok(())
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
    let args = (owner, justification);
    assert_eq!(
        scene.refusal("consent", &relative(), consent::BREAK_GLASS, args).await?,
        "NotProvider"
    );
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
    let denied = (account(&provider), only(TREATMENT), only(CARDIOLOGY));
    scene.call("consent", &patient(), consent::DENY, denied).await?;
    let asked = scene.ask(&provider, None, TREATMENT, CARDIOLOGY).await?;
    assert_logged(stack, scene, asked, json!({"Deny": "Denied"})).await?;
    scene.call("consent", &patient(), consent::LIFT_DENIAL, (account(&provider),)).await?;
    let used = scene.items(stack, &format!("/v1/access-log?window_id={window}")).await?;
    assert_eq!(column(&used, "permitted"), [json!(true)]);
    assert_eq!(scene.api(stack, &path).await?["uses"], json!(1));
    Ok(window)
}

async fn a_batch_is_all_or_nothing(stack: &Stack, scene: &mut Scene) -> Result<Vec<u64>> {
    let cardiology = treatment(&hospital1())?;
    let laboratory = Terms { categories: only(LABORATORY), ..treatment(&hospital1())? };
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
    assert_eq!(shown[0]["record"], json!(hex32(cardiology.record)));
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
    // The latest grant counts when none is named.
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
        scene.refusal("consent", &patient(), consent::AMEND, (grant, used_up)).await?,
        "ZeroUses"
    );
    let args = (grant, amendment);
    let done = scene.call("consent", &patient(), consent::AMEND, args).await?;
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
    Ok(())
}

async fn a_denial_wins(stack: &Stack, scene: &mut Scene, grant: u64) -> Result<()> {
    let requester = account(&hospital1());
    let everything = (requester, u32::MAX, u32::MAX);
    let done = scene.call("consent", &patient(), consent::DENY, everything).await?;
    let path = format!("/v1/denials?requester={requester}");
    let denial = scene.item(stack, &path).await?;
    assert_eq!(denial["status"], json!("in_force"));
    assert_eq!(denial["purposes"]["mask"], json!(u32::MAX));
    ensure_from(&denial, &done)?;
    // It comes before every reason that the grant itself would give.
    for named in [None, Some(grant)] {
        let asked = scene.ask(&hospital1(), named, TREATMENT, RADIOLOGY).await?;
        assert_logged(stack, scene, asked, json!({"Deny": "Denied"})).await?;
    }
    let done = scene.call("consent", &patient(), consent::LIFT_DENIAL, (requester,)).await?;
    let lifted = scene.item(stack, &path).await?;
    assert_eq!(lifted["status"], json!("lifted"));
    ensure_from(&lifted, &done)?;
    let asked = scene.ask(&hospital1(), None, TREATMENT, RADIOLOGY).await?;
    assert_logged(stack, scene, asked, json!("Permit")).await?;
    let refusal = scene.refusal("consent", &patient(), consent::LIFT_DENIAL, (requester,)).await?;
    assert_eq!(refusal, "NoDenial");
    Ok(())
}

async fn everything_is_revoked_at_once(
    stack: &Stack,
    scene: &mut Scene,
    grants: &[u64],
) -> Result<()> {
    let owner = account(&patient());
    // One by itself, before.
    let done = scene.call("consent", &patient(), consent::REVOKE, (grants[1],)).await?;
    let alone = scene.api(stack, &format!("/v1/consents/{}", grants[1])).await?;
    assert_eq!(alone["revoked_with_all"], json!(false));
    ensure_from(&alone, &done)?;

    let done = scene.call("consent", &patient(), consent::REVOKE_ALL, ()).await?;
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
    let first = (grants[0],);
    let refusal = scene.refusal("consent", &hospital1(), consent::ERASE_LINK, first).await?;
    assert_eq!(refusal, "NotAuthorized");
    let done = scene.call("consent", &patient(), consent::ERASE_LINK, first).await?;
    let erased = scene.api(stack, &format!("/v1/consents/{}", grants[0])).await?;
    assert_eq!(erased["record"], json!(null));
    ensure_from(&erased, &done)?;
    let refusal = scene.refusal("consent", &patient(), consent::ERASE_LINK, first).await?;
    assert_eq!(refusal, "AlreadyErased");
    Ok(())
}

async fn emergencies_are_closed_and_judged(stack: &Stack, scene: &mut Scene) -> Result<()> {
    let (provider, reviewer) = (hospital1(), auditor());
    for (outcome, name) in [(0u8, "justified"), (1, "unjustified")] {
        let args = (account(&patient()), commitment(b"cardiac arrest")?);
        let done = scene.call("consent", &provider, consent::BREAK_GLASS, args).await?;
        let window: u64 = returned(&done)?;
        let asked = scene.ask(&provider, None, TREATMENT, CARDIOLOGY).await?;
        let entry = assert_logged(stack, scene, asked, json!("Permit")).await?;
        assert_eq!(entry["window_id"], json!(window));

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

        let review = (window, outcome);
        let refusal =
            scene.refusal("consent", &provider, consent::REVIEW_BREAK_GLASS, review).await?;
        assert_eq!(refusal, "NotReviewer");
        let done = scene.call("consent", &reviewer, consent::REVIEW_BREAK_GLASS, review).await?;
        let reviewed = scene.api(stack, &path).await?;
        assert_eq!((&reviewed["status"], &reviewed["outcome"]), (&json!("reviewed"), &json!(name)));
        assert_eq!(reviewed["reviewed_by"], json!(account(&reviewer).to_string()));
        ensure_from(&reviewed, &done)?;
        let again =
            scene.refusal("consent", &reviewer, consent::REVIEW_BREAK_GLASS, review).await?;
        assert_eq!(again, "AlreadyReviewed");

        let sanctions = scene.items(stack, "/v1/sanctions").await?;
        if outcome == 0 {
            assert_eq!(sanctions, Vec::<Value>::new());
            assert_eq!(reviewed["sanction"], json!(null));
        } else {
            assert_eq!(column(&sanctions, "window_id"), [json!(window)]);
            assert_eq!(column(&sanctions, "reason"), [json!("unjustified")]);
            assert_eq!(reviewed["sanction"], json!("unjustified"));
            ensure_from(&sanctions[0], &done)?;
        }
    }
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
    let suspended = (provider, commitment(b"no review")?);
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
