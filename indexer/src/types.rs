//! The chain's values as the events' JSON spells them: SS58 accounts, 0x hashes, integers that may
//! be strings. One place turns them into Rust values for the handlers.

use std::fmt;
use std::str::FromStr;

use assent_deploy::value::{parse_account, parse_hash};
use serde::Deserialize;
use serde::de::{self, Deserializer, Visitor};

/// An account or a contract's address, from SS58 text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Account(pub [u8; 32]);

impl Account {
    /// The raw bytes, as the database stores them.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Account {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse_account(&text)
            .map(|account| Account(account.0))
            .map_err(|error| de::Error::custom(format!("`{text}`: {error}")))
    }
}

/// A hash or commitment, from 0x hex text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// The raw bytes, as the database stores them.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Is this the zero hash, which stands for "none before"?
    pub fn is_zero(&self) -> bool {
        self.0 == [0; 32]
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "0x{}", hex::encode(self.0))
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse_hash(&text)
            .map(Hash)
            .ok_or_else(|| de::Error::custom(format!("`{text}` is no hash: 0x and 64 hex digits")))
    }
}

/// An unsigned integer of the chain, from a JSON number or a decimal string.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Int<T>(pub T);

impl<T: fmt::Display> fmt::Display for Int<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl<'de, T> Deserialize<'de> for Int<T>
where
    T: FromStr + TryFrom<u64>,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct IntVisitor<T>(std::marker::PhantomData<T>);

        impl<T: FromStr + TryFrom<u64>> Visitor<'_> for IntVisitor<T> {
            type Value = Int<T>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, "a {} as number or string", std::any::type_name::<T>())
            }

            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Int<T>, E> {
                T::try_from(value)
                    .map(Int)
                    .map_err(|_| E::invalid_value(de::Unexpected::Unsigned(value), &self))
            }

            fn visit_str<E: de::Error>(self, value: &str) -> Result<Int<T>, E> {
                T::from_str(value)
                    .map(Int)
                    .map_err(|_| E::invalid_value(de::Unexpected::Str(value), &self))
            }
        }

        deserializer.deserialize_any(IntVisitor(std::marker::PhantomData))
    }
}

/// For an `Option` field: `null` is `None`, but a field that is not there at all is an error, so that
/// a renamed field is not taken for an absent value.
///
/// Errors: those of `T`.
pub fn nullable<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ALICE: &str = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";

    #[test]
    fn integers_arrive_as_numbers_or_strings() {
        let max = u128::MAX.to_string();
        assert_eq!(serde_json::from_value::<Int<u128>>(json!(max)).unwrap().0, u128::MAX);
        assert_eq!(serde_json::from_value::<Int<u64>>(json!("7")).unwrap().0, 7);
        assert_eq!(serde_json::from_value::<Int<u16>>(json!(7)).unwrap().0, 7);
        assert_eq!(serde_json::from_value::<Option<Int<u32>>>(json!(null)).unwrap(), None);
    }

    #[test]
    fn integers_out_of_range_or_negative_are_refused() {
        for bad in [json!(65_536), json!("65536"), json!(-1), json!("-1"), json!(""), json!(1.5)] {
            assert!(serde_json::from_value::<Int<u16>>(bad.clone()).is_err(), "{bad}");
        }
    }

    #[test]
    fn accounts_are_ss58() {
        let account: Account = serde_json::from_value(json!(ALICE)).unwrap();
        assert_eq!(
            hex::encode(account.0),
            "d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d"
        );
        let error = serde_json::from_value::<Account>(json!("5Grw")).unwrap_err().to_string();
        assert!(error.contains("SS58"), "{error}");
    }

    #[test]
    fn hashes_are_0x_hex_of_32_bytes() {
        let text = format!("0x{}", "ab".repeat(32));
        let hash: Hash = serde_json::from_value(json!(text)).unwrap();
        assert_eq!(hash.to_string(), text);
        for bad in ["ab".repeat(32), "0xab".to_owned(), format!("0x{}", "zz".repeat(32))] {
            assert!(serde_json::from_value::<Hash>(json!(bad)).is_err(), "{bad}");
        }
    }
}
