//! The rules of carbon against the plain model: random messages, the same answers, events and views,
//! and the invariants after every one. Above all: per batch, what was issued is in the accounts and
//! in one state; nothing that was used comes back; a penalty erases no deficit.
//!
//! The random numbers start from a fixed seed, so that a failure comes again; set
//! `PROPTEST_RNG_SEED` and `PROPTEST_CASES` to look elsewhere and for longer.

use assent_events::{
    carbon::{
        AccountFrozen, AccountUnfrozen, Allocated, BatchCreated, BatchSealed, Cancelled,
        ClassCreated, Delivered, EmissionsReported, Escrowed, Issued, IssuerSet, OperatorApproved,
        PenaltyImposed, PenaltyPaid, PenaltySet, PeriodSet, PeriodSettled, ProjectCreated,
        Released, Retired, Surrendered, Transferred,
    },
    role,
};
use assent_governance::Governance;
use assent_model::{
    arbitrary::{self, Mix, Moment, Subject},
    Account, Addresses, CarbonMessage, Contract, InTime as _, Message, World,
};
use carbon::{
    compliance::{Allocation, NewReport},
    data::{Data, SCHEMA_VERSION},
    registry::NewBatch,
    types::{Duty, Item, Standing, Times},
};
use ink::{
    primitives::AccountId,
    scale::Encode,
    storage::{traits::ManualKey, Mapping},
};
use proptest::prop_assert_eq;
use std::fmt::Debug;
use subject::{answer_with, read, refuse, Sent};

#[path = "../../governance/tests/subject/mod.rs"]
mod subject;

/// The contract without its shell, which only asks these two, the participants and the token.
struct Carbon {
    data: Data,
    governance: Governance,
    addresses: Addresses,
}

impl Carbon {
    fn new(world: &World) -> Self {
        let setup = &world.setup;
        let times = setup.carbon_times;
        let governance = Governance::new(AccountId(setup.administrator), times.delay).unwrap();
        let times = Times { delay: times.delay, compliance: times.compliance };
        let (data, created) = Data::new(times).unwrap();
        assert_eq!(created, class_created(&world.carbon, 1));
        Self { data, governance, addresses: setup.addresses }
    }

    fn rule(&mut self, moment: Moment, message: &CarbonMessage) -> Sent {
        use CarbonMessage as M;
        let open = matches!(
            message,
            M::SealBatch(..)
                | M::Approve(_, _, 0)
                | M::Retire(..)
                | M::Cancel(..)
                | M::Release(..)
                | M::Surrender(..)
                | M::PayPenalty(..)
                | M::Freeze(..)
        );
        if self.governance.is_paused() && !open {
            return refuse("Paused");
        }
        match message {
            M::CreateClass(..)
            | M::SetIssuer(..)
            | M::CreateProject(..)
            | M::CreateBatch(..)
            | M::Issue(..)
            | M::SealBatch(..)
            | M::Freeze(..)
            | M::Unfreeze(..) => self.registry(moment, message),
            M::Escrow(..) | M::Release(..) | M::Deliver(..) => self.escrow(moment, message),
            M::SetPenalty(..)
            | M::SetPeriod(..)
            | M::Allocate(..)
            | M::ReportEmissions(..)
            | M::Surrender(..)
            | M::SettlePeriod(..)
            | M::PayPenalty(..) => self.compliance(moment, message),
            _ => self.holdings(moment, message),
        }
    }

    fn registry(&mut self, moment: Moment, message: &CarbonMessage) -> Sent {
        use CarbonMessage as M;
        let (data, model, caller) =
            (&mut self.data, &moment.after.carbon, AccountId(moment.caller));
        let regulator = has_role(moment, caller, role::REGULATOR);
        match *message {
            M::CreateClass(issuer, metadata) => {
                let issuer = AccountId(issuer);
                let admitted = are_admitted(moment, [issuer]);
                let number = data.counts().classes + 1;
                let result = data.create_class(regulator, admitted, issuer, metadata);
                answer(moment, result, number, || class_created(model, number))
            }
            M::SetIssuer(class, issuer) => {
                let issuer = AccountId(issuer);
                let admitted = are_admitted(moment, [issuer]);
                let result = data.set_issuer(caller, regulator, admitted, class, issuer);
                answer(moment, result, (), || {
                    let issuer = AccountId(model.classes[&class].issuer.unwrap());
                    IssuerSet { class, issuer, by: caller }
                })
            }
            M::CreateProject(class, owner, metadata) => {
                let owner = AccountId(owner);
                let admitted = are_admitted(moment, [caller, owner]);
                let number = data.counts().projects + 1;
                let result = data.create_project(caller, admitted, class, owner, metadata);
                answer(moment, result, number, || {
                    let p = model.projects[&number];
                    let (owner, metadata) = (AccountId(p.owner), p.metadata);
                    ProjectCreated { project: number, class: p.class, owner, metadata }
                })
            }
            M::CreateBatch(project, serial_start, serial_end, vintage_start, vintage_end) => {
                let admitted = are_admitted(moment, [caller]);
                let number = data.counts().batches + 1;
                let new =
                    NewBatch { project, serial_start, serial_end, vintage_start, vintage_end };
                let result = data.create_batch(caller, admitted, new);
                answer(moment, result, number, || batch_created(model, number))
            }
            M::Issue(batch, to, amount) => {
                let to = AccountId(to);
                let admitted = are_admitted(moment, [caller, to]);
                let result = data.issue(caller, admitted, batch, to, amount);
                answer(moment, result, (), || Issued { batch, to, amount })
            }
            M::SealBatch(batch) => {
                let result = data.seal_batch(caller, are_admitted(moment, [caller]), batch);
                answer(moment, result, (), || BatchSealed { batch })
            }
            M::Freeze(account, reason) => {
                let account = AccountId(account);
                let result = data.freeze(caller, regulator, account, reason);
                answer(moment, result, (), || AccountFrozen { account, reason, by: caller })
            }
            M::Unfreeze(account) => {
                let account = AccountId(account);
                let result = data.unfreeze(caller, regulator, account);
                answer(moment, result, (), || AccountUnfrozen { account, by: caller })
            }
            ref other => unreachable!("{other:?} goes elsewhere"),
        }
    }

    fn holdings(&mut self, moment: Moment, message: &CarbonMessage) -> Sent {
        use CarbonMessage as M;
        let (data, caller) = (&mut self.data, AccountId(moment.caller));
        match *message {
            M::Transfer(batch, to, amount) => {
                let to = AccountId(to);
                let admitted = are_admitted(moment, [caller, to]);
                let result = data.transfer(caller, admitted, batch, to, amount);
                let event = || Transferred { batch, from: caller, to, amount, by: caller };
                answer(moment, result, (), event)
            }
            M::TransferBatch(to, ref items) => {
                let to = AccountId(to);
                let admitted = are_admitted(moment, [caller, to]);
                let list: Vec<Item> =
                    items.iter().map(|i| Item { batch: i.batch, amount: i.amount }).collect();
                let result = data.transfer_batch(caller, admitted, to, &list);
                let event = |item: &assent_model::Item| {
                    let (batch, amount) = (item.batch, item.amount);
                    Transferred { batch, from: caller, to, amount, by: caller }
                };
                answer(moment, result, (), || items.iter().map(event).collect::<Vec<_>>())
            }
            M::Approve(operator, batch, amount) => {
                let operator = AccountId(operator);
                let result = data.approve(caller, operator, batch, amount);
                answer(moment, result, (), || approved(moment, caller, operator, batch))
            }
            M::TransferFrom(from, batch, to, amount) => {
                let (from, to) = (AccountId(from), AccountId(to));
                let admitted = are_admitted(moment, [from, to]);
                let result = data.transfer_from(caller, admitted, from, batch, to, amount);
                answer(moment, result, (), || {
                    let transferred = Transferred { batch, from, to, amount, by: caller };
                    (approved(moment, from, caller, batch), transferred)
                })
            }
            M::Retire(batch, amount, reason, beneficiary) => {
                let beneficiary = AccountId(beneficiary);
                let result = data.retire(caller, batch, amount, reason, beneficiary);
                let event = || Retired { batch, owner: caller, beneficiary, amount, reason };
                answer(moment, result, (), event)
            }
            M::Cancel(batch, amount, reason) => {
                let result = data.cancel(caller, batch, amount, reason);
                let event = || Cancelled { batch, owner: caller, amount, reason };
                answer(moment, result, (), event)
            }
            ref other => unreachable!("{other:?} goes elsewhere"),
        }
    }

    fn escrow(&mut self, moment: Moment, message: &CarbonMessage) -> Sent {
        use CarbonMessage as M;
        let (data, operator) = (&mut self.data, AccountId(moment.caller));
        match *message {
            M::Escrow(owner, batch, amount) => {
                let owner = AccountId(owner);
                let admitted = are_admitted(moment, [owner]);
                let result = data.escrow(operator, admitted, owner, batch, amount);
                answer(moment, result, (), || {
                    let escrowed = Escrowed { batch, owner, operator, amount };
                    (approved(moment, owner, operator, batch), escrowed)
                })
            }
            M::Release(owner, batch, amount) => {
                let held = moment.before.carbon.escrow_of(&moment.key, &owner, batch);
                let operator = if held >= amount { AccountId(moment.key) } else { operator };
                let owner = AccountId(owner);
                let result = data.release(operator, owner, batch, amount);
                answer(moment, result, (), || Released { batch, owner, operator, amount })
            }
            M::Deliver(owner, batch, to, amount) => {
                let (from, to) = (AccountId(owner), AccountId(to));
                let admitted = are_admitted(moment, [from, to]);
                let result = data.deliver(operator, admitted, from, batch, to, amount);
                answer(moment, result, (), || Delivered { batch, from, to, amount, operator })
            }
            ref other => unreachable!("{other:?} goes elsewhere"),
        }
    }

    fn compliance(&mut self, moment: Moment, message: &CarbonMessage) -> Sent {
        use CarbonMessage as M;
        let (model, caller, now) = (&moment.after.carbon, AccountId(moment.caller), moment.now);
        let regulator = has_role(moment, caller, role::REGULATOR);
        let data = &mut self.data;
        match *message {
            M::SetPenalty(tariff, collector) => {
                if !self.governance.is_administrator(AccountId(moment.key)) {
                    return refuse("NotAdministrator");
                }
                let result = data.set_penalty(now, tariff, AccountId(collector));
                answer(moment, result, (), || {
                    let next = model.penalty.next.unwrap();
                    let penalty = next.value.unwrap();
                    let collector = AccountId(penalty.collector);
                    PenaltySet { tariff: penalty.tariff, collector, from: next.from }
                })
            }
            M::SetPeriod(start, end, cap) => {
                let number = data.counts().periods + 1;
                let result = data.set_period(now, regulator, start, end, cap);
                answer(moment, result, number, || {
                    let p = model.periods[&number];
                    let set = PeriodSet {
                        period: number,
                        batch: p.batch,
                        start: p.start,
                        end: p.end,
                        settle_from: p.settle_from,
                        cap: p.cap,
                        tariff: p.tariff,
                    };
                    (batch_created(model, p.batch), set)
                })
            }
            M::Allocate(period, account, amount) => {
                let account = AccountId(account);
                let emitter = has_role(moment, account, role::EMITTER);
                let new = Allocation { period, account, amount };
                let result = data.allocate(caller, now, regulator, emitter, new);
                answer(moment, result, (), || {
                    let issued =
                        Issued { batch: model.periods[&period].batch, to: account, amount };
                    (issued, Allocated { period, account, amount, by: caller })
                })
            }
            M::ReportEmissions(period, account, emissions, report) => {
                let account = AccountId(account);
                let verifier = has_role(moment, caller, role::VERIFIER);
                let emitter = has_role(moment, account, role::EMITTER);
                let new = NewReport { period, account, emissions, report };
                let result = data.report_emissions(caller, now, verifier, emitter, new);
                answer(moment, result, (), || {
                    let version = model.duty(period, &account.0).reports;
                    let entry = model.reports[&(period, account.0, version)];
                    EmissionsReported {
                        period,
                        account,
                        verifier: AccountId(entry.verifier),
                        version,
                        emissions: entry.emissions,
                        report: entry.report,
                    }
                })
            }
            M::Surrender(period, batch, amount) => {
                let emitter = has_role(moment, caller, role::EMITTER);
                let result = data.surrender(caller, now, emitter, period, batch, amount);
                let event = || Surrendered { period, batch, account: caller, amount };
                answer(moment, result, (), event)
            }
            M::SettlePeriod(period, account) => {
                let result = data.settle_period(now, period, AccountId(account));
                let deficit = model.standing(&account).deficit;
                answer(moment, result, deficit, || settled(moment, period, account))
            }
            M::PayPenalty(period, account) => self.pay_penalty(moment, period, account),
            ref other => unreachable!("{other:?} goes elsewhere"),
        }
    }

    /// The token may be paused, a party frozen, or the payer short of money or of an allowance.
    fn pay_penalty(&mut self, moment: Moment, period: u64, account: Account) -> Sent {
        let (payer, emitter) = (AccountId(moment.key), AccountId(account));
        let (duty, standing) = (self.data.duty(period, emitter), self.data.standing(emitter));
        let p = &moment.before.participants;
        let key = |of: AccountId| p.key_of(of.as_ref()).unwrap_or(*of.as_ref());
        let is_his = |collector| Ok(key(payer) == key(collector));
        let result = self.data.pay_penalty(payer, moment.now, period, emitter, is_his);
        let event = || {
            // Whether it is paid or not, this is what the rules book.
            let mut model = moment.before.carbon.clone();
            let settlement = model.duty(period, &account).settlement.unwrap();
            model.standings.get_mut(&account).unwrap().paid += 1;
            PenaltyPaid {
                period,
                account: emitter,
                payer,
                collector: AccountId(model.penalty.at(moment.now).unwrap().collector),
                amount: settlement.penalty,
                rating: model.rating(&account),
            }
        };
        if *moment.reply != Err("TokenFailed") {
            return answer(moment, result, (), event);
        }
        // The rules book it; the token refuses, and the chain undoes it.
        prop_assert_eq!(result, Ok(event()));
        Mapping::<(u64, AccountId), Duty, ManualKey<0x6361_000c>>::new()
            .insert((period, emitter), &duty);
        Mapping::<AccountId, Standing, ManualKey<0x6361_000e>>::new().insert(emitter, &standing);
        refuse("TokenFailed")
    }
}

/// What the model's participants say.
fn has_role(moment: Moment, account: AccountId, role: u16) -> bool {
    moment.before.participants.has_role(&account.0, role)
}

/// Whether all of them are.
fn are_admitted<const N: usize>(moment: Moment, accounts: [AccountId; N]) -> bool {
    accounts.iter().all(|account| moment.before.participants.is_admitted(&account.0))
}

fn class_created(model: &assent_model::Carbon, number: u64) -> ClassCreated {
    let class = model.classes[&number];
    ClassCreated { class: number, issuer: class.issuer.map(AccountId), metadata: class.metadata }
}

fn batch_created(model: &assent_model::Carbon, number: u64) -> BatchCreated {
    let batch = model.batches[&number];
    BatchCreated {
        batch: number,
        class: batch.class,
        project: batch.project,
        serial_start: batch.serial_start,
        serial_end: batch.serial_end,
        vintage_start: batch.vintage_start,
        vintage_end: batch.vintage_end,
    }
}

/// With what is left of the approval.
fn approved(moment: Moment, owner: AccountId, operator: AccountId, batch: u64) -> OperatorApproved {
    let amount = moment.after.carbon.approval(&owner.0, &operator.0, batch);
    OperatorApproved { batch, owner, operator, amount }
}

fn settled(
    moment: Moment,
    period: u64,
    account: Account,
) -> (PeriodSettled, Option<PenaltyImposed>) {
    let model = &moment.after.carbon;
    let duty = model.duty(period, &account);
    let settlement = duty.settlement.unwrap();
    let event = PeriodSettled {
        period,
        account: AccountId(account),
        verified: duty.verified,
        surrendered: duty.surrendered,
        brought_deficit: settlement.brought_deficit,
        brought_surplus: settlement.brought_surplus,
        deficit: settlement.deficit,
        surplus: settlement.surplus,
        timely: settlement.timely,
        rating: model.rating(&account),
    };
    let imposed = PenaltyImposed {
        period,
        account: AccountId(account),
        deficit: settlement.deficit,
        amount: settlement.penalty,
    };
    (event, (settlement.deficit > 0).then_some(imposed))
}

/// What the shell makes of it, when the events are those that are due. The model has them only if
/// the message succeeded there too; else the answers differ anyway.
fn answer<T: Debug + PartialEq, E: Debug>(
    moment: Moment,
    result: Result<T, E>,
    value: impl Encode,
    events: impl FnOnce() -> T,
) -> Sent {
    if moment.reply.is_err() {
        return Ok(result.map(|_| value.encode()).map_err(|error| format!("{error:?}")));
    }
    answer_with(result, value, events)
}

impl Subject for Carbon {
    fn send(&mut self, moment: Moment, message: &Message) -> Sent {
        match message {
            Message::Carbon(message) => self.rule(moment, message),
            Message::Governed(contract, message) => {
                subject::governed(&mut self.governance, *contract, moment, message, |_| true)
            }
            other => panic!("{other:?} goes elsewhere"),
        }
    }

    fn view(&self, _: &World, _: u64, label: &str, arguments: &[u8]) -> Option<Vec<u8>> {
        let data = &self.data;
        Some(match label {
            "class" => data.class(read(arguments)).encode(),
            "project" => data.project(read(arguments)).encode(),
            "batch" => data.batch(read(arguments)).encode(),
            "totals" => data.totals(read(arguments)).encode(),
            "balance_of" => {
                let (batch, owner) = read(arguments);
                data.balance_of(batch, owner).encode()
            }
            "approval" => {
                let (owner, operator, batch) = read(arguments);
                data.approval(owner, operator, batch).encode()
            }
            "escrow_of" => {
                let (operator, owner, batch) = read(arguments);
                data.escrow_of(operator, owner, batch).encode()
            }
            "is_frozen" => data.is_frozen(read(arguments)).encode(),
            "penalty" => data.penalty().encode(),
            "period" => data.period(read(arguments)).encode(),
            "duty" => {
                let (period, account) = read(arguments);
                data.duty(period, account).encode()
            }
            "report" => {
                let (period, account, version) = read(arguments);
                data.report(period, account, version).encode()
            }
            "standing" => data.standing(read(arguments)).encode(),
            "rating" => data.rating(read(arguments)).encode(),
            "ratings" => {
                let (first, second) = read(arguments);
                (data.rating(first), data.rating(second)).encode()
            }
            "counts" => data.counts().encode(),
            "times" => data.times().encode(),
            "participants" => self.addresses.participants.encode(),
            "token" => self.addresses.token.encode(),
            "Governed::governance" => self.governance.state().encode(),
            "Governed::schema_version" => SCHEMA_VERSION.encode(),
            other => panic!("no view {other}"),
        })
    }
}

/// Accounts are the operators: of what the market does here, the subject does not learn.
fn start() -> (Carbon, World, Vec<arbitrary::Sent>) {
    let setup = arbitrary::setup();
    let mut prologue = arbitrary::prologue(&setup, setup.addresses.consent);
    prologue.retain(|(_, _, message)| message.to() != Contract::Market);
    let world = World::new(setup).unwrap();
    (Carbon::new(&world), world, prologue)
}

#[test]
fn the_rules_do_what_the_model_does() {
    subject::agree(Contract::Carbon, Mix::CARBON, start);
}
