//! API keys of services.

use std::time::Duration;

use assent_auth::{KeyId, NewKey, NewKeyError, Scopes};
use assent_client::Account;
use secrecy::ExposeSecret as _;
use serde_json::json;
use sqlx::PgPool;

use crate::support::{App, DAY, Wallet, text};

const HOSPITAL: Account = Account([7; 32]);

fn new(app: &App) -> NewKey {
    NewKey {
        account: HOSPITAL,
        name: "ward 3".to_owned(),
        scopes: Scopes::read(["consent:read", "reports:read"]).unwrap(),
        expires_at: app.now().after(DAY),
    }
}

#[sqlx::test(migrator = "assent_auth::MIGRATOR")]
async fn a_key_asks_on_behalf_of_its_account_for_what_it_is_for(pool: PgPool) {
    let app = App::new(pool);
    let made = app.keys.create(new(&app)).await.unwrap();
    let secret = made.secret.expose_secret();
    assert!(secret.starts_with(&format!("assent-key-{}", made.key.id)));
    let who = app.get_as("/who", secret).await.ok();
    assert_eq!(
        who,
        json!({ "account": HOSPITAL, "key": made.key.id, "scopes": ["consent:read", "reports:read"] })
    );
    assert_eq!(app.get_as("/read", secret).await.ok(), json!(HOSPITAL));

    let narrow = NewKey { scopes: Scopes::read(["reports:read"]).unwrap(), ..new(&app) };
    let narrow = app.keys.create(narrow).await.unwrap();
    let answer = app.get_as("/read", narrow.secret.expose_secret()).await;
    let detail = answer.problem(403, "scope-needed");
    assert!(detail.contains("`consent:read`"), "{detail}");
    assert_eq!(answer.headers["www-authenticate"], r#"Bearer error="insufficient_scope""#);
    app.get("/read", &[]).await.problem(401, "sign-in-needed");
}

#[sqlx::test(migrator = "assent_auth::MIGRATOR")]
async fn a_key_that_was_revoked_or_expired_is_refused_at_once(pool: PgPool) {
    let app = App::new(pool);
    let (id, key) = app.key(HOSPITAL).await;
    let (_, other) = app.key(HOSPITAL).await;
    app.get_as("/who", &key).await.ok();
    let revoked = app.keys.revoke(id).await.unwrap();
    assert_eq!(revoked.revoked_at_ms, Some(app.now()));
    let detail = app.get_as("/who", &key).await.problem(401, "api-key");
    assert!(detail.contains("revoked"), "{detail}");
    app.wait(Duration::from_secs(1));
    assert_eq!(app.keys.revoke(id).await.unwrap(), revoked, "once is enough");
    app.get_as("/who", &other).await.ok();
    app.wait(DAY);
    let detail = app.get_as("/who", &other).await.problem(401, "api-key");
    assert!(detail.contains("expired"), "{detail}");
    let nobody: KeyId = "0000000000000000".parse().unwrap();
    let error = app.keys.revoke(nobody).await.unwrap_err();
    assert!(matches!(error, NewKeyError::NoSuchKey(id) if id == nobody), "{error}");
}

#[sqlx::test(migrator = "assent_auth::MIGRATOR")]
async fn a_key_needs_its_whole_secret(pool: PgPool) {
    let app = App::new(pool);
    let (id, key) = app.key(HOSPITAL).await;
    let (_, other) = app.key(HOSPITAL).await;
    app.keys.revoke(id).await.unwrap();
    for wrong in [
        // The name of one, the secret of another.
        format!("{}{}", &key[..27], &other[27..]),
        format!("assent-key-{id}{}", "00".repeat(32)),
        format!("assent-key-{id}"),
        key[..key.len() - 2].to_owned(),
        format!("{key}00"),
        "assent-key-".to_owned(),
        format!("assent-key-{}", "x".repeat(2_000)),
    ] {
        let detail = app.get_as("/who", &wrong).await.problem(401, "api-key");
        assert!(detail.contains("none of this service"), "not that it was revoked: {detail}");
    }
    app.get_as("/who", &key.to_uppercase()).await.problem(401, "token");
}

#[sqlx::test(migrator = "assent_auth::MIGRATOR")]
async fn a_key_is_rotated_with_an_overlap(pool: PgPool) {
    let app = App::new(pool);
    let old = app.keys.create(new(&app)).await.unwrap();
    let hour = Duration::from_secs(3_600);
    let until = app.now().after(7 * DAY);
    let next = app.keys.rotate(old.key.id, until, hour).await.unwrap();
    assert_eq!(next.key.expires_at_ms, until);
    let same = |key: &assent_auth::ApiKey| (key.account, key.name.clone(), key.scopes.clone());
    assert_eq!(same(&next.key), same(&old.key));
    for key in [&old, &next] {
        app.get_as("/who", key.secret.expose_secret()).await.ok();
    }
    app.wait(hour);
    app.get_as("/who", old.secret.expose_secret()).await.problem(401, "api-key");
    app.get_as("/who", next.secret.expose_secret()).await.ok();
    let error = app.keys.rotate(old.key.id, until, hour).await.unwrap_err();
    assert!(matches!(error, NewKeyError::NoSuchKey(id) if id == old.key.id), "{error}");
    // A long overlap does not let the old one outlive its own time.
    let long = app.keys.rotate(next.key.id, until.after(DAY), 365 * DAY).await.unwrap();
    let keys = app.keys.list(HOSPITAL, None, 10).await.unwrap();
    let kept = keys.iter().find(|key| key.id == next.key.id).unwrap();
    assert_eq!(kept.expires_at_ms, until);
    assert_eq!(long.key.expires_at_ms, until.after(DAY));
}

#[sqlx::test(migrator = "assent_auth::MIGRATOR")]
async fn a_key_that_makes_no_sense_is_not_made(pool: PgPool) {
    let app = App::new(pool);
    let made = async |new| app.keys.create(new).await.unwrap_err();
    for name in ["", "a\nb", &"x".repeat(65)] {
        let error = made(NewKey { name: name.to_owned(), ..new(&app) }).await;
        assert!(matches!(error, NewKeyError::Name), "{error}");
    }
    let error = made(NewKey { scopes: Scopes::default(), ..new(&app) }).await;
    assert!(matches!(error, NewKeyError::NoScope), "{error}");
    let last = app.now().after(366 * DAY);
    for expires_at in [app.now(), last.after(Duration::from_millis(1))] {
        let error = made(NewKey { expires_at, ..new(&app) }).await;
        assert!(matches!(error, NewKeyError::Expiry), "{error}");
        let (id, _) = app.key(HOSPITAL).await;
        let error = app.keys.rotate(id, expires_at, DAY).await.unwrap_err();
        assert!(matches!(error, NewKeyError::Expiry), "{error}");
    }
    app.keys.create(NewKey { expires_at: last, ..new(&app) }).await.unwrap();
    // As long as a name may be, in characters.
    app.keys.create(NewKey { name: "ä".repeat(64), ..new(&app) }).await.unwrap();
}

#[sqlx::test(migrator = "assent_auth::MIGRATOR")]
async fn an_account_has_a_bounded_number_of_keys(pool: PgPool) {
    let app = App::new(pool);
    let (id, _) = app.key(HOSPITAL).await;
    sqlx::query(
        "insert into auth.api_keys
        select decode(lpad(to_hex(n), 16, '0'), 'hex'), secret_hash, account, name, scopes,
            created_at_ms, expires_at_ms, created_at_ms
        from auth.api_keys, generate_series(1, 999) n",
    )
    .execute(&app.pool)
    .await
    .unwrap();
    let error = app.keys.create(new(&app)).await.unwrap_err();
    assert!(matches!(error, NewKeyError::TooMany), "{error}");
    let error = app.keys.rotate(id, app.now().after(DAY), DAY).await.unwrap_err();
    assert!(matches!(error, NewKeyError::TooMany), "{error}");
    app.key(Account([8; 32])).await;
}

#[sqlx::test(migrator = "assent_auth::MIGRATOR")]
async fn a_statement_that_reads_for_the_caller_can_ask_who_he_is(pool: PgPool) {
    let app = App::new(pool);
    let (id, key) = app.key(HOSPITAL).await;
    assert_eq!(app.get_as("/rows", &key).await.ok(), json!([HOSPITAL, ["consent:read"], 7]));
    let wallet = Wallet::new(1);
    let token = text(&app.sign_in(&wallet).await["access_token"]);
    assert_eq!(app.get_as("/rows", &token).await.ok(), json!([wallet.account(), null, 7]));
    app.get("/rows", &[]).await.problem(401, "sign-in-needed");
    let made_up = format!("assent-key-{id}{}", "00".repeat(32));
    app.get_as("/rows", &made_up).await.problem(401, "api-key");
    app.keys.revoke(id).await.unwrap();
    let detail = app.get_as("/rows", &key).await.problem(401, "api-key");
    assert!(detail.contains("revoked"), "{detail}");

    // What it costs is two looks into indexes, and no call.
    let plan: Vec<String> = sqlx::query_scalar(
        "explain (costs off) select * from auth.caller('\\x01', '\\x02', '\\x03', 4)",
    )
    .fetch_all(&app.pool)
    .await
    .unwrap();
    let plan = plan.join("\n");
    assert!(!plan.contains("Function Scan"), "{plan}");
}

#[sqlx::test(migrator = "assent_auth::MIGRATOR")]
async fn the_keys_of_an_account_are_listed_page_by_page(pool: PgPool) {
    let app = App::new(pool);
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(app.key(HOSPITAL).await.0);
        app.key(Account([8; 32])).await;
    }
    ids.sort();
    let mut found = Vec::new();
    let mut after = None;
    loop {
        let page = app.keys.list(HOSPITAL, after, 2).await.unwrap();
        found.extend(page.iter().map(|key| key.id));
        match page.last() {
            Some(last) => after = Some(last.id),
            None => break,
        }
    }
    assert_eq!(found, ids);
}
