//! `/v1/status`, `/healthz`, `/readyz`

use serde_json::{Value, json};
use sqlx::PgPool;

use assent_client::Hash;
use assent_indexer_testing::{GENESIS, Mirror, manifest, story, token};

use crate::support::{AS_OF, Api, block_hash, hex32, time_ms};

/// Asserts that `/readyz` is 503 for this reason while `/healthz` stays 200, and returns the detail.
async fn unready(api: &Api, reason: &str) -> String {
    assert_eq!(api.ok("/healthz").await, json!({ "status": "alive" }));
    let answer = api.get("/readyz").await;
    let problem = answer.problem(503, "not-ready");
    assert_eq!(problem["reason"], reason, "{problem:?}");
    assert!(answer.headers.contains_key("retry-after"));
    problem["detail"].as_str().unwrap().to_owned()
}

/// Makes the last block of the mirror so old. No event can: the blocks of a test are of 1970.
async fn block_age(api: &Api, seconds: i64) {
    sqlx::query("update watermark set block_time_ms = (extract(epoch from now()) - $1) * 1000")
        .bind(seconds)
        .execute(&api.pool)
        .await
        .unwrap();
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn ready_when_the_mirror_is_up_to_date(pool: PgPool) {
    let api = Api::mirror(pool).await;
    block_age(&api, 29).await;
    let ready = api.ok("/readyz").await;
    assert_eq!(ready["status"], "ready");
    assert_eq!(ready["as_of"]["block_number"], 100);
    let lag = ready["lag_seconds"].as_i64().unwrap();
    assert!((28..=30).contains(&lag), "{lag} s");
    // A block producer whose clock is ahead of the database's is no trouble.
    block_age(&api, -5).await;
    assert_eq!(api.ok("/readyz").await["lag_seconds"], 0);
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn not_ready_while_the_indexer_catches_up(pool: PgPool) {
    let api = Api::mirror(pool).await;
    // It has just written, but an old block.
    block_age(&api, 40).await;
    let detail = unready(&api, "catching-up").await;
    assert!(detail.contains("more than 30 s"), "{detail}");
    api.ok("/v1/consents").await;
    block_age(&api, 1).await;
    api.ok("/readyz").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn not_ready_while_the_database_is_away(pool: PgPool) {
    let api = Api::mirror(pool).await;
    api.pool.close().await;
    unready(&api, "database-unavailable").await;
    let answer = api.get("/v1/consents").await;
    answer.problem(503, "not-ready");
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
    block_age(&api, 1).await;
    api.sql("update watermark set updated_at = now() - interval '31.5 seconds'").await;
    let detail = unready(&api, "indexer-silent").await;
    assert!(detail.contains("more than 30 s"), "{detail}");
    // What is there is still served: its block says how old it is.
    api.ok("/v1/consents").await;
    api.sql("update watermark set updated_at = now() - interval '29 seconds'").await;
    api.ok("/readyz").await;
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
    assert!(stopped["reason"].as_str().unwrap().contains("fields of Approval"), "{stopped}");
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
    let status = api.ok("/v1/status").await;
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
    assert!(watermark["lag_seconds"].as_i64().unwrap() > 30);
    api.refuses("/v1/status?verbose", "verbose").await;
}
