//! The JSON form of bytes as text, written straight from them: what [`super::to_json`] makes of the value
//! that they decode to, without that value.
//!
//! Whoever emits an event chooses its bytes, and a contract's metadata may be anybody's: depth and length
//! are bounded.

use std::io::Write as _;

use parity_scale_codec::{Compact, Decode};
use scale_info::form::PortableForm;
use scale_info::{Field, PortableRegistry, TypeDef, TypeDefPrimitive, Variant};

use super::{ValueError, is_account, is_named, resolve};
use crate::Account;
use crate::bundle::push_hex;

/// How deep values may lie in each other.
const DEEPEST: usize = 64;
/// The longest text, bytes: some hundred times what an event of a contract may hold.
const LONGEST: usize = 4 * 1024 * 1024;

/// Writes the JSON form of the bytes of a type, and takes them.
pub(crate) fn write(
    bytes: &mut &[u8],
    type_id: u32,
    registry: &PortableRegistry,
    text: &mut Vec<u8>,
) -> Result<(), ValueError> {
    let mut writer = Writer { rest: bytes, registry, text };
    writer.value(type_id, false, DEEPEST)?;
    *bytes = writer.rest;
    Ok(())
}

/// Writes a text as JSON.
pub(crate) fn write_text(value: &str, text: &mut Vec<u8>) -> Result<(), ValueError> {
    serde_json::to_writer(text, value).map_err(|error| ValueError::Decode(error.to_string()))
}

struct Writer<'b, 'w> {
    rest: &'b [u8],
    registry: &'w PortableRegistry,
    text: &'w mut Vec<u8>,
}

impl<'b> Writer<'b, '_> {
    /// A value of a type; `compact`: one that is encoded so.
    fn value(&mut self, type_id: u32, compact: bool, depth: usize) -> Result<(), ValueError> {
        let depth = depth.checked_sub(1).ok_or(ValueError::TooDeep(DEEPEST))?;
        if self.text.len() > LONGEST {
            return Err(ValueError::TooLong(LONGEST));
        }
        let ty = resolve(type_id, self.registry)?;
        if compact && !may_be_compact(&ty.type_def) {
            return Err(wrong("a type that has no compact form"));
        }
        match &ty.type_def {
            TypeDef::Primitive(primitive) => self.primitive(primitive, compact),
            TypeDef::Compact(inner) => self.value(inner.type_param.id, true, depth),
            TypeDef::Array(array) => {
                let length = array.len as usize;
                self.items(array.type_param.id, length, depth)
            }
            TypeDef::Sequence(sequence) => {
                let length = self.read::<Compact<u32>>()?.0 as usize;
                self.items(sequence.type_param.id, length, depth)
            }
            TypeDef::Tuple(tuple) if tuple.fields.is_empty() => self.put(b"null"),
            TypeDef::Tuple(tuple) => {
                self.list(tuple.fields.iter().map(|field| field.id), compact, depth)
            }
            TypeDef::Composite(_) if is_account(ty, self.registry) => self.account(compact),
            TypeDef::Composite(def) => self.fields(&def.fields, compact, depth),
            TypeDef::Variant(def) => {
                let index = self.read::<u8>()?;
                let variant = def.variants.iter().find(|variant| variant.index == index);
                let variant = variant.ok_or_else(|| wrong(&format!("no variant {index}")))?;
                self.variant(variant, is_named(ty, &["Option"]), depth)
            }
            TypeDef::BitSequence(_) => Err(ValueError::Unsupported),
        }
    }

    fn variant(
        &mut self,
        variant: &Variant<PortableForm>,
        option: bool,
        depth: usize,
    ) -> Result<(), ValueError> {
        match (option, variant.fields.is_empty()) {
            (true, true) => self.put(b"null"),
            (true, false) => self.fields(&variant.fields, false, depth),
            (false, true) => write_text(&variant.name, self.text),
            (false, false) => {
                self.put(b"{")?;
                write_text(&variant.name, self.text)?;
                self.put(b":")?;
                self.fields(&variant.fields, false, depth)?;
                self.put(b"}")
            }
        }
    }

    fn fields(
        &mut self,
        fields: &[Field<PortableForm>],
        compact: bool,
        depth: usize,
    ) -> Result<(), ValueError> {
        if fields.is_empty() {
            return self.put(b"null");
        }
        if fields.iter().all(|field| field.name.is_some()) {
            for (index, field) in fields.iter().enumerate() {
                self.put(if index == 0 { b"{" } else { b"," })?;
                write_text(field.name.as_deref().unwrap_or_default(), self.text)?;
                self.put(b":")?;
                self.value(field.ty.id, compact, depth)?;
            }
            return self.put(b"}");
        }
        match fields {
            [field] => self.value(field.ty.id, compact, depth),
            _ => self.list(fields.iter().map(|field| field.ty.id), compact, depth),
        }
    }

    /// Items of one type.
    fn items(&mut self, item: u32, length: usize, depth: usize) -> Result<(), ValueError> {
        let ty = resolve(item, self.registry)?;
        if matches!(ty.type_def, TypeDef::Primitive(TypeDefPrimitive::U8)) {
            let bytes = self.take(length)?;
            self.put(b"\"0x")?;
            push_hex(bytes, self.text);
            return self.put(b"\"");
        }
        self.list(std::iter::repeat_n(item, length), false, depth)
    }

    fn list(
        &mut self,
        types: impl Iterator<Item = u32>,
        compact: bool,
        depth: usize,
    ) -> Result<(), ValueError> {
        self.put(b"[")?;
        for (index, type_id) in types.enumerate() {
            if index > 0 {
                self.put(b",")?;
            }
            self.value(type_id, compact, depth)?;
        }
        self.put(b"]")
    }

    fn primitive(&mut self, ty: &TypeDefPrimitive, compact: bool) -> Result<(), ValueError> {
        use TypeDefPrimitive as P;
        match (ty, compact) {
            (P::U8, false) => self.number::<u8>(),
            (P::U16, false) => self.number::<u16>(),
            (P::U32, false) => self.number::<u32>(),
            (P::U64, false) => self.wide::<u64>(),
            (P::U128, false) => self.wide::<u128>(),
            (P::U8, true) => self.number::<Compact<u8>>(),
            (P::U16, true) => self.number::<Compact<u16>>(),
            (P::U32, true) => self.number::<Compact<u32>>(),
            (P::U64, true) => self.wide::<Compact<u64>>(),
            (P::U128, true) => self.wide::<Compact<u128>>(),
            (_, true) => Err(wrong("a primitive that has no compact form")),
            (P::I8, false) => self.number::<i8>(),
            (P::I16, false) => self.number::<i16>(),
            (P::I32, false) => self.number::<i32>(),
            (P::I64, false) => self.wide::<i64>(),
            (P::I128, false) => self.wide::<i128>(),
            (P::Bool, false) => {
                let flag = self.read::<bool>()?;
                self.put(if flag { b"true" } else { b"false" })
            }
            (P::Char, false) => {
                let code = self.read::<u32>()?;
                let character = char::from_u32(code).ok_or_else(|| wrong("no character"))?;
                write_text(character.encode_utf8(&mut [0; 4]), self.text)
            }
            (P::Str, false) => {
                let length = self.read::<Compact<u32>>()?.0 as usize;
                let bytes = self.take(length)?;
                let value =
                    std::str::from_utf8(bytes).map_err(|error| wrong(&error.to_string()))?;
                write_text(value, self.text)
            }
            (P::U256 | P::I256, false) => {
                let bytes = self.take(32)?;
                self.put(b"\"0x")?;
                push_hex(bytes, self.text);
                self.put(b"\"")
            }
        }
    }

    fn number<T: Decode + Number>(&mut self) -> Result<(), ValueError> {
        let value = self.read::<T>()?.value();
        written(write!(self.text, "{value}"))
    }

    /// A number that a reader of JSON may not keep as it is.
    fn wide<T: Decode + Number>(&mut self) -> Result<(), ValueError> {
        let value = self.read::<T>()?.value();
        written(write!(self.text, "\"{value}\""))
    }

    fn account(&mut self, compact: bool) -> Result<(), ValueError> {
        if compact {
            return Err(wrong("an account has no compact form"));
        }
        let mut account = [0; 32];
        account.copy_from_slice(self.take(32)?);
        self.put(b"\"")?;
        self.put(&Account(account).ss58())?;
        self.put(b"\"")
    }

    fn put(&mut self, text: &[u8]) -> Result<(), ValueError> {
        self.text.extend_from_slice(text);
        Ok(())
    }

    fn read<T: Decode>(&mut self) -> Result<T, ValueError> {
        T::decode(&mut self.rest).map_err(|error| wrong(&error.to_string()))
    }

    fn take(&mut self, length: usize) -> Result<&'b [u8], ValueError> {
        let (taken, rest) = self
            .rest
            .split_at_checked(length)
            .ok_or_else(|| wrong(&format!("{length} bytes are announced, but fewer are there")))?;
        self.rest = rest;
        Ok(taken)
    }
}

/// Only a number is encoded in the compact way, alone or as the only field of something.
fn may_be_compact(ty: &TypeDef<PortableForm>) -> bool {
    match ty {
        TypeDef::Primitive(_) | TypeDef::Compact(_) => true,
        TypeDef::Tuple(tuple) => tuple.fields.len() == 1,
        TypeDef::Composite(def) => def.fields.len() == 1,
        _ => false,
    }
}

/// What a number is, however it was encoded.
trait Number {
    type Value: std::fmt::Display;
    fn value(self) -> Self::Value;
}

macro_rules! numbers {
    ($($number:ty),+; $($wrapped:ty),+) => {
        $(impl Number for $number {
            type Value = Self;
            fn value(self) -> Self {
                self
            }
        })+
        $(impl Number for Compact<$wrapped> {
            type Value = $wrapped;
            fn value(self) -> $wrapped {
                self.0
            }
        })+
    };
}

numbers!(u8, u16, u32, u64, u128, i8, i16, i32, i64, i128; u8, u16, u32, u64, u128);

fn written(result: std::io::Result<()>) -> Result<(), ValueError> {
    result.map_err(|error| wrong(&error.to_string()))
}

fn wrong(text: &str) -> ValueError {
    ValueError::Decode(text.to_owned())
}
