//! How values of the chain stand in Postgres: as text, which COPY, parameters and results share.

use assent_events::{AccountId, DenyReason, Outcome, SanctionReason};
use primitive_types::U256;

/// A value that a column holds.
///
/// Everything goes to the server and comes back as text in Postgres's own notation: one encoding for
/// COPY, for the parameters of an upsert and for what is read, and the server's input functions check
/// it against the column's type.
pub trait Column: Clone + PartialEq {
    /// As Postgres reads it; `None` is null.
    fn text(&self) -> Option<String>;

    /// From what Postgres prints.
    ///
    /// # Errors
    ///
    /// [`NotAColumn`] when the text is no such value: the schema is another one.
    fn read(text: Option<String>) -> Result<Self, NotAColumn>;
}

/// A text that Postgres gave is not of the type that the column has here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not what a column of this schema holds")]
pub struct NotAColumn(pub Option<String>);

macro_rules! numbers {
    ($($number:ty),+) => {$(
        impl Column for $number {
            fn text(&self) -> Option<String> {
                Some(self.to_string())
            }

            fn read(text: Option<String>) -> Result<Self, NotAColumn> {
                parsed(text, |text| text.parse().ok())
            }
        }
    )+};
}

// smallint, integer, bigint; the domains u64 and amount; numeric(78, 0) for sums of amounts.
numbers!(i16, i32, i64, u64, u128);

impl Column for U256 {
    fn text(&self) -> Option<String> {
        Some(self.to_string())
    }

    fn read(text: Option<String>) -> Result<Self, NotAColumn> {
        parsed(text, |text| Self::from_dec_str(text).ok())
    }
}

impl Column for bool {
    fn text(&self) -> Option<String> {
        Some(self.to_string())
    }

    fn read(text: Option<String>) -> Result<Self, NotAColumn> {
        parsed(text, |text| text.parse().ok())
    }
}

impl Column for [u8; 32] {
    fn text(&self) -> Option<String> {
        Some(bytea(self))
    }

    fn read(text: Option<String>) -> Result<Self, NotAColumn> {
        parsed(text, |text| {
            let mut bytes = [0; 32];
            hex::decode_to_slice(text.strip_prefix("\\x")?, &mut bytes).ok()?;
            Some(bytes)
        })
    }
}

impl Column for AccountId {
    fn text(&self) -> Option<String> {
        self.0.text()
    }

    fn read(text: Option<String>) -> Result<Self, NotAColumn> {
        Column::read(text).map(Self)
    }
}

macro_rules! codes {
    ($($code:ty),+) => {$(
        impl Column for $code {
            fn text(&self) -> Option<String> {
                Some(self.as_str().to_owned())
            }

            fn read(text: Option<String>) -> Result<Self, NotAColumn> {
                parsed(text, Self::from_name)
            }
        }
    )+};
}

// The contracts have a word for each of them.
codes!(DenyReason, Outcome, SanctionReason);

impl<T: Column> Column for Option<T> {
    fn text(&self) -> Option<String> {
        self.as_ref().and_then(Column::text)
    }

    fn read(text: Option<String>) -> Result<Self, NotAColumn> {
        text.map(|text| T::read(Some(text))).transpose()
    }
}

/// The only row of its table: the value of the column `singleton`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Singleton;

impl Column for Singleton {
    fn text(&self) -> Option<String> {
        true.text()
    }

    fn read(text: Option<String>) -> Result<Self, NotAColumn> {
        match bool::read(text)? {
            true => Ok(Self),
            false => Err(NotAColumn(false.text())),
        }
    }
}

/// Declares one of few words that a text column holds.
macro_rules! words {
    ($(#[doc = $doc:literal])* $name:ident { $($(#[doc = $word_doc:literal])* $variant:ident = $word:literal,)+ }) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $($(#[doc = $word_doc])* $variant,)+
        }

        impl $crate::column::Column for $name {
            fn text(&self) -> Option<String> {
                Some(match self { $(Self::$variant => $word,)+ }.to_owned())
            }

            fn read(text: Option<String>) -> Result<Self, $crate::column::NotAColumn> {
                match text.as_deref() {
                    $(Some($word) => Ok(Self::$variant),)+
                    _ => Err($crate::column::NotAColumn(text)),
                }
            }
        }
    };
}
pub(crate) use words;

/// Bytes in the notation of bytea.
#[must_use]
pub fn bytea(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let mut text = String::with_capacity(2 + 2 * bytes.len());
    text.push_str("\\x");
    for byte in bytes {
        text.push(DIGITS[usize::from(byte >> 4)]);
        text.push(DIGITS[usize::from(byte & 15)]);
    }
    text
}

fn parsed<T>(text: Option<String>, parse: impl FnOnce(&str) -> Option<T>) -> Result<T, NotAColumn> {
    match text.as_deref().and_then(parse) {
        Some(value) => Ok(value),
        None => Err(NotAColumn(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn survives<T: Column + std::fmt::Debug>(value: T, text: Option<&str>) {
        assert_eq!(value.text().as_deref(), text);
        assert_eq!(T::read(text.map(str::to_owned)), Ok(value));
    }

    #[test]
    fn a_value_reads_what_it_prints() {
        survives(-1_i64, Some("-1"));
        survives(u128::MAX, Some("340282366920938463463374607431768211455"));
        let sum = U256::from(u128::MAX) + U256::from(1);
        survives(sum, Some("340282366920938463463374607431768211456"));
        survives(true, Some("true"));
        survives(AccountId([0xab; 32]), Some(&format!("\\x{}", "ab".repeat(32))));
        survives(None::<u64>, None);
        survives(Some(7_u64), Some("7"));
        survives(Singleton, Some("true"));
        survives(DenyReason::UsesExhausted, Some("UsesExhausted"));
    }

    #[test]
    fn what_is_no_value_of_the_column_is_an_error() {
        assert!(u64::read(Some("-1".to_owned())).is_err());
        assert!(i16::read(None).is_err());
        assert!(Outcome::read(Some("Justified".to_owned())).is_err());
        assert!(<[u8; 32]>::read(Some("\\xab".to_owned())).is_err());
        assert!(Singleton::read(Some("false".to_owned())).is_err());
    }
}
