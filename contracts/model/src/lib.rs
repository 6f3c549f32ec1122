//! What the contracts do, in plain Rust, written from their interface and not from their code: the yardstick that the property tests and the walk on the chain measure the
//! contracts with.
//!
//! A [`World`] holds all of them, so that a message has its effects in other contracts here too.
//! [`World::apply`] answers as the contract does; a refusal leaves the world as it was.
//! [`World::check_invariants`] judges a world without the rules that made it, from the state and
//! from a history that the contracts do not keep. [`World::observations`] says what every view has
//! to answer. With the feature `proptest`, [`arbitrary`] makes random steps that mostly succeed.
#![deny(missing_docs)]

#[cfg(feature = "proptest")]
pub mod arbitrary;
mod carbon;
mod consent;
mod governance;
mod invariants;
mod market;
mod message;
mod observations;
mod participants;
mod reports;
mod rewards;
#[cfg(all(test, feature = "proptest"))]
mod tests;
mod token;
mod types;

pub use carbon::{Carbon, Change, Entry, Movement, Paid, Settled, Verified};
pub use consent::{Act, Consent, Permit, Ruling};
pub use market::{Fill, Market, Offer, Placed};
pub use message::{
    selector, CarbonMessage, ConsentMessage, Contract, GovernedMessage, MarketMessage, Message,
    ParticipantsMessage, ReportsMessage, RewardsMessage, TokenMessage,
};
pub use observations::Observation;
pub use participants::{Participants, RoleChange};
pub use reports::Reports;
pub use rewards::{Accrual, Rewards};
pub use token::{Booking, Token};
pub use types::*;

use parity_scale_codec::Encode;
use std::collections::BTreeMap;

/// Where the contracts are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Addresses {
    /// Admission.
    pub participants: Account,
    /// Grants and decisions.
    pub consent: Account,
    /// What accesses earn.
    pub rewards: Account,
    /// Anchored reports.
    pub reports: Account,
    /// The settlement token.
    pub token: Account,
    /// Carbon credits and allowances.
    pub carbon: Account,
    /// Sell orders.
    pub market: Account,
}

/// How the contracts were deployed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setup {
    /// Who deployed them: their administrator, the first regulator, the token's treasury.
    pub administrator: Account,
    /// Who acts in this world; the administrator is one of them.
    pub accounts: Vec<Account>,
    /// Where the contracts are.
    pub addresses: Addresses,
    /// Their delays; all wait for [`Times::delay`].
    pub times: Times,
    /// What the token is made with.
    pub token: TokenTerms,
    /// The delays of carbon, of which the first is that of [`Times`].
    pub carbon_times: CarbonTimes,
    /// How large orders may be.
    pub limits: Limits,
    /// The code of each contract. An announced code is on the chain if it is one of these.
    pub codes: BTreeMap<Contract, Hash>,
}

/// All contracts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct World {
    /// How they were deployed.
    pub setup: Setup,
    /// Admission.
    pub participants: Participants,
    /// Grants and decisions.
    pub consent: Consent,
    /// What accesses earn.
    pub rewards: Rewards,
    /// Anchored reports.
    pub reports: Reports,
    /// The settlement token.
    pub token: Token,
    /// Carbon credits and allowances.
    pub carbon: Carbon,
    /// Sell orders.
    pub market: Market,
}

/// What a message answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// `()`
    Nothing,
    /// Number of a grant, a window, a class, a project, a batch, a period or an order.
    Number(u64),
    /// Numbers of grants.
    Numbers(Vec<u64>),
    /// Token base units, or units of carbon.
    Amount(u128),
    /// How many.
    Count(u32),
    /// A decision on an access.
    Decision(Decision),
}

/// What a message answers: inside `Err`, the name of the contract's error.
pub type Reply = Result<Answer, Refusal>;

impl Answer {
    /// The bytes that the contract returns inside its `Ok`.
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::Nothing => ().encode(),
            Self::Number(number) => number.encode(),
            Self::Numbers(numbers) => numbers.encode(),
            Self::Amount(amount) => amount.encode(),
            Self::Count(count) => count.encode(),
            Self::Decision(decision) => decision.encode(),
        }
    }
}

impl World {
    /// Freshly deployed.
    pub fn new(setup: Setup) -> Result<Self, Refusal> {
        let governance = governance::new(setup.administrator, setup.times.delay)?;
        Ok(Self {
            participants: Participants::new(governance),
            consent: Consent::new(governance, setup.times)?,
            rewards: Rewards::new(governance),
            reports: Reports::new(governance),
            token: Token::new(setup.administrator, governance, &setup.token)?,
            carbon: Carbon::new(governance, setup.carbon_times)?,
            market: Market::new(governance, setup.limits)?,
            setup,
        })
    }

    /// Sends `message`; on an `Err` the world is what it was.
    pub fn apply(&mut self, caller: Account, now: u64, message: &Message) -> Reply {
        match message {
            Message::Participants(message) => self.apply_participants(caller, message),
            Message::Consent(message) => self.apply_consent(caller, now, message),
            Message::Rewards(message) => self.apply_rewards(caller, message),
            Message::Reports(message) => self.apply_reports(caller, now, message),
            Message::Governed(contract, message) => {
                self.apply_governed(*contract, caller, now, message)
            }
            Message::Token(message) => self.apply_token(caller, message),
            Message::Carbon(message) => self.apply_carbon(caller, now, message),
            Message::Market(message) => self.apply_market(caller, now, message),
        }
    }

    /// Does all of `what`, or, when it refuses, nothing of it.
    fn atomically(&mut self, what: impl FnOnce(&mut Self) -> Reply) -> Reply {
        let mut after = self.clone();
        let answer = what(&mut after)?;
        *self = after;
        Ok(answer)
    }

    /// Every moment at which something starts, ends or falls due, past or to come.
    pub fn deadlines(&self) -> Vec<u64> {
        let c = &self.consent;
        let grants = c.grants.values().flat_map(|g| [g.from, g.until]);
        let windows = c.windows.values().flat_map(|w| [w.until, w.review_by]);
        let delegations = c.delegations.values().map(|d| d.until);
        let governments = Contract::ALL.into_iter().map(|contract| self.governance(contract));
        let announced = governments
            .flat_map(|g| [g.handover.map(|h| h.not_before), g.upgrade.map(|u| u.not_before)]);
        let periods = self.carbon.periods.values().flat_map(|p| [p.end, p.settle_from]);
        let orders = self.market.orders.values().filter(|o| o.is_open()).map(|o| o.expiry);
        let health = grants.chain(windows).chain(delegations);
        health.chain(announced.flatten()).chain(periods).chain(orders).collect()
    }

    fn apply_participants(&mut self, caller: Account, message: &ParticipantsMessage) -> Reply {
        use ParticipantsMessage as M;
        match *message {
            M::Register(profile) => self.register(caller, profile),
            M::UpdateProfile(profile) => self.update_profile(caller, profile),
            M::Approve(account, roles) => self.approve_participant(caller, account, roles),
            M::SetRoles(account, roles) => self.set_roles(caller, account, roles),
            M::Suspend(account, reason) => self.suspend(caller, account, reason),
            M::Reinstate(account) => self.reinstate(caller, account),
            M::Leave => self.leave(caller),
        }
    }

    fn apply_consent(&mut self, caller: Account, now: u64, message: &ConsentMessage) -> Reply {
        use ConsentMessage as M;
        match *message {
            M::Grant(terms) => self.grant(caller, now, terms),
            M::GrantBatch(ref list) => self.grant_batch(caller, now, list),
            M::Amend(grant, amendment) => self.amend(caller, now, grant, amendment),
            M::Revoke(grant) => self.revoke_grant(caller, now, grant),
            M::RevokeAll => self.revoke_all(caller),
            M::Deny(requester, purposes, categories) => {
                self.deny(caller, requester, Denial { purposes, categories })
            }
            M::LiftDenial(requester) => self.lift_denial(caller, requester),
            M::SetDelegate(delegate, purposes, categories, until) => {
                self.set_delegate(caller, now, delegate, purposes, categories, until)
            }
            M::RemoveDelegate(delegate) => self.remove_delegate(caller, delegate),
            M::EraseLink(grant) => self.erase_link(caller, grant),
            M::RequestAccess(owner, grant, purpose, category) => {
                self.request_access(caller, now, owner, grant, purpose, category)
            }
            M::BreakGlass(patient, justification) => {
                self.break_glass(caller, now, patient, justification)
            }
            M::CloseBreakGlass(window) => self.close_break_glass(caller, now, window),
            M::ReviewBreakGlass(window, outcome) => {
                self.review_break_glass(caller, window, outcome)
            }
            M::SanctionOverdue(window) => self.sanction_overdue(now, window),
        }
    }

    fn apply_rewards(&mut self, caller: Account, message: &RewardsMessage) -> Reply {
        use RewardsMessage as M;
        match *message {
            M::SetConsent(consent) => self.set_consent(caller, consent),
            M::SetTariff(purpose, amount) => self.set_tariff(caller, purpose, amount),
            M::Fund(amount) => self.fund(caller, amount),
            M::Accrue(owner, purpose, access) => self.accrue(caller, owner, purpose, access),
            M::Withdraw => self.withdraw(caller),
            M::WithdrawTo(to) => self.withdraw_to(caller, to),
            M::RefundUnused(funder, amount) => self.refund_unused(caller, funder, amount),
        }
    }

    fn apply_reports(&mut self, caller: Account, now: u64, message: &ReportsMessage) -> Reply {
        use ReportsMessage as M;
        match *message {
            M::Anchor(new) => self.anchor(caller, now, new),
            M::AnchorBatch(ref list) => self.anchor_batch(caller, now, list),
            M::Supersede(new) => self.supersede(caller, now, new),
            M::Revoke(series, sequence, _reason) => {
                self.revoke_version(caller, now, series, sequence)
            }
            M::Countersign(series, sequence, head) => {
                self.countersign(caller, now, series, sequence, head)
            }
        }
    }

    fn apply_token(&mut self, caller: Account, message: &TokenMessage) -> Reply {
        use TokenMessage as M;
        let token = &mut self.token;
        match *message {
            M::SetTreasury(account) => token.set_treasury(caller, account),
            M::Mint(to, amount, receipt) => token.mint(caller, to, amount, receipt),
            M::Burn(amount, receipt) => token.burn(caller, amount, receipt),
            M::Freeze(account, _reason) => token.freeze(caller, account),
            M::Unfreeze(account) => token.unfreeze(caller, account),
            M::Transfer(to, value, _) => token.transfer(caller, to, value),
            M::TransferFrom(from, to, value, _) => token.transfer_from(caller, from, to, value),
            M::Approve(spender, value) => token.approve(caller, spender, value),
            M::IncreaseAllowance(spender, delta) => {
                token.increase_allowance(caller, spender, delta)
            }
            M::DecreaseAllowance(spender, delta) => {
                token.decrease_allowance(caller, spender, delta)
            }
        }?;
        Ok(Answer::Nothing)
    }
}

/// Refuses with `refusal` unless `holds`.
fn ensure(holds: bool, refusal: Refusal) -> Result<(), Refusal> {
    if holds {
        Ok(())
    } else {
        Err(refusal)
    }
}
