//! What a period comes to for an emitter: what is missing or left over goes on into the next one, and
//! what is missing costs a penalty, which does not make up for it.

use crate::data::{more, Answer, Data};
use crate::errors::CarbonError;
use crate::types::Settlement;
use assent_events::carbon::{PenaltyImposed, PenaltyPaid, PeriodSettled};
use assent_traits::carbon::UNITS_PER_CREDIT;
use ink::primitives::AccountId;

impl Data {
    /// Settles a period for an account.
    pub fn settle_period(
        &mut self,
        now: u64,
        period: u64,
        account: AccountId,
    ) -> Result<(PeriodSettled, Option<PenaltyImposed>), CarbonError> {
        let known = self.known_period(period)?;
        let mut standing = self.standing(account);
        let due = standing.next.ok_or(CarbonError::NotEmitter)?;
        let mut duty = self.duty(period, account);
        if duty.settlement.is_some() {
            return Err(CarbonError::AlreadySettled);
        }
        if period != due {
            return Err(CarbonError::NotNext);
        }
        if now < known.settle_from {
            return Err(CarbonError::TooEarly);
        }
        let reported_at = duty.reported_at.ok_or(CarbonError::NotReported)?;

        let (brought_deficit, brought_surplus) = (standing.deficit, standing.surplus);
        let emitted = more(duty.verified, brought_deficit);
        let cover = more(duty.surrendered, brought_surplus);
        let deficit = emitted.saturating_sub(cover);
        let surplus = cover.saturating_sub(emitted);
        let in_time = |at: u64| at < known.settle_from;
        let timely = deficit == 0
            && in_time(reported_at)
            // Who had nothing to surrender was in time.
            && duty.surrendered_at.is_none_or(in_time);
        let penalty = penalty_for(deficit, known.tariff);

        standing.next = Some(period.checked_add(1).expect("there are fewer periods than numbers"));
        standing.settled = standing.settled.saturating_add(1);
        standing.compliant = standing.compliant.saturating_add(u32::from(deficit == 0));
        standing.timely = standing.timely.saturating_add(u32::from(timely));
        standing.penalties = standing.penalties.saturating_add(u32::from(deficit > 0));
        standing.deficit = deficit;
        standing.surplus = surplus;
        duty.settlement = Some(Settlement {
            brought_deficit,
            brought_surplus,
            deficit,
            surplus,
            timely,
            penalty,
            paid: false,
        });
        self.standings.insert(account, &standing);
        self.duties.insert((period, account), &duty);
        let settled = PeriodSettled {
            period,
            account,
            verified: duty.verified,
            surrendered: duty.surrendered,
            brought_deficit,
            brought_surplus,
            deficit,
            surplus,
            timely,
            rating: standing.rating(),
        };
        let imposed = PenaltyImposed { period, account, deficit, amount: penalty };
        Ok((settled, (deficit > 0).then_some(imposed)))
    }

    /// Books that `payer` pays a penalty, who is not its collector nor, as `is_his` says, a key of his, now or
    /// before: nothing would move. The shell collects it and reverts all if it cannot.
    pub fn pay_penalty(
        &mut self,
        payer: AccountId,
        now: u64,
        period: u64,
        account: AccountId,
        is_his: impl FnOnce(AccountId) -> Answer,
    ) -> Result<PenaltyPaid, CarbonError> {
        let mut duty = self.duty(period, account);
        let due = duty.settlement.filter(|settlement| settlement.penalty > 0);
        let settlement = due.ok_or(CarbonError::NoPenalty)?;
        if settlement.paid {
            return Err(CarbonError::AlreadyPaid);
        }
        let in_effect = self.penalty().at(now);
        let collector = in_effect.expect("there is no period before one is in effect").collector;
        if is_his(collector).map_err(|_| CarbonError::ParticipantsFailed)? {
            return Err(CarbonError::SelfPayment);
        }
        let mut standing = self.standing(account);
        standing.paid = standing.paid.saturating_add(1);

        duty.settlement = Some(Settlement { paid: true, ..settlement });
        self.duties.insert((period, account), &duty);
        self.standings.insert(account, &standing);
        let rating = standing.rating();
        Ok(PenaltyPaid { period, account, payer, collector, amount: settlement.penalty, rating })
    }
}

/// What `deficit` units cost at `tariff` base units per credit, rounded up; the multiplication stops
/// at the greatest amount there is.
fn penalty_for(deficit: u128, tariff: u128) -> u128 {
    deficit.saturating_mul(tariff).div_ceil(UNITS_PER_CREDIT)
}
