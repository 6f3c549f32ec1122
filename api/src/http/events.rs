//! The raw events of the contracts, also those that could not be decoded.

use axum::{Json, Router, extract::State, routing};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use crate::{
    error::ApiError,
    openapi::ListProblems,
    page::{Keyed, Page, PageParameters, Position},
    parameters::Parameters,
    provenance::Provenance,
    state::AppState,
    types::{Account, Bytes},
};

pub fn router() -> Router<AppState> {
    Router::new().route("/events", routing::get(list))
}

/// One event as it stands on chain.
#[derive(Serialize, FromRow, ToSchema)]
pub struct Event {
    /// Address of the contract that emitted it.
    contract: Account,
    /// Name of the contract in the manifest.
    contract_name: String,
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
    /// Time of the block, ms since 1970.
    block_time_ms: i64,
    /// Where it stands.
    #[sqlx(flatten)]
    provenance: Provenance,
}

impl Keyed for Event {
    type Key = Position;

    fn key(&self) -> Position {
        self.provenance.position()
    }
}

/// The name of the contract that a request gives by name or by address.
fn contract_name(text: String, state: &AppState) -> Result<String, ApiError> {
    let contracts = state.contracts();
    if contracts.contains_key(&text) {
        return Ok(text);
    }
    let address: Option<Account> = text.parse().ok();
    let named = contracts.iter().find(|(_, known)| address == Some(known.address));
    match named {
        Some((name, _)) => Ok(name.clone()),
        None => {
            let names: Vec<_> = contracts.keys().map(String::as_str).collect();
            let names = names.join(", ");
            let detail =
                format!("is no contract of this deployment: give an address or one of {names}");
            Err(ApiError::invalid("contract", detail))
        }
    }
}

/// Events, in the order of the chain.
#[utoipa::path(
    get,
    path = "/v1/events",
    tag = "chain",
    params(
        ("contract" = Option<String>, Query, description = "Only of this contract: its name or its address"),
        ("from" = Option<i64>, Query, description = "Only from this block on"),
        PageParameters,
    ),
    responses((status = 200, description = "A page of events", body = Page<Event>), ListProblems)
)]
pub async fn list(
    State(state): State<AppState>,
    mut parameters: Parameters,
) -> Result<Json<Page<Event>>, ApiError> {
    let contract =
        parameters.text("contract").map(|text| contract_name(text, &state)).transpose()?;
    let from = parameters.number("from")?;
    let page = parameters.page::<Position>()?;
    parameters.finish()?;
    let mut snapshot = state.snapshot().await?;
    let rows = sqlx::query_as(
        "select e.contract, e.contract_name, e.name, e.fields, e.decode_error, e.topics, e.data,
            b.time_ms as block_time_ms,
            e.block_number, b.hash as block_hash, e.event_index
        from events e
        join blocks b on b.number = e.block_number
        where ($1::text is null or e.contract_name = $1)
            and ($2::bigint is null or e.block_number >= $2)
            and ($3::bigint is null or (e.block_number, e.event_index) > ($3, $4))
        order by e.block_number, e.event_index
        limit $5",
    )
    .bind(contract)
    .bind(from)
    .bind(page.after.map(|position| position.block_number))
    .bind(page.after.map(|position| position.event_index))
    .bind(page.rows())
    .fetch_all(snapshot.connection())
    .await?;
    Ok(Json(page.page(rows, snapshot.as_of())))
}
