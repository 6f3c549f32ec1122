-- `carbon_periods` follow one another: each begins at the end of the one before it or later. Its
-- batch is of class 1, has `cap` serial numbers and the period as its vintage. `tariff` is
-- `carbon_penalty.tariff` of that moment.
select concat('period ', period, ' begins before the one before it ends')
from (
    select period, start_ms, lag(end_ms) over (order by period) as before from carbon_periods
) as p
where start_ms < before
union all
select concat('period ', p.period, ' has batch ', p.batch)
from carbon_periods p join carbon_batches b on b.batch = p.batch
where b.class <> 1 or b.serial_end - b.serial_start + 1 <> p.cap
    or b.vintage_start_ms <> p.start_ms or b.vintage_end_ms <> p.end_ms
    or b.period is distinct from p.period
union all
select concat('period ', p.period, ' has the tariff ', p.tariff) from carbon_periods p
where p.tariff is distinct from (
    select (e.fields ->> 'tariff')::numeric from events e
    where e.contract_name = 'carbon' and e.name = 'PenaltySet'
        and (e.block_number, e.event_index) < (p.block_number, p.event_index)
    order by e.block_number desc, e.event_index desc limit 1
)
