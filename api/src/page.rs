//! Pages by key: a page begins after the key of the last item of the page before it, so that rows
//! that arrive in between are neither repeated nor skipped, and a late page costs what the first does.

use std::{fmt::Display, str::FromStr};

pub use assent_mirror::Position;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::{
    provenance::AsOf,
    types::{Account, Hash, ParseError},
};

/// Items of a page when the request does not say.
const DEFAULT_LIMIT: u16 = 50;
/// Most items of a page.
const MAX_LIMIT: u16 = 200;
/// What is wrong with a cursor; follows the name of the parameter.
pub const CURSOR: &str = "is not a cursor of this list: take it from `next` of the page before";

/// The parameters of every list; read by [`crate::parameters::Parameters::page`].
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the parameters in the OpenAPI document only")]
pub struct PageParameters {
    /// Most items to give, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
    /// `next` of the page before; without it, the first page.
    after: Option<String>,
}

/// How many items, and after which key.
#[derive(Debug)]
pub struct PageRequest<K> {
    limit: u16,
    /// Key of the last item of the page before.
    pub after: Option<K>,
}

impl<K: FromStr> PageRequest<K> {
    /// Reads `limit` and `after`; the error is the field's name and what is wrong with it.
    pub fn parse(
        limit: Option<String>,
        after: Option<String>,
    ) -> Result<Self, (&'static str, &'static str)> {
        let limit = match limit {
            None => DEFAULT_LIMIT,
            Some(text) => text
                .parse()
                .ok()
                .filter(|limit| (1..=MAX_LIMIT).contains(limit))
                .ok_or(("limit", "must be a whole number from 1 to 200"))?,
        };
        let after = after.map(|text| text.parse()).transpose();
        let after = after.map_err(|_| ("after", CURSOR))?;
        Ok(Self { limit, after })
    }

    /// Rows to select: one more than the page holds shows whether there is a next page.
    pub fn rows(&self) -> i64 {
        i64::from(self.limit) + 1
    }

    /// Makes a page of what was selected with [`Self::rows`].
    pub fn page<T: Keyed<Key = K>>(&self, items: Vec<T>, as_of: AsOf) -> Page<T>
    where
        K: Display,
    {
        self.page_by(items, as_of, T::key)
    }

    /// Like [`Self::page`], for a list that is ordered by another key than its items' own.
    pub fn page_by<T>(&self, mut items: Vec<T>, as_of: AsOf, key: impl Fn(&T) -> K) -> Page<T>
    where
        K: Display,
    {
        let more = items.len() > usize::from(self.limit);
        items.truncate(usize::from(self.limit));
        let next = items.last().filter(|_| more).map(|item| key(item).to_string());
        Page { items, next, as_of }
    }
}

/// An item of a list, which is ordered by its key.
pub trait Keyed {
    /// Unique within the list.
    type Key;

    /// Key of this item.
    fn key(&self) -> Self::Key;
}

/// Part of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// Ordered by key, ascending.
    items: Vec<T>,
    /// Cursor of the next page, for `after`; null on the last page.
    next: Option<String>,
    /// The block that the list is of.
    as_of: AsOf,
}

/// Key of what counts from 0 or 1: grants, accesses, emergencies, versions, batches, orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Number(pub i64);

impl Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Number {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        digits(text).map(Self)
    }
}

/// Key of what one account has of something that is numbered, of a batch or in a period, as
/// `number-account`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// The batch or the period.
    pub number: i64,
    /// Whose it is.
    pub account: Account,
}

impl Display for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.number, self.account)
    }
}

impl FromStr for Share {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let (number, account) = text.split_once('-').ok_or(CursorError)?;
        Ok(Self {
            number: digits(number)?,
            account: account.parse().map_err(|_: ParseError| CursorError)?,
        })
    }
}

/// Key of one version of a report on an account in a period, as `period-account-version`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reported {
    /// The period and the account.
    pub on: Share,
    /// Number of the version.
    pub version: i64,
}

impl Display for Reported {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.on, self.version)
    }
}

impl FromStr for Reported {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let (on, version) = text.rsplit_once('-').ok_or(CursorError)?;
        Ok(Self { on: on.parse()?, version: digits(version)? })
    }
}

/// Key of what an owner said about another account, as `owner-other`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// Who said it.
    pub owner: Account,
    /// About whom.
    pub other: Account,
}

impl Display for Pair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.owner, self.other)
    }
}

impl FromStr for Pair {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let (owner, other) = text.split_once('-').ok_or(CursorError)?;
        let account = |text: &str| text.parse().map_err(|_: ParseError| CursorError);
        Ok(Self { owner: account(owner)?, other: account(other)? })
    }
}

/// Key of what an owner lets an operator do with units of a batch, as `owner-operator-batch`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mandate {
    /// The owner, and the operator.
    pub pair: Pair,
    /// The batch.
    pub batch: i64,
}

impl Display for Mandate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.pair, self.batch)
    }
}

impl FromStr for Mandate {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let (pair, batch) = text.rsplit_once('-').ok_or(CursorError)?;
        Ok(Self { pair: pair.parse()?, batch: digits(batch)? })
    }
}

/// Key of a version of a report: its series and its number, as `series-sequence`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version {
    /// The series.
    pub series: Hash,
    /// Number of the version.
    pub sequence: i64,
}

impl Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.series, self.sequence)
    }
}

impl FromStr for Version {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let (series, sequence) = text.split_once('-').ok_or(CursorError)?;
        Ok(Self {
            series: series.parse().map_err(|_: ParseError| CursorError)?,
            sequence: digits(sequence)?,
        })
    }
}

/// Key of a contract: its name in the manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name(pub String);

impl Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Name {
    type Err = CursorError;

    /// Any text: only the list knows which contracts there are.
    fn from_str(text: &str) -> Result<Self, CursorError> {
        Ok(Self(text.to_owned()))
    }
}

/// A text is not a cursor of this list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor of this list")]
pub struct CursorError;

/// A number as cursors print it: digits alone, no sign.
fn digits(text: &str) -> Result<i64, CursorError> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(CursorError);
    }
    text.parse().map_err(|_| CursorError)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Hash;

    impl Keyed for i64 {
        type Key = Number;
        fn key(&self) -> Number {
            Number(*self)
        }
    }

    const AS_OF: AsOf = AsOf { block_number: 7, block_hash: Hash([7; 32]) };

    fn request(limit: &str) -> PageRequest<Number> {
        PageRequest::parse(Some(limit.into()), None).unwrap()
    }

    #[test]
    fn a_full_page_has_a_next_one_only_if_there_is_more() {
        let request = request("2");
        assert_eq!(request.rows(), 3);
        assert_eq!(request.page(vec![4, 5, 6], AS_OF).next.as_deref(), Some("5"));
        assert_eq!(request.page(vec![4, 5], AS_OF).next, None);
        assert_eq!(request.page(Vec::<i64>::new(), AS_OF).next, None);
    }

    #[test]
    fn limit_and_cursor_are_checked() {
        for wrong in ["0", "201", "-1", "ten", ""] {
            let refusal = PageRequest::<Number>::parse(Some(wrong.into()), None);
            assert_eq!(refusal.unwrap_err().0, "limit", "{wrong}");
        }
        for wrong in ["", "-1", "+1", "99999999999999999999", "1-2"] {
            let refusal = PageRequest::<Number>::parse(None, Some(wrong.into()));
            assert_eq!(refusal.unwrap_err().0, "after", "{wrong}");
        }
        assert_eq!(request("200").rows(), 201);
    }

    #[test]
    fn cursors_read_what_they_print() {
        let share = Share { number: 2, account: Account([1; 32]) };
        assert_eq!(share.to_string().parse(), Ok(share));
        let reported = Reported { on: share, version: 3 };
        assert_eq!(reported.to_string().parse(), Ok(reported));
        assert!(share.to_string().parse::<Reported>().is_err());
        assert!(reported.to_string().parse::<Share>().is_err());
        let pair = Pair { owner: Account([1; 32]), other: Account([2; 32]) };
        assert_eq!(pair.to_string().parse(), Ok(pair));
        assert!(pair.owner.to_string().parse::<Pair>().is_err());
        let mandate = Mandate { pair, batch: 4 };
        assert_eq!(mandate.to_string().parse(), Ok(mandate));
        assert!(pair.to_string().parse::<Mandate>().is_err());
        let version = Version { series: Hash([3; 32]), sequence: 2 };
        assert_eq!(version.to_string().parse(), Ok(version));
        assert!("0x12-2".parse::<Version>().is_err());
        assert_eq!("reports".parse(), Ok(Name("reports".into())));
    }
}
