//! Consent: grants, denials, delegates, emergencies, and the log of access decisions.

pub mod delegates;
pub mod denials;
pub mod emergency;
pub mod grants;
pub mod log;

use assent_client::Account;
use serde_json::Value;
use sqlx::PgConnection;

use super::{CommitError, Position, ProcessError, typed};
use crate::types::Int;

/// The events of the consent contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Access was granted.
    Granted(grants::Granted),
    /// A grant's terms were replaced.
    Amended(grants::Amended),
    /// A grant was revoked.
    Revoked(grants::Revoked),
    /// An owner revoked everything.
    AllRevoked(grants::AllRevoked),
    /// An owner had a grant's link to the record forgotten.
    LinkErased(grants::LinkErased),
    /// An owner denied access explicitly.
    Denied(denials::Denied),
    /// An owner lifted a denial.
    DenialLifted(denials::DenialLifted),
    /// An owner let a delegate act.
    DelegateSet(delegates::DelegateSet),
    /// An owner took a delegation back.
    DelegateRemoved(delegates::DelegateRemoved),
    /// A provider opened a patient's data in an emergency.
    GlassBroken(emergency::GlassBroken),
    /// An emergency window was closed before its time.
    GlassClosed(emergency::GlassClosed),
    /// A reviewer judged an emergency access.
    GlassReviewed(emergency::GlassReviewed),
    /// The suspension of a provider was proposed.
    SuspensionProposed(emergency::SuspensionProposed),
    /// An access was permitted or refused.
    AccessDecided(log::AccessDecided),
}

/// Types an event; `None` for one that changes nothing here.
///
/// Errors: [`ProcessError`] names the field.
pub fn process(name: &str, fields: &Value) -> Result<Option<Event>, ProcessError> {
    Ok(Some(match name {
        "Granted" => Event::Granted(typed(name, fields)?),
        "Amended" => Event::Amended(typed(name, fields)?),
        "Revoked" => Event::Revoked(typed(name, fields)?),
        "AllRevoked" => Event::AllRevoked(typed(name, fields)?),
        "LinkErased" => Event::LinkErased(typed(name, fields)?),
        "Denied" => Event::Denied(typed(name, fields)?),
        "DenialLifted" => Event::DenialLifted(typed(name, fields)?),
        "DelegateSet" => Event::DelegateSet(typed(name, fields)?),
        "DelegateRemoved" => Event::DelegateRemoved(typed(name, fields)?),
        "GlassBroken" => Event::GlassBroken(typed(name, fields)?),
        "GlassClosed" => Event::GlassClosed(typed(name, fields)?),
        "GlassReviewed" => Event::GlassReviewed(typed(name, fields)?),
        "SuspensionProposed" => Event::SuspensionProposed(typed(name, fields)?),
        "AccessDecided" => Event::AccessDecided(typed(name, fields)?),
        _ => return Ok(None),
    }))
}

impl Event {
    /// Writes what the event means.
    pub(super) async fn commit(
        &self,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        match self {
            Event::Granted(event) => event.commit(at, db).await,
            Event::Amended(event) => event.commit(at, db).await,
            Event::Revoked(event) => event.commit(at, db).await,
            Event::AllRevoked(event) => event.commit(at, db).await,
            Event::LinkErased(event) => event.commit(at, db).await,
            Event::Denied(event) => event.commit(at, db).await,
            Event::DenialLifted(event) => event.commit(at, db).await,
            Event::DelegateSet(event) => event.commit(at, db).await,
            Event::DelegateRemoved(event) => event.commit(at, db).await,
            Event::GlassBroken(event) => event.commit(at, db).await,
            Event::GlassClosed(event) => event.commit(at, db).await,
            Event::GlassReviewed(event) => event.commit(at, db).await,
            Event::SuspensionProposed(event) => event.commit(at, db).await,
            Event::AccessDecided(event) => event.commit(at, db).await,
        }
    }
}

/// The epoch that an owner is in: 0 until he first revokes everything.
async fn present_epoch(owner: Account, db: &mut PgConnection) -> Result<i64, CommitError> {
    let epoch: Option<i64> = sqlx::query_scalar("select epoch from owner_epochs where owner = $1")
        .bind(owner.as_bytes())
        .fetch_optional(db)
        .await?;
    Ok(epoch.unwrap_or(0))
}

/// What is given belongs to the owner's present epoch.
async fn check_epoch(
    owner: Account,
    epoch: Int<u32>,
    db: &mut PgConnection,
) -> Result<(), CommitError> {
    let present = present_epoch(owner, db).await?;
    if i64::from(epoch.0) == present {
        return Ok(());
    }
    Err(CommitError::Inconsistent(format!(
        "it is given in epoch {epoch} of owner 0x{}, who is in epoch {present}",
        hex::encode(owner.0)
    )))
}

/// Only the owner and a delegate whose delegation was not ended act on grants. When a delegation
/// expires is the contract's to judge.
async fn check_actor(
    owner: Account,
    by: Account,
    db: &mut PgConnection,
) -> Result<(), CommitError> {
    if by == owner {
        return Ok(());
    }
    let delegated: bool = sqlx::query_scalar(
        "select exists(select from delegations \
         where owner = $1 and delegate = $2 and ended is null)",
    )
    .bind(owner.as_bytes())
    .bind(by.as_bytes())
    .fetch_one(db)
    .await?;
    if delegated {
        return Ok(());
    }
    Err(CommitError::Inconsistent(format!(
        "0x{} is neither owner 0x{} nor a delegate",
        hex::encode(by.0),
        hex::encode(owner.0)
    )))
}
