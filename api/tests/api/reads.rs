//! What is put on record of who reads whose health data, and `/v1/reads`

use serde_json::{Value, json};
use sqlx::PgPool;

use assent_auth::Moment;
use assent_client::Account;
use assent_indexer_testing::{
    account,
    consent::{Grant, delegate_set},
    token::approval,
};

use crate::{
    sight::{
        key,
        routes::{
            AUDITOR, CLINIC, GUARDIAN, NURSE, OTHER_CLINIC, OTHER_PATIENT, PATIENT, STRANGER,
            fixed, routes,
        },
        world::{READINGS, Standing, World, role},
    },
    support::{AS_OF, Answer, Api, REGULATOR, ss58},
};

/// Who reads all that [`RECORDED`] is about.
const READERS: [u8; 4] = [CLINIC, NURSE, GUARDIAN, AUDITOR];

/// All whose data are in the reports.
const IN_REPORTS: &[u8] = &[PATIENT, CLINIC, OTHER_PATIENT, OTHER_CLINIC];

/// Whose data the routes show to each of [`READERS`], who is not the subject of what he reads of himself. All others
/// show no health data.
const RECORDED: &[(&str, [&[u8]; 4])] = &[
    ("/v1/consents", [&[PATIENT], &[PATIENT], &[PATIENT], &[PATIENT, OTHER_PATIENT]]),
    ("/v1/consents/{id}", [&[PATIENT]; 4]),
    ("/v1/consents/check", [&[PATIENT]; 4]),
    ("/v1/denials", [&[PATIENT], &[PATIENT], &[PATIENT], &[PATIENT, OTHER_PATIENT]]),
    ("/v1/delegations", [&[], &[], &[PATIENT], &[PATIENT, OTHER_PATIENT]]),
    ("/v1/patient-choices/{address}", [&[], &[], &[PATIENT], &[PATIENT]]),
    ("/v1/emergency-windows", [&[PATIENT], &[PATIENT], &[PATIENT], &[PATIENT, OTHER_PATIENT]]),
    ("/v1/emergency-windows/{id}", [&[PATIENT]; 4]),
    ("/v1/access-log", [&[PATIENT], &[PATIENT], &[PATIENT], &[PATIENT, OTHER_PATIENT]]),
    ("/v1/access-log/{address}/head", [&[], &[], &[PATIENT], &[PATIENT]]),
    ("/v1/proposals", [&[PATIENT], &[PATIENT], &[PATIENT], &[PATIENT, OTHER_PATIENT]]),
    ("/v1/proposals/{id}", [&[PATIENT]; 4]),
    ("/v1/erasures", [&[PATIENT], &[PATIENT], &[PATIENT], &[PATIENT, OTHER_PATIENT]]),
    ("/v1/erasures/{id}", [&[PATIENT]; 4]),
    // Of the clinic whose series it is, and of the patient.
    ("/v1/reports", [&[PATIENT], &[PATIENT, CLINIC], &[PATIENT, CLINIC], IN_REPORTS]),
    (
        "/v1/reports/verify",
        [&[PATIENT, OTHER_PATIENT, OTHER_CLINIC], IN_REPORTS, IN_REPORTS, IN_REPORTS],
    ),
    (
        "/v1/reports/{owner}/{series}",
        [&[PATIENT], &[PATIENT, CLINIC], &[PATIENT, CLINIC], &[PATIENT, CLINIC]],
    ),
    ("/v1/audits", [&[], &[CLINIC], &[CLINIC], &[CLINIC, OTHER_CLINIC]]),
    ("/v1/audits/{id}", [&[], &[CLINIC], &[CLINIC], &[CLINIC]]),
    ("/v1/rewards/accruals", [&[PATIENT], &[PATIENT], &[PATIENT], &[PATIENT, OTHER_PATIENT]]),
    ("/v1/rewards/unfunded", [&[PATIENT], &[PATIENT], &[PATIENT], &[PATIENT, OTHER_PATIENT]]),
];

/// Whose data this route shows to the reader in this column.
fn subjects(route: &str, column: usize) -> &'static [u8] {
    let recorded = RECORDED.iter().find(|(of, _)| *of == route);
    recorded.map_or(&[] as &[u8], |(_, subjects)| subjects[column])
}

/// Takes the records: who read, as whom, whose data, and by which route.
async fn taken(api: &Api) -> Vec<(u8, u8, u8, String)> {
    let rows: Vec<(Account, Account, Account, String)> =
        sqlx::query_as("delete from auth.reads returning reader, reader_as, subject, route")
            .fetch_all(&api.pool)
            .await
            .unwrap();
    let first = |account: Account| account.0[0];
    let rows = rows.into_iter().map(|(reader, reader_as, subject, route)| {
        (first(reader), first(reader_as), first(subject), route)
    });
    let mut rows: Vec<_> = rows.collect();
    rows.sort();
    rows
}

/// Takes the records, of which only the subjects matter.
async fn taken_subjects(api: &Api) -> Vec<u8> {
    taken(api).await.into_iter().map(|(_, _, subject, _)| subject).collect()
}

/// That is no answer, and shows nothing.
#[track_caller]
fn fails(answer: &Answer) {
    assert!(answer.status.is_server_error(), "{answer:?}");
    assert_eq!(answer.headers["content-type"], "application/problem+json");
    for shown in ["items", "as_of", "owner", "patient", "permitted", "versions", "audit", "id"] {
        assert!(answer.body.get(shown).is_none(), "{answer:?}");
    }
}

/// On the world of which every list has a row, with a key for each of these.
async fn seeded<const N: usize>(pool: PgPool, readers: [u8; N]) -> (Api, [String; N]) {
    let api = Api::mirror(pool).await;
    // Makes the tables, also if nobody reads.
    key(&api, STRANGER).await;
    let mut keys = readers.map(|_| String::new());
    for (reader, text) in readers.into_iter().zip(&mut keys) {
        *text = key(&api, reader).await;
    }
    fixed().insert(&api.pool).await;
    taken(&api).await;
    (api, keys)
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn what_is_shown_of_others_is_on_record_by_route_and_nothing_else_is(pool: PgPool) {
    let (api, keys) = seeded(pool, READERS).await;
    let routes = routes();
    for (recorded, _) in RECORDED {
        assert!(routes.iter().any(|route| route.path() == *recorded), "{recorded}");
    }
    for route in routes.iter().filter(|route| route.is_private()) {
        for (column, (reader, key)) in READERS.into_iter().zip(&keys).enumerate() {
            let answer = api.get_as(&route.request(), key).await;
            let subjects = subjects(route.path(), column).iter();
            let expected: Vec<_> =
                subjects.map(|n| (reader, reader, *n, route.path().to_owned())).collect();
            assert_eq!(taken(&api).await, expected, "{route:?} as {reader}: {answer:?}");
        }
    }
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_record_says_when_by_which_key_as_whom_and_of_which_block(pool: PgPool) {
    let (api, []) = seeded(pool, []).await;
    // Keys replaced those of the clinic and of the patient.
    sqlx::query("delete from participants where account = any($1)")
        .bind(vec![Account(account(CLINIC)), Account(account(PATIENT))])
        .execute(&api.pool)
        .await
        .unwrap();
    let mut replaced = World::default();
    replaced.participant(CLINIC, role::PROVIDER, 0, &[40]);
    replaced.participant(PATIENT, role::DATA_OWNER, 0, &[41, 42]);
    replaced.insert(&api.pool).await;
    let [clinic, patient] = [key(&api, 40).await, key(&api, 42).await];
    let before = Moment::now().ms();
    let shown = api.get_as("/v1/consents/1", &clinic).await;
    assert_eq!(shown.status, 200, "{shown:?}");
    let after = Moment::now().ms();
    type Row = (i64, Account, Account, Account, Option<String>, String, i64);
    let rows: Vec<Row> = sqlx::query_as(
        "select at_ms, subject, reader, reader_as, encode(api_key, 'hex'), route, block_number
        from auth.reads",
    )
    .fetch_all(&api.pool)
    .await
    .unwrap();
    let [(at, subject, reader, reader_as, api_key, route, block)] = &rows[..] else {
        panic!("{rows:?}")
    };
    assert!((before..=after).contains(at), "{before} {at} {after}");
    assert_eq!(subject.0, account(PATIENT));
    assert_eq!((reader.0, reader_as.0), (account(40), account(CLINIC)));
    // What stands behind the word in a key, before its secret.
    assert_eq!(api_key.as_deref(), Some(&clinic["assent-key-".len()..][..16]));
    assert_eq!((route.as_str(), *block), ("/v1/consents/{id}", i64::try_from(AS_OF).unwrap()));
    taken(&api).await;

    // His own data are his, whichever key he has.
    for path in ["/v1/consents", "/v1/consents/1", "/v1/access-log", "/v1/denials"] {
        let shown = api.get_as(path, &patient).await;
        assert_eq!(shown.status, 200, "{path}: {shown:?}");
        assert!(taken(&api).await.is_empty(), "{path}");
    }
    // A key that was replaced acts for nobody.
    for n in [CLINIC, PATIENT, 41] {
        let old = key(&api, n).await;
        api.get_as("/v1/consents/1", &old).await.problem(403, "key-replaced");
        assert!(taken(&api).await.is_empty(), "{n}");
    }
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn only_what_a_page_shows_is_on_record_and_each_subject_once(pool: PgPool) {
    let api = Api::mirror(pool).await;
    let clinic = key(&api, CLINIC).await;
    let mut world = World::default();
    world.participant(CLINIC, role::PROVIDER, 0, &[]);
    for (id, patient) in [(1, PATIENT), (2, PATIENT), (3, OTHER_PATIENT), (4, 9), (5, PATIENT)] {
        world.grant(id, patient, CLINIC, patient);
    }
    world.insert(&api.pool).await;
    for (query, shown, subjects) in [
        ("limit=1", 1, vec![PATIENT]),
        ("limit=2", 2, vec![PATIENT]),
        ("limit=3", 3, vec![PATIENT, OTHER_PATIENT]),
        ("limit=2&after=2", 2, vec![OTHER_PATIENT, 9]),
        ("limit=1&after=3", 1, vec![9]),
        ("after=4", 1, vec![PATIENT]),
        ("after=5", 0, vec![]),
        ("", 5, vec![PATIENT, OTHER_PATIENT, 9]),
    ] {
        let page = api.get_as(&format!("/v1/consents?{query}"), &clinic).await;
        assert_eq!(page.body["items"].as_array().map(Vec::len), Some(shown), "{query}");
        assert_eq!(taken_subjects(&api).await, subjects, "{query}");
    }
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn what_shows_nothing_is_not_on_record(pool: PgPool) {
    let (api, [clinic, patient, stranger]) = seeded(pool, [CLINIC, PATIENT, STRANGER]).await;
    let other = ss58(OTHER_PATIENT);
    let for_accounts = api.key_of(Account(account(CLINIC)), &["accounts:read"]).await;
    for (path, status, shown) in [
        ("/v1/consents/2".to_owned(), 404_u16, &clinic),
        ("/v1/consents/3".to_owned(), 404, &clinic),
        (format!("/v1/consents?owner={other}"), 200, &clinic),
        ("/v1/consents?after=1".to_owned(), 200, &clinic),
        ("/v1/consents?limit=0".to_owned(), 400, &clinic),
        ("/v1/delegations".to_owned(), 200, &clinic),
        (format!("/v1/patient-choices/{other}"), 404, &clinic),
        (format!("/v1/access-log/{other}/head"), 404, &clinic),
        (
            format!("/v1/consents/check?owner={other}&requester={other}&purpose=0&category=0"),
            404,
            &clinic,
        ),
        ("/v1/emergency-windows/2".to_owned(), 404, &patient),
        ("/v1/events".to_owned(), 403, &clinic),
        ("/v1/consents".to_owned(), 403, &for_accounts),
        ("/v1/consents".to_owned(), 200, &stranger),
        ("/v1/consents/1".to_owned(), 404, &stranger),
    ] {
        let answer = api.get_as(&path, shown).await;
        assert_eq!(answer.status, status, "{path}: {answer:?}");
        assert!(taken(&api).await.is_empty(), "{path}");
    }
    api.get_anonymously("/v1/consents").await.problem(401, "sign-in-needed");
    assert!(taken(&api).await.is_empty());
}

/// The contract may be paused then, which nobody knows.
#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_check_that_cannot_be_answered_is_not_on_record(pool: PgPool) {
    let (api, [clinic]) = seeded(pool, [CLINIC]).await;
    api.sql(
        "update projections set stopped_block = 101, stopped_index = 1, stopped_reason = 'unclear'
        where name = 'governance'",
    )
    .await;
    let between = format!("owner={}&requester={}", ss58(PATIENT), ss58(CLINIC));
    let path = format!("/v1/consents/check?{between}&purpose=0&category=0");
    api.get_as(&path, &clinic).await.problem(503, "not-ready");
    assert!(taken(&api).await.is_empty());
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn what_cannot_be_put_on_record_is_not_shown(pool: PgPool) {
    let (api, [nurse, guardian, patient]) = seeded(pool, [NURSE, GUARDIAN, PATIENT]).await;
    let all = routes();
    let shown_to_nurse = |path: &str| !subjects(path, 1).is_empty();
    let shown_to_guardian = |path: &str| !subjects(path, 2).is_empty();
    let refused = async || {
        let mut count = 0;
        for route in &all {
            let (path, request) = (route.path(), route.request());
            for (key, _) in [(&nurse, shown_to_nurse(path)), (&guardian, shown_to_guardian(path))]
                .into_iter()
                .filter(|(_, is_shown)| *is_shown)
            {
                fails(&api.get_as(&request, key).await);
                count += 1;
            }
        }
        assert!(count > 30, "{count}");
        // What needs no record is answered.
        for (path, key) in [
            ("/v1/consents", &patient),
            ("/v1/consents/1", &patient),
            ("/v1/participants", &nurse),
            ("/v1/mandates", &nurse),
            ("/v1/sanctions", &nurse),
            ("/v1/delegations", &nurse),
            ("/v1/rewards/budgets", &nurse),
            ("/v1/token/balances", &guardian),
        ] {
            let answer = api.get_as(path, key).await;
            assert_eq!(answer.status, 200, "{path}: {answer:?}");
        }
    };
    api.sql("alter table auth.reads rename to reads_away").await;
    refused().await;
    fails(&api.get_as("/v1/reads", &nurse).await);
    api.sql("alter table auth.reads_away rename to reads").await;
    assert!(taken(&api).await.is_empty());

    sqlx::raw_sql(
        "create function auth.refuse() returns trigger language plpgsql as $$
        begin
            raise exception 'the disk is full' using errcode = '53100';
        end $$;
        create trigger refuse before insert on auth.reads
            for each row execute function auth.refuse();",
    )
    .execute(&api.pool)
    .await
    .unwrap();
    refused().await;
    api.sql("alter table auth.reads disable trigger refuse").await;
    assert!(taken(&api).await.is_empty());

    assert_eq!(api.get_as("/v1/consents/1", &nurse).await.status, 200);
    assert_eq!(taken_subjects(&api).await, [PATIENT]);
}

/// Of the accounts that they name: what looks like one, a hash, is none.
#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn events_of_health_data_are_on_record_for_each_account_that_they_name(pool: PgPool) {
    let given = vec![Grant::of(1, 1, 2).event(), approval(3, 4, 5), delegate_set(7, 8, 0)];
    let api = Api::play(pool, vec![given]).await;
    // The regulator as whom tests ask.
    let found = async |query: &str| {
        let page = api.get(&format!("/v1/events{query}")).await;
        assert_eq!(page.status, 200, "{page:?}");
        let rows = taken(&api).await;
        let (by, route) = (REGULATOR, "/v1/events".to_owned());
        let subjects: Vec<u8> = rows.iter().map(|(_, _, subject, _)| *subject).collect();
        let expected: Vec<_> = subjects.iter().map(|n| (by, by, *n, route.clone())).collect();
        assert_eq!(rows, expected);
        subjects
    };
    assert_eq!(found("").await, [1, 2, 7, 8]);
    assert_eq!(found("?limit=1").await, [1, 2]);
    assert_eq!(found("?limit=2").await, [1, 2]);
    assert_eq!(found("?after=5-1").await, [7, 8]);
    assert!(found("?contract=token").await.is_empty());
    assert!(found("?after=5-3").await.is_empty());
}

/// Readings 1 to 5: of the patient's data by the nurse, the clinic and an auditor, of the other one's by the clinic
/// and by the other clinic.
async fn readings(pool: PgPool) -> Api {
    let api = Api::mirror(pool).await;
    // Makes the tables.
    key(&api, STRANGER).await;
    let mut world = World::default();
    for (n, roles) in [
        (PATIENT, role::DATA_OWNER),
        (OTHER_PATIENT, role::DATA_OWNER),
        (CLINIC, role::PROVIDER),
        (OTHER_CLINIC, role::PROVIDER),
        (AUDITOR, role::AUDITOR),
    ] {
        world.participant(n, roles, 0, &[]);
    }
    world.mandate(CLINIC, NURSE, None, Standing::Counts);
    world.mandate(PATIENT, GUARDIAN, Some(9), Standing::Counts);
    world.reading(1, PATIENT, NURSE, NURSE);
    // By the key that acts for it.
    world.reading(2, PATIENT, 40, CLINIC);
    world.reading(3, PATIENT, AUDITOR, AUDITOR);
    world.reading(4, OTHER_PATIENT, CLINIC, CLINIC);
    world.reading(5, OTHER_PATIENT, OTHER_CLINIC, OTHER_CLINIC);
    world.insert(&api.pool).await;
    api
}

/// Numbers of the readings of a page, from 1.
fn numbers(answer: &Answer) -> Vec<i64> {
    assert_eq!(answer.status, 200, "{answer:?}");
    let items = answer.body["items"].as_array().unwrap();
    items.iter().map(|item| item["id"].as_i64().unwrap() - READINGS).collect()
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn readings_are_shown_to_their_subject_to_who_read_and_to_who_oversees(pool: PgPool) {
    let api = readings(pool).await;
    let (patient, other) = (ss58(PATIENT), ss58(OTHER_PATIENT));
    let clinic = ss58(CLINIC);
    for (n, all, of_patient, of_other, by_clinic) in [
        (PATIENT, vec![1, 2, 3], vec![1, 2, 3], vec![], vec![2]),
        (GUARDIAN, vec![1, 2, 3], vec![1, 2, 3], vec![], vec![2]),
        // Its staff reads as itself, and sees what it reads.
        (CLINIC, vec![2, 4], vec![2], vec![4], vec![2, 4]),
        (NURSE, vec![1, 2, 4], vec![1, 2], vec![4], vec![2, 4]),
        (OTHER_PATIENT, vec![4, 5], vec![], vec![4, 5], vec![4]),
        (AUDITOR, vec![1, 2, 3, 4, 5], vec![1, 2, 3], vec![4, 5], vec![2, 4]),
        // The key that once read is not the account as which it did.
        (40, vec![], vec![], vec![], vec![]),
        (STRANGER, vec![], vec![], vec![], vec![]),
    ] {
        let key = key(&api, n).await;
        for (query, expected) in [
            (String::new(), &all),
            (format!("?subject={patient}"), &of_patient),
            (format!("?subject={other}"), &of_other),
            (format!("?reader={clinic}"), &by_clinic),
        ] {
            let answer = api.get_as(&format!("/v1/reads{query}"), &key).await;
            assert_eq!(&numbers(&answer), expected, "{query} as {n}");
            assert_eq!(answer.header("cache-control"), Some("no-store"));
        }
        let both = format!("/v1/reads?subject={patient}&reader={clinic}");
        let expected: Vec<_> = of_patient.iter().filter(|n| by_clinic.contains(n)).collect();
        let found = numbers(&api.get_as(&both, &key).await);
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{both} as {n}");
    }
    // Looking who looked is no reading.
    let count: i64 =
        sqlx::query_scalar("select count(*) from auth.reads").fetch_one(&api.pool).await.unwrap();
    assert_eq!(count, 5);
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_reading_shows_all_that_is_on_record_and_the_list_is_paged(pool: PgPool) {
    let api = readings(pool).await;
    let item = &api.items("/v1/reads").await[1];
    assert_eq!(
        *item,
        json!({
            "id": READINGS + 2,
            "at_ms": 1,
            "subject": ss58(PATIENT),
            "reader": ss58(40),
            "reader_as": ss58(CLINIC),
            "api_key": null,
            "route": "/v1/consents",
            "block_number": item["block_number"],
        })
    );
    api.pages("/v1/reads").await;
    api.pages(&format!("/v1/reads?subject={}", ss58(PATIENT))).await;
    api.refuses("/v1/reads?subject=alice", "subject").await;
    api.refuses("/v1/reads?reader=bob", "reader").await;
    api.refuses("/v1/reads?reader_as=bob", "reader_as").await;
    // By an API key.
    let mut world = World::default();
    world.grant(1, PATIENT, CLINIC, PATIENT);
    world.insert(&api.pool).await;
    let auditor = key(&api, AUDITOR).await;
    assert_eq!(api.get_as("/v1/consents", &auditor).await.status, 200);
    let by_auditor = format!("/v1/reads?reader={}", ss58(AUDITOR));
    let items = api.items(&by_auditor).await;
    let [made, before] = &items[..] else { panic!("{items:?}") };
    assert_eq!(before["api_key"], Value::Null);
    assert_eq!(made["api_key"], auditor["assent-key-".len()..][..16]);
    assert_eq!((&made["route"], &made["block_number"]), (&json!("/v1/consents"), &json!(AS_OF)));
}
