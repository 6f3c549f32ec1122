//! Keys that may open no emergency window, since one that they opened was found unjustified.

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
};

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_emergency_bars))
}

words! {
    /// Whether a bar holds.
    pub enum BarStatus {
        /// The key can open no emergency window, for whichever provider.
        InForce = "in_force",
        /// A regulator lifted it.
        Lifted = "lifted",
    }
}

/// The last bar of one key.
#[derive(Serialize, FromRow, ToSchema)]
pub struct EmergencyBar {
    /// The key: a provider's own, or that of one of its staff.
    key: Account,
    /// The emergency window that it opened and that was found unjustified.
    window_id: i64,
    /// Whether it holds.
    status: BarStatus,
    /// Since when, ms since 1970.
    barred_at_ms: i64,
    /// When it was lifted, ms since 1970; null: it holds.
    lifted_at_ms: Option<i64>,
    /// The regulator who lifted it.
    lifted_by: Option<Account>,
    /// The last event that changed it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

parameters! {
    /// What [`list_emergency_bars`] takes.
    pub struct ListEmergencyBars {
        /// Only that of this key.
        key: Option<Account>,
        /// Only bars with this status.
        status: Option<BarStatus>,
        page: PageRequest<Account>,
    }
}

/// Bars from opening emergency windows, by key.
#[utoipa::path(
    get,
    path = "/emergency-bars",
    tag = "consent",
    params(ListEmergencyBars),
    responses(
        (status = 200, description = "A page of bars", body = Page<EmergencyBar>),
        PrivateListProblems
    )
)]
pub async fn list_emergency_bars(
    State(state): State<AppState>,
    asker: Asker,
    ListEmergencyBars { key, status, page }: ListEmergencyBars,
) -> Result<Json<Page<EmergencyBar>>, ApiError> {
    let mut snapshot = state.private(Projection::Consent, &asker).await?;
    let rows = snapshot
        .select(concat!(
            "select e.key, e.window_id, s.status, e.barred_at_ms, e.lifted_at_ms, e.lifted_by,
            e.block_number, b.hash as block_hash, e.event_index
        from emergency_bars e
        join blocks b on b.number = e.block_number
        cross join lateral (
            select case when e.lifted_at_ms is null then 'in_force' else 'lifted' end as status
        ) s
        where ",
            seen!(emergency_bars),
            " and ($3::bytea is null or e.key = $3)
            and ($4::text is null or s.status = $4)
            and ($5::bytea is null or e.key > $5)
        order by e.key
        limit $6"
        ))
        .bind(key)
        .bind(status)
        .bind(page.after)
        .bind(page.rows())
        .fetch_all(snapshot.connection())
        .await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &EmergencyBar| item.key)))
}
