//! How often one may ask, and what the answers say of it.

use assent_auth::Policy;
use assent_client::Account;
use axum::{
    body::Body,
    http::{HeaderMap, Request},
};
use sqlx::PgPool;

use crate::support::{App, Wallet, text};

fn hourly(requests: u32) -> Policy {
    Policy::new(requests, 3_600).unwrap()
}

fn lines(headers: &HeaderMap, name: &str) -> Vec<String> {
    headers.get_all(name).iter().map(|value| value.to_str().unwrap().to_owned()).collect()
}

fn from(client: &str) -> Request<Body> {
    // In a test no connection says where it comes from, and that is a proxy of this service.
    Request::get("/v1/who").header("x-forwarded-for", client).body(Body::empty()).unwrap()
}

#[sqlx::test(migrator = "assent_auth::MIGRATOR")]
async fn each_address_has_a_limit_and_each_answer_says_what_is_left(pool: PgPool) {
    let app = App::with_limits(pool, hourly(3), hourly(100));
    for left in [2, 1, 0] {
        let answer = app.send(from("192.0.2.1")).await;
        assert_eq!(answer.status, 200);
        assert_eq!(lines(&answer.headers, "ratelimit-policy"), [r#""address";q=3;w=3600"#]);
        let limit = lines(&answer.headers, "ratelimit");
        assert_eq!(limit, [format!(r#""address";r={left};t={}"#, 1_200 * (3 - left))]);
        assert!(!answer.headers.contains_key("retry-after"));
    }
    let refused = app.send(from("192.0.2.1")).await;
    let detail = refused.problem(429, "too-many-requests");
    let wait: u64 = refused.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1_199..=1_200).contains(&wait), "{wait}");
    assert!(detail.contains(&format!("{wait} s")), "{detail}");
    assert_eq!(lines(&refused.headers, "ratelimit"), [r#""address";r=0;t=3600"#]);
    // Others are not held up; the neighbours of one network of IPv6 are one.
    assert_eq!(app.send(from("192.0.2.2")).await.status, 200);
    for _ in 0..3 {
        assert_eq!(app.send(from("2001:db8::1")).await.status, 200);
    }
    app.send(from("2001:db8::2")).await.problem(429, "too-many-requests");
    assert_eq!(app.send(from("2001:db8:0:1::2")).await.status, 200);
}

#[sqlx::test(migrator = "assent_auth::MIGRATOR")]
async fn guessing_is_limited_before_the_database_is_asked(pool: PgPool) {
    let app = App::with_limits(pool, hourly(2), hourly(100));
    let guess = format!("assent-key-{}", "00".repeat(40));
    for _ in 0..2 {
        app.get_as("/who", &guess).await.problem(401, "api-key");
    }
    app.pool.close().await;
    app.get_as("/who", &guess).await.problem(429, "too-many-requests");
}

#[sqlx::test(migrator = "assent_auth::MIGRATOR")]
async fn a_key_that_asks_too_often_is_stopped_before_the_database_is_asked(pool: PgPool) {
    let app = App::with_limits(pool, hourly(100), hourly(1));
    let (_, key) = app.key(Account([7; 32])).await;
    app.get_as("/who", &key).await.ok();
    app.pool.close().await;
    app.get_as("/who", &key).await.problem(429, "too-many-requests");
}

#[sqlx::test(migrator = "assent_auth::MIGRATOR")]
async fn each_key_and_each_account_has_a_limit_of_its_own(pool: PgPool) {
    let app = App::with_limits(pool, hourly(1_000), hourly(2));
    let account = Account([7; 32]);
    let (_, one) = app.key(account).await;
    let (_, other) = app.key(account).await;
    let token = text(&app.sign_in(&Wallet::new(1)).await["access_token"]);
    let again = text(&app.sign_in(&Wallet::new(1)).await["access_token"]);
    for credentials in [&one, &other] {
        for left in [1, 0] {
            let answer = app.get_as("/who", credentials).await;
            assert_eq!(answer.status, 200);
            let policies = lines(&answer.headers, "ratelimit-policy");
            assert_eq!(policies, [r#""caller";q=2;w=3600"#, r#""address";q=1000;w=3600"#]);
            let limits = lines(&answer.headers, "ratelimit");
            assert!(limits[0].starts_with(&format!(r#""caller";r={left};"#)), "{limits:?}");
        }
        app.get_as("/who", credentials).await.problem(429, "too-many-requests");
    }
    // Signing in again does not give more.
    app.get_as("/who", &token).await.ok();
    app.get_as("/who", &again).await.ok();
    app.get_as("/who", &token).await.problem(429, "too-many-requests");
    // Whoever knows the name of a key uses up a limit of his own.
    let (id, third) = app.key(account).await;
    for guess in ["00", "11", "22"].map(|byte| format!("assent-key-{id}{}", byte.repeat(32))) {
        app.get_as("/who", &guess).await.problem(401, "api-key");
    }
    app.get_as("/who", &third).await.ok();
    // Who is anonymous has the limit of the address alone.
    for _ in 0..5 {
        let answer = app.get("/who", &[]).await;
        assert_eq!(lines(&answer.headers, "ratelimit-policy"), [r#""address";q=1000;w=3600"#]);
    }
}

#[test]
fn a_limit_that_allows_nothing_is_none() {
    assert!(Policy::new(0, 1).is_err());
    assert!(Policy::new(1, 0).is_err());
    assert!(Policy::new(u32::MAX, 1).is_ok());
}
