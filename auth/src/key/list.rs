//! The keys that there are: making, rotating, revoking and listing them.

use std::time::Duration;

use assent_client::Account;
use sqlx::PgPool;

use super::{ApiKey, MOST, MadeKey, NewKey, NewKeyError, Parts};
use crate::{
    error::AuthError,
    moment::Moment,
    secret::{KeyId, SecretHash},
    settings::{Clock, DAY},
};

/// Keys of a page at most.
const PAGE: u32 = 200;
/// For how long a key may count.
const MAX_LIFETIME: Duration = DAY.saturating_mul(366);

/// The API keys of a database.
#[derive(Debug, Clone)]
pub struct ApiKeys {
    pool: PgPool,
    clock: Clock,
}

impl ApiKeys {
    /// In this database, which has to be one that can be written.
    #[must_use]
    pub fn new(pool: PgPool, clock: Clock) -> Self {
        Self { pool, clock }
    }

    /// Makes a key.
    ///
    /// # Errors
    /// [`NewKeyError`], all but `NoSuchKey`.
    pub async fn create(&self, new: NewKey) -> Result<MadeKey, NewKeyError> {
        let now = self.clock.now();
        let length = new.name.chars().count();
        if !(1..=64).contains(&length) || new.name.chars().any(char::is_control) {
            return Err(NewKeyError::Name);
        }
        if new.scopes.is_empty() {
            return Err(NewKeyError::NoScope);
        }
        check_expiry(new.expires_at, now)?;
        self.check_room(new.account).await?;
        let parts = Parts::random()?;
        let key: ApiKey = sqlx::query_as(
            "insert into auth.api_keys (
                id, secret_hash, account, name, scopes, created_at_ms, expires_at_ms
            ) values ($1, $2, $3, $4, $5, $6, $7)
            returning id, account, name, scopes, created_at_ms, expires_at_ms, revoked_at_ms",
        )
        .bind(parts.id)
        .bind(SecretHash::of(&*parts.secret))
        .bind(new.account)
        .bind(new.name)
        .bind(new.scopes)
        .bind(now)
        .bind(new.expires_at)
        .fetch_one(&self.pool)
        .await?;
        tracing::info!(key = %key.id, "An API key was made");
        Ok(MadeKey { key, secret: parts.write() })
    }

    /// Makes the key that follows this one: the same account, name and scopes. The old one counts for `overlap`
    /// more, and no longer than it would have, so that its user can change over.
    ///
    /// # Errors
    /// [`NewKeyError::Expiry`], [`NewKeyError::NoSuchKey`] if it does not go on, [`NewKeyError::TooMany`],
    /// [`NewKeyError::Failed`].
    pub async fn rotate(
        &self,
        id: KeyId,
        expires_at: Moment,
        overlap: Duration,
    ) -> Result<MadeKey, NewKeyError> {
        let now = self.clock.now();
        check_expiry(expires_at, now)?;
        let account: Option<Account> =
            sqlx::query_scalar("select account from auth.api_keys where id = $1")
                .bind(id)
                .fetch_optional(&self.pool)
                .await?;
        self.check_room(account.ok_or(NewKeyError::NoSuchKey(id))?).await?;
        let parts = Parts::random()?;
        let key: Option<ApiKey> = sqlx::query_as(
            "with old as (
                update auth.api_keys set expires_at_ms = least(expires_at_ms, $2)
                where id = $1 and revoked_at_ms is null and expires_at_ms > $3
                returning account, name, scopes
            )
            insert into auth.api_keys (
                id, secret_hash, account, name, scopes, created_at_ms, expires_at_ms
            )
            select $4, $5, account, name, scopes, $3, $6 from old
            returning id, account, name, scopes, created_at_ms, expires_at_ms, revoked_at_ms",
        )
        .bind(id)
        .bind(now.after(overlap))
        .bind(now)
        .bind(parts.id)
        .bind(SecretHash::of(&*parts.secret))
        .bind(expires_at)
        .fetch_optional(&self.pool)
        .await?;
        let key = key.ok_or(NewKeyError::NoSuchKey(id))?;
        tracing::info!(key = %key.id, replaces = %id, "An API key was rotated");
        Ok(MadeKey { key, secret: parts.write() })
    }

    /// Takes a key back, at once. One that was taken back before stays so.
    ///
    /// # Errors
    /// [`NewKeyError::NoSuchKey`] if nobody knows it, [`NewKeyError::Failed`].
    pub async fn revoke(&self, id: KeyId) -> Result<ApiKey, NewKeyError> {
        let key: Option<ApiKey> = sqlx::query_as(
            "update auth.api_keys set revoked_at_ms = coalesce(revoked_at_ms, $2)
            where id = $1
            returning id, account, name, scopes, created_at_ms, expires_at_ms, revoked_at_ms",
        )
        .bind(id)
        .bind(self.clock.now())
        .fetch_optional(&self.pool)
        .await?;
        let key = key.ok_or(NewKeyError::NoSuchKey(id))?;
        tracing::info!(key = %key.id, "An API key was revoked");
        Ok(key)
    }

    /// Up to 200 keys of an account, also those that do not count any more, by id; `after` is the last one of the
    /// page before.
    ///
    /// # Errors
    /// [`AuthError::Unavailable`], and faults of the service.
    pub async fn list(
        &self,
        account: Account,
        after: Option<KeyId>,
        limit: u32,
    ) -> Result<Vec<ApiKey>, AuthError> {
        let keys = sqlx::query_as(
            "select id, account, name, scopes, created_at_ms, expires_at_ms, revoked_at_ms
            from auth.api_keys
            where account = $1 and id > $2
            order by id
            limit $3",
        )
        .bind(account)
        // No id is empty, and each is after that.
        .bind(after.map(|id| id.0.to_vec()).unwrap_or_default())
        .bind(i64::from(limit.min(PAGE)))
        .fetch_all(&self.pool)
        .await?;
        Ok(keys)
    }

    /// Of several that ask at the same moment each may find room: the bound is there to end what has no end.
    async fn check_room(&self, account: Account) -> Result<(), NewKeyError> {
        let keys: i64 = sqlx::query_scalar("select count(*) from auth.api_keys where account = $1")
            .bind(account)
            .fetch_one(&self.pool)
            .await?;
        if keys < MOST { Ok(()) } else { Err(NewKeyError::TooMany) }
    }
}

fn check_expiry(expires_at: Moment, now: Moment) -> Result<(), NewKeyError> {
    let is_right = expires_at > now && expires_at <= now.after(MAX_LIFETIME);
    if is_right { Ok(()) } else { Err(NewKeyError::Expiry) }
}
