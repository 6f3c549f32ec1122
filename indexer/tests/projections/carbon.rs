//! The carbon registry: what there is, who holds it, escrow and freezes.

use sqlx::PgPool;

use crate::refuses;
use assent_indexer_testing::carbon::{
    approved, batch, batch_created, cancelled, class_created, delivered, escrowed, frozen, issued,
    issuer_set, project_created, registry, released, retired, sealed, transferred, unfrozen,
};
use assent_indexer_testing::{Mirror, token};

const CLASSES: &str = "select concat_ws(' ', class, \
     coalesce(substr(encode(issuer, 'hex'), 1, 2), '-'), substr(encode(metadata, 'hex'), 1, 2), \
     last_serial, block_number || '-' || event_index) from carbon_classes order by class";

const PROJECTS: &str = "select concat_ws(' ', project, class, substr(encode(owner, 'hex'), 1, 2), \
     substr(encode(metadata, 'hex'), 1, 2), block_number || '-' || event_index) \
     from carbon_projects order by project";

/// Of a batch: the serial numbers and the vintage.
const RANGES: &str = "select concat_ws(' ', batch, class, coalesce(project::text, '-'), \
     serial_start, serial_end, vintage_start_ms, vintage_end_ms, \
     block_number || '-' || event_index) from carbon_batches order by batch";

/// Of a batch: whether it is sealed, what was issued, and where it is.
pub const BATCHES: &str = "select concat_ws(' ', batch, sealed, issued, tradable, escrowed, \
     retired, surrendered, cancelled, block_number || '-' || event_index) \
     from carbon_batches order by batch";

pub const BALANCES: &str = "select concat_ws(' ', batch, substr(encode(owner, 'hex'), 1, 2), \
     tradable, escrowed, retired, surrendered, cancelled, block_number || '-' || event_index) \
     from carbon_balances order by batch, owner";

const APPROVALS: &str = "select concat_ws(' ', substr(encode(owner, 'hex'), 1, 2), \
     substr(encode(operator, 'hex'), 1, 2), batch, amount, block_number || '-' || event_index) \
     from carbon_approvals order by owner, operator, batch";

pub const ESCROWS: &str = "select concat_ws(' ', substr(encode(operator, 'hex'), 1, 2), \
     substr(encode(owner, 'hex'), 1, 2), batch, amount, block_number || '-' || event_index) \
     from carbon_escrows order by operator, owner, batch";

const RETIREMENTS: &str = "select concat_ws(' ', batch, substr(encode(owner, 'hex'), 1, 2), \
     substr(encode(beneficiary, 'hex'), 1, 2), amount, substr(encode(reason, 'hex'), 1, 2), \
     block_number || '-' || event_index) from carbon_retirements \
     order by block_number, event_index";

const CANCELLATIONS: &str = "select concat_ws(' ', batch, substr(encode(owner, 'hex'), 1, 2), \
     amount, substr(encode(reason, 'hex'), 1, 2), block_number || '-' || event_index) \
     from carbon_cancellations order by block_number, event_index";

const FROZEN: &str = "select concat_ws(' ', substr(encode(account, 'hex'), 1, 2), frozen, \
     coalesce(substr(encode(freeze_reason, 'hex'), 1, 2), '-'), \
     coalesce(substr(encode(frozen_by, 'hex'), 1, 2), '-'), \
     block_number || '-' || event_index) from carbon_accounts order by account";

#[sqlx::test(migrations = false)]
async fn classes_projects_and_batches_are_registered(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let all = u128::MAX;
    mirror.write(registry((1, 1_000))).await;
    mirror
        .write(vec![
            class_created(3, Some(8)),
            issuer_set(2, 6),
            batch_created(2, 2, Some(1), (2_001, all)),
            // Serial numbers of another class.
            project_created(2, 3),
            batch_created(3, 3, Some(2), (1, 1)),
        ])
        .await;
    assert_eq!(
        mirror.rows(CLASSES).await,
        ["1 - c1 0 5-1".to_owned(), format!("2 06 c1 {all} 6-3"), "3 08 c1 1 6-5".to_owned()]
    );
    assert_eq!(mirror.rows(PROJECTS).await, ["1 2 07 9e 5-3", "2 3 07 9e 6-4"]);
    let ranges = mirror.rows(RANGES).await;
    let second = format!("2 2 1 2001 {all} 10 20 6-3");
    assert_eq!(ranges, ["1 2 1 1 1000 10 20 5-4", second.as_str(), "3 3 2 1 1 10 20 6-5"]);
    assert_eq!(mirror.rows(BATCHES).await[0], "1 f 0 0 0 0 0 0 5-4");

    refuses(
        &mut mirror,
        vec![
            ("carbon_classes_pkey", class_created(2, Some(8))),
            ("carbon_classes_allowances_have_no_issuer", class_created(4, None)),
            ("carbon_classes_allowances_have_no_issuer", issuer_set(1, 8)),
            ("has that issuer already", issuer_set(2, 6)),
            ("is not there", issuer_set(4, 6)),
            ("carbon_projects_pkey", project_created(1, 2)),
            ("carbon_projects_class_fkey", project_created(3, 4)),
            ("carbon_projects_not_of_allowances", project_created(3, 1)),
            ("carbon_batches_pkey", batch_created(1, 3, Some(2), (2, 3))),
            // Of another class than its project's, and without a project.
            ("carbon_batches_project_fkey", batch_created(4, 3, Some(1), (2, 3))),
            ("have_no_project", batch_created(4, 3, None, (2, 3))),
            ("have_no_project", batch_created(4, 1, Some(1), (2, 3))),
            // Serial numbers that are taken or before those that are, none, none at all.
            ("do not follow", batch_created(4, 3, Some(2), (1, 3))),
            ("do not follow", batch_created(4, 2, Some(1), (1_500, 1_600))),
            ("do not follow", batch_created(4, 1, None, (0, 3))),
            ("carbon_batches_serials_in_order", batch_created(4, 3, Some(2), (3, 2))),
            ("do not follow", batch_created(4, 4, Some(2), (2, 3))),
            ("carbon_batches_vintage_not_empty", batch(4, 3, Some(2), (2, 3), (20, 20))),
        ],
    )
    .await;
    assert_eq!(mirror.rows(RANGES).await, ranges);
}

/// The writer refuses a batch below the last serial number of its class; the table refuses what
/// overlaps by itself.
#[sqlx::test(migrations = false)]
async fn no_two_batches_of_a_class_share_a_serial_number(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let all = u128::MAX;
    mirror.write(registry((5, all))).await;
    mirror.write(vec![class_created(3, Some(8)), project_created(2, 3)]).await;
    let insert = |class: i64, project: i64, start: &'static str| {
        sqlx::query(
            "insert into carbon_batches (batch, class, project, serial_start, serial_end, \
             vintage_start_ms, vintage_end_ms, block_number, event_index) \
             values (9, $1, $2, $3::text::amount, 340282366920938463463374607431768211455, 1, 2, \
             5, 1)",
        )
        .bind(class)
        .bind(project)
        .bind(start)
        .execute(&mirror.pool)
    };
    let error = insert(2, 1, "340282366920938463463374607431768211455").await.unwrap_err();
    assert!(error.to_string().contains("carbon_batches_serials_disjoint"), "{error}");
    // The same numbers in another class.
    insert(3, 2, "1").await.unwrap();
}

#[sqlx::test(migrations = false)]
async fn units_are_issued_transferred_retired_and_cancelled(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror.write([registry((1, 1_000)), vec![issued(1, 1, 700), issued(1, 2, 200)]].concat()).await;
    assert_eq!(mirror.rows(BATCHES).await, ["1 f 900 900 0 0 0 0 5-6"]);
    assert_eq!(mirror.rows(BALANCES).await, ["1 01 700 0 0 0 0 5-5", "1 02 200 0 0 0 0 5-6"]);

    // By their owner, and by an operator whose approval falls by as much.
    mirror
        .write(vec![
            transferred(1, 1, 2, 300, 1),
            approved(1, 2, 4, 50),
            approved(1, 2, 4, 20),
            transferred(1, 2, 3, 30, 4),
        ])
        .await;
    assert_eq!(
        mirror.rows(BALANCES).await,
        ["1 01 400 0 0 0 0 6-1", "1 02 470 0 0 0 0 6-4", "1 03 30 0 0 0 0 6-4"]
    );
    assert_eq!(mirror.rows(APPROVALS).await, ["02 04 1 20 6-3"]);
    // What changes hands does not change the batch.
    assert_eq!(mirror.rows(BATCHES).await, ["1 f 900 900 0 0 0 0 5-6"]);
    refuses(&mut mirror, vec![("carbon_batches_issued_within_serials", issued(1, 1, 101))]).await;

    mirror.write(vec![retired(1, 3, 5, 10), cancelled(1, 3, 5), sealed(1)]).await;
    assert_eq!(mirror.rows(BATCHES).await, ["1 t 900 885 0 10 0 5 7-3"]);
    assert_eq!(mirror.rows(BALANCES).await[2], "1 03 15 0 10 0 5 7-2");
    assert_eq!(mirror.rows(RETIREMENTS).await, ["1 03 05 10 ee 7-1"]);
    assert_eq!(mirror.rows(CANCELLATIONS).await, ["1 03 5 ef 7-2"]);

    let before = mirror.rows(BALANCES).await;
    refuses(
        &mut mirror,
        vec![
            // More than they hold, nothing held at all, an operator without an approval.
            ("amount_range", transferred(1, 3, 1, 16, 3)),
            ("holds no units", transferred(1, 6, 1, 1, 6)),
            ("was never approved", transferred(1, 1, 2, 1, 4)),
            ("amount_range", retired(1, 3, 3, 16)),
            ("carbon_retirements_something", retired(1, 3, 3, 0)),
            ("amount_range", cancelled(1, 3, 16)),
            ("carbon_cancellations_something", cancelled(1, 3, 0)),
            ("holds no units", cancelled(1, 6, 1)),
            // A batch that is sealed, or not there.
            ("is not there, or sealed", issued(1, 1, 1)),
            ("is not there, or sealed", sealed(1)),
            ("is not there, or sealed", issued(2, 1, 1)),
            ("carbon_approvals_batch_fkey", approved(2, 1, 2, 1)),
            ("carbon_approvals_parties_differ", approved(1, 1, 1, 1)),
        ],
    )
    .await;
    assert_eq!(mirror.rows(BALANCES).await, before);
}

#[sqlx::test(migrations = false)]
async fn units_are_held_in_escrow_given_back_and_delivered(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror.write([registry((1, 1_000)), vec![issued(1, 1, 500)]].concat()).await;
    mirror
        .write(vec![
            approved(1, 1, 0xaa, 300),
            approved(1, 1, 0xaa, 200),
            escrowed(1, 1, 0xaa, 100),
        ])
        .await;
    assert_eq!(mirror.rows(BATCHES).await, ["1 f 500 400 100 0 0 0 6-3"]);
    assert_eq!(mirror.rows(BALANCES).await, ["1 01 400 100 0 0 0 6-3"]);
    assert_eq!(mirror.rows(ESCROWS).await, ["aa 01 1 100 6-3"]);

    mirror.write(vec![released(1, 1, 0xaa, 40), delivered(1, 1, 2, 50, 0xaa)]).await;
    assert_eq!(mirror.rows(BATCHES).await, ["1 f 500 490 10 0 0 0 7-2"]);
    assert_eq!(mirror.rows(BALANCES).await, ["1 01 440 10 0 0 0 7-2", "1 02 50 0 0 0 0 7-2"]);
    assert_eq!(mirror.rows(ESCROWS).await, ["aa 01 1 10 7-2"]);
    refuses(
        &mut mirror,
        vec![
            // More than is held, of another owner, by another operator.
            ("amount_range", released(1, 1, 0xaa, 11)),
            ("amount_range", delivered(1, 1, 2, 11, 0xaa)),
            ("never held", released(1, 2, 0xaa, 1)),
            ("never held", delivered(1, 1, 2, 1, 0xab)),
            ("amount_range", escrowed(1, 1, 0xaa, 441)),
            ("was never approved", escrowed(1, 2, 0xaa, 1)),
        ],
    )
    .await;

    // All that is left, and then all that the owner has.
    mirror.write(vec![released(1, 1, 0xaa, 10), escrowed(1, 1, 0xaa, 450)]).await;
    assert_eq!(mirror.rows(ESCROWS).await, ["aa 01 1 450 8-2"]);
    assert_eq!(mirror.rows(BALANCES).await[0], "1 01 0 450 0 0 0 8-2");
}

#[sqlx::test(migrations = false)]
async fn a_frozen_account_neither_gets_nor_gives_units(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let holders = vec![issued(1, 1, 100), issued(1, 2, 100), issued(1, 3, 100)];
    let operators = [1, 2, 3].map(|owner| approved(1, owner, 0xaa, 50)).to_vec();
    let held = vec![escrowed(1, 1, 0xaa, 10), escrowed(1, 3, 0xaa, 10), approved(1, 3, 2, 9)];
    mirror.write([registry((1, 1_000)), holders, operators, held].concat()).await;
    // Also one that never held anything; what the token says of an account is another matter.
    mirror.write(vec![frozen(1, 0xf1), frozen(4, 0xf4), token::frozen(3, 0xf3)]).await;
    assert_eq!(mirror.rows(FROZEN).await, ["01 t f1 09 6-1", "04 t f4 09 6-2"]);

    let before = mirror.rows(BALANCES).await;
    refuses(
        &mut mirror,
        vec![
            ("while 0x0101", issued(1, 1, 1)),
            ("while 0x0101", transferred(1, 1, 2, 1, 1)),
            ("while 0x0404", transferred(1, 2, 4, 1, 2)),
            ("while 0x0101", escrowed(1, 1, 0xaa, 1)),
            ("while 0x0101", delivered(1, 1, 2, 1, 0xaa)),
            ("while 0x0404", delivered(1, 3, 4, 1, 0xaa)),
            ("while 0x0101", retired(1, 1, 1, 1)),
            ("while 0x0101", cancelled(1, 1, 1)),
            ("is frozen already", frozen(1, 0xf2)),
            ("is not frozen", unfrozen(2)),
        ],
    )
    .await;
    assert_eq!(mirror.rows(BALANCES).await, before);

    // What is in escrow goes back all the same. A frozen operator moves nothing for others.
    mirror.write(vec![released(1, 1, 0xaa, 10), frozen(2, 0xf2), transferred(1, 3, 5, 1, 3)]).await;
    refuses(&mut mirror, vec![("while 0x0202", transferred(1, 3, 5, 1, 2))]).await;
    mirror.write(vec![unfrozen(1), unfrozen(2), transferred(1, 1, 2, 100, 1)]).await;
    mirror.write(vec![frozen(1, 0xf5)]).await;
    assert_eq!(mirror.rows(FROZEN).await, ["01 t f5 09 9-1", "02 f - - 8-2", "04 t f4 09 6-2"]);
    assert_eq!(mirror.rows(BALANCES).await[1], "1 02 200 0 0 0 0 8-3");
}

#[sqlx::test(migrations = false)]
async fn amounts_are_exact_up_to_the_greatest(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let all = u128::MAX;
    mirror
        .write([registry((1, all)), vec![issued(1, 1, all), approved(1, 1, 0xaa, all)]].concat())
        .await;
    refuses(&mut mirror, vec![("amount_range", issued(1, 2, 1))]).await;
    mirror.write(vec![escrowed(1, 1, 0xaa, all), delivered(1, 1, 2, all, 0xaa)]).await;
    assert_eq!(
        mirror.rows(BALANCES).await,
        ["1 01 0 0 0 0 0 6-2".to_owned(), format!("1 02 {all} 0 0 0 0 6-2")]
    );
    mirror.write(vec![retired(1, 2, 2, all - 1), cancelled(1, 2, 1)]).await;
    assert_eq!(mirror.rows(BATCHES).await, [format!("1 f {all} 0 0 {} 0 1 7-2", all - 1)]);
}
