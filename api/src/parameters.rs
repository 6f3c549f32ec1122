//! What a route takes, declared once: [`parameters!`] makes a struct that reads path and query, and
//! that describes them in the OpenAPI document.
//!
//! Reading is strict: what is unknown, repeated or malformed is refused with the name of the field,
//! so that a misspelled filter never answers with everything.

pub mod contract;
pub mod value;
pub mod words;

use axum::{
    extract::{FromRequestParts, Query, RawPathParams},
    http::request::Parts,
};
use utoipa::openapi::{
    RefOr, Required,
    path::{Parameter, ParameterBuilder, ParameterIn},
    schema::Schema,
};

use self::value::Value;
use crate::error::ApiError;

/// Declares requests: structs whose fields are the parameters of a route. A field's type says where
/// it stands and what it may be, its documentation is the description in the document:
///
/// | Type | Parameter |
/// |---|---|
/// | `Segment<T>` | the segment of the path that has the field's name |
/// | `Option<T>` | one of the query that may be left out |
/// | `Must<T>` | one of the query that may not |
/// | `PageRequest<K>` | `limit` and `after` of a list that is ordered by `K` |
macro_rules! parameters {
    ($(
        $(#[$about:meta])*
        pub struct $request:ident { $($(#[doc = $doc:literal])* $field:ident: $type:ty,)* }
    )+) => {$(
        $(#[$about])*
        #[derive(Debug)]
        pub struct $request { $($(#[doc = $doc])* $field: $type,)* }

        impl<S: Send + Sync> axum::extract::FromRequestParts<S> for $request {
            type Rejection = crate::error::ApiError;

            async fn from_request_parts(
                parts: &mut axum::http::request::Parts,
                state: &S,
            ) -> Result<Self, Self::Rejection> {
                #[allow(unused_mut, reason = "a request without parameters takes none")]
                let mut given = crate::parameters::Given::of(parts, state).await?;
                let request = Self {
                    $($field: crate::parameters::Field::take(&mut given, stringify!($field))?,)*
                };
                given.finish()?;
                Ok(request)
            }
        }

        impl utoipa::IntoParams for $request {
            fn into_params(
                _parameter_in: impl Fn() -> Option<utoipa::openapi::path::ParameterIn>,
            ) -> Vec<utoipa::openapi::path::Parameter> {
                let described: Vec<Vec<_>> = vec![$(
                    <$type as crate::parameters::Field>::describe(
                        stringify!($field),
                        concat!($($doc),*).trim(),
                    ),
                )*];
                described.concat()
            }
        }
    )+};
}
pub(crate) use parameters;

parameters! {
    /// For a route that takes no parameters.
    pub struct NoParameters {}
}

/// A field of a request.
pub trait Field: Sized {
    /// Takes it from what is given.
    fn take(given: &mut Given, name: &'static str) -> Result<Self, ApiError>;

    /// The parameters that it is in the document.
    fn describe(name: &'static str, about: &str) -> Vec<Parameter>;
}

impl<T: Value> Field for Option<T> {
    fn take(given: &mut Given, name: &'static str) -> Result<Self, ApiError> {
        given.query(name).map(|text| read(name, &text)).transpose()
    }

    fn describe(name: &'static str, about: &str) -> Vec<Parameter> {
        vec![in_query(name, about, T::schema())]
    }
}

/// A parameter of the query that has to be there.
#[derive(Debug)]
pub struct Must<T>(pub T);

impl<T: Value> Field for Must<T> {
    fn take(given: &mut Given, name: &'static str) -> Result<Self, ApiError> {
        let absent = || ApiError::invalid(name, "has to be given");
        read(name, &given.query(name).ok_or_else(absent)?).map(Self)
    }

    fn describe(name: &'static str, about: &str) -> Vec<Parameter> {
        let mut parameter = in_query(name, about, T::schema());
        parameter.required = Required::True;
        vec![parameter]
    }
}

/// A variable segment of the path.
#[derive(Debug)]
pub struct Segment<T>(pub T);

impl<T: Value> Field for Segment<T> {
    fn take(given: &mut Given, name: &'static str) -> Result<Self, ApiError> {
        // The route's path and the request are written side by side: a missing segment is a fault
        // that the first request of a test meets.
        let text = given.segment(name).ok_or(ApiError::NoRoute)?;
        read(name, &text).map(Self)
    }

    fn describe(name: &'static str, about: &str) -> Vec<Parameter> {
        vec![parameter(ParameterIn::Path, name, about, T::schema())]
    }
}

fn read<T: Value>(name: &str, text: &str) -> Result<T, ApiError> {
    T::read(text).map_err(|detail| ApiError::invalid(name, detail))
}

/// Describes a parameter of the query.
pub fn in_query(name: &str, about: &str, schema: impl Into<RefOr<Schema>>) -> Parameter {
    parameter(ParameterIn::Query, name, about, schema)
}

fn parameter(
    parameter_in: ParameterIn,
    name: &str,
    about: &str,
    schema: impl Into<RefOr<Schema>>,
) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(parameter_in)
        // Sets it to true for a segment of the path.
        .required(Required::False)
        .description(Some(about))
        .schema(Some(schema))
        .build()
}

/// What a request gives; each field takes its own, and nothing may be left.
pub struct Given {
    segments: Vec<(String, String)>,
    query: Vec<(String, String)>,
}

impl Given {
    /// Splits path and query; refuses what is repeated.
    pub async fn of<S: Send + Sync>(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let segments = RawPathParams::from_request_parts(parts, state)
            .await
            .map_err(|_| ApiError::invalid("path", "is not valid percent-encoded UTF-8"))?;
        let Query(query) = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri)
            .map_err(|_| ApiError::invalid("query", "is not a valid query string"))?;
        for (index, (name, _)) in query.iter().enumerate() {
            if query[..index].iter().any(|(earlier, _)| earlier == name) {
                return Err(ApiError::invalid(name, "is given twice"));
            }
        }
        let owned = |(name, text): (&str, &str)| (name.to_owned(), text.to_owned());
        Ok(Self { segments: segments.iter().map(owned).collect(), query })
    }

    /// Takes a segment of the path.
    fn segment(&mut self, name: &str) -> Option<String> {
        take(&mut self.segments, name)
    }

    /// Takes a parameter of the query.
    pub fn query(&mut self, name: &str) -> Option<String> {
        take(&mut self.query, name)
    }

    /// Refuses what no field took.
    pub fn finish(self) -> Result<(), ApiError> {
        match self.query.into_iter().next() {
            Some((name, _)) => Err(ApiError::invalid(name, "is not a parameter of this route")),
            None => Ok(()),
        }
    }

    /// With this query.
    #[cfg(test)]
    pub fn from_query(query: impl Into<Vec<(String, String)>>) -> Self {
        Self { segments: Vec::new(), query: query.into() }
    }
}

fn take(given: &mut Vec<(String, String)>, name: &str) -> Option<String> {
    let index = given.iter().position(|(known, _)| known == name)?;
    Some(given.remove(index).1)
}
