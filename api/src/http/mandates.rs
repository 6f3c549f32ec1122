//! Who acts for whom: the keys that an organisation's staff holds, and what each may do; and the guardians
//! of those who cannot act for themselves.

use assent_mirror::fold::Projection;
use axum::{Json, extract::State};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    error::ApiError,
    openapi::PrivateListProblems,
    page::{Page, PageRequest},
    parameters::{parameters, words::words},
    provenance::Provenance,
    sight::{Asker, seen},
    state::AppState,
    types::{Account, Hash},
    vocabulary::Powers,
};

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_mandates))
}

words! {
    /// What has become of a mandate by the time of the last indexed block: the first that holds.
    pub enum MandateStatus {
        /// It was ended, mostly before its time.
        Ended = "ended",
        /// Its time is over.
        Expired = "expired",
        /// It counts.
        Active = "active",
    }
}

/// The last mandate of one agent from one subject, as one of its staff or as its guardian. It says what the
/// agent may do for the subject, not whether the subject may do it: that say its roles, so that the staff of one
/// that is suspended can do nothing, either.
#[derive(Serialize, FromRow, ToSchema)]
pub struct Mandate {
    /// Who is acted for: an organisation, or the ward of a guardian.
    subject: Account,
    /// The key that acts: of one of the organisation's staff, or of the guardian; it need not be a participant.
    agent: Account,
    /// What it may do for the subject; `guardian` alone: what a data owner may, but refuse emergencies, name
    /// delegates or withdraw rewards.
    #[sqlx(try_from = "i32")]
    powers: Powers,
    /// First moment at which it no longer counts, ms since 1970.
    valid_until_ms: i64,
    /// Salted commitment to the person who holds the key. What the staff does with it names it too.
    person: Hash,
    /// The regulator who appointed the agent as a guardian; null: the subject admitted it to its staff.
    appointed_by: Option<Account>,
    /// What has become of it.
    status: MandateStatus,
    /// Time of the block in which it was given, ms since 1970.
    admitted_at_ms: i64,
    /// Time of the block in which it was ended, ms since 1970; null: it was not.
    ended_at_ms: Option<i64>,
    /// Who ended it: of the staff either of the two, of a guardian he himself or a regulator.
    ended_by: Option<Account>,
    /// The last event that changed it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

parameters! {
    /// What [`list_mandates`] takes.
    pub struct ListMandates {
        /// Only mandates of this account for others to act for it.
        subject: Option<Account>,
        /// Only mandates of others for this account to act for them.
        agent: Option<Account>,
        /// Only mandates with this status.
        status: Option<MandateStatus>,
        page: PageRequest<(Account, Account)>,
    }
}

/// Mandates, by subject and agent.
#[utoipa::path(
    get,
    path = "/mandates",
    tag = "participants",
    params(ListMandates),
    responses(
        (status = 200, description = "A page of mandates", body = Page<Mandate>),
        PrivateListProblems
    )
)]
pub async fn list_mandates(
    State(state): State<AppState>,
    asker: Asker,
    ListMandates { subject, agent, status, page }: ListMandates,
) -> Result<Json<Page<Mandate>>, ApiError> {
    let after = page.after.unzip();
    let mut snapshot = state.private(Projection::Participants, &asker).await?;
    let rows = snapshot
        .select(concat!(
            "select m.subject, m.agent, m.powers, m.valid_until_ms, m.person,
            m.appointed_by, s.status,
            m.admitted_at_ms, m.ended_at_ms, m.ended_by,
            m.block_number, b.hash as block_hash, m.event_index
        from mandates m
        join blocks b on b.number = m.block_number
        cross join lateral (
            select case
                when m.ended_at_ms is not null then 'ended'
                when $3::bigint >= m.valid_until_ms then 'expired'
                else 'active'
            end as status
        ) s
        where ",
            seen!(mandates),
            " and ($4::bytea is null or m.subject = $4)
            and ($5::bytea is null or m.agent = $5)
            and ($6::text is null or s.status = $6)
            and ($7::bytea is null or (m.subject::bytea, m.agent::bytea) > ($7, $8::bytea))
        order by m.subject, m.agent
        limit $9"
        ))
        .bind(snapshot.as_of().block_time_ms)
        .bind(subject)
        .bind(agent)
        .bind(status)
        .bind(after.0)
        .bind(after.1)
        .bind(page.rows())
        .fetch_all(snapshot.connection())
        .await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &Mandate| (item.subject, item.agent))))
}
