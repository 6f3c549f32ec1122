//! What holds in every world, stated without the rules that lead there: on the state, and on what
//! the history says was known when something was done.

use crate::{
    blake2b,
    consent::Act,
    role::{ALL, DATA_OWNER, PROVIDER, REGULATOR, RESEARCHER},
    Contract, Decision, Outcome, Participant, Permit, Status, World, TREATMENT, ZERO,
};
use std::collections::{BTreeMap, BTreeSet};

/// Fails with the text unless the condition holds.
macro_rules! hold {
    ($condition:expr, $($text:tt)+) => {
        if !$condition {
            return Err(format!($($text)+));
        }
    };
}

impl World {
    /// Every invariant, over the whole state and history.
    ///
    /// # Errors
    ///
    /// The first invariant that does not hold, in words.
    pub fn check_invariants(&self) -> Result<(), String> {
        self.governance_holds()?;
        self.participants_hold()?;
        self.log_holds()?;
        self.permits_hold()?;
        self.grants_hold()?;
        self.emergencies_hold()?;
        self.token_holds()?;
        self.rewards_hold()?;
        self.reports_hold()
    }

    fn governance_holds(&self) -> Result<(), String> {
        for contract in Contract::ALL {
            let governance = self.governance(contract);
            hold!(governance.administrator != ZERO, "nobody is the administrator");
            hold!(governance.delay == self.setup.times.delay, "the delay changed");
        }
        Ok(())
    }

    fn participants_hold(&self) -> Result<(), String> {
        let p = &self.participants;
        let administrator = p.governance.administrator;
        hold!(p.has_role(&administrator, REGULATOR), "the administrator is no active regulator");
        let listed: BTreeSet<_> = p.list.iter().collect();
        hold!(listed.len() == p.list.len(), "an account is listed twice");
        hold!(listed.iter().copied().eq(p.participants.keys()), "the list is not of all");

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
            let Participant { roles: held, status, .. } = *participant;
            let recorded = roles.get(account).copied().unwrap_or(0);
            hold!(held == recorded, "roles changed without a trace: {participant:?}");
            hold!(held & !ALL == 0, "unknown roles: {participant:?}");
            let fits = match status {
                Status::Active => held != 0,
                Status::Pending => held == 0,
                Status::Suspended => !p.is_admitted(account) && !p.has_role(account, ALL),
            };
            hold!(fits, "status and roles disagree: {participant:?}");
        }
        Ok(())
    }

    fn log_holds(&self) -> Result<(), String> {
        let c = &self.consent;
        let mut accesses = BTreeSet::new();
        let mut permits = BTreeSet::new();
        for (owner, log) in &c.logs {
            let heads = c.heads.get(owner).map_or(&[][..], Vec::as_slice);
            let contents = c.contents.get(owner).map_or(&[][..], Vec::as_slice);
            let complete = heads.len() == log.len() && contents.len() == log.len();
            hold!(complete, "not every entry has its digest and its head");
            let mut previous = ZERO;
            for (position, (entry, head)) in log.iter().zip(heads).enumerate() {
                hold!(entry.sequence == position as u64 + 1, "a gap in a log: {entry:?}");
                let content = entry.content(*owner);
                previous = blake2b(&[previous, content].concat());
                let folds = content == contents[position] && previous == *head;
                hold!(folds, "the log does not fold: {entry:?}");
                hold!(accesses.insert(entry.access), "a decision is logged twice: {entry:?}");
                if entry.decision == Decision::Permit {
                    permits.insert(entry.access);
                }
            }
        }
        let all: BTreeSet<_> = (1..=c.accesses).collect();
        hold!(accesses == all, "not every decision is logged");
        let given: BTreeSet<_> = c.permits.iter().map(|p| p.access).collect();
        hold!(permits == given && given.len() == c.permits.len(), "log and permits disagree");
        Ok(())
    }

    fn permits_hold(&self) -> Result<(), String> {
        for permit in &self.consent.permits {
            permitted(permit).map_err(|why| format!("{why}: {permit:?}"))?;
        }
        for act in &self.consent.acts {
            delegated(act).map_err(|why| format!("{why}: {act:?}"))?;
        }
        Ok(())
    }

    fn grants_hold(&self) -> Result<(), String> {
        let c = &self.consent;
        let mut uses: BTreeMap<u64, u32> = BTreeMap::new();
        for entry in c.logs.values().flatten() {
            if entry.decision == Decision::Permit {
                hold!(entry.grant.is_some() != entry.window.is_some(), "by what? {entry:?}");
                if let Some(number) = entry.grant {
                    *uses.entry(number).or_default() += 1;
                }
            } else {
                hold!(entry.window.is_none(), "an emergency that was refused: {entry:?}");
            }
        }
        for (position, (number, grant)) in c.grants.iter().enumerate() {
            hold!(*number == position as u64 + 1, "a gap before grant {number}");
            let used = uses.get(number).copied().unwrap_or(0);
            hold!(grant.uses == used, "grant {number} was used {used} times: {grant:?}");
            let within = grant.max_uses.is_none_or(|max| max > 0 && used <= max);
            hold!(within, "grant {number} was used too often: {grant:?}");
            let sound = grant.owner != grant.grantee
                && grant.purposes != 0
                && grant.categories != 0
                && grant.from < grant.until
                && grant.version > 0
                && grant.epoch <= c.epoch(&grant.owner);
            hold!(sound, "grant {number} says nothing: {grant:?}");
        }
        for ((owner, delegate), delegation) in &c.delegations {
            let sound = owner != delegate
                && delegation.purposes != 0
                && delegation.categories != 0
                && delegation.epoch <= c.epoch(owner);
            hold!(sound, "a delegation says nothing: {delegation:?}");
        }
        for ((owner, requester), denial) in &c.denials {
            let sound = owner != requester && denial.purposes != 0 && denial.categories != 0;
            hold!(sound, "a denial says nothing: {denial:?}");
        }
        Ok(())
    }

    fn emergencies_hold(&self) -> Result<(), String> {
        let c = &self.consent;
        let mut last_end = BTreeMap::new();
        for (position, (number, window)) in c.windows.iter().enumerate() {
            hold!(*number == position as u64 + 1, "a gap before window {number}");
            let (provider, patient) = c.openings.get(number).copied().unwrap_or_default();
            hold!(active(provider, PROVIDER), "window {number} has no provider");
            hold!(active(patient, DATA_OWNER), "window {number} has no patient");
            hold!(window.provider != window.patient, "window {number} is on own data");
            let ends = window.opened.checked_add(c.times.window) == Some(window.until);
            let due = window.opened.checked_add(c.times.review) == Some(window.review_by);
            hold!(ends && due && window.until <= window.review_by, "no deadline: {window:?}");
            let end = window.closed.unwrap_or(window.until);
            hold!(window.opened <= end && end <= window.until, "closed when? {window:?}");
            let before = last_end.insert((window.provider, window.patient), end).unwrap_or(0);
            hold!(before <= window.opened, "two windows at once: {window:?}");

            let proposed = c.sanctions.iter().filter(|n| *n == number).count();
            hold!(proposed == usize::from(window.sanctioned), "sanctions: {window:?}");
            let unjustified = window.outcome == Some(Outcome::Unjustified);
            hold!(window.sanctioned || !unjustified, "no consequence: {window:?}");
            let reviewer = c.reviewers.get(number);
            hold!(reviewer.is_some() == window.outcome.is_some(), "reviewed by? {window:?}");
            let other = reviewer.is_none_or(|r| *r != window.provider && *r != window.patient);
            hold!(other, "reviewed by a party: {window:?}");
        }
        Ok(())
    }

    fn token_holds(&self) -> Result<(), String> {
        let t = &self.token;
        let held = sum(t.balances.values().copied());
        hold!(held == Some(t.supply), "the supply is not the sum of the balances");
        let minted = sum(t.settlements.iter().map(|s| s.minted));
        let burned = sum(t.settlements.iter().map(|s| s.burned));
        let left = minted.zip(burned).and_then(|(minted, burned)| minted.checked_sub(burned));
        hold!(left == Some(t.supply), "minted {minted:?}, burned {burned:?}: {}", t.supply);
        hold!(t.cap == self.setup.token.cap, "the cap changed");
        hold!(t.cap.is_none_or(|cap| t.supply <= cap), "{} exceed the cap", t.supply);
        let receipts: BTreeSet<_> = t.settlements.iter().map(|s| s.receipt).collect();
        hold!(receipts.len() == t.settlements.len(), "a receipt was used twice");
        hold!(receipts == t.receipts, "a receipt was used for nothing, or forgotten");
        for (account, held) in &t.frozen {
            let holds = t.balance(account);
            hold!(holds == *held, "frozen with {held}, holds {holds}");
        }
        let nobody = t.treasury == ZERO || t.balance(&ZERO) > 0 || t.is_frozen(&ZERO);
        hold!(!nobody, "nobody has a part in it");
        Ok(())
    }

    fn rewards_hold(&self) -> Result<(), String> {
        let r = &self.rewards;
        let booked = r.totals.owed.checked_add(r.totals.unspent);
        let balance = self.token.balance(&self.setup.addresses.rewards);
        hold!(booked.is_some_and(|b| b <= balance), "{balance} do not cover {:?}", r.totals);
        let owed: u128 = r.statements.values().map(|s| s.owed).sum();
        hold!(owed == r.totals.owed, "owed to all: {owed}, {:?}", r.totals);
        let paid: u128 = r.statements.values().map(|s| s.paid).sum();
        hold!(paid == r.totals.paid, "paid to all: {paid}, {:?}", r.totals);

        let mut last = 0;
        for accrual in &r.accruals {
            hold!(accrual.access > last, "an access paid twice: {accrual:?}");
            last = accrual.access;
            let sound = accrual.amount == 0 || accrual.amount == accrual.tariff;
            hold!(sound, "not the tariff: {accrual:?}");
        }
        hold!(last == r.last_access, "the last access is not {}", r.last_access);
        let earned: u128 = r.accruals.iter().map(|a| a.amount).sum();
        let spent = earned + r.refunded;
        hold!(owed + paid == spent, "earned {earned}, refunded {}", r.refunded);
        hold!(r.funded == r.totals.unspent + spent, "funded {}, spent {spent}", r.funded);
        let contributions: u128 = r.contributions.values().sum();
        hold!(contributions + r.refunded == r.funded, "contributions: {contributions}");

        if r.consent == Some(self.setup.addresses.consent) {
            let accrued = r.accruals.iter().map(|a| (a.access, a.owner, a.purpose));
            let permits = self.consent.permits.iter().map(|p| (p.access, p.owner, p.purpose));
            hold!(accrued.eq(permits), "an accrual without a permit, or the reverse");
        }
        Ok(())
    }

    fn reports_hold(&self) -> Result<(), String> {
        let mut seen = 0;
        for (series, versions) in &self.reports.series {
            let mut previous = ZERO;
            for (position, version) in versions.iter().enumerate() {
                let number = version.sequence;
                seen += 1;
                hold!(number as usize == position + 1, "a gap in a series: {version:?}");
                hold!(version.owner == versions[0].owner, "another owner: {version:?}");
                hold!(version.previous == previous, "does not continue: {version:?}");
                let said = version.handed_in(*series);
                let anchored = self.reports.anchored.get(&(*series, number));
                hold!(anchored == Some(&said), "a root changed: {version:?}");
                hold!(version.head == said.head(), "not its head: {version:?}");
                previous = version.head;
                let revoked = self.reports.revoked.get(&(*series, number)).copied();
                hold!(version.revoked == revoked, "a revocation changed: {version:?}");
                let by = version.superseded_by;
                let next = by.is_none_or(|by| {
                    Some(by) == number.checked_add(1) && by as usize <= versions.len()
                });
                hold!(next, "superseded by none: {version:?}");
                let chunks = version.chunks > 0 && version.chunks <= version.byte_length;
                hold!(chunks && version.patient != version.doctor, "unsound: {version:?}");
            }
        }
        hold!(seen == self.reports.anchored.len(), "a version is gone");
        Ok(())
    }
}

/// All of them together, if that is an amount.
fn sum(mut amounts: impl Iterator<Item = u128>) -> Option<u128> {
    amounts.try_fold(0_u128, u128::checked_add)
}

/// Whether a participant is active with one of `roles`.
fn active(participant: Option<Participant>, roles: u16) -> bool {
    participant.is_some_and(|p| p.status == Status::Active && p.roles & roles != 0)
}

/// Whether bit `index` of `mask` is set, by other means than the rules use.
fn contains(mask: u32, index: u8) -> bool {
    (mask >> index) % 2 == 1
}

/// What a permit implies.
fn permitted(permit: &Permit) -> Result<(), String> {
    let Permit { at, purpose, category, .. } = *permit;
    hold!(active(permit.owner_is, DATA_OWNER), "the owner is not admitted");
    hold!(active(permit.requester_is, PROVIDER | RESEARCHER), "the requester is not admitted");
    let denied = permit
        .denial
        .is_some_and(|d| contains(d.purposes, purpose) && contains(d.categories, category));
    hold!(!denied, "a denial was overruled");
    match (permit.grant, permit.window) {
        (Some(grant), None) => {
            hold!(grant.owner == permit.owner, "another owner's grant");
            hold!(grant.grantee == permit.requester, "another requester's grant");
            hold!(!grant.revoked && grant.epoch == permit.epoch, "revoked");
            hold!(grant.from <= at && at < grant.until, "not in the period");
            hold!(contains(grant.purposes, purpose), "another purpose");
            hold!(contains(grant.categories, category), "another category");
            hold!(grant.max_uses.is_none_or(|max| grant.uses < max), "used up");
        }
        (None, Some(window)) => {
            let parties = window.provider == permit.requester && window.patient == permit.owner;
            hold!(parties, "another's window");
            hold!(window.closed.is_none(), "closed");
            hold!(window.opened <= at && at < window.until, "not in its time");
            hold!(purpose == TREATMENT, "no treatment");
            hold!(active(permit.requester_is, PROVIDER), "no provider any more");
        }
        _ => return Err("not by exactly one of grant and window".into()),
    }
    Ok(())
}

/// A delegate never exceeds the one who delegated.
fn delegated(act: &Act) -> Result<(), String> {
    let scope = &act.delegation;
    hold!(act.purposes | scope.purposes == scope.purposes, "purposes out of scope");
    hold!(act.categories | scope.categories == scope.categories, "categories out of scope");
    hold!(act.at < scope.until, "the delegation was over");
    hold!(act.epoch == scope.epoch, "the delegation was void");
    hold!(act.delegate != act.owner, "the owner is no delegate");
    if let Some((until, grantee)) = act.made {
        hold!(until <= scope.until, "outlasts the delegation");
        hold!(grantee != act.delegate, "to himself");
    }
    Ok(())
}
