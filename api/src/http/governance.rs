//! How each contract is governed: pauses, administrators, what is proposed and announced.

use assent_mirror::fold::Projection;
use axum::{Json, extract::State};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    error::ApiError,
    openapi::{ItemProblems, ListProblems},
    page::{CURSOR, Page, PageRequest},
    parameters::{
        Segment,
        contract::{self, ContractName},
        parameters,
    },
    provenance::{Item, Provenance},
    state::AppState,
    types::{Account, Hash, Natural},
};

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_governance)).routes(routes!(get_governance))
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
    /// First moment at which he no longer may, ms since 1970; what has expired stays on record until it is
    /// replaced or cancelled.
    until_ms: Natural,
}

/// An announced replacement of a contract's code.
#[derive(Serialize, ToSchema)]
pub struct Upgrade {
    /// BLAKE2b-256 of the Wasm.
    code_hash: Hash,
    /// First moment at which it may take effect, ms since 1970.
    not_before_ms: Natural,
    /// First moment at which it no longer may, ms since 1970; what has expired stays on record until it is
    /// replaced or cancelled.
    until_ms: Natural,
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
    successor_until_ms: Option<Natural>,
    announced_code_hash: Option<Hash>,
    announced_not_before_ms: Option<Natural>,
    announced_until_ms: Option<Natural>,
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
                .zip(self.successor_not_before_ms.zip(self.successor_until_ms))
                .map(|(to, (not_before_ms, until_ms))| Handover { to, not_before_ms, until_ms }),
            upgrade: self
                .announced_code_hash
                .zip(self.announced_not_before_ms.zip(self.announced_until_ms))
                .map(|(code_hash, (not_before_ms, until_ms))| Upgrade {
                    code_hash,
                    not_before_ms,
                    until_ms,
                }),
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

/// The contracts named in `$1` with their government.
macro_rules! select_contracts {
    ($rest:literal) => {
        concat!(
            "select c.name, c.address, coalesce(g.paused, false) as paused, g.administrator,
                g.successor, g.successor_not_before_ms::text as successor_not_before_ms,
                g.successor_until_ms::text as successor_until_ms,
                g.announced_code_hash, g.announced_not_before_ms::text as announced_not_before_ms,
                g.announced_until_ms::text as announced_until_ms,
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

parameters! {
    /// What [`list_governance`] takes.
    pub struct ListGovernance {
        page: PageRequest<ContractName>,
    }
}

/// How the contracts are governed, by name.
#[utoipa::path(
    get,
    path = "/governance",
    tag = "governance",
    params(ListGovernance),
    responses(
        (status = 200, description = "A page of contracts", body = Page<Governance>),
        ListProblems
    )
)]
pub async fn list_governance(
    State(state): State<AppState>,
    ListGovernance { page }: ListGovernance,
) -> Result<Json<Page<Governance>>, ApiError> {
    let names = contract::names(&state);
    let cursor = |after: &ContractName| {
        after.known(&state).map(str::to_owned).ok_or_else(|| ApiError::invalid("after", CURSOR))
    };
    let after = page.after.as_ref().map(cursor).transpose()?;
    let mut snapshot = state.snapshot_of(Projection::Governance).await?;
    let rows: Vec<Row> = sqlx::query_as(select_contracts!(
        "and ($2::text is null or c.name collate \"C\" > $2)
        order by c.name collate \"C\"
        limit $3"
    ))
    .bind(names)
    .bind(after)
    .bind(page.rows())
    .fetch_all(snapshot.connection())
    .await?;
    let contracts = rows.into_iter().filter_map(|row| row.complete(&state)).collect();
    Ok(Json(page.page(contracts, snapshot.as_of(), |item: &Governance| {
        ContractName(item.contract.clone())
    })))
}

parameters! {
    /// What [`get_governance`] takes.
    pub struct GetGovernance {
        /// Its name in the manifest.
        contract: Segment<ContractName>,
    }
}

/// One contract's government.
#[utoipa::path(
    get,
    path = "/governance/{contract}",
    tag = "governance",
    params(GetGovernance),
    responses((status = 200, description = "Its government", body = Item<Governance>), ItemProblems)
)]
pub async fn get_governance(
    State(state): State<AppState>,
    GetGovernance { contract: Segment(contract) }: GetGovernance,
) -> Result<Json<Item<Governance>>, ApiError> {
    let name = contract.known(&state).ok_or_else(|| {
        let names = contract::names(&state).join(", ");
        ApiError::invalid("contract", format!("must be one of {names}"))
    })?;
    let mut snapshot = state.snapshot_of(Projection::Governance).await?;
    let row: Option<Row> = sqlx::query_as(select_contracts!(""))
        .bind([name])
        .fetch_optional(snapshot.connection())
        .await?;
    let absent = || ApiError::NotFound(format!("The contract {name} is not indexed yet."));
    row.and_then(|row| row.complete(&state)).map(|item| snapshot.item(item)).ok_or_else(absent)
}
