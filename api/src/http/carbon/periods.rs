//! Compliance periods, and what a missing credit costs in them.

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
    provenance::{Item, Provenance},
    scheduled::Scheduled,
    state::AppState,
    types::{Account, Amount, Natural},
};

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_carbon_periods))
        .routes(routes!(get_carbon_period))
        .routes(routes!(get_carbon_penalty_tariff))
}

/// A compliance period. Its allowances are a batch, which says how many were allocated.
#[derive(Serialize, FromRow, ToSchema)]
pub struct CarbonPeriod {
    /// Number of the period.
    period: i64,
    /// The batch of its allowances.
    batch: i64,
    /// First moment, ms since 1970.
    start_ms: Natural,
    /// First moment after it, ms since 1970; emissions may be reported from then on.
    end_ms: Natural,
    /// First moment at which it may be settled, ms since 1970; what was reported and surrendered
    /// before is in time.
    settle_from_ms: Natural,
    /// Units of allowances that there may be.
    cap: Amount,
    /// Penalty for each credit, of 1,000 units, that is missing; token base units.
    tariff: Amount,
    /// The event that set it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

/// Periods.
macro_rules! select_periods {
    ($rest:literal) => {
        concat!(
            "select p.period, p.batch, p.start_ms::text as start_ms, p.end_ms::text as end_ms,
                p.settle_from_ms::text as settle_from_ms, p.cap::text as cap,
                p.tariff::text as tariff,
                p.block_number, b.hash as block_hash, p.event_index
            from carbon_periods p
            join blocks b on b.number = p.block_number ",
            $rest
        )
    };
}

parameters! {
    /// What [`list_carbon_periods`] takes.
    pub struct ListCarbonPeriods {
        page: PageRequest<i64>,
    }
}

/// Compliance periods, by number.
#[utoipa::path(
    get,
    path = "/carbon/periods",
    tag = "carbon",
    params(ListCarbonPeriods),
    responses((status = 200, description = "A page of periods", body = Page<CarbonPeriod>), ListProblems)
)]
pub async fn list_carbon_periods(
    State(state): State<AppState>,
    ListCarbonPeriods { page }: ListCarbonPeriods,
) -> Result<Json<Page<CarbonPeriod>>, ApiError> {
    let mut snapshot = state.snapshot_of(Projection::Carbon).await?;
    let rows = sqlx::query_as(select_periods!(
        "where ($1::bigint is null or p.period > $1) order by p.period limit $2"
    ))
    .bind(page.after)
    .bind(page.rows())
    .fetch_all(snapshot.connection())
    .await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &CarbonPeriod| item.period)))
}

parameters! {
    /// What [`get_carbon_period`] takes.
    pub struct GetCarbonPeriod {
        /// Number of the period.
        id: Segment<i64>,
    }
}

/// One compliance period.
#[utoipa::path(
    get,
    path = "/carbon/periods/{id}",
    tag = "carbon",
    params(GetCarbonPeriod),
    responses((status = 200, description = "The period", body = Item<CarbonPeriod>), ItemProblems)
)]
pub async fn get_carbon_period(
    State(state): State<AppState>,
    GetCarbonPeriod { id: Segment(id) }: GetCarbonPeriod,
) -> Result<Json<Item<CarbonPeriod>>, ApiError> {
    let mut snapshot = state.snapshot_of(Projection::Carbon).await?;
    let period = sqlx::query_as(select_periods!("where p.period = $1"))
        .bind(id)
        .fetch_optional(snapshot.connection())
        .await?;
    let absent = || ApiError::NotFound(format!("There is no compliance period {id}."));
    period.map(|item| snapshot.item(item)).ok_or_else(absent)
}

/// What a missing credit costs in periods as they are set; each period keeps its own.
#[derive(Serialize, ToSchema)]
pub struct PenaltyTariff {
    /// The penalty; another one waits.
    penalty: Scheduled<Penalty>,
    /// The event that set it.
    provenance: Provenance,
}

/// A penalty for missing credits.
#[derive(Serialize, ToSchema)]
pub struct Penalty {
    /// Token base units for each credit, of 1,000 units, that is missing, in periods that are set while it
    /// holds.
    tariff: Amount,
    /// Who is paid while it holds, also for earlier periods.
    collector: Account,
}

#[derive(FromRow)]
struct PenaltyRow {
    tariff: Option<Amount>,
    collector: Option<Account>,
    next_tariff: Option<Amount>,
    next_collector: Option<Account>,
    next_from_ms: Option<Natural>,
    #[sqlx(flatten)]
    provenance: Provenance,
}

impl PenaltyRow {
    fn at(self, now_ms: i64) -> PenaltyTariff {
        let penalty = |(tariff, collector)| Penalty { tariff, collector };
        let next = self.next_tariff.zip(self.next_collector).map(penalty);
        PenaltyTariff {
            penalty: Scheduled::at(
                now_ms,
                self.tariff.zip(self.collector).map(penalty),
                next.zip(self.next_from_ms),
            ),
            provenance: self.provenance,
        }
    }
}

/// The penalty of periods to come; 404 until it is set, and no period can be before one holds.
#[utoipa::path(
    get,
    path = "/carbon/penalty-tariff",
    tag = "carbon",
    responses((status = 200, description = "The tariff", body = Item<PenaltyTariff>), ItemProblems)
)]
pub async fn get_carbon_penalty_tariff(
    State(state): State<AppState>,
    _: NoParameters,
) -> Result<Json<Item<PenaltyTariff>>, ApiError> {
    let mut snapshot = state.snapshot_of(Projection::Carbon).await?;
    let tariff: Option<PenaltyRow> = sqlx::query_as(
        "select p.tariff::text as tariff, p.collector, p.next_tariff::text as next_tariff,
            p.next_collector, p.next_from_ms::text as next_from_ms,
            p.block_number, b.hash as block_hash, p.event_index
        from carbon_penalty p
        join blocks b on b.number = p.block_number",
    )
    .fetch_optional(snapshot.connection())
    .await?;
    let now_ms = snapshot.as_of().block_time_ms;
    let absent = || ApiError::NotFound("No penalty for missing credits was set yet.".into());
    tariff.map(|tariff| snapshot.item(tariff.at(now_ms))).ok_or_else(absent)
}
