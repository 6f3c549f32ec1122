//! Settings that move money: a change waits for the delay of the government, so that everyone who
//! disagrees can leave first.

/// A setting, and what it will be. Views answer it as it is stored: what holds at a moment is what
/// [`Self::at`] says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Scheduled<T> {
    /// What holds, unless the next one does.
    pub value: T,
    /// What was set last, if it replaces that.
    pub next: Option<Next<T>>,
}

/// What a setting will be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Next<T> {
    /// What it will be.
    pub value: T,
    /// First moment at which it holds, ms since 1970.
    pub from: u64,
}

impl<T: Copy> Scheduled<T> {
    /// What holds at once, with nothing to come.
    pub const fn now(value: T) -> Self {
        Self { value, next: None }
    }

    /// What holds at `now`.
    pub fn at(&self, now: u64) -> T {
        self.next.filter(|next| next.from <= now).map_or(self.value, |next| next.value)
    }

    /// Lets `value` hold from `delay` ms after `now` on, and gives that moment. What is to come and
    /// does not hold by now never will.
    pub fn set(&mut self, now: u64, delay: u64, value: T) -> u64 {
        // A moment after the end of time never comes: so does what is set for it.
        let from = now.saturating_add(delay);
        *self = Self { value: self.at(now), next: Some(Next { value, from }) };
        from
    }
}
