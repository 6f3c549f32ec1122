-- `market_orders.amount` over the open orders of a seller and batch is `carbon_escrows.amount` of
-- the same, with the market as the operator, at the end of every block. Within a block one
-- contract's event comes before the other's.
with offered as (
    select seller, batch, sum(amount) as amount from market_orders where status = 'open'
    group by seller, batch
), held as (
    select e.owner, e.batch, e.amount
    from carbon_escrows e join contracts c on c.name = 'market' and c.address = e.operator
)
select concat('the offers of batch ', coalesce(o.batch, h.batch), ' by ',
    encode(coalesce(o.seller, h.owner), 'hex'))
from offered o full join held h on h.owner = o.seller and h.batch = o.batch
where coalesce(o.amount, 0) <> coalesce(h.amount, 0)
