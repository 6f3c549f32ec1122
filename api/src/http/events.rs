//! What contracts emitted: those of this deployment, and all others of the chain.

use axum::{Json, extract::State};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    error::ApiError,
    openapi::ListProblems,
    page::{Page, PageRequest},
    parameters::{
        contract::{Contract, Emitter},
        parameters,
    },
    provenance::Provenance,
    state::AppState,
    types::{Account, Bytes, Hash},
};

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_events))
}

/// One event as it stands on chain.
#[derive(Serialize, FromRow, ToSchema)]
pub struct Event {
    /// Address of the contract that emitted it.
    contract: Account,
    /// Name of the contract in the manifest; null when it is not of this deployment.
    contract_name: Option<String>,
    /// Name of the event; null when it could not be decoded.
    name: Option<String>,
    /// Its fields by name; null when it could not be decoded.
    #[schema(value_type = Option<Object>)]
    fields: Option<serde_json::Value>,
    /// Why it could not be decoded; null when it could.
    decode_error: Option<String>,
    /// Its topics, the signature first.
    #[schema(value_type = Vec<Bytes>)]
    topics: Vec<Bytes>,
    /// Its data, SCALE.
    data: Bytes,
    /// Index in the block of the extrinsic that it belongs to; null when it belongs to none.
    extrinsic_index: Option<i32>,
    /// Hash of that extrinsic: BLAKE2b-256 of its bytes.
    extrinsic_hash: Option<Hash>,
    /// Time of the block, ms since 1970.
    block_time_ms: i64,
    /// Where it stands.
    #[sqlx(flatten)]
    provenance: Provenance,
}

parameters! {
    /// What [`list_events`] takes.
    pub struct ListEvents {
        /// Only of this contract: the name of one of this deployment, or the address of any.
        contract: Option<Contract>,
        /// Only from this block on.
        from: Option<i64>,
        page: PageRequest<(i64, i32)>,
    }
}

/// Events, in the order of the chain.
#[utoipa::path(
    get,
    path = "/events",
    tag = "chain",
    params(ListEvents),
    responses((status = 200, description = "A page of events", body = Page<Event>), ListProblems)
)]
pub async fn list_events(
    State(state): State<AppState>,
    ListEvents { contract, from, page }: ListEvents,
) -> Result<Json<Page<Event>>, ApiError> {
    let emitter = contract.map(|contract| contract.emitter("contract", &state)).transpose()?;
    let (name, address) = match emitter {
        Some(Emitter::Ours(name)) => (Some(name), None),
        Some(Emitter::Other(address)) => (None, Some(address)),
        None => (None, None),
    };
    let after = page.after.unzip();
    let mut snapshot = state.snapshot().await?;
    let rows = sqlx::query_as(
        "select e.contract, e.contract_name, e.name, e.fields, e.decode_error, e.topics, e.data,
            e.extrinsic_index, e.extrinsic_hash, b.time_ms as block_time_ms,
            e.block_number, b.hash as block_hash, e.event_index
        from events e
        join blocks b on b.number = e.block_number
        where ($1::text is null or e.contract_name = $1)
            and ($6::bytea is null or (e.contract_name is null and e.contract = $6))
            and ($2::bigint is null or e.block_number >= $2)
            and ($3::bigint is null or (e.block_number, e.event_index) > ($3, $4))
        order by e.block_number, e.event_index
        limit $5",
    )
    .bind(name)
    .bind(from)
    .bind(after.0)
    .bind(after.1)
    .bind(page.rows())
    .bind(address)
    .fetch_all(snapshot.connection())
    .await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &Event| item.provenance.position())))
}
