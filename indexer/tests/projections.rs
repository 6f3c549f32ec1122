//! What every event does to its projection, on a real Postgres.
//!
//! Accounts are printed by their first byte, positions as block-index; blocks count from 5.

mod common;

use common::{FIRST, Mirror, account, block_hash, event, metadata};
use sqlx::PgPool;
use subxt::ext::codec::Encode;

const PARTICIPANTS: &str = "select concat_ws(' ', substr(encode(account, 'hex'), 1, 2), roles, status, \
     substr(encode(profile, 'hex'), 1, 2), \
     coalesce(substr(encode(suspension_reason, 'hex'), 1, 2), '-'), \
     block_number || '-' || event_index) from participants order by account";

const GRANTS: &str = "select concat_ws(' ', id, substr(encode(owner, 'hex'), 1, 2), \
     substr(encode(grantee, 'hex'), 1, 2), purposes, categories, valid_from_ms, valid_until_ms, \
     coalesce(max_uses::text, '-'), uses, substr(encode(record, 'hex'), 1, 2), \
     coalesce(revoked_at_ms::text, '-'), block_number || '-' || event_index) \
     from grants order by id";

const ACCESS_LOG: &str = "select concat_ws(' ', access, substr(encode(owner, 'hex'), 1, 2), \
     substr(encode(requester, 'hex'), 1, 2), sequence, purpose, category, \
     coalesce(grant_id::text, '-'), permitted, coalesce(deny_reason, '-'), at_ms, \
     substr(encode(previous_hash, 'hex'), 1, 2), substr(encode(entry_hash, 'hex'), 1, 2), \
     block_number || '-' || event_index) from access_log order by access";

const REWARDS: &str = "select concat_ws(' ', substr(encode(account, 'hex'), 1, 2), owed, accrued, \
     withdrawn, block_number || '-' || event_index) from rewards order by account";

const TOTALS: &str = "select concat_ws(' ', coalesce(substr(encode(consent, 'hex'), 1, 2), '-'), \
     funded, unspent, owed, accrued, withdrawn, block_number || '-' || event_index) \
     from reward_totals";

const BALANCES: &str = "select concat_ws(' ', substr(encode(account, 'hex'), 1, 2), balance, \
     block_number || '-' || event_index) from token_balances order by account";

const BATCHES: &str = "select concat_ws(' ', batch, substr(encode(project, 'hex'), 1, 2), \
     serial_start, serial_end, vintage_start_ms, vintage_end_ms, issued, retired, \
     substr(encode(issued_to, 'hex'), 1, 2), block_number || '-' || event_index) \
     from carbon_batches order by batch";

const CARBON: &str = "select concat_ws(' ', batch, substr(encode(owner, 'hex'), 1, 2), tradable, \
     retired, block_number || '-' || event_index) from carbon_balances order by batch, owner";

const PERMIT: u8 = 0;

fn deny(reason: u8) -> (u8, u8) {
    (1, reason)
}

#[sqlx::test(migrations = false)]
async fn participants_are_registered_approved_suspended_and_reinstated(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let regulator = account(9);
    let registered = |n: u8| event("participants", "Registered", (account(n), [0xf0 + n; 32]));
    let approved =
        |n: u8, roles: u16| event("participants", "Approved", (account(n), roles, regulator));
    let suspended =
        |n: u8| event("participants", "Suspended", (account(n), [0xee_u8; 32], regulator));
    let reinstated = |n: u8| event("participants", "Reinstated", (account(n), regulator));

    mirror.write(vec![registered(1), registered(2)]).await;
    assert_eq!(mirror.rows(PARTICIPANTS).await, ["01 0 pending f1 - 5-1", "02 0 pending f2 - 5-2"]);

    mirror.write(vec![approved(1, 3), suspended(2)]).await;
    assert_eq!(
        mirror.rows(PARTICIPANTS).await,
        ["01 3 active f1 - 6-1", "02 0 suspended f2 ee 6-2"]
    );

    // Suspended before the first approval: pending again. Roles are replaced, not added.
    mirror.write(vec![approved(1, 4), reinstated(2)]).await;
    assert_eq!(mirror.rows(PARTICIPANTS).await, ["01 4 active f1 - 7-1", "02 0 pending f2 - 7-2"]);

    // New roles do not lift a suspension; reinstated it holds the new ones.
    mirror.write(vec![suspended(1), approved(1, 0x1ff)]).await;
    assert_eq!(mirror.rows(PARTICIPANTS).await[0], "01 511 suspended f1 ee 8-2");
    mirror.write(vec![reinstated(1)]).await;
    assert_eq!(mirror.rows(PARTICIPANTS).await[0], "01 511 active f1 - 9-1");
}

#[sqlx::test(migrations = false)]
async fn grants_are_given_used_and_revoked(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let (owner, clinic) = (account(1), account(2));
    let unlimited =
        (1_u64, owner, clinic, u32::MAX, 3_u32, 0_u64, u64::MAX, None::<u32>, [0xdd_u8; 32]);
    let twice = (2_u64, owner, clinic, 1_u32, 1_u32, 10_u64, 20_u64, Some(2_u32), [0xdd_u8; 32]);
    mirror
        .write(vec![event("consent", "Granted", unlimited), event("consent", "Granted", twice)])
        .await;
    assert_eq!(
        mirror.rows(GRANTS).await,
        [
            "1 01 02 4294967295 3 0 18446744073709551615 - 0 dd - 5-1",
            "2 01 02 1 1 10 20 2 0 dd - 5-2"
        ]
    );

    let first = decided(1, 1, 1, Some(2), PERMIT, [0; 32], [0xa1; 32]);
    let second = decided(1, 2, 2, None, deny(2), [0xa1; 32], [0xa2; 32]);
    // Another owner has a log of its own.
    let other = decided(3, 3, 1, Some(77), deny(8), [0; 32], [0xa3; 32]);
    mirror.write(vec![first, second, other]).await;
    assert_eq!(
        mirror.rows(ACCESS_LOG).await,
        [
            "1 01 02 1 0 3 2 t - 6000 00 a1 6-1",
            "2 01 02 2 0 3 - f NoGrant 6000 a1 a2 6-2",
            "3 03 02 1 0 3 77 f UsesExhausted 6000 00 a3 6-3"
        ]
    );
    // Only the permit counts a use.
    assert_eq!(mirror.rows(GRANTS).await[1], "2 01 02 1 1 10 20 2 1 dd - 6-1");

    mirror.write(vec![event("consent", "Revoked", (2_u64, owner, 7_000_u64))]).await;
    assert_eq!(mirror.rows(GRANTS).await[1], "2 01 02 1 1 10 20 2 1 dd 7000 7-1");
}

fn decided(
    owner: u8,
    access: u64,
    sequence: u64,
    grant: Option<u64>,
    decision: impl Encode,
    previous: [u8; 32],
    entry: [u8; 32],
) -> assent_indexer::decode::RawEvent {
    let parties = (account(owner), account(2), access, sequence, 0_u8, 3_u8);
    event("consent", "AccessDecided", (parties, grant, decision, 6_000_u64, previous, entry))
}

#[sqlx::test(migrations = false)]
async fn an_access_that_contradicts_the_log_or_the_grant_is_refused(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let granted =
        (1_u64, account(1), account(2), 1_u32, 1_u32, 0_u64, 9_u64, Some(1_u32), [0_u8; 32]);
    mirror.write(vec![event("consent", "Granted", granted)]).await;
    mirror.write(vec![decided(1, 1, 1, Some(1), PERMIT, [0; 32], [0xa1; 32])]).await;

    let refused = [
        ("does not follow", decided(1, 2, 2, None, deny(2), [0xbb; 32], [0xa2; 32])),
        ("does not follow", decided(1, 2, 3, None, deny(2), [0xa1; 32], [0xa2; 32])),
        ("does not follow", decided(3, 2, 1, None, deny(2), [0xa1; 32], [0xa2; 32])),
        // Used more often than it may be.
        ("grants_uses_within_max", decided(1, 2, 2, Some(1), PERMIT, [0xa1; 32], [0xa2; 32])),
        // A permit on a grant of another owner, and on none at all.
        ("without a grant", decided(3, 2, 1, Some(1), PERMIT, [0; 32], [0xa2; 32])),
        ("access_log_permit_has_grant", decided(3, 2, 1, None, PERMIT, [0; 32], [0xa2; 32])),
        // The same access twice.
        ("access_log_pkey", decided(3, 1, 1, None, deny(2), [0; 32], [0xa2; 32])),
    ];
    for (expected, access) in refused {
        let error = mirror.try_write(vec![access]).await.unwrap_err();
        assert!(!error.is_transient(), "{error}");
        assert!(error.to_string().contains(expected), "expected {expected}: {error}");
    }
    assert_eq!(mirror.rows(ACCESS_LOG).await.len(), 1);
}

#[sqlx::test(migrations = false)]
async fn report_versions_form_chains(pool: PgPool) {
    const REPORTS: &str = "select concat_ws(' ', substr(encode(series, 'hex'), 1, 2), sequence, \
         substr(encode(owner, 'hex'), 1, 2), substr(encode(previous, 'hex'), 1, 2), \
         substr(encode(digest, 'hex'), 1, 2), byte_length, at_ms, \
         block_number || '-' || event_index) from reports order by series, sequence";
    let anchored = |owner: u8, sequence: u32, previous: u8, digest: u8, length: u64| {
        let fields = ([0x5e_u8; 32], account(owner), sequence, [previous; 32], [digest; 32]);
        event("reports", "Anchored", (fields, length, 5_000_u64))
    };
    let mut mirror = Mirror::new(pool).await;
    mirror.write(vec![anchored(1, 1, 0, 0xd1, 100), anchored(1, 2, 0xd1, 0xd2, u64::MAX)]).await;
    assert_eq!(
        mirror.rows(REPORTS).await,
        ["5e 1 01 00 d1 100 5000 5-1", "5e 2 01 d1 d2 18446744073709551615 5000 5-2"]
    );

    let broken = [
        anchored(1, 3, 0xd1, 0xd3, 1),
        anchored(1, 4, 0xd2, 0xd3, 1),
        anchored(2, 3, 0xd2, 0xd3, 1),
        anchored(1, 1, 0, 0xd1, 100),
    ];
    for version in broken {
        assert!(mirror.try_write(vec![version]).await.is_err());
    }
    assert_eq!(mirror.rows(REPORTS).await.len(), 2);
}

#[sqlx::test(migrations = false)]
async fn rewards_are_funded_accrued_missed_and_withdrawn(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let consent = event("rewards", "ConsentSet", (account(0xcc),));
    let tariff = |amount: u128| event("rewards", "TariffSet", (1_u8, amount));
    let funded = event("rewards", "Funded", (account(4), 100_u128));
    mirror.write(vec![consent, tariff(5), funded, tariff(30)]).await;
    assert_eq!(mirror.rows(TOTALS).await, ["cc 100 100 0 0 0 5-3"]);
    const TARIFFS: &str =
        "select concat_ws(' ', purpose, amount, block_number || '-' || event_index) from tariffs";
    assert_eq!(mirror.rows(TARIFFS).await, ["1 30 5-4"]);

    let earning = |name: &str, owner: u8, access: u64, amount: u128| {
        event("rewards", name, (account(owner), access, 1_u8, amount))
    };
    mirror
        .write(vec![
            earning("Accrued", 1, 1, 30),
            earning("Accrued", 1, 2, 30),
            earning("Accrued", 2, 3, 30),
            earning("Unfunded", 2, 4, 30),
        ])
        .await;
    assert_eq!(mirror.rows(REWARDS).await, ["01 60 60 0 6-2", "02 30 30 0 6-3"]);
    assert_eq!(mirror.rows(TOTALS).await, ["cc 100 10 90 90 0 6-3"]);
    const ACCRUALS: &str = "select concat_ws(' ', access, substr(encode(owner, 'hex'), 1, 2), \
         purpose, amount, funded, block_number || '-' || event_index) \
         from reward_accruals order by access";
    assert_eq!(
        mirror.rows(ACCRUALS).await,
        ["1 01 1 30 t 6-1", "2 01 1 30 t 6-2", "3 02 1 30 t 6-3", "4 02 1 30 f 6-4"]
    );

    let withdrawn =
        |owner: u8, amount: u128| event("rewards", "Withdrawn", (account(owner), amount));
    mirror.write(vec![withdrawn(1, 60)]).await;
    assert_eq!(mirror.rows(REWARDS).await, ["01 0 60 60 7-1", "02 30 30 0 6-3"]);
    assert_eq!(mirror.rows(TOTALS).await, ["cc 100 10 30 90 60 7-1"]);

    // More than is owed, owed to nobody, an access that was paid, more than the fund holds.
    let refused = [
        withdrawn(1, 1),
        withdrawn(3, 1),
        earning("Accrued", 1, 1, 5),
        earning("Unfunded", 1, 4, 5),
        earning("Accrued", 1, 5, 11),
    ];
    for event in refused {
        assert!(mirror.try_write(vec![event]).await.is_err());
    }
    assert_eq!(mirror.rows(TOTALS).await, ["cc 100 10 30 90 60 7-1"]);
}

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

/// The story of the design, one event of every kind: the raw events, their JSON and their order.
#[sqlx::test(migrations = false)]
async fn every_event_of_the_contracts_decodes_and_has_a_projection(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let (patient, clinic, zero, hash) = (account(1), account(2), [0_u8; 32], [0xa1_u8; 32]);
    let granted = (1_u64, patient, clinic, 1_u32, 1_u32, 0_u64, 9_u64, Some(1_u32), hash);
    let parties = (patient, clinic, 1_u64, 1_u64, 0_u8, 0_u8);
    let batch = (1_u64, patient, hash, 1_u128, 9_u128, 1_u64, 2_u64, 9_u128);
    let story = vec![
        event("participants", "Registered", (patient, hash)),
        event("participants", "Approved", (patient, 1_u16, clinic)),
        event("participants", "Suspended", (patient, hash, clinic)),
        event("participants", "Reinstated", (patient, clinic)),
        event("token", "Transfer", (None::<[u8; 32]>, Some(patient), 9_u128)),
        event("token", "Minted", (patient, 9_u128, hash)),
        event("token", "Approval", (patient, clinic, 9_u128)),
        event("rewards", "ConsentSet", (clinic,)),
        event("rewards", "TariffSet", (0_u8, 5_u128)),
        event("rewards", "Funded", (patient, 9_u128)),
        event("consent", "Granted", granted),
        event("rewards", "Accrued", (patient, 1_u64, 0_u8, 5_u128)),
        event("consent", "AccessDecided", (parties, Some(1_u64), PERMIT, 5_u64, zero, hash)),
        event("rewards", "Unfunded", (patient, 2_u64, 0_u8, 5_u128)),
        event("rewards", "Withdrawn", (patient, 5_u128)),
        event("consent", "Revoked", (1_u64, patient, 6_u64)),
        event("reports", "Anchored", (hash, patient, 1_u32, zero, hash, 7_u64, 5_u64)),
        event("carbon", "BatchIssued", batch),
        event("carbon", "Transferred", (1_u64, patient, clinic, 4_u128)),
        event("carbon", "Retired", (1_u64, clinic, 4_u128, hash)),
    ];
    let raw = story.clone();
    mirror.write(story).await;

    let mut defined: Vec<String> = common::CONTRACTS
        .iter()
        .flat_map(|contract| {
            let events = metadata(contract).events().to_vec();
            events.into_iter().map(move |event| format!("{contract} {}", event.name))
        })
        .collect();
    defined.sort();
    let stored =
        mirror.rows("select contract_name || ' ' || name from events order by contract_name, name");
    let mut stored = stored.await;
    stored.sort();
    assert_eq!(stored, defined, "the story must contain every event that is defined");

    type Kept = (i64, i32, Vec<u8>, Vec<Vec<u8>>, Vec<u8>);
    let kept: Vec<Kept> = sqlx::query_as(
        "select block_number, event_index, contract, topics, data from events order by event_index",
    )
    .fetch_all(&mirror.pool)
    .await
    .unwrap();
    for (index, (row, raw)) in kept.iter().zip(&raw).enumerate() {
        assert_eq!((row.0, row.1), (5, i32::try_from(index).unwrap() + 1));
        assert_eq!(row.2, raw.contract);
        assert_eq!(row.3, raw.topics.iter().map(|topic| topic.to_vec()).collect::<Vec<_>>());
        assert_eq!(row.4, raw.data);
    }

    let fields: serde_json::Value =
        sqlx::query_scalar("select fields from events where name = 'AccessDecided'")
            .fetch_one(&mirror.pool)
            .await
            .unwrap();
    assert_eq!(fields["decision"], "Permit");
    assert_eq!(fields["access"], "1");
    assert_eq!(fields["purpose"], 0);
    assert_eq!(fields["previous"], format!("0x{}", "00".repeat(32)));
    assert!(fields["owner"].as_str().unwrap().starts_with('5'), "{fields}");

    let (number, hash, parent, time): (i64, Vec<u8>, Vec<u8>, i64) =
        sqlx::query_as("select number, hash, parent_hash, time_ms from blocks")
            .fetch_one(&mirror.pool)
            .await
            .unwrap();
    assert_eq!((number, time), (5, 5_000));
    assert_eq!(hash, block_hash(FIRST).0);
    assert_eq!(parent, block_hash(FIRST - 1).0);
}
