//! What is written as text straight from bytes says what the values say that they decode to: for every
//! event and every type of our contracts, with values by chance, and for bytes that are no such values.

use std::error::Error;
use std::path::Path;

use assent_client::Account;
use assent_client::bundle::Metadata;
use assent_client::value::{ValueError, bytes_to_json, bytes_to_text};
use parity_scale_codec::{Compact, Encode};
use scale_info::{PortableRegistry, TypeDef, TypeDefPrimitive};
use serde_json::{Value, json};

type TestResult = Result<(), Box<dyn Error>>;

/// Each contract's metadata, and that of `fixtures/sample.json`, which has every kind of type.
fn all() -> Result<Vec<Metadata>, Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = vec![Metadata::load(root.join("tests/fixtures/sample.json"))?];
    for entry in root.join("../contracts/artifacts").read_dir()? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "contract") {
            found.push(Metadata::load(path)?);
        }
    }
    assert!(found.len() > 7, "the bundles are committed");
    Ok(found)
}

/// Numbers by chance, the same ones each time.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn byte(&mut self) -> u8 {
        self.next().to_be_bytes()[0]
    }

    /// Appends a value of a type.
    fn value(&mut self, type_id: u32, registry: &PortableRegistry, bytes: &mut Vec<u8>) {
        let ty = registry.resolve(type_id).expect("the registry is complete");
        match &ty.type_def {
            TypeDef::Primitive(TypeDefPrimitive::Bool) => bytes.push(self.byte() % 2),
            TypeDef::Primitive(TypeDefPrimitive::Char) => bytes.extend('ä'.encode_utf32()),
            TypeDef::Primitive(TypeDefPrimitive::Str) => {
                let texts = ["", "text", "\"quoted\" \\ \u{1}\u{0}\n", "ä€\u{1f600}"];
                texts[self.below(4) as usize].encode_to(bytes);
            }
            TypeDef::Primitive(primitive) => {
                let width = width(primitive);
                // Also the lowest and the highest.
                let fill = [Some(0), Some(255), None, None][self.below(4) as usize];
                bytes.extend((0..width).map(|_| fill.unwrap_or_else(|| self.byte())));
            }
            TypeDef::Compact(_) => Compact(u32::from(self.byte())).encode_to(bytes),
            TypeDef::Array(array) => {
                (0..array.len).for_each(|_| self.value(array.type_param.id, registry, bytes));
            }
            TypeDef::Sequence(sequence) => {
                let length = self.below(4) as u32;
                Compact(length).encode_to(bytes);
                (0..length).for_each(|_| self.value(sequence.type_param.id, registry, bytes));
            }
            TypeDef::Tuple(tuple) => {
                tuple.fields.iter().for_each(|field| self.value(field.id, registry, bytes));
            }
            TypeDef::Composite(def) => {
                def.fields.iter().for_each(|field| self.value(field.ty.id, registry, bytes));
            }
            TypeDef::Variant(def) if def.variants.is_empty() => {}
            TypeDef::Variant(def) => {
                let variant = &def.variants[self.below(def.variants.len() as u64) as usize];
                bytes.push(variant.index);
                variant.fields.iter().for_each(|field| self.value(field.ty.id, registry, bytes));
            }
            TypeDef::BitSequence(_) => Compact(0_u32).encode_to(bytes),
        }
    }
}

trait Utf32 {
    fn encode_utf32(self) -> [u8; 4];
}

impl Utf32 for char {
    fn encode_utf32(self) -> [u8; 4] {
        u32::from(self).to_le_bytes()
    }
}

fn width(primitive: &TypeDefPrimitive) -> usize {
    use TypeDefPrimitive as P;
    match primitive {
        P::U8 | P::I8 | P::Bool => 1,
        P::U16 | P::I16 => 2,
        P::U32 | P::I32 | P::Char => 4,
        P::U64 | P::I64 => 8,
        P::U128 | P::I128 => 16,
        P::U256 | P::I256 => 32,
        P::Str => 0,
    }
}

#[test]
fn every_event_of_every_contract_is_written_as_what_it_decodes_to() -> TestResult {
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    let mut kinds = 0;
    for metadata in all()? {
        for event in metadata.events() {
            let topics = [event.signature_topic.ok_or("no event of ours is anonymous")?];
            kinds += 1;
            for _ in 0..50 {
                let mut data = Vec::new();
                for arg in &event.args {
                    chance.value(arg.type_id, metadata.registry(), &mut data);
                }
                let (name, text) = metadata.event_json(&topics, &data)?;
                let decoded = metadata.decode_event(&topics, &data)?;
                assert_eq!(name, decoded.name);
                let read: Value = serde_json::from_str(&text)?;
                assert_eq!(read, decoded.to_json(&metadata)?, "{name} {}", hex::encode(&data));
                // Neither takes a part of it, or more.
                data.push(0);
                assert!(metadata.event_json(&topics, &data).is_err(), "{name}");
                let cut = chance.below(data.len() as u64 - 1) as usize;
                let (ours, theirs) = (
                    metadata.event_json(&topics, &data[..cut]),
                    metadata.decode_event(&topics, &data[..cut]),
                );
                assert_eq!(ours.is_ok(), theirs.is_ok(), "{name} {}", hex::encode(&data[..cut]));
            }
        }
    }
    assert!(kinds > 60, "{kinds} kinds of events");
    Ok(())
}

#[test]
fn every_type_is_written_as_what_it_decodes_to_whatever_the_bytes() -> TestResult {
    let mut chance = Chance(0xd1b5_4a32_d192_ed03);
    let (mut values, mut refused) = (0, 0);
    for metadata in all()? {
        let registry = metadata.registry();
        for id in 0..registry.types.len() as u32 {
            for round in 0..60 {
                let mut bytes = Vec::new();
                chance.value(id, registry, &mut bytes);
                let length = bytes.len() as u64;
                match round % 3 {
                    1 if length > 0 => bytes.truncate(chance.below(length) as usize),
                    2 if length > 0 => bytes[chance.below(length) as usize] = chance.byte(),
                    _ => {}
                }
                let written = bytes_to_text(&bytes, id, registry);
                if round % 3 == 2 && written.is_err() {
                    // What decodes to values makes room for as many as are announced.
                    refused += 1;
                    continue;
                }
                match (bytes_to_json(&bytes, id, registry), written) {
                    (Ok(json), Ok(text)) => {
                        assert_eq!(serde_json::from_str::<Value>(&text)?, json, "type {id}");
                        values += 1;
                    }
                    (Err(_), Err(_)) => refused += 1,
                    other => panic!("type {id} {}: {other:?}", hex::encode(&bytes)),
                }
            }
        }
    }
    assert!(values > 5_000 && refused > 500, "{values} values, {refused} refused");
    Ok(())
}

#[test]
fn depth_and_length_of_what_anybody_may_emit_are_bounded() -> TestResult {
    // struct A(A); struct B([C; 2^32 - 1]); struct C;
    let field = |ty: u32| json!([{"type": ty}]);
    let registry: PortableRegistry = serde_json::from_value(json!({"types": [
        {"id": 0, "type": {"path": ["A"], "def": {"composite": {"fields": field(0)}}}},
        {"id": 1, "type": {"path": ["B"], "def": {"array": {"len": u32::MAX, "type": 2}}}},
        {"id": 2, "type": {"path": ["C"], "def": {"composite": {}}}},
        {"id": 3, "type": {"path": ["D"], "def": {"sequence": {"type": 2}}}},
        {"id": 4, "type": {"path": ["AccountId"], "def": {"composite": {"fields": field(5)}}}},
        {"id": 5, "type": {"def": {"array": {"len": 32, "type": 6}}}},
        {"id": 6, "type": {"def": {"primitive": "u8"}}},
    ]}))?;
    assert!(matches!(bytes_to_text(&[], 0, &registry), Err(ValueError::TooDeep(_))));
    assert!(matches!(bytes_to_text(&[], 1, &registry), Err(ValueError::TooLong(_))));
    let announced = Compact(u32::MAX).encode();
    assert!(matches!(bytes_to_text(&announced, 3, &registry), Err(ValueError::TooLong(_))));
    let account = Account([7; 32]);
    assert_eq!(bytes_to_text(&account.0, 4, &registry)?, format!("\"{account}\""));
    assert_eq!(bytes_to_json(&account.0, 4, &registry)?, json!(account.to_string()));
    Ok(())
}
