-- `participants`: an account is there once it is registered. Its roles are those given last and
-- none once it left; it is suspended when the last word on that was a suspension, which keeps the
-- roles, and is not lifted by new ones. That it is approved only when it holds no role, and that
-- nobody leaves while suspended, is left to the writer.
with said as (
    -- Each of these events begins with the account; roles are a u16 after it.
    select
        substring(data from 1 for 32) as account,
        name,
        case
            when name in ('Approved', 'RolesSet') then get_byte(data, 32) + 256 * get_byte(data, 33)
            when name = 'Left' then 0
        end as roles,
        block_number,
        event_index
    from events
    where contract_name = 'participants' and name in (
        'Registered', 'ProfileUpdated', 'Approved', 'RolesSet', 'Suspended', 'Reinstated', 'Left'
    )
), summed as (
    select
        account,
        coalesce((array_agg(roles order by block_number desc, event_index desc)
            filter (where roles is not null))[1], 0) as roles,
        coalesce((array_agg(name order by block_number desc, event_index desc)
            filter (where name in ('Suspended', 'Reinstated')))[1] = 'Suspended', false)
            as suspended
    from said
    group by account
)
select concat('participant ', encode(coalesce(p.account, s.account), 'hex'))
from participants p full join summed s on s.account = p.account
where p.account is null or s.account is null
    or p.roles <> s.roles or (p.status = 'suspended') <> s.suspended
