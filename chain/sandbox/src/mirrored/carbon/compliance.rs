//! What the model says of periods, duties and their settlement.

use assent_mirror::column::Singleton;
use assent_mirror::fold::carbon::{Duty, EmissionReport, Penalty, Period, Standing, Surrender};
use assent_model::{Change, Movement, World};

use super::{ended, number, owner};
use crate::mirrored::compare::{Listed, Modelled};
use crate::mirrored::values::{big, ms, only_if};

impl Modelled for Penalty {
    fn expected(&self, world: &World) -> Option<Self> {
        let model = world.carbon.penalty;
        // Nothing is ever set back to none.
        let next = model.next.and_then(|next| Some((next.value?, next.from)));
        Some(Self {
            singleton: Singleton,
            tariff: model.value.map(|penalty| penalty.tariff),
            collector: model.value.map(|penalty| penalty.collector.into()),
            next_tariff: next.map(|(penalty, _)| penalty.tariff),
            next_collector: next.map(|(penalty, _)| penalty.collector.into()),
            next_from_ms: next.map(|(_, from)| from),
            at: self.at,
        })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        let set = !world.carbon.penalties.is_empty();
        set.then_some((Singleton,)).into_iter().collect()
    }
}

impl Modelled for Period {
    fn expected(&self, world: &World) -> Option<Self> {
        let model = world.carbon.periods.get(&number(self.period)?)?;
        Some(Self {
            period: self.period,
            batch: big(model.batch),
            start_ms: model.start,
            end_ms: model.end,
            settle_from_ms: model.settle_from,
            cap: model.cap,
            tariff: model.tariff,
            at: self.at,
        })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        world.carbon.periods.keys().map(|number| (big(*number),)).collect()
    }
}

impl Modelled for Duty {
    fn expected(&self, world: &World) -> Option<Self> {
        let key = (number(self.period)?, self.account.0);
        let model = world.carbon.duties.get(&key)?;
        let settlement = model.settlement;
        let settled = world.carbon.settled.iter().find(|s| (s.period, s.account) == key);
        let paid = world.carbon.paid.iter().find(|p| (p.period, p.account) == key);
        Some(Self {
            period: self.period,
            account: self.account,
            allocated: model.allocated,
            reports: model.reports.into(),
            reported_at_ms: ms(model.reported_at),
            verified: model.verified,
            surrendered: model.surrendered,
            surrendered_at_ms: ms(model.surrendered_at),
            settled_at_ms: settled.map(|settled| big(settled.at)),
            brought_deficit: settlement.map(|s| s.brought_deficit),
            brought_surplus: settlement.map(|s| s.brought_surplus),
            deficit: settlement.map(|s| s.deficit),
            surplus: settlement.map(|s| s.surplus),
            timely: settlement.map(|s| s.timely),
            penalty: settlement.filter(|s| s.deficit > 0).map(|s| s.penalty),
            paid_at_ms: only_if(settlement.is_some_and(|s| s.paid), self.paid_at_ms),
            payer: paid.map(|paid| paid.payer.into()),
            collector: paid.map(|paid| paid.collector.into()),
            at: self.at,
        })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        let duties = world.carbon.duties.keys();
        duties.map(|(period, account)| (big(*period), (*account).into())).collect()
    }
}

impl Modelled for EmissionReport {
    fn expected(&self, world: &World) -> Option<Self> {
        let version = u32::try_from(self.version).ok()?;
        let key = (number(self.period)?, self.account.0, version);
        let model = world.carbon.reports.get(&key)?;
        let (emissions, report, verifier) = (model.emissions, model.report, model.verifier.into());
        Some(Self { emissions, report, verifier, ..self.clone() })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        let reports = world.carbon.reports.keys();
        reports
            .map(|(period, account, version)| (big(*period), (*account).into(), (*version).into()))
            .collect()
    }
}

impl Modelled for Standing {
    fn expected(&self, world: &World) -> Option<Self> {
        let model = world.carbon.standings.get(&self.account.0)?;
        Some(Self {
            account: self.account,
            next: big(model.next?),
            settled: model.settled.into(),
            compliant: model.compliant.into(),
            timely: model.timely.into(),
            penalties: model.penalties.into(),
            paid: model.paid.into(),
            deficit: model.deficit,
            surplus: model.surplus,
            rating: i16::try_from(world.carbon.rating(&self.account.0)).ok()?,
            at: self.at,
        })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        world.carbon.standings.keys().map(|account| ((*account).into(),)).collect()
    }
}

impl Listed for Surrender {
    type Model = (u64, Movement);

    fn models(world: &World) -> Vec<(u64, Movement)> {
        let surrenders = ended(world, |change| matches!(change, Change::Surrendered(_)));
        let of_period = surrenders.into_iter().filter_map(|movement| match movement.change {
            Change::Surrendered(period) => Some((period, movement)),
            _ => None,
        });
        of_period.collect()
    }

    fn expected(&self, (period, model): &(u64, Movement)) -> Self {
        Self {
            period: big(*period),
            batch: big(model.batch),
            account: owner(model),
            amount: model.amount,
            at: self.at,
        }
    }
}
