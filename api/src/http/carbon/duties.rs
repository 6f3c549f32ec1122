//! What emitters owe for each compliance period: allocations, reports, surrenders, settlements.

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
        .routes(routes!(list_carbon_duties))
        .routes(routes!(list_emissions_reports))
        .routes(routes!(list_carbon_surrenders))
}

/// What one account owes for one period. The settlement compares verified + brought_deficit with
/// surrendered + brought_surplus; what is missing is the deficit, what is left over the surplus, and
/// the next period begins with both.
#[derive(Serialize, FromRow, ToSchema)]
pub struct CarbonDuty {
    /// The period.
    period: i64,
    /// The emitter.
    account: Account,
    /// Units of allowances that it got.
    allocated: Amount,
    /// Versions of the report on its emissions so far.
    reports: i64,
    /// When the first of them came, ms since 1970; null: not reported yet.
    reported_at_ms: Option<i64>,
    /// Units emitted, as in the latest version; 0 while there is none.
    verified: Amount,
    /// Units surrendered for the period.
    surrendered: Amount,
    /// When the last of them were, ms since 1970; null: none were.
    surrendered_at_ms: Option<i64>,
    /// When it was settled, ms since 1970; null: not settled yet, and so is all that follows.
    settled_at_ms: Option<i64>,
    /// Units missing from the period before.
    brought_deficit: Option<Amount>,
    /// Units left over from the period before.
    brought_surplus: Option<Amount>,
    /// Units missing.
    deficit: Option<Amount>,
    /// Units left over.
    surplus: Option<Amount>,
    /// Whether it was reported before settlement began, and covered by then.
    timely: Option<bool>,
    /// Penalty for the deficit, token base units; 0: none. Paying it does not erase the deficit.
    penalty: Option<Amount>,
    /// Whether the penalty was paid; also false when there is none.
    paid: Option<bool>,
    /// The last event that changed it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

parameters! {
    /// What [`list_carbon_duties`] takes.
    pub struct ListCarbonDuties {
        /// Only duties of this account.
        account: Option<Account>,
        /// Only duties for this period.
        period: Option<i64>,
        page: PageRequest<(i64, Account)>,
    }
}

/// Duties, by period and account.
#[utoipa::path(
    get,
    path = "/carbon/duties",
    tag = "carbon",
    params(ListCarbonDuties),
    responses(
        (status = 200, description = "A page of duties", body = Page<CarbonDuty>),
        PrivateListProblems
    )
)]
pub async fn list_carbon_duties(
    State(state): State<AppState>,
    asker: Asker,
    ListCarbonDuties { account, period, page }: ListCarbonDuties,
) -> Result<Json<Page<CarbonDuty>>, ApiError> {
    let after = page.after.unzip();
    let mut snapshot = state.private(Projection::Carbon, &asker).await?;
    let rows = snapshot
        .select(concat!(
            "select d.period, d.account, d.allocated::text as allocated, d.reports,
            d.reported_at_ms,
            d.verified::text as verified, d.surrendered::text as surrendered, d.surrendered_at_ms,
            d.settled_at_ms, d.brought_deficit::text as brought_deficit,
            d.brought_surplus::text as brought_surplus, d.deficit::text as deficit,
            d.surplus::text as surplus, d.timely, s.penalty::text as penalty, s.paid,
            d.block_number, b.hash as block_hash, d.event_index
        from carbon_duties d
        join blocks b on b.number = d.block_number
        -- As the contract has them: known once it is settled.
        left join lateral (
            select coalesce(d.penalty, 0) as penalty, d.paid_at_ms is not null as paid
            where d.settled_at_ms is not null
        ) s on true
        where ",
            seen!(carbon_duties),
            " and ($3::bytea is null or d.account = $3)
            and ($4::bigint is null or d.period = $4)
            and ($5::bigint is null or (d.period, d.account::bytea) > ($5, $6::bytea))
        order by d.period, d.account
        limit $7"
        ))
        .bind(account)
        .bind(period)
        .bind(after.0)
        .bind(after.1)
        .bind(page.rows())
        .fetch_all(snapshot.connection())
        .await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &CarbonDuty| (item.period, item.account))))
}

/// One version of the report on what an account emitted in a period; a higher one corrects it.
#[derive(Serialize, FromRow, ToSchema)]
pub struct EmissionsReport {
    /// The period.
    period: i64,
    /// The emitter.
    account: Account,
    /// Number of the version, from 1.
    version: i64,
    /// Who verified it.
    verifier: Account,
    /// Units emitted in the period.
    emissions: Amount,
    /// Commitment to the verified report.
    report: Hash,
    /// Time of the block, ms since 1970.
    at_ms: i64,
    /// The event.
    #[sqlx(flatten)]
    provenance: Provenance,
}

parameters! {
    /// What [`list_emissions_reports`] takes.
    pub struct ListEmissionsReports {
        /// Only reports on this account.
        account: Option<Account>,
        /// Only reports on this period.
        period: Option<i64>,
        page: PageRequest<(i64, Account, i64)>,
    }
}

/// Reports on emissions, each version, by period, account and version.
#[utoipa::path(
    get,
    path = "/carbon/reports",
    tag = "carbon",
    params(ListEmissionsReports),
    responses(
        (status = 200, description = "A page of reports", body = Page<EmissionsReport>),
        PrivateListProblems
    )
)]
pub async fn list_emissions_reports(
    State(state): State<AppState>,
    asker: Asker,
    ListEmissionsReports { account, period, page }: ListEmissionsReports,
) -> Result<Json<Page<EmissionsReport>>, ApiError> {
    let mut snapshot = state.private(Projection::Carbon, &asker).await?;
    let rows = snapshot
        .select(concat!(
            "select r.period, r.account, r.version, r.verifier, r.emissions::text as emissions,
            r.report, b.time_ms as at_ms,
            r.block_number, b.hash as block_hash, r.event_index
        from carbon_emission_reports r
        join blocks b on b.number = r.block_number
        where ",
            seen!(carbon_emission_reports),
            " and ($3::bytea is null or r.account = $3)
            and ($4::bigint is null or r.period = $4)
            and ($5::bigint is null
                or (r.period, r.account::bytea, r.version) > ($5, $6::bytea, $7::bigint))
        order by r.period, r.account, r.version
        limit $8"
        ))
        .bind(account)
        .bind(period)
        .bind(page.after.map(|after| after.0))
        .bind(page.after.map(|after| after.1))
        .bind(page.after.map(|after| after.2))
        .bind(page.rows())
        .fetch_all(snapshot.connection())
        .await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &EmissionsReport| {
        (item.period, item.account, item.version)
    })))
}

/// One surrender of allowances, for good.
#[derive(Serialize, FromRow, ToSchema)]
pub struct CarbonSurrender {
    /// The period that they count for.
    period: i64,
    /// The batch of allowances, of that period or an earlier one.
    batch: i64,
    /// Whose they were.
    account: Account,
    /// Units.
    amount: Amount,
    /// Time of the block, ms since 1970.
    at_ms: i64,
    /// The event.
    #[sqlx(flatten)]
    provenance: Provenance,
}

parameters! {
    /// What [`list_carbon_surrenders`] takes.
    pub struct ListCarbonSurrenders {
        /// Only surrenders by this account.
        account: Option<Account>,
        /// Only surrenders for this period.
        period: Option<i64>,
        page: PageRequest<(i64, i32)>,
    }
}

/// Surrenders, in the order of the chain.
#[utoipa::path(
    get,
    path = "/carbon/surrenders",
    tag = "carbon",
    params(ListCarbonSurrenders),
    responses(
        (status = 200, description = "A page of surrenders", body = Page<CarbonSurrender>),
        PrivateListProblems
    )
)]
pub async fn list_carbon_surrenders(
    State(state): State<AppState>,
    asker: Asker,
    ListCarbonSurrenders { account, period, page }: ListCarbonSurrenders,
) -> Result<Json<Page<CarbonSurrender>>, ApiError> {
    let after = page.after.unzip();
    let mut snapshot = state.private(Projection::Carbon, &asker).await?;
    let rows = snapshot
        .select(concat!(
            "select s.period, s.batch, s.account, s.amount::text as amount, b.time_ms as at_ms,
            s.block_number, b.hash as block_hash, s.event_index
        from carbon_surrenders s
        join blocks b on b.number = s.block_number
        where ",
            seen!(carbon_surrenders),
            " and ($3::bytea is null or s.account = $3)
            and ($4::bigint is null or s.period = $4)
            and ($5::bigint is null or (s.block_number, s.event_index) > ($5, $6))
        order by s.block_number, s.event_index
        limit $7"
        ))
        .bind(account)
        .bind(period)
        .bind(after.0)
        .bind(after.1)
        .bind(page.rows())
        .fetch_all(snapshot.connection())
        .await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &CarbonSurrender| item.provenance.position())))
}
