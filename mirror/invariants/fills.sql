-- The `fee` of `market_fills` is `payment` times the order's `fee_bps` of that moment over 10,000,
-- rounded down.
select concat('the fill at ', f.block_number, '-', f.event_index, ' has the fee ', f.fee)
from market_fills f
where f.fee is distinct from div(f.payment * (
    select (e.fields ->> 'fee_bps')::numeric from events e
    where e.contract_name = 'market' and e.name in ('OrderPlaced', 'OrderUpdated')
        and (e.fields ->> 'order')::numeric = f.order_id
        and (e.block_number, e.event_index) < (f.block_number, f.event_index)
    order by e.block_number desc, e.event_index desc limit 1
), 10000)
