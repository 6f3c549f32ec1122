//! Who read whose data: put on record before it is shown, for those whose data they are.

use assent_client::Account;
use sqlx::FromRow;

use crate::{Auth, error::AuthError, moment::Moment, secret::KeyId};

/// Records of a page at most.
const PAGE: i64 = 1_000;

/// A reading: who, what, of which block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// The key that asked.
    pub reader: Account,
    /// The account as which it acted.
    pub reader_as: Account,
    /// By which API key; `None`: it had signed in.
    pub api_key: Option<KeyId>,
    /// What was asked: the route, with names for what stands in its path.
    pub route: String,
    /// The block whose state was read.
    pub block_number: i64,
}

/// A reading, as it is on record.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Recorded {
    /// Number of the record.
    pub id: i64,
    /// When.
    pub at_ms: Moment,
    /// Whose data.
    pub subject: Account,
    /// The key that asked.
    pub reader: Account,
    /// The account as which it acted.
    pub reader_as: Account,
    /// By which API key; `None`: it had signed in.
    pub api_key: Option<KeyId>,
    /// What was asked.
    pub route: String,
    /// The block whose state was read.
    pub block_number: i64,
}

/// Which records somebody wants, of those that he may see.
#[derive(Debug, Clone, Default)]
pub struct ReadsQuery {
    /// Only those of these subjects, or of readers who acted as one of `readers`; `None`: all.
    pub subjects: Option<Vec<Account>>,
    /// See `subjects`.
    pub readers: Option<Vec<Account>>,
    /// Only of this subject.
    pub subject: Option<Account>,
    /// Only by who acted as this account.
    pub reader_as: Option<Account>,
    /// Only after this one.
    pub after: Option<i64>,
    /// So many at most, and 1,000 in any case.
    pub limit: i64,
}

impl Auth {
    /// Puts on record that data of these subjects were read, unless that is on record already for this block.
    ///
    /// # Errors
    /// [`AuthError::Unavailable`], and faults of the service: then nothing is on record, and nothing must be shown.
    pub async fn record(&self, read: &Read, subjects: Vec<Account>) -> Result<(), AuthError> {
        if subjects.is_empty() {
            return Ok(());
        }
        sqlx::query(
            "insert into auth.reads (
                at_ms, subject, reader, reader_as, api_key, route, block_number
            ) select $1, subject, $3, $4, $5, $6, $7 from unnest($2::bytea[]) as s (subject)
            on conflict do nothing",
        )
        .bind(self.settings().clock.now())
        .bind(subjects)
        .bind(read.reader)
        .bind(read.reader_as)
        .bind(read.api_key)
        .bind(&read.route)
        .bind(read.block_number)
        .execute(self.pool())
        .await?;
        Ok(())
    }

    /// Records, in the order in which they were made.
    ///
    /// # Errors
    /// [`AuthError::Unavailable`], and faults of the service.
    pub async fn reads(&self, query: ReadsQuery) -> Result<Vec<Recorded>, AuthError> {
        let records = sqlx::query_as(
            "select id, at_ms, subject, reader, reader_as, api_key, route, block_number
            from auth.reads
            where ($1::bytea[] is null or subject = any($1) or reader_as = any($2))
                and ($3::bytea is null or subject = $3)
                and ($4::bytea is null or reader_as = $4)
                and ($5::bigint is null or id > $5)
            order by id
            limit $6",
        )
        .bind(query.subjects)
        .bind(query.readers)
        .bind(query.subject)
        .bind(query.reader_as)
        .bind(query.after)
        .bind(query.limit.clamp(0, PAGE))
        .fetch_all(self.pool())
        .await?;
        Ok(records)
    }
}
