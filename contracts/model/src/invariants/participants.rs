//! What holds in participants.

use crate::{
    role::{ALL, DATA_OWNER, REGULATOR},
    Status, World, ZERO,
};
use std::collections::{BTreeMap, BTreeSet};

impl World {
    pub(super) fn participants_hold(&self) -> Result<(), String> {
        let p = &self.participants;
        let administrator = p.governance.administrator;
        hold!(p.has_role(&administrator, REGULATOR), "the administrator is no active regulator");
        let listed: BTreeSet<_> = p.list.iter().collect();
        hold!(listed.len() == p.list.len(), "an account is listed twice");
        hold!(listed.iter().copied().eq(p.participants.keys()), "the list is not of all");

        for (account, participant) in &p.participants {
            let (held, suspended) = (participant.roles, participant.suspended);
            hold!((held | suspended) & !ALL == 0, "unknown roles: {participant:?}");
            hold!(suspended & DATA_OWNER == 0, "a suspended data owner: {participant:?}");
            let mut counts = 0;
            for role in (0..16).map(|bit| 1 << bit) {
                let passes = p.has_role(account, role);
                hold!(!passes || held & role != 0, "passes as {role}: {participant:?}");
                hold!(!passes || suspended & role == 0, "suspended as {role}: {participant:?}");
                let kept = held & role == 0 || suspended & role != 0;
                hold!(passes || kept, "does not pass as {role}: {participant:?}");
                counts += u32::from(passes);
            }
            let fits = match participant.status() {
                Status::Active => counts > 0,
                Status::Pending => held == 0,
                Status::Suspended => held != 0 && counts == 0,
            };
            hold!(fits, "status and roles disagree: {participant:?}");
            hold!(p.is_admitted(account) == (counts > 0), "admitted? {participant:?}");
            let approved = held == 0 || participant.confirmed.is_some();
            hold!(approved, "holds roles, was never approved: {participant:?}");
        }
        self.roles_have_a_history()?;
        self.suspensions_have_a_history()?;
        self.profiles_were_checked()
    }

    fn roles_have_a_history(&self) -> Result<(), String> {
        let p = &self.participants;
        let mut roles = BTreeMap::from([(p.list[0], REGULATOR)]);
        for change in &p.changes {
            let before = roles.insert(change.account, change.after).unwrap_or(0);
            hold!(before == change.before, "roles changed without a trace: {change:?}");
            if change.handover {
                let changed = change.before ^ change.after;
                hold!(changed & !REGULATOR == 0, "a handover is about one role: {change:?}");
            } else if change.by == change.account {
                hold!(change.after == 0, "someone gave himself roles: {change:?}");
            }
        }
        for (account, participant) in &p.participants {
            let recorded = roles.get(account).copied().unwrap_or(0);
            let traced = participant.roles == recorded;
            hold!(traced, "roles changed without a trace: {participant:?}");
        }
        Ok(())
    }

    fn suspensions_have_a_history(&self) -> Result<(), String> {
        let p = &self.participants;
        let other = p.suspensions.iter().all(|s| s.account != s.by && s.roles != 0);
        hold!(other, "a suspension by himself, or of nothing");
        for (account, participant) in &p.participants {
            let mut own = p.suspensions.iter().rev().filter(|s| s.account == *account);
            for role in (0..16).map(|bit| 1_u16 << bit) {
                // The last word on a role is what counts.
                let last = own.clone().find(|s| s.roles & role != 0);
                let recorded = last.is_some_and(|s| !s.lifted);
                let suspended = participant.suspended & role != 0;
                hold!(suspended == recorded, "suspended as {role}? {participant:?}");
            }
            let known = own.all(|s| s.roles & !ALL == 0);
            hold!(known, "suspended as what? {participant:?}");
        }
        Ok(())
    }

    /// An approval names the profile that was checked, and nobody checks his own.
    fn profiles_were_checked(&self) -> Result<(), String> {
        let p = &self.participants;
        let mut checked = BTreeMap::from([(p.list[0], ZERO)]);
        for check in &p.checks {
            hold!(check.profile == check.on_record, "another profile was checked: {check:?}");
            hold!(check.by != check.account, "checked by himself: {check:?}");
            let first = checked.insert(check.account, check.profile).is_none();
            hold!(check.approves || !first, "confirmed before it was approved: {check:?}");
        }
        for (account, participant) in &p.participants {
            let last = checked.get(account).copied();
            hold!(participant.confirmed == last, "not what was checked: {participant:?}");
        }
        Ok(())
    }
}
