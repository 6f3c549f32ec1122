//! What every event does to its projection, on a real Postgres.
//!
//! Accounts and hashes are printed by their first byte, positions as block-index; blocks count
//! from 5.

#[path = "../common/mod.rs"]
mod common;

mod carbon;
mod compliance;
mod consent;
mod emergency;
mod governance;
mod market;
mod participants;
mod reports;
mod rewards;
mod settlement;
mod token;

use assent_client::EmittedEvent;
use common::{FIRST, Mirror, account, block_hash, event, metadata};
use sqlx::PgPool;

/// Each event, in a block of its own, must be refused for the reason that is given with it, and
/// change nothing.
async fn refuses(mirror: &mut Mirror, events: Vec<(&str, EmittedEvent)>) {
    for (expected, event) in events {
        let error = mirror.try_write(vec![event]).await.expect_err(expected);
        assert!(!error.is_transient(), "{error}");
        assert!(error.to_string().contains(expected), "expected {expected}: {error}");
    }
}

/// The government's events that put a contract through a pause, a handover and an upgrade; each at
/// least once.
fn government(contract: &str, administrator: [u8; 32], successor: [u8; 32]) -> Vec<EmittedEvent> {
    let code = [0xc0_u8; 32];
    let of = |name: &str, fields: ([u8; 32], [u8; 32])| event(contract, name, fields);
    let proposed = || event(contract, "HandoverProposed", (administrator, successor, 9_u64));
    let announced = || event(contract, "UpgradeAnnounced", (code, 9_u64, administrator));
    vec![
        event(contract, "Paused", (administrator,)),
        event(contract, "Unpaused", (administrator,)),
        announced(),
        of("UpgradeCancelled", (code, administrator)),
        announced(),
        of("Upgraded", (code, administrator)),
        proposed(),
        of("HandoverCancelled", (administrator, successor)),
        proposed(),
        of("HandoverAccepted", (administrator, successor)),
    ]
}

/// Units come into being, change hands, are sold and leave for good.
fn trade() -> Vec<EmittedEvent> {
    [
        carbon::registry((1, 1_000)),
        vec![
            carbon::issuer_set(2, 9),
            carbon::issued(1, 1, 500),
            carbon::sealed(1),
            carbon::transferred(1, 1, 2, 4, 1),
            carbon::approved(1, 1, 0xc2, 100),
            carbon::escrowed(1, 1, 0xc2, 20),
            carbon::released(1, 1, 0xc2, 2),
            carbon::delivered(1, 1, 2, 8, 0xc2),
            carbon::retired(1, 2, 4, 3),
            carbon::cancelled(1, 2, 2),
            carbon::frozen(2, 0xf2),
            carbon::unfrozen(2),
            market::fee_set(100, 9),
            market::limits_set(1, 1_000),
            market::placed(1, 1, 12, 1_000, 9_000, 100),
            market::updated(1, 1, 18, 1_000, 9_000, 100),
            market::filled(1, 1, 2, (8, 10), (8, 0)),
            market::cancelled(1, 1, 10),
            market::placed(2, 1, 10, 1_000, 6_000, 100),
        ],
    ]
    .concat()
}

/// One period ends with a penalty that is paid; the next one gets allowances, and some of them back.
fn compliance_duty() -> Vec<EmittedEvent> {
    let settled = compliance::Settled {
        period: 1,
        account: 1,
        verified: 10,
        surrendered: 0,
        brought: (0, 0),
        left: (10, 0),
        timely: false,
        rating: 0,
    };
    [
        vec![compliance::penalty_set(1_000, compliance::COLLECTOR)],
        compliance::period_set((1, 2), (1, 100), (1_000, 2_000, 3_000), 1_000),
        vec![
            compliance::reported(1, 1, 1, 10),
            settled.event(),
            compliance::penalty_imposed(1, 1, 10, 10),
            compliance::penalty_paid(1, 1, compliance::COLLECTOR, 10, 150),
        ],
        compliance::period_set((2, 3), (101, 200), (2_000, 6_000, 9_000), 1_000),
        compliance::allocated((2, 3), 1, 50),
        vec![compliance::surrendered(2, 3, 1, 20)],
    ]
    .concat()
}

/// The story of the design, one event of every kind: the raw events, their JSON and their order.
#[sqlx::test(migrations = false)]
async fn every_event_of_the_contracts_decodes_and_has_a_projection(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let (patient, clinic, regulator, hash) = (account(1), account(2), account(9), [0xa1_u8; 32]);
    let mut story = vec![
        event("participants", "Registered", (patient, hash)),
        event("participants", "ProfileUpdated", (patient, hash)),
        event("participants", "Approved", (patient, 1_u16, clinic)),
        event("participants", "RolesSet", (patient, 3_u16, clinic)),
        event("participants", "Suspended", (patient, hash, clinic)),
        event("participants", "Reinstated", (patient, clinic)),
        event("participants", "Left", (patient,)),
        event("token", "Transfer", (None::<[u8; 32]>, Some(patient), 9_u128)),
        event("token", "Minted", (patient, 9_u128, hash)),
        event("token", "Approval", (patient, clinic, 9_u128)),
        event("token", "TreasurySet", (patient, regulator)),
        event("token", "Burned", (patient, 2_u128, [0xa2_u8; 32])),
        event("token", "Transfer", (Some(patient), None::<[u8; 32]>, 2_u128)),
        event("token", "AccountFrozen", (patient, hash, regulator)),
        event("token", "AccountUnfrozen", (patient, regulator)),
        event("rewards", "ConsentSet", (clinic,)),
        event("rewards", "TariffSet", (0_u8, 5_u128)),
        event("rewards", "Funded", (patient, 9_u128)),
        event("rewards", "Refunded", (patient, 1_u128, regulator)),
        consent::granted(1, 1, 2, None, 0, 1),
        consent::amended(1, 2, Some(1), 1),
        event("rewards", "Accrued", (patient, 1_u64, 0_u8, 5_u128)),
        consent::Access::of(1, 1).by_grant(1).event(),
        event("rewards", "Unfunded", (patient, 2_u64, 0_u8, 5_u128)),
        event("rewards", "Withdrawn", (patient, clinic, 5_u128)),
        event("consent", "DelegateSet", (patient, regulator, 1_u32, 1_u32, u64::MAX, 0_u32)),
        event("consent", "DelegateRemoved", (patient, regulator)),
        event("consent", "Denied", (patient, clinic, 1_u32, 1_u32, 5_u64)),
        event("consent", "DenialLifted", (patient, clinic, 6_u64)),
        event("consent", "LinkErased", (1_u64, patient)),
        event("consent", "Revoked", (1_u64, patient, patient, 6_u64)),
        event("consent", "AllRevoked", (patient, 1_u32, 7_u64)),
        emergency::broken(1, 1, 2, 10),
        event("consent", "GlassClosed", (1_u64, clinic, 11_u64)),
        event("consent", "GlassReviewed", (1_u64, regulator, 1_u8, 12_u64)),
        event("consent", "SuspensionProposed", (clinic, 1_u64, 0_u8, 12_u64)),
        reports::Version::first().event(),
        reports::Version::first().next(0x22).event(),
        event("reports", "Superseded", ([0x5e_u8; 32], 1_u32, 2_u32)),
        event("reports", "Countersigned", ([0x5e_u8; 32], 2_u32, 1_u8, account(4), 6_000_u64)),
        event("reports", "Revoked", ([0x5e_u8; 32], 2_u32, hash, 6_000_u64)),
    ];
    story.extend(trade());
    story.extend(compliance_duty());
    for contract in common::CONTRACTS {
        story.extend(government(contract, regulator, clinic));
    }
    // An order is over only in a later block than it was placed.
    let later = market::expired(2, 1, 10, 4);
    let mut raw: Vec<(i64, i32, EmittedEvent)> =
        story.iter().cloned().zip(1..).map(|(event, index)| (5, index, event)).collect();
    raw.push((6, 1, later.clone()));
    mirror.write(story).await;
    mirror.write(vec![later]).await;

    let mut defined: Vec<String> = common::CONTRACTS
        .iter()
        .flat_map(|contract| {
            let events = metadata(contract).events().to_vec();
            events.into_iter().map(move |event| format!("{contract} {}", event.name))
        })
        .collect();
    defined.sort();
    let stored = mirror.rows("select distinct contract_name || ' ' || name from events");
    let mut stored = stored.await;
    stored.sort();
    assert_eq!(stored, defined, "the story must contain every event that is defined");

    type Kept = (i64, i32, Vec<u8>, Vec<Vec<u8>>, Vec<u8>);
    let kept: Vec<Kept> = sqlx::query_as(
        "select block_number, event_index, contract, topics, data from events \
         order by block_number, event_index",
    )
    .fetch_all(&mirror.pool)
    .await
    .unwrap();
    assert_eq!(kept.len(), raw.len());
    for (row, (block, index, raw)) in kept.iter().zip(&raw) {
        assert_eq!((row.0, row.1), (*block, *index));
        assert_eq!(row.2, raw.contract.as_bytes());
        assert_eq!(row.3, raw.topics.iter().map(|topic| topic.to_vec()).collect::<Vec<_>>());
        assert_eq!(row.4, raw.data);
    }

    let fields: serde_json::Value =
        sqlx::query_scalar("select fields from events where name = 'AccessDecided'")
            .fetch_one(&mirror.pool)
            .await
            .unwrap();
    assert_eq!(fields["decision"], "Permit");
    assert_eq!(fields["access"], "1");
    assert_eq!(fields["purpose"], 0);
    assert_eq!(fields["previous"], format!("0x{}", "00".repeat(32)));
    assert!(fields["owner"].as_str().unwrap().starts_with('5'), "{fields}");

    let (number, hash, parent, time): (i64, Vec<u8>, Vec<u8>, i64) =
        sqlx::query_as("select number, hash, parent_hash, time_ms from blocks where number = 5")
            .fetch_one(&mirror.pool)
            .await
            .unwrap();
    assert_eq!((number, time), (5, 5_000));
    assert_eq!(hash, block_hash(FIRST).0);
    assert_eq!(parent, block_hash(FIRST - 1).0);
}
