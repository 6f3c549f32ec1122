//! Access tokens: JSON Web Tokens (RFC 9068) that say for a few minutes whose key signed in. They are signed with
//! EdDSA on Ed25519, so that a service that reads them cannot make any, and with nothing else.

mod provider;

use std::{collections::BTreeMap, fmt, time::Duration};

use assent_client::Account;
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode,
};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::{
    error::AuthError,
    moment::Moment,
    nonce::NonceKey,
    secret::{self, SessionId},
};

/// Longest token that is looked at: ours have about 500 bytes.
const MAX_LENGTH: usize = 2_048;
/// What RFC 9068 calls an access token: no other token that the same keys may sign is taken for one.
const TYPE: &str = "at+jwt";
/// What an Ed25519 key in PKCS #8 begins with, before its 32 bytes.
const PKCS8: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

/// Why an access token counts for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// No token at all, altered, of other keys, by another algorithm, of another issuer, or for another audience.
    /// Which of them helps only who made it up.
    #[error(
        "the access token is not one of this service: sign in, and send access_token as it was given"
    )]
    Invalid,
    /// Its time is over.
    #[error("the access token expired: POST refresh_token to /sign-in/refresh for a new one")]
    Expired,
}

/// A text that is no signing key. It is never repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "is no signing key: give 64 hexadecimal digits by chance, as `openssl rand -hex 32` makes them"
)]
pub struct NoSigningKey;

/// What an access token says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Access {
    /// Whose key signed in.
    pub account: Account,
    /// In which session.
    pub session: SessionId,
}

/// The public half of a [`SigningKey`]: 32 bytes. Services that only read tokens have these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(pub [u8; 32]);

impl PublicKey {
    /// The `kid` of tokens that it verifies: part of its hash, so that nobody has to choose one.
    #[must_use]
    pub fn id(&self) -> String {
        hex::encode(&Sha256::digest(self.0)[..8])
    }
}

/// Signs access tokens, and with them nonces.
#[derive(Clone)]
pub struct SigningKey {
    public: PublicKey,
    encoding: EncodingKey,
    nonces: NonceKey,
}

impl SigningKey {
    /// From 64 hexadecimal digits, with white space around them or without.
    ///
    /// # Errors
    /// [`NoSigningKey`].
    pub fn read(text: &SecretString) -> Result<Self, NoSigningKey> {
        let mut seed = Zeroizing::new([0; 32]);
        hex::decode_to_slice(text.expose_secret().trim(), &mut *seed).map_err(|_| NoSigningKey)?;
        // What somebody types to get past the setting.
        if seed.iter().all(|byte| *byte == seed[0]) {
            return Err(NoSigningKey);
        }
        Ok(Self::of(&seed))
    }

    /// A new one, that ends with the process.
    ///
    /// # Errors
    /// [`AuthError::Random`].
    pub fn generate() -> Result<Self, AuthError> {
        Ok(Self::of(&*secret::random()?))
    }

    fn of(seed: &[u8; 32]) -> Self {
        let key = ed25519_zebra::SigningKey::from(*seed);
        let public = PublicKey(ed25519_zebra::VerificationKey::from(&key).into());
        let mut der = Zeroizing::new([0; 48]);
        der[..16].copy_from_slice(&PKCS8);
        der[16..].copy_from_slice(seed);
        // One secret for two: HMAC-SHA256 makes nothing of it that helps with what SHA-512 makes of it for Ed25519.
        Self { public, encoding: EncodingKey::from_ed_der(&*der), nonces: NonceKey::new(seed) }
    }

    /// Its public half.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        self.public
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SigningKey").field(&self.public.id()).finish()
    }
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: Account,
    sid: SessionId,
    iat: i64,
    exp: i64,
}

/// Reads access tokens.
pub struct Verifier {
    keys: BTreeMap<String, DecodingKey>,
    validation: Validation,
}

impl Verifier {
    /// Takes tokens that `issuer` signed for `audience` with one of these keys. Two keys at once are what a change
    /// of keys needs: the new one is known everywhere before it signs, and the old one until its last token expired.
    #[must_use]
    pub fn new(issuer: &str, audience: &str, keys: &[PublicKey]) -> Self {
        provider::install();
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[issuer]);
        validation.set_audience(&[audience]);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp"]);
        // `verify` does, by the clock of its caller.
        validation.validate_exp = false;
        let decoding = |key: &PublicKey| (key.id(), DecodingKey::from_ed_der(&key.0));
        Self { keys: keys.iter().map(decoding).collect(), validation }
    }

    /// What a token says.
    ///
    /// # Errors
    /// [`TokenError`].
    pub fn verify(&self, token: &SecretString, now: Moment) -> Result<Access, TokenError> {
        let token = token.expose_secret();
        if token.len() > MAX_LENGTH {
            return Err(TokenError::Invalid);
        }
        let header = decode_header(token).map_err(|_| TokenError::Invalid)?;
        if header.typ.as_deref() != Some(TYPE) || header.crit.is_some() {
            return Err(TokenError::Invalid);
        }
        let key = header.kid.and_then(|id| self.keys.get(&id)).ok_or(TokenError::Invalid)?;
        let Claims { sub, sid, exp, .. } =
            decode(token, key, &self.validation).map_err(|_| TokenError::Invalid)?.claims;
        // In whole seconds, as the standard has it.
        if exp <= now.ms().div_euclid(1_000) {
            return Err(TokenError::Expired);
        }
        Ok(Access { account: sub, session: sid })
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier").field("keys", &self.keys.keys()).finish_non_exhaustive()
    }
}

/// Makes access tokens, and reads them.
#[derive(Debug)]
pub struct Issuer {
    issuer: String,
    audience: String,
    lifetime: Duration,
    key: SigningKey,
    verifier: Verifier,
}

impl Issuer {
    /// Signs with `key`; reads what it or one of `others` signed: the key before it, and the one that comes next.
    #[must_use]
    pub fn new(
        issuer: &str,
        audience: &str,
        lifetime: Duration,
        key: SigningKey,
        others: &[PublicKey],
    ) -> Self {
        let keys: Vec<_> = std::iter::once(key.public()).chain(others.iter().copied()).collect();
        Self {
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
            lifetime,
            verifier: Verifier::new(issuer, audience, &keys),
            key,
        }
    }

    /// A token, and when it expires.
    ///
    /// # Errors
    /// [`AuthError::Signing`], which no input causes.
    pub fn issue(&self, access: Access, now: Moment) -> Result<(SecretString, Moment), AuthError> {
        let Access { account, session } = access;
        let iat = now.ms().div_euclid(1_000);
        let lifetime = i64::try_from(self.lifetime.as_secs()).unwrap_or(i64::MAX);
        let exp = iat.saturating_add(lifetime);
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            sub: account,
            sid: session,
            iat,
            exp,
        };
        let header = Header {
            typ: Some(TYPE.to_owned()),
            kid: Some(self.key.public.id()),
            ..Header::new(Algorithm::EdDSA)
        };
        let token = encode(&header, &claims, &self.key.encoding).map_err(AuthError::Signing)?;
        let end = Moment::from_ms(exp.saturating_mul(1_000)).unwrap_or(now);
        Ok((token.into(), end))
    }

    pub(crate) fn nonces(&self) -> &NonceKey {
        &self.key.nonces
    }

    /// Reads what this issuer makes.
    #[must_use]
    pub fn verifier(&self) -> &Verifier {
        &self.verifier
    }
}

#[cfg(test)]
mod tests;
