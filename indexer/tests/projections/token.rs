//! The settlement token: balances, receipts, freezes.

use assent_client::EmittedEvent;
use sqlx::PgPool;

use crate::refuses;
use assent_indexer_testing::Mirror;
use assent_indexer_testing::token::{
    approval, burned, frozen, minted, transfer, treasury_set, unfrozen,
};

const BALANCES: &str = "select concat_ws(' ', substr(encode(account, 'hex'), 1, 2), balance, \
     block_number || '-' || event_index) from token_balances order by account";

const RECEIPTS: &str = "select concat_ws(' ', substr(encode(receipt, 'hex'), 1, 2), kind, \
     substr(encode(account, 'hex'), 1, 2), amount, block_number || '-' || event_index) \
     from token_receipts order by block_number, event_index";

const TOTALS: &str = "select concat_ws(' ', coalesce(substr(encode(treasury, 'hex'), 1, 2), '-'), \
     minted, burned, supply, block_number || '-' || event_index) from token_totals";

const FROZEN: &str = "select concat_ws(' ', substr(encode(account, 'hex'), 1, 2), balance, frozen, \
     coalesce(substr(encode(freeze_reason, 'hex'), 1, 2), '-'), \
     block_number || '-' || event_index) from token_balances order by account";

#[sqlx::test(migrations = false)]
async fn tokens_are_minted_moved_and_approved(pool: PgPool) {
    // Units also go to nobody without a receipt here.
    let mut mirror = Mirror::new(pool).await.leaving_out(&["token_sums"]);
    let all = u128::MAX;
    mirror.write(minted(1, all, 7).into()).await;
    assert_eq!(mirror.rows(BALANCES).await, [format!("01 {all} 5-2")]);
    assert_eq!(mirror.rows(RECEIPTS).await, [format!("07 minted 01 {all} 5-1")]);

    mirror
        .write(vec![
            transfer(Some(1), Some(2), 40),
            transfer(Some(2), Some(2), 40),
            transfer(Some(2), None, 10),
            // Nothing, from an account that never held anything.
            transfer(Some(3), Some(2), 0),
        ])
        .await;
    assert_eq!(
        mirror.rows(BALANCES).await,
        [format!("01 {} 6-1", all - 40), "02 30 6-4".to_owned(), "03 0 6-4".to_owned()]
    );

    mirror.write(vec![approval(1, 2, 5), approval(1, 2, 3)]).await;
    const ALLOWANCES: &str = "select concat_ws(' ', substr(encode(owner, 'hex'), 1, 2), \
         substr(encode(spender, 'hex'), 1, 2), amount, block_number || '-' || event_index) \
         from token_allowances";
    assert_eq!(mirror.rows(ALLOWANCES).await, ["01 02 3 7-2"]);

    refuses(
        &mut mirror,
        vec![
            // More than it holds, more than a u128 holds.
            ("amount_range", transfer(Some(2), Some(1), 31)),
            ("amount_range", transfer(None, Some(1), 41)),
        ],
    )
    .await;
    assert_eq!(mirror.rows(BALANCES).await[1], "02 30 6-4");
}

#[sqlx::test(migrations = false)]
async fn the_supply_is_what_was_minted_less_what_was_burned(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let all = u128::MAX;
    // As the constructor says it.
    let first = |events: [EmittedEvent; 2]| events[0].clone();
    refuses(&mut mirror, vec![("is not the treasury", first(burned(1, 0, 6)))]).await;
    mirror.write(vec![treasury_set(1)]).await;
    assert_eq!(mirror.rows(TOTALS).await, ["01 0 0 0 5-1"]);
    mirror.write([minted(1, all - 9, 1), minted(2, 9, 2)].concat()).await;
    assert_eq!(mirror.rows(TOTALS).await, [format!("01 {all} 0 {all} 6-3")]);

    // What was burned can be minted again: the sums of all time exceed a u128, the supply does not.
    mirror.write([burned(1, all - 9, 3), minted(2, all - 9, 4)].concat()).await;
    let more = "680564733841876926926749214863536422901";
    assert_eq!(mirror.rows(TOTALS).await, [format!("01 {more} {} {all} 7-3", all - 9)]);
    assert_eq!(
        mirror.rows(RECEIPTS).await,
        [
            format!("01 minted 01 {} 6-1", all - 9),
            "02 minted 02 9 6-3".to_owned(),
            format!("03 burned 01 {} 7-1", all - 9),
            format!("04 minted 02 {} 7-3", all - 9),
        ]
    );

    // Another treasury: from now on only it burns.
    mirror.write([vec![treasury_set(2)], burned(2, 4, 5).into()].concat()).await;
    assert_eq!(mirror.rows(TOTALS).await, [format!("02 {more} {} {} 8-2", all - 5, all - 4)]);
    refuses(
        &mut mirror,
        vec![
            // A receipt that was minted against or burned against, more than there are, more than a
            // u128 holds, and somebody else's units.
            ("token_receipts_pkey", first(minted(1, 1, 1))),
            ("token_receipts_pkey", first(minted(1, 1, 3))),
            ("token_receipts_pkey", first(burned(2, 1, 1))),
            ("token_receipts_pkey", first(burned(2, 1, 3))),
            ("amount_range", first(burned(2, all, 6))),
            ("amount_range", first(minted(2, 5, 6))),
            ("is not the treasury", first(burned(1, 1, 6))),
        ],
    )
    .await;
    assert_eq!(mirror.rows(TOTALS).await, [format!("02 {more} {} {} 8-2", all - 5, all - 4)]);
}

#[sqlx::test(migrations = false)]
async fn a_frozen_account_keeps_what_it_holds_until_it_is_unfrozen(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror.write(minted(1, 10, 7).into()).await;
    // Also one that never held anything, and the treasury.
    mirror.write(vec![frozen(1, 0xf1), frozen(2, 0xf2)]).await;
    assert_eq!(mirror.rows(FROZEN).await, ["01 10 t f1 6-1", "02 0 t f2 6-2"]);
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
    assert_eq!(mirror.rows(FROZEN).await, ["01 10 t f1 6-1", "02 0 t f2 6-2"]);

    // What it allows to others moves nothing.
    mirror.write(vec![approval(1, 2, 5), unfrozen(1), transfer(Some(1), Some(3), 4)]).await;
    assert_eq!(mirror.rows(FROZEN).await, ["01 6 f - 7-3", "02 0 t f2 6-2", "03 4 f - 7-3"]);
    mirror.write(vec![frozen(1, 0xf4), unfrozen(2)]).await;
    assert_eq!(mirror.rows(FROZEN).await, ["01 6 t f4 8-1", "02 0 f - 8-2", "03 4 f - 7-3"]);
    refuses(&mut mirror, vec![("is not frozen", unfrozen(2))]).await;
}
