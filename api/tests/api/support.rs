//! A router on a test's own mirror, which the indexer's writer fills, and short ways to ask.

use std::time::Duration;

use assent_api::{AppState, Deployment, Limits, Rates};
use assent_auth::{ApiKeys, Auth, Clock, Moment, NewKey, Scopes};
use assent_client::{Account, EmittedEvent};
use assent_indexer_testing::{self as testing, FIRST, Mirror, address, manifest};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode},
};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use sqlx::{PgPool, postgres::PgPoolOptions};
use tokio::sync::OnceCell;
use tower::ServiceExt;

/// The block that a mirror is at once its story is told, far above the story's own blocks.
pub const AS_OF: u64 = 100;

/// The regulator as whom tests ask, unless they say otherwise. No event admitted it: no list shows it.
pub const REGULATOR: u8 = 0xee;

/// Time of block n, ms since 1970.
pub fn time_ms(block: u64) -> u64 {
    testing::time_ms(block)
}

/// An account in SS58.
pub fn ss58(n: u8) -> String {
    Account(testing::account(n)).to_string()
}

/// 32 bytes in hex.
pub fn hex32(n: u8) -> String {
    format!("0x{}", hex::encode([n; 32]))
}

/// The address of a contract in SS58.
pub fn contract(name: &str) -> String {
    Account(address(name)).to_string()
}

/// Hash of block n in hex.
pub fn block_hash(block: u64) -> String {
    testing::block_hash(block).to_string()
}

/// What an item that event `index` of block `block` changed carries.
pub fn provenance(block: u64, index: u32) -> Value {
    json!({
        "block_number": block,
        "block_hash": block_hash(block),
        "event_index": index,
    })
}

/// Makes the last block of the mirror so old. No event can: the blocks of a test are of 1970.
pub async fn block_age(pool: &PgPool, seconds: i64) {
    sqlx::query("update watermark set block_time_ms = (extract(epoch from now()) - $1) * 1000")
        .bind(seconds)
        .execute(pool)
        .await
        .unwrap();
}

/// Who signs people in, with a key of its own.
pub fn auth(pool: PgPool) -> Auth {
    assent_api::auth(pool, "http://127.0.0.1:8080", testing::GENESIS, None).unwrap()
}

/// What the API answered.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Answer {
    /// A header, the first of its name; `None`: there is none.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

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
    pub state: AppState,
    auth_pool: PgPool,
    router: Router,
    key: OnceCell<String>,
    /// `None`: nobody has indexed anything.
    mirror: Option<Mirror>,
}

impl Api {
    /// On this database, as it is. Its blocks may be of any age: those of a test are of 1970.
    pub fn on(pool: PgPool) -> Self {
        Self::within(pool, Limits { max_lag_seconds: 30, max_staleness_seconds: u32::MAX })
    }

    /// On this database, as it is.
    pub fn within(pool: PgPool, limits: Limits) -> Self {
        let plenty = Rates::new(1_000_000, 1_000_000, &[]).unwrap();
        Self::with(pool, limits, plenty)
    }

    /// On this database, as it is, with limits of how often one may ask.
    pub fn with(pool: PgPool, limits: Limits, rates: Rates) -> Self {
        // Connections of its own, as the service has them, which write whatever those of the mirror may.
        let options = (*pool.connect_options()).clone();
        let options = options.options([("default_transaction_read_only", "off")]);
        let auth_pool = PgPoolOptions::new().max_connections(2).connect_lazy_with(options);
        let auth = auth(auth_pool.clone());
        let state = AppState::new(pool.clone(), auth, Deployment::from(&manifest()), limits);
        let router = assent_api::router(
            state.clone(),
            rates,
            vec!["https://portal.example".parse().unwrap()],
        );
        Self { pool, state, auth_pool, router, key: OnceCell::new(), mirror: None }
    }

    /// An API key of this account, for these purposes.
    pub async fn key_of(&self, account: Account, scopes: &[&str]) -> String {
        assent_auth::MIGRATOR.run(&self.auth_pool).await.unwrap();
        let new = NewKey {
            account,
            name: "test".to_owned(),
            scopes: Scopes::read(scopes.iter().copied()).unwrap(),
            expires_at: Moment::now().after(Duration::from_secs(3_600)),
        };
        let keys = ApiKeys::new(self.auth_pool.clone(), Clock::default());
        keys.create(new).await.unwrap().secret.expose_secret().to_owned()
    }

    /// The key of the regulator, who may see everything.
    async fn regulator(&self) -> &str {
        self.key
            .get_or_init(async || {
                // There may be no such table: a test has broken it, or nobody has made it. In no block, so that no
                // list has it.
                let admitted = sqlx::query(
                    "insert into participants (
                        account, profile, confirmed, roles, suspended, guardianship, block_number, event_index
                    ) values ($1, $1, $1, 256, 0, 0, -1, 0) on conflict do nothing",
                );
                let _ = admitted.bind(testing::account(REGULATOR)).execute(&self.auth_pool).await;
                let account = Account(testing::account(REGULATOR));
                self.key_of(account, &["health:read", "accounts:read"]).await
            })
            .await
    }

    /// On a mirror that is at block [`AS_OF`], of contracts in which nothing has happened.
    pub async fn mirror(pool: PgPool) -> Self {
        Self::play(pool, vec![]).await
    }

    /// On a mirror that is at block [`AS_OF`]; these are the events of the blocks from [`FIRST`] on.
    /// What a list shows does not depend on what other contracts say of the same matter, so a story may
    /// leave that out: invariants are not asked for.
    pub async fn play(pool: PgPool, blocks: Vec<Vec<EmittedEvent>>) -> Self {
        let mirror = Mirror::new(pool.clone()).await;
        assert_eq!(mirror.next, FIRST);
        let mut api = Self { mirror: Some(mirror), ..Self::on(pool) };
        for events in blocks {
            api.write(events).await;
        }
        api.mirror.as_mut().unwrap().advance(AS_OF).await;
        api
    }

    /// Like [`Self::play`], for a test to which it matters at which index an event stands. Some of the
    /// events may not decode.
    pub async fn play_at(pool: PgPool, blocks: Vec<(u64, Vec<(u32, EmittedEvent)>)>) -> Self {
        let mut mirror = Mirror::new(pool.clone()).await;
        for (number, events) in blocks {
            let count = events.len() as u64;
            let written = mirror.write_at(number, events).await.unwrap();
            assert_eq!(written.events, count);
        }
        mirror.advance(AS_OF).await;
        Self { mirror: Some(mirror), ..Self::on(pool) }
    }

    /// Indexes the next block, in which every event has a meaning; its number.
    pub async fn write(&mut self, events: Vec<EmittedEvent>) -> u64 {
        let mirror = self.mirror.as_mut().unwrap();
        let count = events.len() as u64;
        let written = mirror.try_write(events).await.unwrap();
        assert_eq!((written.events, written.undecoded, &written.stopped[..]), (count, 0, &[][..]));
        mirror.next - 1
    }

    /// Indexes the next block, of one event that does not decode; its number.
    pub async fn write_undecodable(&mut self, event: EmittedEvent) -> u64 {
        let mirror = self.mirror.as_mut().unwrap();
        let written = mirror.try_write(vec![event]).await.unwrap();
        assert_eq!((written.events, written.undecoded), (1, 1));
        mirror.next - 1
    }

    /// Runs one statement. For what no event brings about: a lagging watermark, a broken database.
    pub async fn sql(&self, statement: &'static str) {
        sqlx::query(statement).execute(&self.pool).await.unwrap();
    }

    /// As the regulator.
    pub async fn request(&self, method: Method, path: &str) -> Answer {
        let key = self.regulator().await.to_owned();
        self.request_as(method, path, &[&format!("Bearer {key}")]).await
    }

    /// With these headers `Authorization`.
    pub async fn request_as(&self, method: Method, path: &str, shown: &[&str]) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for shown in shown {
            request = request.header("authorization", *shown);
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// As who has this key or token.
    pub async fn get_as(&self, path: &str, key: &str) -> Answer {
        self.request_as(Method::GET, path, &[&format!("Bearer {key}")]).await
    }

    /// As nobody in particular.
    pub async fn get_anonymously(&self, path: &str) -> Answer {
        self.request_as(Method::GET, path, &[]).await
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
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

    /// The last indexed block.
    fn last(&self) -> u64 {
        self.mirror.as_ref().unwrap().next - 1
    }

    /// Asserts that this is of the last indexed block, and says how old that is.
    #[track_caller]
    fn is_as_of(&self, answer: &Value) {
        let (as_of, last) = (&answer["as_of"], self.last());
        assert_eq!(as_of["block_number"], last, "{answer}");
        assert_eq!(as_of["block_hash"], block_hash(last));
        assert_eq!(as_of["block_time_ms"], time_ms(last));
        assert!(
            as_of["age_seconds"].as_i64().unwrap() > 30,
            "a test's blocks are of 1970: {as_of}"
        );
    }

    /// An item, without the block that it is of.
    pub async fn item(&self, path: &str) -> Value {
        let mut item = self.ok(path).await;
        self.is_as_of(&item);
        item.as_object_mut().unwrap().remove("as_of");
        item
    }

    /// Items of a list that fits one page.
    pub async fn items(&self, path: &str) -> Vec<Value> {
        let page = self.ok(path).await;
        assert_eq!(page["next"], Value::Null, "{path}");
        self.is_as_of(&page);
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
