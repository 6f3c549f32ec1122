//! A router on a test's own database, rows to put into it, and short ways to ask.

use assent_api::{AppState, Deployment};
use assent_client::Account;
use assent_client::manifest::Manifest;
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode},
};
use serde_json::{Map, Value, json};
use sqlx::PgPool;
use tower::ServiceExt;

/// Time of block n, ms since 1970.
pub fn time_ms(block: i64) -> i64 {
    1_700_000_000_000 + block * 1_000
}

/// An account.
pub fn account(n: u8) -> [u8; 32] {
    [n; 32]
}

/// An account in SS58.
pub fn ss58(n: u8) -> String {
    Account(account(n)).to_string()
}

/// 32 bytes in hex.
pub fn hex32(n: u8) -> String {
    format!("0x{}", hex::encode([n; 32]))
}

/// Hash of block n.
pub fn block_hash(block: i64) -> [u8; 32] {
    let mut hash = [0xbb; 32];
    hash[..8].copy_from_slice(&block.to_be_bytes());
    hash
}

/// What an item that event `index` of block `block` changed carries.
pub fn provenance(block: i64, index: i32) -> Value {
    json!({
        "block_number": block,
        "block_hash": format!("0x{}", hex::encode(block_hash(block))),
        "event_index": index,
    })
}

/// The contracts of the deployment that the tests' databases mirror, by address and name. All were
/// deployed in block 1 by account 200, who governs them.
const CONTRACTS: [(u8, &str); 7] = [
    (201, "consent"),
    (202, "token"),
    (203, "participants"),
    (204, "rewards"),
    (205, "reports"),
    (206, "carbon"),
    (207, "market"),
];

/// The manifest of that deployment.
pub fn manifest() -> Value {
    let contract = |(address, name): (u8, &str)| {
        let entry = json!({
            "address": ss58(address),
            "code_hash": hex32(7),
            "deployment_block": 1,
            "deployer": ss58(200),
            "administrator": ss58(200),
            "metadata": "contract.json",
        });
        (name.to_owned(), entry)
    };
    let contracts: Map<String, Value> = CONTRACTS.into_iter().map(contract).collect();
    json!({
        "network": "test",
        "genesis_hash": hex32(9),
        "timing": {
            "delay_ms": 1,
            "emergency_window_ms": 1,
            "review_ms": 1,
            "compliance_ms": 1,
        },
        "contracts": contracts,
    })
}

/// What the API answered.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Answer {
    /// Asserts that this is a problem document, complete and with the right content type.
    #[track_caller]
    pub fn problem(&self, status: u16, kind: &str) -> &Value {
        assert_eq!(self.status.as_u16(), status, "{:?}", self.body);
        assert_eq!(self.headers["content-type"], "application/problem+json");
        assert_eq!(self.body["status"], status);
        assert_eq!(self.body["type"], format!("urn:assent:problem:{kind}"));
        assert!(self.body["title"].is_string());
        assert!(self.body["detail"].is_string());
        &self.body
    }
}

/// The API on one database.
pub struct Api {
    pub pool: PgPool,
    router: Router,
}

impl Api {
    /// On this database, as it is.
    pub fn on(pool: PgPool) -> Self {
        let manifest: Manifest = serde_json::from_value(manifest()).unwrap();
        let state = AppState::new(pool.clone(), Deployment::from(&manifest), 30);
        let router = assent_api::router(state);
        Self { pool, router }
    }

    /// On a mirror that is at block 100 and up to date; blocks 1 to 9 had events.
    pub async fn mirror(pool: PgPool) -> Self {
        let api = Self::on(pool);
        api.network(account(9)).await;
        api.watermark(100).await;
        for block in 1..10 {
            api.block(block).await;
        }
        for (n, name) in CONTRACTS {
            sqlx::query(
                "insert into contracts (address, name, code_hash, deployment_block)
                values ($1, $2, $3, 1)",
            )
            .bind(account(n))
            .bind(name)
            .bind([7_u8; 32])
            .execute(&api.pool)
            .await
            .unwrap();
        }
        api
    }

    pub async fn network(&self, genesis: [u8; 32]) {
        sqlx::query("insert into network (genesis_hash, name) values ($1, 'test')")
            .bind(genesis)
            .execute(&self.pool)
            .await
            .unwrap();
    }

    pub async fn watermark(&self, block: i64) {
        sqlx::query(
            "insert into watermark (block_number, block_hash, block_time_ms) values ($1, $2, $3)",
        )
        .bind(block)
        .bind(block_hash(block))
        .bind(time_ms(block))
        .execute(&self.pool)
        .await
        .unwrap();
    }

    async fn block(&self, number: i64) {
        sqlx::query(
            "insert into blocks (number, hash, parent_hash, time_ms) values ($1, $2, $3, $4)",
        )
        .bind(number)
        .bind(block_hash(number))
        .bind(block_hash(number - 1))
        .bind(time_ms(number))
        .execute(&self.pool)
        .await
        .unwrap();
    }

    /// Runs one statement without values.
    pub async fn sql(&self, statement: &'static str) {
        sqlx::query(statement).execute(&self.pool).await.unwrap();
    }

    /// Lets statements of this database write `account(7)` for account 7, and for any 32 bytes 7.
    pub async fn accounts(&self) {
        self.sql(
            "create function account(n integer) returns bytea language sql immutable
            return decode(repeat(lpad(to_hex(n), 2, '0'), 32), 'hex')",
        )
        .await;
    }

    pub async fn request(&self, method: Method, path: &str) -> Answer {
        let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, 10_000_000).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: serde_json::from_slice(&body).unwrap_or(Value::Null),
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.request(Method::GET, path).await
    }

    /// The body of an answer that must be 200.
    pub async fn ok(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {:?}", answer.body);
        assert_eq!(answer.headers["content-type"], "application/json");
        answer.body
    }

    /// Asserts that the request is refused for this field.
    pub async fn refuses(&self, path: &str, field: &str) {
        let answer = self.get(path).await;
        let problem = answer.problem(400, "invalid-parameter");
        assert_eq!(problem["field"], field, "{path}: {problem:?}");
    }

    /// Asserts that there is nothing of this name.
    pub async fn lacks(&self, path: &str) {
        self.get(path).await.problem(404, "not-found");
    }

    /// Items of a list that fits one page.
    pub async fn items(&self, path: &str) -> Vec<Value> {
        let page = self.ok(path).await;
        assert_eq!(page["next"], Value::Null, "{path}");
        assert_eq!(
            page["as_of"],
            json!({
                "block_number": 100,
                "block_hash": format!("0x{}", hex::encode(block_hash(100))),
            })
        );
        page["items"].as_array().unwrap().clone()
    }

    /// Asserts that pages of every size make up the whole list, and that the list's parameters are
    /// checked.
    pub async fn pages(&self, path: &str) {
        let separator = if path.contains('?') { '&' } else { '?' };
        let whole = self.items(path).await;
        assert!(whole.len() >= 3, "{path} has too few items to page");
        for limit in 1..=whole.len() + 1 {
            let mut items = Vec::new();
            let mut after = String::new();
            loop {
                let page = self.ok(&format!("{path}{separator}limit={limit}{after}")).await;
                let found = page["items"].as_array().unwrap();
                assert!(!found.is_empty() && found.len() <= limit);
                items.extend(found.iter().cloned());
                match page["next"].as_str() {
                    Some(next) => after = format!("&after={next}"),
                    None => break,
                }
            }
            assert_eq!(items, whole, "{path} by {limit}");
        }
        self.refuses(&format!("{path}{separator}limit=0"), "limit").await;
        self.refuses(&format!("{path}{separator}limit=201"), "limit").await;
        self.refuses(&format!("{path}{separator}after=nonsense"), "after").await;
        self.refuses(&format!("{path}{separator}offset=2"), "offset").await;
        self.refuses(&format!("{path}{separator}limit=2&limit=3"), "limit").await;
    }
}
