//! What a freeze, a suspension and a pause stop, and what they do not.

use anyhow::Result;
use assent_e2e::{
    agree::agree,
    messages::role,
    scene::{
        Scene, account, column, commitment, doctor, emitter, ensure_from, hex32, hospital1,
        hospital2, registry, regulator,
    },
    stack::Stack,
};
use assent_interface::{carbon, governance, participants};
use serde_json::json;

/// A frozen account neither moves nor receives, retires or cancels.
pub(super) async fn freeze(stack: &Stack, scene: &mut Scene, batch: u64) -> Result<()> {
    let (boss, frozen, reason) = (regulator(), hospital1(), commitment(b"an order of the court")?);
    let (address, one) = (account(&frozen), 1u128);
    let args = (address, reason);
    assert_eq!(scene.refusal("carbon", &frozen, carbon::FREEZE, args).await?, "NotRegulator");
    let done = scene.call("carbon", &boss, carbon::FREEZE, args).await?;
    assert_eq!(scene.refusal("carbon", &boss, carbon::FREEZE, args).await?, "AlreadyFrozen");
    let shown = scene.item(stack, "/v1/carbon/frozen").await?;
    assert_eq!(shown["account"], json!(address.to_string()));
    assert_eq!(shown["reason"], json!(hex32(reason)));
    ensure_from(&shown, &done)?;
    let retired = (batch, one, reason, address);
    let refusals = [
        scene
            .refusal("carbon", &frozen, carbon::TRANSFER, (batch, account(&doctor()), one))
            .await?,
        scene.refusal("carbon", &doctor(), carbon::TRANSFER, (batch, address, one)).await?,
        scene.refusal("carbon", &registry(), carbon::ISSUE, (batch, address, one)).await?,
        scene.refusal("carbon", &frozen, carbon::RETIRE, retired).await?,
        scene.refusal("carbon", &frozen, carbon::CANCEL, (batch, one, reason)).await?,
    ];
    assert_eq!(refusals, ["Frozen"; 5]);
    agree(stack, scene).await?;
    scene.call("carbon", &boss, carbon::UNFREEZE, (address,)).await?;
    assert_eq!(scene.items(stack, "/v1/carbon/frozen").await?.len(), 0);
    scene.call("carbon", &frozen, carbon::TRANSFER, (batch, account(&doctor()), one)).await?;
    agree(stack, scene).await
}

/// A suspended holder moves nothing, but may retire what he has: that takes nothing from anybody.
pub(super) async fn suspend(stack: &Stack, scene: &mut Scene, batch: u64) -> Result<()> {
    let holder = doctor();
    let reason = commitment(b"a breach of the rules")?;
    let suspended = (account(&holder), role::TRADER, reason);
    scene.call("participants", &regulator(), participants::SUSPEND, suspended).await?;
    let moved = (batch, account(&emitter()), 1u128);
    assert_eq!(scene.refusal("carbon", &holder, carbon::TRANSFER, moved).await?, "NotAdmitted");
    let args = (batch, 1u128, reason, account(&holder));
    let done = scene.call("carbon", &holder, carbon::RETIRE, args).await?;
    let held = scene.balance(stack, batch, &holder).await?;
    assert_eq!([&held["tradable"], &held["retired"]], ["70000", "10001"]);
    ensure_from(&held, &done)?;
    let lifted = (account(&holder), role::TRADER);
    scene.call("participants", &regulator(), participants::REINSTATE, lifted).await?;
    agree(stack, scene).await
}

/// In a pause nothing is issued or moved; what takes something out of the market goes on.
pub(super) async fn pause(stack: &Stack, scene: &mut Scene, batch: u64) -> Result<()> {
    let (boss, owner) = (regulator(), emitter());
    let (operator, to) = (account(&hospital2()), account(&doctor()));
    scene.call("carbon", &owner, carbon::APPROVE, (operator, batch, 5u128)).await?;
    let refusal = scene.refusal("carbon", &owner, governance::PAUSE, ()).await?;
    assert_eq!(refusal, "NotAdministrator");
    let done = scene.call("carbon", &boss, governance::PAUSE, ()).await?;
    let governance = scene.api(stack, "/v1/governance/carbon").await?;
    assert_eq!(governance["paused"], json!(true));
    ensure_from(&governance, &done)?;
    let from = (account(&owner), batch, to, 1u128);
    let refusals = [
        scene.refusal("carbon", &boss, carbon::CREATE_CLASS, (to, [1u8; 32])).await?,
        scene.refusal("carbon", &registry(), carbon::ISSUE, (batch, to, 1u128)).await?,
        scene.refusal("carbon", &owner, carbon::TRANSFER, (batch, to, 1u128)).await?,
        scene.refusal("carbon", &hospital2(), carbon::TRANSFER_FROM, from).await?,
        scene.refusal("carbon", &owner, carbon::APPROVE, (operator, batch, 6u128)).await?,
        scene.refusal("carbon", &boss, carbon::SET_PENALTY, (1u128, to)).await?,
    ];
    assert_eq!(refusals, ["Paused"; 6]);

    let reason = commitment(b"the last flight")?;
    scene.call("carbon", &owner, carbon::APPROVE, (operator, batch, 0u128)).await?;
    let args = (batch, 1_000u128, reason, account(&owner));
    let retired = scene.call("carbon", &owner, carbon::RETIRE, args).await?;
    scene.call("carbon", &owner, carbon::CANCEL, (batch, 1_000u128, reason)).await?;
    scene.call("carbon", &registry(), carbon::SEAL_BATCH, (batch,)).await?;
    scene.call("carbon", &boss, carbon::FREEZE, (to, reason)).await?;
    let path = format!("/v1/carbon/retirements?owner={}", account(&owner));
    let shown = scene.items(stack, &path).await?;
    assert_eq!(column(&shown, "amount"), [json!("20000"), json!("1000")]);
    ensure_from(&shown[1], &retired)?;
    agree(stack, scene).await?;
    scene.call("carbon", &boss, governance::UNPAUSE, ()).await?;
    scene.call("carbon", &boss, carbon::UNFREEZE, (to,)).await?;
    scene.call("carbon", &owner, carbon::TRANSFER, (batch, to, 1u128)).await?;
    agree(stack, scene).await
}
