-- `market_orders`: `order_id` counts from 1 without gaps. `filled` is the sum of
-- `market_fills.amount`, and the last `remaining` is `amount` unless the order was changed since.
-- `fee_bps` is the fee that held when it was placed or changed last. No event changes an order once it
-- is closed.
select concat('there are ', count(*), ' orders up to ', max(order_id)) from market_orders
having count(*) <> coalesce(max(order_id), 0)
union all
select concat('order ', o.order_id, ' is filled by ', o.filled) from market_orders o
where o.filled <> (
    select coalesce(sum(f.amount), 0) from market_fills f where f.order_id = o.order_id)
union all
select concat('order ', o.order_id, ' offers ', o.amount)
from market_orders o join market_fills f on f.order_id = o.order_id
    and f.block_number = o.block_number and f.event_index = o.event_index
where o.amount <> f.remaining
union all
select concat('order ', o.order_id, ' has the fee ', o.fee_bps)
from market_orders o
where o.fee_bps is distinct from (
    -- One that another replaced while it still waited never held.
    select (s.fields ->> 'fee_bps')::numeric
    from events c
        join blocks b on b.number = c.block_number
        join events s on s.contract_name = 'market' and s.name = 'FeeSet'
            and (s.block_number, s.event_index) < (c.block_number, c.event_index)
            and (s.fields ->> 'from')::numeric <= b.time_ms
            and not exists (
                select from events r join blocks t on t.number = r.block_number
                where r.contract_name = 'market' and r.name = 'FeeSet'
                    and (r.block_number, r.event_index) > (s.block_number, s.event_index)
                    and (r.block_number, r.event_index) < (c.block_number, c.event_index)
                    and t.time_ms < (s.fields ->> 'from')::numeric
            )
    where c.contract_name = 'market' and c.name in ('OrderPlaced', 'OrderUpdated')
        and (c.fields ->> 'order')::numeric = o.order_id
    order by c.block_number desc, c.event_index desc, s.block_number desc, s.event_index desc
    limit 1
)
union all
select concat('order ', o.order_id, ' is closed, but event ', e.block_number, '-', e.event_index,
    ' is about it')
from market_orders o join events e on e.contract_name = 'market'
    and (e.fields ->> 'order')::numeric = o.order_id
    and (e.block_number, e.event_index) > (o.block_number, o.event_index)
-- Who closed it is said right after it.
where o.status <> 'open' and e.name <> 'StaffActed'
