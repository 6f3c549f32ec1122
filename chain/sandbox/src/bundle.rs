//! A built contract: its code, and of its metadata what is needed to call it by name and to read
//! what it answers.

use std::collections::HashMap;
use std::path::Path;

use serde_json::Value;

/// A message or constructor.
#[derive(Debug, Clone)]
pub struct Message {
    /// First four bytes of its input.
    pub selector: [u8; 4],
    /// Its documentation, one line a string.
    pub docs: Vec<String>,
    /// Whether it may change the state; a view does not.
    pub mutates: bool,
    /// Names of the errors that it can return, by their index; `None` when it cannot fail.
    pub errors: Option<Vec<String>>,
}

/// A `.contract` file.
#[derive(Debug, Clone)]
pub struct Bundle {
    /// Name of the contract.
    pub name: String,
    /// The Wasm.
    pub code: Vec<u8>,
    /// Messages by label; those of a trait are labelled `Trait::message`.
    pub messages: HashMap<String, Message>,
    /// Constructors by label.
    pub constructors: HashMap<String, Message>,
    /// Names of the events by signature topic.
    pub events: HashMap<[u8; 32], String>,
}

impl Bundle {
    /// Reads a committed bundle of the folder `contracts/artifacts`.
    ///
    /// # Panics
    /// If there is none of this name, or it is not what cargo-contract writes.
    #[must_use]
    pub fn committed(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts/artifacts");
        let path = folder.join(format!("{name}.contract"));
        let text = std::fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("{}: {error}; run: make contracts", path.display()));
        Self::parse(&text)
            .unwrap_or_else(|| panic!("{} is not a bundle of cargo-contract 5", path.display()))
    }

    /// The same contract under another hash: its module has one more custom section, which nothing
    /// reads.
    #[must_use]
    pub fn twin(&self) -> Self {
        // Section 0 of two bytes: the length of its name, and that.
        Self { code: [&self.code[..], &[0, 2, 1, b't']].concat(), ..self.clone() }
    }

    fn parse(text: &str) -> Option<Self> {
        let json: Value = serde_json::from_str(text).ok()?;
        let types = json["types"].as_array()?;
        let entries = |kind: &str| -> Option<HashMap<String, Message>> {
            json["spec"][kind].as_array()?.iter().map(|entry| message(types, entry)).collect()
        };
        let events = json["spec"]["events"].as_array()?.iter().map(|event| {
            let topic = bytes(&event["signature_topic"])?.try_into().ok()?;
            Some((topic, event["label"].as_str()?.to_owned()))
        });
        Some(Self {
            name: json["contract"]["name"].as_str()?.to_owned(),
            code: bytes(&json["source"]["wasm"])?,
            messages: entries("messages")?,
            constructors: entries("constructors")?,
            events: events.collect::<Option<_>>()?,
        })
    }

    /// The message of a label.
    ///
    /// # Panics
    /// If the contract has none.
    #[must_use]
    pub fn message(&self, label: &str) -> &Message {
        let message = self.messages.get(label);
        message.unwrap_or_else(|| panic!("{} has no message {label}", self.name))
    }
}

fn message(types: &[Value], entry: &Value) -> Option<(String, Message)> {
    let docs = entry["docs"].as_array()?.iter();
    let message = Message {
        selector: bytes(&entry["selector"])?.try_into().ok()?,
        docs: docs.filter_map(|line| Some(line.as_str()?.to_owned())).collect(),
        mutates: entry["mutates"].as_bool().unwrap_or(true),
        errors: errors(types, &entry["returnType"]["type"]),
    };
    Some((entry["label"].as_str()?.to_owned(), message))
}

/// The variants of `E` in `Result<Result<T, E>, LangError>`, if that is the type.
fn errors(types: &[Value], id: &Value) -> Option<Vec<String>> {
    let of = |id: &Value| types.iter().find(|entry| entry["id"] == *id).map(|entry| &entry["type"]);
    let parameter = |of: &Value, index: usize| {
        let is_result = of["path"].as_array().is_some_and(|path| {
            path.last().and_then(Value::as_str).is_some_and(|name| name.ends_with("Result"))
        });
        is_result.then(|| of["def"]["variant"]["variants"][index]["fields"][0]["type"].clone())
    };
    let returned = of(&parameter(of(id)?, 0)?)?;
    let error = of(&parameter(returned, 1)?)?;
    let variants = error["def"]["variant"]["variants"].as_array()?;
    let mut names = Vec::new();
    for variant in variants {
        let index = usize::try_from(variant["index"].as_u64()?).ok()?;
        names.resize(names.len().max(index.checked_add(1)?), String::new());
        names[index] = variant["name"].as_str()?.to_owned();
    }
    Some(names)
}

fn bytes(value: &Value) -> Option<Vec<u8>> {
    hex::decode(value.as_str()?.strip_prefix("0x")?).ok()
}
