//! Steps with carbon credits, compliance periods and orders.

use assent_interface::{carbon, governance::Scheduled, market};

use crate::Account;
use crate::ledger::{
    COLLECTOR, Counts, DELAY, ISSUER, Ledger, ORDER_TIME, PERIOD, Penalty, Period, REGULATOR,
    SERIALS, TARIFF, VERIFIER, VINTAGE,
};

impl Ledger {
    /// A regulator creates a class of [`ISSUER`]; gives its number.
    #[track_caller]
    pub fn class(&mut self) -> u64 {
        self.done(REGULATOR, "carbon", carbon::CREATE_CLASS, &(ISSUER, [0x61u8; 32])).value()
    }

    /// [`ISSUER`] registers a project of his in a class; gives its number.
    #[track_caller]
    pub fn project(&mut self, class: u64) -> u64 {
        self.done(ISSUER, "carbon", carbon::CREATE_PROJECT, &(class, ISSUER, [0x62u8; 32])).value()
    }

    /// [`ISSUER`] creates a batch of the serial numbers 1 to [`SERIALS`], in a project and a class
    /// of its own; gives its number.
    #[track_caller]
    pub fn batch(&mut self) -> u64 {
        let class = self.class();
        let project = self.project(class);
        let batch = (project, 1u128, SERIALS, VINTAGE.0, VINTAGE.1);
        self.done(ISSUER, "carbon", carbon::CREATE_BATCH, &batch).value()
    }

    /// Issues `amount` units of a new batch to `owner`; gives the number of the batch.
    #[track_caller]
    pub fn credits(&mut self, owner: Account, amount: u128) -> u64 {
        let batch = self.batch();
        self.done(ISSUER, "carbon", carbon::ISSUE, &(batch, owner, amount));
        batch
    }

    /// `owner` lets `operator` move `amount` units of a batch.
    #[track_caller]
    pub fn entrust(&mut self, owner: Account, operator: Account, batch: u64, amount: u128) {
        self.done(owner, "carbon", carbon::APPROVE, &(operator, batch, amount));
    }

    /// Freezes an account's units.
    #[track_caller]
    pub fn freeze_units(&mut self, account: Account) {
        self.done(REGULATOR, "carbon", carbon::FREEZE, &(account, [0x63u8; 32]));
    }

    /// A missing credit costs `tariff`, which the collector gets; takes [`DELAY`].
    #[track_caller]
    pub fn penalty(&mut self, tariff: u128, collector: Account) {
        self.done(REGULATOR, "carbon", carbon::SET_PENALTY, &(tariff, collector));
        self.sandbox.advance(DELAY);
    }

    /// A regulator sets a period of [`PERIOD`] ms and [`SERIALS`] allowances, which begins now or
    /// when the last one ends; gives its number. A missing credit costs [`TARIFF`] if nothing else
    /// was set: that takes [`DELAY`].
    #[track_caller]
    pub fn period(&mut self) -> u64 {
        let set: Scheduled<Option<Penalty>> = self.view("carbon", carbon::PENALTY, &());
        if set == Scheduled::default() {
            self.penalty(TARIFF, COLLECTOR);
        }
        let over = self.last_period().map_or(0, |last| last.end);
        let start = self.sandbox.now().max(over);
        let period = (start, start.saturating_add(PERIOD), SERIALS);
        self.done(REGULATOR, "carbon", carbon::SET_PERIOD, &period).value()
    }

    /// The period that was set last.
    #[track_caller]
    pub fn last_period(&mut self) -> Option<Period> {
        let Counts { periods, .. } = self.view("carbon", carbon::COUNTS, &());
        self.view("carbon", carbon::PERIOD, &periods)
    }

    /// The batch of the allowances of a period.
    ///
    /// # Panics
    /// If the period was not set.
    #[track_caller]
    pub fn allowances(&mut self, period: u64) -> u64 {
        let period: Option<Period> = self.view("carbon", carbon::PERIOD, &period);
        period.expect("the period is set").batch
    }

    /// A regulator issues allowances to an emitter.
    #[track_caller]
    pub fn allocate(&mut self, period: u64, account: Account, amount: u128) {
        self.done(REGULATOR, "carbon", carbon::ALLOCATE, &(period, account, amount));
    }

    /// [`VERIFIER`] reports what an account emitted in a period, units.
    #[track_caller]
    pub fn report(&mut self, period: u64, account: Account, emissions: u128) {
        let report = (period, account, emissions, [0x64u8; 32]);
        self.done(VERIFIER, "carbon", carbon::REPORT_EMISSIONS, &report);
    }

    /// An account surrenders allowances of a period for the same period.
    #[track_caller]
    pub fn surrender(&mut self, period: u64, account: Account, amount: u128) {
        let batch = self.allowances(period);
        self.done(account, "carbon", carbon::SURRENDER, &(period, batch, amount));
    }

    /// Settles a period for an account; gives the deficit, units.
    #[track_caller]
    pub fn settle(&mut self, period: u64, account: Account) -> u128 {
        self.done(REGULATOR, "carbon", carbon::SETTLE_PERIOD, &(period, account)).value()
    }

    /// Waits for the first moment after the last period.
    ///
    /// # Panics
    /// If no period was set.
    #[track_caller]
    pub fn end_period(&mut self) {
        let last = self.last_period().expect("a period is set");
        self.wait_until(last.end);
    }

    /// Waits for the first moment at which the last period may be settled.
    ///
    /// # Panics
    /// If no period was set.
    #[track_caller]
    pub fn settle_time(&mut self) {
        let last = self.last_period().expect("a period is set");
        self.wait_until(last.settle_from);
    }

    /// Lets time pass up to a moment; none if it has passed.
    pub fn wait_until(&mut self, moment: u64) {
        let ms = moment.saturating_sub(self.sandbox.now());
        self.sandbox.advance(ms);
    }

    /// Issues `amount` units of a new batch to `seller`, who offers all of them for [`ORDER_TIME`]
    /// at `price` token base units a credit; gives the number of the order. He has approved the
    /// market for that many and no more.
    #[track_caller]
    pub fn offer(&mut self, seller: Account, amount: u128, price: u128) -> u64 {
        let batch = self.credits(seller, amount);
        let market = self.market.address;
        self.entrust(seller, market, batch, amount);
        let expiry = self.sandbox.now().saturating_add(ORDER_TIME);
        self.done(seller, "market", market::PLACE, &(seller, batch, amount, price, expiry)).value()
    }
}
