-- No row of `token_balances` changes between the event that freezes it and the one that ends that, so its
-- position is that of the freeze; or of the last event by which it took an account over, when one of the two
-- was frozen: a freeze goes over, and a key that is frozen stays so.
with recursive frozen as (
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
), went_over (account, to_account, block_number, event_index) as (
    -- What was taken over to an account that is frozen since then, step by step.
    select t.key, t.key, t.block_number, t.event_index
    from token_balances b join taken t
        on t.key = b.account and t.block_number = b.block_number and t.event_index = b.event_index
    where b.frozen
    union
    select t.account, w.to_account, w.block_number, w.event_index
    from went_over w join taken t on t.key = w.account
        and (t.block_number, t.event_index) <= (w.block_number, w.event_index)
)
select concat('the frozen balance of ', encode(b.account, 'hex'), ' is of ', b.block_number, '-',
    b.event_index)
from token_balances b
where b.frozen and not exists (
    select from frozen f
    where f.block_number = b.block_number and f.event_index = b.event_index and f.account = b.account
) and not exists (
    select from went_over w join frozen f on f.account = w.account
        and (f.block_number, f.event_index) < (w.block_number, w.event_index)
    where w.to_account = b.account
)
