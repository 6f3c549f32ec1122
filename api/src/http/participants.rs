//! Who is admitted, and as what.

use axum::{Json, Router, extract::State, routing};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use crate::{
    error::ApiError,
    openapi::ItemProblems,
    parameters::{Parameters, Segment},
    provenance::Provenance,
    state::AppState,
    types::{Account, Hash},
    vocabulary::Roles,
};

pub fn router() -> Router<AppState> {
    Router::new().route("/participants/{address}", routing::get(get))
}

/// An account that asked for admission, admitted or not.
#[derive(Serialize, FromRow, ToSchema)]
pub struct Participant {
    /// The account.
    account: Account,
    /// Salted commitment to the profile that the regulator checked.
    profile: Hash,
    /// Roles it was given; a suspended participant keeps them, but passes no check.
    #[sqlx(try_from = "i32")]
    roles: Roles,
    /// `pending`, `active` or `suspended`.
    #[schema(example = "active")]
    status: String,
    /// Commitment to the reason of the suspension; null unless suspended.
    suspension_reason: Option<Hash>,
    /// The last event about it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

/// One participant.
#[utoipa::path(
    get,
    path = "/v1/participants/{address}",
    tag = "participants",
    params(("address" = Account, Path, description = "The account")),
    responses((status = 200, description = "The participant", body = Participant), ItemProblems)
)]
pub async fn get(
    State(state): State<AppState>,
    segment: Segment,
    parameters: Parameters,
) -> Result<Json<Participant>, ApiError> {
    let account = segment.account("address")?;
    parameters.finish()?;
    let mut snapshot = state.snapshot().await?;
    let participant = sqlx::query_as(
        "select p.account, p.profile, p.roles, p.status, p.suspension_reason,
            p.block_number, b.hash as block_hash, p.event_index
        from participants p
        join blocks b on b.number = p.block_number
        where p.account = $1",
    )
    .bind(account)
    .fetch_optional(snapshot.connection())
    .await?;
    let absent = || ApiError::NotFound(format!("{account} never asked for admission."));
    participant.map(Json).ok_or_else(absent)
}
