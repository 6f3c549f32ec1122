//! Contracts in requests. Only the manifest says which there are, so requests are checked against
//! it, and the document of a running service lists them.

use std::borrow::Cow;

use utoipa::openapi::{
    OpenApi, RefOr,
    schema::{ObjectBuilder, Schema, SchemaFormat, Type},
};

use super::value::{ACCOUNT, Value};
use crate::{cursor::Cursor, error::ApiError, state::AppState, types::Account};

/// Format of a parameter that is a contract's name.
const BY_NAME: &str = "contract-name";
/// Format of a parameter that is a contract's name or the address of any contract.
const BY_NAME_OR_ADDRESS: &str = "contract";

/// A contract by its name in the manifest.
#[derive(Debug)]
pub struct ContractName(pub String);

impl ContractName {
    /// The name, if it is one of this deployment.
    pub fn known(&self, state: &AppState) -> Option<&str> {
        state.contracts().contains_key(&self.0).then_some(&self.0)
    }
}

impl Value for ContractName {
    fn schema() -> RefOr<Schema> {
        text(BY_NAME)
    }

    fn read(text: &str) -> Result<Self, Cow<'static, str>> {
        Ok(Self(text.to_owned()))
    }
}

impl Cursor for ContractName {
    fn format() -> String {
        BY_NAME.to_owned()
    }

    fn pattern() -> String {
        ".+".to_owned()
    }

    fn write(&self) -> String {
        self.0.clone()
    }

    /// All that is left: a name may have hyphens.
    fn read<'a>(parts: &mut impl Iterator<Item = &'a str>) -> Option<Self> {
        Some(Self(parts.collect::<Vec<_>>().join("-")))
    }

    fn schema() -> RefOr<Schema> {
        text(BY_NAME)
    }
}

/// Any contract of the chain: by its name in the manifest, or by its address.
#[derive(Debug)]
pub struct Contract(String);

/// Whose events are asked for.
pub enum Emitter {
    /// A contract of the deployment, by its name.
    Ours(String),
    /// Another contract.
    Other(Account),
}

impl Contract {
    /// Which one it is.
    pub fn emitter(self, field: &str, state: &AppState) -> Result<Emitter, ApiError> {
        let contracts = state.contracts();
        if contracts.contains_key(&self.0) {
            return Ok(Emitter::Ours(self.0));
        }
        let Ok(address) = self.0.parse::<Account>() else {
            let names = names(state).join(", ");
            let detail = format!("is neither a contract's address nor one of {names}");
            return Err(ApiError::invalid(field, detail));
        };
        let named = contracts.iter().find(|(_, known)| known.address == address);
        Ok(named.map_or(Emitter::Other(address), |(name, _)| Emitter::Ours(name.clone())))
    }
}

impl Value for Contract {
    fn schema() -> RefOr<Schema> {
        text(BY_NAME_OR_ADDRESS)
    }

    fn read(text: &str) -> Result<Self, Cow<'static, str>> {
        Ok(Self(text.to_owned()))
    }
}

/// Names of the contracts of the deployment.
pub fn names(state: &AppState) -> Vec<&str> {
    state.contracts().keys().map(String::as_str).collect()
}

/// Lists the contracts of the deployment wherever a parameter is one.
pub fn list_in(document: &mut OpenApi, state: &AppState) {
    let names: Vec<String> = state.contracts().keys().cloned().collect();
    let operations = document.paths.paths.values_mut().filter_map(|item| item.get.as_mut());
    for parameter in operations.filter_map(|operation| operation.parameters.as_mut()).flatten() {
        let RefOr::T(parameter) = parameter else { continue };
        let Some(RefOr::T(Schema::Object(schema))) = &mut parameter.schema else { continue };
        match &schema.format {
            Some(SchemaFormat::Custom(format)) if format == BY_NAME => {
                schema.enum_values = Some(names.iter().map(|name| name.as_str().into()).collect());
            }
            Some(SchemaFormat::Custom(format)) if format == BY_NAME_OR_ADDRESS => {
                schema.pattern = Some(format!("^({}|{ACCOUNT})$", names.join("|")));
            }
            _ => {}
        }
    }
}

fn text(format: &str) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::Custom(format.to_owned())))
        .into()
}
