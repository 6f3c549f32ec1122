//! Emergencies: windows in which a provider had access to a patient's data without a grant.

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
    types::{Account, Hash},
};

pub fn router() -> Router<AppState> {
    Router::new()
        .route("/emergencies", routing::get(list))
        .route("/emergencies/{id}", routing::get(get))
}

/// What `status` may be.
const STATUSES: [&str; 4] = ["open", "closed", "overdue", "reviewed"];

/// One window, and what has become of it.
#[derive(Serialize, FromRow, ToSchema)]
pub struct Emergency {
    /// Number of the window.
    id: i64,
    /// Whose data.
    patient: Account,
    /// Who opened it.
    provider: Account,
    /// Salted commitment to the justification.
    justification: Hash,
    /// When it was opened, ms since 1970.
    opened_at_ms: i64,
    /// First moment at which it is over by itself, ms since 1970.
    until_ms: i64,
    /// First moment at which a missing review is overdue, ms since 1970.
    review_by_ms: i64,
    /// When it was closed before its time, ms since 1970; null: it was not.
    closed_at_ms: Option<i64>,
    /// Who closed it: the provider or the patient.
    closed_by: Option<Account>,
    /// `justified` or `unjustified`; null: not reviewed yet.
    outcome: Option<String>,
    /// When it was reviewed, ms since 1970.
    reviewed_at_ms: Option<i64>,
    /// The reviewer.
    reviewed_by: Option<Account>,
    /// Permits given in it so far.
    uses: i64,
    /// Whether it gives access at the time of the last indexed block.
    open: bool,
    /// At the time of the last indexed block: `reviewed`, else `overdue` (nobody reviewed it in
    /// time), else `open`, else `closed` (over, and waiting for its review).
    #[schema(example = "closed")]
    status: String,
    /// Why the provider's suspension was proposed for it: `unjustified` or `unreviewed`; null: it
    /// was not. See /v1/sanctions.
    sanction: Option<String>,
    /// The last event that changed it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

impl Keyed for Emergency {
    type Key = Number;

    fn key(&self) -> Number {
        Number(self.id)
    }
}

/// Windows with their status at `$1`, ms since 1970.
macro_rules! select_windows {
    ($rest:literal) => {
        concat!(
            "select w.id, w.patient, w.provider, w.justification, w.opened_at_ms, w.until_ms,
                w.review_by_ms, w.closed_at_ms, w.closed_by, w.outcome, w.reviewed_at_ms,
                w.reviewed_by, w.uses, o.open, s.status, p.reason as sanction,
                w.block_number, b.hash as block_hash, w.event_index
            from emergency_windows w
            join blocks b on b.number = w.block_number
            left join sanctions p on p.window_id = w.id
            cross join lateral (
                select w.closed_at_ms is null and $1::bigint < w.until_ms as open
            ) o
            cross join lateral (
                select case
                    when w.outcome is not null then 'reviewed'
                    when $1::bigint >= w.review_by_ms then 'overdue'
                    when o.open then 'open'
                    else 'closed'
                end as status
            ) s ",
            $rest
        )
    };
}

/// Emergencies, by number.
#[utoipa::path(
    get,
    path = "/v1/emergencies",
    tag = "consent",
    params(
        ("provider" = Option<Account>, Query, description = "Only windows that this account opened"),
        ("patient" = Option<Account>, Query, description = "Only windows on this account's data"),
        ("status" = Option<String>, Query,
            description = "Only open, closed, overdue or reviewed windows"),
        ("unreviewed" = Option<bool>, Query,
            description = "true: only windows without a review; false: only those with one"),
        PageParameters,
    ),
    responses(
        (status = 200, description = "A page of windows", body = Page<Emergency>),
        ListProblems
    )
)]
pub async fn list(
    State(state): State<AppState>,
    mut parameters: Parameters,
) -> Result<Json<Page<Emergency>>, ApiError> {
    let provider = parameters.account("provider")?;
    let patient = parameters.account("patient")?;
    let status = parameters.one_of("status", &STATUSES)?;
    let unreviewed = parameters.flag("unreviewed")?;
    let page = parameters.page::<Number>()?;
    parameters.finish()?;
    let mut snapshot = state.snapshot().await?;
    let rows = sqlx::query_as(select_windows!(
        "where ($2::bytea is null or w.provider = $2)
            and ($3::bytea is null or w.patient = $3)
            and ($4::text is null or s.status = $4)
            and ($5::boolean is null or (w.outcome is null) = $5)
            and ($6::bigint is null or w.id > $6)
        order by w.id
        limit $7"
    ))
    .bind(snapshot.watermark.block_time_ms)
    .bind(provider)
    .bind(patient)
    .bind(status)
    .bind(unreviewed)
    .bind(page.after.map(|id| id.0))
    .bind(page.rows())
    .fetch_all(snapshot.connection())
    .await?;
    Ok(Json(page.page(rows, snapshot.as_of())))
}

/// One emergency.
#[utoipa::path(
    get,
    path = "/v1/emergencies/{id}",
    tag = "consent",
    params(("id" = i64, Path, description = "Number of the window")),
    responses((status = 200, description = "The window", body = Emergency), ItemProblems)
)]
pub async fn get(
    State(state): State<AppState>,
    segment: Segment,
    parameters: Parameters,
) -> Result<Json<Emergency>, ApiError> {
    let id = segment.number("id")?;
    parameters.finish()?;
    let mut snapshot = state.snapshot().await?;
    let window = sqlx::query_as(select_windows!("where w.id = $2"))
        .bind(snapshot.watermark.block_time_ms)
        .bind(id)
        .fetch_optional(snapshot.connection())
        .await?;
    let absent = || ApiError::NotFound(format!("There is no emergency {id}."));
    window.map(Json).ok_or_else(absent)
}
