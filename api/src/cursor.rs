//! Cursors: the key of the last item of a page, as the text of `next` and `after`.
//!
//! The key of a list is a tuple of the columns that it is ordered by; its text is theirs, joined by
//! hyphens.

use utoipa::openapi::{
    RefOr,
    schema::{ObjectBuilder, Schema, SchemaFormat, Type},
};

use crate::{
    parameters::value::{ACCOUNT, HASH, digits},
    types::{Account, Hash},
};

/// Most digits of a 64-bit number of the mirror; more are no key.
const DIGITS_64: usize = 19;
/// Most digits of a 32-bit number of the mirror.
const DIGITS_32: usize = 10;

/// What a list is ordered by: a column, or a tuple of them.
pub trait Cursor: Sized {
    /// Regular expression of its text, without anchors.
    fn pattern() -> String;

    /// What its columns are, for the document's `format`.
    fn format() -> String;

    /// Its text.
    fn write(&self) -> String;

    /// Takes its columns from the front of the parts that are left.
    fn read<'a>(parts: &mut impl Iterator<Item = &'a str>) -> Option<Self>;

    /// Reads the whole text.
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let key = Self::read(&mut parts)?;
        parts.next().is_none().then_some(key)
    }

    /// How the document describes its text.
    fn schema() -> RefOr<Schema> {
        text_of(&Self::pattern(), &format!("cursor-{}", Self::format()))
    }
}

/// A text that matches the pattern as a whole. The format is a name for what no pattern can say: that
/// the checksum of an SS58 address has to fit.
pub fn text_of(pattern: &str, format: &str) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some(format!("^({pattern})$")))
        .format(Some(SchemaFormat::Custom(format.to_owned())))
        .into()
}

/// Implements [`Cursor`] for numbers. One that has few enough digits but does not fit stands for the
/// largest that does: nothing comes after either.
macro_rules! numbers {
    ($($number:ty: $digits:ident $format:literal),+) => {$(
        impl Cursor for $number {
            fn format() -> String {
                $format.to_owned()
            }

            fn pattern() -> String {
                format!("0|[1-9][0-9]{{0,{}}}", $digits - 1)
            }

            fn write(&self) -> String {
                self.to_string()
            }

            fn read<'a>(parts: &mut impl Iterator<Item = &'a str>) -> Option<Self> {
                let text = parts.next().filter(|text| text.len() <= $digits)?;
                Some(digits(text)?.try_into().unwrap_or(<$number>::MAX))
            }
        }
    )+};
}

numbers!(i64: DIGITS_64 "int64", i32: DIGITS_32 "int32");

/// Implements [`Cursor`] for what is written and read elsewhere.
macro_rules! texts {
    ($($text:ty: $pattern:ident $format:literal),+) => {$(
        impl Cursor for $text {
            fn format() -> String {
                $format.to_owned()
            }

            fn pattern() -> String {
                $pattern.to_owned()
            }

            fn write(&self) -> String {
                self.to_string()
            }

            fn read<'a>(parts: &mut impl Iterator<Item = &'a str>) -> Option<Self> {
                parts.next()?.parse().ok()
            }
        }
    )+};
}

texts!(Account: ACCOUNT "account", Hash: HASH "hash");

/// Implements [`Cursor`] for tuples.
macro_rules! tuples {
    ($($first:ident $(, $more:ident)+);+) => {$(
        #[expect(non_snake_case, reason = "a variable has the name of its type")]
        impl<$first: Cursor $(, $more: Cursor)+> Cursor for ($first, $($more),+) {
            fn format() -> String {
                [$first::format() $(, $more::format())+].join("-")
            }

            fn pattern() -> String {
                [format!("({})", $first::pattern()) $(, format!("({})", $more::pattern()))+].join("-")
            }

            fn write(&self) -> String {
                let ($first, $($more),+) = self;
                [$first.write() $(, $more.write())+].join("-")
            }

            fn read<'a>(parts: &mut impl Iterator<Item = &'a str>) -> Option<Self> {
                Some(($first::read(parts)?, $($more::read(parts)?),+))
            }
        }
    )+};
}

tuples!(A, B; A, B, C);

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNTS: [Account; 2] = [Account([1; 32]), Account([2; 32])];

    /// Asserts that a key prints so, reads what it prints, and refuses its text with one part more
    /// or less.
    #[track_caller]
    fn prints<K: Cursor + PartialEq + std::fmt::Debug>(key: K, text: &str) {
        assert_eq!(key.write(), text);
        assert_eq!(K::parse(text), Some(key));
        assert_eq!(K::parse(&format!("{text}-1")), None);
        assert_eq!(K::parse(&format!("{text}-")), None);
        assert_eq!(text.rsplit_once('-').and_then(|(less, _)| K::parse(less)), None);
    }

    #[test]
    fn cursors_read_what_they_print() {
        let [one, two] = ACCOUNTS;
        prints(7_i64, "7");
        prints((12_i64, 3_i32), "12-3");
        prints(one, &one.to_string());
        prints((2_i64, one), &format!("2-{one}"));
        prints((2_i64, one, 3_i64), &format!("2-{one}-3"));
        prints((one, two), &format!("{one}-{two}"));
        prints((one, two, 4_i64), &format!("{one}-{two}-4"));
        let series = Hash([3; 32]);
        prints((one, series, 2_i64), &format!("{one}-{series}-2"));
    }

    #[test]
    fn what_no_list_can_have_printed_is_no_cursor() {
        for wrong in ["", "-1", "+1", "01", "00", " 1", "1.0", "99999999999999999999", "1-2"] {
            assert_eq!(i64::parse(wrong), None, "{wrong}");
        }
        for wrong in ["12", "12-", "-3", "12-99999999999", "12-+3", "12-03", "012-3", "12-3-4"] {
            assert_eq!(<(i64, i32)>::parse(wrong), None, "{wrong}");
        }
        assert_eq!(<(Hash, i64)>::parse("0x12-2"), None);
        let [one, _] = ACCOUNTS;
        assert_eq!(<(Account, Hash, i64)>::parse(&format!("{one}-0x12-2")), None);
    }

    #[test]
    fn a_number_that_does_not_fit_is_after_all_that_do() {
        assert_eq!(i64::parse("9223372036854775807"), Some(i64::MAX));
        assert_eq!(i64::parse("9999999999999999999"), Some(i64::MAX));
        assert_eq!(<(i64, i32)>::parse("1-9999999999"), Some((1, i32::MAX)));
    }

    #[test]
    fn the_pattern_of_a_tuple_is_of_its_columns() {
        let number = "0|[1-9][0-9]{0,18}";
        assert_eq!(i64::pattern(), number);
        assert_eq!(<(i64, i32)>::pattern(), format!("({number})-(0|[1-9][0-9]{{0,9}})"));
        assert_eq!(<(i64, Account)>::pattern(), format!("({number})-({ACCOUNT})"));
        assert_eq!(<(Account, Account, i64)>::format(), "account-account-int64");
    }
}
