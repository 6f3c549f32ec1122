//! How the rewards came about: accesses that earned them, accesses that nobody paid, withdrawals.

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
    types::{Account, Amount},
    vocabulary::Purpose,
};

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_reward_accruals))
        .routes(routes!(list_reward_unfunded))
        .routes(routes!(list_reward_withdrawals))
}

/// What one access earned.
#[derive(Serialize, FromRow, ToSchema)]
pub struct Accrual {
    /// The decision, as in the access log; it pays at most once.
    access: i64,
    /// The data owner.
    owner: Account,
    /// Who asked.
    requester: Account,
    /// What the access was for.
    #[sqlx(try_from = "i16")]
    purpose: Purpose,
    /// The tariff, token base units.
    amount: Amount,
    /// Who paid it from the pot of the purpose; null: the requester from his budget.
    sponsor: Option<Account>,
    /// Time of the block, ms since 1970: for a period from then on the same owner, requester and purpose
    /// earn nothing more.
    at_ms: i64,
    /// The event that says so.
    #[sqlx(flatten)]
    provenance: Provenance,
}

parameters! {
    /// What [`list_reward_accruals`] takes.
    pub struct ListRewardAccruals {
        /// Only for accesses to this owner's data.
        owner: Option<Account>,
        /// Only for accesses that this account asked for.
        requester: Option<Account>,
        /// Only what this account paid as a sponsor.
        sponsor: Option<Account>,
        page: PageRequest<i64>,
    }
}

/// Rewards for accesses, by access.
#[utoipa::path(
    get,
    path = "/rewards/accruals",
    tag = "money",
    params(ListRewardAccruals),
    responses(
        (status = 200, description = "A page of accruals", body = Page<Accrual>),
        PrivateListProblems
    )
)]
pub async fn list_reward_accruals(
    State(state): State<AppState>,
    asker: Asker,
    ListRewardAccruals { owner, requester, sponsor, page }: ListRewardAccruals,
) -> Result<Json<Page<Accrual>>, ApiError> {
    let mut snapshot = state.private(Projection::Rewards, &asker).await?;
    let rows = snapshot
        .select(concat!(
            "select a.access, a.owner, a.requester, a.purpose, a.amount::text as amount, a.sponsor,
            a.at_ms,
            a.block_number, b.hash as block_hash, a.event_index
        from reward_accruals a
        join blocks b on b.number = a.block_number
        where ",
            seen!(reward_accruals),
            " and ($3::bytea is null or a.owner = $3)
            and ($4::bytea is null or a.requester = $4)
            and ($5::bytea is null or a.sponsor = $5)
            and ($6::bigint is null or a.access > $6)
        order by a.access
        limit $7"
        ))
        .bind(owner)
        .bind(requester)
        .bind(sponsor)
        .bind(page.after)
        .bind(page.rows())
        .fetch_all(snapshot.connection())
        .await?;
    snapshot.shows(page.shown(&rows).iter().map(|item: &Accrual| item.owner)).await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &Accrual| item.access)))
}

/// An access that earned nothing though its purpose has a tariff: neither pot nor budget held it, or the
/// contract was paused.
#[derive(Serialize, FromRow, ToSchema)]
pub struct Unfunded {
    /// The decision, as in the access log.
    access: i64,
    /// The data owner.
    owner: Account,
    /// Who asked.
    requester: Account,
    /// What the access was for.
    #[sqlx(try_from = "i16")]
    purpose: Purpose,
    /// The tariff that was missed, token base units.
    amount: Amount,
    /// Whether the tariff is required: then the access was refused as `Unfunded`, else it was permitted.
    required: bool,
    /// The event that says so.
    #[sqlx(flatten)]
    provenance: Provenance,
}

parameters! {
    /// What [`list_reward_unfunded`] takes.
    pub struct ListRewardUnfunded {
        /// Only accesses to this owner's data.
        owner: Option<Account>,
        /// Only accesses that this account asked for.
        requester: Option<Account>,
        /// true: only accesses that were refused for it; false: only those that were permitted.
        required: Option<bool>,
        page: PageRequest<i64>,
    }
}

/// Accesses that nobody paid, by access.
#[utoipa::path(
    get,
    path = "/rewards/unfunded",
    tag = "money",
    params(ListRewardUnfunded),
    responses(
        (status = 200, description = "A page of accesses", body = Page<Unfunded>),
        PrivateListProblems
    )
)]
pub async fn list_reward_unfunded(
    State(state): State<AppState>,
    asker: Asker,
    ListRewardUnfunded { owner, requester, required, page }: ListRewardUnfunded,
) -> Result<Json<Page<Unfunded>>, ApiError> {
    let mut snapshot = state.private(Projection::Rewards, &asker).await?;
    let rows = snapshot
        .select(concat!(
            "select u.access, u.owner, u.requester, u.purpose, u.amount::text as amount,
            u.required,
            u.block_number, b.hash as block_hash, u.event_index
        from reward_unfunded u
        join blocks b on b.number = u.block_number
        where ",
            seen!(reward_unfunded),
            " and ($3::bytea is null or u.owner = $3)
            and ($4::bytea is null or u.requester = $4)
            and ($5::boolean is null or u.required = $5)
            and ($6::bigint is null or u.access > $6)
        order by u.access
        limit $7"
        ))
        .bind(owner)
        .bind(requester)
        .bind(required)
        .bind(page.after)
        .bind(page.rows())
        .fetch_all(snapshot.connection())
        .await?;
    snapshot.shows(page.shown(&rows).iter().map(|item: &Unfunded| item.owner)).await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &Unfunded| item.access)))
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
        PrivateListProblems
    )
)]
pub async fn list_reward_withdrawals(
    State(state): State<AppState>,
    asker: Asker,
    ListRewardWithdrawals { owner, page }: ListRewardWithdrawals,
) -> Result<Json<Page<Withdrawal>>, ApiError> {
    let after = page.after.unzip();
    let mut snapshot = state.private(Projection::Rewards, &asker).await?;
    let rows = snapshot
        .select(concat!(
            "select w.owner, w.paid_to, w.amount::text as amount,
            w.block_number, b.hash as block_hash, w.event_index
        from reward_withdrawals w
        join blocks b on b.number = w.block_number
        where ",
            seen!(reward_withdrawals),
            " and ($3::bytea is null or w.owner = $3)
            and ($4::bigint is null or (w.block_number, w.event_index) > ($4, $5))
        order by w.block_number, w.event_index
        limit $6"
        ))
        .bind(owner)
        .bind(after.0)
        .bind(after.1)
        .bind(page.rows())
        .fetch_all(snapshot.connection())
        .await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &Withdrawal| item.provenance.position())))
}
