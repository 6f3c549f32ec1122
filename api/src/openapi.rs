//! The OpenAPI document, gathered from the handlers.

use std::collections::BTreeMap;

use utoipa::{
    IntoResponses, OpenApi,
    openapi::{
        Content, Ref, RefOr,
        response::{Response, ResponseBuilder},
    },
};

use crate::{
    error::Problem,
    http::{
        access_log, carbon, consents, delegations, denials, emergencies, events, governance,
        health, market, participants, reports, rewards, sanctions, status, tokens,
    },
};

/// The document behind /openapi.json.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Assent API",
        description = "Reads the mirror of the Assent contracts: consent to use data, the log of \
            every access decision, anchored reports, rewards, the settlement token, carbon credits \
            and allowances, and the market for them. Every item names the event that last changed \
            it (`provenance`); every list names the block that it is of (`as_of`).\n\n\
            Accounts are given as SS58 with prefix 42 or as 0x and 64 hex digits, and answered as \
            SS58. Amounts are strings: base units of the token, or units of carbon, of which 1,000 \
            are a credit. Times are milliseconds since 1970; they and other 64-bit values are \
            numbers up to 2^53 - 1 and strings of digits above. Lists are ordered by key, \
            ascending: pass `next` of a page as `after` of the next. Errors are RFC 9457 \
            problems; an unknown or repeated parameter is an error."
    ),
    paths(
        participants::list,
        participants::get,
        consents::list,
        consents::get,
        denials::list,
        delegations::list,
        emergencies::list,
        emergencies::get,
        sanctions::list,
        access_log::list,
        access_log::head,
        reports::list,
        reports::history,
        rewards::get,
        rewards::totals,
        rewards::tariffs,
        rewards::history::accruals,
        rewards::history::contributions,
        rewards::history::refunds,
        rewards::history::withdrawals,
        tokens::list,
        tokens::get,
        tokens::totals,
        tokens::list_receipts,
        tokens::get_receipt,
        carbon::registry::list_classes,
        carbon::registry::list_projects,
        carbon::registry::list_batches,
        carbon::registry::get_batch,
        carbon::holdings::list_balances,
        carbon::holdings::list_approvals,
        carbon::holdings::list_escrows,
        carbon::holdings::list_frozen,
        carbon::retirements::list_retirements,
        carbon::retirements::list_cancellations,
        carbon::periods::list,
        carbon::periods::get,
        carbon::periods::penalty_tariff,
        carbon::duties::list_duties,
        carbon::duties::list_reports,
        carbon::duties::list_surrenders,
        carbon::standings::list_penalties,
        carbon::standings::list_ratings,
        carbon::standings::get_rating,
        market::list,
        market::get,
        market::fills::list,
        market::settings::get,
        governance::list,
        governance::get,
        events::list,
        status::get,
        health::healthz,
        health::readyz,
    ),
    components(schemas(Problem)),
    tags(
        (name = "participants", description = "Who is admitted, and as what"),
        (name = "consent", description = "Grants, denials, delegates, emergencies, and the log of \
            every access decision"),
        (name = "reports", description = "Anchored versions of reports, and who signed for them"),
        (name = "money", description = "Rewards and the settlement token"),
        (name = "carbon", description = "Classes, projects and batches of credits and allowances, \
            who holds them, and who covered what it emitted"),
        (name = "market", description = "Sell orders for credits and allowances, and their fills"),
        (name = "governance", description = "Pauses, administrators and upgrades of the contracts"),
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

/// Problems of a route whose path names what it answers.
pub struct ItemProblems;

impl IntoResponses for ItemProblems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut responses = ListProblems::responses();
        responses.extend([problem(404, "The mirror holds nothing of this name")]);
        responses
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
    use super::*;

    fn references<'a>(value: &'a serde_json::Value, found: &mut Vec<&'a str>) {
        match value {
            serde_json::Value::Object(object) => {
                for (key, value) in object {
                    match value.as_str() {
                        Some(target) if key == "$ref" => found.push(target),
                        _ => references(value, found),
                    }
                }
            }
            serde_json::Value::Array(items) => {
                items.iter().for_each(|item| references(item, found));
            }
            _ => {}
        }
    }

    #[test]
    fn every_reference_in_the_document_resolves() {
        let document = serde_json::to_value(ApiDoc::openapi()).unwrap();
        let mut found = Vec::new();
        references(&document, &mut found);
        assert!(found.len() > 20, "{found:?}");
        for target in found {
            let pointer = target.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{target}");
        }
    }

    #[test]
    fn every_list_has_the_parameters_of_a_page() {
        let document = serde_json::to_value(ApiDoc::openapi()).unwrap();
        for path in [
            "/v1/participants",
            "/v1/consents",
            "/v1/denials",
            "/v1/delegations",
            "/v1/emergencies",
            "/v1/sanctions",
            "/v1/access-log",
            "/v1/reports",
            "/v1/reports/{id}",
            "/v1/rewards/tariffs",
            "/v1/rewards/accruals",
            "/v1/rewards/contributions",
            "/v1/rewards/refunds",
            "/v1/rewards/withdrawals",
            "/v1/tokens",
            "/v1/tokens/receipts",
            "/v1/governance",
            "/v1/carbon/classes",
            "/v1/carbon/projects",
            "/v1/carbon/batches",
            "/v1/carbon/balances",
            "/v1/carbon/approvals",
            "/v1/carbon/escrows",
            "/v1/carbon/frozen",
            "/v1/carbon/retirements",
            "/v1/carbon/cancellations",
            "/v1/carbon/periods",
            "/v1/carbon/duties",
            "/v1/carbon/reports",
            "/v1/carbon/surrenders",
            "/v1/carbon/penalties",
            "/v1/carbon/ratings",
            "/v1/market/orders",
            "/v1/market/fills",
            "/v1/events",
        ] {
            let parameters = &document["paths"][path]["get"]["parameters"];
            let names: Vec<_> = parameters
                .as_array()
                .unwrap()
                .iter()
                .filter(|parameter| parameter["in"] == "query" && parameter["required"] == false)
                .map(|parameter| parameter["name"].as_str().unwrap())
                .collect();
            assert!(names.ends_with(&["limit", "after"]), "{path}: {names:?}");
        }
    }
}
