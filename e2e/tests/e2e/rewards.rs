//! Rewards on the real node: who asks pays. Budgets come in, accesses earn from them or from a sponsor's
//! pot, what is owed is withdrawn and what is left taken back; the contract's token balance is what is
//! in budgets and pots and owed, at every step.

use anyhow::Result;
use assent_client::Account;
use assent_e2e::{
    messages::{
        Terms,
        category::CARDIOLOGY,
        only,
        purpose::{RESEARCH, TREATMENT},
        role, tariff,
    },
    scene::{
        Scene, TOKEN, account, amount, check_provenance, column, doctor, emitter, ensure_from,
        from_ms, hospital1, in_effect, pass, patient, regulator, returned, treatment, until,
    },
    stack::{Stack, TIMING},
};
use assent_interface::{
    consent, governance,
    rewards::{self, Tariff},
    token,
};
use serde_json::{Value, json};
use subxt_signer::sr25519::Keypair;

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_pays_and_what_is_left_goes_back() -> Result<()> {
    let stack = Stack::start("127.0.0.1:0", |_| {}).await?;
    let mut scene = Scene::new(&stack)?;
    scene.admit(&patient(), role::DATA_OWNER).await?;
    scene.admit(&hospital1(), role::PROVIDER).await?;
    scene.admit(&doctor(), role::RESEARCHER).await?;
    scene.call("consent", &patient(), consent::GRANT, (treatment(&hospital1())?,)).await?;
    let research = Terms { purposes: only(RESEARCH), ..treatment(&doctor())? };
    scene.call("consent", &patient(), consent::GRANT, (research,)).await?;

    price(&stack, &mut scene).await?;
    fund(&stack, &mut scene).await?;
    earn(&stack, &mut scene).await?;
    withdraw(&stack, &mut scene).await?;
    sponsor(&stack, &mut scene).await?;
    require(&stack, &mut scene).await?;
    pause(&stack, &mut scene).await?;
    mistake(&stack, &mut scene).await
}

/// The totals, which the contract itself and its token balance agree with.
async fn totals(stack: &Stack, scene: &Scene) -> Result<Value> {
    let totals = scene.api(stack, "/v1/rewards/totals").await?;
    let on_chain: rewards::Totals = scene.view("rewards", rewards::TOTALS, ()).await?;
    let shown = rewards::Totals {
        budgets: amount(&totals["budgets"])?,
        pots: amount(&totals["pots"])?,
        owed: amount(&totals["owed"])?,
        paid: amount(&totals["paid"])?,
    };
    assert_eq!(on_chain, shown, "{totals}");
    let remainder: Result<u128, u8> = scene.view("rewards", rewards::REMAINDER, ()).await?;
    let token =
        stack.ok(&format!("/v1/token/balances/{}", scene.contract("rewards")?.address)).await?;
    let booked = shown.budgets + shown.pots + shown.owed;
    assert_eq!(Ok(amount(&token["balance"])?), remainder.map(|rest| booked + rest));
    Ok(totals)
}

async fn statement(stack: &Stack, scene: &Scene, of: &Account) -> Result<Value> {
    let statement = scene.api(stack, &format!("/v1/rewards/{of}")).await?;
    let on_chain: (u128, u128) = scene.view("rewards", rewards::STATEMENT, (of,)).await?;
    let shown = (amount(&statement["owed"])?, amount(&statement["paid"])?);
    assert_eq!(on_chain, shown, "{statement}");
    Ok(statement)
}

/// What a requester has for accesses, as the API and the contract agree.
async fn budget(stack: &Stack, scene: &Scene, of: &Account) -> Result<Value> {
    let budget = scene.api(stack, &format!("/v1/rewards/budgets/{of}")).await?;
    let on_chain: u128 = scene.view("rewards", rewards::BUDGET, (of,)).await?;
    assert_eq!(amount(&budget["balance"])?, on_chain, "{budget}");
    Ok(budget)
}

fn tokens(count: u128) -> Value {
    json!((count * TOKEN).to_string())
}

/// `payer` gets tokens, and lets the rewards contract take all of them.
async fn endow(scene: &mut Scene, payer: &Keypair, tokens: u128) -> Result<()> {
    scene.mint(payer, tokens).await?;
    let allowance = (scene.contract("rewards")?.address, tokens);
    scene.call("token", payer, token::APPROVE, allowance).await.map(drop)
}

/// What an access earns is said before it holds.
async fn price(stack: &Stack, scene: &mut Scene) -> Result<()> {
    let price = (TREATMENT, tariff(TOKEN));
    let refusal = scene.refusal("rewards", &patient(), rewards::SET_TARIFF, price).await?;
    assert_eq!(refusal, "NotAdministrator");
    let must = (TREATMENT, Tariff { amount: TOKEN, required: true });
    let refusal = scene.refusal("rewards", &regulator(), rewards::SET_TARIFF, must).await?;
    assert_eq!(refusal, "RequiredForCare", "care never waits for money");
    let done = scene.call("rewards", &regulator(), rewards::SET_TARIFF, price).await?;
    let tariffs = scene.items(stack, "/v1/rewards/tariffs").await?;
    let [shown] = &tariffs[..] else { panic!("one tariff: {tariffs:?}") };
    ensure_from(shown, &done)?;
    assert_eq!(shown["tariff"]["current"]["amount"], json!("0"));
    assert_eq!(shown["tariff"]["next"]["value"]["amount"], tokens(1));
    until(stack, from_ms(&shown["tariff"]["next"])?).await?;
    let tariffs = scene.items(stack, "/v1/rewards/tariffs").await?;
    let held = json!({"current": {"amount": tokens(1), "required": false}, "next": null});
    assert_eq!(tariffs[0]["tariff"], held);
    Ok(())
}

/// Anyone pays into the budget of a requester, and it is that requester's.
async fn fund(stack: &Stack, scene: &mut Scene) -> Result<()> {
    let (boss, hospital) = (regulator(), hospital1());
    let address = account(&hospital);
    endow(scene, &boss, TOKEN).await?;
    scene.call("rewards", &boss, rewards::FUND, (address, TOKEN)).await?;
    endow(scene, &hospital, 2 * TOKEN).await?;
    let done = scene.call("rewards", &hospital, rewards::FUND, (address, 2 * TOKEN)).await?;
    let shown = budget(stack, scene, &address).await?;
    assert_eq!([&shown["balance"], &shown["funded"]], [&tokens(3), &tokens(3)]);
    ensure_from(&shown, &done)?;
    let path = format!("/v1/rewards/budget-movements?requester={address}&kind=funded");
    let movements = scene.items(stack, &path).await?;
    assert_eq!(column(&movements, "amount"), [tokens(1), tokens(2)]);
    assert_eq!(column(&movements, "account")[0], json!(account(&boss).to_string()));
    let totals = totals(stack, scene).await?;
    assert_eq!(totals["consent"], json!(scene.contract("consent")?.address.to_string()));
    assert_eq!(totals["budgets"], tokens(3));
    ensure_from(&totals, &done)
}

/// Three accesses under one grant: in a period one of them earns, out of the hospital's budget.
async fn earn(stack: &Stack, scene: &mut Scene) -> Result<()> {
    let (owner, hospital) = (account(&patient()), account(&hospital1()));
    let (paid, decided) = scene.ask(&hospital1(), None, TREATMENT, CARDIOLOGY).await?;
    assert_eq!(decided["decision"], json!("Permit"));
    let earned = statement(stack, scene, &owner).await?;
    assert_eq!(earned["owed"], tokens(1));
    ensure_from(&earned, &paid)?;
    for _ in 0..2 {
        let (_, decided) = scene.ask(&hospital1(), None, TREATMENT, CARDIOLOGY).await?;
        assert_eq!(decided["decision"], json!("Permit"));
    }
    let accruals = scene.items(stack, &format!("/v1/rewards/accruals?owner={owner}")).await?;
    assert_eq!(column(&accruals, "access"), [json!(1)]);
    assert_eq!(column(&accruals, "requester"), [json!(hospital.to_string())]);
    assert_eq!(column(&accruals, "sponsor"), [json!(null)]);
    ensure_from(&accruals[0], &paid)?;
    let left = budget(stack, scene, &hospital).await?;
    assert_eq!([&left["balance"], &left["spent"]], [&tokens(2), &tokens(1)]);
    ensure_from(&left, &paid)?;
    // After the period they are dealt with anew.
    pass(TIMING.reward_period_ms).await;
    scene.ask(&hospital1(), None, TREATMENT, CARDIOLOGY).await?;
    assert_eq!(statement(stack, scene, &owner).await?["accrued"], tokens(2));
    totals(stack, scene).await.map(drop)
}

/// The patient takes what is owed to him, the hospital what is left of its budget.
async fn withdraw(stack: &Stack, scene: &mut Scene) -> Result<()> {
    let (owner, heir) = (account(&patient()), account(&emitter()));
    for nobody in [Account([0; 32]), scene.contract("rewards")?.address] {
        let refusal = scene.refusal("rewards", &patient(), rewards::WITHDRAW_TO, (nobody,)).await?;
        assert_eq!(refusal, "InvalidRecipient");
    }
    let done = scene.call("rewards", &patient(), rewards::WITHDRAW_TO, (heir,)).await?;
    assert_eq!(returned::<u128>(&done)?, 2 * TOKEN);
    let refusal = scene.refusal("rewards", &patient(), rewards::WITHDRAW, ()).await?;
    assert_eq!(refusal, "NothingOwed");
    let withdrawals = scene.items(stack, &format!("/v1/rewards/withdrawals?owner={owner}")).await?;
    assert_eq!(column(&withdrawals, "paid_to"), [json!(heir.to_string())]);
    assert_eq!(column(&withdrawals, "amount"), [tokens(2)]);
    ensure_from(&withdrawals[0], &done)?;
    let token = stack.ok(&format!("/v1/token/balances/{heir}")).await?;
    assert_eq!(token["balance"], tokens(2));
    ensure_from(&token, &done)?;
    let statement = statement(stack, scene, &owner).await?;
    assert_eq!((&statement["owed"], &statement["paid"]), (&json!("0"), &token["balance"]));

    let hospital = hospital1();
    let more = (TOKEN + 1,);
    let refusal = scene.refusal("rewards", &hospital, rewards::WITHDRAW_BUDGET, more).await?;
    assert_eq!(refusal, "InsufficientBudget");
    let done = scene.call("rewards", &hospital, rewards::WITHDRAW_BUDGET, (TOKEN,)).await?;
    let left = budget(stack, scene, &account(&hospital)).await?;
    assert_eq!([&left["balance"], &left["withdrawn"]], [&tokens(0), &tokens(1)]);
    ensure_from(&left, &done)?;
    totals(stack, scene).await.map(drop)
}

/// A sponsor pays for treatments, for each requester up to a cap in a period; nobody else's budget does.
async fn sponsor(stack: &Stack, scene: &mut Scene) -> Result<()> {
    let (boss, sponsor) = (regulator(), emitter());
    let named = (TREATMENT, Some(account(&sponsor)));
    let refusal = scene.refusal("rewards", &sponsor, rewards::SET_SPONSOR, named).await?;
    assert_eq!(refusal, "NotAdministrator");
    scene.call("rewards", &boss, rewards::SET_SPONSOR, named).await?;
    endow(scene, &sponsor, 5 * TOKEN).await?;
    let filled = (TREATMENT, 5 * TOKEN, TOKEN);
    let done = scene.call("rewards", &sponsor, rewards::SPONSOR, filled).await?;
    let pot = scene.api(stack, "/v1/rewards/pots/0").await?;
    assert_eq!([&pot["balance"], &pot["cap"]], [&tokens(5), &tokens(1)]);
    ensure_from(&pot, &done)?;

    pass(TIMING.reward_period_ms).await;
    let (paid, _) = scene.ask(&hospital1(), None, TREATMENT, CARDIOLOGY).await?;
    let of = format!("/v1/rewards/accruals?sponsor={}", account(&sponsor));
    let accruals = scene.items(stack, &of).await?;
    assert_eq!(column(&accruals, "amount"), [tokens(1)]);
    ensure_from(&accruals[0], &paid)?;
    assert_eq!(scene.api(stack, "/v1/rewards/pots/0").await?["balance"], tokens(4));

    // What is left when he is replaced is his.
    let nobody = (TREATMENT, None::<Account>);
    let done = scene.call("rewards", &boss, rewards::SET_SPONSOR, nobody).await?;
    let owed = statement(stack, scene, &account(&sponsor)).await?;
    assert_eq!([&owed["returned"], &owed["owed"]], [&tokens(4), &tokens(4)]);
    ensure_from(&owed, &done)?;
    scene.call("rewards", &sponsor, rewards::WITHDRAW, ()).await?;
    totals(stack, scene).await.map(drop)
}

/// Research that nobody pays is refused, on record, when its tariff is required.
async fn require(stack: &Stack, scene: &mut Scene) -> Result<()> {
    let must = (RESEARCH, Tariff { amount: TOKEN, required: true });
    scene.call("rewards", &regulator(), rewards::SET_TARIFF, must).await?;
    in_effect().await;
    let researcher = doctor();
    let (unpaid, decided) = scene.ask(&researcher, None, RESEARCH, CARDIOLOGY).await?;
    assert_eq!(decided["decision"], json!({"Deny": "Unfunded"}));
    let address = account(&researcher);
    let log = scene.items(stack, &format!("/v1/access-log?requester={address}")).await?;
    assert_eq!(column(&log, "deny_reason"), [json!("Unfunded")]);
    let path = format!("/v1/rewards/unfunded?requester={address}&required=true");
    let unfunded = scene.items(stack, &path).await?;
    assert_eq!(column(&unfunded, "access"), [decided["access"].clone()].map(as_number));
    ensure_from(&unfunded[0], &unpaid)?;

    endow(scene, &researcher, TOKEN).await?;
    scene.call("rewards", &researcher, rewards::FUND, (address, TOKEN)).await?;
    let (_, decided) = scene.ask(&researcher, None, RESEARCH, CARDIOLOGY).await?;
    assert_eq!(decided["decision"], json!("Permit"));
    assert_eq!(budget(stack, scene, &address).await?["balance"], tokens(0));
    totals(stack, scene).await.map(drop)
}

/// A number as the API writes it; the decoded events have it as text.
fn as_number(value: Value) -> Value {
    value.as_str().and_then(|text| text.parse::<u64>().ok()).map_or(value, Value::from)
}

async fn pause(stack: &Stack, scene: &mut Scene) -> Result<()> {
    let (boss, hospital) = (regulator(), hospital1());
    endow(scene, &hospital, TOKEN).await?;
    scene.call("rewards", &hospital, rewards::FUND, (account(&hospital), TOKEN)).await?;
    pass(TIMING.reward_period_ms).await;
    let done = scene.call("rewards", &boss, governance::PAUSE, ()).await?;
    let governance = scene.api(stack, "/v1/governance/rewards").await?;
    assert_eq!(governance["paused"], json!(true));
    ensure_from(&governance, &done)?;
    let more = (account(&hospital), TOKEN);
    let refusal = scene.refusal("rewards", &boss, rewards::FUND, more).await?;
    assert_eq!(refusal, "Paused");
    // Care goes on without a reward, and what is owed can be withdrawn.
    let (unpaid, decided) = scene.ask(&hospital, None, TREATMENT, CARDIOLOGY).await?;
    assert_eq!(decided["decision"], json!("Permit"));
    scene.call("rewards", &patient(), rewards::WITHDRAW, ()).await?;
    scene.call("rewards", &hospital, rewards::WITHDRAW_BUDGET, (TOKEN,)).await?;
    scene.call("rewards", &boss, governance::UNPAUSE, ()).await?;
    let path = format!("/v1/rewards/unfunded?owner={}&required=false", account(&patient()));
    let unfunded = scene.items(stack, &path).await?;
    assert_eq!(unfunded.len(), 1, "nothing accrues in a pause: {unfunded:?}");
    ensure_from(&unfunded[0], &unpaid)?;
    assert_eq!(totals(stack, scene).await?["owed"], json!("0"));
    Ok(())
}

/// Tokens that are sent past the budgets are nobody's, and shown as such.
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
