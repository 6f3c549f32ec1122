//! What data owners, or guardians for them, denied explicitly: it adds up, purpose by purpose. The owner
//! lifts what either denied, a guardian what guardians did.

use assent_events::consent::{DenialLifted, Denied, GuardianDenialLifted, GuardianDenied};

use super::Denial;
use crate::fold::{Stop, bigint, contradiction, hex};
use crate::position::Position;
use crate::rows::Rows;

/// The purposes in a mask.
pub(super) fn indices(mask: u32) -> impl Iterator<Item = i16> {
    (0..32).filter(move |index| mask & (1 << index) != 0)
}

pub(super) fn denied(event: &Denied, at: Position, rows: &mut Rows) -> Result<(), Stop> {
    add(event, at, rows, |before, more| Denial { categories: before.categories | more, ..before })
}

pub(super) fn denied_by_guardian(
    event: &GuardianDenied,
    at: Position,
    rows: &mut Rows,
) -> Result<(), Stop> {
    let GuardianDenied { owner, requester, purposes, categories, by: _, at: at_ms } = *event;
    add(&Denied { owner, requester, purposes, categories, at: at_ms }, at, rows, |before, more| {
        Denial { by_guardians: before.by_guardians | more, ..before }
    })
}

/// What is denied for each of the purposes after `with` added the categories.
fn add(
    event: &Denied,
    at: Position,
    rows: &mut Rows,
    with: impl Fn(Denial, i64) -> Denial,
) -> Result<(), Stop> {
    let Denied { owner, requester, purposes, categories, at: at_ms } = *event;
    if purposes == 0 || categories == 0 {
        return contradiction(format!("owner {} denies nothing", hex(owner)));
    }
    let denied_at_ms = bigint(at_ms, "at")?;
    for purpose in indices(purposes) {
        let before: Option<Denial> = rows.get((owner, requester, purpose))?;
        let before = before.unwrap_or(Denial {
            owner,
            requester,
            purpose,
            categories: 0,
            by_guardians: 0,
            denied_at_ms,
            lifted_at_ms: None,
            at,
        });
        let denied = with(before.clone(), categories.into());
        // What is denied already stays as it was.
        if denied != before {
            rows.put(Denial { denied_at_ms, lifted_at_ms: None, ..denied })?;
        }
    }
    Ok(())
}

pub(super) fn lifted(event: &DenialLifted, rows: &mut Rows) -> Result<(), Stop> {
    narrow(event, rows, |before, lifted| Denial {
        categories: before.categories & !lifted,
        by_guardians: before.by_guardians & !lifted,
        ..before
    })
}

pub(super) fn lifted_by_guardian(
    event: &GuardianDenialLifted,
    rows: &mut Rows,
) -> Result<(), Stop> {
    let GuardianDenialLifted { owner, requester, purposes, categories, by: _, at } = *event;
    narrow(&DenialLifted { owner, requester, purposes, categories, at }, rows, |before, lifted| {
        Denial { by_guardians: before.by_guardians & !lifted, ..before }
    })
}

/// What is denied for each of the purposes after `without` took the categories away.
fn narrow(
    event: &DenialLifted,
    rows: &mut Rows,
    without: impl Fn(Denial, i64) -> Denial,
) -> Result<(), Stop> {
    let DenialLifted { owner, requester, purposes, categories: lifted, at: at_ms } = *event;
    let at_ms = bigint(at_ms, "at")?;
    let mut narrowed = false;
    for purpose in indices(purposes) {
        let Some(before) = rows.get::<Denial>((owner, requester, purpose))? else { continue };
        let left = without(before.clone(), lifted.into());
        if left != before {
            narrowed = true;
            let lifted_at_ms = (left.categories == 0 && left.by_guardians == 0).then_some(at_ms);
            rows.put(Denial { lifted_at_ms, ..left })?;
        }
    }
    if narrowed {
        return Ok(());
    }
    contradiction(format!("owner {} denies nothing of that to {}", hex(owner), hex(requester)))
}
