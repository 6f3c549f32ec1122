//! The log of every access decision, refusals included.

use axum::{Json, Router, extract::State, routing};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use crate::{
    error::ApiError,
    openapi::ListProblems,
    page::{Keyed, Number, Page, PageParameters},
    parameters::Parameters,
    provenance::Provenance,
    state::AppState,
    types::{Account, Hash},
    vocabulary::{Category, Purpose},
};

pub fn router() -> Router<AppState> {
    Router::new().route("/access-log", routing::get(list))
}

/// One decision.
#[derive(Serialize, FromRow, ToSchema)]
pub struct Access {
    /// Number of the decision over all owners.
    access: i64,
    /// Whose data.
    owner: Account,
    /// Who asked.
    requester: Account,
    /// Number of the entry in the log of this owner.
    sequence: i64,
    /// What for.
    #[sqlx(try_from = "i16")]
    purpose: Purpose,
    /// Which data.
    #[sqlx(try_from = "i16")]
    category: Category,
    /// The grant that was applied; null when there was none.
    grant_id: Option<i64>,
    /// Whether access was permitted.
    permitted: bool,
    /// Why not, as the contract names it, such as `NoGrant`; null when permitted.
    deny_reason: Option<String>,
    /// Time of the block, ms since 1970.
    at_ms: i64,
    /// Hash of the owner's previous entry; zero for the first.
    previous_hash: Hash,
    /// Hash of this entry, over its fields and the previous hash.
    entry_hash: Hash,
    /// The event that logged it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

impl Keyed for Access {
    type Key = Number;

    fn key(&self) -> Number {
        Number(self.access)
    }
}

/// Access decisions, by number.
#[utoipa::path(
    get,
    path = "/v1/access-log",
    tag = "consent",
    params(
        ("owner" = Option<Account>, Query, description = "Only accesses to this owner's data"),
        ("grantee" = Option<Account>, Query, description = "Only accesses that this account asked for"),
        PageParameters,
    ),
    responses((status = 200, description = "A page of decisions", body = Page<Access>), ListProblems)
)]
pub async fn list(
    State(state): State<AppState>,
    mut parameters: Parameters,
) -> Result<Json<Page<Access>>, ApiError> {
    let owner = parameters.account("owner")?;
    let requester = parameters.account("grantee")?;
    let page = parameters.page::<Number>()?;
    parameters.finish()?;
    let mut snapshot = state.snapshot().await?;
    let rows = sqlx::query_as(
        "select a.access, a.owner, a.requester, a.sequence, a.purpose, a.category, a.grant_id,
            a.permitted, a.deny_reason, a.at_ms, a.previous_hash, a.entry_hash,
            a.block_number, b.hash as block_hash, a.event_index
        from access_log a
        join blocks b on b.number = a.block_number
        where ($1::bytea is null or a.owner = $1)
            and ($2::bytea is null or a.requester = $2)
            and ($3::bigint is null or a.access > $3)
        order by a.access
        limit $4",
    )
    .bind(owner)
    .bind(requester)
    .bind(page.after.map(|access| access.0))
    .bind(page.rows())
    .fetch_all(snapshot.connection())
    .await?;
    Ok(Json(page.page(rows, snapshot.as_of())))
}
