-- `owner_epochs`: the epochs of an owner count from 1 without gaps, one for each row of `events` that
-- says so, at its moment. A grant or delegation changes after its `epoch` began and before the next
-- one does; excepted are a link to a record that is forgotten and a delegation that is taken back.
with said as (
    select
        -- `AllRevoked` begins with the owner.
        substring(data from 1 for 32) as owner,
        row_number() over (
            partition by substring(data from 1 for 32) order by block_number, event_index
        ) as epoch,
        (fields ->> 'at')::numeric as began_at_ms,
        block_number,
        event_index
    from events where contract_name = 'consent' and name = 'AllRevoked'
)
select concat('epoch ', coalesce(o.epoch, s.epoch), ' of ', encode(coalesce(o.owner, s.owner), 'hex'))
from owner_epochs o full join said s on s.owner = o.owner and s.epoch = o.epoch
where (o.began_at_ms, o.block_number, o.event_index)
    is distinct from (s.began_at_ms, s.block_number, s.event_index)
union all
select concat('grant ', g.id, ' is of epoch ', g.epoch)
from grants g
    left join owner_epochs began on began.owner = g.owner and began.epoch = g.epoch
    left join owner_epochs over on over.owner = g.owner and over.epoch = g.epoch + 1
where (g.epoch > 0 and (
        (began.block_number, began.event_index) < (g.block_number, g.event_index)
    ) is not true)
    or (not g.link_erased
        and (over.block_number, over.event_index) < (g.block_number, g.event_index))
union all
select concat('the delegation to ', encode(d.delegate, 'hex'), ' is of epoch ', d.epoch)
from delegations d
    left join owner_epochs began on began.owner = d.owner and began.epoch = d.epoch
    left join owner_epochs over on over.owner = d.owner and over.epoch = d.epoch + 1
where (d.epoch > 0 and (
        (began.block_number, began.event_index) < (d.block_number, d.event_index)
    ) is not true)
    or (d.ended is null
        and (over.block_number, over.event_index) < (d.block_number, d.event_index))
