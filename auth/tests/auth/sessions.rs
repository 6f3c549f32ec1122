//! Access and refresh tokens, and signing out.

use std::time::Duration;

use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::support::{App, DAY, START, Wallet, text};

#[sqlx::test(migrator = "assent_auth::MIGRATOR")]
async fn an_access_token_counts_for_minutes_and_a_refresh_token_gets_the_next(pool: PgPool) {
    let app = App::new(pool);
    let wallet = Wallet::new(1);
    let first = app.sign_in(&wallet).await;
    let access = text(&first["access_token"]);
    app.wait(Duration::from_millis(299_999));
    app.get_as("/who", &access).await.ok();
    app.wait(Duration::from_millis(1));
    let answer = app.get_as("/who", &access).await;
    let detail = answer.problem(401, "token-expired");
    assert!(detail.contains("/sign-in/refresh"), "{detail}");
    assert_eq!(answer.headers["www-authenticate"], r#"Bearer error="invalid_token""#);

    let second = app.refresh(&first["refresh_token"]).await.ok();
    assert_eq!(second["session"], first["session"]);
    assert_ne!(second["refresh_token"], first["refresh_token"]);
    let who = app.get_as("/who", &text(&second["access_token"])).await.ok();
    assert_eq!(who["account"], json!(wallet.account()));
    let third = app.refresh(&second["refresh_token"]).await.ok();
    assert_eq!(third["refresh_expires_at_ms"], START + 300_000 + 86_400_000);
}

#[sqlx::test(migrator = "assent_auth::MIGRATOR")]
async fn a_refresh_token_that_is_used_twice_ends_its_session_for_both(pool: PgPool) {
    let app = App::new(pool);
    let wallet = Wallet::new(1);
    let other = app.sign_in(&wallet).await;
    let first = app.sign_in(&wallet).await;
    let second = app.refresh(&first["refresh_token"]).await.ok();
    let third = app.refresh(&second["refresh_token"]).await.ok();
    let detail = app.refresh(&first["refresh_token"]).await.problem(401, "refresh-token");
    assert!(detail.contains("used before"), "{detail}");
    for tokens in [&first, &second, &third] {
        let detail = app.refresh(&tokens["refresh_token"]).await.problem(401, "refresh-token");
        assert!(detail.contains("no session that goes on"), "{detail}");
    }
    // The account's other session is none of its business.
    app.refresh(&other["refresh_token"]).await.ok();
    let ended_by: Vec<Option<String>> =
        sqlx::query_scalar("select ended_by from auth.sessions order by ended_by nulls last")
            .fetch_all(&app.pool)
            .await
            .unwrap();
    assert_eq!(ended_by, [Some("reuse".to_owned()), None]);
}

#[sqlx::test(migrator = "assent_auth::MIGRATOR")]
async fn of_two_refreshes_at_the_same_time_one_counts_and_the_session_ends(pool: PgPool) {
    let app = App::new(pool);
    for n in 1..6 {
        let first = app.sign_in(&Wallet::new(n)).await;
        let send = || app.refresh(&first["refresh_token"]);
        let (a, b) = tokio::join!(send(), send());
        let (let_in, refused) = if a.status == 200 { (a, b) } else { (b, a) };
        refused.problem(401, "refresh-token");
        app.refresh(&let_in.ok()["refresh_token"]).await.problem(401, "refresh-token");
    }
}

/// Whoever knows a session's name, which stands in access tokens and logs, can neither refresh nor end it.
#[sqlx::test(migrator = "assent_auth::MIGRATOR")]
async fn a_refresh_token_that_is_made_up_ends_nothing(pool: PgPool) {
    let app = App::new(pool);
    let tokens = app.sign_in(&Wallet::new(1)).await;
    let token = text(&tokens["refresh_token"]);
    let session = text(&tokens["session"]);
    assert!(token.starts_with(&format!("assent-refresh-{session}")));
    let made_up = format!("assent-refresh-{session}{}", "00".repeat(48));
    let upper = token.replace("assent-refresh-", "").to_uppercase();
    for other in [
        made_up,
        format!("assent-refresh-{upper}"),
        token[..token.len() - 2].to_owned(),
        format!("{token}00"),
        text(&tokens["access_token"]),
        String::new(),
    ] {
        let detail = app.refresh(&json!(other)).await.problem(401, "refresh-token");
        assert!(detail.contains("no session that goes on"), "{detail}");
        app.post("/sign-out", json!({ "refresh_token": other })).await;
    }
    app.refresh(&tokens["refresh_token"]).await.ok();
}

#[sqlx::test(migrator = "assent_auth::MIGRATOR")]
async fn a_session_ends_when_nobody_uses_it_and_after_its_time_in_any_case(pool: PgPool) {
    let app = App::new(pool);
    let unused = app.sign_in(&Wallet::new(1)).await;
    app.wait(DAY);
    app.refresh(&unused["refresh_token"]).await.problem(401, "refresh-token");

    let start = app.now();
    let mut tokens = app.sign_in(&Wallet::new(1)).await;
    let day_and_a_bit = DAY.saturating_sub(Duration::from_secs(1));
    for _ in 0..30 {
        app.wait(day_and_a_bit);
        tokens = app.refresh(&tokens["refresh_token"]).await.ok();
    }
    assert_eq!(tokens["refresh_expires_at_ms"], start.after(30 * DAY).ms());
    app.wait(Duration::from_secs(30));
    app.refresh(&tokens["refresh_token"]).await.problem(401, "refresh-token");
}

#[sqlx::test(migrator = "assent_auth::MIGRATOR")]
async fn signing_out_ends_a_session_or_all_of_them(pool: PgPool) {
    let app = App::new(pool);
    let (alice, bob) = (Wallet::new(1), Wallet::new(2));
    let one = app.sign_in(&alice).await;
    let two = app.sign_in(&alice).await;
    let three = app.sign_in(&alice).await;
    let bobs = app.sign_in(&bob).await;
    let sign_out = async |tokens: &Value, everywhere| {
        let body = json!({ "refresh_token": tokens["refresh_token"], "everywhere": everywhere });
        let answer = app.post("/sign-out", body).await;
        assert_eq!(answer.status, 204);
        assert_eq!(answer.headers["cache-control"], "no-store");
    };
    sign_out(&one, false).await;
    sign_out(&one, true).await;
    app.refresh(&one["refresh_token"]).await.problem(401, "refresh-token");
    let two = app.refresh(&two["refresh_token"]).await.ok();
    sign_out(&two, true).await;
    app.refresh(&two["refresh_token"]).await.problem(401, "refresh-token");
    app.refresh(&three["refresh_token"]).await.problem(401, "refresh-token");
    app.refresh(&bobs["refresh_token"]).await.ok();
    app.get_as("/who", &text(&bobs["access_token"])).await.ok();
}

#[sqlx::test(migrator = "assent_auth::MIGRATOR")]
async fn an_access_token_counts_no_longer_than_its_session(pool: PgPool) {
    let app = App::new(pool);
    let wallet = Wallet::new(1);
    let refused = async |tokens: &Value| {
        for path in ["/who", "/read", "/rows"] {
            let answer = app.get_as(path, &text(&tokens["access_token"])).await;
            let detail = answer.problem(401, "session-ended");
            assert!(detail.contains("sign in again"), "{detail}");
            assert_eq!(answer.headers["www-authenticate"], r#"Bearer error="invalid_token""#);
        }
    };
    let signed_out = app.sign_in(&wallet).await;
    let other = app.sign_in(&wallet).await;
    app.get_as("/who", &text(&signed_out["access_token"])).await.ok();
    app.post("/sign-out", json!({ "refresh_token": signed_out["refresh_token"] })).await;
    refused(&signed_out).await;
    app.get_as("/who", &text(&other["access_token"])).await.ok();

    let stolen = app.sign_in(&wallet).await;
    let next = app.refresh(&stolen["refresh_token"]).await.ok();
    app.get_as("/who", &text(&next["access_token"])).await.ok();
    app.refresh(&stolen["refresh_token"]).await.problem(401, "refresh-token");
    refused(&stolen).await;
    refused(&next).await;
    // A session that is gone from the tables is none, and neither is one that expired under its token.
    sqlx::query("update auth.sessions set expires_at_ms = $1")
        .bind(app.now())
        .execute(&app.pool)
        .await
        .unwrap();
    refused(&other).await;
    sqlx::query("delete from auth.sessions").execute(&app.pool).await.unwrap();
    refused(&other).await;
}

/// Of two tabs one has an old token: what it signs out is signed out.
#[sqlx::test(migrator = "assent_auth::MIGRATOR")]
async fn signing_out_takes_any_token_of_the_session(pool: PgPool) {
    let app = App::new(pool);
    let old = app.sign_in(&Wallet::new(1)).await;
    let new = app.refresh(&old["refresh_token"]).await.ok();
    app.post("/sign-out", json!({ "refresh_token": old["refresh_token"] })).await;
    app.get_as("/who", &text(&new["access_token"])).await.problem(401, "session-ended");
    let detail = app.refresh(&new["refresh_token"]).await.problem(401, "refresh-token");
    assert!(detail.contains("no session that goes on"), "{detail}");
}

#[sqlx::test(migrator = "assent_auth::MIGRATOR")]
async fn a_token_that_was_changed_is_refused_everywhere(pool: PgPool) {
    let app = App::new(pool);
    let tokens = app.sign_in(&Wallet::new(1)).await;
    let token = text(&tokens["access_token"]);
    let mut parts: Vec<_> = token.split('.').collect();
    parts.swap(0, 1);
    for changed in [parts.join("."), token.replace('.', ""), format!("{token}x"), "x".repeat(4_000)]
    {
        for path in ["/who", "/read", "/rows"] {
            app.get_as(path, &changed).await.problem(401, "token");
        }
    }
    let detail = app.get("/who", &["Bearer a", "Bearer b"]).await.problem(401, "credentials");
    assert!(detail.contains("twice"), "{detail}");
    let answer = app.get("/who", &["Basic YTpi"]).await;
    answer.problem(401, "credentials");
    assert_eq!(answer.headers["www-authenticate"], r#"Bearer error="invalid_request""#);
    let long = format!("Bearer {}", "x".repeat(5_000));
    app.get("/who", &[&long]).await.problem(401, "credentials");
    // The routes of signing in do not look at it: an old token keeps nobody from getting a new one.
    let refresh = axum::http::Request::post("/v1/sign-in/refresh")
        .header("authorization", "Bearer old")
        .header("content-type", "application/json")
        .body(json!({ "refresh_token": tokens["refresh_token"] }).to_string().into())
        .unwrap();
    app.send(refresh).await.ok();
}

#[sqlx::test(migrator = "assent_auth::MIGRATOR")]
async fn no_secret_is_stored_or_shown(pool: PgPool) {
    let app = App::new(pool);
    let wallet = Wallet::new(1);
    let challenge = app.auth.challenge(wallet.account()).unwrap();
    let signature = wallet.sign(&challenge.message);
    let signature =
        assent_auth::WalletSignature::read(assent_auth::Scheme::Sr25519, &signature).unwrap();
    let tokens = app.auth.sign_in(wallet.account(), &challenge.nonce, &signature).await.unwrap();
    let (_, key) = app.key(wallet.account()).await;
    let refresh = tokens.refresh_token.expose_secret();
    let stored = app.stored().await;
    let shown = format!("{tokens:?}{:?}", app.auth);
    // Behind the words and the names, which are no secrets: 15 and 32 characters, 11 and 16.
    for secret in
        [&refresh[47..79], &refresh[79..], &key[27..], tokens.access_token.expose_secret()]
    {
        assert!(!stored.contains(secret), "{stored}");
        assert!(!shown.contains(secret), "{shown}");
    }
    assert!(!shown.contains(&crate::support::SEED[..16]), "{shown}");
    assert!(stored.contains(&refresh[15..47]), "the session's name");
}
