//! Who read whose health data.

use assent_auth::{Auth, KeyId, ReadsQuery, Recorded};
use assent_mirror::fold::Projection;
use axum::{
    Json,
    extract::{FromRef, State},
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    error::ApiError,
    openapi::PrivateListProblems,
    page::{Page, PageRequest},
    parameters::parameters,
    sight::Asker,
    state::AppState,
    types::Account,
};

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_reads))
}

/// That somebody was given health data of another. It was put on record before it was answered.
#[derive(Serialize, ToSchema)]
pub struct Reading {
    /// Number of the record, in the order in which they were made.
    id: i64,
    /// When, ms since 1970, by the clock of the service.
    at_ms: i64,
    /// Whose data.
    subject: Account,
    /// The key that asked.
    reader: Account,
    /// The participant as whom it acted: itself, or the one whose key it is. Staff and guardians act as themselves.
    reader_as: Account,
    /// The API key by which it asked; null: it had signed in.
    api_key: Option<KeyId>,
    /// What was asked: the route, with names for what stands in its path.
    #[schema(example = "/v1/consents/{id}")]
    route: String,
    /// The block whose state was read.
    block_number: i64,
}

impl From<Recorded> for Reading {
    fn from(recorded: Recorded) -> Self {
        let Recorded { id, at_ms, subject, reader, reader_as, api_key, route, block_number } =
            recorded;
        Self { id, at_ms: at_ms.ms(), subject, reader, reader_as, api_key, route, block_number }
    }
}

parameters! {
    /// What [`list_reads`] takes.
    pub struct ListReads {
        /// Only readings of this account's data.
        subject: Option<Account>,
        /// Only readings by who acted as this account.
        reader: Option<Account>,
        page: PageRequest<i64>,
    }
}

/// Who read whose health data, in the order in which it was put on record: a data owner sees who read his, everybody
/// what he read himself, auditors and regulators all.
#[utoipa::path(
    get,
    path = "/reads",
    tag = "participants",
    params(ListReads),
    responses(
        (status = 200, description = "A page of readings", body = Page<Reading>),
        PrivateListProblems
    )
)]
pub async fn list_reads(
    State(state): State<AppState>,
    asker: Asker,
    ListReads { subject, reader, page }: ListReads,
) -> Result<Json<Page<Reading>>, ApiError> {
    let snapshot = state.private(Projection::Participants, &asker).await?;
    let ((subjects, readers), as_of) = (snapshot.accounts(), snapshot.as_of());
    // What is asked next is not of the mirror, and needs no connection to it.
    drop(snapshot);
    let readers = readers.map(|party| [party, subjects.clone().unwrap_or_default()].concat());
    let query = ReadsQuery {
        subjects,
        readers,
        subject,
        reader_as: reader,
        after: page.after,
        limit: page.rows(),
    };
    let rows = Auth::from_ref(&state).reads(query).await?;
    let rows = rows.into_iter().map(Reading::from).collect();
    Ok(Json(page.page(rows, as_of, |item: &Reading| item.id)))
}
