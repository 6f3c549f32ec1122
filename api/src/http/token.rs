//! The settlement token: who holds it, its supply, and the bank receipts that are behind it.

use assent_mirror::fold::Projection;
use axum::{Json, extract::State};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    error::ApiError,
    openapi::{ItemProblems, PrivateItemProblems, PrivateListProblems},
    page::{Page, PageRequest},
    parameters::{NoParameters, Segment, parameters, words::words},
    provenance::{Item, Provenance},
    scheduled::Scheduled,
    sight::{Asker, seen},
    state::AppState,
    types::{Account, Amount, Hash, Natural},
};

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_token_balances))
        .routes(routes!(get_token_balance))
        .routes(routes!(get_token_totals))
        .routes(routes!(list_token_receipts))
        .routes(routes!(get_token_receipt))
}

words! {
    /// What was done against a bank receipt.
    pub enum ReceiptKind {
        /// Units came into being against a payment to the bank.
        Minted = "minted",
        /// Units were destroyed against a payout.
        Burned = "burned",
    }
}

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
    /// The key that took over all that it had, and gets what is sent to it; null: none did.
    moved_to: Option<Account>,
    /// The last event that changed it; while it is frozen, the freeze.
    #[sqlx(flatten)]
    provenance: Provenance,
}

/// Balances.
macro_rules! select_balances {
    ($($rest:tt)*) => {
        concat!(
            "select t.account, t.balance::text as balance, t.frozen, t.freeze_reason, t.moved_to,
                t.block_number, b.hash as block_hash, t.event_index
            from token_balances t
            join blocks b on b.number = t.block_number ",
            $($rest)*
        )
    };
}

parameters! {
    /// What [`list_token_balances`] takes.
    pub struct ListTokenBalances {
        /// Only frozen accounts, or only others.
        frozen: Option<bool>,
        page: PageRequest<Account>,
    }
}

/// Token balances, by account; also of accounts that hold nothing any more.
#[utoipa::path(
    get,
    path = "/token/balances",
    tag = "money",
    params(ListTokenBalances),
    responses(
        (status = 200, description = "A page of balances", body = Page<TokenBalance>),
        PrivateListProblems
    )
)]
pub async fn list_token_balances(
    State(state): State<AppState>,
    asker: Asker,
    ListTokenBalances { frozen, page }: ListTokenBalances,
) -> Result<Json<Page<TokenBalance>>, ApiError> {
    let mut snapshot = state.private(Projection::Token, &asker).await?;
    let rows = snapshot
        .select(select_balances!(
            "where ",
            seen!(token_balances),
            " and ($3::boolean is null or t.frozen = $3)
            and ($4::bytea is null or t.account > $4)
        order by t.account
        limit $5"
        ))
        .bind(frozen)
        .bind(page.after)
        .bind(page.rows())
        .fetch_all(snapshot.connection())
        .await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &TokenBalance| item.account)))
}

parameters! {
    /// What [`get_token_balance`] takes.
    pub struct GetTokenBalance {
        /// The account.
        address: Segment<Account>,
    }
}

/// The token balance of one account; 404 until it takes part in its first transfer or is frozen.
#[utoipa::path(
    get,
    path = "/token/balances/{address}",
    tag = "money",
    params(GetTokenBalance),
    responses(
        (status = 200, description = "Its balance", body = Item<TokenBalance>),
        PrivateItemProblems
    )
)]
pub async fn get_token_balance(
    State(state): State<AppState>,
    asker: Asker,
    GetTokenBalance { address: Segment(account) }: GetTokenBalance,
) -> Result<Json<Item<TokenBalance>>, ApiError> {
    let mut snapshot = state.private(Projection::Token, &asker).await?;
    let balance = snapshot
        .select(select_balances!("where ", seen!(token_balances), " and t.account = $3"))
        .bind(account)
        .fetch_optional(snapshot.connection())
        .await?;
    let absent = || ApiError::unseen(format!("{account} never held the token"));
    balance.map(|item| snapshot.item(item)).ok_or_else(absent)
}

/// The token as a whole; supply = minted - burned, and all balances together.
#[derive(Serialize, ToSchema)]
pub struct TokenTotals {
    /// Token base units in circulation.
    supply: Amount,
    /// All that was ever minted, token base units.
    minted: Amount,
    /// All that was ever burned, token base units.
    burned: Amount,
    /// Who mints and burns; another one waits.
    treasury: Scheduled<Treasury>,
    /// The last event that changed any of it.
    provenance: Provenance,
}

/// Who mints and burns.
#[derive(Serialize, ToSchema)]
pub struct Treasury {
    /// Its account.
    account: Account,
    /// Whether the administrator named it: after a handover nothing is minted until he does.
    confirmed: bool,
}

#[derive(FromRow)]
struct TotalsRow {
    supply: Amount,
    minted: Amount,
    burned: Amount,
    treasury: Option<Account>,
    treasury_confirmed: bool,
    next_treasury: Option<Account>,
    next_treasury_from_ms: Option<Natural>,
    #[sqlx(flatten)]
    provenance: Provenance,
}

impl TotalsRow {
    fn at(self, now_ms: i64) -> TokenTotals {
        let confirmed = self.treasury_confirmed;
        // Whoever is to follow was named.
        let named = |account| Treasury { account, confirmed: true };
        TokenTotals {
            supply: self.supply,
            minted: self.minted,
            burned: self.burned,
            treasury: Scheduled::at(
                now_ms,
                self.treasury.map(|account| Treasury { account, confirmed }),
                self.next_treasury.map(named).zip(self.next_treasury_from_ms),
            ),
            provenance: self.provenance,
        }
    }
}

/// The token's supply and its treasury; 404 when the deployment has no token.
#[utoipa::path(
    get,
    path = "/token/totals",
    tag = "money",
    responses((status = 200, description = "The totals", body = Item<TokenTotals>), ItemProblems)
)]
pub async fn get_token_totals(
    State(state): State<AppState>,
    _: NoParameters,
) -> Result<Json<Item<TokenTotals>>, ApiError> {
    let mut snapshot = state.snapshot_of(Projection::Token).await?;
    let totals: Option<TotalsRow> = sqlx::query_as(
        "select t.supply::text as supply, t.minted::text as minted, t.burned::text as burned,
            t.treasury, t.treasury_confirmed, t.next_treasury,
            t.next_treasury_from_ms::text as next_treasury_from_ms,
            t.block_number, b.hash as block_hash, t.event_index
        from token_totals t
        join blocks b on b.number = t.block_number",
    )
    .fetch_optional(snapshot.connection())
    .await?;
    let now_ms = snapshot.as_of().block_time_ms;
    let absent = || ApiError::NotFound("There is no token in this deployment.".into());
    totals.map(|totals| snapshot.item(totals.at(now_ms))).ok_or_else(absent)
}

/// What was minted or burned against one bank receipt, which is used once.
#[derive(Serialize, FromRow, ToSchema)]
pub struct TokenReceipt {
    /// Commitment to the bank's receipt.
    receipt: Hash,
    /// What was done.
    kind: ReceiptKind,
    /// To whom the units were minted, or the treasury that burned them.
    account: Account,
    /// Token base units.
    amount: Amount,
    /// The event.
    #[sqlx(flatten)]
    provenance: Provenance,
}

/// Receipts.
macro_rules! select_receipts {
    ($($rest:tt)*) => {
        concat!(
            "select r.receipt, r.kind, r.account, r.amount::text as amount,
                r.block_number, b.hash as block_hash, r.event_index
            from token_receipts r
            join blocks b on b.number = r.block_number ",
            $($rest)*
        )
    };
}

parameters! {
    /// What [`list_token_receipts`] takes.
    pub struct ListTokenReceipts {
        /// Only receipts of this kind.
        kind: Option<ReceiptKind>,
        /// Only what was minted to or burned by this account.
        account: Option<Account>,
        page: PageRequest<(i64, i32)>,
    }
}

/// Mints and burns with their bank receipts, in the order of the chain.
#[utoipa::path(
    get,
    path = "/token/receipts",
    tag = "money",
    params(ListTokenReceipts),
    responses(
        (status = 200, description = "A page of receipts", body = Page<TokenReceipt>),
        PrivateListProblems
    )
)]
pub async fn list_token_receipts(
    State(state): State<AppState>,
    asker: Asker,
    ListTokenReceipts { kind, account, page }: ListTokenReceipts,
) -> Result<Json<Page<TokenReceipt>>, ApiError> {
    let after = page.after.unzip();
    let mut snapshot = state.private(Projection::Token, &asker).await?;
    let rows = snapshot
        .select(select_receipts!(
            "where ",
            seen!(token_receipts),
            " and ($3::text is null or r.kind = $3)
            and ($4::bytea is null or r.account = $4)
            and ($5::bigint is null or (r.block_number, r.event_index) > ($5, $6))
        order by r.block_number, r.event_index
        limit $7"
        ))
        .bind(kind)
        .bind(account)
        .bind(after.0)
        .bind(after.1)
        .bind(page.rows())
        .fetch_all(snapshot.connection())
        .await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &TokenReceipt| item.provenance.position())))
}

parameters! {
    /// What [`get_token_receipt`] takes.
    pub struct GetTokenReceipt {
        /// Commitment to the bank's receipt.
        receipt: Segment<Hash>,
    }
}

/// What was minted or burned against one bank receipt; 404 while it is unused.
#[utoipa::path(
    get,
    path = "/token/receipts/{receipt}",
    tag = "money",
    params(GetTokenReceipt),
    responses(
        (status = 200, description = "What was done", body = Item<TokenReceipt>),
        PrivateItemProblems
    )
)]
pub async fn get_token_receipt(
    State(state): State<AppState>,
    asker: Asker,
    GetTokenReceipt { receipt: Segment(receipt) }: GetTokenReceipt,
) -> Result<Json<Item<TokenReceipt>>, ApiError> {
    let mut snapshot = state.private(Projection::Token, &asker).await?;
    let used = snapshot
        .select(select_receipts!("where ", seen!(token_receipts), " and r.receipt = $3"))
        .bind(receipt)
        .fetch_optional(snapshot.connection())
        .await?;
    let absent = || ApiError::unseen(format!("The receipt {receipt} was never used"));
    used.map(|item| snapshot.item(item)).ok_or_else(absent)
}
