//! Who may act for a data owner.

use assent_events::consent::{DelegateRemoved, DelegateSet};

use super::{Delegation, Ended, check_epoch};
use crate::fold::{Stop, contradiction, hex};
use crate::position::Position;
use crate::rows::Rows;

pub(super) fn set(event: &DelegateSet, at: Position, rows: &mut Rows) -> Result<(), Stop> {
    let DelegateSet { owner, delegate, purposes, categories, until, epoch } = *event;
    check_epoch(owner, epoch.into(), rows)?;
    rows.put(Delegation {
        owner,
        delegate,
        purposes: purposes.into(),
        categories: categories.into(),
        valid_until_ms: until,
        epoch: epoch.into(),
        ended: None,
        at,
    })
}

pub(super) fn removed(event: &DelegateRemoved, rows: &mut Rows) -> Result<(), Stop> {
    let DelegateRemoved { owner, delegate } = *event;
    let missing = || format!("{} is no delegate of owner {}", hex(delegate), hex(owner));
    let before: Delegation = rows.find((owner, delegate), missing)?;
    // Also one that ended with its epoch may be taken back: the contract still holds it.
    if before.ended.is_some() {
        return contradiction(missing());
    }
    rows.put(Delegation { ended: Some(Ended::Removed), ..before })
}
