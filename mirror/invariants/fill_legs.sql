-- Both legs of a fill, the carbon contract's `Delivered` and the token's transfer of the `proceeds`, are in
-- the same block; the transfer is from the buyer's account or a key of his, and to the seller's or one of
-- its.

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
    select t.block_number, coalesce(b.subject::bytea, substring(t.data from 2 for 32)) as buyer,
        coalesce(s.subject::bytea, substring(t.data from 35 for 32)) as seller,
        (t.fields ->> 'value')::numeric as proceeds
    from events t
        left join participant_keys b on b.key = substring(t.data from 2 for 32)
        left join participant_keys s on s.key = substring(t.data from 35 for 32)
    where t.contract_name = 'token' and t.name = 'Transfer'
        and t.fields ->> 'from' is not null and t.fields ->> 'to' is not null
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
