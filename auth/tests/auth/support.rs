//! A service on a test's own database and clock, wallets that sign, and short ways to ask.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use assent_auth::{
    ApiKeys, Auth, AuthError, Caller, ChainId, Clock, Issuer, KeyId, MadeKey, Moment, NewKey,
    Policy, Proxies, RateLimit, Scope, Scopes, Settings, Shown, SigningKey, Site, identify,
};
use assent_client::{Account, Hash};
use axum::{
    Json, Router,
    body::{Body, to_bytes},
    extract::{self, FromRef},
    http::{HeaderMap, Method, Request, StatusCode, header},
    middleware, routing,
};
use schnorrkel::{ExpansionMode, Keypair, MiniSecretKey};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use sqlx::PgPool;
use tower::ServiceExt as _;

/// The time at which each test begins.
pub const START: i64 = 1_795_867_200_000;
pub const GENESIS: Hash = Hash([0x91; 32]);
pub const DAY: Duration = Duration::from_secs(86_400);

/// The signing key of the service.
pub const SEED: &str = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";

/// A wallet with one sr25519 key.
pub struct Wallet(Keypair);

impl Wallet {
    pub fn new(n: u8) -> Self {
        let secret = MiniSecretKey::from_bytes(&[n; 32]).unwrap();
        Self(secret.expand_to_keypair(ExpansionMode::Ed25519))
    }

    pub fn account(&self) -> Account {
        Account(self.0.public.to_bytes())
    }

    /// As wallets sign what is no transaction.
    pub fn sign(&self, text: &str) -> String {
        let wrapped = format!("<Bytes>{text}</Bytes>");
        let signature = self.0.sign_simple(b"substrate", wrapped.as_bytes());
        format!("0x{}", hex::encode(signature.to_bytes()))
    }
}

/// What the service answered.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Answer {
    #[track_caller]
    pub fn ok(self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{:?}", self.body);
        self.body
    }

    /// Asserts that this is a problem document, complete and with the right content type; its detail.
    #[track_caller]
    pub fn problem(&self, status: u16, kind: &str) -> String {
        assert_eq!(self.status.as_u16(), status, "{:?}", self.body);
        assert_eq!(self.headers["content-type"], "application/problem+json");
        assert_eq!(self.headers["cache-control"], "no-store");
        assert_eq!(self.body["type"], format!("urn:assent:problem:{kind}"));
        assert_eq!(self.body["status"], status);
        assert!(self.body["title"].is_string());
        assert_eq!(status == 401 || status == 403, self.headers.contains_key("www-authenticate"));
        self.body["detail"].as_str().unwrap().to_owned()
    }
}

/// The state of a service that mounts this crate.
#[derive(Clone)]
struct State {
    auth: Auth,
    pool: PgPool,
}

impl FromRef<State> for Auth {
    fn from_ref(state: &State) -> Self {
        state.auth.clone()
    }
}

async fn who(caller: Caller) -> Json<Value> {
    Json(match caller {
        Caller::Anonymous => json!("anonymous"),
        Caller::Account { account, session } => json!({ "account": account, "session": session }),
        Caller::Service { account, key, scopes } => {
            json!({ "account": account, "key": key, "scopes": scopes })
        }
    })
}

async fn read(caller: Caller) -> Result<Json<Account>, AuthError> {
    let scope: Scope = "consent:read".parse().unwrap();
    caller.account_for(&scope).map(Json)
}

/// Reads for the caller and asks who he is in one statement.
async fn rows(
    extract::State(state): extract::State<State>,
    shown: Shown,
) -> Result<Json<Value>, AuthError> {
    let (session, key, secret_hash) = shown.arguments();
    let row: Option<(Account, Option<Scopes>, i32)> = sqlx::query_as(
        "select who.account, who.scopes, rows.n
        from auth.caller($1, $2, $3, $4) who cross join (select 7 as n) rows",
    )
    .bind(session)
    .bind(key)
    .bind(secret_hash)
    .bind(state.auth.settings().clock.now())
    .fetch_optional(&state.pool)
    .await?;
    match row {
        Some(row) => Ok(Json(json!(row))),
        None => Err(state.auth.refusal(&shown).await),
    }
}

/// A service on one database.
pub struct App {
    pub auth: Auth,
    pub keys: ApiKeys,
    pub pool: PgPool,
    router: Router,
    now: Arc<AtomicI64>,
}

impl App {
    pub fn new(pool: PgPool) -> Self {
        Self::with(pool, SEED, |_| {})
    }

    pub fn with(pool: PgPool, seed: &str, set: impl FnOnce(&mut Settings)) -> Self {
        let plenty = Policy::new(100_000, 60).unwrap();
        Self::mounted(pool, seed, set, [plenty, plenty])
    }

    pub fn with_limits(pool: PgPool, by_address: Policy, by_caller: Policy) -> Self {
        Self::mounted(pool, SEED, |_| {}, [by_address, by_caller])
    }

    /// Mounted as the README says.
    fn mounted(
        pool: PgPool,
        seed: &str,
        set: impl FnOnce(&mut Settings),
        [by_address, by_caller]: [Policy; 2],
    ) -> Self {
        let now = Arc::new(AtomicI64::new(START));
        let clock = Arc::clone(&now);
        let clock = Clock::of(move || Moment::from_ms(clock.load(Ordering::Relaxed)).unwrap());
        let mut settings = Settings::new(site());
        settings.clock = clock.clone();
        set(&mut settings);
        let minutes = Duration::from_secs(300);
        let key = SigningKey::read(&seed.into()).unwrap();
        let issuer = Issuer::new("https://consent.example/", "assent", minutes, key, &[]);
        let auth = Auth::new(pool.clone(), settings, issuer);

        let (sign_in, _) = assent_auth::router(auth.clone()).split_for_parts();
        let known = Router::new()
            .route("/who", routing::get(who))
            .route("/read", routing::get(read))
            .route("/rows", routing::get(rows))
            .layer(RateLimit::by_caller(by_caller))
            .layer(middleware::from_fn_with_state(auth.clone(), identify))
            .with_state(State { auth: auth.clone(), pool: pool.clone() });
        let proxies = Proxies::read(["0.0.0.0"]).unwrap();
        let router = Router::new()
            .nest("/v1", sign_in.merge(known))
            .layer(RateLimit::by_address(by_address, proxies));
        Self { auth, keys: ApiKeys::new(pool.clone(), clock), pool, router, now }
    }

    /// Lets time pass.
    pub fn wait(&self, time: Duration) {
        self.now.fetch_add(i64::try_from(time.as_millis()).unwrap(), Ordering::Relaxed);
    }

    pub fn now(&self) -> Moment {
        self.auth.settings().clock.now()
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 100_000).await.unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        let request = Request::post(format!("/v1{path}"))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()));
        self.send(request.unwrap()).await
    }

    pub async fn get(&self, path: &str, authorization: &[&str]) -> Answer {
        let mut request = Request::builder().method(Method::GET).uri(format!("/v1{path}"));
        for value in authorization {
            request = request.header(header::AUTHORIZATION, *value);
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// As whoever has this token or key.
    pub async fn get_as(&self, path: &str, credentials: &str) -> Answer {
        self.get(path, &[&format!("Bearer {credentials}")]).await
    }

    /// What a wallet is to sign, and the nonce.
    pub async fn challenge(&self, wallet: &Wallet) -> Value {
        self.post("/sign-in/nonce", json!({ "address": wallet.account() })).await.ok()
    }

    /// Signs the message and sends the nonce.
    pub async fn send_signed(&self, wallet: &Wallet, challenge: &Value) -> Answer {
        self.send_text(wallet, &challenge["nonce"], &text(&challenge["message"])).await
    }

    /// Signs any text for a nonce.
    pub async fn send_text(&self, wallet: &Wallet, nonce: &Value, text: &str) -> Answer {
        let body = json!({
            "address": wallet.account(),
            "nonce": nonce,
            "scheme": "sr25519",
            "signature": wallet.sign(text),
        });
        self.post("/sign-in", body).await
    }

    pub async fn sign_in(&self, wallet: &Wallet) -> Value {
        let challenge = self.challenge(wallet).await;
        self.send_signed(wallet, &challenge).await.ok()
    }

    pub async fn refresh(&self, token: &Value) -> Answer {
        self.post("/sign-in/refresh", json!({ "refresh_token": token })).await
    }

    /// A key for `consent:read` for a day, and what a service sends.
    pub async fn key(&self, account: Account) -> (KeyId, String) {
        let new = NewKey {
            account,
            name: "a test's".to_owned(),
            scopes: Scopes::read(["consent:read"]).unwrap(),
            expires_at: self.now().after(DAY),
        };
        let MadeKey { key, secret } = self.keys.create(new).await.unwrap();
        (key.id, secret.expose_secret().to_owned())
    }

    /// Everything that is stored, as text.
    pub async fn stored(&self) -> String {
        let mut all = String::new();
        for table in ["sessions", "api_keys"] {
            let rows = format!("select coalesce(string_agg(t::text, ' '), '') from auth.{table} t");
            all += &sqlx::query_scalar::<_, String>(sqlx::AssertSqlSafe(rows))
                .fetch_one(&self.pool)
                .await
                .unwrap();
        }
        all
    }
}

pub fn site() -> Site {
    Site {
        domain: "consent.example".parse().unwrap(),
        uri: "https://consent.example/".parse().unwrap(),
        statement: "Sign in to Assent.".parse().unwrap(),
        chain: ChainId::of(GENESIS),
    }
}

#[track_caller]
pub fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
