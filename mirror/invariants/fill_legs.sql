-- Both legs of a fill, the carbon contract's `Delivered` and the token's transfer of the
-- `proceeds`, are in the same block.

-- Of one block and two accounts there may be several alike, so they are counted.
with filled as (
    select block_number, batch, seller, buyer, amount, proceeds from market_fills
), delivered as (
    -- `Delivered` is batch, from, to and amount.
    select block_number, (fields ->> 'batch')::numeric as batch,
        substring(data from 9 for 32) as seller, substring(data from 41 for 32) as buyer,
        (fields ->> 'amount')::numeric as amount
    from events where contract_name = 'carbon' and name = 'Delivered'
), paid as (
    -- `Transfer` is from and to, each after a byte that says whether it is there, and the value.
    select block_number, substring(data from 2 for 32) as buyer,
        substring(data from 35 for 32) as seller, (fields ->> 'value')::numeric as proceeds
    from events
    where contract_name = 'token' and name = 'Transfer'
        and fields ->> 'from' is not null and fields ->> 'to' is not null
)
select concat('a fill of batch ', batch, ' in block ', block_number, ' without its delivery')
from (
    select block_number, batch::numeric, seller::bytea, buyer::bytea, amount::numeric from filled
    except all select block_number, batch, seller, buyer, amount from delivered
) as undelivered
union all
select concat('a fill of ', proceeds, ' in block ', block_number, ' without its payment')
from (
    select block_number, buyer::bytea, seller::bytea, proceeds::numeric from filled
    where proceeds > 0
    except all select block_number, buyer, seller, proceeds from paid
) as unpaid
