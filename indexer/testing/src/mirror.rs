//! A mirror on a test's own database.

use assent_client::EmittedEvent;
use assent_client::manifest::Manifest;
use assent_indexer::store::{Block, Store, StoreError, Written};
use assent_mirror::{INVARIANTS, violations};
use sqlx::PgPool;

use crate::{FIRST, block, block_at, decoder, manifest};

/// Opens the store on the database of a test.
///
/// # Errors
///
/// Those of [`Store::open`].
pub async fn open(pool: &PgPool) -> Result<Store, StoreError> {
    open_for(pool, &manifest()).await
}

/// Opens the store for another manifest.
///
/// # Errors
///
/// Those of [`Store::open`].
pub async fn open_for(pool: &PgPool, manifest: &Manifest) -> Result<Store, StoreError> {
    Store::open(&pool.connect_options(), manifest, decoder(), &|_| {}).await
}

/// A store and the block that comes next.
pub struct Mirror {
    /// The database.
    pub pool: PgPool,
    /// Its writer.
    pub store: Store,
    /// The next block.
    pub next: u64,
    manifest: Manifest,
    left_out: &'static [&'static str],
}

impl Mirror {
    /// A mirror of contracts of which nothing is known yet.
    ///
    /// # Panics
    ///
    /// When the database is not empty.
    pub async fn new(pool: PgPool) -> Self {
        Self::of(pool, &manifest()).await
    }

    /// A mirror of another deployment.
    ///
    /// # Panics
    ///
    /// When the database is not empty.
    pub async fn of(pool: PgPool, manifest: &Manifest) -> Self {
        let store = open_for(&pool, manifest).await.expect("an empty database is admitted");
        Self { pool, store, next: FIRST, manifest: manifest.clone(), left_out: &[] }
    }

    /// For a story that tells one contract's part only: the invariants that hold between that part and
    /// the ones left out. They are not asked for.
    ///
    /// # Panics
    ///
    /// When there is no such invariant.
    #[must_use]
    pub fn leaving_out(self, invariants: &'static [&'static str]) -> Self {
        for name in invariants {
            assert!(INVARIANTS.iter().any(|known| known.name == *name), "no invariant {name}");
        }
        Self { left_out: invariants, ..self }
    }

    /// Writes the next block. It stays the next one when it is refused.
    ///
    /// # Errors
    ///
    /// Those of [`Store::write`].
    pub async fn try_write(&mut self, events: Vec<EmittedEvent>) -> Result<Written, StoreError> {
        let written = self.store.write(&[block(self.next, events)]).await?;
        self.next += 1;
        Ok(written)
    }

    /// Writes the next block, which must stop exactly one projection, changes nothing else than the list
    /// of events, and is taken back: why it was stopped.
    ///
    /// # Panics
    ///
    /// When one of these is not so.
    pub async fn refusal(&mut self, events: Vec<EmittedEvent>) -> String {
        let before = self.contents().await;
        let last = i64::try_from(self.next).expect("a low height") - 1;
        let written = self.try_write(events).await.expect("the block is written");
        let [(projection, contradiction)] = &written.stopped[..] else {
            panic!("one projection stops: {written:?}");
        };
        assert_eq!(self.contents().await, before, "a refused event changes nothing");
        let mut tx = self.pool.begin().await.expect("the database is there");
        for statement in [
            "delete from events where block_number > $1",
            "delete from contract_codes where from_block > $1",
            "delete from blocks where number > $1",
            "delete from watermark where block_number > $1 and not exists (select from blocks)",
            "update watermark set block_number = number, block_hash = hash, block_time_ms = time_ms \
             from blocks where number = $1",
            "update projections set block_number = $1, stopped_block = null, \
             stopped_index = null, stopped_reason = null",
        ] {
            sqlx::query(statement).bind(last).execute(&mut *tx).await.expect(statement);
        }
        tx.commit().await.expect("it is taken back");
        self.next -= 1;
        // What the store holds of the database is not so any more.
        self.reopen().await;
        let name = projection.name();
        format!("{name}: {}", contradiction.reason)
    }

    /// Empties the database but for chain and contracts, and opens another store.
    ///
    /// # Panics
    ///
    /// When the database refuses it.
    pub async fn forget(&mut self) {
        let tables: Vec<(String, String)> = self.contents().await;
        let mut names: Vec<&str> = tables.iter().map(|(name, _)| name.as_str()).collect();
        names.extend(["contract_codes", "blocks", "events", "watermark", "projections"]);
        let sql = format!("truncate {}", names.join(", "));
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&self.pool).await.expect("it is emptied");
        self.next = FIRST;
        self.reopen().await;
    }

    /// Closes the store and opens another one, as a restart does.
    ///
    /// # Panics
    ///
    /// When the database refuses it.
    pub async fn reopen(&mut self) {
        let options = self.pool.connect_options();
        sqlx::query(
            "select pg_terminate_backend(pid) from pg_stat_activity \
             where datname = current_database() and application_name = 'assent-indexer'",
        )
        .execute(&self.pool)
        .await
        .expect("the session can be ended");
        self.store = Store::open(&options, &self.manifest, decoder(), &|_| {})
            .await
            .expect("the database is admitted again");
    }

    /// All rows of the projections' tables and their histories, in short.
    ///
    /// # Panics
    ///
    /// When the database fails.
    pub async fn contents(&self) -> Vec<(String, String)> {
        sqlx::query_as(
            "select relname::text, md5(query_to_xml( \
             format('select t::text from %I t order by 1', relname), true, false, '')::text) \
             from pg_class where relkind in ('r', 'p') and not relispartition \
             and relnamespace = 'public'::regnamespace \
             and relname not in ('_sqlx_migrations', 'network', 'contracts', 'codes', \
             'contract_codes', 'blocks', 'events', 'watermark', 'projections', 'audit') \
             order by 1",
        )
        .fetch_all(&self.pool)
        .await
        .expect("the tables can be read")
    }

    /// Writes the next block; every event must decode and have a projection, and all invariants must
    /// hold afterwards.
    ///
    /// # Panics
    ///
    /// When one of these is not so.
    pub async fn write(&mut self, events: Vec<EmittedEvent>) {
        let count = events.len() as u64;
        let written = self.try_write(events).await.expect("the block is written");
        assert_eq!(written, Written { events: count, ..Written::default() });
        self.check().await;
    }

    /// Writes a block whose events stand at these indices, after empty ones up to it.
    ///
    /// # Errors
    ///
    /// Those of [`Store::write`].
    ///
    /// # Panics
    ///
    /// When the block is written already.
    pub async fn write_at(
        &mut self,
        number: u64,
        events: Vec<(u32, EmittedEvent)>,
    ) -> Result<Written, StoreError> {
        if number > self.next {
            self.advance(number - 1).await;
        }
        assert_eq!(number, self.next, "block {number} is written already");
        let written = self.store.write(&[block_at(number, events)]).await?;
        self.next += 1;
        Ok(written)
    }

    /// Writes empty blocks up to this one.
    ///
    /// # Panics
    ///
    /// When the block is written already.
    pub async fn advance(&mut self, number: u64) {
        let blocks: Vec<Block> = (self.next..=number).map(|next| block(next, vec![])).collect();
        assert!(!blocks.is_empty(), "block {number} is written already");
        self.store.write(&blocks).await.expect("empty blocks are written");
        self.next = number + 1;
    }

    /// Asserts that the invariants hold, but for those that the story leaves out.
    ///
    /// # Panics
    ///
    /// When one is violated.
    pub async fn check(&self) {
        let mut db = self.pool.acquire().await.expect("the database is there");
        let mut found = violations(&mut db).await.expect("the invariants can be checked");
        found.retain(|violation| !self.left_out.contains(&violation.invariant));
        assert!(found.is_empty(), "after block {}: {found:#?}", self.next - 1);
    }

    /// The rows of a query with one text column.
    ///
    /// # Panics
    ///
    /// When the query fails.
    pub async fn rows(&self, sql: &'static str) -> Vec<String> {
        sqlx::query_scalar(sql).fetch_all(&self.pool).await.expect(sql)
    }

    /// A table as text, a row a line, each value labelled with its column; `rest` is what follows
    /// `select … from`. Accounts and hashes are printed by their first byte, and the position as `at`.
    ///
    /// # Panics
    ///
    /// When the query fails.
    pub async fn table(&self, rest: &'static str) -> String {
        let rows: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
            "select (select string_agg(concat(key, '=', \
             case when value like '\\\\x%' then substr(value, 3, 2) else coalesce(value, '-') end), \
             ' ' order by nth) from json_each_text(shown) with ordinality as columns (key, value, nth) \
             where key not in ('singleton', 'block_number', 'event_index')) \
             || concat(' at=', shown ->> 'block_number', '-', shown ->> 'event_index') \
             from (select row_to_json(found) from (select * from {rest}) found) as listed (shown)"
        )))
        .fetch_all(&self.pool)
        .await
        .expect(rest);
        rows.iter().map(|row| format!("{row}\n")).collect()
    }
}
