-- The watermark is the highest block whose events are all in `events`: no block and no row that a
-- block changed is above it, and a stored block at it has its hash and time. That rows and
-- watermark move in one transaction is left to the writer.
select concat('block ', b.number, ' is above the watermark') from blocks b
where not exists (select from watermark w where b.number <= w.block_number)
union all
select concat('the watermark at ', w.block_number, ' has another hash or time than its block')
from watermark w join blocks b on b.number = w.block_number
where b.hash <> w.block_hash or b.time_ms <> w.block_time_ms
