//! Who sees what: in worlds by chance, and of every route there is.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::{Value, json};
use sqlx::PgPool;
use tokio::task::JoinSet;

use assent_client::Account;
use assent_indexer_testing::account;

use self::{
    random::{EVERYBODY, Random},
    world::{LISTS, NOW, World, key_of},
};
use crate::support::{AS_OF, Api, time_ms};

mod random;
pub mod routes;
pub mod world;

/// Of the first world; the others follow.
const SEED: u64 = 0x0005_16e7;
/// How many there are.
const WORLDS: u64 = 10;
/// Who reads in each.
const READERS: usize = 6;
/// Paths of single things that each of them asks for.
const PATHS: usize = 24;

/// An API key of this account for everything.
pub async fn key(api: &Api, n: u8) -> String {
    api.key_of(Account(account(n)), &["health:read", "accounts:read"]).await
}

/// Somebody who reads in a world.
struct Reader {
    api: Arc<Api>,
    world: Arc<World>,
    seed: u64,
    account: u8,
    key: String,
    /// Items of a page.
    limit: usize,
}

impl Reader {
    /// What to say of an answer that is not right.
    fn about(&self, path: &str) -> String {
        let Self { account, limit, seed, .. } = self;
        format!("{path} as {account} by {limit} in the world of seed {seed:#x}")
    }

    async fn page(&self, path: &str) -> Value {
        let answer = self.api.get_as(path, &self.key).await;
        assert_eq!(answer.status, 200, "{}: {:?}", self.about(path), answer.body);
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{}", self.about(path));
        answer.body
    }

    /// Asserts that the pages of a list show what he may see, and nothing else.
    async fn list(&self, list: &str, fields: &[&str]) {
        let (about, sight) = (self.about(list), self.world.sight(self.account));
        if sight.account.is_none() {
            return self.is_nobody(list).await;
        }
        let there = self.world.lists.get(list).into_iter().flatten();
        let seen = there.filter(|entry| sight.sees(&entry.parties));
        let mut expected: Vec<_> = seen.map(|entry| entry.key.clone()).collect();
        let (mut found, mut after) = (Vec::new(), String::new());
        loop {
            let page = self.page(&format!("{list}?limit={}{after}", self.limit)).await;
            let items = page["items"].as_array().unwrap();
            // What he may not see leaves no gap: a page is full unless it is the last one, and none of several is
            // empty.
            assert!(after.is_empty() || !items.is_empty(), "{about}: {page}");
            for item in items {
                let values = fields.iter().map(|field| item.pointer(field).unwrap().clone());
                found.push(key_of(&values.collect::<Vec<_>>()));
            }
            match page["next"].as_str() {
                Some(next) => {
                    assert_eq!(items.len(), self.limit, "{about}: {page}");
                    after = format!("&after={next}");
                }
                None => break,
            }
        }
        expected.sort();
        found.sort();
        assert_eq!(found, expected, "{about}");
    }

    /// Asserts that a key that was replaced is told so, and nothing else.
    async fn is_nobody(&self, path: &str) {
        let answer = self.api.get_as(path, &self.key).await;
        let told = (answer.status.as_u16(), &answer.body["type"]);
        assert_eq!(told, (403, &json!("urn:assent:problem:key-replaced")), "{}", self.about(path));
    }

    /// Asserts that a path leads him to what he may see, and nowhere otherwise.
    async fn item(&self, path: &str) {
        let (about, sight) = (self.about(path), self.world.sight(self.account));
        if sight.account.is_none() {
            return self.is_nobody(path).await;
        }
        let seen = self.world.items[path].iter().filter(|parties| sight.sees(parties)).count();
        let answer = self.api.get_as(path, &self.key).await;
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{about}");
        let told = (answer.status.as_u16(), &answer.body["type"]);
        if seen == 0 {
            assert_eq!(told, (404, &json!("urn:assent:problem:not-found")), "{about}");
        } else {
            assert_eq!(told, (200, &Value::Null), "{about}");
            // Of a series he sees some versions, or all.
            if let Some(items) = answer.body["items"].as_array() {
                assert_eq!(items.len(), seen, "{about}: {}", answer.body);
            }
        }
    }

    async fn everything(self, paths: Vec<String>) {
        for (list, fields) in LISTS.iter().filter(|(list, _)| *list != "/v1/reads") {
            self.list(list, fields).await;
        }
        for path in paths {
            self.item(&path).await;
        }
        let events = self.api.get_as("/v1/events", &self.key).await;
        let is_overseer = self.world.sight(self.account).is_overseer;
        let expected: u16 = if is_overseer { 200 } else { 403 };
        assert_eq!(events.status, expected, "{}", self.about("/v1/events"));
    }
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn everybody_sees_what_is_his_to_see_and_nothing_else(pool: PgPool) {
    assert_eq!(time_ms(AS_OF), NOW);
    let api = Arc::new(Api::mirror(pool).await);
    let mut keys = BTreeMap::new();
    for n in EVERYBODY {
        keys.insert(n, key(&api, n).await);
    }
    let (mut overseers, mut replaced) = (0, 0);
    // Rows that are hidden from a reader, and rows that are not.
    let mut told: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    for seed in SEED..SEED + WORLDS {
        let world = Arc::new(random::world(seed));
        world.insert(&api.pool).await;
        let mut random = Random::of(!seed);
        let mut readers = Vec::new();
        for account in random.some(&EVERYBODY, READERS) {
            let sight = world.sight(account);
            overseers += usize::from(sight.is_overseer);
            replaced += usize::from(sight.account.is_none());
            if !sight.is_overseer {
                for (list, entries) in &world.lists {
                    for entry in entries {
                        let told = told.entry(*list).or_default();
                        told[usize::from(sight.sees(&entry.parties))] += 1;
                    }
                }
            }
            readers.push(Reader {
                api: Arc::clone(&api),
                world: Arc::clone(&world),
                seed,
                account,
                key: keys[&account].clone(),
                limit: 2 + random.below(4),
            });
        }
        // Before they read anything that is put on record.
        for reader in &readers {
            reader.list("/v1/reads", &["/id"]).await;
        }
        let mut reading = JoinSet::new();
        for reader in readers {
            let paths: Vec<_> = world.items.keys().cloned().collect();
            reading.spawn(reader.everything(random.some(&paths, PATHS)));
        }
        reading.join_all().await;
        world.remove(&api.pool).await;
    }
    assert!(
        overseers > 0 && replaced > 0,
        "{overseers} see all, {replaced} nothing: seed {SEED:#x}"
    );
    for (list, _) in LISTS {
        let told = told.get(list).copied().unwrap_or_default();
        assert!(!told.contains(&0), "{list}: {told:?} rows hidden and shown: seed {SEED:#x}");
    }
}
