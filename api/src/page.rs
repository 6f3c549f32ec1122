//! Pages by key: a page begins after the key of the last item of the page before it, so that rows
//! that arrive in between are neither repeated nor skipped, and a late page costs what the first does.

use serde::Serialize;
use serde_json::json;
use utoipa::{
    ToSchema,
    openapi::{
        path::Parameter,
        schema::{ObjectBuilder, Type},
    },
};

use crate::{
    cursor::Cursor,
    error::ApiError,
    parameters::{Field, Given, in_query, value::digits},
    provenance::AsOf,
};

/// Items of a page when the request does not say.
const DEFAULT_LIMIT: u16 = 50;
/// Most items of a page.
const MAX_LIMIT: u16 = 200;
/// What is wrong with a cursor; follows the name of the parameter.
pub const CURSOR: &str = "is not a cursor of this list: take it from `next` of the page before";

/// How many items, and after which key: the parameters `limit` and `after` of every list.
#[derive(Debug)]
pub struct PageRequest<K> {
    limit: u16,
    /// Key of the last item of the page before.
    pub after: Option<K>,
}

impl<K: Cursor> Field for PageRequest<K> {
    fn take(given: &mut Given, _name: &'static str) -> Result<Self, ApiError> {
        let limit = match given.query("limit") {
            None => DEFAULT_LIMIT,
            Some(text) => digits(&text)
                .and_then(|limit| limit.try_into().ok())
                .filter(|limit| (1..=MAX_LIMIT).contains(limit))
                .ok_or_else(|| {
                    ApiError::invalid(
                        "limit",
                        format!("must be a whole number from 1 to {MAX_LIMIT}"),
                    )
                })?,
        };
        let after = given
            .query("after")
            .map(|text| K::parse(&text).ok_or_else(|| ApiError::invalid("after", CURSOR)))
            .transpose()?;
        Ok(Self { limit, after })
    }

    fn describe(_name: &'static str, _about: &str) -> Vec<Parameter> {
        let limit = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(1))
            .maximum(Some(MAX_LIMIT))
            .default(Some(json!(DEFAULT_LIMIT)));
        vec![
            in_query("limit", "Most items to give.", limit),
            in_query(
                "after",
                "`next` of the page before; without it, the first page.",
                K::schema(),
            ),
        ]
    }
}

impl<K: Cursor> PageRequest<K> {
    /// Rows to select: one more than the page holds shows whether there is a next page.
    pub fn rows(&self) -> i64 {
        i64::from(self.limit) + 1
    }

    /// Those of what was selected with [`Self::rows`] that the page shows.
    pub fn shown<'a, T>(&self, items: &'a [T]) -> &'a [T] {
        items.get(..usize::from(self.limit)).unwrap_or(items)
    }

    /// Makes a page of what was selected with [`Self::rows`], ordered by `key`.
    pub fn page<T>(&self, mut items: Vec<T>, as_of: AsOf, key: impl Fn(&T) -> K) -> Page<T> {
        let more = items.len() > usize::from(self.limit);
        items.truncate(usize::from(self.limit));
        let next = items.last().filter(|_| more).map(|item| key(item).write());
        Page { items, next, as_of }
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Hash;

    const AS_OF: AsOf =
        AsOf { block_number: 7, block_hash: Hash([7; 32]), block_time_ms: 7_000, age_seconds: 1 };

    #[test]
    fn a_full_page_has_a_next_one_only_if_there_is_more() {
        let request = PageRequest::<i64> { limit: 2, after: None };
        assert_eq!(request.rows(), 3);
        let next = |items: Vec<i64>| request.page(items, AS_OF, |item| *item).next;
        assert_eq!(next(vec![4, 5, 6]).as_deref(), Some("5"));
        assert_eq!(next(vec![4, 5]), None);
        assert_eq!(next(vec![]), None);
    }

    #[test]
    fn limit_and_cursor_are_checked() {
        let read = |name: &str, text: &str| {
            let mut given = Given::from_query([(name.to_owned(), text.to_owned())]);
            PageRequest::<i64>::take(&mut given, "page")
        };
        for wrong in ["0", "201", "-1", "+5", "05", "ten", ""] {
            let refusal = read("limit", wrong).unwrap_err();
            assert!(refusal.to_string().starts_with("limit must be"), "{wrong}: {refusal}");
        }
        let refusal = read("after", "+1").unwrap_err();
        assert!(refusal.to_string().starts_with("after is not a cursor"), "{refusal}");
        assert_eq!(read("limit", "200").unwrap().rows(), 201);
        assert_eq!(read("after", "12").unwrap().after, Some(12));
    }
}
