//! Proposals of grants, and requests for erasure.

use assent_client::EmittedEvent;
use assent_indexer_testing::agreements::{
    Proposal, declined, erasure_answered, erasure_requested, guardian_acted, withdrawn,
};
use assent_indexer_testing::consent::{Grant, revoked_at};
use assent_indexer_testing::participants::{
    SIGN, approved, guardian_appointed, member_admitted, registered,
};
use assent_indexer_testing::{Mirror, guardians};
use expect_test::expect;
use sqlx::PgPool;

use super::refuses;

const PROPOSALS: &str = "proposals order by id";

const ERASURES: &str = "erasures order by id";

/// Clinic 2, for which 6 signs.
fn clinic() -> Vec<EmittedEvent> {
    vec![registered(2), approved(2, 2), member_admitted(2, 6, SIGN, 20_000, 0x56)]
}

const STAFF: Option<(u8, u8)> = Some((6, 0x56));

#[sqlx::test(migrations = false)]
async fn proposals_are_made_accepted_declined_and_withdrawn(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror.write(clinic()).await;
    let grant = Grant::of(1, 1, 2);
    let first = Proposal { staff: STAFF, ..Proposal::of(1, grant) };
    let all = Grant { record: None, max_uses: Some(3), from: 0, until: u64::MAX, ..grant };
    let second = Proposal { expires: 9_000, at: 5_000, ..Proposal::of(2, all) };
    let third = Proposal { proposal: 3, ..second };
    let fourth = Proposal { proposal: 4, staff: STAFF, ..second };
    let fifth = Proposal { proposal: 5, ..second };
    let made = [first, second, third, fourth, fifth].map(|proposal| proposal.event());
    mirror.write(made.into()).await;
    // In one transaction, as a batch has it.
    mirror.write(vec![grant.event(), first.accepted(1, 13)]).await;
    mirror
        .write(vec![
            declined(2, (1, 2), Some(0xee), 6_000),
            declined(3, (1, 2), None, 6_000),
            withdrawn(4, (1, 2), 6, 6_000),
        ])
        .await;
    expect![[r#"
        id=1 owner=01 requester=02 proposed_by=06 person=56 purposes=1 categories=8 valid_from_ms=10 valid_until_ms=20 max_uses=- record=- policy=bb proposed_at_ms=12 expires_at_ms=20 withdrawn_at_ms=- withdrawn_by=- accepted_at_ms=13 grant_id=1 declined_at_ms=- decline_reason=- answered_by=01 at=7-2
        id=2 owner=01 requester=02 proposed_by=02 person=- purposes=1 categories=8 valid_from_ms=0 valid_until_ms=18446744073709551615 max_uses=3 record=- policy=bb proposed_at_ms=5000 expires_at_ms=9000 withdrawn_at_ms=- withdrawn_by=- accepted_at_ms=- grant_id=- declined_at_ms=6000 decline_reason=ee answered_by=01 at=8-1
        id=3 owner=01 requester=02 proposed_by=02 person=- purposes=1 categories=8 valid_from_ms=0 valid_until_ms=18446744073709551615 max_uses=3 record=- policy=bb proposed_at_ms=5000 expires_at_ms=9000 withdrawn_at_ms=- withdrawn_by=- accepted_at_ms=- grant_id=- declined_at_ms=6000 decline_reason=- answered_by=01 at=8-2
        id=4 owner=01 requester=02 proposed_by=06 person=56 purposes=1 categories=8 valid_from_ms=0 valid_until_ms=18446744073709551615 max_uses=3 record=- policy=bb proposed_at_ms=5000 expires_at_ms=9000 withdrawn_at_ms=6000 withdrawn_by=06 accepted_at_ms=- grant_id=- declined_at_ms=- decline_reason=- answered_by=- at=8-3
        id=5 owner=01 requester=02 proposed_by=02 person=- purposes=1 categories=8 valid_from_ms=0 valid_until_ms=18446744073709551615 max_uses=3 record=- policy=bb proposed_at_ms=5000 expires_at_ms=9000 withdrawn_at_ms=- withdrawn_by=- accepted_at_ms=- grant_id=- declined_at_ms=- decline_reason=- answered_by=- at=6-5
    "#]].assert_eq(&mirror.table(PROPOSALS).await);
    // What became of the grant afterwards does not matter.
    mirror.write(vec![revoked_at(1, 1, 1, 14)]).await;
}

#[sqlx::test(migrations = false)]
async fn events_that_contradict_a_proposal_are_refused(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror.write(clinic()).await;
    let grant = Grant::of(1, 1, 2);
    let first = Proposal::of(1, grant);
    let second = Proposal { proposal: 2, ..first };
    let third = Proposal { proposal: 3, ..first };
    mirror.write(vec![first.event(), second.event(), third.event()]).await;
    mirror.write(vec![grant.event(), first.accepted(1, 13), declined(2, (1, 2), None, 13)]).await;
    let before = mirror.table(PROPOSALS).await;
    let fourth = Proposal { proposal: 4, ..first };
    let of_terms = |terms: Grant| Proposal { terms, ..fourth }.event();
    refuses(
        &mut mirror,
        vec![
            ("proposal 1 is there already", first.event()),
            ("proposal 1 is another one", first.accepted(1, 14)),
            ("proposal 1 is another one", withdrawn(1, (1, 2), 2, 14)),
            ("proposal 2 is another one", declined(2, (1, 2), None, 14)),
            ("proposal 3 is another one", declined(3, (3, 2), None, 14)),
            ("proposal 3 is another one", withdrawn(3, (1, 4), 2, 14)),
            ("proposal 4 is another one", withdrawn(4, (1, 2), 2, 14)),
            ("proposals_id_from_one", Proposal { proposal: 0, ..first }.event()),
            ("proposals_parties_differ", of_terms(Grant { owner: 2, ..grant })),
            ("proposals_purposes_mask", of_terms(Grant { purposes: 0, ..grant })),
            ("proposals_categories_mask", of_terms(Grant { categories: 0, ..grant })),
            ("proposals_period_not_empty", of_terms(Grant { from: 20, ..grant })),
            ("proposals_max_uses_from_one", of_terms(Grant { max_uses: Some(0), ..grant })),
            ("proposals_open_at_first", Proposal { at: 20, ..fourth }.event()),
            ("proposals_do_not_outlast_their_terms", Proposal { expires: 21, ..fourth }.event()),
            ("proposals_grant_from_one", third.accepted(0, 14)),
            // First of the moments at which it can no longer be answered, and before it was made.
            ("proposals_end_while_open", declined(3, (1, 2), None, 20)),
            ("proposals_end_while_open", withdrawn(3, (1, 2), 2, 11)),
        ],
    )
    .await;
    // Who holds a key is told of the staff, and of it alone.
    let other = Proposal { staff: Some((2, 0x56)), ..fourth }.event();
    refuses(&mut mirror, vec![("proposals_person_if_by_staff", other)]).await;
    assert_eq!(mirror.table(PROPOSALS).await, before);
}

#[sqlx::test(migrations = false)]
async fn requests_for_erasure_are_made_and_answered(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror.write(clinic()).await;
    mirror
        .write(vec![
            erasure_requested(1, (1, 2), 5_500, 5_000),
            erasure_requested(2, (3, 2), 7_000, 5_000),
            erasure_requested(3, (1, 4), 7_000, 5_000),
        ])
        .await;
    // One is answered late, and asked for again at once.
    mirror
        .write(vec![
            erasure_answered(1, (1, 2), STAFF, Some(6_500), 6_000),
            erasure_answered(2, (3, 2), None, None, 6_000),
            // The law does not say so of what came since.
            erasure_requested(4, (1, 2), 9_000, 6_000),
        ])
        .await;
    expect![[r#"
        id=1 owner=01 requester=02 requested_by=01 requested_at_ms=5000 due_ms=5500 answered_at_ms=6000 retained_until_ms=6500 evidence=ed answered_by=06 person=56 at=7-1
        id=2 owner=03 requester=02 requested_by=03 requested_at_ms=5000 due_ms=7000 answered_at_ms=6000 retained_until_ms=- evidence=ed answered_by=02 person=- at=7-2
        id=3 owner=01 requester=04 requested_by=01 requested_at_ms=5000 due_ms=7000 answered_at_ms=- retained_until_ms=- evidence=- answered_by=- person=- at=6-3
        id=4 owner=01 requester=02 requested_by=01 requested_at_ms=6000 due_ms=9000 answered_at_ms=- retained_until_ms=- evidence=- answered_by=- person=- at=7-3
    "#]].assert_eq(&mirror.table(ERASURES).await);
    let before = mirror.table(ERASURES).await;
    refuses(
        &mut mirror,
        vec![
            ("request for erasure 3 is there already", erasure_requested(3, (1, 4), 9_000, 7_000)),
            ("request for erasure 2 is not one", erasure_answered(2, (3, 2), None, None, 7_000)),
            ("request for erasure 3 is not one", erasure_answered(3, (1, 2), None, None, 7_000)),
            ("request for erasure 5 is not one", erasure_answered(5, (1, 4), None, None, 7_000)),
            ("erasures_id_from_one", erasure_requested(0, (1, 5), 9_000, 7_000)),
            ("erasures_parties_differ", erasure_requested(5, (5, 5), 9_000, 7_000)),
            ("erasures_time_to_answer", erasure_requested(5, (1, 5), 7_000, 7_000)),
            ("erasures_answered_afterwards", erasure_answered(3, (1, 4), None, None, 4_999)),
            (
                "erasures_retained_beyond_the_answer",
                erasure_answered(3, (1, 4), None, Some(7_000), 7_000),
            ),
            (
                "erasures_person_if_by_staff",
                erasure_answered(3, (1, 4), Some((4, 0x54)), None, 7_000),
            ),
        ],
    )
    .await;
    assert_eq!(mirror.table(ERASURES).await, before);
}

#[sqlx::test(migrations = false)]
async fn a_guardian_answers_and_asks_for_his_ward(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror.write(clinic()).await;
    mirror.write(vec![registered(1), approved(1, 1), guardian_appointed(1, 7, 20_000, 0x57)]).await;
    let grant = Grant { by: 7, ..Grant::of(1, 1, 2) };
    let first = Proposal::of(1, grant);
    let second = Proposal { proposal: 2, ..first };
    mirror.write(vec![first.event(), second.event()]).await;
    let acted = |at| guardian_acted((1, 7), at);
    mirror
        .write(vec![
            grant.event(),
            guardians::granted(1, 1, 0),
            first.accepted(1, 13),
            acted(13),
            declined(2, (1, 2), None, 13),
            acted(13),
        ])
        .await;
    let answered = "select concat(id, ' ', substr(encode(answered_by, 'hex'), 1, 2)) \
        from proposals order by id";
    assert_eq!(mirror.rows(answered).await, ["1 07", "2 07"]);
    mirror.write(vec![erasure_requested(1, (1, 4), 9_000, 6_000), acted(6_000)]).await;
    let asked = "select concat(id, ' ', substr(encode(requested_by, 'hex'), 1, 2)) from erasures";
    assert_eq!(mirror.rows(asked).await, ["1 07"]);
    // Nobody asks himself.
    let own = vec![erasure_requested(2, (1, 7), 9_000, 7_000), acted(7_000)];
    let reason = mirror.refusal(own).await;
    assert!(reason.contains("erasures_requested_by_another"), "{reason}");
}
