-- Units that an operator moves or holds are of a row of `carbon_approvals`. That what is left of it
-- is said in an event of its own, before the units move, is left to the writer.
select concat('the escrow of batch ', e.batch, ' with ', encode(e.operator, 'hex'))
from carbon_escrows e
where not exists (
    select from carbon_approvals a
    where a.owner = e.owner and a.operator = e.operator and a.batch = e.batch
)
union all
select concat('the transfer at ', t.block_number, '-', t.event_index, ' by an operator')
from (
    -- `Transferred` is batch, from, to, amount and by.
    select
        (fields ->> 'batch')::numeric as batch, substring(data from 9 for 32) as owner,
        substring(data from 89 for 32) as by, block_number, event_index
    from events where contract_name = 'carbon' and name = 'Transferred'
) as t
where t.by <> t.owner and not exists (
    select from carbon_approvals a
    where a.owner = t.owner and a.operator = t.by and a.batch = t.batch
)
