//! Settings that move money: a change waits, and until then what was set before holds.

use serde::Serialize;
use utoipa::ToSchema;

use crate::types::Natural;

/// A setting that holds some time after it was set. Nothing happens on the chain at that moment, so what
/// holds is told as of the time of the last indexed block.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Scheduled<T> {
    /// What holds; null: nothing does yet.
    current: Option<T>,
    /// What was set and does not hold yet; null: nothing.
    next: Option<Next<T>>,
}

/// What a setting will be.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Next<T> {
    /// What it will be.
    value: T,
    /// First moment at which it holds, ms since 1970.
    from_ms: Natural,
}

impl<T> Scheduled<T> {
    /// As of a moment, ms since 1970, what the mirror says of a setting: what is due has replaced the
    /// value.
    pub fn at(now_ms: i64, value: Option<T>, next: Option<(T, Natural)>) -> Self {
        match next {
            Some((next, Natural(from))) if u64::try_from(now_ms).is_ok_and(|now| from <= now) => {
                Self { current: Some(next), next: None }
            }
            next => {
                Self { current: value, next: next.map(|(value, from_ms)| Next { value, from_ms }) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_due_holds_from_its_moment_on() {
        let at = |now, from| Scheduled::at(now, Some(1), Some((2, Natural(from))));
        let waits = Scheduled {
            current: Some(1),
            next: Some(Next { value: 2, from_ms: Natural(u64::MAX) }),
        };
        assert_eq!(at(i64::MAX, u64::MAX), waits);
        assert_eq!(at(19, 20).current, Some(1));
        assert_eq!(at(20, 20), Scheduled { current: Some(2), next: None });
        assert_eq!(Scheduled::at(20, None::<i32>, None), Scheduled { current: None, next: None });
    }
}
