-- Who handled an order is of the staff of its party whom `StaffActed` names right after it, or else the party
-- itself: so are `placed_by` and `changed_by` of `market_orders` and `filled_by` of `market_fills`.
-- `StaffActed` stands after no other event, and names the party and the order of the event before it.
with said as (
    select
        name,
        (fields ->> 'order')::numeric as order_id,
        -- Order (u64) and seller; of a fill the buyer follows, and of `StaffActed` who acted is after the party.
        case name
            when 'OrderFilled' then substring(data from 41 for 32)
            when 'StaffActed' then substring(data from 1 for 32)
            else substring(data from 9 for 32)
        end as party,
        case when lead(name) over block = 'StaffActed'
            then substring(lead(data) over block from 33 for 32) end as staff,
        lag(name) over block as name_before,
        lag(fields ->> 'order') over block as order_before,
        lag(data) over block as data_before,
        block_number,
        event_index
    from events where contract_name = 'market'
    window block as (partition by block_number order by event_index)
)
select concat('order ', o.order_id, ' was placed by ', encode(o.placed_by, 'hex'))
from market_orders o left join said s on s.name = 'OrderPlaced' and s.order_id = o.order_id
where o.placed_by is distinct from coalesce(s.staff, s.party)
union all
select concat('order ', o.order_id, ' was changed by ', encode(o.changed_by, 'hex'))
from market_orders o left join (
    select distinct on (order_id) * from said
    where name in ('OrderUpdated', 'OrderCancelled')
    order by order_id, block_number desc, event_index desc
) as s on s.order_id = o.order_id
where o.changed_by is distinct from coalesce(s.staff, s.party)
union all
select concat('the fill at ', f.block_number, '-', f.event_index, ' is by ', encode(f.filled_by, 'hex'))
from market_fills f left join said s
    on s.block_number = f.block_number and s.event_index = f.event_index
where f.filled_by is distinct from coalesce(s.staff, s.party)
union all
select concat('the event at ', block_number, '-', event_index, ' tells who did nothing')
from said
where name = 'StaffActed' and (
    coalesce(name_before, '') not in ('OrderPlaced', 'OrderUpdated', 'OrderCancelled', 'OrderFilled')
    or order_before::numeric is distinct from order_id
    or party is distinct from substring(
        data_before from case name_before when 'OrderFilled' then 41 else 9 end for 32
    )
)
