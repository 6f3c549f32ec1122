//! The settlement token on the real node: units come and go against bank receipts that are used once,
//! what is frozen stays where it is, and a pause stops whatever moves units or gives a right, but not
//! what takes a right back. The contract's own numbers are those of the API at every step.

use anyhow::Result;
use assent_client::Account;
use assent_e2e::{
    messages::Hash,
    scene::{
        Scene, TOKEN, account, amount, chain_ms, check_provenance, column, commitment, doctor,
        ensure_from, from_ms, hex32, hospital1, hospital2, items, number, patient, regulator,
        until,
    },
    stack::Stack,
};
use assent_interface::{
    governance::{self, Scheduled},
    token::{self, Treasury},
};
use serde_json::{Value, json};
use subxt_signer::sr25519::Keypair;

/// What the standard's messages say when a party is frozen, and in a pause.
const FROZEN: &str = r#"{"Custom":"Frozen"}"#;
const PAUSED: &str = r#"{"Custom":"Paused"}"#;

#[tokio::test(flavor = "multi_thread")]
async fn units_come_move_stand_still_and_go() -> Result<()> {
    let stack = Stack::start("127.0.0.1:0", |_| {}).await?;
    let mut scene = Scene::new(&stack)?;
    let receipt = mint(&stack, &mut scene).await?;
    spend(&stack, &mut scene).await?;
    freeze(&stack, &mut scene).await?;
    burn(&stack, &mut scene, receipt).await?;
    pause(&stack, &mut scene).await?;
    another_treasury(&stack, &mut scene).await?;
    handover(&stack, &mut scene).await?;
    everything(&stack, &scene).await
}

fn tokens(count: u128) -> Value {
    json!((count * TOKEN).to_string())
}

/// Arguments of `PSP22::transfer`; the last one is ignored.
fn to(payee: &Keypair, count: u128) -> (Account, u128, Vec<u8>) {
    (account(payee), count * TOKEN, vec![])
}

/// Arguments of `PSP22::transfer_from`.
fn from_to(payer: &Keypair, payee: &Keypair, count: u128) -> (Account, Account, u128, Vec<u8>) {
    (account(payer), account(payee), count * TOKEN, vec![])
}

/// What an account holds, as the API and the contract agree.
async fn holding(stack: &Stack, scene: &Scene, of: &Keypair) -> Result<Value> {
    let address = account(of);
    let shown = scene.listed(stack, &format!("/v1/token/balances/{address}")).await?;
    let balance: u128 = scene.view("token", token::BALANCE_OF, (address,)).await?;
    let frozen: bool = scene.view("token", token::IS_FROZEN, (address,)).await?;
    assert_eq!((amount(&shown["balance"])?, &shown["frozen"]), (balance, &json!(frozen)));
    Ok(shown)
}

/// Supply and treasury, as the API and the contract agree.
async fn totals(stack: &Stack, scene: &Scene) -> Result<Value> {
    let totals = scene.api(stack, "/v1/token/totals").await?;
    let supply: u128 = scene.view("token", token::TOTAL_SUPPLY, ()).await?;
    let (minted, burned) = (amount(&totals["minted"])?, amount(&totals["burned"])?);
    assert_eq!((amount(&totals["supply"])?, minted - burned), (supply, supply), "{totals}");
    let now = chain_ms(stack).await?;
    let treasury: Scheduled<Treasury<Account>> = scene.view("token", token::TREASURY, ()).await?;
    let due = treasury.next.filter(|next| next.from <= now);
    let treasury = due.map_or(treasury.value, |next| next.value);
    let Treasury { account, confirmed } = treasury;
    let expected = json!({"account": account.to_string(), "confirmed": confirmed});
    assert_eq!(totals["treasury"]["current"], expected);
    Ok(totals)
}

async fn allowance(scene: &Scene, owner: &Keypair, spender: &Keypair) -> Result<u128> {
    scene.view("token", token::ALLOWANCE, (account(owner), account(spender))).await
}

/// The treasury mints for the patient; gives the receipt.
async fn mint(stack: &Stack, scene: &mut Scene) -> Result<Hash> {
    let (boss, owner) = (regulator(), patient());
    // The deployment named the first treasury.
    let first = totals(stack, scene).await?;
    let named = |key: &Keypair| json!({"account": account(key).to_string(), "confirmed": true});
    assert_eq!((&first["supply"], &first["treasury"]["current"]), (&tokens(0), &named(&boss)));
    assert_eq!(check_provenance(stack, &first).await?, 1, "{first}");
    let receipt = commitment(b"bank receipt")?;
    let args = (account(&owner), 10 * TOKEN, receipt);
    assert_eq!(scene.refusal("token", &owner, token::MINT, args).await?, "NotTreasury");
    let done = scene.call("token", &boss, token::MINT, args).await?;
    assert_eq!(scene.refusal("token", &boss, token::MINT, args).await?, "ReceiptUsed");

    let held = holding(stack, scene, &owner).await?;
    assert_eq!(held["balance"], tokens(10));
    let totals = totals(stack, scene).await?;
    assert_eq!(totals["supply"], tokens(10));
    let minted = stack.ok(&format!("/v1/token/receipts/{}", hex32(receipt))).await?;
    assert_eq!(minted["kind"], json!("minted"));
    assert_eq!([&minted["account"], &minted["amount"]], [&held["account"], &held["balance"]]);
    for answer in [&held, &totals, &minted] {
        ensure_from(answer, &done)?;
    }
    Ok(receipt)
}

/// The patient pays hospital 2, and lets hospital 1 pay it, too. Leaves 7, 3, and 1 on the allowance.
async fn spend(stack: &Stack, scene: &mut Scene) -> Result<()> {
    let (owner, spender, payee) = (patient(), hospital1(), hospital2());
    let done = scene.call("token", &owner, token::TRANSFER, to(&payee, 1)).await?;
    for (holder, left) in [(&owner, 9), (&payee, 1)] {
        let held = holding(stack, scene, holder).await?;
        assert_eq!(held["balance"], tokens(left));
        ensure_from(&held, &done)?;
    }
    let refusal = scene.refusal("token", &payee, token::TRANSFER, to(&owner, 2)).await?;
    assert_eq!(refusal, "InsufficientBalance");

    let args = || from_to(&owner, &payee, 2);
    let refusal = scene.refusal("token", &spender, token::TRANSFER_FROM, args()).await?;
    assert_eq!(refusal, "InsufficientAllowance");
    let allowed = (account(&spender), 3 * TOKEN);
    scene.call("token", &owner, token::APPROVE, allowed).await?;
    let done = scene.call("token", &spender, token::TRANSFER_FROM, args()).await?;
    assert_eq!(allowance(scene, &owner, &spender).await?, TOKEN);
    for (holder, left) in [(&owner, 7), (&payee, 3)] {
        let held = holding(stack, scene, holder).await?;
        assert_eq!(held["balance"], tokens(left));
        ensure_from(&held, &done)?;
    }
    Ok(())
}

/// Hospital 2 is frozen for a while. Leaves the patient with 8 and hospital 2 with 2.
async fn freeze(stack: &Stack, scene: &mut Scene) -> Result<()> {
    let (boss, owner, spender, frozen) = (regulator(), patient(), hospital1(), hospital2());
    let address = account(&frozen);
    let reason = commitment(b"an order of the court")?;
    let args = (address, reason);
    assert_eq!(scene.refusal("token", &owner, token::FREEZE, args).await?, "NotAdministrator");
    let done = scene.call("token", &boss, token::FREEZE, args).await?;
    assert_eq!(scene.refusal("token", &boss, token::FREEZE, args).await?, "AlreadyFrozen");
    let held = holding(stack, scene, &frozen).await?;
    assert_eq!([&held["balance"], &held["frozen"]], [&tokens(3), &json!(true)]);
    assert_eq!(held["freeze_reason"], json!(hex32(reason)));
    ensure_from(&held, &done)?;
    assert_eq!(scene.items(stack, "/v1/token/balances?frozen=true").await?, [held]);

    // It neither sends nor receives, nor are its units or those of others spent by it or for it.
    let may = (address, TOKEN);
    scene.call("token", &owner, token::APPROVE, may).await?;
    let refusals = [
        scene.refusal("token", &frozen, token::TRANSFER, to(&owner, 1)).await?,
        scene.refusal("token", &owner, token::TRANSFER, to(&frozen, 1)).await?,
        scene.refusal("token", &spender, token::TRANSFER_FROM, from_to(&owner, &frozen, 1)).await?,
        scene.refusal("token", &frozen, token::TRANSFER_FROM, from_to(&owner, &spender, 1)).await?,
    ];
    assert_eq!(refusals, [FROZEN; 4]);
    let minted = (address, TOKEN, commitment(b"another bank receipt")?);
    assert_eq!(scene.refusal("token", &boss, token::MINT, minted).await?, "Frozen");

    let args = (address,);
    assert_eq!(scene.refusal("token", &owner, token::UNFREEZE, args).await?, "NotAdministrator");
    let done = scene.call("token", &boss, token::UNFREEZE, args).await?;
    assert_eq!(scene.refusal("token", &boss, token::UNFREEZE, args).await?, "NotFrozen");
    let held = holding(stack, scene, &frozen).await?;
    assert_eq!([&held["balance"], &held["frozen"]], [&tokens(3), &json!(false)]);
    assert_eq!(held["freeze_reason"], json!(null));
    ensure_from(&held, &done)?;
    let done = scene.call("token", &frozen, token::TRANSFER, to(&owner, 1)).await?;
    let held = holding(stack, scene, &frozen).await?;
    assert_eq!(held["balance"], tokens(2));
    ensure_from(&held, &done)
}

/// The patient is paid out by the bank, and the treasury burns the units. Leaves the patient with 4.
async fn burn(stack: &Stack, scene: &mut Scene, used: Hash) -> Result<()> {
    let (boss, owner) = (regulator(), patient());
    scene.call("token", &owner, token::TRANSFER, to(&boss, 4)).await?;
    let receipt = commitment(b"the bank's receipt of a payout")?;
    let args = (4 * TOKEN, receipt);
    let refusals = [
        scene.refusal("token", &owner, token::BURN, args).await?,
        scene.refusal("token", &boss, token::BURN, (4 * TOKEN, used)).await?,
        scene.refusal("token", &boss, token::BURN, (5 * TOKEN, receipt)).await?,
    ];
    assert_eq!(refusals, ["NotTreasury", "ReceiptUsed", "InsufficientBalance"]);
    let done = scene.call("token", &boss, token::BURN, args).await?;
    let minted = (account(&owner), TOKEN, receipt);
    let refusals = [
        scene.refusal("token", &boss, token::BURN, args).await?,
        scene.refusal("token", &boss, token::MINT, minted).await?,
    ];
    assert_eq!(refusals, ["ReceiptUsed", "ReceiptUsed"]);

    let held = holding(stack, scene, &boss).await?;
    assert_eq!(held["balance"], tokens(0));
    let totals = totals(stack, scene).await?;
    assert_eq!([&totals["burned"], &totals["supply"]], [&tokens(4), &tokens(6)]);
    let burned = scene.items(stack, "/v1/token/receipts?kind=burned").await?;
    assert_eq!(column(&burned, "receipt"), [json!(hex32(receipt))]);
    assert_eq!([&burned[0]["account"], &burned[0]["amount"]], [&held["account"], &tokens(4)]);
    for answer in [&held, &totals, &burned[0]] {
        ensure_from(answer, &done)?;
    }
    Ok(())
}

/// Nothing moves in a pause, and nobody gets a right; rights are taken back all the same.
async fn pause(stack: &Stack, scene: &mut Scene) -> Result<()> {
    const PATH: &str = "/v1/governance/token";
    let (boss, owner, spender, payee) = (regulator(), patient(), hospital1(), hospital2());
    let refusal = scene.refusal("token", &owner, governance::PAUSE, ()).await?;
    assert_eq!(refusal, "NotAdministrator");
    let before = scene.api(stack, PATH).await?;
    assert_eq!(before["administrator"], json!(account(&boss).to_string()));
    assert_eq!([&before["paused"], &before["provenance"]], [&json!(false), &json!(null)]);
    let done = scene.call("token", &boss, governance::PAUSE, ()).await?;
    let paused = scene.api(stack, PATH).await?;
    assert_eq!(paused["paused"], json!(true));
    ensure_from(&paused, &done)?;

    let more = (account(&spender), 2 * TOKEN);
    let refusals = [
        scene.refusal("token", &owner, token::TRANSFER, to(&payee, 1)).await?,
        scene.refusal("token", &spender, token::TRANSFER_FROM, from_to(&owner, &payee, 1)).await?,
        scene.refusal("token", &owner, token::APPROVE, more).await?,
        scene.refusal("token", &owner, token::INCREASE_ALLOWANCE, more).await?,
    ];
    assert_eq!(refusals, [PAUSED; 4]);
    let minted = (account(&owner), TOKEN, commitment(b"one more bank receipt")?);
    let refusals = [
        scene.refusal("token", &boss, token::MINT, minted).await?,
        scene.refusal("token", &boss, token::BURN, (TOKEN, minted.2)).await?,
        scene.refusal("token", &boss, token::UNFREEZE, (account(&payee),)).await?,
    ];
    assert_eq!(refusals, ["Paused"; 3]);

    let less = (account(&spender), TOKEN);
    scene.call("token", &owner, token::DECREASE_ALLOWANCE, less).await?;
    assert_eq!(allowance(scene, &owner, &spender).await?, 0);
    scene.call("token", &owner, token::APPROVE, (account(&payee), 0u128)).await?;
    assert_eq!(allowance(scene, &owner, &payee).await?, 0);
    // Who must be stopped is stopped nevertheless.
    let stopped = (account(&spender), commitment(b"a breach of the rules")?);
    let done = scene.call("token", &boss, token::FREEZE, stopped).await?;
    // It never held anything.
    let held = holding(stack, scene, &spender).await?;
    assert_eq!([&held["balance"], &held["frozen"]], [&tokens(0), &json!(true)]);
    ensure_from(&held, &done)?;

    let done = scene.call("token", &boss, governance::UNPAUSE, ()).await?;
    let running = scene.api(stack, PATH).await?;
    assert_eq!(running["paused"], json!(false));
    ensure_from(&running, &done)?;
    let done = scene.call("token", &owner, token::TRANSFER, to(&payee, 1)).await?;
    let held = holding(stack, scene, &payee).await?;
    assert_eq!(held["balance"], tokens(3));
    ensure_from(&held, &done)
}

/// The administrator names another treasury, and stays the administrator.
async fn another_treasury(stack: &Stack, scene: &mut Scene) -> Result<()> {
    let (old, new) = (regulator(), doctor());
    let named = (account(&new),);
    assert_eq!(scene.refusal("token", &new, token::SET_TREASURY, named).await?, "NotAdministrator");
    let same = (account(&old),);
    assert_eq!(scene.refusal("token", &old, token::SET_TREASURY, same).await?, "AlreadyTreasury");
    let done = scene.call("token", &old, token::SET_TREASURY, named).await?;
    let shown = totals(stack, scene).await?;
    let treasury = &shown["treasury"];
    assert_eq!(treasury["current"]["account"], json!(account(&old).to_string()), "it waits");
    assert_eq!(treasury["next"]["value"]["account"], json!(account(&new).to_string()));
    assert_eq!(shown["supply"], tokens(6));
    ensure_from(&shown, &done)?;
    let args = (account(&patient()), TOKEN, commitment(b"the last bank receipt")?);
    assert_eq!(scene.refusal("token", &new, token::MINT, args).await?, "NotTreasury");
    until(stack, from_ms(&treasury["next"])?).await?;
    let shown = totals(stack, scene).await?;
    assert_eq!(shown["treasury"]["current"]["account"], json!(account(&new).to_string()));
    assert_eq!(shown["treasury"]["next"], json!(null));

    assert_eq!(scene.refusal("token", &old, token::MINT, args).await?, "NotTreasury");
    let done = scene.call("token", &new, token::MINT, args).await?;
    let shown = totals(stack, scene).await?;
    assert_eq!([&shown["minted"], &shown["supply"]], [&tokens(11), &tokens(7)]);
    ensure_from(&shown, &done)?;
    let governance = stack.ok("/v1/governance/token").await?;
    assert_eq!(governance["administrator"], json!(account(&old).to_string()));
    Ok(())
}

/// The administrator's office goes over, and nothing is minted until the new one has said by whom.
async fn handover(stack: &Stack, scene: &mut Scene) -> Result<()> {
    let (old, new, treasury) = (regulator(), hospital2(), doctor());
    let to = (account(&new),);
    scene.call("token", &old, governance::PROPOSE_HANDOVER, to).await?;
    let proposed = scene.api(stack, "/v1/governance/token").await?;
    let proposed = &proposed["handover"];
    let [from, over] = ["not_before_ms", "until_ms"].map(|field| number(&proposed[field]));
    let (from, over) = (from?, over?);
    assert_eq!(over - from, 14 * 24 * 60 * 60 * 1_000, "{proposed}");
    until(stack, from).await?;
    let done = scene.call("token", &new, governance::ACCEPT_HANDOVER, ()).await?;
    let shown = totals(stack, scene).await?;
    assert_eq!(shown["treasury"]["current"]["confirmed"], json!(false));
    ensure_from(&shown, &done)?;

    let args = (account(&patient()), TOKEN, commitment(b"a receipt after the handover")?);
    let refusal = scene.refusal("token", &treasury, token::MINT, args).await?;
    assert_eq!(refusal, "TreasuryUnconfirmed");
    let same = (account(&treasury),);
    let refusal = scene.refusal("token", &old, token::SET_TREASURY, same).await?;
    assert_eq!(refusal, "NotAdministrator");
    scene.call("token", &new, token::SET_TREASURY, same).await?;
    let done = scene.call("token", &treasury, token::MINT, args).await?;
    let shown = totals(stack, scene).await?;
    let confirmed = &shown["treasury"]["current"]["confirmed"];
    assert_eq!([&shown["supply"], confirmed], [&tokens(8), &json!(true)]);
    ensure_from(&shown, &done)
}

/// All balances are the supply, every answer names its block, and every event was understood.
async fn everything(stack: &Stack, scene: &Scene) -> Result<()> {
    let supply = totals(stack, scene).await?["supply"].clone();
    let balances = stack.ok("/v1/token/balances").await?;
    let mut sum = 0;
    for item in items(&balances)? {
        sum += amount(&item["balance"])?;
    }
    assert_eq!(sum, amount(&supply)?, "{balances}");
    let receipts = stack.ok("/v1/token/receipts").await?;
    let kinds = column(items(&receipts)?, "kind");
    assert_eq!(kinds, ["minted", "burned", "minted", "minted"].map(|kind| json!(kind)));
    // The patient, both hospitals and the first treasury.
    assert_eq!(check_provenance(stack, &balances).await?, 4);
    assert_eq!(check_provenance(stack, &receipts).await?, 4);
    let status = stack.ok("/v1/status").await?;
    assert_eq!(status["undecoded"], json!(0), "{status}");
    Ok(())
}
