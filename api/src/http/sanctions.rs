//! Suspensions of providers that the consent contract proposed to the regulator.

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
    types::Account,
};

pub fn router() -> Router<AppState> {
    Router::new().route("/sanctions", routing::get(list))
}

/// What `reason` may be.
const REASONS: [&str; 2] = ["unjustified", "unreviewed"];

/// A proposed suspension: at most one for each emergency. Whether the regulator followed it, the
/// provider's status in /v1/participants says.
#[derive(Serialize, FromRow, ToSchema)]
pub struct Sanction {
    /// The emergency that it is about.
    window_id: i64,
    /// The provider.
    provider: Account,
    /// `unjustified`: a reviewer found no emergency; `unreviewed`: nobody reviewed it in time.
    #[schema(example = "unreviewed")]
    reason: String,
    /// Time of the block, ms since 1970.
    proposed_at_ms: i64,
    /// The event that proposed it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

impl Keyed for Sanction {
    type Key = Number;

    fn key(&self) -> Number {
        Number(self.window_id)
    }
}

/// Proposed suspensions, by emergency.
#[utoipa::path(
    get,
    path = "/v1/sanctions",
    tag = "consent",
    params(
        ("provider" = Option<Account>, Query, description = "Only those of this provider"),
        ("reason" = Option<String>, Query, description = "Only unjustified or unreviewed ones"),
        PageParameters,
    ),
    responses((status = 200, description = "A page of proposals", body = Page<Sanction>), ListProblems)
)]
pub async fn list(
    State(state): State<AppState>,
    mut parameters: Parameters,
) -> Result<Json<Page<Sanction>>, ApiError> {
    let provider = parameters.account("provider")?;
    let reason = parameters.one_of("reason", &REASONS)?;
    let page = parameters.page::<Number>()?;
    parameters.finish()?;
    let mut snapshot = state.snapshot().await?;
    let rows = sqlx::query_as(
        "select s.window_id, s.provider, s.reason, s.proposed_at_ms,
            s.block_number, b.hash as block_hash, s.event_index
        from sanctions s
        join blocks b on b.number = s.block_number
        where ($1::bytea is null or s.provider = $1)
            and ($2::text is null or s.reason = $2)
            and ($3::bigint is null or s.window_id > $3)
        order by s.window_id
        limit $4",
    )
    .bind(provider)
    .bind(reason)
    .bind(page.after.map(|window| window.0))
    .bind(page.rows())
    .fetch_all(snapshot.connection())
    .await?;
    Ok(Json(page.page(rows, snapshot.as_of())))
}
