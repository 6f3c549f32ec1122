-- `rewards.accrued` is the sum of `reward_accruals.amount` over the owner's rows with `funded`,
-- `.refunded` the sum of the account's `reward_refunds`, `.withdrawn` that of its
-- `reward_withdrawals`. `reward_totals.accrued`, `.refunded`, `.owed` and `.withdrawn` are the sums
-- over `rewards`; `.funded` and `.refunded` those over `reward_contributions`, whose `refunded` is
-- the sum of the funder's `reward_refunds`.
with booked as (
    select owner as account, amount as accrued, 0 as refunded, 0 as withdrawn
    from reward_accruals where funded
    union all select funder, 0, amount, 0 from reward_refunds
    union all select owner, 0, 0, amount from reward_withdrawals
), summed as (
    select account, sum(accrued) as accrued, sum(refunded) as refunded, sum(withdrawn) as withdrawn
    from booked group by account
)
select concat('the rewards of ', encode(coalesce(r.account, s.account), 'hex'))
from rewards r full join summed s on s.account = r.account
where (r.accrued, r.refunded, r.withdrawn) is distinct from (s.accrued, s.refunded, s.withdrawn)
union all
select concat('the contribution of ', encode(c.funder, 'hex')) from reward_contributions c
where c.refunded <> (
    select coalesce(sum(r.amount), 0) from reward_refunds r where r.funder = c.funder
)
union all
select 'the totals are not the sums over accounts' from reward_totals t
where (t.accrued, t.refunded, t.owed, t.withdrawn) <> (
    select
        coalesce(sum(accrued), 0), coalesce(sum(refunded), 0), coalesce(sum(owed), 0),
        coalesce(sum(withdrawn), 0)
    from rewards
) or (t.funded, t.refunded) <> (
    select coalesce(sum(funded), 0), coalesce(sum(refunded), 0) from reward_contributions
)
