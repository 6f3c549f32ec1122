//! Participants on the real node: who is suspended is refused everywhere at once, the office of
//! administrator is handed over in two steps, and the code is replaced after its announcement.

use anyhow::Result;
use assent_client::{
    bundle::Bundle,
    contract::{Contract, upload},
};
use assent_e2e::{
    messages::{NewVersion, category::CARDIOLOGY, purpose::TREATMENT, role},
    scene::{
        Scene, account, check_provenance, column, commitment, doctor, emitter, ensure_from, hex32,
        hospital1, hospital2, items, patient, regulator, treatment, until,
    },
    stack::{Stack, TIMING, artifacts},
};
use assent_interface::{carbon, consent, governance, participants, reports};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn admission_suspension_and_the_office() -> Result<()> {
    let stack = Stack::start("127.0.0.1:0", |_| {}).await?;
    let mut scene = Scene::new(&stack)?;
    admission(&stack, &mut scene).await?;
    suspension_reaches_everywhere(&stack, &mut scene).await?;
    leaving(&stack, &mut scene).await?;
    handover(&stack, &mut scene).await?;
    pause(&stack, &mut scene).await?;
    upgrade(&stack, &mut scene).await
}

/// What the API says of a participant.
async fn participant(stack: &Stack, scene: &Scene, of: &str) -> Result<Value> {
    scene.api(stack, &format!("/v1/participants/{of}")).await
}

async fn admission(stack: &Stack, scene: &mut Scene) -> Result<()> {
    let (boss, hospital) = (regulator(), hospital1());
    let address = account(&hospital);
    let done = scene.call("participants", &hospital, participants::REGISTER, ([1u8; 32],)).await?;
    let pending = participant(stack, scene, &address.to_string()).await?;
    assert_eq!((&pending["status"], &pending["roles"]["mask"]), (&json!("pending"), &json!(0)));
    ensure_from(&pending, &done)?;

    scene.call("participants", &hospital, participants::UPDATE_PROFILE, ([2u8; 32],)).await?;
    // What the regulator checked is what he admits.
    let unchecked = (address, role::PROVIDER, [1u8; 32]);
    let refusal = scene.refusal("participants", &boss, participants::APPROVE, unchecked).await?;
    assert_eq!(refusal, "ProfileChanged");
    let checked = (address, role::PROVIDER, [2u8; 32]);
    let done = scene.call("participants", &boss, participants::APPROVE, checked).await?;
    let active = participant(stack, scene, &address.to_string()).await?;
    assert_eq!(active["status"], json!("active"));
    assert_eq!(active["profile"], json!(hex32([2; 32])));
    assert_eq!(active["profile_confirmed"], json!(true));
    assert_eq!(active["roles"]["names"], json!(["provider"]));
    ensure_from(&active, &done)?;
    scene.call("participants", &hospital, participants::UPDATE_PROFILE, ([3u8; 32],)).await?;
    let changed = participant(stack, scene, &address.to_string()).await?;
    assert_eq!(changed["profile_confirmed"], json!(false));
    let confirmed = (address, [3u8; 32]);
    let done = scene.call("participants", &boss, participants::CONFIRM_PROFILE, confirmed).await?;
    let confirmed = participant(stack, scene, &address.to_string()).await?;
    assert_eq!(confirmed["profile_confirmed"], json!(true));
    ensure_from(&confirmed, &done)?;

    // Nobody gives roles to himself, nor does anybody who is no regulator.
    let own = (account(&boss), role::PROVIDER);
    assert_eq!(
        scene.refusal("participants", &boss, participants::SET_ROLES, own).await?,
        "OwnRoles"
    );
    let approval = (account(&boss), role::PROVIDER, [0u8; 32]);
    let refusal = scene.refusal("participants", &hospital, participants::APPROVE, approval).await?;
    assert_eq!(refusal, "NotRegulator");

    let roles = role::PROVIDER | role::AUDITOR;
    let done = scene.call("participants", &boss, participants::SET_ROLES, (address, roles)).await?;
    let changed = participant(stack, scene, &address.to_string()).await?;
    assert_eq!(changed["roles"]["names"], json!(["provider", "auditor"]));
    ensure_from(&changed, &done)?;

    scene.admit(&patient(), role::DATA_OWNER).await?;
    let auditors = scene.items(stack, "/v1/participants?role=auditor&status=active").await?;
    assert_eq!(column(&auditors, "account"), [json!(address.to_string())]);
    Ok(())
}

async fn suspension_reaches_everywhere(stack: &Stack, scene: &mut Scene) -> Result<()> {
    let (boss, owner, hospital) = (regulator(), patient(), hospital1());
    let address = account(&hospital);
    scene.call("consent", &owner, consent::GRANT, (treatment(&hospital)?,)).await?;
    let (_, decided) = scene.ask(&hospital, None, TREATMENT, CARDIOLOGY).await?;
    assert_eq!(decided["decision"], json!("Permit"));

    let reason = commitment(b"a breach of the rules")?;
    let suspension = (address, role::PROVIDER | role::AUDITOR, reason);
    let done = scene.call("participants", &boss, participants::SUSPEND, suspension).await?;
    let suspended = participant(stack, scene, &address.to_string()).await?;
    assert_eq!(suspended["status"], json!("suspended"));
    assert_eq!(suspended["suspension_reason"], json!(hex32(reason)));
    assert_eq!(suspended["roles"]["names"], json!(["provider", "auditor"]), "kept, of no use");
    assert_eq!(suspended["suspended_roles"]["names"], json!(["provider", "auditor"]));
    // Nobody is suspended from being cared for.
    let care = (account(&owner), role::DATA_OWNER, reason);
    let refusal = scene.refusal("participants", &boss, participants::SUSPEND, care).await?;
    assert_eq!(refusal, "DataOwner");
    ensure_from(&suspended, &done)?;

    // Access: a refusal on record, although the grant is as it was.
    let (done, decided) = scene.ask(&hospital, None, TREATMENT, CARDIOLOGY).await?;
    assert_eq!(decided["decision"], json!({"Deny": "RequesterNotAdmitted"}));
    let log = scene.items(stack, &format!("/v1/access-log?requester={address}")).await?;
    assert_eq!(column(&log, "deny_reason"), [json!(null), json!("RequesterNotAdmitted")]);
    ensure_from(&log[1], &done)?;
    let granted = scene.items(stack, &format!("/v1/consents?grantee={address}")).await?;
    assert_eq!(column(&granted, "status"), [json!("active")]);

    // Everything else is refused outright.
    let glass = (address, account(&owner), [3u8; 32]);
    let version = NewVersion {
        series: [4; 32],
        sequence: 1,
        previous: [0; 32],
        root: [5; 32],
        chunks: 1,
        byte_length: 1,
        metadata: [6; 32],
        patient: Some(account(&owner)),
        doctor: address,
    };
    let signature = (address, account(&owner), [4u8; 32], 1u32, [5u8; 32]);
    let refusals = [
        scene.refusal("consent", &owner, consent::GRANT, (treatment(&hospital)?,)).await?,
        scene.refusal("consent", &hospital, consent::BREAK_GLASS, glass).await?,
        scene.refusal("reports", &hospital, reports::ANCHOR, (address, version)).await?,
        scene.refusal("reports", &hospital, reports::COUNTERSIGN, signature).await?,
        scene
            .refusal("carbon", &hospital, carbon::TRANSFER, (1u64, account(&owner), 1u128))
            .await?,
    ];
    assert_eq!(
        refusals,
        ["GranteeNotAdmitted", "NotProvider", "NotAdmitted", "NotAdmitted", "NotAdmitted"]
    );

    let lifted = (address, role::PROVIDER | role::AUDITOR);
    let done = scene.call("participants", &boss, participants::REINSTATE, lifted).await?;
    let active = participant(stack, scene, &address.to_string()).await?;
    assert_eq!((&active["status"], &active["suspension_reason"]), (&json!("active"), &json!(null)));
    ensure_from(&active, &done)?;
    let (_, decided) = scene.ask(&hospital, None, TREATMENT, CARDIOLOGY).await?;
    assert_eq!(decided["decision"], json!("Permit"));
    Ok(())
}

async fn leaving(stack: &Stack, scene: &mut Scene) -> Result<()> {
    let leaver = hospital2();
    scene.admit(&leaver, role::PROVIDER).await?;
    let done = scene.call("participants", &leaver, participants::LEAVE, ()).await?;
    let left = participant(stack, scene, &account(&leaver).to_string()).await?;
    assert_eq!((&left["status"], &left["roles"]["mask"]), (&json!("pending"), &json!(0)));
    ensure_from(&left, &done)?;
    let refusal = scene.refusal("participants", &leaver, participants::LEAVE, ()).await?;
    assert_eq!(refusal, "NothingToLeave");
    let refusal = scene.refusal("participants", &regulator(), participants::LEAVE, ()).await?;
    assert_eq!(refusal, "OfficeHolder", "the last regulator cannot leave");
    Ok(())
}

async fn handover(stack: &Stack, scene: &mut Scene) -> Result<()> {
    const PATH: &str = "/v1/governance/participants";
    let (old, new) = (regulator(), doctor());
    let stranger = (account(&hospital2()),);
    let refusal =
        scene.refusal("participants", &old, governance::PROPOSE_HANDOVER, stranger).await?;
    assert_eq!(refusal, "NotEligible", "only an active participant can follow");
    scene.admit(&new, role::AUDITOR).await?;

    let before = scene.api(stack, PATH).await?;
    assert_eq!((&before["provenance"], &before["handover"]), (&json!(null), &json!(null)));
    assert_eq!(before["administrator"], json!(account(&old).to_string()));
    let to = (account(&new),);
    let done = scene.call("participants", &old, governance::PROPOSE_HANDOVER, to).await?;
    let proposed = scene.api(stack, PATH).await?;
    assert_eq!(proposed["administrator"], json!(account(&old).to_string()), "until it is accepted");
    assert_eq!(proposed["handover"]["to"], json!(account(&new).to_string()));
    ensure_from(&proposed, &done)?;
    let not_before = proposed["handover"]["not_before_ms"].as_u64().unwrap_or_default();
    let status = stack.ok("/v1/status").await?;
    let now = status["watermark"]["block_time_ms"].as_u64().unwrap_or_default();
    assert!(not_before <= now + TIMING.delay_ms && now < not_before, "{proposed} {status}");

    assert_eq!(
        scene.refusal("participants", &new, governance::ACCEPT_HANDOVER, ()).await?,
        "TooEarly"
    );
    assert_eq!(
        scene.refusal("participants", &patient(), governance::ACCEPT_HANDOVER, ()).await?,
        "NotSuccessor"
    );
    until(stack, not_before).await?;
    let done = scene.call("participants", &new, governance::ACCEPT_HANDOVER, ()).await?;
    let accepted = scene.api(stack, PATH).await?;
    assert_eq!(accepted["administrator"], json!(account(&new).to_string()));
    assert_eq!(accepted["handover"], json!(null));
    ensure_from(&accepted, &done)?;
    let was = participant(stack, scene, &account(&old).to_string()).await?;
    assert_eq!((&was["status"], &was["roles"]["mask"]), (&json!("pending"), &json!(0)));
    let is = participant(stack, scene, &account(&new).to_string()).await?;
    assert_eq!(is["roles"]["names"], json!(["auditor", "regulator"]));
    for changed in [&was, &is] {
        ensure_from(changed, &done)?;
    }

    // The office is with the successor alone, and with him wholly; that of other contracts is theirs.
    scene.call("participants", &emitter(), participants::REGISTER, ([7u8; 32],)).await?;
    let admitted = (account(&emitter()), role::EMITTER, [7u8; 32]);
    let refusal = scene.refusal("participants", &old, participants::APPROVE, admitted).await?;
    assert_eq!(refusal, "NotRegulator");
    scene.call("participants", &new, participants::APPROVE, admitted).await?;
    let all = scene.api(stack, "/v1/governance").await?;
    let (old, new) = (json!(account(&old).to_string()), json!(account(&new).to_string()));
    assert_eq!(items(&all)?.len(), assent_interface::Contract::ALL.len(), "{all}");
    for item in items(&all)? {
        let expected = if item["contract"] == "participants" { &new } else { &old };
        assert_eq!(&item["administrator"], expected, "{item}");
    }
    assert_eq!(check_provenance(stack, &is).await?, 1);
    Ok(())
}

async fn pause(stack: &Stack, scene: &mut Scene) -> Result<()> {
    const PATH: &str = "/v1/governance/participants";
    let boss = doctor();
    let refusal = scene.refusal("participants", &regulator(), governance::PAUSE, ()).await?;
    assert_eq!(refusal, "NotAdministrator");
    let done = scene.call("participants", &boss, governance::PAUSE, ()).await?;
    let paused = scene.api(stack, PATH).await?;
    assert_eq!(paused["paused"], json!(true));
    ensure_from(&paused, &done)?;
    let profile = ([8u8; 32],);
    let refusal =
        scene.refusal("participants", &patient(), participants::UPDATE_PROFILE, profile).await?;
    assert_eq!(refusal, "Paused");
    // Who must be stopped is stopped nevertheless.
    let suspended = (account(&hospital1()), role::PROVIDER, [9u8; 32]);
    scene.call("participants", &boss, participants::SUSPEND, suspended).await?;
    let done = scene.call("participants", &boss, governance::UNPAUSE, ()).await?;
    let running = scene.api(stack, PATH).await?;
    assert_eq!(running["paused"], json!(false));
    ensure_from(&running, &done)?;
    let status = stack.ok("/v1/status").await?;
    assert_eq!(status["undecoded"], json!(0), "{status}");
    Ok(())
}

/// Last, since the next version is a fixture of few messages.
async fn upgrade(stack: &Stack, scene: &mut Scene) -> Result<()> {
    const PATH: &str = "/v1/governance/participants";
    let boss = doctor();
    let successor = Bundle::load(artifacts().join("fixtures/successor.contract"))?;
    upload(&stack.chain, &boss, &successor).await?;
    let hash = (successor.code_hash,);
    let old = scene.api(stack, PATH).await?["code_hash"].clone();
    let done = scene.call("participants", &boss, governance::ANNOUNCE_UPGRADE, hash).await?;
    let announced = scene.api(stack, PATH).await?;
    assert_eq!(announced["upgrade"]["code_hash"], json!(successor.code_hash));
    assert_eq!(announced["code_hash"], old, "until it is applied");
    ensure_from(&announced, &done)?;
    assert_eq!(
        scene.refusal("participants", &boss, governance::APPLY_UPGRADE, ()).await?,
        "TooEarly"
    );

    until(stack, announced["upgrade"]["not_before_ms"].as_u64().unwrap_or_default()).await?;
    let done = scene.call("participants", &boss, governance::APPLY_UPGRADE, ()).await?;
    let applied = scene.api(stack, PATH).await?;
    assert_eq!(applied["upgrade"], json!(null));
    assert_eq!(applied["code_hash"], json!(successor.code_hash));
    ensure_from(&applied, &done)?;

    // The same address and state under the new code, which other contracts go on asking.
    let address = scene.contract("participants")?.address;
    let renewed = Contract::new(stack.chain.clone(), address, successor.metadata);
    assert_eq!(renewed.view::<u32>(&account(&boss), "schema_version", ()).await?, 1);
    renewed.call(&boss, "migrate", ()).await?;
    assert_eq!(renewed.view::<u32>(&account(&boss), "schema_version", ()).await?, 2);
    let (_, decided) = scene.ask(&hospital1(), None, TREATMENT, CARDIOLOGY).await?;
    assert_eq!(decided["decision"], json!({"Deny": "RequesterNotAdmitted"}), "still suspended");
    Ok(())
}
