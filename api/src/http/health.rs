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
    /// Age of that block, seconds.
    lag_seconds: i64,
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
/// `database-empty`, `nothing-indexed`, `other-chain`, `indexer-silent`, `catching-up`.
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
    let snapshot = state.fresh_snapshot().await?;
    Ok(Json(Ready {
        status: "ready",
        as_of: snapshot.as_of(),
        lag_seconds: snapshot.watermark.lag_seconds,
    }))
}
