//! What an owner makes of a proposal: accept it, decline it.

use assent_interface::{agreements, consent};

use super::super::{Call, Case, call};
use super::{
    REASON, accepted, case, declined, expired, lose_consent, mistake_consent, proposed, withdrawn,
};
use crate::ledger::{
    CATEGORIES, EXPIRES, HOSPITAL, Hash, INSTITUTE, Ledger, PATIENT, PURPOSES, RELATIVE, Terms,
    UNTIL, amendment, terms,
};

/// The newest grant that lives.
const NEWEST: Option<u64> = None;
/// A bit that is in none of the masks of the examples.
const OTHER: u32 = 1 << 31;

pub(super) fn cases() -> Vec<Case> {
    [accept(), accept_which(), accept_what(), decline()].concat()
}

fn accept() -> Vec<Case> {
    let case = |error, prepare| case(agreements::ACCEPT, error, prepare);
    vec![
        case(None, |ledger, _| granting(ledger, terms())),
        // At the last moment.
        case(None, |ledger, _| {
            let call = granting(ledger, terms());
            ledger.sandbox.advance(EXPIRES - 1 - ledger.sandbox.now());
            call
        }),
        // Whoever left can accept what he granted before, as long as it lives; nor does it matter
        // who is admitted otherwise.
        case(None, |ledger, _| {
            let call = granting(ledger, terms());
            ledger.leave(PATIENT);
            ledger.suspend(HOSPITAL);
            call
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            let call = granting(ledger, terms());
            ledger.silence_participants();
            call
        }),
        // A pause of the consent contract ends no grant.
        case(None, |ledger, _| {
            let call = granting(ledger, terms());
            ledger.pause("consent");
            call
        }),
        case(Some("Paused"), |ledger, contract| {
            ledger.pause(contract);
            call(PATIENT, (1u64, NEWEST))
        }),
        case(Some("UnknownProposal"), |ledger, _| {
            ledger.grant(terms());
            call(PATIENT, (1u64, NEWEST))
        }),
        case(Some("UnknownProposal"), |ledger, _| {
            granting(ledger, terms());
            call(PATIENT, (0u64, NEWEST))
        }),
        case(Some("NotOwner"), |ledger, contract| {
            withdrawn(ledger, contract);
            call(HOSPITAL, (1u64, NEWEST))
        }),
        // No delegate accepts anything, whatever he may grant.
        case(Some("NotOwner"), |ledger, _| {
            granting(ledger, terms());
            ledger.delegate(PATIENT, RELATIVE);
            call(RELATIVE, (1u64, NEWEST))
        }),
        case(Some("ProposalClosed"), |ledger, contract| {
            accepted(ledger, contract);
            call(PATIENT, (1u64, NEWEST))
        }),
        case(Some("ProposalClosed"), |ledger, contract| {
            declined(ledger, contract);
            ledger.grant(terms());
            call(PATIENT, (1u64, NEWEST))
        }),
        case(Some("ProposalClosed"), |ledger, contract| {
            withdrawn(ledger, contract);
            ledger.grant(terms());
            call(PATIENT, (1u64, NEWEST))
        }),
        case(Some("ProposalClosed"), |ledger, _| {
            expired(ledger);
            ledger.grant(terms());
            call(PATIENT, (1u64, NEWEST))
        }),
        case(Some("ProposalClosed"), |ledger, _| {
            lose_consent(ledger);
            expired(ledger);
            call(PATIENT, (1u64, NEWEST))
        }),
        case(Some("ConsentFailed"), |ledger, _| {
            lose_consent(ledger);
            granting(ledger, terms())
        }),
        case(Some("ConsentFailed"), |ledger, _| {
            mistake_consent(ledger);
            granting(ledger, terms())
        }),
    ]
}

fn accept_which() -> Vec<Case> {
    let case = |error, prepare| case(agreements::ACCEPT, error, prepare);
    vec![
        // One that is named, though a newer one says something else.
        case(None, |ledger, _| {
            let earlier = ledger.grant(terms());
            granting(ledger, Terms { policy: [0x13; 32], ..terms() });
            call(PATIENT, (1u64, Some(earlier)))
        }),
        // He granted it before it was proposed.
        case(None, |ledger, _| {
            let earlier = ledger.grant(terms());
            proposed(ledger);
            call(PATIENT, (1u64, Some(earlier)))
        }),
        case(Some("NotGranted"), |ledger, _| {
            ledger.grant(terms());
            granting(ledger, Terms { policy: [0x13; 32], ..terms() })
        }),
        // One of its permits was used; the owner is in another epoch.
        case(None, |ledger, _| {
            ledger.done(PATIENT, "consent", consent::REVOKE_ALL, &PATIENT);
            let few = Terms { max_uses: Some(2), ..terms() };
            ledger.propose(few);
            ledger.grant(few);
            ledger.request(HOSPITAL, PATIENT);
            call(PATIENT, (1u64, NEWEST))
        }),
        // It came to these terms later.
        case(None, |ledger, _| {
            let number = ledger.grant(terms());
            let amended = (number, 1u32, amendment());
            ledger.done(PATIENT, "consent", consent::AMEND, &amended);
            ledger.propose(Terms { policy: amendment().policy, ..terms() });
            call(PATIENT, (1u64, NEWEST))
        }),
        case(Some("NotGranted"), |ledger, _| {
            let call = granting(ledger, terms());
            let amended = (1u64, 1u32, amendment());
            ledger.done(PATIENT, "consent", consent::AMEND, &amended);
            call
        }),
        // It is not valid yet.
        case(None, |ledger, _| {
            let later = Terms { from: UNTIL - 1, ..terms() };
            ledger.propose(later);
            ledger.grant(later);
            call(PATIENT, (1u64, NEWEST))
        }),
        case(Some("NotGranted"), |ledger, _| {
            proposed(ledger);
            call(PATIENT, (1u64, NEWEST))
        }),
        // None of this number.
        case(Some("NotGranted"), |ledger, _| {
            granting(ledger, terms());
            call(PATIENT, (1u64, Some(2u64)))
        }),
        // It is another's.
        case(Some("NotGranted"), |ledger, _| {
            proposed(ledger);
            let number = ledger.grant(Terms { grantee: INSTITUTE, ..terms() });
            call(PATIENT, (1u64, Some(number)))
        }),
        case(Some("NotGranted"), |ledger, _| {
            proposed(ledger);
            let number = ledger.grant(Terms { owner: RELATIVE, ..terms() });
            call(PATIENT, (1u64, Some(number)))
        }),
        // A delegate gave it.
        case(Some("NotGranted"), |ledger, _| {
            proposed(ledger);
            ledger.delegate(PATIENT, RELATIVE);
            let given = ledger.done(RELATIVE, "consent", consent::GRANT, &terms());
            call(PATIENT, (1u64, Some(given.value::<u64>())))
        }),
        // Revoked, alone and with its epoch, and used up.
        case(Some("NotGranted"), |ledger, _| {
            let call = granting(ledger, terms());
            ledger.done(PATIENT, "consent", consent::REVOKE, &1u64);
            call
        }),
        case(Some("NotGranted"), |ledger, _| {
            let call = granting(ledger, terms());
            ledger.done(PATIENT, "consent", consent::REVOKE_ALL, &PATIENT);
            call
        }),
        case(Some("NotGranted"), |ledger, _| {
            let once = Terms { max_uses: Some(1), ..terms() };
            ledger.propose(once);
            ledger.grant(once);
            ledger.request(HOSPITAL, PATIENT);
            call(PATIENT, (1u64, Some(1u64)))
        }),
    ]
}

/// A grant that says anything else than what was proposed, more or less.
fn accept_what() -> Vec<Case> {
    let case = |prepare| case(agreements::ACCEPT, Some("NotGranted"), prepare);
    vec![
        case(|ledger, _| granting(ledger, Terms { purposes: PURPOSES | OTHER, ..terms() })),
        case(|ledger, _| granting(ledger, Terms { categories: CATEGORIES | OTHER, ..terms() })),
        case(|ledger, _| granting(ledger, Terms { from: terms().from + 1, ..terms() })),
        case(|ledger, _| granting(ledger, Terms { until: UNTIL - 1, ..terms() })),
        case(|ledger, _| granting(ledger, Terms { max_uses: Some(u32::MAX), ..terms() })),
        case(|ledger, _| granting(ledger, Terms { record: Some([7; 32]), ..terms() })),
        case(|ledger, _| granting(ledger, Terms { policy: [0x13; 32], ..terms() })),
        // Another record, and all of them instead of one.
        case(|ledger, _| {
            ledger.propose(Terms { record: Some([7; 32]), ..terms() });
            ledger.grant(Terms { record: Some([8; 32]), ..terms() });
            call(PATIENT, (1u64, NEWEST))
        }),
        case(|ledger, _| {
            ledger.propose(Terms { record: Some([7; 32]), ..terms() });
            ledger.grant(terms());
            call(PATIENT, (1u64, NEWEST))
        }),
    ]
}

fn decline() -> Vec<Case> {
    let case = |error, prepare| case(agreements::DECLINE, error, prepare);
    vec![
        case(None, |ledger, _| {
            proposed(ledger);
            call(PATIENT, (1u64, REASON))
        }),
        // Without saying why; what he granted stays.
        case(None, |ledger, _| {
            granting(ledger, terms());
            call(PATIENT, (1u64, None::<Hash>))
        }),
        // By whoever left, in a pause, at the last moment; he asks nobody.
        case(None, |ledger, contract| {
            lose_consent(ledger);
            proposed(ledger);
            ledger.leave(PATIENT);
            ledger.silence_participants();
            ledger.pause(contract);
            ledger.sandbox.advance(EXPIRES - 1 - ledger.sandbox.now());
            call(PATIENT, (1u64, REASON))
        }),
        case(Some("UnknownProposal"), |_, _| call(PATIENT, (1u64, REASON))),
        case(Some("NotOwner"), |ledger, contract| {
            declined(ledger, contract);
            call(HOSPITAL, (1u64, REASON))
        }),
        case(Some("NotOwner"), |ledger, _| {
            proposed(ledger);
            ledger.delegate(PATIENT, RELATIVE);
            call(RELATIVE, (1u64, REASON))
        }),
        case(Some("ProposalClosed"), |ledger, contract| {
            declined(ledger, contract);
            call(PATIENT, (1u64, REASON))
        }),
        case(Some("ProposalClosed"), |ledger, contract| {
            accepted(ledger, contract);
            call(PATIENT, (1u64, REASON))
        }),
        case(Some("ProposalClosed"), |ledger, contract| {
            withdrawn(ledger, contract);
            call(PATIENT, (1u64, REASON))
        }),
        case(Some("ProposalClosed"), |ledger, _| {
            expired(ledger);
            call(PATIENT, (1u64, REASON))
        }),
    ]
}

/// The hospital proposed [`terms`], the patient granted these, and accepts the proposal with them.
fn granting(ledger: &mut Ledger, granted: Terms) -> Call {
    proposed(ledger);
    ledger.grant(granted);
    call(PATIENT, (1u64, NEWEST))
}
