//! What owners denied explicitly, purpose by purpose: it wins over every grant and every emergency
//! window. What guardians denied for them stands beside it, and wins over every grant.

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
    vocabulary::{Categories, Purpose},
};

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_denials))
}

words! {
    /// Whether a denial holds.
    pub enum DenialStatus {
        /// It wins over every grant, and what the owner himself denies over every emergency window.
        InForce = "in_force",
        /// All of it was lifted.
        Lifted = "lifted",
    }
}

/// What one owner, or a guardian for him, denies one requester for one purpose.
#[derive(Serialize, FromRow, ToSchema)]
pub struct Denial {
    /// The data owner.
    owner: Account,
    /// Who is denied.
    requester: Account,
    /// The purpose.
    #[sqlx(try_from = "i16")]
    purpose: Purpose,
    /// Categories of data that the owner denies for it; none once all are lifted.
    #[sqlx(try_from = "i64")]
    categories: Categories,
    /// Categories of data that guardians deny for him, which binds no emergency; he can lift them too.
    #[sqlx(try_from = "i64")]
    by_guardians: Categories,
    /// Whether it holds.
    status: DenialStatus,
    /// When a category was added last, to either, ms since 1970.
    denied_at_ms: i64,
    /// When the last category was lifted, ms since 1970; null: it holds.
    lifted_at_ms: Option<i64>,
    /// The last event that changed it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

parameters! {
    /// What [`list_denials`] takes.
    pub struct ListDenials {
        /// Only denials by this data owner, or for him.
        owner: Option<Account>,
        /// Only denials of this account.
        requester: Option<Account>,
        /// Only denials with this status.
        status: Option<DenialStatus>,
        page: PageRequest<(Account, Account, i32)>,
    }
}

/// Denials, by owner, requester and purpose.
#[utoipa::path(
    get,
    path = "/denials",
    tag = "consent",
    params(ListDenials),
    responses(
        (status = 200, description = "A page of denials", body = Page<Denial>),
        PrivateListProblems
    )
)]
pub async fn list_denials(
    State(state): State<AppState>,
    asker: Asker,
    ListDenials { owner, requester, status, page }: ListDenials,
) -> Result<Json<Page<Denial>>, ApiError> {
    let (after_owner, after_requester, after_purpose) = match page.after {
        Some((owner, requester, purpose)) => (Some(owner), Some(requester), Some(purpose)),
        None => (None, None, None),
    };
    let mut snapshot = state.private(Projection::Consent, &asker).await?;
    let rows = snapshot
        .select(concat!(
            "select d.owner, d.requester, d.purpose, d.categories, d.by_guardians, s.status,
            d.denied_at_ms, d.lifted_at_ms,
            d.block_number, b.hash as block_hash, d.event_index
        from denials d
        join blocks b on b.number = d.block_number
        cross join lateral (
            select case when d.lifted_at_ms is null then 'in_force' else 'lifted' end as status
        ) s
        where ",
            seen!(denials),
            " and ($3::bytea is null or d.owner = $3)
            and ($4::bytea is null or d.requester = $4)
            and ($5::text is null or s.status = $5)
            and ($6::bytea is null
                or (d.owner::bytea, d.requester::bytea, d.purpose) > ($6, $7::bytea, $8::integer))
        order by d.owner, d.requester, d.purpose
        limit $9"
        ))
        .bind(owner)
        .bind(requester)
        .bind(status)
        .bind(after_owner)
        .bind(after_requester)
        .bind(after_purpose)
        .bind(page.rows())
        .fetch_all(snapshot.connection())
        .await?;
    snapshot.shows(page.shown(&rows).iter().map(|item: &Denial| item.owner)).await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &Denial| {
        (item.owner, item.requester, item.purpose.index().into())
    })))
}
