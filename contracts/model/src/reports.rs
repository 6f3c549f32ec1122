//! Anchored reports; [`audits`] has the audits of them.

mod audits;

pub use audits::Audited;

use crate::{
    ensure,
    governance::running,
    role::{DATA_OWNER, PROVIDER, RESOURCE_HOLDER},
    Account, Answer, Audit, Chained as _, Governance, Hash, NewVersion, Refusal, Reply, Version,
    World, MAX_BATCH, ZERO,
};
use std::collections::BTreeMap;

/// The reports contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reports {
    /// How it is governed.
    pub governance: Governance,
    /// What the heads run over first.
    pub domain: Hash,
    /// The versions of each series, in order.
    pub series: BTreeMap<Series, Vec<Version>>,
    /// What was anchored, by series and sequence; nothing here is ever replaced.
    pub anchored: BTreeMap<(Series, u32), NewVersion>,
    /// When a version was first revoked; nothing here is ever replaced.
    pub revoked: BTreeMap<(Series, u32), u64>,
    /// Audits by number, from 1.
    pub audits: BTreeMap<u64, Audit>,
    /// What was known when an audit was opened, and when its result was recorded.
    pub audited: BTreeMap<u64, Audited>,
}

/// A series: whose, and which of his.
pub type Series = (Account, Hash);

impl Reports {
    pub(crate) fn new(governance: Governance, domain: Hash) -> Self {
        Self {
            governance,
            domain,
            series: BTreeMap::new(),
            anchored: BTreeMap::new(),
            revoked: BTreeMap::new(),
            audits: BTreeMap::new(),
            audited: BTreeMap::new(),
        }
    }

    /// The latest version of a series.
    pub fn latest(&self, series: &Series) -> Option<&Version> {
        self.series.get(series)?.last()
    }

    /// A version, whatever became of it.
    pub fn version(&self, series: &Series, sequence: u32) -> Option<&Version> {
        self.series.get(series)?.iter().find(|v| v.sequence == sequence)
    }

    fn version_mut(&mut self, series: &Series, sequence: u32) -> Option<&mut Version> {
        self.series.get_mut(series)?.iter_mut().find(|v| v.sequence == sequence)
    }

    /// All that is asked of a version but the admission of `caller`.
    fn check(&self, caller: Account, new: &NewVersion, supersedes: bool) -> Result<(), Refusal> {
        let latest = self.latest(&(caller, new.series));
        ensure(!supersedes || latest.is_some(), "NothingToSupersede")?;
        ensure(new.byte_length > 0, "EmptyReport")?;
        ensure(new.chunks > 0 && new.chunks <= new.byte_length, "InvalidChunks")?;
        ensure(new.patient != Some(new.doctor), "SameParty")?;
        let sequence = latest.map_or(Some(1), |v| v.sequence.checked_add(1));
        ensure(sequence == Some(new.sequence), "WrongSequence")?;
        ensure(new.previous == latest.map_or(ZERO, |v| v.head), "WrongPrevious")
    }

    fn append(&mut self, owner: Account, now: u64, new: NewVersion) {
        let version = Version {
            sequence: new.sequence,
            owner,
            previous: new.previous,
            head: new.head(self.domain, owner),
            root: new.root,
            chunks: new.chunks,
            byte_length: new.byte_length,
            metadata: new.metadata,
            patient: new.patient,
            doctor: new.doctor,
            patient_signed: None,
            doctor_signed: None,
            superseded_by: None,
            revoked: None,
            at: now,
        };
        let series = (owner, new.series);
        self.series.entry(series).or_default().push(version);
        self.anchored.entry((series, new.sequence)).or_insert(new);
    }
}

impl World {
    fn may_anchor(&self, caller: Account) -> Result<(), Refusal> {
        let roles = DATA_OWNER | RESOURCE_HOLDER | PROVIDER;
        ensure(self.participants.has_role(&caller, roles), "NotAdmitted")
    }

    /// `anchor`
    pub fn anchor(&mut self, caller: Account, now: u64, new: NewVersion) -> Reply {
        running(&self.reports.governance)?;
        self.may_anchor(caller)?;
        self.reports.check(caller, &new, false)?;
        self.reports.append(caller, now, new);
        Ok(Answer::Nothing)
    }

    /// `anchor_batch`
    pub fn anchor_batch(&mut self, caller: Account, now: u64, list: &[NewVersion]) -> Reply {
        running(&self.reports.governance)?;
        ensure((1..=MAX_BATCH).contains(&list.len()), "BatchSize")?;
        self.may_anchor(caller)?;
        let mut after = self.reports.clone();
        for new in list {
            after.check(caller, new, false)?;
            after.append(caller, now, *new);
        }
        self.reports = after;
        Ok(Answer::Nothing)
    }

    /// `supersede`
    pub fn supersede(&mut self, caller: Account, now: u64, new: NewVersion) -> Reply {
        running(&self.reports.governance)?;
        self.may_anchor(caller)?;
        self.reports.check(caller, &new, true)?;
        if let Some(old) = self.reports.version_mut(&(caller, new.series), new.sequence - 1) {
            old.superseded_by = Some(new.sequence);
        }
        self.reports.append(caller, now, new);
        Ok(Answer::Nothing)
    }

    /// `revoke` of reports
    pub fn revoke_version(
        &mut self,
        caller: Account,
        now: u64,
        series: Hash,
        sequence: u32,
    ) -> Reply {
        let series = (caller, series);
        let version = self.reports.version_mut(&series, sequence).ok_or("UnknownVersion")?;
        ensure(version.revoked.is_none(), "AlreadyRevoked")?;
        version.revoked = Some(now);
        self.reports.revoked.entry((series, sequence)).or_insert(now);
        Ok(Answer::Nothing)
    }

    /// `countersign`
    pub fn countersign(
        &mut self,
        caller: Account,
        now: u64,
        series: Series,
        sequence: u32,
        head: Hash,
    ) -> Reply {
        running(&self.reports.governance)?;
        ensure(self.participants.is_admitted(&caller), "NotAdmitted")?;
        let version = self.reports.version_mut(&series, sequence);
        let version = version.filter(|v| v.head == head).ok_or("UnknownVersion")?;
        let revoked = version.revoked.is_some();
        let signed = if version.patient == Some(caller) {
            &mut version.patient_signed
        } else if version.doctor == caller {
            &mut version.doctor_signed
        } else {
            return Err("NotParty");
        };
        ensure(!revoked, "AlreadyRevoked")?;
        ensure(signed.is_none(), "AlreadySigned")?;
        *signed = Some(now);
        Ok(Answer::Nothing)
    }
}
