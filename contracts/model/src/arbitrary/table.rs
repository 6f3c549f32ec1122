//! The messages, each declared once, in the table of its contract.

mod agreements;
mod carbon;
mod compliance;
mod consent;
mod governed;
mod market;
mod participants;
mod reports;
mod rewards;
mod token;
mod units;

use super::{lookup::Lookup, picks::Picks};
use crate::{Account, Contract, Message};

/// A message in the making.
#[derive(Debug)]
pub(super) struct Entry {
    /// Its label in the contract's metadata.
    pub label: &'static str,
    /// How often it comes, relative to the others of its table.
    pub weight: u32,
    /// Makes it, or rarely another one where it would be in vain.
    pub make: fn(&Lookup, &mut Picks) -> Call,
}

/// A message, and those whom the rules let send it, as far as that is easily said; those first that
/// it suits best. Maybe none. Contracts are among them, too, but nobody can sign for them.
pub(super) type Call = (Message, Vec<Account>);

const fn message(label: &'static str, weight: u32, make: fn(&Lookup, &mut Picks) -> Call) -> Entry {
    Entry { label, weight, make }
}

/// The messages of `contract`, without those on its government.
pub(super) fn of(contract: Contract) -> Vec<&'static Entry> {
    match contract {
        Contract::Participants => participants::TABLE.iter().collect(),
        Contract::Consent => consent::TABLE.iter().collect(),
        Contract::Rewards => rewards::TABLE.iter().collect(),
        Contract::Agreements => agreements::TABLE.iter().collect(),
        Contract::Reports => reports::TABLE.iter().collect(),
        Contract::Token => token::TABLE.iter().collect(),
        Contract::Carbon => carbon::TABLE.iter().chain(compliance::TABLE).collect(),
        Contract::Market => market::TABLE.iter().collect(),
    }
}

/// The messages on the government of a contract.
pub(super) fn governed() -> Vec<&'static Entry> {
    governed::TABLE.iter().collect()
}

#[cfg(test)]
mod tests {
    use super::{governed, of, Entry};
    use crate::{
        arbitrary::{
            lookup::Lookup,
            picks::{Picks, NUMBERS},
            started, Mix,
        },
        Contract,
    };
    use assent_interface::{
        agreements, carbon, consent, governance, market, participants, reports, rewards, token,
    };
    use std::collections::BTreeSet;

    /// Views that the model does not answer, because they judge a proof by itself.
    const PROOFS: [&str; 2] = [reports::VERIFY_CHUNK, reports::VERIFY_LINK];

    fn labels(contract: Contract) -> &'static [&'static str] {
        match contract {
            Contract::Participants => participants::LABELS,
            Contract::Token => token::LABELS,
            Contract::Rewards => rewards::LABELS,
            Contract::Consent => consent::LABELS,
            Contract::Agreements => agreements::LABELS,
            Contract::Reports => reports::LABELS,
            Contract::Carbon => carbon::LABELS,
            Contract::Market => market::LABELS,
        }
    }

    #[test]
    fn every_message_that_is_no_view_is_declared_once() {
        let (world, now) = started();
        for contract in Contract::ALL {
            let seen = world.observations(contract, now);
            let views: BTreeSet<&str> = seen.iter().map(|seen| seen.label).chain(PROOFS).collect();
            let declared = |entries: Vec<&Entry>, labels: &[&'static str]| {
                let mut messages: Vec<_> = labels.iter().filter(|l| !views.contains(**l)).collect();
                let mut declared: Vec<_> = entries.iter().map(|entry| &entry.label).collect();
                messages.sort_unstable();
                declared.sort_unstable();
                assert_eq!(declared, messages, "{contract}");
            };
            declared(of(contract), labels(contract));
            declared(governed(), governance::LABELS);
        }
    }

    #[test]
    fn what_is_declared_under_a_label_is_the_message_of_this_label() {
        let (world, now) = started();
        let lookup = Lookup { world: &world, now, mix: Mix::ALL };
        for contract in Contract::ALL {
            for entry in of(contract).into_iter().chain(governed()) {
                // None of the greatest numbers asks for another message instead.
                let (message, _) = (entry.make)(&lookup, &mut Picks::new([u16::MAX; NUMBERS]));
                assert_eq!(message.label(), entry.label);
                let governed = entry.label.starts_with("Governed::");
                assert!(governed || message.to() == contract, "{}", entry.label);
            }
        }
    }
}
