//! Series of anchored reports: what each version commits to, who signed for it, whether it holds.

use assent_interface::Contract;
use assent_mirror::fold::Projection;
use axum::{Json, extract::State};
use parity_scale_codec::Encode;
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    error::ApiError,
    openapi::{PrivateItemProblems, PrivateListProblems},
    page::{Page, PageRequest},
    parameters::{Segment, parameters, words::words},
    provenance::Provenance,
    sight::{Asker, seen},
    state::AppState,
    types::{Account, Bytes, Hash, Natural},
};

pub mod verify;

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_reports))
        .routes(routes!(list_report_versions))
        .merge(verify::router())
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

/// One version of a report. `head` is SHA-256 of `preimage`, so it covers all that was anchored, and
/// `previous` is the `head` of the version before: whoever folds a series arrives at the head that the
/// reports contract's `head` gives.
#[derive(Serialize, FromRow, ToSchema)]
pub struct ReportVersion {
    /// Whose series.
    owner: Account,
    /// The series, among those of its owner.
    series: Hash,
    /// Number of the version, from 1.
    sequence: i64,
    /// What `head` is the hash of: the SCALE tuple (domain, owner, series: 32 bytes each; sequence: u32;
    /// previous, root: 32 bytes each; chunks, byte_length: u64; metadata: 32 bytes; patient: Option of 32
    /// bytes; doctor: 32 bytes). Integers are little-endian; an option is 0, or 1 and the value. The domain
    /// is BLAKE2b-256 of the 64 bytes genesis hash, address of the reports contract. Null when the manifest
    /// has no reports contract.
    #[sqlx(skip)]
    preimage: Option<Bytes>,
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
    /// Whom the report is about, which is the owner's word until that account signs; null: nobody.
    patient: Option<Account>,
    /// Who answers for it.
    doctor: Account,
    /// The key that anchored it: the owner's own, or that of one of its staff or of a guardian of his (/v1/mandates).
    anchored_by: Account,
    /// When the patient signed for it, ms since 1970; null: not yet.
    patient_signed_at_ms: Option<i64>,
    /// The key that signed for the patient: his own, or that of one of his staff or of a guardian of his.
    patient_signed_by: Option<Account>,
    /// When the doctor signed for it, ms since 1970; null: not yet.
    doctor_signed_at_ms: Option<i64>,
    /// The key that signed for the doctor: his own, or that of one of his staff.
    doctor_signed_by: Option<Account>,
    /// Number of the later version that corrects it; null: none does.
    superseded_by: Option<i64>,
    /// When it was revoked, ms since 1970; null: it was not.
    revoked_at_ms: Option<i64>,
    /// The key that revoked it: the owner's own, or that of one of its staff or of a guardian of his.
    revoked_by: Option<Account>,
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

impl ReportVersion {
    /// Whose data it holds: whose series it is in, and whom it is about.
    fn subjects(&self) -> impl Iterator<Item = Account> {
        std::iter::once(self.owner).chain(self.patient)
    }

    /// With the preimages of their heads, made from the fields that the answer shows.
    fn with_preimages(versions: Vec<Self>, state: &AppState) -> Vec<Self> {
        let domain = state.domain(Contract::Reports);
        let with = |version: Self| {
            let preimage = domain.and_then(|domain| version.encoded(domain)).map(Bytes);
            Self { preimage, ..version }
        };
        versions.into_iter().map(with).collect()
    }

    fn encoded(&self, domain: [u8; 32]) -> Option<Vec<u8>> {
        let sequence = u32::try_from(self.sequence).ok()?;
        let link = (domain, self.owner, self.series.0, sequence, self.previous.0);
        let file = (self.root.0, self.chunks.0, self.byte_length.0, self.metadata.0);
        Some((link, file, self.patient, self.doctor).encode())
    }
}

macro_rules! select_versions {
    ($($rest:tt)*) => {
        concat!(
            "select r.owner, r.series, r.sequence, r.previous, r.head, r.root,
                r.chunks::text as chunks, r.byte_length::text as byte_length, r.metadata,
                r.patient, r.doctor, r.anchored_by, r.patient_signed_at_ms, r.patient_signed_by,
                r.doctor_signed_at_ms, r.doctor_signed_by, r.superseded_by, r.revoked_at_ms,
                r.revoked_by, r.revocation_reason, s.status, r.at_ms,
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
            $($rest)*
        )
    };
}
use select_versions;

parameters! {
    /// What [`list_reports`] takes.
    pub struct ListReports {
        /// Only versions of this account's series.
        owner: Option<Account>,
        /// Only versions about this account that it signed for.
        patient: Option<Account>,
        /// Only versions that name this account as the patient and that it has not signed for.
        claimed_patient: Option<Account>,
        /// Only reports that this account answers for.
        doctor: Option<Account>,
        /// Only versions with this status.
        status: Option<ReportStatus>,
        page: PageRequest<(Account, Hash, i64)>,
    }
}

/// Versions of reports, by owner, series and number.
#[utoipa::path(
    get,
    path = "/reports",
    tag = "reports",
    params(ListReports),
    responses(
        (status = 200, description = "A page of versions", body = Page<ReportVersion>),
        PrivateListProblems
    )
)]
pub async fn list_reports(
    State(state): State<AppState>,
    asker: Asker,
    ListReports { owner, patient, claimed_patient, doctor, status, page }: ListReports,
) -> Result<Json<Page<ReportVersion>>, ApiError> {
    let (after_owner, after_series, after_sequence) = match page.after {
        Some((owner, series, sequence)) => (Some(owner), Some(series), Some(sequence)),
        None => (None, None, None),
    };
    let mut snapshot = state.private(Projection::Reports, &asker).await?;
    let rows = snapshot
        .select(select_versions!(
            "where ",
            seen!(reports),
            " and ($3::bytea is null or r.owner = $3)
            and ($4::bytea is null or (r.patient = $4 and r.patient_signed_at_ms is not null))
            and ($5::bytea is null or (r.patient = $5 and r.patient_signed_at_ms is null))
            and ($6::bytea is null or r.doctor = $6)
            and ($7::text is null or s.status = $7)
            and ($8::bytea is null
                or (r.owner::bytea, r.series::bytea, r.sequence) > ($8, $9::bytea, $10::bigint))
        order by r.owner, r.series, r.sequence
        limit $11"
        ))
        .bind(owner)
        .bind(patient)
        .bind(claimed_patient)
        .bind(doctor)
        .bind(status)
        .bind(after_owner)
        .bind(after_series)
        .bind(after_sequence)
        .bind(page.rows())
        .fetch_all(snapshot.connection())
        .await?;
    let rows = ReportVersion::with_preimages(rows, &state);
    snapshot.shows(page.shown(&rows).iter().flat_map(ReportVersion::subjects)).await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &ReportVersion| {
        (item.owner, item.series, item.sequence)
    })))
}

parameters! {
    /// What [`list_report_versions`] takes.
    pub struct ListReportVersions {
        /// Whose series.
        owner: Segment<Account>,
        /// The series.
        series: Segment<Hash>,
        page: PageRequest<i64>,
    }
}

/// The history of one series of an owner, oldest version first.
#[utoipa::path(
    get,
    path = "/reports/{owner}/{series}",
    tag = "reports",
    params(ListReportVersions),
    responses(
        (status = 200, description = "A page of versions", body = Page<ReportVersion>),
        PrivateItemProblems
    )
)]
pub async fn list_report_versions(
    State(state): State<AppState>,
    asker: Asker,
    ListReportVersions { owner: Segment(owner), series: Segment(series), page }: ListReportVersions,
) -> Result<Json<Page<ReportVersion>>, ApiError> {
    let mut snapshot = state.private(Projection::Reports, &asker).await?;
    let rows: Vec<ReportVersion> = snapshot
        .select(select_versions!(
            "where ",
            seen!(reports),
            " and r.owner = $3 and r.series = $4 and ($5::bigint is null or r.sequence > $5)
        order by r.sequence
        limit $6"
        ))
        .bind(owner)
        .bind(series)
        .bind(page.after)
        .bind(page.rows())
        .fetch_all(snapshot.connection())
        .await?;
    // A page after the last version is empty, which does not mean that there is no such series.
    if rows.is_empty() {
        let (known,): (bool,) = snapshot
            .select(concat!(
                "select exists (select from reports r where ",
                seen!(reports),
                " and r.owner = $3 and r.series = $4)"
            ))
            .bind(owner)
            .bind(series)
            .fetch_one(snapshot.connection())
            .await?;
        if !known {
            return Err(ApiError::unseen(format!("{owner} anchored nothing in series {series}")));
        }
    }
    let rows = ReportVersion::with_preimages(rows, &state);
    snapshot.shows(page.shown(&rows).iter().flat_map(ReportVersion::subjects)).await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item| item.sequence)))
}
