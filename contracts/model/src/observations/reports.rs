//! What reports has to answer.

use super::{Observer, PAGE};
use crate::{blake2b, World};

impl World {
    pub(super) fn see_reports(&self, o: &mut Observer) {
        let r = &self.reports;
        o.see("participants", (), self.setup.addresses.participants);
        o.see("domain", (), self.setup.reports_domain());
        let last = r.audits.len() as u64 + 1;
        for number in last.saturating_sub(PAGE as u64)..=last {
            o.see("audit", number, r.audits.get(&number));
        }
        // A series that nobody has, and one that another has.
        let unknown = (self.setup.administrator, blake2b(b"no such series"));
        let others = r.series.keys().next().map(|(_, name)| (self.setup.addresses.market, *name));
        let none = [Some(unknown), others].into_iter().flatten().map(|series| (series, &[][..]));
        let known = r.series.iter().map(|(series, versions)| (*series, versions.as_slice()));
        for (series, versions) in known.chain(none) {
            o.see("head", series, versions.last());
            let last = versions.len() as u32 + 1;
            for number in last.saturating_sub(PAGE as u32)..=last {
                let version = r.version(&series, number);
                o.see("version", (series, number), version);
                if let Some(version) = version {
                    let (previous, head) = (version.previous, version.head);
                    o.see("verify_link", (series, number, previous, head), true);
                    o.see("verify_link", (series, number, head, head), false);
                    o.see("verify_link", (series, number + 1, previous, head), false);
                }
            }
            for from in [1, versions.len().saturating_sub(PAGE - 1).max(1)] {
                let page: Vec<_> = versions.iter().skip(from - 1).take(PAGE).collect();
                o.see("history", (series, from as u32, PAGE as u32), page);
            }
        }
    }
}
