//! Rewards: what accounts are owed, the fund that it comes from, and what an access earns.

use assent_mirror::fold::Projection;
use axum::{Json, extract::State};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    error::ApiError,
    openapi::{ItemProblems, ListProblems},
    page::{Page, PageRequest},
    parameters::{NoParameters, Segment, parameters},
    provenance::Provenance,
    state::AppState,
    types::{Account, Amount},
    vocabulary::Purpose,
};

pub mod history;

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(get_rewards))
        .routes(routes!(get_reward_totals))
        .routes(routes!(list_reward_tariffs))
        .merge(history::router())
}

/// The rewards of one account; owed = accrued + refunded - withdrawn.
#[derive(Serialize, FromRow, ToSchema)]
pub struct Rewards {
    /// The account.
    account: Account,
    /// What may be withdrawn now, token base units.
    owed: Amount,
    /// All that accesses to its data ever earned, token base units.
    accrued: Amount,
    /// All that it was ever credited back of what it had paid into the fund, token base units.
    refunded: Amount,
    /// All that was ever withdrawn, token base units.
    withdrawn: Amount,
    /// The last event that changed it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

parameters! {
    /// What [`get_rewards`] takes.
    pub struct GetRewards {
        /// The data owner or funder.
        address: Segment<Account>,
    }
}

/// The rewards of one account; 404 until it earns its first or is refunded.
#[utoipa::path(
    get,
    path = "/rewards/{address}",
    tag = "money",
    params(GetRewards),
    responses((status = 200, description = "Its rewards", body = Rewards), ItemProblems)
)]
pub async fn get_rewards(
    State(state): State<AppState>,
    GetRewards { address: Segment(account) }: GetRewards,
) -> Result<Json<Rewards>, ApiError> {
    let mut snapshot = state.snapshot_of(Projection::Rewards).await?;
    let rewards = sqlx::query_as(
        "select r.account, r.owed::text as owed, r.accrued::text as accrued,
            r.refunded::text as refunded, r.withdrawn::text as withdrawn,
            r.block_number, b.hash as block_hash, r.event_index
        from rewards r
        join blocks b on b.number = r.block_number
        where r.account = $1",
    )
    .bind(account)
    .fetch_optional(snapshot.connection())
    .await?;
    let absent = || ApiError::NotFound(format!("Nothing was ever owed to {account}."));
    rewards.map(Json).ok_or_else(absent)
}

/// The fund and all rewards; unspent = funded - accrued - refunded, owed = accrued + refunded -
/// withdrawn. The contract holds unspent + owed of the token, and what was sent to it by mistake.
#[derive(Serialize, FromRow, ToSchema)]
pub struct RewardTotals {
    /// The consent contract, the only one that may accrue; null before it was named.
    consent: Option<Account>,
    /// All that was ever paid into the fund, token base units.
    funded: Amount,
    /// What is left to pay rewards from, token base units.
    unspent: Amount,
    /// What all accounts together may withdraw now, token base units.
    owed: Amount,
    /// All that accesses ever earned, token base units.
    accrued: Amount,
    /// All that funders were ever credited back, token base units.
    refunded: Amount,
    /// All that was ever withdrawn, token base units.
    withdrawn: Amount,
    /// The last event that changed it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

/// The fund and the sums over all accounts; 404 before the rewards contract's first event.
#[utoipa::path(
    get,
    path = "/rewards/totals",
    tag = "money",
    responses((status = 200, description = "The totals", body = RewardTotals), ItemProblems)
)]
pub async fn get_reward_totals(
    State(state): State<AppState>,
    _: NoParameters,
) -> Result<Json<RewardTotals>, ApiError> {
    let mut snapshot = state.snapshot_of(Projection::Rewards).await?;
    let totals = sqlx::query_as(
        "select t.consent, t.funded::text as funded, t.unspent::text as unspent,
            t.owed::text as owed, t.accrued::text as accrued, t.refunded::text as refunded,
            t.withdrawn::text as withdrawn,
            t.block_number, b.hash as block_hash, t.event_index
        from reward_totals t
        join blocks b on b.number = t.block_number",
    )
    .fetch_optional(snapshot.connection())
    .await?;
    let absent = || ApiError::NotFound("Nothing happened in the rewards contract yet.".into());
    totals.map(Json).ok_or_else(absent)
}

/// What a permitted access for one purpose earns its owner.
#[derive(Serialize, FromRow, ToSchema)]
pub struct Tariff {
    /// The purpose.
    #[sqlx(try_from = "i16")]
    purpose: Purpose,
    /// Token base units; 0: nothing.
    amount: Amount,
    /// The event that set it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

parameters! {
    /// What [`list_reward_tariffs`] takes.
    pub struct ListRewardTariffs {
        page: PageRequest<i64>,
    }
}

/// Tariffs, by purpose; one that was never set is 0.
#[utoipa::path(
    get,
    path = "/rewards/tariffs",
    tag = "money",
    params(ListRewardTariffs),
    responses((status = 200, description = "A page of tariffs", body = Page<Tariff>), ListProblems)
)]
pub async fn list_reward_tariffs(
    State(state): State<AppState>,
    ListRewardTariffs { page }: ListRewardTariffs,
) -> Result<Json<Page<Tariff>>, ApiError> {
    let mut snapshot = state.snapshot_of(Projection::Rewards).await?;
    let rows = sqlx::query_as(
        "select t.purpose, t.amount::text as amount,
            t.block_number, b.hash as block_hash, t.event_index
        from tariffs t
        join blocks b on b.number = t.block_number
        where ($1::bigint is null or t.purpose > $1)
        order by t.purpose
        limit $2",
    )
    .bind(page.after)
    .bind(page.rows())
    .fetch_all(snapshot.connection())
    .await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &Tariff| item.purpose.index().into())))
}
