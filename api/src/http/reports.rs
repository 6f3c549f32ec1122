//! Series of anchored reports: what each version commits to, who signed for it, whether it holds.

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
    parameters::{Segment, parameters, words::words},
    provenance::Provenance,
    state::AppState,
    types::{Account, Hash, Natural},
};

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_reports)).routes(routes!(list_report_versions))
}

words! {
    /// Whether a version of a report holds: the first that is so.
    pub enum ReportStatus {
        /// The owner revoked it.
        Revoked = "revoked",
        /// A later version corrects it.
        Superseded = "superseded",
        /// It holds.
        Valid = "valid",
    }
}

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
    /// Whether it holds.
    status: ReportStatus,
    /// Time of the block that anchored it, ms since 1970.
    at_ms: i64,
    /// The last event that changed it.
    #[sqlx(flatten)]
    provenance: Provenance,
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

parameters! {
    /// What [`list_reports`] takes.
    pub struct ListReports {
        /// Only versions that this account anchored.
        owner: Option<Account>,
        /// Only reports about this account.
        patient: Option<Account>,
        /// Only reports that this account answers for.
        doctor: Option<Account>,
        /// Only versions with this status.
        status: Option<ReportStatus>,
        page: PageRequest<(Hash, i64)>,
    }
}

/// Versions of reports, by series and number.
#[utoipa::path(
    get,
    path = "/reports",
    tag = "reports",
    params(ListReports),
    responses(
        (status = 200, description = "A page of versions", body = Page<ReportVersion>),
        ListProblems
    )
)]
pub async fn list_reports(
    State(state): State<AppState>,
    ListReports { owner, patient, doctor, status, page }: ListReports,
) -> Result<Json<Page<ReportVersion>>, ApiError> {
    let after = page.after.unzip();
    let mut snapshot = state.snapshot_of(Projection::Reports).await?;
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
    .bind(after.0)
    .bind(after.1)
    .bind(page.rows())
    .fetch_all(snapshot.connection())
    .await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &ReportVersion| (item.series, item.sequence))))
}

parameters! {
    /// What [`list_report_versions`] takes.
    pub struct ListReportVersions {
        /// The series.
        id: Segment<Hash>,
        page: PageRequest<i64>,
    }
}

/// The history of one series, oldest version first.
#[utoipa::path(
    get,
    path = "/reports/{id}",
    tag = "reports",
    params(ListReportVersions),
    responses(
        (status = 200, description = "A page of versions", body = Page<ReportVersion>),
        ItemProblems
    )
)]
pub async fn list_report_versions(
    State(state): State<AppState>,
    ListReportVersions { id: Segment(series), page }: ListReportVersions,
) -> Result<Json<Page<ReportVersion>>, ApiError> {
    let mut snapshot = state.snapshot_of(Projection::Reports).await?;
    let rows: Vec<ReportVersion> = sqlx::query_as(select_versions!(
        "where r.series = $1 and ($2::bigint is null or r.sequence > $2)
        order by r.sequence
        limit $3"
    ))
    .bind(series)
    .bind(page.after)
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
    Ok(Json(page.page(rows, snapshot.as_of(), |item| item.sequence)))
}
