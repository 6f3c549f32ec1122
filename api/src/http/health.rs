//! Whether the process lives, and whether its answers can be relied on.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    error::{ApiError, Problem},
    provenance::AsOf,
    state::AppState,
};

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get_health)).routes(routes!(get_readiness))
}

/// The process lives.
#[derive(Serialize, ToSchema)]
pub struct Alive {
    /// `alive`.
    #[schema(example = "alive")]
    status: &'static str,
}

/// The mirror is up to date.
#[derive(Serialize, ToSchema)]
pub struct Ready {
    /// `ready`.
    #[schema(example = "ready")]
    status: &'static str,
    /// The last block that is in the mirror.
    as_of: AsOf,
}

/// 200 for as long as the process answers at all.
#[utoipa::path(
    get,
    path = "/healthz",
    tag = "chain",
    responses((status = 200, description = "The process lives", body = Alive))
)]
pub async fn get_health() -> Json<Alive> {
    Json(Alive { status: "alive" })
}

/// 200 when the mirror is up to date. 503 with a `reason` when it is not: `database-unavailable`,
/// `database-empty`, `nothing-indexed`, `other-chain`, `other-version`, `indexer-silent`, `catching-up`,
/// `stopping`. It is answered within a second, from what the service saw when it last looked at the mirror,
/// on a connection that no request can take.
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "chain",
    responses(
        (status = 200, description = "The mirror is up to date", body = Ready),
        (status = 503, description = "It is not; `reason` says why", body = Problem,
            content_type = "application/problem+json"),
    )
)]
pub async fn get_readiness(State(state): State<AppState>) -> Result<Json<Ready>, ApiError> {
    Ok(Json(Ready { status: "ready", as_of: state.readiness().await?.as_of }))
}
