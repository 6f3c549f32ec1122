//! What holds of the token.

use super::{settings, sum};
use crate::{Account, Contract, GovernedMessage, KeyEvent, Setting, Treasury, World, ZERO};
use std::collections::BTreeSet;

impl World {
    pub(super) fn token_holds(&self) -> Result<(), String> {
        let t = &self.token;
        let held = sum(t.balances.values().copied());
        hold!(held == Some(t.supply), "the supply is not the sum of the balances");
        let minted = sum(t.settlements.iter().map(|s| s.minted));
        let burned = sum(t.settlements.iter().map(|s| s.burned));
        let left = minted.zip(burned).and_then(|(minted, burned)| minted.checked_sub(burned));
        hold!(left == Some(t.supply), "minted {minted:?}, burned {burned:?}: {}", t.supply);
        hold!(t.cap == self.setup.token.cap, "the cap changed");
        hold!(t.cap.is_none_or(|cap| t.supply <= cap), "{} exceed the cap", t.supply);
        let receipts: BTreeSet<_> = t.settlements.iter().map(|s| s.receipt).collect();
        hold!(receipts.len() == t.settlements.len(), "a receipt was used twice");
        hold!(receipts == t.receipts, "a receipt was used for nothing, or forgotten");
        for (account, held) in &t.frozen {
            let holds = t.balance(account);
            hold!(holds == *held, "frozen with {held}, holds {holds}");
        }
        hold!(t.balance(&ZERO) == 0 && !t.is_frozen(&ZERO), "nobody has a part in it");
        self.taken_over_holds()?;
        self.treasury_holds()
    }

    /// What was taken over is empty and is not frozen, and went to a later key of the same participant; so
    /// that a way from key to key comes to an end.
    fn taken_over_holds(&self) -> Result<(), String> {
        let (t, p) = (&self.token, &self.participants);
        for (account, key) in &t.moved {
            hold!(t.balance(account) == 0, "left with {account:?}");
            hold!(!t.frozen.contains_key(account), "a freeze stayed with {account:?}");
            let subject = p.subjects.get(account).unwrap_or(account);
            hold!(p.subjects.get(key) == Some(subject), "{account:?} went to another's key");
            let since = |key: &Account| {
                p.keyed.iter().position(|w| w.event == KeyEvent::Accepted && w.to == *key)
            };
            hold!(since(account) < since(key), "{account:?} went back");
            hold!(t.takeovers.iter().any(|o| o.to == *key), "{account:?} went by itself");
        }
        for over in &t.takeovers {
            hold!(over.frozen == over.stays, "a freeze came or went: {over:?}");
        }
        Ok(())
    }

    /// Only the treasury of the moment mints and burns, and it mints nothing between a handover and
    /// the word of the new administrator.
    fn treasury_holds(&self) -> Result<(), String> {
        let t = &self.token;
        let first = Treasury { account: self.setup.administrator, confirmed: true };
        settings::stored_right(first, &t.treasuries, &t.treasury)?;
        for (position, set) in t.treasuries.iter().enumerate() {
            let before = settings::in_effect(first, &t.treasuries[..position], set.at);
            let Setting { value, at, from } = *set;
            let waits = from == u64::MAX || from.checked_sub(at) == Some(t.governance.delay);
            let same = value.account == before.account;
            hold!(value.account != ZERO, "nobody is the treasury: {set:?}");
            hold!(if same { from == at } else { waits }, "named for when? {set:?}");
            hold!(same || value.confirmed, "another by a handover: {set:?}");
        }
        let taken_back = t.treasuries.iter().filter(|set| !set.value.confirmed).map(|set| set.at);
        let accepted = self.governing.iter().filter(|g| {
            g.contract == Contract::Token && g.message == GovernedMessage::AcceptHandover
        });
        hold!(taken_back.eq(accepted.map(|g| g.at)), "a handover that left the mint");

        for booking in &t.settlements {
            let then = &t.treasuries[..booking.named.min(t.treasuries.len())];
            let treasury = settings::in_effect(first, then, booking.at);
            hold!(treasury.account == booking.by, "not by the treasury: {booking:?}");
            let mints = booking.minted > 0;
            hold!(treasury.confirmed || !mints, "minted before the treasury was confirmed");
        }
        Ok(())
    }
}
