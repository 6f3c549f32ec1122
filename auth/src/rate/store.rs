//! How much each has asked, within a bound: whoever comes when it is reached shares one limit with all others that
//! do, until some are forgotten.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use governor::{
    nanos::Nanos,
    state::{StateStore, keyed::ShrinkableKeyedStateStore},
};

use super::Who;

/// About 10 MB.
const MOST: usize = 100_000;

#[derive(Debug, Default)]
struct Times {
    of: HashMap<Who, Nanos>,
    of_others: Option<Nanos>,
}

/// When each will have its whole limit again.
#[derive(Debug, Default)]
pub(crate) struct Bounded(Mutex<Times>);

impl Bounded {
    fn times(&self) -> MutexGuard<'_, Times> {
        // Nothing is half done when the limiter's function panics.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl StateStore for Bounded {
    type Key = Who;

    fn measure_and_replace<T, F, E>(&self, who: &Who, decide: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let mut times = self.times();
        let is_full = times.of.len() >= MOST;
        match times.of.get_mut(who) {
            Some(time) => {
                let (answer, next) = decide(Some(*time))?;
                *time = next;
                Ok(answer)
            }
            None if is_full => {
                let (answer, next) = decide(times.of_others)?;
                times.of_others = Some(next);
                Ok(answer)
            }
            None => {
                let (answer, next) = decide(None)?;
                times.of.insert(who.clone(), next);
                Ok(answer)
            }
        }
    }
}

impl ShrinkableKeyedStateStore<Who> for Bounded {
    fn retain_recent(&self, drop_below: Nanos) {
        self.times().of.retain(|_, time| *time > drop_below);
    }

    fn shrink_to_fit(&self) {
        self.times().of.shrink_to_fit();
    }

    fn len(&self) -> usize {
        self.times().of.len()
    }

    fn is_empty(&self) -> bool {
        self.times().of.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;

    fn who(n: usize) -> Who {
        Who::Address(IpAddr::V4(Ipv4Addr::from_bits(u32::try_from(n).unwrap())))
    }

    #[test]
    fn who_comes_when_it_is_full_shares_and_who_was_there_goes_on() {
        let store = Bounded::default();
        let add = |n: usize, to: u64| {
            store.measure_and_replace(&who(n), |time| {
                let time = time.map_or(0, |time| time.as_u64());
                Ok::<_, ()>((time, Nanos::new(time + to)))
            })
        };
        for n in 0..MOST {
            assert_eq!(add(n, 1), Ok(0));
        }
        assert_eq!(add(0, 10), Ok(1));
        assert_eq!(add(MOST, 5), Ok(0));
        assert_eq!(add(MOST + 1, 5), Ok(5), "shared");
        assert_eq!(add(1, 1), Ok(1), "its own");
        assert_eq!(store.len(), MOST);
        store.retain_recent(Nanos::new(2));
        assert_eq!(store.len(), 1);
        assert_eq!(add(MOST, 5), Ok(0), "its own now");
    }
}
