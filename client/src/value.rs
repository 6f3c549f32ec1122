//! One JSON form for chain values, for the whole system.
//!
//! | Type on chain | JSON |
//! |---|---|
//! | `bool`, `String`, `char` | boolean, string |
//! | `u8`, `u16`, `u32`, `i8`, `i16`, `i32` | number |
//! | wider integers | decimal string |
//! | `AccountId` | SS58 string, prefix 42 |
//! | `[u8; N]`, `Vec<u8>` | `"0x…"` |
//! | `Option` | `null` or the value |
//! | variant without fields | its name as string |
//! | variant with one unnamed field | `{"Name": value}` |
//! | other variants | `{"Name": [values]}` or `{"Name": {fields}}` |
//! | struct | object; a struct with one unnamed field is that field |
//! | tuple, array, sequence | array; `()` is `null` |
//!
//! The form follows from the type in the registry, never from how a value looks.

#[cfg(feature = "online")]
pub(crate) mod skip;
pub(crate) mod text;

use scale_info::form::PortableForm;
use scale_info::{Field, PortableRegistry, Type, TypeDef, TypeDefPrimitive};
use scale_value::{Composite, Primitive, Value, ValueDef};
use serde_json::{Map, Value as Json};

use crate::Account;
use crate::bundle::hex_string;

/// Why a value has no JSON form.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ValueError {
    /// The registry lacks the type.
    #[error("the registry lacks type {0}")]
    UnknownType(u32),
    /// The value is not of the type.
    #[error("a value does not fit its type: {0}")]
    Mismatch(String),
    /// The type has no JSON form.
    #[error("bit sequences have no JSON form here")]
    Unsupported,
    /// The bytes are not of the type.
    #[error("bytes do not decode: {0}")]
    Decode(String),
    /// The bytes hold values within values, deeper than is followed.
    #[error("values lie in each other more than {0} deep")]
    TooDeep(usize),
    /// The bytes announce more than is written.
    #[error("the JSON form is longer than {0} bytes")]
    TooLong(usize),
}

/// JSON form of bytes of a type; all bytes must be used.
///
/// # Errors
/// [`ValueError`] when the bytes are not of the type.
pub fn bytes_to_json(
    bytes: &[u8],
    type_id: u32,
    registry: &PortableRegistry,
) -> Result<Json, ValueError> {
    resolve(type_id, registry)?;
    let mut rest = bytes;
    let value = scale_value::scale::decode_as_type(&mut rest, type_id, registry)
        .map_err(|e| ValueError::Decode(e.to_string()))?;
    if !rest.is_empty() {
        return Err(ValueError::Decode(format!("{} bytes are left over", rest.len())));
    }
    to_json(&value, type_id, registry)
}

/// JSON form of bytes of a type as text, written without a value in between; all bytes must be used. It
/// reads as what [`bytes_to_json`] gives.
///
/// # Errors
/// [`ValueError`] when the bytes are not of the type, or their form is too deep or too long.
pub fn bytes_to_text(
    bytes: &[u8],
    type_id: u32,
    registry: &PortableRegistry,
) -> Result<String, ValueError> {
    let (mut rest, mut text) = (bytes, Vec::new());
    text::write(&mut rest, type_id, registry, &mut text)?;
    if !rest.is_empty() {
        return Err(ValueError::Decode(format!("{} bytes are left over", rest.len())));
    }
    String::from_utf8(text).map_err(|error| ValueError::Decode(error.to_string()))
}

/// JSON form of a value of a type.
///
/// # Errors
/// [`ValueError`] when the value is not of the type.
pub fn to_json<T>(
    value: &Value<T>,
    type_id: u32,
    registry: &PortableRegistry,
) -> Result<Json, ValueError> {
    let ty = resolve(type_id, registry)?;
    match &ty.type_def {
        TypeDef::Primitive(primitive) => from_primitive(value, primitive),
        TypeDef::Compact(compact) => to_json(value, compact.type_param.id, registry),
        TypeDef::Array(array) => from_list(value, array.type_param.id, registry),
        TypeDef::Sequence(sequence) => from_list(value, sequence.type_param.id, registry),
        TypeDef::Tuple(tuple) => {
            let values = composite(value)?;
            expect_len(values.len(), tuple.fields.len())?;
            if tuple.fields.is_empty() {
                return Ok(Json::Null);
            }
            values
                .values()
                .zip(&tuple.fields)
                .map(|(item, field)| to_json(item, field.id, registry))
                .collect::<Result<_, _>>()
                .map(Json::Array)
        }
        TypeDef::Composite(def) => {
            let values = composite(value)?;
            if is_account(ty, registry) {
                let account = account(values).ok_or_else(|| mismatch("expected 32 bytes"))?;
                return Ok(Json::String(account.to_string()));
            }
            from_fields(values, &def.fields, registry)
        }
        TypeDef::Variant(def) => {
            let ValueDef::Variant(variant) = &value.value else {
                return Err(mismatch("expected a variant"));
            };
            let spec = def
                .variants
                .iter()
                .find(|spec| spec.name == variant.name)
                .ok_or_else(|| mismatch(&format!("no variant `{}`", variant.name)))?;
            let option = is_named(ty, &["Option"]);
            match (option, spec.fields.is_empty()) {
                (true, true) => Ok(Json::Null),
                (true, false) => from_fields(&variant.values, &spec.fields, registry),
                (false, true) => Ok(Json::String(variant.name.clone())),
                (false, false) => {
                    let inner = from_fields(&variant.values, &spec.fields, registry)?;
                    Ok(Json::Object(Map::from_iter([(variant.name.clone(), inner)])))
                }
            }
        }
        TypeDef::BitSequence(_) => Err(ValueError::Unsupported),
    }
}

/// Whether a type is `Result`.
pub(crate) fn is_result(type_id: u32, registry: &PortableRegistry) -> bool {
    registry.resolve(type_id).is_some_and(|ty| is_named(ty, &["Result"]))
}

fn is_named(ty: &Type<PortableForm>, path: &[&str]) -> bool {
    ty.path.segments.iter().map(AsRef::<str>::as_ref).eq(path.iter().copied())
}

fn resolve(id: u32, registry: &PortableRegistry) -> Result<&Type<PortableForm>, ValueError> {
    registry.resolve(id).ok_or(ValueError::UnknownType(id))
}

fn mismatch(text: &str) -> ValueError {
    ValueError::Mismatch(text.to_owned())
}

fn expect_len(actual: usize, expected: usize) -> Result<(), ValueError> {
    if actual == expected {
        Ok(())
    } else {
        Err(mismatch(&format!("{actual} values for {expected} fields")))
    }
}

fn composite<T>(value: &Value<T>) -> Result<&Composite<T>, ValueError> {
    match &value.value {
        ValueDef::Composite(values) => Ok(values),
        _ => Err(mismatch("expected several values")),
    }
}

/// Whether a type is the `AccountId` newtype around 32 bytes.
fn is_account(ty: &Type<PortableForm>, registry: &PortableRegistry) -> bool {
    let named = ty.path.segments.last().is_some_and(|n| n == "AccountId" || n == "AccountId32");
    let TypeDef::Composite(def) = &ty.type_def else { return false };
    let [field] = &def.fields[..] else { return false };
    let Some(TypeDef::Array(array)) = registry.resolve(field.ty.id).map(|ty| &ty.type_def) else {
        return false;
    };
    let item = registry.resolve(array.type_param.id).map(|ty| &ty.type_def);
    named && array.len == 32 && matches!(item, Some(TypeDef::Primitive(TypeDefPrimitive::U8)))
}

fn account<T>(values: &Composite<T>) -> Option<Account> {
    let bytes = bytes_of(composite(values.values().next()?).ok()?)?;
    bytes.try_into().ok().map(Account)
}

fn bytes_of<T>(values: &Composite<T>) -> Option<Vec<u8>> {
    values.values().map(|byte| byte.as_u128().and_then(|n| u8::try_from(n).ok())).collect()
}

fn from_list<T>(
    value: &Value<T>,
    item: u32,
    registry: &PortableRegistry,
) -> Result<Json, ValueError> {
    let values = composite(value)?;
    if matches!(resolve(item, registry)?.type_def, TypeDef::Primitive(TypeDefPrimitive::U8)) {
        let bytes = bytes_of(values).ok_or_else(|| mismatch("expected bytes"))?;
        return Ok(Json::String(hex_string(&bytes)));
    }
    values
        .values()
        .map(|element| to_json(element, item, registry))
        .collect::<Result<_, _>>()
        .map(Json::Array)
}

fn from_fields<T>(
    values: &Composite<T>,
    fields: &[Field<PortableForm>],
    registry: &PortableRegistry,
) -> Result<Json, ValueError> {
    expect_len(values.len(), fields.len())?;
    let mut pairs = values.values().zip(fields);
    if fields.is_empty() {
        return Ok(Json::Null);
    }
    if fields.iter().all(|field| field.name.is_some()) {
        return pairs
            .map(|(value, field)| {
                let name = field.name.as_ref().map(ToString::to_string).unwrap_or_default();
                Ok((name, to_json(value, field.ty.id, registry)?))
            })
            .collect::<Result<Map<_, _>, _>>()
            .map(Json::Object);
    }
    if fields.len() == 1
        && let Some((value, field)) = pairs.next()
    {
        return to_json(value, field.ty.id, registry);
    }
    pairs
        .map(|(value, field)| to_json(value, field.ty.id, registry))
        .collect::<Result<_, _>>()
        .map(Json::Array)
}

fn from_primitive<T>(value: &Value<T>, ty: &TypeDefPrimitive) -> Result<Json, ValueError> {
    use TypeDefPrimitive as P;
    let ValueDef::Primitive(primitive) = &value.value else {
        return Err(mismatch("expected a primitive"));
    };
    match (ty, primitive) {
        (P::Bool, Primitive::Bool(flag)) => Ok(Json::Bool(*flag)),
        (P::Char, Primitive::Char(c)) => Ok(Json::String(c.to_string())),
        (P::Str, Primitive::String(text)) => Ok(Json::String(text.clone())),
        (P::U8 | P::U16 | P::U32, Primitive::U128(n)) => u32::try_from(*n)
            .map(Json::from)
            .map_err(|_| mismatch("an integer is wider than its type")),
        (P::I8 | P::I16 | P::I32, Primitive::I128(n)) => i32::try_from(*n)
            .map(Json::from)
            .map_err(|_| mismatch("an integer is wider than its type")),
        (P::U64 | P::U128, Primitive::U128(n)) => Ok(Json::String(n.to_string())),
        (P::I64 | P::I128, Primitive::I128(n)) => Ok(Json::String(n.to_string())),
        // Nothing here uses 256-bit integers; their bytes (little-endian) lose nothing.
        (P::U256, Primitive::U256(bytes)) | (P::I256, Primitive::I256(bytes)) => {
            Ok(Json::String(hex_string(bytes)))
        }
        _ => Err(mismatch("a primitive of another kind")),
    }
}
