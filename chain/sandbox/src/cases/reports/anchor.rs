//! Anchoring: one version, a batch, a correction.

use assent_interface::reports;

use super::super::{Call, Case, call};
use super::{case, lose_participants};
use crate::ledger::{
    AUDITOR, Chained as _, HOSPITAL, INSTITUTE, Ledger, NewVersion, PATIENT, RELATIVE, Version,
    key, report, role,
};

/// Number of the latest version of a series.
const HEADS: u32 = 0x7265_0001;
/// Versions by series and number.
const VERSIONS: u32 = 0x7265_0002;

pub(super) fn cases() -> Vec<Case> {
    [anchor(), batch(), supersede()].concat()
}

fn anchor() -> Vec<Case> {
    let case = |error, prepare| case(reports::ANCHOR, error, prepare);
    vec![
        case(None, |_, _| call(HOSPITAL, report())),
        case(None, |ledger, _| second(ledger, report().next())),
        // Data owners and resource holders may, too.
        case(None, |_, _| call(PATIENT, report())),
        case(None, |ledger, _| {
            ledger.set_roles(INSTITUTE, role::RESOURCE_HOLDER);
            call(INSTITUTE, NewVersion { chunks: u64::MAX, byte_length: u64::MAX, ..report() })
        }),
        // One that follows a revoked one.
        case(None, |ledger, contract| {
            ledger.anchor(&report());
            ledger.done(HOSPITAL, contract, reports::REVOKE, &(report().series, 1u32, [0u8; 32]));
            call(HOSPITAL, report().next())
        }),
        case(Some("Paused"), |ledger, contract| {
            ledger.pause(contract);
            call(HOSPITAL, report())
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            lose_participants(ledger);
            call(HOSPITAL, report())
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            ledger.silence_participants();
            call(HOSPITAL, report())
        }),
        case(Some("NotAdmitted"), |_, _| call(INSTITUTE, report())),
        case(Some("NotAdmitted"), |_, _| call(AUDITOR, report())),
        case(Some("NotAdmitted"), |ledger, _| {
            ledger.suspend(HOSPITAL);
            call(HOSPITAL, report())
        }),
        case(Some("NotSeriesOwner"), |ledger, _| {
            ledger.anchor(&report());
            call(PATIENT, report().next())
        }),
        case(Some("EmptyReport"), |_, _| call(HOSPITAL, NewVersion { byte_length: 0, ..report() })),
        case(Some("InvalidChunks"), |_, _| call(HOSPITAL, NewVersion { chunks: 0, ..report() })),
        case(Some("InvalidChunks"), |_, _| {
            let chunks = report().byte_length + 1;
            call(HOSPITAL, NewVersion { chunks, ..report() })
        }),
        case(Some("SameParty"), |_, _| call(HOSPITAL, NewVersion { doctor: PATIENT, ..report() })),
        case(Some("WrongSequence"), |_, _| call(HOSPITAL, NewVersion { sequence: 0, ..report() })),
        case(Some("WrongSequence"), |_, _| call(HOSPITAL, NewVersion { sequence: 2, ..report() })),
        case(Some("WrongSequence"), |ledger, _| second(ledger, report())),
        case(Some("WrongSequence"), |ledger, _| {
            second(ledger, NewVersion { sequence: 3, ..report().next() })
        }),
        // A series that is full.
        case(Some("WrongSequence"), |ledger, contract| {
            let new = NewVersion { sequence: u32::MAX, ..report() };
            let last = kept(new);
            ledger.overwrite(contract, &key(HEADS, new.series), &u32::MAX);
            ledger.overwrite(contract, &key(VERSIONS, (new.series, u32::MAX)), &last);
            call(HOSPITAL, NewVersion { sequence: 0, previous: last.head, ..new })
        }),
        case(Some("WrongPrevious"), |_, _| {
            call(HOSPITAL, NewVersion { previous: [1; 32], ..report() })
        }),
        case(Some("WrongPrevious"), |ledger, _| {
            second(ledger, NewVersion { previous: [0; 32], ..report().next() })
        }),
        // The head before the latest one.
        case(Some("WrongPrevious"), |ledger, _| {
            ledger.anchor(&report());
            ledger.anchor(&report().next());
            let third = report().next().next();
            call(HOSPITAL, NewVersion { previous: report().head(), ..third })
        }),
    ]
}

fn batch() -> Vec<Case> {
    let case = |error, prepare| case(reports::ANCHOR_BATCH, error, prepare);
    vec![
        case(None, |_, _| call(HOSPITAL, versions(16))),
        case(None, |_, _| call(HOSPITAL, vec![report()])),
        case(None, |_, _| {
            let other = NewVersion { series: [7; 32], ..report() };
            call(HOSPITAL, vec![report(), other, report().next(), other.next()])
        }),
        case(Some("Paused"), |ledger, contract| {
            ledger.pause(contract);
            call(HOSPITAL, versions(17))
        }),
        case(Some("BatchSize"), |_, _| call(HOSPITAL, versions(0))),
        case(Some("BatchSize"), |_, _| call(HOSPITAL, versions(17))),
        case(Some("BatchSize"), |ledger, _| {
            lose_participants(ledger);
            call(HOSPITAL, versions(17))
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            lose_participants(ledger);
            call(HOSPITAL, vec![report()])
        }),
        case(Some("NotAdmitted"), |_, _| call(INSTITUTE, vec![report()])),
        case(Some("NotSeriesOwner"), |ledger, contract| {
            let other = NewVersion { series: [7; 32], ..report() };
            ledger.done(RELATIVE, contract, reports::ANCHOR, &other);
            ending(other.next())
        }),
        case(Some("EmptyReport"), |_, _| ending(NewVersion { byte_length: 0, ..report().next() })),
        case(Some("InvalidChunks"), |_, _| ending(NewVersion { chunks: 0, ..report().next() })),
        case(Some("SameParty"), |_, _| ending(NewVersion { doctor: PATIENT, ..report().next() })),
        case(Some("WrongSequence"), |_, _| ending(report())),
        case(Some("WrongPrevious"), |_, _| {
            ending(NewVersion { previous: [0; 32], ..report().next() })
        }),
        // Of several errors the first in the list wins.
        case(Some("SameParty"), |_, _| {
            let first = NewVersion { doctor: PATIENT, ..report() };
            call(HOSPITAL, vec![first, NewVersion { byte_length: 0, ..report() }])
        }),
    ]
}

fn supersede() -> Vec<Case> {
    let case = |error, prepare| case(reports::SUPERSEDE, error, prepare);
    vec![
        case(None, |ledger, _| second(ledger, report().next())),
        // One that was revoked, too.
        case(None, |ledger, contract| {
            ledger.anchor(&report());
            ledger.done(HOSPITAL, contract, reports::REVOKE, &(report().series, 1u32, [0u8; 32]));
            call(HOSPITAL, report().next())
        }),
        case(Some("Paused"), |ledger, contract| {
            ledger.anchor(&report());
            ledger.pause(contract);
            call(HOSPITAL, report().next())
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            lose_participants(ledger);
            call(HOSPITAL, report())
        }),
        case(Some("NotAdmitted"), |ledger, _| {
            ledger.anchor(&report());
            ledger.suspend(HOSPITAL);
            call(HOSPITAL, report().next())
        }),
        case(Some("NotSeriesOwner"), |ledger, _| {
            ledger.anchor(&report());
            call(PATIENT, report().next())
        }),
        case(Some("NothingToSupersede"), |_, _| call(HOSPITAL, report())),
        case(Some("NothingToSupersede"), |_, _| {
            call(HOSPITAL, NewVersion { byte_length: 0, ..report() })
        }),
        case(Some("EmptyReport"), |ledger, _| {
            second(ledger, NewVersion { byte_length: 0, ..report().next() })
        }),
        case(Some("InvalidChunks"), |ledger, _| {
            second(ledger, NewVersion { chunks: 0, ..report().next() })
        }),
        case(Some("InvalidChunks"), |ledger, _| {
            let chunks = report().byte_length + 1;
            second(ledger, NewVersion { chunks, ..report().next() })
        }),
        case(Some("SameParty"), |ledger, _| {
            second(ledger, NewVersion { doctor: PATIENT, ..report().next() })
        }),
        case(Some("WrongSequence"), |ledger, _| second(ledger, report())),
        case(Some("WrongSequence"), |ledger, _| {
            second(ledger, NewVersion { sequence: 3, ..report().next() })
        }),
        case(Some("WrongPrevious"), |ledger, _| {
            second(ledger, NewVersion { previous: [0; 32], ..report().next() })
        }),
    ]
}

/// The first versions of a series.
fn versions(count: usize) -> Vec<NewVersion> {
    std::iter::successors(Some(report()), |version| Some(version.next())).take(count).collect()
}

/// The hospital hands in the second version of its series.
fn second(ledger: &mut Ledger, version: NewVersion) -> Call {
    ledger.anchor(&report());
    call(HOSPITAL, version)
}

/// The hospital anchors a batch of which only the last is not sound.
fn ending(last: NewVersion) -> Call {
    call(HOSPITAL, vec![report(), last])
}

/// What is kept of a version that the hospital handed in.
fn kept(new: NewVersion) -> Version {
    Version {
        sequence: new.sequence,
        owner: HOSPITAL,
        previous: new.previous,
        head: new.head(),
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
        at: 0,
    }
}
