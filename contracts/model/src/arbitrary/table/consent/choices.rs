//! What an owner chooses at large.

use super::{masks, Call, Lookup, Picks};
use crate::{
    role::{DATA_OWNER, PROVIDER, RESEARCHER},
    Account, ConsentMessage as M,
    Message::Consent,
};
use assent_interface::consent::MAX_EXCEPTIONS;

impl Lookup<'_> {
    /// Denies everybody but a few something; by those first who do not yet.
    pub(super) fn restrict(&self, p: &mut Picks) -> Call {
        let (purposes, categories) = masks(p);
        let length = p.sound(4, [0, 1, 2, 3, MAX_EXCEPTIONS + 1]);
        let requesters = (0..length).map(|_| self.with_role(PROVIDER | RESEARCHER, p.pick()));
        let mut except: Vec<Account> = requesters.collect();
        // Too many are too many, whoever they are; of few, the same one rarely comes twice.
        if length <= MAX_EXCEPTIONS && p.yes(85) {
            except.sort_unstable();
            except.dedup();
        }
        let mut owners = self.having(DATA_OWNER);
        owners.sort_by_key(|owner| self.world.consent.choices(owner).restriction.is_some());
        let (owner, callers) = self.owner_of(owners, p);
        (Consent(M::Restrict(owner, purposes, categories, except)), callers)
    }

    /// By those first who did not yet, and of these by those on whom a window is open.
    pub(super) fn refuse_emergencies(&self) -> Call {
        let c = &self.world.consent;
        let open = |owner: &Account| {
            c.windows.values().any(|window| window.patient == *owner && window.is_open(self.now))
        };
        let mut owners = self.having(DATA_OWNER);
        owners.sort_by_key(|owner| (c.refuses_emergencies(owner), !open(owner)));
        (Consent(M::RefuseEmergencies), owners)
    }
}
