//! Classes, projects, batches, and the units that are issued of them.

use super::address;
use anyhow::Result;
use assent_e2e::{
    agree::agree,
    scene::{
        Scene, YEAR_2025, account, column, commitment, doctor, emitter, ensure_from, hex32,
        patient, registry, regulator, returned,
    },
    stack::Stack,
};
use assent_interface::carbon;
use serde_json::json;

/// A class with an issuer, who is replaced, and a project in it.
pub(super) async fn project(stack: &Stack, scene: &mut Scene) -> Result<u64> {
    let (boss, first, second) = (regulator(), doctor(), registry());
    let standard = commitment(b"standard")?;
    let new = (account(&first), standard);
    assert_eq!(scene.refusal("carbon", &first, carbon::CREATE_CLASS, new).await?, "NotRegulator");
    let stranger = (account(&patient()), standard);
    assert_eq!(
        scene.refusal("carbon", &boss, carbon::CREATE_CLASS, stranger).await?,
        "NotAdmitted"
    );
    let done = scene.call("carbon", &boss, carbon::CREATE_CLASS, new).await?;
    let class: u64 = returned(&done)?;
    let classes = scene.items(stack, "/v1/carbon/classes").await?;
    assert_eq!(column(&classes, "class"), [json!(1), json!(class)], "the first: allowances");
    assert_eq!(column(&classes, "issuer"), [json!(null), address(&first)]);
    assert_eq!(classes[1]["metadata"], json!(hex32(standard)));
    ensure_from(&classes[1], &done)?;

    let refusal =
        scene.refusal("carbon", &boss, carbon::SET_ISSUER, (1u64, account(&second))).await?;
    assert_eq!(refusal, "AllowanceClass");
    let done = scene.call("carbon", &boss, carbon::SET_ISSUER, (class, account(&second))).await?;
    let classes = scene.items(stack, "/v1/carbon/classes").await?;
    assert_eq!(classes[1]["issuer"], address(&second));
    ensure_from(&classes[1], &done)?;

    let documents = commitment(b"project documents")?;
    let new = (class, account(&emitter()), documents);
    assert_eq!(scene.refusal("carbon", &first, carbon::CREATE_PROJECT, new).await?, "NotIssuer");
    let done = scene.call("carbon", &second, carbon::CREATE_PROJECT, new).await?;
    let shown = scene.item(stack, &format!("/v1/carbon/projects?class={class}")).await?;
    assert_eq!(
        (&shown["owner"], &shown["metadata"]),
        (&address(&emitter()), &json!(hex32(documents)))
    );
    ensure_from(&shown, &done)?;
    returned(&done)
}

/// Two batches, one after the other: serial numbers are taken once.
pub(super) async fn batches(stack: &Stack, scene: &mut Scene, project: u64) -> Result<[u64; 2]> {
    let (issuer, owner) = (registry(), account(&emitter()));
    let (start, end) = YEAR_2025;
    let new = |first: u128, last: u128| (project, first, last, start, end);
    let done = scene.call("carbon", &issuer, carbon::CREATE_BATCH, new(1, 1_000_000)).await?;
    let first: u64 = returned(&done)?;
    for taken in [new(1, 1_000_000), new(1_000_000, 2_000_000), new(500, 600)] {
        assert_eq!(
            scene.refusal("carbon", &issuer, carbon::CREATE_BATCH, taken).await?,
            "SerialsTaken"
        );
    }
    let refusals = [
        scene.refusal("carbon", &issuer, carbon::CREATE_BATCH, new(0, 10)).await?,
        scene
            .refusal(
                "carbon",
                &issuer,
                carbon::CREATE_BATCH,
                (project, 2_000_000u128, 2_000_001u128, end, start),
            )
            .await?,
        scene.refusal("carbon", &doctor(), carbon::CREATE_BATCH, new(2_000_000, 3_000_000)).await?,
    ];
    assert_eq!(refusals, ["InvalidRange", "InvalidVintage", "NotIssuer"]);
    // Some may be left out.
    let done =
        scene.call("carbon", &issuer, carbon::CREATE_BATCH, new(1_500_001, 1_600_000)).await?;
    let second: u64 = returned(&done)?;
    let shown = scene.api(stack, &format!("/v1/carbon/batches/{second}")).await?;
    assert_eq!([&shown["serial_start"], &shown["serial_end"]], ["1500001", "1600000"]);
    assert_eq!((&shown["project"], &shown["period"]), (&json!(project), &json!(null)));
    assert_eq!(
        [&shown["vintage_start_ms"], &shown["vintage_end_ms"]],
        [&json!(start), &json!(end)]
    );
    ensure_from(&shown, &done)?;

    scene.call("carbon", &issuer, carbon::ISSUE, (first, owner, 800_000u128)).await?;
    let more = (first, owner, 200_001u128);
    assert_eq!(scene.refusal("carbon", &issuer, carbon::ISSUE, more).await?, "RangeExceeded");
    let done = scene.call("carbon", &issuer, carbon::ISSUE, (second, owner, 100_000u128)).await?;
    let shown = scene.api(stack, &format!("/v1/carbon/batches/{second}")).await?;
    assert_eq!([&shown["issued"], &shown["tradable"]], ["100000"; 2]);
    ensure_from(&shown, &done)?;
    let done = scene.call("carbon", &issuer, carbon::SEAL_BATCH, (second,)).await?;
    let one = (second, owner, 1u128);
    assert_eq!(scene.refusal("carbon", &issuer, carbon::ISSUE, one).await?, "BatchSealed");
    let shown = scene.api(stack, &format!("/v1/carbon/batches/{second}")).await?;
    assert_eq!(shown["sealed"], json!(true));
    ensure_from(&shown, &done)?;
    agree(stack, scene).await?;
    Ok([first, second])
}
