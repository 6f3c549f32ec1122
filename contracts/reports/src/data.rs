//! The rules of report series; those of audits are in [`crate::audit`].

use crate::audit::Audit;
use crate::errors::ReportsError;
use crate::version::{head_hash, ChainSha256, SeriesKey, VersionKey};
use assent_events::{
    power,
    reports::{Anchored, Countersigned, Revoked, Superseded},
    role, Hash, Party,
};
use assent_merkle::{verify_inclusion, MAX_PROOF_LEN};
use assent_traits::participants::{Admission, Agency};
use ink::{
    prelude::vec::Vec,
    primitives::AccountId,
    storage::{traits::ManualKey, Lazy, Mapping},
};

pub use crate::version::{NewVersion, Version};
pub use assent_interface::MAX_BATCH;

/// Version of the layout of this contract's storage.
pub const SCHEMA_VERSION: u32 = 1;
/// Most versions of a page; they fit into the 16 KiB that a message may return.
pub const MAX_PAGE: u32 = 32;

/// Roles whose holders have reports.
const AUTHORS: u16 = role::DATA_OWNER | role::RESOURCE_HOLDER | role::PROVIDER;

/// All but the government of the contract.
#[ink::storage_item]
#[derive(Debug)]
pub struct Data {
    /// What the contents of all heads begin with.
    domain: Hash,
    /// Number of the latest version of each series.
    heads: Mapping<SeriesKey, u32, ManualKey<0x7265_0001>>,
    versions: Mapping<VersionKey, Version, ManualKey<0x7265_0002>>,
    /// Number of the latest audit; the first is 1.
    pub(crate) last_audit: Lazy<u64, ManualKey<0x7265_0003>>,
    pub(crate) audits: Mapping<u64, Audit, ManualKey<0x7265_0004>>,
}

impl Data {
    /// Without any series; `domain` is that of the contract on its chain.
    pub fn new(domain: Hash) -> Self {
        Self {
            domain,
            heads: Mapping::new(),
            versions: Mapping::new(),
            last_audit: Lazy::new(),
            audits: Mapping::new(),
        }
    }

    /// Anchors `new` in a series of `owner`, for whom `caller` acts. The admission's subject is the
    /// owner.
    pub fn anchor(
        &mut self,
        caller: AccountId,
        now: u64,
        admission: Admission,
        owner: AccountId,
        new: &NewVersion,
    ) -> Result<Anchored, ReportsError> {
        check_may_anchor(admission, owner, core::slice::from_ref(new))?;
        let latest = self.head((owner, new.series));
        let version = self.following(owner, now, latest.as_ref(), new)?;
        Ok(self.append(caller, new.series, version))
    }

    /// Anchors all of `batch` in order, or nothing; a version may continue one before it in the batch.
    /// The admission's subject is the owner.
    pub fn anchor_batch(
        &mut self,
        caller: AccountId,
        now: u64,
        admission: Admission,
        owner: AccountId,
        batch: &[NewVersion],
    ) -> Result<Vec<Anchored>, ReportsError> {
        check_batch_size(batch)?;
        check_may_anchor(admission, owner, batch)?;
        let mut versions: Vec<(Hash, Version)> = Vec::with_capacity(batch.len());
        for new in batch {
            let in_batch = versions.iter().rev().find(|(series, _)| *series == new.series);
            let latest = in_batch.map(|(_, version)| version.clone());
            let latest = latest.or_else(|| self.head((owner, new.series)));
            versions.push((new.series, self.following(owner, now, latest.as_ref(), new)?));
        }
        let append = |(series, version)| self.append(caller, series, version);
        Ok(versions.into_iter().map(append).collect())
    }

    /// Anchors `new` as the correction of what is the latest version now, also of a revoked one. The
    /// admission's subject is the owner.
    pub fn supersede(
        &mut self,
        caller: AccountId,
        now: u64,
        admission: Admission,
        owner: AccountId,
        new: &NewVersion,
    ) -> Result<(Anchored, Superseded), ReportsError> {
        check_may_anchor(admission, owner, core::slice::from_ref(new))?;
        let series = new.series;
        let mut latest = self.head((owner, series)).ok_or(ReportsError::NothingToSupersede)?;
        let version = self.following(owner, now, Some(&latest), new)?;

        latest.superseded_by = Some(version.sequence);
        self.versions.insert((owner, series, latest.sequence), &latest);
        let (sequence, by) = (latest.sequence, version.sequence);
        let superseded = Superseded { owner, series, sequence, by };
        Ok((self.append(caller, series, version), superseded))
    }

    /// Revokes a version of a series of an owner, for whom `caller` may do what `for_owner` says; it
    /// stays on record.
    pub fn revoke(
        &mut self,
        caller: AccountId,
        now: u64,
        for_owner: Agency,
        key: VersionKey,
        reason: Hash,
    ) -> Result<Revoked, ReportsError> {
        let (owner, series, sequence) = key;
        if !may_anchor(for_owner) {
            return Err(ReportsError::NotAuthorized);
        }
        let mut version = self.known_version(key)?;
        if !concerns(for_owner, owner, version.patient) {
            return Err(ReportsError::NotAuthorized);
        }
        if version.revoked.is_some() {
            return Err(ReportsError::AlreadyRevoked);
        }

        version.revoked = Some(now);
        self.versions.insert(key, &version);
        Ok(Revoked { owner, series, sequence, reason, by: caller, at: now })
    }

    /// Signs for the version with this `key`, if it has this `head`, in the name of `signer`, its
    /// patient or its doctor, for whom `caller` acts. The admission's subject is the signer.
    pub fn countersign(
        &mut self,
        caller: AccountId,
        now: u64,
        admission: Admission,
        signer: AccountId,
        key: VersionKey,
        head: Hash,
    ) -> Result<Countersigned, ReportsError> {
        let as_staff = admission.for_subject.may(power::SIGN);
        if !as_staff && !admission.for_subject.may(power::GUARDIAN) {
            return Err(ReportsError::NotAuthorized);
        }
        if !admission.subject.has(role::ALL) {
            return Err(ReportsError::NotAdmitted);
        }
        let (owner, series, sequence) = key;
        let version = self.version(key).filter(|version| version.head == head);
        let mut version = version.ok_or(ReportsError::UnknownVersion)?;
        let (party, signed) = if version.patient == Some(signer) {
            (Party::Patient, &mut version.patient_signed)
        } else if signer == version.doctor && as_staff {
            // A guardian acts for a patient, and answers for nobody's work.
            (Party::Doctor, &mut version.doctor_signed)
        } else {
            return Err(ReportsError::NotParty);
        };
        if version.revoked.is_some() {
            return Err(ReportsError::AlreadyRevoked);
        }
        if signed.is_some() {
            return Err(ReportsError::AlreadySigned);
        }

        *signed = Some(now);
        self.versions.insert(key, &version);
        Ok(Countersigned { owner, series, sequence, party, signer, by: caller, at: now })
    }

    /// Whether the file of the version with this `key` has the chunk with this leaf hash and index, by
    /// `proof`.
    pub fn verify_chunk(&self, key: VersionKey, index: u64, leaf: Hash, proof: &[Hash]) -> bool {
        proof.len() <= MAX_PROOF_LEN
            && self.version(key).is_some_and(|version| {
                verify_inclusion::<ChainSha256>(&version.root, version.chunks, index, &leaf, proof)
            })
    }

    /// Whether the version with this `key` has this `head`, its fields hash to it, and it continues the
    /// version before it, whose head is `previous` (zero for the first).
    pub fn verify_link(&self, key: VersionKey, previous: Hash, head: Hash) -> bool {
        let (owner, series, sequence) = key;
        let before = match sequence.checked_sub(1) {
            None => return false,
            Some(0) => Some([0; 32]),
            Some(before) => self.version((owner, series, before)).map(|version| version.head),
        };
        before == Some(previous)
            && self.version(key).is_some_and(|version| {
                version.previous == previous
                    && version.head == head
                    && head_hash(self.domain, series, &version) == head
            })
    }

    /// The latest version of a series.
    pub fn head(&self, key: SeriesKey) -> Option<Version> {
        let (owner, series) = key;
        self.version((owner, series, self.heads.get(key)?))
    }

    /// A version of a series.
    pub fn version(&self, key: VersionKey) -> Option<Version> {
        self.versions.get(key)
    }

    /// A version of a series, which there has to be.
    pub fn known_version(&self, key: VersionKey) -> Result<Version, ReportsError> {
        self.version(key).ok_or(ReportsError::UnknownVersion)
    }

    /// At most `limit` versions, and never more than [`MAX_PAGE`], from a sequence number on.
    pub fn history(&self, key: SeriesKey, from: u32, limit: u32) -> Vec<Version> {
        let (owner, series) = key;
        let first = from.max(1);
        let after = first.saturating_add(limit.min(MAX_PAGE));
        (first..after).map_while(|sequence| self.version((owner, series, sequence))).collect()
    }

    /// What the contents of all heads begin with.
    pub fn domain(&self) -> Hash {
        self.domain
    }

    /// The version of `owner` that follows `latest`, if `new` is sound.
    fn following(
        &self,
        owner: AccountId,
        now: u64,
        latest: Option<&Version>,
        new: &NewVersion,
    ) -> Result<Version, ReportsError> {
        if new.byte_length == 0 {
            return Err(ReportsError::EmptyReport);
        }
        if new.chunks == 0 || new.chunks > new.byte_length {
            return Err(ReportsError::InvalidChunks);
        }
        if new.patient == Some(new.doctor) {
            return Err(ReportsError::SameParty);
        }
        let (sequence, head) = latest.map_or((0, [0; 32]), |latest| (latest.sequence, latest.head));
        // A series that is full has no next number.
        if sequence.checked_add(1) != Some(new.sequence) {
            return Err(ReportsError::WrongSequence);
        }
        if new.previous != head {
            return Err(ReportsError::WrongPrevious);
        }
        let mut version = Version {
            sequence: new.sequence,
            owner,
            previous: new.previous,
            head: [0; 32],
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
        version.head = head_hash(self.domain, new.series, &version);
        Ok(version)
    }

    fn append(&mut self, caller: AccountId, series: Hash, version: Version) -> Anchored {
        self.heads.insert((version.owner, series), &version.sequence);
        self.versions.insert((version.owner, series, version.sequence), &version);
        Anchored {
            owner: version.owner,
            series,
            sequence: version.sequence,
            previous: version.previous,
            head: version.head,
            root: version.root,
            chunks: version.chunks,
            byte_length: version.byte_length,
            metadata: version.metadata,
            patient: version.patient,
            doctor: version.doctor,
            by: caller,
            at: version.at,
        }
    }
}

/// Whether a batch has a size that one message can do.
pub fn check_batch_size(batch: &[NewVersion]) -> Result<(), ReportsError> {
    if batch.is_empty() || batch.len() > MAX_BATCH {
        return Err(ReportsError::BatchSize);
    }
    Ok(())
}

/// Whether the caller may anchor all of these for the subject, the owner, and that one has reports at all.
fn check_may_anchor(
    admission: Admission,
    owner: AccountId,
    all: &[NewVersion],
) -> Result<(), ReportsError> {
    let agency = admission.for_subject;
    if !may_anchor(agency) || !all.iter().all(|new| concerns(agency, owner, new.patient)) {
        return Err(ReportsError::NotAuthorized);
    }
    if !admission.subject.has(AUTHORS) {
        return Err(ReportsError::NotAdmitted);
    }
    Ok(())
}

/// Whether what an account may do for another reaches as far as his series: one of his staff, or his
/// guardian.
fn may_anchor(agency: Agency) -> bool {
    agency.may(power::ANCHOR) || agency.may(power::GUARDIAN)
}

/// Whether it reaches as far as a version about `patient`: a guardian acts for his ward about his ward, and
/// answers for nobody's work.
fn concerns(agency: Agency, owner: AccountId, patient: Option<AccountId>) -> bool {
    agency.may(power::ANCHOR) || patient == Some(owner)
}
