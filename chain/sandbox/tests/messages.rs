//! Every message of the health contracts, with success and refused for each of its errors.

use std::collections::BTreeSet;

use assent_sandbox::cases;
use assent_sandbox::{Bundle, Message, Outcome};

/// The ink! trait message whose refusals depend on what the contract asks of an administrator:
/// only the participants contract asks anything.
const ELIGIBILITY: (&str, &str) = ("Governed::accept_handover", "NotEligible");

/// Prefix of the labels of the messages that all contracts have.
const GOVERNED: &str = "Governed::";

/// What is documented of a message.
fn documentation(label: &str, message: &Message) -> String {
    let Some(name) = label.strip_prefix(GOVERNED) else {
        return message.docs.join(" ");
    };
    // ink! leaves the documentation of a trait out of the metadata.
    let source = include_str!("../../../contracts/governance/src/lib.rs");
    let before = source.split(&format!("    fn {name}(")).next().unwrap_or_default();
    before.rsplit("\n\n").next().unwrap_or_default().replace('\n', " ")
}

#[test]
fn every_message_ends_as_documented_and_a_refusal_changes_nothing() {
    let mut failures = Vec::new();
    for case in cases::all() {
        let (mut health, before, executed) = case.run();
        let name = format!("{}.{} {:?}", case.contract, case.message, case.error);
        match (&executed.outcome, case.error) {
            (Outcome::Returned(_), None) => {
                if health.root() == before && executed.events.is_empty() {
                    // An upgrade changes what the pallet stores of a contract, too.
                    failures.push(format!("{name}: succeeded without a trace"));
                }
            }
            (Outcome::Refused(error), Some(expected)) if error == expected => {
                if health.root() != before {
                    failures.push(format!("{name}: changed the state"));
                }
                if !executed.events.is_empty() {
                    failures.push(format!("{name}: left events {:?}", executed.events));
                }
            }
            (outcome, _) => failures.push(format!("{name}: ended with {outcome:?}")),
        }
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn there_is_a_case_for_every_message_and_every_error_that_it_documents() {
    let covered: BTreeSet<_> = cases::all()
        .iter()
        .map(|case| (case.contract, case.message.to_owned(), case.error.map(str::to_owned)))
        .collect();
    let mut missing = Vec::new();
    for contract in ["participants", "consent", "rewards", "reports"] {
        let bundle = Bundle::committed(contract);
        let mut mentioned = BTreeSet::new();
        for (label, message) in bundle.messages.iter().filter(|(_, message)| message.mutates) {
            let docs = documentation(label, message);
            let errors = docs.split("Errors").nth(1).unwrap_or_default();
            let known = message.errors.iter().flatten().filter(|error| !error.is_empty());
            let documented = known
                .filter(|error| errors.contains(&format!("`{error}`")))
                .filter(|error| contract == "participants" || (&**label, &***error) != ELIGIBILITY);
            for ending in documented.map(|error| Some(error.clone())).chain([None]) {
                mentioned.extend(ending.clone());
                if !covered.contains(&(contract, label.clone(), ending.clone())) {
                    missing.push(format!("{contract}.{label}: {ending:?}"));
                }
            }
        }
        let constructors = bundle.constructors.values().flat_map(|new| {
            let docs = new.docs.join(" ");
            let errors = new.errors.clone().unwrap_or_default();
            errors.into_iter().filter(move |error| docs.contains(&format!("`{error}`")))
        });
        mentioned.extend(constructors);
        // What no message documents would not be looked for above.
        for (label, message) in &bundle.messages {
            for error in message.errors.iter().flatten() {
                let of_constructors = label.starts_with(GOVERNED) && error == "DelayTooLong";
                if !error.is_empty() && !of_constructors && !mentioned.contains(error) {
                    missing.push(format!(
                        "{contract}: {label} can return {error}, which no message documents"
                    ));
                }
            }
        }
    }
    missing.sort();
    missing.dedup();
    assert!(missing.is_empty(), "{} missing:\n{}", missing.len(), missing.join("\n"));
}
