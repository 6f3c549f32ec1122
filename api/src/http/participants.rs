//! Who is admitted, and as what.

use axum::{Json, Router, extract::State, routing};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use crate::{
    error::ApiError,
    openapi::{ItemProblems, ListProblems},
    page::{Keyed, Page, PageParameters},
    parameters::{Parameters, Segment},
    provenance::Provenance,
    state::AppState,
    types::{Account, Hash},
    vocabulary::Roles,
};

pub fn router() -> Router<AppState> {
    Router::new()
        .route("/participants", routing::get(list))
        .route("/participants/{address}", routing::get(get))
}

/// What `status` may be.
const STATUSES: [&str; 3] = ["pending", "active", "suspended"];

/// An account that asked for admission, admitted or not.
#[derive(Serialize, FromRow, ToSchema)]
pub struct Participant {
    /// The account.
    account: Account,
    /// Salted commitment to the profile that the regulator checks.
    profile: Hash,
    /// Roles that it holds; a suspended participant keeps them, but passes no check.
    #[sqlx(try_from = "i32")]
    roles: Roles,
    /// `active`; `suspended`; or `pending`, which is not admitted yet or has left.
    #[schema(example = "active")]
    status: String,
    /// Commitment to the reason of the suspension; null unless suspended.
    suspension_reason: Option<Hash>,
    /// The last event about it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

impl Keyed for Participant {
    type Key = Account;

    fn key(&self) -> Account {
        self.account
    }
}

macro_rules! select_participants {
    ($rest:literal) => {
        concat!(
            "select p.account, p.profile, p.roles, p.status, p.suspension_reason,
                p.block_number, b.hash as block_hash, p.event_index
            from participants p
            join blocks b on b.number = p.block_number ",
            $rest
        )
    };
}

/// Participants, by account.
#[utoipa::path(
    get,
    path = "/v1/participants",
    tag = "participants",
    params(
        ("role" = Option<String>, Query,
            description = "Only holders of this role, also suspended ones: data_owner, provider, \
                researcher, resource_holder, emitter, verifier, trader, auditor or regulator"),
        ("status" = Option<String>, Query,
            description = "Only pending, active or suspended participants"),
        PageParameters,
    ),
    responses(
        (status = 200, description = "A page of participants", body = Page<Participant>),
        ListProblems
    )
)]
pub async fn list(
    State(state): State<AppState>,
    mut parameters: Parameters,
) -> Result<Json<Page<Participant>>, ApiError> {
    let role = parameters.role("role")?;
    let status = parameters.one_of("status", &STATUSES)?;
    let page = parameters.page::<Account>()?;
    parameters.finish()?;
    let mut snapshot = state.snapshot().await?;
    let rows = sqlx::query_as(select_participants!(
        "where ($1::integer is null or p.roles & $1 <> 0)
            and ($2::text is null or p.status = $2)
            and ($3::bytea is null or p.account > $3)
        order by p.account
        limit $4"
    ))
    .bind(role)
    .bind(status)
    .bind(page.after)
    .bind(page.rows())
    .fetch_all(snapshot.connection())
    .await?;
    Ok(Json(page.page(rows, snapshot.as_of())))
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
    let participant = sqlx::query_as(select_participants!("where p.account = $1"))
        .bind(account)
        .fetch_optional(snapshot.connection())
        .await?;
    let absent = || ApiError::NotFound(format!("{account} never asked for admission."));
    participant.map(Json).ok_or_else(absent)
}
