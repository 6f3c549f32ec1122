//! Signing in to the API, what counts as credentials for its routes, and how often one may ask

use axum::{
    body::Body,
    http::{Method, Request},
};
use schnorrkel::{ExpansionMode, Keypair, MiniSecretKey};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use sqlx::PgPool;

use assent_api::{Limits, Rates};
use assent_auth::{Access, Moment, SessionId};
use assent_client::Account;
use assent_indexer_testing::account;

use crate::{
    sight::{
        key,
        routes::{CLINIC, PATIENT, fixed, routes},
    },
    support::{Answer, Api, auth, ss58},
};

/// Digits of base64url, as RFC 4648 has it.
const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// base64url without padding.
fn base64(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let mut word = [0; 3];
        word[..chunk.len()].copy_from_slice(chunk);
        let word = u32::from_be_bytes([0, word[0], word[1], word[2]]);
        for digit in 0..=chunk.len() {
            let digit = (word >> (18 - 6 * digit)) & 63;
            text.push(char::from(DIGITS[usize::try_from(digit).unwrap()]));
        }
    }
    text
}

/// The bytes of such a text.
fn unbase64(text: &str) -> Vec<u8> {
    let (mut bytes, mut word, mut bits) = (Vec::new(), 0_usize, 0_u32);
    for digit in text.bytes() {
        word = (word << 6) + DIGITS.iter().position(|known| *known == digit).unwrap();
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(word >> bits).unwrap());
            word %= 1 << bits;
        }
    }
    bytes
}

/// A wallet with one sr25519 key.
struct Wallet(Keypair);

impl Wallet {
    fn new(n: u8) -> Self {
        let secret = MiniSecretKey::from_bytes(&[n; 32]).unwrap();
        Self(secret.expand_to_keypair(ExpansionMode::Ed25519))
    }

    fn account(&self) -> Account {
        Account(self.0.public.to_bytes())
    }

    /// As wallets sign what is no transaction.
    fn sign(&self, text: &str) -> String {
        let wrapped = format!("<Bytes>{text}</Bytes>");
        let signature = self.0.sign_simple(b"substrate", wrapped.as_bytes());
        format!("0x{}", hex::encode(signature.to_bytes()))
    }
}

async fn post(api: &Api, path: &str, body: &Value) -> Answer {
    let request = Request::post(path)
        .header("content-type", "application/json")
        // One that counts for nothing keeps nobody from getting another.
        .header("authorization", "Bearer old")
        .body(Body::from(body.to_string()));
    api.send(request.unwrap()).await
}

/// What a wallet is to sign, and the nonce.
async fn challenge(api: &Api, wallet: &Wallet) -> Value {
    let body = json!({ "address": wallet.account() });
    let answer = post(api, "/v1/sign-in/nonce", &body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    answer.body
}

/// Signs and sends it.
async fn answer(api: &Api, wallet: &Wallet, challenge: &Value) -> Answer {
    let body = json!({
        "address": wallet.account(),
        "nonce": challenge["nonce"],
        "scheme": "sr25519",
        "signature": wallet.sign(challenge["message"].as_str().unwrap()),
    });
    post(api, "/v1/sign-in", &body).await
}

async fn sign_in(api: &Api, wallet: &Wallet) -> Value {
    let challenge = challenge(api, wallet).await;
    let answer = answer(api, wallet, &challenge).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    answer.body
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// The world of which every list has a row. The key of this wallet acts for the clinic.
async fn seeded(pool: PgPool, wallet: &Wallet) -> Api {
    let api = Api::mirror(pool).await;
    assent_auth::MIGRATOR.run(&api.pool).await.unwrap();
    fixed().insert(&api.pool).await;
    for sql in [
        "insert into participant_keys (
            key, subject, accepted_at_ms, replaced_at_ms, block_number, event_index
        ) values ($1, $2, 1, null, 6, 1), ($2, $2, null, 1, 6, 1)",
        "update participants set key = $1 where account = $2",
    ] {
        sqlx::query(sql)
            .bind(wallet.account())
            .bind(Account(account(CLINIC)))
            .execute(&api.pool)
            .await
            .unwrap();
    }
    api.sql("delete from auth.reads").await;
    api
}

async fn readings(api: &Api) -> i64 {
    sqlx::query_scalar("select count(*) from auth.reads").fetch_one(&api.pool).await.unwrap()
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn whoever_signed_in_reads_as_his_participant_until_he_signs_out(pool: PgPool) {
    let wallet = Wallet::new(1);
    let api = seeded(pool, &wallet).await;
    let message = challenge(&api, &wallet).await["message"].clone();
    assert!(text(&message).starts_with("127.0.0.1:8080 wants you to sign in"), "{message}");

    let tokens = sign_in(&api, &wallet).await;
    assert_eq!(tokens["account"], json!(wallet.account()));
    let token = text(&tokens["access_token"]);
    let shown = api.get_as("/v1/consents", token).await;
    assert_eq!(shown.status, 200, "{shown:?}");
    assert_eq!(shown.header("cache-control"), Some("no-store"));
    let ids: Vec<_> = shown.body["items"].as_array().unwrap().iter().map(|of| &of["id"]).collect();
    assert_eq!(ids, [1]);
    // A token is for all purposes.
    assert_eq!(api.get_as("/v1/rewards/budgets", token).await.status, 200);

    // Whose key it is, and that no API key did it.
    let made: (Account, Account, Option<Vec<u8>>) =
        sqlx::query_as("select reader, reader_as, api_key from auth.reads")
            .fetch_one(&api.pool)
            .await
            .unwrap();
    assert_eq!(made, (wallet.account(), Account(account(CLINIC)), None));
    let seen = api.get_as("/v1/reads", token).await;
    assert_eq!(seen.body["items"][0]["reader"], json!(wallet.account()));
    assert_eq!(seen.body["items"][0]["reader_as"], ss58(CLINIC));
    assert_eq!(seen.body["items"][0]["api_key"], Value::Null);

    let refresh = json!({ "refresh_token": tokens["refresh_token"] });
    let next = post(&api, "/v1/sign-in/refresh", &refresh).await;
    assert_eq!(next.status, 200, "{next:?}");
    let next_token = text(&next.body["access_token"]);
    assert_eq!(api.get_as("/v1/consents", next_token).await.status, 200);

    let before = readings(&api).await;
    let last = json!({ "refresh_token": next.body["refresh_token"] });
    let out = post(&api, "/v1/sign-out", &last).await;
    assert_eq!(out.status, 204, "{out:?}");
    assert_eq!(out.header("cache-control"), Some("no-store"));
    for route in routes().iter().filter(|route| route.is_private()) {
        for token in [token, next_token] {
            api.get_as(&route.request(), token).await.problem(401, "session-ended");
        }
    }
    post(&api, "/v1/sign-in/refresh", &last).await.problem(401, "refresh-token");
    assert_eq!(readings(&api).await, before);
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_nonce_counts_once(pool: PgPool) {
    let wallet = Wallet::new(1);
    let api = seeded(pool, &wallet).await;
    let challenge = challenge(&api, &wallet).await;
    let tokens = answer(&api, &wallet, &challenge).await;
    assert_eq!(tokens.status, 200, "{tokens:?}");
    answer(&api, &wallet, &challenge).await.problem(401, "nonce");
    // It is another's.
    answer(&api, &Wallet::new(2), &challenge).await.problem(401, "nonce");
    let token = text(&tokens.body["access_token"]);
    assert_eq!(api.get_as("/v1/consents", token).await.status, 200);
}

/// With this key taken back or over, as whoever has its whole secret is told.
async fn ended(api: &Api, column: &str) -> String {
    let key = key(api, CLINIC).await;
    let id = hex::decode(&key["assent-key-".len()..][..16]).unwrap();
    let sql = format!("update auth.api_keys set {column} = created_at_ms where id = $1");
    sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).execute(&api.pool).await.unwrap();
    key
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn what_counts_for_nothing_is_refused_by_every_private_route(pool: PgPool) {
    let wallet = Wallet::new(1);
    let api = seeded(pool, &wallet).await;
    let good = key(&api, PATIENT).await;
    let tokens = sign_in(&api, &wallet).await;
    let token = text(&tokens["access_token"]);
    let parts: Vec<_> = token.split('.').collect();
    let [header, claims, signature] = parts[..] else { panic!("{token}") };

    // Another service's, for a session that goes on here.
    let session: SessionId = text(&tokens["session"]).parse().unwrap();
    let access = Access { account: wallet.account(), session };
    let foreign = auth(api.pool.clone()).issuer().issue(access, Moment::now()).unwrap().0;
    let with = |part: &str, name: &str, value: Value| {
        let mut part: Value = serde_json::from_slice(&unbase64(part)).unwrap();
        part[name] = value;
        base64(&serde_json::to_vec(&part).unwrap())
    };
    let none = with(header, "alg", json!("none"));
    let hs256 = with(header, "alg", json!("HS256"));
    let other = with(claims, "sub", json!(ss58(PATIENT)));
    let made_up = format!("assent-key-{}", "ab".repeat(40));
    // The name of a key that there is.
    let guessed = format!("{}{}", &good[.."assent-key-".len() + 16], "00".repeat(32));
    let bearer = |text: &str| vec![format!("Bearer {text}")];
    let bad = [
        (bearer(&ended(&api, "expires_at_ms").await), "api-key"),
        (bearer(&ended(&api, "revoked_at_ms").await), "api-key"),
        (bearer(&made_up), "api-key"),
        (bearer(&guessed), "api-key"),
        (bearer(&good[..good.len() - 2]), "api-key"),
        (bearer(foreign.expose_secret()), "token"),
        (bearer(&format!("{none}.{claims}.")), "token"),
        (bearer(&format!("{none}.{claims}.{signature}")), "token"),
        (bearer(&format!("{hs256}.{claims}.{}", base64(&[7; 32]))), "token"),
        (bearer(&format!("{header}.{other}.{signature}")), "token"),
        (bearer("nonsense"), "token"),
        (bearer(""), "credentials"),
        (vec![good.clone()], "credentials"),
        (vec!["Basic YTpi".to_owned()], "credentials"),
        ([bearer(&good), bearer(&good)].concat(), "credentials"),
        ([bearer(&good), bearer("nonsense")].concat(), "credentials"),
    ];
    for route in routes().iter().filter(|route| route.is_private()) {
        let path = route.request();
        for (shown, kind) in &bad {
            let shown: Vec<_> = shown.iter().map(String::as_str).collect();
            let refused = api.request_as(Method::GET, &path, &shown).await;
            refused.problem(401, kind);
            assert_eq!(refused.header("cache-control"), Some("no-store"), "{path} {shown:?}");
            assert!(refused.header("www-authenticate").is_some(), "{path} {shown:?}");
        }
    }
    assert_eq!(readings(&api).await, 0);
    // None of them ended what counts.
    assert_eq!(api.get_as("/v1/consents", &good).await.status, 200);
    assert_eq!(api.get_as("/v1/consents", token).await.status, 200);
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn no_parameter_becomes_a_header_or_a_credential(pool: PgPool) {
    let wallet = Wallet::new(1);
    let api = seeded(pool, &wallet).await;
    let patient = key(&api, PATIENT).await;
    let line = "%0d%0aX-Injected:%20yes%0d%0a%0d%0a";
    for path in [
        format!("/v1/consents?owner={line}"),
        format!("/v1/consents?limit=1{line}"),
        format!("/v1/consents?after=1{line}"),
        format!("/v1/consents?{line}=1"),
        format!("/v1/consents/1{line}"),
        format!("/v1/participants/{}{line}", ss58(PATIENT)),
        format!("/v1/participants/{line}"),
        format!("/v1/reads?subject={line}"),
        format!("/v1/token/receipts/{line}"),
    ] {
        let refused = api.get_as(&path, &patient).await;
        refused.problem(400, "invalid-parameter");
        assert!(!refused.headers.contains_key("x-injected"), "{path}: {refused:?}");
        for (name, value) in &refused.headers {
            let text = value.to_str().unwrap();
            assert!(!text.contains("Injected"), "{path}: {name}: {text}");
        }
    }
    // A token in a query, which stands in logs, counts for nothing.
    let tokens = sign_in(&api, &wallet).await;
    for name in ["access_token", "token", "authorization", "api_key", "key"] {
        for credentials in [&patient[..], text(&tokens["access_token"])] {
            let path = format!("/v1/consents?{name}={credentials}");
            let refused = api.get_anonymously(&path).await;
            assert!([400, 401].contains(&refused.status.as_u16()), "{name}: {refused:?}");
            assert_eq!(refused.body["items"], Value::Null);
        }
    }
    assert_eq!(readings(&api).await, 0);
}

/// On a mirror, with so many requests a minute of each address and each caller.
async fn limited(pool: PgPool, address: u32, caller: u32, proxies: &[String]) -> (Api, Api) {
    let mirror = Api::mirror(pool.clone()).await;
    let limits = Limits { max_lag_seconds: 30, max_staleness_seconds: u32::MAX };
    (mirror, Api::with(pool, limits, Rates::new(address, caller, proxies).unwrap()))
}

/// The lines of a header.
fn lines<'a>(answer: &'a Answer, name: &str) -> Vec<&'a str> {
    answer.headers.get_all(name).iter().map(|value| value.to_str().unwrap()).collect()
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_caller_who_asks_too_often_waits_also_with_a_key_that_is_made_up(pool: PgPool) {
    let (_mirror, api) = limited(pool, 100_000, 2, &[]).await;
    let [one, other] = [key(&api, PATIENT).await, key(&api, PATIENT).await];
    let made_up = format!("assent-key-{}", "ab".repeat(40));
    for (credentials, status) in [(&one, 200_u16), (&made_up, 401), (&other, 200)] {
        for left in [1, 0] {
            let answer = api.get_as("/v1/consents", credentials).await;
            assert_eq!(answer.status, status, "{answer:?}");
            let policies = lines(&answer, "ratelimit-policy");
            assert_eq!(policies, [r#""caller";q=2;w=60"#, r#""address";q=100000;w=60"#]);
            let limits = lines(&answer, "ratelimit");
            assert!(limits[0].starts_with(&format!(r#""caller";r={left};t="#)), "{limits:?}");
            assert!(limits[1].starts_with(r#""address";r="#), "{limits:?}");
            assert!(answer.header("retry-after").is_none());
        }
        // Whatever it asks for.
        for path in ["/v1/consents", "/v1/token/balances", "/v1/carbon/batches"] {
            let refused = api.get_as(path, credentials).await;
            refused.problem(429, "too-many-requests");
            let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
            assert!((1..=30).contains(&wait), "{wait}");
            assert!(lines(&refused, "ratelimit")[0].starts_with(r#""caller";r=0;t="#));
            assert_eq!(refused.header("cache-control"), Some("no-store"));
        }
    }
    // Who shows nothing has the limit of his address alone.
    for _ in 0..4 {
        let answer = api.get_anonymously("/v1/carbon/batches").await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(lines(&answer, "ratelimit-policy"), [r#""address";q=100000;w=60"#]);
    }
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn an_address_that_asks_too_often_waits_whoever_asks_and_for_what(pool: PgPool) {
    let (_mirror, api) = limited(pool, 3, 100, &["0.0.0.0".to_owned()]).await;
    let patient = key(&api, PATIENT).await;
    let from = async |client: &str, path: &str| {
        let request = Request::get(path)
            // In a test no connection says where it comes from, and that is the proxy.
            .header("x-forwarded-for", client)
            .header("authorization", format!("Bearer {patient}"))
            .body(Body::empty());
        api.send(request.unwrap()).await
    };
    for left in [2, 1, 0] {
        let answer = from("192.0.2.1", "/v1/consents").await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let limits = lines(&answer, "ratelimit");
        let last = limits.last().unwrap();
        assert!(last.starts_with(&format!(r#""address";r={left};t="#)), "{limits:?}");
    }
    for path in ["/v1/consents", "/v1/carbon/batches", "/healthz", "/openapi.json", "/nowhere"] {
        let refused = from("192.0.2.1", path).await;
        refused.problem(429, "too-many-requests");
        assert!(refused.header("retry-after").is_some(), "{path}");
        assert!(refused.header("ratelimit-policy").is_some(), "{path}");
    }
    let body = json!({ "address": ss58(PATIENT) }).to_string();
    let request = Request::post("/v1/sign-in/nonce")
        .header("content-type", "application/json")
        .header("x-forwarded-for", "192.0.2.1")
        .body(Body::from(body));
    api.send(request.unwrap()).await.problem(429, "too-many-requests");
    // Others are not held up.
    assert_eq!(from("192.0.2.2", "/v1/consents").await.status, 200);
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn what_is_answered_to_somebody_is_kept_by_nobody_else(pool: PgPool) {
    let wallet = Wallet::new(1);
    let api = seeded(pool, &wallet).await;
    let tokens = sign_in(&api, &wallet).await;
    let token = text(&tokens["access_token"]);
    for (path, status) in [
        ("/v1/consents", 200_u16),
        ("/v1/consents/2", 404),
        ("/v1/consents?limit=0", 400),
        ("/v1/events", 403),
        ("/v1/token/balances", 200),
    ] {
        let answer = api.get_as(path, token).await;
        assert_eq!(answer.status, status, "{path}: {answer:?}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
    }
    for path in ["/v1/carbon/batches", "/v1/market/orders", "/v1/governance", "/v1/status"] {
        let answer = api.get_anonymously(path).await;
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        assert_eq!(answer.header("cache-control"), None, "{path}");
    }
}
