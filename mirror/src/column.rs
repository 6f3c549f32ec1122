//! How values of the chain stand in columns of Postgres.

use std::borrow::Cow;
use std::fmt;

use assent_events::{AccountId, DenyReason, Outcome, SanctionReason};
use primitive_types::U256;

/// The type of a column; a domain counts as the type below it, and the server checks what it demands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// True or false.
    Boolean,
    /// 16 bits with a sign.
    Smallint,
    /// 32 bits with a sign.
    Integer,
    /// 64 bits with a sign.
    Bigint,
    /// Whole numbers from zero on: the domains u64 and amount, and numeric(78, 0) for sums of amounts.
    Numeric,
    /// 32 bytes.
    Bytea,
    /// A word.
    Text,
}

impl Type {
    /// As Postgres names it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Smallint => "smallint",
            Self::Integer => "integer",
            Self::Bigint => "bigint",
            Self::Numeric => "numeric",
            Self::Bytea => "bytea",
            Self::Text => "text",
        }
    }
}

/// What stands in a column.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is of the type of the same name")]
pub enum Value {
    /// Nothing, in a column of any type.
    Null,
    Boolean(bool),
    Smallint(i16),
    Integer(i32),
    Bigint(i64),
    Numeric(U256),
    Bytea([u8; 32]),
    Text(Cow<'static, str>),
}

impl Value {
    /// A whole number from zero on, from its digits.
    ///
    /// # Errors
    ///
    /// [`NotAColumn`] when they are not those of such a number.
    pub fn number(digits: &str) -> Result<Self, NotAColumn> {
        // Most are small, and are found much faster.
        let number = digits.parse::<u128>().ok().map(U256::from);
        let number = number.or_else(|| U256::from_dec_str(digits).ok());
        number.map(Self::Numeric).ok_or_else(|| NotAColumn(Self::Text(digits.to_owned().into())))
    }
}

/// As Postgres prints it.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Boolean(value) => value.fmt(f),
            Self::Smallint(value) => value.fmt(f),
            Self::Integer(value) => value.fmt(f),
            Self::Bigint(value) => value.fmt(f),
            Self::Numeric(value) => match u128::try_from(*value) {
                // As in [`Self::number`].
                Ok(value) => value.fmt(f),
                Err(_) => value.fmt(f),
            },
            Self::Bytea(bytes) => f.write_str(&bytea(bytes)),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// A value that a column holds.
pub trait Column: Clone + PartialEq {
    /// The type of the column.
    const TYPE: Type;

    /// As it stands there.
    fn value(&self) -> Value;

    /// From what stands there.
    ///
    /// # Errors
    ///
    /// [`NotAColumn`] when that is no such value: the schema is another one.
    fn read(value: Value) -> Result<Self, NotAColumn>;
}

/// What stands in a column is not what the column holds here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not what a column of this schema holds")]
pub struct NotAColumn(pub Value);

macro_rules! plain {
    ($($of:ty: $type:ident;)+) => {$(
        impl Column for $of {
            const TYPE: Type = Type::$type;

            fn value(&self) -> Value {
                Value::$type(*self)
            }

            fn read(value: Value) -> Result<Self, NotAColumn> {
                match value {
                    Value::$type(value) => Ok(value),
                    other => Err(NotAColumn(other)),
                }
            }
        }
    )+};
}

plain! {
    bool: Boolean;
    i16: Smallint;
    i32: Integer;
    i64: Bigint;
    U256: Numeric;
    [u8; 32]: Bytea;
}

macro_rules! numbers {
    ($($number:ty),+) => {$(
        impl Column for $number {
            const TYPE: Type = Type::Numeric;

            fn value(&self) -> Value {
                Value::Numeric((*self).into())
            }

            fn read(value: Value) -> Result<Self, NotAColumn> {
                let number = match &value {
                    Value::Numeric(number) => (*number).try_into().ok(),
                    _ => None,
                };
                number.ok_or(NotAColumn(value))
            }
        }
    )+};
}

numbers!(u64, u128);

impl Column for AccountId {
    const TYPE: Type = Type::Bytea;

    fn value(&self) -> Value {
        self.0.value()
    }

    fn read(value: Value) -> Result<Self, NotAColumn> {
        Column::read(value).map(Self)
    }
}

macro_rules! codes {
    ($($code:ty),+) => {$(
        impl Column for $code {
            const TYPE: Type = Type::Text;

            fn value(&self) -> Value {
                Value::Text(self.as_str().into())
            }

            fn read(value: Value) -> Result<Self, NotAColumn> {
                let known = match &value {
                    Value::Text(text) => Self::from_name(text),
                    _ => None,
                };
                known.ok_or(NotAColumn(value))
            }
        }
    )+};
}

// The contracts have a word for each of them.
codes!(DenyReason, Outcome, SanctionReason);

impl<T: Column> Column for Option<T> {
    const TYPE: Type = T::TYPE;

    fn value(&self) -> Value {
        self.as_ref().map_or(Value::Null, Column::value)
    }

    fn read(value: Value) -> Result<Self, NotAColumn> {
        match value {
            Value::Null => Ok(None),
            value => T::read(value).map(Some),
        }
    }
}

/// The only row of its table: the value of the column `singleton`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Singleton;

impl Column for Singleton {
    const TYPE: Type = Type::Boolean;

    fn value(&self) -> Value {
        Value::Boolean(true)
    }

    fn read(value: Value) -> Result<Self, NotAColumn> {
        match value {
            Value::Boolean(true) => Ok(Self),
            other => Err(NotAColumn(other)),
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
            const TYPE: $crate::column::Type = $crate::column::Type::Text;

            fn value(&self) -> $crate::column::Value {
                $crate::column::Value::Text(match self { $(Self::$variant => $word,)+ }.into())
            }

            fn read(value: $crate::column::Value) -> Result<Self, $crate::column::NotAColumn> {
                match &value {
                    $($crate::column::Value::Text(text) if text == $word => Ok(Self::$variant),)+
                    _ => Err($crate::column::NotAColumn(value)),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn survives<T: Column + std::fmt::Debug>(value: T, of_type: Type, text: &str) {
        assert_eq!((T::TYPE, value.value().to_string().as_str()), (of_type, text));
        assert_eq!(T::read(value.value()), Ok(value));
    }

    #[test]
    fn a_column_reads_what_stands_there_and_prints_it_as_postgres_does() {
        survives(-1_i64, Type::Bigint, "-1");
        survives(u64::MAX, Type::Numeric, "18446744073709551615");
        survives(u128::MAX, Type::Numeric, "340282366920938463463374607431768211455");
        let sum = U256::from(u128::MAX) + U256::from(1);
        survives(sum, Type::Numeric, "340282366920938463463374607431768211456");
        assert_eq!(Value::number(&sum.to_string()), Ok(sum.value()));
        assert_eq!(Value::number("7"), Ok(7_u64.value()));
        survives(true, Type::Boolean, "true");
        survives(AccountId([0xab; 32]), Type::Bytea, &format!("\\x{}", "ab".repeat(32)));
        survives(None::<i32>, Type::Integer, "null");
        survives(Some(7_i16), Type::Smallint, "7");
        survives(Singleton, Type::Boolean, "true");
        survives(DenyReason::UsesExhausted, Type::Text, "UsesExhausted");
    }

    #[test]
    fn what_is_no_value_of_the_column_is_an_error() {
        assert!(u64::read(Value::Bigint(1)).is_err());
        assert!(u64::read(U256::from(u128::MAX).value()).is_err());
        assert!(i16::read(Value::Null).is_err());
        assert!(Outcome::read(Value::Text("Justified".into())).is_err());
        assert!(Outcome::read(Value::Boolean(true)).is_err());
        assert!(<[u8; 32]>::read(Value::Text("ab".into())).is_err());
        assert!(Singleton::read(Value::Boolean(false)).is_err());
        assert!(Value::number("-1").is_err());
        assert!(Value::number("1.5").is_err());
    }
}
