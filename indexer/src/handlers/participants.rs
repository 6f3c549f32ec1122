//! Who is admitted, with which roles, and who is suspended.

use assent_client::{Account, Hash};
use serde::Deserialize;
use serde_json::Value;
use sqlx::PgConnection;

use super::{CommitError, Position, ProcessError, one_row, typed};
use crate::types::Int;

/// The events of the participants contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// An account asked for admission.
    Registered(Profile),
    /// A participant replaced its profile.
    ProfileUpdated(Profile),
    /// A regulator admitted an account with its roles.
    Approved(Roles),
    /// A participant's roles were replaced.
    RolesSet(Roles),
    /// A regulator suspended an account.
    Suspended(Suspended),
    /// A regulator lifted a suspension.
    Reinstated(OfAccount),
    /// A participant gave up all its roles.
    Left(OfAccount),
}

/// Fields of `Registered` and `ProfileUpdated`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Profile {
    account: Account,
    profile: Hash,
}

/// Fields of `Approved` and `RolesSet`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Roles {
    account: Account,
    roles: Int<u16>,
}

/// Fields of `Suspended`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Suspended {
    account: Account,
    reason: Hash,
}

/// Fields of `Reinstated` and `Left`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct OfAccount {
    account: Account,
}

/// Types an event; `None` for one that changes nothing here.
///
/// Errors: [`ProcessError`] names the field.
pub fn process(name: &str, fields: &Value) -> Result<Option<Event>, ProcessError> {
    Ok(Some(match name {
        "Registered" => Event::Registered(typed(name, fields)?),
        "ProfileUpdated" => Event::ProfileUpdated(typed(name, fields)?),
        "Approved" => Event::Approved(typed(name, fields)?),
        "RolesSet" => Event::RolesSet(typed(name, fields)?),
        "Suspended" => Event::Suspended(typed(name, fields)?),
        "Reinstated" => Event::Reinstated(typed(name, fields)?),
        "Left" => Event::Left(typed(name, fields)?),
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
        let (done, account) = match self {
            Event::Registered(event) => {
                let insert = "insert into participants \
                     (account, profile, roles, status, block_number, event_index) \
                     values ($1, $2, 0, 'pending', $3, $4)";
                let query = sqlx::query(insert)
                    .bind(event.account.as_bytes())
                    .bind(event.profile.as_bytes())
                    .bind(at.block_number)
                    .bind(at.event_index);
                (query.execute(db).await?, event.account)
            }
            Event::ProfileUpdated(event) => {
                let update = "update participants set profile = $2, \
                     block_number = $3, event_index = $4 where account = $1";
                let query = sqlx::query(update)
                    .bind(event.account.as_bytes())
                    .bind(event.profile.as_bytes())
                    .bind(at.block_number)
                    .bind(at.event_index);
                (query.execute(db).await?, event.account)
            }
            Event::Approved(event) => {
                // A first approval, or one after leaving: it does not lift a suspension.
                let update = "update participants set roles = $2, \
                     status = case when status = 'suspended' then 'suspended' else 'active' end, \
                     block_number = $3, event_index = $4 where account = $1 and roles = 0";
                let query = sqlx::query(update)
                    .bind(event.account.as_bytes())
                    .bind(i32::from(event.roles.0))
                    .bind(at.block_number)
                    .bind(at.event_index);
                (query.execute(db).await?, event.account)
            }
            Event::RolesSet(event) => {
                // An administrator who hands over may be left without a role: then he is pending.
                let update = "update participants set roles = $2, \
                     status = case when status = 'active' and $2 = 0 then 'pending' else status end, \
                     block_number = $3, event_index = $4 where account = $1 and roles <> 0";
                let query = sqlx::query(update)
                    .bind(event.account.as_bytes())
                    .bind(i32::from(event.roles.0))
                    .bind(at.block_number)
                    .bind(at.event_index);
                (query.execute(db).await?, event.account)
            }
            Event::Suspended(event) => {
                let update = "update participants set status = 'suspended', \
                     suspension_reason = $2, block_number = $3, event_index = $4 \
                     where account = $1 and status <> 'suspended'";
                let query = sqlx::query(update)
                    .bind(event.account.as_bytes())
                    .bind(event.reason.as_bytes())
                    .bind(at.block_number)
                    .bind(at.event_index);
                (query.execute(db).await?, event.account)
            }
            Event::Reinstated(event) => {
                // Whoever holds no role waits for an approval again.
                let update = "update participants set \
                     status = case when roles = 0 then 'pending' else 'active' end, \
                     suspension_reason = null, block_number = $2, event_index = $3 \
                     where account = $1 and status = 'suspended'";
                let query = sqlx::query(update)
                    .bind(event.account.as_bytes())
                    .bind(at.block_number)
                    .bind(at.event_index);
                (query.execute(db).await?, event.account)
            }
            Event::Left(event) => {
                // Nobody leaves the black list.
                let update = "update participants set roles = 0, status = 'pending', \
                     block_number = $2, event_index = $3 \
                     where account = $1 and status = 'active'";
                let query = sqlx::query(update)
                    .bind(event.account.as_bytes())
                    .bind(at.block_number)
                    .bind(at.event_index);
                (query.execute(db).await?, event.account)
            }
        };
        one_row(done, || {
            format!("participant 0x{} is not there or in another state", hex::encode(account.0))
        })
    }
}
