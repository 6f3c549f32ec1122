//! What patients choose for themselves beyond grants and denials: that they want no emergency access, and
//! whom alone they do not deny.

use assent_mirror::fold::Projection;
use axum::{Json, extract::State};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    error::ApiError,
    openapi::ItemProblems,
    parameters::{Segment, parameters, words::words},
    provenance::Provenance,
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
        /// It wins over every grant and every emergency window that it is about.
        InForce = "in_force",
        /// The patient took it back.
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
    /// What he denies everybody but those he names; null: he never did.
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
    /// The last event that changed it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

/// What a patient denies everybody: what has both its purpose and its category in these masks.
#[derive(Serialize, FromRow, ToSchema)]
pub struct Restriction {
    /// Purposes that it is about.
    #[sqlx(try_from = "i64")]
    purposes: Purposes,
    /// Categories of data that it is about.
    #[sqlx(try_from = "i64")]
    categories: Categories,
    /// Whom it does not concern, in the order in which the patient named them. They need a grant as ever.
    #[sqlx(skip)]
    except: Vec<Account>,
    /// Whether it holds.
    status: ChoiceStatus,
    /// Since when, ms since 1970.
    restricted_at_ms: i64,
    /// When it was lifted, ms since 1970; null: it holds.
    lifted_at_ms: Option<i64>,
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

/// Whether a patient refuses emergency access, and what he denies everybody but those he names.
#[utoipa::path(
    get,
    path = "/patient-choices/{address}",
    tag = "consent",
    params(GetPatientChoices),
    responses((status = 200, description = "The choices", body = PatientChoices), ItemProblems)
)]
pub async fn get_patient_choices(
    State(state): State<AppState>,
    GetPatientChoices { address: Segment(patient) }: GetPatientChoices,
) -> Result<Json<PatientChoices>, ApiError> {
    let mut snapshot = state.snapshot_of(Projection::Consent).await?;
    let emergency_refusal: Option<EmergencyRefusal> = sqlx::query_as(
        "select case when r.allowed_at_ms is null then 'in_force' else 'lifted' end as status,
            r.refused_at_ms, r.allowed_at_ms,
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
            r.restricted_at_ms, r.lifted_at_ms,
            r.block_number, b.hash as block_hash, r.event_index
        from restrictions r
        join blocks b on b.number = r.block_number
        where r.owner = $1",
    )
    .bind(patient)
    .fetch_optional(snapshot.connection())
    .await?;
    if emergency_refusal.is_none() && restriction.is_none() {
        let absent = format!("{patient} never refused emergencies and never restricted anything.");
        return Err(ApiError::NotFound(absent));
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
    let restriction = restriction.map(|restriction| Restriction { except, ..restriction });
    Ok(Json(PatientChoices { patient, emergency_refusal, restriction }))
}
