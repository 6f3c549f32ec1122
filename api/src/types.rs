//! How single values look in SQL and in JSON: bytes, amounts, large numbers; accounts and hashes
//! are those of the client.

pub use assent_client::{Account, Hash, ParseError};
use serde::{Serialize, Serializer};
use sqlx::{
    Decode, Postgres, Type,
    error::BoxDynError,
    postgres::{PgTypeInfo, PgValueRef},
};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr,
        schema::{self, ObjectBuilder, OneOfBuilder, Schema},
    },
};

/// Largest integer that every JSON reader holds exactly: 2^53 - 1.
const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_json_readers_would_round_becomes_a_string() {
        let json = |number| serde_json::to_string(&Natural(number)).unwrap();
        assert_eq!(json(0), "0");
        assert_eq!(json(9_007_199_254_740_991), "9007199254740991");
        assert_eq!(json(9_007_199_254_740_992), r#""9007199254740992""#);
        assert_eq!(json(u64::MAX), r#""18446744073709551615""#);
    }
}
