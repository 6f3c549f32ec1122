//! What the views of the contracts have to answer.

mod carbon;
mod consent;
mod market;
mod participants;

use crate::{blake2b, message::selector, Account, Contract, Hash, World, MASK_BITS};
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
        observer.see("Governed::schema_version", (), 1_u32);
        match contract {
            Contract::Participants => self.see_participants(&mut observer),
            Contract::Consent => self.see_consent(&mut observer, now),
            Contract::Rewards => self.see_rewards(&mut observer),
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

    fn see_rewards(&self, o: &mut Observer) {
        let r = &self.rewards;
        o.see("token", (), self.setup.addresses.token);
        o.see("consent", (), r.consent);
        o.see("totals", (), r.totals);
        let balance = self.token.balance(&self.setup.addresses.rewards);
        let remainder = balance.saturating_sub(r.totals.owed).saturating_sub(r.totals.unspent);
        o.see("remainder", (), Ok::<_, u8>(remainder));
        for purpose in [0, 1, 2, 3, MASK_BITS - 1, MASK_BITS] {
            o.see("tariff", purpose, r.tariff(purpose));
        }
        for account in &self.setup.accounts {
            o.see("owed", account, r.statement(account).owed);
            o.see("statement", account, r.statement(account));
            o.see("contribution", account, r.contribution(account));
        }
    }

    fn see_reports(&self, o: &mut Observer) {
        let r = &self.reports;
        o.see("participants", (), self.setup.addresses.participants);
        let unknown: Hash = blake2b(b"no such series");
        let known = r.series.iter().map(|(series, versions)| (*series, versions.as_slice()));
        for (series, versions) in known.chain([(unknown, &[][..])]) {
            o.see("head", series, versions.last());
            let last = versions.len() as u32 + 1;
            for number in last.saturating_sub(PAGE as u32)..=last {
                let version = r.version(&series, number);
                o.see("version", (series, number), version);
                if let Some(version) = version {
                    let (previous, head) = (version.previous, version.head);
                    o.see("verify_link", (series, number, previous, head), true);
                    o.see("verify_link", (series, number, head, head), false);
                    o.see("verify_link", (series, number + 1, previous, head), false);
                }
            }
            for from in [1, versions.len().saturating_sub(PAGE - 1).max(1)] {
                let page: Vec<_> = versions.iter().skip(from - 1).take(PAGE).collect();
                o.see("history", (series, from as u32, PAGE as u32), page);
            }
        }
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
        for account in self.setup.accounts.iter().chain(&contracts) {
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
