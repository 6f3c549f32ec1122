//! The way in: nonce, message, signature.

use std::time::Duration;

use axum::{body::Body, http::Request};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::support::{App, DAY, SEED, START, Wallet, text};

#[sqlx::test(migrator = "assent_auth::MIGRATOR")]
async fn whoever_signs_the_message_is_let_in_as_his_account(pool: PgPool) {
    let app = App::new(pool);
    let wallet = Wallet::new(1);
    let answer = app.post("/sign-in/nonce", json!({ "address": wallet.account() })).await;
    assert_eq!(answer.headers["cache-control"], "no-store");
    let challenge = answer.ok();
    assert_eq!(challenge["expires_at_ms"], START + 300_000);
    let message = format!(
        "consent.example wants you to sign in with your Substrate account:\n{}\n\n\
         Sign in to Assent.\n\nURI: https://consent.example/\nVersion: 1\nNonce: {}\n\
         Issued At: 2026-11-28T12:00:00.000Z\nExpiration Time: 2026-11-28T12:05:00.000Z\n\
         Chain ID: polkadot:{}",
        wallet.account(),
        text(&challenge["nonce"]),
        "91".repeat(16),
    );
    assert_eq!(challenge["message"], message);

    let answer = app.send_signed(&wallet, &challenge).await;
    assert_eq!(answer.headers["cache-control"], "no-store");
    let tokens = answer.ok();
    assert_eq!(tokens["account"], json!(wallet.account()));
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["access_expires_at_ms"], START + 300_000);
    assert_eq!(tokens["refresh_expires_at_ms"], START + 86_400_000);
    let who = app.get_as("/who", &text(&tokens["access_token"])).await.ok();
    assert_eq!(who, json!({ "account": wallet.account(), "session": tokens["session"] }));
    assert_eq!(app.get("/who", &[]).await.ok(), "anonymous");
}

/// What stands in the message is set, whatever a request says of where it goes and came from.
#[sqlx::test(migrator = "assent_auth::MIGRATOR")]
async fn no_header_gets_into_the_message(pool: PgPool) {
    let app = App::new(pool);
    let address = json!({ "address": Wallet::new(1).account() }).to_string();
    let mut request = Request::post("https://evil.example/v1/sign-in/nonce");
    for name in ["host", "x-forwarded-host", "forwarded", "origin", "referer", "x-forwarded-prefix"]
    {
        request = request.header(name, "evil.example");
    }
    let request = request.header("content-type", "application/json").body(address.into()).unwrap();
    let message = text(&app.send(request).await.ok()["message"]);
    assert!(!message.contains("evil"), "{message}");
    assert_eq!(message.matches("consent.example").count(), 2, "{message}");
}

#[sqlx::test(migrator = "assent_auth::MIGRATOR")]
async fn a_nonce_counts_once_also_when_several_send_it_at_the_same_time(pool: PgPool) {
    let app = App::new(pool);
    let wallet = Wallet::new(1);
    let challenge = app.challenge(&wallet).await;
    app.send_signed(&wallet, &challenge).await.ok();
    let detail = app.send_signed(&wallet, &challenge).await.problem(401, "nonce");
    assert!(detail.contains("used before"), "{detail}");

    let challenge = app.challenge(&wallet).await;
    let send = || app.send_signed(&wallet, &challenge);
    let (a, b, c, d) = tokio::join!(send(), send(), send(), send());
    let let_in = [a, b, c, d].iter().filter(|answer| answer.status == 200).count();
    assert_eq!(let_in, 1);
}

/// What says that it was used outlives it, whatever else is set.
#[sqlx::test(migrator = "assent_auth::MIGRATOR")]
async fn a_nonce_counts_once_also_when_its_session_is_over_and_nothing_is_kept(pool: PgPool) {
    let app = App::with(pool, SEED, |settings| {
        settings.session_retention = Duration::ZERO;
    });
    let wallet = Wallet::new(1);
    let challenge = app.challenge(&wallet).await;
    let tokens = app.send_signed(&wallet, &challenge).await.ok();
    app.post("/sign-out", json!({ "refresh_token": tokens["refresh_token"] })).await;
    app.wait(Duration::from_millis(299_999));
    app.auth.prune(10).await.unwrap();
    app.send_signed(&wallet, &challenge).await.problem(401, "nonce");
    app.wait(Duration::from_millis(1));
    assert_eq!(app.auth.prune(10).await.unwrap().sessions, 1);
    let detail = app.send_signed(&wallet, &challenge).await.problem(401, "nonce");
    assert!(detail.contains("expired: one has to be used within 300 s"), "{detail}");
}

#[sqlx::test(migrator = "assent_auth::MIGRATOR")]
async fn a_nonce_counts_for_a_while_for_its_account_and_only_if_this_service_made_it(pool: PgPool) {
    let app = App::new(pool.clone());
    let (alice, bob) = (Wallet::new(1), Wallet::new(2));
    let challenge = app.challenge(&alice).await;
    let (nonce, message) = (&challenge["nonce"], text(&challenge["message"]));
    let as_bob = message.replace(&alice.account().to_string(), &bob.account().to_string());
    app.send_text(&bob, nonce, &as_bob).await.problem(401, "nonce");
    // Alice cannot have signed in advance: a time to come stands in no nonce of hers.
    let digits = text(nonce);
    let later = format!("{:012x}{}", START + 86_400_000, &digits[12..]);
    for other in [&later, &"0".repeat(64), &digits[2..], &format!("{digits}00"), "", "é"] {
        let signed = message.replace(&digits, other);
        let detail = app.send_text(&alice, &json!(other), &signed).await.problem(401, "nonce");
        assert!(detail.contains("not one that this service made"), "{detail}");
    }
    let other = App::with(pool, &SEED.replace("9d61", "9d62"), |_| {});
    other.send_signed(&alice, &challenge).await.problem(401, "nonce");
    // Nobody has used it up, and nothing was written.
    assert_eq!(app.stored().await, "");
    app.send_signed(&alice, &challenge).await.ok();

    let challenge = app.challenge(&alice).await;
    app.wait(Duration::from_secs(300));
    let detail = app.send_signed(&alice, &challenge).await.problem(401, "nonce");
    assert!(detail.contains("expired"), "{detail}");
    app.wait(DAY);
    app.send_signed(&alice, &challenge).await.problem(401, "nonce");
}

#[sqlx::test(migrator = "assent_auth::MIGRATOR")]
async fn a_message_for_another_service_chain_time_or_purpose_signs_nobody_in(pool: PgPool) {
    let app = App::new(pool);
    let wallet = Wallet::new(1);
    let challenge = app.challenge(&wallet).await;
    let message = text(&challenge["message"]);
    for (from, to) in [
        ("consent.example wants", "evil.example wants"),
        ("URI: https://consent.example/", "URI: https://evil.example/"),
        ("polkadot:9191", "polkadot:9291"),
        ("Sign in to Assent.", "Win a prize."),
        ("Time: 2026-11-28T12:05", "Time: 2026-11-28T12:06"),
        ("Version: 1", "Version: 1\nNonce: x"),
    ] {
        assert!(message.contains(from), "{from}");
        let foreign = message.replacen(from, to, 1);
        let answer = app.send_text(&wallet, &challenge["nonce"], &foreign).await;
        answer.problem(401, "signature");
    }
    // None of them used the nonce up.
    app.send_signed(&wallet, &challenge).await.ok();
}

#[sqlx::test(migrator = "assent_auth::MIGRATOR")]
async fn a_signature_of_another_key_or_scheme_is_refused(pool: PgPool) {
    let app = App::new(pool);
    let (alice, bob) = (Wallet::new(1), Wallet::new(2));
    let challenge = app.challenge(&alice).await;
    let message = text(&challenge["message"]);
    let send = async |scheme: &str, signature: &str| {
        let body = json!({
            "address": alice.account(),
            "nonce": challenge["nonce"],
            "scheme": scheme,
            "signature": signature,
        });
        app.post("/sign-in", body).await
    };
    let detail = send("sr25519", &bob.sign(&message)).await.problem(401, "signature");
    assert!(detail.contains(&alice.account().to_string()), "{detail}");
    send("ed25519", &alice.sign(&message)).await.problem(401, "signature");
    send("ecdsa", &alice.sign(&message)).await.problem(400, "signature");
    send("sr25519", "0x00").await.problem(400, "signature");
    send("sr25519", "").await.problem(400, "signature");
    send("ethereum", &alice.sign(&message)).await.problem(400, "invalid-body");
    send("sr25519", &alice.sign(&message)).await.ok();
}

#[sqlx::test(migrator = "assent_auth::MIGRATOR")]
async fn a_body_that_is_not_what_the_route_takes_is_named(pool: PgPool) {
    let app = App::new(pool);
    let address = json!(Wallet::new(1).account());
    // The same key, written for another network.
    let polkadot = "15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5";
    for (body, named) in [
        (json!({}), "address"),
        (json!({ "address": "5Grw" }), "5Grw"),
        (json!({ "address": polkadot }), "another network"),
        (json!({ "address": address, "Address": address }), "Address"),
        (json!({ "address": [1] }), "address"),
        (json!([address]), "expected an object"),
        (Value::Null, "expected an object"),
    ] {
        let detail = app.post("/sign-in/nonce", body).await.problem(400, "invalid-body");
        assert!(detail.contains(named), "{detail}");
    }
    let long = json!({ "address": address, "nonce": "x".repeat(2_000) });
    let detail = app.post("/sign-in", long).await.problem(413, "body-too-large");
    assert!(detail.contains("1024 bytes"), "{detail}");
    let plain = Request::post("/v1/sign-in/nonce").body(Body::from("{}")).unwrap();
    let detail = app.send(plain).await.problem(400, "invalid-body");
    assert!(detail.contains("Content-Type"), "{detail}");
    let open = Request::post("/v1/sign-in/nonce").header("content-type", "application/json");
    let detail = app.send(open.body(Body::from("{")).unwrap()).await.problem(400, "invalid-body");
    assert!(detail.contains("not JSON"), "{detail}");
}

#[sqlx::test(migrator = "assent_auth::MIGRATOR")]
async fn an_account_has_so_many_sessions_and_one_more_ends_the_one_least_used(pool: PgPool) {
    let app = App::with(pool, SEED, |settings| settings.sessions_per_account = 3);
    let (alice, bob) = (Wallet::new(1), Wallet::new(2));
    let bobs = app.sign_in(&bob).await;
    let mut sessions = Vec::new();
    for _ in 0..3 {
        app.wait(Duration::from_secs(1));
        sessions.push(app.sign_in(&alice).await);
    }
    app.wait(Duration::from_secs(1));
    // The oldest is used, so that the second one is the one least used.
    sessions[0] = app.refresh(&sessions[0]["refresh_token"]).await.ok();
    app.wait(Duration::from_secs(1));
    sessions.push(app.sign_in(&alice).await);
    for (n, tokens) in sessions.iter().enumerate() {
        let answer = app.get_as("/who", &text(&tokens["access_token"])).await;
        if n == 1 {
            answer.problem(401, "session-ended");
            app.refresh(&tokens["refresh_token"]).await.problem(401, "refresh-token");
        } else {
            answer.ok();
        }
    }
    app.get_as("/who", &text(&bobs["access_token"])).await.ok();
    // A nonce that was used ends nothing.
    let challenge = app.challenge(&alice).await;
    app.send_signed(&alice, &challenge).await.ok();
    app.send_signed(&alice, &challenge).await.problem(401, "nonce");
    let living = "select count(*) from auth.sessions where ended_at_ms is null";
    assert_eq!(sqlx::query_scalar::<_, i64>(living).fetch_one(&app.pool).await.unwrap(), 4);
}

#[sqlx::test(migrator = "assent_auth::MIGRATOR")]
async fn the_document_describes_the_routes(pool: PgPool) {
    let (_, document) = assent_auth::router(App::new(pool).auth).split_for_parts();
    let document = serde_json::to_value(document).unwrap();
    let paths: Vec<_> = document["paths"].as_object().unwrap().keys().collect();
    assert_eq!(paths, ["/sign-in", "/sign-in/nonce", "/sign-in/refresh", "/sign-out"]);
    let text = document.to_string();
    for target in text.split(r##""$ref":"#"##).skip(1) {
        let pointer = target.split('"').next().unwrap();
        assert!(document.pointer(pointer).is_some(), "{pointer}");
    }
}

#[sqlx::test(migrations = false)]
async fn the_tables_and_what_was_applied_are_in_a_schema_of_their_own(pool: PgPool) {
    assent_auth::MIGRATOR.run(&pool).await.unwrap();
    assent_auth::MIGRATOR.run(&pool).await.unwrap();
    let tables: Vec<String> = sqlx::query_scalar(
        "select schemaname || '.' || tablename from pg_tables
        where schemaname in ('auth', 'public') order by 1",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    assert_eq!(tables, ["auth._sqlx_migrations", "auth.api_keys", "auth.reads", "auth.sessions"]);
}
