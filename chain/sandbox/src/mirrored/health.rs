//! What the model says of participants, reports and rewards.

use std::collections::BTreeMap;

use assent_events::AccountId;
use assent_mirror::Memory;
use assent_mirror::column::Singleton;
use assent_mirror::fold::participants::Participant;
use assent_mirror::fold::reports::Report;
use assent_mirror::fold::rewards::{
    Accrual, Contribution, Refund, Statement, Tariff, Totals, Withdrawal,
};
use assent_model::World;

use super::compare::Modelled;
use super::values::{big, ms, only_if};

impl Modelled for Participant {
    fn expected(&self, world: &World) -> Option<Self> {
        let model = world.participants.participants.get(&self.account.0)?;
        Some(Self {
            profile: model.profile,
            confirmed: model.confirmed,
            roles: model.roles.into(),
            suspended: model.suspended.into(),
            suspension_reason: only_if(model.suspended != 0, self.suspension_reason),
            ..self.clone()
        })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        world.participants.participants.keys().map(|account| ((*account).into(),)).collect()
    }
}

impl Modelled for Report {
    fn expected(&self, world: &World) -> Option<Self> {
        let sequence = u32::try_from(self.sequence).ok()?;
        let model = world.reports.version(&self.series, sequence)?;
        Some(Self {
            series: self.series,
            sequence: model.sequence.into(),
            owner: model.owner.into(),
            previous: model.previous,
            head: model.head,
            root: model.root,
            chunks: model.chunks,
            byte_length: model.byte_length,
            metadata: model.metadata,
            patient: model.patient.into(),
            doctor: model.doctor.into(),
            at_ms: big(model.at),
            patient_signed_at_ms: ms(model.patient_signed),
            doctor_signed_at_ms: ms(model.doctor_signed),
            superseded_by: model.superseded_by.map(i64::from),
            revoked_at_ms: ms(model.revoked),
            revocation_reason: only_if(model.revoked.is_some(), self.revocation_reason),
            at: self.at,
        })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        let series = world.reports.series.iter();
        series.flat_map(|(series, all)| all.iter().map(|v| (*series, v.sequence.into()))).collect()
    }
}

impl Modelled for Tariff {
    fn expected(&self, world: &World) -> Option<Self> {
        let purpose = u8::try_from(self.purpose).ok()?;
        let amount = *world.rewards.tariffs.get(&purpose)?;
        Some(Self { amount, ..self.clone() })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        world.rewards.tariffs.keys().map(|purpose| (i16::from(*purpose),)).collect()
    }
}

/// What an account ever earned.
fn earned(account: AccountId, world: &World) -> u128 {
    let accruals = world.rewards.accruals.iter().filter(|accrual| accrual.owner == account.0);
    accruals.map(|accrual| accrual.amount).sum()
}

impl Modelled for Statement {
    fn expected(&self, world: &World) -> Option<Self> {
        let model = world.rewards.statements.get(&self.account.0)?;
        let accrued = earned(self.account, world);
        // What else came to be owed was paid in by the account itself.
        let refunded = (model.owed + model.paid).saturating_sub(accrued);
        Some(Self {
            owed: model.owed,
            accrued: accrued.into(),
            refunded: refunded.into(),
            withdrawn: model.paid.into(),
            ..self.clone()
        })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        // The model also has one of whom an access earned nothing.
        let statements = world.rewards.statements.iter();
        statements
            .filter(|(_, statement)| statement.owed + statement.paid > 0)
            .map(|(account, _)| ((*account).into(),))
            .collect()
    }
}

impl Modelled for Accrual {
    fn expected(&self, world: &World) -> Option<Self> {
        let mut accruals = world.rewards.accruals.iter();
        let model = accruals.find(|accrual| big(accrual.access) == self.access)?;
        Some(Self {
            owner: model.owner.into(),
            purpose: model.purpose.into(),
            amount: model.tariff,
            funded: model.amount > 0,
            ..self.clone()
        })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        // Without a tariff nothing is said.
        let paid_for = world.rewards.accruals.iter().filter(|accrual| accrual.tariff > 0);
        paid_for.map(|accrual| (big(accrual.access),)).collect()
    }
}

impl Modelled for Totals {
    fn expected(&self, world: &World) -> Option<Self> {
        let model = &world.rewards;
        Some(Self {
            singleton: Singleton,
            consent: model.consent.map(AccountId),
            funded: model.funded.into(),
            unspent: model.totals.unspent,
            owed: model.totals.owed,
            accrued: model.accruals.iter().map(|accrual| accrual.amount).sum::<u128>().into(),
            refunded: model.refunded.into(),
            withdrawn: model.totals.paid.into(),
            at: self.at,
        })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        world.rewards.consent.map(|_| (Singleton,)).into_iter().collect()
    }
}

impl Modelled for Contribution {
    fn expected(&self, world: &World) -> Option<Self> {
        let model = *world.rewards.contributions.get(&self.funder.0)?;
        // The model holds the difference.
        let refunded = self.funded.checked_sub(model.into())?;
        Some(Self { refunded, ..self.clone() })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        world.rewards.contributions.keys().map(|funder| ((*funder).into(),)).collect()
    }
}

/// That refunds and withdrawals add up to what the model holds, which is their sums only.
pub(super) fn sums(memory: &Memory, world: &World) -> Result<(), String> {
    let add_up = |what: String, rows: u128, model: u128| match rows == model {
        true => Ok(()),
        false => Err(format!("{what} add up to {rows}, in the model to {model}")),
    };
    let refunds: Vec<Refund> = memory.rows().map_err(|error| error.to_string())?;
    let refunded = refunds.iter().map(|refund| refund.amount).sum();
    add_up("reward_refunds".to_owned(), refunded, world.rewards.refunded)?;

    let withdrawals: Vec<Withdrawal> = memory.rows().map_err(|error| error.to_string())?;
    let mut withdrawn: BTreeMap<AccountId, u128> = BTreeMap::new();
    for Withdrawal { owner, amount, .. } in withdrawals {
        *withdrawn.entry(owner).or_default() += amount;
    }
    for (account, statement) in &world.rewards.statements {
        let account = AccountId(*account);
        let rows = withdrawn.remove(&account).unwrap_or(0);
        add_up(format!("reward_withdrawals of {account:?}"), rows, statement.paid)?;
    }
    withdrawn.into_iter().try_for_each(|(account, rows)| {
        add_up(format!("reward_withdrawals of {account:?}"), rows, 0)
    })
}
