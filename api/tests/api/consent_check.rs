//! `/v1/consents/check`

use serde_json::{Value, json};
use sqlx::PgPool;

use assent_client::{Account, EmittedEvent};
use assent_indexer_testing::{
    choices::{emergencies_refused, excepted, restricted},
    consent::{Grant, all_revoked, denial_lifted, denied, revoked},
    emergency::broken_until,
    governance::{paused, unpaused},
    guardians,
    participants::{
        ANCHOR, ASK, approved, guardians_changed, mandate_ended, member_admitted, registered,
        roles_set, suspended,
    },
    succession,
};

use crate::{
    consents::active,
    support::{Api, hex32, ss58, time_ms},
};

const DATA_OWNER: u16 = 1;
const PROVIDER: u16 = 2;
const RESEARCHER: u16 = 4;

/// Account 1 is a data owner, 2 a provider and 3 a researcher; grant 1 is given.
async fn api(pool: PgPool) -> Api {
    let admitted = |n, role| [registered(n), approved(n, role)];
    let mut events =
        [admitted(1, DATA_OWNER), admitted(2, PROVIDER), admitted(3, RESEARCHER)].concat();
    events.push(active(1).event());
    Api::play(pool, vec![events]).await
}

/// A request of account 2 for treatment that grant 1 permits, with these parameters instead.
fn query(instead: &[(&str, &str)]) -> String {
    let (owner, requester, record) = (ss58(1), ss58(2), hex32(8));
    let mut given = vec![
        ("owner", owner.as_str()),
        ("requester", &requester),
        ("purpose", "0"),
        ("category", "1"),
        ("record", &record),
    ];
    given.retain(|(name, _)| !instead.iter().any(|(other, _)| name == other));
    given.extend(instead.iter().filter(|(_, value)| !value.is_empty()));
    let pairs: Vec<_> = given.iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!("/v1/consents/check?{}", pairs.join("&"))
}

/// What is decided on it: why not, and the grant and the window that matter.
async fn decided(api: &Api, instead: &[(&str, &str)]) -> (Value, Value, Value) {
    let check = api.item(&query(instead)).await;
    assert_eq!(check["permitted"], check["deny_reason"].is_null(), "{check}");
    (check["deny_reason"].clone(), check["grant_id"].clone(), check["window_id"].clone())
}

/// Asked by this key.
fn by(key: &str) -> [(&str, &str); 1] {
    [("by", key)]
}

fn permitted() -> (Value, Value, Value) {
    (Value::Null, json!(1), Value::Null)
}

fn refused(reason: &str, grant: impl Into<Value>) -> (Value, Value, Value) {
    (json!(reason), grant.into(), Value::Null)
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_request_is_permitted_by_a_grant_or_told_what_it_lacks(pool: PgPool) {
    let api = api(pool).await;
    let expected = json!({
        "permitted": true,
        "deny_reason": null,
        "grant_id": 1,
        "window_id": null,
        "may_be_unfunded": false,
    });
    assert_eq!(api.item(&query(&[])).await, expected);
    let other_purpose = api.item(&query(&[("purpose", "4")])).await;
    assert_eq!(other_purpose["permitted"], true);
    assert_eq!(other_purpose["may_be_unfunded"], true, "all but treatment may cost something");
    let (other, stranger) = (ss58(3), ss58(40));
    for (instead, expected) in [
        (("grant", "1"), permitted()),
        (("grant", "2"), refused("NoGrant", Value::Null)),
        (("record", ""), refused("RecordNotGranted", 1)),
        (("purpose", "1"), refused("PurposeNotGranted", 1)),
        (("category", "2"), refused("CategoryNotGranted", 1)),
        (("requester", other.as_str()), refused("NoGrant", Value::Null)),
        (("requester", stranger.as_str()), refused("RequesterNotAdmitted", Value::Null)),
        (("owner", other.as_str()), refused("OwnerNotAdmitted", Value::Null)),
    ] {
        assert_eq!(decided(&api, &[instead]).await, expected, "{instead:?}");
    }
    api.refuses("/v1/consents/check", "owner").await;
    api.refuses(&query(&[("category", "32")]), "category").await;
    api.refuses(&query(&[("limit", "1")]), "limit").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn what_takes_a_permit_away_is_told_in_the_contracts_order(pool: PgPool) {
    let mut api = api(pool).await;
    let steps: [(Vec<EmittedEvent>, _); 11] = [
        (vec![denied(1, 2, (1, 2), 40)], refused("Denied", Value::Null)),
        (vec![denial_lifted(1, 2, (1, 2), 41)], permitted()),
        (vec![restricted(1, (1, 2), 42)], refused("Denied", Value::Null)),
        (vec![excepted(1, 2)], permitted()),
        (vec![paused("consent", 9)], refused("Paused", Value::Null)),
        (vec![unpaused("consent", 9)], permitted()),
        (vec![suspended(2, PROVIDER)], refused("RequesterNotAdmitted", Value::Null)),
        (vec![roles_set(2, PROVIDER | RESEARCHER)], permitted()),
        (vec![revoked(1, 1, 1)], refused("Revoked", 1)),
        (vec![active(2).event()], (Value::Null, json!(2), Value::Null)),
        (vec![all_revoked(1, 1)], refused("Revoked", 2)),
    ];
    for (events, expected) in steps {
        let told = format!("{events:?}");
        api.write(events).await;
        assert_eq!(decided(&api, &[]).await, expected, "{told}");
    }
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn the_clock_and_the_uses_count(pool: PgPool) {
    let mut api = api(pool).await;
    let now = time_ms(api.write(vec![]).await);
    let of = |number, from, until, max_uses| {
        Grant { from, until, max_uses, record: None, ..active(number) }.event()
    };
    let named = async |api: &Api, number: &str| decided(api, &[("grant", number)]).await;
    let given = vec![
        of(2, now + 3_000, now + 9_000, None),
        of(3, now, now + 2_000, None),
        of(4, now, now + 9_000, Some(1)),
        assent_indexer_testing::consent::Access::of(1, 1).by_grant(4).event(),
    ];
    api.write(given).await;
    assert_eq!(named(&api, "2").await, refused("NotYetValid", 2));
    assert_eq!(named(&api, "3").await, (Value::Null, json!(3), Value::Null));
    assert_eq!(named(&api, "4").await, refused("UsesExhausted", 4));
    api.write(vec![]).await;
    assert_eq!(named(&api, "3").await, refused("Expired", 3));
    api.write(vec![]).await;
    assert_eq!(named(&api, "2").await, (Value::Null, json!(2), Value::Null));
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn an_emergency_makes_up_for_a_grant_and_a_patient_may_want_none(pool: PgPool) {
    let mut api = api(pool).await;
    let asked = [("category", "3"), ("record", "")];
    assert_eq!(decided(&api, &asked).await, refused("RecordNotGranted", 1));
    let open = (time_ms(100), time_ms(200), time_ms(300));
    api.write(vec![broken_until(1, 1, 2, open), paused("consent", 9)]).await;
    let by_window = (Value::Null, Value::Null, json!(1));
    assert_eq!(decided(&api, &asked).await, by_window);
    let research = [("purpose", "1"), ("category", "3")];
    assert_eq!(decided(&api, &research).await, refused("Paused", Value::Null));
    // What a guardian denies binds no emergency.
    api.write(vec![guardians::restricted((1, 3), (1, 8), 43)]).await;
    assert_eq!(decided(&api, &asked).await, by_window);
    api.write(vec![emergencies_refused(1, 44)]).await;
    assert_eq!(decided(&api, &asked).await, refused("Denied", Value::Null));
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn whether_the_key_may_ask_and_what_is_denied_to_it_counts(pool: PgPool) {
    let mut api = api(pool).await;
    let (nurse, successor) = (ss58(5), ss58(6));
    let nobody = || refused("NotAuthorized", Value::Null);
    api.write(vec![registered(5)]).await;
    assert_eq!(decided(&api, &by(&ss58(2))).await, permitted());
    assert_eq!(decided(&api, &by(&nurse)).await, nobody());
    api.write(vec![member_admitted(2, 5, ANCHOR, time_ms(1_000), 1)]).await;
    assert_eq!(decided(&api, &by(&nurse)).await, nobody());
    api.write(vec![mandate_ended(2, 5, 2), member_admitted(2, 5, ASK, time_ms(110), 1)]).await;
    assert_eq!(decided(&api, &by(&nurse)).await, permitted());
    api.write(vec![denied(1, 5, (1, 2), 40)]).await;
    assert_eq!(decided(&api, &[]).await, permitted());
    assert_eq!(decided(&api, &by(&nurse)).await, refused("Denied", Value::Null));
    // A key acts as whom it replaced, also when that is one of the staff.
    assert_eq!(decided(&api, &by(&successor)).await, nobody());
    api.write(vec![succession::named(5, 6, (1, time_ms(1_000)))]).await;
    api.write(vec![succession::replaced(5, 5, 6)]).await;
    assert_eq!(decided(&api, &by(&successor)).await, refused("Denied", Value::Null));
    assert_eq!(decided(&api, &by(&nurse)).await, nobody());
    // The mandate is over.
    while time_ms(api.write(vec![]).await) < time_ms(110) {}
    assert_eq!(decided(&api, &by(&successor)).await, nobody());
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn either_side_may_ask_and_who_acts_for_the_requester_the_owner_is_not_told(pool: PgPool) {
    let mut api = api(pool).await;
    api.write(vec![member_admitted(2, 5, ASK, time_ms(1_000), 1)]).await;
    let plain = query(&[]);
    let of_nurse = query(&[("by", &ss58(5))]);
    // Asker, then what he gets without a key that is named, and with that of the nurse.
    for (asker, unnamed, named) in
        [(1, 200, 404), (2, 200, 200), (5, 200, 200), (3, 404, 404), (9, 404, 404)]
    {
        let key = api.key_of(Account([asker; 32]), &["health:read"]).await;
        for (path, expected) in [(&plain, unnamed), (&of_nurse, named)] {
            let answer = api.get_as(path, &key).await;
            assert_eq!(answer.status.as_u16(), expected, "{path} as {asker}: {:?}", answer.body);
        }
    }
    // Nobody is on record of whom nobody has heard.
    let made_up = query(&[("owner", &ss58(0x77))]);
    let key = api.key_of(Account([2; 32]), &["health:read"]).await;
    assert_eq!(api.get_as(&made_up, &key).await.body["deny_reason"], "OwnerNotAdmitted");
    let of_made_up = format!("/v1/reads?subject={}", ss58(0x77));
    assert!(api.items(&of_made_up).await.is_empty());
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn what_a_guardian_gave_goes_with_the_guardianship(pool: PgPool) {
    let mut api = api(pool).await;
    let given = Grant { by: 7, ..active(2) }.event();
    api.write(vec![revoked(1, 1, 1), given, guardians::granted(2, 1, 0)]).await;
    assert_eq!(decided(&api, &[]).await, (Value::Null, json!(2), Value::Null));
    api.write(vec![guardians_changed(1, 1)]).await;
    assert_eq!(decided(&api, &[]).await, refused("Expired", 2));
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn nothing_is_decided_while_nobody_knows_whether_the_contract_is_paused(pool: PgPool) {
    let api = api(pool).await;
    api.sql(
        "update projections set stopped_block = 101, stopped_index = 1, stopped_reason = 'unclear'
        where name = 'governance'",
    )
    .await;
    let answer = api.get(&query(&[])).await;
    assert_eq!(answer.problem(503, "not-ready")["reason"], "projection-stopped");
    api.ok("/v1/consents").await;
}
