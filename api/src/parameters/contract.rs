//! Contracts in requests. Only the manifest says which there are, so requests are checked against
//! it, and the document of a running service lists them.

use std::borrow::Cow;

use utoipa::openapi::{
    OpenApi, RefOr,
    schema::{ObjectBuilder, Schema, SchemaFormat, Type},
};

use super::value::Value;
use crate::{cursor::Cursor, error::ApiError, state::AppState, types::Account};

/// Format of a parameter that is a contract's name.
const BY_NAME: &str = "contract-name";
/// Format of a parameter that is a contract's name or address.
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

/// A contract by its name in the manifest or by its address.
#[derive(Debug)]
pub struct Contract(String);

impl Contract {
    /// Its name.
    pub fn name(self, field: &str, state: &AppState) -> Result<String, ApiError> {
        let contracts = state.contracts();
        if contracts.contains_key(&self.0) {
            return Ok(self.0);
        }
        let address: Option<Account> = self.0.parse().ok();
        let named = contracts.iter().find(|(_, known)| address == Some(known.address));
        named.map(|(name, _)| name.clone()).ok_or_else(|| {
            let names = names(state).join(", ");
            let detail =
                format!("is no contract of this deployment: give an address or one of {names}");
            ApiError::invalid(field, detail)
        })
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
    let addresses = state.contracts().values().map(|contract| contract.address.to_string());
    let both: Vec<String> = names.iter().cloned().chain(addresses).collect();
    let operations = document.paths.paths.values_mut().filter_map(|item| item.get.as_mut());
    for parameter in operations.filter_map(|operation| operation.parameters.as_mut()).flatten() {
        let RefOr::T(parameter) = parameter else { continue };
        let Some(RefOr::T(Schema::Object(schema))) = &mut parameter.schema else { continue };
        let values = match &schema.format {
            Some(SchemaFormat::Custom(format)) if format == BY_NAME => &names,
            Some(SchemaFormat::Custom(format)) if format == BY_NAME_OR_ADDRESS => &both,
            _ => continue,
        };
        schema.enum_values = Some(values.iter().map(|value| value.as_str().into()).collect());
    }
}

fn text(format: &str) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::Custom(format.to_owned())))
        .into()
}
