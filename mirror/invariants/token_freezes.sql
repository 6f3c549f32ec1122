-- No row of `token_balances` changes between the event that freezes it and the one that ends that, so its
-- position is that of the freeze; or of the last event by which it took an account over, when one of the two
-- was frozen: a freeze goes over, and a key that is frozen stays so.
with frozen as (
    -- It begins with the account.
    select substring(data from 1 for 32) as account, block_number, event_index
    from events where contract_name = 'token' and name = 'AccountFrozen'
), taken as (
    -- It begins with the account and the key.
    select
        substring(data from 1 for 32) as account,
        substring(data from 33 for 32) as key,
        block_number,
        event_index
    from events where contract_name = 'token' and name = 'TakenOver'
)
select concat('the frozen balance of ', encode(b.account, 'hex'), ' is of ', b.block_number, '-',
    b.event_index)
from token_balances b
where b.frozen and not exists (
    select from frozen f
    where f.block_number = b.block_number and f.event_index = b.event_index and f.account = b.account
) and not exists (
    select from taken t join frozen f
        on f.account = b.account or f.account in (
            select o.account from taken o
            where o.key = b.account
                and (o.block_number, o.event_index) <= (t.block_number, t.event_index)
        )
    where t.block_number = b.block_number and t.event_index = b.event_index and t.key = b.account
        and (f.block_number, f.event_index) < (t.block_number, t.event_index)
)
