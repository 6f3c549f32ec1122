//! Events of compliance, which the carbon registry emits.

use assent_client::EmittedEvent;

use crate::carbon::{class_created, issued};
use crate::{account, event};

/// Who is paid a penalty.
pub const COLLECTOR: u8 = 0xcc;

/// What a missing credit costs, and who is paid, at once.
#[must_use]
pub fn penalty_set(tariff: u128, collector: u8) -> EmittedEvent {
    penalty_set_from(tariff, collector, 1)
}

/// The same, from a moment on.
#[must_use]
pub fn penalty_set_from(tariff: u128, collector: u8, from: u64) -> EmittedEvent {
    event("carbon", "PenaltySet", (tariff, account(collector), from))
}

/// The batch of a period and the period, by their numbers; `times` are its start, its end and when
/// settlement begins.
#[must_use]
pub fn period_set(
    (period, batch): (u64, u64),
    serials: (u128, u128),
    times: (u64, u64, u64),
    tariff: u128,
) -> Vec<EmittedEvent> {
    let allowances = (batch, 1_u64, None::<u64>, serials, (times.0, times.1));
    let cap = serials.1 - serials.0 + 1;
    vec![
        event("carbon", "BatchCreated", allowances),
        self::period(period, batch, times, cap, tariff),
    ]
}

/// A period without its batch, which comes before it.
#[must_use]
pub fn period(
    period: u64,
    batch: u64,
    times: (u64, u64, u64),
    cap: u128,
    tariff: u128,
) -> EmittedEvent {
    event("carbon", "PeriodSet", (period, batch, times, cap, tariff))
}

/// Allowances of the period, which are of the batch.
#[must_use]
pub fn allocated((period, batch): (u64, u64), n: u8, amount: u128) -> Vec<EmittedEvent> {
    let allocated = event("carbon", "Allocated", (period, account(n), amount, account(9)));
    vec![issued(batch, n, amount), allocated]
}

/// Account 8 reports what was emitted.
#[must_use]
pub fn reported(period: u64, n: u8, version: u32, emissions: u128) -> EmittedEvent {
    reported_by(period, n, (8, 0x4e), version, emissions)
}

/// A verifier reports what was emitted; `by` is he and the commitment to his report.
#[must_use]
pub fn reported_by(
    period: u64,
    n: u8,
    by: (u8, u8),
    version: u32,
    emissions: u128,
) -> EmittedEvent {
    let fields = (period, account(n), account(by.0), version, emissions, [by.1; 32]);
    event("carbon", "EmissionsReported", fields)
}

/// Allowances of a batch are surrendered for a period.
#[must_use]
pub fn surrendered(period: u64, batch: u64, n: u8, amount: u128) -> EmittedEvent {
    event("carbon", "Surrendered", (period, batch, account(n), amount))
}

/// A settlement; the numbers in the order of the event.
#[derive(Clone, Copy)]
#[expect(missing_docs, reason = "the fields are those of the event")]
pub struct Settled {
    pub period: u64,
    pub account: u8,
    pub verified: u128,
    pub surrendered: u128,
    /// Deficit and surplus.
    pub brought: (u128, u128),
    pub left: (u128, u128),
    pub timely: bool,
    pub rating: u16,
}

impl Settled {
    /// It is settled.
    #[must_use]
    pub fn event(&self) -> EmittedEvent {
        let amounts = (self.verified, self.surrendered, self.brought, self.left);
        let fields = (self.period, account(self.account), amounts, self.timely, self.rating);
        event("carbon", "PeriodSettled", fields)
    }
}

/// A penalty is imposed.
#[must_use]
pub fn penalty_imposed(period: u64, n: u8, deficit: u128, amount: u128) -> EmittedEvent {
    event("carbon", "PenaltyImposed", (period, account(n), deficit, amount))
}

/// Account 3 pays it.
#[must_use]
pub fn penalty_paid(period: u64, n: u8, collector: u8, amount: u128, rating: u16) -> EmittedEvent {
    let fields = (period, account(n), account(3), account(collector), amount, rating);
    event("carbon", "PenaltyPaid", fields)
}

/// 100 base units for each unit that is missing.
pub const TARIFF: u128 = 100_000;

/// Period 1 from 5,000 to 7,000, settled from 9,000, and period 2 from 7,000 to 10,000, settled from
/// 12,000; 1,000 allowances each.
#[must_use]
pub fn two_periods() -> Vec<EmittedEvent> {
    let mut events = vec![class_created(1, None), penalty_set(TARIFF, COLLECTOR)];
    events.extend(period_set((1, 1), (1, 1_000), (5_000, 7_000, 9_000), TARIFF));
    events.extend(period_set((2, 2), (1_001, 2_000), (7_000, 10_000, 12_000), TARIFF));
    events
}
