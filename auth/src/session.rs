//! Signing in with a wallet, refreshing, signing out: what is handed out, and what is kept of it.

use std::fmt;

use assent_client::Account;
use secrecy::SecretString;
use sqlx::FromRow;
use zeroize::Zeroizing;

use crate::{
    Auth,
    error::AuthError,
    moment::Moment,
    nonce::{Nonce, NonceError},
    secret::{self, SecretHash, SessionId},
    signature::WalletSignature,
    token::Access,
};

/// What refresh tokens begin with.
const WORD: &str = "assent-refresh-";

/// What a wallet is to sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// Makes the message count once; it stands in it.
    pub nonce: String,
    /// The text.
    pub message: String,
    /// From when on it counts no longer.
    pub expires_at: Moment,
}

/// What whoever signed in gets.
pub struct Tokens {
    /// Whose key signed in.
    pub account: Account,
    /// In which session.
    pub session: SessionId,
    /// Says so to every service, for minutes.
    pub access_token: SecretString,
    /// From when on it does no longer.
    pub access_expires_at: Moment,
    /// Gets new tokens, once.
    pub refresh_token: SecretString,
    /// From when on it does no longer.
    pub refresh_expires_at: Moment,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens")
            .field("account", &self.account)
            .field("session", &self.session)
            .finish_non_exhaustive()
    }
}

/// Why a refresh token counts for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RefreshError {
    /// No token, or of a session that ended or expired.
    #[error("the refresh token is of no session that goes on: sign in again")]
    Unknown,
    /// It was used before: two have it, and one of them stole it. Nobody can tell who.
    #[error(
        "the refresh token was used before, so that its session has ended now: each can be used \
         once; if it was not you who used it, somebody has a copy; sign in again"
    )]
    Reused,
}

/// A refresh token, taken apart: the session's name, what all tokens of the session share, and what this one alone
/// has.
struct Refresh {
    session: SessionId,
    family: SecretHash,
    own: SecretHash,
}

/// What a refresh token is made of: the session's name, 16 bytes of its family, 32 bytes of its own.
fn token_of(session: SessionId, family: &[u8; 16], own: &[u8; 32]) -> SecretString {
    let mut bytes = Zeroizing::new([0; 64]);
    bytes[..16].copy_from_slice(&session.0);
    bytes[16..32].copy_from_slice(family);
    bytes[32..].copy_from_slice(own);
    secret::write(WORD, &*bytes)
}

impl Refresh {
    fn read(token: &SecretString) -> Result<(Self, Zeroizing<[u8; 16]>), RefreshError> {
        let bytes = secret::read::<64>(WORD, token).ok_or(RefreshError::Unknown)?;
        let mut session = SessionId([0; 16]);
        session.0.copy_from_slice(&bytes[..16]);
        let mut family = Zeroizing::new([0; 16]);
        family.copy_from_slice(&bytes[16..32]);
        let own = SecretHash::of(&bytes[32..]);
        Ok((Self { session, family: SecretHash::of(&*family), own }, family))
    }
}

/// What a refreshed session is.
#[derive(FromRow)]
struct Refreshed {
    account: Account,
    expires_at_ms: Moment,
}

impl Auth {
    /// Hands out a nonce, and the message with it that the key of `account` is to sign. Nothing is kept of that.
    ///
    /// # Errors
    /// [`AuthError::Random`].
    pub fn challenge(&self, account: Account) -> Result<Challenge, AuthError> {
        let nonce = self.issuer().nonces().make(account, self.settings().clock.now())?;
        Ok(self.challenge_of(account, nonce))
    }

    fn challenge_of(&self, account: Account, nonce: Nonce) -> Challenge {
        let settings = self.settings();
        let issued_at = nonce.issued_at();
        let expires_at = issued_at.after(settings.nonce_lifetime);
        let nonce = nonce.to_string();
        let message = settings.site.message(account, &nonce, issued_at, expires_at);
        Challenge { nonce, message, expires_at }
    }

    /// Begins a session for whoever signed, with the key of `account`, the message that came with this nonce.
    ///
    /// # Errors
    /// [`AuthError::Nonce`], [`AuthError::Signature`]; [`AuthError::Unavailable`], and faults of the service.
    pub async fn sign_in(
        &self,
        account: Account,
        nonce: &str,
        signature: &WalletSignature,
    ) -> Result<Tokens, AuthError> {
        let settings = self.settings();
        let now = settings.clock.now();
        let nonce = self.issuer().nonces().read(account, nonce).ok_or(NonceError::Foreign)?;
        let session = nonce.session();
        let Challenge { message, expires_at, .. } = self.challenge_of(account, nonce);
        if expires_at <= now {
            return Err(NonceError::Expired(settings.nonce_lifetime).into());
        }
        signature.verify(&account, &message)?;

        let (family, own) = (secret::random::<16>()?, secret::random::<32>()?);
        // Of two requests with the same nonce one makes the session, which is not forgotten before the nonce expires.
        let refresh_expires_at: Option<Moment> = sqlx::query_scalar(
            "with begun as (
                insert into auth.sessions (
                    id, account, family_hash, refresh_hash, created_at_ms, refreshed_at_ms, expires_at_ms
                ) values ($1, $2, $3, $4, $5, $5, $6)
                on conflict (id) do nothing
                returning expires_at_ms
            ), crowded_out as (
                update auth.sessions set ended_at_ms = $5, ended_by = 'limit'
                where exists (select from begun) and id in (
                    select id from auth.sessions
                    where account = $2 and ended_at_ms is null and expires_at_ms > $5
                    order by refreshed_at_ms desc, id desc
                    offset $7
                )
            )
            select expires_at_ms from begun",
        )
        .bind(session)
        .bind(account)
        .bind(SecretHash::of(&*family))
        .bind(SecretHash::of(&*own))
        .bind(now)
        .bind(now.after(settings.idle_lifetime.min(settings.session_lifetime)))
        .bind(i64::from(settings.sessions_per_account.saturating_sub(1)))
        .fetch_optional(self.pool())
        .await?;
        let refresh_expires_at = refresh_expires_at.ok_or(NonceError::Used)?;
        // Not whose: the log is kept and read in other ways than the tables.
        tracing::info!(%session, "A key signed in");
        let refresh_token = token_of(session, &family, &own);
        self.tokens(Access { account, session }, refresh_token, refresh_expires_at, now)
    }

    /// New tokens for a refresh token, which counts no longer then. If it did not count any more, its session ends.
    ///
    /// # Errors
    /// [`AuthError::Refresh`]; [`AuthError::Unavailable`], and faults of the service.
    pub async fn refresh(&self, token: &SecretString) -> Result<Tokens, AuthError> {
        let settings = self.settings();
        let now = settings.clock.now();
        let (refresh, family) = Refresh::read(token)?;
        let own = secret::random::<32>()?;
        let session_ms = i64::try_from(settings.session_lifetime.as_millis()).unwrap_or(i64::MAX);
        // Of two requests with the same token, the second waits for the first and finds another hash.
        let refreshed: Option<Refreshed> = sqlx::query_as(
            "update auth.sessions
            set refresh_hash = $4,
                refreshed_at_ms = greatest(refreshed_at_ms, $5),
                expires_at_ms = least($6, created_at_ms + $7)
            where id = $1 and family_hash = $2 and refresh_hash = $3
                and ended_at_ms is null and expires_at_ms > $5
            returning account, expires_at_ms",
        )
        .bind(refresh.session)
        .bind(refresh.family)
        .bind(refresh.own)
        .bind(SecretHash::of(&*own))
        .bind(now)
        .bind(now.after(settings.idle_lifetime))
        .bind(session_ms)
        .fetch_optional(self.pool())
        .await?;
        let Some(Refreshed { account, expires_at_ms }) = refreshed else {
            return Err(self.end_if_reused(&refresh, now).await?.into());
        };
        let refresh_token = token_of(refresh.session, &family, &own);
        self.tokens(Access { account, session: refresh.session }, refresh_token, expires_at_ms, now)
    }

    /// Ends the session of a token that is of its family and not its last one.
    async fn end_if_reused(
        &self,
        refresh: &Refresh,
        now: Moment,
    ) -> Result<RefreshError, AuthError> {
        let ended = sqlx::query(
            "update auth.sessions set ended_at_ms = $4, ended_by = 'reuse'
            where id = $1 and family_hash = $2 and refresh_hash <> $3
                and ended_at_ms is null and expires_at_ms > $4",
        )
        .bind(refresh.session)
        .bind(refresh.family)
        .bind(refresh.own)
        .bind(now)
        .execute(self.pool())
        .await?;
        if ended.rows_affected() == 0 {
            return Ok(RefreshError::Unknown);
        }
        tracing::warn!(
            session = %refresh.session,
            "A refresh token was used twice: its session was ended"
        );
        Ok(RefreshError::Reused)
    }

    /// Ends the session of a refresh token, or all sessions of its account. Any token of the session will do, also one
    /// that was used: whoever wants out is not kept in. A token that is of no session that goes on has nothing to end.
    ///
    /// # Errors
    /// [`AuthError::Unavailable`], and faults of the service.
    pub async fn sign_out(&self, token: &SecretString, everywhere: bool) -> Result<(), AuthError> {
        let Ok((refresh, _)) = Refresh::read(token) else { return Ok(()) };
        sqlx::query(
            "update auth.sessions set ended_at_ms = $3, ended_by = 'sign-out'
            where ended_at_ms is null and account = (
                select account from auth.sessions
                where id = $1 and family_hash = $2 and ended_at_ms is null and expires_at_ms > $3
            ) and (id = $1 or $4)",
        )
        .bind(refresh.session)
        .bind(refresh.family)
        .bind(self.settings().clock.now())
        .bind(everywhere)
        .execute(self.pool())
        .await?;
        Ok(())
    }

    fn tokens(
        &self,
        access: Access,
        refresh_token: SecretString,
        refresh_expires_at: Moment,
        now: Moment,
    ) -> Result<Tokens, AuthError> {
        let (access_token, access_expires_at) = self.issuer().issue(access, now)?;
        let Access { account, session } = access;
        Ok(Tokens {
            account,
            session,
            access_token,
            access_expires_at,
            refresh_token,
            refresh_expires_at,
        })
    }
}
