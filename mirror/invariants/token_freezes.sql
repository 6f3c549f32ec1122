-- No row of `token_balances` changes between the event that freezes it and the one that ends that,
-- so its position is that of the freeze.
select concat('the frozen balance of ', encode(b.account, 'hex'), ' is of ', b.block_number, '-',
    b.event_index)
from token_balances b
where b.frozen and not exists (
    select from events e
    where e.block_number = b.block_number and e.event_index = b.event_index
        and e.contract_name = 'token' and e.name = 'AccountFrozen'
        -- It begins with the account.
        and substring(e.data from 1 for 32) = b.account
)
