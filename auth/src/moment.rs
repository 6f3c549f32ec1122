//! Points in time: milliseconds since 1970, as on chain; RFC 3339 in the text that a wallet signs.

use std::{
    fmt,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde::Serialize;
use time::{OffsetDateTime, format_description::BorrowedFormatItem, macros::format_description};
use utoipa::ToSchema;

/// What `Date.prototype.toISOString` of JavaScript writes.
const FORMAT: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
/// The end of the year 9999: the last moment that the format writes.
const LAST_MS: i64 = 253_402_300_799_999;

/// A point in time: ms since 1970 in JSON and in Postgres. Written as RFC 3339 in UTC with milliseconds,
/// `2026-11-28T12:00:00.000Z`.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, ToSchema, sqlx::Type,
)]
#[serde(transparent)]
#[sqlx(transparent)]
#[schema(value_type = i64, example = 1795867200000_i64)]
pub struct Moment(i64);

/// A number that is no [`Moment`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is no time in ms since 1970, up to the year 9999")]
pub struct NoMoment;

impl Moment {
    /// From ms since 1970.
    ///
    /// # Errors
    /// [`NoMoment`] before 1970 and after the year 9999.
    pub fn from_ms(ms: i64) -> Result<Self, NoMoment> {
        if (0..=LAST_MS).contains(&ms) { Ok(Self(ms)) } else { Err(NoMoment) }
    }

    /// Now, by this machine's clock.
    #[must_use]
    pub fn now() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self(0).after(since)
    }

    /// ms since 1970.
    #[must_use]
    pub fn ms(self) -> i64 {
        self.0
    }

    /// So much later; the last moment of all if there is no such one.
    #[must_use]
    pub fn after(self, time: Duration) -> Self {
        let ms = i64::try_from(time.as_millis()).unwrap_or(LAST_MS);
        Self(self.0.saturating_add(ms).min(LAST_MS))
    }

    /// So much earlier; 1970 if there is no such one.
    #[must_use]
    pub fn before(self, time: Duration) -> Self {
        let ms = i64::try_from(time.as_millis()).unwrap_or(LAST_MS);
        Self(self.0.saturating_sub(ms).max(0))
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000_000)
            .map_err(|_| fmt::Error)?;
        f.write_str(&time.format(FORMAT).map_err(|_| fmt::Error)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_in_utc_with_milliseconds_and_stays_within_its_bounds() {
        let moment = Moment::from_ms(1_795_867_200_007).unwrap();
        assert_eq!(moment.to_string(), "2026-11-28T12:00:00.007Z");
        assert_eq!(Moment::default().to_string(), "1970-01-01T00:00:00.000Z");
        assert_eq!(Moment(LAST_MS).to_string(), "9999-12-31T23:59:59.999Z");
        assert_eq!(Moment(LAST_MS).after(Duration::from_secs(1)), Moment(LAST_MS));
        assert_eq!(Moment(5).after(Duration::MAX), Moment(LAST_MS));
        assert_eq!(Moment(5).before(Duration::from_secs(1)), Moment(0));
        assert_eq!(Moment::from_ms(-1), Err(NoMoment));
        assert_eq!(Moment::from_ms(LAST_MS + 1), Err(NoMoment));
    }
}
