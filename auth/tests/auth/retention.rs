//! What is forgotten, and when.

use std::time::Duration;

use assent_auth::Pruned;
use assent_client::Account;
use serde_json::json;
use sqlx::PgPool;

use crate::support::{App, DAY, Wallet};

#[sqlx::test(migrator = "assent_auth::MIGRATOR")]
async fn what_ended_long_ago_is_deleted_in_bounded_batches_and_the_rest_stays(pool: PgPool) {
    let app = App::new(pool);
    let wallet = Wallet::new(1);
    let tokens = app.sign_in(&wallet).await;
    app.post("/sign-out", json!({ "refresh_token": tokens["refresh_token"] })).await;
    for _ in 0..3 {
        app.sign_in(&wallet).await;
    }
    let (id, _) = app.key(wallet.account()).await;
    app.keys.revoke(id).await.unwrap();
    app.key(wallet.account()).await;
    assert_eq!(app.auth.prune(2).await.unwrap(), Pruned::default());

    // The one that was signed out is forgotten 30 days later, the others 30 days after a day without use.
    app.wait(30 * DAY - Duration::from_millis(1));
    assert_eq!(app.auth.prune(2).await.unwrap(), Pruned::default());
    app.wait(Duration::from_millis(1));
    assert_eq!(app.auth.prune(2).await.unwrap(), Pruned { sessions: 1, keys: 0, reads: 0 });
    app.wait(DAY);
    let pruned = app.auth.prune(2).await.unwrap();
    assert_eq!(pruned, Pruned { sessions: 2, keys: 0, reads: 0 });
    assert!(!pruned.is_done(2));
    let pruned = app.auth.prune(2).await.unwrap();
    assert_eq!(pruned, Pruned { sessions: 1, keys: 0, reads: 0 });
    assert!(pruned.is_done(2));
    app.wait(334 * DAY);
    assert_eq!(app.auth.prune(2).await.unwrap(), Pruned { sessions: 0, keys: 1, reads: 0 });
    app.wait(DAY);
    assert_eq!(app.auth.prune(2).await.unwrap(), Pruned { sessions: 0, keys: 1, reads: 0 });
    assert_eq!(app.stored().await, "");
}

#[sqlx::test(migrator = "assent_auth::MIGRATOR")]
async fn several_services_prune_at_the_same_time(pool: PgPool) {
    let app = App::new(pool);
    for n in 0..40 {
        app.key(Account([n; 32])).await;
    }
    app.wait(400 * DAY);
    let prune = || app.auth.prune(20);
    let (a, b) = tokio::join!(prune(), prune());
    // One may skip what the other is deleting; nothing is deleted twice, and nobody waits or fails.
    let first = a.unwrap().keys + b.unwrap().keys;
    let rest = app.auth.prune(100).await.unwrap().keys;
    assert_eq!(first + rest, 40);
}
