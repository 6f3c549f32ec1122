//! What holds of reports and their audits.

use super::active;
use crate::{role::AUDITOR, sha256, Audit, Audited, Chained as _, World, ZERO};
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
            }
        }
        hold!(seen == r.anchored.len(), "a version is gone");
        self.audits_hold()
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
            sound(audit, audited).map_err(|why| format!("{why}: {audit:?}, {audited:?}"))?;
        }
        Ok(())
    }
}

fn sound(audit: &Audit, audited: &Audited) -> Result<(), String> {
    let Audited { version, auditor_is, opened_in, recorded } = *audited;
    hold!(active(auditor_is, AUDITOR), "by no auditor");
    let involved = [version.owner, version.doctor].contains(&audit.auditor)
        || version.patient == Some(audit.auditor);
    hold!(!involved, "of his own");
    hold!(opened_in.checked_add(1) == Some(audit.block), "of another block");
    hold!(recorded.is_some() == audit.result.is_some(), "recorded by whom?");
    if let (Some((by, block)), Some(result)) = (recorded, audit.result) {
        hold!(by == audit.auditor, "recorded by another");
        hold!(audit.block < block && audit.opened <= result.at, "recorded too early");
        hold!(sha256(&result.nonce.encode()) == audit.commitment, "another nonce");
    }
    Ok(())
}
