//! How long things wait in the contracts. It is fixed when they are instantiated and part of what
//! their addresses are computed from.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How long things wait; the contracts check the bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Timing {
    /// How long a handover of the administrator, a replacement of the code and whatever moves money
    /// (the treasury, tariffs, fees, penalties) wait after they were put on record, in milliseconds;
    /// at least 1,000 and at most 90 days.
    pub delay_ms: u64,
    /// For how long an owner earns nothing more from the same requester for the same purpose, in
    /// milliseconds; at least 1 and at most 366 days.
    pub reward_period_ms: u64,
    /// How long an emergency access stays open, in milliseconds; at least 1 and at most 7 days.
    pub emergency_window_ms: u64,
    /// How long after its opening an emergency access must be reviewed, in milliseconds; no shorter
    /// than it stays open, and at most 90 days.
    pub review_ms: u64,
    /// How long a key waits to break the glass again after the patient closed a window of it, in
    /// milliseconds; at most 24 hours, and 0 for not at all.
    pub cooldown_ms: u64,
    /// How long a requester has to answer a request for erasure before the answer is overdue, in
    /// milliseconds; at least 1 and at most 92 days.
    pub answer_ms: u64,
    /// How long after its end a compliance period may be reported and surrendered for in time, in
    /// milliseconds; settlement begins then. At least 1 and at most 366 days.
    pub compliance_ms: u64,
}

impl Timing {
    /// For a production network: 2 days in which everyone can object to a new administrator, code or
    /// price, a reward a month from each who asks, emergencies of 4 hours, 72 hours for their review, an
    /// hour before the next one on a patient who closed one, 30 days to answer a request for erasure
    /// (article 12(3) of the GDPR has one month), and 120 days after a compliance period: for a calendar
    /// year that is until the end of April, with three months to verify the emissions.
    pub const PRODUCTION: Self = Self {
        delay_ms: 2 * DAY,
        reward_period_ms: 30 * DAY,
        emergency_window_ms: 4 * HOUR,
        review_ms: 72 * HOUR,
        cooldown_ms: HOUR,
        answer_ms: 30 * DAY,
        compliance_ms: 120 * DAY,
    };
}

const HOUR: u64 = 60 * 60 * 1_000;
const DAY: u64 = 24 * HOUR;

impl Default for Timing {
    fn default() -> Self {
        Self::PRODUCTION
    }
}

/// As the command's flags.
impl fmt::Display for Timing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            delay_ms,
            reward_period_ms,
            emergency_window_ms,
            review_ms,
            cooldown_ms,
            answer_ms,
            compliance_ms,
        } = self;
        write!(
            f,
            "--delay-ms {delay_ms} --reward-period-ms {reward_period_ms} \
             --emergency-window-ms {emergency_window_ms} \
             --review-ms {review_ms} --cooldown-ms {cooldown_ms} --answer-ms {answer_ms} \
             --compliance-ms {compliance_ms}"
        )
    }
}
