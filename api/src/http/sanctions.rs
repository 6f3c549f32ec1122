//! Suspensions of providers that the consent contract proposed to the regulator.

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
    parameters::{parameters, words::words},
    provenance::Provenance,
    sight::{Asker, seen},
    state::AppState,
    types::Account,
};

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_sanctions))
}

words! {
    /// Why a provider's suspension is proposed.
    pub enum SanctionReason {
        /// A reviewer found no emergency.
        Unjustified = "unjustified",
        /// Nobody reviewed the window in time.
        Unreviewed = "unreviewed",
    }
}

/// A proposed suspension: at most one for each emergency window. Whether the regulator followed it, the
/// provider's suspended roles in /v1/participants say.
#[derive(Serialize, FromRow, ToSchema)]
pub struct Sanction {
    /// The emergency window that it is about.
    window_id: i64,
    /// The provider.
    provider: Account,
    /// Why.
    reason: SanctionReason,
    /// Time of the block, ms since 1970.
    proposed_at_ms: i64,
    /// The event that proposed it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

parameters! {
    /// What [`list_sanctions`] takes.
    pub struct ListSanctions {
        /// Only those of this provider.
        provider: Option<Account>,
        /// Only those for this reason.
        reason: Option<SanctionReason>,
        page: PageRequest<i64>,
    }
}

/// Proposed suspensions, by emergency window.
#[utoipa::path(
    get,
    path = "/sanctions",
    tag = "consent",
    params(ListSanctions),
    responses(
        (status = 200, description = "A page of proposals", body = Page<Sanction>),
        PrivateListProblems
    )
)]
pub async fn list_sanctions(
    State(state): State<AppState>,
    asker: Asker,
    ListSanctions { provider, reason, page }: ListSanctions,
) -> Result<Json<Page<Sanction>>, ApiError> {
    let mut snapshot = state.private(Projection::Consent, &asker).await?;
    let rows = snapshot
        .select(concat!(
            "select s.window_id, s.provider, s.reason, s.proposed_at_ms,
            s.block_number, b.hash as block_hash, s.event_index
        from sanctions s
        join blocks b on b.number = s.block_number
        where ",
            seen!(sanctions),
            " and ($3::bytea is null or s.provider = $3)
            and ($4::text is null or s.reason = $4)
            and ($5::bigint is null or s.window_id > $5)
        order by s.window_id
        limit $6"
        ))
        .bind(provider)
        .bind(reason)
        .bind(page.after)
        .bind(page.rows())
        .fetch_all(snapshot.connection())
        .await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &Sanction| item.window_id)))
}
