-- `events.block_number` is a block of `blocks`, `events.contract_name` is the `contracts.name` of
-- `events.contract`, and nothing is of a block before its contract's deployment. That name and fields
-- are what the contract's metadata makes of `topics` and `data` is left to the writer.
select concat('event ', e.block_number, '-', e.event_index, ' is of no block')
from events e
where not exists (select from blocks b where b.number = e.block_number)
union all
select concat('event ', e.block_number, '-', e.event_index, ' is said to be of ', e.contract_name)
from events e left join contracts c on c.address = e.contract
where e.contract_name is distinct from c.name
union all
select concat('event ', e.block_number, '-', e.event_index, ' comes before ', c.name, ' is there')
from events e join contracts c on c.address = e.contract
where e.block_number < c.deployment_block
