//! Strategies for steps in carbon and on the market.

use super::{mostly_0, pick, sound};
use crate::arbitrary::{CarbonIntent, Intent, MarketIntent, Units};
use proptest::{collection::vec, prelude::*, strategy::Just};

/// One that there is, or none.
fn known() -> impl Strategy<Value = u8> {
    prop_oneof![24 => pick(), 1 => Just(u8::MAX)]
}

fn units() -> impl Strategy<Value = Units> {
    prop_oneof![
        10 => (0..=3_000_u16).prop_map(Units::Part),
        4 => (0..=30_000_u16).prop_map(Units::Part),
        2 => Just(Units::All),
        1 => Just(Units::OneMore),
        1 => prop_oneof![Just(Units::Nothing), Just(Units::Max)],
    ]
}

pub(super) fn carbon() -> impl Strategy<Value = Intent> {
    prop_oneof![6 => registry(), 14 => movements(), 16 => compliance(), 3 => freezes()]
        .prop_map(Intent::Carbon)
}

fn registry() -> impl Strategy<Value = CarbonIntent> {
    use CarbonIntent as I;
    prop_oneof![
        1 => pick().prop_map(|issuer| I::CreateClass { issuer }),
        1 => (known(), pick()).prop_map(|(class, issuer)| I::SetIssuer { class, issuer }),
        2 => (known(), pick()).prop_map(|(class, owner)| I::CreateProject { class, owner }),
        3 => (known(), sound(3, 7), mostly_0(6, 1)).prop_map(|(project, range, vintage)| {
            I::CreateBatch { project, range, vintage }
        }),
        8 => (known(), pick(), units())
            .prop_map(|(batch, to, units)| I::Issue { batch, to, units }),
        1 => known().prop_map(|batch| I::SealBatch { batch }),
    ]
}

fn movements() -> impl Strategy<Value = CarbonIntent> {
    use CarbonIntent as I;
    let items = || {
        prop_oneof![
            6 => vec((known(), units()), 1..=3),
            1 => vec((known(), units()), 0..=17),
        ]
    };
    prop_oneof![
        5 => (known(), pick(), units())
            .prop_map(|(holding, to, units)| I::Transfer { holding, to, units }),
        2 => (pick(), items()).prop_map(|(to, items)| I::TransferBatch { to, items }),
        6 => (known(), mostly_0(2, 8), units()).prop_map(|(holding, operator, units)| {
            I::Approve { holding, operator, units }
        }),
        4 => (known(), pick(), units())
            .prop_map(|(approval, to, units)| I::TransferFrom { approval, to, units }),
        2 => (known(), units()).prop_map(|(holding, units)| I::Retire { holding, units }),
        2 => (known(), units()).prop_map(|(holding, units)| I::Cancel { holding, units }),
        4 => (known(), units()).prop_map(|(approval, units)| I::Escrow { approval, units }),
        2 => (pick(), units()).prop_map(|(escrow, units)| I::Release { escrow, units }),
        2 => (pick(), pick(), units())
            .prop_map(|(escrow, to, units)| I::Deliver { escrow, to, units }),
    ]
}

fn compliance() -> impl Strategy<Value = CarbonIntent> {
    use CarbonIntent as I;
    prop_oneof![
        1 => (sound(3, 5), mostly_0(3, 9))
            .prop_map(|(tariff, collector)| I::SetPenalty { tariff, collector }),
        3 => (sound(2, 3), sound(2, 4), sound(2, 4))
            .prop_map(|(start, length, cap)| I::SetPeriod { start, length, cap }),
        2 => (known(), pick(), units())
            .prop_map(|(period, account, units)| I::Allocate { period, account, units }),
        8 => (pick(), sound(6, 8))
            .prop_map(|(duty, emissions)| I::ReportEmissions { duty, emissions }),
        6 => (pick(), pick(), any::<bool>(), units()).prop_map(
            |(holding, period, missing, units)| I::Surrender { holding, period, missing, units }
        ),
        8 => pick().prop_map(|duty| I::SettlePeriod { duty }),
        4 => pick().prop_map(|duty| I::PayPenalty { duty }),
    ]
}

fn freezes() -> impl Strategy<Value = CarbonIntent> {
    prop_oneof![
        1 => (0..=9_u8).prop_map(|account| CarbonIntent::Freeze { account }),
        2 => (0..=9_u8).prop_map(|account| CarbonIntent::Unfreeze { account }),
    ]
}

pub(super) fn market() -> impl Strategy<Value = Intent> {
    use MarketIntent as I;
    let orders = || prop_oneof![6 => vec(known(), 1..=3), 1 => vec(known(), 0..=17)];
    prop_oneof![
        10 => (known(), units(), sound(5, 7), sound(4, 6)).prop_map(
            |(holding, units, price, expiry)| I::Place { holding, units, price, expiry }
        ),
        4 => (known(), (0..=5_u8, units()), sound(5, 7), sound(4, 6)).prop_map(
            |(order, (change, units), price, expiry)| I::Update {
                order,
                change,
                units,
                price,
                expiry,
            }
        ),
        1 => known().prop_map(|order| I::Cancel { order }),
        12 => (known(), units(), sound(2, 3))
            .prop_map(|(order, units, max_total)| I::Fill { order, units, max_total }),
        4 => orders().prop_map(|orders| I::PruneExpired { orders }),
        1 => (sound(4, 5), mostly_0(3, 9))
            .prop_map(|(fee, collector)| I::SetFee { fee, collector }),
        1 => sound(4, 7).prop_map(|limits| I::SetLimits { limits }),
    ]
    .prop_map(Intent::Market)
}
