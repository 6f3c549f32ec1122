//! Secrets by chance: how they are made, written, read and hashed.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::error::AuthError;

/// Bytes that nobody can guess.
///
/// # Errors
/// [`AuthError::Random`] if the system has none.
pub(crate) fn random<const N: usize>() -> Result<Zeroizing<[u8; N]>, AuthError> {
    let mut bytes = Zeroizing::new([0; N]);
    getrandom::fill(&mut *bytes).map_err(AuthError::Random)?;
    Ok(bytes)
}

/// What is kept of a secret: its SHA-256, as bytes in Postgres. That it is fast does not matter, since nobody tries
/// 2^128 secrets; and since it leads nobody to the secret, the database may compare it as it compares anything.
#[derive(Clone, Copy, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(transparent)]
pub struct SecretHash([u8; 32]);

impl SecretHash {
    pub(crate) fn of(secret: &[u8]) -> Self {
        Self(Sha256::digest(secret).into())
    }
}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash")
    }
}

/// A word that says what a secret is, and its bytes in hexadecimal digits: searching for the word finds secrets
/// in places where they should not be.
pub(crate) fn write(word: &str, bytes: &[u8]) -> SecretString {
    let digits = Zeroizing::new(hex::encode(bytes));
    // As long as it needs from the start, so that growing leaves no copy behind.
    let mut text = String::with_capacity(word.len() + digits.len());
    text.push_str(word);
    text.push_str(&digits);
    text.into()
}

/// What [`write`] wrote.
pub(crate) fn read<const N: usize>(word: &str, text: &SecretString) -> Option<Zeroizing<[u8; N]>> {
    let digits = text.expose_secret().strip_prefix(word)?;
    let mut bytes = Zeroizing::new([0; N]);
    // Decoding takes digits of either case; only one of them was written.
    if digits.bytes().any(|digit| digit.is_ascii_uppercase()) {
        return None;
    }
    hex::decode_to_slice(digits, &mut *bytes).ok()?;
    Some(bytes)
}

/// Declares public names by chance: hexadecimal digits in JSON, bytes in Postgres.
macro_rules! ids {
    ($($(#[doc = $about:literal])* $name:ident of $length:literal bytes, as $example:literal;)+) => {$(
        $(#[doc = $about])*
        #[derive(
            Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, sqlx::Type, utoipa::ToSchema,
        )]
        #[sqlx(transparent)]
        #[schema(value_type = String, example = $example)]
        pub struct $name(pub(crate) [u8; $length]);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&hex::encode(self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = NoId;

            fn from_str(text: &str) -> Result<Self, NoId> {
                let mut bytes = [0; $length];
                hex::decode_to_slice(text, &mut bytes).map_err(|_| NoId(2 * $length))?;
                Ok(Self(bytes))
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )+};
}

/// A text that names no session or key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not {0} hexadecimal digits")]
pub struct NoId(usize);

ids! {
    /// Names a session. No secret: it stands in access tokens and in logs.
    SessionId of 16 bytes, as "6f1d0c6b4b1f4c3f9b0f5a7d2c9e8b10";
    /// Names an API key. No secret: it is what a key shows of itself in lists and in logs.
    KeyId of 8 bytes, as "3f9c0a1b2c3d4e5f";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_reads_as_it_was_written_and_in_no_other_way() {
        let bytes = random::<32>().unwrap();
        let text = write("assent-test-", &*bytes);
        assert_eq!(read::<32>("assent-test-", &text).as_deref(), Some(&*bytes));
        let plain = text.expose_secret().to_owned();
        for other in [
            plain.replace("assent", "Assent"),
            plain.replace("test-", "test-0"),
            plain.strip_suffix(|_| true).unwrap().to_owned(),
            format!("{plain}00"),
            format!("{plain} "),
            "assent-test-".to_owned() + &"AA".repeat(32),
            String::new(),
        ] {
            assert!(read::<32>("assent-test-", &other.clone().into()).is_none(), "{other}");
        }
        assert!(!format!("{text:?}").contains(&plain[12..]));
    }
}
