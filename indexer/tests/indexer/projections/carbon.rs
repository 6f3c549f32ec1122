//! The carbon registry: what there is, who holds it, escrow and freezes.

use assent_indexer_testing::carbon::{
    approved, batch, batch_created, cancelled, class_created, delivered, escrowed, frozen, issued,
    issuer_set, project_created, registry, released, retired, sealed, transferred, unfrozen,
};
use assent_indexer_testing::{Mirror, token};
use expect_test::expect;
use sqlx::PgPool;

use super::refuses;

const CLASSES: &str = "carbon_classes order by class";

const PROJECTS: &str = "carbon_projects order by project";

pub const BATCHES: &str = "carbon_batches order by batch";

pub const BALANCES: &str = "carbon_balances order by batch, owner";

const APPROVALS: &str = "carbon_approvals order by owner, operator, batch";

pub const ESCROWS: &str = "carbon_escrows order by operator, owner, batch";

const RETIREMENTS: &str = "carbon_retirements order by block_number, event_index";

const CANCELLATIONS: &str = "carbon_cancellations order by block_number, event_index";

const FROZEN: &str = "carbon_accounts order by account";

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
    expect![[r#"
        class=1 issuer=- metadata=c1 last_serial=0 at=5-1
        class=2 issuer=06 metadata=c1 last_serial=340282366920938463463374607431768211455 at=6-3
        class=3 issuer=08 metadata=c1 last_serial=1 at=6-5
    "#]]
    .assert_eq(&mirror.table(CLASSES).await);
    expect![[r#"
        project=1 class=2 owner=07 metadata=9e at=5-3
        project=2 class=3 owner=07 metadata=9e at=6-4
    "#]]
    .assert_eq(&mirror.table(PROJECTS).await);
    let batches = mirror.table(BATCHES).await;
    expect![[r#"
        batch=1 class=2 project=1 period=- serial_start=1 serial_end=1000 vintage_start_ms=10 vintage_end_ms=20 sealed=false issued=0 tradable=0 escrowed=0 retired=0 surrendered=0 cancelled=0 at=5-4
        batch=2 class=2 project=1 period=- serial_start=2001 serial_end=340282366920938463463374607431768211455 vintage_start_ms=10 vintage_end_ms=20 sealed=false issued=0 tradable=0 escrowed=0 retired=0 surrendered=0 cancelled=0 at=6-3
        batch=3 class=3 project=2 period=- serial_start=1 serial_end=1 vintage_start_ms=10 vintage_end_ms=20 sealed=false issued=0 tradable=0 escrowed=0 retired=0 surrendered=0 cancelled=0 at=6-5
    "#]].assert_eq(&batches);

    refuses(
        &mut mirror,
        vec![
            ("class 2 is there already", class_created(2, Some(8))),
            ("carbon_classes_allowances_have_no_issuer", class_created(4, None)),
            ("carbon_classes_allowances_have_no_issuer", issuer_set(1, 8)),
            ("has that issuer already", issuer_set(2, 6)),
            ("is not there", issuer_set(4, 6)),
            ("carbon_projects_pkey", project_created(1, 2)),
            ("class 4 of project 3 is not there", project_created(3, 4)),
            ("carbon_projects_not_of_allowances", project_created(3, 1)),
            ("batch 1 is there already", batch_created(1, 3, Some(2), (2, 3))),
            // Of another class than its project's, and without a project.
            ("project 1 is not there, or not of class 3", batch_created(4, 3, Some(1), (2, 3))),
            ("have_no_project", batch_created(4, 3, None, (2, 3))),
            ("project 1 is not there, or not of class 1", batch_created(4, 1, Some(1), (2, 3))),
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
    assert_eq!(mirror.table(BATCHES).await, batches);
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
    expect![[r#"
        batch=1 class=2 project=1 period=- serial_start=1 serial_end=1000 vintage_start_ms=10 vintage_end_ms=20 sealed=false issued=900 tradable=900 escrowed=0 retired=0 surrendered=0 cancelled=0 at=5-6
    "#]].assert_eq(&mirror.table(BATCHES).await);
    expect![[r#"
        batch=1 owner=01 tradable=700 escrowed=0 retired=0 surrendered=0 cancelled=0 at=5-5
        batch=1 owner=02 tradable=200 escrowed=0 retired=0 surrendered=0 cancelled=0 at=5-6
    "#]]
    .assert_eq(&mirror.table(BALANCES).await);

    // By their owner, and by an operator whose approval falls by as much.
    mirror
        .write(vec![
            transferred(1, 1, 2, 300, 1),
            approved(1, 2, 4, 50),
            approved(1, 2, 4, 20),
            transferred(1, 2, 3, 30, 4),
        ])
        .await;
    expect![[r#"
        batch=1 owner=01 tradable=400 escrowed=0 retired=0 surrendered=0 cancelled=0 at=6-1
        batch=1 owner=02 tradable=470 escrowed=0 retired=0 surrendered=0 cancelled=0 at=6-4
        batch=1 owner=03 tradable=30 escrowed=0 retired=0 surrendered=0 cancelled=0 at=6-4
    "#]]
    .assert_eq(&mirror.table(BALANCES).await);
    expect![[r#"
        owner=02 operator=04 batch=1 amount=20 at=6-3
    "#]]
    .assert_eq(&mirror.table(APPROVALS).await);
    // What changes hands does not change the batch.
    expect![[r#"
        batch=1 class=2 project=1 period=- serial_start=1 serial_end=1000 vintage_start_ms=10 vintage_end_ms=20 sealed=false issued=900 tradable=900 escrowed=0 retired=0 surrendered=0 cancelled=0 at=5-6
    "#]].assert_eq(&mirror.table(BATCHES).await);
    refuses(&mut mirror, vec![("carbon_batches_issued_within_serials", issued(1, 1, 101))]).await;

    mirror.write(vec![retired(1, 3, 5, 10), cancelled(1, 3, 5), sealed(1)]).await;
    expect![[r#"
        batch=1 class=2 project=1 period=- serial_start=1 serial_end=1000 vintage_start_ms=10 vintage_end_ms=20 sealed=true issued=900 tradable=885 escrowed=0 retired=10 surrendered=0 cancelled=5 at=7-3
    "#]].assert_eq(&mirror.table(BATCHES).await);
    expect![[r#"
        batch=1 owner=01 tradable=400 escrowed=0 retired=0 surrendered=0 cancelled=0 at=6-1
        batch=1 owner=02 tradable=470 escrowed=0 retired=0 surrendered=0 cancelled=0 at=6-4
        batch=1 owner=03 tradable=15 escrowed=0 retired=10 surrendered=0 cancelled=5 at=7-2
    "#]]
    .assert_eq(&mirror.table(BALANCES).await);
    expect![[r#"
        batch=1 owner=03 beneficiary=05 amount=10 reason=ee at=7-1
    "#]]
    .assert_eq(&mirror.table(RETIREMENTS).await);
    expect![[r#"
        batch=1 owner=03 amount=5 reason=ef at=7-2
    "#]]
    .assert_eq(&mirror.table(CANCELLATIONS).await);

    let before = mirror.table(BALANCES).await;
    refuses(
        &mut mirror,
        vec![
            // More than they hold, nothing held at all, an operator without an approval.
            ("falls below zero", transferred(1, 3, 1, 16, 3)),
            ("holds no units", transferred(1, 6, 1, 1, 6)),
            ("was never approved", transferred(1, 1, 2, 1, 4)),
            ("falls below zero", retired(1, 3, 3, 16)),
            ("carbon_retirements_something", retired(1, 3, 3, 0)),
            ("falls below zero", cancelled(1, 3, 16)),
            ("carbon_cancellations_something", cancelled(1, 3, 0)),
            ("holds no units", cancelled(1, 6, 1)),
            // A batch that is sealed, or not there.
            ("is not there, or sealed", issued(1, 1, 1)),
            ("is not there, or sealed", sealed(1)),
            ("is not there, or sealed", issued(2, 1, 1)),
            ("batch 2 is not there", approved(2, 1, 2, 1)),
            ("carbon_approvals_parties_differ", approved(1, 1, 1, 1)),
        ],
    )
    .await;
    assert_eq!(mirror.table(BALANCES).await, before);
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
    expect![[r#"
        batch=1 class=2 project=1 period=- serial_start=1 serial_end=1000 vintage_start_ms=10 vintage_end_ms=20 sealed=false issued=500 tradable=400 escrowed=100 retired=0 surrendered=0 cancelled=0 at=6-3
    "#]].assert_eq(&mirror.table(BATCHES).await);
    expect![[r#"
        batch=1 owner=01 tradable=400 escrowed=100 retired=0 surrendered=0 cancelled=0 at=6-3
    "#]]
    .assert_eq(&mirror.table(BALANCES).await);
    expect![[r#"
        operator=aa owner=01 batch=1 amount=100 at=6-3
    "#]]
    .assert_eq(&mirror.table(ESCROWS).await);

    mirror.write(vec![released(1, 1, 0xaa, 40), delivered(1, 1, 2, 50, 0xaa)]).await;
    expect![[r#"
        batch=1 class=2 project=1 period=- serial_start=1 serial_end=1000 vintage_start_ms=10 vintage_end_ms=20 sealed=false issued=500 tradable=490 escrowed=10 retired=0 surrendered=0 cancelled=0 at=7-2
    "#]].assert_eq(&mirror.table(BATCHES).await);
    expect![[r#"
        batch=1 owner=01 tradable=440 escrowed=10 retired=0 surrendered=0 cancelled=0 at=7-2
        batch=1 owner=02 tradable=50 escrowed=0 retired=0 surrendered=0 cancelled=0 at=7-2
    "#]]
    .assert_eq(&mirror.table(BALANCES).await);
    expect![[r#"
        operator=aa owner=01 batch=1 amount=10 at=7-2
    "#]]
    .assert_eq(&mirror.table(ESCROWS).await);
    refuses(
        &mut mirror,
        vec![
            // More than is held, of another owner, by another operator.
            ("falls below zero", released(1, 1, 0xaa, 11)),
            ("falls below zero", delivered(1, 1, 2, 11, 0xaa)),
            ("never held", released(1, 2, 0xaa, 1)),
            ("never held", delivered(1, 1, 2, 1, 0xab)),
            ("falls below zero", escrowed(1, 1, 0xaa, 441)),
            ("was never approved", escrowed(1, 2, 0xaa, 1)),
        ],
    )
    .await;

    // All that is left, and then all that the owner has.
    mirror.write(vec![released(1, 1, 0xaa, 10), escrowed(1, 1, 0xaa, 450)]).await;
    expect![[r#"
        operator=aa owner=01 batch=1 amount=450 at=8-2
    "#]]
    .assert_eq(&mirror.table(ESCROWS).await);
    expect![[r#"
        batch=1 owner=01 tradable=0 escrowed=450 retired=0 surrendered=0 cancelled=0 at=8-2
        batch=1 owner=02 tradable=50 escrowed=0 retired=0 surrendered=0 cancelled=0 at=7-2
    "#]]
    .assert_eq(&mirror.table(BALANCES).await);
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
    expect![[r#"
        account=01 frozen=true freeze_reason=f1 frozen_by=09 at=6-1
        account=04 frozen=true freeze_reason=f4 frozen_by=09 at=6-2
    "#]]
    .assert_eq(&mirror.table(FROZEN).await);

    let before = mirror.table(BALANCES).await;
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
    assert_eq!(mirror.table(BALANCES).await, before);

    // What is in escrow goes back all the same. A frozen operator moves nothing for others.
    mirror.write(vec![released(1, 1, 0xaa, 10), frozen(2, 0xf2), transferred(1, 3, 5, 1, 3)]).await;
    refuses(&mut mirror, vec![("while 0x0202", transferred(1, 3, 5, 1, 2))]).await;
    mirror.write(vec![unfrozen(1), unfrozen(2), transferred(1, 1, 2, 100, 1)]).await;
    mirror.write(vec![frozen(1, 0xf5)]).await;
    expect![[r#"
        account=01 frozen=true freeze_reason=f5 frozen_by=09 at=9-1
        account=02 frozen=false freeze_reason=- frozen_by=- at=8-2
        account=04 frozen=true freeze_reason=f4 frozen_by=09 at=6-2
    "#]]
    .assert_eq(&mirror.table(FROZEN).await);
    expect![[r#"
        batch=1 owner=01 tradable=0 escrowed=0 retired=0 surrendered=0 cancelled=0 at=8-3
        batch=1 owner=02 tradable=200 escrowed=0 retired=0 surrendered=0 cancelled=0 at=8-3
        batch=1 owner=03 tradable=89 escrowed=10 retired=0 surrendered=0 cancelled=0 at=7-3
        batch=1 owner=05 tradable=1 escrowed=0 retired=0 surrendered=0 cancelled=0 at=7-3
    "#]]
    .assert_eq(&mirror.table(BALANCES).await);
}

#[sqlx::test(migrations = false)]
async fn amounts_are_exact_up_to_the_greatest(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let all = u128::MAX;
    mirror
        .write([registry((1, all)), vec![issued(1, 1, all), approved(1, 1, 0xaa, all)]].concat())
        .await;
    refuses(&mut mirror, vec![("exceeds a u128", issued(1, 2, 1))]).await;
    mirror.write(vec![escrowed(1, 1, 0xaa, all), delivered(1, 1, 2, all, 0xaa)]).await;
    expect![[r#"
        batch=1 owner=01 tradable=0 escrowed=0 retired=0 surrendered=0 cancelled=0 at=6-2
        batch=1 owner=02 tradable=340282366920938463463374607431768211455 escrowed=0 retired=0 surrendered=0 cancelled=0 at=6-2
    "#]].assert_eq(&mirror.table(BALANCES).await);
    mirror.write(vec![retired(1, 2, 2, all - 1), cancelled(1, 2, 1)]).await;
    expect![[r#"
        batch=1 class=2 project=1 period=- serial_start=1 serial_end=340282366920938463463374607431768211455 vintage_start_ms=10 vintage_end_ms=20 sealed=false issued=340282366920938463463374607431768211455 tradable=0 escrowed=0 retired=340282366920938463463374607431768211454 surrendered=0 cancelled=1 at=7-2
    "#]].assert_eq(&mirror.table(BATCHES).await);
}
