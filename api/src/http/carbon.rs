//! The carbon registry: what units there are, who holds them, and who covered what it emitted.

use utoipa_axum::router::OpenApiRouter;

use crate::state::AppState;

pub mod duties;
pub mod holdings;
pub mod periods;
pub mod registry;
pub mod retirements;
pub mod standings;

pub fn router() -> OpenApiRouter<AppState> {
    registry::router()
        .merge(holdings::router())
        .merge(retirements::router())
        .merge(periods::router())
        .merge(duties::router())
        .merge(standings::router())
}
