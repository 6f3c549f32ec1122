//! Settings that move money: what is set holds after the delay.

pub use assent_interface::governance::{Next, Scheduled};

/// What was set, by a message or by a handover.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting<T> {
    /// What.
    pub value: T,
    /// When it was set.
    pub at: u64,
    /// From when on it is to hold.
    pub from: u64,
}

/// A setting as time goes on.
pub trait InTime<T> {
    /// What holds at `now`.
    fn at(&self, now: u64) -> T;

    /// What does not hold yet at `now`.
    fn pending(&self, now: u64) -> Option<Next<T>>;

    /// Sets what is to hold after `delay`, instead of what is pending.
    fn set(&mut self, now: u64, delay: u64, value: T) -> Setting<T>;
}

impl<T: Copy> InTime<T> for Scheduled<T> {
    fn at(&self, now: u64) -> T {
        match self.next {
            Some(next) if next.from <= now => next.value,
            _ => self.value,
        }
    }

    fn pending(&self, now: u64) -> Option<Next<T>> {
        self.next.filter(|next| now < next.from)
    }

    fn set(&mut self, now: u64, delay: u64, value: T) -> Setting<T> {
        let from = now.saturating_add(delay);
        *self = Self { value: self.at(now), next: Some(Next { value, from }) };
        Setting { value, at: now, from }
    }
}
