//! What the views of the contracts have to answer.

mod agreements;
mod carbon;
mod consent;
mod market;
mod participants;
mod reports;
mod rewards;

use crate::{blake2b, message::selector, Account, Contract, World};
use parity_scale_codec::Encode;

/// A page of a view is at most this long.
const PAGE: usize = 32;

/// A view, its arguments and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// Which contract answers.
    pub contract: Contract,
    /// Label in its metadata.
    pub label: &'static str,
    /// Call data: selector and arguments.
    pub input: Vec<u8>,
    /// What it returns, SCALE-encoded, without ink's outer `Result`.
    pub output: Vec<u8>,
}

struct Observer {
    contract: Contract,
    seen: Vec<Observation>,
}

impl Observer {
    /// `arguments` encodes to all arguments one after the other.
    fn see(&mut self, label: &'static str, arguments: impl Encode, output: impl Encode) {
        let mut input = selector(label).to_vec();
        arguments.encode_to(&mut input);
        let output = output.encode();
        self.seen.push(Observation { contract: self.contract, label, input, output });
    }
}

impl World {
    /// Everything that `contract` shows of this world at `now`: of lists that grow, the first and
    /// the last page.
    pub fn observations(&self, contract: Contract, now: u64) -> Vec<Observation> {
        let mut observer = Observer { contract, seen: Vec::new() };
        observer.see("Governed::governance", (), self.governance(contract));
        observer.see("Governed::schema_version", (), self.schema(contract));
        match contract {
            Contract::Participants => self.see_participants(&mut observer, now),
            Contract::Consent => self.see_consent(&mut observer, now),
            Contract::Rewards => self.see_rewards(&mut observer),
            Contract::Agreements => self.see_agreements(&mut observer),
            Contract::Reports => self.see_reports(&mut observer),
            Contract::Token => self.see_token(&mut observer),
            Contract::Carbon => self.see_carbon(&mut observer),
            Contract::Market => self.see_market(&mut observer),
        }
        observer.seen
    }

    fn pairs(&self) -> impl Iterator<Item = (Account, Account)> + '_ {
        let accounts = &self.setup.accounts;
        accounts.iter().flat_map(move |a| accounts.iter().map(move |b| (*a, *b)))
    }

    fn see_token(&self, o: &mut Observer) {
        let t = &self.token;
        let terms = &self.setup.token;
        o.see("PSP22Metadata::token_name", (), &terms.name);
        o.see("PSP22Metadata::token_symbol", (), &terms.symbol);
        o.see("PSP22Metadata::token_decimals", (), terms.decimals);
        o.see("cap", (), terms.cap);
        o.see("treasury", (), t.treasury);
        o.see("PSP22::total_supply", (), t.supply);
        let addresses = &self.setup.addresses;
        let contracts = [addresses.rewards, addresses.token, addresses.carbon, addresses.market];
        o.see("participants", (), addresses.participants);
        for account in self.setup.accounts.iter().chain(&contracts).chain(&self.setup.keys) {
            o.see("PSP22::balance_of", account, t.balance(account));
            o.see("is_frozen", account, t.is_frozen(account));
        }
        o.see("receipt_used", blake2b(b"no such receipt"), false);
        for settlement in t.settlements.iter().rev().take(PAGE) {
            o.see("receipt_used", settlement.receipt, true);
        }
        let to_contracts = self.setup.accounts.iter().flat_map(|owner| {
            [addresses.rewards, addresses.carbon, addresses.market].map(|spender| (*owner, spender))
        });
        for (owner, spender) in self.pairs().chain(to_contracts) {
            o.see("PSP22::allowance", (owner, spender), t.allowance(&owner, &spender));
        }
    }
}
