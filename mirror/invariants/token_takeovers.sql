-- `token_balances.moved_to` is the key that took the account over last, as an event says, and not null once
-- one did. Such a key was then the one that acted for the participant whose account or key the other was. No
-- transfer is from or to an account that was taken over before.
with taken as (
    -- `TakenOver` is account and key.
    select
        substring(data from 1 for 32) as account,
        substring(data from 33 for 32) as key,
        block_number,
        event_index
    from events where contract_name = 'token' and name = 'TakenOver'
), replaced as (
    -- `KeyReplaced` is subject, the key before and the key.
    select
        substring(data from 1 for 32) as subject,
        substring(data from 65 for 32) as key,
        block_number,
        event_index
    from events where contract_name = 'participants' and name = 'KeyReplaced'
), moved as (
    -- `Transfer` is from and to, each after a byte that says whether it is there.
    select
        case when get_byte(data, 0) = 1 then substring(data from 2 for 32) end as payer,
        case when get_byte(data, case get_byte(data, 0) when 1 then 33 else 1 end) = 1
            then substring(data from case get_byte(data, 0) when 1 then 35 else 3 end for 32)
            end as payee,
        block_number,
        event_index
    from events where contract_name = 'token' and name = 'Transfer'
)
select concat('the balance of ', encode(coalesce(b.account, t.account), 'hex'), ' moved to ',
    encode(b.moved_to, 'hex'))
from (select * from token_balances where moved_to is not null) as b full join (
    select distinct on (account) * from taken order by account, block_number desc, event_index desc
) as t on t.account = b.account
where b.moved_to is distinct from t.key
union all
select concat('the key ', encode(t.key, 'hex'), ' took over ', encode(t.account, 'hex'),
    ', whose key it was not')
from (
    select distinct on (t.block_number, t.event_index) t.account, t.key, r.key as acted
    from taken t
        left join replaced o on o.key = t.account
        left join replaced r on r.subject = coalesce(o.subject, t.account)
            and (r.block_number, r.event_index) < (t.block_number, t.event_index)
    order by t.block_number, t.event_index, r.block_number desc nulls last, r.event_index desc
) as t
where t.key is distinct from t.acted
union all
select concat('the transfer at ', m.block_number, '-', m.event_index, ' is of an account that was taken over')
from moved m
    cross join lateral (values (m.payer), (m.payee)) as party (account)
    join taken t on t.account = party.account
        and (t.block_number, t.event_index) < (m.block_number, m.event_index)
