//! Who holds units, who may move them for their owner, who keeps them in escrow, and who is frozen.

use axum::{Json, Router, extract::State, routing};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use crate::{
    error::ApiError,
    openapi::ListProblems,
    page::{Keyed, Mandate, Page, PageParameters, Pair, Share},
    parameters::Parameters,
    provenance::Provenance,
    state::AppState,
    types::{Account, Amount, Hash},
};

pub fn router() -> Router<AppState> {
    Router::new()
        .route("/carbon/balances", routing::get(list_balances))
        .route("/carbon/approvals", routing::get(list_approvals))
        .route("/carbon/escrows", routing::get(list_escrows))
        .route("/carbon/frozen", routing::get(list_frozen))
}

/// What one account has of one batch, and what it did with it.
#[derive(Serialize, FromRow, ToSchema)]
pub struct CarbonBalance {
    /// The batch.
    batch: i64,
    /// Whose units.
    owner: Account,
    /// Units that it can trade, retire, cancel or, if they are allowances, surrender.
    tradable: Amount,
    /// Units of it that operators hold in escrow.
    escrowed: Amount,
    /// Units that it retired.
    retired: Amount,
    /// Allowances that it surrendered.
    surrendered: Amount,
    /// Units that it cancelled.
    cancelled: Amount,
    /// The last event that changed it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

impl Keyed for CarbonBalance {
    type Key = Share;

    fn key(&self) -> Share {
        Share { number: self.batch, account: self.owner }
    }
}

/// Holdings, by batch and owner; also of owners that hold nothing any more.
#[utoipa::path(
    get,
    path = "/v1/carbon/balances",
    tag = "carbon",
    params(
        ("owner" = Option<Account>, Query, description = "Only holdings of this account"),
        ("batch" = Option<i64>, Query, description = "Only holdings of this batch"),
        PageParameters,
    ),
    responses((status = 200, description = "A page of holdings", body = Page<CarbonBalance>), ListProblems)
)]
pub async fn list_balances(
    State(state): State<AppState>,
    mut parameters: Parameters,
) -> Result<Json<Page<CarbonBalance>>, ApiError> {
    let owner = parameters.account("owner")?;
    let batch = parameters.number("batch")?;
    let page = parameters.page::<Share>()?;
    parameters.finish()?;
    let mut snapshot = state.snapshot().await?;
    let rows = sqlx::query_as(
        "select c.batch, c.owner, c.tradable::text as tradable, c.escrowed::text as escrowed,
            c.retired::text as retired, c.surrendered::text as surrendered,
            c.cancelled::text as cancelled,
            c.block_number, b.hash as block_hash, c.event_index
        from carbon_balances c
        join blocks b on b.number = c.block_number
        where ($1::bytea is null or c.owner = $1)
            and ($2::bigint is null or c.batch = $2)
            and ($3::bigint is null or (c.batch, c.owner::bytea) > ($3, $4::bytea))
        order by c.batch, c.owner
        limit $5",
    )
    .bind(owner)
    .bind(batch)
    .bind(page.after.map(|share| share.number))
    .bind(page.after.map(|share| share.account))
    .bind(page.rows())
    .fetch_all(snapshot.connection())
    .await?;
    Ok(Json(page.page(rows, snapshot.as_of())))
}

/// How many units of a batch an operator may still move for their owner.
#[derive(Serialize, FromRow, ToSchema)]
pub struct CarbonApproval {
    /// Whose units.
    owner: Account,
    /// Who may move them, or put them in escrow.
    operator: Account,
    /// Of which batch.
    batch: i64,
    /// Units that are left; 0 once they are used up or withdrawn.
    amount: Amount,
    /// The last event that changed it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

impl Keyed for CarbonApproval {
    type Key = Mandate;

    fn key(&self) -> Mandate {
        let pair = Pair { owner: self.owner, other: self.operator };
        Mandate { pair, batch: self.batch }
    }
}

/// Approvals of operators, by owner, operator and batch.
#[utoipa::path(
    get,
    path = "/v1/carbon/approvals",
    tag = "carbon",
    params(
        ("owner" = Option<Account>, Query, description = "Only approvals by this account"),
        ("operator" = Option<Account>, Query, description = "Only approvals of this account"),
        PageParameters,
    ),
    responses(
        (status = 200, description = "A page of approvals", body = Page<CarbonApproval>),
        ListProblems
    )
)]
pub async fn list_approvals(
    State(state): State<AppState>,
    mut parameters: Parameters,
) -> Result<Json<Page<CarbonApproval>>, ApiError> {
    let owner = parameters.account("owner")?;
    let operator = parameters.account("operator")?;
    let page = parameters.page::<Mandate>()?;
    parameters.finish()?;
    let mut snapshot = state.snapshot().await?;
    let rows = sqlx::query_as(
        "select a.owner, a.operator, a.batch, a.amount::text as amount,
            a.block_number, b.hash as block_hash, a.event_index
        from carbon_approvals a
        join blocks b on b.number = a.block_number
        where ($1::bytea is null or a.owner = $1)
            and ($2::bytea is null or a.operator = $2)
            and ($3::bytea is null
                or (a.owner::bytea, a.operator::bytea, a.batch) > ($3, $4::bytea, $5::bigint))
        order by a.owner, a.operator, a.batch
        limit $6",
    )
    .bind(owner)
    .bind(operator)
    .bind(page.after.map(|mandate| mandate.pair.owner))
    .bind(page.after.map(|mandate| mandate.pair.other))
    .bind(page.after.map(|mandate| mandate.batch))
    .bind(page.rows())
    .fetch_all(snapshot.connection())
    .await?;
    Ok(Json(page.page(rows, snapshot.as_of())))
}

/// How many units of an owner an operator, such as the market, holds in escrow. They go back to
/// their owner or are delivered.
#[derive(Serialize, FromRow, ToSchema)]
pub struct CarbonEscrow {
    /// Who holds them.
    operator: Account,
    /// Whose they are.
    owner: Account,
    /// Of which batch.
    batch: i64,
    /// Units; 0 once none is left.
    amount: Amount,
    /// The last event that changed it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

impl Keyed for CarbonEscrow {
    type Key = Mandate;

    fn key(&self) -> Mandate {
        let pair = Pair { owner: self.owner, other: self.operator };
        Mandate { pair, batch: self.batch }
    }
}

/// Escrows, by owner, operator and batch.
#[utoipa::path(
    get,
    path = "/v1/carbon/escrows",
    tag = "carbon",
    params(
        ("owner" = Option<Account>, Query, description = "Only units of this account"),
        ("operator" = Option<Account>, Query, description = "Only units that this account holds"),
        ("batch" = Option<i64>, Query, description = "Only units of this batch"),
        PageParameters,
    ),
    responses((status = 200, description = "A page of escrows", body = Page<CarbonEscrow>), ListProblems)
)]
pub async fn list_escrows(
    State(state): State<AppState>,
    mut parameters: Parameters,
) -> Result<Json<Page<CarbonEscrow>>, ApiError> {
    let owner = parameters.account("owner")?;
    let operator = parameters.account("operator")?;
    let batch = parameters.number("batch")?;
    let page = parameters.page::<Mandate>()?;
    parameters.finish()?;
    let mut snapshot = state.snapshot().await?;
    let rows = sqlx::query_as(
        "select e.operator, e.owner, e.batch, e.amount::text as amount,
            e.block_number, b.hash as block_hash, e.event_index
        from carbon_escrows e
        join blocks b on b.number = e.block_number
        where ($1::bytea is null or e.owner = $1)
            and ($2::bytea is null or e.operator = $2)
            and ($3::bigint is null or e.batch = $3)
            and ($4::bytea is null
                or (e.owner::bytea, e.operator::bytea, e.batch) > ($4, $5::bytea, $6::bigint))
        order by e.owner, e.operator, e.batch
        limit $7",
    )
    .bind(owner)
    .bind(operator)
    .bind(batch)
    .bind(page.after.map(|mandate| mandate.pair.owner))
    .bind(page.after.map(|mandate| mandate.pair.other))
    .bind(page.after.map(|mandate| mandate.batch))
    .bind(page.rows())
    .fetch_all(snapshot.connection())
    .await?;
    Ok(Json(page.page(rows, snapshot.as_of())))
}

/// An account that can neither receive units nor move, retire or cancel them; it can surrender
/// allowances.
#[derive(Serialize, FromRow, ToSchema)]
pub struct CarbonFreeze {
    /// The account.
    account: Account,
    /// Salted commitment to the reason.
    reason: Hash,
    /// The regulator.
    frozen_by: Account,
    /// Time of the block, ms since 1970.
    frozen_at_ms: i64,
    /// The event that froze it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

impl Keyed for CarbonFreeze {
    type Key = Account;

    fn key(&self) -> Account {
        self.account
    }
}

/// Accounts that are frozen in the carbon registry, by account.
#[utoipa::path(
    get,
    path = "/v1/carbon/frozen",
    tag = "carbon",
    params(PageParameters),
    responses(
        (status = 200, description = "A page of frozen accounts", body = Page<CarbonFreeze>),
        ListProblems
    )
)]
pub async fn list_frozen(
    State(state): State<AppState>,
    mut parameters: Parameters,
) -> Result<Json<Page<CarbonFreeze>>, ApiError> {
    let page = parameters.page::<Account>()?;
    parameters.finish()?;
    let mut snapshot = state.snapshot().await?;
    let rows = sqlx::query_as(
        "select a.account, a.freeze_reason as reason, a.frozen_by, b.time_ms as frozen_at_ms,
            a.block_number, b.hash as block_hash, a.event_index
        from carbon_accounts a
        join blocks b on b.number = a.block_number
        where a.frozen and ($1::bytea is null or a.account > $1)
        order by a.account
        limit $2",
    )
    .bind(page.after)
    .bind(page.rows())
    .fetch_all(snapshot.connection())
    .await?;
    Ok(Json(page.page(rows, snapshot.as_of())))
}
