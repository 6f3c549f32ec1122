//! Requests for erasure: what owners asked requesters to erase, once no grant of theirs was left, and what
//! these answered.

use assent_mirror::fold::Projection;
use axum::{Json, extract::State};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    error::ApiError,
    openapi::{PrivateItemProblems, PrivateListProblems},
    page::{Page, PageRequest},
    parameters::{Segment, parameters, words::words},
    provenance::{Item, Provenance},
    sight::{Asker, seen},
    state::AppState,
    types::{Account, Hash},
};

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_erasures)).routes(routes!(get_erasure))
}

words! {
    /// How far a request for erasure is at the time of the last indexed block.
    pub enum ErasureStatus {
        /// The requester has not answered, and still has time.
        Open = "open",
        /// It did not answer in time. It still can.
        Overdue = "overdue",
        /// It answered that it erased the data.
        Erased = "erased",
        /// It answered that the law has it retain the data, until a moment that may have come since.
        Retained = "retained",
    }
}

/// What a data owner asked to erase, and the answer: the requester's word, with a commitment to what proves
/// it.
#[derive(Serialize, FromRow, ToSchema)]
pub struct Erasure {
    /// Number of the request.
    id: i64,
    /// The data owner, whose data it is about.
    owner: Account,
    /// Who shall erase.
    requester: Account,
    /// Who asked: the owner, or a guardian of his.
    requested_by: Account,
    /// When it was made, ms since 1970.
    requested_at_ms: i64,
    /// First moment at which a missing answer is overdue, ms since 1970.
    due_ms: i64,
    /// How far it is.
    status: ErasureStatus,
    /// When the requester answered, ms since 1970; this and what follows is null until it does.
    answered_at_ms: Option<i64>,
    /// First moment at which the law no longer has it retain the data, ms since 1970; null once it answered:
    /// they are erased.
    retained_until_ms: Option<i64>,
    /// Salted commitment to the evidence.
    evidence: Option<Hash>,
    /// The key that answered: the requester's own, or that of one of its staff (/v1/mandates).
    answered_by: Option<Account>,
    /// Salted commitment to the person of the staff who holds the key; null: it is the requester's own.
    person: Option<Hash>,
    /// The last event that changed it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

/// Requests for erasure with their status at `$3`, ms since 1970.
macro_rules! select_erasures {
    ($($rest:tt)*) => {
        concat!(
            "select e.id, e.owner, e.requester, e.requested_by, e.requested_at_ms, e.due_ms, s.status,
                e.answered_at_ms, e.retained_until_ms, e.evidence, e.answered_by, e.person,
                e.block_number, b.hash as block_hash, e.event_index
            from erasures e
            join blocks b on b.number = e.block_number
            cross join lateral (
                select case
                    when e.retained_until_ms is not null then 'retained'
                    when e.answered_at_ms is not null then 'erased'
                    when $3::bigint >= e.due_ms then 'overdue'
                    else 'open'
                end as status
            ) s ",
            $($rest)*
        )
    };
}

parameters! {
    /// What [`list_erasures`] takes.
    pub struct ListErasures {
        /// Only requests of this data owner.
        owner: Option<Account>,
        /// Only requests to this account.
        requester: Option<Account>,
        /// Only requests with this status.
        status: Option<ErasureStatus>,
        /// true: only requests without an answer, in time or overdue; false: only those with one.
        unanswered: Option<bool>,
        page: PageRequest<i64>,
    }
}

/// Requests for erasure, by number.
#[utoipa::path(
    get,
    path = "/erasures",
    tag = "agreements",
    params(ListErasures),
    responses(
        (status = 200, description = "A page of requests", body = Page<Erasure>),
        PrivateListProblems
    )
)]
pub async fn list_erasures(
    State(state): State<AppState>,
    asker: Asker,
    ListErasures { owner, requester, status, unanswered, page }: ListErasures,
) -> Result<Json<Page<Erasure>>, ApiError> {
    let mut snapshot = state.private(Projection::Agreements, &asker).await?;
    // The status is worked out for each row; the two conditions after it say of the columns themselves what
    // has no answer, in time or overdue, so that the index of those finds them.
    let rows = snapshot
        .select(select_erasures!(
            "where ",
            seen!(erasures),
            " and ($4::bytea is null or e.owner = $4)
            and ($5::bytea is null or e.requester = $5)
            and ($6::text is null or s.status = $6)
            and ($6::text is distinct from 'open'
                or (e.answered_at_ms is null and e.due_ms > $3))
            and ($6::text is distinct from 'overdue'
                or (e.answered_at_ms is null and e.due_ms <= $3))
            and ($7::boolean is null or (e.answered_at_ms is null) = $7)
            and ($8::bigint is null or e.id > $8)
        order by e.id
        limit $9"
        ))
        .bind(snapshot.as_of().block_time_ms)
        .bind(owner)
        .bind(requester)
        .bind(status)
        .bind(unanswered)
        .bind(page.after)
        .bind(page.rows())
        .fetch_all(snapshot.connection())
        .await?;
    snapshot.shows(page.shown(&rows).iter().map(|item: &Erasure| item.owner)).await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &Erasure| item.id)))
}

parameters! {
    /// What [`get_erasure`] takes.
    pub struct GetErasure {
        /// Number of the request.
        id: Segment<i64>,
    }
}

/// One request for erasure.
#[utoipa::path(
    get,
    path = "/erasures/{id}",
    tag = "agreements",
    params(GetErasure),
    responses((status = 200, description = "The request", body = Item<Erasure>), PrivateItemProblems)
)]
pub async fn get_erasure(
    State(state): State<AppState>,
    asker: Asker,
    GetErasure { id: Segment(id) }: GetErasure,
) -> Result<Json<Item<Erasure>>, ApiError> {
    let mut snapshot = state.private(Projection::Agreements, &asker).await?;
    let erasure = snapshot
        .select(select_erasures!("where ", seen!(erasures), " and e.id = $4"))
        .bind(snapshot.as_of().block_time_ms)
        .bind(id)
        .fetch_optional(snapshot.connection())
        .await?;
    snapshot.shows(erasure.iter().map(|item: &Erasure| item.owner)).await?;
    let absent = || ApiError::unseen(format!("There is no request for erasure {id}"));
    erasure.map(|item| snapshot.item(item)).ok_or_else(absent)
}
