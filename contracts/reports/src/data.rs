//! The rules of report series.

use crate::errors::ReportsError;
use assent_events::{reports::Anchored, Hash};
use ink::{
    primitives::AccountId,
    storage::{traits::ManualKey, Mapping},
};

/// A version of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Version {
    /// Number in its series; counts from 1.
    pub sequence: u32,
    /// Who anchored it.
    pub owner: AccountId,
    /// Digest of the version before; zero for the first.
    pub previous: Hash,
    /// SHA-256 of the file.
    pub digest: Hash,
    /// Length of the file in bytes.
    pub byte_length: u64,
    /// Block time at which it was anchored, ms since 1970.
    pub at: u64,
}

/// What a caller wants to anchor; the fields are those of [`Version`].
#[derive(Debug, Clone)]
pub struct NewVersion {
    /// Identifier of the series.
    pub series: Hash,
    /// Number in the series.
    pub sequence: u32,
    /// Digest of the version before.
    pub previous: Hash,
    /// SHA-256 of the file.
    pub digest: Hash,
    /// Length of the file in bytes.
    pub byte_length: u64,
}

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
        new: NewVersion,
    ) -> Result<Anchored, ReportsError> {
        if !may_anchor {
            return Err(ReportsError::NotAdmitted);
        }
        let head = self.head(new.series);
        if head.as_ref().is_some_and(|head| head.owner != caller) {
            return Err(ReportsError::NotSeriesOwner);
        }
        if new.byte_length == 0 {
            return Err(ReportsError::EmptyReport);
        }
        let (latest, digest) = head.map_or((0, [0; 32]), |head| (head.sequence, head.digest));
        // A series that is full has no next number.
        if latest.checked_add(1) != Some(new.sequence) {
            return Err(ReportsError::WrongSequence);
        }
        if new.previous != digest {
            return Err(ReportsError::WrongPrevious);
        }

        self.heads.insert(new.series, &new.sequence);
        let version = Version {
            sequence: new.sequence,
            owner: caller,
            previous: new.previous,
            digest: new.digest,
            byte_length: new.byte_length,
            at: now,
        };
        self.versions.insert((new.series, new.sequence), &version);
        Ok(Anchored {
            series: new.series,
            owner: caller,
            sequence: new.sequence,
            previous: new.previous,
            digest: new.digest,
            byte_length: new.byte_length,
            at: now,
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
}

impl Default for Data {
    fn default() -> Self {
        Self::new()
    }
}
