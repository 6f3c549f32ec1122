//! How far the mirror is and what it holds.

use axum::{Json, extract::State};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    error::ApiError, openapi::ListProblems, parameters::NoParameters, provenance::AsOf,
    state::AppState, types::Hash,
};

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get_status))
}

/// The state of the mirror.
#[derive(Serialize, ToSchema)]
pub struct Status {
    /// Name of the network.
    #[schema(example = "dev")]
    network: String,
    /// Hash of block 0.
    genesis_hash: Hash,
    /// How far the mirror is; null when nothing is indexed yet.
    watermark: Option<Place>,
    /// What stands still, because of an event that the indexer cannot make sense of; its routes answer
    /// 503 with the reason `projection-stopped`.
    stopped: Vec<Stopped>,
    /// Rows that it holds.
    counts: Counts,
    /// Events of the deployment's contracts that could not be decoded; they are in no projection. None,
    /// unless the indexer is not the one that belongs to the contracts.
    undecoded: i64,
    /// Events of other contracts that could not be decoded: nobody registered the metadata of their codes.
    foreign_undecoded: i64,
}

/// How far the mirror is.
#[derive(Serialize, ToSchema)]
pub struct Place {
    /// The last block that is in the mirror.
    #[serde(flatten)]
    as_of: AsOf,
    /// When the indexer was last heard of, ms since 1970.
    updated_at_ms: i64,
}

/// A part of the mirror that stands still.
#[derive(Serialize, FromRow, ToSchema)]
pub struct Stopped {
    /// Which part.
    #[schema(example = "consent")]
    projection: String,
    /// The last block that it is of.
    block_number: i64,
    /// Block of the event.
    event_block: i64,
    /// Index of the event in that block. What does not fit may name patients: `assent-indexer status` says it.
    event_index: i32,
}

/// Rows of the mirror.
#[derive(Serialize, FromRow, ToSchema)]
pub struct Counts {
    /// Raw events.
    events: i64,
    /// Participants, admitted or not.
    participants: i64,
    /// Grants, whatever their status.
    consents: i64,
    /// Access decisions, refusals included.
    accesses: i64,
    /// Emergency windows, reviewed or not.
    emergency_windows: i64,
    /// Proposals of grants, whatever their status.
    proposals: i64,
    /// Requests for erasure, answered or not.
    erasures: i64,
    /// Versions of reports.
    report_versions: i64,
    /// Batches of carbon credits and allowances.
    carbon_batches: i64,
    /// Sell orders, whatever their status.
    market_orders: i64,
}

/// The state of the mirror.
#[utoipa::path(
    get,
    path = "/status",
    tag = "chain",
    responses((status = 200, description = "The state of the mirror", body = Status), ListProblems)
)]
pub async fn get_status(
    State(state): State<AppState>,
    _: NoParameters,
) -> Result<Json<Status>, ApiError> {
    let (mut transaction, watermark) = state.begin().await?;
    let counts = sqlx::query_as(
        "select
            (select count(*) from events) as events,
            (select count(*) from participants) as participants,
            (select count(*) from grants) as consents,
            (select count(*) from access_log) as accesses,
            (select count(*) from emergency_windows) as emergency_windows,
            (select count(*) from proposals) as proposals,
            (select count(*) from erasures) as erasures,
            (select count(*) from reports) as report_versions,
            (select count(*) from carbon_batches) as carbon_batches,
            (select count(*) from market_orders) as market_orders",
    )
    .fetch_one(&mut *transaction)
    .await?;
    let (undecoded, foreign_undecoded) = sqlx::query_as(
        "select count(*) filter (where contract_name is not null),
            count(*) filter (where contract_name is null)
        from events where decode_error is not null",
    )
    .fetch_one(&mut *transaction)
    .await?;
    let stopped = sqlx::query_as(
        "select name as projection, block_number, stopped_block as event_block,
            stopped_index as event_index
        from projections where stopped_block is not null order by name",
    )
    .fetch_all(&mut *transaction)
    .await?;
    Ok(Json(Status {
        network: state.network().to_owned(),
        genesis_hash: state.genesis_hash(),
        watermark: watermark.map(|watermark| Place {
            as_of: watermark.as_of,
            updated_at_ms: watermark.updated_at_ms,
        }),
        stopped,
        counts,
        undecoded,
        foreign_undecoded,
    }))
}
