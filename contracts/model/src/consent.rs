//! What the consent contract keeps and what the invariants are judged by; [`grants`] has the grants,
//! [`denials`] denials and delegates, [`choices`] what an owner chooses at large, [`guardians`] who acts
//! for him, [`access`] the decisions, [`permits`] what follows from a permit, [`emergency`] the broken
//! glasses.

mod access;
mod choices;
mod denials;
mod emergency;
mod grants;
mod guardians;
mod log;
mod permits;

pub use access::{Decided, Ruling};
pub use choices::{Choice, Chosen};
pub use denials::DenialChange;
pub use emergency::{Bar, Opening, Review};
pub use grants::{Act, Erasure, Made};
pub use guardians::Guarded;
pub use permits::Permit;

use crate::{
    ensure, Account, Choices, Deed, Delegation, Governance, Grant, Hash, LogEntry, LogHead,
    OutsiderEntry, Refusal, Times, Window, ZERO,
};
use std::collections::BTreeMap;

const HOUR: u64 = 3_600_000;
const DAY: u64 = 24 * HOUR;

/// The consent contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// How it is governed.
    pub governance: Governance,
    /// Its delays.
    pub times: Times,
    /// What the logs' hashes run over first.
    pub domain: Hash,
    /// Grants by number, from 1.
    pub grants: BTreeMap<u64, Grant>,
    /// How often each owner revoked all.
    pub epochs: BTreeMap<Account, u32>,
    /// The categories that an owner denies a requester, by purpose; no entry is empty.
    pub denials: BTreeMap<(Account, Account), BTreeMap<u8, u32>>,
    /// Those that guardians deny him.
    pub guardians_denials: BTreeMap<(Account, Account), BTreeMap<u8, u32>>,
    /// What each owner chose at large, if he ever did.
    pub choices: BTreeMap<Account, Choices>,
    /// What an owner lets a delegate do.
    pub delegations: BTreeMap<(Account, Account), Delegation>,
    /// Up to which number a delegate's grants for an owner are revoked.
    pub marks: BTreeMap<(Account, Account), u64>,
    /// Broken glasses by number, from 1.
    pub windows: BTreeMap<u64, Window>,
    /// Who asked for each decision, by its number.
    pub asked: BTreeMap<u64, Deed>,
    /// The log of each owner.
    pub logs: BTreeMap<Account, Vec<LogEntry>>,
    /// The digest of the content of each entry.
    pub contents: BTreeMap<Account, Vec<Hash>>,
    /// The head after each entry.
    pub heads: BTreeMap<Account, Vec<Hash>>,
    /// What was refused those who were never admitted.
    pub outsiders: Vec<OutsiderEntry>,
    /// The head after each of these.
    pub outsider_heads: Vec<Hash>,
    /// Number of decisions over all owners.
    pub accesses: u64,
    /// What was known when each permit was given.
    pub permits: Vec<Permit>,
    /// What was known at the last decision. The invariants judge a decision once, after it was made.
    pub last: Option<Decided>,
    /// What was known when a delegate acted.
    pub acts: Vec<Act>,
    /// What guardians did with grants.
    pub guarded: Vec<Guarded>,
    /// All else that guardians did for their wards.
    pub deeds: Vec<Deed>,
    /// Who answers for the terms of each grant, of its owner, a guardian and a delegate who gave it: he who
    /// set them last, delegates who only tighten them not counted.
    pub answers: BTreeMap<u64, Account>,
    /// How each grant came about.
    pub made: BTreeMap<u64, Made>,
    /// What was known when the link of a grant was erased.
    pub erasures: BTreeMap<u64, Erasure>,
    /// Every denial, and what was lifted.
    pub denied: Vec<DenialChange>,
    /// Every choice of an owner at large, one after the other.
    pub chosen: Vec<Chosen>,
    /// What was known when the glass was broken.
    pub openings: BTreeMap<u64, Opening>,
    /// Who closed a window before its time.
    pub closings: BTreeMap<u64, Deed>,
    /// Who reviewed a broken glass, and when.
    pub reviews: BTreeMap<u64, Review>,
    /// Every key that was barred from emergencies, and every one of which that was lifted.
    pub bars: Vec<Bar>,
    /// The windows on whose account a suspension was proposed.
    pub sanctions: Vec<u64>,
}

impl Consent {
    pub(crate) fn new(governance: Governance, times: Times, domain: Hash) -> Result<Self, Refusal> {
        let window = (1..=7 * DAY).contains(&times.window);
        let review = (times.window..=90 * DAY).contains(&times.review);
        ensure(window && review && times.cooldown <= 24 * HOUR, "InvalidTimes")?;
        Ok(Self {
            governance,
            times,
            domain,
            grants: BTreeMap::new(),
            epochs: BTreeMap::new(),
            denials: BTreeMap::new(),
            guardians_denials: BTreeMap::new(),
            choices: BTreeMap::new(),
            delegations: BTreeMap::new(),
            marks: BTreeMap::new(),
            windows: BTreeMap::new(),
            asked: BTreeMap::new(),
            logs: BTreeMap::new(),
            contents: BTreeMap::new(),
            heads: BTreeMap::new(),
            outsiders: Vec::new(),
            outsider_heads: Vec::new(),
            accesses: 0,
            permits: Vec::new(),
            last: None,
            acts: Vec::new(),
            guarded: Vec::new(),
            deeds: Vec::new(),
            answers: BTreeMap::new(),
            made: BTreeMap::new(),
            erasures: BTreeMap::new(),
            denied: Vec::new(),
            chosen: Vec::new(),
            openings: BTreeMap::new(),
            closings: BTreeMap::new(),
            reviews: BTreeMap::new(),
            bars: Vec::new(),
            sanctions: Vec::new(),
        })
    }

    /// The epoch that `owner` is in.
    pub fn epoch(&self, owner: &Account) -> u32 {
        self.epochs.get(owner).copied().unwrap_or(0)
    }

    /// Where the log of `owner` stands.
    pub fn log_head(&self, owner: &Account) -> LogHead {
        head_of(self.heads.get(owner).map_or(&[], Vec::as_slice))
    }

    /// Where the log of those stands who were never admitted.
    pub fn refusals(&self) -> LogHead {
        head_of(&self.outsider_heads)
    }
}

fn head_of(heads: &[Hash]) -> LogHead {
    LogHead { sequence: heads.len() as u64, hash: heads.last().copied().unwrap_or(ZERO) }
}

fn masks(purposes: u32, categories: u32) -> Result<(), Refusal> {
    ensure(purposes != 0 && categories != 0, "EmptyMask")
}
