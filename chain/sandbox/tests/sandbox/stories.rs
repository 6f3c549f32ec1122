//! What several contracts do together.

mod carbon;
mod guardians;
mod keys;

use assent_interface::{consent, governance, participants, reports, rewards, token};
use assent_sandbox::Account;
use assent_sandbox::ledger::{
    AUDITOR, CARDIOLOGY, CATEGORIES, DELAY, Decision, DenyReason, EARNING, HOSPITAL, INSTITUTE,
    Ledger, LogHead, PATIENT, PURPOSES, REGULATOR, RELATIVE, RESEARCH, Review, STRANGER, Statement,
    TREATMENT, Tariff, Terms, Totals, UNNAMED, UNTIL, amendment, key, report, role, terms,
};

/// The totals, after a look whether the rewards contract holds exactly what it says and `remainder`.
#[track_caller]
fn totals(ledger: &mut Ledger, remainder: u128) -> Totals {
    let totals: Totals = ledger.view("rewards", rewards::TOTALS, &());
    let rewards = ledger.rewards.address;
    let balance: u128 = ledger.view("token", token::BALANCE_OF, &rewards);
    assert_eq!(balance, totals.budgets + totals.pots + totals.owed + remainder);
    // The view is a `Result`, of which the sandbox has taken the outer layers off.
    assert_eq!(ledger.view::<u128>("rewards", rewards::REMAINDER, &()), remainder);
    let owed = |ledger: &mut Ledger, account: &Account| -> u128 {
        ledger.view::<Statement>("rewards", rewards::STATEMENT, account).owed
    };
    let all = [PATIENT, RELATIVE, HOSPITAL, INSTITUTE];
    assert_eq!(all.iter().map(|account| owed(ledger, account)).sum::<u128>(), totals.owed);
    totals
}

#[test]
fn a_permit_earns_its_owner_a_reward_in_the_same_call() {
    let mut ledger = Ledger::new();
    ledger.fund(25, 10);
    ledger.grant(terms());
    assert_eq!(totals(&mut ledger, 0), Totals { budgets: 25, ..Totals::default() });

    let permitted = ledger.request(HOSPITAL, PATIENT);
    assert_eq!(permitted.value::<Decision>(), Decision::Permit);
    assert_eq!(ledger.event_names(&permitted), ["Accrued", "AccessDecided"]);
    assert_eq!(totals(&mut ledger, 0), Totals { budgets: 15, owed: 10, ..Totals::default() });
    // Who asks again soon does not pay again.
    for wait in [0, EARNING - 1] {
        ledger.sandbox.advance(wait);
        let again = ledger.request(HOSPITAL, PATIENT);
        assert_eq!(again.value::<Decision>(), Decision::Permit);
        assert_eq!(ledger.event_names(&again), ["AccessDecided"]);
        assert_eq!(ledger.view::<u128>("rewards", rewards::OWED, &PATIENT), 10);
    }
    ledger.sandbox.advance(1);
    let permitted = ledger.request(HOSPITAL, PATIENT);
    assert_eq!(ledger.event_names(&permitted), ["Accrued", "AccessDecided"]);
    assert_eq!(ledger.view::<u128>("rewards", rewards::OWED, &PATIENT), 20);
    // A refusal earns nothing.
    let refused = ledger.request(INSTITUTE, PATIENT);
    assert_eq!(ledger.event_names(&refused), ["AccessDecided"]);
    // Care does not wait for money.
    ledger.sandbox.advance(EARNING);
    let unfunded = ledger.request(HOSPITAL, PATIENT);
    assert_eq!(unfunded.value::<Decision>(), Decision::Permit);
    assert_eq!(ledger.event_names(&unfunded), ["Unfunded", "AccessDecided"]);
    assert_eq!(totals(&mut ledger, 0), Totals { budgets: 5, owed: 20, ..Totals::default() });

    let withdrawn = ledger.done(PATIENT, "rewards", rewards::WITHDRAW, &());
    assert_eq!(withdrawn.value::<u128>(), 20);
    assert_eq!(ledger.event_names(&withdrawn), ["Withdrawn", "Transfer"]);
    assert_eq!(ledger.view::<u128>("token", token::BALANCE_OF, &PATIENT), 20);
    assert_eq!(totals(&mut ledger, 0), Totals { budgets: 5, paid: 20, ..Totals::default() });

    // Sent past the budgets it is nobody's.
    let past = (ledger.rewards.address, 7u128, Vec::<u8>::new());
    ledger.done(PATIENT, "token", token::TRANSFER, &past);
    assert_eq!(totals(&mut ledger, 7), Totals { budgets: 5, paid: 20, ..Totals::default() });

    let withdrawn = ledger.done(HOSPITAL, "rewards", rewards::WITHDRAW_BUDGET, &5u128);
    assert_eq!(ledger.event_names(&withdrawn), ["BudgetWithdrawn", "Transfer"]);
    assert_eq!(ledger.view::<u128>("token", token::BALANCE_OF, &HOSPITAL), 5);
    assert_eq!(totals(&mut ledger, 7), Totals { paid: 20, ..Totals::default() });
}

/// The case of a patient who sells accesses to a hospital that he is in league with.
#[test]
fn nobody_is_paid_out_of_what_others_paid_in() {
    let mut ledger = Ledger::new();
    ledger.tariff(10);
    // The budget of the institute is not that of the hospital.
    ledger.allow(100);
    ledger.done(INSTITUTE, "rewards", rewards::FUND, &(INSTITUTE, 100u128));
    ledger.grant(terms());
    for _ in 0..3 {
        let permitted = ledger.request(HOSPITAL, PATIENT);
        assert_eq!(ledger.event_names(&permitted), ["Unfunded", "AccessDecided"]);
    }
    assert_eq!(totals(&mut ledger, 0), Totals { budgets: 100, ..Totals::default() });

    // A pot is spent first, and on one requester only up to its cap in a period.
    ledger.sponsor(50, 15);
    let permitted = ledger.request(HOSPITAL, PATIENT);
    assert_eq!(ledger.event_names(&permitted), ["Accrued", "AccessDecided"]);
    ledger.grant(Terms { owner: RELATIVE, ..terms() });
    let unfunded = ledger.request(HOSPITAL, RELATIVE);
    assert_eq!(ledger.event_names(&unfunded), ["Unfunded", "AccessDecided"]);
    let expected = Totals { budgets: 100, pots: 40, owed: 10, paid: 0 };
    assert_eq!(totals(&mut ledger, 0), expected);
    ledger.sandbox.advance(EARNING);
    let permitted = ledger.request(HOSPITAL, RELATIVE);
    assert_eq!(ledger.event_names(&permitted), ["Accrued", "AccessDecided"]);

    // What the sponsor leaves is his.
    let nobody = (TREATMENT, None::<Account>);
    ledger.done(REGULATOR, "rewards", rewards::SET_SPONSOR, &nobody);
    let expected = Totals { budgets: 100, pots: 0, owed: 50, paid: 0 };
    assert_eq!(totals(&mut ledger, 0), expected);
    assert_eq!(ledger.done(INSTITUTE, "rewards", rewards::WITHDRAW, &()).value::<u128>(), 30);
}

#[test]
fn research_that_nobody_pays_is_refused_where_its_tariff_is_required() {
    let mut ledger = Ledger::new();
    let tariff = (RESEARCH, Tariff { amount: 10, required: true });
    ledger.done(REGULATOR, "rewards", rewards::SET_TARIFF, &tariff);
    let research =
        Terms { grantee: INSTITUTE, purposes: 1 << RESEARCH, max_uses: Some(1), ..terms() };
    let grant = ledger.grant(research);
    // A tariff takes effect after the delay.
    ledger.sandbox.advance(DELAY);
    let request = (PATIENT, UNNAMED, RESEARCH, CARDIOLOGY);
    let refused = ledger.done(INSTITUTE, "consent", consent::REQUEST_ACCESS, &(INSTITUTE, request));
    assert_eq!(refused.value::<Decision>(), Decision::Deny(DenyReason::Unfunded));
    assert_eq!(ledger.event_names(&refused), ["Unfunded", "AccessDecided"]);
    let head: LogHead = ledger.view("consent", consent::LOG_HEAD, &PATIENT);
    assert_eq!(head.sequence, 1);
    // The view does not ask the rewards.
    let asked = (INSTITUTE, PATIENT, UNNAMED, RESEARCH, CARDIOLOGY);
    let view: Decision = ledger.view("consent", consent::IS_PERMITTED, &asked);
    assert_eq!(view, Decision::Permit);

    // The grant was not used up by the refusal.
    ledger.allow(10);
    ledger.done(INSTITUTE, "rewards", rewards::FUND, &(INSTITUTE, 10u128));
    let permitted =
        ledger.done(INSTITUTE, "consent", consent::REQUEST_ACCESS, &(INSTITUTE, request));
    assert_eq!(permitted.value::<Decision>(), Decision::Permit, "grant {grant}");
    assert_eq!(ledger.event_names(&permitted), ["Accrued", "AccessDecided"]);
    assert_eq!(totals(&mut ledger, 0), Totals { owed: 10, ..Totals::default() });
    let over = ledger.done(INSTITUTE, "consent", consent::REQUEST_ACCESS, &(INSTITUTE, request));
    assert_eq!(over.value::<Decision>(), Decision::Deny(DenyReason::UsesExhausted));
}

#[test]
fn an_emergency_asks_no_money_of_anybody() {
    let mut ledger = Ledger::new();
    ledger.fund(100, 10);
    ledger.break_glass(HOSPITAL, PATIENT);
    let permitted = ledger.request(HOSPITAL, PATIENT);
    assert_eq!(ledger.event_names(&permitted), ["AccessDecided"]);
    assert_eq!(totals(&mut ledger, 0), Totals { budgets: 100, ..Totals::default() });
}

#[test]
fn only_research_waits_for_its_reward() {
    let mut ledger = Ledger::new();
    let (participants, token) = (ledger.participants.address, ledger.token.address);
    ledger.rewards = ledger.another("rewards", &(participants, token, (DELAY, EARNING)));
    ledger.replace_consent(participants, ledger.rewards.address);
    ledger.fund(100, 10);
    let research = Terms { purposes: 1 << RESEARCH, max_uses: Some(1), ..terms() };
    let number = ledger.grant(research);
    ledger.grant(terms());
    // The rewards contract does not know the consent contract yet.
    let request = (PATIENT, UNNAMED, RESEARCH, CARDIOLOGY);
    ledger.refused(
        HOSPITAL,
        "consent",
        consent::REQUEST_ACCESS,
        &(HOSPITAL, request),
        "RewardsFailed",
    );
    let head: LogHead = ledger.view("consent", consent::LOG_HEAD, &PATIENT);
    assert_eq!(head, LogHead { sequence: 0, hash: [0; 32] });
    let care = ledger.request(HOSPITAL, PATIENT);
    assert_eq!(care.value::<Decision>(), Decision::Permit);
    assert_eq!(ledger.event_names(&care), ["AccessDecided"]);

    let consent = ledger.consent.address;
    ledger.done(REGULATOR, "rewards", rewards::SET_CONSENT, &consent);
    let permitted = ledger.done(HOSPITAL, "consent", consent::REQUEST_ACCESS, &(HOSPITAL, request));
    assert_eq!(permitted.value::<Decision>(), Decision::Permit, "grant {number} was not used up");
    let head: LogHead = ledger.view("consent", consent::LOG_HEAD, &PATIENT);
    assert_eq!(head.sequence, 2);
    assert_eq!(ledger.request(HOSPITAL, PATIENT).value::<Decision>(), Decision::Permit);
    assert_eq!(totals(&mut ledger, 0), Totals { budgets: 90, owed: 10, ..Totals::default() });
}

#[test]
fn the_remainder_is_not_known_when_the_token_does_not_account_for_the_rest() {
    let mut ledger = Ledger::new();
    ledger.fund(100, 10);
    ledger.grant(terms());
    ledger.request(HOSPITAL, PATIENT);
    // The token takes back what it had moved.
    let balances = 0x746f_0002;
    let rewards = ledger.rewards.address;
    ledger.overwrite("token", &key(balances, rewards), &(99u128, false, None::<Account>));
    ledger.refused(STRANGER, "rewards", rewards::REMAINDER, &(), "TokenFailed");
    ledger.overwrite("token", &key(balances, rewards), &(100u128, false, None::<Account>));
    assert_eq!(totals(&mut ledger, 0), Totals { budgets: 90, owed: 10, ..Totals::default() });

    ledger.replace_rewards(STRANGER, HOSPITAL);
    ledger.refused(STRANGER, "rewards", rewards::REMAINDER, &(), "TokenFailed");
}

#[test]
fn a_suspended_provider_is_refused_everywhere_at_once() {
    let mut ledger = Ledger::new();
    let number = ledger.grant(terms());
    let window = ledger.break_glass(HOSPITAL, PATIENT);
    ledger.anchor(&report());
    ledger.delegate(RELATIVE, HOSPITAL);
    let to_institute = Terms { owner: RELATIVE, grantee: INSTITUTE, ..terms() };
    let signature = (HOSPITAL, report().series, 1u32, ledger.head(HOSPITAL, &report()));
    assert_eq!(ledger.request(HOSPITAL, PATIENT).value::<Decision>(), Decision::Permit);

    ledger.suspend(HOSPITAL);
    let denied = ledger.request(HOSPITAL, PATIENT).value::<Decision>();
    assert_eq!(denied, Decision::Deny(DenyReason::RequesterNotAdmitted));
    let justification = (RELATIVE, [1u8; 32]);
    ledger.refused(
        HOSPITAL,
        "consent",
        consent::BREAK_GLASS,
        &(HOSPITAL, justification),
        "NotProvider",
    );
    ledger.refused(HOSPITAL, "consent", consent::GRANT, &to_institute, "NotAuthorized");
    ledger.refused(PATIENT, "consent", consent::GRANT, &terms(), "GranteeNotAdmitted");
    let amended = (number, 1u32, amendment());
    ledger.refused(PATIENT, "consent", consent::AMEND, &amended, "GranteeNotAdmitted");
    let delegation = (HOSPITAL, PURPOSES, CATEGORIES, UNTIL);
    ledger.refused(PATIENT, "consent", consent::SET_DELEGATE, &delegation, "DelegateNotAdmitted");
    let next = ledger.following(HOSPITAL, &report());
    ledger.refused(HOSPITAL, "reports", reports::ANCHOR, &(HOSPITAL, next), "NotAdmitted");
    ledger.refused(
        HOSPITAL,
        "reports",
        reports::ANCHOR_BATCH,
        &(HOSPITAL, vec![next]),
        "NotAdmitted",
    );
    ledger.refused(HOSPITAL, "reports", reports::SUPERSEDE, &(HOSPITAL, next), "NotAdmitted");
    ledger.refused(
        HOSPITAL,
        "reports",
        reports::COUNTERSIGN,
        &(HOSPITAL, signature),
        "NotAdmitted",
    );

    ledger.reinstate(HOSPITAL);
    // The grant, the window, the delegation and the series are as they were.
    assert_eq!(ledger.request(HOSPITAL, PATIENT).value::<Decision>(), Decision::Permit);
    let open: Option<u64> = ledger.view("consent", consent::OPEN_WINDOW, &(HOSPITAL, PATIENT));
    assert_eq!(open, Some(window));
    ledger.done(HOSPITAL, "consent", consent::GRANT, &to_institute);
    ledger.done(PATIENT, "consent", consent::AMEND, &amended);
    ledger.done(HOSPITAL, "reports", reports::COUNTERSIGN, &(HOSPITAL, signature));
    ledger.done(HOSPITAL, "reports", reports::SUPERSEDE, &(HOSPITAL, next));
}

#[test]
fn a_suspended_owner_gives_no_access_and_can_still_withdraw_it() {
    let mut ledger = Ledger::new();
    ledger.fund(100, 10);
    let number = ledger.grant(terms());
    ledger.delegate(PATIENT, RELATIVE);
    ledger.request(HOSPITAL, PATIENT);
    ledger.leave(PATIENT);

    let denied = ledger.request(HOSPITAL, PATIENT).value::<Decision>();
    assert_eq!(denied, Decision::Deny(DenyReason::OwnerNotAdmitted));
    ledger.refused(PATIENT, "consent", consent::GRANT, &terms(), "NotDataOwner");
    ledger.refused(RELATIVE, "consent", consent::GRANT, &terms(), "NotDataOwner");
    let amended = (number, 1u32, amendment());
    ledger.refused(PATIENT, "consent", consent::AMEND, &amended, "NotDataOwner");
    let delegation = (RELATIVE, PURPOSES, CATEGORIES, UNTIL);
    ledger.refused(PATIENT, "consent", consent::SET_DELEGATE, &delegation, "NotDataOwner");
    let justification = (PATIENT, [1u8; 32]);
    ledger.refused(
        HOSPITAL,
        "consent",
        consent::BREAK_GLASS,
        &(HOSPITAL, justification),
        "PatientNotAdmitted",
    );
    ledger.refused(PATIENT, "reports", reports::ANCHOR, &(PATIENT, report()), "NotAdmitted");

    ledger.done(PATIENT, "consent", consent::DENY, &(PATIENT, INSTITUTE, PURPOSES, CATEGORIES));
    ledger.done(PATIENT, "consent", consent::REMOVE_DELEGATE, &(PATIENT, RELATIVE, true));
    assert_eq!(ledger.done(PATIENT, "rewards", rewards::WITHDRAW, &()).value::<u128>(), 10);

    ledger.approve(PATIENT, role::DATA_OWNER);
    assert_eq!(ledger.request(HOSPITAL, PATIENT).value::<Decision>(), Decision::Permit);
    ledger.leave(PATIENT);
    ledger.done(PATIENT, "consent", consent::REVOKE, &number);
    ledger.done(PATIENT, "consent", consent::REVOKE_ALL, &PATIENT);
}

#[test]
fn a_suspended_auditor_reviews_nothing() {
    let mut ledger = Ledger::new();
    let window = ledger.break_glass(HOSPITAL, PATIENT);
    ledger.suspend(AUDITOR);
    let review = (window, Review::Unjustified);
    ledger.refused(AUDITOR, "consent", consent::REVIEW_BREAK_GLASS, &review, "NotReviewer");
    ledger.reinstate(AUDITOR);
    let reviewed = ledger.done(AUDITOR, "consent", consent::REVIEW_BREAK_GLASS, &review);
    let events = ["GlassClosed", "GlassReviewed", "EmergencyBarred", "SuspensionProposed"];
    assert_eq!(ledger.event_names(&reviewed), events);
    // What the contract proposes, the regulator does.
    ledger.suspend(HOSPITAL);
}

#[test]
fn a_patient_who_wants_no_emergencies_is_not_opened_until_he_does() {
    let mut ledger = Ledger::new();
    let window = ledger.break_glass(HOSPITAL, PATIENT);
    assert_eq!(ledger.request(HOSPITAL, PATIENT).value::<Decision>(), Decision::Permit);
    let refused = ledger.done(PATIENT, "consent", consent::REFUSE_EMERGENCIES, &());
    assert_eq!(ledger.event_names(&refused), ["EmergenciesRefused"]);
    // What is open permits nothing, and stays what it is.
    let denied = ledger.request(HOSPITAL, PATIENT).value::<Decision>();
    assert_eq!(denied, Decision::Deny(DenyReason::NoGrant));
    let open: Option<u64> = ledger.view("consent", consent::OPEN_WINDOW, &(HOSPITAL, PATIENT));
    assert_eq!(open, Some(window));
    ledger.grant(terms());
    assert_eq!(ledger.request(HOSPITAL, PATIENT).value::<Decision>(), Decision::Permit);
    ledger.done(PATIENT, "consent", consent::REVOKE_ALL, &PATIENT);
    let allowed = ledger.done(PATIENT, "consent", consent::ALLOW_EMERGENCIES, &PATIENT);
    assert_eq!(ledger.event_names(&allowed), ["EmergenciesAllowed"]);
    assert_eq!(ledger.request(HOSPITAL, PATIENT).value::<Decision>(), Decision::Permit);
}

#[test]
fn a_restriction_is_for_everybody_but_those_named() {
    let mut ledger = Ledger::new();
    for grantee in [HOSPITAL, INSTITUTE] {
        ledger.grant(Terms { grantee, ..terms() });
    }
    ledger.break_glass(HOSPITAL, PATIENT);
    let restriction = (PATIENT, PURPOSES, CATEGORIES, vec![INSTITUTE, RELATIVE]);
    let restricted = ledger.done(PATIENT, "consent", consent::RESTRICT, &restriction);
    assert_eq!(ledger.event_names(&restricted), ["Restricted", "Excepted", "Excepted"]);
    let denied = ledger.request(HOSPITAL, PATIENT).value::<Decision>();
    assert_eq!(denied, Decision::Deny(DenyReason::Denied), "in an emergency, too");
    assert_eq!(ledger.request(INSTITUTE, PATIENT).value::<Decision>(), Decision::Permit);
    ledger.done(PATIENT, "consent", consent::DENY, &(PATIENT, INSTITUTE, PURPOSES, CATEGORIES));
    let denied = ledger.request(INSTITUTE, PATIENT).value::<Decision>();
    assert_eq!(denied, Decision::Deny(DenyReason::Denied), "to be excepted permits nothing");
    ledger.done(PATIENT, "consent", consent::LIFT_RESTRICTION, &PATIENT);
    assert_eq!(ledger.request(HOSPITAL, PATIENT).value::<Decision>(), Decision::Permit);
}

#[test]
fn a_denial_wins_over_grants_and_emergencies() {
    let mut ledger = Ledger::new();
    ledger.fund(100, 10);
    ledger.grant(terms());
    ledger.break_glass(HOSPITAL, PATIENT);
    ledger.done(PATIENT, "consent", consent::DENY, &(PATIENT, HOSPITAL, PURPOSES, CATEGORIES));
    let denied = ledger.request(HOSPITAL, PATIENT);
    assert_eq!(denied.value::<Decision>(), Decision::Deny(DenyReason::Denied));
    assert_eq!(ledger.event_names(&denied), ["AccessDecided"]);
    // Neither a new grant nor a new emergency gets around it.
    ledger.grant(terms());
    ledger.sandbox.advance(DELAY);
    ledger.break_glass(HOSPITAL, PATIENT);
    let denied = ledger.request(HOSPITAL, PATIENT).value::<Decision>();
    assert_eq!(denied, Decision::Deny(DenyReason::Denied));
    // Nor does it end with the grants that it was made for.
    ledger.done(PATIENT, "consent", consent::REVOKE_ALL, &PATIENT);
    let denied = ledger.request(HOSPITAL, PATIENT).value::<Decision>();
    assert_eq!(denied, Decision::Deny(DenyReason::Denied));
    assert_eq!(totals(&mut ledger, 0), Totals { budgets: 100, ..Totals::default() });

    let denial = (PATIENT, HOSPITAL, PURPOSES, CATEGORIES);
    ledger.done(PATIENT, "consent", consent::LIFT_DENIAL, &denial);
    assert_eq!(ledger.request(HOSPITAL, PATIENT).value::<Decision>(), Decision::Permit);
}

#[test]
fn revoke_all_voids_grants_and_delegations_and_nothing_of_others() {
    let mut ledger = Ledger::new();
    let number = ledger.grant(terms());
    let research = ledger.grant(Terms { grantee: INSTITUTE, ..terms() });
    ledger.grant(Terms { owner: RELATIVE, ..terms() });
    ledger.delegate(PATIENT, RELATIVE);
    ledger.done(RELATIVE, "consent", consent::GRANT, &terms());

    ledger.done(PATIENT, "consent", consent::REVOKE_ALL, &PATIENT);
    assert_eq!(ledger.view::<u32>("consent", consent::EPOCH, &PATIENT), 1);
    let voided = Decision::Deny(DenyReason::Revoked);
    assert_eq!(ledger.request(HOSPITAL, PATIENT).value::<Decision>(), voided);
    assert_eq!(ledger.request(INSTITUTE, PATIENT).value::<Decision>(), voided);
    for number in [number, research] {
        ledger.refused(PATIENT, "consent", consent::REVOKE, &number, "AlreadyRevoked");
        let amended = (number, 1u32, amendment());
        ledger.refused(PATIENT, "consent", consent::AMEND, &amended, "AlreadyRevoked");
        ledger.refused(RELATIVE, "consent", consent::REVOKE, &number, "NotAuthorized");
    }
    ledger.refused(RELATIVE, "consent", consent::GRANT, &terms(), "NotAuthorized");
    assert_eq!(ledger.request(HOSPITAL, RELATIVE).value::<Decision>(), Decision::Permit);

    // What is given from now on counts.
    ledger.grant(terms());
    assert_eq!(ledger.request(HOSPITAL, PATIENT).value::<Decision>(), Decision::Permit);
    ledger.refused(RELATIVE, "consent", consent::GRANT, &terms(), "NotAuthorized");
    ledger.delegate(PATIENT, RELATIVE);
    ledger.done(RELATIVE, "consent", consent::GRANT, &terms());
    assert_eq!(ledger.request(INSTITUTE, PATIENT).value::<Decision>(), voided);
}

/// The administrator's office and the role of a regulator go over together.
#[test]
fn a_handover_of_the_participants_leaves_one_administrator_who_is_a_regulator() {
    let mut ledger = Ledger::new();
    ledger.done(REGULATOR, "participants", governance::PROPOSE_HANDOVER, &AUDITOR);
    ledger.sandbox.advance(DELAY);
    let accepted = ledger.done(AUDITOR, "participants", governance::ACCEPT_HANDOVER, &());
    assert_eq!(ledger.event_names(&accepted), ["HandoverAccepted", "RolesSet", "RolesSet"]);
    let suspended = (HOSPITAL, role::PROVIDER, [1u8; 32]);
    ledger.refused(REGULATOR, "participants", participants::SUSPEND, &suspended, "NotRegulator");
    ledger.refused(REGULATOR, "participants", participants::LEAVE, &(), "NothingToLeave");
    ledger.refused(AUDITOR, "participants", participants::LEAVE, &(), "OfficeHolder");
    ledger.done(AUDITOR, "participants", participants::SUSPEND, &suspended);
    // The other contracts have administrators of their own.
    ledger.done(REGULATOR, "consent", governance::PAUSE, &());
}
