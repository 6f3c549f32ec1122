//! Which key acts for a participant, and which one is to. That a key was nobody's before, and that who acted
//! anywhere did so by a key of his at that time, is among [the invariants](crate::INVARIANTS).

use assent_events::participants::{
    KeyReplaced, ReplacementConfirmed, ReplacementObjected, ReplacementProposed,
    ReplacementRejected, SuccessionCancelled, SuccessorNamed,
};
use assent_events::{AccountId, Hash};

use super::{Ending, Participant, ParticipantKey, Succession, change};
use crate::fold::{Moment, Stop, bigint, contradiction, hex};
use crate::rows::Rows;

pub(super) fn named(event: &SuccessorNamed, moment: Moment, rows: &mut Rows) -> Result<(), Stop> {
    let SuccessorNamed { subject, to, not_before, until } = *event;
    name(subject, to, (not_before, until), None, moment, rows)
}

pub(super) fn proposed(
    event: &ReplacementProposed,
    moment: Moment,
    rows: &mut Rows,
) -> Result<(), Stop> {
    let ReplacementProposed { subject, to, evidence, not_before, until, by } = *event;
    name(subject, to, (not_before, until), Some((by, evidence)), moment, rows)
}

/// It takes the place of what the participant said himself, or of what is over; of nothing else that a
/// regulator said.
fn name(
    subject: AccountId,
    successor: AccountId,
    (not_before_ms, until_ms): (u64, u64),
    proposed: Option<(AccountId, Hash)>,
    Moment { at, time_ms, .. }: Moment,
    rows: &mut Rows,
) -> Result<(), Stop> {
    let before: Option<Succession> = rows.get((subject,))?;
    let regulators = |before: Succession| before.is_open(time_ms) && before.proposed_by.is_some();
    if before.is_some_and(regulators) {
        return contradiction(format!("a regulator replaces the key of {} already", hex(subject)));
    }
    rows.put(Succession {
        subject,
        successor,
        proposed_by: proposed.map(|(by, _)| by),
        evidence: proposed.map(|(_, evidence)| evidence),
        named_at_ms: bigint(time_ms, "the time of the block")?,
        not_before_ms,
        until_ms,
        objected_at_ms: None,
        confirmed_at_ms: None,
        confirmed_by: None,
        ended_at_ms: None,
        ending: None,
        rejected_by: None,
        at,
    })
}

pub(super) fn cancelled(
    event: &SuccessionCancelled,
    moment: Moment,
    rows: &mut Rows,
) -> Result<(), Stop> {
    let SuccessionCancelled { subject, to } = *event;
    let now = bigint(moment.time_ms, "the time of the block")?;
    go_on(subject, to, moment, rows, |before| {
        let own = before.proposed_by.is_none();
        own.then_some(Succession {
            ended_at_ms: Some(now),
            ending: Some(Ending::Cancelled),
            ..before
        })
    })
}

pub(super) fn objected(
    event: &ReplacementObjected,
    moment: Moment,
    rows: &mut Rows,
) -> Result<(), Stop> {
    let ReplacementObjected { subject, to } = *event;
    let now = bigint(moment.time_ms, "the time of the block")?;
    go_on(subject, to, moment, rows, |before| {
        let first = before.proposed_by.is_some() && before.objected_at_ms.is_none();
        first.then_some(Succession { objected_at_ms: Some(now), ..before })
    })
}

pub(super) fn confirmed(
    event: &ReplacementConfirmed,
    moment: Moment,
    rows: &mut Rows,
) -> Result<(), Stop> {
    let ReplacementConfirmed { subject, to, by } = *event;
    let now = bigint(moment.time_ms, "the time of the block")?;
    go_on(subject, to, moment, rows, |before| {
        let second = before.proposed_by.is_some_and(|proposed_by| proposed_by != by);
        let undecided = before.objected_at_ms.is_some() && before.confirmed_at_ms.is_none();
        (second && undecided).then_some(Succession {
            confirmed_at_ms: Some(now),
            confirmed_by: Some(by),
            ..before
        })
    })
}

pub(super) fn rejected(
    event: &ReplacementRejected,
    moment: Moment,
    rows: &mut Rows,
) -> Result<(), Stop> {
    let ReplacementRejected { subject, to, by } = *event;
    let now = bigint(moment.time_ms, "the time of the block")?;
    go_on(subject, to, moment, rows, |before| {
        // Also one to which nobody objects, and one that was confirmed.
        let regulators = before.proposed_by.is_some();
        regulators.then_some(Succession {
            ended_at_ms: Some(now),
            ending: Some(Ending::Rejected),
            rejected_by: Some(by),
            ..before
        })
    })
}

pub(super) fn replaced(event: &KeyReplaced, moment: Moment, rows: &mut Rows) -> Result<(), Stop> {
    let KeyReplaced { subject, from, to } = *event;
    let (at, time_ms) = (moment.at, moment.time_ms);
    let now = bigint(time_ms, "the time of the block")?;
    go_on(subject, to, moment, rows, |before| {
        let undisputed = before.objected_at_ms.is_none() || before.confirmed_at_ms.is_some();
        let may = undisputed && before.not_before_ms <= time_ms;
        let (ended_at_ms, ending) = (Some(now), Some(Ending::Accepted));
        may.then_some(Succession { ended_at_ms, ending, ..before })
    })?;
    change(subject, rows, |before| {
        let current = before.key.unwrap_or(subject);
        (current == from).then_some(Participant { key: Some(to), ..before })
    })?;
    // Of a participant's own account there was no row.
    let own = ParticipantKey { key: from, subject, accepted_at_ms: None, replaced_at_ms: None, at };
    let before: Option<ParticipantKey> = rows.get((from,))?;
    match before.or((from == subject).then_some(own)) {
        Some(before) if before.subject == subject && before.replaced_at_ms.is_none() => {
            rows.put(ParticipantKey { replaced_at_ms: Some(now), ..before })?;
        }
        _ => return contradiction(format!("{} is no key of {}", hex(from), hex(subject))),
    }
    let key =
        ParticipantKey { key: to, subject, accepted_at_ms: Some(now), replaced_at_ms: None, at };
    rows.insert(key, || format!("{} was a key before", hex(to)))
}

/// Goes on with what was said last of the key of `subject`, which must be about `to`, and in a state that goes
/// on so.
fn go_on(
    subject: AccountId,
    to: AccountId,
    Moment { time_ms, .. }: Moment,
    rows: &mut Rows,
    after: impl FnOnce(Succession) -> Option<Succession>,
) -> Result<(), Stop> {
    let other = || {
        let (to, subject) = (hex(to), hex(subject));
        format!("{to} is not to act for {subject}, or that is in another state")
    };
    let before: Succession = rows.find((subject,), other)?;
    let fits = before.successor == to && before.is_open(time_ms);
    match Some(before).filter(|_| fits).and_then(after) {
        Some(after) => rows.put(after),
        None => contradiction(other()),
    }
}

impl Succession {
    /// Whether it may still come to something.
    fn is_open(&self, now: u64) -> bool {
        self.ending.is_none() && now < self.until_ms
    }
}
