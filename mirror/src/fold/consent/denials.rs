//! What data owners denied explicitly: it adds up, purpose by purpose.

use assent_events::consent::{DenialLifted, Denied};

use super::Denial;
use crate::fold::{Stop, bigint, contradiction, hex};
use crate::position::Position;
use crate::rows::Rows;

/// The purposes in a mask.
pub(super) fn indices(mask: u32) -> impl Iterator<Item = i16> {
    (0..32).filter(move |index| mask & (1 << index) != 0)
}

pub(super) fn denied(event: &Denied, at: Position, rows: &mut Rows) -> Result<(), Stop> {
    let Denied { owner, requester, purposes, categories, at: at_ms } = *event;
    if purposes == 0 || categories == 0 {
        return contradiction(format!("owner {} denies nothing", hex(owner)));
    }
    let denied_at_ms = bigint(at_ms, "at")?;
    for purpose in indices(purposes) {
        let before: Option<Denial> = rows.get((owner, requester, purpose))?;
        let denied = before.map_or(0, |before| before.categories);
        let categories = denied | i64::from(categories);
        // What is denied already stays as it was.
        if categories != denied {
            let lifted_at_ms = None;
            rows.put(Denial {
                owner,
                requester,
                purpose,
                categories,
                denied_at_ms,
                lifted_at_ms,
                at,
            })?;
        }
    }
    Ok(())
}

pub(super) fn lifted(event: &DenialLifted, rows: &mut Rows) -> Result<(), Stop> {
    let DenialLifted { owner, requester, purposes, categories: lifted, at: at_ms } = *event;
    let at_ms = bigint(at_ms, "at")?;
    let mut narrowed = false;
    for purpose in indices(purposes) {
        let Some(before) = rows.get::<Denial>((owner, requester, purpose))? else { continue };
        let categories = before.categories & !i64::from(lifted);
        if categories != before.categories {
            narrowed = true;
            let lifted_at_ms = (categories == 0).then_some(at_ms);
            rows.put(Denial { categories, lifted_at_ms, ..before })?;
        }
    }
    if narrowed {
        return Ok(());
    }
    contradiction(format!("owner {} denies nothing of that to {}", hex(owner), hex(requester)))
}
