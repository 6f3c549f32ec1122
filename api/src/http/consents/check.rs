//! What the consent contract would decide on a request for access, and why.

use assent_interface::{Decision, power, purpose};
use assent_mirror::{
    decision::{self, Facts, Request, Verdict},
    fold::Projection,
};
use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    error::ApiError,
    openapi::PrivateItemProblems,
    parameters::{Must, parameters},
    provenance::Item,
    sight::Asker,
    state::{AppState, Snapshot},
    types::{Account, Hash},
    vocabulary::Index,
};

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get_consent_check))
}

/// What the contract would decide, had it been asked in the block that the answer is of. It is asked with
/// `request_access`, which logs the decision and may decide otherwise by then: only what it permits is permitted.
#[derive(Serialize, ToSchema)]
pub struct Check {
    /// Whether access would be permitted.
    permitted: bool,
    /// Why not, as `deny_reason` of /v1/access-log; null if it would be. `NotAuthorized`: the key may not ask
    /// for the requester, which is an error of the contract's and leaves no entry in the log.
    #[schema(example = "NoGrant")]
    deny_reason: Option<&'static str>,
    /// The grant that permits, or whose reason it is; null: there is none.
    grant_id: Option<i64>,
    /// The emergency window that permits without a grant; null: none does.
    window_id: Option<i64>,
    /// Whether somebody may have to pay for it, so that it is refused as `Unfunded` if nobody can: the tariff
    /// of its purpose says so (/v1/rewards/tariffs). Never for treatment.
    may_be_unfunded: bool,
}

impl Check {
    /// The contract does not decide.
    const NOT_AUTHORIZED: Self = Self {
        permitted: false,
        deny_reason: Some("NotAuthorized"),
        grant_id: None,
        window_id: None,
        may_be_unfunded: false,
    };
}

impl From<(&Request, Verdict)> for Check {
    fn from((request, verdict): (&Request, Verdict)) -> Self {
        let Verdict { decision, grant, window } = verdict;
        let deny_reason = match decision {
            Decision::Permit => None,
            Decision::Deny(reason) => Some(reason.as_str()),
        };
        let permitted = deny_reason.is_none();
        Self {
            permitted,
            deny_reason,
            grant_id: grant,
            window_id: window,
            may_be_unfunded: permitted && window.is_none() && request.purpose != purpose::TREATMENT,
        }
    }
}

parameters! {
    /// What [`get_consent_check`] takes.
    pub struct GetConsentCheck {
        /// Whose data.
        owner: Must<Account>,
        /// For whom would be asked.
        requester: Must<Account>,
        /// Number of the purpose.
        purpose: Must<Index>,
        /// Number of the category.
        category: Must<Index>,
        /// Commitment to the record; without it, none in particular.
        record: Option<Hash>,
        /// Under which grant; without it, under any.
        grant: Option<i64>,
        /// The key that would ask, for example of one of the requester's staff: whether it may, and what is
        /// denied to it, counts, too. Without it, the requester's own account.
        by: Option<Account>,
    }
}

/// What the contract would decide on a request for access, and why.
#[utoipa::path(
    get,
    path = "/consents/check",
    tag = "consent",
    params(GetConsentCheck),
    responses((status = 200, description = "The decision", body = Item<Check>), PrivateItemProblems)
)]
pub async fn get_consent_check(
    State(state): State<AppState>,
    asker: Asker,
    asked: GetConsentCheck,
) -> Result<Json<Item<Check>>, ApiError> {
    let GetConsentCheck { owner: Must(owner), requester: Must(requester), .. } = asked;
    let request = Request {
        grant: asked.grant,
        record: asked.record.map(|record| record.0),
        purpose: asked.purpose.0.get(),
        category: asked.category.0.get(),
    };
    let mut snapshot = state.private(Projection::Consent, &asker).await?;
    let is_side = snapshot.knows_own(owner) || snapshot.knows_party(requester);
    // Who acts for the requester, the owner is not told.
    let may_name =
        asked.by.is_none_or(|by| snapshot.knows_party(requester) || snapshot.knows_own(by));
    if !is_side || !may_name {
        return Err(ApiError::NotFound(format!(
            "You may not see what is between {owner} and {requester}: either of the two may ask this, and \
             of a key that acts for the requester he himself."
        )));
    }
    // Whether the contract is paused.
    snapshot.goes_on(Projection::Governance).await?;
    if owner_is_known(&mut snapshot, owner).await? {
        snapshot.shows([owner]).await?;
    }
    if let Some(by) = asked.by
        && !may_ask(&mut snapshot, by, requester).await?
    {
        return Ok(snapshot.item(Check::NOT_AUTHORIZED));
    }
    let facts: Facts = sqlx::query_as(decision::FACTS)
        .bind(owner)
        .bind(requester)
        .bind(asked.by.unwrap_or(requester))
        .bind(request.grant)
        .fetch_one(snapshot.connection())
        .await?;
    Ok(snapshot.item((&request, decision::decide(&facts, &request)).into()))
}

/// Whether there is anything to record: of accounts that were made up there is not.
async fn owner_is_known(snapshot: &mut Snapshot, owner: Account) -> Result<bool, ApiError> {
    let known = sqlx::query_scalar("select exists (select from participants where account = $1)")
        .bind(owner)
        .fetch_one(snapshot.connection())
        .await?;
    Ok(known)
}

/// Whether a key may ask for a requester: it is the one that acts for it now, or that of one of its staff.
async fn may_ask(
    snapshot: &mut Snapshot,
    by: Account,
    requester: Account,
) -> Result<bool, ApiError> {
    let now_ms = snapshot.as_of().block_time_ms;
    let may = sqlx::query_scalar(
        "select k.replaced_at_ms is null and (
            who.account = $2
            or exists (
                select from mandates m
                where m.subject = $2 and m.agent = who.account and m.powers & $3 <> 0
                    and m.ended_at_ms is null and m.valid_until_ms > $4
            )
        )
        from (values ($1::bytea)) as asked (key)
        left join participant_keys k on k.key = asked.key
        cross join lateral (select coalesce(k.subject, asked.key) as account) who",
    )
    .bind(by)
    .bind(requester)
    .bind(i32::from(power::ASK))
    .bind(now_ms)
    .fetch_one(snapshot.connection())
    .await?;
    Ok(may)
}
