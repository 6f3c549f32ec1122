//! Who holds units, who may move them for their owner, who keeps them in escrow, and who is frozen.

use assent_mirror::fold::Projection;
use axum::{Json, extract::State};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    error::ApiError,
    openapi::PrivateListProblems,
    page::{Page, PageRequest},
    parameters::parameters,
    provenance::Provenance,
    sight::{Asker, seen},
    state::AppState,
    types::{Account, Amount, Hash},
};

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_carbon_balances))
        .routes(routes!(list_carbon_approvals))
        .routes(routes!(list_carbon_escrows))
        .routes(routes!(list_carbon_freezes))
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

parameters! {
    /// What [`list_carbon_balances`] takes.
    pub struct ListCarbonBalances {
        /// Only holdings of this account.
        owner: Option<Account>,
        /// Only holdings of this batch.
        batch: Option<i64>,
        page: PageRequest<(i64, Account)>,
    }
}

/// Holdings, by batch and owner; also of owners that hold nothing any more.
#[utoipa::path(
    get,
    path = "/carbon/balances",
    tag = "carbon",
    params(ListCarbonBalances),
    responses(
        (status = 200, description = "A page of holdings", body = Page<CarbonBalance>),
        PrivateListProblems
    )
)]
pub async fn list_carbon_balances(
    State(state): State<AppState>,
    asker: Asker,
    ListCarbonBalances { owner, batch, page }: ListCarbonBalances,
) -> Result<Json<Page<CarbonBalance>>, ApiError> {
    let after = page.after.unzip();
    let mut snapshot = state.private(Projection::Carbon, &asker).await?;
    let rows = snapshot
        .select(concat!(
            "select c.batch, c.owner, c.tradable::text as tradable, c.escrowed::text as escrowed,
            c.retired::text as retired, c.surrendered::text as surrendered,
            c.cancelled::text as cancelled,
            c.block_number, b.hash as block_hash, c.event_index
        from carbon_balances c
        join blocks b on b.number = c.block_number
        where ",
            seen!(carbon_balances),
            " and ($3::bytea is null or c.owner = $3)
            and ($4::bigint is null or c.batch = $4)
            and ($5::bigint is null or (c.batch, c.owner::bytea) > ($5, $6::bytea))
        order by c.batch, c.owner
        limit $7"
        ))
        .bind(owner)
        .bind(batch)
        .bind(after.0)
        .bind(after.1)
        .bind(page.rows())
        .fetch_all(snapshot.connection())
        .await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &CarbonBalance| (item.batch, item.owner))))
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

parameters! {
    /// What [`list_carbon_approvals`] takes.
    pub struct ListCarbonApprovals {
        /// Only approvals by this account.
        owner: Option<Account>,
        /// Only approvals of this account.
        operator: Option<Account>,
        page: PageRequest<(Account, Account, i64)>,
    }
}

/// Approvals of operators, by owner, operator and batch.
#[utoipa::path(
    get,
    path = "/carbon/approvals",
    tag = "carbon",
    params(ListCarbonApprovals),
    responses(
        (status = 200, description = "A page of approvals", body = Page<CarbonApproval>),
        PrivateListProblems
    )
)]
pub async fn list_carbon_approvals(
    State(state): State<AppState>,
    asker: Asker,
    ListCarbonApprovals { owner, operator, page }: ListCarbonApprovals,
) -> Result<Json<Page<CarbonApproval>>, ApiError> {
    let mut snapshot = state.private(Projection::Carbon, &asker).await?;
    let rows = snapshot
        .select(concat!(
            "select a.owner, a.operator, a.batch, a.amount::text as amount,
            a.block_number, b.hash as block_hash, a.event_index
        from carbon_approvals a
        join blocks b on b.number = a.block_number
        where ",
            seen!(carbon_approvals),
            " and ($3::bytea is null or a.owner = $3)
            and ($4::bytea is null or a.operator = $4)
            and ($5::bytea is null
                or (a.owner::bytea, a.operator::bytea, a.batch) > ($5, $6::bytea, $7::bigint))
        order by a.owner, a.operator, a.batch
        limit $8"
        ))
        .bind(owner)
        .bind(operator)
        .bind(page.after.map(|after| after.0))
        .bind(page.after.map(|after| after.1))
        .bind(page.after.map(|after| after.2))
        .bind(page.rows())
        .fetch_all(snapshot.connection())
        .await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &CarbonApproval| {
        (item.owner, item.operator, item.batch)
    })))
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

parameters! {
    /// What [`list_carbon_escrows`] takes.
    pub struct ListCarbonEscrows {
        /// Only units of this account.
        owner: Option<Account>,
        /// Only units that this account holds.
        operator: Option<Account>,
        /// Only units of this batch.
        batch: Option<i64>,
        page: PageRequest<(Account, Account, i64)>,
    }
}

/// Escrows, by owner, operator and batch.
#[utoipa::path(
    get,
    path = "/carbon/escrows",
    tag = "carbon",
    params(ListCarbonEscrows),
    responses(
        (status = 200, description = "A page of escrows", body = Page<CarbonEscrow>),
        PrivateListProblems
    )
)]
pub async fn list_carbon_escrows(
    State(state): State<AppState>,
    asker: Asker,
    ListCarbonEscrows { owner, operator, batch, page }: ListCarbonEscrows,
) -> Result<Json<Page<CarbonEscrow>>, ApiError> {
    let mut snapshot = state.private(Projection::Carbon, &asker).await?;
    let rows = snapshot
        .select(concat!(
            "select e.operator, e.owner, e.batch, e.amount::text as amount,
            e.block_number, b.hash as block_hash, e.event_index
        from carbon_escrows e
        join blocks b on b.number = e.block_number
        where ",
            seen!(carbon_escrows),
            " and ($3::bytea is null or e.owner = $3)
            and ($4::bytea is null or e.operator = $4)
            and ($5::bigint is null or e.batch = $5)
            and ($6::bytea is null
                or (e.owner::bytea, e.operator::bytea, e.batch) > ($6, $7::bytea, $8::bigint))
        order by e.owner, e.operator, e.batch
        limit $9"
        ))
        .bind(owner)
        .bind(operator)
        .bind(batch)
        .bind(page.after.map(|after| after.0))
        .bind(page.after.map(|after| after.1))
        .bind(page.after.map(|after| after.2))
        .bind(page.rows())
        .fetch_all(snapshot.connection())
        .await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &CarbonEscrow| {
        (item.owner, item.operator, item.batch)
    })))
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

parameters! {
    /// What [`list_carbon_freezes`] takes.
    pub struct ListCarbonFreezes {
        page: PageRequest<Account>,
    }
}

/// Accounts that are frozen in the carbon registry, by account.
#[utoipa::path(
    get,
    path = "/carbon/frozen",
    tag = "carbon",
    params(ListCarbonFreezes),
    responses(
        (status = 200, description = "A page of frozen accounts", body = Page<CarbonFreeze>),
        PrivateListProblems
    )
)]
pub async fn list_carbon_freezes(
    State(state): State<AppState>,
    asker: Asker,
    ListCarbonFreezes { page }: ListCarbonFreezes,
) -> Result<Json<Page<CarbonFreeze>>, ApiError> {
    let mut snapshot = state.private(Projection::Carbon, &asker).await?;
    let rows = snapshot
        .select(concat!(
            "select a.account, a.freeze_reason as reason, a.frozen_by, b.time_ms as frozen_at_ms,
            a.block_number, b.hash as block_hash, a.event_index
        from carbon_accounts a
        join blocks b on b.number = a.block_number
        where ",
            seen!(carbon_accounts),
            " and a.frozen and ($3::bytea is null or a.account > $3)
        order by a.account
        limit $4"
        ))
        .bind(page.after)
        .bind(page.rows())
        .fetch_all(snapshot.connection())
        .await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &CarbonFreeze| item.account)))
}
