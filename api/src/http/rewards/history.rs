//! How the rewards came about: accesses that earned them, payments into the fund, refunds,
//! withdrawals.

use assent_mirror::fold::Projection;
use axum::{Json, extract::State};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    error::ApiError,
    openapi::ListProblems,
    page::{Page, PageRequest},
    parameters::parameters,
    provenance::Provenance,
    state::AppState,
    types::{Account, Amount},
    vocabulary::Purpose,
};

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_reward_accruals))
        .routes(routes!(list_reward_contributions))
        .routes(routes!(list_reward_refunds))
        .routes(routes!(list_reward_withdrawals))
}

/// What became of one permitted access whose purpose has a tariff.
#[derive(Serialize, FromRow, ToSchema)]
pub struct Accrual {
    /// The decision, as in the access log; it pays at most once.
    access: i64,
    /// The data owner.
    owner: Account,
    /// What the access was for.
    #[sqlx(try_from = "i16")]
    purpose: Purpose,
    /// The tariff, token base units.
    amount: Amount,
    /// Whether it is owed; false when the fund did not hold the tariff or the contract was paused.
    funded: bool,
    /// The event that says so.
    #[sqlx(flatten)]
    provenance: Provenance,
}

parameters! {
    /// What [`list_reward_accruals`] takes.
    pub struct ListRewardAccruals {
        /// Only for accesses to this owner's data.
        owner: Option<Account>,
        page: PageRequest<i64>,
    }
}

/// Rewards for accesses, by access.
#[utoipa::path(
    get,
    path = "/rewards/accruals",
    tag = "money",
    params(ListRewardAccruals),
    responses((status = 200, description = "A page of accruals", body = Page<Accrual>), ListProblems)
)]
pub async fn list_reward_accruals(
    State(state): State<AppState>,
    ListRewardAccruals { owner, page }: ListRewardAccruals,
) -> Result<Json<Page<Accrual>>, ApiError> {
    let mut snapshot = state.snapshot_of(Projection::Rewards).await?;
    let rows = sqlx::query_as(
        "select a.access, a.owner, a.purpose, a.amount::text as amount, a.funded,
            a.block_number, b.hash as block_hash, a.event_index
        from reward_accruals a
        join blocks b on b.number = a.block_number
        where ($1::bytea is null or a.owner = $1)
            and ($2::bigint is null or a.access > $2)
        order by a.access
        limit $3",
    )
    .bind(owner)
    .bind(page.after)
    .bind(page.rows())
    .fetch_all(snapshot.connection())
    .await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &Accrual| item.access)))
}

/// What one funder paid in and was credited back.
#[derive(Serialize, FromRow, ToSchema)]
pub struct Contribution {
    /// Who paid.
    funder: Account,
    /// All that it ever paid in, token base units.
    funded: Amount,
    /// What of it was credited back, token base units.
    refunded: Amount,
    /// What could still be credited back at most, if it is unspent, token base units: funded -
    /// refunded.
    remaining: Amount,
    /// The last event that changed it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

parameters! {
    /// What [`list_reward_contributions`] takes.
    pub struct ListRewardContributions {
        /// Only of this account.
        funder: Option<Account>,
        page: PageRequest<Account>,
    }
}

/// Contributions to the fund, by funder.
#[utoipa::path(
    get,
    path = "/rewards/contributions",
    tag = "money",
    params(ListRewardContributions),
    responses(
        (status = 200, description = "A page of contributions", body = Page<Contribution>),
        ListProblems
    )
)]
pub async fn list_reward_contributions(
    State(state): State<AppState>,
    ListRewardContributions { funder, page }: ListRewardContributions,
) -> Result<Json<Page<Contribution>>, ApiError> {
    let mut snapshot = state.snapshot_of(Projection::Rewards).await?;
    let rows = sqlx::query_as(
        "select c.funder, c.funded::text as funded, c.refunded::text as refunded,
            (c.funded - c.refunded)::text as remaining,
            c.block_number, b.hash as block_hash, c.event_index
        from reward_contributions c
        join blocks b on b.number = c.block_number
        where ($1::bytea is null or c.funder = $1)
            and ($2::bytea is null or c.funder > $2)
        order by c.funder
        limit $3",
    )
    .bind(funder)
    .bind(page.after)
    .bind(page.rows())
    .fetch_all(snapshot.connection())
    .await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &Contribution| item.funder)))
}

/// One refund: it is owed to the funder from then on.
#[derive(Serialize, FromRow, ToSchema)]
pub struct Refund {
    /// Who had paid in.
    funder: Account,
    /// Token base units.
    amount: Amount,
    /// The administrator who decided it.
    refunded_by: Account,
    /// The event.
    #[sqlx(flatten)]
    provenance: Provenance,
}

parameters! {
    /// What [`list_reward_refunds`] takes.
    pub struct ListRewardRefunds {
        /// Only to this account.
        funder: Option<Account>,
        page: PageRequest<(i64, i32)>,
    }
}

/// Refunds, in the order of the chain.
#[utoipa::path(
    get,
    path = "/rewards/refunds",
    tag = "money",
    params(ListRewardRefunds),
    responses((status = 200, description = "A page of refunds", body = Page<Refund>), ListProblems)
)]
pub async fn list_reward_refunds(
    State(state): State<AppState>,
    ListRewardRefunds { funder, page }: ListRewardRefunds,
) -> Result<Json<Page<Refund>>, ApiError> {
    let after = page.after.unzip();
    let mut snapshot = state.snapshot_of(Projection::Rewards).await?;
    let rows = sqlx::query_as(
        "select r.funder, r.amount::text as amount, r.refunded_by,
            r.block_number, b.hash as block_hash, r.event_index
        from reward_refunds r
        join blocks b on b.number = r.block_number
        where ($1::bytea is null or r.funder = $1)
            and ($2::bigint is null or (r.block_number, r.event_index) > ($2, $3))
        order by r.block_number, r.event_index
        limit $4",
    )
    .bind(funder)
    .bind(after.0)
    .bind(after.1)
    .bind(page.rows())
    .fetch_all(snapshot.connection())
    .await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &Refund| item.provenance.position())))
}

/// One withdrawal.
#[derive(Serialize, FromRow, ToSchema)]
pub struct Withdrawal {
    /// To whom it was owed.
    owner: Account,
    /// Who was paid.
    paid_to: Account,
    /// Token base units.
    amount: Amount,
    /// The event.
    #[sqlx(flatten)]
    provenance: Provenance,
}

parameters! {
    /// What [`list_reward_withdrawals`] takes.
    pub struct ListRewardWithdrawals {
        /// Only of what was owed to this account.
        owner: Option<Account>,
        page: PageRequest<(i64, i32)>,
    }
}

/// Withdrawals, in the order of the chain.
#[utoipa::path(
    get,
    path = "/rewards/withdrawals",
    tag = "money",
    params(ListRewardWithdrawals),
    responses(
        (status = 200, description = "A page of withdrawals", body = Page<Withdrawal>),
        ListProblems
    )
)]
pub async fn list_reward_withdrawals(
    State(state): State<AppState>,
    ListRewardWithdrawals { owner, page }: ListRewardWithdrawals,
) -> Result<Json<Page<Withdrawal>>, ApiError> {
    let after = page.after.unzip();
    let mut snapshot = state.snapshot_of(Projection::Rewards).await?;
    let rows = sqlx::query_as(
        "select w.owner, w.paid_to, w.amount::text as amount,
            w.block_number, b.hash as block_hash, w.event_index
        from reward_withdrawals w
        join blocks b on b.number = w.block_number
        where ($1::bytea is null or w.owner = $1)
            and ($2::bigint is null or (w.block_number, w.event_index) > ($2, $3))
        order by w.block_number, w.event_index
        limit $4",
    )
    .bind(owner)
    .bind(after.0)
    .bind(after.1)
    .bind(page.rows())
    .fetch_all(snapshot.connection())
    .await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &Withdrawal| item.provenance.position())))
}
