//! Lookups of series and versions.

use super::{choose, named, Lookup};
use crate::{
    arbitrary::{Intent, VersionPick},
    Chained as _, Hash, NewVersion, ReportsMessage, Version, ZERO,
};

impl Lookup<'_> {
    fn series(&self, number: u8) -> Hash {
        named("series", number % 4)
    }

    /// A series that has versions, if there is one.
    fn started_series(&self, number: u8) -> Hash {
        let all: Vec<_> = (0..4).map(|n| self.series(n)).collect();
        let known = |s: &Hash| self.world.reports.series.contains_key(s);
        choose(&all, known, number).unwrap_or(ZERO)
    }

    /// A version of a series, those first that hold.
    fn version(&self, series: &Hash, number: u8) -> Option<Version> {
        let all = self.world.reports.series.get(series).map_or(&[][..], Vec::as_slice);
        choose(all, |v| v.revoked.is_none(), number)
    }

    /// `before` are the versions before this one in its batch.
    fn new_version(&self, series: Hash, pick: &VersionPick, before: &[NewVersion]) -> NewVersion {
        let accounts = &self.world.setup.accounts;
        let account = |number: usize| accounts[number % accounts.len()];
        let latest = self.world.reports.latest(&series).map(|v| (v.sequence, v.head));
        let in_batch = before.iter().rev().find(|v| v.series == series);
        let latest = in_batch.map(|v| (v.sequence, v.head())).or(latest);
        let (sequence, head) = latest.unwrap_or((0, ZERO));
        let byte_length = if pick.byte_length == 0 { 1_000 } else { 0 };
        let patient = usize::from(pick.patient);
        NewVersion {
            series,
            sequence: match pick.sequence {
                0 => sequence.saturating_add(1),
                1 => sequence,
                _ => sequence.saturating_add(2),
            },
            previous: match pick.previous {
                0 => head,
                1 => ZERO,
                _ => named("other", 0),
            },
            root: named("root", pick.root),
            chunks: match pick.chunks {
                0 => 4,
                1 => byte_length,
                2 => 0,
                _ => byte_length.saturating_add(1),
            },
            byte_length,
            metadata: named("metadata", pick.root),
            patient: account(patient),
            doctor: account(patient + 1 + usize::from(pick.doctor)),
        }
    }

    pub(in crate::arbitrary) fn reports(&self, intent: &Intent) -> Option<ReportsMessage> {
        use ReportsMessage as M;
        Some(match intent {
            Intent::Anchor(pick) => {
                M::Anchor(self.new_version(self.series(pick.series), pick, &[]))
            }
            Intent::AnchorBatch(picks) => {
                let mut list: Vec<NewVersion> = Vec::new();
                for pick in picks {
                    list.push(self.new_version(self.series(pick.series), pick, &list));
                }
                M::AnchorBatch(list)
            }
            Intent::Supersede(pick) => {
                // One in eight is about a series that may not have started.
                let series = if pick.root < 32 {
                    self.series(pick.series)
                } else {
                    self.started_series(pick.series)
                };
                M::Supersede(self.new_version(series, pick, &[]))
            }
            Intent::RevokeVersion { series, version } => {
                let series = self.started_series(*series);
                let sequence = self.version(&series, *version).map_or(1, |v| v.sequence);
                M::Revoke(series, sequence, named("reason", *version))
            }
            Intent::Countersign { series, version, right } => {
                let series = self.started_series(*series);
                let version = self.version(&series, *version);
                let (sequence, head) = version.map_or((1, ZERO), |v| (v.sequence, v.head));
                M::Countersign(series, sequence, if *right { head } else { named("other", 0) })
            }
            _ => return None,
        })
    }
}
