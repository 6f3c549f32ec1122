//! What the model says of carbon: what there is and whose it is; [`compliance`] has periods and duties.

mod compliance;

use assent_events::AccountId;
use assent_mirror::fold::carbon::{
    Account, Approval, Balance, Batch, Cancellation, Class, Escrow, Project, Retirement,
};
use assent_model::{Change, Movement, World};

use super::compare::{Listed, Modelled};
use super::values::{account_if, big, only_if};

/// A number of the mirror as the model has it.
pub(super) fn number(of: i64) -> Option<u64> {
    u64::try_from(of).ok()
}

impl Modelled for Class {
    fn expected(&self, world: &World) -> Option<Self> {
        let model = world.carbon.classes.get(&number(self.class)?)?;
        Some(Self {
            class: self.class,
            issuer: model.issuer.map(AccountId),
            metadata: model.metadata,
            last_serial: model.last_serial,
            at: self.at,
        })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        world.carbon.classes.keys().map(|number| (big(*number),)).collect()
    }
}

impl Modelled for Project {
    fn expected(&self, world: &World) -> Option<Self> {
        let model = world.carbon.projects.get(&number(self.project)?)?;
        Some(Self {
            project: self.project,
            class: big(model.class),
            owner: model.owner.into(),
            metadata: model.metadata,
            at: self.at,
        })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        world.carbon.projects.keys().map(|number| (big(*number),)).collect()
    }
}

impl Modelled for Batch {
    fn expected(&self, world: &World) -> Option<Self> {
        let batch = number(self.batch)?;
        let model = world.carbon.batches.get(&batch)?;
        let totals = world.carbon.total(batch);
        let holdings = world.carbon.holdings.iter().filter(|((of, _), _)| *of == batch);
        Some(Self {
            batch: self.batch,
            class: big(model.class),
            project: model.project.map(big),
            period: model.period.map(big),
            serial_start: model.serial_start,
            serial_end: model.serial_end,
            vintage_start_ms: model.vintage_start,
            vintage_end_ms: model.vintage_end,
            sealed: model.sealed,
            issued: totals.issued,
            tradable: holdings.map(|(_, holding)| holding.tradable).sum(),
            escrowed: totals.escrowed,
            retired: totals.retired,
            surrendered: totals.surrendered,
            cancelled: totals.cancelled,
            at: self.at,
        })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        world.carbon.batches.keys().map(|number| (big(*number),)).collect()
    }
}

impl Modelled for Balance {
    fn expected(&self, world: &World) -> Option<Self> {
        let model = world.carbon.holdings.get(&(number(self.batch)?, self.owner.0))?;
        Some(Self {
            batch: self.batch,
            owner: self.owner,
            tradable: model.tradable,
            escrowed: model.escrowed,
            retired: model.retired,
            surrendered: model.surrendered,
            cancelled: model.cancelled,
            at: self.at,
        })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        let holdings = world.carbon.holdings.keys();
        holdings.map(|(batch, owner)| (big(*batch), (*owner).into())).collect()
    }
}

impl Modelled for Approval {
    fn expected(&self, world: &World) -> Option<Self> {
        let key = (self.owner.0, self.operator.0, number(self.batch)?);
        let amount = *world.carbon.approvals.get(&key)?;
        Some(Self { amount, ..self.clone() })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        let approvals = world.carbon.approvals.keys();
        approvals
            .map(|(owner, operator, batch)| ((*owner).into(), (*operator).into(), big(*batch)))
            .collect()
    }
}

impl Modelled for Escrow {
    fn expected(&self, world: &World) -> Option<Self> {
        let key = (self.operator.0, self.owner.0, number(self.batch)?);
        let amount = *world.carbon.escrows.get(&key)?;
        Some(Self { amount, ..self.clone() })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        let escrows = world.carbon.escrows.keys();
        escrows
            .map(|(operator, owner, batch)| ((*operator).into(), (*owner).into(), big(*batch)))
            .collect()
    }
}

impl Modelled for Account {
    fn expected(&self, world: &World) -> Option<Self> {
        let frozen = world.carbon.is_frozen(&self.account.0);
        Some(Self {
            account: self.account,
            frozen,
            freeze_reason: only_if(frozen, self.freeze_reason),
            frozen_by: account_if(frozen, self.frozen_by),
            at: self.at,
        })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        world.carbon.frozen.iter().map(|account| ((*account).into(),)).collect()
    }
}

/// What the model notes of units that left the market in this way.
pub(super) fn ended(world: &World, of: fn(Change) -> bool) -> Vec<Movement> {
    let movements = world.carbon.journal.iter().map(|entry| entry.movement);
    movements.filter(|movement| of(movement.change)).collect()
}

/// Whose they were. The model always knows; that it does not would be a difference.
pub(super) fn owner(movement: &Movement) -> AccountId {
    AccountId(movement.from.unwrap_or(assent_model::ZERO))
}

impl Listed for Retirement {
    type Model = Movement;

    fn models(world: &World) -> Vec<Movement> {
        ended(world, |change| change == Change::Retired)
    }

    fn expected(&self, model: &Movement) -> Self {
        let (batch, owner, amount) = (big(model.batch), owner(model), model.amount);
        Self { batch, owner, amount, ..self.clone() }
    }
}

impl Listed for Cancellation {
    type Model = Movement;

    fn models(world: &World) -> Vec<Movement> {
        ended(world, |change| change == Change::Cancelled)
    }

    fn expected(&self, model: &Movement) -> Self {
        let (batch, owner, amount) = (big(model.batch), owner(model), model.amount);
        Self { batch, owner, amount, ..self.clone() }
    }
}
