//! The rules of report series.

use crate::errors::ReportsError;
use crate::version::{head_hash, ChainSha256};
use assent_events::{
    reports::{Anchored, Countersigned, Revoked, Superseded},
    Hash, Party,
};
use assent_merkle::{verify_inclusion, MAX_PROOF_LEN};
use ink::{
    prelude::vec::Vec,
    primitives::AccountId,
    storage::{traits::ManualKey, Mapping},
};

pub use crate::version::{NewVersion, Version};
pub use assent_interface::MAX_BATCH;

/// Version of the layout of this contract's storage.
pub const SCHEMA_VERSION: u32 = 1;
/// Most versions of a page; they fit into the 16 KiB that a message may return.
pub const MAX_PAGE: u32 = 32;

/// All series.
#[ink::storage_item]
#[derive(Debug)]
pub struct Data {
    /// Number of the latest version of each series.
    heads: Mapping<Hash, u32, ManualKey<0x7265_0001>>,
    versions: Mapping<(Hash, u32), Version, ManualKey<0x7265_0002>>,
}

impl Data {
    /// Without any series.
    pub fn new() -> Self {
        Self { heads: Mapping::new(), versions: Mapping::new() }
    }

    /// Anchors `new` for `caller`; `may_anchor` is what the participants contract says of him.
    pub fn anchor(
        &mut self,
        caller: AccountId,
        now: u64,
        may_anchor: bool,
        new: &NewVersion,
    ) -> Result<Anchored, ReportsError> {
        let latest = self.head(new.series);
        check_may_continue(caller, may_anchor, latest.as_ref())?;
        let version = following(caller, now, latest.as_ref(), new)?;
        Ok(self.append(new.series, version))
    }

    /// Anchors all of `batch` in order, or nothing; a version may continue one before it in the batch.
    pub fn anchor_batch(
        &mut self,
        caller: AccountId,
        now: u64,
        may_anchor: bool,
        batch: &[NewVersion],
    ) -> Result<Vec<Anchored>, ReportsError> {
        check_batch_size(batch)?;
        let mut versions: Vec<(Hash, Version)> = Vec::with_capacity(batch.len());
        for new in batch {
            let in_batch = versions.iter().rev().find(|(series, _)| *series == new.series);
            let latest = in_batch.map(|(_, version)| version.clone());
            let latest = latest.or_else(|| self.head(new.series));
            check_may_continue(caller, may_anchor, latest.as_ref())?;
            versions.push((new.series, following(caller, now, latest.as_ref(), new)?));
        }
        Ok(versions.into_iter().map(|(series, version)| self.append(series, version)).collect())
    }

    /// Anchors `new` as the correction of what is the latest version now, also of a revoked one.
    pub fn supersede(
        &mut self,
        caller: AccountId,
        now: u64,
        may_anchor: bool,
        new: &NewVersion,
    ) -> Result<(Anchored, Superseded), ReportsError> {
        let latest = self.head(new.series);
        check_may_continue(caller, may_anchor, latest.as_ref())?;
        let mut latest = latest.ok_or(ReportsError::NothingToSupersede)?;
        let version = following(caller, now, Some(&latest), new)?;

        latest.superseded_by = Some(version.sequence);
        self.versions.insert((new.series, latest.sequence), &latest);
        let superseded =
            Superseded { series: new.series, sequence: latest.sequence, by: version.sequence };
        Ok((self.append(new.series, version), superseded))
    }

    /// Revokes a version; it stays on record.
    pub fn revoke(
        &mut self,
        caller: AccountId,
        now: u64,
        series: Hash,
        sequence: u32,
        reason: Hash,
    ) -> Result<Revoked, ReportsError> {
        let mut version = self.version(series, sequence).ok_or(ReportsError::UnknownVersion)?;
        if version.owner != caller {
            return Err(ReportsError::NotSeriesOwner);
        }
        if version.revoked.is_some() {
            return Err(ReportsError::AlreadyRevoked);
        }

        version.revoked = Some(now);
        self.versions.insert((series, sequence), &version);
        Ok(Revoked { series, sequence, reason, at: now })
    }

    /// Signs for the version that has this `head`, as its patient or its doctor; `admitted` is what
    /// the participants contract says of `caller`.
    pub fn countersign(
        &mut self,
        caller: AccountId,
        now: u64,
        admitted: bool,
        series: Hash,
        sequence: u32,
        head: Hash,
    ) -> Result<Countersigned, ReportsError> {
        if !admitted {
            return Err(ReportsError::NotAdmitted);
        }
        let version = self.version(series, sequence).filter(|version| version.head == head);
        let mut version = version.ok_or(ReportsError::UnknownVersion)?;
        let (party, signed) = if caller == version.patient {
            (Party::Patient, &mut version.patient_signed)
        } else if caller == version.doctor {
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
        self.versions.insert((series, sequence), &version);
        Ok(Countersigned { series, sequence, party, by: caller, at: now })
    }

    /// Whether a version's file has the chunk with this leaf hash and index, by `proof`.
    pub fn verify_chunk(
        &self,
        series: Hash,
        sequence: u32,
        index: u64,
        leaf: Hash,
        proof: &[Hash],
    ) -> bool {
        proof.len() <= MAX_PROOF_LEN
            && self.version(series, sequence).is_some_and(|version| {
                verify_inclusion::<ChainSha256>(&version.root, version.chunks, index, &leaf, proof)
            })
    }

    /// Whether a version has this `head`, its fields hash to it, and it continues the version before
    /// it, whose head is `previous` (zero for the first).
    pub fn verify_link(&self, series: Hash, sequence: u32, previous: Hash, head: Hash) -> bool {
        let before = match sequence.checked_sub(1) {
            None => return false,
            Some(0) => Some([0; 32]),
            Some(before) => self.version(series, before).map(|version| version.head),
        };
        before == Some(previous)
            && self.version(series, sequence).is_some_and(|version| {
                version.previous == previous
                    && version.head == head
                    && head_hash(series, &version) == head
            })
    }

    /// The latest version of a series.
    pub fn head(&self, series: Hash) -> Option<Version> {
        self.version(series, self.heads.get(series)?)
    }

    /// A version of a series.
    pub fn version(&self, series: Hash, sequence: u32) -> Option<Version> {
        self.versions.get((series, sequence))
    }

    /// At most `limit` versions, and never more than [`MAX_PAGE`], from a sequence number on.
    pub fn history(&self, series: Hash, from: u32, limit: u32) -> Vec<Version> {
        let first = from.max(1);
        let after = first.saturating_add(limit.min(MAX_PAGE));
        (first..after).map_while(|sequence| self.version(series, sequence)).collect()
    }

    fn append(&mut self, series: Hash, version: Version) -> Anchored {
        self.heads.insert(series, &version.sequence);
        self.versions.insert((series, version.sequence), &version);
        Anchored {
            series,
            owner: version.owner,
            sequence: version.sequence,
            previous: version.previous,
            head: version.head,
            root: version.root,
            chunks: version.chunks,
            byte_length: version.byte_length,
            metadata: version.metadata,
            patient: version.patient,
            doctor: version.doctor,
            at: version.at,
        }
    }
}

impl Default for Data {
    fn default() -> Self {
        Self::new()
    }
}

/// Whether a batch has a size that one message can do.
pub fn check_batch_size(batch: &[NewVersion]) -> Result<(), ReportsError> {
    if batch.is_empty() || batch.len() > MAX_BATCH {
        return Err(ReportsError::BatchSize);
    }
    Ok(())
}

/// Whether `caller` may append to the series that ends with `latest`.
fn check_may_continue(
    caller: AccountId,
    may_anchor: bool,
    latest: Option<&Version>,
) -> Result<(), ReportsError> {
    if !may_anchor {
        return Err(ReportsError::NotAdmitted);
    }
    if latest.is_some_and(|latest| latest.owner != caller) {
        return Err(ReportsError::NotSeriesOwner);
    }
    Ok(())
}

/// The version that follows `latest`, if `new` is sound.
fn following(
    caller: AccountId,
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
    if new.patient == new.doctor {
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
        owner: caller,
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
    version.head = head_hash(new.series, &version);
    Ok(version)
}
