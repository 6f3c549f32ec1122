//! Who acts for whom. What somebody did for another is in the rows of other projections; that he had a
//! mandate then is asked of all of them together, by [the invariants](crate::INVARIANTS).

use assent_events::participants::{MandateEnded, MemberAdmitted};

use super::Mandate;
use crate::fold::{Moment, Stop, bigint, contradiction, hex};
use crate::rows::Rows;

pub(super) fn admitted(
    event: &MemberAdmitted,
    Moment { at, time_ms }: Moment,
    rows: &mut Rows,
) -> Result<(), Stop> {
    let MemberAdmitted { organisation, agent, powers, until, person } = *event;
    // It takes the place of an earlier one, whether that still counts or not.
    rows.put(Mandate {
        subject: organisation,
        agent,
        powers: powers.into(),
        valid_until_ms: bigint(until, "until")?,
        person,
        admitted_at_ms: bigint(time_ms, "the time of the block")?,
        ended_at_ms: None,
        ended_by: None,
        at,
    })
}

pub(super) fn ended(
    event: &MandateEnded,
    Moment { time_ms, .. }: Moment,
    rows: &mut Rows,
) -> Result<(), Stop> {
    let MandateEnded { subject, agent, by } = *event;
    let missing = || format!("{} has no mandate of {}", hex(agent), hex(subject));
    let before: Mandate = rows.find((subject, agent), missing)?;
    // Also one whose time is over may be ended: the contract still holds it.
    if before.ended_at_ms.is_some() {
        return contradiction(missing());
    }
    let ended_at_ms = Some(bigint(time_ms, "the time of the block")?);
    rows.put(Mandate { ended_at_ms, ended_by: Some(by), ..before })
}
