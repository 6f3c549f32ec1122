//! Compliance: periods, the allowances that emitters get for them, what verifiers report that they
//! emitted, and the allowances that they surrender for it. What it comes to is settled in
//! [`settlement`].

pub mod settlement;

use crate::data::{more, next, Data, ALLOWANCES, ZERO};
use crate::errors::CarbonError;
use crate::types::{Batch, Duty, Penalty, Period, Report, Standing};
use assent_events::{
    carbon::{
        Allocated, BatchCreated, EmissionsReported, Issued, PenaltySet, PeriodSet, Surrendered,
    },
    Hash,
};
use assent_governance::Scheduled;
use ink::primitives::AccountId;

/// Most emissions of a report, units. It keeps the sums over all periods in their type.
pub const MAX_EMISSIONS: u128 = u64::MAX as u128;

/// Allowances for an emitter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allocation {
    /// The period.
    pub period: u64,
    /// The emitter.
    pub account: AccountId,
    /// Units.
    pub amount: u128,
}

/// What a verifier found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewReport {
    /// The period.
    pub period: u64,
    /// The emitter.
    pub account: AccountId,
    /// Units emitted in the period.
    pub emissions: u128,
    /// Commitment to the verified report.
    pub report: Hash,
}

impl Data {
    /// Sets what missing units cost when the delay is over; the shell has checked that the
    /// administrator asks.
    pub fn set_penalty(
        &mut self,
        now: u64,
        tariff: u128,
        collector: AccountId,
    ) -> Result<PenaltySet, CarbonError> {
        if tariff == 0 {
            return Err(CarbonError::ZeroAmount);
        }
        if collector == ZERO {
            return Err(CarbonError::ZeroAccount);
        }
        let mut penalty = self.penalty();
        let from = penalty.set(now, self.times().delay, Some(Penalty { tariff, collector }));
        self.penalty.set(&penalty);
        Ok(PenaltySet { tariff, collector, from })
    }

    /// Opens a period, and makes the batch of its allowances.
    pub fn set_period(
        &mut self,
        now: u64,
        regulator: bool,
        start: u64,
        end: u64,
        cap: u128,
    ) -> Result<(BatchCreated, PeriodSet), CarbonError> {
        if !regulator {
            return Err(CarbonError::NotRegulator);
        }
        let tariff = self.penalty().at(now).ok_or(CarbonError::NoTariff)?.tariff;
        let mut counts = self.counts();
        let follows = self.period(counts.periods).is_none_or(|before| start >= before.end);
        if end <= start || !follows {
            return Err(CarbonError::InvalidPeriod);
        }
        let settle_from =
            end.checked_add(self.times().compliance).ok_or(CarbonError::InvalidPeriod)?;
        if cap == 0 {
            return Err(CarbonError::ZeroAmount);
        }
        let class = self.class(ALLOWANCES).expect("`new` has made it, and nothing removes it");
        let exhausted = CarbonError::SerialsExhausted;
        let serial_end = class.last_serial.checked_add(cap).ok_or(exhausted)?;
        let serial_start = class.last_serial.checked_add(1).ok_or(exhausted)?;
        counts.periods = next(counts.periods)?;
        counts.batches = next(counts.batches)?;

        self.counts.set(&counts);
        let batch = Batch {
            class: ALLOWANCES,
            project: None,
            period: Some(counts.periods),
            serial_start,
            serial_end,
            vintage_start: start,
            vintage_end: end,
            sealed: false,
        };
        let created = self.store_batch(counts.batches, &batch, class);
        let period = Period { batch: counts.batches, start, end, settle_from, cap, tariff };
        self.periods.insert(counts.periods, &period);
        let set = PeriodSet {
            period: counts.periods,
            batch: period.batch,
            start,
            end,
            settle_from,
            cap,
            tariff,
        };
        Ok((created, set))
    }

    /// Issues allowances; `emitter` is about the account.
    pub fn allocate(
        &mut self,
        by: AccountId,
        now: u64,
        regulator: bool,
        emitter: bool,
        new: Allocation,
    ) -> Result<(Issued, Allocated), CarbonError> {
        let Allocation { period, account, amount } = new;
        if !regulator {
            return Err(CarbonError::NotRegulator);
        }
        if !emitter {
            return Err(CarbonError::NotEmitter);
        }
        let known = self.known_period(period)?;
        if amount == 0 {
            return Err(CarbonError::ZeroAmount);
        }
        if now >= known.settle_from {
            return Err(CarbonError::TooLate);
        }
        if self.is_frozen(account) {
            return Err(CarbonError::Frozen);
        }
        // The batch of a period has as many serial numbers as its cap says.
        let totals =
            self.totals_with(known.batch, amount, known.cap).ok_or(CarbonError::CapExceeded)?;
        let mut duty = self.duty(period, account);
        duty.allocated = more(duty.allocated, amount);

        let issued = self.store_issue(known.batch, account, amount, &totals);
        self.duties.insert((period, account), &duty);
        self.take_part(self.standing(account), period, account);
        Ok((issued, Allocated { period, account, amount, by }))
    }

    /// Records what an account emitted in a period. `verifier` is about the caller; `emitter` is
    /// about the account, and matters only if it never took part.
    pub fn report_emissions(
        &mut self,
        caller: AccountId,
        now: u64,
        verifier: bool,
        emitter: bool,
        new: NewReport,
    ) -> Result<EmissionsReported, CarbonError> {
        let NewReport { period, account, emissions, report } = new;
        if !verifier {
            return Err(CarbonError::NotVerifier);
        }
        if account == caller {
            return Err(CarbonError::OwnReport);
        }
        if now < self.known_period(period)?.end {
            return Err(CarbonError::TooEarly);
        }
        let standing = self.open_standing(emitter, period, account)?;
        if emissions > MAX_EMISSIONS {
            return Err(CarbonError::TooLarge);
        }
        let mut duty = self.duty(period, account);
        let version = duty.reports.checked_add(1).ok_or(CarbonError::TooMany)?;
        duty.reports = version;
        duty.reported_at = duty.reported_at.or(Some(now));
        duty.verified = emissions;

        let entry = Report { emissions, report, verifier: caller, at: now };
        self.reports.insert((period, account, version), &entry);
        self.duties.insert((period, account), &duty);
        self.take_part(standing, period, account);
        Ok(EmissionsReported { period, account, verifier: caller, version, emissions, report })
    }

    /// Uses allowances of `caller` to cover what he emitted; `emitter` is about him, and matters
    /// only if he never took part. It meets a duty, so that he may be frozen.
    pub fn surrender(
        &mut self,
        caller: AccountId,
        now: u64,
        emitter: bool,
        period: u64,
        batch: u64,
        amount: u128,
    ) -> Result<Surrendered, CarbonError> {
        if amount == 0 {
            return Err(CarbonError::ZeroAmount);
        }
        if !self.periods.contains(period) {
            return Err(CarbonError::UnknownPeriod);
        }
        let standing = self.open_standing(emitter, period, caller)?;
        let known = self.batch(batch).ok_or(CarbonError::UnknownBatch)?;
        let of = known.period.ok_or(CarbonError::NotAllowance)?;
        if of > period {
            return Err(CarbonError::FuturePeriod);
        }
        let mut holding = self.balance_of(batch, caller);
        holding.tradable =
            holding.tradable.checked_sub(amount).ok_or(CarbonError::InsufficientBalance)?;
        holding.surrendered = more(holding.surrendered, amount);
        let mut totals = self.totals(batch);
        totals.surrendered = more(totals.surrendered, amount);
        let mut duty = self.duty(period, caller);
        duty.surrendered = more(duty.surrendered, amount);
        duty.surrendered_at = Some(now);

        self.holdings.insert((batch, caller), &holding);
        self.totals.insert(batch, &totals);
        self.duties.insert((period, caller), &duty);
        self.take_part(standing, period, caller);
        Ok(Surrendered { period, batch, account: caller, amount })
    }

    /// What missing units cost, if that was said, and what they will.
    pub fn penalty(&self) -> Scheduled<Option<Penalty>> {
        self.penalty.get_or_default()
    }

    /// A period by number.
    pub fn period(&self, period: u64) -> Option<Period> {
        self.periods.get(period)
    }

    /// What an account has to do for a period, and did.
    pub fn duty(&self, period: u64, account: AccountId) -> Duty {
        self.duties.get((period, account)).unwrap_or_default()
    }

    /// A version of the report on an account.
    pub fn report(&self, period: u64, account: AccountId, version: u32) -> Option<Report> {
        self.reports.get((period, account, version))
    }

    /// A period by number, which there has to be.
    fn known_period(&self, period: u64) -> Result<Period, CarbonError> {
        self.period(period).ok_or(CarbonError::UnknownPeriod)
    }

    /// Where an account stands that takes part, or may, and for which the period is not settled.
    fn open_standing(
        &self,
        emitter: bool,
        period: u64,
        account: AccountId,
    ) -> Result<Standing, CarbonError> {
        let standing = self.standing(account);
        if standing.next.is_none() && !emitter {
            return Err(CarbonError::NotEmitter);
        }
        if standing.has_settled(period) {
            return Err(CarbonError::AlreadySettled);
        }
        Ok(standing)
    }

    /// The account, which stands like this, takes part from `period` on, or from an earlier one.
    fn take_part(&mut self, mut standing: Standing, period: u64, account: AccountId) {
        if standing.touch(period) {
            self.standings.insert(account, &standing);
        }
    }
}
