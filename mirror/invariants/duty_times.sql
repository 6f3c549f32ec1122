-- Clock columns of `carbon_duties` are `blocks.time_ms` of the event that set them. Nothing is
-- allocated from `settle_from_ms` on, reported before `end_ms`, or settled before `settle_from_ms`;
-- `timely` is as these times say.
with said as (
    -- Each of these events begins with the period, a u64, and the account.
    select e.name, (e.fields ->> 'period')::numeric as period,
        substring(e.data from 9 for 32) as account, b.time_ms
    from events e join blocks b on b.number = e.block_number
    where e.contract_name = 'carbon'
        and e.name in ('EmissionsReported', 'PeriodSettled', 'PenaltyPaid', 'Allocated')
), timed as (
    select d.*, p.end_ms, p.settle_from_ms,
        (select min(s.time_ms) from said s where s.name = 'EmissionsReported'
            and s.period = d.period and s.account = d.account) as reported,
        (select max(b.time_ms) from carbon_surrenders s join blocks b on b.number = s.block_number
            where s.period = d.period and s.account = d.account) as surrendered_last,
        (select max(s.time_ms) from said s where s.name = 'PeriodSettled'
            and s.period = d.period and s.account = d.account) as settled,
        (select max(s.time_ms) from said s where s.name = 'PenaltyPaid'
            and s.period = d.period and s.account = d.account) as paid
    from carbon_duties d join carbon_periods p on p.period = d.period
)
select concat('the times of ', encode(account, 'hex'), ' in period ', period) from timed
where (reported_at_ms, surrendered_at_ms, settled_at_ms, paid_at_ms)
        is distinct from (reported, surrendered_last, settled, paid)
    or reported_at_ms < end_ms or settled_at_ms < settle_from_ms
    or timely <> (deficit = 0 and reported_at_ms < settle_from_ms
        and coalesce(surrendered_at_ms < settle_from_ms, true))
union all
select concat('of period ', p.period, ' something is allocated at ', s.time_ms)
from said s join carbon_periods p on p.period = s.period
where s.name = 'Allocated' and s.time_ms >= p.settle_from_ms
