//! The rules of report series and audits, and what the shell adds to them.

mod audit;
mod series;
mod shell;
mod staff;

use crate::data::{Data, NewVersion};
use crate::errors::ReportsError as Error;
use crate::version::{SeriesKey, VersionKey};
use assent_events::{role, Hash};
use assent_merkle::{Sha2, Sha256};
use assent_traits::participants::{Admission, Agency, Standing};
use ink::primitives::AccountId;

const OWNER: AccountId = AccountId([1; 32]);
const OTHER: AccountId = AccountId([2; 32]);
const PATIENT: AccountId = AccountId([3; 32]);
const DOCTOR: AccountId = AccountId([4; 32]);
const NOW: u64 = 1_800_000_000_000;
/// What the contents of the heads begin with.
const DOMAIN: Hash = [0xd0; 32];
const SERIES: Hash = [5; 32];
/// What [`series`] makes.
const OWN: SeriesKey = (OWNER, SERIES);
const REASON: Hash = [6; 32];

/// A version of [`OWN`].
const fn of(sequence: u32) -> VersionKey {
    (OWNER, SERIES, sequence)
}

fn new(sequence: u32, previous: Hash) -> NewVersion {
    NewVersion {
        series: SERIES,
        sequence,
        previous,
        root: [10; 32],
        chunks: 3,
        byte_length: 150_000,
        metadata: [11; 32],
        patient: Some(PATIENT),
        doctor: DOCTOR,
    }
}

/// What is wrong with every field that an error is about, so that the first error wins over all
/// others.
fn all_wrong() -> NewVersion {
    NewVersion { chunks: 0, byte_length: 0, doctor: PATIENT, ..new(7, [1; 32]) }
}

/// The caller acts for himself, and has every role or none.
fn own(admitted: bool) -> Admission {
    let roles = if admitted { role::ALL } else { 0 };
    let subject = Standing { roles, admitted: true };
    Admission { subject, for_subject: Agency::OWN, ..Admission::default() }
}

/// An auditor, or not, of a version of [`OWNER`] that [`DOCTOR`] answers for.
fn auditing(caller: AccountId, is_auditor: bool) -> Admission {
    let acts = |party| if caller == party { Agency::OWN } else { Agency::default() };
    let roles = if is_auditor { role::AUDITOR } else { !role::AUDITOR };
    let stands = Standing { roles, admitted: true };
    let (for_subject, for_other) = (acts(OWNER), acts(DOCTOR));
    Admission { caller: stands, for_subject, for_other, ..Admission::default() }
}

/// A series of `count` versions, and their heads.
fn series(count: u32) -> (Data, Vec<Hash>) {
    let mut data = Data::new(DOMAIN);
    let mut heads = vec![[0; 32]];
    for sequence in 1..=count {
        let previous = heads[heads.len() - 1];
        heads.push(
            data.anchor(OWNER, NOW, own(true), OWNER, &new(sequence, previous)).unwrap().head,
        );
    }
    heads.remove(0);
    (data, heads)
}

/// The documented head of a version of `owner` in the contract with this `domain`: all fields one
/// after the other, numbers little-endian, a patient with a byte before him that says whether there is
/// one. No two fields of [`new`] are equal, so that none can stand in for another.
fn documented_head(domain: Hash, owner: AccountId, new: &NewVersion) -> Hash {
    let patient = new.patient.map_or(vec![0], |patient| [&[1][..], patient.as_ref()].concat());
    Sha2::hash(&[
        &domain,
        owner.as_ref(),
        &new.series,
        &new.sequence.to_le_bytes(),
        &new.previous,
        &new.root,
        &new.chunks.to_le_bytes(),
        &new.byte_length.to_le_bytes(),
        &new.metadata,
        &patient,
        new.doctor.as_ref(),
    ])
}
