-- `blocks` holds every block from the first one with a contract of `contracts` to the watermark, each
-- the parent of the next one: none was left out.
select concat('block ', b.number, ' does not follow the one below it')
from blocks b left join blocks below on below.number = b.number - 1
where below.hash is distinct from b.parent_hash
    and b.number > (select greatest(min(deployment_block), 1) from contracts)
union all
select concat('block ', b.number, ' is before the first contract') from blocks b
where b.number < (select greatest(min(deployment_block), 1) from contracts)
