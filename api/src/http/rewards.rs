//! Rewards: what accounts are owed, the fund that it comes from, and what an access earns.

use axum::{Json, Router, extract::State, routing};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use crate::{
    error::ApiError,
    openapi::{ItemProblems, ListProblems},
    page::{Keyed, Number, Page, PageParameters},
    parameters::{Parameters, Segment},
    provenance::Provenance,
    state::AppState,
    types::{Account, Amount},
    vocabulary::Purpose,
};

pub mod history;

pub fn router() -> Router<AppState> {
    Router::new()
        .route("/rewards/{address}", routing::get(get))
        .route("/rewards/totals", routing::get(totals))
        .route("/rewards/tariffs", routing::get(tariffs))
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

/// The rewards of one account; 404 until it earns its first or is refunded.
#[utoipa::path(
    get,
    path = "/v1/rewards/{address}",
    tag = "money",
    params(("address" = Account, Path, description = "The data owner or funder")),
    responses((status = 200, description = "Its rewards", body = Rewards), ItemProblems)
)]
pub async fn get(
    State(state): State<AppState>,
    segment: Segment,
    parameters: Parameters,
) -> Result<Json<Rewards>, ApiError> {
    let account = segment.account("address")?;
    parameters.finish()?;
    let mut snapshot = state.snapshot().await?;
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
pub struct Totals {
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
    path = "/v1/rewards/totals",
    tag = "money",
    responses((status = 200, description = "The totals", body = Totals), ItemProblems)
)]
pub async fn totals(
    State(state): State<AppState>,
    parameters: Parameters,
) -> Result<Json<Totals>, ApiError> {
    parameters.finish()?;
    let mut snapshot = state.snapshot().await?;
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

impl Keyed for Tariff {
    type Key = Number;

    fn key(&self) -> Number {
        Number(self.purpose.index().into())
    }
}

/// Tariffs, by purpose; one that was never set is 0.
#[utoipa::path(
    get,
    path = "/v1/rewards/tariffs",
    tag = "money",
    params(PageParameters),
    responses((status = 200, description = "A page of tariffs", body = Page<Tariff>), ListProblems)
)]
pub async fn tariffs(
    State(state): State<AppState>,
    mut parameters: Parameters,
) -> Result<Json<Page<Tariff>>, ApiError> {
    let page = parameters.page::<Number>()?;
    parameters.finish()?;
    let mut snapshot = state.snapshot().await?;
    let rows = sqlx::query_as(
        "select t.purpose, t.amount::text as amount,
            t.block_number, b.hash as block_hash, t.event_index
        from tariffs t
        join blocks b on b.number = t.block_number
        where ($1::bigint is null or t.purpose > $1)
        order by t.purpose
        limit $2",
    )
    .bind(page.after.map(|purpose| purpose.0))
    .bind(page.rows())
    .fetch_all(snapshot.connection())
    .await?;
    Ok(Json(page.page(rows, snapshot.as_of())))
}
