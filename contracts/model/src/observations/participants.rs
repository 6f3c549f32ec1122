//! What the views of participants have to answer.

use super::Observer;
use crate::{role, World};

impl World {
    pub(super) fn see_participants(&self, o: &mut Observer, now: u64) {
        let p = &self.participants;
        for account in &self.setup.accounts {
            let participant = p.participants.get(account);
            o.see("participant", account, participant);
            o.see("status", account, participant.map(|p| p.status()));
            o.see("is_admitted", account, p.is_admitted(account));
            let roles = (0..16).map(|bit| 1 << bit).chain([0, role::ALL]);
            for roles in roles {
                o.see("has_role", (account, roles), p.has_role(account, roles));
            }
        }
        let others = self.setup.accounts.iter().cycle();
        for ((subject, other), caller) in
            self.setup.accounts.iter().zip(others.clone().skip(1)).zip(others.skip(2))
        {
            for (other, caller) in [(other, caller), (other, subject), (subject, subject)] {
                let admission = p.admission(now, subject, other, caller);
                o.see("admission", (subject, other, caller), admission);
            }
        }
        for pair in self.pairs() {
            o.see("mandate", pair, p.mandates.get(&pair));
        }
        // Whoever has staff is the one and the other, also when its time is over.
        for (subject, agent) in p.mandates.keys() {
            for (one, other) in [(subject, agent), (agent, subject), (subject, subject)] {
                o.see("admission", (one, other, agent), p.admission(now, one, other, agent));
            }
        }
        for key in self.setup.accounts.iter().chain(&self.setup.keys) {
            o.see("subject_of", key, p.identity(key));
            o.see("key_of", key, p.key_of(key));
            o.see("succession", key, p.successions.get(key));
            o.see("participant", key, p.participants.get(key));
        }
        // Whoever had another key is whom it acts as.
        for (key, subject) in &p.subjects {
            for one in [subject, key] {
                let other = &self.setup.accounts[1];
                o.see("admission", (one, other, key), p.admission(now, one, other, key));
                o.see("admission", (other, one, subject), p.admission(now, other, one, subject));
            }
        }
        o.see("count", (), p.list.len() as u64);
        let entries: Vec<_> = (0_u64..)
            .zip(&p.list)
            .map(|(index, account)| (index, *account, p.participants.get(account).copied()))
            .filter_map(|(index, account, participant)| Some((index, account, participant?)))
            .collect();
        for (from, limit) in [(0_u64, 64_u32), (1, 2), (0, 0), (entries.len() as u64, 64)] {
            let page = entries.iter().skip(from as usize).take(limit as usize);
            o.see("list", (from, limit), page.collect::<Vec<_>>());
        }
    }
}
