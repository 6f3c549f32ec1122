//! What the shell answers without another contract: pauses, batches, views, government.

use super::*;
use crate::choices::{Choices, Restriction};
use crate::consent::Consent;
use crate::data::SCHEMA_VERSION;
use crate::grants::MAX_BATCH;
use crate::log::LogHead;
use assent_events::Outcome;
use assent_governance::{GovernanceError, Governed, State, MAX_DELAY, MIN_DELAY};
use assent_traits::{consent as calls, domain};
use ink::env::test::{recorded_events, set_block_timestamp, set_caller};
use ink::env::DefaultEnvironment;
use ink::reflect::DispatchableMessageInfo;
use ink::scale::Encode;

const ADMINISTRATOR: AccountId = AccountId([9; 32]);
const GENESIS: Hash = [0x9e; 32];

fn call_as(caller: AccountId) {
    set_caller::<DefaultEnvironment>(caller);
}

/// Events since the last time.
fn events(seen: &mut usize) -> usize {
    let all = recorded_events().count();
    all - core::mem::replace(seen, all)
}

fn contract() -> Consent {
    call_as(ADMINISTRATOR);
    set_block_timestamp::<DefaultEnvironment>(NOW);
    Consent::new(OTHER, GRANTEE, TIMES, GENESIS).unwrap()
}

#[ink::test]
fn the_constructor_refuses_wrong_times() {
    for times in [
        Times { delay: MIN_DELAY - 1, ..TIMES },
        Times { delay: MAX_DELAY + 1, ..TIMES },
        Times { window: 0, ..TIMES },
        Times { window: MAX_WINDOW + 1, review: MAX_REVIEW, ..TIMES },
        Times { review: TIMES.window - 1, ..TIMES },
        Times { review: MAX_REVIEW + 1, ..TIMES },
        Times { cooldown: MAX_COOLDOWN + 1, ..TIMES },
    ] {
        assert_eq!(Consent::new(OTHER, GRANTEE, times, GENESIS).err(), Some(Error::InvalidTimes));
    }
    let (window, review, cooldown) = (MAX_WINDOW, MAX_REVIEW, MAX_COOLDOWN);
    let longest = Times { delay: MAX_DELAY, window, review, cooldown };
    assert_eq!(Consent::new(OTHER, GRANTEE, longest, GENESIS).unwrap().times(), longest);
}

#[ink::test]
fn the_shell_answers_what_needs_no_other_contract() {
    let contract = contract();
    assert_eq!(contract.participants(), OTHER);
    assert_eq!(contract.rewards(), GRANTEE);
    assert_eq!(contract.times(), TIMES);
    assert_eq!(contract.grant_of(1), None);
    assert_eq!(contract.latest_grant(OWNER, GRANTEE), None);
    assert!(contract.grants(OWNER, 0, 32).is_empty());
    assert_eq!((contract.grant_count(OWNER), contract.epoch(OWNER)), (0, 0));
    assert!(contract.denials(OWNER, GRANTEE).is_empty());
    assert_eq!(contract.choices(OWNER), Choices::default());
    assert_eq!((contract.revoked_up_to(OWNER, DELEGATE), contract.bar(GRANTEE)), (0, None));
    assert_eq!(contract.delegation(OWNER, DELEGATE), None);
    assert_eq!((contract.window(1), contract.open_window(GRANTEE, OWNER)), (None, None));
    assert_eq!(contract.log_head(OWNER), LogHead::default());
    assert!(contract.log(OWNER, 1, 32).is_empty());
    assert!(contract.log_digests(OWNER, 1, 256).is_empty());
    assert_eq!(contract.refusals(), LogHead::default());
    let account = ink::env::account_id::<DefaultEnvironment>();
    assert_eq!(contract.domain(), domain(GENESIS, account));
}

#[ink::test]
fn what_withdraws_access_goes_on_in_a_pause() {
    let mut contract = contract();
    contract.pause().unwrap();
    let mut seen = recorded_events().count();
    call_as(OWNER);
    assert_eq!(contract.grant(terms()), Err(Error::Paused));
    assert_eq!(contract.grant_batch(vec![]), Err(Error::Paused));
    assert_eq!(contract.amend(1, 1, amendment()), Err(Error::Paused));
    assert_eq!(contract.lift_denial(OWNER, GRANTEE, 0, 0), Err(Error::Paused));
    assert_eq!(contract.set_delegate(OWNER, 0, 0, 0), Err(Error::Paused));
    assert_eq!(contract.lift_restriction(OWNER), Err(Error::Paused));
    assert_eq!(contract.allow_emergencies(OWNER), Err(Error::Paused));

    // Whoever asks is answered: what makes no sense is no question.
    let asked = contract.request_access(GRANTEE, OWNER, None, None, 32, 32);
    assert_eq!(asked, Err(Error::UnknownPurpose));
    assert_eq!(contract.revoke(1), Err(Error::UnknownGrant));
    assert_eq!(contract.remove_delegate(OWNER, DELEGATE, true), Err(Error::NoDelegation));
    assert_eq!(contract.erase_link(1), Err(Error::UnknownGrant));
    assert_eq!(contract.close_break_glass(1), Err(Error::UnknownWindow));
    let reviewed = contract.review_break_glass(1, Outcome::Justified);
    assert_eq!(reviewed, Err(Error::UnknownWindow));
    assert_eq!(contract.sanction_overdue(1), Err(Error::UnknownWindow));
    assert_eq!(events(&mut seen), 0);
    assert_eq!(contract.revoke_all_for(OWNER, GRANTEE), Err(Error::NoLiveGrant));
    assert_eq!(contract.revoke_all(OWNER), Ok(()));
    assert_eq!(contract.epoch(OWNER), 1);
    assert_eq!(contract.deny(OWNER, OWNER, 1, 1), Err(Error::SelfDenial));
    assert_eq!(contract.deny(OWNER, GRANTEE, 1, 3), Ok(()));
    assert_eq!(events(&mut seen), 2);
    assert_eq!(contract.restrict(OWNER, 0, 1, vec![]), Err(Error::EmptyMask));
    assert_eq!(contract.restrict(OWNER, 1, 3, vec![OTHER]), Ok(()));
    assert_eq!(contract.restrict(OWNER, 1, 3, vec![]), Err(Error::AlreadyRestricted));
    assert_eq!(contract.refuse_emergencies(), Ok(()));
    assert_eq!(contract.refuse_emergencies(), Err(Error::AlreadyRefused));
    assert_eq!(events(&mut seen), 3);
    let restriction =
        Some(Restriction { purposes: 1, categories: 3, except: vec![OTHER], by_guardian: false });
    assert_eq!(contract.choices(OWNER), Choices { refuses_emergencies: true, restriction });

    call_as(ADMINISTRATOR);
    contract.unpause().unwrap();
    call_as(OWNER);
    let left = contract.lift_denial(OWNER, GRANTEE, 1, 1).unwrap();
    assert_eq!(left, contract.denials(OWNER, GRANTEE));
    assert_eq!((left[0].purpose, left[0].categories), (0, 2));
    assert_eq!(contract.lift_denial(OWNER, GRANTEE, 1, 1), Err(Error::NoDenial));
    assert_eq!(contract.lift_restriction(OWNER), Ok(()));
    assert_eq!(contract.lift_restriction(OWNER), Err(Error::NotRestricted));
    assert_eq!(contract.allow_emergencies(OWNER), Ok(()));
    assert_eq!(contract.allow_emergencies(OWNER), Err(Error::NotRefused));
    assert_eq!(contract.choices(OWNER), Choices::default());
    assert_eq!(contract.amend(1, 1, amendment()), Err(Error::UnknownGrant));
    assert_eq!(
        contract.request_access(GRANTEE, OWNER, None, None, 32, 32),
        Err(Error::UnknownPurpose)
    );
    assert_eq!(
        contract.request_access(GRANTEE, OWNER, None, None, 31, 32),
        Err(Error::UnknownCategory)
    );
    assert_eq!(events(&mut seen), 4);
}

#[ink::test]
fn a_batch_has_bounds() {
    let mut contract = contract();
    assert_eq!(contract.grant_batch(vec![]), Err(Error::BatchSize));
    assert_eq!(contract.grant_batch(vec![terms(); MAX_BATCH + 1]), Err(Error::BatchSize));
}

#[ink::test]
fn the_contract_is_governed() {
    let mut contract = contract();
    let mut seen = recorded_events().count();
    assert_eq!(contract.schema_version(), SCHEMA_VERSION);
    let state = State {
        administrator: ADMINISTRATOR,
        paused: false,
        delay: TIMES.delay,
        handover: None,
        upgrade: None,
    };
    assert_eq!(contract.governance(), state);
    contract.propose_handover(OTHER).unwrap();
    contract.cancel_handover().unwrap();
    assert_eq!(contract.cancel_upgrade(), Err(GovernanceError::NoUpgrade));
    assert_eq!(contract.apply_upgrade(), Err(GovernanceError::NoUpgrade));
    assert_eq!(contract.governance(), state);
    contract.propose_handover(OTHER).unwrap();
    call_as(OTHER);
    assert_eq!(contract.pause(), Err(GovernanceError::NotAdministrator));
    assert_eq!(contract.announce_upgrade([1; 32]), Err(GovernanceError::NotAdministrator));
    assert_eq!(contract.accept_handover(), Err(GovernanceError::TooEarly));
    set_block_timestamp::<DefaultEnvironment>(NOW + TIMES.delay);
    contract.accept_handover().unwrap();
    assert_eq!(contract.governance(), State { administrator: OTHER, ..state });
    contract.pause().unwrap();
    contract.unpause().unwrap();
    assert_eq!(events(&mut seen), 6);
}

#[ink::test]
fn what_others_call_is_what_the_contract_offers() {
    const LIVE_GRANTS: u32 = ink::selector_id!("live_grants");
    assert_eq!(<Consent as DispatchableMessageInfo<LIVE_GRANTS>>::SELECTOR, calls::LIVE_GRANTS);
    // A grant and its record are declared twice: here, and for those who ask for them.
    let record = [
        (Record::All, calls::Record::All),
        (Record::One(RECORD), calls::Record::One(RECORD)),
        (Record::Erased, calls::Record::Erased),
    ];
    for (ours, theirs) in record {
        let grant = Grant {
            owner: OWNER,
            grantee: GRANTEE,
            purposes: 1,
            categories: 2,
            from: 3,
            until: 4,
            max_uses: Some(5),
            record: ours,
            policy: [6; 32],
            version: 7,
            epoch: 8,
            uses: 9,
            revoked: true,
            by: DELEGATE,
            guardianship: Some(10),
        };
        let told = calls::Grant {
            owner: OWNER,
            grantee: GRANTEE,
            purposes: 1,
            categories: 2,
            from: 3,
            until: 4,
            max_uses: Some(5),
            record: theirs,
            policy: [6; 32],
            version: 7,
            epoch: 8,
            uses: 9,
            revoked: true,
            by: DELEGATE,
            guardianship: Some(10),
        };
        assert_eq!(grant.encode(), told.encode());
    }
}
