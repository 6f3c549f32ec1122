//! The token and the carbon credits.

use sqlx::PgPool;

use crate::common::{Mirror, account, event};

const BALANCES: &str = "select concat_ws(' ', substr(encode(account, 'hex'), 1, 2), balance, \
     block_number || '-' || event_index) from token_balances order by account";

const BATCHES: &str = "select concat_ws(' ', batch, substr(encode(project, 'hex'), 1, 2), \
     serial_start, serial_end, vintage_start_ms, vintage_end_ms, issued, retired, \
     substr(encode(issued_to, 'hex'), 1, 2), block_number || '-' || event_index) \
     from carbon_batches order by batch";

const CARBON: &str = "select concat_ws(' ', batch, substr(encode(owner, 'hex'), 1, 2), tradable, \
     retired, block_number || '-' || event_index) from carbon_balances order by batch, owner";

#[sqlx::test(migrations = false)]
async fn tokens_are_minted_moved_and_approved(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let transfer = |from: Option<u8>, to: Option<u8>, value: u128| {
        event("token", "Transfer", (from.map(account), to.map(account), value))
    };
    let minted = |receipt: u8| event("token", "Minted", (account(1), u128::MAX, [receipt; 32]));
    mirror.write(vec![transfer(None, Some(1), u128::MAX), minted(7)]).await;
    let all = u128::MAX;
    assert_eq!(mirror.rows(BALANCES).await, [format!("01 {all} 5-1")]);
    const MINTS: &str = "select concat_ws(' ', substr(encode(receipt, 'hex'), 1, 2), \
         substr(encode(account, 'hex'), 1, 2), amount, block_number || '-' || event_index) \
         from token_mints";
    assert_eq!(mirror.rows(MINTS).await, [format!("07 01 {all} 5-2")]);

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

    let approval = |amount: u128| event("token", "Approval", (account(1), account(2), amount));
    mirror.write(vec![approval(5), approval(3)]).await;
    const ALLOWANCES: &str = "select concat_ws(' ', substr(encode(owner, 'hex'), 1, 2), \
         substr(encode(spender, 'hex'), 1, 2), amount, block_number || '-' || event_index) \
         from token_allowances";
    assert_eq!(mirror.rows(ALLOWANCES).await, ["01 02 3 7-2"]);

    // More than it holds, more than a u128 holds, a receipt that was used.
    for event in [transfer(Some(2), Some(1), 31), transfer(None, Some(1), 41), minted(7)] {
        assert!(mirror.try_write(vec![event]).await.is_err());
    }
    assert_eq!(mirror.rows(BALANCES).await[1], "02 30 6-4");
}

#[sqlx::test(migrations = false)]
async fn carbon_is_issued_transferred_and_retired(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let issued = |batch: u64, start: u128, end: u128| {
        let fields = (batch, account(1), [0x9e_u8; 32], start, end, 10_u64, 20_u64);
        event("carbon", "BatchIssued", (fields, end - start + 1))
    };
    let transferred = |from: u8, to: u8, amount: u128| {
        event("carbon", "Transferred", (1_u64, account(from), account(to), amount))
    };
    let retired = |owner: u8, amount: u128| {
        event("carbon", "Retired", (1_u64, account(owner), amount, [0xee_u8; 32]))
    };
    mirror.write(vec![issued(1, 1, 1_000), issued(2, 1_001, u128::MAX)]).await;
    let rest = u128::MAX - 1_000;
    assert_eq!(
        mirror.rows(BATCHES).await,
        [
            "1 9e 1 1000 10 20 1000 0 01 5-1".to_owned(),
            format!("2 9e 1001 {} 10 20 {rest} 0 01 5-2", u128::MAX)
        ]
    );
    assert_eq!(
        mirror.rows(CARBON).await,
        ["1 01 1000 0 5-1".to_owned(), format!("2 01 {rest} 0 5-2")]
    );

    mirror.write(vec![transferred(1, 2, 300), retired(2, 100), retired(2, 50)]).await;
    assert_eq!(mirror.rows(CARBON).await[..2], ["1 01 700 0 6-1", "1 02 150 150 6-3"]);
    assert_eq!(mirror.rows(BATCHES).await[0], "1 9e 1 1000 10 20 1000 150 01 6-3");

    // More than they hold, nothing held at all, serials that were issued, a batch that is there.
    let refused = [
        transferred(2, 1, 151),
        retired(2, 151),
        retired(3, 1),
        issued(3, 1_000, 1_001),
        issued(1, 5, 6),
    ];
    for event in refused {
        assert!(mirror.try_write(vec![event]).await.is_err());
    }
    assert_eq!(mirror.rows(CARBON).await[1], "1 02 150 150 6-3");
}
