//! Nonces. One says itself when it was made, and its tag that this service made it for one account: handing it out
//! writes nothing. That it counts once is the work of the session that it begins, which has its name.

use std::{fmt, time::Duration};

use assent_client::Account;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::{
    error::AuthError,
    moment::Moment,
    secret::{self, SessionId},
};

/// What the tag is over begins with this: nothing else that the same key makes can be taken for one.
const LABEL: &[u8] = b"assent-auth: a nonce for the account ";

/// Why a nonce counts for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NonceError {
    /// Made up, altered, another account's, or of a service with another signing key.
    #[error(
        "the nonce is not one that this service made for this account: ask /sign-in/nonce for one \
         and sign the message that comes with it"
    )]
    Foreign,
    /// Its time is over.
    #[error(
        "the nonce expired: one has to be used within {} s; ask /sign-in/nonce for a new one",
        .0.as_secs()
    )]
    Expired(Duration),
    /// Somebody signed in with it.
    #[error("the nonce was used before: ask /sign-in/nonce for a new one")]
    Used,
}

/// Makes and knows nonces.
#[derive(Clone)]
pub(crate) struct NonceKey(Hmac<Sha256>);

impl NonceKey {
    pub(crate) fn new(secret: &[u8; 32]) -> Self {
        // As long as HMAC's blocks are, a key is taken as it is.
        let mut block = Zeroizing::new([0; 64]);
        block[..32].copy_from_slice(secret);
        Self(Hmac::new((&*block).into()))
    }

    /// A new nonce.
    ///
    /// # Errors
    /// [`AuthError::Random`].
    pub(crate) fn make(&self, account: Account, now: Moment) -> Result<Nonce, AuthError> {
        let mut name = *secret::random::<16>()?;
        name[..6].copy_from_slice(&now.ms().to_be_bytes()[2..]);
        let tag = self.over(account, name).finalize().into_bytes();
        let mut bytes = [0; 32];
        bytes[..16].copy_from_slice(&name);
        bytes[16..].copy_from_slice(&tag[..16]);
        Ok(Nonce(bytes))
    }

    /// Reads a nonce that [`NonceKey::make`] made for this account.
    pub(crate) fn read(&self, account: Account, text: &str) -> Option<Nonce> {
        let mut nonce = Nonce([0; 32]);
        hex::decode_to_slice(text, &mut nonce.0).ok()?;
        // Compared in a time that tells nothing.
        self.over(account, nonce.session().0).verify_truncated_left(&nonce.0[16..]).ok()?;
        Some(nonce)
    }

    fn over(&self, account: Account, name: [u8; 16]) -> Hmac<Sha256> {
        self.0.clone().chain_update(LABEL).chain_update(account.0).chain_update(name)
    }
}

impl fmt::Debug for NonceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NonceKey")
    }
}

/// When it was made (ms since 1970, 6 bytes), 10 bytes by chance, and 16 of a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Nonce([u8; 32]);

impl Nonce {
    /// Names the one session that it can begin.
    pub(crate) fn session(&self) -> SessionId {
        let mut name = [0; 16];
        name.copy_from_slice(&self.0[..16]);
        SessionId(name)
    }

    pub(crate) fn issued_at(&self) -> Moment {
        let mut ms = [0; 8];
        ms[2..].copy_from_slice(&self.0[..6]);
        Moment::from_ms(i64::from_be_bytes(ms)).unwrap_or_default()
    }
}

impl fmt::Display for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALICE: Account = Account([7; 32]);

    #[test]
    fn a_nonce_is_one_accounts_and_one_services_and_no_digit_can_be_changed() {
        let key = NonceKey::new(&[1; 32]);
        let now = Moment::from_ms(1_795_867_200_123).unwrap();
        let nonce = key.make(ALICE, now).unwrap();
        assert_eq!(nonce.issued_at(), now);
        let text = nonce.to_string();
        assert_eq!(text.len(), 64);
        assert_eq!(key.read(ALICE, &text), Some(nonce));
        assert_eq!(NonceKey::new(&[1; 32]).read(ALICE, &text), Some(nonce));
        assert_eq!(key.read(Account([8; 32]), &text), None);
        assert_eq!(NonceKey::new(&[2; 32]).read(ALICE, &text), None);
        for position in 0..text.len() {
            let mut changed = text.clone();
            let other = if &text[position..=position] == "0" { "1" } else { "0" };
            changed.replace_range(position..=position, other);
            assert_eq!(key.read(ALICE, &changed), None, "{position}");
        }
        for other in ["", &text[..32], &text[2..], &format!("{text}00"), &format!("0x{text}")] {
            assert_eq!(key.read(ALICE, other), None, "{other}");
        }
        assert_ne!(key.make(ALICE, now).unwrap(), nonce, "10 bytes are by chance");
    }
}
