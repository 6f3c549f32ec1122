//! Messages of reports.

use super::{message, Entry, Lookup, Picks};
use crate::{
    arbitrary::{
        lookup::{choose, named},
        ACCOUNTS,
    },
    role::{DATA_OWNER, PROVIDER, RESOURCE_HOLDER},
    Account, Chained as _, Hash,
    Message::Reports,
    NewVersion, ReportsMessage as M, Version, ZERO,
};
use assent_interface::reports as labels;

pub(super) const TABLE: &[Entry] = &[
    message(labels::ANCHOR, 4, |l, p| {
        let new = l.new_version(any_series(p), p, &[]);
        (Reports(M::Anchor(new)), l.anchorers(&[new]))
    }),
    message(labels::ANCHOR_BATCH, 1, |l, p| {
        let mut list = Vec::new();
        for _ in 0..p.length() {
            list.push(l.new_version(any_series(p), p, &list));
        }
        let callers = l.anchorers(&list);
        (Reports(M::AnchorBatch(list)), callers)
    }),
    message(labels::SUPERSEDE, 3, |l, p| {
        // Rarely of a series that may not have started.
        let series = if p.yes(88) { l.started_series(p) } else { any_series(p) };
        let new = l.new_version(series, p, &[]);
        (Reports(M::Supersede(new)), l.anchorers(&[new]))
    }),
    message(labels::REVOKE, 2, |l, p| {
        let (series, number) = (l.started_series(p), p.pick());
        let sequence = l.version(&series, number).map_or(1, |v| v.sequence);
        let owner = l.world.reports.latest(&series).map(|v| v.owner);
        let message = M::Revoke(series, sequence, named("reason", number));
        (Reports(message), owner.into_iter().collect())
    }),
    message(labels::COUNTERSIGN, 5, |l, p| {
        let series = l.started_series(p);
        let Some(v) = l.version(&series, p.pick()) else {
            return (Reports(M::Countersign(series, 1, ZERO)), Vec::new());
        };
        let head = if p.mostly_0(6, 1) == 0 { v.head } else { named("other", 0) };
        let mut parties = vec![v.patient, v.doctor];
        parties.sort_by_key(|party| {
            let signed = if *party == v.patient { v.patient_signed } else { v.doctor_signed };
            (!l.world.participants.is_admitted(party), signed.is_some())
        });
        (Reports(M::Countersign(series, v.sequence, head)), parties)
    }),
];

fn series(number: u8) -> Hash {
    named("series", number)
}

fn any_series(p: &mut Picks) -> Hash {
    series(p.below(4))
}

impl Lookup<'_> {
    /// A series that has versions, if there is one.
    fn started_series(&self, p: &mut Picks) -> Hash {
        let known = |s: &Hash| self.world.reports.series.contains_key(s);
        choose((0..4).map(series), known, p.below(4)).unwrap_or(ZERO)
    }

    /// A version of a series, those first that hold, of these the last.
    fn version(&self, series: &Hash, number: u8) -> Option<Version> {
        let all = self.world.reports.series.get(series)?;
        choose(all.iter().rev().copied(), |v| v.revoked.is_none(), number)
    }

    /// `before` are the versions before this one in its batch.
    fn new_version(&self, series: Hash, p: &mut Picks, before: &[NewVersion]) -> NewVersion {
        let accounts = &self.world.setup.accounts;
        let latest = self.world.reports.latest(&series).map(|v| (v.sequence, v.head));
        let in_batch = before.iter().rev().find(|v| v.series == series);
        let latest = in_batch.map(|v| (v.sequence, v.head())).or(latest);
        let (sequence, head) = latest.unwrap_or((0, ZERO));
        let byte_length = if p.mostly_0(12, 1) == 0 { 1_000 } else { 0 };
        let seed = p.below(255);
        let patient = usize::from(p.below(ACCOUNTS as u8));
        let doctor = patient + 1 + usize::from(p.mostly_0(2, ACCOUNTS as u8 - 1));
        NewVersion {
            series,
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
            patient: accounts[patient % accounts.len()],
            doctor: accounts[doctor % accounts.len()],
        }
    }

    /// The owner of the first of these series that has one, else who may start a series.
    fn anchorers(&self, list: &[NewVersion]) -> Vec<Account> {
        let owner = list.iter().find_map(|new| self.world.reports.latest(&new.series));
        match owner {
            Some(latest) => vec![latest.owner],
            None => self.having(DATA_OWNER | PROVIDER | RESOURCE_HOLDER),
        }
    }
}
