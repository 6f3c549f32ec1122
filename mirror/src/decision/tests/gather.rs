//! What a decision rests on, gathered from rows.

mod folded;

use assent_events::consent::{
    AccessDecided, AllRevoked, DelegateRemoved, DenialLifted, Denied, EmergenciesAllowed,
    EmergenciesRefused, Excepted, GlassClosed, Granted, GuardianDenied, GuardianGranted,
    GuardianRestricted, LinkErased, Restricted, RestrictionLifted, Revoked,
};
use assent_events::participants::{
    self, GuardianAppointed, GuardiansChanged, KeyReplaced, MandateEnded, Registered,
    SuccessorNamed, Suspended,
};
use assent_events::{Contract, governance};
use blake2::digest::consts::U32;
use blake2::{Blake2b, Digest as _};

use super::*;
use folded::{
    DELEGATE, GUARDIAN, KEY, MEMBER, Mirror, NEXT_KEY, OWNER, REGULATOR, REQUESTER, account,
    delegate_set, glass_broken, granted,
};

#[test]
fn of_those_of_whom_nothing_is_known_nothing_holds() {
    let mirror = Mirror::default();
    assert_eq!(mirror.facts(), Facts::default());
}

#[test]
fn roles_count_unless_they_are_suspended() {
    let mut mirror = Mirror::new();
    let Facts { requester_roles, owner_roles, .. } = mirror.facts();
    assert_eq!((requester_roles, owner_roles), (role::PROVIDER, role::DATA_OWNER));
    let (roles, reason) = (role::PROVIDER | role::TRADER, [0; 32]);
    mirror.participants(Suspended { account: REQUESTER, roles, reason, by: REGULATOR });
    assert_eq!(mirror.facts().requester_roles, 0);
}

#[test]
fn a_grant_is_read_with_its_terms_and_its_uses() {
    let mut mirror = Mirror::new();
    mirror.consent(Granted { max_uses: Some(2), ..granted(1, 0, OWNER) });
    mirror.consent(AccessDecided {
        owner: OWNER,
        requester: REQUESTER,
        by: REQUESTER,
        person: None,
        access: 1,
        sequence: 1,
        purpose: 31,
        category: 1,
        record: Some(RECORD),
        grant: Some(1),
        window: None,
        decision: Decision::Permit,
        at: 6,
        previous: [0; 32],
        content: [0; 32],
        // The digest of the two.
        head: Blake2b::<U32>::digest([0; 64]).into(),
    });
    let expected = GrantFacts {
        number: 1,
        purposes: 1 << 31,
        categories: 0b11,
        from: 1,
        until: 1_000,
        max_uses: Some(2),
        uses: 1,
        record: Record::One(RECORD),
        epoch: 0,
        guardianship: None,
        revoked: false,
    };
    assert_eq!(mirror.facts().grants, [expected]);
    mirror.consent(Granted { record: None, ..granted(2, 0, OWNER) });
    assert_eq!(mirror.facts().grants[1].record, Record::All);
    mirror.consent(Revoked { grant: 1, owner: OWNER, by: OWNER, at: 7 });
    mirror.consent(LinkErased { grant: 1, owner: OWNER });
    let named = mirror.facts_by(REQUESTER, Some(1)).grants[0];
    assert_eq!(named, GrantFacts { record: Record::Erased, revoked: true, ..expected });
}

#[test]
fn of_what_is_over_the_latest_and_the_named_one_matter() {
    let mut mirror = Mirror::new();
    for grant in 1..=4 {
        mirror.grant(grant, 0, OWNER);
    }
    mirror.consent(Granted { grantee: MEMBER, ..granted(5, 0, OWNER) });
    for grant in [1, 2, 4] {
        mirror.consent(Revoked { grant, owner: OWNER, by: OWNER, at: 9 });
    }
    assert_eq!(mirror.grants(None), [(3, false), (4, true)]);
    assert_eq!(mirror.grants(Some(2)), [(2, true), (3, false), (4, true)]);
    // Of others none does.
    assert_eq!(mirror.grants(Some(5)), mirror.grants(None));
    mirror.consent(AllRevoked { owner: OWNER, epoch: 1, at: 10 });
    assert_eq!((mirror.facts().epoch, mirror.grants(None)), (1, vec![(4, true)]));
    mirror.grant(6, 1, OWNER);
    assert_eq!(mirror.grants(Some(3)), [(3, false), (6, false)]);
    let named = Request { grant: Some(3), ..REQUEST };
    denies(&mirror.facts_by(REQUESTER, Some(3)), named, DenyReason::Revoked, Some(3));
}

#[test]
fn what_a_delegate_gave_goes_with_him_but_not_what_he_gave_as_a_guardian() {
    let mut mirror = Mirror::new();
    mirror.consent(delegate_set());
    mirror.grant(1, 0, DELEGATE);
    mirror.consents(vec![
        granted(2, 0, DELEGATE).into(),
        GuardianGranted { grant: 2, owner: OWNER, guardianship: 0 }.into(),
    ]);
    let removed = DelegateRemoved { owner: OWNER, delegate: DELEGATE, revoked_up_to: Some(2) };
    mirror.consent(removed);
    assert_eq!(mirror.grants(Some(1)), [(1, true), (2, false)]);
    mirror.consent(delegate_set());
    mirror.grant(3, 0, DELEGATE);
    assert_eq!(mirror.grants(None), [(2, false), (3, false)]);
}

#[test]
fn what_a_guardian_gave_counts_in_his_guardianship() {
    let mut mirror = Mirror::new();
    let (ward, guardian, person) = (OWNER, GUARDIAN, [0; 32]);
    let appointed = GuardianAppointed { ward, guardian, until: 900, person, by: REGULATOR };
    mirror.participants(appointed);
    mirror.consents(vec![
        granted(1, 0, GUARDIAN).into(),
        GuardianGranted { grant: 1, owner: OWNER, guardianship: 0 }.into(),
    ]);
    mirror.grant(2, 0, OWNER);
    assert_eq!(mirror.facts().guardianship, 0);
    assert_eq!(mirror.facts().grants[0].guardianship, Some(0));
    let ended = MandateEnded { subject: OWNER, agent: GUARDIAN, by: GUARDIAN };
    let changed = GuardiansChanged { ward: OWNER, guardianship: 1 };
    let events = [participants::Event::from(ended), changed.into()];
    mirror.fold(Contract::Participants, events.map(Into::into).to_vec());
    assert_eq!(mirror.facts().guardianship, 1);
    assert_eq!(mirror.grants(None), [(2, false)]);
}

#[test]
fn what_is_denied_to_the_requester_to_who_acts_for_it_and_to_the_key_adds_up() {
    let mut mirror = Mirror::new();
    for (requester, purposes, categories) in
        [(REQUESTER, 0b11, 1), (MEMBER, 0b10, 2), (KEY, 1 << 31, 4)]
    {
        mirror.consent(Denied { owner: OWNER, requester, purposes, categories, at: 6 });
    }
    mirror.consent(GuardianDenied {
        owner: OWNER,
        requester: REQUESTER,
        purposes: 1,
        categories: 8,
        by: GUARDIAN,
        at: 7,
    });
    let denial = |purpose, categories, by_guardians| Denial { purpose, categories, by_guardians };
    assert_eq!(mirror.facts().denials, [denial(0, 1, 8), denial(1, 1, 0)]);
    let by_member = [denial(0, 1, 8), denial(1, 3, 0)];
    assert_eq!(mirror.facts_by(MEMBER, None).denials, by_member);

    // By a key that took the place of the member's both count; once it is replaced, only its own.
    mirror.participants(Registered { account: MEMBER, profile: [9; 32] });
    for (from, to) in [(MEMBER, KEY), (KEY, NEXT_KEY)] {
        let named = SuccessorNamed { subject: MEMBER, to, not_before: 0, until: 1_000 };
        mirror.participants(named);
        mirror.participants(KeyReplaced { subject: MEMBER, from, to });
        if to == KEY {
            let by_key = [denial(0, 1, 8), denial(1, 3, 0), denial(31, 4, 0)];
            assert_eq!(mirror.facts_by(KEY, None).denials, by_key);
        }
    }
    let by_key = [denial(0, 1, 8), denial(1, 1, 0), denial(31, 4, 0)];
    assert_eq!(mirror.facts_by(KEY, None).denials, by_key);
    assert_eq!(mirror.facts_by(NEXT_KEY, None).denials, by_member);

    let (purposes, categories) = (u32::MAX, u32::MAX);
    let lifted = DenialLifted { owner: OWNER, requester: REQUESTER, purposes, categories, at: 20 };
    mirror.consent(lifted);
    assert_eq!(mirror.facts().denials, []);
}

#[test]
fn a_restriction_holds_until_it_is_lifted_but_for_those_whom_it_excepts() {
    let mut mirror = Mirror::new();
    let (owner, purposes, categories) = (OWNER, 1, 3);
    mirror.consent(Restricted { owner, purposes, categories, at: 5 });
    let own = Restriction { purposes, categories, by_guardian: false, excepts_requester: false };
    assert_eq!(mirror.facts().restriction, Some(own));
    mirror.consent(Excepted { owner, account: REQUESTER });
    let excepted = Restriction { excepts_requester: true, ..own };
    assert_eq!(mirror.facts().restriction, Some(excepted));
    mirror.consent(RestrictionLifted { owner, at: 7 });
    assert_eq!(mirror.facts().restriction, None);
    // An exception is one from the restriction in which it was made.
    mirror.consent(GuardianRestricted { owner, purposes, categories, by: GUARDIAN, at: 8 });
    let guardians = Restriction { by_guardian: true, ..own };
    assert_eq!(mirror.facts().restriction, Some(guardians));
}

#[test]
fn emergencies_are_refused_until_they_are_allowed_again() {
    let mut mirror = Mirror::new();
    assert!(!mirror.facts().refuses_emergencies);
    mirror.consent(EmergenciesRefused { owner: OWNER, at: 5 });
    assert!(mirror.facts().refuses_emergencies);
    mirror.consent(EmergenciesAllowed { owner: OWNER, at: 6 });
    assert!(!mirror.facts().refuses_emergencies);
}

#[test]
fn a_window_is_open_until_it_is_closed_or_its_time_is_over() {
    let mut mirror = Mirror::new();
    mirror.consent(glass_broken(1, 5));
    assert_eq!(mirror.facts().window, Some(1));
    mirror.block = 9;
    assert_eq!(mirror.facts().window, Some(1));
    mirror.block = 10;
    assert_eq!(mirror.facts().window, None);
    mirror.consent(glass_broken(2, 11));
    assert_eq!(mirror.facts().window, Some(2));
    mirror.consent(GlassClosed { window: 2, by: OWNER, at: 12 });
    assert_eq!(mirror.facts().window, None);
}

#[test]
fn a_pause_is_that_of_the_consent_contract() {
    let mut mirror = Mirror::new();
    let by = REGULATOR;
    let paused = governance::Event::from(governance::Paused { by });
    mirror.fold(Contract::Consent, vec![paused.into()]);
    assert!(mirror.facts().paused);
    let parties =
        Parties { contract: account(0xdd), owner: OWNER, requester: REQUESTER, by: REQUESTER };
    assert!(!Facts::gather(&mirror.memory, parties, None, 5).unwrap().paused);
    let unpaused = governance::Event::from(governance::Unpaused { by });
    mirror.fold(Contract::Consent, vec![unpaused.into()]);
    assert!(!mirror.facts().paused);
}
