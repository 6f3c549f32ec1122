//! What the contracts do, in plain Rust, written from their interface and not from their code: the
//! yardstick that the property tests and the walk on the chain measure the contracts with.
//!
//! A [`World`] holds all of them, so that a message has its effects in other contracts here too.
//! [`World::apply`] answers as the contract does; a refusal leaves the world as it was.
//! [`World::check_invariants`] judges a world without the rules that made it, from the state and
//! from a history that the contracts do not keep. [`World::observations`] says what every view has
//! to answer. With the feature `proptest`, [`arbitrary`] makes random steps that mostly succeed.
#![deny(missing_docs)]

mod agreements;
mod apply;
#[cfg(feature = "proptest")]
pub mod arbitrary;
mod carbon;
mod consent;
mod deadlines;
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

pub use agreements::{Agreements, Answered, Asked, Ended, Proposed};
pub use carbon::{Carbon, Change, Entry, Movement, Paid, Settled, Verified};
pub use consent::{
    Act, Bar, Choice, Chosen, Consent, Decided, DenialChange, Erasure, Guarded, Made, Opening,
    Permit, Review, Ruling,
};
pub use governance::Governing;
pub use market::{Fill, Market, Offer, Placed};
pub use message::{
    selector, AgreementsMessage, CarbonMessage, ConsentMessage, GovernedMessage, MarketMessage,
    Message, ParticipantsMessage, ReportsMessage, RewardsMessage, TokenMessage,
};
pub use observations::Observation;
pub use participants::{
    Check, Deed, KeyEvent, Keyed, Mandated, Participants, RoleChange, Suspension,
};
pub use reports::{Audited, Reports, Series};
pub use rewards::{Accrued, Flow, Known, Rewards, Spending};
pub use token::{Booking, Token};
pub use types::*;

use parity_scale_codec::Encode;
use std::collections::{BTreeMap, BTreeSet};

/// Where the contracts are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Addresses {
    /// Admission.
    pub participants: Account,
    /// Grants and decisions.
    pub consent: Account,
    /// Proposals of grants, and requests for erasure.
    pub agreements: Account,
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
    /// Keys that were nobody's then, and may replace theirs.
    pub keys: Vec<Account>,
    /// Where the contracts are.
    pub addresses: Addresses,
    /// Hash of the chain's first block.
    pub genesis: Hash,
    /// Their delays; all wait for [`Times::delay`].
    pub times: Times,
    /// The delays of agreements, of which the first is that of [`Times`].
    pub agreements_times: AgreementsTimes,
    /// What the token is made with.
    pub token: TokenTerms,
    /// The delays of carbon, of which the first is that of [`Times`].
    pub carbon_times: CarbonTimes,
    /// How large orders may be.
    pub limits: Limits,
    /// The delays of rewards, of which the first is that of [`Times`].
    pub rewards_times: RewardsTimes,
    /// The code of each contract at first.
    pub codes: BTreeMap<Contract, Hash>,
    /// What other code is on the chain.
    pub others: BTreeMap<Hash, Code>,
}

impl Setup {
    /// What the hashes of the consent contract's logs run over first: on which chain it is, and where.
    pub fn domain(&self) -> Hash {
        blake2b(&[self.genesis, self.addresses.consent].concat())
    }

    /// What the heads of the reports contract's series run over first.
    pub fn reports_domain(&self) -> Hash {
        blake2b(&[self.genesis, self.addresses.reports].concat())
    }
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
    /// Proposals of grants, and requests for erasure.
    pub agreements: Agreements,
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
    /// The code that each contract runs.
    pub codes: BTreeMap<Contract, Hash>,
    /// The code that each contract has locked on the chain.
    pub locks: BTreeSet<(Contract, Hash)>,
    /// Every message on the government of a contract that succeeded.
    pub governing: Vec<Governing>,
}

/// What a message answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// `()`
    Nothing,
    /// Number of a grant, a window, a class, a project, a batch, a period, an order, an audit, a
    /// proposal or a request for erasure.
    Number(u64),
    /// Numbers of grants.
    Numbers(Vec<u64>),
    /// Token base units, or units of carbon.
    Amount(u128),
    /// How many.
    Count(u32),
    /// What is denied.
    Denials(Vec<Denial>),
    /// A decision on an access.
    Decision(Decision),
    /// What an access earns.
    Accrual(Accrual),
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
            Self::Denials(denials) => denials.encode(),
            Self::Decision(decision) => decision.encode(),
            Self::Accrual(accrual) => accrual.encode(),
        }
    }
}

impl World {
    /// Freshly deployed.
    pub fn new(setup: Setup) -> Result<Self, Refusal> {
        let governance = governance::new(setup.administrator, setup.times.delay)?;
        Ok(Self {
            participants: Participants::new(governance),
            consent: Consent::new(governance, setup.times, setup.domain())?,
            agreements: Agreements::new(governance, setup.agreements_times)?,
            rewards: Rewards::new(governance, setup.rewards_times)?,
            reports: Reports::new(governance, setup.reports_domain()),
            token: Token::new(setup.administrator, governance, &setup.token)?,
            carbon: Carbon::new(governance, setup.carbon_times)?,
            market: Market::new(governance, setup.limits)?,
            codes: setup.codes.clone(),
            locks: BTreeSet::new(),
            governing: Vec::new(),
            setup,
        })
    }

    /// Does all of `what`, or, when it refuses, nothing of it.
    fn atomically(&mut self, what: impl FnOnce(&mut Self) -> Reply) -> Reply {
        let mut after = self.clone();
        let answer = what(&mut after)?;
        *self = after;
        Ok(answer)
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
