//! Proposals and requests for erasure, from events to rows.

use std::collections::BTreeSet;

use assent_events::Contract;
use assent_events::agreements::GuardianActed;
use expect_test::expect;

use super::*;
use crate::fold::story::{Story, account};

/// By 7 of the staff of clinic 2, to owner 1: all purposes and categories of one bit, for one record.
fn proposal(proposal: u64) -> Proposed {
    Proposed {
        proposal,
        owner: account(1),
        requester: account(2),
        by: account(7),
        person: Some([0x57; 32]),
        purposes: 1,
        categories: 2,
        from: 0,
        until: u64::MAX,
        max_uses: Some(3),
        record: Some([0xdd; 32]),
        policy: [0xf0; 32],
        expires: 9_000,
        at: 1_000,
    }
}

fn withdrawn(proposal: u64) -> Event {
    let (owner, requester) = (account(1), account(2));
    Event::from(ProposalWithdrawn { proposal, owner, requester, by: requester, at: 2_000 })
}

fn accepted(proposal: u64) -> ProposalAccepted {
    let (owner, requester) = (account(1), account(2));
    ProposalAccepted { proposal, owner, requester, grant: 5, policy: [0xf0; 32], at: 2_000 }
}

fn declined(proposal: u64, reason: Option<Hash>) -> ProposalDeclined {
    let (owner, requester) = (account(1), account(2));
    ProposalDeclined { proposal, owner, requester, reason, at: 2_000 }
}

/// Of 1 to clinic 2.
fn erasure(erasure: u64) -> Event {
    let (owner, requester) = (account(1), account(2));
    Event::from(ErasureRequested { erasure, owner, requester, due: 8_000, at: 3_000 })
}

fn answered(erasure: u64, retained_until: Option<u64>) -> ErasureAnswered {
    ErasureAnswered {
        erasure,
        owner: account(1),
        requester: account(2),
        retained_until,
        evidence: [0xed; 32],
        by: account(2),
        person: None,
        at: 4_000,
    }
}

#[test]
fn a_proposal_is_open_until_it_is_accepted_declined_or_withdrawn() {
    let mut story = Story::of(Contract::Agreements);
    let own =
        Proposed { by: account(2), person: None, max_uses: None, record: None, ..proposal(3) };
    story.block(vec![Event::from(proposal(1)), proposal(2).into(), own.into(), proposal(4).into()]);
    story.block(vec![accepted(1).into(), declined(2, None).into(), withdrawn(3)]);
    story.block(vec![Event::from(declined(4, Some([0xee; 32])))]);
    expect![[r#"
        id=1 owner=01 requester=02 proposed_by=07 person=57 purposes=1 categories=2 valid_from_ms=0 valid_until_ms=18446744073709551615 max_uses=3 policy=f0 proposed_at_ms=1000 expires_at_ms=9000 accepted_at_ms=2000 grant_id=5 answered_by=01 at=2-1
        id=2 owner=01 requester=02 proposed_by=07 person=57 purposes=1 categories=2 valid_from_ms=0 valid_until_ms=18446744073709551615 max_uses=3 policy=f0 proposed_at_ms=1000 expires_at_ms=9000 declined_at_ms=2000 answered_by=01 at=2-2
        id=3 owner=01 requester=02 proposed_by=02 purposes=1 categories=2 valid_from_ms=0 valid_until_ms=18446744073709551615 policy=f0 proposed_at_ms=1000 expires_at_ms=9000 withdrawn_at_ms=2000 withdrawn_by=02 at=2-3
        id=4 owner=01 requester=02 proposed_by=07 person=57 purposes=1 categories=2 valid_from_ms=0 valid_until_ms=18446744073709551615 max_uses=3 policy=f0 proposed_at_ms=1000 expires_at_ms=9000 declined_at_ms=2000 decline_reason=ee answered_by=01 at=3-1
    "#]].assert_eq(&story.table("proposals"));
    expect![[r#"
        id=1 owner=01 requester=02 proposed_by=07 person=57 purposes=1 categories=2 valid_from_ms=0 valid_until_ms=18446744073709551615 max_uses=3 record=dd policy=f0 proposed_at_ms=1000 expires_at_ms=9000 at=1-1 until=2
        id=2 owner=01 requester=02 proposed_by=07 person=57 purposes=1 categories=2 valid_from_ms=0 valid_until_ms=18446744073709551615 max_uses=3 record=dd policy=f0 proposed_at_ms=1000 expires_at_ms=9000 at=1-2 until=2
        id=3 owner=01 requester=02 proposed_by=02 purposes=1 categories=2 valid_from_ms=0 valid_until_ms=18446744073709551615 policy=f0 proposed_at_ms=1000 expires_at_ms=9000 at=1-3 until=2
        id=4 owner=01 requester=02 proposed_by=07 person=57 purposes=1 categories=2 valid_from_ms=0 valid_until_ms=18446744073709551615 max_uses=3 record=dd policy=f0 proposed_at_ms=1000 expires_at_ms=9000 at=1-4 until=3
    "#]].assert_eq(&story.history("proposals"));
    assert_eq!(story.needed, BTreeSet::new());
}

#[test]
fn a_request_for_erasure_is_answered_once() {
    let mut story = Story::of(Contract::Agreements);
    story.block(vec![erasure(1)]);
    story.block(vec![Event::from(answered(1, Some(9_000)))]);
    story.block(vec![erasure(2)]);
    let staff = ErasureAnswered { by: account(7), person: Some([0x57; 32]), ..answered(2, None) };
    story.block(vec![Event::from(staff)]);
    expect![[r#"
        id=1 owner=01 requester=02 requested_by=01 requested_at_ms=3000 due_ms=8000 answered_at_ms=4000 retained_until_ms=9000 evidence=ed answered_by=02 at=2-1
        id=2 owner=01 requester=02 requested_by=01 requested_at_ms=3000 due_ms=8000 answered_at_ms=4000 evidence=ed answered_by=07 person=57 at=4-1
    "#]].assert_eq(&story.table("erasures"));
    expect![[r#"
        id=1 owner=01 requester=02 requested_by=01 requested_at_ms=3000 due_ms=8000 at=1-1 until=2
        id=2 owner=01 requester=02 requested_by=01 requested_at_ms=3000 due_ms=8000 at=3-1 until=4
    "#]]
    .assert_eq(&story.history("erasures"));
    assert_eq!(story.needed, BTreeSet::new());
}

#[test]
fn what_a_guardian_answers_or_asks_for_the_event_after_it_tells() {
    let mut story = Story::of(Contract::Agreements);
    let acted = |owner| {
        Event::from(GuardianActed { owner: account(owner), guardian: account(5), at: 2_000 })
    };
    story.block(vec![Event::from(proposal(1)), proposal(2).into(), proposal(3).into()]);
    story.block(vec![accepted(1).into(), acted(1), declined(2, None).into(), acted(1)]);
    // Of another owner: it is not about this one.
    story.block(vec![declined(3, None).into(), acted(3), erasure(1), acted(1)]);
    story.block(vec![erasure(2), Event::from(answered(1, None))]);
    let proposals = story.table("proposals");
    for line in ["grant_id=5 answered_by=05 at=2-1", "declined_at_ms=2000 answered_by=05 at=2-3"] {
        assert!(proposals.contains(line), "{proposals}");
    }
    assert!(proposals.contains("declined_at_ms=2000 answered_by=01 at=3-1"), "{proposals}");
    expect![[r#"
        id=1 owner=01 requester=02 requested_by=05 requested_at_ms=3000 due_ms=8000 answered_at_ms=4000 evidence=ed answered_by=02 at=4-2
        id=2 owner=01 requester=02 requested_by=01 requested_at_ms=3000 due_ms=8000 at=4-1
    "#]].assert_eq(&story.table("erasures"));
    assert_eq!(story.needed, BTreeSet::new());
}

#[test]
fn a_proposal_ends_once_and_between_the_two_that_it_names() {
    let mut story = Story::of(Contract::Agreements);
    story.block(vec![Event::from(proposal(1)), proposal(2).into()]);
    story.refuses("proposal 1 is there already", vec![Event::from(proposal(1))]);
    let another = "proposal 2 is another one, ended, or not there";
    for event in [
        Event::from(ProposalAccepted { owner: account(3), ..accepted(2) }),
        ProposalAccepted { requester: account(3), ..accepted(2) }.into(),
        // Both sides agreed to what was proposed.
        ProposalAccepted { policy: [0xf1; 32], ..accepted(2) }.into(),
        ProposalWithdrawn {
            proposal: 2,
            owner: account(3),
            requester: account(2),
            by: account(2),
            at: 2_000,
        }
        .into(),
        ProposalDeclined { owner: account(3), ..declined(2, None) }.into(),
        ProposalDeclined { requester: account(3), ..declined(2, None) }.into(),
    ] {
        story.refuses(another, vec![event]);
    }
    story.refuses("proposal 3 is another one, ended, or not there", vec![withdrawn(3)]);
    for (end, number) in
        [(Event::from(accepted(1)), 1), (declined(2, None).into(), 2), (withdrawn(4), 4)]
    {
        if number == 4 {
            story.block(vec![Event::from(proposal(4))]);
        }
        story.block(vec![end]);
        let ended = format!("proposal {number} is another one, ended, or not there");
        for again in [accepted(number).into(), declined(number, None).into(), withdrawn(number)] {
            story.refuses(&ended, vec![again]);
        }
    }
}

#[test]
fn an_answer_is_of_a_request_that_waits_for_it() {
    let mut story = Story::of(Contract::Agreements);
    story.block(vec![erasure(1)]);
    story.refuses("request for erasure 1 is there already", vec![erasure(1)]);
    for (event, number) in [
        (ErasureAnswered { owner: account(3), ..answered(1, None) }, 1),
        (ErasureAnswered { requester: account(3), ..answered(1, None) }, 1),
        (answered(2, None), 2),
    ] {
        story.refuses(
            &format!("request for erasure {number} is not one of"),
            vec![Event::from(event)],
        );
    }
    story.block(vec![Event::from(answered(1, None))]);
    story.refuses("that 0x0202", vec![Event::from(answered(1, None))]);
}

#[test]
fn what_happens_to_a_stored_row_asks_for_it_beforehand() {
    for foresees in [true, false] {
        let story = if foresees { Story::of } else { Story::without_foresight };
        let mut story = story(Contract::Agreements);
        story.block(vec![Event::from(proposal(1)), erasure(1)]);
        story.store();
        story.block(vec![Event::from(accepted(1)), answered(1, None).into()]);
        let missed = if foresees { vec![] } else { vec!["proposals", "erasures"] };
        assert_eq!(story.needed, BTreeSet::from_iter(missed), "{foresees}");
    }
}
