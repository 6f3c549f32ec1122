//! Who is likely to be allowed a message of carbon.

use super::Fit;
use crate::{
    arbitrary::resolve::missing,
    role::{EMITTER, REGULATOR, VERIFIER},
    Account, CarbonMessage,
};

impl Fit<'_> {
    /// Those who hold so many units, before all those who may move them.
    fn holders(&self, batch: u64, amount: u128) -> Vec<Account> {
        let (p, c) = (&self.world.participants, &self.world.carbon);
        let mut holders = self.all(|a| {
            let tradable = c.holding(batch, a).tradable;
            tradable > 0 && tradable >= amount
        });
        holders.sort_by_key(|a| c.is_frozen(a) || !p.is_admitted(a));
        holders
    }

    fn issuers(&self, class: Option<u64>) -> Vec<Account> {
        let class = class.and_then(|class| self.world.carbon.classes.get(&class));
        class.and_then(|class| class.issuer).into_iter().collect()
    }

    /// Those to whom so many units are entrusted, as `amount` says.
    fn operators(&self, least: u128, amount: impl Fn(&Account) -> u128) -> Vec<Account> {
        let mut operators = self.all(|a| amount(a) > 0 && amount(a) >= least);
        operators.sort_by_key(|a| self.world.carbon.is_frozen(a));
        operators
    }

    pub(super) fn carbon(&self, message: &CarbonMessage) -> Vec<Account> {
        use CarbonMessage as M;
        let (p, c, t) = (&self.world.participants, &self.world.carbon, &self.world.token);
        match *message {
            M::CreateClass(..)
            | M::SetIssuer(..)
            | M::SetPeriod(..)
            | M::Allocate(..)
            | M::Freeze(..)
            | M::Unfreeze(..) => self.with_role(REGULATOR),
            M::CreateProject(class, ..) => self.issuers(Some(class)),
            M::CreateBatch(project, ..) => self.issuers(c.projects.get(&project).map(|p| p.class)),
            M::Issue(batch, ..) | M::SealBatch(batch) => {
                self.issuers(c.batches.get(&batch).map(|b| b.class))
            }
            M::Transfer(batch, to, amount) => {
                let mut holders = self.holders(batch, amount);
                holders.retain(|a| *a != to);
                holders
            }
            M::TransferBatch(to, ref items) => {
                let mut holders = items.first().map_or_else(Vec::new, |i| self.holders(i.batch, 0));
                let all =
                    |a: &Account| items.iter().all(|i| c.holding(i.batch, a).tradable >= i.amount);
                holders.retain(|a| *a != to);
                holders.sort_by_key(|a| !all(a));
                holders
            }
            M::Approve(operator, batch, _) => {
                let mut holders = self.holders(batch, 0);
                holders.retain(|a| *a != operator);
                holders
            }
            M::TransferFrom(owner, batch, _, amount) | M::Escrow(owner, batch, amount) => {
                self.operators(amount, |a| c.approval(&owner, a, batch))
            }
            M::Release(owner, batch, amount) | M::Deliver(owner, batch, _, amount) => {
                self.operators(amount, |a| c.escrow_of(a, &owner, batch))
            }
            M::Retire(batch, amount, ..) | M::Cancel(batch, amount, ..) => {
                self.holders(batch, amount)
            }
            M::SetPenalty(..) => vec![c.governance.administrator],
            M::ReportEmissions(_, account, ..) => {
                let mut verifiers = self.with_role(VERIFIER);
                verifiers.sort_by_key(|a| *a == account);
                verifiers
            }
            M::Surrender(period, batch, amount) => {
                let mut holders = self.holders(batch, amount);
                let emits = |a: &Account| c.standing(a).next.is_some() || p.has_role(a, EMITTER);
                holders.sort_by_key(|a| {
                    let other = missing(c, period, a) != amount;
                    (c.is_closed(period, a) || !emits(a), other, c.duty(period, a).reports == 0)
                });
                holders
            }
            M::SettlePeriod(..) => self.all(|_| true),
            M::PayPenalty(period, account) => {
                let due = c.duty(period, &account).settlement.map_or(0, |s| s.penalty);
                let carbon = self.world.setup.addresses.carbon;
                let pays = |a: &Account| t.balance(a).min(t.allowance(a, &carbon)) >= due;
                self.all(|a| pays(a) && !t.is_frozen(a))
            }
        }
    }
}
