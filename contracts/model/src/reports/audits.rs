//! Audits of whether the files of reports are still kept.

use super::Series;
use crate::{
    ensure, governance::running, role::AUDITOR, sha256, Account, Agency, Answer, Audit,
    AuditResult, Hash, Participant, Reply, Version, World,
};

/// What was known when an audit was opened, and when its result was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Audited {
    /// The version, as it was when it was opened.
    pub version: Version,
    /// The auditor's admission then.
    pub auditor_is: Option<Participant>,
    /// How many of [`Participants::mandated`](crate::Participants::mandated) there were then.
    pub mandates: usize,
    /// The number of the block then.
    pub opened_in: u32,
    /// Who recorded the result, and the number of the block then.
    pub recorded: Option<(Account, u32)>,
}

impl World {
    /// `open_audit`, in this block
    pub fn open_audit(
        &mut self,
        caller: Account,
        now: u64,
        block: u32,
        series: Series,
        sequence: u32,
        commitment: Hash,
    ) -> Reply {
        running(&self.reports.governance)?;
        let version = *self.reports.version(&series, sequence).ok_or("UnknownVersion")?;
        let caller = self.by(caller)?;
        ensure(self.participants.has_role(&caller, AUDITOR), "NotAuditor")?;
        let involved = [series.0, version.doctor]
            .iter()
            .any(|party| self.participants.agency(party, &caller, now) != Agency::NONE);
        ensure(!involved && version.patient != Some(caller), "OwnAudit")?;
        let number = self.reports.audits.len() as u64 + 1;
        let audit = Audit {
            owner: series.0,
            series: series.1,
            sequence,
            auditor: caller,
            commitment,
            block: block.checked_add(1).ok_or("TooMany")?,
            opened: now,
            result: None,
        };
        let auditor_is = self.participant(&caller);
        let mandates = self.participants.mandated.len();
        let opened_in = block;
        let audited = Audited { version, auditor_is, mandates, opened_in, recorded: None };
        self.reports.audits.insert(number, audit);
        self.reports.audited.insert(number, audited);
        Ok(Answer::Number(number))
    }

    /// `record_audit`, in this block
    pub fn record_audit(
        &mut self,
        caller: Account,
        block: u32,
        number: u64,
        result: AuditResult,
    ) -> Reply {
        let caller = self.by(caller)?;
        let audit = self.reports.audits.get(&number).copied().ok_or("UnknownAudit")?;
        ensure(audit.auditor == caller, "NotAuditor")?;
        ensure(audit.result.is_none(), "AlreadyRecorded")?;
        ensure(block > audit.block, "TooEarly")?;
        ensure(sha256(&result.nonce) == audit.commitment, "WrongNonce")?;
        self.reports.audits.insert(number, Audit { result: Some(result), ..audit });
        let audited = self.reports.audited.entry(number);
        audited.and_modify(|audited| audited.recorded = Some((caller, block)));
        Ok(Answer::Nothing)
    }
}
