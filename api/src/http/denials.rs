//! What owners denied explicitly: it wins over every grant and every emergency window.

use assent_mirror::fold::Projection;
use axum::{Json, extract::State};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    error::ApiError,
    openapi::ListProblems,
    page::{Page, PageRequest},
    parameters::{parameters, words::words},
    provenance::Provenance,
    state::AppState,
    types::Account,
    vocabulary::{Categories, Purposes},
};

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_denials))
}

words! {
    /// Whether a denial holds.
    pub enum DenialStatus {
        /// It wins over every grant and every emergency window.
        InForce = "in_force",
        /// The owner lifted it.
        Lifted = "lifted",
    }
}

/// The last denial of one requester by one owner.
#[derive(Serialize, FromRow, ToSchema)]
pub struct Denial {
    /// The data owner.
    owner: Account,
    /// Who is denied.
    requester: Account,
    /// Denied purposes.
    #[sqlx(try_from = "i64")]
    purposes: Purposes,
    /// Denied categories of data; an access is denied when both its purpose and its category are.
    #[sqlx(try_from = "i64")]
    categories: Categories,
    /// Whether it holds.
    status: DenialStatus,
    /// When it was denied, ms since 1970.
    denied_at_ms: i64,
    /// When it was lifted, ms since 1970; null: it holds.
    lifted_at_ms: Option<i64>,
    /// The last event that changed it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

parameters! {
    /// What [`list_denials`] takes.
    pub struct ListDenials {
        /// Only denials by this data owner.
        owner: Option<Account>,
        /// Only denials of this account.
        requester: Option<Account>,
        /// Only denials with this status.
        status: Option<DenialStatus>,
        page: PageRequest<(Account, Account)>,
    }
}

/// Denials, by owner and requester.
#[utoipa::path(
    get,
    path = "/denials",
    tag = "consent",
    params(ListDenials),
    responses((status = 200, description = "A page of denials", body = Page<Denial>), ListProblems)
)]
pub async fn list_denials(
    State(state): State<AppState>,
    ListDenials { owner, requester, status, page }: ListDenials,
) -> Result<Json<Page<Denial>>, ApiError> {
    let after = page.after.unzip();
    let mut snapshot = state.snapshot_of(Projection::Consent).await?;
    let rows = sqlx::query_as(
        "select d.owner, d.requester, d.purposes, d.categories, s.status, d.denied_at_ms,
            d.lifted_at_ms,
            d.block_number, b.hash as block_hash, d.event_index
        from denials d
        join blocks b on b.number = d.block_number
        cross join lateral (
            select case when d.lifted_at_ms is null then 'in_force' else 'lifted' end as status
        ) s
        where ($1::bytea is null or d.owner = $1)
            and ($2::bytea is null or d.requester = $2)
            and ($3::text is null or s.status = $3)
            and ($4::bytea is null or (d.owner::bytea, d.requester::bytea) > ($4, $5::bytea))
        order by d.owner, d.requester
        limit $6",
    )
    .bind(owner)
    .bind(requester)
    .bind(status)
    .bind(after.0)
    .bind(after.1)
    .bind(page.rows())
    .fetch_all(snapshot.connection())
    .await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &Denial| (item.owner, item.requester))))
}
