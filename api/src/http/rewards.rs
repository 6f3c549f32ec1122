//! Rewards: what accounts are owed, and what an access earns; who pays for it, and how it came about.

use assent_mirror::fold::Projection;
use axum::{Json, extract::State};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    error::ApiError,
    openapi::{ItemProblems, ListProblems, PrivateItemProblems},
    page::{Page, PageRequest},
    parameters::{NoParameters, Segment, parameters},
    provenance::{Item, Provenance},
    scheduled::Scheduled,
    sight::{Asker, seen},
    state::AppState,
    types::{Account, Amount, Natural},
    vocabulary::Purpose,
};

pub mod budgets;
pub mod history;
pub mod pots;

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(get_rewards))
        .routes(routes!(get_reward_totals))
        .routes(routes!(list_reward_tariffs))
        .merge(budgets::router())
        .merge(pots::router())
        .merge(history::router())
}

/// The rewards of one account; owed = accrued + returned - paid.
#[derive(Serialize, FromRow, ToSchema)]
pub struct Rewards {
    /// The account.
    account: Account,
    /// What may be withdrawn now, token base units.
    owed: Amount,
    /// All that accesses to its data ever earned, token base units.
    accrued: Amount,
    /// All that was left in its pots when it was replaced as a sponsor, token base units.
    returned: Amount,
    /// All that was ever withdrawn, token base units.
    paid: Amount,
    /// The last event that changed it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

parameters! {
    /// What [`get_rewards`] takes.
    pub struct GetRewards {
        /// The data owner, or who was a sponsor.
        address: Segment<Account>,
    }
}

/// The rewards of one account; 404 until it earns its first or is replaced as a sponsor.
#[utoipa::path(
    get,
    path = "/rewards/{address}",
    tag = "money",
    params(GetRewards),
    responses((status = 200, description = "Its rewards", body = Item<Rewards>), PrivateItemProblems)
)]
pub async fn get_rewards(
    State(state): State<AppState>,
    asker: Asker,
    GetRewards { address: Segment(account) }: GetRewards,
) -> Result<Json<Item<Rewards>>, ApiError> {
    let mut snapshot = state.private(Projection::Rewards, &asker).await?;
    let rewards = snapshot
        .select(concat!(
            "select r.account, r.owed::text as owed, r.accrued::text as accrued,
            r.returned::text as returned, r.paid::text as paid,
            r.block_number, b.hash as block_hash, r.event_index
        from rewards r
        join blocks b on b.number = r.block_number
        where ",
            seen!(rewards),
            " and r.account = $3"
        ))
        .bind(account)
        .fetch_optional(snapshot.connection())
        .await?;
    let absent = || ApiError::unseen(format!("Nothing was ever owed to {account}"));
    rewards.map(|item| snapshot.item(item)).ok_or_else(absent)
}

/// The sums over all accounts; owed = accrued + returned - paid. The contract holds budgets + pots + owed of
/// the token, and what was sent to it by mistake.
#[derive(Serialize, FromRow, ToSchema)]
pub struct RewardTotals {
    /// The consent contract, the only one that may accrue; null before it was named.
    consent: Option<Account>,
    /// What is in the budgets of requesters, token base units.
    budgets: Amount,
    /// What is in the pots of sponsors, token base units.
    pots: Amount,
    /// What all accounts together may withdraw now, token base units.
    owed: Amount,
    /// All that accesses ever earned, token base units.
    accrued: Amount,
    /// All that was left in pots when sponsors were replaced, token base units.
    returned: Amount,
    /// All that was ever withdrawn of what was owed, token base units.
    paid: Amount,
    /// The last event that changed it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

/// The sums over all accounts; 404 before the rewards contract's first event.
#[utoipa::path(
    get,
    path = "/rewards/totals",
    tag = "money",
    responses((status = 200, description = "The totals", body = Item<RewardTotals>), ItemProblems)
)]
pub async fn get_reward_totals(
    State(state): State<AppState>,
    _: NoParameters,
) -> Result<Json<Item<RewardTotals>>, ApiError> {
    let mut snapshot = state.snapshot_of(Projection::Rewards).await?;
    let totals = sqlx::query_as(
        "select t.consent, t.budgets::text as budgets, t.pots::text as pots,
            t.owed::text as owed, t.accrued::text as accrued, t.returned::text as returned,
            t.paid::text as paid,
            t.block_number, b.hash as block_hash, t.event_index
        from reward_totals t
        join blocks b on b.number = t.block_number",
    )
    .fetch_optional(snapshot.connection())
    .await?;
    let absent = || ApiError::NotFound("Nothing happened in the rewards contract yet.".into());
    totals.map(|item| snapshot.item(item)).ok_or_else(absent)
}

/// What a permitted access for one purpose earns its owner.
#[derive(Serialize, ToSchema)]
pub struct PurposeTariff {
    /// The purpose.
    purpose: Purpose,
    /// Its tariff; another one waits.
    tariff: Scheduled<Tariff>,
    /// The last event that set it.
    provenance: Provenance,
}

/// What a permitted access earns.
#[derive(Serialize, ToSchema)]
pub struct Tariff {
    /// Token base units; 0: nothing.
    amount: Amount,
    /// Whether an access that nobody can pay is refused.
    required: bool,
}

#[derive(FromRow)]
struct TariffRow {
    #[sqlx(try_from = "i16")]
    purpose: Purpose,
    amount: Amount,
    required: bool,
    next_amount: Option<Amount>,
    next_required: Option<bool>,
    next_from_ms: Option<Natural>,
    #[sqlx(flatten)]
    provenance: Provenance,
}

impl TariffRow {
    fn at(self, now_ms: i64) -> PurposeTariff {
        let tariff = |(amount, required)| Tariff { amount, required };
        let next = self.next_amount.zip(self.next_required).map(tariff);
        PurposeTariff {
            purpose: self.purpose,
            tariff: Scheduled::at(
                now_ms,
                Some(tariff((self.amount, self.required))),
                next.zip(self.next_from_ms),
            ),
            provenance: self.provenance,
        }
    }
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
    responses(
        (status = 200, description = "A page of tariffs", body = Page<PurposeTariff>),
        ListProblems
    )
)]
pub async fn list_reward_tariffs(
    State(state): State<AppState>,
    ListRewardTariffs { page }: ListRewardTariffs,
) -> Result<Json<Page<PurposeTariff>>, ApiError> {
    let mut snapshot = state.snapshot_of(Projection::Rewards).await?;
    let rows: Vec<TariffRow> = sqlx::query_as(
        "select t.purpose, t.amount::text as amount, t.required,
            t.next_amount::text as next_amount, t.next_required,
            t.next_from_ms::text as next_from_ms,
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
    let now_ms = snapshot.as_of().block_time_ms;
    let rows = rows.into_iter().map(|row| row.at(now_ms)).collect();
    let key = |item: &PurposeTariff| item.purpose.index().into();
    Ok(Json(page.page(rows, snapshot.as_of(), key)))
}
