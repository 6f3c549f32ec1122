//! What makes a fresh world a lively one.

use super::{lookup::named, DEPLOYED, HOUR, ROLES, START};
use crate::{
    blake2b, power, Account, AgreementsMessage, CarbonMessage, ConsentMessage, MarketMessage,
    Message, ParticipantsMessage, RewardsMessage, Setup, Tariff, Terms, TokenMessage, TREATMENT,
};

/// A message of the prologue: when it is sent, by whom, and what.
pub type Sent = (u64, Account, Message);

type Said = (Account, Message);

/// What makes a fresh world a lively one: accounts are admitted, some of them as staff, `consent` may
/// accrue, tariffs, a sponsor, budgets, grants, proposals of them and a delegate are there; so are
/// credits and allowances, two compliance periods and two orders, and money to buy with. What has to
/// wait is set at [`DEPLOYED`]; every other message of it succeeds at [`START`], when that holds, and
/// soon after.
pub fn prologue(setup: &Setup, consent: Account) -> Vec<Sent> {
    let settings = settings(setup).into_iter().map(|(caller, message)| (DEPLOYED, caller, message));
    let mut messages = admissions(setup);
    messages.extend(health(setup, consent));
    messages.extend(money(setup));
    messages.extend(credits(setup));
    messages.extend(periods(setup));
    messages.extend(orders(setup));
    let rest = messages.into_iter().map(|(caller, message)| (START, caller, message));
    settings.chain(rest).collect()
}

/// Tariffs, a penalty and a fee.
fn settings(setup: &Setup) -> Vec<Said> {
    let (administrator, collector) = (setup.administrator, setup.accounts[7]);
    let care = Tariff { amount: 10, required: false };
    let research = Tariff { amount: 25, required: true };
    let messages = [
        Message::Rewards(RewardsMessage::SetTariff(TREATMENT, care)),
        Message::Rewards(RewardsMessage::SetTariff(1, research)),
        Message::Carbon(CarbonMessage::SetPenalty(40, collector)),
        Message::Market(MarketMessage::SetFee(250, collector)),
    ];
    messages.map(|message| (administrator, message)).into()
}

fn admissions(setup: &Setup) -> Vec<Said> {
    let administrator = setup.administrator;
    let mut messages = Vec::new();
    for (account, roles) in setup.accounts.iter().zip(ROLES).skip(1).filter(|(_, r)| *r != 0) {
        let profile = blake2b(account);
        messages.push((*account, Message::Participants(ParticipantsMessage::Register(profile))));
        let approve = ParticipantsMessage::Approve(*account, roles, profile);
        messages.push((administrator, Message::Participants(approve)));
    }
    // A key that was never registered, of two organisations; and a patient.
    let staff = [
        (3, 7, power::ALL, 10_000 * HOUR),
        (2, 7, power::ASK | power::SIGN, 60 * HOUR),
        (4, 1, power::ASK | power::BREAK_GLASS | power::ANCHOR, 30 * HOUR),
    ];
    for (organisation, agent, powers, term) in staff {
        let [organisation, agent] = [organisation, agent].map(|index| setup.accounts[index]);
        let person = named("person", agent[0]);
        let admit = ParticipantsMessage::AdmitMember(agent, powers, START + term, person);
        messages.push((organisation, Message::Participants(admit)));
    }
    messages
}

fn health(setup: &Setup, consent: Account) -> Vec<Said> {
    let administrator = setup.administrator;
    let mut messages = Vec::new();
    let sponsor = setup.accounts[3];
    let rewards =
        [RewardsMessage::SetConsent(consent), RewardsMessage::SetSponsor(1, Some(sponsor))];
    messages.extend(rewards.map(|message| (administrator, Message::Rewards(message))));
    // Each pays for one of the requesters, who has much to spend or little.
    let budgets = [(setup.accounts[0], setup.accounts[3], 500), (sponsor, setup.accounts[4], 50)];
    for (payer, requester, amount) in budgets {
        let mint = TokenMessage::Mint(payer, 10_000, blake2b(&payer));
        messages.push((administrator, Message::Token(mint)));
        let approve = TokenMessage::Approve(setup.addresses.rewards, 5_000);
        messages.push((payer, Message::Token(approve)));
        messages.push((payer, Message::Rewards(RewardsMessage::Fund(requester, amount))));
    }
    messages.push((sponsor, Message::Rewards(RewardsMessage::Sponsor(1, 100, 60))));

    let (owner, delegate) = (setup.accounts[1], setup.accounts[5]);
    let until = START + 10_000 * HOUR;
    let delegate = ConsentMessage::SetDelegate(delegate, 0b11, 0b11, until);
    messages.push((owner, Message::Consent(delegate)));
    // One for all records, one for one; each is proposed, too, as one that the owner may accept.
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
        let propose = AgreementsMessage::Propose(terms, START + 50 * HOUR);
        messages.push((grantee, Message::Agreements(propose)));
    }
    messages
}

/// Buyers and payers get tokens, and let the market and carbon take some.
fn money(setup: &Setup) -> Vec<Said> {
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
fn credits(setup: &Setup) -> Vec<Said> {
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
fn periods(setup: &Setup) -> Vec<Said> {
    use CarbonMessage as M;
    let administrator = setup.administrator;
    let [one, two, three] = [1, 2, 3].map(|index| setup.accounts[index]);
    let mut messages = Vec::new();
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

/// Two orders.
fn orders(setup: &Setup) -> Vec<Said> {
    use MarketMessage as M;
    let (one, other) = (setup.accounts[1], setup.accounts[3]);
    let messages = [
        (one, M::Place(one, 1, 5_000, 20, START + 30 * HOUR)),
        (other, M::Place(other, 1, 20_000, 50, START + 100 * HOUR)),
    ];
    messages.map(|(caller, message)| (caller, Message::Market(message))).into()
}
