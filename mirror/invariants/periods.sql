-- `carbon_periods` follow one another: each begins at the end of the one before it or later. Its
-- batch is of class 1, has `cap` serial numbers and the period as its vintage. `tariff` is
-- the tariff of the penalty that held at that moment.
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
    -- One that another replaced while it still waited never held.
    select (e.fields ->> 'tariff')::numeric from events e, blocks b
    where e.contract_name = 'carbon' and e.name = 'PenaltySet' and b.number = p.block_number
        and (e.block_number, e.event_index) < (p.block_number, p.event_index)
        and (e.fields ->> 'from')::numeric <= b.time_ms
        and not exists (
            select from events r join blocks t on t.number = r.block_number
            where r.contract_name = 'carbon' and r.name = 'PenaltySet'
                and (r.block_number, r.event_index) > (e.block_number, e.event_index)
                and (r.block_number, r.event_index) < (p.block_number, p.event_index)
                and t.time_ms < (e.fields ->> 'from')::numeric
        )
    order by e.block_number desc, e.event_index desc limit 1
)
