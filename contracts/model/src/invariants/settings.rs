//! What holds of settings that move money.

use crate::{Scheduled, Setting};
use std::fmt::Debug;

/// What is in effect at a moment, of what was `first` and was set since: what was still to come when
/// another was set never came.
pub(super) fn in_effect<T: Copy>(first: T, settings: &[Setting<T>], at: u64) -> T {
    let came = |(position, setting): &(usize, &Setting<T>)| {
        let later = settings.iter().skip(position + 1).take_while(|later| later.at <= at);
        setting.from <= at && !later.into_iter().any(|later| later.at < setting.from)
    };
    let last = settings.iter().enumerate().filter(came).last();
    last.map_or(first, |(_, setting)| setting.value)
}

/// Nothing takes effect before the delay, and what is stored is what was set.
pub(super) fn hold<T: Copy + PartialEq + Debug>(
    first: T,
    settings: &[Setting<T>],
    stored: &Scheduled<T>,
    delay: u64,
) -> Result<(), String> {
    for setting in settings {
        let waits = setting.from == u64::MAX || setting.from.checked_sub(setting.at) == Some(delay);
        hold!(waits, "in effect before its time: {setting:?}");
    }
    stored_right(first, settings, stored)
}

/// What is stored is what was set, now and later.
pub(super) fn stored_right<T: Copy + PartialEq + Debug>(
    first: T,
    settings: &[Setting<T>],
    stored: &Scheduled<T>,
) -> Result<(), String> {
    let Some(last) = settings.last() else {
        hold!(stored.value == first && stored.next.is_none(), "set by nobody: {stored:?}");
        return Ok(());
    };
    for at in [last.at, last.from.saturating_sub(1).max(last.at), last.from, u64::MAX] {
        let next = stored.next.as_ref().filter(|next| next.from <= at);
        let holds = next.map_or(stored.value, |next| next.value);
        let due = in_effect(first, settings, at);
        hold!(holds == due, "at {at} it is {due:?}: {stored:?}");
    }
    Ok(())
}
