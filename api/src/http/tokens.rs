//! The settlement token: who holds it, its supply, and the bank receipts that are behind it.

use axum::{Json, Router, extract::State, routing};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use crate::{
    error::ApiError,
    openapi::{ItemProblems, ListProblems},
    page::{Keyed, Page, PageParameters, Position},
    parameters::{Parameters, Segment},
    provenance::Provenance,
    state::AppState,
    types::{Account, Amount, Hash},
};

pub fn router() -> Router<AppState> {
    Router::new()
        .route("/tokens", routing::get(list))
        .route("/tokens/{address}", routing::get(get))
        .route("/tokens/totals", routing::get(totals))
        .route("/tokens/receipts", routing::get(list_receipts))
        .route("/tokens/receipts/{receipt}", routing::get(get_receipt))
}

/// What `kind` may be.
const KINDS: [&str; 2] = ["minted", "burned"];

/// What one account holds.
#[derive(Serialize, FromRow, ToSchema)]
pub struct TokenBalance {
    /// The account.
    account: Account,
    /// Token base units.
    balance: Amount,
    /// Whether it may neither send nor receive nor spend on an allowance.
    frozen: bool,
    /// Salted commitment to the reason of the freeze; null unless frozen.
    freeze_reason: Option<Hash>,
    /// The last event that changed it; while it is frozen, the freeze.
    #[sqlx(flatten)]
    provenance: Provenance,
}

impl Keyed for TokenBalance {
    type Key = Account;

    fn key(&self) -> Account {
        self.account
    }
}

/// Balances.
macro_rules! select_balances {
    ($rest:literal) => {
        concat!(
            "select t.account, t.balance::text as balance, t.frozen, t.freeze_reason,
                t.block_number, b.hash as block_hash, t.event_index
            from token_balances t
            join blocks b on b.number = t.block_number ",
            $rest
        )
    };
}

/// Token balances, by account; also of accounts that hold nothing any more.
#[utoipa::path(
    get,
    path = "/v1/tokens",
    tag = "money",
    params(
        ("frozen" = Option<bool>, Query, description = "Only frozen accounts, or only others"),
        PageParameters,
    ),
    responses(
        (status = 200, description = "A page of balances", body = Page<TokenBalance>),
        ListProblems
    )
)]
pub async fn list(
    State(state): State<AppState>,
    mut parameters: Parameters,
) -> Result<Json<Page<TokenBalance>>, ApiError> {
    let frozen = parameters.flag("frozen")?;
    let page = parameters.page::<Account>()?;
    parameters.finish()?;
    let mut snapshot = state.snapshot().await?;
    let rows = sqlx::query_as(select_balances!(
        "where ($1::boolean is null or t.frozen = $1)
            and ($2::bytea is null or t.account > $2)
        order by t.account
        limit $3"
    ))
    .bind(frozen)
    .bind(page.after)
    .bind(page.rows())
    .fetch_all(snapshot.connection())
    .await?;
    Ok(Json(page.page(rows, snapshot.as_of())))
}

/// The token balance of one account; 404 until it takes part in its first transfer or is frozen.
#[utoipa::path(
    get,
    path = "/v1/tokens/{address}",
    tag = "money",
    params(("address" = Account, Path, description = "The account")),
    responses((status = 200, description = "Its balance", body = TokenBalance), ItemProblems)
)]
pub async fn get(
    State(state): State<AppState>,
    segment: Segment,
    parameters: Parameters,
) -> Result<Json<TokenBalance>, ApiError> {
    let account = segment.account("address")?;
    parameters.finish()?;
    let mut snapshot = state.snapshot().await?;
    let balance = sqlx::query_as(select_balances!("where t.account = $1"))
        .bind(account)
        .fetch_optional(snapshot.connection())
        .await?;
    let absent = || ApiError::NotFound(format!("{account} never held the token."));
    balance.map(Json).ok_or_else(absent)
}

/// The token as a whole; supply = minted - burned, and all balances together.
#[derive(Serialize, FromRow, ToSchema)]
pub struct TokenTotals {
    /// Token base units in circulation.
    supply: Amount,
    /// All that was ever minted, token base units.
    minted: Amount,
    /// All that was ever burned, token base units.
    burned: Amount,
    /// Who mints and burns; null for a token of before treasuries had events.
    treasury: Option<Account>,
    /// The last event that changed any of it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

/// The token's supply and its treasury; 404 when the deployment has no token.
#[utoipa::path(
    get,
    path = "/v1/tokens/totals",
    tag = "money",
    responses((status = 200, description = "The totals", body = TokenTotals), ItemProblems)
)]
pub async fn totals(
    State(state): State<AppState>,
    parameters: Parameters,
) -> Result<Json<TokenTotals>, ApiError> {
    parameters.finish()?;
    let mut snapshot = state.snapshot().await?;
    let totals = sqlx::query_as(
        "select t.supply::text as supply, t.minted::text as minted, t.burned::text as burned,
            t.treasury,
            t.block_number, b.hash as block_hash, t.event_index
        from token_totals t
        join blocks b on b.number = t.block_number",
    )
    .fetch_optional(snapshot.connection())
    .await?;
    let absent = || ApiError::NotFound("There is no token in this deployment.".into());
    totals.map(Json).ok_or_else(absent)
}

/// What was minted or burned against one bank receipt, which is used once.
#[derive(Serialize, FromRow, ToSchema)]
pub struct TokenReceipt {
    /// Commitment to the bank's receipt.
    receipt: Hash,
    /// `minted` against a payment to the bank, or `burned` against a payout.
    #[schema(example = "minted")]
    kind: String,
    /// To whom the units were minted, or the treasury that burned them.
    account: Account,
    /// Token base units.
    amount: Amount,
    /// The event.
    #[sqlx(flatten)]
    provenance: Provenance,
}

impl Keyed for TokenReceipt {
    type Key = Position;

    fn key(&self) -> Position {
        self.provenance.position()
    }
}

/// Receipts.
macro_rules! select_receipts {
    ($rest:literal) => {
        concat!(
            "select r.receipt, r.kind, r.account, r.amount::text as amount,
                r.block_number, b.hash as block_hash, r.event_index
            from token_receipts r
            join blocks b on b.number = r.block_number ",
            $rest
        )
    };
}

/// Mints and burns with their bank receipts, in the order of the chain.
#[utoipa::path(
    get,
    path = "/v1/tokens/receipts",
    tag = "money",
    params(
        ("kind" = Option<String>, Query, description = "Only minted or only burned ones"),
        ("account" = Option<Account>, Query,
            description = "Only what was minted to or burned by this account"),
        PageParameters,
    ),
    responses(
        (status = 200, description = "A page of receipts", body = Page<TokenReceipt>),
        ListProblems
    )
)]
pub async fn list_receipts(
    State(state): State<AppState>,
    mut parameters: Parameters,
) -> Result<Json<Page<TokenReceipt>>, ApiError> {
    let kind = parameters.one_of("kind", &KINDS)?;
    let account = parameters.account("account")?;
    let page = parameters.page::<Position>()?;
    parameters.finish()?;
    let mut snapshot = state.snapshot().await?;
    let rows = sqlx::query_as(select_receipts!(
        "where ($1::text is null or r.kind = $1)
            and ($2::bytea is null or r.account = $2)
            and ($3::bigint is null or (r.block_number, r.event_index) > ($3, $4))
        order by r.block_number, r.event_index
        limit $5"
    ))
    .bind(kind)
    .bind(account)
    .bind(page.after.map(|position| position.block_number))
    .bind(page.after.map(|position| position.event_index))
    .bind(page.rows())
    .fetch_all(snapshot.connection())
    .await?;
    Ok(Json(page.page(rows, snapshot.as_of())))
}

/// What was minted or burned against one bank receipt; 404 while it is unused.
#[utoipa::path(
    get,
    path = "/v1/tokens/receipts/{receipt}",
    tag = "money",
    params(("receipt" = Hash, Path, description = "Commitment to the bank's receipt")),
    responses((status = 200, description = "What was done", body = TokenReceipt), ItemProblems)
)]
pub async fn get_receipt(
    State(state): State<AppState>,
    segment: Segment,
    parameters: Parameters,
) -> Result<Json<TokenReceipt>, ApiError> {
    let receipt = segment.hash("receipt")?;
    parameters.finish()?;
    let mut snapshot = state.snapshot().await?;
    let used = sqlx::query_as(select_receipts!("where r.receipt = $1"))
        .bind(receipt)
        .fetch_optional(snapshot.connection())
        .await?;
    let absent = || ApiError::NotFound(format!("The receipt {receipt} was never used."));
    used.map(Json).ok_or_else(absent)
}
