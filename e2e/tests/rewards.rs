//! Rewards on the real node: funds come in, accesses earn, what is owed is withdrawn, and what is
//! left goes back; the contract's token balance is what is owed plus what is unspent at every step.

use anyhow::Result;
use assent_client::{Account, contract::Outcome};
use assent_e2e::{
    messages::{
        category::CARDIOLOGY,
        purpose::{RESEARCH, TREATMENT},
        role,
    },
    scene::{
        Scene, TOKEN, account, amount, check_provenance, column, emitter, ensure_from, hospital1,
        patient, regulator, returned, treatment,
    },
    stack::Stack,
};
use assent_interface::{consent, governance, rewards, token};
use serde_json::{Value, json};
use subxt_signer::sr25519::Keypair;

#[tokio::test(flavor = "multi_thread")]
async fn funds_come_in_are_earned_withdrawn_and_refunded() -> Result<()> {
    let stack = Stack::start("127.0.0.1:0", |_| {}).await?;
    let mut scene = Scene::new(&stack)?;
    scene.admit(&patient(), role::DATA_OWNER).await?;
    scene.admit(&hospital1(), role::PROVIDER).await?;
    scene.call("consent", &patient(), consent::GRANT, (treatment(&hospital1())?,)).await?;

    fund(&stack, &mut scene).await?;
    earn(&stack, &mut scene).await?;
    withdraw(&stack, &mut scene).await?;
    refund(&stack, &mut scene).await?;
    pause(&stack, &mut scene).await?;
    mistake(&stack, &mut scene).await
}

/// The totals, which the contract itself and its token balance agree with.
async fn totals(stack: &Stack, scene: &Scene) -> Result<Value> {
    let totals = scene.api(stack, "/v1/rewards/totals").await?;
    let (unspent, owed) = (amount(&totals["unspent"])?, amount(&totals["owed"])?);
    let withdrawn = amount(&totals["withdrawn"])?;
    let on_chain: (u128, u128, u128) = scene.view("rewards", rewards::TOTALS, ()).await?;
    assert_eq!(on_chain, (unspent, owed, withdrawn), "{totals}");
    let remainder: Result<u128, u8> = scene.view("rewards", rewards::REMAINDER, ()).await?;
    let token =
        stack.ok(&format!("/v1/token/balances/{}", scene.contract("rewards")?.address)).await?;
    assert_eq!(Ok(amount(&token["balance"])?), remainder.map(|rest| unspent + owed + rest));
    Ok(totals)
}

async fn statement(stack: &Stack, scene: &Scene, of: &Account) -> Result<Value> {
    let statement = scene.api(stack, &format!("/v1/rewards/{of}")).await?;
    let on_chain: (u128, u128) = scene.view("rewards", rewards::STATEMENT, (of,)).await?;
    let shown = (amount(&statement["owed"])?, amount(&statement["withdrawn"])?);
    assert_eq!(on_chain, shown, "{statement}");
    Ok(statement)
}

/// `funder` gets tokens and pays all of them in.
async fn pay_in(scene: &mut Scene, funder: &Keypair, tokens: u128, receipt: u8) -> Result<Outcome> {
    let minted = (account(funder), tokens, [receipt; 32]);
    scene.call("token", &regulator(), token::MINT, minted).await?;
    let allowance = (scene.contract("rewards")?.address, tokens);
    scene.call("token", funder, token::APPROVE, allowance).await?;
    scene.call("rewards", funder, rewards::FUND, (tokens,)).await
}

async fn fund(stack: &Stack, scene: &mut Scene) -> Result<()> {
    let boss = regulator();
    let refusal =
        scene.refusal("rewards", &patient(), rewards::SET_TARIFF, (TREATMENT, TOKEN)).await?;
    assert_eq!(refusal, "NotAdministrator");
    let done = scene.call("rewards", &boss, rewards::SET_TARIFF, (TREATMENT, TOKEN)).await?;
    let tariffs = scene.items(stack, "/v1/rewards/tariffs").await?;
    assert_eq!(column(&tariffs, "amount"), [json!(TOKEN.to_string())]);
    ensure_from(&tariffs[0], &done)?;

    pay_in(scene, &boss, TOKEN, 1).await?;
    let done = pay_in(scene, &hospital1(), 4 * TOKEN, 2).await?;
    let totals = totals(stack, scene).await?;
    assert_eq!(totals["funded"], json!((5 * TOKEN).to_string()));
    assert_eq!(totals["consent"], json!(scene.contract("consent")?.address.to_string()));
    ensure_from(&totals, &done)?;
    let path = format!("/v1/rewards/contributions?funder={}", account(&hospital1()));
    let contributions = scene.items(stack, &path).await?;
    assert_eq!(column(&contributions, "remaining"), [json!((4 * TOKEN).to_string())]);
    ensure_from(&contributions[0], &done)
}

async fn earn(stack: &Stack, scene: &mut Scene) -> Result<()> {
    let owner = account(&patient());
    let (paid, decided) = scene.ask(&hospital1(), None, TREATMENT, CARDIOLOGY).await?;
    assert_eq!(decided["decision"], json!("Permit"));
    let earned = statement(stack, scene, &owner).await?;
    assert_eq!(earned["owed"], json!(TOKEN.to_string()));
    ensure_from(&earned, &paid)?;

    // A refusal earns nothing, and neither does an access that the fund cannot pay.
    scene.ask(&hospital1(), None, RESEARCH, CARDIOLOGY).await?;
    let tariff = (TREATMENT, 100 * TOKEN);
    scene.call("rewards", &regulator(), rewards::SET_TARIFF, tariff).await?;
    let (unpaid, decided) = scene.ask(&hospital1(), None, TREATMENT, CARDIOLOGY).await?;
    assert_eq!(decided["decision"], json!("Permit"), "care does not wait for money");
    let accruals = scene.items(stack, &format!("/v1/rewards/accruals?owner={owner}")).await?;
    assert_eq!(column(&accruals, "access"), [json!(1), json!(3)]);
    assert_eq!(column(&accruals, "funded"), [json!(true), json!(false)]);
    ensure_from(&accruals[0], &paid)?;
    ensure_from(&accruals[1], &unpaid)?;
    assert_eq!(statement(stack, scene, &owner).await?["accrued"], json!(TOKEN.to_string()));
    let totals = totals(stack, scene).await?;
    assert_eq!(totals["unspent"], json!((4 * TOKEN).to_string()));
    Ok(())
}

async fn withdraw(stack: &Stack, scene: &mut Scene) -> Result<()> {
    let (owner, heir) = (account(&patient()), account(&emitter()));
    for nobody in [Account([0; 32]), scene.contract("rewards")?.address] {
        let refusal = scene.refusal("rewards", &patient(), rewards::WITHDRAW_TO, (nobody,)).await?;
        assert_eq!(refusal, "InvalidRecipient");
    }
    let done = scene.call("rewards", &patient(), rewards::WITHDRAW_TO, (heir,)).await?;
    assert_eq!(returned::<u128>(&done)?, TOKEN);
    let refusal = scene.refusal("rewards", &patient(), rewards::WITHDRAW, ()).await?;
    assert_eq!(refusal, "NothingOwed");
    let withdrawals = scene.items(stack, &format!("/v1/rewards/withdrawals?owner={owner}")).await?;
    assert_eq!(column(&withdrawals, "paid_to"), [json!(heir.to_string())]);
    assert_eq!(column(&withdrawals, "amount"), [json!(TOKEN.to_string())]);
    ensure_from(&withdrawals[0], &done)?;
    let token = stack.ok(&format!("/v1/token/balances/{heir}")).await?;
    assert_eq!(token["balance"], json!(TOKEN.to_string()));
    ensure_from(&token, &done)?;
    let statement = statement(stack, scene, &owner).await?;
    assert_eq!((&statement["owed"], &statement["withdrawn"]), (&json!("0"), &token["balance"]));
    totals(stack, scene).await.map(drop)
}

async fn refund(stack: &Stack, scene: &mut Scene) -> Result<()> {
    let (boss, funder) = (regulator(), hospital1());
    let address = account(&funder);
    let refusal =
        scene.refusal("rewards", &funder, rewards::REFUND_UNUSED, (address, TOKEN)).await?;
    assert_eq!(refusal, "NotAdministrator");
    let more = (address, 5 * TOKEN);
    let refusal = scene.refusal("rewards", &boss, rewards::REFUND_UNUSED, more).await?;
    assert_eq!(refusal, "ExceedsContribution");

    let done = scene.call("rewards", &boss, rewards::REFUND_UNUSED, (address, 3 * TOKEN)).await?;
    let refunds = scene.items(stack, &format!("/v1/rewards/refunds?funder={address}")).await?;
    assert_eq!(column(&refunds, "amount"), [json!((3 * TOKEN).to_string())]);
    assert_eq!(column(&refunds, "refunded_by"), [json!(account(&boss).to_string())]);
    ensure_from(&refunds[0], &done)?;
    let owed = statement(stack, scene, &address).await?;
    assert_eq!((&owed["refunded"], &owed["owed"]), (&refunds[0]["amount"], &refunds[0]["amount"]));
    ensure_from(&owed, &done)?;
    // One token is left in the fund; what the others paid in is not at his disposal.
    let more = (account(&boss), TOKEN + 1);
    let refusal = scene.refusal("rewards", &boss, rewards::REFUND_UNUSED, more).await?;
    assert_eq!(refusal, "ExceedsContribution");
    let totals = totals(stack, scene).await?;
    assert_eq!(totals["unspent"], json!(TOKEN.to_string()));

    // He pulls it like everybody else.
    scene.call("rewards", &funder, rewards::WITHDRAW, ()).await?;
    let token = scene.api(stack, &format!("/v1/token/balances/{address}")).await?;
    assert_eq!(token["balance"], json!((3 * TOKEN).to_string()));
    Ok(())
}

async fn pause(stack: &Stack, scene: &mut Scene) -> Result<()> {
    let boss = regulator();
    scene.call("rewards", &boss, rewards::SET_TARIFF, (TREATMENT, TOKEN / 2)).await?;
    scene.ask(&hospital1(), None, TREATMENT, CARDIOLOGY).await?;
    let done = scene.call("rewards", &boss, governance::PAUSE, ()).await?;
    let governance = scene.api(stack, "/v1/governance/rewards").await?;
    assert_eq!(governance["paused"], json!(true));
    ensure_from(&governance, &done)?;
    let refusal = scene.refusal("rewards", &boss, rewards::FUND, (TOKEN,)).await?;
    assert_eq!(refusal, "Paused");
    // Care goes on without a reward, and what is owed can be withdrawn.
    let (_, decided) = scene.ask(&hospital1(), None, TREATMENT, CARDIOLOGY).await?;
    assert_eq!(decided["decision"], json!("Permit"));
    scene.call("rewards", &patient(), rewards::WITHDRAW, ()).await?;
    scene.call("rewards", &boss, governance::UNPAUSE, ()).await?;
    let path = format!("/v1/rewards/accruals?owner={}", account(&patient()));
    let accruals = scene.items(stack, &path).await?;
    assert_eq!(
        column(&accruals, "funded"),
        [json!(true), json!(false), json!(true), json!(false)],
        "nothing accrues in a pause"
    );
    assert_eq!(totals(stack, scene).await?["owed"], json!("0"));
    Ok(())
}

/// Tokens that are sent past `fund` are nobody's, and shown as such.
async fn mistake(stack: &Stack, scene: &mut Scene) -> Result<()> {
    let args = (scene.contract("rewards")?.address, 7u128, Vec::<u8>::new());
    scene.call("token", &hospital1(), token::TRANSFER, args).await?;
    let remainder: Result<u128, u8> = scene.view("rewards", rewards::REMAINDER, ()).await?;
    assert_eq!(remainder, Ok(7));
    let totals = totals(stack, scene).await?;
    assert_eq!(check_provenance(stack, &totals).await?, 1);
    let status = stack.ok("/v1/status").await?;
    assert_eq!(status["undecoded"], json!(0), "{status}");
    Ok(())
}
