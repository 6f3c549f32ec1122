//! What owners choose beyond grants and denials: that they want no emergency access, and a restriction
//! of everybody except those that they name, which may also be a guardian's. That decisions keep to it is
//! the contract's to know.

use assent_events::AccountId;
use assent_events::consent::{
    EmergenciesAllowed, EmergenciesRefused, Excepted, GuardianRestricted, Restricted,
    RestrictionLifted,
};

use super::{EmergencyRefusal, Exception, Restriction, actor};
use crate::fold::{Moment, Stop, bigint, contradiction, hex};
use crate::position::Position;
use crate::rows::Rows;

pub(super) fn emergencies_refused(
    event: &EmergenciesRefused,
    at: Position,
    rows: &mut Rows,
) -> Result<(), Stop> {
    let EmergenciesRefused { owner, at: at_ms } = *event;
    let before: Option<EmergencyRefusal> = rows.get((owner,))?;
    if before.is_some_and(|before| before.allowed_at_ms.is_none()) {
        return contradiction(format!("owner {} refuses emergencies already", hex(owner)));
    }
    let refused_at_ms = bigint(at_ms, "at")?;
    rows.put(EmergencyRefusal { owner, refused_at_ms, allowed_at_ms: None, allowed_by: None, at })
}

pub(super) fn emergencies_allowed(
    event: &EmergenciesAllowed,
    Moment { next, .. }: Moment,
    rows: &mut Rows,
) -> Result<(), Stop> {
    let EmergenciesAllowed { owner, at: at_ms } = *event;
    let missing = || format!("owner {} does not refuse emergencies", hex(owner));
    let before: EmergencyRefusal = rows.find((owner,), missing)?;
    if before.allowed_at_ms.is_some() {
        return contradiction(missing());
    }
    let (allowed_at_ms, allowed_by) = (Some(bigint(at_ms, "at")?), Some(actor(owner, next)));
    rows.put(EmergencyRefusal { allowed_at_ms, allowed_by, ..before })
}

pub(super) fn restricted(event: &Restricted, at: Position, rows: &mut Rows) -> Result<(), Stop> {
    impose(event, event.owner, at, rows)
}

/// For an owner, by a guardian: it counts among the owner's restrictions, for he has one at a time.
pub(super) fn restricted_by_guardian(
    event: &GuardianRestricted,
    at: Position,
    rows: &mut Rows,
) -> Result<(), Stop> {
    let GuardianRestricted { owner, purposes, categories, by, at: at_ms } = *event;
    impose(&Restricted { owner, purposes, categories, at: at_ms }, by, at, rows)
}

fn impose(
    event: &Restricted,
    restricted_by: AccountId,
    at: Position,
    rows: &mut Rows,
) -> Result<(), Stop> {
    let Restricted { owner, purposes, categories, at: at_ms } = *event;
    if purposes == 0 || categories == 0 {
        return contradiction(format!("owner {} restricts nothing", hex(owner)));
    }
    let before: Option<Restriction> = rows.get((owner,))?;
    if before.as_ref().is_some_and(|before| before.lifted_at_ms.is_none()) {
        return contradiction(format!("owner {} has a restriction already", hex(owner)));
    }
    rows.put(Restriction {
        owner,
        number: before.map_or(1, |before| before.number + 1),
        purposes: purposes.into(),
        categories: categories.into(),
        restricted_at_ms: bigint(at_ms, "at")?,
        restricted_by,
        lifted_at_ms: None,
        lifted_by: None,
        at,
    })
}

pub(super) fn excepted(event: &Excepted, at: Position, rows: &mut Rows) -> Result<(), Stop> {
    let Excepted { owner, account } = *event;
    let restriction = in_force(owner, rows)?;
    let before: Option<Exception> = rows.get((owner, account))?;
    if before.is_some_and(|before| before.restriction == restriction.number) {
        return contradiction(format!("owner {} excepts {} twice", hex(owner), hex(account)));
    }
    rows.put(Exception { owner, account, restriction: restriction.number, at })
}

pub(super) fn restriction_lifted(
    event: &RestrictionLifted,
    Moment { next, .. }: Moment,
    rows: &mut Rows,
) -> Result<(), Stop> {
    let RestrictionLifted { owner, at: at_ms } = *event;
    let before = in_force(owner, rows)?;
    let (lifted_at_ms, lifted_by) = (Some(bigint(at_ms, "at")?), Some(actor(owner, next)));
    rows.put(Restriction { lifted_at_ms, lifted_by, ..before })
}

/// The restriction of an owner, which must hold.
fn in_force(owner: AccountId, rows: &mut Rows) -> Result<Restriction, Stop> {
    let missing = || format!("owner {} has no restriction", hex(owner));
    let restriction: Restriction = rows.find((owner,), missing)?;
    if restriction.lifted_at_ms.is_some() {
        return contradiction(missing());
    }
    Ok(restriction)
}
