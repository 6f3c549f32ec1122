//! Every message of the contracts, with success and refused for each of its
//! errors.

use std::collections::BTreeSet;

use assent_interface::governance;
use assent_sandbox::cases;
use assent_sandbox::ledger::GOVERNED as CONTRACTS;
use assent_sandbox::{Bundle, Message, Outcome};

/// The ink! trait message whose refusals depend on what the contract asks of an administrator:
/// only the participants contract asks anything.
const ELIGIBILITY: (&str, &str) = (governance::ACCEPT_HANDOVER, "NotEligible");

/// The variant of the standard's error that this token has no use for.
const UNUSED: (&str, &str) = ("token", "SafeTransferCheckFailed");

/// Prefix of the labels of the messages that all contracts have.
const GOVERNED: &str = "Governed::";

/// The sources of the traits by the prefix of their messages' labels: ink! leaves the documentation
/// of a trait out of the metadata.
const TRAITS: [(&str, &str); 2] = [
    (GOVERNED, include_str!("../../../../contracts/governance/src/lib.rs")),
    ("PSP22::", include_str!("../../../../contracts/traits/src/psp22.rs")),
];

/// What is documented of a message.
fn documentation(label: &str, message: &Message) -> String {
    let of_trait =
        |(prefix, source): (&str, &'static str)| Some((label.strip_prefix(prefix)?, source));
    let Some((name, source)) = TRAITS.into_iter().find_map(of_trait) else {
        return message.docs.join(" ");
    };
    let (before, _) =
        source.split_once(&format!("    fn {name}(")).expect("the trait has the message");
    before.rsplit("\n\n").next().unwrap_or_default().replace('\n', " ")
}

/// Of the quoted names in a message's documentation of its errors those that `errors` lists, with
/// the text that they carry, as in `Custom("Paused")`.
fn documented<'a>(docs: &'a str, errors: &[String]) -> Vec<&'a str> {
    let quoted = docs.split("Errors").nth(1).unwrap_or_default().split('`').skip(1).step_by(2);
    quoted.filter(|name| errors.iter().any(|error| error == variant(name))).collect()
}

/// The name of an error without the text that it carries.
fn variant(error: &str) -> &str {
    error.split('(').next().unwrap_or_default()
}

#[test]
fn every_message_ends_as_documented_and_a_refusal_changes_nothing() {
    let mut failures = Vec::new();
    for case in cases::all() {
        let (mut ledger, before, executed) = case.run();
        let name = format!("{}.{} {:?}", case.contract, case.message, case.error);
        match (&executed.outcome, case.error) {
            (Outcome::Returned(_), None) => {
                if ledger.root() == before && executed.events.is_empty() {
                    // An upgrade changes what the pallet stores of a contract, too.
                    failures.push(format!("{name}: succeeded without a trace"));
                }
            }
            (Outcome::Refused(error), Some(expected)) if error == expected => {
                if ledger.root() != before {
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
    for contract in CONTRACTS {
        let bundle = Bundle::committed(contract);
        let mut mentioned = BTreeSet::new();
        for (label, message) in bundle.messages.iter().filter(|(_, message)| message.mutates) {
            let docs = documentation(label, message);
            let errors = documented(&docs, message.errors.as_deref().unwrap_or_default());
            let errors = errors
                .into_iter()
                .filter(|error| contract == "participants" || (&**label, *error) != ELIGIBILITY);
            for ending in errors.map(|error| Some(error.to_owned())).chain([None]) {
                mentioned.extend(ending.as_deref().map(|error| variant(error).to_owned()));
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
                let of_constructors = label.starts_with(GOVERNED) && error == "InvalidDelay";
                let excused = error.is_empty() || of_constructors || (contract, &**error) == UNUSED;
                if !excused && !mentioned.contains(error) {
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
