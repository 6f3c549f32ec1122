//! What makes a fresh world a lively one.

use super::{lookup::named, HOUR, ROLES, START};
use crate::{
    blake2b, Account, CarbonMessage, ConsentMessage, MarketMessage, Message, ParticipantsMessage,
    RewardsMessage, Setup, Terms, TokenMessage, TREATMENT,
};

type Sent = (Account, Message);

/// What makes a fresh world a lively one: accounts are admitted, `consent` may accrue, tariffs,
/// funds, grants and a delegate are there; so are credits and allowances, two compliance periods and
/// two orders, and money to buy with. Every message of it succeeds at [`START`] and soon after.
pub fn prologue(setup: &Setup, consent: Account) -> Vec<Sent> {
    let mut messages = admissions(setup);
    messages.extend(health(setup, consent));
    messages.extend(money(setup));
    messages.extend(credits(setup));
    messages.extend(periods(setup));
    messages.extend(orders(setup));
    messages
}

fn admissions(setup: &Setup) -> Vec<Sent> {
    let administrator = setup.administrator;
    let mut messages = Vec::new();
    for (account, roles) in setup.accounts.iter().zip(ROLES).skip(1).filter(|(_, r)| *r != 0) {
        let profile = blake2b(account);
        messages.push((*account, Message::Participants(ParticipantsMessage::Register(profile))));
        let approve = ParticipantsMessage::Approve(*account, roles, profile);
        messages.push((administrator, Message::Participants(approve)));
    }
    messages
}

fn health(setup: &Setup, consent: Account) -> Vec<Sent> {
    let administrator = setup.administrator;
    let mut messages = Vec::new();
    let rewards = [
        RewardsMessage::SetConsent(consent),
        RewardsMessage::SetTariff(TREATMENT, 10),
        RewardsMessage::SetTariff(1, 25),
    ];
    messages.extend(rewards.map(|message| (administrator, Message::Rewards(message))));
    for funder in [setup.accounts[0], setup.accounts[3]] {
        let mint = TokenMessage::Mint(funder, 10_000, blake2b(&funder));
        messages.push((administrator, Message::Token(mint)));
        let approve = TokenMessage::Approve(setup.addresses.rewards, 5_000);
        messages.push((funder, Message::Token(approve)));
        messages.push((funder, Message::Rewards(RewardsMessage::Fund(500))));
    }

    let (owner, delegate) = (setup.accounts[1], setup.accounts[5]);
    let until = START + 10_000 * HOUR;
    let delegate = ConsentMessage::SetDelegate(delegate, 0b11, 0b11, until);
    messages.push((owner, Message::Consent(delegate)));
    // One for all records, one for one.
    let grantees = [(setup.accounts[3], None), (setup.accounts[4], Some(named("record", 1)))];
    for (grantee, record) in grantees {
        let terms = Terms {
            owner,
            grantee,
            purposes: 0b11,
            categories: 0b111,
            from: START,
            until: START + 100 * HOUR,
            max_uses: Some(5),
            record,
            policy: blake2b(b"policy"),
        };
        messages.push((owner, Message::Consent(ConsentMessage::Grant(terms))));
    }
    messages
}

/// Buyers and payers get tokens, and let the market and carbon take some.
fn money(setup: &Setup) -> Vec<Sent> {
    let mut messages = Vec::new();
    for account in [1, 2, 4, 5].map(|index| setup.accounts[index]) {
        let mint = TokenMessage::Mint(account, 4_000, blake2b(&account));
        messages.push((setup.administrator, Message::Token(mint)));
    }
    for account in &setup.accounts[1..6] {
        for (spender, value) in [(setup.addresses.market, 2_000), (setup.addresses.carbon, 1_500)] {
            messages.push((*account, Message::Token(TokenMessage::Approve(spender, value))));
        }
    }
    messages
}

/// A batch of a project, of which two accounts hold units, and operators of theirs.
fn credits(setup: &Setup) -> Vec<Sent> {
    use CarbonMessage as M;
    let [administrator, one, owner, other, issuer, operator, ..] = setup.accounts[..] else {
        unreachable!("there are eight accounts")
    };
    let market = setup.addresses.market;
    let messages = [
        (administrator, M::CreateClass(issuer, blake2b(b"class"))),
        (issuer, M::CreateProject(2, owner, blake2b(b"project"))),
        (issuer, M::CreateBatch(1, 1, 1_000_000, START - 1_000 * HOUR, START)),
        (issuer, M::Issue(1, one, 200_000)),
        (issuer, M::Issue(1, other, 200_000)),
        (one, M::Approve(market, 1, 100_000)),
        (other, M::Approve(market, 1, 100_000)),
        (one, M::Approve(operator, 1, 40_000)),
    ];
    messages.map(|(caller, message)| (caller, Message::Carbon(message))).into()
}

/// Two compliance periods, of which the emitters get allowances.
fn periods(setup: &Setup) -> Vec<Sent> {
    use CarbonMessage as M;
    let administrator = setup.administrator;
    let [one, two, three] = [1, 2, 3].map(|index| setup.accounts[index]);
    let mut messages = vec![(administrator, M::SetPenalty(40, setup.accounts[7]))];
    // One of them takes part later.
    let emitters = [(START, vec![one, two]), (START + 50 * HOUR, vec![one, two, three])];
    for ((start, emitters), period) in emitters.into_iter().zip(1..) {
        messages.push((administrator, M::SetPeriod(start, start + 50 * HOUR, 100_000)));
        let allocate = |emitter| (administrator, M::Allocate(period, emitter, 20_000));
        messages.extend(emitters.into_iter().map(allocate));
    }
    let market = setup.addresses.market;
    // The batch of the first period.
    messages.push((two, M::Approve(market, 2, 10_000)));
    messages.into_iter().map(|(caller, message)| (caller, Message::Carbon(message))).collect()
}

/// A fee, and two orders.
fn orders(setup: &Setup) -> Vec<Sent> {
    use MarketMessage as M;
    let (one, other) = (setup.accounts[1], setup.accounts[3]);
    let messages = [
        (setup.administrator, M::SetFee(250, setup.accounts[7])),
        (one, M::Place(1, 5_000, 20, START + 30 * HOUR)),
        (other, M::Place(1, 20_000, 50, START + 100 * HOUR)),
    ];
    messages.map(|(caller, message)| (caller, Message::Market(message))).into()
}
