//! Who is admitted, and as what.

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
    vocabulary::{Role, Roles},
};

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_participants)).routes(routes!(get_participant))
}

words! {
    /// Whether an account is admitted.
    pub enum ParticipantStatus {
        /// Not admitted yet, or has left: it holds no role.
        Pending = "pending",
        /// Admitted: at least one of its roles counts.
        Active = "active",
        /// It holds roles, and all of them are suspended.
        Suspended = "suspended",
    }
}

/// An account that asked for admission, admitted or not. Who acts for it is in /v1/mandates.
#[derive(Serialize, FromRow, ToSchema)]
pub struct Participant {
    /// The account.
    account: Account,
    /// Salted commitment to the profile that the regulator checks.
    profile: Hash,
    /// Whether a regulator has checked this profile; false: it was replaced since, or never approved.
    profile_confirmed: bool,
    /// Roles that it holds, suspended ones among them.
    #[sqlx(try_from = "i32")]
    roles: Roles,
    /// Roles that pass no check until they are reinstated, whether it holds them or not.
    #[sqlx(try_from = "i32")]
    suspended_roles: Roles,
    /// Whether it is admitted.
    status: ParticipantStatus,
    /// Commitment to the reason of the last suspension; null while no role is suspended.
    suspension_reason: Option<Hash>,
    /// Number of its guardianship, from 0: how often a guardian of it was dismissed, left or had his time cut
    /// short. What its guardians grant counts only in the guardianship in which they did.
    guardianship: i64,
    /// The key that acts for it in place of its own, which was replaced; null: its own does. All that is kept
    /// of it anywhere names the account.
    key: Option<Account>,
    /// The last event about it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

macro_rules! select_participants {
    ($($rest:tt)*) => {
        concat!(
            "select p.account, p.profile, p.profile_confirmed, p.roles,
                p.suspended as suspended_roles, p.status, p.suspension_reason, p.guardianship,
                p.key, p.block_number, b.hash as block_hash, p.event_index
            from participants_now p
            join blocks b on b.number = p.block_number ",
            $($rest)*
        )
    };
}

parameters! {
    /// What [`list_participants`] takes.
    pub struct ListParticipants {
        /// Only holders of this role, also suspended ones.
        role: Option<Role>,
        /// Only accounts of which this role is suspended, whether they hold it or not.
        suspended_role: Option<Role>,
        /// true: only participants whose profile was checked; false: only those whose was not.
        profile_confirmed: Option<bool>,
        /// Only participants with this status.
        status: Option<ParticipantStatus>,
        /// Only the participant for whom this key acts now, as whom its holder has to be shown: the one who
        /// registered with it, unless it was replaced, or the one whose key it replaced.
        key: Option<Account>,
        page: PageRequest<Account>,
    }
}

/// Participants, by account.
#[utoipa::path(
    get,
    path = "/participants",
    tag = "participants",
    params(ListParticipants),
    responses(
        (status = 200, description = "A page of participants", body = Page<Participant>),
        PrivateListProblems
    )
)]
pub async fn list_participants(
    State(state): State<AppState>,
    asker: Asker,
    ListParticipants { role, suspended_role, profile_confirmed, status, key, page }: ListParticipants,
) -> Result<Json<Page<Participant>>, ApiError> {
    let mut snapshot = state.private(Projection::Participants, &asker).await?;
    let rows = snapshot
        .select(select_participants!(
            "where ",
            seen!(participants),
            " and ($3::integer is null or p.roles & $3 <> 0)
            and ($4::integer is null or p.suspended & $4 <> 0)
            and ($5::boolean is null or p.profile_confirmed = $5)
            and ($6::text is null or p.status = $6)
            and ($7::bytea is null or coalesce(p.key, p.account) = $7
                and p.account = coalesce(
                    (select k.subject from participant_keys k where k.key = $7), $7))
            and ($8::bytea is null or p.account > $8)
        order by p.account
        limit $9"
        ))
        .bind(role.map(Role::bit))
        .bind(suspended_role.map(Role::bit))
        .bind(profile_confirmed)
        .bind(status)
        .bind(key)
        .bind(page.after)
        .bind(page.rows())
        .fetch_all(snapshot.connection())
        .await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &Participant| item.account)))
}

parameters! {
    /// What [`get_participant`] takes.
    pub struct GetParticipant {
        /// The account.
        address: Segment<Account>,
    }
}

/// One participant.
#[utoipa::path(
    get,
    path = "/participants/{address}",
    tag = "participants",
    params(GetParticipant),
    responses(
        (status = 200, description = "The participant", body = Item<Participant>),
        PrivateItemProblems
    )
)]
pub async fn get_participant(
    State(state): State<AppState>,
    asker: Asker,
    GetParticipant { address: Segment(account) }: GetParticipant,
) -> Result<Json<Item<Participant>>, ApiError> {
    let mut snapshot = state.private(Projection::Participants, &asker).await?;
    let participant = snapshot
        .select(select_participants!("where ", seen!(participants), " and p.account = $3"))
        .bind(account)
        .fetch_optional(snapshot.connection())
        .await?;
    let absent = || ApiError::unseen(format!("{account} never asked for admission"));
    participant.map(|item| snapshot.item(item)).ok_or_else(absent)
}
