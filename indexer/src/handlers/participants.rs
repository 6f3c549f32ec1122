//! Who is admitted, with which roles, and who is suspended.

use assent_events::participants::{
    Approved, Event, Left, ProfileUpdated, Registered, Reinstated, RolesSet, Suspended,
};
use sqlx::PgConnection;

use super::{Commit, CommitError, Position, one_row};

impl Commit for Event {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let (done, account) = match *self {
            Event::Registered(Registered { account, profile }) => {
                let insert = "insert into participants \
                     (account, profile, roles, status, block_number, event_index) \
                     values ($1, $2, 0, 'pending', $3, $4)";
                let query = sqlx::query(insert)
                    .bind(account.0)
                    .bind(profile)
                    .bind(at.block_number)
                    .bind(at.event_index);
                (query.execute(db).await?, account)
            }
            Event::ProfileUpdated(ProfileUpdated { account, profile }) => {
                let update = "update participants set profile = $2, \
                     block_number = $3, event_index = $4 where account = $1";
                let query = sqlx::query(update)
                    .bind(account.0)
                    .bind(profile)
                    .bind(at.block_number)
                    .bind(at.event_index);
                (query.execute(db).await?, account)
            }
            Event::Approved(Approved { account, roles, by: _ }) => {
                // A first approval, or one after leaving: it does not lift a suspension.
                let update = "update participants set roles = $2, \
                     status = case when status = 'suspended' then 'suspended' else 'active' end, \
                     block_number = $3, event_index = $4 where account = $1 and roles = 0";
                let query = sqlx::query(update)
                    .bind(account.0)
                    .bind(i32::from(roles))
                    .bind(at.block_number)
                    .bind(at.event_index);
                (query.execute(db).await?, account)
            }
            Event::RolesSet(RolesSet { account, roles, by: _ }) => {
                // An administrator who hands over may be left without a role: then he is pending.
                let update = "update participants set roles = $2, \
                     status = case when status = 'active' and $2 = 0 then 'pending' else status end, \
                     block_number = $3, event_index = $4 where account = $1 and roles <> 0";
                let query = sqlx::query(update)
                    .bind(account.0)
                    .bind(i32::from(roles))
                    .bind(at.block_number)
                    .bind(at.event_index);
                (query.execute(db).await?, account)
            }
            Event::Suspended(Suspended { account, reason, by: _ }) => {
                let update = "update participants set status = 'suspended', \
                     suspension_reason = $2, block_number = $3, event_index = $4 \
                     where account = $1 and status <> 'suspended'";
                let query = sqlx::query(update)
                    .bind(account.0)
                    .bind(reason)
                    .bind(at.block_number)
                    .bind(at.event_index);
                (query.execute(db).await?, account)
            }
            Event::Reinstated(Reinstated { account, by: _ }) => {
                // Whoever holds no role waits for an approval again.
                let update = "update participants set \
                     status = case when roles = 0 then 'pending' else 'active' end, \
                     suspension_reason = null, block_number = $2, event_index = $3 \
                     where account = $1 and status = 'suspended'";
                let query =
                    sqlx::query(update).bind(account.0).bind(at.block_number).bind(at.event_index);
                (query.execute(db).await?, account)
            }
            Event::Left(Left { account }) => {
                // Nobody leaves the black list.
                let update = "update participants set roles = 0, status = 'pending', \
                     block_number = $2, event_index = $3 \
                     where account = $1 and status = 'active'";
                let query =
                    sqlx::query(update).bind(account.0).bind(at.block_number).bind(at.event_index);
                (query.execute(db).await?, account)
            }
        };
        one_row(done, || {
            format!("participant 0x{} is not there or in another state", hex::encode(account.0))
        })
    }
}
