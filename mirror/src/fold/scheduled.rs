//! Settings that move money: a change waits, and until then what was set before holds.

/// A setting as its contract holds it. What is due becomes the value only once another change is set, so
/// a row says the same as the contract's view, and whoever reads it asks what holds [at](Self::at) a
/// moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scheduled<T> {
    /// What holds, unless the next one does.
    pub(super) value: T,
    /// What it will be, and the first moment at which it is, ms since 1970.
    pub(super) next: Option<(T, u64)>,
}

impl<T: Copy> Scheduled<T> {
    /// One that was never changed.
    pub(super) const fn of(value: T) -> Self {
        Self { value, next: None }
    }

    /// What holds at a moment.
    pub(super) fn at(self, now: u64) -> T {
        match self.next {
            Some((next, from)) if from <= now => next,
            _ => self.value,
        }
    }

    /// After another change was set at the moment `now`, which holds `from` a moment on. It replaces one
    /// that waits.
    pub(super) fn set(self, value: T, from: u64, now: u64) -> Self {
        if from <= now {
            return Self::of(value);
        }
        Self { value: self.at(now), next: Some((value, from)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_waits_and_holds_from_its_moment_on() {
        let set = Scheduled::of(1).set(2, 20, 10);
        assert_eq!(set, Scheduled { value: 1, next: Some((2, 20)) });
        assert_eq!((set.at(19), set.at(20)), (1, 2));
    }

    #[test]
    fn what_is_due_becomes_the_value_when_another_change_is_set_and_what_waits_is_replaced() {
        let set = Scheduled::of(1).set(2, 20, 10);
        assert_eq!(set.set(3, 30, 19), Scheduled { value: 1, next: Some((3, 30)) });
        assert_eq!(set.set(3, 30, 20), Scheduled { value: 2, next: Some((3, 30)) });
    }

    #[test]
    fn what_holds_at_once_replaces_all() {
        let set = Scheduled::of(1).set(2, 20, 10);
        assert_eq!(set.set(3, 15, 15), Scheduled::of(3));
    }
}
