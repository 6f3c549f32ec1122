//! How each contract is governed.

use assent_indexer_testing::governance::government;
use assent_indexer_testing::{CONTRACTS, Mirror, account, event};
use expect_test::expect;
use sqlx::PgPool;

use super::refuses;

const GOVERNANCE: &str = "(select c.name, g.* from contract_governance g join \
     contracts c on c.address = g.contract) governed order by name";

#[sqlx::test(migrations = false)]
async fn each_contract_is_governed_by_itself(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let (alice, bob, carol) = (account(1), account(2), account(3));
    assert_eq!(mirror.table(GOVERNANCE).await, "", "nothing is known before the first event");

    let proposed =
        |to, from: u64| event("consent", "HandoverProposed", (alice, to, from, 7_001_u64));
    let announced =
        |n: u8| event("consent", "UpgradeAnnounced", ([n; 32], 7_000_u64, u64::MAX, alice));
    mirror.write(vec![event("rewards", "Paused", (bob,)), proposed(bob, 7), announced(0xc1)]).await;
    expect![[r#"
        name=consent contract=c1 paused=false administrator=01 successor=02 successor_not_before_ms=7 successor_until_ms=7001 announced_code_hash=c1 announced_not_before_ms=7000 announced_until_ms=18446744073709551615 code_hash=- at=5-3
        name=rewards contract=c5 paused=true administrator=02 successor=- successor_not_before_ms=- successor_until_ms=- announced_code_hash=- announced_not_before_ms=- announced_until_ms=- code_hash=- at=5-1
    "#]].assert_eq(&mirror.table(GOVERNANCE).await);

    // Later proposals and announcements replace earlier ones.
    mirror.write(vec![proposed(carol, 8), announced(0xc2)]).await;
    expect![[r#"
        name=consent contract=c1 paused=false administrator=01 successor=03 successor_not_before_ms=8 successor_until_ms=7001 announced_code_hash=c2 announced_not_before_ms=7000 announced_until_ms=18446744073709551615 code_hash=- at=6-2
        name=rewards contract=c5 paused=true administrator=02 successor=- successor_not_before_ms=- successor_until_ms=- announced_code_hash=- announced_not_before_ms=- announced_until_ms=- code_hash=- at=5-1
    "#]].assert_eq(&mirror.table(GOVERNANCE).await);
    let accepted = event("consent", "HandoverAccepted", (alice, carol));
    let upgraded = event("consent", "Upgraded", ([0xc2_u8; 32], carol));
    mirror.write(vec![accepted, upgraded, event("rewards", "Unpaused", (bob,))]).await;
    expect![[r#"
        name=consent contract=c1 paused=false administrator=03 successor=- successor_not_before_ms=- successor_until_ms=- announced_code_hash=- announced_not_before_ms=- announced_until_ms=- code_hash=c2 at=7-2
        name=rewards contract=c5 paused=false administrator=02 successor=- successor_not_before_ms=- successor_until_ms=- announced_code_hash=- announced_not_before_ms=- announced_until_ms=- code_hash=- at=7-3
    "#]].assert_eq(&mirror.table(GOVERNANCE).await);
}

#[sqlx::test(migrations = false)]
async fn all_contracts_have_the_same_government(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    for contract in CONTRACTS {
        mirror.write(government(contract, 1, 2)).await;
    }
    expect![[r#"
        name=agreements contract=c7 paused=false administrator=02 successor=- successor_not_before_ms=- successor_until_ms=- announced_code_hash=- announced_not_before_ms=- announced_until_ms=- code_hash=c0 at=12-10
        name=carbon contract=c0 paused=false administrator=02 successor=- successor_not_before_ms=- successor_until_ms=- announced_code_hash=- announced_not_before_ms=- announced_until_ms=- code_hash=c0 at=5-10
        name=consent contract=c1 paused=false administrator=02 successor=- successor_not_before_ms=- successor_until_ms=- announced_code_hash=- announced_not_before_ms=- announced_until_ms=- code_hash=c0 at=6-10
        name=market contract=c2 paused=false administrator=02 successor=- successor_not_before_ms=- successor_until_ms=- announced_code_hash=- announced_not_before_ms=- announced_until_ms=- code_hash=c0 at=7-10
        name=participants contract=c3 paused=false administrator=02 successor=- successor_not_before_ms=- successor_until_ms=- announced_code_hash=- announced_not_before_ms=- announced_until_ms=- code_hash=c0 at=8-10
        name=reports contract=c4 paused=false administrator=02 successor=- successor_not_before_ms=- successor_until_ms=- announced_code_hash=- announced_not_before_ms=- announced_until_ms=- code_hash=c0 at=9-10
        name=rewards contract=c5 paused=false administrator=02 successor=- successor_not_before_ms=- successor_until_ms=- announced_code_hash=- announced_not_before_ms=- announced_until_ms=- code_hash=c0 at=10-10
        name=token contract=c6 paused=false administrator=02 successor=- successor_not_before_ms=- successor_until_ms=- announced_code_hash=- announced_not_before_ms=- announced_until_ms=- code_hash=c0 at=11-10
    "#]].assert_eq(&mirror.table(GOVERNANCE).await);
}

#[sqlx::test(migrations = false)]
async fn events_that_contradict_the_government_are_refused(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let (alice, bob, carol) = (account(1), account(2), account(3));
    let times = (9_u64, 10_u64);
    let proposed = event("consent", "HandoverProposed", (alice, bob, times));
    let announced = event("consent", "UpgradeAnnounced", ([0xc1_u8; 32], times, alice));
    mirror.write(vec![event("consent", "Paused", (alice,)), proposed, announced]).await;
    let before = mirror.table(GOVERNANCE).await;
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
                event("consent", "HandoverProposed", (alice, alice, times)),
            ),
            (
                "contract_governance_successor_expires_later",
                event("consent", "HandoverProposed", (alice, bob, 9_u64, 9_u64)),
            ),
            (
                "contract_governance_announced_code_expires_later",
                event("consent", "UpgradeAnnounced", ([0xc1_u8; 32], 9_u64, 9_u64, alice)),
            ),
        ],
    )
    .await;
    assert_eq!(mirror.table(GOVERNANCE).await, before);
}
