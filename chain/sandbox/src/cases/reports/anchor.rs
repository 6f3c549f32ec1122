//! Anchoring: one version, a batch, a correction.

use assent_interface::{power, reports};

use super::super::{Call, Case, call, own};
use super::{case, lose_participants};
use crate::ledger::{
    AUDITOR, HOSPITAL, INSTITUTE, Ledger, NewVersion, PATIENT, RELATIVE, STRANGER, Version, key,
    report, role,
};

/// Number of the latest version of a series, by owner and series.
const HEADS: u32 = 0x7265_0001;
/// Versions by owner, series and number.
const VERSIONS: u32 = 0x7265_0002;

pub(super) fn cases() -> Vec<Case> {
    [anchor(), batch(), supersede()].concat()
}

fn anchor() -> Vec<Case> {
    let case = |error, prepare| case(reports::ANCHOR, error, prepare);
    vec![
        case(None, |_, _| own(HOSPITAL, report())),
        case(None, |ledger, _| second(ledger, |next| next)),
        // Data owners and resource holders may, too.
        case(None, |_, _| own(PATIENT, report())),
        case(None, |ledger, _| {
            ledger.set_roles(INSTITUTE, role::RESOURCE_HOLDER);
            own(INSTITUTE, NewVersion { chunks: u64::MAX, byte_length: u64::MAX, ..report() })
        }),
        // One that follows a revoked one.
        case(None, |ledger, _| after_a_revoked(ledger)),
        case(Some("Paused"), |ledger, contract| {
            ledger.pause(contract);
            own(HOSPITAL, report())
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            lose_participants(ledger);
            own(HOSPITAL, report())
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            ledger.silence_participants();
            own(HOSPITAL, report())
        }),
        case(None, |ledger, _| {
            ledger.admit_member(HOSPITAL, AUDITOR, power::ANCHOR);
            call(AUDITOR, (HOSPITAL, report()))
        }),
        case(Some("NotAuthorized"), |ledger, _| {
            ledger.admit_member(HOSPITAL, AUDITOR, power::ALL & !power::ANCHOR);
            call(AUDITOR, (HOSPITAL, report()))
        }),
        // A guardian continues the series of his ward, and of nobody else.
        case(None, |ledger, _| {
            ledger.appoint_guardian(PATIENT, STRANGER);
            call(STRANGER, (PATIENT, report()))
        }),
        case(Some("NotAuthorized"), |ledger, _| {
            ledger.appoint_guardian(PATIENT, STRANGER);
            call(STRANGER, (HOSPITAL, report()))
        }),
        // About nobody else, also when the ward is a provider.
        case(Some("NotAuthorized"), |ledger, _| {
            ledger.appoint_guardian(PATIENT, STRANGER);
            call(STRANGER, (PATIENT, NewVersion { patient: Some(RELATIVE), ..report() }))
        }),
        case(Some("NotAuthorized"), |ledger, _| {
            ledger.appoint_guardian(PATIENT, STRANGER);
            call(STRANGER, (PATIENT, NewVersion { patient: None, ..report() }))
        }),
        case(Some("NotAuthorized"), |ledger, _| {
            ledger.appoint_guardian(PATIENT, STRANGER);
            ledger.dismiss_guardian(PATIENT, STRANGER);
            call(STRANGER, (PATIENT, report()))
        }),
        case(Some("NotAdmitted"), |_, _| own(INSTITUTE, report())),
        case(Some("NotAdmitted"), |_, _| own(AUDITOR, report())),
        case(Some("NotAdmitted"), |ledger, _| {
            ledger.suspend(HOSPITAL);
            own(HOSPITAL, report())
        }),
        // A series of the same name is another one, if it is another's.
        case(None, |ledger, _| {
            ledger.anchor(&report());
            own(PATIENT, report())
        }),
        case(Some("WrongSequence"), |ledger, _| {
            ledger.anchor(&report());
            own(PATIENT, next(ledger, report()))
        }),
        // About nobody.
        case(None, |_, _| own(HOSPITAL, NewVersion { patient: None, ..report() })),
        case(Some("EmptyReport"), |_, _| own(HOSPITAL, NewVersion { byte_length: 0, ..report() })),
        case(Some("InvalidChunks"), |_, _| own(HOSPITAL, NewVersion { chunks: 0, ..report() })),
        case(Some("InvalidChunks"), |_, _| {
            let chunks = report().byte_length + 1;
            own(HOSPITAL, NewVersion { chunks, ..report() })
        }),
        case(Some("SameParty"), |_, _| own(HOSPITAL, NewVersion { doctor: PATIENT, ..report() })),
        case(Some("WrongSequence"), |_, _| own(HOSPITAL, NewVersion { sequence: 0, ..report() })),
        case(Some("WrongSequence"), |_, _| own(HOSPITAL, NewVersion { sequence: 2, ..report() })),
        case(Some("WrongSequence"), |ledger, _| second(ledger, |_| report())),
        case(Some("WrongSequence"), |ledger, _| {
            second(ledger, |next| NewVersion { sequence: 3, ..next })
        }),
        // A series that is full.
        case(Some("WrongSequence"), |ledger, contract| {
            let new = NewVersion { sequence: u32::MAX, ..report() };
            let last = kept(ledger, new);
            ledger.overwrite(contract, &key(HEADS, (HOSPITAL, new.series)), &u32::MAX);
            ledger.overwrite(contract, &key(VERSIONS, (HOSPITAL, new.series, u32::MAX)), &last);
            own(HOSPITAL, NewVersion { sequence: 0, previous: last.head, ..new })
        }),
        case(Some("WrongPrevious"), |_, _| {
            own(HOSPITAL, NewVersion { previous: [1; 32], ..report() })
        }),
        case(Some("WrongPrevious"), |ledger, _| {
            second(ledger, |next| NewVersion { previous: [0; 32], ..next })
        }),
        // The head before the latest one.
        case(Some("WrongPrevious"), |ledger, _| {
            ledger.anchor(&report());
            let second = next(ledger, report());
            ledger.anchor(&second);
            let first = ledger.head(HOSPITAL, &report());
            let third = next(ledger, second);
            own(HOSPITAL, NewVersion { previous: first, ..third })
        }),
    ]
}

fn batch() -> Vec<Case> {
    let case = |error, prepare| case(reports::ANCHOR_BATCH, error, prepare);
    vec![
        case(None, |ledger, _| own(HOSPITAL, versions(ledger, 16))),
        case(None, |_, _| own(HOSPITAL, vec![report()])),
        case(None, |ledger, _| {
            let other = NewVersion { series: [7; 32], ..report() };
            own(HOSPITAL, vec![report(), other, next(ledger, report()), next(ledger, other)])
        }),
        case(Some("Paused"), |ledger, contract| {
            ledger.pause(contract);
            own(HOSPITAL, versions(ledger, 17))
        }),
        case(Some("BatchSize"), |ledger, _| own(HOSPITAL, versions(ledger, 0))),
        case(Some("BatchSize"), |ledger, _| own(HOSPITAL, versions(ledger, 17))),
        case(Some("BatchSize"), |ledger, _| {
            lose_participants(ledger);
            own(HOSPITAL, versions(ledger, 17))
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            lose_participants(ledger);
            own(HOSPITAL, vec![report()])
        }),
        case(None, |ledger, _| {
            ledger.admit_member(HOSPITAL, AUDITOR, power::ANCHOR);
            call(AUDITOR, (HOSPITAL, versions(ledger, 2)))
        }),
        case(Some("NotAuthorized"), |_, _| call(PATIENT, (HOSPITAL, vec![report()]))),
        case(Some("NotAdmitted"), |_, _| own(INSTITUTE, vec![report()])),
        // The next version of somebody else's series.
        case(Some("WrongSequence"), |ledger, contract| {
            let other = NewVersion { series: [7; 32], ..report() };
            ledger.done(RELATIVE, contract, reports::ANCHOR, &(RELATIVE, other));
            ending(next(ledger, other))
        }),
        case(Some("EmptyReport"), |ledger, _| {
            ending(NewVersion { byte_length: 0, ..next(ledger, report()) })
        }),
        case(Some("InvalidChunks"), |ledger, _| {
            ending(NewVersion { chunks: 0, ..next(ledger, report()) })
        }),
        case(Some("SameParty"), |ledger, _| {
            ending(NewVersion { doctor: PATIENT, ..next(ledger, report()) })
        }),
        case(Some("WrongSequence"), |_, _| ending(report())),
        case(Some("WrongPrevious"), |ledger, _| {
            ending(NewVersion { previous: [0; 32], ..next(ledger, report()) })
        }),
        // Of several errors the first in the list wins.
        case(Some("SameParty"), |_, _| {
            let first = NewVersion { doctor: PATIENT, ..report() };
            own(HOSPITAL, vec![first, NewVersion { byte_length: 0, ..report() }])
        }),
    ]
}

fn supersede() -> Vec<Case> {
    let case = |error, prepare| case(reports::SUPERSEDE, error, prepare);
    vec![
        case(None, |ledger, _| second(ledger, |next| next)),
        // One that was revoked, too.
        case(None, |ledger, _| after_a_revoked(ledger)),
        case(Some("Paused"), |ledger, contract| {
            ledger.anchor(&report());
            ledger.pause(contract);
            own(HOSPITAL, next(ledger, report()))
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            lose_participants(ledger);
            own(HOSPITAL, report())
        }),
        case(Some("NotAdmitted"), |ledger, _| {
            ledger.anchor(&report());
            ledger.suspend(HOSPITAL);
            own(HOSPITAL, next(ledger, report()))
        }),
        case(None, |ledger, _| {
            ledger.anchor(&report());
            ledger.admit_member(HOSPITAL, AUDITOR, power::ANCHOR);
            call(AUDITOR, (HOSPITAL, next(ledger, report())))
        }),
        case(Some("NotAuthorized"), |ledger, _| {
            ledger.anchor(&report());
            call(PATIENT, (HOSPITAL, next(ledger, report())))
        }),
        case(Some("NothingToSupersede"), |_, _| own(HOSPITAL, report())),
        // It is another's.
        case(Some("NothingToSupersede"), |ledger, _| {
            ledger.anchor(&report());
            own(PATIENT, next(ledger, report()))
        }),
        case(Some("NothingToSupersede"), |_, _| {
            own(HOSPITAL, NewVersion { byte_length: 0, ..report() })
        }),
        case(Some("EmptyReport"), |ledger, _| {
            second(ledger, |next| NewVersion { byte_length: 0, ..next })
        }),
        case(Some("InvalidChunks"), |ledger, _| {
            second(ledger, |next| NewVersion { chunks: 0, ..next })
        }),
        case(Some("InvalidChunks"), |ledger, _| {
            let chunks = report().byte_length + 1;
            second(ledger, |next| NewVersion { chunks, ..next })
        }),
        case(Some("SameParty"), |ledger, _| {
            second(ledger, |next| NewVersion { doctor: PATIENT, ..next })
        }),
        case(Some("WrongSequence"), |ledger, _| second(ledger, |_| report())),
        case(Some("WrongSequence"), |ledger, _| {
            second(ledger, |next| NewVersion { sequence: 3, ..next })
        }),
        case(Some("WrongPrevious"), |ledger, _| {
            second(ledger, |next| NewVersion { previous: [0; 32], ..next })
        }),
    ]
}

/// The first versions of a series of the hospital.
fn versions(ledger: &Ledger, count: usize) -> Vec<NewVersion> {
    let following = |version: &NewVersion| Some(next(ledger, *version));
    std::iter::successors(Some(report()), following).take(count).collect()
}

/// The hospital hands in what `change` makes of the second version of its series.
fn second(ledger: &mut Ledger, change: impl FnOnce(NewVersion) -> NewVersion) -> Call {
    ledger.anchor(&report());
    own(HOSPITAL, change(next(ledger, report())))
}

/// The hospital hands in the second version of its series, whose first it revoked.
fn after_a_revoked(ledger: &mut Ledger) -> Call {
    let call = second(ledger, |next| next);
    let first = (HOSPITAL, report().series, 1u32, [0u8; 32]);
    ledger.done(HOSPITAL, "reports", reports::REVOKE, &first);
    call
}

/// The version that follows one of the hospital's.
fn next(ledger: &Ledger, version: NewVersion) -> NewVersion {
    ledger.following(HOSPITAL, &version)
}

/// The hospital anchors a batch of which only the last is not sound.
fn ending(last: NewVersion) -> Call {
    own(HOSPITAL, vec![report(), last])
}

/// What is kept of a version that the hospital handed in.
fn kept(ledger: &Ledger, new: NewVersion) -> Version {
    Version {
        sequence: new.sequence,
        owner: HOSPITAL,
        previous: new.previous,
        head: ledger.head(HOSPITAL, &new),
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
