//! Classes of units, the projects in them, and the batches that units are issued from.

use assent_mirror::fold::Projection;
use axum::{Json, extract::State};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    error::ApiError,
    openapi::{ItemProblems, ListProblems},
    page::{Page, PageRequest},
    parameters::{Segment, parameters},
    provenance::{Item, Provenance},
    state::AppState,
    types::{Account, Amount, Hash, Natural},
};

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_carbon_classes))
        .routes(routes!(list_carbon_projects))
        .routes(routes!(list_carbon_batches))
        .routes(routes!(get_carbon_batch))
}

/// A class of units. Class 1 is of allowances, the others of credits.
#[derive(Serialize, FromRow, ToSchema)]
pub struct CarbonClass {
    /// Number of the class.
    class: i64,
    /// Who may make projects and batches in it and issue; null for allowances, which regulators
    /// allocate.
    issuer: Option<Account>,
    /// Commitment to the documents of the standard behind it; zero for allowances.
    metadata: Hash,
    /// The last serial number that a batch of it took; 0: none yet.
    last_serial: Amount,
    /// The last event that changed it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

parameters! {
    /// What [`list_carbon_classes`] takes.
    pub struct ListCarbonClasses {
        page: PageRequest<i64>,
    }
}

/// Classes, by number.
#[utoipa::path(
    get,
    path = "/carbon/classes",
    tag = "carbon",
    params(ListCarbonClasses),
    responses((status = 200, description = "A page of classes", body = Page<CarbonClass>), ListProblems)
)]
pub async fn list_carbon_classes(
    State(state): State<AppState>,
    ListCarbonClasses { page }: ListCarbonClasses,
) -> Result<Json<Page<CarbonClass>>, ApiError> {
    let mut snapshot = state.snapshot_of(Projection::Carbon).await?;
    let rows = sqlx::query_as(
        "select c.class, c.issuer, c.metadata, c.last_serial::text as last_serial,
            c.block_number, b.hash as block_hash, c.event_index
        from carbon_classes c
        join blocks b on b.number = c.block_number
        where ($1::bigint is null or c.class > $1)
        order by c.class
        limit $2",
    )
    .bind(page.after)
    .bind(page.rows())
    .fetch_all(snapshot.connection())
    .await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &CarbonClass| item.class)))
}

/// A project that reduces or removes emissions.
#[derive(Serialize, FromRow, ToSchema)]
pub struct CarbonProject {
    /// Number of the project.
    project: i64,
    /// The class of its units.
    class: i64,
    /// Who runs it.
    owner: Account,
    /// Commitment to its documents.
    metadata: Hash,
    /// The event that registered it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

parameters! {
    /// What [`list_carbon_projects`] takes.
    pub struct ListCarbonProjects {
        /// Only projects of this class.
        class: Option<i64>,
        page: PageRequest<i64>,
    }
}

/// Projects, by number.
#[utoipa::path(
    get,
    path = "/carbon/projects",
    tag = "carbon",
    params(ListCarbonProjects),
    responses(
        (status = 200, description = "A page of projects", body = Page<CarbonProject>),
        ListProblems
    )
)]
pub async fn list_carbon_projects(
    State(state): State<AppState>,
    ListCarbonProjects { class, page }: ListCarbonProjects,
) -> Result<Json<Page<CarbonProject>>, ApiError> {
    let mut snapshot = state.snapshot_of(Projection::Carbon).await?;
    let rows = sqlx::query_as(
        "select p.project, p.class, p.owner, p.metadata,
            p.block_number, b.hash as block_hash, p.event_index
        from carbon_projects p
        join blocks b on b.number = p.block_number
        where ($1::bigint is null or p.class = $1)
            and ($2::bigint is null or p.project > $2)
        order by p.project
        limit $3",
    )
    .bind(class)
    .bind(page.after)
    .bind(page.rows())
    .fetch_all(snapshot.connection())
    .await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &CarbonProject| item.project)))
}

/// A batch: serial numbers, and the units issued under them. 1,000 units are a credit, of 1 t CO2e;
/// each unit has one serial number. issued = tradable + escrowed + retired + surrendered + cancelled.
#[derive(Serialize, FromRow, ToSchema)]
pub struct CarbonBatch {
    /// Number of the batch.
    batch: i64,
    /// Its class.
    class: i64,
    /// Its project; null for allowances.
    project: Option<i64>,
    /// The compliance period of allowances; null for credits.
    period: Option<i64>,
    /// First serial number; no other batch of the class has it.
    serial_start: Amount,
    /// Last serial number, inclusive.
    serial_end: Amount,
    /// Start of the vintage, ms since 1970.
    vintage_start_ms: Natural,
    /// End of the vintage, ms since 1970, exclusive.
    vintage_end_ms: Natural,
    /// Whether no more units of it will be issued.
    sealed: bool,
    /// Units issued so far.
    issued: Amount,
    /// Units that their holders can trade, retire or cancel.
    tradable: Amount,
    /// Units in escrow.
    escrowed: Amount,
    /// Units retired for good.
    retired: Amount,
    /// Allowances surrendered for good.
    surrendered: Amount,
    /// Units cancelled for good, without a claim.
    cancelled: Amount,
    /// The last event that changed it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

/// Batches.
macro_rules! select_batches {
    ($rest:literal) => {
        concat!(
            "select c.batch, c.class, c.project, c.period,
                c.serial_start::text as serial_start, c.serial_end::text as serial_end,
                c.vintage_start_ms::text as vintage_start_ms,
                c.vintage_end_ms::text as vintage_end_ms, c.sealed,
                c.issued::text as issued, c.tradable::text as tradable,
                c.escrowed::text as escrowed, c.retired::text as retired,
                c.surrendered::text as surrendered, c.cancelled::text as cancelled,
                c.block_number, b.hash as block_hash, c.event_index
            from carbon_batches c
            join blocks b on b.number = c.block_number ",
            $rest
        )
    };
}

parameters! {
    /// What [`list_carbon_batches`] takes.
    pub struct ListCarbonBatches {
        /// Only batches of this class; 1: allowances.
        class: Option<i64>,
        /// Only batches of this project.
        project: Option<i64>,
        /// Only the allowances of this period.
        period: Option<i64>,
        page: PageRequest<i64>,
    }
}

/// Batches, by number.
#[utoipa::path(
    get,
    path = "/carbon/batches",
    tag = "carbon",
    params(ListCarbonBatches),
    responses((status = 200, description = "A page of batches", body = Page<CarbonBatch>), ListProblems)
)]
pub async fn list_carbon_batches(
    State(state): State<AppState>,
    ListCarbonBatches { class, project, period, page }: ListCarbonBatches,
) -> Result<Json<Page<CarbonBatch>>, ApiError> {
    let mut snapshot = state.snapshot_of(Projection::Carbon).await?;
    let rows = sqlx::query_as(select_batches!(
        "where ($1::bigint is null or c.class = $1)
            and ($2::bigint is null or c.project = $2)
            and ($3::bigint is null or c.period = $3)
            and ($4::bigint is null or c.batch > $4)
        order by c.batch
        limit $5"
    ))
    .bind(class)
    .bind(project)
    .bind(period)
    .bind(page.after)
    .bind(page.rows())
    .fetch_all(snapshot.connection())
    .await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &CarbonBatch| item.batch)))
}

parameters! {
    /// What [`get_carbon_batch`] takes.
    pub struct GetCarbonBatch {
        /// Number of the batch.
        id: Segment<i64>,
    }
}

/// One batch.
#[utoipa::path(
    get,
    path = "/carbon/batches/{id}",
    tag = "carbon",
    params(GetCarbonBatch),
    responses((status = 200, description = "The batch", body = Item<CarbonBatch>), ItemProblems)
)]
pub async fn get_carbon_batch(
    State(state): State<AppState>,
    GetCarbonBatch { id: Segment(id) }: GetCarbonBatch,
) -> Result<Json<Item<CarbonBatch>>, ApiError> {
    let mut snapshot = state.snapshot_of(Projection::Carbon).await?;
    let batch = sqlx::query_as(select_batches!("where c.batch = $1"))
        .bind(id)
        .fetch_optional(snapshot.connection())
        .await?;
    let absent = || ApiError::NotFound(format!("There is no batch {id}."));
    batch.map(|item| snapshot.item(item)).ok_or_else(absent)
}
