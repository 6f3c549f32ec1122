//! A hostile contract stands where a contract asks another one, and calls back while it is asked.
//! The chain lets nobody in twice: the call that it meddles with fails as documented and leaves
//! nothing. The same call succeeds when it keeps still, and what it calls back is no dud: called
//! from outside it lands.

mod agreements;
mod carbon;

use std::sync::Arc;

use assent_interface::{consent, governance, market, participants, reports, rewards};
use assent_sandbox::ledger::{
    CARDIOLOGY, CATEGORIES, DELAY, Decision, DenyReason, EARNING, EMITTER, HOSPITAL, INSTITUTE,
    Ledger, LogHead, PATIENT, PURPOSES, REGULATOR, RELATIVE, Review, STRANGER, TRADER, TREATMENT,
    Terms, Totals, UNNAMED, UNTIL, amendment, report, role, terms,
};
use assent_sandbox::{Account, Bundle, Contract, Outcome};
use parity_scale_codec::Encode;

/// A message to a victim with its encoded arguments.
struct Strike {
    label: &'static str,
    arguments: Vec<u8>,
    /// Whether it changes the victim when the hostile contract calls it from outside.
    lands: bool,
}

/// A strike that lands from outside.
fn strike(label: &'static str, arguments: impl Encode) -> Strike {
    Strike { label, arguments: arguments.encode(), lands: true }
}

/// A strike that does not: it is refused, or a view, or it needs the hostile contract itself.
fn feint(label: &'static str, arguments: impl Encode) -> Strike {
    Strike { label, arguments: arguments.encode(), lands: false }
}

/// A message that makes the victim ask the hostile contract.
struct Asking {
    caller: Account,
    label: &'static str,
    arguments: Vec<u8>,
    /// The error when the hostile contract does not answer.
    error: &'static str,
}

fn asking(
    caller: Account,
    label: &'static str,
    arguments: impl Encode,
    error: &'static str,
) -> Asking {
    Asking { caller, label, arguments: arguments.encode(), error }
}

fn deploy(ledger: &mut Ledger) -> Contract {
    let bundle = Arc::new(Bundle::committed("fixtures/intruder"));
    ledger.sandbox.instantiate(REGULATOR, &bundle, &()).expect("it refuses nothing")
}

/// From here on the hostile contract calls back when it is asked.
#[track_caller]
fn arm(
    ledger: &mut Ledger,
    intruder: &Contract,
    target: &Contract,
    label: &str,
    arguments: Vec<u8>,
) {
    let selector = target.bundle.message(label).selector;
    let strike = (target.address, selector, arguments);
    let armed = ledger.sandbox.call(STRANGER, intruder, "arm", &strike);
    assert!(matches!(armed.outcome, Outcome::Returned(_)), "{:?}", armed.outcome);
}

/// From here on it calls an account where there is no contract, which does nothing.
fn disarm(ledger: &mut Ledger, intruder: &Contract) {
    let strike = (STRANGER, [0u8; 4], Vec::<u8>::new());
    ledger.sandbox.call(STRANGER, intruder, "arm", &strike);
}

/// Deploys the consent contract and the rewards contract anew, wired to each other, with another
/// participants contract or another token.
fn replace_both(ledger: &mut Ledger, participants: Option<Account>, token: Option<Account>) {
    let participants = participants.unwrap_or(ledger.participants.address);
    let token = token.unwrap_or(ledger.token.address);
    let new = (ledger.participants.address, token, (DELAY, EARNING));
    ledger.rewards = ledger.another("rewards", &new);
    ledger.replace_consent(participants, ledger.rewards.address);
    let consent = ledger.consent.address;
    ledger.done(REGULATOR, "rewards", rewards::SET_CONSENT, &consent);
}

/// Makes the armed contract strike while the victim does nothing.
#[track_caller]
fn provoke(ledger: &mut Ledger, intruder: &Contract) {
    let provoked =
        ledger.sandbox.call(STRANGER, intruder, participants::HAS_ROLE, &(STRANGER, 0u16));
    assert!(matches!(provoked.outcome, Outcome::Returned(_)), "{:?}", provoked.outcome);
}

/// Proposes the hostile contract as administrator of the victim and lets the delay pass, so that it
/// can take the office over whenever it is let in.
fn tempt(ledger: &mut Ledger, intruder: &Contract, victim: &str) {
    ledger.done(REGULATOR, victim, governance::PROPOSE_HANDOVER, &intruder.address);
    ledger.sandbox.advance(DELAY);
}

/// Tries every strike in every call.
fn besiege(
    ledger: &mut Ledger,
    intruder: &Contract,
    name: &str,
    calls: &[Asking],
    strikes: &[Strike],
) {
    let victim = ledger.contract(name).clone();
    for strike in strikes {
        ledger.sandbox.begin();
        arm(ledger, intruder, &victim, strike.label, strike.arguments.clone());
        let before = (ledger.root(), ledger.sandbox.root(intruder));
        for asking in calls {
            let what = format!("{} during {}", strike.label, asking.label);
            let selector = victim.bundle.message(asking.label).selector;
            let input = [&selector[..], &asking.arguments].concat();
            let executed = ledger.sandbox.call_raw(asking.caller, &victim, asking.label, input);
            assert_eq!(executed.outcome, Outcome::Refused(asking.error.to_owned()), "{what}");
            assert!(executed.events.is_empty(), "{what}");
            assert_eq!((ledger.root(), ledger.sandbox.root(intruder)), before, "{what}");
        }
        let untouched = ledger.sandbox.root(&victim);
        provoke(ledger, intruder);
        let landed = ledger.sandbox.root(&victim) != untouched;
        assert_eq!(landed, strike.lands, "{} from outside", strike.label);
        ledger.sandbox.rollback();
    }
    for asking in calls {
        ledger.sandbox.begin();
        let selector = victim.bundle.message(asking.label).selector;
        let input = [&selector[..], &asking.arguments].concat();
        let executed = ledger.sandbox.call_raw(asking.caller, &victim, asking.label, input);
        assert!(
            matches!(executed.outcome, Outcome::Returned(_)),
            "{} without a strike: {:?}",
            asking.label,
            executed.outcome
        );
        ledger.sandbox.rollback();
    }
}

/// What a contract that is no participant can do to a consent contract, but with data of its own.
fn strikes_on_consent(window: u64) -> Vec<Strike> {
    vec![
        strike(governance::ACCEPT_HANDOVER, ()),
        strike(consent::SANCTION_OVERDUE, window),
        feint(consent::REVOKE, 1u64),
        feint(consent::REVOKE_ALL, PATIENT),
        feint(consent::GRANT, terms()),
        feint(consent::EPOCH, PATIENT),
        feint(consent::IS_PERMITTED, (HOSPITAL, PATIENT, UNNAMED, TREATMENT, CARDIOLOGY)),
    ]
}

#[test]
fn rewards_do_not_call_back_the_consent_contract() {
    let mut ledger = Ledger::new();
    let intruder = deploy(&mut ledger);
    let participants = ledger.participants.address;
    ledger.replace_consent(participants, intruder.address);
    let window = ledger.break_glass(HOSPITAL, RELATIVE);
    tempt(&mut ledger, &intruder, "consent");
    ledger.grant(terms());
    ledger.break_glass(HOSPITAL, RELATIVE);

    let calls = [asking(
        HOSPITAL,
        consent::REQUEST_ACCESS,
        (HOSPITAL, PATIENT, UNNAMED, TREATMENT, CARDIOLOGY),
        "RewardsFailed",
    )];
    let mut strikes = strikes_on_consent(window);
    // Refused, which is on record: the participants are real ones here.
    let asked = (intruder.address, PATIENT, UNNAMED, TREATMENT, CARDIOLOGY);
    let denied = (intruder.address, HOSPITAL, PURPOSES, CATEGORIES);
    strikes.extend([
        strike(consent::REQUEST_ACCESS, asked),
        strike(consent::REVOKE_ALL, intruder.address),
        strike(consent::DENY, denied),
    ]);
    besiege(&mut ledger, &intruder, "consent", &calls, &strikes);

    // An emergency asks them nothing, so that they cannot meddle with it.
    let consent = ledger.consent.clone();
    arm(&mut ledger, &intruder, &consent, consent::REVOKE_ALL, intruder.address.encode());
    let request = (RELATIVE, UNNAMED, TREATMENT, CARDIOLOGY);
    let permitted = ledger.done(HOSPITAL, "consent", consent::REQUEST_ACCESS, &(HOSPITAL, request));
    assert_eq!(permitted.value::<Decision>(), Decision::Permit);
    assert_eq!(ledger.event_names(&permitted), ["AccessDecided"]);

    // Nor does a refusal.
    let refused = ledger.request(INSTITUTE, PATIENT).value::<Decision>();
    assert_eq!(refused, Decision::Deny(DenyReason::NoGrant));
}

#[test]
fn participants_do_not_call_back_the_consent_contract() {
    let mut ledger = Ledger::new();
    let intruder = deploy(&mut ledger);
    replace_both(&mut ledger, Some(intruder.address), None);
    let grant = ledger.grant(terms());
    let window = ledger.break_glass(HOSPITAL, PATIENT);
    tempt(&mut ledger, &intruder, "consent");

    let failed = "ParticipantsFailed";
    let delegation = (RELATIVE, PURPOSES, CATEGORIES, UNTIL);
    let calls = [
        asking(PATIENT, consent::GRANT, terms(), failed),
        asking(PATIENT, consent::GRANT_BATCH, vec![terms(); 2], failed),
        asking(PATIENT, consent::AMEND, (grant, 1u32, amendment()), failed),
        asking(PATIENT, consent::SET_DELEGATE, delegation, failed),
        asking(
            HOSPITAL,
            consent::REQUEST_ACCESS,
            (HOSPITAL, PATIENT, UNNAMED, TREATMENT, CARDIOLOGY),
            failed,
        ),
        asking(HOSPITAL, consent::BREAK_GLASS, (HOSPITAL, RELATIVE, [1u8; 32]), failed),
        asking(RELATIVE, consent::REVIEW_BREAK_GLASS, (window, Review::Unjustified), failed),
    ];
    let mut strikes = strikes_on_consent(window);
    // What it is asked about itself it cannot answer, being on the stack.
    let asked = (intruder.address, PATIENT, UNNAMED, TREATMENT, CARDIOLOGY);
    let denied = (intruder.address, HOSPITAL, PURPOSES, CATEGORIES);
    strikes.extend([
        feint(consent::REQUEST_ACCESS, asked),
        feint(consent::REVOKE_ALL, intruder.address),
        feint(consent::DENY, denied),
    ]);
    besiege(&mut ledger, &intruder, "consent", &calls, &strikes);

    // A view cannot fail: who was not vouched for is not admitted.
    let question = (HOSPITAL, PATIENT, UNNAMED, TREATMENT, CARDIOLOGY);
    let permitted: Decision = ledger.view("consent", consent::IS_PERMITTED, &question);
    assert_eq!(permitted, Decision::Permit);
    let consent = ledger.consent.clone();
    arm(&mut ledger, &intruder, &consent, consent::REVOKE_ALL, intruder.address.encode());
    let permitted: Decision = ledger.view("consent", consent::IS_PERMITTED, &question);
    assert_eq!(permitted, Decision::Deny(DenyReason::RequesterNotAdmitted));
    // They are asked who acts; when they do not answer, the owner's own account takes back all the same.
    ledger.refused(STRANGER, "consent", consent::REVOKE, &grant, failed);
    ledger.refused(STRANGER, "consent", consent::REVOKE_ALL, &PATIENT, failed);
    ledger.done(PATIENT, "consent", consent::REVOKE, &grant);
    ledger.done(PATIENT, "consent", consent::REVOKE_ALL, &PATIENT);
}

#[test]
fn participants_do_not_call_back_the_reports_contract() {
    let mut ledger = Ledger::new();
    let intruder = deploy(&mut ledger);
    ledger.replace_reports(intruder.address);
    ledger.anchor(&report());
    let second = ledger.following(HOSPITAL, &report());
    let third = ledger.following(HOSPITAL, &second);
    let head = ledger.head(HOSPITAL, &report());
    tempt(&mut ledger, &intruder, "reports");

    let failed = "ParticipantsFailed";
    let calls = [
        asking(HOSPITAL, reports::ANCHOR, (HOSPITAL, second), failed),
        asking(HOSPITAL, reports::ANCHOR_BATCH, (HOSPITAL, vec![second, third]), failed),
        asking(HOSPITAL, reports::SUPERSEDE, (HOSPITAL, second), failed),
        asking(
            PATIENT,
            reports::COUNTERSIGN,
            (PATIENT, HOSPITAL, report().series, 1u32, head),
            failed,
        ),
    ];
    let strikes = [
        strike(governance::ACCEPT_HANDOVER, ()),
        feint(reports::ANCHOR, (intruder.address, second)),
        feint(reports::REVOKE, (intruder.address, report().series, 1u32, [1u8; 32])),
        feint(reports::HEAD, (HOSPITAL, report().series)),
    ];
    besiege(&mut ledger, &intruder, "reports", &calls, &strikes);
}

#[test]
fn a_token_does_not_call_back_the_rewards_contract() {
    let mut ledger = Ledger::new();
    let intruder = deploy(&mut ledger);
    // It is the consent contract, too: the strike that would make money.
    ledger.replace_rewards(intruder.address, intruder.address);
    ledger.tariff(10);
    ledger.done(INSTITUTE, "rewards", rewards::FUND, &(HOSPITAL, 100u128));
    for (owner, access) in [(PATIENT, 1u64), (intruder.address, 2)] {
        let rewards = ledger.rewards.clone();
        arm(
            &mut ledger,
            &intruder,
            &rewards,
            rewards::ACCRUE,
            (owner, HOSPITAL, TREATMENT, access).encode(),
        );
        provoke(&mut ledger, &intruder);
        assert_eq!(ledger.view::<u128>("rewards", rewards::OWED, &owner), 10);
    }
    disarm(&mut ledger, &intruder);
    tempt(&mut ledger, &intruder, "rewards");

    let calls = [
        asking(INSTITUTE, rewards::FUND, (HOSPITAL, 50u128), "TokenFailed"),
        asking(HOSPITAL, rewards::WITHDRAW_BUDGET, 1u128, "TokenFailed"),
        asking(PATIENT, rewards::WITHDRAW, (), "TokenFailed"),
        asking(PATIENT, rewards::WITHDRAW_TO, STRANGER, "TokenFailed"),
    ];
    let strikes = [
        strike(governance::ACCEPT_HANDOVER, ()),
        strike(rewards::ACCRUE, (intruder.address, HOSPITAL, TREATMENT, 3u64)),
        feint(rewards::FUND, (HOSPITAL, 1u128)),
        feint(rewards::WITHDRAW, ()),
        feint(rewards::WITHDRAW_TO, STRANGER),
        feint(rewards::WITHDRAW_BUDGET, 1u128),
        feint(rewards::WITHDRAW_POT, (TREATMENT, 1u128)),
        feint(rewards::OWED, intruder.address),
    ];
    besiege(&mut ledger, &intruder, "rewards", &calls, &strikes);
}

#[test]
fn participants_do_not_call_back_the_rewards_contract() {
    let mut ledger = Ledger::new();
    let intruder = deploy(&mut ledger);
    let new = (intruder.address, ledger.token.address, (DELAY, EARNING));
    ledger.rewards = ledger.another("rewards", &new);
    ledger.done(REGULATOR, "rewards", rewards::SET_CONSENT, &HOSPITAL);
    ledger.fund(100, 10);
    let earned = (PATIENT, HOSPITAL, TREATMENT, 1u64);
    ledger.done(HOSPITAL, "rewards", rewards::ACCRUE, &earned);
    ledger.allow(1);
    tempt(&mut ledger, &intruder, "rewards");

    let failed = "ParticipantsFailed";
    let calls = [
        asking(INSTITUTE, rewards::FUND, (HOSPITAL, 1u128), failed),
        asking(HOSPITAL, rewards::WITHDRAW_BUDGET, 1u128, failed),
        asking(PATIENT, rewards::WITHDRAW, (), failed),
        asking(PATIENT, rewards::WITHDRAW_TO, STRANGER, failed),
    ];
    let strikes = [
        strike(governance::ACCEPT_HANDOVER, ()),
        feint(rewards::FUND, (HOSPITAL, 1u128)),
        feint(rewards::WITHDRAW, ()),
        feint(rewards::OWED, PATIENT),
    ];
    besiege(&mut ledger, &intruder, "rewards", &calls, &strikes);
}

#[test]
fn participants_do_not_call_back_the_market() {
    let mut ledger = Ledger::new();
    let intruder = deploy(&mut ledger);
    let token = ledger.token.address;
    ledger.replace_carbon(intruder.address, token);
    ledger.replace_market(ledger.carbon.address, token);
    let batch = ledger.credits(TRADER, 100);
    let market = ledger.market.address;
    ledger.entrust(TRADER, market, batch, 100);
    let expiry = ledger.sandbox.now() + 5 * DELAY;
    let sale = (TRADER, batch, 50u128, 1_000u128, expiry);
    let order: u64 = ledger.done(TRADER, "market", market::PLACE, &sale).value();
    ledger.money(EMITTER, 100, market);
    tempt(&mut ledger, &intruder, "market");

    let failed = "ParticipantsFailed";
    let calls = [
        asking(TRADER, market::PLACE, sale, failed),
        asking(TRADER, market::UPDATE, (order, 60u128, 1_000u128, expiry), failed),
        asking(EMITTER, market::FILL, (EMITTER, order, 10u128, 10u128), failed),
    ];
    let strikes = [
        strike(governance::ACCEPT_HANDOVER, ()),
        feint(market::CANCEL, order),
        feint(market::PLACE, (intruder.address, batch, 1u128, 1_000u128, expiry)),
        feint(market::ORDER, order),
    ];
    besiege(&mut ledger, &intruder, "market", &calls, &strikes);
}

/// The token asks for access while it is asked to move the money that funds it: the consent contract
/// is let in, and cannot reach the rewards contract that waits below.
#[test]
fn there_is_no_way_around_through_another_contract() {
    let mut ledger = Ledger::new();
    let intruder = deploy(&mut ledger);
    replace_both(&mut ledger, None, Some(intruder.address));
    let consent = ledger.consent.clone();
    ledger.tariff(10);

    let participants = ledger.participants.clone();
    arm(&mut ledger, &intruder, &participants, participants::REGISTER, vec![7; 32]);
    provoke(&mut ledger, &intruder);
    let roles = (intruder.address, role::PROVIDER, [7u8; 32]);
    ledger.done(REGULATOR, "participants", participants::APPROVE, &roles);
    ledger.grant(Terms { grantee: intruder.address, ..terms() });
    let asked = (intruder.address, PATIENT, UNNAMED, TREATMENT, CARDIOLOGY);
    arm(&mut ledger, &intruder, &consent, consent::REQUEST_ACCESS, asked.encode());

    ledger.done(INSTITUTE, "rewards", rewards::FUND, &(intruder.address, 100u128));
    let totals: Totals = ledger.view("rewards", rewards::TOTALS, &());
    assert_eq!(totals, Totals { budgets: 100, ..Totals::default() });
    let head: LogHead = ledger.view("consent", consent::LOG_HEAD, &PATIENT);
    assert_eq!(head.sequence, 0, "no decision without its reward");

    provoke(&mut ledger, &intruder);
    let totals: Totals = ledger.view("rewards", rewards::TOTALS, &());
    assert_eq!(totals, Totals { budgets: 90, owed: 10, ..Totals::default() });
    let head: LogHead = ledger.view("consent", consent::LOG_HEAD, &PATIENT);
    assert_eq!(head.sequence, 1, "asked from outside it is an access like others");
}
