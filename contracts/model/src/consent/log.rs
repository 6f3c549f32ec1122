//! The logs: of each owner, and of those who were never admitted.

use super::Decided;
use crate::{blake2b, LogEntry, OutsiderEntry, Request, World};

impl World {
    /// Appends the decision to the owner's log.
    pub(super) fn append(&mut self, access: u64, decided: &Decided) {
        let Decided { at, asked, key, person, request, ruling, .. } = *decided;
        let c = &mut self.consent;
        let owner = request.owner;
        let head = c.log_head(&owner);
        let entry = LogEntry {
            requester: request.requester,
            by: key,
            person,
            access,
            sequence: head.sequence + 1,
            purpose: request.purpose,
            category: request.category,
            record: request.record,
            grant: ruling.grant,
            window: ruling.window,
            decision: ruling.decision,
            at,
        };
        let content = entry.content(c.domain, owner);
        c.accesses = access;
        c.asked.insert(access, asked);
        c.logs.entry(owner).or_default().push(entry);
        c.contents.entry(owner).or_default().push(content);
        c.heads.entry(owner).or_default().push(blake2b(&[head.hash, content].concat()));
    }

    /// Appends the refusal to the log of those who were never admitted.
    pub(super) fn refuse_outsider(&mut self, decided: &Decided) {
        let Decided { at, request, .. } = *decided;
        let Request { requester, owner, purpose, category, record, .. } = request;
        let c = &mut self.consent;
        let head = c.refusals();
        let sequence = head.sequence + 1;
        let entry = OutsiderEntry { requester, owner, sequence, purpose, category, record, at };
        c.outsider_heads.push(blake2b(&[head.hash, entry.content(c.domain)].concat()));
        c.outsiders.push(entry);
    }
}
