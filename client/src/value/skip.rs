//! Skips values that nobody reads, by their type: most of what a block's events hold.

use parity_scale_codec::{Compact, Decode};
use scale_info::{PortableRegistry, TypeDef, TypeDefPrimitive};

use super::{ValueError, resolve};

/// How deep values may lie in each other.
const DEEPEST: usize = 256;

/// Skips the bytes of a type.
pub(crate) fn skip(
    bytes: &mut &[u8],
    type_id: u32,
    registry: &PortableRegistry,
) -> Result<(), ValueError> {
    let mut skipper = Skipper { rest: bytes, registry };
    skipper.value(type_id, DEEPEST)?;
    *bytes = skipper.rest;
    Ok(())
}

struct Skipper<'b, 'r> {
    rest: &'b [u8],
    registry: &'r PortableRegistry,
}

impl Skipper<'_, '_> {
    fn value(&mut self, type_id: u32, depth: usize) -> Result<(), ValueError> {
        let depth = deeper(depth)?;
        match &resolve(type_id, self.registry)?.type_def {
            TypeDef::Primitive(TypeDefPrimitive::Str) => {
                let length = self.length()?;
                self.take(length)
            }
            TypeDef::Primitive(primitive) => self.take(width(primitive)),
            TypeDef::Compact(inner) => match &resolve(inner.type_param.id, self.registry)?.type_def
            {
                TypeDef::Tuple(tuple) if tuple.fields.is_empty() => Ok(()),
                // It says its width itself, whatever number it is.
                _ => self.read::<Compact<u128>>().map(|_| ()),
            },
            TypeDef::Array(array) => self.items(array.type_param.id, array.len as usize, depth),
            TypeDef::Sequence(sequence) => {
                let length = self.length()?;
                self.items(sequence.type_param.id, length, depth)
            }
            TypeDef::Tuple(tuple) => {
                tuple.fields.iter().try_for_each(|field| self.value(field.id, depth))
            }
            TypeDef::Composite(def) => {
                def.fields.iter().try_for_each(|field| self.value(field.ty.id, depth))
            }
            TypeDef::Variant(def) => {
                let index = self.read::<u8>()?;
                let variant = def.variants.iter().find(|variant| variant.index == index);
                let variant = variant.ok_or_else(|| wrong(&format!("no variant {index}")))?;
                variant.fields.iter().try_for_each(|field| self.value(field.ty.id, depth))
            }
            TypeDef::BitSequence(def) => {
                let store = &resolve(def.bit_store_type.id, self.registry)?.type_def;
                let TypeDef::Primitive(store) = store else { return Err(ValueError::Unsupported) };
                let words = self.length()?.div_ceil(8 * width(store).max(1));
                self.take(words * width(store))
            }
        }
    }

    /// Items of one type: at once, where all are equally long.
    fn items(&mut self, item: u32, length: usize, depth: usize) -> Result<(), ValueError> {
        match self.fixed(item, depth)? {
            Some(width) => self.take(width.saturating_mul(length)),
            None => (0..length).try_for_each(|_| self.value(item, depth)),
        }
    }

    /// How long each value of a type is, if all are equally long.
    fn fixed(&self, type_id: u32, depth: usize) -> Result<Option<usize>, ValueError> {
        let depth = deeper(depth)?;
        let mut sum = Some(0_usize);
        let mut add = |type_id| {
            let width = self.fixed(type_id, depth)?;
            sum = sum.zip(width).map(|(sum, width)| sum.saturating_add(width));
            Ok(())
        };
        match &resolve(type_id, self.registry)?.type_def {
            TypeDef::Primitive(TypeDefPrimitive::Str) => return Ok(None),
            TypeDef::Primitive(primitive) => return Ok(Some(width(primitive))),
            TypeDef::Array(array) => {
                let width = self.fixed(array.type_param.id, depth)?;
                return Ok(width.map(|width| width.saturating_mul(array.len as usize)));
            }
            TypeDef::Tuple(tuple) => tuple.fields.iter().try_for_each(|field| add(field.id))?,
            TypeDef::Composite(def) => def.fields.iter().try_for_each(|field| add(field.ty.id))?,
            _ => return Ok(None),
        }
        Ok(sum)
    }

    fn length(&mut self) -> Result<usize, ValueError> {
        Ok(self.read::<Compact<u32>>()?.0 as usize)
    }

    fn read<T: Decode>(&mut self) -> Result<T, ValueError> {
        T::decode(&mut self.rest).map_err(|error| wrong(&error.to_string()))
    }

    fn take(&mut self, length: usize) -> Result<(), ValueError> {
        let rest = self.rest.get(length..);
        self.rest = rest.ok_or_else(|| {
            wrong(&format!("{length} bytes are announced, but {} are there", self.rest.len()))
        })?;
        Ok(())
    }
}

fn deeper(depth: usize) -> Result<usize, ValueError> {
    depth.checked_sub(1).ok_or(ValueError::TooDeep(DEEPEST))
}

fn width(primitive: &TypeDefPrimitive) -> usize {
    use TypeDefPrimitive as P;
    match primitive {
        P::Bool | P::U8 | P::I8 => 1,
        P::U16 | P::I16 => 2,
        P::Char | P::U32 | P::I32 => 4,
        P::U64 | P::I64 => 8,
        P::U128 | P::I128 => 16,
        P::U256 | P::I256 => 32,
        // Its length precedes it.
        P::Str => 0,
    }
}

fn wrong(text: &str) -> ValueError {
    ValueError::Decode(text.to_owned())
}
