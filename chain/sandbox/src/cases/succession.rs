//! Keys that replace another, and what a key that was replaced may no longer do, in all contracts.

use assent_interface::{
    agreements, carbon, consent, governance, participants, power, reports, rewards, token,
};

use super::{Call, Case, Prepare, call};
use crate::Account;
use crate::ledger::{
    APPLICANT, AUDITOR, CARDIOLOGY, CATEGORIES, DELAY, EXPIRES, FACTORY, GRACE, HOSPITAL,
    INSTITUTE, Item, KEY, Ledger, NEXT_KEY, PATIENT, PURPOSES, REGULATOR, RELATIVE, Review,
    STRANGER, TRADER, TREATMENT, UNNAMED, UNTIL, report, role, terms,
};

const HASH: [u8; 32] = [0x91; 32];
/// What an account has of the token in these cases.
const UNITS: u128 = 100;
const REPLACED: &str = "Custom(\"Replaced\")";

pub(super) fn cases() -> Vec<Case> {
    [
        naming(),
        replacing(),
        cancelling(),
        deciding(),
        accepting(),
        replaced(),
        take_over(),
        taken_over(),
        rewards(),
        carbon_replaced(),
        health(),
    ]
    .concat()
}

fn of(
    contract: &'static str,
) -> impl Fn(&'static str, Option<&'static str>, Prepare) -> Case + Copy {
    move |message, error, prepare| Case { contract, message, error, prepare }
}

/// The auditor is a regulator, who is not the administrator.
fn appoint(ledger: &mut Ledger) {
    ledger.set_roles(AUDITOR, role::REGULATOR | role::AUDITOR);
}

/// The patient names a key.
fn named(ledger: &mut Ledger) {
    ledger.done(PATIENT, "participants", participants::NAME_SUCCESSOR, &KEY);
}

/// The regulator replaces the patient's key, which objects; the auditor is another regulator.
fn objected(ledger: &mut Ledger) {
    appoint(ledger);
    ledger.propose_replacement(PATIENT);
    ledger.done(PATIENT, "participants", participants::CANCEL_SUCCESSION, &());
}

/// As [`objected`], and the auditor confirms it all the same.
fn confirmed(ledger: &mut Ledger) {
    objected(ledger);
    let ruling = (PATIENT, KEY, true);
    ledger.done(AUDITOR, "participants", participants::DECIDE_REPLACEMENT, &ruling);
}

fn naming() -> Vec<Case> {
    let case = |error, prepare| of("participants")(participants::NAME_SUCCESSOR, error, prepare);
    vec![
        case(None, |_, _| call(PATIENT, KEY)),
        case(None, |_, _| call(APPLICANT, KEY)),
        // In place of an earlier one, by whoever is suspended, and by a successor.
        case(None, |ledger, contract| {
            ledger.suspend(HOSPITAL);
            ledger.done(HOSPITAL, contract, participants::NAME_SUCCESSOR, &KEY);
            call(HOSPITAL, NEXT_KEY)
        }),
        case(None, |ledger, _| {
            ledger.replace_key(PATIENT);
            call(KEY, NEXT_KEY)
        }),
        case(Some("Paused"), |ledger, contract| {
            ledger.pause(contract);
            call(PATIENT, KEY)
        }),
        case(Some("NotRegistered"), |_, _| call(STRANGER, KEY)),
        case(Some("OfficeHolder"), |_, _| call(REGULATOR, KEY)),
        case(Some("ReplacementPending"), |ledger, _| {
            ledger.propose_replacement(PATIENT);
            call(PATIENT, NEXT_KEY)
        }),
        // His own account, another's, a key that is somebody's, and one that acts for him, or did.
        case(Some("KeyTaken"), |_, _| call(PATIENT, PATIENT)),
        case(Some("KeyTaken"), |_, _| call(PATIENT, APPLICANT)),
        case(Some("KeyTaken"), |ledger, _| {
            ledger.replace_key(HOSPITAL);
            call(PATIENT, KEY)
        }),
        case(Some("KeyTaken"), |ledger, _| {
            ledger.admit_member(HOSPITAL, KEY, power::ASK);
            call(HOSPITAL, KEY)
        }),
        case(Some("KeyTaken"), |ledger, contract| {
            let until = ledger.sandbox.now() + 1;
            let member = (KEY, power::ASK, until, HASH);
            ledger.done(HOSPITAL, contract, participants::ADMIT_MEMBER, &member);
            ledger.sandbox.advance(1);
            call(HOSPITAL, KEY)
        }),
    ]
}

fn replacing() -> Vec<Case> {
    let case = |error, prepare| of("participants")(participants::REPLACE_KEY, error, prepare);
    vec![
        case(None, |_, _| call(REGULATOR, (PATIENT, KEY, HASH))),
        // In place of what the key named itself, by another regulator than the administrator.
        case(None, |ledger, _| {
            named(ledger);
            appoint(ledger);
            call(AUDITOR, (PATIENT, NEXT_KEY, HASH))
        }),
        // That of an organisation of whose staff he is.
        case(None, |ledger, _| {
            ledger.admit_member(HOSPITAL, REGULATOR, power::ALL);
            call(REGULATOR, (HOSPITAL, KEY, HASH))
        }),
        // A regulator's key, by the administrator; and again when it is over.
        case(None, |ledger, _| {
            appoint(ledger);
            call(REGULATOR, (AUDITOR, KEY, HASH))
        }),
        case(None, |ledger, _| {
            ledger.propose_replacement(PATIENT);
            ledger.sandbox.advance(DELAY + GRACE);
            call(REGULATOR, (PATIENT, NEXT_KEY, HASH))
        }),
        case(Some("Paused"), |ledger, contract| {
            ledger.pause(contract);
            call(REGULATOR, (PATIENT, KEY, HASH))
        }),
        case(Some("NotRegulator"), |_, _| call(HOSPITAL, (PATIENT, KEY, HASH))),
        // His own, and that of whom he is a guardian of.
        case(Some("OwnKey"), |_, _| call(REGULATOR, (REGULATOR, KEY, HASH))),
        case(Some("OwnKey"), |ledger, _| {
            appoint(ledger);
            ledger.appoint_guardian(PATIENT, AUDITOR);
            call(AUDITOR, (PATIENT, KEY, HASH))
        }),
        case(Some("NotRegistered"), |_, _| call(REGULATOR, (STRANGER, KEY, HASH))),
        case(Some("OfficeHolder"), |ledger, _| {
            appoint(ledger);
            call(AUDITOR, (REGULATOR, KEY, HASH))
        }),
        case(Some("NotAdministrator"), |ledger, _| {
            appoint(ledger);
            ledger.set_roles(RELATIVE, role::REGULATOR);
            call(AUDITOR, (RELATIVE, KEY, HASH))
        }),
        case(Some("ReplacementPending"), |ledger, _| {
            ledger.propose_replacement(PATIENT);
            call(REGULATOR, (PATIENT, NEXT_KEY, HASH))
        }),
        case(Some("KeyTaken"), |_, _| call(REGULATOR, (PATIENT, HOSPITAL, HASH))),
        case(Some("KeyTaken"), |ledger, _| {
            ledger.admit_member(HOSPITAL, KEY, power::ASK);
            call(REGULATOR, (HOSPITAL, KEY, HASH))
        }),
    ]
}

fn cancelling() -> Vec<Case> {
    let case = |error, prepare| of("participants")(participants::CANCEL_SUCCESSION, error, prepare);
    vec![
        case(None, |ledger, _| {
            named(ledger);
            call(PATIENT, ())
        }),
        case(None, |ledger, contract| {
            ledger.propose_replacement(PATIENT);
            ledger.pause(contract);
            call(PATIENT, ())
        }),
        case(Some("NoSuccession"), |_, _| call(PATIENT, ())),
        case(Some("NoSuccession"), |ledger, _| {
            named(ledger);
            ledger.sandbox.advance(DELAY + GRACE);
            call(PATIENT, ())
        }),
        case(Some("AlreadyObjected"), |ledger, _| {
            objected(ledger);
            call(PATIENT, ())
        }),
    ]
}

fn deciding() -> Vec<Case> {
    let case =
        |error, prepare| of("participants")(participants::DECIDE_REPLACEMENT, error, prepare);
    vec![
        case(None, |ledger, _| {
            objected(ledger);
            call(AUDITOR, (PATIENT, KEY, true))
        }),
        case(None, |ledger, contract| {
            objected(ledger);
            ledger.pause(contract);
            call(AUDITOR, (PATIENT, KEY, false))
        }),
        // Who proposed it takes it back.
        case(None, |ledger, _| {
            ledger.propose_replacement(PATIENT);
            call(REGULATOR, (PATIENT, KEY, false))
        }),
        // Another regulator ends it, to which nobody objects; also when he is suspended who proposed it.
        case(None, |ledger, _| {
            appoint(ledger);
            ledger.propose_replacement(PATIENT);
            call(AUDITOR, (PATIENT, KEY, false))
        }),
        case(None, |ledger, contract| {
            appoint(ledger);
            ledger.done(AUDITOR, contract, participants::REPLACE_KEY, &(PATIENT, KEY, HASH));
            ledger.suspend(AUDITOR);
            call(REGULATOR, (PATIENT, KEY, false))
        }),
        // Also when another one confirmed it.
        case(None, |ledger, _| {
            confirmed(ledger);
            ledger.set_roles(RELATIVE, role::REGULATOR);
            call(RELATIVE, (PATIENT, KEY, false))
        }),
        case(Some("NotRegulator"), |ledger, contract| {
            appoint(ledger);
            ledger.done(AUDITOR, contract, participants::REPLACE_KEY, &(PATIENT, KEY, HASH));
            ledger.suspend(AUDITOR);
            call(AUDITOR, (PATIENT, KEY, false))
        }),
        case(Some("NotRegulator"), |ledger, _| {
            objected(ledger);
            call(PATIENT, (PATIENT, KEY, false))
        }),
        case(Some("OwnKey"), |_, _| call(REGULATOR, (REGULATOR, KEY, true))),
        // Nor does a guardian, either way.
        case(Some("OwnKey"), |ledger, _| {
            objected(ledger);
            ledger.appoint_guardian(PATIENT, AUDITOR);
            call(AUDITOR, (PATIENT, KEY, true))
        }),
        case(Some("OwnKey"), |ledger, _| {
            objected(ledger);
            ledger.appoint_guardian(PATIENT, AUDITOR);
            call(AUDITOR, (PATIENT, KEY, false))
        }),
        case(Some("NoSuccession"), |_, _| call(REGULATOR, (PATIENT, KEY, true))),
        // About another key, and about what he named himself.
        case(Some("NoSuccession"), |ledger, _| {
            objected(ledger);
            call(AUDITOR, (PATIENT, NEXT_KEY, true))
        }),
        case(Some("NoSuccession"), |ledger, _| {
            named(ledger);
            call(REGULATOR, (PATIENT, KEY, false))
        }),
        case(Some("OwnReplacement"), |ledger, _| {
            objected(ledger);
            call(REGULATOR, (PATIENT, KEY, true))
        }),
        case(Some("OwnReplacement"), |ledger, _| {
            ledger.propose_replacement(PATIENT);
            call(REGULATOR, (PATIENT, KEY, true))
        }),
        case(Some("NotObjected"), |ledger, _| {
            appoint(ledger);
            ledger.propose_replacement(PATIENT);
            call(AUDITOR, (PATIENT, KEY, true))
        }),
        case(Some("AlreadyConfirmed"), |ledger, _| {
            confirmed(ledger);
            call(AUDITOR, (PATIENT, KEY, true))
        }),
    ]
}

fn accepting() -> Vec<Case> {
    let case = |error, prepare| of("participants")(participants::ACCEPT_SUCCESSION, error, prepare);
    vec![
        case(None, |ledger, _| {
            named(ledger);
            ledger.sandbox.advance(DELAY);
            call(KEY, PATIENT)
        }),
        case(None, |ledger, _| {
            confirmed(ledger);
            ledger.sandbox.advance(DELAY + GRACE - 1);
            call(KEY, PATIENT)
        }),
        // A mandate that it was given in the meantime is no obstacle.
        case(None, |ledger, contract| {
            ledger.done(HOSPITAL, contract, participants::NAME_SUCCESSOR, &KEY);
            ledger.admit_member(HOSPITAL, KEY, power::ASK);
            ledger.sandbox.advance(DELAY);
            call(KEY, HOSPITAL)
        }),
        case(None, |ledger, _| {
            ledger.propose_replacement(PATIENT);
            ledger.appoint_guardian(PATIENT, KEY);
            ledger.sandbox.advance(DELAY);
            call(KEY, PATIENT)
        }),
        case(Some("Paused"), |ledger, contract| {
            named(ledger);
            ledger.sandbox.advance(DELAY);
            ledger.pause(contract);
            call(KEY, PATIENT)
        }),
        case(Some("NoSuccession"), |_, _| call(KEY, PATIENT)),
        case(Some("NoSuccession"), |ledger, _| {
            named(ledger);
            ledger.sandbox.advance(DELAY + GRACE);
            call(KEY, PATIENT)
        }),
        // Another regulator ended it.
        case(Some("NoSuccession"), |ledger, contract| {
            appoint(ledger);
            ledger.propose_replacement(PATIENT);
            let ruling = (PATIENT, KEY, false);
            ledger.done(AUDITOR, contract, participants::DECIDE_REPLACEMENT, &ruling);
            ledger.sandbox.advance(DELAY);
            call(KEY, PATIENT)
        }),
        case(Some("NotSuccessor"), |ledger, _| {
            named(ledger);
            call(NEXT_KEY, PATIENT)
        }),
        case(Some("TooEarly"), |ledger, _| {
            named(ledger);
            ledger.sandbox.advance(DELAY - 1);
            call(KEY, PATIENT)
        }),
        case(Some("Objected"), |ledger, _| {
            objected(ledger);
            ledger.sandbox.advance(DELAY);
            call(KEY, PATIENT)
        }),
        // He became the administrator in the meantime.
        case(Some("OfficeHolder"), |ledger, contract| {
            ledger.done(HOSPITAL, contract, participants::NAME_SUCCESSOR, &KEY);
            ledger.done(REGULATOR, contract, governance::PROPOSE_HANDOVER, &HOSPITAL);
            ledger.sandbox.advance(DELAY);
            ledger.done(HOSPITAL, contract, governance::ACCEPT_HANDOVER, &());
            call(KEY, HOSPITAL)
        }),
        // It registered, or became another's, in the meantime.
        case(Some("KeyTaken"), |ledger, contract| {
            named(ledger);
            ledger.done(KEY, contract, participants::REGISTER, &HASH);
            ledger.sandbox.advance(DELAY);
            call(KEY, PATIENT)
        }),
        case(Some("KeyTaken"), |ledger, _| {
            named(ledger);
            ledger.replace_key(RELATIVE);
            call(KEY, PATIENT)
        }),
    ]
}

/// The hospital's own account calls, whose key was replaced.
fn by_replaced(ledger: &mut Ledger, arguments: impl parity_scale_codec::Encode) -> Call {
    ledger.replace_key(HOSPITAL);
    call(HOSPITAL, arguments)
}

/// What it may do nothing of among the participants.
fn replaced() -> Vec<Case> {
    let case = |message, prepare| of("participants")(message, Some("Replaced"), prepare);
    let by_key = |message, prepare| of("participants")(message, None, prepare);
    vec![
        case(participants::REGISTER, |ledger, _| by_replaced(ledger, HASH)),
        case(participants::UPDATE_PROFILE, |ledger, _| by_replaced(ledger, HASH)),
        case(participants::APPROVE, |ledger, _| by_replaced(ledger, (PATIENT, 1u16, HASH))),
        case(participants::CONFIRM_PROFILE, |ledger, _| by_replaced(ledger, (PATIENT, HASH))),
        case(participants::SET_ROLES, |ledger, _| by_replaced(ledger, (PATIENT, 1u16))),
        case(participants::SUSPEND, |ledger, _| by_replaced(ledger, (PATIENT, 2u16, HASH))),
        case(participants::REINSTATE, |ledger, _| by_replaced(ledger, (PATIENT, 2u16))),
        case(participants::LEAVE, |ledger, _| by_replaced(ledger, ())),
        case(participants::ADMIT_MEMBER, |ledger, _| {
            by_replaced(ledger, (STRANGER, power::ASK, UNTIL, HASH))
        }),
        case(participants::APPOINT_GUARDIAN, |ledger, _| {
            by_replaced(ledger, (PATIENT, STRANGER, UNTIL, HASH))
        }),
        case(participants::END_MANDATE, |ledger, _| by_replaced(ledger, (HOSPITAL, STRANGER))),
        case(participants::NAME_SUCCESSOR, |ledger, _| by_replaced(ledger, NEXT_KEY)),
        case(participants::REPLACE_KEY, |ledger, _| by_replaced(ledger, (PATIENT, NEXT_KEY, HASH))),
        case(participants::CANCEL_SUCCESSION, |ledger, _| by_replaced(ledger, ())),
        case(participants::DECIDE_REPLACEMENT, |ledger, _| {
            by_replaced(ledger, (PATIENT, NEXT_KEY, false))
        }),
        // Its next key does.
        by_key(participants::UPDATE_PROFILE, |ledger, _| {
            ledger.replace_key(HOSPITAL);
            call(KEY, HASH)
        }),
        by_key(participants::LEAVE, |ledger, _| {
            ledger.replace_key(HOSPITAL);
            call(KEY, ())
        }),
        by_key(participants::END_MANDATE, |ledger, _| {
            ledger.admit_member(HOSPITAL, PATIENT, power::ASK);
            ledger.replace_key(PATIENT);
            call(KEY, (HOSPITAL, PATIENT))
        }),
        // No office goes to whose key was replaced.
        of("participants")(governance::PROPOSE_HANDOVER, Some("NotEligible"), |ledger, _| {
            ledger.replace_key(HOSPITAL);
            call(REGULATOR, HOSPITAL)
        }),
    ]
}

/// An account has [`UNITS`], and the hospital may take them.
fn endow(ledger: &mut Ledger, account: Account) {
    ledger.money(account, UNITS, HOSPITAL);
}

/// As [`endow`], and the account was replaced by a key, which took it over.
fn moved(ledger: &mut Ledger, account: Account) {
    endow(ledger, account);
    ledger.replace_key(account);
    ledger.done(KEY, "token", token::TAKE_OVER, &account);
}

fn take_over() -> Vec<Case> {
    let case = |error, prepare| of("token")(token::TAKE_OVER, error, prepare);
    vec![
        case(None, |ledger, _| {
            endow(ledger, PATIENT);
            ledger.replace_key(PATIENT);
            call(KEY, PATIENT)
        }),
        // By anybody, of one that has nothing, and that is frozen.
        case(None, |ledger, _| {
            ledger.replace_key(PATIENT);
            call(STRANGER, PATIENT)
        }),
        case(None, |ledger, contract| {
            endow(ledger, PATIENT);
            ledger.done(REGULATOR, contract, token::FREEZE, &(PATIENT, HASH));
            ledger.replace_key(PATIENT);
            call(KEY, PATIENT)
        }),
        // By the next key, with what the one before it took over.
        case(None, |ledger, _| {
            moved(ledger, PATIENT);
            ledger.hand_over(PATIENT, KEY, NEXT_KEY);
            call(NEXT_KEY, PATIENT)
        }),
        case(Some("Paused"), |ledger, contract| {
            ledger.replace_key(PATIENT);
            ledger.pause(contract);
            call(KEY, PATIENT)
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            ledger.replace_key(PATIENT);
            ledger.silence_participants();
            call(KEY, PATIENT)
        }),
        case(Some("NotReplaced"), |_, _| call(PATIENT, PATIENT)),
        case(Some("NotReplaced"), |ledger, _| {
            ledger.replace_key(PATIENT);
            call(KEY, KEY)
        }),
        case(Some("AlreadyTakenOver"), |ledger, _| {
            moved(ledger, PATIENT);
            call(KEY, PATIENT)
        }),
    ]
}

/// What an account may no longer do of which everything was taken over.
fn taken_over() -> Vec<Case> {
    let case = |message, prepare| of("token")(message, Some(REPLACED), prepare);
    vec![
        case(token::TRANSFER, |ledger, _| {
            moved(ledger, PATIENT);
            call(PATIENT, (HOSPITAL, 1u128, Vec::<u8>::new()))
        }),
        case(token::TRANSFER_FROM, |ledger, _| {
            moved(ledger, PATIENT);
            call(HOSPITAL, (PATIENT, RELATIVE, 1u128, Vec::<u8>::new()))
        }),
        // Nor does it spend what others allowed it.
        case(token::TRANSFER_FROM, |ledger, _| {
            endow(ledger, PATIENT);
            ledger.replace_key(HOSPITAL);
            ledger.done(KEY, "token", token::TAKE_OVER, &HOSPITAL);
            call(HOSPITAL, (PATIENT, RELATIVE, 1u128, Vec::<u8>::new()))
        }),
        case(token::APPROVE, |ledger, _| {
            moved(ledger, PATIENT);
            call(PATIENT, (RELATIVE, 1u128))
        }),
        case(token::INCREASE_ALLOWANCE, |ledger, _| {
            moved(ledger, PATIENT);
            call(PATIENT, (HOSPITAL, 1u128))
        }),
        case(token::DECREASE_ALLOWANCE, |ledger, _| {
            moved(ledger, PATIENT);
            call(PATIENT, (HOSPITAL, 1u128))
        }),
    ]
}

/// The patient is owed something, and has another key.
fn owed(ledger: &mut Ledger) {
    ledger.fund(UNITS, 10);
    ledger.grant(terms());
    ledger.request(HOSPITAL, PATIENT);
    ledger.replace_key(PATIENT);
}

fn freeze(ledger: &mut Ledger, account: Account) {
    ledger.done(REGULATOR, "token", token::FREEZE, &(account, HASH));
}

fn rewards() -> Vec<Case> {
    let case = of("rewards");
    vec![
        case(rewards::SPONSOR, Some("ParticipantsFailed"), |ledger, _| {
            ledger.silence_participants();
            call(INSTITUTE, (TREATMENT, 1u128, 1u128))
        }),
        case(rewards::SPONSOR, Some("Replaced"), |ledger, _| {
            by_replaced(ledger, (TREATMENT, 1u128, 1u128))
        }),
        case(rewards::WITHDRAW_POT, Some("ParticipantsFailed"), |ledger, _| {
            ledger.silence_participants();
            call(INSTITUTE, (TREATMENT, 1u128))
        }),
        case(rewards::WITHDRAW_POT, Some("Replaced"), |ledger, _| {
            by_replaced(ledger, (TREATMENT, 1u128))
        }),
        case(rewards::WITHDRAW_POT, Some("Frozen"), |ledger, _| {
            ledger.sponsor(UNITS, 10);
            ledger.replace_key(INSTITUTE);
            freeze(ledger, INSTITUTE);
            call(KEY, (TREATMENT, UNITS))
        }),
        case(rewards::WITHDRAW_POT, None, |ledger, _| {
            ledger.sponsor(UNITS, 10);
            ledger.replace_key(INSTITUTE);
            call(KEY, (TREATMENT, UNITS))
        }),
        case(rewards::WITHDRAW_BUDGET, Some("ParticipantsFailed"), |ledger, _| {
            ledger.silence_participants();
            call(HOSPITAL, 1u128)
        }),
        case(rewards::WITHDRAW_BUDGET, Some("Replaced"), |ledger, _| by_replaced(ledger, 1u128)),
        case(rewards::WITHDRAW_BUDGET, Some("Frozen"), |ledger, _| {
            ledger.fund(UNITS, 10);
            ledger.replace_key(HOSPITAL);
            freeze(ledger, HOSPITAL);
            call(KEY, UNITS)
        }),
        case(rewards::WITHDRAW_BUDGET, None, |ledger, _| {
            ledger.fund(UNITS, 10);
            ledger.replace_key(HOSPITAL);
            call(KEY, UNITS)
        }),
        case(rewards::WITHDRAW, Some("ParticipantsFailed"), |ledger, _| {
            owed(ledger);
            ledger.silence_participants();
            call(KEY, ())
        }),
        case(rewards::WITHDRAW, Some("Replaced"), |ledger, _| {
            owed(ledger);
            call(PATIENT, ())
        }),
        case(rewards::WITHDRAW, Some("Frozen"), |ledger, _| {
            owed(ledger);
            freeze(ledger, PATIENT);
            call(KEY, ())
        }),
        case(rewards::WITHDRAW, None, |ledger, _| {
            owed(ledger);
            call(KEY, ())
        }),
        case(rewards::WITHDRAW_TO, Some("ParticipantsFailed"), |ledger, _| {
            owed(ledger);
            ledger.silence_participants();
            call(KEY, RELATIVE)
        }),
        case(rewards::WITHDRAW_TO, Some("Replaced"), |ledger, _| {
            owed(ledger);
            call(PATIENT, RELATIVE)
        }),
        // He, or the key that acts for him.
        case(rewards::WITHDRAW_TO, Some("Frozen"), |ledger, _| {
            owed(ledger);
            freeze(ledger, PATIENT);
            call(KEY, RELATIVE)
        }),
        case(rewards::WITHDRAW_TO, Some("Frozen"), |ledger, _| {
            owed(ledger);
            freeze(ledger, KEY);
            call(KEY, RELATIVE)
        }),
        case(rewards::WITHDRAW_TO, None, |ledger, _| {
            owed(ledger);
            call(KEY, RELATIVE)
        }),
    ]
}

fn carbon_replaced() -> Vec<Case> {
    let case = |message, prepare| of("carbon")(message, Some("Replaced"), prepare);
    vec![
        case(carbon::CREATE_CLASS, |ledger, _| by_replaced(ledger, (TRADER, HASH))),
        case(carbon::SET_ISSUER, |ledger, _| by_replaced(ledger, (1u64, TRADER))),
        case(carbon::CREATE_PROJECT, |ledger, _| by_replaced(ledger, (1u64, TRADER, HASH))),
        case(carbon::CREATE_BATCH, |ledger, _| {
            by_replaced(ledger, (1u64, 1u128, 2u128, 1u64, 2u64))
        }),
        case(carbon::ISSUE, |ledger, _| by_replaced(ledger, (1u64, TRADER, 1u128))),
        case(carbon::SEAL_BATCH, |ledger, _| by_replaced(ledger, 1u64)),
        case(carbon::TRANSFER, |ledger, _| by_replaced(ledger, (1u64, TRADER, 1u128))),
        case(carbon::TRANSFER_BATCH, |ledger, _| by_replaced(ledger, (TRADER, Vec::<Item>::new()))),
        case(carbon::APPROVE, |ledger, _| by_replaced(ledger, (TRADER, 1u64, 1u128))),
        case(carbon::TRANSFER_FROM, |ledger, _| {
            by_replaced(ledger, (TRADER, 1u64, FACTORY, 1u128))
        }),
        case(carbon::RETIRE, |ledger, _| by_replaced(ledger, (1u64, 1u128, HASH, HOSPITAL))),
        case(carbon::CANCEL, |ledger, _| by_replaced(ledger, (1u64, 1u128, HASH))),
        case(carbon::SET_PERIOD, |ledger, _| by_replaced(ledger, (1u64, 2u64, 1u128))),
        case(carbon::ALLOCATE, |ledger, _| by_replaced(ledger, (1u64, FACTORY, 1u128))),
        case(carbon::REPORT_EMISSIONS, |ledger, _| {
            by_replaced(ledger, (1u64, FACTORY, 1u128, HASH))
        }),
        case(carbon::SURRENDER, |ledger, _| by_replaced(ledger, (1u64, 1u64, 1u128))),
        case(carbon::FREEZE, |ledger, _| by_replaced(ledger, (TRADER, HASH))),
        case(carbon::UNFREEZE, |ledger, _| by_replaced(ledger, TRADER)),
        // What gives a spender something waits for an answer.
        of("carbon")(carbon::APPROVE, Some("ParticipantsFailed"), |ledger, _| {
            let batch = ledger.credits(TRADER, UNITS);
            ledger.silence_participants();
            call(TRADER, (STRANGER, batch, 1u128))
        }),
        // Units stay the account's, whose next key moves them.
        of("carbon")(carbon::TRANSFER, None, |ledger, _| {
            let batch = ledger.credits(TRADER, UNITS);
            ledger.replace_key(TRADER);
            call(KEY, (batch, FACTORY, UNITS))
        }),
    ]
}

/// The hospital proposed something to the patient, who has another key since.
fn proposed(ledger: &mut Ledger) {
    ledger.done(HOSPITAL, "agreements", agreements::PROPOSE, &(terms(), EXPIRES));
    ledger.replace_key(PATIENT);
}

fn health() -> Vec<Case> {
    let consent = of("consent");
    let agreements = of("agreements");
    let reports = of("reports");
    let refused = Some("NotAuthorized");
    vec![
        consent(consent::REFUSE_EMERGENCIES, refused, |ledger, _| {
            ledger.replace_key(PATIENT);
            call(PATIENT, ())
        }),
        consent(consent::SET_DELEGATE, refused, |ledger, _| {
            ledger.replace_key(PATIENT);
            call(PATIENT, (RELATIVE, PURPOSES, CATEGORIES, UNTIL))
        }),
        consent(consent::REVIEW_BREAK_GLASS, refused, |ledger, _| {
            let window = ledger.break_glass(HOSPITAL, PATIENT);
            ledger.replace_key(AUDITOR);
            call(AUDITOR, (window, Review::Justified))
        }),
        consent(consent::LIFT_BAR, refused, |ledger, _| by_replaced(ledger, STRANGER)),
        consent(consent::GRANT, refused, |ledger, _| {
            ledger.replace_key(PATIENT);
            call(PATIENT, terms())
        }),
        consent(consent::REVOKE, refused, |ledger, _| {
            let grant = ledger.grant(terms());
            ledger.replace_key(PATIENT);
            call(PATIENT, grant)
        }),
        consent(consent::REQUEST_ACCESS, refused, |ledger, _| {
            by_replaced(ledger, (HOSPITAL, PATIENT, UNNAMED, TREATMENT, CARDIOLOGY))
        }),
        // The next key does, and what the account gave goes on.
        consent(consent::GRANT, None, |ledger, _| {
            ledger.replace_key(PATIENT);
            call(KEY, terms())
        }),
        consent(consent::REQUEST_ACCESS, None, |ledger, _| {
            ledger.grant(terms());
            ledger.replace_key(HOSPITAL);
            call(KEY, (HOSPITAL, PATIENT, UNNAMED, TREATMENT, CARDIOLOGY))
        }),
        // When nobody says whose a key is, the owner's own account takes back, and loosens nothing.
        consent(consent::DENY, None, |ledger, _| {
            ledger.silence_participants();
            call(PATIENT, (PATIENT, HOSPITAL, PURPOSES, CATEGORIES))
        }),
        consent(consent::REFUSE_EMERGENCIES, None, |ledger, _| {
            ledger.silence_participants();
            call(PATIENT, ())
        }),
        consent(consent::ERASE_LINK, Some("ParticipantsFailed"), |ledger, _| {
            let grant = ledger.grant(terms());
            ledger.silence_participants();
            call(PATIENT, grant)
        }),
        consent(consent::LIFT_DENIAL, Some("ParticipantsFailed"), |ledger, _| {
            ledger.silence_participants();
            call(PATIENT, (PATIENT, HOSPITAL, PURPOSES, CATEGORIES))
        }),
        consent(consent::LIFT_RESTRICTION, Some("ParticipantsFailed"), |ledger, _| {
            ledger.silence_participants();
            call(PATIENT, PATIENT)
        }),
        consent(consent::ALLOW_EMERGENCIES, Some("ParticipantsFailed"), |ledger, _| {
            ledger.silence_participants();
            call(PATIENT, PATIENT)
        }),
        agreements(agreements::ACCEPT, refused, |ledger, _| {
            proposed(ledger);
            call(PATIENT, (1u64, None::<u64>))
        }),
        agreements(agreements::DECLINE, refused, |ledger, _| {
            proposed(ledger);
            call(PATIENT, (1u64, None::<[u8; 32]>))
        }),
        agreements(agreements::DECLINE, None, |ledger, _| {
            proposed(ledger);
            call(KEY, (1u64, None::<[u8; 32]>))
        }),
        // Only the owner's own account waits for nobody.
        agreements(agreements::DECLINE, None, |ledger, contract| {
            ledger.done(HOSPITAL, contract, agreements::PROPOSE, &(terms(), EXPIRES));
            ledger.silence_participants();
            call(PATIENT, (1u64, None::<[u8; 32]>))
        }),
        reports(reports::OPEN_AUDIT, refused, |ledger, _| {
            ledger.anchor(&report());
            ledger.replace_key(AUDITOR);
            call(AUDITOR, (HOSPITAL, report().series, 1u32, HASH))
        }),
        reports(reports::RECORD_AUDIT, refused, |ledger, _| {
            by_replaced(ledger, (1u64, HASH, HASH, true, HASH))
        }),
        reports(reports::RECORD_AUDIT, Some("ParticipantsFailed"), |ledger, _| {
            ledger.silence_participants();
            call(AUDITOR, (1u64, HASH, HASH, true, HASH))
        }),
    ]
}
