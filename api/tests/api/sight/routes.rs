//! Each route of the document against each kind of caller, on a small world of which every list has a row.

use std::collections::BTreeSet;

use sqlx::PgPool;

use assent_client::Account;
use assent_indexer_testing::account;

use super::{
    key,
    world::{Standing, World, role},
};
use crate::support::{Answer, Api, hex32, ss58};

/// A patient, whom a guardian acts for, and a clinic that has to do with him, whom a nurse acts for; an emitter.
pub const PATIENT: u8 = 1;
pub const CLINIC: u8 = 2;
pub const AUDITOR: u8 = 3;
pub const REGULATOR: u8 = 4;
pub const FACTORY: u8 = 5;
/// Another patient, of another clinic.
pub const OTHER_PATIENT: u8 = 6;
pub const NURSE: u8 = 7;
pub const GUARDIAN: u8 = 8;
pub const OTHER_CLINIC: u8 = 10;
/// Who has a key, and nothing to do with anybody.
pub const STRANGER: u8 = 30;

/// In the order of the columns of [`routes`].
const CALLERS: [u8; 8] = [STRANGER, PATIENT, CLINIC, NURSE, GUARDIAN, FACTORY, AUDITOR, REGULATOR];

/// Two of each row: one of the patient and the clinic or of the emitter, one of others.
pub fn fixed() -> World {
    let mut world = World::default();
    for (n, roles) in [
        (PATIENT, role::DATA_OWNER),
        (CLINIC, role::PROVIDER),
        (AUDITOR, role::AUDITOR),
        (REGULATOR, role::REGULATOR),
        (FACTORY, role::EMITTER),
        (OTHER_PATIENT, role::DATA_OWNER),
        (OTHER_CLINIC, role::PROVIDER),
    ] {
        world.participant(n, roles, 0, &[]);
    }
    world.mandate(CLINIC, NURSE, None, Standing::Counts);
    world.mandate(PATIENT, GUARDIAN, Some(REGULATOR), Standing::Counts);
    world.mandate(OTHER_PATIENT, 31, Some(REGULATOR), Standing::Counts);
    for (id, patient, clinic, by) in [
        (1_u8, PATIENT, CLINIC, NURSE),
        // By its own key.
        (2, OTHER_PATIENT, OTHER_CLINIC, OTHER_CLINIC),
    ] {
        let number = i64::from(id);
        world.succession(patient, 0x20 + id);
        world.grant(number, patient, clinic, patient);
        world.denial(patient, clinic, 1);
        world.delegation(patient, 0x30);
        world.window(number, patient, clinic, by);
        world.bar(by);
        world.sanction(number, clinic);
        world.refusal(patient);
        world.restriction(patient);
        world.access(number, patient, clinic, by);
        world.proposal(number, patient, clinic, by);
        world.erasure(number, patient, clinic, patient);
        world.report(clinic, 0x51, 1, Some(patient), clinic);
        world.audit(number, clinic, 0x51, 0x31);
        world.reading(number, patient, by, by);
        world.rewards(patient);
        world.budget(clinic);
        world.budget_movement(clinic, FACTORY);
        world.unfunded(number, patient, clinic);
        world.token_receipt(id, clinic);
    }
    world.accrual(1, PATIENT, CLINIC, None);
    world.accrual(2, OTHER_PATIENT, OTHER_CLINIC, Some(FACTORY));
    world.withdrawal(PATIENT, PATIENT);
    world.withdrawal(OTHER_PATIENT, GUARDIAN);
    for n in [PATIENT, CLINIC, FACTORY, OTHER_PATIENT] {
        world.token_balance(n);
    }
    for (n, operator) in [(FACTORY, CLINIC), (OTHER_PATIENT, OTHER_CLINIC)] {
        world.carbon_balance(1, n);
        world.operator(n, operator, 1);
        world.freeze(n, true);
        world.duty(1, n, true);
        world.emissions(1, n, 1, operator);
        world.surrender(n);
        world.rating(n);
    }
    world.public();
    world
}

/// What a route tells each of [`CALLERS`].
#[derive(Debug)]
enum Told {
    /// All of them the same, and whoever else asks: so many items, if it is a list.
    Public(Option<usize>),
    /// All of them that the mirror is not ready.
    Unready,
    /// Each so many items.
    List([usize; 8]),
    /// Those with 1 an item, the others that there is none.
    Item([usize; 8]),
    /// The same of a list that there is not, unless one sees some of it.
    Series([usize; 8]),
    /// Auditors and regulators so many items.
    Overseers(usize),
}

/// A route, and what it tells whom.
#[derive(Debug)]
pub struct Route {
    /// As in the document, with what has to be in the query.
    pattern: &'static str,
    /// What stands in it for the names in braces.
    names: Vec<String>,
    /// The same for something that there is not; none if it makes no difference, or is no secret.
    others: Vec<String>,
    told: Told,
}

impl Route {
    fn of(pattern: &'static str, names: Vec<String>, others: Vec<String>, told: Told) -> Self {
        Self { pattern, names, others, told }
    }

    /// As in the document.
    pub fn path(&self) -> &'static str {
        self.pattern.split('?').next().unwrap()
    }

    /// Whether only who is signed in may ask.
    pub fn is_private(&self) -> bool {
        !matches!(self.told, Told::Public(_) | Told::Unready)
    }

    /// What an API key needs.
    fn scope(&self) -> &'static str {
        let of_accounts = ["/v1/rewards", "/v1/token", "/v1/carbon"];
        let is_of_accounts = of_accounts.iter().any(|prefix| self.pattern.starts_with(prefix));
        if is_of_accounts { "accounts:read" } else { "health:read" }
    }

    /// The path that leads to what there is.
    pub fn request(&self) -> String {
        self.filled(&self.names)
    }

    fn filled(&self, names: &[String]) -> String {
        let (mut path, mut rest) = (String::new(), self.pattern);
        for name in names {
            let (before, after) = rest.split_once('{').unwrap();
            path = path + before + name;
            rest = after.split_once('}').unwrap().1;
        }
        assert!(!rest.contains('{'), "{} has more names", self.pattern);
        path + rest
    }

    /// Status, kind of the problem, and number of items.
    fn tells(&self, caller: Caller) -> (u16, Option<&'static str>, Option<usize>) {
        const NOT_FOUND: (u16, Option<&str>, Option<usize>) = (404, Some("not-found"), None);
        match (&self.told, caller) {
            (Told::Public(items), _) => (200, None, *items),
            (Told::Unready, _) => (503, Some("not-ready"), None),
            (_, Caller::Nobody) => (401, Some("sign-in-needed"), None),
            (_, Caller::WithoutScope) => (403, Some("scope-needed"), None),
            (Told::List(items), Caller::Known(index)) => (200, None, Some(items[index])),
            (Told::Item(items) | Told::Series(items), Caller::Known(index))
                if items[index] == 0 =>
            {
                NOT_FOUND
            }
            (Told::Item(_), Caller::Known(_)) => (200, None, None),
            (Told::Series(items), Caller::Known(index)) => (200, None, Some(items[index])),
            (Told::Overseers(items), Caller::Known(index)) => match CALLERS[index] {
                AUDITOR | REGULATOR => (200, None, Some(*items)),
                _ => (403, Some("role-needed"), None),
            },
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Caller {
    Nobody,
    /// Of the regulator, with a key for the other purposes.
    WithoutScope,
    /// One of [`CALLERS`].
    Known(usize),
}

fn list(pattern: &'static str, items: [usize; 8]) -> Route {
    Route::of(pattern, vec![], vec![], Told::List(items))
}

fn item<const N: usize, const M: usize>(
    pattern: &'static str,
    names: [String; N],
    others: [String; M],
    shown: [usize; 8],
) -> Route {
    Route::of(pattern, names.into(), others.into(), Told::Item(shown))
}

/// An item of an account.
fn of(pattern: &'static str, n: u8, shown: [usize; 8]) -> Route {
    item(pattern, [ss58(n)], [ss58(0x63)], shown)
}

/// Item 1.
fn first(pattern: &'static str, shown: [usize; 8]) -> Route {
    item(pattern, ["1".to_owned()], ["999".to_owned()], shown)
}

fn public(pattern: &'static str, items: Option<usize>) -> Route {
    Route::of(pattern, vec![], vec![], Told::Public(items))
}

fn public_item(pattern: &'static str, name: &str) -> Route {
    Route::of(pattern, vec![name.to_owned()], vec![], Told::Public(None))
}

/// All of them. Of what a caller reads nothing but the readings is shown to others, so that they come first.
pub fn routes() -> Vec<Route> {
    vec![
        // In each row: a stranger, the patient, the clinic, its nurse, the guardian, the emitter, an auditor, a
        // regulator.
        list("/v1/reads", [0, 1, 0, 1, 1, 0, 2, 2]),
        list("/v1/participants", [5, 6, 5, 5, 6, 5, 7, 7]),
        of("/v1/participants/{address}", PATIENT, [0, 1, 0, 0, 1, 0, 1, 1]),
        list("/v1/mandates", [0, 1, 1, 1, 1, 0, 3, 3]),
        list("/v1/successions", [0, 1, 0, 0, 1, 0, 2, 2]),
        of("/v1/successions/{address}", PATIENT, [0, 1, 0, 0, 1, 0, 1, 1]),
        list("/v1/consents", [0, 1, 1, 1, 1, 0, 2, 2]),
        first("/v1/consents/{id}", [0, 1, 1, 1, 1, 0, 1, 1]),
        item(
            "/v1/consents/check?owner={owner}&requester={requester}&purpose=0&category=0",
            [ss58(PATIENT), ss58(CLINIC)],
            [ss58(0x63), ss58(0x62)],
            [0, 1, 1, 1, 1, 0, 1, 1],
        ),
        list("/v1/denials", [0, 1, 1, 1, 1, 0, 2, 2]),
        list("/v1/delegations", [0, 1, 0, 0, 1, 0, 2, 2]),
        of("/v1/patient-choices/{address}", PATIENT, [0, 1, 0, 0, 1, 0, 1, 1]),
        list("/v1/emergency-windows", [0, 1, 1, 1, 1, 0, 2, 2]),
        first("/v1/emergency-windows/{id}", [0, 1, 1, 1, 1, 0, 1, 1]),
        list("/v1/emergency-bars", [0, 0, 0, 1, 0, 0, 2, 2]),
        list("/v1/sanctions", [0, 0, 1, 1, 0, 0, 2, 2]),
        list("/v1/access-log", [0, 1, 1, 1, 1, 0, 2, 2]),
        of("/v1/access-log/{address}/head", PATIENT, [0, 1, 0, 0, 1, 0, 1, 1]),
        public("/v1/access-log/outsiders", None),
        list("/v1/proposals", [0, 1, 1, 1, 1, 0, 2, 2]),
        first("/v1/proposals/{id}", [0, 1, 1, 1, 1, 0, 1, 1]),
        list("/v1/erasures", [0, 1, 1, 1, 1, 0, 2, 2]),
        first("/v1/erasures/{id}", [0, 1, 1, 1, 1, 0, 1, 1]),
        list("/v1/reports", [0, 1, 1, 1, 1, 0, 2, 2]),
        // Whoever knows the root has seen the file.
        item("/v1/reports/verify?root={root}", [hex32(0x11)], [], [1; 8]),
        Route::of(
            "/v1/reports/{owner}/{series}",
            vec![ss58(CLINIC), hex32(0x51)],
            vec![ss58(0x63), hex32(0x62)],
            Told::Series([0, 1, 1, 1, 1, 0, 1, 1]),
        ),
        list("/v1/audits", [0, 1, 1, 1, 1, 0, 2, 2]),
        first("/v1/audits/{id}", [0, 1, 1, 1, 1, 0, 1, 1]),
        Route::of("/v1/events", vec![], vec![], Told::Overseers(1)),
        of("/v1/rewards/{address}", PATIENT, [0, 1, 0, 0, 1, 0, 1, 1]),
        list("/v1/rewards/budgets", [0, 0, 1, 1, 0, 0, 2, 2]),
        of("/v1/rewards/budgets/{address}", CLINIC, [0, 0, 1, 1, 0, 0, 1, 1]),
        list("/v1/rewards/budget-movements", [0, 0, 1, 1, 0, 0, 2, 2]),
        list("/v1/rewards/accruals", [0, 1, 1, 1, 1, 1, 2, 2]),
        list("/v1/rewards/unfunded", [0, 1, 1, 1, 1, 0, 2, 2]),
        list("/v1/rewards/withdrawals", [0, 1, 0, 0, 2, 0, 2, 2]),
        public("/v1/rewards/totals", None),
        public("/v1/rewards/tariffs", Some(1)),
        public("/v1/rewards/pots", Some(1)),
        public_item("/v1/rewards/pots/{purpose}", "1"),
        public("/v1/rewards/pot-movements", Some(1)),
        list("/v1/token/balances", [0, 1, 1, 1, 1, 1, 4, 4]),
        of("/v1/token/balances/{address}", FACTORY, [0, 0, 0, 0, 0, 1, 1, 1]),
        list("/v1/token/receipts", [0, 0, 1, 1, 0, 0, 2, 2]),
        item("/v1/token/receipts/{receipt}", [hex32(1)], [hex32(0x63)], [0, 0, 1, 1, 0, 0, 1, 1]),
        public("/v1/token/totals", None),
        list("/v1/carbon/balances", [0, 0, 0, 0, 0, 1, 2, 2]),
        list("/v1/carbon/approvals", [0, 0, 1, 1, 0, 1, 2, 2]),
        list("/v1/carbon/escrows", [0, 0, 1, 1, 0, 1, 2, 2]),
        list("/v1/carbon/frozen", [0, 0, 0, 0, 0, 1, 2, 2]),
        list("/v1/carbon/duties", [0, 0, 0, 0, 0, 1, 2, 2]),
        list("/v1/carbon/penalties", [0, 0, 0, 0, 0, 1, 2, 2]),
        list("/v1/carbon/reports", [0, 0, 1, 1, 0, 1, 2, 2]),
        list("/v1/carbon/surrenders", [0, 0, 0, 0, 0, 1, 2, 2]),
        list("/v1/carbon/ratings", [0, 0, 0, 0, 0, 1, 2, 2]),
        of("/v1/carbon/ratings/{address}", FACTORY, [0, 0, 0, 0, 0, 1, 1, 1]),
        public("/v1/carbon/classes", Some(1)),
        public("/v1/carbon/projects", Some(1)),
        public("/v1/carbon/batches", Some(1)),
        public_item("/v1/carbon/batches/{id}", "2"),
        public("/v1/carbon/periods", Some(1)),
        public_item("/v1/carbon/periods/{id}", "1"),
        public("/v1/carbon/penalty-tariff", None),
        public("/v1/carbon/retirements", Some(1)),
        public("/v1/carbon/cancellations", Some(1)),
        public("/v1/market/orders", Some(1)),
        public_item("/v1/market/orders/{id}", "1"),
        public("/v1/market/fills", Some(1)),
        public("/v1/market/settings", None),
        public("/v1/governance", Some(8)),
        public_item("/v1/governance/{contract}", "consent"),
        public("/v1/status", None),
        public("/healthz", None),
        Route::of("/readyz", vec![], vec![], Told::Unready),
    ]
}

/// Status, kind of the problem, and number of items.
fn told(answer: &Answer) -> (u16, Option<&str>, Option<usize>) {
    let kind = answer.body["type"].as_str();
    let kind = kind.and_then(|kind| kind.strip_prefix("urn:assent:problem:"));
    (answer.status.as_u16(), kind, answer.body["items"].as_array().map(Vec::len))
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn each_route_tells_each_caller_what_is_his(pool: PgPool) {
    let api = Api::mirror(pool).await;
    let mut keys = Vec::new();
    for n in CALLERS {
        keys.push(key(&api, n).await);
    }
    let regulator = Account(account(REGULATOR));
    let for_health = api.key_of(regulator, &["health:read"]).await;
    let for_accounts = api.key_of(regulator, &["accounts:read"]).await;
    fixed().insert(&api.pool).await;
    // It has no block of today.
    api.state.look().await;
    let document = api.get_anonymously("/openapi.json").await.body;
    let routes = routes();

    let paths = document["paths"].as_object().unwrap();
    let is_read = |path: &&String| paths[*path].get("get").is_some();
    let documented: BTreeSet<_> = paths.keys().filter(is_read).map(String::as_str).collect();
    let tried: BTreeSet<_> = routes.iter().map(Route::path).collect();
    assert_eq!(documented, tried);

    for route in &routes {
        let path = route.request();
        let operation = &paths[route.path()]["get"];
        let responses = operation["responses"].as_object().unwrap();
        assert_eq!(responses.contains_key("401"), route.is_private(), "{path}");
        assert_eq!(operation["security"].is_array(), route.is_private(), "{path}");
        let other = if route.scope() == "health:read" { &for_accounts } else { &for_health };
        let mut answers = vec![
            (Caller::Nobody, api.get_anonymously(&path).await),
            (Caller::WithoutScope, api.get_as(&path, other).await),
        ];
        for (index, key) in keys.iter().enumerate() {
            answers.push((Caller::Known(index), api.get_as(&path, key).await));
        }
        for (caller, answer) in answers {
            let who = match caller {
                Caller::Known(index) => format!("{caller:?}, {}", CALLERS[index]),
                Caller::Nobody | Caller::WithoutScope => format!("{caller:?}"),
            };
            let about = format!("{path} as {who}: {}", answer.body);
            assert_eq!(told(&answer), route.tells(caller), "{about}");
            assert!(responses.contains_key(answer.status.as_str()), "not documented: {about}");
            let kept = answer.header("cache-control");
            if route.is_private() {
                assert_eq!(kept, Some("no-store"), "{about}");
            } else if let Caller::Nobody = caller {
                assert_eq!(kept, None, "{about}");
            }
            let challenge = match answer.status.as_u16() {
                401 => Some("Bearer"),
                403 if matches!(caller, Caller::WithoutScope) => {
                    Some(r#"Bearer error="insufficient_scope""#)
                }
                _ => None,
            };
            assert_eq!(answer.header("www-authenticate"), challenge, "{about}");
        }
    }
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn what_is_hidden_and_what_is_not_there_are_told_in_the_same_words(pool: PgPool) {
    let api = Api::mirror(pool).await;
    let stranger = key(&api, STRANGER).await;
    fixed().insert(&api.pool).await;
    let said = async |route: &Route, names: &[String]| -> String {
        let answer = api.get_as(&route.filled(names), &stranger).await;
        let detail = answer.problem(404, "not-found")["detail"].as_str().unwrap().to_owned();
        names.iter().fold(detail, |detail, name| {
            assert!(detail.contains(name), "{name}: {detail}");
            detail.replace(name, "…")
        })
    };
    let mut compared = 0;
    for route in routes().iter().filter(|route| !route.others.is_empty()) {
        let hidden = said(route, &route.names).await;
        assert_eq!(hidden, said(route, &route.others).await, "{}", route.pattern);
        compared += 1;
    }
    assert_eq!(compared, 16);
}
