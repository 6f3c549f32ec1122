//! Who asks the API, on the whole stack: people sign in with the keys of their wallets, each sees what it is a party
//! to, whoever else read a patient's data is on record for the patient, and what changes on chain is felt with the
//! next block.

use anyhow::{Context, Result};
use assent_client::Account;
use assent_e2e::{
    messages::{Hash, Terms, category::CARDIOLOGY, power, purpose::TREATMENT, role},
    scene::{
        Scene, account, column, commitment, doctor, emitter, hospital1, hospital2, items, patient,
        regulator, returned, treatment,
    },
    stack::{ACCOUNTS_READ, Stack},
};
use assent_interface::{consent, participants};
use serde_json::{Value, json};
use subxt_signer::sr25519::Keypair;

/// Another patient of the same hospital.
fn other_patient() -> Keypair {
    emitter()
}

/// Acts for hospital 1; her key is no participant.
fn nurse() -> Keypair {
    doctor()
}

/// The tokens of somebody who signed in.
struct Session {
    access: String,
    refresh: String,
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_sees_what_is_his_and_a_patient_who_saw_it() -> Result<()> {
    let stack = Stack::start("127.0.0.1:0", |_| {}).await?;
    let mut scene = Scene::new(&stack)?;
    let grants = two_patients_of_a_hospital(&mut scene).await?;
    stack.mirrored(scene.height).await?;
    nobody_in_particular_sees_what_is_public(&stack, grants).await?;
    a_signature_counts_once_and_for_one_key(&stack).await?;

    let himself = sign_in(&stack, &patient()).await?;
    a_patient_sees_what_is_his(&stack, &himself, grants).await?;
    let staff = [sign_in(&stack, &hospital1()).await?, sign_in(&stack, &nurse()).await?];
    hospitals_and_the_regulator_see_what_is_theirs(&stack, &staff, grants).await?;
    a_patient_sees_who_saw_it(&stack, &himself, &staff).await?;
    what_changes_on_chain_is_felt_with_the_next_block(&stack, &mut scene, &staff, grants).await?;
    who_signs_out_is_out_at_once(&stack, &himself).await
}

/// Both grant hospital 1 access, and it asks for it: the numbers of the grants.
async fn two_patients_of_a_hospital(scene: &mut Scene) -> Result<[u64; 2]> {
    for (key, roles) in [
        (patient(), role::DATA_OWNER),
        (other_patient(), role::DATA_OWNER),
        (hospital1(), role::PROVIDER),
        (hospital2(), role::PROVIDER),
    ] {
        scene.admit(&key, roles).await?;
    }
    let hospital = account(&hospital1());
    scene.employ(&hospital1(), &nurse(), power::ASK).await?;
    let mut grants = [0; 2];
    for (grant, key) in grants.iter_mut().zip([patient(), other_patient()]) {
        let owner = account(&key);
        let terms = Terms { owner, ..treatment(&hospital1())? };
        let done = scene.call("consent", &key, consent::GRANT, (terms,)).await?;
        *grant = returned::<u64>(&done)?;
        let wanted = (hospital, owner, None::<u64>, None::<Hash>, TREATMENT, CARDIOLOGY);
        scene.call("consent", &hospital1(), consent::REQUEST_ACCESS, wanted).await?;
    }
    Ok(grants)
}

/// What kind of problem an answer is.
fn kind(problem: &Value) -> &str {
    let kind = problem["type"].as_str().and_then(|kind| kind.strip_prefix("urn:assent:problem:"));
    kind.unwrap_or_default()
}

/// What signs `address` in if `key` is its: a new nonce, and its message, signed as a wallet does for a page.
async fn signed(stack: &Stack, address: Account, key: &Keypair) -> Result<Value> {
    let (status, asked) = stack.post("/v1/sign-in/nonce", &json!({"address": address})).await?;
    assert_eq!(status, 200, "{asked}");
    let message = asked["message"].as_str().context("a message")?;
    let host = stack.api_url.trim_start_matches("http://");
    let first = format!("{host} wants you to sign in with your Substrate account:\n{address}\n");
    assert!(message.starts_with(&first), "{message}");
    let signature = key.sign(format!("<Bytes>{message}</Bytes>").as_bytes());
    Ok(json!({
        "address": address,
        "nonce": asked["nonce"],
        "scheme": "sr25519",
        "signature": format!("0x{}", hex::encode(signature)),
    }))
}

async fn sign_in(stack: &Stack, key: &Keypair) -> Result<Session> {
    let body = signed(stack, account(key), key).await?;
    let (status, tokens) = stack.post("/v1/sign-in", &body).await?;
    assert_eq!((status, &tokens["account"]), (200, &json!(account(key))), "{}", tokens["detail"]);
    let token = |name: &str| anyhow::Ok(tokens[name].as_str().context("a token")?.to_owned());
    Ok(Session { access: token("access_token")?, refresh: token("refresh_token")? })
}

async fn nobody_in_particular_sees_what_is_public(stack: &Stack, grants: [u64; 2]) -> Result<()> {
    let (grant, owner) = (grants[0], account(&patient()));
    for path in [
        "/v1/consents".to_owned(),
        format!("/v1/consents/{grant}"),
        format!("/v1/access-log?owner={owner}"),
        format!("/v1/participants/{owner}"),
        format!("/v1/rewards/{owner}"),
        format!("/v1/reads?subject={owner}"),
        "/v1/events".to_owned(),
    ] {
        let (status, problem) = stack.get_as_nobody(&path).await?;
        assert_eq!((status, kind(&problem)), (401, "sign-in-needed"), "{path}");
        let (status, problem) = stack.get_as("no.such.token", &path).await?;
        assert_eq!((status, kind(&problem)), (401, "token"), "{path}");
    }
    for path in ["/v1/status", "/v1/governance", "/v1/carbon/batches", "/v1/token/totals"] {
        let (status, answer) = stack.get_as_nobody(path).await?;
        assert_eq!(status, 200, "{path}: {answer}");
    }
    // Nor does an API key open what it is not for.
    let key = stack.make_api_key(account(&hospital1()), &[ACCOUNTS_READ]).await?;
    let (status, problem) = stack.get_as(&key, "/v1/consents").await?;
    assert_eq!((status, kind(&problem)), (403, "scope-needed"), "{problem}");
    Ok(())
}

async fn a_signature_counts_once_and_for_one_key(stack: &Stack) -> Result<()> {
    let others = signed(stack, account(&patient()), &hospital2()).await?;
    let (status, problem) = stack.post("/v1/sign-in", &others).await?;
    assert_eq!((status, kind(&problem)), (401, "signature"), "{problem}");
    let own = signed(stack, account(&patient()), &patient()).await?;
    assert_eq!(stack.post("/v1/sign-in", &own).await?.0, 200);
    let (status, problem) = stack.post("/v1/sign-in", &own).await?;
    assert_eq!((status, kind(&problem)), (401, "nonce"), "{problem}");
    Ok(())
}

/// The numbers of the grants that somebody sees.
async fn seen(stack: &Stack, credentials: &str) -> Result<Vec<Value>> {
    let (status, answer) = stack.get_as(credentials, "/v1/consents").await?;
    assert_eq!(status, 200, "{answer}");
    Ok(column(items(&answer)?, "id"))
}

/// Asserts that a grant is not there for somebody.
async fn unseen(stack: &Stack, credentials: &str, grant: u64) -> Result<()> {
    let (status, problem) = stack.get_as(credentials, &format!("/v1/consents/{grant}")).await?;
    assert_eq!((status, kind(&problem)), (404, "not-found"), "{problem}");
    Ok(())
}

async fn a_patient_sees_what_is_his(
    stack: &Stack,
    himself: &Session,
    [grant, other]: [u64; 2],
) -> Result<()> {
    assert_eq!(seen(stack, &himself.access).await?, [json!(grant)]);
    unseen(stack, &himself.access, other).await?;
    let (status, log) = stack.get_as(&himself.access, "/v1/access-log").await?;
    assert_eq!(status, 200, "{log}");
    assert_eq!(column(items(&log)?, "owner"), [json!(account(&patient()))]);
    let head = format!("/v1/access-log/{}/head", account(&other_patient()));
    assert_eq!(stack.get_as(&himself.access, &head).await?.0, 404);
    let (status, problem) = stack.get_as(&himself.access, "/v1/events").await?;
    assert_eq!((status, kind(&problem)), (403, "role-needed"), "{problem}");
    Ok(())
}

async fn hospitals_and_the_regulator_see_what_is_theirs(
    stack: &Stack,
    staff: &[Session; 2],
    grants: [u64; 2],
) -> Result<()> {
    let both = grants.map(|grant| json!(grant));
    for session in staff {
        assert_eq!(seen(stack, &session.access).await?, both);
    }
    let other = sign_in(stack, &hospital2()).await?;
    assert!(seen(stack, &other.access).await?.is_empty());
    unseen(stack, &other.access, grants[0]).await?;
    assert_eq!(seen(stack, &stack.api_key).await?, both);
    Ok(())
}

/// Hospital 1, the nurse and the regulator, each once; what he read himself is on no record.
async fn a_patient_sees_who_saw_it(
    stack: &Stack,
    himself: &Session,
    [hospital, _]: &[Session; 2],
) -> Result<()> {
    let owner = account(&patient());
    let (status, answer) =
        stack.get_as(&himself.access, &format!("/v1/reads?subject={owner}")).await?;
    assert_eq!(status, 200, "{answer}");
    let reads = items(&answer)?;
    let readers = [hospital1(), nurse(), regulator()].map(|key| json!(account(&key)));
    assert_eq!(column(reads, "reader_as"), readers);
    assert_eq!(column(reads, "route"), ["/v1/consents"; 3]);
    let signed_in: Vec<_> = reads.iter().map(|read| read["api_key"].is_null()).collect();
    assert_eq!(signed_in, [true, true, false], "{answer}");
    // The hospital sees what it read, and not who else did.
    let (status, answer) = stack.get_as(&hospital.access, "/v1/reads").await?;
    assert_eq!(status, 200, "{answer}");
    let readers = [json!(account(&hospital1())), json!(account(&hospital1()))];
    assert_eq!(column(items(&answer)?, "reader_as"), readers, "of either patient");
    Ok(())
}

async fn what_changes_on_chain_is_felt_with_the_next_block(
    stack: &Stack,
    scene: &mut Scene,
    [hospital, nurse_of_it]: &[Session; 2],
    grants: [u64; 2],
) -> Result<()> {
    let (who, boss) = (account(&hospital1()), regulator());
    let both = grants.map(|grant| json!(grant));
    let breach = (who, role::PROVIDER, commitment(b"a breach of the rules")?);
    scene.call("participants", &boss, participants::SUSPEND, breach).await?;
    stack.mirrored(scene.height).await?;
    for session in [hospital, nurse_of_it] {
        assert!(seen(stack, &session.access).await?.is_empty());
        unseen(stack, &session.access, grants[0]).await?;
    }
    let (status, itself) =
        stack.get_as(&hospital.access, &format!("/v1/participants/{who}")).await?;
    assert_eq!((status, &itself["status"]), (200, &json!("suspended")), "{itself}");

    scene.call("participants", &boss, participants::REINSTATE, (who, role::PROVIDER)).await?;
    let ended = (who, account(&nurse()));
    scene.call("participants", &hospital1(), participants::END_MANDATE, ended).await?;
    stack.mirrored(scene.height).await?;
    assert_eq!(seen(stack, &hospital.access).await?, both);
    assert!(seen(stack, &nurse_of_it.access).await?.is_empty());

    scene.call("participants", &hospital1(), participants::LEAVE, ()).await?;
    stack.mirrored(scene.height).await?;
    assert!(seen(stack, &hospital.access).await?.is_empty());
    Ok(())
}

async fn who_signs_out_is_out_at_once(stack: &Stack, himself: &Session) -> Result<()> {
    assert_eq!(seen(stack, &himself.access).await?.len(), 1);
    let body = json!({"refresh_token": himself.refresh});
    assert_eq!(stack.post("/v1/sign-out", &body).await?, (204, Value::Null));
    let (status, problem) = stack.get_as(&himself.access, "/v1/consents").await?;
    assert_eq!((status, kind(&problem)), (401, "session-ended"), "{problem}");
    Ok(())
}
