//! Keys that are to act for a participant in place of the one before, which it named itself or a regulator
//! did because that one was lost or stolen.

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
    types::{Account, Hash, Natural},
};

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_successions)).routes(routes!(get_succession))
}

words! {
    /// What has become of a succession by the time of the last indexed block: the first that holds.
    pub enum SuccessionStatus {
        /// The key accepted, and has acted since.
        Accepted = "accepted",
        /// The participant took back the key that it had named.
        Cancelled = "cancelled",
        /// A regulator ended it: who had proposed it, or a second one after the key objected.
        Rejected = "rejected",
        /// The key did not accept in time.
        Expired = "expired",
        /// The key that is to be replaced objects: a second regulator decides.
        Objected = "objected",
        /// It objects, and a second regulator confirmed the replacement all the same.
        Confirmed = "confirmed",
        /// Nobody objects.
        Waiting = "waiting",
    }
}

/// What was said last of the key that shall act for a participant. It may accept from `not_before_ms` until
/// `until_ms`, while it is waiting or confirmed.
#[derive(Serialize, FromRow, ToSchema)]
pub struct Succession {
    /// The participant.
    subject: Account,
    /// The key that shall act for it.
    successor: Account,
    /// The regulator who replaces a key that was lost or stolen; null: the participant named it itself.
    proposed_by: Option<Account>,
    /// Salted commitment to what shows that the key was lost, and whose the new one is; null: the participant
    /// named it itself.
    evidence: Option<Hash>,
    /// Time of the block in which it was named, ms since 1970.
    named_at_ms: i64,
    /// First moment at which the key may accept, ms since 1970.
    not_before_ms: Natural,
    /// First moment at which it no longer may, ms since 1970.
    until_ms: Natural,
    /// Time of the block in which the key before objected, ms since 1970; null: it did not.
    objected_at_ms: Option<i64>,
    /// Time of the block in which a second regulator confirmed it after that, ms since 1970; null: none did.
    confirmed_at_ms: Option<i64>,
    /// Who that was.
    confirmed_by: Option<Account>,
    /// Time of the block in which it was accepted, taken back or rejected, ms since 1970; null: it was not.
    ended_at_ms: Option<i64>,
    /// The regulator who rejected it; null: none did.
    rejected_by: Option<Account>,
    /// What has become of it.
    status: SuccessionStatus,
    /// The last event about it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

/// Successions with their status at `$3`, ms since 1970.
macro_rules! select_successions {
    ($($rest:tt)*) => {
        concat!(
            "select u.subject, u.successor, u.proposed_by, u.evidence, u.named_at_ms,
                u.not_before_ms::text as not_before_ms, u.until_ms::text as until_ms,
                u.objected_at_ms, u.confirmed_at_ms, u.confirmed_by, u.ended_at_ms, u.rejected_by,
                s.status, u.block_number, b.hash as block_hash, u.event_index
            from successions u
            join blocks b on b.number = u.block_number
            cross join lateral (
                select case
                    when u.ending is not null then u.ending
                    when $3::bigint >= u.until_ms then 'expired'
                    when u.confirmed_at_ms is not null then 'confirmed'
                    when u.objected_at_ms is not null then 'objected'
                    else 'waiting'
                end as status
            ) s ",
            $($rest)*
        )
    };
}

parameters! {
    /// What [`list_successions`] takes.
    pub struct ListSuccessions {
        /// Only those in which this key shall act.
        successor: Option<Account>,
        /// Only those that this regulator proposed.
        proposed_by: Option<Account>,
        /// Only those with this status.
        status: Option<SuccessionStatus>,
        page: PageRequest<Account>,
    }
}

/// The last succession of each participant that had one, by participant.
#[utoipa::path(
    get,
    path = "/successions",
    tag = "participants",
    params(ListSuccessions),
    responses(
        (status = 200, description = "A page of successions", body = Page<Succession>),
        PrivateListProblems
    )
)]
pub async fn list_successions(
    State(state): State<AppState>,
    asker: Asker,
    ListSuccessions { successor, proposed_by, status, page }: ListSuccessions,
) -> Result<Json<Page<Succession>>, ApiError> {
    let mut snapshot = state.private(Projection::Participants, &asker).await?;
    let rows = snapshot
        .select(select_successions!(
            "where ",
            seen!(successions),
            " and ($4::bytea is null or u.successor = $4)
            and ($5::bytea is null or u.proposed_by = $5)
            and ($6::text is null or s.status = $6)
            and ($7::bytea is null or u.subject > $7)
        order by u.subject
        limit $8"
        ))
        .bind(snapshot.as_of().block_time_ms)
        .bind(successor)
        .bind(proposed_by)
        .bind(status)
        .bind(page.after)
        .bind(page.rows())
        .fetch_all(snapshot.connection())
        .await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &Succession| item.subject)))
}

parameters! {
    /// What [`get_succession`] takes.
    pub struct GetSuccession {
        /// The participant's account.
        address: Segment<Account>,
    }
}

/// What was said last of the key of one participant; 404 until something is.
#[utoipa::path(
    get,
    path = "/successions/{address}",
    tag = "participants",
    params(GetSuccession),
    responses(
        (status = 200, description = "The succession", body = Item<Succession>),
        PrivateItemProblems
    )
)]
pub async fn get_succession(
    State(state): State<AppState>,
    asker: Asker,
    GetSuccession { address: Segment(account) }: GetSuccession,
) -> Result<Json<Item<Succession>>, ApiError> {
    let mut snapshot = state.private(Projection::Participants, &asker).await?;
    let succession = snapshot
        .select(select_successions!("where ", seen!(successions), " and u.subject = $4"))
        .bind(snapshot.as_of().block_time_ms)
        .bind(account)
        .fetch_optional(snapshot.connection())
        .await?;
    let absent = || ApiError::unseen(format!("Nobody was named to replace the key of {account}"));
    succession.map(|item| snapshot.item(item)).ok_or_else(absent)
}
