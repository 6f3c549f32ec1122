//! What contracts emitted: those of this deployment, and all others of the chain.

use assent_interface::Contract;
use axum::{Json, extract::State};
use serde::Serialize;
use serde_json::Value;
use sqlx::FromRow;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    error::ApiError,
    openapi::PrivateListProblems,
    page::{Page, PageRequest},
    parameters::{
        contract::{self, Emitter},
        parameters,
    },
    provenance::Provenance,
    sight::Asker,
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
    fields: Option<Value>,
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

/// Contracts whose events say what was done with whose health data.
const OF_HEALTH: [Contract; 5] = [
    Contract::Participants,
    Contract::Consent,
    Contract::Agreements,
    Contract::Reports,
    // What accesses earn says who asked for whose data.
    Contract::Rewards,
];

impl Event {
    /// The accounts that it names, if it is about health data.
    fn accounts(&self) -> Vec<Account> {
        let name = self.contract_name.as_deref();
        let is_of_health = OF_HEALTH.iter().any(|contract| name == Some(contract.name()));
        let (mut found, mut open) = (Vec::new(), Vec::new());
        open.extend(self.fields.as_ref().filter(|_| is_of_health));
        while let Some(value) = open.pop() {
            match value {
                // A hash is in hexadecimal digits, which an account may be, too.
                Value::String(text) if !text.starts_with("0x") => {
                    found.extend(text.parse::<Account>());
                }
                Value::Array(values) => open.extend(values),
                Value::Object(values) => open.extend(values.values()),
                _ => {}
            }
        }
        found
    }
}

parameters! {
    /// What [`list_events`] takes.
    pub struct ListEvents {
        /// Only of this contract: the name of one of this deployment, or the address of any.
        contract: Option<contract::Contract>,
        /// Only from this block on.
        from: Option<i64>,
        page: PageRequest<(i64, i32)>,
    }
}

/// Events, in the order of the chain, for auditors and regulators.
#[utoipa::path(
    get,
    path = "/events",
    tag = "chain",
    params(ListEvents),
    responses(
        (status = 200, description = "A page of events", body = Page<Event>),
        PrivateListProblems
    )
)]
pub async fn list_events(
    State(state): State<AppState>,
    asker: Asker,
    ListEvents { contract, from, page }: ListEvents,
) -> Result<Json<Page<Event>>, ApiError> {
    let emitter = contract.map(|contract| contract.emitter("contract", &state)).transpose()?;
    let (name, address) = match emitter {
        Some(Emitter::Ours(name)) => (Some(name), None),
        Some(Emitter::Other(address)) => (None, Some(address)),
        None => (None, None),
    };
    let after = page.after.unzip();
    let mut snapshot = state.oversight(&asker).await?;
    let rows: Vec<Event> = sqlx::query_as(
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
    snapshot.shows(page.shown(&rows).iter().flat_map(Event::accounts)).await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &Event| item.provenance.position())))
}
