//! What a requester does: propose, and take back.

use assent_interface::agreements::{self, MAX_OPEN};
use assent_interface::power;

use super::super::{Case, call};
use super::{
    LAST_PROPOSAL, accepted, case, declined, expired, lose_consent, lose_participants, proposed,
    withdrawn,
};
use crate::ledger::{
    APPLICANT, AUDITOR, EXPIRES, HOSPITAL, INSTITUTE, PATIENT, RELATIVE, STRANGER, Terms, UNTIL,
    key, role, terms,
};

pub(super) fn cases() -> Vec<Case> {
    [propose(), propose_for_whom(), withdraw()].concat()
}

fn propose() -> Vec<Case> {
    let case = |error, prepare| case(agreements::PROPOSE, error, prepare);
    vec![
        case(None, |_, _| call(HOSPITAL, (terms(), EXPIRES))),
        // All that there is to propose, for as long as can be.
        case(None, |ledger, _| {
            let most = Terms { purposes: !0, categories: !0, max_uses: Some(!0), ..terms() };
            let most = Terms { from: 0, until: u64::MAX, record: Some([7; 32]), ..most };
            call(HOSPITAL, (most, ledger.sandbox.now() + MAX_OPEN))
        }),
        // As short as can be, and until the terms end.
        case(None, |ledger, _| {
            let now = ledger.sandbox.now();
            let terms = Terms { from: now, until: now + 1, max_uses: Some(1), ..terms() };
            call(HOSPITAL, (terms, now + 1))
        }),
        case(None, |_, _| call(HOSPITAL, (terms(), UNTIL))),
        // What starts when the proposal is over.
        case(None, |_, _| call(HOSPITAL, (Terms { from: EXPIRES, ..terms() }, EXPIRES))),
        // Once more, and what was granted already.
        case(None, |ledger, _| {
            proposed(ledger);
            ledger.grant(terms());
            call(HOSPITAL, (terms(), EXPIRES))
        }),
        // It asks the consent contract nothing.
        case(None, |ledger, _| {
            lose_consent(ledger);
            call(HOSPITAL, (terms(), EXPIRES))
        }),
        case(Some("Paused"), |ledger, contract| {
            ledger.pause(contract);
            call(HOSPITAL, (Terms { owner: HOSPITAL, ..terms() }, EXPIRES))
        }),
        case(Some("SelfProposal"), |_, _| {
            call(HOSPITAL, (Terms { owner: HOSPITAL, purposes: 0, ..terms() }, EXPIRES))
        }),
        // Nor does the owner propose to himself for another, also as one of its staff.
        case(Some("SelfProposal"), |_, _| {
            call(PATIENT, (Terms { purposes: 0, ..terms() }, EXPIRES))
        }),
        case(Some("SelfProposal"), |ledger, _| {
            ledger.admit_member(HOSPITAL, PATIENT, power::SIGN);
            call(PATIENT, (terms(), EXPIRES))
        }),
        case(Some("EmptyMask"), |_, _| {
            call(HOSPITAL, (Terms { purposes: 0, from: UNTIL, ..terms() }, EXPIRES))
        }),
        case(Some("EmptyMask"), |_, _| {
            call(HOSPITAL, (Terms { categories: 0, ..terms() }, EXPIRES))
        }),
        case(Some("InvalidPeriod"), |_, _| {
            call(HOSPITAL, (Terms { from: UNTIL, max_uses: Some(0), ..terms() }, EXPIRES))
        }),
        case(Some("InvalidPeriod"), |ledger, _| {
            let now = ledger.sandbox.now();
            call(HOSPITAL, (Terms { from: now - 1, until: now, ..terms() }, now))
        }),
        case(Some("ZeroUses"), |_, _| {
            call(HOSPITAL, (Terms { max_uses: Some(0), ..terms() }, 0u64))
        }),
        // Over at once, open too long, longer than what it proposes.
        case(Some("InvalidExpiry"), |ledger, _| call(HOSPITAL, (terms(), ledger.sandbox.now()))),
        case(Some("InvalidExpiry"), |ledger, _| {
            let terms = Terms { until: u64::MAX, ..terms() };
            call(HOSPITAL, (terms, ledger.sandbox.now() + MAX_OPEN + 1))
        }),
        case(Some("InvalidExpiry"), |_, _| call(HOSPITAL, (terms(), UNTIL + 1))),
        case(Some("ParticipantsFailed"), |ledger, _| {
            lose_participants(ledger);
            call(HOSPITAL, (terms(), UNTIL + 1))
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            lose_participants(ledger);
            call(HOSPITAL, (terms(), EXPIRES))
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            ledger.silence_participants();
            call(HOSPITAL, (terms(), EXPIRES))
        }),
        case(Some("TooMany"), |ledger, contract| {
            ledger.overwrite(contract, &key(LAST_PROPOSAL, ()), &u64::MAX);
            call(HOSPITAL, (terms(), EXPIRES))
        }),
    ]
}

fn propose_for_whom() -> Vec<Case> {
    let case = |error, prepare| case(agreements::PROPOSE, error, prepare);
    vec![
        case(None, |_, _| call(INSTITUTE, (Terms { grantee: INSTITUTE, ..terms() }, EXPIRES))),
        // By one of the staff that may sign.
        case(None, |ledger, _| {
            ledger.admit_member(HOSPITAL, STRANGER, power::SIGN);
            call(STRANGER, (terms(), EXPIRES))
        }),
        case(Some("NotAuthorized"), |ledger, _| {
            ledger.admit_member(HOSPITAL, STRANGER, power::ALL & !power::SIGN);
            call(STRANGER, (terms(), EXPIRES))
        }),
        // He is another's staff.
        case(Some("NotAuthorized"), |ledger, _| {
            ledger.admit_member(INSTITUTE, AUDITOR, power::SIGN);
            call(AUDITOR, (terms(), EXPIRES))
        }),
        // Of another owner's he may propose as others may.
        case(None, |ledger, _| {
            ledger.admit_member(HOSPITAL, PATIENT, power::SIGN);
            call(PATIENT, (Terms { owner: RELATIVE, ..terms() }, EXPIRES))
        }),
        // Whoever acts for the owner does not for the requester.
        case(Some("NotAuthorized"), |ledger, _| {
            ledger.delegate(PATIENT, RELATIVE);
            call(RELATIVE, (terms(), EXPIRES))
        }),
        case(Some("NotAuthorized"), |_, _| {
            call(STRANGER, (Terms { grantee: AUDITOR, owner: APPLICANT, ..terms() }, EXPIRES))
        }),
        case(Some("RequesterNotAdmitted"), |_, _| {
            call(AUDITOR, (Terms { grantee: AUDITOR, owner: APPLICANT, ..terms() }, EXPIRES))
        }),
        case(Some("RequesterNotAdmitted"), |_, _| {
            call(STRANGER, (Terms { grantee: STRANGER, ..terms() }, EXPIRES))
        }),
        case(Some("RequesterNotAdmitted"), |ledger, _| {
            ledger.suspend(HOSPITAL);
            call(HOSPITAL, (terms(), EXPIRES))
        }),
        // Nor does its staff propose for it then.
        case(Some("RequesterNotAdmitted"), |ledger, _| {
            ledger.admit_member(HOSPITAL, STRANGER, power::SIGN);
            ledger.suspend(HOSPITAL);
            call(STRANGER, (terms(), EXPIRES))
        }),
        case(Some("OwnerNotAdmitted"), |_, _| {
            call(HOSPITAL, (Terms { owner: STRANGER, ..terms() }, EXPIRES))
        }),
        case(Some("OwnerNotAdmitted"), |_, _| {
            call(HOSPITAL, (Terms { owner: APPLICANT, ..terms() }, EXPIRES))
        }),
        case(Some("OwnerNotAdmitted"), |_, _| {
            call(HOSPITAL, (Terms { owner: INSTITUTE, ..terms() }, EXPIRES))
        }),
        case(Some("OwnerNotAdmitted"), |ledger, _| {
            ledger.leave(PATIENT);
            call(HOSPITAL, (terms(), EXPIRES))
        }),
        // Who is both may propose, and be proposed to.
        case(None, |ledger, _| {
            ledger.set_roles(INSTITUTE, role::DATA_OWNER | role::RESEARCHER);
            call(HOSPITAL, (Terms { owner: INSTITUTE, ..terms() }, EXPIRES))
        }),
    ]
}

fn withdraw() -> Vec<Case> {
    let case = |error, prepare| case(agreements::WITHDRAW, error, prepare);
    vec![
        case(None, |ledger, _| {
            proposed(ledger);
            call(HOSPITAL, 1u64)
        }),
        // By whoever is suspended, in a pause, at the last moment; he asks nobody.
        case(None, |ledger, contract| {
            proposed(ledger);
            ledger.suspend(HOSPITAL);
            ledger.silence_participants();
            ledger.pause(contract);
            ledger.sandbox.advance(EXPIRES - 1 - ledger.sandbox.now());
            call(HOSPITAL, 1u64)
        }),
        // By one of the staff, who need not be the one that proposed.
        case(None, |ledger, _| {
            proposed(ledger);
            ledger.admit_member(HOSPITAL, STRANGER, power::SIGN);
            call(STRANGER, 1u64)
        }),
        case(Some("UnknownProposal"), |_, _| call(HOSPITAL, 1u64)),
        case(Some("UnknownProposal"), |ledger, _| {
            proposed(ledger);
            call(HOSPITAL, 0u64)
        }),
        case(Some("ParticipantsFailed"), |ledger, contract| {
            withdrawn(ledger, contract);
            ledger.silence_participants();
            call(STRANGER, 1u64)
        }),
        case(Some("NotAuthorized"), |ledger, contract| {
            withdrawn(ledger, contract);
            ledger.admit_member(HOSPITAL, STRANGER, power::ALL & !power::SIGN);
            call(STRANGER, 1u64)
        }),
        // It was made to him.
        case(Some("NotAuthorized"), |ledger, _| {
            proposed(ledger);
            call(PATIENT, 1u64)
        }),
        case(Some("NotAuthorized"), |ledger, _| {
            proposed(ledger);
            call(INSTITUTE, 1u64)
        }),
        case(Some("ProposalClosed"), |ledger, contract| {
            withdrawn(ledger, contract);
            call(HOSPITAL, 1u64)
        }),
        case(Some("ProposalClosed"), |ledger, contract| {
            accepted(ledger, contract);
            call(HOSPITAL, 1u64)
        }),
        case(Some("ProposalClosed"), |ledger, contract| {
            declined(ledger, contract);
            call(HOSPITAL, 1u64)
        }),
        case(Some("ProposalClosed"), |ledger, _| {
            expired(ledger);
            call(HOSPITAL, 1u64)
        }),
    ]
}
