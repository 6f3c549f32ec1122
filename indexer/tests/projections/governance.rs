//! How each contract is governed.

use sqlx::PgPool;

use assent_indexer_testing::governance::government;
use assent_indexer_testing::{CONTRACTS, Mirror, account, event};

use crate::refuses;

const GOVERNANCE: &str = "select concat_ws(' ', c.name, g.paused, \
     substr(encode(g.administrator, 'hex'), 1, 2), \
     coalesce(substr(encode(g.successor, 'hex'), 1, 2), '-'), \
     coalesce(g.successor_not_before_ms::text, '-'), \
     coalesce(substr(encode(g.announced_code_hash, 'hex'), 1, 2), '-'), \
     coalesce(g.announced_not_before_ms::text, '-'), \
     coalesce(substr(encode(g.code_hash, 'hex'), 1, 2), '-'), \
     g.block_number || '-' || g.event_index) \
     from contract_governance g join contracts c on c.address = g.contract order by c.name";

#[sqlx::test(migrations = false)]
async fn each_contract_is_governed_by_itself(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let (alice, bob, carol) = (account(1), account(2), account(3));
    assert_eq!(mirror.rows(GOVERNANCE).await, [""; 0], "nothing is known before the first event");

    let proposed = |to, until: u64| event("consent", "HandoverProposed", (alice, to, until));
    let announced = |n: u8| event("consent", "UpgradeAnnounced", ([n; 32], u64::MAX, alice));
    mirror.write(vec![event("rewards", "Paused", (bob,)), proposed(bob, 7), announced(0xc1)]).await;
    assert_eq!(
        mirror.rows(GOVERNANCE).await,
        ["consent f 01 02 7 c1 18446744073709551615 - 5-3", "rewards t 02 - - - - - 5-1"]
    );

    // Later proposals and announcements replace earlier ones.
    mirror.write(vec![proposed(carol, 8), announced(0xc2)]).await;
    assert_eq!(mirror.rows(GOVERNANCE).await[0], "consent f 01 03 8 c2 18446744073709551615 - 6-2");
    let accepted = event("consent", "HandoverAccepted", (alice, carol));
    let upgraded = event("consent", "Upgraded", ([0xc2_u8; 32], carol));
    mirror.write(vec![accepted, upgraded, event("rewards", "Unpaused", (bob,))]).await;
    assert_eq!(
        mirror.rows(GOVERNANCE).await,
        ["consent f 03 - - - - c2 7-2", "rewards f 02 - - - - - 7-3"]
    );
}

#[sqlx::test(migrations = false)]
async fn all_contracts_have_the_same_government(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    for (contract, block) in CONTRACTS.into_iter().zip(5..) {
        mirror.write(government(contract, 1, 2)).await;
        let expected = format!("{contract} f 02 - - - - c0 {block}-10");
        assert_eq!(mirror.rows(GOVERNANCE).await.last(), Some(&expected));
    }
}

#[sqlx::test(migrations = false)]
async fn events_that_contradict_the_government_are_refused(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let (alice, bob, carol) = (account(1), account(2), account(3));
    let proposed = event("consent", "HandoverProposed", (alice, bob, 9_u64));
    let announced = event("consent", "UpgradeAnnounced", ([0xc1_u8; 32], 9_u64, alice));
    mirror.write(vec![event("consent", "Paused", (alice,)), proposed, announced]).await;
    let before = mirror.rows(GOVERNANCE).await;
    refuses(
        &mut mirror,
        vec![
            ("acted as the administrator", event("consent", "Unpaused", (bob,))),
            ("not in the state", event("consent", "Paused", (alice,))),
            ("not in the state", event("rewards", "Unpaused", (alice,))),
            ("not in the state", event("consent", "HandoverAccepted", (alice, carol))),
            ("not in the state", event("consent", "HandoverCancelled", (alice, carol))),
            ("not in the state", event("consent", "Upgraded", ([0xc2_u8; 32], alice))),
            ("not in the state", event("consent", "UpgradeCancelled", ([0xc2_u8; 32], alice))),
            ("not in the state", event("rewards", "HandoverAccepted", (alice, bob))),
            (
                "contract_governance_successor_is_another",
                event("consent", "HandoverProposed", (alice, alice, 9_u64)),
            ),
        ],
    )
    .await;
    assert_eq!(mirror.rows(GOVERNANCE).await, before);
}
