//! Units on their way from one state or account to another.

use assent_events::AccountId;

use super::{Balance, Batch};
use crate::fold::{Moment, Stop, bigint, hex, minus, plus};
use crate::position::Position;
use crate::rows::Rows;

/// Where units are: the columns of an account's balance and of its batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Tradable,
    Escrowed,
    Retired,
    Surrendered,
    Cancelled,
}

impl State {
    /// How it is called in a reason.
    fn name(self) -> &'static str {
        match self {
            Self::Tradable => "tradable",
            Self::Escrowed => "escrowed",
            Self::Retired => "retired",
            Self::Surrendered => "surrendered",
            Self::Cancelled => "cancelled",
        }
    }
}

impl Balance {
    fn units(&mut self, state: State) -> &mut u128 {
        match state {
            State::Tradable => &mut self.tradable,
            State::Escrowed => &mut self.escrowed,
            State::Retired => &mut self.retired,
            State::Surrendered => &mut self.surrendered,
            State::Cancelled => &mut self.cancelled,
        }
    }
}

impl Batch {
    fn units(&mut self, state: State) -> &mut u128 {
        match state {
            State::Tradable => &mut self.tradable,
            State::Escrowed => &mut self.escrowed,
            State::Retired => &mut self.retired,
            State::Surrendered => &mut self.surrendered,
            State::Cancelled => &mut self.cancelled,
        }
    }
}

/// Some units of a batch.
#[derive(Debug, Clone, Copy)]
pub(super) struct Units {
    pub(super) batch: i64,
    pub(super) amount: u128,
    at: Position,
}

impl Units {
    pub(super) fn of(batch: u64, amount: u128, moment: Moment) -> Result<Self, Stop> {
        Ok(Self { batch: bigint(batch, "batch")?, amount, at: moment.at })
    }

    /// Adds them to what an account has.
    pub(super) fn give(self, owner: AccountId, state: State, rows: &mut Rows) -> Result<(), Stop> {
        let Self { batch, amount, at } = self;
        let mut balance = rows.get((batch, owner))?.unwrap_or(Balance {
            batch,
            owner,
            tradable: 0,
            escrowed: 0,
            retired: 0,
            surrendered: 0,
            cancelled: 0,
            at,
        });
        let units = balance.units(state);
        *units = plus(*units, amount, || self.held(owner, state))?;
        rows.put(balance)
    }

    /// Takes them from what an account has.
    pub(super) fn take(self, owner: AccountId, state: State, rows: &mut Rows) -> Result<(), Stop> {
        let Self { batch, amount, at: _ } = self;
        let nothing = || format!("{} holds no units of carbon batch {batch}", hex(owner));
        let mut balance: Balance = rows.find((batch, owner), nothing)?;
        let units = balance.units(state);
        *units = minus(*units, amount, || self.held(owner, state))?;
        rows.put(balance)
    }

    /// Counts them in another column of the batch than before.
    pub(super) fn count(self, from: State, to: State, rows: &mut Rows) -> Result<(), Stop> {
        let Self { batch, amount, at: _ } = self;
        let mut row: Batch =
            rows.find((batch,), || format!("carbon batch {batch} is not there"))?;
        let sum =
            |state: State| format!("the sum of {} units of carbon batch {batch}", state.name());
        let units = row.units(from);
        *units = minus(*units, amount, || sum(from))?;
        let units = row.units(to);
        *units = plus(*units, amount, || sum(to))?;
        rows.put(row)
    }

    /// Turns them from one state into another, with the same account.
    pub(super) fn turn(
        self,
        owner: AccountId,
        from: State,
        to: State,
        rows: &mut Rows,
    ) -> Result<(), Stop> {
        self.take(owner, from, rows)?;
        self.give(owner, to, rows)?;
        self.count(from, to, rows)
    }

    /// What an account holds in a state, in words.
    fn held(self, owner: AccountId, state: State) -> String {
        format!("what {} holds {} of carbon batch {}", hex(owner), state.name(), self.batch)
    }
}
