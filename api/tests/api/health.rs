//! `/v1/status`, `/healthz`, `/readyz`

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use sqlx::PgPool;

use assent_api::Limits;
use assent_client::Hash;
use assent_indexer_testing::{GENESIS, Mirror, manifest, participants, story, token};

use crate::support::{AS_OF, Api, block_age, block_hash, hex32, time_ms};

/// Asserts that `/readyz` is 503 for this reason while `/healthz` stays 200, and returns the detail.
async fn unready(api: &Api, reason: &str) -> String {
    assert_eq!(api.ok("/healthz").await, json!({ "status": "alive" }));
    api.state.look().await;
    let answer = api.get("/readyz").await;
    let problem = answer.problem(503, "not-ready");
    assert_eq!(problem["reason"], reason, "{problem:?}");
    assert!(answer.headers.contains_key("retry-after"));
    problem["detail"].as_str().unwrap().to_owned()
}

/// What `/readyz` says once the service has looked.
async fn ready(api: &Api) -> Value {
    api.state.look().await;
    api.ok("/readyz").await
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn ready_when_the_mirror_is_up_to_date(pool: PgPool) {
    let api = Api::mirror(pool).await;
    block_age(&api.pool, 29).await;
    let status = ready(&api).await;
    assert_eq!(status["status"], "ready");
    assert_eq!(status["as_of"]["block_number"], 100);
    let age = status["as_of"]["age_seconds"].as_i64().unwrap();
    assert!((28..=30).contains(&age), "{age} s");
    // A block producer whose clock is ahead of the database's is no trouble.
    block_age(&api.pool, -5).await;
    assert_eq!(ready(&api).await["as_of"]["age_seconds"], 0);
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn not_ready_while_the_indexer_catches_up(pool: PgPool) {
    let api = Api::mirror(pool).await;
    // It has just written, but an old block.
    block_age(&api.pool, 40).await;
    let detail = unready(&api, "catching-up").await;
    assert!(detail.contains("more than 30 s"), "{detail}");
    api.ok("/v1/consents").await;
    block_age(&api.pool, 1).await;
    ready(&api).await;
}

#[sqlx::test(migrations = false)]
async fn not_ready_before_the_tables_exist(pool: PgPool) {
    let api = Api::on(pool);
    let detail = unready(&api, "database-empty").await;
    assert!(detail.contains("assent-indexer"));
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn not_ready_before_the_first_block(pool: PgPool) {
    let api = Api::on(pool);
    unready(&api, "nothing-indexed").await;
    // An indexer has begun, and found no block yet.
    let mirror = Mirror::new(api.pool.clone()).await;
    unready(&api, "nothing-indexed").await;
    drop(mirror);
    api.get("/v1/consents").await.problem(503, "not-ready");
    let status = api.ok("/v1/status").await;
    assert_eq!(status["watermark"], Value::Null);
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn not_ready_when_the_indexer_is_silent(pool: PgPool) {
    let api = Api::mirror(pool).await;
    block_age(&api.pool, 1).await;
    api.sql("update watermark set updated_at = now() - interval '31.5 seconds'").await;
    let detail = unready(&api, "indexer-silent").await;
    assert!(detail.contains("more than 30 s"), "{detail}");
    // What is there is still served: its block says how old it is.
    api.ok("/v1/consents").await;
    api.sql("update watermark set updated_at = now() - interval '29 seconds'").await;
    ready(&api).await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_database_of_another_chain_is_not_served(pool: PgPool) {
    let api = Api::on(pool);
    let mut other = manifest();
    other.genesis_hash = Hash([8; 32]);
    Mirror::of(api.pool.clone(), &other).await.advance(AS_OF).await;
    let detail = unready(&api, "other-chain").await;
    let own = GENESIS.to_string();
    assert!(detail.contains(&hex32(8)) && detail.contains(&own), "{detail}");
    for path in ["/v1/consents", "/v1/status", "/v1/events"] {
        let answer = api.get(path).await;
        assert_eq!(answer.problem(503, "not-ready")["reason"], "other-chain");
    }
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn what_stands_still_is_not_served_and_the_rest_is(pool: PgPool) {
    let mut api = Api::play(pool, story::everything().to_vec()).await;
    assert_eq!(api.ok("/v1/status").await["stopped"], json!([]));
    // Cut off, so that nobody can tell what it means for the token.
    let mut cut = token::approval(1, 2, 5);
    cut.data.pop();
    let block = api.write_undecodable(cut).await;
    let status = api.ok("/v1/status").await;
    let [stopped] = &status["stopped"].as_array().unwrap()[..] else { panic!("{status}") };
    assert_eq!(stopped["projection"], "token");
    assert_eq!(stopped["block_number"], block - 1);
    assert_eq!((&stopped["event_block"], &stopped["event_index"]), (&json!(block), &json!(1)));
    assert!(stopped.get("reason").is_none(), "it may name accounts: {stopped}");
    for path in ["/v1/token/totals", "/v1/token/balances"] {
        let answer = api.get(path).await;
        let problem = answer.problem(503, "not-ready");
        assert_eq!(problem["reason"], "projection-stopped");
        assert!(problem["detail"].as_str().unwrap().contains(&(block - 1).to_string()));
    }
    for path in ["/v1/consents", "/v1/carbon/batches", "/v1/participants", "/v1/events"] {
        api.ok(path).await;
    }
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn the_status_counts_what_the_mirror_holds(pool: PgPool) {
    let story = story::everything();
    let count = story.iter().map(Vec::len).sum::<usize>() + 1;
    let mut api = Api::play(pool, story.to_vec()).await;
    // Cut off, so that it does not decode.
    let mut cut = token::approval(1, 2, 5);
    cut.data.pop();
    let last = api.write_undecodable(cut).await;
    // As nobody: the regulator as whom tests ask would count.
    let status = api.get_anonymously("/v1/status").await.body;
    assert_eq!(status["network"], "test");
    assert_eq!(status["genesis_hash"], GENESIS.to_string());
    assert_eq!((&status["undecoded"], &status["foreign_undecoded"]), (&json!(1), &json!(0)));
    assert_eq!(
        status["counts"],
        json!({
            "events": count,
            "participants": 7,
            "consents": 5,
            "accesses": 5,
            "emergency_windows": 1,
            "proposals": 6,
            "erasures": 4,
            "report_versions": 2,
            "carbon_batches": 3,
            "market_orders": 2,
        })
    );
    let watermark = &status["watermark"];
    assert_eq!(watermark["block_number"], last);
    assert_eq!(watermark["block_hash"], block_hash(last));
    assert_eq!(watermark["block_time_ms"], time_ms(last));
    assert!(watermark["updated_at_ms"].as_u64().unwrap() > time_ms(last));
    assert!(watermark["age_seconds"].as_i64().unwrap() > 30);
    api.refuses("/v1/status?verbose", "verbose").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_busy_service_is_ready_and_its_requests_are_refused_soon(pool: PgPool) {
    block_age(&Api::mirror(pool.clone()).await.pool, 1).await;
    let options = pool.connect_options().as_ref().clone();
    let api = Arc::new(Api::on(assent_api::pool(options)));
    let mut holder = pool.acquire().await.unwrap();
    sqlx::raw_sql("begin; lock table grants").execute(&mut *holder).await.unwrap();
    let began = Instant::now();
    let requests: Vec<_> = (0..12)
        .map(|_| {
            tokio::spawn({
                let api = Arc::clone(&api);
                async move { api.get("/v1/consents").await }
            })
        })
        .collect();
    // They wait for the lock.
    let waiting = "select exists (select from pg_locks where not granted
        and database = (select oid from pg_database where datname = current_database()))";
    while !sqlx::query_scalar::<_, bool>(waiting).fetch_one(&pool).await.unwrap() {}
    let asked = Instant::now();
    ready(&api).await;
    assert!(asked.elapsed() < Duration::from_secs(1), "{:?}", asked.elapsed());
    for request in requests {
        let answer = request.await.unwrap();
        assert_eq!(answer.problem(503, "not-ready")["reason"], "busy");
        assert!(answer.headers.contains_key("retry-after"));
    }
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    sqlx::raw_sql("rollback").execute(&mut *holder).await.unwrap();
    api.ok("/v1/consents").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_service_that_is_about_to_end_is_not_ready(pool: PgPool) {
    let api = Api::mirror(pool).await;
    block_age(&api.pool, 1).await;
    ready(&api).await;
    api.state.stop();
    unready(&api, "stopping").await;
    api.ok("/v1/consents").await;
}

/// What says who may do what, and what was done.
const OF_PEOPLE: [&str; 17] = [
    "/v1/reads",
    "/v1/participants",
    "/v1/successions",
    "/v1/mandates",
    "/v1/consents",
    "/v1/consents/1",
    "/v1/denials",
    "/v1/delegations",
    "/v1/emergency-windows",
    "/v1/emergency-bars",
    "/v1/sanctions",
    "/v1/access-log",
    "/v1/proposals",
    "/v1/erasures",
    "/v1/erasures/1",
    "/v1/reports",
    "/v1/audits",
];

/// What remains true, or concerns money, where the chain decides.
const OTHERS: [&str; 6] = [
    "/v1/rewards/totals",
    "/v1/token/balances",
    "/v1/carbon/batches",
    "/v1/market/orders",
    "/v1/governance",
    "/v1/events",
];

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_mirror_that_is_too_old_does_not_say_who_may_do_what(pool: PgPool) {
    let told = Api::play(pool.clone(), story::everything().to_vec()).await;
    let api = Api::within(pool, Limits { max_lag_seconds: 30, max_staleness_seconds: 60 });
    block_age(&api.pool, 62).await;
    for path in OF_PEOPLE {
        let answer = api.get(path).await;
        let problem = answer.problem(503, "not-ready");
        assert_eq!(problem["reason"], "stale", "{path}");
        assert!(problem["detail"].as_str().unwrap().contains("more than 60 s"), "{problem:?}");
        assert!(answer.headers.contains_key("retry-after"));
    }
    for path in OTHERS {
        let age = api.ok(path).await["as_of"]["age_seconds"].as_i64().unwrap();
        assert!((61..=70).contains(&age), "{path}: {age}");
    }
    block_age(&api.pool, 50).await;
    for path in OF_PEOPLE {
        api.ok(path).await;
    }
    drop(told);
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn while_participants_stand_still_nobody_is_told_who_may_do_what(pool: PgPool) {
    let mut api = Api::play(pool, story::everything().to_vec()).await;
    let mut cut = participants::registered(9);
    cut.data.pop();
    api.write_undecodable(cut).await;
    // Nor is anybody told what only those may see who have to do with it: who asks is not known.
    let private = ["/v1/token/balances", "/v1/events"];
    for path in OF_PEOPLE.into_iter().chain(private) {
        let answer = api.get(path).await;
        let problem = answer.problem(503, "not-ready");
        assert_eq!(problem["reason"], "projection-stopped", "{path}");
        assert!(problem["detail"].as_str().unwrap().contains("participants"), "{problem:?}");
    }
    for path in OTHERS.into_iter().filter(|path| !private.contains(path)) {
        api.ok(path).await;
    }
}

/// Has the watermark read through a view that fails with `trouble.code`: once for each `trouble.number`, and
/// always for 0. What is rolled back cannot count, so it remembers by locks, which sessions keep.
const TROUBLE: &str = "
    create table trouble (number integer not null, code text not null);
    insert into trouble values (-1, '');
    create function trouble() returns boolean language plpgsql as $$
    declare
        now trouble := (select trouble from trouble);
    begin
        if now.number = 0 or now.number > 0 and not exists (
            select from pg_locks
            where locktype = 'advisory' and classid = 77 and objid = now.number
                and database = (select oid from pg_database where datname = current_database())
        ) then
            perform pg_advisory_lock(77, now.number);
            raise exception 'trouble' using errcode = now.code;
        end if;
        return true;
    end $$;
    alter table watermark rename to watermark_table;
    create view watermark as select * from watermark_table where trouble();";

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_query_that_met_a_change_of_the_mirror_is_asked_again_once(pool: PgPool) {
    let api = Api::mirror(pool).await;
    sqlx::raw_sql(TROUBLE).execute(&api.pool).await.unwrap();
    let trouble = async |number: i32, code: &str| {
        sqlx::query("update trouble set number = $1, code = $2")
            .bind(number)
            .bind(code)
            .execute(&api.pool)
            .await
            .unwrap();
    };
    for (code, reason) in [
        ("40001", "changing"),
        ("25P02", "changing"),
        ("0A000", "changing"),
        ("42P01", "database-empty"),
    ] {
        trouble(0, code).await;
        for path in ["/v1/consents", "/v1/carbon/batches", "/v1/status"] {
            let answer = api.get(path).await;
            assert_eq!(answer.problem(503, "not-ready")["reason"], reason, "{code}");
            assert!(answer.headers.contains_key("retry-after"));
        }
    }
    for (number, code) in (1..).zip(["40001", "25P02", "0A000", "42P01"]) {
        trouble(number, code).await;
        api.ok("/v1/consents?limit=1").await;
    }
    // Any other is a fault of ours, and nothing that passes.
    trouble(5, "22012").await;
    api.get("/v1/consents").await.problem(500, "internal");
    api.ok("/v1/consents").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn tables_or_rows_of_another_version_are_not_served(pool: PgPool) {
    let api = Api::play(pool, story::everything().to_vec()).await;
    block_age(&api.pool, 1).await;
    api.sql("update projections set version = version + 1 where name = 'token'").await;
    let answer = api.get("/v1/token/balances").await;
    let problem = answer.problem(503, "not-ready");
    assert_eq!(problem["reason"], "other-version");
    assert!(problem["detail"].as_str().unwrap().contains("token"), "{problem:?}");
    api.ok("/v1/consents").await;
    ready(&api).await;
    api.sql("update network set reader_version = reader_version + 1").await;
    for path in ["/v1/consents", "/v1/status", "/v1/events"] {
        let answer = api.get(path).await;
        assert_eq!(answer.problem(503, "not-ready")["reason"], "other-version", "{path}");
    }
    unready(&api, "other-version").await;
}
