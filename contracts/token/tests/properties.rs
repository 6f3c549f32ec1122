//! The rules of the token against the plain model: random messages, the same answers, events and
//! views, and the invariants after every one. Above all: the supply is what was minted less what was
//! burned, and the sum of all balances; no receipt counts twice; who is frozen keeps what he has.
//!
//! The random numbers start from a fixed seed, so that a failure comes again; set
//! `PROPTEST_RNG_SEED` and `PROPTEST_CASES` to look elsewhere and for longer.

use assent_events::token::{
    AccountFrozen, AccountUnfrozen, Approval, Burned, Minted, MintingStopped, TakenOver, Transfer,
    TreasurySet,
};
use assent_governance::Governance;
use assent_model::{
    arbitrary::{self, Mix, Moment, Subject},
    Contract, GovernedMessage, InTime as _, Message, TokenMessage, World,
};
use ink::{primitives::AccountId, scale::Encode};
use proptest::prop_assert_eq;
use subject::{answer, read, refuse, Sent};
use token::data::{Data, Labels, TokenEvent, SCHEMA_VERSION};

#[path = "../../governance/tests/subject/mod.rs"]
mod subject;

/// The contract without its shell, which only asks these two.
struct Token {
    data: Data,
    governance: Governance,
}

impl Token {
    fn new(world: &World) -> Self {
        let administrator = AccountId(world.setup.administrator);
        let terms = world.setup.token.clone();
        let labels = Labels { name: terms.name, symbol: terms.symbol, decimals: terms.decimals };
        let governance = Governance::new(administrator, world.setup.times.delay).unwrap();
        let (data, _) = Data::new(administrator, arbitrary::DEPLOYED, terms.cap, &labels).unwrap();
        Self { data, governance }
    }

    fn rule(&mut self, moment: Moment, message: &TokenMessage) -> Sent {
        use TokenMessage as M;
        let (caller, now) = (AccountId(moment.key), moment.now);

        if self.governance.is_paused() {
            match message {
                M::Mint(..) | M::Burn(..) | M::Unfreeze(_) | M::TakeOver(_) => {
                    return refuse("Paused")
                }
                M::SetTreasury(_) | M::Freeze(..) => {}
                M::DecreaseAllowance(..) | M::Approve(_, 0) => {}
                M::Transfer(..)
                | M::TransferFrom(..)
                | M::Approve(..)
                | M::IncreaseAllowance(..) => return refuse(r#"Custom("Paused")"#),
            }
        }
        let office = matches!(message, M::SetTreasury(_) | M::Freeze(..) | M::Unfreeze(_));
        if office && !self.governance.is_administrator(caller) {
            return refuse("NotAdministrator");
        }

        let data = &mut self.data;
        let moves = |from, to, value| TokenEvent::Transfer(Transfer { from, to, value });
        // What the allowance is afterwards.
        let approval = |owner: AccountId, spender: AccountId| {
            let amount = moment.after.token.allowance(owner.as_ref(), spender.as_ref());
            TokenEvent::Approval(Approval { owner, spender, amount })
        };
        let holder = |account| AccountId(moment.before.token.holder(&account));
        match *message {
            M::TakeOver(from) => {
                let Some(to) = moment.before.participants.key_of(&from) else {
                    return refuse("NotReplaced");
                };
                let mut taken = Vec::new();
                let (mut next, t) = (Some(from), &moment.before.token);
                // Until an account that went there before, which comes after all that did not.
                let news = |account: &[u8; 32]| *account != to && t.moved.get(account) != Some(&to);
                while let Some(account) = next.filter(news) {
                    next = t.moved.get(&account).copied();
                    let (value, account) = (t.balance(&account), AccountId(account));
                    let to = AccountId(to);
                    let transfer = Transfer { from: Some(account), to: Some(to), value };
                    taken.push(((value > 0).then_some(transfer), TakenOver { account, to }));
                }
                answer(data.take_over(AccountId(from), AccountId(to)), taken)
            }
            M::SetTreasury(account) => {
                let treasury = AccountId(account);
                let delay = moment.before.setup.times.delay;
                // At once if it is the one that there is.
                let is_present = moment.before.token.treasury.at(now).account == account;
                let from = if is_present { now } else { now.saturating_add(delay) };
                let event = TreasurySet { treasury, from, by: caller };
                answer(data.set_treasury(caller, now, delay, treasury), event)
            }
            M::Mint(to, amount, receipt) => {
                let named = AccountId(to);
                let to = holder(to);
                let minted = Minted { to, amount, receipt };
                let transfer = Transfer { from: None, to: Some(to), value: amount };
                answer(data.mint(caller, now, named, amount, receipt), (minted, transfer))
            }
            M::Burn(amount, receipt) => {
                let burned = Burned { from: caller, amount, receipt };
                let transfer = Transfer { from: Some(caller), to: None, value: amount };
                answer(data.burn(caller, now, amount, receipt), (burned, transfer))
            }
            M::Freeze(account, reason) => {
                let event = AccountFrozen { account: holder(account), reason, by: caller };
                answer(data.freeze(caller, AccountId(account), reason), event)
            }
            M::Unfreeze(account) => {
                let event = AccountUnfrozen { account: holder(account), by: caller };
                answer(data.unfreeze(caller, AccountId(account)), event)
            }
            M::Transfer(to, value, _) => {
                let (named, to) = (AccountId(to), holder(to));
                let nothing = named == caller || to == caller || value == 0;
                let event = moves(Some(caller), Some(to), value);
                let events = if nothing { vec![] } else { vec![event] };
                answer(data.transfer(caller, named, value), events)
            }
            M::TransferFrom(from, to, value, _) => {
                let (from, named, to) = (AccountId(from), AccountId(to), holder(to));
                let event = moves(Some(from), Some(to), value);
                let events = if from == named || from == to || value == 0 {
                    vec![]
                } else if from == caller {
                    vec![event]
                } else {
                    vec![approval(from, caller), event]
                };
                answer(data.transfer_from(caller, from, named, value), events)
            }
            M::Approve(spender, value) => {
                let spender = AccountId(spender);
                let nothing = spender == caller;
                let events = if nothing { vec![] } else { vec![approval(caller, spender)] };
                answer(data.approve(caller, spender, value), events)
            }
            M::IncreaseAllowance(spender, delta) => {
                let spender = AccountId(spender);
                let nothing = spender == caller || delta == 0;
                let events = if nothing { vec![] } else { vec![approval(caller, spender)] };
                answer(data.increase_allowance(caller, spender, delta), events)
            }
            M::DecreaseAllowance(spender, delta) => {
                let spender = AccountId(spender);
                let nothing = spender == caller || delta == 0;
                let events = if nothing { vec![] } else { vec![approval(caller, spender)] };
                answer(data.decrease_allowance(caller, spender, delta), events)
            }
        }
    }
}

impl Subject for Token {
    fn send(&mut self, moment: Moment, message: &Message) -> Sent {
        match message {
            Message::Token(message) => self.rule(moment, message),
            Message::Governed(contract, message) => {
                let office = &mut self.governance;
                let sent = subject::governed(office, *contract, moment, message, |_| true)?;
                if sent.is_ok() && *message == GovernedMessage::AcceptHandover {
                    let (by, now) = (AccountId(moment.key), moment.now);
                    let treasury = AccountId(moment.before.token.treasury.at(now).account);
                    let event = self.data.stop_minting(by, now);
                    prop_assert_eq!(event, MintingStopped { treasury, by });
                }
                Ok(sent)
            }
            other => panic!("{other:?} goes elsewhere"),
        }
    }

    fn view(&self, world: &World, _: u64, label: &str, arguments: &[u8]) -> Option<Vec<u8>> {
        let data = &self.data;
        Some(match label {
            "treasury" => data.treasury().encode(),
            "participants" => world.setup.addresses.participants.encode(),
            "cap" => data.cap().encode(),
            "is_frozen" => data.is_frozen(read(arguments)).encode(),
            "receipt_used" => data.receipt_used(read(arguments)).encode(),
            "PSP22::total_supply" => data.total_supply().encode(),
            "PSP22::balance_of" => data.balance_of(read(arguments)).encode(),
            "PSP22::allowance" => {
                let (owner, spender) = read(arguments);
                data.allowance(owner, spender).encode()
            }
            "PSP22Metadata::token_name" => data.labels().name.encode(),
            "PSP22Metadata::token_symbol" => data.labels().symbol.encode(),
            "PSP22Metadata::token_decimals" => data.labels().decimals.encode(),
            "Governed::governance" => self.governance.state().encode(),
            "Governed::schema_version" => SCHEMA_VERSION.encode(),
            other => panic!("no view {other}"),
        })
    }
}

fn start(cap: Option<u128>) -> (Token, World, Vec<arbitrary::Sent>) {
    let mut setup = arbitrary::setup();
    setup.token.cap = cap;
    // An account stands for the rewards contract, so that what it is allowed is spent.
    setup.addresses.rewards = setup.accounts[5];
    let mut prologue = arbitrary::prologue(&setup, setup.addresses.consent);
    // Of the rest the subject does not learn.
    prologue.retain(|(_, _, message)| message.to() == Contract::Token);
    let world = World::new(setup).unwrap();
    (Token::new(&world), world, prologue)
}

fn agree(cap: Option<u128>) {
    let mix = Mix { token: 40, participants: 10, governed: 4, ..Mix::NONE };
    subject::agree(Contract::Token, mix, || start(cap));
}

#[test]
fn the_rules_do_what_the_model_does() {
    agree(arbitrary::token().cap);
}

#[test]
fn the_rules_do_what_the_model_does_without_a_cap() {
    agree(None);
}
