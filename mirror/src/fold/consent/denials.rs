//! What data owners denied explicitly.

use assent_events::consent::{DenialLifted, Denied};

use super::Denial;
use crate::fold::{Stop, bigint, contradiction, hex};
use crate::position::Position;
use crate::rows::Rows;

pub(super) fn denied(event: &Denied, at: Position, rows: &mut Rows) -> Result<(), Stop> {
    let Denied { owner, requester, purposes, categories, at: at_ms } = *event;
    rows.put(Denial {
        owner,
        requester,
        purposes: purposes.into(),
        categories: categories.into(),
        denied_at_ms: bigint(at_ms, "at")?,
        lifted_at_ms: None,
        at,
    })
}

pub(super) fn lifted(event: &DenialLifted, rows: &mut Rows) -> Result<(), Stop> {
    let DenialLifted { owner, requester, at: at_ms } = *event;
    let missing = || format!("owner {} does not deny anything to {}", hex(owner), hex(requester));
    let before: Denial = rows.find((owner, requester), missing)?;
    if before.lifted_at_ms.is_some() {
        return contradiction(missing());
    }
    rows.put(Denial { lifted_at_ms: Some(bigint(at_ms, "at")?), ..before })
}
