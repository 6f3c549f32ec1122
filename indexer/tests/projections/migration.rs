//! A mirror of the first contracts stays readable when the schema moves on.

use sqlx::PgPool;

const FIRST: &str = include_str!("../../migrations/0001_initial.sql");
const SECOND: &str = include_str!("../../migrations/0002_health_contracts.sql");
const THIRD: &str = include_str!("../../migrations/0003_token.sql");
const FOURTH: &str = include_str!("../../migrations/0004_carbon_market.sql");

/// Rows as the first indexer wrote them; accounts and hashes repeat one byte.
const ROWS: &str = "
create function bytes32(n text) returns bytea language sql as
    $$ select decode(repeat(n, 32), 'hex') $$;
insert into blocks (number, hash, parent_hash, time_ms)
values (5, bytes32('b5'), bytes32('b4'), 5000), (6, bytes32('b6'), bytes32('b5'), 6000);
insert into contracts (address, name, code_hash, deployment_block)
values (bytes32('c4'), 'rewards', bytes32('cc'), 5), (bytes32('c0'), 'carbon', bytes32('cc'), 5);
insert into events (block_number, event_index, contract, contract_name, topics, data, name, fields)
select block_number, event_index, bytes32('c4'), 'rewards', '{}',
    bytes32(account) || decode(repeat('00', 16), 'hex'), name, jsonb_build_object('amount', amount)
from (values
    (5, 1, '04', 'Funded', '340282366920938463463374607431768211000'),
    (6, 1, '04', 'Funded', '7'),
    (5, 2, '05', 'Funded', '9'),
    (6, 2, '01', 'Withdrawn', '3')
) as raw (block_number, event_index, account, name, amount);
insert into participants (account, profile, roles, status, block_number, event_index)
values (bytes32('01'), bytes32('f1'), 3, 'active', 5, 3),
    (bytes32('02'), bytes32('f2'), 0, 'pending', 5, 4);
insert into grants (id, owner, grantee, purposes, categories, valid_from_ms, valid_until_ms, record,
    revoked_at_ms, block_number, event_index)
values (1, bytes32('01'), bytes32('02'), 1, 1, 0, 9, bytes32('dd'), 7, 5, 5),
    (2, bytes32('01'), bytes32('02'), 1, 1, 0, 9, bytes32('dd'), null, 5, 6);
insert into access_log (access, owner, requester, sequence, purpose, category, grant_id, permitted,
    deny_reason, at_ms, previous_hash, entry_hash, block_number, event_index)
values (1, bytes32('01'), bytes32('02'), 1, 0, 0, 1, true, null, 5, bytes32('00'), bytes32('a1'), 5, 7),
    (2, bytes32('01'), bytes32('02'), 2, 0, 0, null, false, 'NoGrant', 5, bytes32('a1'),
        bytes32('a2'), 5, 8);
insert into reports (series, sequence, owner, previous, digest, byte_length, at_ms, block_number,
    event_index)
values (bytes32('5e'), 1, bytes32('01'), bytes32('00'), bytes32('d1'), 1, 5, 5, 9);
insert into rewards (account, owed, accrued, withdrawn, block_number, event_index)
values (bytes32('01'), 1, 4, 3, 6, 2);
insert into reward_totals (funded, unspent, owed, accrued, withdrawn, block_number, event_index)
values (16, 12, 1, 4, 3, 6, 2);
insert into token_balances (account, balance, block_number, event_index)
values (bytes32('01'), 340282366920938463463374607431768211455, 6, 3);
insert into token_mints (receipt, account, amount, block_number, event_index)
values (bytes32('e1'), bytes32('01'), 340282366920938463463374607431768211000, 5, 11),
    (bytes32('e2'), bytes32('02'), 400, 6, 4), (bytes32('e3'), bytes32('01'), 55, 5, 12);
insert into events (block_number, event_index, contract, contract_name, topics, data, name, fields)
values (6, 5, bytes32('c0'), 'carbon', '{}', bytes32('9e'), 'BatchIssued', '{}');
insert into carbon_batches (batch, project, serial_start, serial_end, vintage_start_ms,
    vintage_end_ms, issued, issued_to, block_number, event_index)
values (1, bytes32('9e'), 1, 10, 1, 2, 10, bytes32('01'), 6, 5);
insert into carbon_balances (batch, owner, tradable, block_number, event_index)
values (1, bytes32('01'), 10, 6, 5);
";

async fn rows(pool: &PgPool, sql: &'static str) -> Vec<String> {
    sqlx::query_scalar(sql).fetch_all(pool).await.expect(sql)
}

#[sqlx::test(migrations = false)]
async fn rows_of_the_first_schema_are_carried_over(pool: PgPool) {
    for sql in [FIRST, ROWS, SECOND, THIRD, FOURTH] {
        sqlx::raw_sql(sql).execute(&pool).await.unwrap();
    }
    let grants = rows(
        &pool,
        "select concat_ws(' ', id, version, epoch, substr(encode(granted_by, 'hex'), 1, 2), \
         coalesce(substr(encode(revoked_by, 'hex'), 1, 2), '-'), revoked_with_all, \
         substr(encode(policy, 'hex'), 1, 2)) from grants order by id",
    );
    assert_eq!(grants.await, ["1 1 0 01 01 f 00", "2 1 0 01 - f 00"]);
    let log = rows(
        &pool,
        "select concat_ws(' ', access, substr(encode(previous_head, 'hex'), 1, 2), \
         substr(encode(head, 'hex'), 1, 2), substr(encode(content, 'hex'), 1, 2), \
         window_id is null) from access_log order by access",
    );
    assert_eq!(log.await, ["1 00 a1 00 t", "2 a1 a2 00 t"]);
    let reports = rows(
        &pool,
        "select concat_ws(' ', substr(encode(head, 'hex'), 1, 2), \
         substr(encode(root, 'hex'), 1, 2), chunks, substr(encode(patient, 'hex'), 1, 2), \
         substr(encode(doctor, 'hex'), 1, 2)) from reports",
    );
    assert_eq!(reports.await, ["d1 00 1 01 00"]);
    let contributions = rows(
        &pool,
        "select concat_ws(' ', substr(encode(funder, 'hex'), 1, 2), funded, refunded, \
         block_number || '-' || event_index) from reward_contributions order by funder",
    );
    assert_eq!(
        contributions.await,
        ["04 340282366920938463463374607431768211007 0 6-1", "05 9 0 5-2"]
    );
    let withdrawals = rows(
        &pool,
        "select concat_ws(' ', substr(encode(owner, 'hex'), 1, 2), \
         substr(encode(paid_to, 'hex'), 1, 2), amount, block_number || '-' || event_index) \
         from reward_withdrawals",
    );
    assert_eq!(withdrawals.await, ["01 01 3 6-2"]);
    let totals = rows(&pool, "select concat_ws(' ', unspent, refunded, owed) from reward_totals");
    assert_eq!(totals.await, ["12 0 1"]);
    let receipts = rows(
        &pool,
        "select concat_ws(' ', substr(encode(receipt, 'hex'), 1, 2), kind) \
         from token_receipts order by receipt",
    );
    assert_eq!(receipts.await, ["e1 minted", "e2 minted", "e3 minted"]);
    let token = rows(
        &pool,
        "select concat_ws(' ', coalesce(substr(encode(treasury, 'hex'), 1, 2), '-'), minted, \
         burned, supply, block_number || '-' || event_index) from token_totals",
    );
    let all = u128::MAX;
    assert_eq!(token.await, [format!("- {all} 0 {all} 6-4")]);
    let balances = rows(
        &pool,
        "select concat_ws(' ', balance, frozen, freeze_reason is null) from token_balances",
    );
    assert_eq!(balances.await, [format!("{all} f t")]);
    // Units without a class are not carried over; their events are.
    let carbon = rows(
        &pool,
        "select 'batch' from carbon_batches union all select 'balance' from carbon_balances \
         union all select name from events where contract_name = 'carbon'",
    );
    assert_eq!(carbon.await, ["BatchIssued"]);
}

/// From the third schema to the fourth: what another contract's tables hold stays as it is, and the
/// new ones are those of an empty database.
#[sqlx::test(migrations = false)]
async fn the_new_tables_of_a_mirror_that_moves_on_are_those_of_a_new_one(pool: PgPool) {
    const SCHEMA: &str = "select concat_ws(' ', table_name, column_name, \
         coalesce(domain_name, data_type), is_nullable, column_default) \
         from information_schema.columns where table_schema = 'public' \
         and table_name like any (array['carbon%', 'market%']) \
         union all select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) \
         from pg_constraint where conrelid::regclass::text like any (array['carbon%', 'market%']) \
         union all select indexdef from pg_indexes where schemaname = 'public' \
         and tablename like any (array['carbon%', 'market%']) order by 1";
    const OTHERS: &str = "select concat_ws(' ', (select sum(balance) from token_balances), \
         (select sum(amount) from token_receipts), (select count(*) from events), \
         (select count(*) from grants), (select count(*) from reports))";
    for sql in [FIRST, SECOND, THIRD, FOURTH] {
        sqlx::raw_sql(sql).execute(&pool).await.unwrap();
    }
    let new = rows(&pool, SCHEMA).await;
    assert!(new.iter().any(|line| line.starts_with("market_fills payment amount NO")), "{new:?}");
    sqlx::raw_sql("drop schema public cascade; create schema public").execute(&pool).await.unwrap();
    for sql in [FIRST, ROWS, SECOND, THIRD] {
        sqlx::raw_sql(sql).execute(&pool).await.unwrap();
    }
    let others = rows(&pool, OTHERS).await;
    sqlx::raw_sql(FOURTH).execute(&pool).await.unwrap();
    assert_eq!(rows(&pool, SCHEMA).await, new);
    assert_eq!(rows(&pool, OTHERS).await, others);
}
