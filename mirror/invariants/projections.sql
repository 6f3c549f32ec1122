-- A projection is at the watermark, or stands still before the block of an event that it cannot make
-- sense of.
select concat('the projection ', p.name, ' is at ', p.block_number)
from projections p, watermark w
where p.stopped_block is null and p.block_number <> w.block_number
union all
select concat('the projection ', p.name, ' stopped at ', p.stopped_block, '-', p.stopped_index)
from projections p
where p.stopped_block is not null and not exists (
    select from events e
    where e.block_number = p.stopped_block and e.event_index = p.stopped_index
)
