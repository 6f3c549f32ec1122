//! Emergency windows, in which a provider had access to a patient's data without a grant.

use assent_mirror::fold::Projection;
use axum::{Json, extract::State};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    error::ApiError,
    http::sanctions::SanctionReason,
    openapi::{PrivateItemProblems, PrivateListProblems},
    page::{Page, PageRequest},
    parameters::{Segment, parameters, words::words},
    provenance::{Item, Provenance},
    sight::{Asker, seen},
    state::AppState,
    types::{Account, Hash},
};

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_emergency_windows))
        .routes(routes!(get_emergency_window))
}

words! {
    /// How far an emergency window is at the time of the last indexed block: the first that holds.
    pub enum WindowStatus {
        /// A reviewer has judged it.
        Reviewed = "reviewed",
        /// Nobody reviewed it in time.
        Overdue = "overdue",
        /// It gives access.
        Open = "open",
        /// It is over, and waits for its review.
        Closed = "closed",
    }

    /// What a reviewer found.
    pub enum ReviewOutcome {
        /// There was an emergency.
        Justified = "justified",
        /// There was none.
        Unjustified = "unjustified",
    }
}

/// One emergency window, and what has become of it.
#[derive(Serialize, FromRow, ToSchema)]
pub struct EmergencyWindow {
    /// Number of the window.
    id: i64,
    /// Whose data.
    patient: Account,
    /// For whom it was opened.
    provider: Account,
    /// The key that opened it: the provider's own, or that of one of its staff (/v1/mandates).
    opened_by: Account,
    /// Salted commitment to the person of the staff who holds the key; null: it is the provider's own.
    person: Option<Hash>,
    /// Salted commitment to the justification.
    justification: Hash,
    /// When it was opened, ms since 1970.
    opened_at_ms: i64,
    /// First moment at which it is over by itself, ms since 1970.
    until_ms: i64,
    /// First moment at which a missing review is overdue, ms since 1970.
    review_by_ms: i64,
    /// When it was closed before its time, ms since 1970; null: it was not.
    closed_at_ms: Option<i64>,
    /// The key that closed it: the provider's or of one of its staff, the patient's or of a guardian of his, or
    /// that of the reviewer who found it unjustified.
    closed_by: Option<Account>,
    /// What the reviewer found; null: not reviewed yet.
    outcome: Option<ReviewOutcome>,
    /// When it was reviewed, ms since 1970.
    reviewed_at_ms: Option<i64>,
    /// The reviewer.
    reviewed_by: Option<Account>,
    /// Permits given in it so far.
    uses: i64,
    /// Whether it gives access at the time of the last indexed block.
    open: bool,
    /// How far it is.
    status: WindowStatus,
    /// Why the provider's suspension was proposed for it; null: it was not. See /v1/sanctions.
    sanction: Option<SanctionReason>,
    /// The last event that changed it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

/// Windows with their status at `$3`, ms since 1970.
macro_rules! select_windows {
    ($($rest:tt)*) => {
        concat!(
            "select w.id, w.patient, w.provider, w.opened_by, w.person, w.justification,
                w.opened_at_ms, w.until_ms, w.review_by_ms, w.closed_at_ms, w.closed_by, w.outcome, w.reviewed_at_ms,
                w.reviewed_by, w.uses, o.open, s.status, p.reason as sanction,
                w.block_number, b.hash as block_hash, w.event_index
            from emergency_windows w
            join blocks b on b.number = w.block_number
            left join sanctions p on p.window_id = w.id
            cross join lateral (
                select w.closed_at_ms is null and $3::bigint < w.until_ms as open
            ) o
            cross join lateral (
                select case
                    when w.outcome is not null then 'reviewed'
                    when $3::bigint >= w.review_by_ms then 'overdue'
                    when o.open then 'open'
                    else 'closed'
                end as status
            ) s ",
            $($rest)*
        )
    };
}

parameters! {
    /// What [`list_emergency_windows`] takes.
    pub struct ListEmergencyWindows {
        /// Only windows that were opened for this account.
        provider: Option<Account>,
        /// Only windows on this account's data.
        patient: Option<Account>,
        /// Only windows with this status.
        status: Option<WindowStatus>,
        /// true: only windows without a review; false: only those with one.
        unreviewed: Option<bool>,
        page: PageRequest<i64>,
    }
}

/// Emergency windows, by number.
#[utoipa::path(
    get,
    path = "/emergency-windows",
    tag = "consent",
    params(ListEmergencyWindows),
    responses(
        (status = 200, description = "A page of windows", body = Page<EmergencyWindow>),
        PrivateListProblems
    )
)]
pub async fn list_emergency_windows(
    State(state): State<AppState>,
    asker: Asker,
    ListEmergencyWindows { provider, patient, status, unreviewed, page }: ListEmergencyWindows,
) -> Result<Json<Page<EmergencyWindow>>, ApiError> {
    let mut snapshot = state.private(Projection::Consent, &asker).await?;
    let rows = snapshot
        .select(select_windows!(
            "where ",
            seen!(emergency_windows),
            " and ($4::bytea is null or w.provider = $4)
            and ($5::bytea is null or w.patient = $5)
            and ($6::text is null or s.status = $6)
            and ($7::boolean is null or (w.outcome is null) = $7)
            and ($8::bigint is null or w.id > $8)
        order by w.id
        limit $9"
        ))
        .bind(snapshot.as_of().block_time_ms)
        .bind(provider)
        .bind(patient)
        .bind(status)
        .bind(unreviewed)
        .bind(page.after)
        .bind(page.rows())
        .fetch_all(snapshot.connection())
        .await?;
    snapshot.shows(page.shown(&rows).iter().map(|item: &EmergencyWindow| item.patient)).await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &EmergencyWindow| item.id)))
}

parameters! {
    /// What [`get_emergency_window`] takes.
    pub struct GetEmergencyWindow {
        /// Number of the window.
        id: Segment<i64>,
    }
}

/// One emergency window.
#[utoipa::path(
    get,
    path = "/emergency-windows/{id}",
    tag = "consent",
    params(GetEmergencyWindow),
    responses(
        (status = 200, description = "The window", body = Item<EmergencyWindow>),
        PrivateItemProblems
    )
)]
pub async fn get_emergency_window(
    State(state): State<AppState>,
    asker: Asker,
    GetEmergencyWindow { id: Segment(id) }: GetEmergencyWindow,
) -> Result<Json<Item<EmergencyWindow>>, ApiError> {
    let mut snapshot = state.private(Projection::Consent, &asker).await?;
    let window = snapshot
        .select(select_windows!("where ", seen!(emergency_windows), " and w.id = $4"))
        .bind(snapshot.as_of().block_time_ms)
        .bind(id)
        .fetch_optional(snapshot.connection())
        .await?;
    snapshot.shows(window.iter().map(|item: &EmergencyWindow| item.patient)).await?;
    let absent = || ApiError::unseen(format!("There is no emergency window {id}"));
    window.map(|item| snapshot.item(item)).ok_or_else(absent)
}
