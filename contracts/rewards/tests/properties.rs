//! The rules of rewards against the plain model: random messages, the same answers, events and
//! views, and the invariants after every one. Above all: the token balance is owed, budgets, pots
//! and remainder; no access pays twice.
//!
//! The random numbers start from a fixed seed, so that a failure comes again; set
//! `PROPTEST_RNG_SEED` and `PROPTEST_CASES` to look elsewhere and for longer.

use assent_events::rewards::{
    Accrued, BudgetWithdrawn, ConsentSet, Funded, PotWithdrawn, SponsorSet, Sponsored, TariffSet,
    Unfunded, Withdrawn,
};
use assent_governance::Governance;
use assent_model::{
    arbitrary::{self, Mix, Moment, Subject},
    Account, Accrual, Contract, Message, RewardsMessage, World,
};
use ink::{
    primitives::AccountId,
    scale::Encode,
    storage::{traits::ManualKey, Lazy, Mapping},
};
use proptest::prop_assert_eq;
use rewards::accounts::Statement;
use rewards::accrual::{Access, Booking};
use rewards::data::{Data, Totals, SCHEMA_VERSION};
use rewards::errors::RewardsError;
use rewards::tariffs::Tariff;
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
        let data = Data::new(world.setup.rewards_times.period).unwrap();
        Self { data, governance, token, contract }
    }

    fn rule(&mut self, moment: Moment, message: &RewardsMessage) -> Sent {
        use RewardsMessage as M;
        let (caller, now) = (AccountId(moment.caller), moment.now);

        let shut =
            matches!(message, M::SetTariff(..) | M::SetSponsor(..) | M::Sponsor(..) | M::Fund(..));
        if self.governance.is_paused() && shut {
            return refuse("Paused");
        }
        let office = matches!(message, M::SetConsent(..) | M::SetTariff(..) | M::SetSponsor(..));
        if office && !self.governance.is_administrator(AccountId(moment.key)) {
            return refuse("NotAdministrator");
        }
        let token_refuses = [Err("TokenFailed"), Err("Frozen")].contains(moment.reply);
        // The token refuses, or says that he is frozen.
        let refusal = moment.reply.as_ref().err().copied().unwrap_or_default();
        let data = &mut self.data;
        match *message {
            M::SetConsent(consent) => {
                let consent = AccountId(consent);
                answer(data.set_consent(consent), ConsentSet { consent })
            }
            M::SetTariff(purpose, tariff) => {
                let assent_model::Tariff { amount, required } = tariff;
                let delay = moment.before.setup.times.delay;
                let from = now.saturating_add(delay);
                let result = data.set_tariff(now, delay, purpose, Tariff { amount, required });
                answer(result, TariffSet { purpose, amount, required, from })
            }
            M::SetSponsor(purpose, sponsor) => {
                let before = moment.before.rewards.pots.get(&purpose);
                let previous = before.map(|pot| AccountId(pot.sponsor));
                let returned = before.map_or(0, |pot| pot.balance);
                let sponsor = sponsor.map(AccountId);
                let event = SponsorSet { purpose, sponsor, previous, returned };
                answer(data.set_sponsor(purpose, sponsor), event)
            }
            M::Sponsor(purpose, amount, cap) => {
                let event = Sponsored { purpose, sponsor: caller, amount, cap };
                if !token_refuses {
                    return answer(data.sponsor(caller, purpose, amount, cap), event);
                }
                // The rules book it; the token refuses, and the chain undoes it.
                let cap_before = data.pot(purpose).map_or(0, |pot| pot.cap);
                prop_assert_eq!(data.sponsor(caller, purpose, amount, cap), Ok(event));
                data.withdraw_pot(caller, purpose, amount).unwrap();
                data.sponsor(caller, purpose, 0, cap_before).unwrap();
                refuse(refusal)
            }
            M::WithdrawPot(purpose, amount) => {
                let event = PotWithdrawn { purpose, sponsor: caller, amount };
                if !token_refuses {
                    return answer(data.withdraw_pot(caller, purpose, amount), event);
                }
                let cap = data.pot(purpose).map_or(0, |pot| pot.cap);
                prop_assert_eq!(data.withdraw_pot(caller, purpose, amount), Ok(event));
                data.sponsor(caller, purpose, amount, cap).unwrap();
                refuse(refusal)
            }
            M::Fund(requester, _) if !moment.before.participants.was_admitted(&requester) => {
                refuse("NotAdmitted")
            }
            M::Fund(requester, amount) => {
                let requester = AccountId(requester);
                let from = AccountId(moment.key);
                let event = Funded { requester, from, amount };
                if !token_refuses {
                    return answer(data.fund(from, requester, amount), event);
                }
                prop_assert_eq!(data.fund(from, requester, amount), Ok(event));
                data.withdraw_budget(requester, amount).unwrap();
                refuse(refusal)
            }
            M::WithdrawBudget(amount) => {
                let event = BudgetWithdrawn { requester: caller, amount };
                if !token_refuses {
                    return answer(data.withdraw_budget(caller, amount), event);
                }
                prop_assert_eq!(data.withdraw_budget(caller, amount), Ok(event));
                data.fund(caller, caller, amount).unwrap();
                refuse(refusal)
            }
            M::Accrue(owner, requester, purpose, number) => {
                let (owner, requester) = (AccountId(owner), AccountId(requester));
                let paused = self.governance.is_paused();
                let access = Access { owner, requester, purpose, number };
                let booking = match data.accrue(AccountId(moment.key), now, paused, access) {
                    Ok(booking) => booking,
                    Err(error) => return refuse(&format!("{error:?}")),
                };
                // The model's last is this one, if it has one too.
                let last = moment.after.rewards.accruals.last();
                let expected = last.map(|last| match last.accrual {
                    Accrual::Earned(amount) => Booking::Paid(Accrued {
                        owner,
                        requester,
                        access: last.access,
                        purpose,
                        amount,
                        sponsor: last.sponsor.map(AccountId),
                        at: last.at,
                    }),
                    Accrual::Unfunded | Accrual::Declined => Booking::Unpaid(Unfunded {
                        owner,
                        requester,
                        access: last.access,
                        purpose,
                        amount: last.known.tariff.amount,
                        required: last.accrual == Accrual::Declined,
                    }),
                    Accrual::Nothing => Booking::Nothing,
                });
                let answer = booking.answer();
                prop_assert_eq!(Some(booking), expected);
                Ok(Ok(answer.encode()))
            }
            M::Withdraw => {
                let amount = moment.before.rewards.statement(&moment.caller).owed;
                let to = AccountId(moment.key);
                let event = Withdrawn { owner: caller, to, amount };
                self.pay(moment, event, |data| data.withdraw(caller, to))
            }
            M::WithdrawTo(to) => {
                let amount = moment.before.rewards.statement(&moment.caller).owed;
                let contract = AccountId(self.contract);
                let to = AccountId(to);
                let event = Withdrawn { owner: caller, to, amount };
                self.pay(moment, event, |data| data.withdraw_to(caller, contract, to))
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
            Message::Governed(contract, message) => {
                subject::governed(&mut self.governance, *contract, moment, message, |_| true)
            }
            other => panic!("{other:?} goes elsewhere"),
        }
    }

    fn view(&self, world: &World, _: u64, label: &str, arguments: &[u8]) -> Option<Vec<u8>> {
        let data = &self.data;
        Some(match label {
            "owed" => data.statement(read(arguments)).owed.encode(),
            "statement" => data.statement(read(arguments)).encode(),
            "budget" => data.budget(read(arguments)).encode(),
            "pot" => data.pot(read(arguments)).encode(),
            "earned" => {
                let (owner, requester, purpose) = read(arguments);
                data.earned(owner, requester, purpose).encode()
            }
            "period" => data.period().encode(),
            "tariff" => data.tariff(read(arguments)).encode(),
            "totals" => data.totals().encode(),
            "remainder" => data.remainder(world.token.balance(&self.contract)).encode(),
            "consent" => data.consent().encode(),
            "token" => self.token.encode(),
            "participants" => world.setup.addresses.participants.encode(),
            "Governed::governance" => self.governance.state().encode(),
            "Governed::schema_version" => SCHEMA_VERSION.encode(),
            other => panic!("no view {other}"),
        })
    }
}

/// An account stands for the consent contract, so that accruals can be sent too.
fn start() -> (Rewards, World, Vec<arbitrary::Sent>) {
    let setup = arbitrary::setup();
    let prologue = arbitrary::prologue(&setup, setup.accounts[5]);
    let world = World::new(setup).unwrap();
    (Rewards::new(&world), world, prologue)
}

#[test]
fn the_rules_do_what_the_model_does() {
    let mix = Mix { rewards: 30, token: 8, participants: 6, governed: 4, ..Mix::NONE };
    subject::agree(Contract::Rewards, mix, start);
}
