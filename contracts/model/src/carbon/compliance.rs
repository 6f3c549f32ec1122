//! Compliance periods: allowances, reports of emissions, surrenders, settlements and penalties.

use crate::{
    carbon::{Change, Movement, Paid, Settled, Verified},
    ensure,
    governance::running,
    role::{EMITTER, VERIFIER},
    Account, Answer, Batch, Carbon, Duty, Hash, InTime as _, Penalty, Period, Refusal, Reply,
    Report, Settlement, Standing, World, ALLOWANCES, UNITS_PER_CREDIT, ZERO,
};

impl Carbon {
    fn period(&self, period: u64) -> Result<Period, Refusal> {
        self.periods.get(&period).copied().ok_or("UnknownPeriod")
    }

    /// Whether the account's account of `period` is closed.
    pub(crate) fn is_closed(&self, period: u64, account: &Account) -> bool {
        let Standing { next, settled, .. } = self.standing(account);
        let passed = settled > 0 && next.is_some_and(|next| period < next);
        passed || self.duty(period, account).settlement.is_some()
    }

    /// The account takes part, from `period` on unless it does from an earlier one.
    fn takes_part(&mut self, period: u64, account: Account) {
        let standing = self.standings.entry(account).or_default();
        let from = match standing.next {
            None => period,
            Some(next) if standing.settled == 0 => next.min(period),
            Some(next) => next,
        };
        standing.next = Some(from);
    }
}

/// What a deficit costs at a tariff.
fn penalty(deficit: u128, tariff: u128) -> u128 {
    deficit.saturating_mul(tariff).div_ceil(UNITS_PER_CREDIT)
}

impl World {
    /// An account with duties, whatever became of its role.
    fn emits(&self, account: &Account) -> Result<(), Refusal> {
        let takes_part = self.carbon.standing(account).next.is_some();
        ensure(takes_part || self.participants.has_role(account, EMITTER), "NotEmitter")
    }

    /// `set_penalty`
    pub fn set_penalty(&mut self, caller: Account, now: u64, penalty: Penalty) -> Reply {
        let c = &mut self.carbon;
        running(&c.governance)?;
        ensure(caller == c.governance.administrator, "NotAdministrator")?;
        ensure(penalty.tariff > 0, "ZeroAmount")?;
        ensure(penalty.collector != ZERO, "ZeroAccount")?;
        let set = c.penalty.set(now, c.governance.delay, Some(penalty));
        c.penalties.push(set);
        Ok(Answer::Nothing)
    }

    /// `set_period`
    pub fn set_period(
        &mut self,
        caller: Account,
        now: u64,
        (start, end): (u64, u64),
        cap: u128,
    ) -> Reply {
        running(&self.carbon.governance)?;
        let caller = self.participants.who(caller)?;
        self.regulates(caller)?;
        let c = &mut self.carbon;
        let Penalty { tariff, .. } = c.penalty.at(now).ok_or("NoTariff")?;
        let ended = c.periods.values().last().map_or(0, |p| p.end);
        let settle_from = end.checked_add(c.times.compliance);
        ensure(start < end && start >= ended, "InvalidPeriod")?;
        let settle_from = settle_from.ok_or("InvalidPeriod")?;
        ensure(cap > 0, "ZeroAmount")?;
        let taken = c.classes.get(&ALLOWANCES).map_or(0, |class| class.last_serial);
        let serial_end = taken.checked_add(cap).ok_or("SerialsExhausted")?;

        let number = c.periods.len() as u64 + 1;
        let batch = c.add_batch(Batch {
            class: ALLOWANCES,
            project: None,
            period: Some(number),
            serial_start: taken + 1,
            serial_end,
            vintage_start: start,
            vintage_end: end,
            sealed: false,
        });
        let period = Period { batch, start, end, settle_from, cap, tariff };
        c.periods.insert(number, period);
        c.opened.push((now, period));
        Ok(Answer::Number(number))
    }

    /// `allocate`
    pub fn allocate(
        &mut self,
        caller: Account,
        now: u64,
        period: u64,
        account: Account,
        amount: u128,
    ) -> Reply {
        running(&self.carbon.governance)?;
        let caller = self.participants.who(caller)?;
        self.regulates(caller)?;
        ensure(self.participants.has_role(&account, EMITTER), "NotEmitter")?;
        let Period { batch, settle_from, .. } = self.carbon.period(period)?;
        ensure(amount > 0, "ZeroAmount")?;
        ensure(now < settle_from, "TooLate")?;
        self.carbon.none_frozen(&[account])?;
        ensure(amount <= self.carbon.room(batch), "CapExceeded")?;
        self.bring_in(caller, now, batch, account, amount);
        self.carbon.takes_part(period, account);
        self.carbon.duties.entry((period, account)).or_default().allocated += amount;
        Ok(Answer::Nothing)
    }

    /// `report_emissions`
    pub fn report_emissions(
        &mut self,
        caller: Account,
        now: u64,
        period: u64,
        account: Account,
        emissions: u128,
        report: Hash,
    ) -> Reply {
        running(&self.carbon.governance)?;
        let caller = self.participants.who(caller)?;
        ensure(self.participants.has_role(&caller, VERIFIER), "NotVerifier")?;
        ensure(caller != account, "OwnReport")?;
        let Period { end, .. } = self.carbon.period(period)?;
        ensure(now >= end, "TooEarly")?;
        self.emits(&account)?;
        ensure(!self.carbon.is_closed(period, &account), "AlreadySettled")?;
        ensure(emissions <= u64::MAX.into(), "TooLarge")?;

        let verifier_is = self.participants.participants.get(&caller).copied();
        let c = &mut self.carbon;
        c.takes_part(period, account);
        let duty = c.duties.entry((period, account)).or_default();
        duty.reports = duty.reports.checked_add(1).ok_or("TooMany")?;
        duty.reported_at = duty.reported_at.or(Some(now));
        duty.verified = emissions;
        let report = Report { emissions, report, verifier: caller, at: now };
        c.reports.insert((period, account, duty.reports), report);
        c.verified.push(Verified { period, account, report, verifier_is });
        Ok(Answer::Nothing)
    }

    /// `surrender`
    pub fn surrender(
        &mut self,
        caller: Account,
        now: u64,
        period: u64,
        batch: u64,
        amount: u128,
    ) -> Reply {
        let caller = self.participants.who(caller)?;
        ensure(amount > 0, "ZeroAmount")?;
        self.carbon.period(period)?;
        self.emits(&caller)?;
        ensure(!self.carbon.is_closed(period, &caller), "AlreadySettled")?;
        let of = self.carbon.batches.get(&batch).ok_or("UnknownBatch")?.period;
        let of = of.ok_or("NotAllowance")?;
        ensure(of <= period, "FuturePeriod")?;
        self.carbon.holds(batch, &caller, amount)?;

        let (change, by, at) = (Change::Surrendered(period), caller, now);
        self.carry_out(Movement { change, batch, amount, by, from: Some(by), to: None, at });
        self.carbon.takes_part(period, caller);
        let duty = self.carbon.duties.entry((period, caller)).or_default();
        duty.surrendered += amount;
        duty.surrendered_at = Some(now);
        Ok(Answer::Nothing)
    }

    /// `settle_period`
    pub fn settle_period(&mut self, now: u64, period: u64, account: Account) -> Reply {
        running(&self.carbon.governance)?;
        let c = &mut self.carbon;
        let Period { settle_from, tariff, .. } = c.period(period)?;
        let old = c.standing(&account);
        let duty = c.duty(period, &account);
        let next = old.next.ok_or("NotEmitter")?;
        ensure(duty.settlement.is_none(), "AlreadySettled")?;
        ensure(next == period, "NotNext")?;
        ensure(now >= settle_from, "TooEarly")?;
        let reported_at = duty.reported_at.ok_or("NotReported")?;

        let owes = duty.verified + old.deficit;
        let covers = duty.surrendered + old.surplus;
        let (deficit, surplus) = (owes.saturating_sub(covers), covers.saturating_sub(owes));
        let short = deficit > 0;
        let covered_in_time = duty.surrendered_at.is_none_or(|at| at < settle_from);
        let timely = !short && reported_at < settle_from && covered_in_time;
        let settlement = Settlement {
            brought_deficit: old.deficit,
            brought_surplus: old.surplus,
            deficit,
            surplus,
            timely,
            penalty: penalty(deficit, tariff),
            paid: false,
        };
        let standing = Standing {
            next: Some(period + 1),
            settled: old.settled + 1,
            compliant: old.compliant + u32::from(!short),
            timely: old.timely + u32::from(timely),
            penalties: old.penalties + u32::from(short),
            paid: old.paid,
            deficit,
            surplus,
        };
        c.duties.insert((period, account), Duty { settlement: Some(settlement), ..duty });
        c.standings.insert(account, standing);
        let Duty { verified, surrendered, .. } = duty;
        c.settled.push(Settled { period, account, at: now, verified, surrendered });
        Ok(Answer::Amount(deficit))
    }

    /// `pay_penalty`
    pub fn pay_penalty(
        &mut self,
        caller: Account,
        now: u64,
        period: u64,
        account: Account,
    ) -> Reply {
        let address = self.setup.addresses.carbon;
        let duty = self.carbon.duty(period, &account);
        let settlement = duty.settlement.filter(|s| s.penalty > 0).ok_or("NoPenalty")?;
        ensure(!settlement.paid, "AlreadyPaid")?;
        let collector = self.carbon.penalty.at(now).ok_or("NoPenalty")?.collector;
        let of = |key: &Account| self.participants.subjects.get(key).copied().unwrap_or(*key);
        ensure(of(&caller) != of(&collector), "SelfPayment")?;
        let credited = self.token.holder(&collector);
        let units = |world: &Self| [caller, credited].map(|a| world.token.balance(&a));
        let before = units(self);
        let paid = self.token.transfer_from(address, caller, collector, settlement.penalty);
        paid.map_err(|_| "TokenFailed")?;
        let after = units(self);

        let c = &mut self.carbon;
        let settlement = Some(Settlement { paid: true, ..settlement });
        c.duties.insert((period, account), Duty { settlement, ..duty });
        let stood = c.standing(&account);
        let stands = Standing { paid: stood.paid + 1, ..stood };
        c.standings.insert(account, stands);
        let (payer, at) = (caller, now);
        let paid = Paid { period, account, payer, collector, at, before, after, stood, stands };
        c.paid.push(paid);
        Ok(Answer::Nothing)
    }
}
