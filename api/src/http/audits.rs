//! Audits of reports: whether an encrypted file is still kept, as a third party found.

use assent_mirror::fold::Projection;
use axum::{Json, extract::State};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    error::ApiError,
    openapi::{PrivateItemProblems, PrivateListProblems},
    page::{Page, PageRequest},
    parameters::{Segment, parameters, words::words},
    provenance::{Item, Provenance},
    sight::{Asker, seen},
    state::AppState,
    types::{Account, Hash},
};

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_audits)).routes(routes!(get_audit))
}

words! {
    /// What an audit came to.
    pub enum AuditStatus {
        /// The auditor has put nothing on record yet.
        Open = "open",
        /// Every chunk that the challenge names was there.
        Passed = "passed",
        /// One was not.
        Failed = "failed",
    }
}

/// One audit of one version of a report. The indices of the chunks that are asked for are drawn from
/// `nonce` and `block_hash`: the i-th is, modulo the number of chunks, the first 8 bytes, little-endian, of
/// SHA-256 of the 68 bytes nonce, block hash, i: u32 little-endian, from 0 on.
#[derive(Serialize, FromRow, ToSchema)]
pub struct Audit {
    /// Number of the audit.
    audit: i64,
    /// Whose series.
    owner: Account,
    /// Its series.
    series: Hash,
    /// Its number in the series.
    sequence: i64,
    /// Who audits.
    auditor: Account,
    /// SHA-256 of the nonce, given before the block was known.
    commitment: Hash,
    /// Number of the block whose hash the challenge is drawn from.
    challenge_block: i64,
    /// When it was opened, ms since 1970.
    opened_at_ms: i64,
    /// What it came to.
    status: AuditStatus,
    /// The nonce; this and what follows is null until the auditor puts it on record.
    nonce: Option<Hash>,
    /// Hash of that block, as the auditor says.
    #[sqlx(rename = "challenge_hash")]
    block_hash: Option<Hash>,
    /// Whether it is: what the auditor says of another block's hash proves nothing. Null also when the
    /// block is not in the mirror.
    block_hash_matches: Option<bool>,
    /// Salted commitment to the evidence: the challenge, the chunks' leaves and their proofs.
    evidence: Option<Hash>,
    /// When it was put on record, ms since 1970.
    recorded_at_ms: Option<i64>,
    /// The last event that changed it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

/// Audits.
macro_rules! select_audits {
    ($($rest:tt)*) => {
        concat!(
            "select a.audit, a.owner, a.series, a.sequence, a.auditor, a.commitment,
                a.challenge_block, a.opened_at_ms, s.status, a.nonce,
                a.block_hash as challenge_hash, a.block_hash = c.hash as block_hash_matches,
                a.evidence, a.recorded_at_ms,
                a.block_number, b.hash as block_hash, a.event_index
            from report_audits a
            join blocks b on b.number = a.block_number
            left join blocks c on c.number = a.challenge_block
            cross join lateral (
                select case
                    when a.passed is null then 'open'
                    when a.passed then 'passed'
                    else 'failed'
                end as status
            ) s ",
            $($rest)*
        )
    };
}

parameters! {
    /// What [`list_audits`] takes.
    pub struct ListAudits {
        /// Only audits of this account's reports.
        owner: Option<Account>,
        /// Only audits of series of this name.
        series: Option<Hash>,
        /// Only audits by this account.
        auditor: Option<Account>,
        /// Only audits with this status.
        status: Option<AuditStatus>,
        page: PageRequest<i64>,
    }
}

/// Audits, by number.
#[utoipa::path(
    get,
    path = "/audits",
    tag = "reports",
    params(ListAudits),
    responses(
        (status = 200, description = "A page of audits", body = Page<Audit>),
        PrivateListProblems
    )
)]
pub async fn list_audits(
    State(state): State<AppState>,
    asker: Asker,
    ListAudits { owner, series, auditor, status, page }: ListAudits,
) -> Result<Json<Page<Audit>>, ApiError> {
    let mut snapshot = state.private(Projection::Reports, &asker).await?;
    let rows = snapshot
        .select(select_audits!(
            "where ",
            seen!(report_audits),
            " and ($3::bytea is null or a.owner = $3)
            and ($4::bytea is null or a.series = $4)
            and ($5::bytea is null or a.auditor = $5)
            and ($6::text is null or s.status = $6)
            and ($7::bigint is null or a.audit > $7)
        order by a.audit
        limit $8"
        ))
        .bind(owner)
        .bind(series)
        .bind(auditor)
        .bind(status)
        .bind(page.after)
        .bind(page.rows())
        .fetch_all(snapshot.connection())
        .await?;
    snapshot.shows(page.shown(&rows).iter().map(|item: &Audit| item.owner)).await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &Audit| item.audit)))
}

parameters! {
    /// What [`get_audit`] takes.
    pub struct GetAudit {
        /// Number of the audit.
        id: Segment<i64>,
    }
}

/// One audit.
#[utoipa::path(
    get,
    path = "/audits/{id}",
    tag = "reports",
    params(GetAudit),
    responses((status = 200, description = "The audit", body = Item<Audit>), PrivateItemProblems)
)]
pub async fn get_audit(
    State(state): State<AppState>,
    asker: Asker,
    GetAudit { id: Segment(id) }: GetAudit,
) -> Result<Json<Item<Audit>>, ApiError> {
    let mut snapshot = state.private(Projection::Reports, &asker).await?;
    let audit = snapshot
        .select(select_audits!("where ", seen!(report_audits), " and a.audit = $3"))
        .bind(id)
        .fetch_optional(snapshot.connection())
        .await?;
    snapshot.shows(audit.iter().map(|item: &Audit| item.owner)).await?;
    let absent = || ApiError::unseen(format!("There is no audit {id}"));
    audit.map(|item| snapshot.item(item)).ok_or_else(absent)
}
