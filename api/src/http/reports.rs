//! Series of anchored reports: the digest of each version, linked to the one before.

use axum::{Json, Router, extract::State, routing};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use crate::{
    error::ApiError,
    openapi::ItemProblems,
    page::{Keyed, Number, Page, PageParameters},
    parameters::{Parameters, Segment},
    provenance::Provenance,
    state::AppState,
    types::{Account, Hash, Natural},
};

pub fn router() -> Router<AppState> {
    Router::new().route("/reports/{id}", routing::get(list))
}

/// One version of a report.
#[derive(Serialize, FromRow, ToSchema)]
pub struct ReportVersion {
    /// The series.
    series: Hash,
    /// Number of the version, from 1.
    sequence: i64,
    /// Who anchored it.
    owner: Account,
    /// Digest of the version before; zero for the first.
    previous: Hash,
    /// SHA-256 of the file.
    digest: Hash,
    /// Length of the file in bytes.
    byte_length: Natural,
    /// Time of the block, ms since 1970.
    at_ms: i64,
    /// The event that anchored it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

impl Keyed for ReportVersion {
    type Key = Number;

    fn key(&self) -> Number {
        Number(self.sequence)
    }
}

/// The versions of one series, oldest first.
#[utoipa::path(
    get,
    path = "/v1/reports/{id}",
    tag = "reports",
    params(("id" = Hash, Path, description = "The series"), PageParameters),
    responses(
        (status = 200, description = "A page of versions", body = Page<ReportVersion>),
        ItemProblems
    )
)]
pub async fn list(
    State(state): State<AppState>,
    segment: Segment,
    mut parameters: Parameters,
) -> Result<Json<Page<ReportVersion>>, ApiError> {
    let series = segment.hash("id")?;
    let page = parameters.page::<Number>()?;
    parameters.finish()?;
    let mut snapshot = state.snapshot().await?;
    let rows = sqlx::query_as(
        "select r.series, r.sequence, r.owner, r.previous, r.digest,
            r.byte_length::text as byte_length, r.at_ms,
            r.block_number, b.hash as block_hash, r.event_index
        from reports r
        join blocks b on b.number = r.block_number
        where r.series = $1 and ($2::bigint is null or r.sequence > $2)
        order by r.sequence
        limit $3",
    )
    .bind(series)
    .bind(page.after.map(|sequence| sequence.0))
    .bind(page.rows())
    .fetch_all(snapshot.connection())
    .await?;
    // A page after the last version is empty, which does not mean that there is no such series.
    if rows.is_empty() {
        let known: bool =
            sqlx::query_scalar("select exists (select from reports where series = $1)")
                .bind(series)
                .fetch_one(snapshot.connection())
                .await?;
        if !known {
            return Err(ApiError::NotFound(format!("Nothing was anchored in series {series}.")));
        }
    }
    Ok(Json(page.page(rows, snapshot.as_of())))
}
