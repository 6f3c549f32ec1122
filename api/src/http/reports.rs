//! Series of anchored reports: what each version commits to, who signed for it, whether it holds.

use axum::{Json, Router, extract::State, routing};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use crate::{
    error::ApiError,
    openapi::{ItemProblems, ListProblems},
    page::{Keyed, Number, Page, PageParameters, Version},
    parameters::{Parameters, Segment},
    provenance::Provenance,
    state::AppState,
    types::{Account, Hash, Natural},
};

pub fn router() -> Router<AppState> {
    Router::new()
        .route("/reports", routing::get(list))
        .route("/reports/{id}", routing::get(history))
}

/// What `status` may be.
const STATUSES: [&str; 3] = ["valid", "superseded", "revoked"];

/// One version of a report. `head` is SHA-256 of the SCALE tuple (series, sequence: u32, previous,
/// root, chunks: u64, byte_length: u64, metadata, patient, doctor), so it covers all the others.
#[derive(Serialize, FromRow, ToSchema)]
pub struct ReportVersion {
    /// The series.
    series: Hash,
    /// Number of the version, from 1.
    sequence: i64,
    /// Who anchored it.
    owner: Account,
    /// Head of the version before; zero for the first.
    previous: Hash,
    /// Head of this version: what its parties sign for.
    head: Hash,
    /// Root of the Merkle tree (RFC 9162, SHA-256) over the chunks of the encrypted file.
    root: Hash,
    /// How many chunks the file has.
    chunks: Natural,
    /// Length of the encrypted file in bytes.
    byte_length: Natural,
    /// Salted commitment to the metadata.
    metadata: Hash,
    /// Whom the report is about.
    patient: Account,
    /// Who answers for it.
    doctor: Account,
    /// When the patient signed for it, ms since 1970; null: not yet.
    patient_signed_at_ms: Option<i64>,
    /// When the doctor signed for it, ms since 1970; null: not yet.
    doctor_signed_at_ms: Option<i64>,
    /// Number of the later version that corrects it; null: none does.
    superseded_by: Option<i64>,
    /// When the owner revoked it, ms since 1970; null: it was not revoked.
    revoked_at_ms: Option<i64>,
    /// Salted commitment to the reason; null unless revoked.
    revocation_reason: Option<Hash>,
    /// `revoked`, else `superseded`, else `valid`.
    #[schema(example = "valid")]
    status: String,
    /// Time of the block that anchored it, ms since 1970.
    at_ms: i64,
    /// The last event that changed it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

impl Keyed for ReportVersion {
    type Key = Version;

    fn key(&self) -> Version {
        Version { series: self.series, sequence: self.sequence }
    }
}

macro_rules! select_versions {
    ($rest:literal) => {
        concat!(
            "select r.series, r.sequence, r.owner, r.previous, r.head, r.root,
                r.chunks::text as chunks, r.byte_length::text as byte_length, r.metadata,
                r.patient, r.doctor, r.patient_signed_at_ms, r.doctor_signed_at_ms,
                r.superseded_by, r.revoked_at_ms, r.revocation_reason, s.status, r.at_ms,
                r.block_number, b.hash as block_hash, r.event_index
            from reports r
            join blocks b on b.number = r.block_number
            cross join lateral (
                select case
                    when r.revoked_at_ms is not null then 'revoked'
                    when r.superseded_by is not null then 'superseded'
                    else 'valid'
                end as status
            ) s ",
            $rest
        )
    };
}

/// Versions of reports, by series and number.
#[utoipa::path(
    get,
    path = "/v1/reports",
    tag = "reports",
    params(
        ("owner" = Option<Account>, Query, description = "Only versions that this account anchored"),
        ("patient" = Option<Account>, Query, description = "Only reports about this account"),
        ("doctor" = Option<Account>, Query, description = "Only reports that this account answers for"),
        ("status" = Option<String>, Query,
            description = "Only valid, superseded or revoked versions"),
        PageParameters,
    ),
    responses(
        (status = 200, description = "A page of versions", body = Page<ReportVersion>),
        ListProblems
    )
)]
pub async fn list(
    State(state): State<AppState>,
    mut parameters: Parameters,
) -> Result<Json<Page<ReportVersion>>, ApiError> {
    let owner = parameters.account("owner")?;
    let patient = parameters.account("patient")?;
    let doctor = parameters.account("doctor")?;
    let status = parameters.one_of("status", &STATUSES)?;
    let page = parameters.page::<Version>()?;
    parameters.finish()?;
    let mut snapshot = state.snapshot().await?;
    let rows = sqlx::query_as(select_versions!(
        "where ($1::bytea is null or r.owner = $1)
            and ($2::bytea is null or r.patient = $2)
            and ($3::bytea is null or r.doctor = $3)
            and ($4::text is null or s.status = $4)
            and ($5::bytea is null or (r.series::bytea, r.sequence) > ($5, $6::bigint))
        order by r.series, r.sequence
        limit $7"
    ))
    .bind(owner)
    .bind(patient)
    .bind(doctor)
    .bind(status)
    .bind(page.after.map(|version| version.series))
    .bind(page.after.map(|version| version.sequence))
    .bind(page.rows())
    .fetch_all(snapshot.connection())
    .await?;
    Ok(Json(page.page(rows, snapshot.as_of())))
}

/// The history of one series, oldest version first.
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
pub async fn history(
    State(state): State<AppState>,
    segment: Segment,
    mut parameters: Parameters,
) -> Result<Json<Page<ReportVersion>>, ApiError> {
    let series = segment.hash("id")?;
    let page = parameters.page::<Number>()?;
    parameters.finish()?;
    let mut snapshot = state.snapshot().await?;
    let rows: Vec<ReportVersion> = sqlx::query_as(select_versions!(
        "where r.series = $1 and ($2::bigint is null or r.sequence > $2)
        order by r.sequence
        limit $3"
    ))
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
    let number = |version: &ReportVersion| Number(version.sequence);
    Ok(Json(page.page_by(rows, snapshot.as_of(), number)))
}
