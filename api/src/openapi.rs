//! What the OpenAPI document says of the API as a whole; the routes add themselves.

use std::collections::BTreeMap;

use utoipa::{
    IntoResponses, OpenApi as Describe,
    openapi::{
        Content, OpenApi, Ref, RefOr,
        response::{Response, ResponseBuilder},
        security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    },
};

use crate::error::Problem;

/// The frame of the document behind /openapi.json.
#[derive(Describe)]
#[openapi(
    info(
        title = "Assent API",
        description = "Reads the mirror of the Assent contracts: consent to use data, the log of \
            every access decision, proposals of grants and requests for erasure, anchored reports, \
            rewards, the settlement token, carbon credits and allowances, and the market for them. \
            Every item names the event that last changed it (`provenance`); every list names the \
            block that it is of (`as_of`).\n\n\
            Accounts are given as SS58 with prefix 42 or as 0x and 64 hex digits, and answered as \
            SS58. Amounts are strings: base units of the token, or units of carbon, of which 1,000 \
            are a credit. Times are milliseconds since 1970; they and other 64-bit values are \
            numbers up to 2^53 - 1 and strings of digits above. Lists are ordered by key, \
            ascending: pass `next` of a page as `after` of the next. Errors are RFC 9457 \
            problems; an unknown or repeated parameter is an error. Numbers in paths and queries \
            are decimal digits alone: no sign, no leading zero."
    ),
    components(schemas(Problem)),
    tags(
        (name = "participants", description = "Who is admitted, and as what, and who acts for whom"),
        (name = "consent", description = "Grants, denials, what patients choose for themselves, \
            delegates, emergency windows, and the log of every access decision"),
        (name = "agreements", description = "Grants that were proposed to data owners and what they \
            answered, and what requesters were asked to erase"),
        (name = "reports", description = "Anchored versions of reports, who signed for them, and \
            audits of them"),
        (name = "money", description = "Rewards, who pays them, and the settlement token"),
        (name = "carbon", description = "Classes, projects and batches of credits and allowances, \
            who holds them, and who covered what it emitted"),
        (name = "market", description = "Sell orders for credits and allowances, and their fills"),
        (name = "governance", description = "Pauses, administrators and upgrades of the contracts"),
        (name = "sign-in", description = "Signing in with a wallet"),
        (name = "chain", description = "Raw events and the state of the mirror"),
    )
)]
pub struct ApiDoc;

/// Problems of a route that takes parameters and answers from the mirror.
pub struct ListProblems;

impl IntoResponses for ListProblems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        [
            problem(400, "A parameter is unknown, repeated or malformed; `field` names it"),
            problem(503, "The mirror cannot answer now; `reason` says why"),
            problem(504, "The answer took longer than 10 s"),
        ]
        .into()
    }
}

/// Problems of a route that answers those alone who are a party to what it shows.
pub struct PrivateListProblems;

impl IntoResponses for PrivateListProblems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut responses = ListProblems::responses();
        responses.extend([
            problem(401, "Nobody is signed in, or the token or the API key does not count"),
            problem(403, "The API key is for other purposes, or a role is needed"),
            problem(429, "Too many requests; `Retry-After` says when to go on"),
        ]);
        responses
    }
}

/// The same, of a route whose path names what it answers.
pub struct PrivateItemProblems;

impl IntoResponses for PrivateItemProblems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut responses = PrivateListProblems::responses();
        responses.extend(ItemProblems::responses());
        responses
    }
}

/// Problems of a route whose path names what it answers.
pub struct ItemProblems;

impl IntoResponses for ItemProblems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut responses = ListProblems::responses();
        responses.extend([problem(404, "The mirror holds nothing of this name")]);
        responses
    }
}

/// Says of each route that may answer 401 how to be let in.
pub fn secure(document: &mut OpenApi) {
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(
        "The access token of /v1/sign-in, or an API key. A token is for the participant as whom its key \
         acts; an API key also has scopes: `health:read`, `accounts:read`.",
    ));
    document
        .components
        .get_or_insert_default()
        .add_security_scheme("bearer", SecurityScheme::Http(bearer.build()));
    for path in document.paths.paths.values_mut() {
        for operation in [&mut path.get, &mut path.post].into_iter().flatten() {
            let may_be_refused = operation.responses.responses.contains_key("401");
            // Signing in is refused for other reasons, and takes no credentials.
            if may_be_refused && !operation.tags.iter().flatten().any(|tag| tag == "sign-in") {
                let no_scopes: [&str; 0] = [];
                operation.security = Some(vec![SecurityRequirement::new("bearer", no_scopes)]);
            }
        }
    }
}

fn problem(status: u16, description: &str) -> (String, RefOr<Response>) {
    let schema = Ref::from_schema_name("Problem");
    let response = ResponseBuilder::new()
        .description(description)
        .content("application/problem+json", Content::new(Some(schema)))
        .build();
    (status.to_string(), response.into())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use crate::http::documented;

    fn document() -> Value {
        serde_json::to_value(documented().into_openapi()).unwrap()
    }

    /// Every operation with its path.
    fn operations(document: &Value) -> Vec<(&str, &Value)> {
        let paths = document["paths"].as_object().unwrap();
        paths.iter().map(|(path, item)| (path.as_str(), &item["get"])).collect()
    }

    fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
        match value {
            Value::Object(object) => {
                for (key, value) in object {
                    match value.as_str() {
                        Some(target) if key == "$ref" => found.push(target),
                        _ => references(value, found),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }

    #[test]
    fn every_reference_in_the_document_resolves() {
        let document = document();
        let mut found = Vec::new();
        references(&document, &mut found);
        assert!(found.len() > 20, "{found:?}");
        for target in found {
            let pointer = target.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{target}");
        }
    }

    #[test]
    fn every_operation_has_an_id_of_its_own_that_says_what_it_does() {
        let document = document();
        let operations = operations(&document);
        let mut ids = BTreeSet::new();
        for (path, operation) in &operations {
            let id = operation["operationId"].as_str().unwrap_or_else(|| panic!("{path} has none"));
            assert!(id.starts_with("list_") || id.starts_with("get_"), "{path}: {id}");
            assert!(ids.insert(id), "{id} is of {path} and of another");
        }
        assert!(ids.len() > 50, "{ids:?}");
    }

    #[test]
    fn every_list_has_the_parameters_of_a_page() {
        let document = document();
        let mut lists = 0;
        for (path, operation) in operations(&document) {
            let answer = &operation["responses"]["200"]["content"]["application/json"]["schema"];
            let is_list = answer["$ref"].as_str().unwrap().contains("/Page_");
            lists += usize::from(is_list);
            let parameters = operation["parameters"].as_array();
            let in_query: Vec<_> = parameters
                .into_iter()
                .flatten()
                .filter(|parameter| parameter["in"] == "query")
                .map(|parameter| parameter["name"].as_str().unwrap())
                .collect();
            assert_eq!(in_query.ends_with(&["limit", "after"]), is_list, "{path}: {in_query:?}");
            let id = operation["operationId"].as_str().unwrap();
            assert_eq!(id.starts_with("list_"), is_list, "{id}");
        }
        assert!(lists > 30, "{lists}");
    }
}
