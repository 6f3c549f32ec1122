-- `blocks` holds exactly those blocks up to the watermark that have an event of a contract in
-- `contracts`; two that follow one another are parent and child. That no block between two stored
-- ones was left out is left to the writer.
select concat('block ', b.number, ' has no event') from blocks b
where not exists (select from events e where e.block_number = b.number)
union all
select concat('block ', b.number, ' is not the parent of the one above it')
from blocks b join blocks child on child.number = b.number + 1
where child.parent_hash <> b.hash
union all
select concat('the watermark at ', w.block_number, ' has the hash of block ', b.number)
from watermark w join blocks b on b.hash = w.block_hash
where b.number <> w.block_number
