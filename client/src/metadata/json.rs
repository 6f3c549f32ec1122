//! The parts of ink!'s metadata file that are read.

use scale_info::PortableType;
use serde::Deserialize;

#[derive(Deserialize)]
pub struct Root {
    pub source: Source,
    pub contract: Contract,
    pub spec: Spec,
    pub types: Vec<PortableType>,
    pub version: u64,
}

#[derive(Deserialize)]
pub struct Source {
    pub hash: String,
}

#[derive(Deserialize)]
pub struct Contract {
    pub name: String,
}

#[derive(Deserialize)]
pub struct Spec {
    pub constructors: Vec<Callable>,
    pub messages: Vec<Callable>,
    pub events: Vec<Event>,
}

#[derive(Deserialize)]
pub struct Callable {
    pub label: String,
    pub selector: String,
    #[serde(rename = "returnType")]
    pub return_type: Option<Type>,
}

#[derive(Deserialize)]
pub struct Event {
    pub label: String,
    pub signature_topic: Option<String>,
    pub args: Vec<Arg>,
}

#[derive(Deserialize)]
pub struct Arg {
    pub label: String,
    #[serde(default)]
    pub indexed: bool,
    #[serde(rename = "type")]
    pub ty: Type,
}

#[derive(Deserialize)]
pub struct Type {
    #[serde(rename = "type")]
    pub id: u32,
}
