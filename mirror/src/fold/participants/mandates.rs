//! Who acts for whom. What somebody did for another is in the rows of other projections; that he had a
//! mandate then is asked of all of them together, by [the invariants](crate::INVARIANTS).

use assent_events::participants::{
    GuardianAppointed, GuardiansChanged, MandateEnded, MemberAdmitted,
};
use assent_events::power;

use super::{Guardianship, Mandate, Participant, change};
use crate::fold::{Moment, Stop, bigint, contradiction, hex};
use crate::rows::Rows;

pub(super) fn admitted(
    event: &MemberAdmitted,
    Moment { at, time_ms, .. }: Moment,
    rows: &mut Rows,
) -> Result<(), Stop> {
    let MemberAdmitted { organisation, agent, powers, until, person } = *event;
    give(
        Mandate {
            subject: organisation,
            agent,
            powers: powers.into(),
            valid_until_ms: bigint(until, "until")?,
            person,
            appointed_by: None,
            admitted_at_ms: bigint(time_ms, "the time of the block")?,
            ended_at_ms: None,
            ended_by: None,
            at,
        },
        rows,
    )
}

pub(super) fn appointed(
    event: &GuardianAppointed,
    Moment { at, time_ms, .. }: Moment,
    rows: &mut Rows,
) -> Result<(), Stop> {
    let GuardianAppointed { ward, guardian, until, person, by } = *event;
    give(
        Mandate {
            subject: ward,
            agent: guardian,
            powers: power::GUARDIAN.into(),
            valid_until_ms: bigint(until, "until")?,
            person,
            appointed_by: Some(by),
            admitted_at_ms: bigint(time_ms, "the time of the block")?,
            ended_at_ms: None,
            ended_by: None,
            at,
        },
        rows,
    )
}

/// It takes the place of an earlier one of its kind, whether that still counts or not; of the other kind
/// only once that was ended.
fn give(mandate: Mandate, rows: &mut Rows) -> Result<(), Stop> {
    let (subject, agent) = (mandate.subject, mandate.agent);
    let before: Option<Mandate> = rows.get((subject, agent))?;
    let other_kind = |before: Mandate| {
        before.ended_at_ms.is_none()
            && before.appointed_by.is_some() != mandate.appointed_by.is_some()
    };
    if before.is_some_and(other_kind) {
        return contradiction(format!(
            "{} has a mandate of {} of another kind",
            hex(agent),
            hex(subject)
        ));
    }
    rows.put(mandate)
}

/// A guardianship follows the one before it. Why it begins is among the invariants.
pub(super) fn guardians_changed(
    event: &GuardiansChanged,
    Moment { at, time_ms, .. }: Moment,
    rows: &mut Rows,
) -> Result<(), Stop> {
    let GuardiansChanged { ward, guardianship } = *event;
    let guardianship = i64::from(guardianship);
    change(ward, rows, |before| {
        let follows = before.guardianship + 1 == guardianship;
        follows.then_some(Participant { guardianship, ..before })
    })?;
    let began_at_ms = bigint(time_ms, "the time of the block")?;
    rows.append(Guardianship { ward, guardianship, began_at_ms, at });
    Ok(())
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
