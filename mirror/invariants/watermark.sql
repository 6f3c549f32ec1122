-- The watermark is the highest of `blocks`, with its hash and time. That events, projections and
-- watermark move in one transaction is left to the writer.
select concat('block ', b.number, ' is above the watermark') from blocks b
where not exists (select from watermark w where b.number <= w.block_number)
union all
select concat('the watermark at ', w.block_number, ' is no block, or has another hash or time')
from watermark w left join blocks b on b.number = w.block_number
where b.hash is distinct from w.block_hash or b.time_ms is distinct from w.block_time_ms
