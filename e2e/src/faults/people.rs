//! The world of the random walk on a real chain: accounts that can sign, the contracts where they were
//! deployed, and its prologue in the time of this chain.

use crate::{
    scene::{account, derived, regulator},
    stack::TIMING,
};
use anyhow::{Context, Result};
use assent_client::manifest::Manifest;
use assent_deploy::plan::{MARKET_CEILING, MARKET_FLOOR};
use assent_model::{
    Account, Addresses, AgreementsMessage, AgreementsTimes, CarbonMessage, CarbonTimes,
    ConsentMessage, Contract, Limits, MarketMessage, Message, ParticipantsMessage, RewardsTimes,
    Setup, Terms, Times, TokenTerms,
    arbitrary::{self, ACCOUNTS, HOUR, KEYS, START},
};
use std::collections::BTreeMap;
use subxt_signer::sr25519::Keypair;

/// What the walk takes for an hour lasts so many ms here, in its prologue: so grants and orders expire and
/// periods end while a run lasts.
const HOUR_MS: u64 = 500;

/// The keys of those who act; the administrator of everything comes first.
pub fn keys() -> Vec<Keypair> {
    let others = (1..ACCOUNTS).map(|n| derived(&format!("//Faults//{n}")));
    std::iter::once(regulator()).chain(others).collect()
}

/// Keys that are nobody's at first, and may replace one of theirs.
pub fn spare_keys() -> Vec<Keypair> {
    (1..=KEYS).map(|n| derived(&format!("//Faults//Spare//{n}"))).collect()
}

/// The account of a key, as the model has it.
pub fn model_account(key: &Keypair) -> Account {
    account(key).0
}

/// The deployment, as the model has it.
pub fn setup(manifest: &Manifest) -> Result<Setup> {
    let entry = |contract: Contract| {
        let found = manifest.contracts.get(contract.name());
        found.with_context(|| format!("no contract {contract} in the manifest"))
    };
    let address = |contract| Ok::<_, anyhow::Error>(entry(contract)?.address.0);
    let addresses = Addresses {
        participants: address(Contract::Participants)?,
        consent: address(Contract::Consent)?,
        agreements: address(Contract::Agreements)?,
        rewards: address(Contract::Rewards)?,
        reports: address(Contract::Reports)?,
        token: address(Contract::Token)?,
        carbon: address(Contract::Carbon)?,
        market: address(Contract::Market)?,
    };
    let codes = Contract::ALL.into_iter().map(|of| Ok((of, entry(of)?.code_hash.0)));
    let delay = TIMING.delay_ms;
    Ok(Setup {
        administrator: model_account(&regulator()),
        accounts: keys().iter().map(model_account).collect(),
        keys: spare_keys().iter().map(model_account).collect(),
        addresses,
        genesis: manifest.genesis_hash.0,
        times: Times {
            delay,
            window: TIMING.emergency_window_ms,
            review: TIMING.review_ms,
            cooldown: TIMING.cooldown_ms,
        },
        agreements_times: AgreementsTimes { delay, answer: TIMING.answer_ms },
        token: TokenTerms {
            name: Some("Assent Euro".to_owned()),
            symbol: Some("AEUR".to_owned()),
            decimals: 6,
            cap: None,
        },
        carbon_times: CarbonTimes { delay, compliance: TIMING.compliance_ms },
        rewards_times: RewardsTimes { delay, period: TIMING.reward_period_ms },
        limits: Limits { floor: MARKET_FLOOR, ceiling: MARKET_CEILING },
        codes: codes.collect::<Result<BTreeMap<_, _>>>()?,
        // Upgrades add to these.
        others: BTreeMap::new(),
    })
}

/// Who says what.
type Said = (Account, Message);

/// What makes the fresh world a lively one: what has to wait before it holds, and the rest, which comes
/// when it does.
pub fn prologue(setup: &Setup) -> (Vec<Said>, Vec<Said>) {
    let messages = arbitrary::prologue(setup, setup.addresses.consent);
    let (first, rest): (Vec<_>, Vec<_>) = messages.into_iter().partition(|(at, ..)| *at < START);
    let said = |(_, caller, message)| (caller, message);
    (first.into_iter().map(said).collect(), rest.into_iter().map(said).collect())
}

/// A message of the prologue at a time of this chain.
pub fn here(message: Message, now: u64) -> Message {
    timed(message, |at| now + at.saturating_sub(START) * HOUR_MS / HOUR)
}

/// The message with its times by another clock. A vintage is in the past in both.
fn timed(message: Message, here: impl Fn(u64) -> u64) -> Message {
    match message {
        Message::Participants(ParticipantsMessage::AdmitMember(agent, powers, until, person)) => {
            let until = here(until);
            Message::Participants(ParticipantsMessage::AdmitMember(agent, powers, until, person))
        }
        Message::Consent(ConsentMessage::Grant(terms)) => {
            let (from, until) = (here(terms.from), here(terms.until));
            Message::Consent(ConsentMessage::Grant(Terms { from, until, ..terms }))
        }
        Message::Agreements(AgreementsMessage::Propose(terms, expires)) => {
            let (from, until) = (here(terms.from), here(terms.until));
            let terms = Terms { from, until, ..terms };
            Message::Agreements(AgreementsMessage::Propose(terms, here(expires)))
        }
        Message::Consent(ConsentMessage::SetDelegate(who, purposes, categories, until)) => {
            let until = here(until);
            Message::Consent(ConsentMessage::SetDelegate(who, purposes, categories, until))
        }
        Message::Carbon(CarbonMessage::SetPeriod(start, end, cap)) => {
            Message::Carbon(CarbonMessage::SetPeriod(here(start), here(end), cap))
        }
        Message::Market(MarketMessage::Place(seller, batch, units, price, expiry)) => {
            Message::Market(MarketMessage::Place(seller, batch, units, price, here(expiry)))
        }
        other => other,
    }
}
