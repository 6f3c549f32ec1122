//! Who is admitted, with which roles, and who is suspended.

use assent_events::participants::{
    Approved, Event, Left, ProfileUpdated, Registered, Reinstated, RolesSet, Suspended,
};
use assent_events::{AccountId, Hash};

use super::{Moment, Stop, contradiction, hex};
use crate::column::words;
use crate::rows::Rows;
use crate::table::tables;

words! {
    /// What a participant is.
    Status {
        /// It holds no role yet, or no longer.
        Pending = "pending",
        /// It acts.
        Active = "active",
        /// It is on the black list.
        Suspended = "suspended",
    }
}

tables! {
    /// Who registered.
    Current Participant in "participants" [account: AccountId] {
        profile: Hash,
        roles: i32,
        status: Status,
        suspension_reason: Option<Hash>,
    }
}

fn account(event: &Event) -> AccountId {
    match event {
        Event::Registered(event) => event.account,
        Event::ProfileUpdated(event) => event.account,
        Event::Approved(event) => event.account,
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
    use Status::{Active, Pending, Suspended as Listed};
    let account = account(event);
    let before: Option<Participant> = rows.get((account,))?;
    let other_state =
        || contradiction(format!("participant {} is not there or in another state", hex(account)));
    let after = match (event, before) {
        (&Event::Registered(Registered { account, profile }), None) => {
            Participant { account, profile, roles: 0, status: Pending, suspension_reason: None, at }
        }
        (&Event::Registered(_), Some(_)) | (_, None) => return other_state(),
        (&Event::ProfileUpdated(ProfileUpdated { account: _, profile }), Some(before)) => {
            Participant { profile, ..before }
        }
        (&Event::Approved(Approved { account: _, roles, by: _ }), Some(before)) => {
            // A first approval, or one after leaving: it does not lift a suspension.
            if before.roles != 0 {
                return other_state();
            }
            let status = if before.status == Listed { Listed } else { Active };
            Participant { roles: roles.into(), status, ..before }
        }
        (&Event::RolesSet(RolesSet { account: _, roles, by: _ }), Some(before)) => {
            if before.roles == 0 {
                return other_state();
            }
            // An administrator who hands over may be left without a role: then he is pending.
            let status =
                if before.status == Active && roles == 0 { Pending } else { before.status };
            Participant { roles: roles.into(), status, ..before }
        }
        (&Event::Suspended(Suspended { account: _, reason, by: _ }), Some(before)) => {
            if before.status == Listed {
                return other_state();
            }
            Participant { status: Listed, suspension_reason: Some(reason), ..before }
        }
        (&Event::Reinstated(Reinstated { account: _, by: _ }), Some(before)) => {
            if before.status != Listed {
                return other_state();
            }
            // Whoever holds no role waits for an approval again.
            let status = if before.roles == 0 { Pending } else { Active };
            Participant { status, suspension_reason: None, ..before }
        }
        (&Event::Left(Left { account: _ }), Some(before)) => {
            // Nobody leaves the black list.
            if before.status != Active {
                return other_state();
            }
            Participant { roles: 0, status: Pending, ..before }
        }
    };
    rows.put(after)
}
