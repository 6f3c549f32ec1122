//! Who is admitted, with which roles, and which of them are suspended.

use assent_events::participants::{
    Approved, Event, Left, ProfileConfirmed, ProfileUpdated, Registered, Reinstated, RolesSet,
    Suspended,
};
use assent_events::{AccountId, Hash};

use super::{Moment, Stop, contradiction, hex};
use crate::rows::Rows;
use crate::table::tables;

tables! {
    /// Who registered.
    Current Participant in "participants" [account: AccountId] {
        profile: Hash,
        confirmed: Option<Hash>,
        roles: i32,
        suspended: i32,
        suspension_reason: Option<Hash>,
    }
}

fn account(event: &Event) -> AccountId {
    match event {
        Event::Registered(event) => event.account,
        Event::ProfileUpdated(event) => event.account,
        Event::Approved(event) => event.account,
        Event::ProfileConfirmed(event) => event.account,
        Event::RolesSet(event) => event.account,
        Event::Suspended(event) => event.account,
        Event::Reinstated(event) => event.account,
        Event::Left(event) => event.account,
    }
}

pub(super) fn want(event: &Event, rows: &mut Rows) {
    rows.want::<Participant>((account(event),));
}

pub(super) fn apply(event: &Event, Moment { at, .. }: Moment, rows: &mut Rows) -> Result<(), Stop> {
    let account = account(event);
    let before: Option<Participant> = rows.get((account,))?;
    let other_state =
        || contradiction(format!("participant {} is not there or in another state", hex(account)));
    let after = match (event, before) {
        (&Event::Registered(Registered { account, profile }), None) => Participant {
            account,
            profile,
            confirmed: None,
            roles: 0,
            suspended: 0,
            suspension_reason: None,
            at,
        },
        (&Event::Registered(_), Some(_)) | (_, None) => return other_state(),
        (&Event::ProfileUpdated(ProfileUpdated { account: _, profile }), Some(before)) => {
            // What was checked stays on record: the new profile is another one.
            Participant { profile, ..before }
        }
        (&Event::Approved(Approved { account: _, roles, profile, by: _ }), Some(before)) => {
            // A first approval, or one after leaving: it does not lift a suspension.
            if before.roles != 0 || before.profile != profile {
                return other_state();
            }
            Participant { roles: roles.into(), confirmed: Some(profile), ..before }
        }
        (
            &Event::ProfileConfirmed(ProfileConfirmed { account: _, profile, by: _ }),
            Some(before),
        ) => {
            // Only of somebody who was approved, and of a profile that was not checked before.
            let unconfirmed = before.confirmed.is_some_and(|confirmed| confirmed != profile);
            if !unconfirmed || before.profile != profile {
                return other_state();
            }
            Participant { confirmed: Some(profile), ..before }
        }
        (&Event::RolesSet(RolesSet { account: _, roles, by: _ }), Some(before)) => {
            // An administrator who hands over may be left without a role.
            if before.roles == 0 {
                return other_state();
            }
            Participant { roles: roles.into(), ..before }
        }
        (&Event::Suspended(Suspended { account: _, roles, reason, by: _ }), Some(before)) => {
            let roles = i32::from(roles);
            if roles == 0 || before.suspended & roles != 0 {
                return other_state();
            }
            let suspended = before.suspended | roles;
            Participant { suspended, suspension_reason: Some(reason), ..before }
        }
        (&Event::Reinstated(Reinstated { account: _, roles, by: _ }), Some(before)) => {
            let roles = i32::from(roles);
            if roles == 0 || before.suspended & roles != roles {
                return other_state();
            }
            let suspended = before.suspended & !roles;
            let suspension_reason = before.suspension_reason.filter(|_| suspended != 0);
            Participant { suspended, suspension_reason, ..before }
        }
        (&Event::Left(Left { account: _ }), Some(before)) => {
            // What is suspended stays so: nobody leaves the black list.
            if before.roles == 0 {
                return other_state();
            }
            Participant { roles: 0, ..before }
        }
    };
    rows.put(after)
}
