//! Who may act for a data owner.

use assent_events::consent::{DelegateRemoved, DelegateSet};

use super::{DelegateRevocation, Delegation, Ended, actor, check_epoch};
use crate::fold::{Moment, Stop, bigint, contradiction, hex};
use crate::position::Position;
use crate::rows::Rows;

pub(super) fn set(event: &DelegateSet, at: Position, rows: &mut Rows) -> Result<(), Stop> {
    let DelegateSet { owner, delegate, purposes, categories, until, epoch } = *event;
    check_epoch(owner, epoch.into(), rows)?;
    let earlier: Option<Delegation> = rows.get((owner, delegate))?;
    rows.put(Delegation {
        owner,
        delegate,
        purposes: purposes.into(),
        categories: categories.into(),
        valid_until_ms: until,
        epoch: epoch.into(),
        ended: None,
        // What an earlier removal revoked stays so.
        revoked_up_to: earlier.and_then(|earlier| earlier.revoked_up_to),
        at,
    })
}

pub(super) fn removed(
    event: &DelegateRemoved,
    Moment { at, time_ms, next }: Moment,
    rows: &mut Rows,
) -> Result<(), Stop> {
    let DelegateRemoved { owner, delegate, revoked_up_to } = *event;
    let missing = || format!("{} is no delegate of owner {}", hex(delegate), hex(owner));
    let before: Delegation = rows.find((owner, delegate), missing)?;
    // Also one that ended with its epoch may be taken back: the contract still holds it.
    if before.ended.is_some() {
        return contradiction(missing());
    }
    let ended = Some(Ended::Removed);
    let Some(up_to) = revoked_up_to else { return rows.put(Delegation { ended, ..before }) };
    let revoked_up_to = bigint(up_to, "revoked_up_to")?;
    let revoked_after = before.revoked_up_to.unwrap_or(0);
    if revoked_up_to < revoked_after {
        return contradiction(format!(
            "what {} gave for owner {} is revoked up to a later grant than {up_to}",
            hex(delegate),
            hex(owner)
        ));
    }
    rows.put(Delegation { ended, revoked_up_to: Some(revoked_up_to), ..before })?;
    // Nobody was given anything in between: it revokes no more than an earlier one.
    if revoked_up_to > revoked_after {
        let revoked_at_ms = bigint(time_ms, "the time of the block")?;
        rows.append(DelegateRevocation {
            owner,
            delegate,
            revoked_up_to,
            revoked_after,
            revoked_at_ms,
            revoked_by: actor(owner, next),
            at,
        });
    }
    Ok(())
}
