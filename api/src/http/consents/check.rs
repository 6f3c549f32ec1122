//! What the consent contract would decide on a request for access, and why.

use assent_interface::{Decision, purpose};
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
    openapi::ListProblems,
    parameters::{Must, parameters},
    provenance::Item,
    state::AppState,
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
    /// Why not, as `deny_reason` of /v1/access-log; null if it would be.
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
        /// The key that would ask, if it is not the requester's own: what is denied to it counts, too. Whether
        /// it may ask for the requester is not looked at; /v1/mandates tells.
        by: Option<Account>,
    }
}

/// What the contract would decide on a request for access, and why.
#[utoipa::path(
    get,
    path = "/consents/check",
    tag = "consent",
    params(GetConsentCheck),
    responses((status = 200, description = "The decision", body = Item<Check>), ListProblems)
)]
pub async fn get_consent_check(
    State(state): State<AppState>,
    asked: GetConsentCheck,
) -> Result<Json<Item<Check>>, ApiError> {
    let GetConsentCheck { owner: Must(owner), requester: Must(requester), .. } = asked;
    let request = Request {
        grant: asked.grant,
        record: asked.record.map(|record| record.0),
        purpose: asked.purpose.0.get(),
        category: asked.category.0.get(),
    };
    let mut snapshot = state.snapshot_of(Projection::Consent).await?;
    // Whether the contract is paused.
    snapshot.goes_on(Projection::Governance).await?;
    let facts: Facts = sqlx::query_as(decision::FACTS)
        .bind(owner)
        .bind(requester)
        .bind(asked.by.unwrap_or(requester))
        .bind(request.grant)
        .fetch_one(snapshot.connection())
        .await?;
    Ok(snapshot.item((&request, decision::decide(&facts, &request)).into()))
}
