//! Closed sets of words, such as what a status may be: declared once for requests, answers, the
//! database and the document.

/// Declares sets of words. A column of texts reads into one, and a row with another word is a fault.
/// In the document each is a schema of its own, which says what every word means.
macro_rules! words {
    ($(
        $(#[doc = $about:literal])+
        pub enum $set:ident { $($(#[doc = $doc:literal])+ $member:ident = $word:literal,)+ }
    )+) => {$(
        $(#[doc = $about])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $set { $($(#[doc = $doc])+ $member,)+ }

        impl $set {
            const WORDS: &[&'static str] = &[$($word),+];

            fn word(self) -> &'static str {
                match self { $(Self::$member => $word,)+ }
            }

            fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$member),)+ _ => None }
            }
        }

        impl crate::parameters::value::Value for $set {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                let name = <Self as utoipa::ToSchema>::name();
                utoipa::openapi::Ref::from_schema_name(name).into()
            }

            fn read(text: &str) -> Result<Self, std::borrow::Cow<'static, str>> {
                let refusal = || format!("must be one of {}", Self::WORDS.join(", ")).into();
                Self::from_word(text).ok_or_else(refusal)
            }
        }

        impl serde::Serialize for $set {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.word())
            }
        }

        impl utoipa::PartialSchema for $set {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                let about = concat!($($about),+).trim();
                let words = [$(concat!("\n- `", $word, "`:", $($doc),+)),+].concat();
                utoipa::openapi::schema::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .enum_values(Some(Self::WORDS.iter().copied()))
                    .description(Some(format!("{about}\n{words}")))
                    .into()
            }
        }

        impl utoipa::ToSchema for $set {}

        impl sqlx::Type<sqlx::Postgres> for $set {
            fn type_info() -> sqlx::postgres::PgTypeInfo {
                <str as sqlx::Type<sqlx::Postgres>>::type_info()
            }

            fn compatible(info: &sqlx::postgres::PgTypeInfo) -> bool {
                <str as sqlx::Type<sqlx::Postgres>>::compatible(info)
            }
        }

        impl sqlx::Encode<'_, sqlx::Postgres> for $set {
            fn encode_by_ref(
                &self,
                buffer: &mut sqlx::postgres::PgArgumentBuffer,
            ) -> Result<sqlx::encode::IsNull, sqlx::error::BoxDynError> {
                <&str as sqlx::Encode<sqlx::Postgres>>::encode_by_ref(&self.word(), buffer)
            }
        }

        impl<'r> sqlx::Decode<'r, sqlx::Postgres> for $set {
            fn decode(
                value: sqlx::postgres::PgValueRef<'r>,
            ) -> Result<Self, sqlx::error::BoxDynError> {
                let word = <&str as sqlx::Decode<sqlx::Postgres>>::decode(value)?;
                Self::from_word(word)
                    .ok_or_else(|| format!("`{word}` is none of {}", Self::WORDS.join(", ")).into())
            }
        }
    )+};
}
pub(crate) use words;

#[cfg(test)]
mod tests {
    use crate::parameters::value::Value;

    words! {
        /// How it is.
        pub enum Sample {
            /// As it should be.
            Good = "good",
            /// Not so, and nobody
            /// knows why.
            NotSoGood = "not_so_good",
        }
    }

    #[test]
    fn a_set_of_words_reads_what_it_writes_and_says_what_it_means() {
        assert_eq!(Sample::read("not_so_good"), Ok(Sample::NotSoGood));
        assert_eq!(serde_json::to_value(Sample::NotSoGood).unwrap(), "not_so_good");
        for wrong in ["", "Good", "bad", "NotSoGood", " good"] {
            assert_eq!(Sample::read(wrong).unwrap_err(), "must be one of good, not_so_good");
        }
        let schema = serde_json::to_value(<Sample as utoipa::PartialSchema>::schema()).unwrap();
        assert_eq!(
            schema,
            serde_json::json!({
                "type": "string",
                "enum": ["good", "not_so_good"],
                "description": "How it is.\n\n- `good`: As it should be.\n\
                    - `not_so_good`: Not so, and nobody knows why.",
            })
        );
        let used = serde_json::to_value(<Sample as Value>::schema()).unwrap();
        assert_eq!(used, serde_json::json!({ "$ref": "#/components/schemas/Sample" }));
    }
}
