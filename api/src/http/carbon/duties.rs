//! What emitters owe for each compliance period: allocations, reports, surrenders, settlements.

use axum::{Json, Router, extract::State, routing};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use crate::{
    error::ApiError,
    openapi::ListProblems,
    page::{Keyed, Page, PageParameters, Position, Reported, Share},
    parameters::Parameters,
    provenance::Provenance,
    state::AppState,
    types::{Account, Amount, Hash},
};

pub fn router() -> Router<AppState> {
    Router::new()
        .route("/carbon/duties", routing::get(list_duties))
        .route("/carbon/reports", routing::get(list_reports))
        .route("/carbon/surrenders", routing::get(list_surrenders))
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

impl Keyed for CarbonDuty {
    type Key = Share;

    fn key(&self) -> Share {
        Share { number: self.period, account: self.account }
    }
}

/// Duties, by period and account.
#[utoipa::path(
    get,
    path = "/v1/carbon/duties",
    tag = "carbon",
    params(
        ("account" = Option<Account>, Query, description = "Only duties of this account"),
        ("period" = Option<i64>, Query, description = "Only duties for this period"),
        PageParameters,
    ),
    responses((status = 200, description = "A page of duties", body = Page<CarbonDuty>), ListProblems)
)]
pub async fn list_duties(
    State(state): State<AppState>,
    mut parameters: Parameters,
) -> Result<Json<Page<CarbonDuty>>, ApiError> {
    let account = parameters.account("account")?;
    let period = parameters.number("period")?;
    let page = parameters.page::<Share>()?;
    parameters.finish()?;
    let mut snapshot = state.snapshot().await?;
    let rows = sqlx::query_as(
        "select d.period, d.account, d.allocated::text as allocated, d.reports, d.reported_at_ms,
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
        where ($1::bytea is null or d.account = $1)
            and ($2::bigint is null or d.period = $2)
            and ($3::bigint is null or (d.period, d.account::bytea) > ($3, $4::bytea))
        order by d.period, d.account
        limit $5",
    )
    .bind(account)
    .bind(period)
    .bind(page.after.map(|share| share.number))
    .bind(page.after.map(|share| share.account))
    .bind(page.rows())
    .fetch_all(snapshot.connection())
    .await?;
    Ok(Json(page.page(rows, snapshot.as_of())))
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

impl Keyed for EmissionsReport {
    type Key = Reported;

    fn key(&self) -> Reported {
        let on = Share { number: self.period, account: self.account };
        Reported { on, version: self.version }
    }
}

/// Reports on emissions, each version, by period, account and version.
#[utoipa::path(
    get,
    path = "/v1/carbon/reports",
    tag = "carbon",
    params(
        ("account" = Option<Account>, Query, description = "Only reports on this account"),
        ("period" = Option<i64>, Query, description = "Only reports on this period"),
        PageParameters,
    ),
    responses(
        (status = 200, description = "A page of reports", body = Page<EmissionsReport>),
        ListProblems
    )
)]
pub async fn list_reports(
    State(state): State<AppState>,
    mut parameters: Parameters,
) -> Result<Json<Page<EmissionsReport>>, ApiError> {
    let account = parameters.account("account")?;
    let period = parameters.number("period")?;
    let page = parameters.page::<Reported>()?;
    parameters.finish()?;
    let mut snapshot = state.snapshot().await?;
    let rows = sqlx::query_as(
        "select r.period, r.account, r.version, r.verifier, r.emissions::text as emissions,
            r.report, b.time_ms as at_ms,
            r.block_number, b.hash as block_hash, r.event_index
        from carbon_emission_reports r
        join blocks b on b.number = r.block_number
        where ($1::bytea is null or r.account = $1)
            and ($2::bigint is null or r.period = $2)
            and ($3::bigint is null
                or (r.period, r.account::bytea, r.version) > ($3, $4::bytea, $5::bigint))
        order by r.period, r.account, r.version
        limit $6",
    )
    .bind(account)
    .bind(period)
    .bind(page.after.map(|reported| reported.on.number))
    .bind(page.after.map(|reported| reported.on.account))
    .bind(page.after.map(|reported| reported.version))
    .bind(page.rows())
    .fetch_all(snapshot.connection())
    .await?;
    Ok(Json(page.page(rows, snapshot.as_of())))
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

impl Keyed for CarbonSurrender {
    type Key = Position;

    fn key(&self) -> Position {
        self.provenance.position()
    }
}

/// Surrenders, in the order of the chain.
#[utoipa::path(
    get,
    path = "/v1/carbon/surrenders",
    tag = "carbon",
    params(
        ("account" = Option<Account>, Query, description = "Only surrenders by this account"),
        ("period" = Option<i64>, Query, description = "Only surrenders for this period"),
        PageParameters,
    ),
    responses(
        (status = 200, description = "A page of surrenders", body = Page<CarbonSurrender>),
        ListProblems
    )
)]
pub async fn list_surrenders(
    State(state): State<AppState>,
    mut parameters: Parameters,
) -> Result<Json<Page<CarbonSurrender>>, ApiError> {
    let account = parameters.account("account")?;
    let period = parameters.number("period")?;
    let page = parameters.page::<Position>()?;
    parameters.finish()?;
    let mut snapshot = state.snapshot().await?;
    let rows = sqlx::query_as(
        "select s.period, s.batch, s.account, s.amount::text as amount, b.time_ms as at_ms,
            s.block_number, b.hash as block_hash, s.event_index
        from carbon_surrenders s
        join blocks b on b.number = s.block_number
        where ($1::bytea is null or s.account = $1)
            and ($2::bigint is null or s.period = $2)
            and ($3::bigint is null or (s.block_number, s.event_index) > ($3, $4))
        order by s.block_number, s.event_index
        limit $5",
    )
    .bind(account)
    .bind(period)
    .bind(page.after.map(|position| position.block_number))
    .bind(page.after.map(|position| position.event_index))
    .bind(page.rows())
    .fetch_all(snapshot.connection())
    .await?;
    Ok(Json(page.page(rows, snapshot.as_of())))
}
