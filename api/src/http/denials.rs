//! What owners denied explicitly: it wins over every grant and every emergency.

use axum::{Json, Router, extract::State, routing};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use crate::{
    error::ApiError,
    openapi::ListProblems,
    page::{Keyed, Page, PageParameters, Pair},
    parameters::Parameters,
    provenance::Provenance,
    state::AppState,
    types::Account,
    vocabulary::{Categories, Purposes},
};

pub fn router() -> Router<AppState> {
    Router::new().route("/denials", routing::get(list))
}

/// What `status` may be.
const STATUSES: [&str; 2] = ["in_force", "lifted"];

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
    /// `in_force` or `lifted`.
    #[schema(example = "in_force")]
    status: String,
    /// When it was denied, ms since 1970.
    denied_at_ms: i64,
    /// When it was lifted, ms since 1970; null: it holds.
    lifted_at_ms: Option<i64>,
    /// The last event that changed it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

impl Keyed for Denial {
    type Key = Pair;

    fn key(&self) -> Pair {
        Pair { owner: self.owner, other: self.requester }
    }
}

/// Denials, by owner and requester.
#[utoipa::path(
    get,
    path = "/v1/denials",
    tag = "consent",
    params(
        ("owner" = Option<Account>, Query, description = "Only denials by this data owner"),
        ("requester" = Option<Account>, Query, description = "Only denials of this account"),
        ("status" = Option<String>, Query, description = "Only denials in_force, or only lifted ones"),
        PageParameters,
    ),
    responses((status = 200, description = "A page of denials", body = Page<Denial>), ListProblems)
)]
pub async fn list(
    State(state): State<AppState>,
    mut parameters: Parameters,
) -> Result<Json<Page<Denial>>, ApiError> {
    let owner = parameters.account("owner")?;
    let requester = parameters.account("requester")?;
    let status = parameters.one_of("status", &STATUSES)?;
    let page = parameters.page::<Pair>()?;
    parameters.finish()?;
    let mut snapshot = state.snapshot().await?;
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
    .bind(page.after.map(|pair| pair.owner))
    .bind(page.after.map(|pair| pair.other))
    .bind(page.rows())
    .fetch_all(snapshot.connection())
    .await?;
    Ok(Json(page.page(rows, snapshot.as_of())))
}
