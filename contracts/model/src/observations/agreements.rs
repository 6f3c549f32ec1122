//! What agreements has to answer.

use super::{Observer, PAGE};
use crate::World;

impl World {
    pub(super) fn see_agreements(&self, o: &mut Observer) {
        let a = &self.agreements;
        o.see("participants", (), self.setup.addresses.participants);
        o.see("consent", (), self.setup.addresses.consent);
        o.see("times", (), a.times);
        let last = a.proposals.len() as u64 + 1;
        for number in last.saturating_sub(PAGE as u64)..=last {
            o.see("proposal", number, a.proposals.get(&number));
        }
        let last = a.erasures.len() as u64 + 1;
        for number in last.saturating_sub(PAGE as u64)..=last {
            o.see("erasure", number, a.erasures.get(&number));
        }
        for pair in self.pairs() {
            let (owner, requester) = pair;
            o.see("latest_erasure", pair, a.latest_erasure(&owner, &requester));
        }
    }
}
