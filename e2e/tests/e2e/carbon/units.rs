//! Units that are split, redeemed, and moved: one batch at a time, together, by an operator.

use super::address;
use anyhow::Result;
use assent_e2e::{
    agree::agree,
    messages::Item,
    scene::{
        CREDIT, Scene, account, column, commitment, doctor, emitter, ensure_from, hex32, hospital1,
        hospital2, patient,
    },
    stack::Stack,
};
use assent_interface::carbon;
use serde_json::json;
use subxt_signer::sr25519::Keypair;

/// A holding is split among three, each of whom redeems a part of his. Leaves the emitter with 600
/// credits, hospital 1 with 100 and the doctor with 50.
pub(super) async fn split_and_redeem(stack: &Stack, scene: &mut Scene, batch: u64) -> Result<()> {
    let owner = emitter();
    let transfer = |to: &Keypair, units: u128| (batch, account(to), units);
    let refusals = [
        scene.refusal("carbon", &owner, carbon::TRANSFER, transfer(&patient(), 1)).await?,
        scene.refusal("carbon", &owner, carbon::TRANSFER, transfer(&owner, 1)).await?,
        scene.refusal("carbon", &owner, carbon::TRANSFER, transfer(&doctor(), 800_001)).await?,
        scene
            .refusal("carbon", &owner, carbon::TRANSFER, (99u64, account(&doctor()), 1u128))
            .await?,
    ];
    let expected = ["NotAdmitted", "SelfTransfer", "InsufficientBalance", "UnknownBatch"];
    assert_eq!(refusals, expected);
    scene.call("carbon", &owner, carbon::TRANSFER, transfer(&hospital1(), 120 * CREDIT)).await?;
    let split =
        scene.call("carbon", &owner, carbon::TRANSFER, transfer(&doctor(), 60 * CREDIT)).await?;
    for (holder, left) in [(&owner, "620000"), (&doctor(), "60000")] {
        let held = scene.balance(stack, batch, holder).await?;
        assert_eq!(held["tradable"], left);
        ensure_from(&held, &split)?;
    }

    let beneficiary = patient();
    for (holder, units) in [(owner, 20_000u128), (hospital1(), 20_000), (doctor(), 10_000)] {
        let reason = commitment(b"business travel of the year 2025")?;
        let args = (batch, units, reason, account(&beneficiary));
        let done = scene.call("carbon", &holder, carbon::RETIRE, args).await?;
        let path = format!("/v1/carbon/retirements?owner={}", account(&holder));
        let retired = scene.item(stack, &path).await?;
        assert_eq!(
            (&retired["amount"], &retired["batch"]),
            (&json!(units.to_string()), &json!(batch))
        );
        assert_eq!(
            (&retired["reason"], &retired["beneficiary"]),
            (&json!(hex32(reason)), &address(&beneficiary))
        );
        ensure_from(&retired, &done)?;
        let held = scene.balance(stack, batch, &holder).await?;
        assert_eq!(held["retired"], json!(units.to_string()));
        ensure_from(&held, &done)?;
    }
    let path = format!("/v1/carbon/retirements?beneficiary={}", account(&beneficiary));
    assert_eq!(scene.items(stack, &path).await?.len(), 3);
    let too_much = (batch, 100_001u128, [1u8; 32], account(&beneficiary));
    let refusal = scene.refusal("carbon", &hospital1(), carbon::RETIRE, too_much).await?;
    assert_eq!(refusal, "InsufficientBalance");

    let reason = commitment(b"an error in the project's data")?;
    let args = (batch, 10_000u128, reason);
    scene.call("carbon", &emitter(), carbon::CANCEL, args).await?;
    let done = scene.call("carbon", &emitter(), carbon::CANCEL, args).await?;
    let cancelled = scene.items(stack, &format!("/v1/carbon/cancellations?batch={batch}")).await?;
    assert_eq!(column(&cancelled, "amount"), [json!("10000"), json!("10000")]);
    ensure_from(&cancelled[1], &done)?;
    let held = scene.balance(stack, batch, &emitter()).await?;
    assert_eq!([&held["tradable"], &held["cancelled"]], ["580000", "20000"]);
    let shown = scene.api(stack, &format!("/v1/carbon/batches/{batch}")).await?;
    let states = ["issued", "tradable", "retired", "cancelled"].map(|state| &shown[state]);
    assert_eq!(states, ["800000", "730000", "50000", "20000"]);
    ensure_from(&shown, &done)?;
    agree(stack, scene).await
}

/// Units of several batches move together, or not at all.
pub(super) async fn together(stack: &Stack, scene: &mut Scene, batches: [u64; 2]) -> Result<()> {
    let to = account(&hospital1());
    let items = |amounts: [u128; 2]| {
        let [first, second] = amounts;
        vec![Item { batch: batches[0], amount: first }, Item { batch: batches[1], amount: second }]
    };
    let refusals = [
        scene
            .refusal("carbon", &emitter(), carbon::TRANSFER_BATCH, (to, Vec::<Item>::new()))
            .await?,
        scene
            .refusal("carbon", &emitter(), carbon::TRANSFER_BATCH, (to, items([1_000, 100_001])))
            .await?,
        scene
            .refusal("carbon", &emitter(), carbon::TRANSFER_BATCH, (to, items([0, 1_000])))
            .await?,
    ];
    assert_eq!(refusals, ["BatchSize", "InsufficientBalance", "ZeroAmount"]);
    let args = (to, items([30_000, 40_000]));
    let done = scene.call("carbon", &emitter(), carbon::TRANSFER_BATCH, args).await?;
    for (batch, units) in batches.into_iter().zip(["130000", "40000"]) {
        let held = scene.balance(stack, batch, &hospital1()).await?;
        assert_eq!(held["tradable"], units);
        ensure_from(&held, &done)?;
    }
    agree(stack, scene).await
}

/// Hospital 2, which is no participant, moves what the emitter lets it move.
pub(super) async fn operator(stack: &Stack, scene: &mut Scene, batch: u64) -> Result<()> {
    let (owner, operator, to) = (emitter(), hospital2(), account(&doctor()));
    let from = account(&owner);
    let part = (from, batch, to, 20_000u128);
    assert_eq!(
        scene.refusal("carbon", &operator, carbon::TRANSFER_FROM, part).await?,
        "NotApproved"
    );
    let approve = |units: u128| (account(&operator), batch, units);
    let own = (from, batch, 1u128);
    assert_eq!(scene.refusal("carbon", &owner, carbon::APPROVE, own).await?, "SelfApproval");
    let done = scene.call("carbon", &owner, carbon::APPROVE, approve(30_000)).await?;
    let path = format!("/v1/carbon/approvals?operator={}", account(&operator));
    let approved = scene.item(stack, &path).await?;
    assert_eq!((&approved["owner"], &approved["amount"]), (&address(&owner), &json!("30000")));
    ensure_from(&approved, &done)?;

    let done = scene.call("carbon", &operator, carbon::TRANSFER_FROM, part).await?;
    let event = scene.event("carbon", &done, "Transferred")?;
    assert_eq!((&event["by"], &event["from"]), (&address(&operator), &address(&owner)));
    let approved = scene.item(stack, &path).await?;
    assert_eq!(approved["amount"], json!("10000"));
    ensure_from(&approved, &done)?;
    assert_eq!(
        scene.refusal("carbon", &operator, carbon::TRANSFER_FROM, part).await?,
        "NotApproved"
    );
    let held = scene.balance(stack, batch, &doctor()).await?;
    assert_eq!(held["tradable"], json!("70000"));
    ensure_from(&held, &done)?;
    let done = scene.call("carbon", &owner, carbon::APPROVE, approve(0)).await?;
    let approved = scene.item(stack, &path).await?;
    assert_eq!(approved["amount"], json!("0"));
    ensure_from(&approved, &done)?;
    agree(stack, scene).await
}
