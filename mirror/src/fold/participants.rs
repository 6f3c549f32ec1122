//! Who is admitted, with which roles, which of them are suspended, who acts for whom, and by which key.

mod keys;
mod mandates;

use assent_events::participants::{
    Approved, Event, GuardianAppointed, GuardiansChanged, KeyReplaced, Left, MandateEnded,
    MemberAdmitted, ProfileConfirmed, ProfileUpdated, Registered, Reinstated, ReplacementConfirmed,
    ReplacementObjected, ReplacementProposed, ReplacementRejected, RolesSet, SuccessionCancelled,
    SuccessorNamed, Suspended,
};
use assent_events::{AccountId, Hash};

use super::{Moment, Stop, contradiction, hex};
use crate::column::words;
use crate::rows::Rows;
use crate::table::tables;

words! {
    /// What became of a key that was to act for somebody.
    Ending {
        /// It does.
        Accepted = "accepted",
        /// He who had named it took it back.
        Cancelled = "cancelled",
        /// A regulator ended it.
        Rejected = "rejected",
    }
}

tables! {
    /// Who registered.
    Current Participant in "participants" [account: AccountId] {
        profile: Hash,
        confirmed: Option<Hash>,
        roles: i32,
        suspended: i32,
        suspension_reason: Option<Hash>,
        guardianship: i64,
        key: Option<AccountId>,
    }

    /// A guardian of a ward was dismissed, or his time was cut short.
    Log Guardianship in "guardianships" [ward: AccountId, guardianship: i64] {
        began_at_ms: i64,
    }

    /// Who acts for whom, and what he may do.
    Current Mandate in "mandates" [subject: AccountId, agent: AccountId] {
        powers: i32,
        valid_until_ms: i64,
        person: Hash,
        appointed_by: Option<AccountId>,
        admitted_at_ms: i64,
        ended_at_ms: Option<i64>,
        ended_by: Option<AccountId>,
    }

    /// A key that replaced another, or was replaced, and for whom it acts, or acted.
    Current ParticipantKey in "participant_keys" [key: AccountId] {
        subject: AccountId,
        accepted_at_ms: Option<i64>,
        replaced_at_ms: Option<i64>,
    }

    /// The key that was named last for somebody.
    Current Succession in "successions" [subject: AccountId] {
        successor: AccountId,
        proposed_by: Option<AccountId>,
        evidence: Option<Hash>,
        named_at_ms: i64,
        not_before_ms: u64,
        until_ms: u64,
        objected_at_ms: Option<i64>,
        confirmed_at_ms: Option<i64>,
        confirmed_by: Option<AccountId>,
        ended_at_ms: Option<i64>,
        ending: Option<Ending>,
        rejected_by: Option<AccountId>,
    }
}

pub(super) fn want(event: &Event, rows: &mut Rows) {
    match *event {
        Event::Registered(Registered { account, .. })
        | Event::ProfileUpdated(ProfileUpdated { account, .. })
        | Event::Approved(Approved { account, .. })
        | Event::ProfileConfirmed(ProfileConfirmed { account, .. })
        | Event::RolesSet(RolesSet { account, .. })
        | Event::Suspended(Suspended { account, .. })
        | Event::Reinstated(Reinstated { account, .. })
        | Event::Left(Left { account })
        | Event::GuardiansChanged(GuardiansChanged { ward: account, .. }) => {
            rows.want::<Participant>((account,));
        }
        Event::MemberAdmitted(MemberAdmitted { organisation, agent, .. }) => {
            rows.want::<Mandate>((organisation, agent));
        }
        Event::GuardianAppointed(GuardianAppointed { ward, guardian, .. }) => {
            rows.want::<Mandate>((ward, guardian));
        }
        Event::MandateEnded(MandateEnded { subject, agent, .. }) => {
            rows.want::<Mandate>((subject, agent));
        }
        Event::SuccessorNamed(SuccessorNamed { subject, .. })
        | Event::ReplacementProposed(ReplacementProposed { subject, .. })
        | Event::SuccessionCancelled(SuccessionCancelled { subject, .. })
        | Event::ReplacementObjected(ReplacementObjected { subject, .. })
        | Event::ReplacementConfirmed(ReplacementConfirmed { subject, .. })
        | Event::ReplacementRejected(ReplacementRejected { subject, .. }) => {
            rows.want::<Succession>((subject,));
        }
        Event::KeyReplaced(KeyReplaced { subject, from, to }) => {
            rows.want::<Participant>((subject,));
            rows.want::<Succession>((subject,));
            rows.want::<ParticipantKey>((from,));
            rows.want::<ParticipantKey>((to,));
        }
    }
}

pub(super) fn apply(event: &Event, moment: Moment, rows: &mut Rows) -> Result<(), Stop> {
    match *event {
        Event::Registered(Registered { account, profile }) => {
            let row = Participant {
                account,
                profile,
                confirmed: None,
                roles: 0,
                suspended: 0,
                suspension_reason: None,
                guardianship: 0,
                key: None,
                at: moment.at,
            };
            rows.insert(row, || other_state(account))
        }
        Event::ProfileUpdated(ProfileUpdated { account, profile }) => {
            // What was checked stays on record: the new profile is another one.
            change(account, rows, |before| Some(Participant { profile, ..before }))
        }
        Event::Approved(Approved { account, roles, profile, by: _ }) => {
            change(account, rows, |before| {
                // A first approval, or one after leaving: it does not lift a suspension.
                let fits = before.roles == 0 && before.profile == profile;
                let (roles, confirmed) = (roles.into(), Some(profile));
                fits.then_some(Participant { roles, confirmed, ..before })
            })
        }
        Event::ProfileConfirmed(ProfileConfirmed { account, profile, by: _ }) => {
            change(account, rows, |before| {
                // Only of somebody who was approved, and of a profile that was not checked before.
                let unconfirmed = before.confirmed.is_some_and(|confirmed| confirmed != profile);
                let fits = unconfirmed && before.profile == profile;
                fits.then_some(Participant { confirmed: Some(profile), ..before })
            })
        }
        Event::RolesSet(RolesSet { account, roles, by: _ }) => {
            change(account, rows, |before| {
                // An administrator who hands over may be left without a role.
                let fits = before.roles != 0;
                fits.then_some(Participant { roles: roles.into(), ..before })
            })
        }
        Event::Suspended(Suspended { account, roles, reason, by: _ }) => {
            change(account, rows, |before| {
                let roles = i32::from(roles);
                let fits = roles != 0 && before.suspended & roles == 0;
                let suspended = before.suspended | roles;
                let suspension_reason = Some(reason);
                fits.then_some(Participant { suspended, suspension_reason, ..before })
            })
        }
        Event::Reinstated(Reinstated { account, roles, by: _ }) => {
            change(account, rows, |before| {
                let roles = i32::from(roles);
                let fits = roles != 0 && before.suspended & roles == roles;
                let suspended = before.suspended & !roles;
                let suspension_reason = before.suspension_reason.filter(|_| suspended != 0);
                fits.then_some(Participant { suspended, suspension_reason, ..before })
            })
        }
        Event::Left(Left { account }) => {
            change(account, rows, |before| {
                // What is suspended stays so: nobody leaves the black list.
                let fits = before.roles != 0;
                fits.then_some(Participant { roles: 0, ..before })
            })
        }
        Event::MemberAdmitted(ref event) => mandates::admitted(event, moment, rows),
        Event::GuardianAppointed(ref event) => mandates::appointed(event, moment, rows),
        Event::GuardiansChanged(ref event) => mandates::guardians_changed(event, moment, rows),
        Event::MandateEnded(ref event) => mandates::ended(event, moment, rows),
        Event::SuccessorNamed(ref event) => keys::named(event, moment, rows),
        Event::ReplacementProposed(ref event) => keys::proposed(event, moment, rows),
        Event::SuccessionCancelled(ref event) => keys::cancelled(event, moment, rows),
        Event::ReplacementObjected(ref event) => keys::objected(event, moment, rows),
        Event::ReplacementConfirmed(ref event) => keys::confirmed(event, moment, rows),
        Event::ReplacementRejected(ref event) => keys::rejected(event, moment, rows),
        Event::KeyReplaced(ref event) => keys::replaced(event, moment, rows),
    }
}

/// Changes the row of an account, which must be there and in a state that is changed so.
fn change(
    account: AccountId,
    rows: &mut Rows,
    after: impl FnOnce(Participant) -> Option<Participant>,
) -> Result<(), Stop> {
    let before: Participant = rows.find((account,), || other_state(account))?;
    match after(before) {
        Some(after) => rows.put(after),
        None => contradiction(other_state(account)),
    }
}

fn other_state(account: AccountId) -> String {
    format!("participant {} is not there or in another state", hex(account))
}

#[cfg(test)]
mod tests;
