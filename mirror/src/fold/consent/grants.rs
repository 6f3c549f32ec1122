//! Grants: given, amended, revoked alone or all at once, their link to the record forgotten.

use assent_events::consent::{
    AllRevoked, Amended, Event, Granted, GuardianGranted, LinkErased, Revoked,
};
use assent_events::{AccountId, Event as Any};

use super::{Delegation, Epoch, Grant, actor, check_delegate, check_epoch, is_over, is_present};
use crate::fold::{Moment, Stop, bigint, contradiction, hex};
use crate::rows::Rows;

pub(super) fn granted(
    event: &Granted,
    Moment { at, next, .. }: Moment,
    rows: &mut Rows,
) -> Result<(), Stop> {
    let Granted {
        grant,
        owner,
        grantee,
        purposes,
        categories,
        from,
        until,
        max_uses,
        record,
        policy,
        epoch,
        by,
    } = *event;
    check_epoch(owner, epoch.into(), rows)?;
    // In which guardianship a guardian gave it the next event says.
    let guardianship: Option<i64> = match next {
        Some(Any::Consent(Event::GuardianGranted(given))) if given.grant == grant => {
            Some(given.guardianship.into())
        }
        _ => None,
    };
    if guardianship.is_none() {
        check_delegate(owner, by, rows)?;
    }
    let row = Grant {
        id: bigint(grant, "grant")?,
        owner,
        grantee,
        purposes: purposes.into(),
        categories: categories.into(),
        valid_from_ms: from,
        valid_until_ms: until,
        max_uses: max_uses.map(i64::from),
        uses: 0,
        record,
        link_erased: false,
        policy,
        version: 1,
        epoch: epoch.into(),
        granted_by: by,
        guardianship,
        amended_by: None,
        amended_at_ms: None,
        revoked_at_ms: None,
        revoked_by: None,
        at,
    };
    rows.insert(row, || format!("grant {grant} is there already"))
}

/// It stands after the grant that it is about.
pub(super) fn granted_by_guardian(event: &GuardianGranted, rows: &mut Rows) -> Result<(), Stop> {
    let GuardianGranted { grant, owner, guardianship } = *event;
    let other = || format!("grant {grant} is not one that a guardian has just given");
    let given: Grant = rows.find((bigint(grant, "grant")?,), other)?;
    if given.owner != owner
        || given.granted_by == owner
        || given.guardianship != Some(i64::from(guardianship))
    {
        return contradiction(other());
    }
    Ok(())
}

pub(super) fn amended(event: &Amended, rows: &mut Rows) -> Result<(), Stop> {
    let Amended {
        grant,
        owner,
        version,
        purposes,
        categories,
        from,
        until,
        max_uses,
        policy,
        by,
        at: at_ms,
    } = *event;
    let otherwise =
        || format!("grant {grant} is not there, revoked, or not at the version before {version}");
    let before = in_force(grant, owner, rows, otherwise)?;
    if before.version + 1 != i64::from(version) {
        return contradiction(otherwise());
    }
    let max_uses = max_uses.map(i64::from);
    // The uses go on through all versions.
    if max_uses.is_some_and(|max_uses| max_uses < before.uses) {
        return contradiction(format!(
            "version {version} of grant {grant} takes back uses of which {} were made",
            before.uses
        ));
    }
    rows.put(Grant {
        version: version.into(),
        purposes: purposes.into(),
        categories: categories.into(),
        valid_from_ms: from,
        valid_until_ms: until,
        max_uses,
        policy,
        amended_by: Some(by),
        amended_at_ms: Some(bigint(at_ms, "at")?),
        ..before
    })
}

pub(super) fn revoked(event: &Revoked, rows: &mut Rows) -> Result<(), Stop> {
    let Revoked { grant, owner, by, at: at_ms } = *event;
    let otherwise = || format!("grant {grant} is not there, or already revoked");
    let before = in_force(grant, owner, rows, otherwise)?;
    let revoked_at_ms = Some(bigint(at_ms, "at")?);
    rows.put(Grant { revoked_at_ms, revoked_by: Some(by), ..before })
}

/// A grant of this owner that was revoked neither alone, nor with all others of its epoch, nor with what
/// its delegate gave. Whether it ended with a guardianship participants knows.
pub(super) fn in_force(
    grant: u64,
    owner: AccountId,
    rows: &mut Rows,
    otherwise: impl Fn() -> String,
) -> Result<Grant, Stop> {
    let grant: Grant = rows.find((bigint(grant, "grant")?,), &otherwise)?;
    if grant.owner != owner
        || grant.revoked_at_ms.is_some()
        || is_over(owner, grant.epoch, rows)?
        || went_with_its_delegate(&grant, rows)?
    {
        return contradiction(otherwise());
    }
    Ok(grant)
}

/// Whether the delegate who gave it was removed with all that he had given.
fn went_with_its_delegate(grant: &Grant, rows: &mut Rows) -> Result<bool, Stop> {
    if grant.granted_by == grant.owner || grant.guardianship.is_some() {
        return Ok(false);
    }
    let giver: Option<Delegation> = rows.get((grant.owner, grant.granted_by))?;
    let revoked_up_to = giver.and_then(|giver| giver.revoked_up_to);
    Ok(revoked_up_to.is_some_and(|revoked_up_to| grant.id <= revoked_up_to))
}

/// Epochs follow one another.
pub(super) fn all_revoked(
    event: &AllRevoked,
    Moment { at, next, .. }: Moment,
    rows: &mut Rows,
) -> Result<(), Stop> {
    let AllRevoked { owner, epoch, at: at_ms } = *event;
    let epoch = i64::from(epoch);
    if epoch == 0 || !is_present(owner, epoch - 1, rows)? {
        return contradiction(format!(
            "epoch {epoch} of owner {} does not follow the present one",
            hex(owner)
        ));
    }
    let (began_at_ms, began_by) = (bigint(at_ms, "at")?, actor(owner, next));
    rows.append(Epoch { owner, epoch, began_at_ms, began_by, at });
    Ok(())
}

pub(super) fn link_erased(event: &LinkErased, rows: &mut Rows) -> Result<(), Stop> {
    let LinkErased { grant, owner } = *event;
    let missing = || format!("grant {grant} is not there, or has no link to a record");
    // The grant is over: that the contract asks for it is among the invariants.
    let before: Grant = rows.find((bigint(grant, "grant")?,), missing)?;
    if before.owner != owner || before.record.is_none() {
        return contradiction(missing());
    }
    rows.put(Grant { record: None, link_erased: true, ..before })
}
