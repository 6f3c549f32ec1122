//! What holds for all routes.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use sqlx::PgPool;

use assent_client::Account;
use assent_indexer_testing::account;

use crate::support::{Api, hex32, ss58};

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn an_unknown_route_and_a_wrong_method_are_problems(pool: PgPool) {
    let api = Api::mirror(pool).await;
    for path in ["/v1", "/v1/nothing", "/nothing", "/v1/consents/", "/v2/consents", "/docs/nothing"]
    {
        api.get(path).await.problem(404, "no-route");
    }
    for path in ["/v1/consents", "/v1/consents/1", "/readyz", "/openapi.json", "/"] {
        for method in [Method::POST, Method::DELETE, Method::PUT] {
            let answer = api.request(method, path).await;
            answer.problem(405, "method-not-allowed");
            assert_eq!(answer.headers["allow"], "GET,HEAD", "{path}");
        }
    }
    let head = api.request(Method::HEAD, "/v1/consents").await;
    assert_eq!(head.status, StatusCode::OK);
    for path in ["/v1/sign-in", "/v1/sign-in/nonce", "/v1/sign-in/refresh", "/v1/sign-out"] {
        for method in [Method::GET, Method::DELETE, Method::PUT] {
            let answer = api.request(method, path).await;
            answer.problem(405, "method-not-allowed");
            assert_eq!(answer.headers["allow"], "POST", "{path}");
        }
    }
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_failing_query_is_500_and_tells_nothing_of_the_database(pool: PgPool) {
    let api = Api::mirror(pool).await;
    api.sql("alter table token_balances rename column balance to amount").await;
    let answer = api.get(&format!("/v1/token/balances/{}", ss58(1))).await;
    let problem = answer.problem(500, "internal").to_string();
    for word in ["balance", "column", "select", "postgres"] {
        assert!(!problem.contains(word), "{problem}");
    }
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_query_that_takes_too_long_is_504(pool: PgPool) {
    let api = Api::mirror(pool).await;
    // While there is time to make it.
    let key = api.key_of(Account(account(1)), &["accounts:read"]).await;
    // Whoever reads the table waits for this lock; the statement timeout ends the wait.
    let mut lock = api.pool.begin().await.unwrap();
    sqlx::query("lock table token_balances in access exclusive mode")
        .execute(&mut *lock)
        .await
        .unwrap();
    let database: String =
        sqlx::query_scalar("select current_database()").fetch_one(&mut *lock).await.unwrap();
    let impatient = format!("alter database \"{database}\" set statement_timeout = '200ms'");
    sqlx::query(sqlx::AssertSqlSafe(impatient)).execute(&api.pool).await.unwrap();
    let options = (*api.pool.connect_options()).clone();
    let fresh = Api::on(PgPool::connect_with(options).await.unwrap());
    let answer = fresh.get_as(&format!("/v1/token/balances/{}", ss58(1)), &key).await;
    answer.problem(504, "timeout");
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn the_documentation_is_served_without_the_internet(pool: PgPool) {
    let api = Api::mirror(pool).await;
    let root = api.get("/").await;
    assert_eq!(root.status, StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(root.headers["location"], "/docs");
    let docs = api.get("/docs").await;
    assert_eq!(docs.headers["location"], "/docs/");
    for (path, content_type) in [
        ("/docs/", "text/html"),
        ("/docs/swagger-ui-bundle.js", "text/javascript"),
        ("/docs/swagger-ui.css", "text/css"),
    ] {
        let page = api.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert_eq!(page.headers["content-type"], content_type);
    }
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn every_documented_route_is_there_and_every_route_is_documented(pool: PgPool) {
    let api = Api::mirror(pool).await;
    let document = api.ok("/openapi.json").await;
    let paths = document["paths"].as_object().unwrap();
    let documented: Vec<_> = paths.keys().map(String::as_str).collect();
    assert_eq!(
        documented,
        [
            "/healthz",
            "/readyz",
            "/v1/access-log",
            "/v1/access-log/outsiders",
            "/v1/access-log/{address}/head",
            "/v1/audits",
            "/v1/audits/{id}",
            "/v1/carbon/approvals",
            "/v1/carbon/balances",
            "/v1/carbon/batches",
            "/v1/carbon/batches/{id}",
            "/v1/carbon/cancellations",
            "/v1/carbon/classes",
            "/v1/carbon/duties",
            "/v1/carbon/escrows",
            "/v1/carbon/frozen",
            "/v1/carbon/penalties",
            "/v1/carbon/penalty-tariff",
            "/v1/carbon/periods",
            "/v1/carbon/periods/{id}",
            "/v1/carbon/projects",
            "/v1/carbon/ratings",
            "/v1/carbon/ratings/{address}",
            "/v1/carbon/reports",
            "/v1/carbon/retirements",
            "/v1/carbon/surrenders",
            "/v1/consents",
            "/v1/consents/check",
            "/v1/consents/{id}",
            "/v1/delegations",
            "/v1/denials",
            "/v1/emergency-bars",
            "/v1/emergency-windows",
            "/v1/emergency-windows/{id}",
            "/v1/erasures",
            "/v1/erasures/{id}",
            "/v1/events",
            "/v1/governance",
            "/v1/governance/{contract}",
            "/v1/mandates",
            "/v1/market/fills",
            "/v1/market/orders",
            "/v1/market/orders/{id}",
            "/v1/market/settings",
            "/v1/participants",
            "/v1/participants/{address}",
            "/v1/patient-choices/{address}",
            "/v1/proposals",
            "/v1/proposals/{id}",
            "/v1/reads",
            "/v1/reports",
            "/v1/reports/verify",
            "/v1/reports/{owner}/{series}",
            "/v1/rewards/accruals",
            "/v1/rewards/budget-movements",
            "/v1/rewards/budgets",
            "/v1/rewards/budgets/{address}",
            "/v1/rewards/pot-movements",
            "/v1/rewards/pots",
            "/v1/rewards/pots/{purpose}",
            "/v1/rewards/tariffs",
            "/v1/rewards/totals",
            "/v1/rewards/unfunded",
            "/v1/rewards/withdrawals",
            "/v1/rewards/{address}",
            "/v1/sanctions",
            "/v1/sign-in",
            "/v1/sign-in/nonce",
            "/v1/sign-in/refresh",
            "/v1/sign-out",
            "/v1/status",
            "/v1/successions",
            "/v1/successions/{address}",
            "/v1/token/balances",
            "/v1/token/balances/{address}",
            "/v1/token/receipts",
            "/v1/token/receipts/{receipt}",
            "/v1/token/totals",
        ]
    );
    // Which operations need credentials is said of each, also of the one that takes a file.
    let needs_credentials = |path: &str| document["paths"][path]["post"]["security"].is_array();
    assert!(needs_credentials("/v1/reports/verify"));
    assert!(!needs_credentials("/v1/sign-in"));
    for (path, operations) in paths {
        let actual = path
            .replace("{address}", &ss58(1))
            .replace("{owner}", &ss58(1))
            .replace("{series}", &hex32(1))
            .replace("{id}", "1")
            .replace("{purpose}", "1")
            .replace("{receipt}", &hex32(1))
            .replace("{contract}", "consent");
        for (method, operation) in operations.as_object().unwrap() {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let answer = api.request(method, &actual).await;
            let responses = operation["responses"].as_object().unwrap();
            assert!(responses.contains_key(answer.status.as_str()), "{path}: {answer:?}");
            assert_ne!(answer.body["type"], "urn:assent:problem:no-route", "{path}");
            assert_ne!(answer.body["type"], "urn:assent:problem:method-not-allowed", "{path}");
        }
    }
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn pages_of_named_origins_may_ask_from_a_browser_and_others_may_not(pool: PgPool) {
    let api = Api::mirror(pool).await;
    let preflight = async |origin: &str| {
        let request = Request::options("/v1/consents")
            .header("origin", origin)
            .header("access-control-request-method", "GET")
            .header("access-control-request-headers", "authorization");
        api.send(request.body(Body::empty()).unwrap()).await
    };
    let ours = preflight("https://portal.example").await;
    assert_eq!(ours.status, StatusCode::OK);
    assert_eq!(ours.headers["access-control-allow-origin"], "https://portal.example");
    assert_eq!(ours.headers["access-control-allow-headers"], "authorization,content-type");
    for other in ["https://portal.example.net", "http://portal.example", "null"] {
        let answer = preflight(other).await;
        assert!(!answer.headers.contains_key("access-control-allow-origin"), "{other}");
    }
    // No browser sends anything along on its own.
    assert!(!ours.headers.contains_key("access-control-allow-credentials"));
}
