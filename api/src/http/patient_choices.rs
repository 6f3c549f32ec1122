//! What patients choose for themselves beyond grants and denials: that they want no emergency access, and
//! whom alone they do not deny, which a guardian may also choose for them.

use assent_mirror::fold::Projection;
use axum::{Json, extract::State};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    error::ApiError,
    openapi::PrivateItemProblems,
    parameters::{Segment, parameters, words::words},
    provenance::{Item, Provenance},
    sight::Asker,
    state::AppState,
    types::Account,
    vocabulary::{Categories, Purposes},
};

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get_patient_choices))
}

words! {
    /// Whether a choice holds.
    pub enum ChoiceStatus {
        /// It wins over every grant that it is about, and what the patient chose himself over every emergency
        /// window.
        InForce = "in_force",
        /// It was taken back.
        Lifted = "lifted",
    }
}

/// The last choices of one patient.
#[derive(Serialize, ToSchema)]
pub struct PatientChoices {
    /// The patient.
    patient: Account,
    /// That he wants no emergency access; null: he never said so.
    emergency_refusal: Option<EmergencyRefusal>,
    /// What he, or a guardian for him, denies everybody but those who are named; null: nobody ever did.
    restriction: Option<Restriction>,
}

/// No emergency window is opened on a patient, and none that is open permits anything.
#[derive(Serialize, FromRow, ToSchema)]
pub struct EmergencyRefusal {
    /// Whether it holds.
    status: ChoiceStatus,
    /// Since when, ms since 1970.
    refused_at_ms: i64,
    /// When it was taken back, ms since 1970; null: it holds.
    allowed_at_ms: Option<i64>,
    /// Who took it back: the patient, or a guardian of his.
    allowed_by: Option<Account>,
    /// The last event that changed it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

/// What a patient, or a guardian for him, denies everybody: what has both its purpose and its category in
/// these masks.
#[derive(Serialize, FromRow, ToSchema)]
pub struct Restriction {
    /// Purposes that it is about.
    #[sqlx(try_from = "i64")]
    purposes: Purposes,
    /// Categories of data that it is about.
    #[sqlx(try_from = "i64")]
    categories: Categories,
    /// Whom it does not concern, in the order in which they were named. They need a grant as ever.
    #[sqlx(skip)]
    except: Vec<Account>,
    /// Whether it holds.
    status: ChoiceStatus,
    /// Since when, ms since 1970.
    restricted_at_ms: i64,
    /// Who chose it: the patient, or a guardian of his; then it binds no emergency.
    restricted_by: Account,
    /// When it was lifted, ms since 1970; null: it holds.
    lifted_at_ms: Option<i64>,
    /// Who lifted it: the patient, or a guardian of his if a guardian had chosen it.
    lifted_by: Option<Account>,
    /// The last event that changed it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

parameters! {
    /// What [`get_patient_choices`] takes.
    pub struct GetPatientChoices {
        /// The patient.
        address: Segment<Account>,
    }
}

/// Whether a patient refuses emergency access, and what is denied everybody but those who are named.
#[utoipa::path(
    get,
    path = "/patient-choices/{address}",
    tag = "consent",
    params(GetPatientChoices),
    responses(
        (status = 200, description = "The choices", body = Item<PatientChoices>),
        PrivateItemProblems
    )
)]
pub async fn get_patient_choices(
    State(state): State<AppState>,
    asker: Asker,
    GetPatientChoices { address: Segment(patient) }: GetPatientChoices,
) -> Result<Json<Item<PatientChoices>>, ApiError> {
    let mut snapshot = state.private(Projection::Consent, &asker).await?;
    let absent = || {
        ApiError::NotFound(format!(
            "There is nothing that {patient} chose, or that was chosen for it, and that you may see."
        ))
    };
    if !snapshot.knows_own(patient) {
        return Err(absent());
    }
    let emergency_refusal: Option<EmergencyRefusal> = sqlx::query_as(
        "select case when r.allowed_at_ms is null then 'in_force' else 'lifted' end as status,
            r.refused_at_ms, r.allowed_at_ms, r.allowed_by,
            r.block_number, b.hash as block_hash, r.event_index
        from emergency_refusals r
        join blocks b on b.number = r.block_number
        where r.owner = $1",
    )
    .bind(patient)
    .fetch_optional(snapshot.connection())
    .await?;
    let restriction: Option<Restriction> = sqlx::query_as(
        "select r.purposes, r.categories,
            case when r.lifted_at_ms is null then 'in_force' else 'lifted' end as status,
            r.restricted_at_ms, r.restricted_by, r.lifted_at_ms, r.lifted_by,
            r.block_number, b.hash as block_hash, r.event_index
        from restrictions r
        join blocks b on b.number = r.block_number
        where r.owner = $1",
    )
    .bind(patient)
    .fetch_optional(snapshot.connection())
    .await?;
    if emergency_refusal.is_none() && restriction.is_none() {
        return Err(absent());
    }
    let except = sqlx::query_scalar(
        "select x.account
        from restriction_exceptions x
        join restrictions r on r.owner = x.owner and r.number = x.restriction
        where x.owner = $1
        order by x.block_number, x.event_index",
    )
    .bind(patient)
    .fetch_all(snapshot.connection())
    .await?;
    snapshot.shows([patient]).await?;
    let restriction = restriction.map(|restriction| Restriction { except, ..restriction });
    Ok(snapshot.item(PatientChoices { patient, emergency_refusal, restriction }))
}
