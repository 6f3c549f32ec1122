//! The rules of rewards against the plain model: random messages, the same answers, events and
//! views, and the invariants after every one. Above all: the token balance is owed, unspent and
//! remainder; no access pays twice.
//!
//! The random numbers start from a fixed seed, so that a failure comes again; set
//! `PROPTEST_RNG_SEED` and `PROPTEST_CASES` to look elsewhere and for longer.

use assent_events::rewards::{
    Accrued, ConsentSet, Funded, Refunded, TariffSet, Unfunded, Withdrawn,
};
use assent_governance::Governance;
use assent_model::{
    arbitrary::{self, Mix, Moment, Subject},
    Account, Contract, Message, RewardsMessage, World,
};
use ink::{
    primitives::AccountId,
    scale::Encode,
    storage::{traits::ManualKey, Lazy, Mapping},
};
use proptest::prop_assert_eq;
use rewards::data::{Accrual, Data, Statement, Totals, SCHEMA_VERSION};
use rewards::errors::RewardsError;
use subject::{answer, answer_with, read, refuse, Sent};

#[path = "../../governance/tests/subject/mod.rs"]
mod subject;

/// The contract without its shell, which only asks these two and the token.
struct Rewards {
    data: Data,
    governance: Governance,
    token: Account,
    contract: Account,
}

impl Rewards {
    fn new(world: &World) -> Self {
        let administrator = AccountId(world.setup.administrator);
        let governance = Governance::new(administrator, world.setup.times.delay).unwrap();
        let contract = world.setup.addresses.rewards;
        let token = world.setup.addresses.token;
        Self { data: Data::new(), governance, token, contract }
    }

    fn rule(&mut self, moment: Moment, message: &RewardsMessage) -> Sent {
        use RewardsMessage as M;
        let caller = AccountId(moment.caller);

        let open = !matches!(message, M::SetTariff(..) | M::Fund(..));
        if self.governance.is_paused() && !open {
            return refuse("Paused");
        }
        let office = matches!(message, M::SetConsent(..) | M::SetTariff(..) | M::RefundUnused(..));
        if office && !self.governance.is_administrator(caller) {
            return refuse("NotAdministrator");
        }
        match *message {
            M::SetConsent(consent) => {
                let consent = AccountId(consent);
                answer(self.data.set_consent(consent), ConsentSet { consent })
            }
            M::SetTariff(purpose, amount) => {
                answer(self.data.set_tariff(purpose, amount), TariffSet { purpose, amount })
            }
            M::Fund(amount) => {
                let event = Funded { from: caller, amount };
                if *moment.reply != Err("TokenFailed") {
                    return answer(self.data.fund(caller, amount), event);
                }
                // The rules book it; the token refuses, and the chain undoes it.
                let totals = self.data.totals();
                let contribution = self.data.contribution(caller);
                prop_assert_eq!(self.data.fund(caller, amount), Ok(event));
                Lazy::<Totals, ManualKey<0x7277_0002>>::new().set(&totals);
                Mapping::<AccountId, u128, ManualKey<0x7277_0006>>::new()
                    .insert(caller, &contribution);
                refuse("TokenFailed")
            }
            M::Accrue(owner, purpose, access) => {
                let owner = AccountId(owner);
                let paused = self.governance.is_paused();
                let result = self.data.accrue(caller, paused, owner, purpose, access);
                let accrual = match result {
                    Ok(accrual) => accrual,
                    Err(error) => return refuse(&format!("{error:?}")),
                };
                // Its last is this one, if the model has one too.
                let last = moment.after.rewards.accruals.last();
                let (earned, tariff) = last.map_or((0, 0), |a| (a.amount, a.tariff));
                let expected = match (earned, tariff) {
                    (_, 0) => Accrual::NoTariff,
                    (0, amount) => Accrual::Unfunded(Unfunded { owner, access, purpose, amount }),
                    (amount, _) => Accrual::Accrued(Accrued { owner, access, purpose, amount }),
                };
                prop_assert_eq!(accrual, expected);
                Ok(Ok(earned.encode()))
            }
            M::Withdraw => {
                let amount = moment.before.rewards.statement(&moment.caller).owed;
                let event = Withdrawn { owner: caller, to: caller, amount };
                self.pay(moment, event, |data| data.withdraw(caller))
            }
            M::WithdrawTo(to) => {
                let amount = moment.before.rewards.statement(&moment.caller).owed;
                let contract = AccountId(self.contract);
                let to = AccountId(to);
                let event = Withdrawn { owner: caller, to, amount };
                self.pay(moment, event, |data| data.withdraw_to(caller, contract, to))
            }
            M::RefundUnused(funder, amount) => {
                let funder = AccountId(funder);
                let event = Refunded { funder, amount, by: caller };
                answer(self.data.refund_unused(caller, funder, amount), event)
            }
        }
    }

    /// A withdrawal; the token may be paused, or a party frozen.
    fn pay(
        &mut self,
        moment: Moment,
        event: Withdrawn,
        withdraw: impl FnOnce(&mut Data) -> Result<Withdrawn, RewardsError>,
    ) -> Sent {
        let amount = event.amount;
        // The token refuses, or says that he is frozen.
        let refused = moment.reply.as_ref().err().filter(|r| ["TokenFailed", "Frozen"].contains(r));
        let Some(refused) = refused else {
            return answer_with(withdraw(&mut self.data), amount, || event);
        };
        // The rules book it, and the chain undoes it.
        let (owner, totals) = (event.owner, self.data.totals());
        let statement = self.data.statement(owner);
        prop_assert_eq!(withdraw(&mut self.data), Ok(event));
        Lazy::<Totals, ManualKey<0x7277_0002>>::new().set(&totals);
        Mapping::<AccountId, Statement, ManualKey<0x7277_0005>>::new().insert(owner, &statement);
        Ok(Err((*refused).into()))
    }
}

impl Subject for Rewards {
    fn send(&mut self, moment: Moment, message: &Message) -> Sent {
        match message {
            Message::Rewards(message) => self.rule(moment, message),
            Message::Governed(_, message) => {
                subject::governed(&mut self.governance, moment, message, |_| true)
            }
            other => panic!("{other:?} goes elsewhere"),
        }
    }

    fn view(&self, world: &World, _: u64, label: &str, arguments: &[u8]) -> Option<Vec<u8>> {
        let data = &self.data;
        Some(match label {
            "owed" => data.statement(read(arguments)).owed.encode(),
            "statement" => data.statement(read(arguments)).encode(),
            "contribution" => data.contribution(read(arguments)).encode(),
            "tariff" => data.tariff(read(arguments)).encode(),
            "totals" => data.totals().encode(),
            "remainder" => data.remainder(world.token.balance(&self.contract)).encode(),
            "consent" => data.consent().encode(),
            "token" => self.token.encode(),
            "Governed::governance" => self.governance.state().encode(),
            "Governed::schema_version" => SCHEMA_VERSION.encode(),
            other => panic!("no view {other}"),
        })
    }
}

/// An account stands for the consent contract, so that accruals can be sent too.
fn start() -> (Rewards, World, Vec<(Account, Message)>) {
    let setup = arbitrary::setup();
    let prologue = arbitrary::prologue(&setup, setup.accounts[5]);
    let world = World::new(setup).unwrap();
    (Rewards::new(&world), world, prologue)
}

#[test]
fn the_rules_do_what_the_model_does() {
    let mix = Mix { rewards: 30, token: 8, governed: 4, ..Mix::NONE };
    subject::agree(Contract::Rewards, mix, start);
}
