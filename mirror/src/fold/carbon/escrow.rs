//! Units that an operator holds for their owner until they are delivered or given back.

use assent_events::AccountId;
use assent_events::carbon::{Delivered, Escrowed, Released};

use super::holdings::check_approved;
use super::units::{State, Units};
use super::{Account, Approval, Balance, Batch, Escrow, Fold, freezes};
use crate::fold::{Moment, Stop, hex, key, minus, plus};
use crate::rows::Rows;

impl Fold for Escrowed {
    fn want(&self, rows: &mut Rows) {
        for account in [self.owner, self.operator] {
            rows.want::<Account>((account,));
        }
        rows.want::<Approval>((self.owner, self.operator, key(self.batch)));
        want_held(self.batch, self.owner, self.operator, rows);
    }

    fn apply(&self, moment: Moment, rows: &mut Rows) -> Result<(), Stop> {
        let Self { batch, owner, operator, amount } = *self;
        let units = Units::of(batch, amount, moment)?;
        freezes::check(&[owner, operator], rows)?;
        check_approved(owner, operator, units.batch, rows)?;
        units.turn(owner, State::Tradable, State::Escrowed, rows)?;
        let (batch, at) = (units.batch, moment.at);
        let before = rows.get((operator, owner, batch))?.unwrap_or(Escrow {
            operator,
            owner,
            batch,
            amount: 0,
            at,
        });
        let amount = plus(before.amount, amount, || held(operator, owner, batch))?;
        rows.put(Escrow { amount, ..before })
    }
}

impl Fold for Released {
    fn want(&self, rows: &mut Rows) {
        want_held(self.batch, self.owner, self.operator, rows);
    }

    fn apply(&self, moment: Moment, rows: &mut Rows) -> Result<(), Stop> {
        let Self { batch, owner, operator, amount } = *self;
        let units = Units::of(batch, amount, moment)?;
        take_from_escrow(operator, owner, units, rows)?;
        units.turn(owner, State::Escrowed, State::Tradable, rows)
    }
}

impl Fold for Delivered {
    fn want(&self, rows: &mut Rows) {
        for account in [self.from, self.to, self.operator] {
            rows.want::<Account>((account,));
        }
        want_held(self.batch, self.from, self.operator, rows);
        rows.want::<Balance>((key(self.batch), self.to));
    }

    fn apply(&self, moment: Moment, rows: &mut Rows) -> Result<(), Stop> {
        let Self { batch, from, to, amount, operator } = *self;
        let units = Units::of(batch, amount, moment)?;
        freezes::check(&[from, to, operator], rows)?;
        take_from_escrow(operator, from, units, rows)?;
        units.take(from, State::Escrowed, rows)?;
        units.give(to, State::Tradable, rows)?;
        units.count(State::Escrowed, State::Tradable, rows)
    }
}

/// What is read of units that an operator holds or gives away.
fn want_held(batch: u64, owner: AccountId, operator: AccountId, rows: &mut Rows) {
    rows.want::<Batch>((key(batch),));
    rows.want::<Balance>((key(batch), owner));
    rows.want::<Escrow>((operator, owner, key(batch)));
}

/// The operator holds so many units less.
fn take_from_escrow(
    operator: AccountId,
    owner: AccountId,
    units: Units,
    rows: &mut Rows,
) -> Result<(), Stop> {
    let batch = units.batch;
    let before: Escrow = rows.find((operator, owner, batch), || {
        let (owner, operator) = (hex(owner), hex(operator));
        format!("{operator} never held units of batch {batch} of {owner} in escrow")
    })?;
    let amount = minus(before.amount, units.amount, || held(operator, owner, batch))?;
    rows.put(Escrow { amount, ..before })
}

/// What an operator holds, in words.
fn held(operator: AccountId, owner: AccountId, batch: i64) -> String {
    format!("what {} holds of carbon batch {batch} for {}", hex(operator), hex(owner))
}
