//! What a request's body holds.

use std::{fmt, marker::PhantomData};

use axum::{
    Json,
    extract::{FromRequest, Request, rejection::JsonRejection},
    http::StatusCode,
};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, MapAccess, Visitor, value::MapAccessDeserializer},
};

use super::MAX_BODY;
use crate::error::AuthError;

/// A body of JSON whose every field is known.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = AuthError;

    async fn from_request(request: Request, state: &S) -> Result<Self, AuthError> {
        match Json::from_request(request, state).await {
            Ok(Json(Object(body))) => Ok(Self(body)),
            Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Err(AuthError::TooLarge(MAX_BODY))
            }
            Err(rejection) => Err(AuthError::Body(match rejection {
                // serde names the field, and at most quotes what it was sent, to whoever sent it.
                JsonRejection::JsonDataError(error) => {
                    format!("is not what this route takes: {}", error.body_text())
                }
                JsonRejection::JsonSyntaxError(_) => "is not JSON".to_owned(),
                JsonRejection::MissingJsonContentType(_) => {
                    "has no header `Content-Type: application/json`".to_owned()
                }
                _ => "did not come whole".to_owned(),
            })),
        }
    }
}

/// What an object holds. A struct would also be read from an array of its fields' values.
struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Fields<T> {
            type Value = T;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<T, A::Error> {
                T::deserialize(MapAccessDeserializer::new(fields))
            }
        }

        deserializer.deserialize_map(Fields(PhantomData)).map(Self)
    }
}
