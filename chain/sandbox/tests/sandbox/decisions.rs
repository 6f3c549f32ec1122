//! What requests for access come to: every reason for a refusal, the first of several, and the
//! permits at the edges of what was granted. The view says beforehand what the message decides.

use assent_interface::{consent, governance, participants, power, rewards};
use assent_sandbox::Account;
use assent_sandbox::ledger::{
    APPLICANT, AUDITOR, CARDIOLOGY, CATEGORIES, CHAIN, Decision, DenyReason, HOSPITAL, Hash,
    INSTITUTE, Ledger, LogEntry, LogHead, PATIENT, PURPOSES, REGULATOR, RELATIVE, RESEARCH, Review,
    STRANGER, TREATMENT, Terms, UNNAMED, WINDOW, role, terms,
};
use parity_scale_codec::Encode;
use polkadot_sdk::sp_io::hashing::blake2_256;

/// Who asks for what.
#[derive(Debug, Clone, Copy)]
struct Asked {
    requester: Account,
    owner: Account,
    grant: Option<u64>,
    record: Option<Hash>,
    purpose: u8,
    category: u8,
}

/// The hospital asks for what [`terms`] grants.
const ASKED: Asked = Asked {
    requester: HOSPITAL,
    owner: PATIENT,
    grant: None,
    record: None,
    purpose: TREATMENT,
    category: CARDIOLOGY,
};

/// Those whom no regulator ever admitted.
const OUTSIDERS: [Account; 2] = [STRANGER, APPLICANT];

/// What permitted an access, or was applied when it was refused: a grant, a window.
type Applied = (Option<u64>, Option<u64>);

/// Asks the view and then for access, and compares both and the log with what is expected.
#[track_caller]
fn decides(ledger: &mut Ledger, asked: Asked, expected: Decision, applied: Applied) {
    let Asked { requester, owner, grant, record, purpose, category } = asked;
    let question = (requester, owner, grant, record, purpose, category);
    let foretold: Decision = ledger.view("consent", consent::IS_PERMITTED, &question);
    assert_eq!(foretold, expected);
    let head: LogHead = ledger.view("consent", consent::LOG_HEAD, &owner);

    let decided = ledger.done(requester, "consent", consent::REQUEST_ACCESS, &question);
    assert_eq!(decided.value::<Decision>(), expected);
    let refusals: LogHead = ledger.view("consent", consent::REFUSALS, &());
    if ledger.event_names(&decided) == ["OutsiderRefused"] {
        // Whoever was never admitted leaves nothing in a log of an owner.
        assert_eq!(ledger.view::<LogHead>("consent", consent::LOG_HEAD, &owner), head);
        assert!(refusals.sequence > 0 && OUTSIDERS.contains(&requester));
        return;
    }
    assert!(!OUTSIDERS.contains(&requester));
    assert_eq!(ledger.event_names(&decided), ["AccessDecided"]);
    let log: Vec<LogEntry> =
        ledger.view("consent", consent::LOG, &(owner, head.sequence + 1, 2u32));
    let [entry] = log[..] else { panic!("one entry, not {}", log.len()) };
    assert_eq!((entry.requester, entry.decision), (requester, expected));
    assert_eq!((entry.purpose, entry.category, entry.record), (purpose, category, record));
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
fn refusals_of_outsiders_are_chained_and_numbered_apart() {
    let mut ledger = Ledger::new();
    let number = ledger.grant(terms());
    let domain: Hash = ledger.view("consent", consent::DOMAIN, &());
    let consent = ledger.consent.address;
    assert_eq!(domain, blake2_256(&[CHAIN, consent].concat()));
    let mut head = LogHead { sequence: 0, hash: [0; 32] };
    for (requester, record) in [(STRANGER, None), (APPLICANT, Some([7u8; 32]))] {
        let asked = (PATIENT, None::<u64>, record, TREATMENT, CARDIOLOGY);
        ledger.done(requester, "consent", consent::REQUEST_ACCESS, &(requester, asked));
        let sequence = head.sequence + 1;
        let asked = (domain, requester, PATIENT, sequence, TREATMENT, CARDIOLOGY, record);
        let content = blake2_256(&(asked, ledger.sandbox.now()).encode());
        head = LogHead { sequence, hash: blake2_256(&[head.hash, content].concat()) };
        assert_eq!(ledger.view::<LogHead>("consent", consent::REFUSALS, &()), head);
    }
    // Neither takes a number of the decisions.
    permits(&mut ledger, ASKED, (Some(number), None));
    let log: Vec<LogEntry> = ledger.view("consent", consent::LOG, &(PATIENT, 1u64, 2u32));
    assert_eq!(log.iter().map(|entry| entry.access).collect::<Vec<_>>(), [1]);
}

#[test]
fn who_was_admitted_once_is_refused_on_record() {
    let mut ledger = Ledger::new();
    ledger.grant(terms());
    ledger.suspend(HOSPITAL);
    denies(&mut ledger, ASKED, DenyReason::RequesterNotAdmitted, None);
    ledger.leave(HOSPITAL);
    denies(&mut ledger, ASKED, DenyReason::RequesterNotAdmitted, None);
}

#[test]
fn any_live_grant_that_covers_a_request_permits_it() {
    let mut ledger = Ledger::new();
    let care = ledger.grant(terms());
    let research = ledger.grant(Terms { purposes: 1 << RESEARCH, ..terms() });
    permits(&mut ledger, ASKED, (Some(care), None));
    permits(&mut ledger, Asked { purpose: RESEARCH, ..ASKED }, (Some(research), None));
    // One that is named stands for itself.
    let named = Asked { grant: Some(research), ..ASKED };
    denies(&mut ledger, named, DenyReason::PurposeNotGranted, Some(research));

    // Of several the one without a limit, and of these the lowest number.
    let mut ledger = Ledger::new();
    let limited = ledger.grant(Terms { max_uses: Some(1), ..terms() });
    let second = ledger.grant(Terms { max_uses: Some(1), ..terms() });
    permits(&mut ledger, ASKED, (Some(limited), None));
    permits(&mut ledger, ASKED, (Some(second), None));
    let third = ledger.grant(Terms { max_uses: Some(1), ..terms() });
    let open = ledger.grant(terms());
    ledger.grant(terms());
    permits(&mut ledger, ASKED, (Some(open), None));
    ledger.done(PATIENT, "consent", consent::REVOKE, &open);
    ledger.done(PATIENT, "consent", consent::REVOKE, &(open + 1));
    permits(&mut ledger, ASKED, (Some(third), None));
    // When none lives the reason is that of the latest.
    denies(&mut ledger, ASKED, DenyReason::Revoked, Some(open + 1));
}

#[test]
fn when_none_covers_a_request_the_grant_that_got_furthest_says_why() {
    const RECORD: Option<Hash> = Some([7; 32]);
    let mut ledger = Ledger::new();
    let now = ledger.sandbox.now();
    let early = ledger.grant(Terms { from: now + 60_000, ..terms() });
    denies(&mut ledger, ASKED, DenyReason::NotYetValid, Some(early));
    let one = ledger.grant(Terms { record: RECORD, ..terms() });
    ledger.grant(Terms { record: Some([8; 32]), ..terms() });
    denies(&mut ledger, ASKED, DenyReason::RecordNotGranted, Some(one));
    permits(&mut ledger, Asked { record: RECORD, ..ASKED }, (Some(one), None));
    let research = ledger.grant(Terms { purposes: 1 << RESEARCH, ..terms() });
    denies(&mut ledger, ASKED, DenyReason::PurposeNotGranted, Some(research));
    let other = ledger.grant(Terms { categories: 1, ..terms() });
    denies(&mut ledger, ASKED, DenyReason::CategoryNotGranted, Some(other));
    // What is over says nothing any more while another lives.
    ledger.done(PATIENT, "consent", consent::REVOKE, &other);
    denies(&mut ledger, ASKED, DenyReason::PurposeNotGranted, Some(research));
    permits(&mut ledger, Asked { record: RECORD, ..ASKED }, (Some(one), None));
}

#[test]
fn a_grant_for_one_record_is_for_no_other_and_not_for_all() {
    const RECORD: Hash = [7; 32];
    let mut ledger = Ledger::new();
    let number = ledger.grant(Terms { record: Some(RECORD), ..terms() });
    permits(&mut ledger, Asked { record: Some(RECORD), ..ASKED }, (Some(number), None));
    for record in [None, Some([8; 32]), Some([0; 32])] {
        let asked = Asked { record, ..ASKED };
        denies(&mut ledger, asked, DenyReason::RecordNotGranted, Some(number));
    }
    let all = ledger.grant(terms());
    permits(&mut ledger, ASKED, (Some(all), None));
    permits(&mut ledger, Asked { record: Some([8; 32]), ..ASKED }, (Some(all), None));
}

#[test]
fn in_a_pause_only_windows_count() {
    let mut ledger = Ledger::new();
    let number = ledger.grant(terms());
    ledger.pause("consent");
    denies(&mut ledger, ASKED, DenyReason::Paused, None);
    denies(&mut ledger, Asked { grant: Some(number), ..ASKED }, DenyReason::Paused, None);
    let window = ledger.break_glass(HOSPITAL, PATIENT);
    permits(&mut ledger, ASKED, (None, Some(window)));
    denies(&mut ledger, Asked { purpose: RESEARCH, ..ASKED }, DenyReason::Paused, None);
    ledger.done(PATIENT, "consent", consent::DENY, &(PATIENT, HOSPITAL, PURPOSES, CATEGORIES));
    denies(&mut ledger, ASKED, DenyReason::Denied, None);
    ledger.done(REGULATOR, "consent", governance::UNPAUSE, &());
    let none = Asked { category: 31, ..ASKED };
    permits(&mut ledger, none, (None, Some(window)));
}

#[test]
fn an_unjustified_emergency_ends_and_bars_the_key_that_acted() {
    let mut ledger = Ledger::new();
    let window = ledger.break_glass(HOSPITAL, PATIENT);
    permits(&mut ledger, ASKED, (None, Some(window)));
    let review = (window, Review::Unjustified);
    let reviewed = ledger.done(AUDITOR, "consent", consent::REVIEW_BREAK_GLASS, &review);
    let events = ["GlassClosed", "GlassReviewed", "EmergencyBarred", "SuspensionProposed"];
    assert_eq!(ledger.event_names(&reviewed), events);
    denies(&mut ledger, ASKED, DenyReason::NoGrant, None);
    let bar: Option<u64> = ledger.view("consent", consent::BAR, &HOSPITAL);
    assert_eq!(bar, Some(window));
    let again = (RELATIVE, [1u8; 32]);
    ledger.refused(HOSPITAL, "consent", consent::BREAK_GLASS, &(HOSPITAL, again), "Barred");
    // Its grants count as before.
    let number = ledger.grant(terms());
    permits(&mut ledger, ASKED, (Some(number), None));
    let lifted = ledger.done(REGULATOR, "consent", consent::LIFT_BAR, &HOSPITAL);
    assert_eq!(ledger.event_names(&lifted), ["BarLifted"]);
    assert_eq!(ledger.view::<Option<u64>>("consent", consent::BAR, &HOSPITAL), None);
    ledger.done(HOSPITAL, "consent", consent::BREAK_GLASS, &(HOSPITAL, again));
}

#[test]
fn one_of_the_staff_asks_and_the_organisations_budget_pays() {
    let mut ledger = Ledger::new();
    ledger.fund(100, 10);
    let number = ledger.grant(terms());
    let asked = (HOSPITAL, PATIENT, UNNAMED, TREATMENT, CARDIOLOGY);
    ledger.refused(STRANGER, "consent", consent::REQUEST_ACCESS, &asked, "NotAuthorized");
    ledger.admit_member(HOSPITAL, STRANGER, power::ASK);
    let decided = ledger.done(STRANGER, "consent", consent::REQUEST_ACCESS, &asked);
    assert_eq!(decided.value::<Decision>(), Decision::Permit);
    assert_eq!(ledger.event_names(&decided), ["Accrued", "AccessDecided"]);
    assert_eq!(ledger.view::<u128>("rewards", rewards::BUDGET, &HOSPITAL), 90);
    assert_eq!(ledger.view::<u128>("rewards", rewards::OWED, &PATIENT), 10);
    let log: Vec<LogEntry> = ledger.view("consent", consent::LOG, &(PATIENT, 1u64, 1u32));
    let person: Option<(u16, u64, Hash, Option<Account>)> =
        ledger.view("participants", participants::MANDATE, &(HOSPITAL, STRANGER));
    let person = person.map(|(_, _, person, _)| person);
    assert_eq!((log[0].requester, log[0].by, log[0].person), (HOSPITAL, STRANGER, person));
    assert_eq!(log[0].grant, Some(number));

    // When it is over she asks no more, and what her hospital may is as before.
    let ended = (HOSPITAL, STRANGER);
    ledger.done(STRANGER, "participants", participants::END_MANDATE, &ended);
    ledger.refused(STRANGER, "consent", consent::REQUEST_ACCESS, &asked, "NotAuthorized");
    permits(&mut ledger, ASKED, (Some(number), None));
}

#[test]
fn a_verdict_bars_the_key_of_the_staff_and_not_the_organisation() {
    let mut ledger = Ledger::new();
    ledger.admit_member(HOSPITAL, STRANGER, power::ALL);
    let opened = (HOSPITAL, PATIENT, [1u8; 32]);
    let window: u64 = ledger.done(STRANGER, "consent", consent::BREAK_GLASS, &opened).value();
    // It is good for each key of the hospital.
    permits(&mut ledger, ASKED, (None, Some(window)));
    let review = (window, Review::Unjustified);
    ledger.done(AUDITOR, "consent", consent::REVIEW_BREAK_GLASS, &review);
    denies(&mut ledger, ASKED, DenyReason::NoGrant, None);
    ledger.refused(STRANGER, "consent", consent::BREAK_GLASS, &opened, "Barred");
    // Nor for another organisation.
    ledger.set_roles(INSTITUTE, role::PROVIDER);
    ledger.admit_member(INSTITUTE, STRANGER, power::ALL);
    let elsewhere = (INSTITUTE, PATIENT, [1u8; 32]);
    ledger.refused(STRANGER, "consent", consent::BREAK_GLASS, &elsewhere, "Barred");
    ledger.break_glass(HOSPITAL, PATIENT);
    ledger.done(REGULATOR, "consent", consent::LIFT_BAR, &STRANGER);
    ledger.done(STRANGER, "consent", consent::BREAK_GLASS, &elsewhere);
}

#[test]
fn grants_of_a_removed_delegate_end_with_him_when_the_owner_says_so() {
    let mut ledger = Ledger::new();
    ledger.delegate(PATIENT, RELATIVE);
    let own = ledger.grant(Terms { purposes: 1 << RESEARCH, ..terms() });
    let given: u64 = ledger.done(RELATIVE, "consent", consent::GRANT, &terms()).value();
    ledger.done(PATIENT, "consent", consent::REMOVE_DELEGATE, &(PATIENT, RELATIVE, false));
    permits(&mut ledger, ASKED, (Some(given), None));
    ledger.delegate(PATIENT, RELATIVE);
    ledger.done(PATIENT, "consent", consent::REMOVE_DELEGATE, &(PATIENT, RELATIVE, true));
    let upto: u64 = ledger.view("consent", consent::REVOKED_UP_TO, &(PATIENT, RELATIVE));
    assert_eq!(upto, given);
    denies(&mut ledger, Asked { grant: Some(given), ..ASKED }, DenyReason::Revoked, Some(given));
    permits(&mut ledger, Asked { purpose: RESEARCH, ..ASKED }, (Some(own), None));
    // Set again he starts anew.
    ledger.delegate(PATIENT, RELATIVE);
    let given: u64 = ledger.done(RELATIVE, "consent", consent::GRANT, &terms()).value();
    permits(&mut ledger, ASKED, (Some(given), None));
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
        let question = (HOSPITAL, PATIENT, UNNAMED, purpose, category);
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
    denies(&mut ledger, other, DenyReason::UsesExhausted, Some(number));
    let named = Asked { grant: Some(number), ..other };
    denies(&mut ledger, named, DenyReason::CategoryNotGranted, Some(number));
}

#[test]
fn a_denial_applies_where_both_masks_do() {
    let mut ledger = Ledger::new();
    let both = PURPOSES | 1 << RESEARCH;
    let number = ledger.grant(Terms { purposes: both, categories: CATEGORIES | 1, ..terms() });
    ledger.done(PATIENT, "consent", consent::DENY, &(PATIENT, HOSPITAL, PURPOSES, CATEGORIES));
    denies(&mut ledger, ASKED, DenyReason::Denied, None);
    permits(&mut ledger, Asked { category: 0, ..ASKED }, (Some(number), None));
    permits(&mut ledger, Asked { purpose: RESEARCH, ..ASKED }, (Some(number), None));

    // Another adds to it, and to nothing else: what is denied is no rectangle.
    ledger.done(PATIENT, "consent", consent::DENY, &(PATIENT, HOSPITAL, 1u32 << RESEARCH, 1u32));
    let research = Asked { purpose: RESEARCH, ..ASKED };
    denies(&mut ledger, ASKED, DenyReason::Denied, None);
    denies(&mut ledger, Asked { category: 0, ..research }, DenyReason::Denied, None);
    permits(&mut ledger, Asked { category: 0, ..ASKED }, (Some(number), None));
    permits(&mut ledger, research, (Some(number), None));
    let both = vec![(TREATMENT, CATEGORIES, 0u32), (RESEARCH, 1u32, 0)];
    let denied = |ledger: &mut Ledger| -> Vec<(u8, u32, u32)> {
        ledger.view("consent", consent::DENIALS, &(PATIENT, HOSPITAL))
    };
    assert_eq!(denied(&mut ledger), both);

    // Lifting narrows, and says what is left.
    let lifted = (PATIENT, HOSPITAL, PURPOSES, u32::MAX);
    let lifted = ledger.done(PATIENT, "consent", consent::LIFT_DENIAL, &lifted);
    assert_eq!(lifted.value::<Vec<(u8, u32, u32)>>(), both[1..]);
    assert_eq!(denied(&mut ledger), both[1..]);
    permits(&mut ledger, ASKED, (Some(number), None));
    denies(&mut ledger, Asked { category: 0, ..research }, DenyReason::Denied, None);
    let lifted = (PATIENT, HOSPITAL, u32::MAX, u32::MAX);
    let lifted = ledger.done(PATIENT, "consent", consent::LIFT_DENIAL, &lifted);
    assert_eq!(lifted.value::<Vec<(u8, u32, u32)>>(), []);
    permits(&mut ledger, Asked { category: 0, ..research }, (Some(number), None));
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
    denies(&mut ledger, anything, DenyReason::UsesExhausted, Some(number));

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
        record: Some([7; 32]),
        ..terms()
    });
    let named = Asked { grant: Some(number), ..ASKED };
    denies(&mut ledger, named, DenyReason::NotYetValid, Some(number));
    ledger.sandbox.advance(5);
    denies(&mut ledger, named, DenyReason::RecordNotGranted, Some(number));
    let record = Asked { record: Some([7; 32]), ..named };
    denies(&mut ledger, record, DenyReason::PurposeNotGranted, Some(number));
    let purpose = Asked { purpose: RESEARCH, ..record };
    denies(&mut ledger, purpose, DenyReason::CategoryNotGranted, Some(number));
    let granted = Asked { category: 0, ..purpose };
    permits(&mut ledger, granted, (Some(number), None));
    denies(&mut ledger, granted, DenyReason::UsesExhausted, Some(number));
    denies(&mut ledger, purpose, DenyReason::CategoryNotGranted, Some(number));
    ledger.sandbox.advance(5);
    denies(&mut ledger, named, DenyReason::Expired, Some(number));
    ledger.done(PATIENT, "consent", consent::REVOKE, &number);
    denies(&mut ledger, named, DenyReason::Revoked, Some(number));
    denies(&mut ledger, Asked { grant: Some(9), ..ASKED }, DenyReason::NoGrant, None);
    ledger.pause("consent");
    denies(&mut ledger, named, DenyReason::Paused, None);
    ledger.done(PATIENT, "consent", consent::DENY, &(PATIENT, HOSPITAL, u32::MAX, u32::MAX));
    denies(&mut ledger, named, DenyReason::Denied, None);
    ledger.leave(PATIENT);
    denies(&mut ledger, named, DenyReason::OwnerNotAdmitted, None);
    ledger.suspend(HOSPITAL);
    denies(&mut ledger, named, DenyReason::RequesterNotAdmitted, None);
}
