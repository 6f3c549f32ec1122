//! The settlement token: balances, receipts, freezes.

use assent_client::EmittedEvent;
use assent_indexer_testing::Mirror;
use assent_indexer_testing::succession::taken_over;
use assent_indexer_testing::token::{
    approval, burned, frozen, minted, minting_stopped, transfer, treasury_set, treasury_set_from,
    unfrozen,
};
use expect_test::expect;
use sqlx::PgPool;

use super::refuses;

const BALANCES: &str = "token_balances order by account";

const RECEIPTS: &str = "token_receipts order by block_number, event_index";

const TOTALS: &str = "token_totals";

#[sqlx::test(migrations = false)]
async fn tokens_are_minted_moved_and_approved(pool: PgPool) {
    // Units also go to nobody without a receipt here.
    let mut mirror = Mirror::new(pool).await.leaving_out(&["token_sums"]);
    let all = u128::MAX;
    mirror.write(minted(1, all, 7).into()).await;
    expect![[r#"
        account=01 balance=340282366920938463463374607431768211455 frozen=false freeze_reason=- moved_to=- at=5-2
    "#]].assert_eq(&mirror.table(BALANCES).await);
    expect![[r#"
        receipt=07 kind=minted account=01 amount=340282366920938463463374607431768211455 at=5-1
    "#]]
    .assert_eq(&mirror.table(RECEIPTS).await);

    mirror
        .write(vec![
            transfer(Some(1), Some(2), 40),
            transfer(Some(2), Some(2), 40),
            transfer(Some(2), None, 10),
            // Nothing, from an account that never held anything.
            transfer(Some(3), Some(2), 0),
        ])
        .await;
    expect![[r#"
        account=01 balance=340282366920938463463374607431768211415 frozen=false freeze_reason=- moved_to=- at=6-1
        account=02 balance=30 frozen=false freeze_reason=- moved_to=- at=6-4
        account=03 balance=0 frozen=false freeze_reason=- moved_to=- at=6-4
    "#]].assert_eq(&mirror.table(BALANCES).await);

    mirror.write(vec![approval(1, 2, 5), approval(1, 2, 3)]).await;
    const ALLOWANCES: &str = "token_allowances order by owner, spender";
    expect![[r#"
        owner=01 spender=02 amount=3 at=7-2
    "#]]
    .assert_eq(&mirror.table(ALLOWANCES).await);

    refuses(
        &mut mirror,
        vec![
            // More than it holds, more than a u128 holds.
            ("falls below zero", transfer(Some(2), Some(1), 31)),
            ("exceeds a u128", transfer(None, Some(1), 41)),
        ],
    )
    .await;
    expect![[r#"
        account=01 balance=340282366920938463463374607431768211415 frozen=false freeze_reason=- moved_to=- at=6-1
        account=02 balance=30 frozen=false freeze_reason=- moved_to=- at=6-4
        account=03 balance=0 frozen=false freeze_reason=- moved_to=- at=6-4
    "#]].assert_eq(&mirror.table(BALANCES).await);
}

#[sqlx::test(migrations = false)]
async fn the_supply_is_what_was_minted_less_what_was_burned(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let all = u128::MAX;
    // As the constructor says it.
    let first = |events: [EmittedEvent; 2]| events[0].clone();
    refuses(&mut mirror, vec![("is not the treasury", first(burned(1, 0, 6)))]).await;
    mirror.write(vec![treasury_set(1)]).await;
    expect![[r#"
        treasury=01 treasury_confirmed=true next_treasury=- next_treasury_from_ms=- minted=0 burned=0 supply=0 at=5-1
    "#]]
    .assert_eq(&mirror.table(TOTALS).await);
    mirror.write([minted(1, all - 9, 1), minted(2, 9, 2)].concat()).await;
    expect![[r#"
        treasury=01 treasury_confirmed=true next_treasury=- next_treasury_from_ms=- minted=340282366920938463463374607431768211455 burned=0 supply=340282366920938463463374607431768211455 at=6-3
    "#]].assert_eq(&mirror.table(TOTALS).await);

    // What was burned can be minted again: the sums of all time exceed a u128, the supply does not.
    mirror.write([burned(1, all - 9, 3), minted(2, all - 9, 4)].concat()).await;
    expect![[r#"
        treasury=01 treasury_confirmed=true next_treasury=- next_treasury_from_ms=- minted=680564733841876926926749214863536422901 burned=340282366920938463463374607431768211446 supply=340282366920938463463374607431768211455 at=7-3
    "#]].assert_eq(&mirror.table(TOTALS).await);
    expect![[r#"
        receipt=01 kind=minted account=01 amount=340282366920938463463374607431768211446 at=6-1
        receipt=02 kind=minted account=02 amount=9 at=6-3
        receipt=03 kind=burned account=01 amount=340282366920938463463374607431768211446 at=7-1
        receipt=04 kind=minted account=02 amount=340282366920938463463374607431768211446 at=7-3
    "#]]
    .assert_eq(&mirror.table(RECEIPTS).await);

    // Another treasury: from now on only it burns.
    mirror.write([vec![treasury_set(2)], burned(2, 4, 5).into()].concat()).await;
    expect![[r#"
        treasury=02 treasury_confirmed=true next_treasury=- next_treasury_from_ms=- minted=680564733841876926926749214863536422901 burned=340282366920938463463374607431768211450 supply=340282366920938463463374607431768211451 at=8-2
    "#]].assert_eq(&mirror.table(TOTALS).await);
    refuses(
        &mut mirror,
        vec![
            // A receipt that was minted against or burned against, more than there are, more than a
            // u128 holds, and somebody else's units.
            ("token_receipts_pkey", first(minted(1, 1, 1))),
            ("token_receipts_pkey", first(minted(1, 1, 3))),
            ("token_receipts_pkey", first(burned(2, 1, 1))),
            ("token_receipts_pkey", first(burned(2, 1, 3))),
            ("falls below zero", first(burned(2, all, 6))),
            ("exceeds a u128", first(minted(2, 5, 6))),
            ("is not the treasury", first(burned(1, 1, 6))),
        ],
    )
    .await;
    expect![[r#"
        treasury=02 treasury_confirmed=true next_treasury=- next_treasury_from_ms=- minted=680564733841876926926749214863536422901 burned=340282366920938463463374607431768211450 supply=340282366920938463463374607431768211451 at=8-2
    "#]].assert_eq(&mirror.table(TOTALS).await);
}

#[sqlx::test(migrations = false)]
async fn a_frozen_account_keeps_what_it_holds_until_it_is_unfrozen(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror.write(minted(1, 10, 7).into()).await;
    // Also one that never held anything, and the treasury.
    mirror.write(vec![frozen(1, 0xf1), frozen(2, 0xf2)]).await;
    expect![[r#"
        account=01 balance=10 frozen=true freeze_reason=f1 moved_to=- at=6-1
        account=02 balance=0 frozen=true freeze_reason=f2 moved_to=- at=6-2
    "#]]
    .assert_eq(&mirror.table(BALANCES).await);
    refuses(
        &mut mirror,
        vec![
            ("moved while it was frozen", transfer(Some(1), Some(3), 1)),
            ("moved while it was frozen", transfer(Some(3), Some(2), 0)),
            ("moved while it was frozen", transfer(None, Some(2), 1)),
            ("is frozen already", frozen(1, 0xf3)),
            ("is not frozen", unfrozen(3)),
        ],
    )
    .await;
    expect![[r#"
        account=01 balance=10 frozen=true freeze_reason=f1 moved_to=- at=6-1
        account=02 balance=0 frozen=true freeze_reason=f2 moved_to=- at=6-2
    "#]]
    .assert_eq(&mirror.table(BALANCES).await);

    // What it allows to others moves nothing.
    mirror.write(vec![approval(1, 2, 5), unfrozen(1), transfer(Some(1), Some(3), 4)]).await;
    expect![[r#"
        account=01 balance=6 frozen=false freeze_reason=- moved_to=- at=7-3
        account=02 balance=0 frozen=true freeze_reason=f2 moved_to=- at=6-2
        account=03 balance=4 frozen=false freeze_reason=- moved_to=- at=7-3
    "#]]
    .assert_eq(&mirror.table(BALANCES).await);
    mirror.write(vec![frozen(1, 0xf4), unfrozen(2)]).await;
    expect![[r#"
        account=01 balance=6 frozen=true freeze_reason=f4 moved_to=- at=8-1
        account=02 balance=0 frozen=false freeze_reason=- moved_to=- at=8-2
        account=03 balance=4 frozen=false freeze_reason=- moved_to=- at=7-3
    "#]]
    .assert_eq(&mirror.table(BALANCES).await);
    refuses(&mut mirror, vec![("is not frozen", unfrozen(2))]).await;
}

#[sqlx::test(migrations = false)]
async fn a_key_takes_over_units_and_a_freeze(pool: PgPool) {
    // Whose key it is the participants say.
    let mut mirror = Mirror::new(pool).await.leaving_out(&["token_takeovers", "token_sums"]);
    mirror.write([minted(1, 10, 7).to_vec(), vec![frozen(1, 0xf1)]].concat()).await;
    mirror.write(vec![transfer(Some(1), Some(2), 10), taken_over(1, 2)]).await;
    expect![[r#"
        account=01 balance=0 frozen=false freeze_reason=- moved_to=02 at=6-2
        account=02 balance=10 frozen=true freeze_reason=f1 moved_to=- at=6-2
    "#]]
    .assert_eq(&mirror.table(BALANCES).await);
    refuses(
        &mut mirror,
        vec![
            ("was taken over", frozen(1, 0xf2)),
            ("was taken over", transfer(None, Some(1), 1)),
            ("over already", taken_over(1, 2)),
            // Without the event that says why.
            ("moved while it was frozen", transfer(Some(2), Some(3), 10)),
            // Its units did not move.
            ("not all that it has", taken_over(2, 3)),
        ],
    )
    .await;
    // The next key, of the one before and of the account.
    mirror
        .write(vec![
            transfer(Some(2), Some(3), 10),
            taken_over(2, 3),
            taken_over(1, 3),
            unfrozen(3),
        ])
        .await;
    expect![[r#"
        account=01 balance=0 frozen=false freeze_reason=- moved_to=03 at=7-3
        account=02 balance=0 frozen=false freeze_reason=- moved_to=03 at=7-2
        account=03 balance=10 frozen=false freeze_reason=- moved_to=- at=7-4
    "#]]
    .assert_eq(&mirror.table(BALANCES).await);
}

#[sqlx::test(migrations = false)]
async fn another_treasury_waits_and_a_handover_stops_minting(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let first = |events: [EmittedEvent; 2]| events[0].clone();
    // Block n has the time n × 1,000: account 2 is the treasury from block 8 on.
    mirror.write([vec![treasury_set(1)], minted(1, 9, 1).into()].concat()).await;
    mirror.write(vec![treasury_set_from(2, 8_000)]).await;
    expect![[r#"
        treasury=01 treasury_confirmed=true next_treasury=02 next_treasury_from_ms=8000 minted=9 burned=0 supply=9 at=6-1
    "#]].assert_eq(&mirror.table(TOTALS).await);
    refuses(&mut mirror, vec![("is not the treasury", first(burned(2, 1, 2)))]).await;
    mirror.write([burned(1, 1, 2), minted(2, 5, 3)].concat()).await;
    refuses(&mut mirror, vec![("is not the treasury", first(burned(1, 1, 4)))]).await;
    mirror.write([burned(2, 1, 4), minted(2, 1, 5)].concat()).await;
    expect![[r#"
        treasury=01 treasury_confirmed=true next_treasury=02 next_treasury_from_ms=8000 minted=15 burned=2 supply=13 at=8-3
    "#]].assert_eq(&mirror.table(TOTALS).await);

    // What waits is void, and nothing is minted until the treasury is named.
    mirror.write(vec![treasury_set_from(3, 10_000), minting_stopped(2)]).await;
    expect![[r#"
        treasury=02 treasury_confirmed=false next_treasury=- next_treasury_from_ms=- minted=15 burned=2 supply=13 at=9-2
    "#]].assert_eq(&mirror.table(TOTALS).await);
    refuses(&mut mirror, vec![("is not the treasury", minting_stopped(1))]).await;
    mirror.write(burned(2, 1, 6).into()).await;
    // Another one is confirmed once it holds.
    mirror.write(vec![treasury_set_from(4, 12_000)]).await;
    mirror.write(minted(4, 1, 7).into()).await;
    mirror.write(vec![treasury_set_from(4, 13_000)]).await;
    expect![[r#"
        treasury=04 treasury_confirmed=true next_treasury=- next_treasury_from_ms=- minted=16 burned=3 supply=13 at=13-1
    "#]].assert_eq(&mirror.table(TOTALS).await);
    mirror.write(minted(4, 1, 8).into()).await;
}
