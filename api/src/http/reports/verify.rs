//! Whether a file, or the root of one, is anchored: what whoever holds the file may ask.

use std::time::Duration;

use assent_merkle::{CHUNK_LEN, Sha2, Tree};
use assent_mirror::fold::Projection;
use axum::{Json, body::Body, extract::State};
use futures::StreamExt as _;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use tokio::time::timeout;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{ReportVersion, select_versions};
use crate::{
    error::ApiError,
    openapi::PrivateListProblems,
    parameters::{Must, parameters},
    provenance::Item,
    sight::{Asker, Private},
    state::AppState,
    types::{Hash, Natural},
};

/// Versions that an answer shows at most: as many as may anchor the same file before one wonders.
const MAX_VERSIONS: i64 = 200;
/// Bytes of a chunk at least, so that a file does not become many hashes, and at most.
const CHUNK_LENGTHS: std::ops::RangeInclusive<i64> = 1_024..=16 * 1_024 * 1_024;
/// What the hash of a chunk begins with (RFC 9162): the hash is made while the chunk arrives.
const LEAF: u8 = 0x00;
/// How long a client may pause.
const PAUSE: Duration = Duration::from_secs(10);
/// How long it may take in all.
const TIME: Duration = Duration::from_secs(60 * 60);

/// The route that takes a root.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get_report_verification))
}

/// The route that takes a file, however long it takes to send it.
pub fn file_router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(verify_report))
}

/// What is anchored of a file.
#[derive(Serialize, ToSchema)]
pub struct Verification {
    /// Root of the Merkle tree (RFC 9162, SHA-256) over the chunks of the file.
    root: Hash,
    /// How many chunks the file has; null when the root was given.
    chunks: Option<Natural>,
    /// Length of the file in bytes; null when the root was given.
    byte_length: Option<Natural>,
    /// Whether there is a version with this root, also one that was superseded or revoked.
    anchored: bool,
    /// The versions with this root, the one that was anchored first before all others, up to 200: by whom, when, who
    /// signed, and whether it is the latest (`valid`). Anybody may anchor a root that he knows once more.
    versions: Vec<ReportVersion>,
}

parameters! {
    /// What [`get_report_verification`] takes.
    pub struct GetReportVerification {
        /// Root of the Merkle tree (RFC 9162, SHA-256) over the chunks of the file.
        root: Must<Hash>,
    }

    /// What [`verify_report`] takes.
    pub struct VerifyReport {
        /// Length of all chunks but the last in bytes, 1,024 to 16,777,216; without it 65,536, which is what the owner
        /// has taken unless he says otherwise.
        chunk_length: Option<i64>,
    }
}

/// Whether this root is anchored, and as what. Whoever knows the root may ask, also if he is no party to the report.
#[utoipa::path(
    get,
    path = "/reports/verify",
    tag = "reports",
    params(GetReportVerification),
    responses(
        (status = 200, description = "What is anchored", body = Item<Verification>),
        PrivateListProblems
    )
)]
pub async fn get_report_verification(
    State(state): State<AppState>,
    asker: Asker,
    GetReportVerification { root: Must(root) }: GetReportVerification,
) -> Result<Json<Item<Verification>>, ApiError> {
    let mut snapshot = state.private(Projection::Reports, &asker).await?;
    let versions = anchored(&mut snapshot, &state, root).await?;
    let anchored = !versions.is_empty();
    let nothing = Verification { root, chunks: None, byte_length: None, anchored, versions };
    Ok(snapshot.item(nothing))
}

/// Whether this file is anchored, and as what. The body is the encrypted file as it is kept, of any length; nothing of it
/// is kept here. Whoever has the file may ask, also if he is no party to the report.
#[utoipa::path(
    post,
    path = "/reports/verify",
    tag = "reports",
    params(VerifyReport),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = 200, description = "What is anchored", body = Item<Verification>),
        (status = 408, description = "The file did not arrive in time", body = crate::error::Problem,
            content_type = "application/problem+json"),
        PrivateListProblems
    )
)]
pub async fn verify_report(
    State(state): State<AppState>,
    asker: Asker,
    VerifyReport { chunk_length }: VerifyReport,
    body: Body,
) -> Result<Json<Item<Verification>>, ApiError> {
    let chunk_length = match chunk_length {
        None => CHUNK_LEN as u64,
        Some(length) if CHUNK_LENGTHS.contains(&length) => length.unsigned_abs(),
        Some(_) => {
            let (least, most) = (CHUNK_LENGTHS.start(), CHUNK_LENGTHS.end());
            let detail = format!("must be a whole number from {least} to {most}");
            return Err(ApiError::invalid("chunk_length", detail));
        }
    };
    // Before the file is read, so that nobody has one hashed who may not ask.
    state.may_ask(Projection::Reports, &asker).await?;
    let (root, chunks, byte_length) =
        timeout(TIME, summary(body, chunk_length)).await.map_err(|_| ApiError::TooSlow)??;
    let mut snapshot = state.private(Projection::Reports, &asker).await?;
    let versions = anchored(&mut snapshot, &state, root).await?;
    let anchored = !versions.is_empty();
    let (chunks, byte_length) = (Some(Natural(chunks)), Some(Natural(byte_length)));
    Ok(snapshot.item(Verification { root, chunks, byte_length, anchored, versions }))
}

/// Root, chunks and length of a body, of which nothing is held but what arrived last: many may be sent at the same time,
/// each as slowly as its client likes.
async fn summary(body: Body, chunk_length: u64) -> Result<(Hash, u64, u64), ApiError> {
    let mut tree = Tree::<Sha2>::new();
    let (mut chunks, mut byte_length) = (0_u64, 0_u64);
    // The chunk that has begun, and how much of it is still to come.
    let (mut leaf, mut missing) = (None, 0);
    let mut body = body.into_data_stream();
    while let Some(part) = timeout(PAUSE, body.next()).await.map_err(|_| ApiError::TooSlow)? {
        let part = part.map_err(|_| ApiError::invalid("body", "ended before the file did"))?;
        let mut rest = &part[..];
        while !rest.is_empty() {
            if leaf.is_none() {
                (leaf, missing) = (Some(Sha256::new_with_prefix([LEAF])), chunk_length);
                chunks += 1;
            }
            let length = usize::try_from(missing).unwrap_or(usize::MAX).min(rest.len());
            let (now, later) = rest.split_at(length);
            if let Some(leaf) = &mut leaf {
                leaf.update(now);
            }
            (rest, missing) = (later, missing - now.len() as u64);
            byte_length += now.len() as u64;
            if missing == 0
                && let Some(leaf) = leaf.take()
            {
                tree.push(leaf.finalize().into());
            }
        }
    }
    if let Some(leaf) = leaf {
        tree.push(leaf.finalize().into());
    }
    if chunks == 0 {
        return Err(ApiError::invalid("body", "is empty: send the encrypted file as it is kept"));
    }
    Ok((Hash(tree.root()), chunks, byte_length))
}

/// The versions with this root, on record as read.
async fn anchored(
    snapshot: &mut Private,
    state: &AppState,
    root: Hash,
) -> Result<Vec<ReportVersion>, ApiError> {
    let versions = sqlx::query_as(select_versions!(
        "where r.root = $1 order by r.at_ms, r.owner, r.series, r.sequence limit $2"
    ))
    .bind(root)
    .bind(MAX_VERSIONS)
    .fetch_all(snapshot.connection())
    .await?;
    let versions = ReportVersion::with_preimages(versions, state);
    snapshot.shows(versions.iter().flat_map(ReportVersion::subjects)).await?;
    Ok(versions)
}

#[cfg(test)]
mod tests {
    use assent_merkle::chunked;

    use super::*;

    #[tokio::test]
    async fn a_body_in_parts_of_any_size_has_the_root_of_the_file() {
        let file: Vec<u8> = (0..5_000_u32).flat_map(u32::to_le_bytes).collect();
        for length in [1, 1_023, 1_024, 1_025, 4_096, file.len()] {
            for part in [1, 7, 1_024, 3_000, file.len()] {
                let file = &file[..length];
                let parts = file.chunks(part).map(|part| Ok::<_, std::io::Error>(part.to_vec()));
                let body = Body::from_stream(futures::stream::iter(parts.collect::<Vec<_>>()));
                let expected = chunked(file, 1_024).unwrap();
                let found = summary(body, 1_024).await.unwrap();
                assert_eq!(found, (Hash(expected.root), expected.chunks, length as u64));
            }
        }
    }

    #[tokio::test]
    async fn an_empty_body_and_one_that_breaks_off_have_none() {
        let field = |result: Result<_, ApiError>| result.unwrap_err().to_string();
        assert!(field(summary(Body::empty(), 1_024).await).starts_with("body is empty"));
        let parts = [Ok(vec![1; 2_000]), Err(std::io::Error::other("gone"))];
        let broken = Body::from_stream(futures::stream::iter(parts));
        assert!(field(summary(broken, 1_024).await).starts_with("body ended"));
    }
}
