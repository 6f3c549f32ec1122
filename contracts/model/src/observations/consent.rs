//! What the views of consent have to answer.

use super::{Observer, PAGE};
use crate::{Account, Decision, Record, Request, World, MASK_BITS};

impl World {
    pub(super) fn see_consent(&self, o: &mut Observer, now: u64) {
        let c = &self.consent;
        o.see("participants", (), self.setup.addresses.participants);
        o.see("rewards", (), self.setup.addresses.rewards);
        o.see("times", (), c.times);
        o.see("domain", (), self.setup.domain());
        o.see("refusals", (), c.refusals());
        let last = c.grants.len() as u64 + 1;
        for number in last.saturating_sub(PAGE as u64)..=last {
            o.see("grant_of", number, c.grants.get(&number));
        }
        let last = c.windows.len() as u64 + 1;
        for number in last.saturating_sub(PAGE as u64)..=last {
            o.see("window", number, c.windows.get(&number));
        }
        for owner in &self.setup.accounts {
            o.see("bar", owner, c.bar(owner));
            o.see("epoch", owner, c.epoch(owner));
            o.see("choices", owner, c.choices(owner));
            let grants = c.grants_of(owner);
            o.see("grant_count", owner, grants.len() as u64);
            for from in [0, grants.len().saturating_sub(PAGE)] {
                let page: Vec<_> = grants.iter().skip(from).take(PAGE).collect();
                o.see("grants", (owner, from as u64, PAGE as u32), page);
            }

            o.see("log_head", owner, c.log_head(owner));
            let log = c.logs.get(owner).map_or(&[][..], Vec::as_slice);
            let digests = c.contents.get(owner).map_or(&[][..], Vec::as_slice);
            for from in [1, log.len().saturating_sub(PAGE - 1).max(1)] {
                let page: Vec<_> = log.iter().skip(from - 1).take(PAGE).collect();
                o.see("log", (owner, from as u64, PAGE as u32), page);
                let page: Vec<_> = digests.iter().skip(from - 1).take(256).collect();
                o.see("log_digests", (owner, from as u64, 256_u32), page);
            }
        }
        for pair in self.pairs() {
            let (one, other) = pair;
            o.see("latest_grant", pair, c.latest_grant(&one, &other));
            o.see("live_grants", pair, self.live_grants(&one, &other, now));
            o.see("denials", pair, c.denials(&one, &other));
            o.see("delegation", pair, c.delegations.get(&pair));
            o.see("revoked_up_to", pair, c.revoked_up_to(&one, &other));
            o.see("open_window", pair, c.open_window(&one, &other, now));
            for request in self.requests(one, other) {
                let Request { requester, owner, grant, record, purpose, category } = request;
                let asked = (requester, owner, grant, record, purpose, category);
                o.see("is_permitted", asked, self.decision(now, request));
            }
        }
    }

    /// What `requester` may want of `owner`: for two purposes, of any record, of that of the latest
    /// grant, and by the first and the latest grant; and what does not exist.
    fn requests(&self, requester: Account, owner: Account) -> Vec<Request> {
        let grants = self.consent.between(&owner, &requester);
        let record = grants.iter().rev().find_map(|(_, grant)| match grant.record {
            Record::One(record) => Some(record),
            _ => None,
        });
        let mut requests = Vec::new();
        let mut ask = |grant, record, purpose, category| {
            requests.push(Request { requester, owner, grant, record, purpose, category });
        };
        for (purpose, category) in [(0, 1), (1, 0), (MASK_BITS, 1), (0, MASK_BITS)] {
            ask(None, None, purpose, category);
        }
        if record.is_some() {
            ask(None, record, 0, 1);
            ask(None, record, 1, 1);
        }
        let ends = grants.first().into_iter().chain(grants.last().filter(|_| grants.len() > 1));
        for (number, _) in ends {
            ask(Some(*number), None, 0, 1);
            ask(Some(*number), record.or(Some(owner)), 0, 1);
        }
        requests
    }

    /// What `is_permitted` answers.
    pub fn decision(&self, now: u64, request: Request) -> Decision {
        self.ruling(now, [request.requester; 2], request).decision
    }
}
