//! A contract's metadata: selectors for calls, types for what it emits and returns.
//!
//! Reads ink!'s JSON with serde and decodes with scale-value, so that no second family of SCALE
//! crates comes into the build.

mod error;
mod json;

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use scale_info::PortableRegistry;
use scale_value::{Composite, Value, ValueDef};

pub use self::error::DecodeError;
use crate::bundle::{BundleError, unhex};
use crate::{Hash, value};

/// What it takes to call a contract and to decode what it emits and returns.
#[derive(Debug, Clone)]
pub struct Metadata {
    name: String,
    code_hash: Hash,
    registry: PortableRegistry,
    constructors: HashMap<String, Callable>,
    messages: HashMap<String, Callable>,
    events: Vec<EventSpec>,
    file: Arc<[u8]>,
}

/// An event that a contract may emit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventSpec {
    /// The event's type name, for example `Granted`.
    pub name: String,
    /// First topic of every such event; `None` when the event is anonymous.
    pub signature_topic: Option<[u8; 32]>,
    /// Its fields in the order of encoding.
    pub args: Vec<EventArg>,
}

/// A field of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventArg {
    /// Its name.
    pub name: String,
    /// Its type in [`Metadata::registry`].
    pub type_id: u32,
    /// Whether it is also a topic.
    pub indexed: bool,
}

/// An event with its fields, decoded. Every value carries its type in [`Metadata::registry`].
#[derive(Debug, Clone, PartialEq)]
pub struct DecodedEvent {
    /// The event's type name.
    pub name: String,
    /// Names and values in the order of encoding.
    pub fields: Vec<(String, Value<u32>)>,
}

/// What a message gave back instead of its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The contract's error as text: the variant's name, or JSON when it carries fields.
    pub reason: String,
}

#[derive(Debug, Clone)]
struct Callable {
    selector: [u8; 4],
    return_type: Option<u32>,
}

impl Metadata {
    /// Reads the metadata of a `.contract` or `.json` file.
    ///
    /// # Errors
    /// [`BundleError`], which names the file.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, BundleError> {
        let path = path.as_ref();
        let bytes = std::fs::read(path)
            .map_err(|reason| BundleError::Read { path: path.into(), reason })?;
        Self::parse(&bytes)
            .map_err(|error| BundleError::In { path: path.into(), reason: Box::new(error) })
    }

    /// Reads the metadata out of the bytes of a `.contract` or `.json` file.
    ///
    /// # Errors
    /// [`BundleError`] when it is not ink! metadata of version 5.
    pub fn parse(bytes: &[u8]) -> Result<Self, BundleError> {
        let json: json::Root = serde_json::from_slice(bytes).map_err(BundleError::Json)?;
        if json.version != 5 {
            return Err(BundleError::Version(json.version));
        }
        let registry = PortableRegistry { types: json.types };
        let known = |id: u32| match registry.resolve(id) {
            Some(_) => Ok(id),
            None => Err(BundleError::UnknownType(id)),
        };
        let callables = |list: Vec<json::Callable>| {
            list.into_iter()
                .map(|entry| {
                    let selector =
                        fixed::<4>(&entry.selector, "spec.*.selector", "a selector of 4 bytes")?;
                    let return_type = entry.return_type.map(|ty| known(ty.id)).transpose()?;
                    Ok((entry.label, Callable { selector, return_type }))
                })
                .collect::<Result<HashMap<_, _>, BundleError>>()
        };
        let named = |field, name: &str| match name.contains('\0') {
            true => Err(BundleError::Name { field }),
            false => Ok(()),
        };
        named("contract.name", &json.contract.name)?;
        let constructors = callables(json.spec.constructors)?;
        let messages = callables(json.spec.messages)?;
        let events = json
            .spec
            .events
            .into_iter()
            .map(|event| {
                named("spec.events.label", &event.label)?;
                Ok(EventSpec {
                    name: event.label,
                    signature_topic: event
                        .signature_topic
                        .map(|topic| {
                            fixed(&topic, "spec.events.signature_topic", "a topic of 32 bytes")
                        })
                        .transpose()?,
                    args: event
                        .args
                        .into_iter()
                        .map(|arg| {
                            Ok(EventArg {
                                name: arg.label,
                                type_id: known(arg.ty.id)?,
                                indexed: arg.indexed,
                            })
                        })
                        .collect::<Result<_, BundleError>>()?,
                })
            })
            .collect::<Result<_, BundleError>>()?;
        Ok(Self {
            name: json.contract.name,
            code_hash: Hash(fixed(&json.source.hash, "source.hash", "a hash of 32 bytes")?),
            registry,
            constructors,
            messages,
            events,
            file: bytes.into(),
        })
    }

    /// The contract's crate name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Hash of the code that this metadata was built with.
    #[must_use]
    pub fn code_hash(&self) -> Hash {
        self.code_hash
    }

    /// What it was read from, without the code: [`Metadata::parse`] reads it again.
    ///
    /// # Panics
    /// Never: what was read from JSON is JSON.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        let mut json: serde_json::Value =
            serde_json::from_slice(&self.file).expect("it was read from these bytes");
        if let Some(source) = json.get_mut("source").and_then(serde_json::Value::as_object_mut) {
            source.remove("wasm");
        }
        json
    }

    /// The types that events and messages refer to; [`crate::value::to_json`] needs them.
    #[must_use]
    pub fn registry(&self) -> &PortableRegistry {
        &self.registry
    }

    /// Every event that the metadata lists.
    #[must_use]
    pub fn events(&self) -> &[EventSpec] {
        &self.events
    }

    /// Selector of a message; one of a trait is labelled `Trait::message`.
    #[must_use]
    pub fn message_selector(&self, label: &str) -> Option<[u8; 4]> {
        self.messages.get(label).map(|callable| callable.selector)
    }

    /// Selector of a constructor.
    #[must_use]
    pub fn constructor_selector(&self, label: &str) -> Option<[u8; 4]> {
        self.constructors.get(label).map(|callable| callable.selector)
    }

    /// The event with this signature topic.
    #[must_use]
    pub fn event_by_topic(&self, topic: &[u8; 32]) -> Option<&EventSpec> {
        self.events.iter().find(|event| event.signature_topic.as_ref() == Some(topic))
    }

    /// Decodes an event from its topics and the bytes of `ContractEmitted.data`.
    ///
    /// Field topics are not read: the data holds every field, topics only hashes of the longer ones.
    ///
    /// # Errors
    /// [`DecodeError`] when the event is unknown, a field does not decode, or bytes are left over.
    pub fn decode_event(
        &self,
        topics: &[[u8; 32]],
        data: &[u8],
    ) -> Result<DecodedEvent, DecodeError> {
        let spec = self.event_of(topics)?;
        let mut rest = data;
        let mut fields = Vec::with_capacity(spec.args.len());
        for arg in &spec.args {
            let value = self.decode(&arg.name, arg.type_id, &mut rest)?;
            fields.push((arg.name.clone(), value));
        }
        left_over(&spec.name, rest)?;
        Ok(DecodedEvent { name: spec.name.clone(), fields })
    }

    fn event_of(&self, topics: &[[u8; 32]]) -> Result<&EventSpec, DecodeError> {
        let topic = topics.first().ok_or(DecodeError::NoTopics)?;
        self.event_by_topic(topic).ok_or_else(|| DecodeError::UnknownEvent {
            contract: self.name.clone(),
            topic: crate::bundle::hex_string(topic),
        })
    }

    /// The name of an event, and its fields as a JSON object in the forms of [`crate::value`]: what
    /// [`Self::decode_event`] and [`DecodedEvent::to_json`] give, as text and without values in between.
    ///
    /// # Errors
    /// As [`Self::decode_event`].
    pub fn event_json(
        &self,
        topics: &[[u8; 32]],
        data: &[u8],
    ) -> Result<(String, String), DecodeError> {
        let spec = self.event_of(topics)?;
        let (mut rest, mut text) = (data, Vec::with_capacity(2 * data.len() + 128));
        text.push(b'{');
        for (index, arg) in spec.args.iter().enumerate() {
            if index > 0 {
                text.push(b',');
            }
            value::text::write_text(&arg.name, &mut text)
                .and_then(|()| {
                    text.push(b':');
                    value::text::write(&mut rest, arg.type_id, &self.registry, &mut text)
                })
                .map_err(|error| wrong(&arg.name, error))?;
        }
        text.push(b'}');
        left_over(&spec.name, rest)?;
        let text = String::from_utf8(text).map_err(|error| wrong(&spec.name, error))?;
        Ok((spec.name.clone(), text))
    }

    /// Decodes what a message returned: its declared type, without ink!'s outer
    /// `Result<_, LangError>`.
    ///
    /// # Errors
    /// [`DecodeError`]; `Lang` when the contract could not read the call.
    pub fn decode_return(&self, label: &str, bytes: &[u8]) -> Result<Value<u32>, DecodeError> {
        self.decode_callable(self.messages.get(label), label, bytes)
    }

    fn decode_callable(
        &self,
        callable: Option<&Callable>,
        label: &str,
        bytes: &[u8],
    ) -> Result<Value<u32>, DecodeError> {
        let type_id = callable.and_then(|callable| callable.return_type).ok_or_else(|| {
            DecodeError::UnknownLabel { contract: self.name.clone(), label: label.to_owned() }
        })?;
        let mut rest = bytes;
        let value = self.decode(label, type_id, &mut rest)?;
        left_over(label, rest)?;
        // The outer layer is ink!'s own, on every message: Ok(value) or Err(LangError).
        match value.value {
            ValueDef::Variant(variant) if variant.name == "Ok" => Ok(first(variant.values)
                .unwrap_or_else(|| Value {
                    value: ValueDef::Composite(Composite::Unnamed(vec![])),
                    context: type_id,
                })),
            _ => Err(DecodeError::Lang { label: label.to_owned() }),
        }
    }

    /// Whether what a message returned is an `Err` of the contract, and which.
    ///
    /// # Errors
    /// As [`Metadata::decode_return`].
    pub fn refusal(&self, label: &str, bytes: &[u8]) -> Result<Option<Refusal>, DecodeError> {
        self.refusal_in(label, self.decode_return(label, bytes)?)
    }

    /// Whether what a constructor returned is an `Err` of the contract, and which.
    ///
    /// # Errors
    /// As [`Metadata::decode_return`].
    pub fn constructor_refusal(
        &self,
        label: &str,
        bytes: &[u8],
    ) -> Result<Option<Refusal>, DecodeError> {
        // ink! returns Ok(Ok(())) from every constructor, but the metadata of one that cannot fail
        // declares Ok(()) only.
        if bytes == [0, 0] {
            return Ok(None);
        }
        let value = self.decode_callable(self.constructors.get(label), label, bytes)?;
        self.refusal_in(label, value)
    }

    fn refusal_in(&self, label: &str, value: Value<u32>) -> Result<Option<Refusal>, DecodeError> {
        let ValueDef::Variant(variant) = value.value else { return Ok(None) };
        if variant.name != "Err" || !value::is_result(value.context, &self.registry) {
            return Ok(None);
        }
        let reason = match first(variant.values) {
            None => "Err".to_owned(),
            Some(error) => {
                let json = value::to_json(&error, error.context, &self.registry).map_err(|e| {
                    DecodeError::Value { field: label.to_owned(), reason: e.to_string() }
                })?;
                json.as_str().map_or_else(|| json.to_string(), str::to_owned)
            }
        };
        Ok(Some(Refusal { reason }))
    }

    fn decode(
        &self,
        field: &str,
        type_id: u32,
        rest: &mut &[u8],
    ) -> Result<Value<u32>, DecodeError> {
        scale_value::scale::decode_as_type(rest, type_id, &self.registry)
            .map_err(|error| wrong(field, error))
    }
}

impl DecodedEvent {
    /// The value of a field.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Value<u32>> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value)
    }

    /// All fields as one JSON object, in the forms of [`crate::value::to_json`].
    ///
    /// # Errors
    /// [`value::ValueError`] when a value does not fit its type, which cannot happen for a value that the
    /// same metadata decoded.
    pub fn to_json(&self, metadata: &Metadata) -> Result<serde_json::Value, value::ValueError> {
        self.fields
            .iter()
            .map(|(name, field)| {
                let json = value::to_json(field, field.context, metadata.registry())?;
                Ok((name.clone(), json))
            })
            .collect::<Result<serde_json::Map<_, _>, _>>()
            .map(serde_json::Value::Object)
    }
}

fn wrong(field: &str, error: impl ToString) -> DecodeError {
    DecodeError::Value { field: field.to_owned(), reason: error.to_string() }
}

/// Refuses bytes of which not all are used.
fn left_over(field: &str, rest: &[u8]) -> Result<(), DecodeError> {
    if rest.is_empty() {
        return Ok(());
    }
    Err(DecodeError::LeftOver { field: field.to_owned(), count: rest.len() })
}

fn first(values: Composite<u32>) -> Option<Value<u32>> {
    values.into_values().next()
}

fn fixed<const N: usize>(
    text: &str,
    field: &'static str,
    expected: &'static str,
) -> Result<[u8; N], BundleError> {
    unhex(text).and_then(|bytes| bytes.try_into().ok()).ok_or(BundleError::Hex { field, expected })
}
