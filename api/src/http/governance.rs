//! How each contract is governed: pauses, administrators, what is proposed and announced.

use axum::{Json, Router, extract::State, routing};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use crate::{
    error::ApiError,
    openapi::{ItemProblems, ListProblems},
    page::{CURSOR, Keyed, Name, Page, PageParameters},
    parameters::{Parameters, Segment},
    provenance::Provenance,
    state::AppState,
    types::{Account, Hash, Natural},
};

pub fn router() -> Router<AppState> {
    Router::new()
        .route("/governance", routing::get(list))
        .route("/governance/{contract}", routing::get(get))
}

/// How one contract is governed.
#[derive(Serialize, ToSchema)]
pub struct Governance {
    /// Its name in the manifest.
    #[schema(example = "consent")]
    contract: String,
    /// Its address.
    address: Account,
    /// Whether only what its documentation excepts goes on.
    paused: bool,
    /// Who may pause it, hand over and announce another code.
    administrator: Account,
    /// The proposed successor of the administrator; null when nobody is proposed.
    handover: Option<Handover>,
    /// The announced replacement of the code; null when none is announced.
    upgrade: Option<Upgrade>,
    /// BLAKE2b-256 of the Wasm that it runs.
    code_hash: Hash,
    /// First block in which it exists.
    deployment_block: i64,
    /// The last event that changed its government; null when none did since it was deployed.
    provenance: Option<Provenance>,
}

/// A proposed handover of the office of administrator.
#[derive(Serialize, ToSchema)]
pub struct Handover {
    /// The successor, who has to accept.
    to: Account,
    /// First moment at which he may, ms since 1970.
    not_before_ms: Natural,
}

/// An announced replacement of a contract's code.
#[derive(Serialize, ToSchema)]
pub struct Upgrade {
    /// BLAKE2b-256 of the Wasm.
    code_hash: Hash,
    /// First moment at which it may take effect, ms since 1970.
    not_before_ms: Natural,
}

impl Keyed for Governance {
    type Key = Name;

    fn key(&self) -> Name {
        Name(self.contract.clone())
    }
}

/// A contract, and what events said of its government, if there were any.
#[derive(FromRow)]
struct Row {
    name: String,
    address: Account,
    paused: bool,
    administrator: Option<Account>,
    successor: Option<Account>,
    successor_not_before_ms: Option<Natural>,
    announced_code_hash: Option<Hash>,
    announced_not_before_ms: Option<Natural>,
    code_hash: Hash,
    deployment_block: i64,
    block_number: Option<i64>,
    block_hash: Option<Hash>,
    event_index: Option<i32>,
}

impl Row {
    /// `None` for a contract that the manifest does not have.
    fn complete(self, state: &AppState) -> Option<Governance> {
        let first = state.contracts().get(&self.name)?.deployer;
        let provenance = self.block_number.zip(self.block_hash).zip(self.event_index);
        Some(Governance {
            administrator: self.administrator.unwrap_or(first),
            contract: self.name,
            address: self.address,
            paused: self.paused,
            handover: self
                .successor
                .zip(self.successor_not_before_ms)
                .map(|(to, not_before_ms)| Handover { to, not_before_ms }),
            upgrade: self
                .announced_code_hash
                .zip(self.announced_not_before_ms)
                .map(|(code_hash, not_before_ms)| Upgrade { code_hash, not_before_ms }),
            code_hash: self.code_hash,
            deployment_block: self.deployment_block,
            provenance: provenance.map(|((block_number, block_hash), event_index)| Provenance {
                block_number,
                block_hash,
                event_index,
            }),
        })
    }
}

/// Names of the contracts.
fn names(state: &AppState) -> Vec<&str> {
    state.contracts().keys().map(String::as_str).collect()
}

/// The contracts named in `$1` with their government.
macro_rules! select_contracts {
    ($rest:literal) => {
        concat!(
            "select c.name, c.address, coalesce(g.paused, false) as paused, g.administrator,
                g.successor, g.successor_not_before_ms::text as successor_not_before_ms,
                g.announced_code_hash, g.announced_not_before_ms::text as announced_not_before_ms,
                coalesce(g.code_hash, c.code_hash) as code_hash, c.deployment_block,
                g.block_number, b.hash as block_hash, g.event_index
            from contracts c
            left join contract_governance g on g.contract = c.address
            left join blocks b on b.number = g.block_number
            where c.name = any($1) ",
            $rest
        )
    };
}

/// How the contracts are governed, by name.
#[utoipa::path(
    get,
    path = "/v1/governance",
    tag = "governance",
    params(PageParameters),
    responses(
        (status = 200, description = "A page of contracts", body = Page<Governance>),
        ListProblems
    )
)]
pub async fn list(
    State(state): State<AppState>,
    mut parameters: Parameters,
) -> Result<Json<Page<Governance>>, ApiError> {
    let names = names(&state);
    let page = parameters.page::<Name>()?;
    if page.after.as_ref().is_some_and(|after| !names.contains(&after.0.as_str())) {
        return Err(ApiError::invalid("after", CURSOR));
    }
    parameters.finish()?;
    let mut snapshot = state.snapshot().await?;
    let rows: Vec<Row> = sqlx::query_as(select_contracts!(
        "and ($2::text is null or c.name collate \"C\" > $2)
        order by c.name collate \"C\"
        limit $3"
    ))
    .bind(names)
    .bind(page.after.as_ref().map(|name| &name.0))
    .bind(page.rows())
    .fetch_all(snapshot.connection())
    .await?;
    let contracts = rows.into_iter().filter_map(|row| row.complete(&state)).collect();
    Ok(Json(page.page(contracts, snapshot.as_of())))
}

/// One contract's government.
#[utoipa::path(
    get,
    path = "/v1/governance/{contract}",
    tag = "governance",
    params(("contract" = String, Path, example = "consent",
        description = "Name of a contract in the manifest")),
    responses((status = 200, description = "Its government", body = Governance), ItemProblems)
)]
pub async fn get(
    State(state): State<AppState>,
    segment: Segment,
    parameters: Parameters,
) -> Result<Json<Governance>, ApiError> {
    let name = segment.one_of("contract", &names(&state))?;
    parameters.finish()?;
    let mut snapshot = state.snapshot().await?;
    let row: Option<Row> = sqlx::query_as(select_contracts!(""))
        .bind([name])
        .fetch_optional(snapshot.connection())
        .await?;
    let absent = || ApiError::NotFound(format!("The contract {name} is not indexed yet."));
    row.and_then(|row| row.complete(&state)).map(Json).ok_or_else(absent)
}
