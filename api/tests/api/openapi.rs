//! The document says of every parameter what the API takes: no more, and no less.

use assent_client::Account;
use regex::Regex;
use serde_json::Value;
use sqlx::PgPool;

use crate::support::{Api, hex32, ss58};

/// A schema of the document, without the reference to it.
fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(target) => document.pointer(target.trim_start_matches('#')).unwrap(),
        None => schema,
    }
}

/// Whether a text is a value of this schema. Of the formats, `account` alone says what a pattern
/// cannot: that the checksum fits.
fn allows(schema: &Value, text: &str) -> bool {
    if let Some(words) = schema["enum"].as_array() {
        return words.iter().any(|word| word == text);
    }
    match schema["type"].as_str().unwrap() {
        "boolean" => ["true", "false"].contains(&text),
        "integer" => text.parse::<i128>().is_ok_and(|number| {
            let bound = |bound: &str| i128::from(schema[bound].as_i64().unwrap());
            number.to_string() == text && (bound("minimum")..=bound("maximum")).contains(&number)
        }),
        _ => {
            let pattern = Regex::new(schema["pattern"].as_str().unwrap()).unwrap();
            let is_account = |part: &str| !part.starts_with('5') || part.parse::<Account>().is_ok();
            let format = schema["format"].as_str().unwrap();
            let accounts = format.contains("account") || format == "contract";
            pattern.is_match(text) && (!accounts || text.split('-').all(is_account))
        }
    }
}

/// Values of a schema, those at its bounds among them.
fn samples(schema: &Value) -> Vec<String> {
    if let Some(words) = schema["enum"].as_array() {
        return words.iter().map(|word| word.as_str().unwrap().to_owned()).collect();
    }
    match schema["type"].as_str().unwrap() {
        "boolean" => ["true", "false"].map(str::to_owned).into(),
        "integer" => {
            ["minimum", "maximum"].map(|bound| schema[bound].as_i64().unwrap().to_string()).into()
        }
        _ => {
            let format = schema["format"].as_str().unwrap();
            let columns =
                format.trim_start_matches("cursor-").split('-').map(|column| match column {
                    "int64" => ["0".into(), "9".repeat(19)],
                    "int32" => ["1".into(), "9".repeat(10)],
                    "account" => [ss58(1), hex32(0xab)],
                    "contract" => ["carbon".into(), ss58(0x99)],
                    "hash" => [hex32(2), hex32(0xcd).to_uppercase().replace('X', "x")],
                    other => panic!("there is no sample of {other}"),
                });
            let columns: Vec<_> = columns.collect();
            let sample = |which: usize| {
                let parts: Vec<_> = columns.iter().map(|column| column[which].as_str()).collect();
                parts.join("-")
            };
            vec![sample(0), sample(1)]
        }
    }
}

/// The samples of a schema, and what is close to them.
fn candidates(schema: &Value) -> Vec<String> {
    let mut candidates: Vec<String> =
        ["", "0", "7", "yes", "null", "-1", "1-1", "nonsense"].map(str::to_owned).into();
    for sample in samples(schema) {
        for sign in ["+", "-", "0", " ", "00"] {
            candidates.push(format!("{sign}{sample}"));
        }
        for tail in ["0", " ", ".0", "-", "-1", "e1", "\n"] {
            candidates.push(format!("{sample}{tail}"));
        }
        candidates.push(sample[1..].to_owned());
        candidates.push(sample[..sample.len() - 1].to_owned());
        candidates.push(sample.to_uppercase());
        candidates.push(format!("{}z", &sample[..sample.len() - 1]));
        candidates.push(sample.replace('-', "-0"));
        candidates.push(sample.replace('-', "-+"));
        if let Ok(number) = sample.parse::<i128>() {
            candidates.extend([number - 1, number + 1].map(|number| number.to_string()));
        }
        candidates.push(sample);
    }
    candidates.sort();
    candidates.dedup();
    candidates
}

/// A text as a path or a query spells it.
fn spelled(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn the_api_takes_what_the_document_allows_and_refuses_the_rest(pool: PgPool) {
    let api = Api::mirror(pool).await;
    let document = api.ok("/openapi.json").await;
    let mut parameters = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        let of_route: Vec<_> =
            operations["get"]["parameters"].as_array().into_iter().flatten().collect();
        let name = |parameter: &Value| parameter["name"].as_str().unwrap().to_owned();
        let schema = |parameter: &'_ Value| resolved(&document, &parameter["schema"]).clone();
        // The route with all its segments but the one that is tried.
        let route = |tried: &str| {
            of_route.iter().filter(|parameter| parameter["in"] == "path").fold(
                path.clone(),
                |path, parameter| match name(parameter) {
                    segment if segment == tried => path,
                    segment => {
                        path.replace(&format!("{{{segment}}}"), &samples(&schema(parameter))[0])
                    }
                },
            )
        };
        // What else has to be in the query.
        let beside = |tried: &str| {
            let others = of_route.iter().filter(|parameter| {
                parameter["in"] == "query"
                    && parameter["required"] == true
                    && name(parameter) != tried
            });
            let pairs =
                others.map(|other| format!("&{}={}", name(other), samples(&schema(other))[0]));
            pairs.collect::<String>()
        };
        for parameter in &of_route {
            let (name, schema) = (name(parameter), schema(parameter));
            let in_path = parameter["in"] == "path";
            let beside = beside(&name);
            if in_path {
                assert_eq!(parameter["required"], true, "{path} {name}");
            } else if parameter["required"] == true {
                api.refuses(&format!("{}?{}", route(&name), beside.trim_start_matches('&')), &name)
                    .await;
            }
            assert!(parameter["description"].as_str().unwrap().ends_with('.'), "{path} {name}");
            let (mut taken, mut refused) = (0, 0);
            for text in candidates(&schema) {
                let route = route(&name);
                let request = match (in_path, text.as_str()) {
                    // Another route, or none.
                    (true, "") => continue,
                    (true, text) => route.replace(&format!("{{{name}}}"), &spelled(text)),
                    (false, text) => format!("{route}?{name}={}{beside}", spelled(text)),
                };
                if allows(&schema, &text) {
                    taken += 1;
                    let status = api.get(&request).await.status.as_u16();
                    assert!([200, 404].contains(&status), "{path} {name}={text:?}: {status}");
                } else {
                    refused += 1;
                    let answer = api.get(&request).await;
                    assert_eq!(answer.status.as_u16(), 400, "{path} {name}={text:?}");
                    assert_eq!(answer.body["field"], *name, "{path} {name}={text:?}");
                }
            }
            assert!(taken >= 2 && refused >= 10, "{path} {name}: {taken} taken, {refused} refused");
            parameters += 1;
        }
    }
    assert!(parameters > 130, "{parameters}");
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_number_is_digits_alone_wherever_it_is_read(pool: PgPool) {
    let api = Api::mirror(pool).await;
    for number in ["%2B5", "+5", "-0", "-1", "05", "00", "%205", "5%20", "5.0", "5e0", "0x5", ""] {
        for (route, field) in [
            ("/v1/events?limit=", "limit"),
            ("/v1/events?from=", "from"),
            ("/v1/events?after=1-", "after"),
            ("/v1/consents?after=", "after"),
            ("/v1/access-log?window_id=", "window_id"),
            ("/v1/carbon/batches?class=", "class"),
            ("/v1/market/fills?order=", "order"),
        ] {
            api.refuses(&format!("{route}{number}"), field).await;
        }
        for route in [
            "consents",
            "emergency-windows",
            "proposals",
            "erasures",
            "carbon/batches",
            "market/orders",
        ] {
            if !number.is_empty() {
                api.refuses(&format!("/v1/{route}/{number}"), "id").await;
            }
        }
    }
    for cursor in ["%2B1-2", "01-2", "1-%2B2", "1-02", "1-2-", "1--2"] {
        api.refuses(&format!("/v1/events?after={cursor}"), "after").await;
    }
    api.items("/v1/events?limit=5&from=0&after=0-0").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn the_document_lists_the_contracts_of_the_deployment(pool: PgPool) {
    let api = Api::mirror(pool).await;
    let document = api.ok("/openapi.json").await;
    let listed = |path: &str, at: usize| -> Vec<Value> {
        let parameter = &document["paths"][path]["get"]["parameters"][at];
        parameter["schema"]["enum"].as_array().unwrap().clone()
    };
    let names = [
        "agreements",
        "carbon",
        "consent",
        "market",
        "participants",
        "reports",
        "rewards",
        "token",
    ];
    assert_eq!(listed("/v1/governance/{contract}", 0), names);
    assert_eq!(listed("/v1/governance", 1), names);
    let of_events = &document["paths"]["/v1/events"]["get"]["parameters"][0]["schema"]["pattern"];
    let any = format!("^({}|0x[0-9a-fA-F]", names.join("|"));
    assert!(of_events.as_str().unwrap().starts_with(&any), "{of_events}");
}
