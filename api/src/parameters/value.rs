//! Single values of requests: how each is read, and how the document says the same.

use std::borrow::Cow;

use utoipa::openapi::{
    RefOr,
    schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type},
};

use crate::{
    cursor::text_of,
    types::{Account, Hash, ParseError},
};

/// Pattern of an account: hexadecimal, or SS58 with prefix 42. Who makes texts up from a pattern mostly
/// takes the first alternative, and here that one has no checksum.
pub const ACCOUNT: &str = "0x[0-9a-fA-F]{64}|5[1-9A-HJ-NP-Za-km-z]{47}";
/// Pattern of a hash.
pub const HASH: &str = "0x[0-9a-fA-F]{64}";

/// A value that a request gives as text.
pub trait Value: Sized {
    /// What the document says that the text has to be: no more than is read.
    fn schema() -> RefOr<Schema>;

    /// Reads it; the error follows the name of the parameter in a sentence.
    fn read(text: &str) -> Result<Self, Cow<'static, str>>;
}

/// The one rule for numbers in requests: decimal digits alone, so no sign, and no zero before them.
pub fn digits(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let shortest = text == "0" || !text.starts_with('0');
    // Only digits are left to parse; there may be none, or too many.
    text.parse().ok().filter(|_| digits && shortest)
}

impl Value for i64 {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::Integer)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
            .minimum(Some(0))
            .maximum(Some(i64::MAX))
            .into()
    }

    fn read(text: &str) -> Result<Self, Cow<'static, str>> {
        let number = digits(text).and_then(|number| number.try_into().ok());
        number.ok_or_else(|| {
            format!("must be a whole number from 0 to {}, without sign and leading zeros", i64::MAX)
                .into()
        })
    }
}

impl Value for bool {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::Boolean).into()
    }

    fn read(text: &str) -> Result<Self, Cow<'static, str>> {
        text.parse().map_err(|_| "must be true or false".into())
    }
}

impl Value for Account {
    fn schema() -> RefOr<Schema> {
        text_of(ACCOUNT, "account")
    }

    fn read(text: &str) -> Result<Self, Cow<'static, str>> {
        text.parse().map_err(|error: ParseError| error.to_string().into())
    }
}

impl Value for Hash {
    fn schema() -> RefOr<Schema> {
        text_of(HASH, "hash")
    }

    fn read(text: &str) -> Result<Self, Cow<'static, str>> {
        text.parse().map_err(|error: ParseError| error.to_string().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_digits_alone() {
        for (text, number) in [("0", 0), ("7", 7), ("10", 10), ("18446744073709551615", u64::MAX)] {
            assert_eq!(digits(text), Some(number), "{text}");
        }
        for wrong in
            ["", "+1", "-1", "-0", "+0", "00", "01", " 1", "1 ", "1.0", "1e3", "0x1", "1_000", "٣"]
        {
            assert_eq!(digits(wrong), None, "{wrong}");
        }
        assert_eq!(digits("18446744073709551616"), None);
        assert_eq!(i64::read("9223372036854775807"), Ok(i64::MAX));
        assert!(i64::read("9223372036854775808").is_err());
    }
}
