-- No tradable unit comes to or leaves an account while `carbon_accounts.frozen`, and it moves none
-- for others. Excepted are surrenders, which meet a duty, and releases.
select concat('units of ', encode(f.account, 'hex'), ' moved at ', e.block_number, '-',
    e.event_index, ' while it was frozen')
from carbon_accounts f join events e
    on (e.block_number, e.event_index) > (f.block_number, f.event_index)
where f.frozen and e.contract_name = 'carbon' and (
    -- After the batch stand the account that it is about, the other one, the amount, and by whom.
    (e.name in ('Issued', 'Transferred', 'Escrowed', 'Delivered', 'Retired', 'Cancelled')
        and substring(e.data from 9 for 32) = f.account)
    or (e.name in ('Transferred', 'Escrowed', 'Delivered')
        and substring(e.data from 41 for 32) = f.account)
    or (e.name in ('Transferred', 'Delivered') and substring(e.data from 89 for 32) = f.account)
)
