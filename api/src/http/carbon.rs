//! Batches of carbon credits, and who holds units of them.

use axum::{Json, Router, extract::State, routing};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use crate::{
    error::ApiError,
    openapi::{ItemProblems, ListProblems},
    page::{Holding, Keyed, Number, Page, PageParameters},
    parameters::{Parameters, Segment},
    provenance::Provenance,
    state::AppState,
    types::{Account, Amount, Hash, Natural},
};

pub fn router() -> Router<AppState> {
    Router::new()
        .route("/carbon/batches", routing::get(list_batches))
        .route("/carbon/batches/{id}", routing::get(get_batch))
        .route("/carbon/balances", routing::get(list_balances))
}

/// A batch; issued = circulating + retired.
#[derive(Serialize, FromRow, ToSchema)]
pub struct CarbonBatch {
    /// Number of the batch.
    batch: i64,
    /// Commitment to the project's documents.
    project: Hash,
    /// First serial number.
    serial_start: Amount,
    /// Last serial number, inclusive.
    serial_end: Amount,
    /// Start of the vintage, ms since 1970.
    vintage_start_ms: Natural,
    /// End of the vintage, ms since 1970.
    vintage_end_ms: Natural,
    /// Units issued.
    issued: Amount,
    /// Units that can still be traded.
    circulating: Amount,
    /// Units retired for good.
    retired: Amount,
    /// First holder.
    issued_to: Account,
    /// The last event that changed it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

impl Keyed for CarbonBatch {
    type Key = Number;

    fn key(&self) -> Number {
        Number(self.batch)
    }
}

/// What one account holds of one batch.
#[derive(Serialize, FromRow, ToSchema)]
pub struct CarbonBalance {
    /// The batch.
    batch: i64,
    /// Who holds it.
    owner: Account,
    /// Units that it can trade or retire.
    tradable: Amount,
    /// Units that it retired.
    retired: Amount,
    /// The last event that changed it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

impl Keyed for CarbonBalance {
    type Key = Holding;

    fn key(&self) -> Holding {
        Holding { batch: self.batch, owner: self.owner }
    }
}

/// Batches.
macro_rules! select_batches {
    ($rest:literal) => {
        concat!(
            "select c.batch, c.project,
                c.serial_start::text as serial_start, c.serial_end::text as serial_end,
                c.vintage_start_ms::text as vintage_start_ms,
                c.vintage_end_ms::text as vintage_end_ms,
                c.issued::text as issued, (c.issued - c.retired)::text as circulating,
                c.retired::text as retired, c.issued_to,
                c.block_number, b.hash as block_hash, c.event_index
            from carbon_batches c
            join blocks b on b.number = c.block_number ",
            $rest
        )
    };
}

/// Batches, by number.
#[utoipa::path(
    get,
    path = "/v1/carbon/batches",
    tag = "carbon",
    params(PageParameters),
    responses((status = 200, description = "A page of batches", body = Page<CarbonBatch>), ListProblems)
)]
pub async fn list_batches(
    State(state): State<AppState>,
    mut parameters: Parameters,
) -> Result<Json<Page<CarbonBatch>>, ApiError> {
    let page = parameters.page::<Number>()?;
    parameters.finish()?;
    let mut snapshot = state.snapshot().await?;
    let rows = sqlx::query_as(select_batches!(
        "where ($1::bigint is null or c.batch > $1) order by c.batch limit $2"
    ))
    .bind(page.after.map(|batch| batch.0))
    .bind(page.rows())
    .fetch_all(snapshot.connection())
    .await?;
    Ok(Json(page.page(rows, snapshot.as_of())))
}

/// One batch.
#[utoipa::path(
    get,
    path = "/v1/carbon/batches/{id}",
    tag = "carbon",
    params(("id" = i64, Path, description = "Number of the batch")),
    responses((status = 200, description = "The batch", body = CarbonBatch), ItemProblems)
)]
pub async fn get_batch(
    State(state): State<AppState>,
    segment: Segment,
    parameters: Parameters,
) -> Result<Json<CarbonBatch>, ApiError> {
    let id = segment.number("id")?;
    parameters.finish()?;
    let mut snapshot = state.snapshot().await?;
    let batch = sqlx::query_as(select_batches!("where c.batch = $1"))
        .bind(id)
        .fetch_optional(snapshot.connection())
        .await?;
    let absent = || ApiError::NotFound(format!("There is no batch {id}."));
    batch.map(Json).ok_or_else(absent)
}

/// Holdings, by batch and owner.
#[utoipa::path(
    get,
    path = "/v1/carbon/balances",
    tag = "carbon",
    params(
        ("owner" = Option<Account>, Query, description = "Only holdings of this account"),
        ("batch" = Option<i64>, Query, description = "Only holdings of this batch"),
        PageParameters,
    ),
    responses((status = 200, description = "A page of holdings", body = Page<CarbonBalance>), ListProblems)
)]
pub async fn list_balances(
    State(state): State<AppState>,
    mut parameters: Parameters,
) -> Result<Json<Page<CarbonBalance>>, ApiError> {
    let owner = parameters.account("owner")?;
    let batch = parameters.number("batch")?;
    let page = parameters.page::<Holding>()?;
    parameters.finish()?;
    let mut snapshot = state.snapshot().await?;
    let rows = sqlx::query_as(
        "select c.batch, c.owner, c.tradable::text as tradable, c.retired::text as retired,
            c.block_number, b.hash as block_hash, c.event_index
        from carbon_balances c
        join blocks b on b.number = c.block_number
        where ($1::bytea is null or c.owner = $1)
            and ($2::bigint is null or c.batch = $2)
            and ($3::bigint is null or (c.batch, c.owner::bytea) > ($3, $4::bytea))
        order by c.batch, c.owner
        limit $5",
    )
    .bind(owner)
    .bind(batch)
    .bind(page.after.map(|holding| holding.batch))
    .bind(page.after.map(|holding| holding.owner))
    .bind(page.rows())
    .fetch_all(snapshot.connection())
    .await?;
    Ok(Json(page.page(rows, snapshot.as_of())))
}
