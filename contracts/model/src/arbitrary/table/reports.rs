//! Messages of reports.

mod audits;

use super::{message, Call, Entry, Lookup, Picks};
use crate::{
    arbitrary::{
        lookup::{choose, named},
        ACCOUNTS,
    },
    power,
    role::{DATA_OWNER, PROVIDER, RESOURCE_HOLDER},
    Account, Chained as _, Hash,
    Message::Reports,
    NewVersion, ReportsMessage as M, Series, Version, ZERO,
};
use assent_interface::reports as labels;

pub(super) const TABLE: &[Entry] = &[
    message(labels::ANCHOR, 5, |l, p| l.anchor(p)),
    message(labels::ANCHOR_BATCH, 1, |l, p| {
        let (owner, mut list) = (l.author(p), Vec::new());
        for _ in 0..p.length() {
            list.push(l.new_version((owner, any_series(p)), p, &list));
        }
        (Reports(M::AnchorBatch(owner, list)), l.agents(owner, power::ANCHOR, p))
    }),
    // Or a first version, where there is none: so it is below.
    message(labels::SUPERSEDE, 3, |l, p| {
        if l.has_no_series() && p.yes(80) {
            return l.anchor(p);
        }
        // Rarely of a series that may not have started.
        let series = if p.yes(88) { l.started_series(p) } else { (l.author(p), any_series(p)) };
        let new = l.new_version(series, p, &[]);
        (Reports(M::Supersede(series.0, new)), l.agents(series.0, power::ANCHOR, p))
    }),
    message(labels::REVOKE, 2, |l, p| {
        let (series, number) = (l.started_series(p), p.pick());
        let sequence = l.version(&series, number).map_or(1, |v| v.sequence);
        let message = M::Revoke(series.0, series.1, sequence, named("reason", number));
        (Reports(message), l.staff_or_guardian(series.0, power::ANCHOR, p))
    }),
    message(labels::COUNTERSIGN, 5, |l, p| {
        if l.has_no_series() && p.yes(80) {
            return l.anchor(p);
        }
        let series = l.started_series(p);
        let Some(v) = l.version(&series, p.pick()) else {
            let signer = l.admitted(p.pick());
            return (Reports(M::Countersign(signer, series.0, series.1, 1, ZERO)), vec![signer]);
        };
        let head = if p.mostly_0(6, 1) == 0 { v.head } else { named("other", 0) };
        let mut parties: Vec<Account> = v.patient.into_iter().chain([v.doctor]).collect();
        parties.sort_by_key(|party| {
            let patient = v.patient == Some(*party);
            let signed = if patient { v.patient_signed } else { v.doctor_signed };
            (!l.world.participants.is_admitted(party), signed.is_some())
        });
        // Rarely by one who is no party.
        let party = parties[usize::from(p.mostly_0(4, 1)) % parties.len()];
        let signer = if p.yes(92) { party } else { l.account(|_| true, p.below(8)) };
        let message = M::Countersign(signer, series.0, series.1, v.sequence, head);
        (Reports(message), l.staff_or_guardian(signer, power::SIGN, p))
    }),
    message(labels::OPEN_AUDIT, 4, |l, p| {
        if l.has_no_series() && p.yes(80) {
            return l.anchor(p);
        }
        l.open_audit(p)
    }),
    // Or an audit is opened, where none is open.
    message(labels::RECORD_AUDIT, 6, |l, p| {
        if l.has_no_series() && p.yes(80) {
            return l.anchor(p);
        }
        let open = l.world.reports.audits.values().any(|audit| audit.result.is_none());
        if open || !p.yes(80) {
            l.record_audit(p)
        } else {
            l.open_audit(p)
        }
    }),
];

fn any_series(p: &mut Picks) -> Hash {
    named("series", p.below(3))
}

impl Lookup<'_> {
    /// Who may anchor, often the same one.
    fn author(&self, p: &mut Picks) -> Account {
        self.with_role(DATA_OWNER | PROVIDER | RESOURCE_HOLDER, p.favourite())
    }

    fn has_no_series(&self) -> bool {
        self.world.reports.series.is_empty()
    }

    fn anchor(&self, p: &mut Picks) -> Call {
        let series = (self.author(p), any_series(p));
        let new = self.new_version(series, p, &[]);
        (Reports(M::Anchor(series.0, new)), self.staff_or_guardian(series.0, power::ANCHOR, p))
    }

    /// Who does something for `party`: mostly as one of his staff, or else as his guardian.
    fn staff_or_guardian(&self, party: Account, power: u16, p: &mut Picks) -> Vec<Account> {
        let power = if p.yes(70) { power } else { power::GUARDIAN };
        self.agents(party, power, p)
    }

    /// A series that has versions, if there is one.
    fn started_series(&self, p: &mut Picks) -> Series {
        let may = |s: &Series| self.having(DATA_OWNER | PROVIDER | RESOURCE_HOLDER).contains(&s.0);
        let known = self.world.reports.series.keys().copied();
        choose(known, may, p.below(8)).unwrap_or((self.author(p), ZERO))
    }

    /// A version of a series, those first that hold, of these the last.
    fn version(&self, series: &Series, number: u8) -> Option<Version> {
        let all = self.world.reports.series.get(series)?;
        choose(all.iter().rev().copied(), |v| v.revoked.is_none(), number)
    }

    /// `before` are the versions before this one in its batch.
    fn new_version(&self, series: Series, p: &mut Picks, before: &[NewVersion]) -> NewVersion {
        let accounts = &self.world.setup.accounts;
        let (owner, name) = series;
        let domain = self.world.setup.reports_domain();
        let latest = self.world.reports.latest(&series).map(|v| (v.sequence, v.head));
        let in_batch = before.iter().rev().find(|v| v.series == name);
        let latest = in_batch.map(|v| (v.sequence, v.head(domain, owner))).or(latest);
        let (sequence, head) = latest.unwrap_or((0, ZERO));
        let byte_length = if p.mostly_0(12, 1) == 0 { 1_000 } else { 0 };
        let seed = p.below(255);
        // About a ward mostly what a guardian of his can anchor.
        let ward = accounts.iter().position(|account| *account == owner);
        let ward = ward.filter(|_| !self.guardians(owner, self.now).is_empty() && p.yes(70));
        let patient = ward.unwrap_or(usize::from(p.below(ACCOUNTS as u8)));
        let doctor = patient + 1 + usize::from(p.mostly_0(2, ACCOUNTS as u8 - 1));
        NewVersion {
            series: name,
            sequence: match p.mostly_0(8, 2) {
                0 => sequence.saturating_add(1),
                1 => sequence,
                _ => sequence.saturating_add(2),
            },
            previous: match p.mostly_0(8, 2) {
                0 => head,
                1 => ZERO,
                _ => named("other", 0),
            },
            root: named("root", seed),
            chunks: match p.mostly_0(8, 3) {
                0 => 4,
                1 => byte_length,
                2 => 0,
                _ => byte_length.saturating_add(1),
            },
            byte_length,
            metadata: named("metadata", seed),
            // A log of releases is about nobody.
            patient: p.yes(75).then(|| accounts[patient % accounts.len()]),
            doctor: accounts[doctor % accounts.len()],
        }
    }
}
