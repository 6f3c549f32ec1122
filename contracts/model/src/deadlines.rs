//! When something happens without a message.

use crate::{Contract, Scheduled, World};

impl World {
    /// Every moment at which something starts, ends or falls due, past or to come.
    pub fn deadlines(&self) -> Vec<u64> {
        let c = &self.consent;
        let grants = c.grants.values().flat_map(|g| [g.from, g.until]);
        let windows = c.windows.values().flat_map(|w| [w.until, w.review_by]);
        let cooled = c.windows.values().filter(|w| w.closed_by == Some(w.patient));
        let cooled = cooled.filter_map(|w| w.closed?.checked_add(c.times.cooldown));
        let delegations = c.delegations.values().map(|d| d.until);
        let mandates = self.participants.mandates.values().map(|m| m.until);
        let governments = Contract::ALL.into_iter().map(|contract| self.governance(contract));
        let announced = governments
            .flat_map(|g| [g.handover.map(|h| h.not_before), g.upgrade.map(|u| u.not_before)]);
        let periods = self.carbon.periods.values().flat_map(|p| [p.end, p.settle_from]);
        let orders = self.market.orders.values().filter(|o| o.is_open()).map(|o| o.expiry);
        let health = grants.chain(windows).chain(cooled).chain(delegations).chain(mandates);
        let agreed = self.of_agreements();
        let successions = self.participants.successions.values().map(|s| s.not_before);
        let health = health.chain(agreed).chain(successions);
        let rest = announced.flatten().chain(periods).chain(orders);
        health.chain(rest).chain(self.of_settings()).chain(self.of_rewards()).collect()
    }

    /// When what was announced may no longer be done.
    pub fn expiries(&self) -> Vec<u64> {
        let governments = Contract::ALL.into_iter().map(|contract| self.governance(contract));
        let announced =
            governments.flat_map(|g| [g.handover.map(|h| h.until), g.upgrade.map(|u| u.until)]);
        let successions = self.participants.successions.values().map(|s| s.until);
        announced.flatten().chain(successions).collect()
    }

    /// When a proposal is over, and an answer overdue.
    fn of_agreements(&self) -> impl Iterator<Item = u64> + '_ {
        let a = &self.agreements;
        let open = a.proposals.values().filter(|proposal| proposal.ending.is_none());
        let asked = a.erasures.values().filter(|erasure| erasure.answer.is_none());
        open.map(|proposal| proposal.expires).chain(asked.map(|erasure| erasure.due))
    }

    /// When what was set holds.
    fn of_settings(&self) -> impl Iterator<Item = u64> + '_ {
        fn from<T>(setting: &Scheduled<T>) -> Option<u64> {
            setting.next.as_ref().map(|next| next.from)
        }
        let tariffs = self.rewards.tariffs.values().filter_map(from);
        let fee = from(&self.market.settings.fee);
        let penalty = from(&self.carbon.penalty);
        tariffs.chain(from(&self.token.treasury)).chain(fee).chain(penalty)
    }

    /// When an access may earn again, and a pot pay.
    fn of_rewards(&self) -> impl Iterator<Item = u64> + '_ {
        let r = &self.rewards;
        let earned = r.earned.values();
        let spent = r.spent.values().map(|spending| &spending.since);
        earned.chain(spent).map(|since| since.saturating_add(r.period))
    }
}
