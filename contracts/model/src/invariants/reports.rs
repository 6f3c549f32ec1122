//! What holds of reports and their audits.

use super::active;
use crate::{
    power, role::AUDITOR, sha256, Audit, Audited, Chained as _, Deed, Series, Version, World, ZERO,
};
use parity_scale_codec::Encode;

impl World {
    pub(super) fn reports_hold(&self) -> Result<(), String> {
        let r = &self.reports;
        let mut seen = 0;
        for (series, versions) in &r.series {
            let (owner, name) = *series;
            let mut previous = ZERO;
            for (position, version) in versions.iter().enumerate() {
                let number = version.sequence;
                seen += 1;
                hold!(number as usize == position + 1, "a gap in a series: {version:?}");
                hold!(version.owner == owner, "another owner: {version:?}");
                hold!(version.previous == previous, "does not continue: {version:?}");
                let said = version.handed_in(name);
                let anchored = r.anchored.get(&(*series, number));
                hold!(anchored == Some(&said), "a root changed: {version:?}");
                let domain = self.setup.reports_domain();
                hold!(version.head == said.head(domain, owner), "not its head: {version:?}");
                previous = version.head;
                let revoked = r.revoked.get(&(*series, number)).copied();
                hold!(version.revoked == revoked, "a revocation changed: {version:?}");
                let by = version.superseded_by;
                let next = by.is_none_or(|by| {
                    Some(by) == number.checked_add(1) && by as usize <= versions.len()
                });
                hold!(next, "superseded by none: {version:?}");
                let chunks = version.chunks > 0 && version.chunks <= version.byte_length;
                let parties = version.patient != Some(version.doctor);
                hold!(chunks && parties, "unsound: {version:?}");
                let signed = version.patient_signed.is_some();
                hold!(!signed || version.patient.is_some(), "signed by nobody: {version:?}");
                self.done_well(series, version).map_err(|why| format!("{why}: {version:?}"))?;
            }
        }
        hold!(seen == r.anchored.len(), "a version is gone");
        let anchored = r.anchored_by.len() == seen;
        let versions = || r.series.values().flatten();
        let revoked = versions().filter(|v| v.revoked.is_some()).count() == r.revoked_by.len();
        let signatures = versions().flat_map(|v| [v.patient_signed, v.doctor_signed]);
        let signed = signatures.flatten().count() == r.signed_by.len();
        hold!(anchored && revoked && signed, "deeds that came to nothing");
        self.audits_hold()
    }

    /// Whether everything was done by its party, or by one whom it had let do it.
    fn done_well(&self, series: &Series, version: &Version) -> Result<(), String> {
        let r = &self.reports;
        let key = (*series, version.sequence);
        let done = |deed: Option<&Deed>, by, powers: &[u16], at: Option<u64>| {
            hold!(deed.map(|deed| deed.at) == at, "done when? {deed:?}");
            let Some(deed) = deed else { return Ok(()) };
            hold!(Some(deed.subject) == by, "done for another: {deed:?}");
            self.person_of(deed, powers).map(drop)
        };
        let (owner, by) = (Some(version.owner), r.anchored_by.get(&key));
        let anchor = [power::ANCHOR, power::GUARDIAN];
        done(by, owner, &anchor, Some(version.at))?;
        done(r.revoked_by.get(&key), owner, &anchor, version.revoked)?;
        let (patient, doctor) = (version.patient, Some(version.doctor));
        // For a doctor no guardian signs.
        let signatures = [
            (patient, version.patient_signed, &[power::SIGN, power::GUARDIAN][..]),
            (doctor, version.doctor_signed, &[power::SIGN]),
        ];
        for (party, at, powers) in signatures {
            let by = party.and_then(|p| r.signed_by.get(&(key.0, key.1, p)));
            done(by, party, powers, at)?;
        }
        Ok(())
    }

    /// What the audits rest on, and that the challenge was unknown when the nonce was chosen.
    fn audits_hold(&self) -> Result<(), String> {
        let r = &self.reports;
        hold!(r.audits.keys().eq(r.audited.keys()), "an audit is gone, or came from nowhere");
        for ((position, (number, audit)), audited) in
            r.audits.iter().enumerate().zip(r.audited.values())
        {
            hold!(*number == position as u64 + 1, "a gap before audit {number}");
            let version = r.version(&(audit.owner, audit.series), audit.sequence);
            let root = version.map(|version| version.root);
            hold!(root == Some(audited.version.root), "of another version: {audit:?}");
            let mut parties = [audit.owner, audited.version.doctor].into_iter();
            let mandates = audited.mandates;
            let own = parties.any(|p| self.sided(&audit.auditor, &p, audit.opened, mandates));
            hold!(!own, "of his own side: {audit:?}, {audited:?}");
            sound(audit, audited).map_err(|why| format!("{why}: {audit:?}, {audited:?}"))?;
        }
        Ok(())
    }
}

fn sound(audit: &Audit, audited: &Audited) -> Result<(), String> {
    let Audited { version, auditor_is, opened_in, recorded, .. } = *audited;
    hold!(active(auditor_is, AUDITOR), "by no auditor");
    hold!(version.patient != Some(audit.auditor), "of his own");
    hold!(opened_in.checked_add(1) == Some(audit.block), "of another block");
    hold!(recorded.is_some() == audit.result.is_some(), "recorded by whom?");
    if let (Some((by, block)), Some(result)) = (recorded, audit.result) {
        hold!(by == audit.auditor, "recorded by another");
        hold!(audit.block < block && audit.opened <= result.at, "recorded too early");
        hold!(sha256(&result.nonce.encode()) == audit.commitment, "another nonce");
    }
    Ok(())
}
