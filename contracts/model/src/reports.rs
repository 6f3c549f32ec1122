//! Anchored reports; [`audits`] has the audits of them.

mod audits;

pub use audits::Audited;

use crate::{
    ensure,
    governance::running,
    power,
    role::{DATA_OWNER, PROVIDER, RESOURCE_HOLDER},
    Account, Answer, Audit, Chained as _, Deed, Governance, Hash, NewVersion, Refusal, Reply,
    Version, World, MAX_BATCH, ZERO,
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
    /// Who anchored each version.
    pub anchored_by: BTreeMap<(Series, u32), Deed>,
    /// Who revoked a version.
    pub revoked_by: BTreeMap<(Series, u32), Deed>,
    /// Who signed a version, for whom.
    pub signed_by: BTreeMap<(Series, u32, Account), Deed>,
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
            anchored_by: BTreeMap::new(),
            revoked_by: BTreeMap::new(),
            signed_by: BTreeMap::new(),
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

    /// All that is asked of a version but the admission of `owner`.
    fn check(&self, owner: Account, new: &NewVersion, supersedes: bool) -> Result<(), Refusal> {
        let latest = self.latest(&(owner, new.series));
        ensure(!supersedes || latest.is_some(), "NothingToSupersede")?;
        ensure(new.byte_length > 0, "EmptyReport")?;
        ensure(new.chunks > 0 && new.chunks <= new.byte_length, "InvalidChunks")?;
        ensure(new.patient != Some(new.doctor), "SameParty")?;
        let sequence = latest.map_or(Some(1), |v| v.sequence.checked_add(1));
        ensure(sequence == Some(new.sequence), "WrongSequence")?;
        ensure(new.previous == latest.map_or(ZERO, |v| v.head), "WrongPrevious")
    }

    fn append(&mut self, deed: Deed, new: NewVersion) {
        let Deed { subject: owner, at, .. } = deed;
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
            at,
        };
        let series = (owner, new.series);
        self.series.entry(series).or_default().push(version);
        self.anchored.entry((series, new.sequence)).or_insert(new);
        self.anchored_by.entry((series, new.sequence)).or_insert(deed);
    }
}

/// Whether it may concern this patient: a guardian speaks for his ward of nobody else.
fn about(deed: &Deed, patient: Option<Account>) -> Result<(), Refusal> {
    ensure(deed.power != power::GUARDIAN || patient == Some(deed.subject), "NotAuthorized")
}

impl World {
    /// What `caller` does when he anchors something for `owner`.
    fn anchoring(
        &self,
        caller: Account,
        now: u64,
        owner: Account,
        list: &[NewVersion],
    ) -> Result<Deed, Refusal> {
        let roles = DATA_OWNER | RESOURCE_HOLDER | PROVIDER;
        let deed = self.reporting(caller, now, owner, power::ANCHOR)?;
        for new in list {
            about(&deed, new.patient)?;
        }
        ensure(self.participants.has_role(&owner, roles), "NotAdmitted")?;
        Ok(deed)
    }

    /// What `caller` does for `party` as one of his staff who has this power, or as his guardian.
    fn reporting(
        &self,
        caller: Account,
        now: u64,
        party: Account,
        power: u16,
    ) -> Result<Deed, Refusal> {
        let caller = self.by(caller)?;
        let p = &self.participants;
        let by = |power| p.acting(&party, &caller, power, now).map(|_| power);
        let power = by(power).or_else(|_| by(power::GUARDIAN))?;
        Ok(p.deed(party, caller, power, now))
    }

    /// `anchor`
    pub fn anchor(&mut self, caller: Account, now: u64, owner: Account, new: NewVersion) -> Reply {
        running(&self.reports.governance)?;
        let deed = self.anchoring(caller, now, owner, &[new])?;
        self.reports.check(owner, &new, false)?;
        self.reports.append(deed, new);
        Ok(Answer::Nothing)
    }

    /// `anchor_batch`
    pub fn anchor_batch(
        &mut self,
        caller: Account,
        now: u64,
        owner: Account,
        list: &[NewVersion],
    ) -> Reply {
        running(&self.reports.governance)?;
        ensure((1..=MAX_BATCH).contains(&list.len()), "BatchSize")?;
        let deed = self.anchoring(caller, now, owner, list)?;
        let mut after = self.reports.clone();
        for new in list {
            after.check(owner, new, false)?;
            after.append(deed, *new);
        }
        self.reports = after;
        Ok(Answer::Nothing)
    }

    /// `supersede`
    pub fn supersede(
        &mut self,
        caller: Account,
        now: u64,
        owner: Account,
        new: NewVersion,
    ) -> Reply {
        running(&self.reports.governance)?;
        let deed = self.anchoring(caller, now, owner, &[new])?;
        self.reports.check(owner, &new, true)?;
        if let Some(old) = self.reports.version_mut(&(owner, new.series), new.sequence - 1) {
            old.superseded_by = Some(new.sequence);
        }
        self.reports.append(deed, new);
        Ok(Answer::Nothing)
    }

    /// `revoke` of reports
    pub fn revoke_version(
        &mut self,
        caller: Account,
        now: u64,
        series: Series,
        sequence: u32,
    ) -> Reply {
        let (owner, _) = series;
        let deed = self.reporting(caller, now, owner, power::ANCHOR)?;
        let version = self.reports.version_mut(&series, sequence).ok_or("UnknownVersion")?;
        about(&deed, version.patient)?;
        ensure(version.revoked.is_none(), "AlreadyRevoked")?;
        version.revoked = Some(now);
        self.reports.revoked.entry((series, sequence)).or_insert(now);
        self.reports.revoked_by.entry((series, sequence)).or_insert(deed);
        Ok(Answer::Nothing)
    }

    /// `countersign`
    pub fn countersign(
        &mut self,
        caller: Account,
        now: u64,
        signer: Account,
        series: Series,
        sequence: u32,
        head: Hash,
    ) -> Reply {
        running(&self.reports.governance)?;
        let deed = self.reporting(caller, now, signer, power::SIGN)?;
        ensure(self.participants.is_admitted(&signer), "NotAdmitted")?;
        let version = self.reports.version_mut(&series, sequence);
        let version = version.filter(|v| v.head == head).ok_or("UnknownVersion")?;
        let revoked = version.revoked.is_some();
        let signed = if version.patient == Some(signer) {
            &mut version.patient_signed
        } else if version.doctor == signer && deed.power == power::SIGN {
            &mut version.doctor_signed
        } else {
            return Err("NotParty");
        };
        ensure(!revoked, "AlreadyRevoked")?;
        ensure(signed.is_none(), "AlreadySigned")?;
        *signed = Some(now);
        self.reports.signed_by.entry((series, sequence, signer)).or_insert(deed);
        Ok(Answer::Nothing)
    }
}
