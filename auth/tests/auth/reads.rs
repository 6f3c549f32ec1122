//! Who read what: what is put on record, what is found of it, and when it is forgotten.

use std::time::Duration;

use assent_auth::{AuthError, KeyId, Pruned, Read, ReadsQuery, Recorded};
use assent_client::Account;
use sqlx::PgPool;

use crate::support::{App, DAY};

const ALICE: Account = Account([1; 32]);
const BOB: Account = Account([2; 32]);
const HOSPITAL: Account = Account([7; 32]);
const NURSE: Account = Account([8; 32]);
/// The key that acts for the hospital.
const KEY: Account = Account([9; 32]);

/// Of grants, by this key for this account.
fn read(reader: Account, reader_as: Account) -> Read {
    let route = "/v1/consents".to_owned();
    Read { reader, reader_as, api_key: None, route, block_number: 7 }
}

/// All records, as far as a page holds them.
fn all() -> ReadsQuery {
    ReadsQuery { limit: 1_000, ..ReadsQuery::default() }
}

/// What is found, by its number: the first that was made is 1.
async fn found(app: &App, query: ReadsQuery) -> Vec<i64> {
    let records = app.auth.reads(query).await.unwrap();
    records.into_iter().map(|record| record.id).collect()
}

/// Records 1 to 5: of Alice and Bob by the nurse, of Alice by the hospital's key, of Bob by Alice, and of the nurse
/// by the hospital.
async fn seeded(pool: PgPool) -> App {
    let app = App::new(pool);
    for (read, subjects) in [
        (read(NURSE, NURSE), vec![ALICE, BOB]),
        (read(KEY, HOSPITAL), vec![ALICE]),
        (read(ALICE, ALICE), vec![BOB]),
        (read(HOSPITAL, HOSPITAL), vec![NURSE]),
    ] {
        app.auth.record(&read, subjects).await.unwrap();
    }
    app
}

#[sqlx::test(migrator = "assent_auth::MIGRATOR")]
async fn a_reading_is_one_record_for_each_subject_with_all_that_is_known(pool: PgPool) {
    let app = App::new(pool);
    let api_key: KeyId = "3f9c0a1b2c3d4e5f".parse().unwrap();
    let route = "/v1/reports/{owner}/{series}".to_owned();
    let by_key = Read { reader: KEY, api_key: Some(api_key), route, ..read(NURSE, HOSPITAL) };
    app.auth.record(&by_key, vec![ALICE, BOB]).await.unwrap();
    let first = app.now();
    app.wait(Duration::from_millis(1));
    app.auth.record(&read(NURSE, NURSE), vec![ALICE]).await.unwrap();
    // Of nobody, and of the same once more.
    app.auth.record(&read(NURSE, NURSE), vec![]).await.unwrap();
    app.auth.record(&read(NURSE, NURSE), vec![ALICE]).await.unwrap();
    let of_key = |id, subject| Recorded {
        id,
        at_ms: first,
        subject,
        reader: KEY,
        reader_as: HOSPITAL,
        api_key: Some(api_key),
        route: by_key.route.clone(),
        block_number: 7,
    };
    let later = Recorded {
        id: 3,
        at_ms: app.now(),
        subject: ALICE,
        reader: NURSE,
        reader_as: NURSE,
        api_key: None,
        route: "/v1/consents".to_owned(),
        block_number: 7,
    };
    let records = app.auth.reads(all()).await.unwrap();
    assert_eq!(records, [of_key(1, ALICE), of_key(2, BOB), later]);
}

#[sqlx::test(migrator = "assent_auth::MIGRATOR")]
async fn records_are_found_by_whose_they_are_and_by_what_is_asked_for(pool: PgPool) {
    let app = seeded(pool).await;
    assert_eq!(found(&app, all()).await, [1, 2, 3, 4, 5]);
    let of = |subjects: &[Account], readers: &[Account]| ReadsQuery {
        subjects: Some(subjects.to_vec()),
        readers: Some(readers.to_vec()),
        ..all()
    };
    assert_eq!(found(&app, of(&[ALICE], &[])).await, [1, 3]);
    assert_eq!(found(&app, of(&[ALICE], &[ALICE])).await, [1, 3, 4]);
    assert_eq!(found(&app, of(&[NURSE], &[NURSE])).await, [1, 2, 5]);
    // Not by the key that asked, but by the account as which it did.
    assert_eq!(found(&app, of(&[], &[HOSPITAL])).await, [3, 5]);
    assert!(found(&app, of(&[KEY], &[KEY])).await.is_empty());
    assert!(found(&app, of(&[], &[])).await.is_empty());
    // A filter never shows more.
    for (subject, reader_as, expected) in [
        (Some(ALICE), None, vec![1, 3]),
        (Some(BOB), None, vec![4]),
        (None, Some(ALICE), vec![4]),
        (Some(ALICE), Some(HOSPITAL), vec![3]),
        (Some(BOB), Some(NURSE), vec![]),
        (Some(NURSE), None, vec![]),
    ] {
        let query = ReadsQuery { subject, reader_as, ..of(&[ALICE], &[ALICE]) };
        assert_eq!(found(&app, query).await, expected, "{subject:?} {reader_as:?}");
    }
    let query = ReadsQuery { subject: Some(BOB), reader_as: Some(NURSE), ..all() };
    assert_eq!(found(&app, query).await, [2]);
}

#[sqlx::test(migrator = "assent_auth::MIGRATOR")]
async fn records_are_read_page_by_page_and_a_page_is_bounded(pool: PgPool) {
    let app = seeded(pool).await;
    let page = |after, limit| ReadsQuery { after, limit, ..ReadsQuery::default() };
    assert_eq!(found(&app, page(None, 2)).await, [1, 2]);
    assert_eq!(found(&app, page(Some(2), 2)).await, [3, 4]);
    assert_eq!(found(&app, page(Some(4), 2)).await, [5]);
    assert!(found(&app, page(Some(5), 2)).await.is_empty());
    assert!(found(&app, page(Some(i64::MAX), 2)).await.is_empty());
    assert!(found(&app, page(None, 0)).await.is_empty());
    assert!(found(&app, page(None, -1)).await.is_empty());
    let many = (0..1_000_u32).map(|n| {
        let mut account = ALICE;
        account.0[..4].copy_from_slice(&n.to_be_bytes());
        account
    });
    app.auth.record(&read(NURSE, NURSE), many.collect()).await.unwrap();
    assert_eq!(found(&app, page(None, i64::MAX)).await.len(), 1_000);
    assert_eq!(found(&app, page(Some(1_000), i64::MAX)).await, [1_001, 1_002, 1_003, 1_004, 1_005]);
}

#[sqlx::test(migrator = "assent_auth::MIGRATOR")]
async fn what_cannot_be_put_on_record_is_an_error_and_leaves_nothing(pool: PgPool) {
    let app = App::new(pool);
    let refused = async |read: Read| {
        let error = app.auth.record(&read, vec![ALICE, BOB]).await.unwrap_err();
        assert!(matches!(error, AuthError::Database(_)), "{error:?}");
    };
    for route in [String::new(), "x".repeat(201)] {
        refused(Read { route, ..read(NURSE, NURSE) }).await;
    }
    refused(Read { block_number: -1, ..read(NURSE, NURSE) }).await;
    assert!(found(&app, all()).await.is_empty());
    // As long as a route may be, in characters.
    let longest = Read { route: "ä".repeat(200), ..read(NURSE, NURSE) };
    app.auth.record(&longest, vec![ALICE, BOB]).await.unwrap();
    assert_eq!(found(&app, all()).await.len(), 2);

    sqlx::query("alter table auth.reads rename to reads_away").execute(&app.pool).await.unwrap();
    app.auth.record(&read(NURSE, NURSE), vec![ALICE]).await.unwrap_err();
    app.auth.reads(all()).await.unwrap_err();
    // There is nothing to put on record.
    app.auth.record(&read(NURSE, NURSE), vec![]).await.unwrap();
    app.pool.close().await;
    let error = app.auth.record(&read(NURSE, NURSE), vec![ALICE]).await.unwrap_err();
    assert!(matches!(error, AuthError::Unavailable(_)), "{error:?}");
}

#[sqlx::test(migrator = "assent_auth::MIGRATOR")]
async fn who_read_what_is_kept_for_six_years_and_forgotten_in_bounded_batches(pool: PgPool) {
    let app = App::new(pool);
    let six_years = 6 * 366 * DAY;
    app.auth.record(&read(NURSE, NURSE), vec![ALICE, BOB, HOSPITAL]).await.unwrap();
    app.wait(DAY);
    let later = Read { block_number: 8, ..read(NURSE, NURSE) };
    app.auth.record(&later, vec![ALICE]).await.unwrap();
    app.wait(six_years - DAY - Duration::from_millis(1));
    assert_eq!(app.auth.prune(2).await.unwrap(), Pruned::default());
    assert_eq!(found(&app, all()).await, [1, 2, 3, 4]);
    app.wait(Duration::from_millis(1));
    let pruned = app.auth.prune(2).await.unwrap();
    assert_eq!(pruned, Pruned { reads: 2, ..Pruned::default() });
    assert!(!pruned.is_done(2));
    let pruned = app.auth.prune(2).await.unwrap();
    assert_eq!(pruned, Pruned { reads: 1, ..Pruned::default() });
    assert!(pruned.is_done(2));
    assert_eq!(found(&app, all()).await, [4]);
    app.wait(DAY);
    assert_eq!(app.auth.prune(2).await.unwrap(), Pruned { reads: 1, ..Pruned::default() });
    assert!(found(&app, all()).await.is_empty());
    assert_eq!(app.auth.prune(2).await.unwrap(), Pruned::default());
}

#[sqlx::test(migrator = "assent_auth::MIGRATOR")]
async fn how_long_it_is_kept_is_set(pool: PgPool) {
    let app = App::with(pool, crate::support::SEED, |settings| settings.read_retention = DAY);
    app.auth.record(&read(NURSE, NURSE), vec![ALICE]).await.unwrap();
    app.wait(DAY);
    assert_eq!(app.auth.prune(2).await.unwrap().reads, 1);
}
