//! What an API key may be used for.

use std::{collections::BTreeSet, fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize};
use sqlx::{
    Decode, Encode, Postgres, Type,
    encode::IsNull,
    error::BoxDynError,
    postgres::{PgArgumentBuffer, PgHasArrayType, PgTypeInfo, PgValueRef},
};
use utoipa::ToSchema;

/// Scopes of a key at most.
const MAX_SCOPES: usize = 32;

/// What an API key may be used for: a word of the service's own, such as `consent:read`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, example = "consent:read")]
pub struct Scope(String);

/// A text that is no scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ScopeError {
    /// Not how they are written.
    #[error("a scope is 1 to 32 of a-z, 0-9, `-`, `_`, `.` and `:`, a letter first")]
    Form,
    /// More than anybody can keep in mind.
    #[error("a key has at most {most} scopes", most = MAX_SCOPES)]
    TooMany,
}

impl FromStr for Scope {
    type Err = ScopeError;

    fn from_str(text: &str) -> Result<Self, ScopeError> {
        let plain =
            |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b':');
        let is_scope = text.len() <= 32
            && text.starts_with(|first: char| first.is_ascii_lowercase())
            && text.bytes().all(plain);
        if is_scope { Ok(Self(text.to_owned())) } else { Err(ScopeError::Form) }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What an API key may be used for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = Vec<String>)]
pub struct Scopes(BTreeSet<Scope>);

impl Scopes {
    /// From words; one that is given twice counts once.
    ///
    /// # Errors
    /// [`ScopeError`].
    pub fn read<'a>(words: impl IntoIterator<Item = &'a str>) -> Result<Self, ScopeError> {
        let scopes: BTreeSet<_> =
            words.into_iter().take(MAX_SCOPES + 1).map(str::parse).collect::<Result<_, _>>()?;
        if scopes.len() > MAX_SCOPES { Err(ScopeError::TooMany) } else { Ok(Self(scopes)) }
    }

    /// Whether this is one of them.
    #[must_use]
    pub fn contains(&self, scope: &Scope) -> bool {
        self.0.contains(scope)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Scope> {
        self.0.iter()
    }
}

impl<'de> Deserialize<'de> for Scopes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let words = Vec::<String>::deserialize(deserializer)?;
        Self::read(words.iter().map(String::as_str)).map_err(serde::de::Error::custom)
    }
}

impl Type<Postgres> for Scopes {
    fn type_info() -> PgTypeInfo {
        <String as PgHasArrayType>::array_type_info()
    }

    fn compatible(info: &PgTypeInfo) -> bool {
        <String as PgHasArrayType>::array_compatible(info)
    }
}

impl Encode<'_, Postgres> for Scopes {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        let words: Vec<&str> = self.0.iter().map(|scope| scope.0.as_str()).collect();
        <Vec<&str> as Encode<'_, Postgres>>::encode_by_ref(&words, buffer)
    }
}

impl<'r> Decode<'r, Postgres> for Scopes {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        let words = <Vec<String> as Decode<'r, Postgres>>::decode(value)?;
        Ok(Self::read(words.iter().map(String::as_str))?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_a_plain_word_and_a_key_has_a_bounded_number() {
        for word in ["a", "consent:read", "x-1_2.y"] {
            assert_eq!(word.parse::<Scope>().unwrap().to_string(), word);
        }
        for word in ["", "1", "A", "a b", "a,b", "é", &"a".repeat(33)] {
            assert_eq!(word.parse::<Scope>(), Err(ScopeError::Form), "{word}");
        }
        let words: Vec<_> = (0..33).map(|n| format!("s{n}")).collect();
        let read = |n: usize| Scopes::read(words[..n].iter().map(String::as_str));
        assert!(read(32).is_ok());
        assert_eq!(read(33), Err(ScopeError::TooMany));
    }
}
