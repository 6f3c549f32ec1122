//! Requests for access. What they are refused for is no error but a decision: `tests/sandbox/decisions.rs`.

use assent_interface::{consent, participants, power};

use super::super::{Case, call, own};
use super::{case, lose_participants};
use crate::ledger::{
    CARDIOLOGY, HOSPITAL, Hash, INSTITUTE, PATIENT, RESEARCH, STRANGER, TREATMENT, Terms, UNNAMED,
    key, terms,
};

/// `Lazy<u64>`: number of the latest decision.
const LAST_ACCESS: u32 = 0x636f_0401;
/// Ends of the logs of owners.
const HEADS: u32 = 0x636f_0402;
/// `Lazy<LogHead>`: the end of the log of refusals.
const REFUSALS: u32 = 0x636f_0404;

const RECORD: Hash = [0x53; 32];

pub(super) fn cases() -> Vec<Case> {
    let case = |error, prepare| case(consent::REQUEST_ACCESS, error, prepare);
    vec![
        case(None, |ledger, _| {
            ledger.fund(100, 10);
            ledger.grant(Terms { max_uses: Some(1), ..terms() });
            own(HOSPITAL, (PATIENT, UNNAMED, TREATMENT, CARDIOLOGY))
        }),
        case(None, |ledger, _| {
            let number = ledger.grant(terms());
            own(HOSPITAL, (PATIENT, Some(number), None::<Hash>, TREATMENT, CARDIOLOGY))
        }),
        // For one record.
        case(None, |ledger, _| {
            let number = ledger.grant(Terms { record: Some(RECORD), ..terms() });
            own(HOSPITAL, (PATIENT, Some(number), Some(RECORD), TREATMENT, CARDIOLOGY))
        }),
        // By an emergency.
        case(None, |ledger, _| {
            ledger.break_glass(HOSPITAL, PATIENT);
            own(HOSPITAL, (PATIENT, UNNAMED, TREATMENT, 31u8))
        }),
        // Refusals are on record, too.
        case(None, |_, _| own(HOSPITAL, (PATIENT, UNNAMED, 31u8, 31u8))),
        // Also of somebody who was never admitted, though not in the owner's log.
        case(None, |_, _| {
            own(STRANGER, (STRANGER, Some(7u64), Some(RECORD), TREATMENT, CARDIOLOGY))
        }),
        // In a pause a grant does not count, and an emergency does.
        case(None, |ledger, contract| {
            ledger.grant(terms());
            ledger.pause(contract);
            own(HOSPITAL, (PATIENT, UNNAMED, TREATMENT, CARDIOLOGY))
        }),
        case(None, |ledger, contract| {
            ledger.pause(contract);
            ledger.break_glass(HOSPITAL, PATIENT);
            own(HOSPITAL, (PATIENT, UNNAMED, TREATMENT, CARDIOLOGY))
        }),
        case(Some("UnknownPurpose"), |_, _| own(HOSPITAL, (PATIENT, UNNAMED, 32u8, CARDIOLOGY))),
        case(Some("UnknownPurpose"), |ledger, _| {
            lose_participants(ledger);
            own(HOSPITAL, (PATIENT, UNNAMED, u8::MAX, u8::MAX))
        }),
        case(Some("UnknownCategory"), |_, _| own(HOSPITAL, (PATIENT, UNNAMED, TREATMENT, 32u8))),
        case(Some("UnknownCategory"), |ledger, _| {
            lose_participants(ledger);
            own(HOSPITAL, (PATIENT, UNNAMED, TREATMENT, u8::MAX))
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            lose_participants(ledger);
            own(HOSPITAL, (PATIENT, UNNAMED, TREATMENT, CARDIOLOGY))
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            ledger.grant(terms());
            ledger.silence_participants();
            own(HOSPITAL, (PATIENT, UNNAMED, TREATMENT, CARDIOLOGY))
        }),
        // By one of the staff; of whoever it is, also when the organisation may not ask.
        case(None, |ledger, _| {
            ledger.fund(100, 10);
            ledger.grant(terms());
            ledger.admit_member(HOSPITAL, STRANGER, power::ASK);
            call(STRANGER, (HOSPITAL, PATIENT, UNNAMED, TREATMENT, CARDIOLOGY))
        }),
        case(None, |ledger, _| {
            ledger.admit_member(HOSPITAL, STRANGER, power::ASK);
            ledger.suspend(HOSPITAL);
            call(STRANGER, (HOSPITAL, PATIENT, UNNAMED, TREATMENT, CARDIOLOGY))
        }),
        // One of the staff, for her own data.
        case(None, |ledger, _| {
            ledger.admit_member(HOSPITAL, PATIENT, power::ASK);
            call(PATIENT, (HOSPITAL, PATIENT, UNNAMED, TREATMENT, CARDIOLOGY))
        }),
        case(Some("NotAuthorized"), |ledger, _| {
            ledger.grant(terms());
            call(STRANGER, (HOSPITAL, PATIENT, UNNAMED, TREATMENT, CARDIOLOGY))
        }),
        case(Some("NotAuthorized"), |ledger, _| {
            ledger.admit_member(HOSPITAL, STRANGER, power::ALL & !power::ASK);
            call(STRANGER, (HOSPITAL, PATIENT, UNNAMED, TREATMENT, CARDIOLOGY))
        }),
        // Of another organisation, when it is over, when it was ended.
        case(Some("NotAuthorized"), |ledger, _| {
            ledger.admit_member(INSTITUTE, STRANGER, power::ALL);
            call(STRANGER, (HOSPITAL, PATIENT, UNNAMED, TREATMENT, CARDIOLOGY))
        }),
        case(Some("NotAuthorized"), |ledger, _| {
            ledger.admit_member(HOSPITAL, STRANGER, power::ALL);
            ledger.sandbox.advance(participants::MAX_TERM);
            call(STRANGER, (HOSPITAL, PATIENT, UNNAMED, TREATMENT, CARDIOLOGY))
        }),
        case(Some("NotAuthorized"), |ledger, _| {
            ledger.admit_member(HOSPITAL, STRANGER, power::ALL);
            let ended = (HOSPITAL, STRANGER);
            ledger.done(HOSPITAL, "participants", participants::END_MANDATE, &ended);
            call(STRANGER, (HOSPITAL, PATIENT, UNNAMED, TREATMENT, CARDIOLOGY))
        }),
        case(Some("TooMany"), |ledger, contract| {
            ledger.grant(terms());
            ledger.overwrite(contract, &key(LAST_ACCESS, ()), &u64::MAX);
            own(HOSPITAL, (PATIENT, UNNAMED, TREATMENT, CARDIOLOGY))
        }),
        case(Some("TooMany"), |ledger, contract| {
            let full: (u64, Hash) = (u64::MAX, [0x51; 32]);
            ledger.overwrite(contract, &key(HEADS, PATIENT), &full);
            own(HOSPITAL, (PATIENT, UNNAMED, TREATMENT, CARDIOLOGY))
        }),
        case(Some("TooMany"), |ledger, contract| {
            let full: (u64, Hash) = (u64::MAX, [0x51; 32]);
            ledger.overwrite(contract, &key(REFUSALS, ()), &full);
            own(STRANGER, (PATIENT, UNNAMED, TREATMENT, CARDIOLOGY))
        }),
        // No contract there.
        case(Some("RewardsFailed"), |ledger, _| {
            let participants = ledger.participants.address;
            ledger.replace_consent(participants, STRANGER);
            ledger.grant(terms());
            own(HOSPITAL, (PATIENT, UNNAMED, TREATMENT, CARDIOLOGY))
        }),
        // One that pays for the decisions of another consent contract: its refusal stops no care.
        case(Some("RewardsFailed"), |ledger, _| {
            let (participants, rewards) = (ledger.participants.address, ledger.rewards.address);
            ledger.replace_consent(participants, rewards);
            ledger.grant(Terms { purposes: 1 << RESEARCH, ..terms() });
            own(HOSPITAL, (PATIENT, UNNAMED, RESEARCH, CARDIOLOGY))
        }),
        case(None, |ledger, _| {
            let (participants, rewards) = (ledger.participants.address, ledger.rewards.address);
            ledger.replace_consent(participants, rewards);
            ledger.grant(terms());
            own(HOSPITAL, (PATIENT, UNNAMED, TREATMENT, CARDIOLOGY))
        }),
    ]
}
