//! Who holds units: transfers, what operators may move, and what left the market for good.

use assent_events::AccountId;
use assent_events::carbon::{Cancelled, OperatorApproved, Retired, Transferred};

use super::units::{State, Units};
use super::{Account, Approval, Balance, Batch, Cancellation, Fold, Retirement, freezes};
use crate::fold::{Moment, Stop, bigint, hex, key};
use crate::rows::Rows;

impl Fold for Transferred {
    fn want(&self, rows: &mut Rows) {
        for account in [self.from, self.to, self.by] {
            rows.want::<Account>((account,));
        }
        if self.by != self.from {
            rows.want::<Approval>((self.from, self.by, key(self.batch)));
        }
        for owner in [self.from, self.to] {
            rows.want::<Balance>((key(self.batch), owner));
        }
    }

    fn apply(&self, moment: Moment, rows: &mut Rows) -> Result<(), Stop> {
        let Self { batch, from, to, amount, by } = *self;
        let units = Units::of(batch, amount, moment)?;
        freezes::check(&[from, to, by], rows)?;
        if by != from {
            check_approved(from, by, units.batch, rows)?;
        }
        units.take(from, State::Tradable, rows)?;
        units.give(to, State::Tradable, rows)
    }
}

impl Fold for OperatorApproved {
    fn want(&self, rows: &mut Rows) {
        rows.want::<Batch>((key(self.batch),));
        rows.want::<Approval>((self.owner, self.operator, key(self.batch)));
    }

    fn apply(&self, Moment { at, .. }: Moment, rows: &mut Rows) -> Result<(), Stop> {
        let Self { batch, owner, operator, amount } = *self;
        let batch = bigint(batch, "batch")?;
        rows.find::<Batch>((batch,), || format!("carbon batch {batch} is not there"))?;
        rows.put(Approval { owner, operator, batch, amount, at })
    }
}

impl Fold for Retired {
    fn want(&self, rows: &mut Rows) {
        want_own(self.batch, self.owner, rows);
    }

    fn apply(&self, moment: Moment, rows: &mut Rows) -> Result<(), Stop> {
        let Self { batch, owner, beneficiary, amount, reason } = *self;
        let units = Units::of(batch, amount, moment)?;
        freezes::check(&[owner], rows)?;
        units.turn(owner, State::Tradable, State::Retired, rows)?;
        let (batch, at) = (units.batch, moment.at);
        rows.append(Retirement { batch, owner, beneficiary, amount, reason, at });
        Ok(())
    }
}

impl Fold for Cancelled {
    fn want(&self, rows: &mut Rows) {
        want_own(self.batch, self.owner, rows);
    }

    fn apply(&self, moment: Moment, rows: &mut Rows) -> Result<(), Stop> {
        let Self { batch, owner, amount, reason } = *self;
        let units = Units::of(batch, amount, moment)?;
        freezes::check(&[owner], rows)?;
        units.turn(owner, State::Tradable, State::Cancelled, rows)?;
        let (batch, at) = (units.batch, moment.at);
        rows.append(Cancellation { batch, owner, amount, reason, at });
        Ok(())
    }
}

/// What an owner reads who does something with units of his own.
fn want_own(batch: u64, owner: AccountId, rows: &mut Rows) {
    rows.want::<Account>((owner,));
    rows.want::<Batch>((key(batch),));
    rows.want::<Balance>((key(batch), owner));
}

/// Only an operator that its owner approved for the batch moves units. How many he may move, the
/// contract judges: what is left comes in an event of its own, before the units move.
pub(super) fn check_approved(
    owner: AccountId,
    operator: AccountId,
    batch: i64,
    rows: &mut Rows,
) -> Result<(), Stop> {
    rows.find::<Approval>((owner, operator, batch), || {
        let (owner, operator) = (hex(owner), hex(operator));
        format!("{operator} was never approved for units of batch {batch} of {owner}")
    })?;
    Ok(())
}
