//! Consent: grants, denials, delegates, emergencies, and the log of access decisions.

pub mod delegates;
pub mod denials;
pub mod emergency;
pub mod grants;
pub mod log;

use assent_events::AccountId;
use assent_events::consent::Event;
use sqlx::PgConnection;

use super::{Commit, CommitError, Position};

impl Commit for Event {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
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
async fn present_epoch(owner: AccountId, db: &mut PgConnection) -> Result<i64, CommitError> {
    let epoch: Option<i64> = sqlx::query_scalar("select epoch from owner_epochs where owner = $1")
        .bind(owner.0)
        .fetch_optional(db)
        .await?;
    Ok(epoch.unwrap_or(0))
}

/// What is given belongs to the owner's present epoch.
async fn check_epoch(
    owner: AccountId,
    epoch: u32,
    db: &mut PgConnection,
) -> Result<(), CommitError> {
    let present = present_epoch(owner, db).await?;
    if i64::from(epoch) == present {
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
    owner: AccountId,
    by: AccountId,
    db: &mut PgConnection,
) -> Result<(), CommitError> {
    if by == owner {
        return Ok(());
    }
    let delegated: bool = sqlx::query_scalar(
        "select exists(select from delegations \
         where owner = $1 and delegate = $2 and ended is null)",
    )
    .bind(owner.0)
    .bind(by.0)
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
