//! The log of access decisions: one chain of heads per data owner, and one of the contract for accounts
//! that were never admitted.

use assent_events::consent::{AccessDecided, OutsiderRefused};
use assent_events::{Decision, Hash};
use blake2::digest::consts::U32;
use blake2::{Blake2b, Digest as _};

use super::grants::in_force;
use super::{Access, Grant, LogHead, Outsiders, Window};
use crate::column::Singleton;
use crate::fold::{Stop, bigint, contradiction, hex};
use crate::position::Position;
use crate::rows::Rows;

pub(super) fn decided(event: &AccessDecided, at: Position, rows: &mut Rows) -> Result<(), Stop> {
    let AccessDecided {
        owner,
        requester,
        by,
        person,
        access,
        sequence,
        purpose,
        category,
        record,
        grant,
        window,
        decision,
        at: at_ms,
        previous,
        content,
        head,
    } = *event;
    let sequence = bigint(sequence, "sequence")?;
    let last: Option<LogHead> = rows.get((owner,))?;
    let link = Link { sequence, previous, content, head };
    link.follows(last.map(|last| (last.sequence, last.head)), || {
        format!("log entry {sequence} of owner {}", hex(owner))
    })?;
    rows.put(LogHead { owner, sequence, head, at })?;
    rows.append(Access {
        access: bigint(access, "access")?,
        owner,
        requester,
        asked_by: by,
        person,
        sequence,
        purpose: purpose.into(),
        category: category.into(),
        record,
        grant_id: grant.map(|grant| bigint(grant, "grant")).transpose()?,
        window_id: window.map(|window| bigint(window, "window")).transpose()?,
        permitted: decision == Decision::Permit,
        deny_reason: match decision {
            Decision::Permit => None,
            Decision::Deny(reason) => Some(reason),
        },
        at_ms: bigint(at_ms, "at")?,
        previous_head: previous,
        content,
        head,
        at,
    });
    match (decision, grant, window) {
        (Decision::Permit, Some(grant), None) => count_grant_use(event, grant, rows),
        (Decision::Permit, None, Some(window)) => count_window_use(event, window, rows),
        // A refusal names the grant that did not do, if there was one.
        (Decision::Deny(_), _, None) => Ok(()),
        (Decision::Permit, None, None) => {
            contradiction(format!("access {access} was permitted by neither grant nor window"))
        }
        (Decision::Permit, Some(_), Some(_)) => {
            contradiction(format!("access {access} was permitted by both a grant and a window"))
        }
        (Decision::Deny(_), _, Some(_)) => {
            contradiction(format!("access {access} was refused in a window, which permits"))
        }
    }
}

/// What is kept of the refusals of outsiders is how many there were, and the head.
pub(super) fn outsider_refused(
    event: &OutsiderRefused,
    at: Position,
    rows: &mut Rows,
) -> Result<(), Stop> {
    let OutsiderRefused { sequence, at: at_ms, previous, content, head, .. } = *event;
    let sequence = bigint(sequence, "sequence")?;
    let last: Option<Outsiders> = rows.get((Singleton,))?;
    let link = Link { sequence, previous, content, head };
    link.follows(last.map(|last| (last.sequence, last.head)), || {
        format!("refusal {sequence} of an outsider")
    })?;
    rows.put(Outsiders { singleton: Singleton, sequence, head, at_ms: bigint(at_ms, "at")?, at })
}

/// What chains an entry to the one before it.
struct Link {
    sequence: i64,
    previous: Hash,
    content: Hash,
    head: Hash,
}

impl Link {
    /// The entry must name the head of the one before it, and its own head must follow from that head and
    /// its content.
    fn follows(
        &self,
        last: Option<(i64, Hash)>,
        entry: impl FnOnce() -> String,
    ) -> Result<(), Stop> {
        let (sequence, head) = last.unwrap_or((0, [0; 32]));
        let linked = self.sequence == sequence + 1 && self.previous == head;
        let reason = match (linked, linked_head(self.previous, self.content) == self.head) {
            (true, true) => return Ok(()),
            (false, _) => "does not follow from the one before it",
            (true, false) => "has a head that is not the hash of the one before it and its content",
        };
        contradiction(format!("{} {reason}", entry()))
    }
}

/// BLAKE2b-256 over the head of the entry before it and its content, one after the other.
pub(super) fn linked_head(previous: Hash, content: Hash) -> Hash {
    Blake2b::<U32>::new().chain_update(previous).chain_update(content).finalize().into()
}

fn count_grant_use(event: &AccessDecided, grant: u64, rows: &mut Rows) -> Result<(), Stop> {
    let access = event.access;
    let otherwise = || format!("access {access} was permitted without a grant that holds here");
    let before = in_force(grant, event.owner, rows, otherwise)?;
    if before.grantee != event.requester {
        return contradiction(otherwise());
    }
    if before.max_uses.is_some_and(|max_uses| before.uses >= max_uses) {
        return contradiction(format!(
            "access {access} was permitted when grant {grant} was used up"
        ));
    }
    rows.put(Grant { uses: before.uses + 1, ..before })
}

fn count_window_use(event: &AccessDecided, window: u64, rows: &mut Rows) -> Result<(), Stop> {
    let otherwise =
        || format!("access {} was permitted without a window that is open here", event.access);
    let before: Window = rows.find((bigint(window, "window")?,), otherwise)?;
    let of_both = before.patient == event.owner && before.provider == event.requester;
    if !of_both || !before.is_open(bigint(event.at, "at")?) {
        return contradiction(otherwise());
    }
    rows.put(Window { uses: before.uses + 1, ..before })
}
