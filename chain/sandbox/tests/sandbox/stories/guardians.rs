//! Guardians, who act for a child: the patient. They are a stranger, whose key is no participant, and a
//! relative.

use assent_interface::{agreements, consent, participants, rewards};
use assent_sandbox::Account;
use assent_sandbox::ledger::{
    CATEGORIES, Decision, DenyReason, Grant, HOSPITAL, INSTITUTE, Ledger, LogEntry, PATIENT,
    PURPOSES, Participant, REGULATOR, RELATIVE, STRANGER, Terms, UNTIL, terms,
};

/// What the hospital's request comes to that [`terms`] would permit.
#[track_caller]
fn asks(ledger: &mut Ledger) -> Decision {
    ledger.request(HOSPITAL, PATIENT).value()
}

fn guardianship(ledger: &mut Ledger) -> u32 {
    let patient: Option<Participant> =
        ledger.view("participants", participants::PARTICIPANT, &PATIENT);
    patient.expect("he is registered").guardianship
}

fn live(ledger: &mut Ledger) -> Vec<u64> {
    let live: Vec<(u64, Grant)> =
        ledger.view("consent", consent::LIVE_GRANTS, &(PATIENT, HOSPITAL));
    live.into_iter().map(|(number, _)| number).collect()
}

#[test]
fn what_guardians_grant_ends_when_one_of_them_is_dismissed() {
    let mut ledger = Ledger::new();
    ledger.fund(100, 10);
    let of_age = ledger.sandbox.now() + participants::MAX_GUARDIANSHIP;
    for guardian in [STRANGER, RELATIVE] {
        ledger.appoint_guardian_until(PATIENT, guardian, of_age);
    }
    let granted = ledger.done(STRANGER, "consent", consent::GRANT, &terms());
    assert_eq!(ledger.event_names(&granted), ["Granted", "GuardianGranted"]);
    let number: u64 = granted.value();
    let grant: Option<Grant> = ledger.view("consent", consent::GRANT_OF, &number);
    let expected = Grant { by: STRANGER, guardianship: Some(0), ..terms().into() };
    assert_eq!(grant, Some(expected));
    // The child stays the party: the log and the reward are his.
    assert_eq!(asks(&mut ledger), Decision::Permit);
    let log: Vec<LogEntry> = ledger.view("consent", consent::LOG, &(PATIENT, 1u64, 1u32));
    assert_eq!(log[0].grant, Some(number));
    assert_eq!(ledger.view::<u128>("rewards", rewards::OWED, &PATIENT), 10);

    // The other guardian is dismissed: whoever gave it has to give it again.
    let dismissed = (PATIENT, RELATIVE);
    let ended = ledger.done(REGULATOR, "participants", participants::END_MANDATE, &dismissed);
    assert_eq!(ledger.event_names(&ended), ["MandateEnded", "GuardiansChanged"]);
    assert_eq!((guardianship(&mut ledger), live(&mut ledger)), (1, vec![]));
    assert_eq!(asks(&mut ledger), Decision::Deny(DenyReason::Expired));
    let again: u64 = ledger.done(STRANGER, "consent", consent::GRANT, &terms()).value();
    assert_eq!(live(&mut ledger), [again]);
    assert_eq!(asks(&mut ledger), Decision::Permit);
    // The relative does nothing for him any more.
    ledger.refused(RELATIVE, "consent", consent::GRANT, &terms(), "NotAuthorized");
}

#[test]
fn a_longer_mandate_ends_nothing_and_a_shorter_one_what_guardians_gave() {
    let mut ledger = Ledger::new();
    ledger.appoint_guardian_until(PATIENT, STRANGER, UNTIL);
    let own = ledger.grant(terms());
    let given: u64 = ledger.done(STRANGER, "consent", consent::GRANT, &terms()).value();
    let appoint = |ledger: &mut Ledger, until: u64| {
        let appointment = (PATIENT, STRANGER, until, [0x34u8; 32]);
        let appointed =
            ledger.done(REGULATOR, "participants", participants::APPOINT_GUARDIAN, &appointment);
        ledger.event_names(&appointed)
    };
    assert_eq!(appoint(&mut ledger, UNTIL + 1), ["GuardianAppointed"]);
    assert_eq!(live(&mut ledger), [own, given]);
    assert_eq!(appoint(&mut ledger, UNTIL), ["GuardianAppointed", "GuardiansChanged"]);
    assert_eq!(live(&mut ledger), [own]);
    // What the owner gives himself is his, whoever his guardians are.
    assert_eq!(asks(&mut ledger), Decision::Permit);
}

#[test]
fn a_guardians_grant_does_not_outlast_his_mandate() {
    let mut ledger = Ledger::new();
    ledger.appoint_guardian_until(PATIENT, STRANGER, UNTIL);
    let later = Terms { until: UNTIL + 1, ..terms() };
    ledger.refused(STRANGER, "consent", consent::GRANT, &later, "OutOfScope");
    ledger.done(STRANGER, "consent", consent::GRANT, &terms());
    ledger.sandbox.advance(UNTIL - 1 - ledger.sandbox.now());
    assert_eq!(asks(&mut ledger), Decision::Permit);
    ledger.sandbox.advance(1);
    assert_eq!(asks(&mut ledger), Decision::Deny(DenyReason::Expired));
    // He comes of age: he acts himself, and nobody for him.
    ledger.refused(STRANGER, "consent", consent::REVOKE_ALL, &PATIENT, "NotAuthorized");
    ledger.grant(Terms { until: u64::MAX, ..terms() });
    assert_eq!(asks(&mut ledger), Decision::Permit);
    // A mandate that is over is tidied up, which starts nothing.
    let over = (PATIENT, STRANGER);
    let ended = ledger.done(STRANGER, "participants", participants::END_MANDATE, &over);
    assert_eq!(ledger.event_names(&ended), ["MandateEnded"]);
    assert_eq!((guardianship(&mut ledger), asks(&mut ledger)), (0, Decision::Permit));
}

#[test]
fn what_a_guardian_denies_wins_over_grants_and_binds_no_emergency() {
    let mut ledger = Ledger::new();
    ledger.grant(terms());
    ledger.appoint_guardian(PATIENT, STRANGER);
    let denial = (PATIENT, HOSPITAL, PURPOSES, CATEGORIES);
    let denied = ledger.done(STRANGER, "consent", consent::DENY, &denial);
    assert_eq!(ledger.event_names(&denied), ["GuardianDenied"]);
    assert_eq!(asks(&mut ledger), Decision::Deny(DenyReason::Denied));
    // Nor does it end with him.
    ledger.dismiss_guardian(PATIENT, STRANGER);
    assert_eq!(asks(&mut ledger), Decision::Deny(DenyReason::Denied));

    let window = ledger.break_glass(HOSPITAL, PATIENT);
    assert_eq!(asks(&mut ledger), Decision::Permit);
    let log: Vec<LogEntry> = ledger.view("consent", consent::LOG, &(PATIENT, 3u64, 1u32));
    assert_eq!((log[0].grant, log[0].window), (None, Some(window)));
    // What the patient denies himself does.
    ledger.done(PATIENT, "consent", consent::DENY, &denial);
    assert_eq!(asks(&mut ledger), Decision::Deny(DenyReason::Denied));
    // He lifts both.
    let lifted = ledger.done(PATIENT, "consent", consent::LIFT_DENIAL, &denial);
    assert_eq!(lifted.value::<Vec<consent::Denial>>(), []);
    ledger.done(HOSPITAL, "consent", consent::CLOSE_BREAK_GLASS, &window);
    assert_eq!(asks(&mut ledger), Decision::Permit);
}

#[test]
fn what_a_guardian_restricts_binds_no_emergency() {
    let mut ledger = Ledger::new();
    for grantee in [HOSPITAL, INSTITUTE] {
        ledger.grant(Terms { grantee, ..terms() });
    }
    ledger.appoint_guardian(PATIENT, STRANGER);
    let restriction = (PATIENT, PURPOSES, CATEGORIES, vec![INSTITUTE]);
    let restricted = ledger.done(STRANGER, "consent", consent::RESTRICT, &restriction);
    assert_eq!(ledger.event_names(&restricted), ["GuardianRestricted", "Excepted"]);
    assert_eq!(asks(&mut ledger), Decision::Deny(DenyReason::Denied));
    let excepted = ledger.request(INSTITUTE, PATIENT).value::<Decision>();
    assert_eq!(excepted, Decision::Permit);
    ledger.break_glass(HOSPITAL, PATIENT);
    assert_eq!(asks(&mut ledger), Decision::Permit);
    // Another guardian lifts it.
    ledger.appoint_guardian(PATIENT, RELATIVE);
    let lifted = ledger.done(RELATIVE, "consent", consent::LIFT_RESTRICTION, &PATIENT);
    assert_eq!(ledger.event_names(&lifted), ["RestrictionLifted", "GuardianActed"]);
    // The owner's own binds it, and is not a guardian's to lift.
    let nobody: Vec<Account> = vec![];
    let own = (PATIENT, PURPOSES, CATEGORIES, nobody);
    ledger.done(PATIENT, "consent", consent::RESTRICT, &own);
    assert_eq!(asks(&mut ledger), Decision::Deny(DenyReason::Denied));
    ledger.refused(STRANGER, "consent", consent::LIFT_RESTRICTION, &PATIENT, "NotRestricted");
}

#[test]
fn what_does_not_name_who_did_it_is_followed_by_who_did() {
    let mut ledger = Ledger::new();
    let proposal = ledger.propose(terms());
    ledger.refuse_emergencies(PATIENT);
    ledger.delegate(PATIENT, RELATIVE);
    ledger.appoint_guardian(PATIENT, STRANGER);
    let number: u64 = ledger.done(STRANGER, "consent", consent::GRANT, &terms()).value();
    let accept = (proposal, Some(number));
    let accepted = ledger.done(STRANGER, "agreements", agreements::ACCEPT, &accept);
    assert_eq!(ledger.event_names(&accepted), ["ProposalAccepted", "GuardianActed"]);
    let allowed = ledger.done(STRANGER, "consent", consent::ALLOW_EMERGENCIES, &PATIENT);
    assert_eq!(ledger.event_names(&allowed), ["EmergenciesAllowed", "GuardianActed"]);
    let removal = (PATIENT, RELATIVE, true);
    let removed = ledger.done(STRANGER, "consent", consent::REMOVE_DELEGATE, &removal);
    assert_eq!(ledger.event_names(&removed), ["DelegateRemoved", "GuardianActed"]);
    // What names him does not say it twice.
    let withdrawn = ledger.done(STRANGER, "consent", consent::REVOKE_ALL_FOR, &(PATIENT, HOSPITAL));
    assert_eq!(ledger.event_names(&withdrawn), ["Revoked"]);
    let voided = ledger.done(STRANGER, "consent", consent::REVOKE_ALL, &PATIENT);
    assert_eq!(ledger.event_names(&voided), ["AllRevoked", "GuardianActed"]);
    let asking = (PATIENT, HOSPITAL);
    let asked = ledger.done(STRANGER, "agreements", agreements::REQUEST_ERASURE, &asking);
    assert_eq!(ledger.event_names(&asked), ["ErasureRequested", "GuardianActed"]);
}
