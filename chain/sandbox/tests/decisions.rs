//! What requests for access come to: every reason for a refusal, the first of several, and the
//! permits at the edges of what was granted. The view says beforehand what the message decides.

use assent_interface::{consent, participants};
use assent_sandbox::Account;
use assent_sandbox::ledger::{
    APPLICANT, AUDITOR, CARDIOLOGY, CATEGORIES, Decision, DenyReason, Grant, HOSPITAL, INSTITUTE,
    Ledger, LogEntry, LogHead, PATIENT, PURPOSES, REGULATOR, RELATIVE, RESEARCH, STRANGER,
    TREATMENT, Terms, UNTIL, WINDOW, key, role, terms,
};

/// Who asks for what.
#[derive(Debug, Clone, Copy)]
struct Asked {
    requester: Account,
    owner: Account,
    grant: Option<u64>,
    purpose: u8,
    category: u8,
}

/// The hospital asks for what [`terms`] grants.
const ASKED: Asked = Asked {
    requester: HOSPITAL,
    owner: PATIENT,
    grant: None,
    purpose: TREATMENT,
    category: CARDIOLOGY,
};

/// What permitted an access, or was applied when it was refused: a grant, a window.
type Applied = (Option<u64>, Option<u64>);

/// Asks the view and then for access, and compares both and the log with what is expected.
#[track_caller]
fn decides(ledger: &mut Ledger, asked: Asked, expected: Decision, applied: Applied) {
    let Asked { requester, owner, grant, purpose, category } = asked;
    let question = (requester, owner, grant, purpose, category);
    let foretold: Decision = ledger.view("consent", consent::IS_PERMITTED, &question);
    assert_eq!(foretold, expected);
    let head: LogHead = ledger.view("consent", consent::LOG_HEAD, &owner);

    let request = (owner, grant, purpose, category);
    let decided = ledger.done(requester, "consent", consent::REQUEST_ACCESS, &request);
    assert_eq!(decided.value::<Decision>(), expected);
    assert_eq!(ledger.event_names(&decided), ["AccessDecided"]);
    let log: Vec<LogEntry> =
        ledger.view("consent", consent::LOG, &(owner, head.sequence + 1, 2u32));
    let [entry] = log[..] else { panic!("one entry, not {}", log.len()) };
    assert_eq!((entry.requester, entry.decision), (requester, expected));
    assert_eq!((entry.purpose, entry.category), (purpose, category));
    assert_eq!((entry.grant, entry.window), applied);
    assert_eq!(entry.at, ledger.sandbox.now());
}

#[track_caller]
fn permits(ledger: &mut Ledger, asked: Asked, applied: Applied) {
    decides(ledger, asked, Decision::Permit, applied);
}

#[track_caller]
fn denies(ledger: &mut Ledger, asked: Asked, reason: DenyReason, applied: Option<u64>) {
    decides(ledger, asked, Decision::Deny(reason), (applied, None));
}

#[test]
fn who_is_not_admitted_is_refused() {
    let mut ledger = Ledger::new();
    ledger.grant(terms());
    for requester in [STRANGER, APPLICANT, AUDITOR, RELATIVE] {
        let asked = Asked { requester, ..ASKED };
        denies(&mut ledger, asked, DenyReason::RequesterNotAdmitted, None);
    }
    for owner in [STRANGER, APPLICANT, AUDITOR, INSTITUTE] {
        denies(&mut ledger, Asked { owner, ..ASKED }, DenyReason::OwnerNotAdmitted, None);
    }
    // Of both the requester comes first.
    let asked = Asked { requester: STRANGER, owner: STRANGER, ..ASKED };
    denies(&mut ledger, asked, DenyReason::RequesterNotAdmitted, None);
}

#[test]
fn without_a_grant_between_the_two_there_is_none() {
    let mut ledger = Ledger::new();
    denies(&mut ledger, ASKED, DenyReason::NoGrant, None);
    let number = ledger.grant(terms());
    let others = ledger.grant(Terms { owner: RELATIVE, ..terms() });
    let theirs = ledger.grant(Terms { grantee: INSTITUTE, ..terms() });
    for grant in [0, others, theirs, theirs + 1, u64::MAX] {
        denies(&mut ledger, Asked { grant: Some(grant), ..ASKED }, DenyReason::NoGrant, None);
    }
    permits(&mut ledger, ASKED, (Some(number), None));
    permits(&mut ledger, Asked { grant: Some(number), ..ASKED }, (Some(number), None));
    permits(&mut ledger, Asked { requester: INSTITUTE, ..ASKED }, (Some(theirs), None));
}

#[test]
fn only_the_latest_grant_counts_unless_another_is_named() {
    let mut ledger = Ledger::new();
    let wide = ledger.grant(terms());
    let narrow = ledger.grant(Terms { purposes: 1 << RESEARCH, ..terms() });
    denies(&mut ledger, ASKED, DenyReason::PurposeNotGranted, Some(narrow));
    permits(&mut ledger, Asked { grant: Some(wide), ..ASKED }, (Some(wide), None));
    permits(&mut ledger, Asked { purpose: RESEARCH, ..ASKED }, (Some(narrow), None));
}

#[test]
fn a_grant_counts_from_its_first_moment_to_its_last() {
    let mut ledger = Ledger::new();
    let now = ledger.sandbox.now();
    let number = ledger.grant(Terms { from: now + 5, until: now + 10, ..terms() });
    ledger.sandbox.advance(4);
    denies(&mut ledger, ASKED, DenyReason::NotYetValid, Some(number));
    ledger.sandbox.advance(1);
    permits(&mut ledger, ASKED, (Some(number), None));
    ledger.sandbox.advance(4);
    permits(&mut ledger, ASKED, (Some(number), None));
    ledger.sandbox.advance(1);
    denies(&mut ledger, ASKED, DenyReason::Expired, Some(number));
}

#[test]
fn masks_hold_the_first_and_the_last_bit_and_no_other() {
    let mut ledger = Ledger::new();
    let ends = 1 | 1 << 31;
    let number = ledger.grant(Terms { purposes: ends, categories: ends, ..terms() });
    for (purpose, category) in [(0, 0), (0, 31), (31, 0), (31, 31)] {
        let asked = Asked { purpose, category, ..ASKED };
        permits(&mut ledger, asked, (Some(number), None));
    }
    for (purpose, category) in [(1, 0), (30, 31), (1, 1)] {
        let asked = Asked { purpose, category, ..ASKED };
        denies(&mut ledger, asked, DenyReason::PurposeNotGranted, Some(number));
    }
    for (purpose, category) in [(0, 1), (31, 30)] {
        let asked = Asked { purpose, category, ..ASKED };
        denies(&mut ledger, asked, DenyReason::CategoryNotGranted, Some(number));
    }
    // The view takes what the message refuses, and says that it was not granted.
    let view = |ledger: &mut Ledger, purpose: u8, category: u8| -> Decision {
        let question = (HOSPITAL, PATIENT, None::<u64>, purpose, category);
        ledger.view("consent", consent::IS_PERMITTED, &question)
    };
    let purpose = Decision::Deny(DenyReason::PurposeNotGranted);
    let category = Decision::Deny(DenyReason::CategoryNotGranted);
    assert_eq!(view(&mut ledger, 32, 0), purpose);
    assert_eq!(view(&mut ledger, u8::MAX, u8::MAX), purpose);
    assert_eq!(view(&mut ledger, 0, 32), category);
    assert_eq!(view(&mut ledger, 0, u8::MAX), category);
}

#[test]
fn a_grant_is_used_up_by_permits_alone() {
    let mut ledger = Ledger::new();
    let number = ledger.grant(Terms { max_uses: Some(2), ..terms() });
    let other = Asked { category: 0, ..ASKED };
    permits(&mut ledger, ASKED, (Some(number), None));
    denies(&mut ledger, other, DenyReason::CategoryNotGranted, Some(number));
    permits(&mut ledger, ASKED, (Some(number), None));
    denies(&mut ledger, ASKED, DenyReason::UsesExhausted, Some(number));
    denies(&mut ledger, other, DenyReason::CategoryNotGranted, Some(number));
}

#[test]
fn counting_stops_no_grant_that_has_no_limit() {
    let mut ledger = Ledger::new();
    let number = ledger.grant(terms());
    let place = key(0x636f_0102, number);
    let most = Grant { uses: u32::MAX, ..terms().into() };
    ledger.overwrite("consent", &place, &most);
    permits(&mut ledger, ASKED, (Some(number), None));
    let grant: Option<Grant> = ledger.view("consent", consent::GRANT_OF, &number);
    assert_eq!(grant, Some(most));
    ledger.overwrite("consent", &place, &Grant { max_uses: Some(u32::MAX), ..most });
    denies(&mut ledger, ASKED, DenyReason::UsesExhausted, Some(number));
}

#[test]
fn a_denial_applies_where_both_masks_do() {
    let mut ledger = Ledger::new();
    let both = PURPOSES | 1 << RESEARCH;
    let number = ledger.grant(Terms { purposes: both, categories: CATEGORIES | 1, ..terms() });
    ledger.done(PATIENT, "consent", consent::DENY, &(HOSPITAL, PURPOSES, CATEGORIES));
    denies(&mut ledger, ASKED, DenyReason::Denied, None);
    permits(&mut ledger, Asked { category: 0, ..ASKED }, (Some(number), None));
    permits(&mut ledger, Asked { purpose: RESEARCH, ..ASKED }, (Some(number), None));

    // Another replaces it.
    ledger.done(PATIENT, "consent", consent::DENY, &(HOSPITAL, 1u32 << RESEARCH, CATEGORIES));
    permits(&mut ledger, ASKED, (Some(number), None));
    denies(&mut ledger, Asked { purpose: RESEARCH, ..ASKED }, DenyReason::Denied, None);
    ledger.done(PATIENT, "consent", consent::LIFT_DENIAL, &HOSPITAL);
    permits(&mut ledger, Asked { purpose: RESEARCH, ..ASKED }, (Some(number), None));
}

#[test]
fn an_emergency_makes_up_for_a_grant_and_for_nothing_else() {
    let mut ledger = Ledger::new();
    let window = ledger.break_glass(HOSPITAL, PATIENT);
    let anything = Asked { category: 31, ..ASKED };
    permits(&mut ledger, anything, (None, Some(window)));
    denies(&mut ledger, Asked { purpose: RESEARCH, ..ASKED }, DenyReason::NoGrant, None);
    denies(&mut ledger, Asked { requester: INSTITUTE, ..ASKED }, DenyReason::NoGrant, None);
    denies(&mut ledger, Asked { owner: RELATIVE, ..ASKED }, DenyReason::NoGrant, None);

    // A grant that permits is used first.
    let number = ledger.grant(Terms { max_uses: Some(1), ..terms() });
    permits(&mut ledger, anything, (None, Some(window)));
    permits(&mut ledger, ASKED, (Some(number), None));
    permits(&mut ledger, ASKED, (None, Some(window)));

    // Who does not treat any more has no emergencies.
    ledger.set_roles(HOSPITAL, role::RESEARCHER);
    denies(&mut ledger, ASKED, DenyReason::UsesExhausted, Some(number));
    ledger.set_roles(HOSPITAL, role::PROVIDER);
    permits(&mut ledger, ASKED, (None, Some(window)));

    ledger.sandbox.advance(WINDOW - 1);
    permits(&mut ledger, ASKED, (None, Some(window)));
    ledger.sandbox.advance(1);
    denies(&mut ledger, ASKED, DenyReason::UsesExhausted, Some(number));
    denies(&mut ledger, anything, DenyReason::CategoryNotGranted, Some(number));

    let another = ledger.break_glass(HOSPITAL, PATIENT);
    permits(&mut ledger, ASKED, (None, Some(another)));
    ledger.done(HOSPITAL, "consent", consent::CLOSE_BREAK_GLASS, &another);
    denies(&mut ledger, ASKED, DenyReason::UsesExhausted, Some(number));
}

/// Everything that speaks against an access, taken away one by one: what is given is always the
/// first that still holds.
#[test]
fn the_first_reason_in_their_order_is_given() {
    let mut ledger = Ledger::new();
    let now = ledger.sandbox.now();
    let number = ledger.grant(Terms {
        purposes: 1 << RESEARCH,
        categories: 1,
        from: now + 5,
        until: now + 10,
        max_uses: Some(1),
        ..terms()
    });
    ledger.sandbox.advance(5);
    let granted = Asked { purpose: RESEARCH, category: 0, ..ASKED };
    permits(&mut ledger, granted, (Some(number), None));
    ledger.done(PATIENT, "consent", consent::REVOKE, &number);
    ledger.done(PATIENT, "consent", consent::DENY, &(HOSPITAL, u32::MAX, u32::MAX));
    ledger.suspend(PATIENT);
    ledger.suspend(HOSPITAL);
    ledger.sandbox.advance(5);

    denies(&mut ledger, ASKED, DenyReason::RequesterNotAdmitted, None);
    ledger.done(REGULATOR, "participants", participants::REINSTATE, &HOSPITAL);
    denies(&mut ledger, ASKED, DenyReason::OwnerNotAdmitted, None);
    ledger.done(REGULATOR, "participants", participants::REINSTATE, &PATIENT);
    denies(&mut ledger, ASKED, DenyReason::Denied, None);
    ledger.done(PATIENT, "consent", consent::LIFT_DENIAL, &HOSPITAL);
    denies(&mut ledger, ASKED, DenyReason::Revoked, Some(number));
    denies(&mut ledger, Asked { grant: Some(9), ..ASKED }, DenyReason::NoGrant, None);

    // The same terms, used up and over, but not revoked.
    let now = ledger.sandbox.now();
    let from = now + 5;
    let terms = Terms {
        purposes: 1 << RESEARCH,
        categories: 1,
        from: now,
        until: UNTIL,
        max_uses: Some(1),
        ..terms()
    };
    let number = ledger.grant(terms);
    permits(&mut ledger, granted, (Some(number), None));
    denies(&mut ledger, granted, DenyReason::UsesExhausted, Some(number));
    let other = Asked { category: CARDIOLOGY, ..granted };
    denies(&mut ledger, other, DenyReason::CategoryNotGranted, Some(number));
    denies(&mut ledger, ASKED, DenyReason::PurposeNotGranted, Some(number));
    let later = (number, (terms.purposes, terms.categories, from, from + 5, Some(2u32), [0u8; 32]));
    ledger.done(PATIENT, "consent", consent::AMEND, &later);
    denies(&mut ledger, ASKED, DenyReason::NotYetValid, Some(number));
    ledger.sandbox.advance(10);
    denies(&mut ledger, ASKED, DenyReason::Expired, Some(number));
    ledger.done(PATIENT, "consent", consent::REVOKE_ALL, &());
    denies(&mut ledger, ASKED, DenyReason::Revoked, Some(number));
}
