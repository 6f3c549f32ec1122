//! Who acts for an organisation on the market, and keys that replace others, on the real node: one that is named
//! by the key before, and one that a regulator names for a lost key. Units, tokens, grants and rewards go on, and
//! so does a freeze; who holds the old key can do nothing more.

use anyhow::{Context, Result, ensure};
use assent_client::{Account, contract::Outcome};
use assent_e2e::{
    agree::agree,
    messages::{category::CARDIOLOGY, power, purpose::TREATMENT, role, tariff},
    native::endow,
    scene::{
        CREDIT, Scene, TOKEN, account, amount, commitment, doctor, emitter, ensure_from, hospital1,
        hospital2, in_a_month, in_effect, number, patient, regulator, returned, spare, treatment,
        verifier,
    },
    stack::Stack,
};
use assent_interface::{carbon, consent, market, participants, rewards, token};
use serde_json::{Value, json};
use subxt_signer::sr25519::Keypair;

/// What a credit costs, token base units.
const PRICE: u128 = 10 * TOKEN;

/// Sells for the company [`emitter`], of whose staff he is.
fn salesman() -> Keypair {
    doctor()
}

/// Buys for [`hospital1`].
fn buyer() -> Keypair {
    spare(1)
}

/// Also a regulator, beside the first.
fn second_regulator() -> Keypair {
    verifier()
}

/// Everything beside the contracts' views, and the audit of the mirror.
async fn everything_agrees(stack: &Stack, scene: &Scene) -> Result<()> {
    agree(stack, scene).await?;
    let (status, said) = stack.indexer(&["audit", "--all"]).await.context("the audit")?;
    ensure!(status.success() && said.contains("the mirror is right"), "{said}");
    Ok(())
}

/// The tokens of an account, as the API and the contract agree.
async fn tokens(stack: &Stack, scene: &Scene, of: Account) -> Result<u128> {
    let shown = scene.api(stack, &format!("/v1/token/balances/{of}")).await?;
    let balance: u128 = scene.view("token", token::BALANCE_OF, (of,)).await?;
    assert_eq!(amount(&shown["balance"])?, balance, "{shown}");
    Ok(balance)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_staff_of_a_company_trades() -> Result<()> {
    let stack = Stack::start("127.0.0.1:0", |_| {}).await?;
    let mut scene = Scene::new(&stack)?;
    endow(&stack, &[buyer()]).await?;
    scene.admit(&emitter(), role::TRADER).await?;
    scene.admit(&hospital1(), role::PROVIDER | role::TRADER).await?;
    let (batch, _) = scene.issue_credits(&regulator(), &emitter(), 2_000 * CREDIT).await?;
    scene.mint(&hospital1(), 10_000 * TOKEN).await?;
    let market = scene.contract("market")?.address;
    let allowance = (market, 10_000 * TOKEN);
    scene.call("token", &hospital1(), token::APPROVE, allowance).await?;
    let approval = (market, batch, 1_000 * CREDIT);
    scene.call("carbon", &emitter(), carbon::APPROVE, approval).await?;

    // Who only signs does not trade.
    scene.employ(&emitter(), &salesman(), power::SIGN).await?;
    let (company, hospital) = (account(&emitter()), account(&hospital1()));
    let offer = (company, batch, 100 * CREDIT, PRICE, in_a_month()?);
    let refusal = scene.refusal("market", &salesman(), market::PLACE, offer).await?;
    assert_eq!(refusal, "NotAuthorized");
    scene.employ(&emitter(), &salesman(), power::TRADE).await?;
    scene.employ(&hospital1(), &buyer(), power::TRADE).await?;
    let mandate = scene.item(&stack, &format!("/v1/mandates?subject={company}")).await?;
    assert_eq!(mandate["powers"]["names"], json!(["trade"]));

    let order = he_sells(&stack, &mut scene, offer).await?;
    she_buys(&stack, &mut scene, order).await?;
    // What is left he takes back, also what his company would have kept.
    scene.call("market", &salesman(), market::CANCEL, (order,)).await?;
    let shown = scene.api(&stack, &format!("/v1/market/orders/{order}")).await?;
    assert_eq!((&shown["status"], &shown["changed_by"]), (&json!("cancelled"), &by(&salesman())));
    assert_eq!(scene.balance(&stack, batch, &hospital1()).await?["tradable"], json!("40000"));
    assert_eq!(tokens(&stack, &scene, hospital).await?, 10_000 * TOKEN - 40 * PRICE);
    everything_agrees(&stack, &scene).await
}

/// An account as the API writes it.
fn by(key: &Keypair) -> Value {
    json!(account(key).to_string())
}

/// The number of his order, which is the company's.
async fn he_sells(
    stack: &Stack,
    scene: &mut Scene,
    offer: (Account, u64, u128, u128, u64),
) -> Result<u64> {
    let placed = scene.call("market", &salesman(), market::PLACE, offer).await?;
    let order: u64 = returned(&placed)?;
    let acted = scene.event("market", &placed, "StaffActed")?;
    assert_eq!((&acted["party"], &acted["by"]), (&by(&emitter()), &by(&salesman())));
    assert_eq!(number(&acted["order"])?, order);
    let path = format!("/v1/market/orders/{order}");
    let shown = scene.api(stack, &path).await?;
    assert_eq!((&shown["seller"], &shown["placed_by"]), (&by(&emitter()), &by(&salesman())));
    assert_eq!(shown["changed_by"], json!(null));
    ensure_from(&shown, &placed)?;
    // The company itself changes it.
    let less = (order, 90 * CREDIT, PRICE, in_a_month()?);
    scene.call("market", &emitter(), market::UPDATE, less).await?;
    let shown = scene.api(stack, &path).await?;
    assert_eq!((&shown["amount"], &shown["changed_by"]), (&json!("90000"), &by(&emitter())));
    Ok(order)
}

async fn she_buys(stack: &Stack, scene: &mut Scene, order: u64) -> Result<()> {
    let (hospital, units, most) = (account(&hospital1()), 40 * CREDIT, 40 * PRICE);
    for (key, for_whom, expected) in [
        (salesman(), hospital, "NotAuthorized"),
        (hospital2(), hospital, "NotAuthorized"),
        // Who sells for the company buys nothing from it, for himself.
        (salesman(), account(&salesman()), "SelfTrade"),
    ] {
        let args = (for_whom, order, units, most);
        assert_eq!(scene.refusal("market", &key, market::FILL, args).await?, expected);
    }
    let filled =
        scene.call("market", &buyer(), market::FILL, (hospital, order, units, most)).await?;
    let fill = scene.item(stack, &format!("/v1/market/fills?order={order}")).await?;
    assert_eq!((&fill["buyer"], &fill["filled_by"]), (&by(&hospital1()), &by(&buyer())));
    ensure_from(&fill, &filled)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_names_its_successor() -> Result<()> {
    let stack = Stack::start("127.0.0.1:0", |_| {}).await?;
    let mut scene = Scene::new(&stack)?;
    let (old, new) = (hospital1(), spare(2));
    let subject = account(&old);
    endow(&stack, &[new.clone(), spare(3)]).await?;
    scene.admit(&patient(), role::DATA_OWNER).await?;
    scene.admit(&old, role::PROVIDER | role::TRADER).await?;
    let (batch, _) = scene.issue_credits(&regulator(), &old, 10 * CREDIT).await?;
    scene.mint(&old, 100 * TOKEN).await?;
    scene.call("consent", &patient(), consent::GRANT, (treatment(&old)?,)).await?;

    let (to, taken) = ((account(&new),), (account(&patient()),));
    for (key, to, expected) in [
        (spare(3), to, "NotRegistered"),
        (regulator(), to, "OfficeHolder"),
        (old.clone(), taken, "KeyTaken"),
    ] {
        let refusal = scene.refusal("participants", &key, participants::NAME_SUCCESSOR, to).await?;
        assert_eq!(refusal, expected);
    }
    let named = scene.call("participants", &old, participants::NAME_SUCCESSOR, to).await?;
    let waits = scene.api(&stack, &format!("/v1/successions/{subject}")).await?;
    assert_eq!((&waits["successor"], &waits["status"]), (&by(&new), &json!("waiting")));
    assert_eq!((&waits["proposed_by"], &waits["evidence"]), (&json!(null), &json!(null)));
    ensure_from(&waits, &named)?;
    accept_refused(&scene, &new, subject, "TooEarly").await?;
    // It thinks better of it, and then not.
    scene.call("participants", &old, participants::CANCEL_SUCCESSION, ()).await?;
    let refusal = scene.refusal("participants", &old, participants::CANCEL_SUCCESSION, ()).await?;
    assert_eq!(refusal, "NoSuccession");
    scene.call("participants", &old, participants::NAME_SUCCESSOR, to).await?;
    in_effect().await;
    accept_refused(&scene, &spare(3), subject, "NotSuccessor").await?;
    let done = scene.succeed(&stack.chain, &new, subject, subject).await?;
    it_acts(&stack, &scene, subject, &new, &done).await?;

    // The old key is nobody's, and what is the hospital's the new one has.
    let refusals = [
        scene.refusal("participants", &old, participants::UPDATE_PROFILE, ([1u8; 32],)).await?,
        scene.refusal("carbon", &old, carbon::TRANSFER, (batch, to.0, 1u128)).await?,
        scene.refusal("participants", &old, participants::LEAVE, ()).await?,
    ];
    assert_eq!(refusals, ["Replaced"; 3]);
    let asked =
        (subject, account(&patient()), None::<u64>, None::<[u8; 32]>, (TREATMENT, CARDIOLOGY));
    let refusal = scene.refusal("consent", &old, consent::REQUEST_ACCESS, asked).await?;
    assert_eq!(refusal, "NotAuthorized");
    let done = scene.call("consent", &new, consent::REQUEST_ACCESS, asked).await?;
    let entry = scene.item(&stack, "/v1/access-log").await?;
    assert_eq!((&entry["requester"], &entry["asked_by"]), (&by(&old), &by(&new)));
    assert_eq!((&entry["permitted"], &entry["person"]), (&json!(true), &json!(null)));
    ensure_from(&entry, &done)?;
    let sold = (batch, account(&patient()), CREDIT);
    scene.call("carbon", &new, carbon::TRANSFER, sold).await?;
    assert_eq!(scene.balance(&stack, batch, &old).await?["tradable"], json!("9000"));
    assert_eq!(tokens(&stack, &scene, subject).await?, 0);
    assert_eq!(tokens(&stack, &scene, account(&new)).await?, 100 * TOKEN);
    // What is sent to the account arrives where it can be spent.
    scene.mint(&old, TOKEN).await?;
    assert_eq!(tokens(&stack, &scene, subject).await?, 0);
    assert_eq!(tokens(&stack, &scene, account(&new)).await?, 101 * TOKEN);
    let spent = (account(&patient()), TOKEN, Vec::<u8>::new());
    let refusal = scene.refusal("token", &old, token::TRANSFER, spent.clone()).await?;
    assert!(refusal.contains("Replaced"), "{refusal}");
    scene.call("token", &new, token::TRANSFER, spent).await?;
    // Nor does another account take over twice.
    let refusal = scene.refusal("token", &new, token::TAKE_OVER, (subject,)).await?;
    assert_eq!(refusal, "AlreadyTakenOver");
    everything_agrees(&stack, &scene).await
}

async fn accept_refused(
    scene: &Scene,
    key: &Keypair,
    subject: Account,
    expected: &str,
) -> Result<()> {
    let accept = participants::ACCEPT_SUCCESSION;
    let refusal = scene.refusal("participants", key, accept, (subject,)).await?;
    assert_eq!(refusal, expected);
    Ok(())
}

/// `key` acts for `subject` since this call, for the API and the contract.
async fn it_acts(
    stack: &Stack,
    scene: &Scene,
    subject: Account,
    key: &Keypair,
    since: &Outcome,
) -> Result<()> {
    let shown = scene.api(stack, &format!("/v1/participants/{subject}")).await?;
    assert_eq!(shown["key"], by(key));
    ensure_from(&shown, since)?;
    let found = scene.item(stack, &format!("/v1/participants?key={}", account(key))).await?;
    assert_eq!(found["account"], json!(subject.to_string()));
    let acts: Option<Account> =
        scene.view("participants", participants::SUBJECT_OF, (account(key),)).await?;
    assert_eq!(acts, Some(subject));
    let before: Option<Account> =
        scene.view("participants", participants::SUBJECT_OF, (subject,)).await?;
    assert_eq!(before, None);
    let now: Option<Account> = scene.view("participants", participants::KEY_OF, (subject,)).await?;
    assert_eq!(now, Some(account(key)));
    let over = scene.api(stack, &format!("/v1/successions/{subject}")).await?;
    assert_eq!((&over["successor"], &over["status"]), (&by(key), &json!("accepted")));
    ensure_from(&over, since)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_regulator_replaces_a_lost_key() -> Result<()> {
    let stack = Stack::start("127.0.0.1:0", |_| {}).await?;
    let mut scene = Scene::new(&stack)?;
    let [first, second] = [spare(4), spare(5)];
    endow(&stack, &[first.clone(), second.clone(), second_regulator()]).await?;
    scene.admit(&patient(), role::DATA_OWNER).await?;
    scene.admit(&hospital1(), role::PROVIDER).await?;
    scene.admit(&second_regulator(), role::REGULATOR).await?;
    let grant = what_the_patient_has(&stack, &mut scene).await?;

    not_everybody_replaces(&scene, &first).await?;
    a_second_regulator_ends_it(&stack, &mut scene, &second).await?;
    the_key_objects_and_is_right(&stack, &mut scene, &first).await?;
    the_key_objects_and_is_a_thiefs(&stack, &mut scene, &first).await?;
    all_goes_on(&stack, &mut scene, &first, grant).await?;

    // This one is lost, too.
    let subject = account(&patient());
    scene.replace_key(subject, &second).await?;
    in_effect().await;
    let done = scene.succeed(&stack.chain, &second, subject, account(&first)).await?;
    it_acts(&stack, &scene, subject, &second, &done).await?;
    assert_eq!(tokens(&stack, &scene, account(&first)).await?, 0);
    let refusal = scene.refusal("consent", &first, consent::REVOKE, (grant,)).await?;
    assert_eq!(refusal, "NotAuthorized");
    scene.call("consent", &second, consent::REVOKE, (grant,)).await?;
    let revoked = scene.api(&stack, &format!("/v1/consents/{grant}")).await?;
    assert_eq!((&revoked["status"], &revoked["revoked_by"]), (&json!("revoked"), &by(&patient())));
    everything_agrees(&stack, &scene).await
}

/// A grant, an access that earned a token, five tokens more, and a freeze of them: the number of the grant.
async fn what_the_patient_has(stack: &Stack, scene: &mut Scene) -> Result<u64> {
    let (boss, hospital, owner) = (regulator(), hospital1(), patient());
    scene.call("rewards", &boss, rewards::SET_TARIFF, (TREATMENT, tariff(TOKEN))).await?;
    in_effect().await;
    scene.mint(&hospital, TOKEN).await?;
    let allowance = (scene.contract("rewards")?.address, TOKEN);
    scene.call("token", &hospital, token::APPROVE, allowance).await?;
    scene.call("rewards", &hospital, rewards::FUND, (account(&hospital), TOKEN)).await?;
    let done = scene.call("consent", &owner, consent::GRANT, (treatment(&hospital)?,)).await?;
    let (_, decided) = scene.ask(&hospital, None, TREATMENT, CARDIOLOGY).await?;
    assert_eq!(decided["decision"], json!("Permit"));
    scene.mint(&owner, 5 * TOKEN).await?;
    let frozen = (account(&owner), commitment(b"an order of the court")?);
    scene.call("token", &boss, token::FREEZE, frozen).await?;
    assert_eq!(tokens(stack, scene, account(&owner)).await?, 5 * TOKEN);
    returned(&done)
}

async fn not_everybody_replaces(scene: &Scene, new: &Keypair) -> Result<()> {
    let evidence = commitment(b"nothing")?;
    let (to, subject) = (account(new), account(&patient()));
    for (key, subject, to, expected) in [
        (hospital1(), subject, to, "NotRegulator"),
        (patient(), subject, to, "NotRegulator"),
        (second_regulator(), account(&second_regulator()), to, "OwnKey"),
        (second_regulator(), account(new), to, "NotRegistered"),
        (second_regulator(), account(&regulator()), to, "OfficeHolder"),
        (second_regulator(), subject, account(&hospital1()), "KeyTaken"),
    ] {
        let args = (subject, to, evidence);
        let refusal = scene.refusal("participants", &key, participants::REPLACE_KEY, args).await?;
        assert_eq!(refusal, expected);
    }
    Ok(())
}

/// It is the wrong key, to which nobody objects: a second regulator ends it.
async fn a_second_regulator_ends_it(
    stack: &Stack,
    scene: &mut Scene,
    wrong: &Keypair,
) -> Result<()> {
    let (subject, other) = (account(&patient()), second_regulator());
    scene.replace_key(subject, wrong).await?;
    let ended = (subject, account(wrong), false);
    let done = scene.call("participants", &other, participants::DECIDE_REPLACEMENT, ended).await?;
    let over = scene.api(stack, &format!("/v1/successions/{subject}")).await?;
    assert_eq!((&over["status"], &over["rejected_by"]), (&json!("rejected"), &by(&other)));
    assert_eq!(over["objected_at_ms"], json!(null));
    ensure_from(&over, &done)?;
    accept_refused(scene, wrong, subject, "NoSuccession").await
}

/// He has not lost it: a second regulator rejects what the first was told.
async fn the_key_objects_and_is_right(
    stack: &Stack,
    scene: &mut Scene,
    new: &Keypair,
) -> Result<()> {
    let (subject, other) = (account(&patient()), second_regulator());
    let proposed = scene.replace_key(subject, new).await?;
    let path = format!("/v1/successions/{subject}");
    let waits = scene.api(stack, &path).await?;
    assert_eq!((&waits["status"], &waits["proposed_by"]), (&json!("waiting"), &by(&regulator())));
    ensure_from(&waits, &proposed)?;
    let (confirmed, rejected) = ((subject, account(new), true), (subject, account(new), false));
    let decide = participants::DECIDE_REPLACEMENT;
    let refusal = scene.refusal("participants", &other, decide, confirmed).await?;
    assert_eq!(refusal, "NotObjected");
    let named = (account(&spare(6)),);
    let refusal =
        scene.refusal("participants", &patient(), participants::NAME_SUCCESSOR, named).await?;
    assert_eq!(refusal, "ReplacementPending");

    let cancel = participants::CANCEL_SUCCESSION;
    let done = scene.call("participants", &patient(), cancel, ()).await?;
    let waits = scene.api(stack, &path).await?;
    assert_eq!(waits["status"], json!("objected"));
    ensure_from(&waits, &done)?;
    let refusal = scene.refusal("participants", &patient(), cancel, ()).await?;
    assert_eq!(refusal, "AlreadyObjected");
    in_effect().await;
    accept_refused(scene, new, subject, "Objected").await?;
    let done = scene.call("participants", &other, decide, rejected).await?;
    let over = scene.api(stack, &path).await?;
    assert_eq!((&over["status"], &over["rejected_by"]), (&json!("rejected"), &by(&other)));
    ensure_from(&over, &done)?;
    accept_refused(scene, new, subject, "NoSuccession").await
}

/// Whoever holds it objects, and a second regulator confirms all the same.
async fn the_key_objects_and_is_a_thiefs(
    stack: &Stack,
    scene: &mut Scene,
    new: &Keypair,
) -> Result<()> {
    let (subject, other) = (account(&patient()), second_regulator());
    scene.replace_key(subject, new).await?;
    scene.call("participants", &patient(), participants::CANCEL_SUCCESSION, ()).await?;
    let (confirmed, decide) = ((subject, account(new), true), participants::DECIDE_REPLACEMENT);
    let refusal = scene.refusal("participants", &regulator(), decide, confirmed).await?;
    assert_eq!(refusal, "OwnReplacement");
    let done = scene.call("participants", &other, decide, confirmed).await?;
    let waits = scene.api(stack, &format!("/v1/successions/{subject}")).await?;
    assert_eq!((&waits["status"], &waits["confirmed_by"]), (&json!("confirmed"), &by(&other)));
    ensure_from(&waits, &done)?;
    in_effect().await;
    let done = scene.succeed(&stack.chain, new, subject, subject).await?;
    it_acts(stack, scene, subject, new, &done).await
}

/// The grant counts, what is frozen stays frozen, and what is owed the new key gets.
async fn all_goes_on(stack: &Stack, scene: &mut Scene, new: &Keypair, grant: u64) -> Result<()> {
    let (old, key) = (account(&patient()), account(new));
    let refusals = [
        scene.refusal("consent", &patient(), consent::REVOKE, (grant,)).await?,
        scene.refusal("consent", &patient(), consent::REFUSE_EMERGENCIES, ()).await?,
    ];
    assert_eq!(refusals, ["NotAuthorized"; 2]);
    let (_, decided) = scene.ask(&hospital1(), None, TREATMENT, CARDIOLOGY).await?;
    assert_eq!((&decided["decision"], &decided["owner"]), (&json!("Permit"), &by(&patient())));
    let shown = scene.api(stack, &format!("/v1/consents/{grant}")).await?;
    assert_eq!((&shown["status"], &shown["owner"]), (&json!("active"), &by(&patient())));

    assert_eq!(tokens(stack, scene, old).await?, 0);
    assert_eq!(tokens(stack, scene, key).await?, 5 * TOKEN);
    let held = scene.api(stack, &format!("/v1/token/balances/{key}")).await?;
    assert_eq!(held["frozen"], json!(true), "{held}");
    let left = scene.api(stack, &format!("/v1/token/balances/{old}")).await?;
    assert_eq!((&left["moved_to"], &left["frozen"]), (&by(new), &json!(false)));
    assert_eq!(scene.refusal("rewards", &patient(), rewards::WITHDRAW, ()).await?, "Replaced");
    assert_eq!(scene.refusal("rewards", new, rewards::WITHDRAW, ()).await?, "Frozen");
    // What is paid in is the account's, and nobody pays in for a key.
    let refusal = scene.refusal("rewards", &hospital1(), rewards::FUND, (key, TOKEN)).await?;
    assert_eq!(refusal, "NotAdmitted");
    // Whichever of the two is named, it is the key that is meant.
    scene.call("token", &regulator(), token::UNFREEZE, (old,)).await?;
    let done = scene.call("rewards", new, rewards::WITHDRAW, ()).await?;
    let paid = scene.item(stack, &format!("/v1/rewards/withdrawals?owner={old}")).await?;
    assert_eq!((&paid["paid_to"], amount(&paid["amount"])?), (&by(new), TOKEN));
    ensure_from(&paid, &done)?;
    assert_eq!(tokens(stack, scene, key).await?, 6 * TOKEN);
    Ok(())
}
