//! What several contracts do together.

use assent_sandbox::Account;
use assent_sandbox::health::{
    AUDITOR, CARDIOLOGY, CATEGORIES, DELAY, Decision, DenyReason, HOSPITAL, Health, INSTITUTE,
    LogHead, PATIENT, PURPOSES, REGULATOR, RELATIVE, Review, STRANGER, Statement, TREATMENT, Terms,
    Totals, UNTIL, amendment, key, report, terms,
};

/// No grant named.
const LATEST: Option<u64> = None;

/// The totals, after a look whether the rewards contract holds exactly what it says and `remainder`.
#[track_caller]
fn totals(health: &mut Health, remainder: u128) -> Totals {
    let totals: Totals = health.view("rewards", "totals", &());
    let rewards = health.rewards.address;
    let balance: u128 = health.view("token", "PSP22::balance_of", &rewards);
    assert_eq!(balance, totals.unspent + totals.owed + remainder);
    // The view is a `Result`, of which the sandbox has taken the outer layers off.
    assert_eq!(health.view::<u128>("rewards", "remainder", &()), remainder);
    let owed = |health: &mut Health, account: &Account| -> u128 {
        health.view::<Statement>("rewards", "statement", account).owed
    };
    let all = [PATIENT, RELATIVE, HOSPITAL, INSTITUTE];
    assert_eq!(all.iter().map(|account| owed(health, account)).sum::<u128>(), totals.owed);
    totals
}

#[test]
fn a_permit_earns_its_owner_a_reward_in_the_same_call() {
    let mut health = Health::new();
    health.fund(25, 10);
    health.grant(terms());
    assert_eq!(totals(&mut health, 0), Totals { unspent: 25, owed: 0, paid: 0 });

    for owed in [10, 20] {
        let permitted = health.request(HOSPITAL, PATIENT);
        assert_eq!(permitted.value::<Decision>(), Decision::Permit);
        assert_eq!(health.event_names(&permitted), ["AccessDecided", "Accrued"]);
        assert_eq!(totals(&mut health, 0), Totals { unspent: 25 - owed, owed, paid: 0 });
        assert_eq!(health.view::<u128>("rewards", "owed", &PATIENT), owed);
    }
    // A refusal earns nothing.
    let refused = health.request(INSTITUTE, PATIENT);
    assert_eq!(health.event_names(&refused), ["AccessDecided"]);
    // Care does not wait for money.
    let unfunded = health.request(HOSPITAL, PATIENT);
    assert_eq!(unfunded.value::<Decision>(), Decision::Permit);
    assert_eq!(health.event_names(&unfunded), ["AccessDecided", "Unfunded"]);
    assert_eq!(totals(&mut health, 0), Totals { unspent: 5, owed: 20, paid: 0 });

    let withdrawn = health.done(PATIENT, "rewards", "withdraw", &());
    assert_eq!(withdrawn.value::<u128>(), 20);
    assert_eq!(health.event_names(&withdrawn), ["Withdrawn", "Transfer"]);
    assert_eq!(health.view::<u128>("token", "PSP22::balance_of", &PATIENT), 20);
    assert_eq!(totals(&mut health, 0), Totals { unspent: 5, owed: 0, paid: 20 });

    // Sent past the fund it is nobody's.
    let past = (health.rewards.address, 7u128, Vec::<u8>::new());
    health.done(PATIENT, "token", "PSP22::transfer", &past);
    assert_eq!(totals(&mut health, 7), Totals { unspent: 5, owed: 0, paid: 20 });

    health.done(REGULATOR, "rewards", "refund_unused", &(INSTITUTE, 5u128));
    assert_eq!(totals(&mut health, 7), Totals { unspent: 0, owed: 5, paid: 20 });
    let withdrawn = health.done(INSTITUTE, "rewards", "withdraw_to", &RELATIVE);
    assert_eq!(withdrawn.value::<u128>(), 5);
    assert_eq!(health.view::<u128>("token", "PSP22::balance_of", &RELATIVE), 5);
    assert_eq!(totals(&mut health, 7), Totals { unspent: 0, owed: 0, paid: 25 });
}

#[test]
fn an_emergency_earns_its_owner_a_reward_too() {
    let mut health = Health::new();
    health.fund(100, 10);
    health.break_glass(HOSPITAL, PATIENT);
    let permitted = health.request(HOSPITAL, PATIENT);
    assert_eq!(health.event_names(&permitted), ["AccessDecided", "Accrued"]);
    assert_eq!(totals(&mut health, 0), Totals { unspent: 90, owed: 10, paid: 0 });
}

#[test]
fn there_is_no_decision_without_its_reward() {
    let mut health = Health::new();
    health.rewards = health.another("rewards", &(health.token.address, DELAY));
    health.replace_consent(health.participants.address, health.rewards.address);
    health.fund(100, 10);
    let number = health.grant(Terms { max_uses: Some(1), ..terms() });
    // The rewards contract does not know the consent contract yet.
    let request = (PATIENT, LATEST, TREATMENT, CARDIOLOGY);
    health.refused(HOSPITAL, "consent", "request_access", &request, "RewardsFailed");
    let head: LogHead = health.view("consent", "log_head", &PATIENT);
    assert_eq!(head, LogHead { sequence: 0, hash: [0; 32] });

    let consent = health.consent.address;
    health.done(REGULATOR, "rewards", "set_consent", &consent);
    let permitted = health.request(HOSPITAL, PATIENT);
    assert_eq!(permitted.value::<Decision>(), Decision::Permit, "grant {number} was not used up");
    let head: LogHead = health.view("consent", "log_head", &PATIENT);
    assert_eq!(head.sequence, 1);
    assert_eq!(totals(&mut health, 0), Totals { unspent: 90, owed: 10, paid: 0 });
}

#[test]
fn the_remainder_is_not_known_when_the_token_does_not_account_for_the_rest() {
    let mut health = Health::new();
    health.fund(100, 10);
    health.grant(terms());
    health.request(HOSPITAL, PATIENT);
    // The token takes back what it had moved.
    let balances = 0x746f_0002;
    let rewards = health.rewards.address;
    health.overwrite("token", &key(balances, rewards), &(99u128, false));
    health.refused(STRANGER, "rewards", "remainder", &(), "TokenFailed");
    health.overwrite("token", &key(balances, rewards), &(100u128, false));
    assert_eq!(totals(&mut health, 0), Totals { unspent: 90, owed: 10, paid: 0 });

    health.replace_rewards(STRANGER, HOSPITAL);
    health.refused(STRANGER, "rewards", "remainder", &(), "TokenFailed");
}

#[test]
fn a_suspended_provider_is_refused_everywhere_at_once() {
    let mut health = Health::new();
    let number = health.grant(terms());
    let window = health.break_glass(HOSPITAL, PATIENT);
    health.anchor(&report());
    health.delegate(RELATIVE, HOSPITAL);
    let to_institute = Terms { owner: RELATIVE, grantee: INSTITUTE, ..terms() };
    let signature = (report().series, 1u32, report().head());
    assert_eq!(health.request(HOSPITAL, PATIENT).value::<Decision>(), Decision::Permit);

    health.suspend(HOSPITAL);
    let denied = health.request(HOSPITAL, PATIENT).value::<Decision>();
    assert_eq!(denied, Decision::Deny(DenyReason::RequesterNotAdmitted));
    let justification = (RELATIVE, [1u8; 32]);
    health.refused(HOSPITAL, "consent", "break_glass", &justification, "NotProvider");
    health.refused(HOSPITAL, "consent", "grant", &to_institute, "NotAuthorized");
    health.refused(PATIENT, "consent", "grant", &terms(), "GranteeNotAdmitted");
    let amended = (number, amendment());
    health.refused(PATIENT, "consent", "amend", &amended, "GranteeNotAdmitted");
    let delegation = (HOSPITAL, PURPOSES, CATEGORIES, UNTIL);
    health.refused(PATIENT, "consent", "set_delegate", &delegation, "DelegateNotAdmitted");
    let next = report().next();
    health.refused(HOSPITAL, "reports", "anchor", &next, "NotAdmitted");
    health.refused(HOSPITAL, "reports", "anchor_batch", &vec![next], "NotAdmitted");
    health.refused(HOSPITAL, "reports", "supersede", &next, "NotAdmitted");
    health.refused(HOSPITAL, "reports", "countersign", &signature, "NotAdmitted");

    health.done(REGULATOR, "participants", "reinstate", &HOSPITAL);
    // The grant, the window, the delegation and the series are as they were.
    assert_eq!(health.request(HOSPITAL, PATIENT).value::<Decision>(), Decision::Permit);
    let open: Option<u64> = health.view("consent", "open_window", &(HOSPITAL, PATIENT));
    assert_eq!(open, Some(window));
    health.done(HOSPITAL, "consent", "grant", &to_institute);
    health.done(PATIENT, "consent", "amend", &amended);
    health.done(HOSPITAL, "reports", "countersign", &signature);
    health.done(HOSPITAL, "reports", "supersede", &next);
}

#[test]
fn a_suspended_owner_gives_no_access_and_can_still_withdraw_it() {
    let mut health = Health::new();
    health.fund(100, 10);
    let number = health.grant(terms());
    health.delegate(PATIENT, RELATIVE);
    health.request(HOSPITAL, PATIENT);
    health.suspend(PATIENT);

    let denied = health.request(HOSPITAL, PATIENT).value::<Decision>();
    assert_eq!(denied, Decision::Deny(DenyReason::OwnerNotAdmitted));
    health.refused(PATIENT, "consent", "grant", &terms(), "NotDataOwner");
    health.refused(RELATIVE, "consent", "grant", &terms(), "NotDataOwner");
    let amended = (number, amendment());
    health.refused(PATIENT, "consent", "amend", &amended, "NotDataOwner");
    let delegation = (RELATIVE, PURPOSES, CATEGORIES, UNTIL);
    health.refused(PATIENT, "consent", "set_delegate", &delegation, "NotDataOwner");
    let justification = (PATIENT, [1u8; 32]);
    health.refused(HOSPITAL, "consent", "break_glass", &justification, "PatientNotAdmitted");
    health.refused(PATIENT, "reports", "anchor", &report(), "NotAdmitted");

    health.done(PATIENT, "consent", "deny", &(INSTITUTE, PURPOSES, CATEGORIES));
    health.done(PATIENT, "consent", "remove_delegate", &RELATIVE);
    health.done(PATIENT, "consent", "erase_link", &number);
    assert_eq!(health.done(PATIENT, "rewards", "withdraw", &()).value::<u128>(), 10);

    health.done(REGULATOR, "participants", "reinstate", &PATIENT);
    assert_eq!(health.request(HOSPITAL, PATIENT).value::<Decision>(), Decision::Permit);
    health.suspend(PATIENT);
    health.done(PATIENT, "consent", "revoke", &number);
    health.done(PATIENT, "consent", "revoke_all", &());
}

#[test]
fn a_suspended_auditor_reviews_nothing() {
    let mut health = Health::new();
    let window = health.break_glass(HOSPITAL, PATIENT);
    health.suspend(AUDITOR);
    let review = (window, Review::Unjustified);
    health.refused(AUDITOR, "consent", "review_break_glass", &review, "NotReviewer");
    health.done(REGULATOR, "participants", "reinstate", &AUDITOR);
    let reviewed = health.done(AUDITOR, "consent", "review_break_glass", &review);
    assert_eq!(health.event_names(&reviewed), ["GlassReviewed", "SuspensionProposed"]);
    // What the contract proposes, the regulator does.
    health.suspend(HOSPITAL);
}

#[test]
fn a_denial_wins_over_grants_and_emergencies() {
    let mut health = Health::new();
    health.fund(100, 10);
    health.grant(terms());
    health.break_glass(HOSPITAL, PATIENT);
    health.done(PATIENT, "consent", "deny", &(HOSPITAL, PURPOSES, CATEGORIES));
    let denied = health.request(HOSPITAL, PATIENT);
    assert_eq!(denied.value::<Decision>(), Decision::Deny(DenyReason::Denied));
    assert_eq!(health.event_names(&denied), ["AccessDecided"]);
    // Neither a new grant nor a new emergency gets around it.
    health.grant(terms());
    health.sandbox.advance(DELAY);
    health.break_glass(HOSPITAL, PATIENT);
    let denied = health.request(HOSPITAL, PATIENT).value::<Decision>();
    assert_eq!(denied, Decision::Deny(DenyReason::Denied));
    // Nor does it end with the grants that it was made for.
    health.done(PATIENT, "consent", "revoke_all", &());
    let denied = health.request(HOSPITAL, PATIENT).value::<Decision>();
    assert_eq!(denied, Decision::Deny(DenyReason::Denied));
    assert_eq!(totals(&mut health, 0), Totals { unspent: 100, owed: 0, paid: 0 });

    health.done(PATIENT, "consent", "lift_denial", &HOSPITAL);
    assert_eq!(health.request(HOSPITAL, PATIENT).value::<Decision>(), Decision::Permit);
}

#[test]
fn revoke_all_voids_grants_and_delegations_and_nothing_of_others() {
    let mut health = Health::new();
    let number = health.grant(terms());
    let research = health.grant(Terms { grantee: INSTITUTE, ..terms() });
    health.grant(Terms { owner: RELATIVE, ..terms() });
    health.delegate(PATIENT, RELATIVE);
    health.done(RELATIVE, "consent", "grant", &terms());

    health.done(PATIENT, "consent", "revoke_all", &());
    assert_eq!(health.view::<u32>("consent", "epoch", &PATIENT), 1);
    let voided = Decision::Deny(DenyReason::Revoked);
    assert_eq!(health.request(HOSPITAL, PATIENT).value::<Decision>(), voided);
    assert_eq!(health.request(INSTITUTE, PATIENT).value::<Decision>(), voided);
    for number in [number, research] {
        health.refused(PATIENT, "consent", "revoke", &number, "AlreadyRevoked");
        let amended = (number, amendment());
        health.refused(PATIENT, "consent", "amend", &amended, "AlreadyRevoked");
        health.refused(RELATIVE, "consent", "revoke", &number, "NotAuthorized");
    }
    health.refused(RELATIVE, "consent", "grant", &terms(), "NotAuthorized");
    assert_eq!(health.request(HOSPITAL, RELATIVE).value::<Decision>(), Decision::Permit);

    // What is given from now on counts.
    health.grant(terms());
    assert_eq!(health.request(HOSPITAL, PATIENT).value::<Decision>(), Decision::Permit);
    health.refused(RELATIVE, "consent", "grant", &terms(), "NotAuthorized");
    health.delegate(PATIENT, RELATIVE);
    health.done(RELATIVE, "consent", "grant", &terms());
    assert_eq!(health.request(INSTITUTE, PATIENT).value::<Decision>(), voided);
}

/// The administrator's office and the role of a regulator go over together.
#[test]
fn a_handover_of_the_participants_leaves_one_administrator_who_is_a_regulator() {
    let mut health = Health::new();
    health.done(REGULATOR, "participants", "Governed::propose_handover", &AUDITOR);
    health.sandbox.advance(DELAY);
    let accepted = health.done(AUDITOR, "participants", "Governed::accept_handover", &());
    assert_eq!(health.event_names(&accepted), ["HandoverAccepted", "RolesSet", "RolesSet"]);
    health.refused(REGULATOR, "participants", "suspend", &(PATIENT, [1u8; 32]), "NotRegulator");
    health.refused(REGULATOR, "participants", "leave", &(), "NothingToLeave");
    health.refused(AUDITOR, "participants", "leave", &(), "OfficeHolder");
    health.done(AUDITOR, "participants", "suspend", &(PATIENT, [1u8; 32]));
    // The other contracts have administrators of their own.
    health.done(REGULATOR, "consent", "Governed::pause", &());
}
