-- `carbon_duties.allocated` is what the account was allocated for the period, and the sum over a
-- period is `issued` of its batch. `.reports` is the highest `version`, from 1 without gaps, of
-- `carbon_emission_reports` and `.verified` its `emissions`; `.surrendered` is the sum of
-- `carbon_surrenders.amount` of the same period and account. None of them changes after the
-- settlement. `carbon_surrenders.batch` is of the same or an earlier period.
with allocated as (
    select (fields ->> 'period')::numeric as period, substring(data from 9 for 32) as account,
        sum((fields ->> 'amount')::numeric) as amount
    from events where contract_name = 'carbon' and name = 'Allocated' group by 1, 2
), settled as (
    select (fields ->> 'period')::numeric as period, substring(data from 9 for 32) as account,
        block_number, event_index
    from events where contract_name = 'carbon' and name = 'PeriodSettled'
)
select concat('the duty of ', encode(d.account, 'hex'), ' in period ', d.period)
from carbon_duties d
where d.allocated <> coalesce(
        (select a.amount from allocated a where a.period = d.period and a.account = d.account), 0)
    or d.reports <> (
        select count(*) from carbon_emission_reports r
        where r.period = d.period and r.account = d.account)
    or d.reports <> coalesce((
        select max(r.version) from carbon_emission_reports r
        where r.period = d.period and r.account = d.account), 0)
    or d.verified <> coalesce((
        select r.emissions from carbon_emission_reports r
        where r.period = d.period and r.account = d.account and r.version = d.reports), 0)
    or d.surrendered <> (
        select coalesce(sum(s.amount), 0) from carbon_surrenders s
        where s.period = d.period and s.account = d.account)
union all
select concat('of period ', p.period, ' more or less is allocated than issued')
from carbon_periods p join carbon_batches b on b.batch = p.batch
where b.issued <> (
    select coalesce(sum(d.allocated), 0) from carbon_duties d where d.period = p.period)
union all
select concat('a report on ', encode(r.account, 'hex'), ' comes after period ', r.period)
from carbon_emission_reports r join settled s on s.period = r.period and s.account = r.account
where (r.block_number, r.event_index) > (s.block_number, s.event_index)
union all
select concat('a surrender of ', encode(r.account, 'hex'), ' comes after period ', r.period)
from carbon_surrenders r join settled s on s.period = r.period and s.account = r.account
where (r.block_number, r.event_index) > (s.block_number, s.event_index)
union all
select concat('batch ', s.batch, ' is surrendered for period ', s.period)
from carbon_surrenders s join carbon_batches b on b.batch = s.batch
where b.period is null or b.period > s.period
