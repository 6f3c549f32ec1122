//! Reads path and query parameters strictly: what is unknown, repeated or malformed is refused with
//! the name of the field, so that a misspelled filter never answers with everything.

use axum::{
    extract::{FromRequestParts, Path, Query},
    http::request::Parts,
};

use crate::{
    error::ApiError,
    page::PageRequest,
    types::{Account, Hash, ParseError},
    vocabulary,
};

/// The query string; take each parameter that the route knows, then [`finish`](Self::finish).
pub struct Parameters(Vec<(String, String)>);

impl<S: Send + Sync> FromRequestParts<S> for Parameters {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ApiError> {
        let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri)
            .map_err(|_| ApiError::invalid("query", "is not a valid query string"))?;
        for (index, (name, _)) in pairs.iter().enumerate() {
            if pairs[..index].iter().any(|(earlier, _)| earlier == name) {
                return Err(ApiError::invalid(name, "is given twice"));
            }
        }
        Ok(Self(pairs))
    }
}

impl Parameters {
    /// The text of a parameter, if it is given.
    pub fn text(&mut self, name: &str) -> Option<String> {
        let index = self.0.iter().position(|(given, _)| given == name)?;
        Some(self.0.swap_remove(index).1)
    }

    /// An account.
    pub fn account(&mut self, name: &str) -> Result<Option<Account>, ApiError> {
        self.text(name).map(|text| account(name, &text)).transpose()
    }

    /// A number that fits a bigint and is not negative.
    pub fn number(&mut self, name: &str) -> Result<Option<i64>, ApiError> {
        self.text(name).map(|text| number(name, &text)).transpose()
    }

    /// `true` or `false`.
    pub fn flag(&mut self, name: &str) -> Result<Option<bool>, ApiError> {
        let given = self.text(name);
        let flag = given.map(|text| text.parse().map_err(|_| "must be true or false")).transpose();
        flag.map_err(|detail| ApiError::invalid(name, detail))
    }

    /// One of these words.
    pub fn one_of(&mut self, name: &str, words: &[&str]) -> Result<Option<String>, ApiError> {
        match self.text(name) {
            Some(text) if !words.contains(&text.as_str()) => {
                Err(ApiError::invalid(name, format!("must be one of {}", words.join(", "))))
            }
            text => Ok(text),
        }
    }

    /// The bit of a role, which is given by its name.
    pub fn role(&mut self, name: &str) -> Result<Option<i32>, ApiError> {
        let role = self.one_of(name, vocabulary::role_names())?;
        Ok(role.and_then(|role| vocabulary::role_bit(&role)))
    }

    /// `limit` and `after`.
    pub fn page<K: std::str::FromStr>(&mut self) -> Result<PageRequest<K>, ApiError> {
        PageRequest::parse(self.text("limit"), self.text("after"))
            .map_err(|(field, detail)| ApiError::invalid(field, detail))
    }

    /// Refuses what the route did not take.
    pub fn finish(self) -> Result<(), ApiError> {
        match self.0.into_iter().next() {
            Some((name, _)) => Err(ApiError::invalid(name, "is not a parameter of this route")),
            None => Ok(()),
        }
    }
}

/// The one variable segment of a path.
pub struct Segment(String);

impl<S: Send + Sync> FromRequestParts<S> for Segment {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Path(segment) = Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(|_| ApiError::invalid("path", "is not valid percent-encoded UTF-8"))?;
        Ok(Self(segment))
    }
}

impl Segment {
    /// An account.
    pub fn account(&self, name: &str) -> Result<Account, ApiError> {
        account(name, &self.0)
    }

    /// A number that fits a bigint and is not negative.
    pub fn number(&self, name: &str) -> Result<i64, ApiError> {
        number(name, &self.0)
    }

    /// One of these words.
    pub fn one_of(&self, name: &str, words: &[&str]) -> Result<&str, ApiError> {
        if words.contains(&self.0.as_str()) {
            return Ok(&self.0);
        }
        Err(ApiError::invalid(name, format!("must be one of {}", words.join(", "))))
    }

    /// A hash.
    pub fn hash(&self, name: &str) -> Result<Hash, ApiError> {
        self.0.parse().map_err(|error: ParseError| ApiError::invalid(name, error.to_string()))
    }
}

fn account(name: &str, text: &str) -> Result<Account, ApiError> {
    text.parse().map_err(|error: ParseError| ApiError::invalid(name, error.to_string()))
}

fn number(name: &str, text: &str) -> Result<i64, ApiError> {
    text.parse().ok().filter(|number| *number >= 0).ok_or_else(|| {
        ApiError::invalid(name, "must be a whole number from 0 to 9223372036854775807")
    })
}
