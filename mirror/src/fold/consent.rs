//! Consent: grants, denials, restrictions, delegates, emergencies, and the log of access decisions.
//!
//! An owner who revokes everything begins an epoch. That is one row however much was given: a grant or
//! delegation of an epoch counts as long as there is no row for the next one. So it is for a delegate who
//! is removed with all that he gave: his row holds the number up to which his grants for the owner are
//! revoked.
//!
//! What a guardian did for an owner names him in its own event, or in the one that follows. That he was one
//! then is in the rows of another projection, and asked of all of them together, by
//! [the invariants](crate::INVARIANTS).

mod choices;
mod delegates;
mod denials;
mod emergency;
mod grants;
mod log;

use assent_events::consent::{
    AccessDecided, AllRevoked, Amended, BarLifted, DelegateRemoved, DelegateSet, DenialLifted,
    Denied, EmergenciesAllowed, EmergenciesRefused, EmergencyBarred, Event, Excepted, GlassBroken,
    GlassClosed, GlassReviewed, Granted, GuardianDenialLifted, GuardianDenied, GuardianGranted,
    GuardianRestricted, LinkErased, Restricted, RestrictionLifted, Revoked, SuspensionProposed,
};
use assent_events::{AccountId, Decision, DenyReason, Event as Any, Hash, Outcome, SanctionReason};

use super::{Moment, Stop, bigint, contradiction, hex};
use crate::column::{Singleton, words};
use crate::rows::Rows;
use crate::table::tables;

words! {
    /// How a delegation ended by itself.
    Ended {
        /// The owner took it back.
        Removed = "removed",
    }
}

tables! {
    /// Everything of an owner's epoch before was revoked.
    Log Epoch in "owner_epochs" [owner: AccountId, epoch: i64] {
        began_at_ms: i64,
        began_by: AccountId,
    }

    /// A delegate of an owner was removed with the grants that he had given.
    Log DelegateRevocation in "delegate_revocations"
        [owner: AccountId, delegate: AccountId, revoked_up_to: i64] {
        revoked_after: i64,
        revoked_at_ms: i64,
        revoked_by: AccountId,
    }

    /// Who may use whose data, for what, when and how often.
    Current Grant in "grants" [id: i64] {
        owner: AccountId,
        grantee: AccountId,
        purposes: i64,
        categories: i64,
        valid_from_ms: u64,
        valid_until_ms: u64,
        max_uses: Option<i64>,
        uses: i64,
        record: Option<Hash>,
        link_erased: bool,
        policy: Hash,
        version: i64,
        epoch: i64,
        granted_by: AccountId,
        guardianship: Option<i64>,
        amended_by: Option<AccountId>,
        amended_at_ms: Option<i64>,
        revoked_at_ms: Option<i64>,
        revoked_by: Option<AccountId>,
    }

    /// What an owner, or a guardian for him, denied a requester explicitly for one purpose.
    Current Denial in "denials" [owner: AccountId, requester: AccountId, purpose: i16] {
        categories: i64,
        by_guardians: i64,
        denied_at_ms: i64,
        lifted_at_ms: Option<i64>,
    }

    /// What an owner, or a guardian for him, denies everybody, with exceptions.
    Current Restriction in "restrictions" [owner: AccountId] {
        number: i64,
        purposes: i64,
        categories: i64,
        restricted_at_ms: i64,
        restricted_by: AccountId,
        lifted_at_ms: Option<i64>,
        lifted_by: Option<AccountId>,
    }

    /// Whom a restriction does not concern.
    Current Exception in "restriction_exceptions" [owner: AccountId, account: AccountId] {
        restriction: i64,
    }

    /// Who may grant, amend and revoke for an owner.
    Current Delegation in "delegations" [owner: AccountId, delegate: AccountId] {
        purposes: i64,
        categories: i64,
        valid_until_ms: u64,
        epoch: i64,
        ended: Option<Ended>,
        revoked_up_to: Option<i64>,
    }

    /// A provider opened a patient's data without a grant.
    Current Window in "emergency_windows" [id: i64] {
        patient: AccountId,
        provider: AccountId,
        opened_by: AccountId,
        person: Option<Hash>,
        justification: Hash,
        opened_at_ms: i64,
        until_ms: i64,
        review_by_ms: i64,
        closed_at_ms: Option<i64>,
        closed_by: Option<AccountId>,
        outcome: Option<Outcome>,
        reviewed_at_ms: Option<i64>,
        reviewed_by: Option<AccountId>,
        uses: i64,
    }

    /// The suspension of a provider was proposed.
    Log Sanction in "sanctions" [window_id: i64] {
        provider: AccountId,
        reason: SanctionReason,
        proposed_at_ms: i64,
    }

    /// A key may open no window.
    Current Bar in "emergency_bars" [key: AccountId] {
        window_id: i64,
        barred_at_ms: i64,
        lifted_at_ms: Option<i64>,
        lifted_by: Option<AccountId>,
    }

    /// An owner wants no emergency access.
    Current EmergencyRefusal in "emergency_refusals" [owner: AccountId] {
        refused_at_ms: i64,
        allowed_at_ms: Option<i64>,
        allowed_by: Option<AccountId>,
    }

    /// An access was decided.
    Log Access in "access_log" [access: i64] {
        owner: AccountId,
        requester: AccountId,
        asked_by: AccountId,
        person: Option<Hash>,
        sequence: i64,
        purpose: i16,
        category: i16,
        record: Option<Hash>,
        grant_id: Option<i64>,
        window_id: Option<i64>,
        permitted: bool,
        deny_reason: Option<DenyReason>,
        at_ms: i64,
        previous_head: Hash,
        content: Hash,
        head: Hash,
    }

    /// The last entry of an owner's log.
    Current LogHead in "log_heads" [owner: AccountId] {
        sequence: i64,
        head: Hash,
    }

    /// The last refusal of an account that was never admitted.
    Current Outsiders in "outsider_refusals" [singleton: Singleton] {
        sequence: i64,
        head: Hash,
        at_ms: i64,
    }
}

pub(super) fn want(event: &Event, rows: &mut Rows) {
    match *event {
        Event::Granted(Granted { grant, owner, epoch, by, .. }) => {
            want_grant(grant, rows);
            want_present(owner, epoch.into(), rows);
            want_actor(owner, by, rows);
        }
        Event::Amended(Amended { grant, owner, by, .. })
        | Event::Revoked(Revoked { grant, owner, by, .. }) => {
            want_grant(grant, rows);
            want_first_epoch(owner, rows);
            want_actor(owner, by, rows);
        }
        Event::AllRevoked(AllRevoked { owner, epoch, .. }) => {
            want_present(owner, i64::from(epoch) - 1, rows);
        }
        Event::LinkErased(LinkErased { grant, owner: _ })
        | Event::GuardianGranted(GuardianGranted { grant, .. }) => want_grant(grant, rows),
        Event::Denied(Denied { owner, requester, purposes, .. })
        | Event::DenialLifted(DenialLifted { owner, requester, purposes, .. })
        | Event::GuardianDenied(GuardianDenied { owner, requester, purposes, .. })
        | Event::GuardianDenialLifted(GuardianDenialLifted {
            owner, requester, purposes, ..
        }) => {
            for purpose in denials::indices(purposes) {
                rows.want::<Denial>((owner, requester, purpose));
            }
        }
        Event::DelegateSet(DelegateSet { owner, delegate, epoch, .. }) => {
            want_present(owner, epoch.into(), rows);
            rows.want::<Delegation>((owner, delegate));
        }
        Event::DelegateRemoved(DelegateRemoved { owner, delegate, revoked_up_to: _ }) => {
            rows.want::<Delegation>((owner, delegate));
        }
        Event::GlassBroken(GlassBroken { window, .. })
        | Event::GlassClosed(GlassClosed { window, .. })
        | Event::GlassReviewed(GlassReviewed { window, .. })
        | Event::SuspensionProposed(SuspensionProposed { window, .. }) => {
            want_window(window, rows);
        }
        Event::EmergencyBarred(EmergencyBarred { key, window, .. }) => {
            rows.want::<Bar>((key,));
            want_window(window, rows);
        }
        Event::BarLifted(BarLifted { key, .. }) => rows.want::<Bar>((key,)),
        Event::EmergenciesRefused(EmergenciesRefused { owner, .. })
        | Event::EmergenciesAllowed(EmergenciesAllowed { owner, .. }) => {
            rows.want::<EmergencyRefusal>((owner,));
        }
        Event::Restricted(Restricted { owner, .. })
        | Event::GuardianRestricted(GuardianRestricted { owner, .. })
        | Event::RestrictionLifted(RestrictionLifted { owner, .. }) => {
            rows.want::<Restriction>((owner,));
        }
        Event::Excepted(Excepted { owner, account }) => {
            rows.want::<Restriction>((owner,));
            rows.want::<Exception>((owner, account));
        }
        Event::OutsiderRefused(_) => rows.want::<Outsiders>((Singleton,)),
        Event::AccessDecided(AccessDecided { owner, grant, window, decision, .. }) => {
            rows.want::<LogHead>((owner,));
            // A refusal names the grant that did not do, and changes nothing of it.
            if decision == Decision::Permit {
                if let Some(grant) = grant {
                    want_grant(grant, rows);
                    want_first_epoch(owner, rows);
                }
                if let Some(window) = window {
                    want_window(window, rows);
                }
            }
        }
        // It is part of what the event before it says.
        Event::GuardianActed(_) => {}
    }
}

pub(super) fn apply(event: &Event, moment: Moment, rows: &mut Rows) -> Result<(), Stop> {
    let at = moment.at;
    match event {
        Event::Granted(event) => grants::granted(event, moment, rows),
        Event::GuardianGranted(event) => grants::granted_by_guardian(event, rows),
        Event::Amended(event) => grants::amended(event, rows),
        Event::Revoked(event) => grants::revoked(event, rows),
        Event::AllRevoked(event) => grants::all_revoked(event, moment, rows),
        Event::LinkErased(event) => grants::link_erased(event, rows),
        Event::Denied(event) => denials::denied(event, at, rows),
        Event::GuardianDenied(event) => denials::denied_by_guardian(event, at, rows),
        Event::DenialLifted(event) => denials::lifted(event, rows),
        Event::GuardianDenialLifted(event) => denials::lifted_by_guardian(event, rows),
        Event::DelegateSet(event) => delegates::set(event, at, rows),
        Event::DelegateRemoved(event) => delegates::removed(event, moment, rows),
        Event::GlassBroken(event) => emergency::broken(event, at, rows),
        Event::GlassClosed(event) => emergency::closed(event, rows),
        Event::GlassReviewed(event) => emergency::reviewed(event, rows),
        Event::SuspensionProposed(event) => emergency::proposed(event, at, rows),
        Event::EmergencyBarred(event) => emergency::barred(event, at, rows),
        Event::BarLifted(event) => emergency::bar_lifted(event, rows),
        Event::EmergenciesRefused(event) => choices::emergencies_refused(event, at, rows),
        Event::EmergenciesAllowed(event) => choices::emergencies_allowed(event, moment, rows),
        Event::Restricted(event) => choices::restricted(event, at, rows),
        Event::GuardianRestricted(event) => choices::restricted_by_guardian(event, at, rows),
        Event::Excepted(event) => choices::excepted(event, at, rows),
        Event::RestrictionLifted(event) => choices::restriction_lifted(event, moment, rows),
        Event::AccessDecided(event) => log::decided(event, at, rows),
        Event::OutsiderRefused(event) => log::outsider_refused(event, at, rows),
        // It is part of what the event before it says.
        Event::GuardianActed(_) => Ok(()),
    }
}

/// A number that is no bigint is for [`apply`] to refuse.
fn want_grant(grant: u64, rows: &mut Rows) {
    if let Ok(id) = bigint(grant, "grant") {
        rows.want::<Grant>((id,));
    }
}

fn want_window(window: u64, rows: &mut Rows) {
    if let Ok(id) = bigint(window, "window") {
        rows.want::<Window>((id,));
    }
}

/// What [`is_present`] reads.
fn want_present(owner: AccountId, epoch: i64, rows: &mut Rows) {
    rows.want::<Epoch>((owner, epoch));
    rows.want::<Epoch>((owner, epoch.saturating_add(1)));
}

/// What says whether something given is over, if it was given in epoch 0 as most is: the event does not
/// tell its epoch.
fn want_first_epoch(owner: AccountId, rows: &mut Rows) {
    rows.want::<Epoch>((owner, 1));
}

fn want_actor(owner: AccountId, by: AccountId, rows: &mut Rows) {
    if by != owner {
        rows.want::<Delegation>((owner, by));
        want_first_epoch(owner, rows);
    }
}

/// Whether an owner ever came to this epoch; every owner began in epoch 0.
fn has_begun(owner: AccountId, epoch: i64, rows: &mut Rows) -> Result<bool, Stop> {
    Ok(epoch == 0 || rows.get::<Epoch>((owner, epoch))?.is_some())
}

/// Whether what was given in this epoch of an owner no longer counts.
fn is_over(owner: AccountId, epoch: i64, rows: &mut Rows) -> Result<bool, Stop> {
    has_begun(owner, epoch.saturating_add(1), rows)
}

/// Whether an owner is in this epoch.
fn is_present(owner: AccountId, epoch: i64, rows: &mut Rows) -> Result<bool, Stop> {
    Ok(has_begun(owner, epoch, rows)? && !is_over(owner, epoch, rows)?)
}

/// What is given belongs to the owner's present epoch.
fn check_epoch(owner: AccountId, epoch: i64, rows: &mut Rows) -> Result<(), Stop> {
    if is_present(owner, epoch, rows)? {
        return Ok(());
    }
    contradiction(format!(
        "it is given in epoch {epoch} of owner {}, who is in another",
        hex(owner)
    ))
}

/// Who did it for an owner, of what does not say so: a guardian, when the next event says so, or else he
/// himself.
fn actor(owner: AccountId, next: Option<&Any>) -> AccountId {
    match next {
        Some(Any::Consent(Event::GuardianActed(acted))) if acted.owner == owner => acted.guardian,
        _ => owner,
    }
}

/// Who grants and is no guardian is the owner, or a delegate whose delegation was not ended. When a
/// delegation expires is the contract's to judge. Whether a guardian or a delegate amends or revokes cannot
/// be told here.
fn check_delegate(owner: AccountId, by: AccountId, rows: &mut Rows) -> Result<(), Stop> {
    if by == owner {
        return Ok(());
    }
    if let Some(delegation) = rows.get::<Delegation>((owner, by))?
        && delegation.ended.is_none()
        && !is_over(owner, delegation.epoch, rows)?
    {
        return Ok(());
    }
    contradiction(format!("{} is neither owner {} nor a delegate", hex(by), hex(owner)))
}

#[cfg(test)]
mod tests;
