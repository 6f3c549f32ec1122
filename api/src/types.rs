//! How single values look in SQL and in JSON: accounts, hashes, amounts, large numbers.

use std::{fmt, str::FromStr};

use serde::{Serialize, Serializer};
use sqlx::{
    Decode, Postgres, Type,
    error::BoxDynError,
    postgres::{PgTypeInfo, PgValueRef},
};
use subxt::utils::AccountId32;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr,
        schema::{self, ObjectBuilder, OneOfBuilder, Schema},
    },
};

/// Largest integer that every JSON reader holds exactly: 2^53 - 1.
const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

/// Why a text is not the value that it should be; reads as "… is not …".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ParseError(&'static str);

/// An account or a contract's address; SS58 with prefix 42 in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Type, ToSchema)]
#[sqlx(transparent)]
#[schema(value_type = String, example = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY")]
pub struct Account(pub [u8; 32]);

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        AccountId32(self.0).fmt(f)
    }
}

impl FromStr for Account {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        if text.starts_with("0x") {
            return bytes32(text).map(Self).ok_or(ParseError(
                "is not an account: 0x must be followed by exactly 64 hex digits",
            ));
        }
        let account = text
            .parse::<AccountId32>()
            .map_err(|_| ParseError("is not an account: give SS58 (5…) or 0x and 64 hex digits"))?;
        // Same key, other prefix: most likely an address that was meant for another network.
        if account.to_string() != text {
            return Err(ParseError(
                "is an address of another network: give SS58 with prefix 42 (5…) or 0x and 64 hex digits",
            ));
        }
        Ok(Self(account.0))
    }
}

impl Serialize for Account {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A 32-byte hash or commitment; 0x and 64 hex digits in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Type, ToSchema)]
#[sqlx(transparent)]
#[schema(
    value_type = String,
    example = "0x0f5d4c1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6"
)]
pub struct Hash(pub [u8; 32]);

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "0x{}", hex::encode(self.0))
    }
}

impl FromStr for Hash {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        bytes32(text).map(Self).ok_or(ParseError("is not a hash: give 0x and 64 hex digits"))
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Bytes of any length; 0x and hex digits in JSON.
#[derive(Debug, Clone, PartialEq, Eq, Type, ToSchema)]
#[sqlx(transparent)]
#[schema(value_type = String, example = "0x00ff")]
pub struct Bytes(pub Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("0x{}", hex::encode(&self.0)))
    }
}

/// A u128: base units of the token, or units of carbon, of which 1,000 are a credit. Decimal digits as
/// a string in JSON. Selected as `column::text`.
#[derive(Debug, Clone, PartialEq, Eq, Type, Serialize, ToSchema)]
#[sqlx(transparent)]
#[schema(value_type = String, pattern = "^[0-9]+$", example = "1500000")]
pub struct Amount(String);

/// A u64 of the chain; a JSON number up to 2^53 - 1 and a string of digits above, so that no reader
/// rounds it. Selected as `column::text`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Natural(pub u64);

impl Serialize for Natural {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 <= MAX_SAFE_INTEGER {
            serializer.serialize_u64(self.0)
        } else {
            serializer.collect_str(&self.0)
        }
    }
}

impl Type<Postgres> for Natural {
    fn type_info() -> PgTypeInfo {
        <String as Type<Postgres>>::type_info()
    }

    fn compatible(info: &PgTypeInfo) -> bool {
        <String as Type<Postgres>>::compatible(info)
    }
}

impl<'r> Decode<'r, Postgres> for Natural {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        Ok(Self(<&str as Decode<Postgres>>::decode(value)?.parse()?))
    }
}

impl PartialSchema for Natural {
    fn schema() -> RefOr<Schema> {
        OneOfBuilder::new()
            .item(ObjectBuilder::new().schema_type(schema::Type::Integer).minimum(Some(0)))
            .item(ObjectBuilder::new().schema_type(schema::Type::String).pattern(Some("^[0-9]+$")))
            .description(Some("A number up to 2^53 - 1, a string of digits above."))
            .into()
    }
}

impl ToSchema for Natural {}

/// 32 bytes from 0x and exactly 64 hex digits.
fn bytes32(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(text.strip_prefix("0x")?, &mut bytes).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALICE: &str = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
    const ALICE_HEX: &str = "0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d";
    const ALICE_POLKADOT: &str = "15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5";

    #[test]
    fn an_account_reads_as_ss58_and_as_hex_and_prints_as_ss58() {
        let account: Account = ALICE.parse().unwrap();
        assert_eq!(account, ALICE_HEX.parse().unwrap());
        assert_eq!(account.to_string(), ALICE);
    }

    #[test]
    fn an_account_of_another_network_or_with_a_typing_error_is_refused() {
        let refusal = ALICE_POLKADOT.parse::<Account>().unwrap_err();
        assert!(refusal.to_string().contains("another network"));
        for wrong in
            ["", "0x", "0xd435", &ALICE[1..], &ALICE.replace('w', "x"), &format!("{ALICE_HEX}00")]
        {
            assert!(wrong.parse::<Account>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_hash_needs_its_prefix_and_its_length() {
        assert!(ALICE_HEX.parse::<Hash>().is_ok());
        assert!(ALICE_HEX[2..].parse::<Hash>().is_err());
        assert!("0xzz".parse::<Hash>().is_err());
    }

    #[test]
    fn a_number_that_json_readers_would_round_becomes_a_string() {
        let json = |number| serde_json::to_string(&Natural(number)).unwrap();
        assert_eq!(json(0), "0");
        assert_eq!(json(9_007_199_254_740_991), "9007199254740991");
        assert_eq!(json(9_007_199_254_740_992), r#""9007199254740992""#);
        assert_eq!(json(u64::MAX), r#""18446744073709551615""#);
    }
}
