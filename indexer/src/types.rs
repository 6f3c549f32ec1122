//! Integers as the events' JSON spells them: numbers, or strings when they may be large.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;
use serde::de::{self, Deserializer, Visitor};

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
}
