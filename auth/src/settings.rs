//! What a service says of itself, and how long things count.

use std::{fmt, sync::Arc, time::Duration};

use crate::{message::Site, moment::Moment};

/// What a service says of itself, and how long things count.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What sign-in messages say of it.
    pub site: Site,
    /// From being handed a nonce to signing in.
    pub nonce_lifetime: Duration,
    /// From the last refresh to the end of a session that nobody uses.
    pub idle_lifetime: Duration,
    /// From the sign-in to the end of a session however it is used.
    pub session_lifetime: Duration,
    /// Sessions of an account that go on at the same time; one more ends the one that was used least recently.
    pub sessions_per_account: u32,
    /// From the end of a session to its being forgotten; no less than `nonce_lifetime` is heeded.
    pub session_retention: Duration,
    /// From the end of an API key to its being forgotten.
    pub key_retention: Duration,
    /// From a reading to its being forgotten.
    pub read_retention: Duration,
    /// What time it is.
    pub clock: Clock,
}

const MINUTE: Duration = Duration::from_secs(60);
pub(crate) const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl Settings {
    /// With 5 minutes to sign, 50 sessions an account, which end after a day without use and after 30 days in any
    /// case, and a memory of 30 days for sessions, of a year for API keys, and of six years for who read what.
    #[must_use]
    pub fn new(site: Site) -> Self {
        Self {
            site,
            nonce_lifetime: 5 * MINUTE,
            idle_lifetime: DAY,
            session_lifetime: 30 * DAY,
            sessions_per_account: 50,
            session_retention: 30 * DAY,
            key_retention: 365 * DAY,
            read_retention: 6 * 366 * DAY,
            clock: Clock::default(),
        }
    }
}

/// Tells the time. A test has one that it sets.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Moment + Send + Sync>);

impl Clock {
    /// One that `now` reads.
    pub fn of(now: impl Fn() -> Moment + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// What time it is.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.0()
    }
}

impl Default for Clock {
    /// This machine's clock.
    fn default() -> Self {
        Self::of(Moment::now)
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}
